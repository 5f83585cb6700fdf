//! What really happened on a mock router: the record a test compares with what the product believes.

use serde::{Deserialize, Serialize};

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its number on this router, from 1.
    pub number: u64,
    /// Milliseconds since the mock started.
    pub millis: u64,
    /// Bytes that the router had received by then, over all its sessions.
    pub received: u64,
    /// Bytes that it had sent by then, echoes included, over all its sessions.
    pub sent: u64,
    /// The session it belongs to; 0 when it belongs to none.
    pub session: u64,
    /// What happened; in events.jsonl its name is under `event`, its fields are among the others.
    #[serde(flatten)]
    pub what: What,
}

/// What an event can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum What {
    /// A session began.
    Opened {
        /// Its transport.
        transport: String,
    },
    /// A login succeeded or failed.
    Login {
        /// The name given.
        user: String,
        /// Whether it succeeded.
        accepted: bool,
    },
    /// A line was received.
    Line {
        /// The prompt's mode text, `config-GigaEthernet0.0`; empty in operation mode.
        mode: String,
        /// The line, secret arguments masked.
        line: String,
        /// What came of it.
        outcome: Outcome,
    },
    /// The session's mode changed.
    Mode {
        /// The new mode's text.
        mode: String,
    },
    /// The configuration lock changed hands.
    Lock {
        /// Who holds it now: `session N`, `colleague`, `lost session N`, or no one.
        holder: Option<String>,
    },
    /// The startup configuration was written.
    Saved {
        /// Whether it equals running.
        complete: bool,
    },
    /// A save failed.
    SaveFailed,
    /// The startup configuration was erased.
    Erased,
    /// The router restarted.
    Restarted {
        /// Why, as `show version` words it.
        cause: String,
    },
    /// A host key was made.
    HostKey {
        /// Its fingerprint.
        fingerprint: String,
    },
    /// The management path opened or closed.
    Reachable {
        /// Whether SSH and telnet can come in.
        yes: bool,
    },
    /// A session ended.
    Closed {
        /// How: `logout`, `link`, `cut`, `idle`, `restart`.
        how: String,
    },
    /// A fault struck.
    Fault {
        /// Its name.
        name: String,
    },
    /// A line of a colleague was applied.
    Colleague {
        /// The line, secret arguments masked.
        line: String,
    },
}

/// What came of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was carried out.
    Accepted,
    /// It was refused.
    Refused,
    /// It was empty or a comment.
    Ignored,
    /// It answered a question of the router.
    Answer,
    /// It was received, and the link was cut before it was carried out.
    Dropped,
}

const SECRET_WORDS: [&str; 9] =
    ["password", "secret", "secret-password", "key", "psk", "community", "account", "plain", "hash"];

/// A line with everything behind a secret word masked; shortened words count too.
pub fn masked(line: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    for word in line.split_ascii_whitespace() {
        out.push(word);
        let low = word.to_ascii_lowercase();
        if SECRET_WORDS.iter().any(|secret| *secret == low || (low.len() >= 2 && secret.starts_with(&low))) {
            out.push("<masked>");
            return out.join(" ");
        }
    }
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn secrets_never_reach_the_record() {
        assert_eq!(masked("username u password plain 1 CANARY administrator"), "username u password <masked>");
        assert_eq!(masked("user u pa plain CANARY monitor"), "user u pa <masked>");
        assert_eq!(masked("ike policy p peer any key CANARY q"), "ike policy p peer any key <masked>");
        assert_eq!(masked("  ip address 192.0.2.1/24"), "  ip address 192.0.2.1/24");
        assert_eq!(masked("pki private-key generate rsa"), "pki private-key generate rsa");
    }
}
