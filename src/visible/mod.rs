//! What people read is visible text: the one border where characters that act on a terminal, or that cannot be seen, become escapes.
//!
//! Text from routers, servers, files and journals is hostile until it has passed here. Streams for a terminal and the log use [`shown`],
//! JSON uses [`in_json`], which loses nothing; what must be exact (backups, configurations to a file or pipe) does not pass. Our own
//! colours are distinguished from colours in data by a number that data cannot know ([`style`]). Nothing here reads or writes.
//!
//! | escaped | characters | why |
//! |---|---|---|
//! | C0, DEL, C1 | U+0000–001F but line feed and tab, U+007F–009F | move the cursor, set titles, fill the clipboard, hide text |
//! | separators | U+2028, U+2029 | end a line for some readers and not for others |
//! | format | U+00AD, 0600–0605, 061C, 06DD, 070F, 0890–0891, 08E2, FFF9–FFFB, 110BD, 110CD, 13430–1343F | bidirectional, unseen or joined to what follows |
//! | default ignorable | U+034F, 115F–1160, 17B4–17B5, 180B–180F, 200B–200F, 202A–202E, 2060–206F, 3164, FE00–FE0F, FEFF, FFA0, FFF0–FFF8, 1BCA0–1BCA3, 1D173–1D17A, E0000–E0FFF | no width, or another order |
//!
//! Combining marks are kept: a decomposed `が` is a letter. A variation selector is escaped although some names are written with one:
//! two names that look the same are not the same.

use std::borrow::Cow;
use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

/// Begins each sequence that is ours: a style whose first parameter is a number chosen at each start of the program.
static OWN: LazyLock<String> = LazyLock::new(|| format!("\u{1b}[{};", RandomState::new().hash_one("style")));

/// Whether a character is escaped; line feed and tab are layout and a matter of place.
pub fn is_unseen(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}'
            | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Text of one or more lines: line feeds and tabs stay, and a carriage return before a line feed goes with it.
pub fn text(text: &str) -> Cow<'_, str> {
    but_for(text, |c| matches!(c, '\n' | '\t'))
}

/// Text that goes in one line: a line feed in it would begin a line that looks like one of ours.
pub fn line(text: &str) -> Cow<'_, str> {
    but_for(text, |c| c == '\t')
}

/// Text of several lines under a heading: each further line is indented, so that none looks like a line of ours.
pub fn hanging(text: &str, indent: usize) -> Cow<'_, str> {
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let lines: Vec<&str> = text.lines().collect();
    Cow::Owned(lines.join(&format!("\n{}", " ".repeat(indent))))
}

/// Text with everything of the table escaped but what stays, for a reader that acts on these few itself.
pub fn but_for(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.chars().all(|c| stays(c) || !is_unseen(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' if rest.peek() == Some(&'\n') && stays('\n') && !stays('\r') => {}
            c => push(&mut out, c, &stays),
        }
    }
    Cow::Owned(out)
}

fn push(out: &mut String, c: char, stays: impl Fn(char) -> bool) {
    if stays(c) || !is_unseen(c) {
        out.push(c);
    } else {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.extend(c.escape_unicode()),
        }
    }
}

/// Our own style, from the sequences that select it: they pass [`shown`], and none in data does.
pub fn style(sequences: &str) -> String {
    sequences.replace("\u{1b}[", &OWN)
}

/// Bytes for the screen: [`text`], our own styles, and each byte that is no text as its number.
pub fn shown(bytes: &[u8]) -> Cow<'_, [u8]> {
    match std::str::from_utf8(bytes) {
        Ok(whole) if whole.chars().all(|c| matches!(c, '\n' | '\t') || !is_unseen(c)) => return Cow::Borrowed(bytes),
        _ => {}
    }
    let mut out = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        let mut pieces = chunk.valid().split(OWN.as_str());
        out.push_str(&text(pieces.next().unwrap_or_default()));
        for piece in pieces {
            let end = piece.find(|c: char| !(c.is_ascii_digit() || c == ';')).unwrap_or(piece.len());
            let (parameters, rest) = piece.split_at(end);
            match rest.strip_prefix('m') {
                Some(rest) => {
                    let _ = write!(out, "\u{1b}[{parameters}m{}", text(rest));
                }
                None => out.push_str(&text(piece)),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    Cow::Owned(out.into_bytes())
}

/// A JSON document with every character of the table in JSON's own form: it reads back as the very same document.
pub fn in_json(document: &str) -> Cow<'_, str> {
    // Outside its strings a document is ASCII, and in them no control character of ASCII is left but DEL.
    let acts = |c: char| c != '\n' && is_unseen(c);
    if !document.contains(acts) {
        return Cow::Borrowed(document);
    }
    let mut out = String::with_capacity(document.len() + 16);
    for c in document.chars() {
        if acts(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
#[path = "visible_tests.rs"]
mod tests;
