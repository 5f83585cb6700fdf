//! When a host key was accepted at first use, and by whom. Later sessions find the key among the known ones, which is no proof of how it came
//! there: so that a work record can say so, it is written beside the key, as the comment of its line.
//!
//! It proves nothing, and decides nothing: a file of known hosts may be edited.

/// When a key was accepted at first use, and by whom: nothing had proven it. It is kept beside the key, as the comment of its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnedKey {
    /// The time, RFC 3339 in UTC.
    pub at: String,
    /// Who answers for it, `user@machine`.
    pub by: String,
}

impl LearnedKey {
    /// The word that such a comment begins with.
    const WORD: &str = "first-use";

    /// The comment; whatever could end the line or begin another word is none of the name.
    pub(super) fn comment(&self) -> String {
        let by: String = self.by.chars().map(|c| if c.is_control() || c.is_whitespace() { '_' } else { c }).collect();
        format!("{} {} {by}", Self::WORD, self.at)
    }

    /// What a comment says; nothing where it is someone else's.
    pub(super) fn read(comment: &str) -> Option<Self> {
        let mut words = comment.split(' ');
        let (word, at, by) = (words.next()?, words.next()?, words.next()?);
        let is_time = at.parse::<jiff::Timestamp>().is_ok();
        (word == Self::WORD && is_time && words.next().is_none()).then(|| Self { at: at.to_owned(), by: by.to_owned() })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::LearnedKey;
    use crate::transport::ssh::{FirstUse, HostKey, HostKeys as _, KnownHosts, Trust};

    fn key(last: u8) -> HostKey {
        let mut blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20".to_vec();
        blob.extend([last; 32]);
        HostKey::new(&blob)
    }

    #[test]
    fn a_key_says_when_it_was_first_accepted_and_only_where_that_was_noted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("known_hosts");
        let learned = LearnedKey { at: "2026-11-30T08:10:00Z".to_owned(), by: "tanaka taro@laptop\n*".to_owned() };
        let noting = KnownHosts::new(&file, FirstUse::Record).noting(learned.clone());
        assert_eq!(noting.check("10.0.0.1", 22, &key(1)).unwrap(), Trust::Recorded);
        let plain = KnownHosts::new(&file, FirstUse::Record);
        assert_eq!(plain.check("10.0.0.2", 22, &key(2)).unwrap(), Trust::Recorded);
        let said = plain.learned("10.0.0.1", 22, &key(1)).unwrap();
        let by = "tanaka_taro@laptop_*".to_owned();
        assert_eq!(said, Some(LearnedKey { by, ..learned }), "one line, one word");
        assert_eq!(plain.check("10.0.0.1", 22, &key(1)).unwrap(), Trust::Known);
        for (host, last) in [("10.0.0.2", 2), ("10.0.0.1", 2), ("10.0.0.3", 1)] {
            assert_eq!(plain.learned(host, 22, &key(last)).unwrap(), None, "{host}");
        }
        // What others write there is no word of ours.
        for comment in ["root@router", "first-use yesterday a@b", "first-use 2026-11-30T08:10:00Z a@b c", "first-use"] {
            std::fs::write(&file, format!("{} {comment}\n", key(1).line("r1", 22).trim_end())).unwrap();
            assert_eq!(plain.learned("r1", 22, &key(1)).unwrap(), None, "{comment}");
        }
    }
}
