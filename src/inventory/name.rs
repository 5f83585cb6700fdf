//! Names of routers, sites, groups and roles: words that are safe in a `--limit`, a file name and a message.

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
        let mut wrong = field
            .error(
                "name.invalid",
                format!("`{name}` is not a name: 1 to 64 of A-Z a-z 0-9 . _ -, not starting with `.` or `-`"),
                format!("`{name}` は名前に使えません。A-Z a-z 0-9 . _ - で 1～64 文字、先頭は `.` と `-` 以外です"),
            )
            .hint("write the name for people under `title:`", "日本語などの表示名は `title:` に書いてください");
        wrong.place = Some(field.key_place());
        field.report(wrong);
    }
    good
}

/// Reads a name that refers to something declared elsewhere.
pub(crate) fn read(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    if is_name(&text) {
        return Some(text);
    }
    let wrong = field.error(
        "name.invalid",
        format!("`{text}` is not a name: 1 to 64 of A-Z a-z 0-9 . _ -"),
        format!("`{text}` は名前に使えません。A-Z a-z 0-9 . _ - で 1～64 文字です"),
    );
    field.report(wrong.hints(full_width(&text)));
    None
}
