//! Every code that this program can say: the rooms' own lists, in the order of the rooms. `docs/errors.md` and `explain` are made from it.

use std::collections::BTreeMap;

use crate::message::CodeEntry;

/// The rooms' lists; a line for each room that has errors.
const ROOMS: &[&[&[CodeEntry]]] = &[
    crate::file::CODES,
    crate::secret::CODES,
    crate::ix::CODES,
    crate::plan::CODES,
    crate::facts::CODES,
    crate::window::CODES,
    crate::inventory::CODES,
    crate::playbook::CODES,
    crate::transport::CODES,
    crate::session::CODES,
    crate::state::CODES,
    crate::laptop::CODES,
    crate::journal::CODES,
    crate::control::CODES,
    crate::connect::CODES,
    crate::transaction::CODES,
    crate::fleet::CODES,
    crate::run::CODES,
    super::CODES,
];

/// The notes of a plan: no errors, and named in the same way.
const NOTES: &[&[CodeEntry]] = &[crate::plan::NOTES, crate::transaction::NOTES];

/// The findings of `lint`: names without an area.
const FINDINGS: &[&[CodeEntry]] = &[crate::ix::lint::CODES];

/// Codes, each with what is said under it: one entry for each form.
pub type Codes = BTreeMap<&'static str, Vec<&'static CodeEntry>>;

/// Every code of an error.
pub fn errors() -> Codes {
    by_code(ROOMS.iter().copied().flatten().copied().flatten())
}

/// Every name of a note of a plan.
pub fn notes() -> Codes {
    by_code(NOTES.iter().copied().flatten())
}

/// Every name of a finding of `lint`; `docs/lint.md` says more of each.
pub fn findings() -> Codes {
    by_code(FINDINGS.iter().copied().flatten())
}

fn by_code(entries: impl Iterator<Item = &'static CodeEntry>) -> Codes {
    let mut codes = Codes::new();
    for entry in entries {
        let forms = codes.entry(entry.code).or_default();
        if !forms.contains(&entry) {
            forms.push(entry);
        }
    }
    codes
}

/// A form of a text as a person reads it, on one line: what is filled in is a name between braces, and how it is filled in is left out.
pub fn readable(form: &str) -> String {
    let mut out = String::with_capacity(form.len());
    let mut rest = form;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            out.push_str(from.get(..1).unwrap_or_default());
            rest = after;
            continue;
        }
        let Some((inner, after)) = from.strip_prefix('{').and_then(|from| from.split_once('}')) else {
            rest = from.get(1..).unwrap_or_default();
            continue;
        };
        let name = match inner.split(':').next().unwrap_or_default() {
            // Braces that are part of what a person writes: `NAME: { env: VARIABLE }`.
            name if name.starts_with(' ') => inner,
            name if name.starts_with(|first: char| first.is_ascii_digit()) => "...",
            name => name,
        };
        out.push_str(&format!("{{{name}}}"));
        rest = after;
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{errors, notes, readable};

    #[test]
    fn a_form_is_one_line_with_the_names_of_what_is_filled_in() {
        assert_eq!(readable("{router}: line {number:>3} of\n  {0}"), "{router}: line {number} of {...}");
        assert_eq!(
            readable("`{key}: {{ x }}` as NAME: { env: VARIABLE }"),
            "`{key}: { x }` as NAME: { env: VARIABLE }"
        );
        assert_eq!(readable("write `lifeline: {{ interface: ... }}`"), "write `lifeline: { interface: ... }`");
    }

    #[test]
    fn a_code_is_an_area_and_a_matter_in_small_letters() {
        let part = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        };
        let (errors, notes) = (errors(), notes());
        assert!(notes.keys().all(|note| !errors.contains_key(note)), "a name is an error's or a note's");
        for code in errors.keys().chain(notes.keys()) {
            assert!(code.split_once('.').is_some_and(|(area, matter)| part(area) && part(matter)), "{code}");
        }
    }
}
