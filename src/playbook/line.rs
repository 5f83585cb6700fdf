//! Judges one rendered line: whether it can be typed, and whether it holds a secret that no one keeps.

use crate::dialect::Dialect;
use crate::dialect::grammar::{GLOBAL, words};
use crate::inventory::Diagnostic;
use crate::ix::mask::{is_plain_secret, secret_owner};
use crate::ix::{Config, line};
use std::sync::Arc;

use super::finding::TemplateFinding;

/// Everything that is wrong with a line. None of the findings quotes a line that may hold a secret.
pub(super) fn faults(text: &str, longest: usize) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let checked = line::check(text, longest).and_then(|()| line::check_host_name(Dialect::any(), text));
    if let Err(error) = checked {
        found.push(Diagnostic::error(&error));
    } else if let Some(bad) = text.chars().find(|c| !c.is_ascii()) {
        // Beyond what the router itself would trip over: only ASCII is known to be shown unchanged.
        found.push(Diagnostic::error(&TemplateFinding::NotAscii { bad }));
    }
    found.extend(plain_secret(text));
    found
}

/// The lines of a rendering, counted from 1, that the router would carry out at once instead of keeping them. `exit` and
/// `configure` by themselves only say where a block ends: they are read, and never typed.
pub(super) fn operational(dialect: &Arc<Dialect>, rendered: &str) -> Vec<(usize, Diagnostic)> {
    let grammar = dialect.grammar();
    let mut found = Vec::new();
    if rendered.lines().all(|line| grammar.operational(Some(GLOBAL), &words(line)).is_none()) {
        return found;
    }
    Config::parse(dialect, rendered).walk(&mut |path, node| {
        let mode = path.last().map_or(GLOBAL, |header| header.context());
        if let Err(error) = line::check_command(grammar, Some(mode), &node.text)
            && let Ok(number) = usize::try_from(node.line)
        {
            found.push((number, Diagnostic::error(&error)));
        }
    });
    found
}

/// A secret in the line itself instead of a placeholder: an error where the grammar knows the secret, a warning where an
/// unknown line only looks like one.
fn plain_secret(text: &str) -> Option<Diagnostic> {
    let line = text.trim();
    if !is_plain_secret(line) {
        return None;
    }
    let owner = secret_owner(line).map(|owner| owner.to_string());
    let is_known = owner.is_some();
    let finding = TemplateFinding::PlainSecret { owner };
    Some(if is_known { Diagnostic::error(&finding) } else { Diagnostic::warning(&finding) }.sealed())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::faults;
    use crate::dialect::Dialect;
    use crate::dialect::prompt::{Mode, Prompt, Right};

    proptest! {
        /// A router is found again under every name that passes.
        #[test]
        fn every_accepted_host_name_is_read_in_every_prompt(
            name in prop_oneof!["[ -~]{1,100}", "[A-Za-z0-9._-]{1,100}", "[a-z]{1,4}[ -~][a-z0-9]{1,4}"],
            abbreviated in 2..=8_usize,
        ) {
            let line = format!("{} {name}", "hostname".get(..abbreviated).unwrap_or_default());
            let host = name.split_ascii_whitespace().next().unwrap_or_default();
            if name.split_ascii_whitespace().count() == 1 && faults(&line, 255).is_empty() {
                for mode in [Mode::Operation, Mode::Global, Mode::Sub(format!("config-dhcp-{}", "p".repeat(31)))] {
                    for right in [Right::Administrator, Right::Monitor] {
                        let prompt = Prompt { host: host.to_owned(), mode: mode.clone(), right };
                        let form = Dialect::any().prompts();
                        prop_assert_eq!(form.read(&form.write(&prompt)), Some(prompt));
                    }
                }
            }
        }
    }

    #[test]
    fn a_plain_host_name_passes() {
        for (name, sound) in [("sato-r1", true), ("Router", true), ("sato/r1", false), ("r1#", false)] {
            assert_eq!(faults(&format!("hostname {name}"), 255).is_empty(), sound, "{name}");
        }
    }
}
