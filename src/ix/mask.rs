//! Text that may be shown: secrets replaced, everything else as it was.
//!
//! Of a command the grammar marks secret the whole argument is masked; in a line the grammar does not know, everything after the
//! words of such a command, abbreviated or not, and everything after a word that announces a secret. Placeholders
//! (`<secret:NAME>`) stay readable: they are references, not secrets.

use super::grammar::operational::abbreviates;
use super::grammar::{Arg, GLOBAL, Grammar, Row, Type, words};
use super::walk::Walk;

/// What stands where a secret stood.
pub const MASK: &str = "********";

/// What a word holds after which an unknown line may hold a secret (contracts of masking): `chap-password`, `community-string`.
const ANNOUNCE: [&str; 6] = ["password", "passwd", "secret", "psk", "community", "account"];
/// A word that announces one by itself, or at the end of another: `pre-shared-key`.
const KEY: &str = "key";
/// The router completes what is typed: so many letters of a word that announces a secret are that word.
const SHORTEST: usize = 4;

/// One line with its secrets masked; its mode need not be known.
pub fn mask_line(line: &str) -> String {
    if !may_announce(line) && !may_be_secret(line) {
        return line.to_owned();
    }
    let grammar = Grammar::ix();
    let split = words(line);
    let positive = if split.first() == Some(&"no") { split.get(1..).unwrap_or_default() } else { &split };
    let offset = split.len() - positive.len();
    // The mode is not known: a command that is secret in any mode masks its argument.
    let contexts = std::iter::once(GLOBAL).chain(secret_contexts(grammar));
    let mut known = None;
    for context in contexts {
        if let Some(found) = grammar.look_up(context, positive) {
            if let Some((arg, _)) = found.row.secret {
                return mask_range(line, &split, found.captures.range(arg), offset);
            }
            known = known.or_else(|| (!found.row.family).then_some(found));
        }
    }
    let from = match known {
        // A known command hides nothing but in its free text; a word that says so by itself is believed all the same.
        Some(known) => announced(positive, |at, word| {
            let in_rest = |(index, arg): (usize, &Arg)| {
                arg.kind == Type::Rest && known.captures.range(index).is_some_and(|range| range.contains(&at))
            };
            let plain = word.eq_ignore_ascii_case(KEY) || ANNOUNCE.iter().any(|one| word.eq_ignore_ascii_case(one));
            plain || known.row.args.iter().enumerate().any(in_rest)
        }),
        None => {
            let begun = |row: &Row| row.secret.and_then(|(arg, _)| row.pattern.begins(&row.args, positive, arg));
            grammar.secrets().filter_map(begun).chain(announced(positive, |_, _| true)).min()
        }
    };
    mask_range(line, &split, from.map(|from| from..positive.len()), offset)
}

/// Where what a word announces begins, if a word does, where it counts.
fn announced(split: &[&str], counts: impl Fn(usize, &str) -> bool) -> Option<usize> {
    let found = split.iter().enumerate().position(|(at, word)| announces(word) && counts(at, word));
    found.map(|at| at + 1).filter(|from| *from < split.len())
}

/// Whether a word announces a secret. A placeholder stands where one is already.
fn announces(word: &str) -> bool {
    if shown(word) == word {
        return false;
    }
    let holds =
        |part: &str| word.as_bytes().windows(part.len()).any(|bytes| bytes.eq_ignore_ascii_case(part.as_bytes()));
    let begins = |whole: &str| word.len() >= SHORTEST && abbreviates(word, whole);
    let key = |bytes: &[u8]| bytes.eq_ignore_ascii_case(KEY.as_bytes());
    let bytes = word.as_bytes();
    let ends_in_key = bytes.len().checked_sub(KEY.len()).is_some_and(|at| {
        bytes.get(at..).is_some_and(key) && at.checked_sub(1).is_none_or(|before| bytes.get(before) == Some(&b'-'))
    });
    ends_in_key || ANNOUNCE.iter().any(|secret| holds(secret) || begins(secret))
}

/// Whether a line holds a secret, or a reference to one.
pub fn holds_secret(line: &str) -> bool {
    line.contains("<secret:") || ((may_announce(line) || may_be_secret(line)) && mask_line(line) != line)
}

/// Whether some word could announce a secret: a quick no for almost every line.
fn may_announce(line: &str) -> bool {
    let bytes = line.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| {
        let rest: &[&[u8]] = match byte.to_ascii_lowercase() {
            b'p' => &[b"ass", b"sk"],
            b's' => &[b"ecr"],
            b'k' => &[b"ey"],
            b'c' => &[b"omm"],
            b'a' => &[b"cco"],
            _ => return false,
        };
        let next = bytes.get(at + 1..).unwrap_or_default();
        rest.iter().any(|rest| next.get(..rest.len()).is_some_and(|next| next.eq_ignore_ascii_case(rest)))
    })
}

fn secret_contexts(grammar: &Grammar) -> impl Iterator<Item = &str> {
    let mut seen: Vec<&str> = grammar
        .rows()
        .iter()
        .filter(|row| row.secret.is_some() && row.context != GLOBAL)
        .map(|row| row.context.as_str())
        .collect();
    seen.dedup();
    seen.into_iter()
}

/// Whether a line begins like a command that holds a secret, in words that may be abbreviated: a quick no for most.
fn may_be_secret(line: &str) -> bool {
    let typed = || {
        let mut split = line.split([' ', '\t']).filter(|word| !word.is_empty()).peekable();
        split.next_if_eq(&"no");
        split
    };
    let Some(first) = typed().next() else { return false };
    Grammar::ix().secrets().any(|row| {
        row.pattern.first_words().iter().any(|word| abbreviates(first, word))
            && row.leading.split(' ').zip(typed()).skip(1).all(|(word, typed)| abbreviates(typed, word))
    })
}

/// A whole text, each line by the mode it stands in.
pub fn mask_text(text: &str) -> String {
    let grammar = Grammar::ix();
    let mut walk = Walk::new(grammar);
    let mut masked = String::with_capacity(text.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let body = line.trim_end_matches(['\n', '\r']);
        let end = line.get(body.len()..).unwrap_or_default();
        if let Some(step) = walk.step(body) {
            walk.place(&step.placed(grammar), index, 0);
        }
        masked.push_str(&mask_line(body));
        masked.push_str(end);
    }
    masked
}

/// The line without its secret: what a plan calls the owner of that secret, such as `username admin`.
pub fn without_secret(line: &str, context: &str, grammar: &Grammar) -> Option<String> {
    let split = words(line);
    let (before, _) = around_secret(&split, context, grammar)?;
    Some(before.join(" "))
}

/// The words before a secret and behind it. Those that only announce the secret and its form are not part of who it belongs to.
fn around_secret<'l>(split: &[&'l str], context: &str, grammar: &Grammar) -> Option<(Vec<&'l str>, Vec<&'l str>)> {
    let found = grammar.look_up(context, split)?;
    let (arg, _) = found.row.secret?;
    let range = found.captures.range(arg)?;
    let mut kept: Vec<&str> = split.get(..range.start).unwrap_or_default().to_vec();
    while kept.last().is_some_and(|word| {
        matches!(*word, "plain" | "hash" | "secret" | "secret-password" | "1" | "char" | "hex" | "key")
            || *word == "password"
    }) && kept.len() > 1
    {
        kept.pop();
    }
    Some((kept, split.get(range.end..).unwrap_or_default().to_vec()))
}

/// A line as it compares where neither the value of its secret nor the form it comes back in is known: what is typed as
/// `username a password plain 1 x administrator` is shown as `username a password hash y administrator`.
pub fn comparable(line: &str) -> String {
    let grammar = Grammar::ix();
    let split = words(line);
    let mut contexts = std::iter::once(GLOBAL).chain(secret_contexts(grammar));
    match contexts.find_map(|context| around_secret(&split, context, grammar)) {
        Some((before, behind)) => before.into_iter().chain([MASK]).chain(behind).collect::<Vec<_>>().join(" "),
        None => mask_line(line),
    }
}

/// The same where the line's mode is not known: any mode in which the command holds a secret.
pub fn secret_owner(line: &str) -> Option<String> {
    let grammar = Grammar::ix();
    std::iter::once(GLOBAL).chain(secret_contexts(grammar)).find_map(|mode| without_secret(line, mode, grammar))
}

fn mask_range(line: &str, split: &[&str], range: Option<std::ops::Range<usize>>, offset: usize) -> String {
    let Some(range) = range else { return line.to_owned() };
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut masked = line.get(..indent).unwrap_or_default().to_owned();
    for (index, word) in split.iter().enumerate() {
        if index > 0 {
            masked.push(' ');
        }
        let secret = index >= range.start + offset && index < range.end + offset;
        masked.push_str(if secret { shown(word) } else { word });
    }
    masked
}

fn shown(word: &str) -> &str {
    if word.starts_with("<secret:") && word.ends_with('>') { word } else { MASK }
}

#[cfg(test)]
mod tests {
    use super::{comparable, mask_line, mask_text, may_announce, may_be_secret};
    use crate::ix::Grammar;

    #[test]
    fn the_quick_no_is_never_said_of_a_secret_command() {
        for row in Grammar::ix().rows().iter().filter(|row| row.secret.is_some()) {
            let line = row.pattern.fixed_words().join(" ");
            assert!(may_announce(&line) || may_be_secret(&line), "{}", row.id);
        }
    }

    #[test]
    fn a_secret_line_compares_whatever_its_form() {
        let typed = comparable("username a password plain 1 <secret:x> administrator");
        assert_eq!(typed, comparable("username a password hash 0ad1@ administrator"));
        assert_ne!(typed, comparable("username a password hash 0ad1@ monitor"));
        assert_ne!(typed, comparable("username b password hash 0ad1@ administrator"));
        assert_eq!(comparable("authentication password me@isp x"), comparable("authentication password me@isp y"));
        assert_eq!(comparable("ip address 192.0.2.1/24"), "ip address 192.0.2.1/24");
    }

    #[test]
    fn secrets_do_not_show() {
        for (line, expected) in [
            (
                "username admin password plain 1 CANARY administrator",
                "username admin password plain 1 ******** administrator",
            ),
            (
                "username admin password hash CANARY@ administrator",
                "username admin password hash ******** administrator",
            ),
            (
                "username admin password plain <secret:admin> administrator",
                "username admin password plain <secret:admin> administrator",
            ),
            ("  authentication password me@isp CANARY", "  authentication password me@isp ********"),
            ("ike policy p peer any key CANARY prop", "ike policy p peer any key ******** prop"),
            ("nm account group password plain CANARY", "nm account group password plain ********"),
            (
                "http-server username admin secret-password CANARY",
                "http-server username admin secret-password ********",
            ),
            (
                "ikev2 authentication psk id ipv4 1.2.3.4 key char CANARY",
                "ikev2 authentication psk id ipv4 1.2.3.4 key char ********",
            ),
            ("ike policy p peer any key char CANARY prop", "ike policy p peer any key char ******** prop"),
            ("ike policy p peer any key hex CANARY", "ike policy p peer any key hex ********"),
            (
                "http-server username admin secret-password CANARY extra",
                "http-server username admin secret-password ******** ********",
            ),
            ("username b pass plain 1 CANARY administrator", "username b pass ******** ******** ******** ********"),
            ("user b pa pl CANARY extra", "user b pa pl ******** ********"),
            ("no user b pa hash CANARY", "no user b pa hash ********"),
            ("ike pol p peer any k CANARY", "ike pol p peer any k ********"),
            ("  auth pass me@isp CANARY", "  auth pass ******** ********"),
            ("crypto isakmp pre-shared-key CANARY", "crypto isakmp pre-shared-key ********"),
            ("ntp authentication-key 1 CANARY", "ntp authentication-key ******** ********"),
            ("ppp chap-password CANARY", "ppp chap-password ********"),
            ("snmp-agent community-string CANARY", "snmp-agent community-string ********"),
            ("snmp-agent comm CANARY", "snmp-agent comm ********"),
            ("radius PASSWD CANARY", "radius PASSWD ********"),
            ("wifi MyPsk CANARY", "wifi MyPsk ********"),
            ("flux <secret:x> administrator", "flux <secret:x> administrator"),
            ("description the passwords are CANARY", "description the passwords ******** ********"),
            (
                "ip access-list my-secret permit ip src any dest any",
                "ip access-list my-secret permit ip src any dest any",
            ),
            ("keyboard layout monkey jp", "keyboard layout monkey jp"),
            ("frobnicate Password CANARY CANARY", "frobnicate Password ******** ********"),
            ("snmp-agent ip community CANARY ro", "snmp-agent ip community ******** ro"),
            ("snmp-agent ip host 192.0.2.1 CANARY version 2", "snmp-agent ip host 192.0.2.1 ******** version 2"),
            ("snmp-agent ip ho 192.0.2.1 CANARY", "snmp-agent ip ho 192.0.2.1 ********"),
            ("snmp-agent vrf v ipv6 host ::1 CANARY", "snmp-agent vrf v ipv6 host ::1 ********"),
            ("snmpv3 user u g auth sha plain CANARY", "snmpv3 user u g auth ******** ******** ********"),
            (
                "ike policy p peer any key CANARY mode aggressive prop",
                "ike policy p peer any key ******** mode aggressive prop",
            ),
            (
                "ipsec manualkey m esp aes CANARY sha1 CANARY",
                "ipsec manualkey m ******** ******** ******** ******** ********",
            ),
            ("  vrrp 1 authentication CANARY", "  vrrp 1 authentication ********"),
            ("  ip rip authentication text CANARY", "  ip rip authentication text ********"),
            ("  mobile pin-code plain CANARY", "  mobile pin-code ******** ********"),
            ("  ip rip version 2", "  ip rip version 2"),
            ("ikev2 authentication psk id any key CANARY", "ikev2 authentication psk id any key ********"),
            ("tacacs key CANARY", "tacacs key ********"),
            ("no username admin password hash CANARY", "no username admin password hash ********"),
            ("description office", "description office"),
            ("ip address 192.168.1.1/24", "ip address 192.168.1.1/24"),
        ] {
            assert_eq!(mask_line(line), expected);
        }
        let text = "hostname a\r\nppp profile p\r\n  authentication password x CANARY\r\n";
        assert_eq!(mask_text(text), "hostname a\r\nppp profile p\r\n  authentication password x ********\r\n");
    }
}
