//! Lines that nobody types: the router enters them by itself because of another line of the same block.
//!
//! Which line makes which stands in the grammar's table (`makes=`). Whether a router really does so is not always attested, so
//! that both are taken: the line there, and the line not there. Nothing here decides what becomes of such a line.

use std::sync::Arc;

use super::Node;

/// Why a line stands in a block although nobody entered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The line of the same block because of which the router enters it.
    pub because_of: Arc<str>,
}

/// Why the router may have entered a line by itself, given the lines of the block it stands in; nothing where only a person can
/// have.
pub fn router_made(block: &[Node], line: &Node) -> Option<Reason> {
    let makes = |maker: &&Node| {
        !maker.off && maker.row.as_ref().is_some_and(|row| row.makes.iter().any(|made| **made == *line.text))
    };
    block.iter().find(makes).map(|maker| Reason { because_of: Arc::clone(&maker.text) })
}

/// Whether a block holds a line because of which the router enters others.
pub fn makes_lines(block: &[Node]) -> bool {
    block.iter().any(|line| !line.off && line.row.as_ref().is_some_and(|row| !row.makes.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::router_made;
    use crate::ix::Config;

    fn reason(block: &str, line: &str) -> Option<String> {
        let config = Config::parse(format!("interface GigaEthernet0.1\n  {block}\n  {line}\n"));
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
}
