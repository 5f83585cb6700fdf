//! The lines of a known hosts file in OpenSSH's format (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT), by the same rules.
//!
//! A host at another port than 22 is listed as `[host]:port`, and an entry of the plain name says nothing about it. Names may
//! be patterns or hashed. `@revoked` withdraws a key; `@cert-authority` vouches for certificates, which nothing here uses.

use std::io;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::HostKey;
use super::client::HashedNames;

/// What a file says about one host.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The keys it may show.
    pub(super) keys: Vec<HostKey>,
    /// The keys that were withdrawn.
    pub(super) revoked: Vec<HostKey>,
}

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Known,
    Revoked,
}

/// One line that says something of hosts.
struct KnownHostsLine<'a> {
    purpose: Purpose,
    names: &'a str,
    algorithm: &'a str,
    blob: &'a str,
    comment: String,
}

impl KnownHostsLine<'_> {
    fn key(&self) -> Option<HostKey> {
        let key = HostKey::new(&BASE64_STANDARD.decode(self.blob).ok()?);
        (key.algorithm() == self.algorithm).then_some(key)
    }
}

/// What the file says about the host with this entry.
pub(super) fn of_host(text: &str, entry: &str) -> io::Result<Record> {
    let mut record = Record::default();
    let mut hashed = HashedNames::default();
    for line in text.lines().filter_map(parse) {
        if is_named(&mut hashed, line.names, entry)? {
            match line.purpose {
                Purpose::Known => record.keys.extend(line.key()),
                Purpose::Revoked => record.revoked.extend(line.key()),
            }
        }
    }
    Ok(record)
}

/// The comment after this key on the line of the host with this entry. OpenSSH ignores it.
pub(super) fn comment_of(text: &str, entry: &str, key: &HostKey) -> io::Result<Option<String>> {
    let mut hashed = HashedNames::default();
    for line in text.lines().filter_map(parse) {
        let is_meant = line.purpose == Purpose::Known && !line.comment.is_empty();
        if is_meant && line.key().as_ref() == Some(key) && is_named(&mut hashed, line.names, entry)? {
            return Ok(Some(line.comment));
        }
    }
    Ok(None)
}

/// The file without what it knows of the host by name. A pattern stays, since it knows other hosts too, and so does what is withdrawn.
pub(super) fn without_host(text: &str, entry: &str) -> io::Result<String> {
    let mut kept = String::new();
    let mut hashed = HashedNames::default();
    for line in text.lines() {
        let own = match parse(line) {
            Some(KnownHostsLine { purpose: Purpose::Known, names, .. }) => {
                !names.contains(['*', '?']) && is_named(&mut hashed, names, entry)?
            }
            _ => false,
        };
        if !own {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    Ok(kept)
}

fn parse(line: &str) -> Option<KnownHostsLine<'_>> {
    let mut words = line.split_ascii_whitespace();
    let first = words.next().filter(|word| !word.starts_with('#'))?;
    let (purpose, names) = match first {
        "@revoked" => (Purpose::Revoked, words.next()?),
        // An authority's key is no host's key. A marker that is not known may restrict what follows.
        marker if marker.starts_with('@') => return None,
        names => (Purpose::Known, names),
    };
    let (algorithm, blob) = (words.next()?, words.next()?);
    let comment = words.collect::<Vec<_>>().join(" ");
    Some(KnownHostsLine { purpose, names, algorithm, blob, comment })
}

/// Whether a line's names mean the host with this entry.
fn is_named(hashed: &mut HashedNames, names: &str, entry: &str) -> io::Result<bool> {
    if names.starts_with("|1|") { hashed.is_named(names, entry) } else { Ok(is_listed(names, entry)) }
}

fn is_listed(names: &str, entry: &str) -> bool {
    let mut named = false;
    for name in names.split(',') {
        match name.strip_prefix('!') {
            Some(name) if matches(name.as_bytes(), entry.as_bytes()) => return false,
            Some(_) => {}
            None => named |= matches(name.as_bytes(), entry.as_bytes()),
        }
    }
    named
}

/// Whether a name is what a pattern with `*` and `?` means, without regard to upper and lower case.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut star) = ((0, 0), None);
    loop {
        let (p, n) = at;
        match (pattern.get(p), name.get(n)) {
            (None, None) => return true,
            (Some(b'*'), _) => {
                star = Some((p + 1, n));
                at = (p + 1, n);
            }
            (Some(wanted), Some(byte)) if *wanted == b'?' || wanted.eq_ignore_ascii_case(byte) => at = (p + 1, n + 1),
            // The last star takes one byte more.
            _ => match star {
                Some((after, taken)) if taken < name.len() => {
                    star = Some((after, taken + 1));
                    at = (after, taken + 1);
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{HashedNames, is_named, matches, of_host, without_host};

    const ONE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";
    const TWO: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC";

    #[test]
    fn names_are_read_as_openssh_reads_them() {
        for (names, entry, expected) in [
            ("router", "router", true),
            ("Router", "router", true),
            ("router", "[router]:2201", false),
            ("[router]:2201", "[router]:2201", true),
            ("[router]:2201", "router", false),
            ("10.0.0.1,router", "router", true),
            ("*.clinic.example", "r1.clinic.example", true),
            ("*.clinic.example,!r1.*", "r1.clinic.example", false),
            ("10.0.0.?", "10.0.0.12", false),
            // `ssh-keygen -H` of `router`.
            ("|1|u0dMAkc9D8vvEPVqgTHweUr0D9A=|w14f26itATJdWopGQTpFFnodeE4=", "router", true),
            ("|1|u0dMAkc9D8vvEPVqgTHweUr0D9A=|w14f26itATJdWopGQTpFFnodeE4=", "switch", false),
            ("|1|broken", "router", false),
        ] {
            assert_eq!(is_named(&mut HashedNames::default(), names, entry).unwrap(), expected, "{names} for {entry}");
        }
    }

    #[test]
    fn matching_many_stars_terminates() {
        assert!(!matches("*a".repeat(64).as_bytes(), "a".repeat(60).as_bytes()));
        assert!(matches(b"**", b""));
    }

    #[test]
    fn markers_are_honoured_and_lines_that_are_none_are_passed_over() {
        let text = format!(
            "# comment\n\nr1 {ONE}\n@revoked * {TWO}\n@cert-authority * {ONE}\n@later r2 {ONE}\nr2 ssh-rsa {}\nr2\n",
            ONE.split(' ').nth(1).unwrap()
        );
        let record = of_host(&text, "r1").unwrap();
        assert_eq!((record.keys.len(), record.revoked.len()), (1, 1));
        let other = of_host(&text, "r2").unwrap();
        assert_eq!((other.keys.len(), other.revoked.len()), (0, 1), "{other:?}");
        assert_ne!(record.keys, record.revoked);
    }

    #[test]
    fn a_host_is_forgotten_by_name_and_revoked_keys_stay() {
        let text = format!("r1,r1.example {ONE}\n*.example {ONE}\n@revoked r1 {TWO}\nr2 {ONE}\n");
        let kept = without_host(&text, "r1").unwrap();
        assert_eq!(kept, format!("*.example {ONE}\n@revoked r1 {TWO}\nr2 {ONE}\n"));
    }
}
