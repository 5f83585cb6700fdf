//! What the mock accepts at its prompt: the command rows, and the reader that matches a line against them.
//!
//! Written from the fact sheets on the router's command line; shares no code and no data with the product that is tested on it.

mod argument;
mod parse;
mod pattern;
pub mod rows;

pub use parse::{Command, Grammar, Miss, Place, Sub};

use std::sync::OnceLock;

/// The one compiled grammar of this process.
pub fn grammar() -> &'static Grammar {
    static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
    GRAMMAR.get_or_init(Grammar::compile)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Miss, Place, Sub, grammar};

    fn read(place: Place, line: &str) -> Result<String, Miss> {
        grammar().parse(place, line).map(|c| format!("{}{}", if c.negated { "no " } else { "" }, c.words.join(" ")))
    }

    #[test]
    fn abbreviations_come_back_in_full() {
        assert_eq!(read(Place::Global, "sh run").unwrap(), "show running-config");
        assert_eq!(read(Place::Global, "wr m").unwrap(), "write memory");
        assert_eq!(read(Place::Global, "copy run start").unwrap(), "copy running-config startup-config");
        assert_eq!(read(Place::Operation, "en").unwrap(), "enable-config");
        assert_eq!(read(Place::Operation, "conf t").unwrap(), "configure terminal");
        assert_eq!(read(Place::Global, "int gi0.0").unwrap(), "interface GigaEthernet0.0");
        assert_eq!(
            read(Place::Sub(Sub::Interface), "ipv6 filter v6-deny-list 200 in").unwrap(),
            "ipv6 filter v6-deny-list 200 in"
        );
    }

    #[test]
    fn unknown_ambiguous_and_incomplete_lines_are_told_apart() {
        assert_eq!(read(Place::Operation, "terminal length 0"), Err(Miss::Invalid));
        assert_eq!(read(Place::Operation, "show running-config"), Err(Miss::Invalid));
        assert_eq!(read(Place::Global, "halp"), Err(Miss::Invalid));
        assert_eq!(read(Place::Global, "ip"), Err(Miss::Incomplete));
        assert_eq!(read(Place::Global, "no ip access-list"), Err(Miss::Incomplete));
        assert_eq!(read(Place::Global, "s"), Err(Miss::Ambiguous));
        assert_eq!(read(Place::Sub(Sub::Interface), "sh"), Err(Miss::Ambiguous));
        assert_eq!(read(Place::Global, "no show clock"), Err(Miss::Invalid));
        assert_eq!(read(Place::Global, "ip vrf forwarding VRF1"), Err(Miss::Invalid));
    }

    #[test]
    fn a_submode_takes_global_commands_too() {
        let global = grammar().parse(Place::Global, "proxy-dns ip enable").unwrap();
        let inside = grammar().parse(Place::Sub(Sub::Interface), "proxy-dns ip enable").unwrap();
        assert_ne!(global.row, inside.row, "the interface's own row comes first");
        assert!(grammar().parse(Place::Sub(Sub::Watch), "network-monitor cloud enable").is_ok());
    }
}
