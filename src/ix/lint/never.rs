//! What is written and can never apply: an entry of an access list behind one that takes everything, and a range from its end to
//! its beginning.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;

use super::remark::Remark;
use super::{Finding, Level, finding};
use crate::dialect::grammar::{CommandKind, words};
use crate::ix::mask::mask_line;
use crate::ix::{Config, Node};

pub(super) fn judge(config: &Config, findings: &mut Vec<Finding>) {
    behind_all(config, findings);
    config.walk(&mut |_, node| backwards(node, findings));
}

/// Whether a line is an entry of a list that judges packets of IPv4 or IPv6.
fn is_entry(node: &Node) -> bool {
    node.kind() == Some(CommandKind::List)
        && node.row.as_ref().is_some_and(|row| matches!(row.leading.as_str(), "ip access-list" | "ipv6 access-list"))
}

/// Entries are judged in the order they were entered; of a list with numbers nothing is said.
fn behind_all(config: &Config, findings: &mut Vec<Finding>) {
    let in_lists = || config.nodes.iter().filter_map(|node| Some((&**node.list()?, node)));
    let numbered: HashSet<&str> = in_lists()
        .filter(|(_, node)| match node.kind() {
            Some(CommandKind::Head) => node.text.contains(" sequence-mode"),
            _ => node.arg("SEQ").is_some(),
        })
        .map(|(list, _)| list)
        .collect();
    let mut closed: HashMap<&str, &Node> = HashMap::new();
    for (list, entry) in in_lists().filter(|(list, node)| is_entry(node) && !numbered.contains(list)) {
        if let Some(all) = closed.get(list) {
            let remark = Remark::NeverMatches { line: entry.text.to_string(), first: all.text.to_string() };
            findings.push(Finding { first: all.line, ..finding(Level::Warning, entry.line, &remark) });
        } else if entry.arg("MATCH") == Some("ip src any dest any") {
            closed.insert(list, entry);
        }
    }
}

/// Two ends of a range, the later one first.
fn backwards(node: &Node, findings: &mut Vec<Finding>) {
    let address = |name: &str| node.arg(name)?.parse::<Ipv4Addr>().ok();
    let addresses = matches!((address("FIRST"), address("LAST")), (Some(first), Some(last)) if first > last);
    let split = if is_entry(node) { words(&node.text) } else { Vec::new() };
    let port = |word: &&str| word.parse::<u16>().ok();
    let ports = split.windows(4).any(|part| match part {
        ["sport" | "dport", "range", first, last] => {
            matches!((port(first), port(last)), (Some(first), Some(last)) if first > last)
        }
        _ => false,
    });
    if addresses || ports {
        findings.push(finding(Level::Warning, node.line, &Remark::RangeBackwards { line: mask_line(&node.text) }));
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::ix::lint::lint;

    fn found(text: &str) -> Vec<(String, u32, u32)> {
        let all = lint(&Config::parse(Dialect::ix(), text), None, &[]);
        all.into_iter()
            .filter(|finding| ["never-matches", "range-backwards"].contains(&finding.id.as_str()))
            .map(|finding| (finding.id, finding.line, finding.first))
            .collect()
    }

    #[test]
    fn nothing_is_matched_behind_an_entry_that_takes_everything() {
        let never = |line: u32, first: u32| ("never-matches".to_owned(), line, first);
        let lists = "ip access-list a deny ip src any dest any\nip access-list b permit ip src any dest any\n";
        assert_eq!(found(lists), []);
        let tcp = "permit tcp src any sport any dest any dport eq 80\n";
        assert_eq!(found(&format!("{lists}ip access-list a {tcp}ip access-list b {tcp}")), [never(3, 1), never(4, 2)]);
        assert_eq!(found(&format!("ip access-list a {tcp}{lists}")), []);
        // The IPv6 list of a name is another one, and a narrower entry takes less.
        assert_eq!(found(&format!("{lists}ipv6 access-list a {tcp}")), []);
        assert_eq!(found(&format!("ip access-list a permit ip src any dest any dscp 8\nip access-list a {tcp}")), []);
        // Of numbered entries the number decides.
        assert_eq!(found(&format!("{lists}ip access-list a sequence-mode 10\nip access-list a {tcp}")), []);
        assert_eq!(found(&format!("ip access-list c 20 deny ip src any dest any\nip access-list c 10 {tcp}")), []);
    }

    #[test]
    fn a_range_begins_with_its_beginning() {
        for (right, wrong) in [
            (
                "ip dhcp profile p\n  assignable-range 192.0.2.9 192.0.2.100\n",
                "ip dhcp profile p\n  assignable-range 192.0.2.100 192.0.2.9\n",
            ),
            ("ip nat pool p 10.0.0.9 10.0.0.10\n", "ip nat pool p 10.0.0.10 10.0.0.9\n"),
            (
                "ip access-list a permit tcp src any sport any dest any dport range 80 443\n",
                "ip access-list a permit tcp src any sport any dest any dport range 443 80\n",
            ),
        ] {
            assert_eq!(found(right), [], "{right}");
            let line = u32::from(wrong.starts_with("ip dhcp")) + 1;
            assert_eq!(found(wrong), [("range-backwards".to_owned(), line, 0)], "{wrong}");
        }
    }
}
