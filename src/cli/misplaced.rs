//! An option of a command that was typed in front of the command (`ixdeploy -i clinics.yaml check`): where it belongs.

use std::ffi::OsString;

use super::command_line;
use crate::message::Text;
use crate::visible;

/// An option in front of its command.
pub struct Misplaced {
    /// How the command is called, `ixdeploy check`.
    pub command: String,
    /// Where the option belongs, with the line to type.
    pub hint: Text,
}

/// What an option that is none where it stands means to the command that was typed behind it.
pub fn misplaced(option: &str, typed: &[OsString]) -> Option<Misplaced> {
    let words: Vec<&str> = typed.iter().skip(1).map(|word| word.to_str()).collect::<Option<_>>()?;
    let at = words.iter().position(|word| word.starts_with(option))?;
    if words.iter().take(at).any(|word| command_line::find(word).is_some()) {
        return None;
    }
    let name_at = (at + 1..words.len()).find(|at| words.get(*at).is_some_and(|word| has(word, option)))?;
    let name = *words.get(name_at)?;
    let others = words.iter().enumerate().filter(|(place, _)| *place != name_at).map(|(_, word)| shown(word));
    let line = ["ixdeploy".to_owned(), name.to_owned()].into_iter().chain(others).collect::<Vec<_>>().join(" ");
    let hint = Text::new(
        format!("`{option}` belongs to `{name}`, and comes after it: `{line}`"),
        format!("`{option}` は `{name}` のオプションです。コマンドの後に指定してください: `{line}`"),
    );
    Some(Misplaced { command: format!("ixdeploy {name}"), hint })
}

/// Whether a word is a command that has this option.
fn has(word: &str, option: &str) -> bool {
    let Some(entry) = command_line::find(word) else { return false };
    let is_short = |short: char| option.strip_prefix('-').is_some_and(|letters| letters.chars().eq([short]));
    let is_long = |long: &str| option.strip_prefix("--") == Some(long);
    let command = entry.command();
    command.get_arguments().any(|arg| arg.get_short().is_some_and(is_short) || arg.get_long().is_some_and(is_long))
}

/// A word as it is typed.
fn shown(word: &str) -> String {
    let word = visible::line(word);
    if word.contains(char::is_whitespace) { format!("\"{word}\"") } else { word.into_owned() }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::misplaced;
    use crate::message::Lang;

    fn found(option: &str, line: &str) -> Option<String> {
        let typed: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        misplaced(option, &typed).map(|found| found.hint.get(Lang::En).to_owned())
    }

    #[test]
    fn an_option_in_front_of_its_command_is_shown_behind_it() {
        assert_eq!(
            found("-i", "ixdeploy -i x check").as_deref(),
            Some("`-i` belongs to `check`, and comes after it: `ixdeploy check -i x`")
        );
        assert_eq!(
            found("--limit", "ixdeploy --limit=r1 -q plan book.yaml -i x").as_deref(),
            Some("`--limit` belongs to `plan`, and comes after it: `ixdeploy plan --limit=r1 -q book.yaml -i x`")
        );
    }

    #[test]
    fn an_option_that_the_command_does_not_have_belongs_nowhere() {
        assert_eq!(found("--nonsense", "ixdeploy --nonsense check"), None);
        assert_eq!(found("-i", "ixdeploy -i check.yaml"), None);
        assert_eq!(found("-i", "ixdeploy ports -i x"), None);
    }
}
