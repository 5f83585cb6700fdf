//! Words that announce a secret: what follows one in an unknown line is hidden.
//!
//! Looks at one word, and at what follows it only where that decides; knows no command and allocates nothing.

use super::is_placeholder;
use crate::dialect::grammar::operational::abbreviates;

/// Parts of a word that announce a secret anywhere in the word: `chap-password`, `MyPsk`, `community-string`.
const HELD: [&str; 9] =
    ["password", "passwd", "passphrase", "passcode", "passkey", "secret", "psk", "community", "credential"];

/// Words that announce a secret by themselves. The router completes what is typed: three letters of one are the word.
const WHOLE: [&str; 13] = [
    "password",
    "passphrase",
    "secret",
    "psk",
    "community",
    "account",
    "authentication",
    "credential",
    "token",
    "license",
    "licence",
    "pin",
    "puk",
];
const SHORTEST: usize = 3;

/// Words of several parts that end in a key: an abbreviation that reaches their second part is one of them.
const KEYS: [&str; 6] =
    ["pre-shared-key", "preshared-key", "authentication-key", "message-digest-key", "shared-key", "private-key"];

/// Parts of a word that announce one: `pin-code`, `sim-pin`.
const PARTS: [&str; 2] = ["pin", "puk"];

/// A part of a word ends with one of these: `apikey`, `authtoken`.
const JOINED: [&str; 2] = ["key", "token"];

/// Ordinary words that do, too.
const NOT_JOINED: [&str; 6] = ["donkey", "hotkey", "jockey", "monkey", "turkey", "turnkey"];

/// A part cut short is one of these only from here on: `x-sec` may be seconds.
const CUT_PARTS: [&str; 5] = ["password", "passphrase", "secret", "community", "token"];
const SHORTEST_PART: usize = 4;

/// What says how someone is authenticated, and no secret: `authentication mode md5`.
const METHODS: [&str; 44] = [
    "accept",
    "auto",
    "basic",
    "certificate",
    "chap",
    "default",
    "digest",
    "disable",
    "dot1x",
    "eap",
    "enable",
    "group",
    "hmac-md5",
    "hmac-sha",
    "id",
    "ip",
    "ipv6",
    "local",
    "login",
    "mac",
    "md5",
    "message-digest",
    "method",
    "mode",
    "ms-chap",
    "mschap",
    "mschapv2",
    "myname",
    "none",
    "null",
    "pap",
    "password",
    "pre-share",
    "psk",
    "radius",
    "request",
    "required",
    "rsa",
    "rsa-sig",
    "sha",
    "sha1",
    "simple",
    "tacacs",
    "text",
];

/// How much is taken for an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnnounceScope {
    /// Whatever may be one, in an unknown line.
    Any,
    /// Whole words that say so, in the free text of a known command.
    Strong,
}

/// Where what a word announces begins, in bytes: its end, or inside of it (`password=VALUE`). `behind` are the words after it.
pub(super) fn announces(word: &str, behind: &[&str], how: AnnounceScope) -> Option<usize> {
    if is_placeholder(word) {
        return None;
    }
    if let Some(end) = held(word) {
        return is_set_off(word.get(end..)?).then(|| value_from(word, end));
    }
    let from = word.find(|c: char| c.is_ascii_alphanumeric())?;
    let named = word.get(from..)?.bytes().take_while(|byte| is_of_a_name(*byte)).count();
    let (name, tail) = (word.get(from..from + named)?, word.get(from + named..)?);
    if !is_set_off(tail) {
        return None;
    }
    let found = is_key(name)
        || (how == AnnounceScope::Any
            && (is_whole(name, behind) || is_joined(name) || PARTS.iter().any(|part| parts(name).any(|one| is(one, part))))
            // An address may begin with three such letters.
            && !(tail.starts_with(':') && WHOLE.iter().all(|whole| !is(name, whole))));
    found.then(|| value_from(word, from + named))
}

/// Whether a word is the beginning of `key`, so short that it counts in one place only: before the last word of a line.
pub(super) fn is_short_key(word: &str) -> bool {
    is(word, "k") || is(word, "ke")
}

/// For each first letter of what announces a secret, the second letters: a bit each, by their place in the alphabet.
const SECOND: [u32; 32] = second_letters(&[
    b"ac", b"au", b"co", b"cr", b"ke", b"li", b"me", b"pa", b"pi", b"pr", b"ps", b"pu", b"se", b"sh", b"to",
]);

const fn second_letters(pairs: &[&[u8; 2]]) -> [u32; 32] {
    let mut bits = [0; 32];
    let mut rest = pairs;
    while let [[first, second], others @ ..] = rest {
        bits[(*first & 31) as usize] |= 1 << (*second & 31);
        rest = others;
    }
    // A word may end with its `k`.
    bits[(b'k' & 31) as usize] = u32::MAX;
    bits
}

/// Whether two bytes may begin what announces a secret; the last byte of a line may begin anything.
fn may_begin(first: u8, second: Option<&u8>) -> bool {
    let seconds = SECOND.get(usize::from(first & 31)).copied().unwrap_or_default();
    second.map_or(seconds != 0, |second| seconds & (1 << (second & 31)) != 0)
}

/// Whether some word of a line could announce a secret: quickly excludes almost every line.
pub(super) fn may_announce(line: &str) -> bool {
    let bytes = line.as_bytes();
    let mut inside = false;
    for (at, byte) in bytes.iter().enumerate() {
        if !may_begin(*byte, bytes.get(at + 1)) {
            inside = byte.is_ascii_alphanumeric();
            continue;
        }
        let (held, whole) = beginning_with(byte.to_ascii_lowercase());
        if !whole.is_empty() {
            let rest = bytes.get(at..).unwrap_or_default();
            if held.iter().any(|held| begins_with(rest, held)) || (!inside && may_be_one(rest, whole)) {
                return true;
            }
        }
        inside = byte.is_ascii_alphanumeric();
    }
    false
}

/// Of what announces a secret anywhere in a word, and at the beginning of a part of one, that which begins with this letter.
fn beginning_with(letter: u8) -> (&'static [&'static str], &'static [&'static str]) {
    match letter {
        b'a' => (&[], &["account", "authentication"]),
        b'c' => (&["community", "credential"], &["community", "credential"]),
        b'k' => (&["key"], &["keys"]),
        b'l' => (&[], &["license", "licence"]),
        b'm' => (&[], &["message"]),
        b'p' => (
            &["passw", "passp", "passc", "passk", "psk"],
            &["password", "passphrase", "pin", "puk", "psk", "preshared", "private"],
        ),
        b's' => (&["secret"], &["secret", "shared"]),
        b't' => (&["token"], &["token"]),
        _ => (&[], &[]),
    }
}

/// Whether the part of a word that begins here is the beginning of one of these.
fn may_be_one(rest: &[u8], whole: &[&str]) -> bool {
    whole.iter().any(|whole| {
        let length = rest.iter().take(whole.len() + 1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let cut = rest.get(..length).zip(whole.as_bytes().get(..length));
        (length >= SHORTEST || whole.starts_with('k'))
            && cut.is_some_and(|(part, start)| part.eq_ignore_ascii_case(start))
    })
}

/// Whether a name is a word that announces a secret, or such a word cut short.
fn is_whole(name: &str, behind: &[&str]) -> bool {
    let long_enough = name.len() >= SHORTEST;
    if long_enough && abbreviates(name, "authentication") {
        return !behind.iter().all(|word| METHODS.iter().any(|method| is(word, method)));
    }
    let cut_part = |part: &str| part.len() >= SHORTEST_PART && CUT_PARTS.iter().any(|whole| abbreviates(part, whole));
    let cut_key = |whole: &&str| name.len() > whole.find('-').unwrap_or_default() + 1 && abbreviates(name, whole);
    (long_enough && WHOLE.iter().any(|whole| abbreviates(name, whole)))
        || parts(name).next_back().is_some_and(cut_part)
        // `message-digest` is a method, and its key has more.
        || (!is(name, "message-digest") && KEYS.iter().any(cut_key))
}

/// Whether a name says key: `key`, `pre-shared-key`, `key-string`.
fn is_key(name: &str) -> bool {
    let mut all = parts(name);
    let (first, last) = (all.next(), all.next_back());
    let key = |part: &str| is(part, "key") || is(part, "keys");
    match (first, last) {
        (Some(only), None) => key(only),
        (Some(first), Some(last)) => {
            key(last)
                || (is(first, "key")
                    && ["string", "value", "data", "hex", "char", "text"].iter().any(|form| is(last, form)))
        }
        _ => false,
    }
}

/// Whether the last part of a name is a word joined with key or token: `apikey`, `x-authtoken`.
fn is_joined(name: &str) -> bool {
    let ends = |part: &str, end: &str| {
        part.len().checked_sub(end.len()).and_then(|at| part.get(at..)).is_some_and(|tail| is(tail, end))
    };
    let joined =
        |part: &str| JOINED.iter().any(|end| ends(part, end)) && !NOT_JOINED.iter().any(|ordinary| is(part, ordinary));
    parts(name).next_back().is_some_and(joined)
}

/// The end of the first name in a word that holds an announcement.
fn held(word: &str) -> Option<usize> {
    let bytes = word.as_bytes();
    let at = (0..bytes.len()).find_map(|at| {
        let rest = bytes.get(at..)?;
        HELD.iter().find(|held| begins_with(rest, held)).map(|held| at + held.len())
    })?;
    Some(at + bytes.get(at..)?.iter().take_while(|byte| is_of_a_name(**byte)).count())
}

/// Where the value begins that a name is given in its own word; the word's end where it is given none.
fn value_from(word: &str, end: usize) -> usize {
    let rest = word.get(end..).unwrap_or_default();
    match rest.chars().next() {
        Some(sign) if !rest.bytes().all(closes) => end + sign.len_utf8(),
        _ => word.len(),
    }
}

fn parts(name: &str) -> impl DoubleEndedIterator<Item = &str> {
    name.split(['-', '_'])
}

fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Whether what follows a name within its word gives it a value, or ends it: `key.example.com` is another name.
fn is_set_off(tail: &str) -> bool {
    let given =
        tail.starts_with(|c: char| matches!(c, '=' | ':' | '%' | '"' | '\'') || c.is_whitespace() || c.is_control());
    tail.is_empty() || given || tail.bytes().all(closes)
}

/// What may follow a word without being its value.
fn closes(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b')' | b']' | b'}' | b',' | b';' | b'.' | b':' | b'=' | b'`' | b'>')
}

fn is(word: &str, other: &str) -> bool {
    word.eq_ignore_ascii_case(other)
}

fn begins_with(bytes: &[u8], start: &str) -> bool {
    bytes.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start.as_bytes()))
}
