//! What is otherwise in a router's displays than it was before a change, besides what the change itself names.
//!
//! Pure. What moves by itself, as counters, clocks and neighbours do, is left out; a display that was cut off is not compared.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;

use super::Display;
use super::item::End;

/// A display, with the command that showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The command.
    pub command: String,
    /// What it showed.
    pub display: Display,
}

/// One field that has other values than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The command that shows it.
    pub command: String,
    /// What it is about; empty for the router as a whole.
    pub of: String,
    /// The field.
    pub field: &'static str,
    /// The values that are gone.
    pub before: Vec<String>,
    /// The values that are new.
    pub after: Vec<String>,
    /// A line of the change names it, or a value of it.
    pub is_meant: bool,
}

/// What a comparison came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What differs, in the order of the displays after the change.
    pub differences: Vec<Difference>,
    /// The commands whose display was cut off, or has another form, before or after.
    pub not_compared: Vec<String>,
}

/// What a router says of its line and its neighbours: no configuration of an interface explains it by itself.
const NEVER_BY_SUBJECT: [&str; 13] = [
    "client",
    "server",
    "prefix",
    "dns-server",
    "ntp-server",
    "domain",
    "subscriber",
    "subscriber-state",
    "subscriber-address",
    "duplicate",
    "duplicate-mac",
    "state",
    "protocol",
];

/// Compares displays of before and after a change, whose lines are these. What was shown once alone is not compared.
pub fn compare(before: &[Shown], after: &[Shown], lines: &[&str]) -> Comparison {
    let named: BTreeSet<&str> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
    let mut comparison = Comparison::default();
    for new in after {
        let Some(old) = before.iter().find(|old| old.command == new.command) else { continue };
        if [old, new].iter().any(|shown| shown.display.end() == End::CutOff) {
            comparison.not_compared.push(new.command.clone());
        } else {
            comparison.differences.extend(differences(old, new, &named));
        }
    }
    comparison
}

/// What two readings of one display say differently.
fn differences(before: &Shown, after: &Shown, named: &BTreeSet<&str>) -> Vec<Difference> {
    let (old, new) = (values(&before.display), values(&after.display));
    let keys: BTreeSet<&(&str, &'static str)> = old.keys().chain(new.keys()).collect();
    let command = &after.command;
    let mut found = Vec::new();
    for key in keys {
        let none = BTreeSet::new();
        let (was, is) = (old.get(key).unwrap_or(&none), new.get(key).unwrap_or(&none));
        if was == is {
            continue;
        }
        let only = |one: &BTreeSet<&str>, other| one.difference(other).map(|value| (*value).to_owned()).collect();
        let (before, after): (Vec<String>, Vec<String>) = (only(was, is), only(is, was));
        let (of, field) = *key;
        let by_value = before.iter().chain(&after).any(|value| is_named(value, named));
        let is_meant = by_value || is_meant_by_subject(of, field, named);
        found.push(Difference { command: command.clone(), of: of.to_owned(), field, before, after, is_meant });
    }
    found
}

/// The values of every field that does not move by itself, by what it is about.
fn values(display: &Display) -> BTreeMap<(&str, &'static str), BTreeSet<&str>> {
    let mut values: BTreeMap<(&str, &'static str), BTreeSet<&str>> = BTreeMap::new();
    for item in display.items() {
        if display.kind().field(item.field).is_some_and(|field| !field.moves) {
            values.entry((item.of.as_str(), item.field)).or_default().insert(&item.value);
        }
    }
    values
}

/// Whether the change explains a field because it names what that is about.
fn is_meant_by_subject(of: &str, field: &str, named: &BTreeSet<&str>) -> bool {
    let is_of_the_link = ["state", "protocol"].contains(&field);
    let may_be = !NEVER_BY_SUBJECT.contains(&field) || (is_of_the_link && named.contains("shutdown"));
    may_be && is_named(of, named)
}

/// Whether a line of the change names a value: in one of its words, a number by itself left out.
fn is_named(value: &str, named: &BTreeSet<&str>) -> bool {
    let words = value.split([' ', ',']).filter(|word| !word.is_empty() && word.parse::<u64>().is_err());
    let has_word = |word: &str| {
        word.chars().any(|character| !character.is_ascii_lowercase())
            && named.iter().any(|line| *line == word || is_same_network(line, word))
    };
    words.into_iter().any(has_word)
}

/// Whether two words are one network, one address in it, or the default route.
fn is_same_network(line: &str, word: &str) -> bool {
    let network =
        |text: &str| -> Option<IpNet> { text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)) };
    let Some(shown) = network(word) else { return false };
    match (line, network(line)) {
        ("default", _) => shown.prefix_len() == 0,
        (_, Some(typed)) => typed == shown || typed.trunc() == shown || typed.addr() == shown.addr(),
        (_, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Shown, compare};
    use crate::dialect::Dialect;
    use crate::ix::display::{Display, Kind};

    const ADDRESSES: &str = include_str!("../../../tests/data/displays/ip-address.txt");
    const ROUTES: &str = include_str!("../../../tests/data/displays/ip-route.txt");
    const CLIENT: &str = include_str!("../../../tests/data/displays/ipv6-dhcp-client.txt");

    fn read(kind: Kind, text: &str) -> [Shown; 1] {
        [Shown { command: kind.command(Dialect::ix().commands()).to_owned(), display: Display::read(kind, text) }]
    }

    /// Each difference as `field of SUBJECT: before -> after`.
    fn said(comparison: &Comparison, meant: bool) -> Vec<String> {
        let found = comparison.differences.iter().filter(|found| found.is_meant == meant);
        found.map(|found| format!("{} of {}: {:?} -> {:?}", found.field, found.of, found.before, found.after)).collect()
    }

    #[test]
    fn what_moves_by_itself_is_no_difference() {
        let later = CLIENT.replace("0:00:12", "1:00:12").replace("renew 1788", "renew 900").replace("7188", "6000");
        assert_ne!(later, CLIENT);
        assert_eq!(
            compare(&read(Kind::DhcpClient, CLIENT), &read(Kind::DhcpClient, &later), &[]),
            Comparison::default()
        );
    }

    #[test]
    fn what_the_change_names_is_meant_and_the_rest_is_told_apart() {
        let after = ADDRESSES
            .replace("Internet address is 192.168.10.1/24", "Internet address is 192.168.20.1/24")
            .replace("Interface Tunnel0.0 is up", "Interface Tunnel0.0 is down");
        let lines = ["interface GigaEthernet2.0", "ip address 192.168.20.1/24"];
        let found = compare(&read(Kind::IpAddress, ADDRESSES), &read(Kind::IpAddress, &after), &lines);
        assert_eq!(said(&found, true), [r#"address of GigaEthernet2.0: ["192.168.10.1/24"] -> ["192.168.20.1/24"]"#]);
        assert_eq!(said(&found, false), [r#"state of Tunnel0.0: ["up"] -> ["down"]"#]);
        // A link that went down is not meant because a line is about its interface, but by one that shuts it.
        let down = ADDRESSES.replace("Interface GigaEthernet2.0 is up", "Interface GigaEthernet2.0 is down");
        let compared =
            |lines: &[&str]| compare(&read(Kind::IpAddress, ADDRESSES), &read(Kind::IpAddress, &down), lines);
        assert_eq!(said(&compared(&lines), true), [""; 0]);
        assert_eq!(said(&compared(&["interface GigaEthernet2.0", "shutdown"]), false), [""; 0]);
    }

    #[test]
    fn a_route_that_is_gone_is_a_difference_and_its_age_is_none() {
        let after = ROUTES.replace("4 entries", "3 entries").replace("15:21:35", "15:30:00");
        let after: Vec<&str> = after.lines().filter(|line| !line.contains("192.0.2.1/32")).collect();
        let after = read(Kind::IpRoute, &after.join("\n"));
        let found = compare(&read(Kind::IpRoute, ROUTES), &after, &["no ip route 192.0.2.1/32 198.51.100.254"]);
        assert_eq!(said(&found, false), [""; 0]);
        assert_eq!(said(&found, true).len(), 3, "{found:?}");
    }

    #[test]
    fn a_display_that_was_cut_off_or_shown_once_is_not_compared() {
        let (cut, _) = ROUTES.rsplit_once("C    ").unwrap_or_default();
        let cut = compare(&read(Kind::IpRoute, ROUTES), &read(Kind::IpRoute, cut), &[]);
        assert_eq!((cut.differences.len(), cut.not_compared), (0, vec!["show ip route".to_owned()]));
        assert_eq!(compare(&read(Kind::IpRoute, ROUTES), &[], &[]), Comparison::default());
    }
}
