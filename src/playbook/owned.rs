//! Whether a role owns what it renders: a line outside its ownership is an error before anything is planned.

use crate::dialect::Dialect;
use crate::dialect::grammar::words;
use crate::ix::{Config, Node};
use crate::plan::Ownership;
use std::sync::Arc;

/// The lines of a rendering, counted from 1, that the ownership does not name. A block's header is repeated to say where
/// lines belong and needs an owner only where nothing inside has one.
pub(super) fn unowned(dialect: &Arc<Dialect>, rendered: &str, ownership: &Ownership) -> Vec<usize> {
    let mut lines = Vec::new();
    if !ownership.owns_all() {
        let config = Config::parse(dialect, rendered);
        walk(&config.nodes, &[], ownership, &mut lines);
    }
    lines
}

fn walk(nodes: &[Node], headers: &[&str], ownership: &Ownership, lines: &mut Vec<usize>) {
    for node in nodes {
        let own = words(&node.text);
        let positive = own.iter().skip(usize::from(own.first() == Some(&"no") && own.len() > 1));
        let full: Vec<&str> = headers.iter().chain(positive).copied().collect();
        let reached = node.is_block() && ownership.reaches_into(&full);
        if !reached && !ownership.owns(&full) {
            lines.extend(usize::try_from(node.line));
        }
        walk(&node.children, &full, ownership, lines);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn judge(owns: &[&str], text: &str) -> Vec<usize> {
        unowned(Dialect::ix(), text, &Ownership::parse(owns).unwrap())
    }

    #[test]
    fn lines_outside_the_ownership_are_found() {
        let text = "url-list a permit domain *x.jp\nurl-list b permit domain *y.jp\ninterface GigaEthernet0.0\n  description z\n  no shutdown\n";
        assert_eq!(judge(&["all"], text), Vec::<usize>::new());
        assert_eq!(judge(&["url-list a", "interface GigaEthernet0.0"], text), [2]);
        assert_eq!(judge(&["url-list", "interface * description"], text), [5]);
        assert_eq!(judge(&["url-list"], text), [3, 4, 5]);
    }
}
