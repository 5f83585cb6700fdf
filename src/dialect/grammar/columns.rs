//! A line of the grammar table cut into its columns, and a column into its facts.
//!
//! Does not know what they mean.

/// The columns; a `|` with a blank on both sides separates them, so that choices may be written `a|b`.
pub(super) fn split_columns(line: &str) -> Vec<&str> {
    let mut columns = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find(" |") {
        columns.push(rest.get(..at).unwrap_or_default().trim());
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    columns.push(rest.trim());
    columns
}

/// The facts, separated by blanks outside quotation marks.
pub(super) fn split_facts(text: &str) -> Vec<String> {
    let mut facts = Vec::new();
    let mut fact = String::new();
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            ' ' if !quoted => {
                if !fact.is_empty() {
                    facts.push(std::mem::take(&mut fact));
                }
            }
            other => fact.push(other),
        }
    }
    if !fact.is_empty() {
        facts.push(fact);
    }
    facts
}

/// A text of the table with each `{ARG}` replaced by what `arg` says of it; nothing where it says nothing.
pub(super) fn filled<S: AsRef<str>>(template: &str, arg: impl Fn(&str) -> Option<S>) -> String {
    let mut filled = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
        filled.push_str(before);
        filled.push_str(arg(name).as_ref().map_or("", S::as_ref));
        rest = after;
    }
    filled.push_str(rest);
    filled
}
