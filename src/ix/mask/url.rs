//! Credentials and queries in URLs, and `user:password@host` without one.
//!
//! Looks at one word, or at a quoted value with its blanks; percent-encoded signs are decoded.

use super::{MASK, is_placeholder};

/// The word with what is secret in it hidden; nothing where it holds no credential and no query.
pub(super) fn cut(word: &str) -> Option<String> {
    if is_placeholder(word) {
        return None;
    }
    match scheme_end(word) {
        Some(start) => of_url(word, start),
        None => of_host(word),
    }
}

/// Whether a URL begins in a word before this byte.
pub(super) fn begins_before(word: &str, byte: usize) -> bool {
    scheme_end(word).is_some_and(|start| start < byte)
}

/// Whether a line may hold one: a quick no for almost every line.
pub(super) fn may_hold(line: &str) -> bool {
    let bytes = line.as_bytes();
    let behind = |at: usize, text: &str| starts(bytes.get(at + 1..).unwrap_or_default(), text);
    bytes.iter().enumerate().any(|(at, byte)| match byte {
        b'@' => true,
        b':' => behind(at, "//") || behind(at, "%2f"),
        b'%' => behind(at, "40") || behind(at, "3a"),
        _ => false,
    })
}

/// After the `://` of a URL.
fn scheme_end(word: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let (at, colon) = sign(word, from, b':', "3a")?;
        let slash = |at: usize| sign_at(word, at, b'/', "2f").map(|length| at + length);
        match slash(at + colon).and_then(slash) {
            Some(end) => return Some(end),
            None => from = at + colon,
        }
    }
}

fn of_url(word: &str, start: usize) -> Option<String> {
    let end = word.len() - word.get(start..)?.bytes().rev().take_while(|byte| matches!(byte, b'"' | b'\'')).count();
    let query = sign(word, start, b'?', "3f").into_iter().chain(sign(word, start, b'#', "23")).min();
    let (before, sign_length) = query.unwrap_or((end, 0));
    let path = sign(word, start, b'/', "2f").map_or(before, |(at, _)| at.min(before));
    let at_sign = last(word, start, before, b'@', "40");
    let authority = word.get(start..path)?;
    // A password may hold a question mark or a slash, so where the credentials end is not known.
    let odd_port = authority
        .split_once(':')
        .is_some_and(|(host, port)| !host.starts_with('[') && !port.bytes().all(|byte| byte.is_ascii_digit()));
    let doubtful = at_sign.is_none() && (path == before || odd_port) && last(word, before, end, b'@', "40").is_some();
    if doubtful {
        return Some([word.get(..start)?, MASK, word.get(end..)?].concat());
    }
    let mut shown = String::with_capacity(word.len());
    shown.push_str(word.get(..start)?);
    match at_sign {
        Some(at) => shown.extend([MASK, word.get(at..before)?]),
        None => shown.push_str(word.get(start..before)?),
    }
    if before + sign_length < end {
        shown.extend([word.get(before..before + sign_length)?, MASK]);
    } else {
        shown.push_str(word.get(before..end)?);
    }
    shown.push_str(word.get(end..)?);
    (shown != word).then_some(shown)
}

/// `user:password@host`, as in the names of files elsewhere.
fn of_host(word: &str) -> Option<String> {
    let (at, length) = (last(word, 0, word.len(), b'@', "40")?, 1);
    let (colon, colon_length) = sign(word, 0, b':', "3a").filter(|(colon, _)| *colon < at)?;
    let (user, password) = (word.get(..colon)?, word.get(colon + colon_length..at)?);
    let host = word.get(at + length..)?;
    let empty = |text: &str| text.trim_matches(['"', '\'']).is_empty();
    (!empty(user) && !password.is_empty() && !empty(host)).then(|| [MASK, word.get(at..).unwrap_or_default()].concat())
}

/// The first such sign from here on, by itself or percent-encoded, and its length.
fn sign(word: &str, from: usize, plain: u8, hex: &str) -> Option<(usize, usize)> {
    (from..word.len()).find_map(|at| Some((at, sign_at(word, at, plain, hex)?)))
}

/// The last such sign between two places.
fn last(word: &str, from: usize, to: usize, plain: u8, hex: &str) -> Option<usize> {
    (from..to).rev().find(|at| sign_at(word, *at, plain, hex).is_some())
}

fn sign_at(word: &str, at: usize, plain: u8, hex: &str) -> Option<usize> {
    let bytes = word.as_bytes().get(at..)?;
    match bytes.first()? {
        byte if *byte == plain => Some(1),
        b'%' if starts(bytes.get(1..)?, hex) => Some(3),
        _ => None,
    }
}

fn starts(bytes: &[u8], text: &str) -> bool {
    bytes.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{cut, may_hold};

    #[test]
    fn credentials_and_queries_of_a_url_are_hidden_and_the_rest_is_not() {
        for (word, shown) in [
            ("http://h.example/path", None),
            ("http://h.example:8080/a?", None),
            ("http://[2001:db8::1]:80/a", None),
            ("http://u:CANARY@h.example/a", Some("http://********@h.example/a")),
            ("http://CANARY@h.example", Some("http://********@h.example")),
            ("http://u:CAN@ARY@h.example/a", Some("http://********@h.example/a")),
            ("http://u:CAN/ARY@h.example/a", Some("http://********@h.example/a")),
            ("http://u:CAN?ARY@h.example/a", Some("http://********")),
            ("http://u:CAN/A?RY@h.example/a", Some("http://********")),
            ("http://h.example/a?k=CANARY", Some("http://h.example/a?********")),
            ("http://h.example/a?mail=CANARY@x", Some("http://h.example/a?********")),
            ("http://h.example/a#CANARY", Some("http://h.example/a#********")),
            ("http%3A%2F%2Fu%3aCANARY%40h.example", Some("http%3A%2F%2F********%40h.example")),
            ("http://h.example/a%3fk%3dCANARY", Some("http://h.example/a%3f********")),
            ("\"http://u:CAN ARY@h.example/a b?c d\"", Some("\"http://********@h.example/a b?********\"")),
            ("u:CANARY@h.example:/a", Some("********@h.example:/a")),
            ("u%3ACANARY%40h", Some("********%40h")),
            ("user@isp.example", None),
            ("0ad1@", None),
            ("2001:db8::1", None),
            ("a:b", None),
            ("<secret:a>", None),
        ] {
            assert_eq!(cut(word).as_deref(), shown, "{word}");
            assert!(shown.is_none() || may_hold(word), "{word}");
            if let Some(shown) = shown {
                assert_eq!(cut(shown).unwrap_or_else(|| shown.to_owned()), shown, "masked once more");
            }
        }
    }
}
