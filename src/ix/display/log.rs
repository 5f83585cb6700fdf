//! `show logging`: messages with their codes. What the codes mean to us is said where they are asked for.

use super::item::{End, Field, moves};
use super::lines::{Line, Notes, counted};

pub(super) const FIELDS: &[Field] = &[moves("messages"), moves("dropped"), moves("message"), moves("at")];

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut wanted = None;
    for line in lines {
        if let Some(message) = Message::read(line.text) {
            notes.say(&message.code, "message", message.text);
            notes.say(&message.code, "at", &message.at.unwrap_or_default());
        } else if let Some(range) = line.text.strip_prefix("Log Buffer (") {
            wanted = span(range.trim_end_matches([':', ')']));
        } else if line.text.contains(" messages (") {
            let dropped = counted(line.text, "messages dropped").map(|count| count.to_string());
            notes.say("", "dropped", &dropped.unwrap_or_default());
            let count = line.text.split_whitespace().next().unwrap_or_default();
            notes.say("", "messages", count);
        } else if !line.text.starts_with("Buffer logging ") {
            notes.unknown(line);
        }
    }
    let rows = notes.count("message");
    match wanted {
        Some(wanted) if u64::try_from(rows).is_ok_and(|rows| rows >= wanted) => End::Whole,
        _ => End::CutOff,
    }
}

/// How many messages `3-40` is.
fn span(range: &str) -> Option<u64> {
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    last.checked_sub(first)?.checked_add(1)
}

/// `2026/07/07 21:06:07  ETH.031: Link status up for port 0`; the code's family is right-aligned. The time may be missing.
struct Message<'a> {
    at: Option<String>,
    code: String,
    text: &'a str,
}

impl<'a> Message<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (head, text) = line.split_once(": ").or_else(|| line.strip_suffix(':').map(|head| (head, "")))?;
        let mut words: Vec<&str> = head.split_whitespace().collect();
        let code = words.pop()?;
        let (family, number) = code.split_once('.')?;
        let is_code = !family.is_empty()
            && family.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
            && number.len() == 3
            && number.chars().all(|c| c.is_ascii_digit());
        let is_time = |word: &&str| word.chars().all(|c| c.is_ascii_digit() || ['/', ':', '.'].contains(&c));
        let is_dated = words.len() <= 2 && words.iter().all(is_time);
        let at = (!words.is_empty()).then(|| words.join(" "));
        (is_code && is_dated).then(|| Self { at, code: code.to_owned(), text })
    }
}
