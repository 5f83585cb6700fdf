//! Texts of a site for people: visible, of a bounded length, and kept as they were written.

use super::finding::SiteFinding;
use super::yaml::{Content, Field, full_width};
use crate::visible;

/// Characters of a name or a few words.
pub(super) const WORDS: usize = 100;
/// Characters of a sentence or an address.
pub(super) const SENTENCE: usize = 300;

/// Text of at most this many characters, all of which can be seen.
pub(super) fn visible(field: &Field<'_>, most: usize) -> Option<String> {
    let text = field.text()?;
    if text.trim().is_empty() || text.chars().count() > most {
        field.refuse(&SiteFinding::Length { most });
        return None;
    }
    if text.chars().any(visible::is_unseen) {
        field.refuse(&SiteFinding::Unseen);
        return None;
    }
    Some(text)
}

/// Digits that are a name and no number. Without quotes the next reader of the file takes them for a number, and a zero in front is lost.
pub(super) fn digits(field: &Field<'_>) -> Option<String> {
    if let Content::Scalar { text, plain: true } = field.content()
        && is_number(text)
    {
        field.refuse(&SiteFinding::Number { text: text.clone() });
        return None;
    }
    visible(field, WORDS)
}

/// Whether a reader of YAML may take an unquoted text for a number.
fn is_number(text: &str) -> bool {
    let plain = text.replace('_', "");
    let based = ["0x", "0o", "0b"].iter().any(|base| plain.to_ascii_lowercase().starts_with(base));
    plain.bytes().any(|b| b.is_ascii_digit()) && (based || plain.parse::<f64>().is_ok())
}

/// A phone number.
pub(super) fn phone(field: &Field<'_>) -> Option<String> {
    let text = digits(field)?;
    if text.bytes().filter(u8::is_ascii_digit).count() >= 3 {
        return Some(text);
    }
    field.refuse(&SiteFinding::NoPhone { near: full_width(&text) });
    None
}

/// The code of a site in another system: one word.
pub(super) fn code(field: &Field<'_>) -> Option<String> {
    let text = digits(field)?;
    if text.len() <= 32 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._/".contains(&b)) {
        return Some(text);
    }
    field.refuse(&SiteFinding::NoCode { near: full_width(&text), text });
    None
}

#[cfg(test)]
mod tests {
    use super::is_number;

    #[test]
    fn what_a_reader_may_take_for_a_number_is_one() {
        for text in ["0312345678", "1310012", "+81312345678", "1_000", "0x1f", "1e5", "3.5", "-1"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["03-1234-5678", "(03)1234", "A-1", "nan", "inf", "13-1", ""] {
            assert!(!is_number(text), "{text}");
        }
    }
}
