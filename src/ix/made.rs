//! Router-made lines: the router enters them by itself because of another line of the same block.
//!
//! The grammar's table (`makes=`) says which line makes which. Whether a router really does so is not always attested, so both
//! are accepted: with the line, and without it. Nothing here decides what to do with such a line.

use std::sync::Arc;

use super::mask::holds_secret;
use super::{Config, Node};
use crate::dialect::Dialect;
use crate::dialect::grammar::{CommandKind, words};

/// Why a line is in a block although it was not typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The line of the same block that makes the router enter it.
    pub because_of: Arc<str>,
}

/// Why the router may have entered a line by itself, given the lines of its block; nothing where only a person can
/// have.
pub fn router_made(block: &[Node], line: &Node) -> Option<Reason> {
    let makes = |maker: &&Node| {
        !maker.off && maker.row.as_ref().is_some_and(|row| row.makes.iter().any(|made| **made == *line.text))
    };
    block.iter().find(makes).map(|maker| Reason { because_of: Arc::clone(&maker.text) })
}

/// Whether a block holds a line that makes the router enter others.
pub fn makes_lines(block: &[Node]) -> bool {
    block.iter().any(|line| !line.off && line.row.as_ref().is_some_and(|row| !row.makes.is_empty()))
}

/// Between the header of a block and a line in it, where one text names both.
pub const IN_BLOCK: &str = " / ";

/// Whether only a person enters such a line, whatever anyone writes of it: one of a user, a server, a filter or a secret. Lines of
/// the table are known by their rows, any other by its words; the header of the block may come first.
pub fn only_by_hand(line: &str) -> bool {
    let (header, own) = line.rsplit_once(IN_BLOCK).unwrap_or(("", line));
    let text = if header.is_empty() { format!("{own}\n") } else { format!("{header}\n  {own}\n") };
    let mut found = holds_secret(own) || words(line).into_iter().any(is_of_access);
    Config::parse(Dialect::any(), text).walk(&mut |_, node| {
        found |= node.row.as_ref().is_some_and(|row| {
            row.mgmt
                || row.dynamic
                || row.secret.is_some()
                || matches!(row.kind, CommandKind::List | CommandKind::Follow | CommandKind::Head | CommandKind::Chain)
        });
    });
    found
}

/// Whether a word is about who may log in, or about what may pass.
fn is_of_access(word: &str) -> bool {
    let word = word.trim_matches('"').to_ascii_lowercase();
    let begins = ["server", "user", "tacacs", "radius", "snmp"];
    let holds = ["-server", "filter", "access-list", "firewall", "password"];
    let known = [
        "account",
        "administrator",
        "login",
        "secret",
        "aaa",
        "url-list",
        "permit",
        "deny",
        "community",
        "nat",
        "napt",
        "telnet",
        "ssh",
        "http",
        "https",
        "ftp",
        "tftp",
        "sftp",
        "web-console",
    ];
    begins.iter().any(|start| word.starts_with(start))
        || holds.iter().any(|part| word.contains(part))
        || known.contains(&&*word)
}

#[cfg(test)]
mod tests {
    use super::{only_by_hand, router_made};
    use crate::dialect::Dialect;
    use crate::ix::Config;

    fn reason(block: &str, line: &str) -> Option<String> {
        let config = Config::parse(Dialect::ix(), format!("interface GigaEthernet0.1\n  {block}\n  {line}\n"));
        let block = config.nodes.first()?;
        let line = block.children.iter().find(|node| *node.text == *line)?;
        router_made(&block.children, line).map(|reason| reason.because_of.to_string())
    }

    #[test]
    fn only_what_a_line_of_the_same_block_makes_is_the_routers_own() {
        assert_eq!(reason("encapsulation dot1q 10", "auto-connect").as_deref(), Some("encapsulation dot1q 10"));
        assert_eq!(reason("encapsulation ppp", "auto-connect"), None);
        assert_eq!(reason("encapsulation dot1q 10", "no auto-connect"), None);
        assert_eq!(reason("encapsulation dot1q 10", "ip address 192.0.2.1/24"), None);
    }

    #[test]
    fn a_line_of_a_user_a_server_a_filter_or_a_secret_comes_from_a_person() {
        for line in [
            "username second password hash 0a@ administrator",
            "telnet-server ip enable",
            "no ssh-server ip enable",
            "http-server ip enable",
            "gopher-server ip enable",
            "frobnicate server on",
            "snmp-agent ip community public",
            "ip access-list l permit ip src any dest any",
            "ip filter l 1 in",
            "interface GigaEthernet0.0 / ip filter l 1 in",
            "interface GigaEthernet0.0 / ip napt service http 192.0.2.1",
            "url-list l permit domain *",
            "ppp profile p / authentication password me@isp plain 1 Plain7Pw",
            "nm account group password secret 0123456789",
            "IP FILTER l 1 in",
        ] {
            assert!(only_by_hand(line), "{line}");
        }
        for line in ["auto-connect", "interface GigaEthernet0.1 / auto-connect", "nm sitename here", "frobnicate on"] {
            assert!(!only_by_hand(line), "{line}");
        }
    }
}
