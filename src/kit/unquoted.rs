//! The text of a JSON string, in memory that no copy was left behind of: the usual reader keeps a text with escapes in a buffer of its own,
//! which it does not wipe. The string is known to be JSON; what it says is judged elsewhere.

use std::str::Chars;

/// The text of a JSON string; none where this is not one. Its buffer has its full size from the start, so that it never moves.
pub(super) fn text(json: &str) -> Option<String> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    let mut length = 0;
    for letter in (Letters { rest: inner.chars() }) {
        length += letter?.len_utf8();
    }
    let mut text = String::with_capacity(length);
    text.extend((Letters { rest: inner.chars() }).flatten());
    Some(text)
}

/// The letters of a string; none where an escape cannot be read.
struct Letters<'j> {
    rest: Chars<'j>,
}

impl Iterator for Letters<'_> {
    type Item = Option<char>;

    fn next(&mut self) -> Option<Option<char>> {
        match self.rest.next()? {
            '\\' => Some(self.escaped()),
            letter => Some(Some(letter)),
        }
    }
}

impl Letters<'_> {
    fn escaped(&mut self) -> Option<char> {
        Some(match self.rest.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = self.unit()?;
                let second = match first {
                    0xd800..=0xdbff if self.rest.next()? == '\\' && self.rest.next()? == 'u' => Some(self.unit()?),
                    _ => None,
                };
                char::decode_utf16(std::iter::once(first).chain(second)).next()?.ok()?
            }
            same @ ('"' | '\\' | '/') => same,
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u16> {
        (0..4).try_fold(0, |unit: u16, _| {
            let digit = u16::try_from(self.rest.next()?.to_digit(16)?).ok()?;
            Some((unit << 4) | digit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_text_comes_back_from_json_in_a_buffer_of_its_own_size() {
        for wanted in ["", "hostname r1\n", "\"\\/\u{8}\u{c}\r\t\u{1}", "佐藤 🗝", "\u{7f}\u{2028}"] {
            let json = serde_json::Value::from(wanted).to_string();
            let read = text(&json);
            assert_eq!(read.as_deref(), Some(wanted), "{json}");
            assert_eq!(read.map(|text| text.capacity()), Some(wanted.len()), "{json}");
        }
        assert_eq!(text(r#""\ud83d\udddd\u00e9\/""#).as_deref(), Some("🗝é/"));
    }

    #[test]
    fn what_is_no_string_or_half_of_a_letter_is_none() {
        for wrong in
            ["null", "1", "", "\"", r#""\ud83d""#, r#""\ud83dx""#, r#""\udddd""#, r#""\ud83d\u0041""#, r#""\x""#]
        {
            assert_eq!(text(wrong), None, "{wrong}");
        }
    }
}
