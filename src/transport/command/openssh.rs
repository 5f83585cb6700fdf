//! What is known of OpenSSH's client: since which version it names the asking host in every question.

use std::time::{Duration, Instant};

use super::{CommandTarget, open};
use crate::transport::{Received, Transport};

/// The first version that is known to put `(user@host) ` before a question whose words are the server's (keyboard-interactive).
/// Older ones show a jump host's words as if they were their own.
const NAMES_PROMPTS: (u32, u32) = (8, 6);
/// How long the program may take to say its version.
const VERSION: Duration = Duration::from_secs(5);
/// Bytes of its answer that are read at most.
const LONGEST: usize = 1024;

/// Whether this program, asked for its version, is an OpenSSH client that names the host before every question.
pub fn names_every_prompt(program: &str) -> bool {
    let target = CommandTarget { words: vec![program.to_owned(), "-V".to_owned()], console: None };
    let Ok(mut link) = open(&target) else { return false };
    let until = Instant::now() + VERSION;
    let (mut said, mut buffer) = (Vec::new(), [0_u8; 256]);
    while said.len() < LONGEST {
        match link.read(&mut buffer, until) {
            Ok(Received::Bytes(count)) => said.extend_from_slice(buffer.get(..count).unwrap_or_default()),
            Ok(Received::Deadline | Received::End) | Err(_) => break,
        }
    }
    link.close();
    version(&String::from_utf8_lossy(&said)).is_some_and(|version| version >= NAMES_PROMPTS)
}

/// The version in `OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.19`.
fn version(said: &str) -> Option<(u32, u32)> {
    let (_, rest) = said.split_once("OpenSSH_")?;
    let (major, rest) = rest.split_once('.')?;
    let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn the_version_is_read_and_anything_else_is_none() {
        assert_eq!(version("OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026\r\n"), Some((9, 2)));
        assert_eq!(version("OpenSSH_8.0p1, OpenSSL 1.1.1k"), Some((8, 0)));
        for other in ["", "Sun_SSH_2.2", "OpenSSH_", "OpenSSH_new.1", "OpenSSH_10", "Dropbear v2022.83"] {
            assert_eq!(version(other), None, "{other}");
        }
    }
}
