//! Names of routers, sites, groups and roles: words that are safe in a `--limit`, a file name and a message.

use super::finding::ValueFinding;
use super::yaml::{Field, full_width};

/// Whether a text can be a name: 1 to 64 of `A-Z a-z 0-9 . _ -`, not starting with `.` or `-`.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && !text.starts_with(['.', '-'])
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// Checks the name that is the key of this field.
pub(crate) fn check_key(field: &Field<'_>, name: &str) -> bool {
    let good = is_name(name);
    if !good {
        field.report(field.key_error(&ValueFinding::KeyIsNoName { name: name.to_owned() }));
    }
    good
}

/// Reads a name that refers to something declared elsewhere.
pub(crate) fn read(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    if is_name(&text) {
        return Some(text);
    }
    let full_width = full_width(&text);
    field.refuse(&ValueFinding::NoName { name: text, full_width });
    None
}
