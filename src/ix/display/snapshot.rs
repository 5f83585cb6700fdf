//! What is otherwise in a router's displays than it was before a change, besides what the change itself names.
//!
//! Pure. What moves by itself, as counters, clocks and neighbours do, is left out; a display that was cut off is not compared.

use std::collections::{BTreeMap, BTreeSet};

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

/// Compares displays of before and after a change, whose lines are these. What was shown once alone is not compared.
pub fn compare(before: &[Shown], after: &[Shown], lines: &[&str]) -> Vec<Difference> {
    let named: BTreeSet<&str> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
    let is_whole = |shown: &&Shown| shown.display.end() != End::CutOff;
    let pairs = after.iter().filter(is_whole).filter_map(|new| {
        let old = before.iter().filter(is_whole).find(|old| old.command == new.command)?;
        Some(differences(old, new, &named))
    });
    pairs.flatten().collect()
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
        let is_meant = std::iter::once(of)
            .chain(before.iter().chain(&after).map(String::as_str))
            .any(|word| is_named(word, named));
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

/// Whether a line of the change names it: in this word, or as an address without its length.
fn is_named(word: &str, named: &BTreeSet<&str>) -> bool {
    let address = |word: &str| word.split('/').next().map(str::to_owned);
    !word.is_empty()
        && (named.contains(word) || named.iter().any(|line| line.contains('/') && address(line) == address(word)))
}

#[cfg(test)]
mod tests {
    use super::{Difference, Shown, compare};
    use crate::ix::display::{Display, Kind};

    const ADDRESSES: &str = include_str!("../../../tests/data/displays/ip-address.txt");
    const ROUTES: &str = include_str!("../../../tests/data/displays/ip-route.txt");
    const CLIENT: &str = include_str!("../../../tests/data/displays/ipv6-dhcp-client.txt");

    fn read(kind: Kind, text: &str) -> [Shown; 1] {
        [Shown { command: kind.command().to_owned(), display: Display::read(kind, text) }]
    }

    /// Each difference as `field of SUBJECT: before -> after`.
    fn said(found: &[Difference], meant: bool) -> Vec<String> {
        let found = found.iter().filter(|found| found.is_meant == meant);
        found.map(|found| format!("{} of {}: {:?} -> {:?}", found.field, found.of, found.before, found.after)).collect()
    }

    #[test]
    fn what_moves_by_itself_is_no_difference() {
        let later = CLIENT.replace("0:00:12", "1:00:12").replace("renew 1788", "renew 900").replace("7188", "6000");
        assert_ne!(later, CLIENT);
        assert_eq!(compare(&read(Kind::DhcpClient, CLIENT), &read(Kind::DhcpClient, &later), &[]), []);
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
    }

    #[test]
    fn a_route_that_is_gone_is_a_difference_and_its_age_is_none() {
        let after = ROUTES.replace("4 entries", "3 entries").replace("15:21:35", "15:30:00");
        let after: Vec<&str> = after.lines().filter(|line| !line.contains("192.0.2.1/32")).collect();
        let after = read(Kind::IpRoute, &after.join("\n"));
        let found = compare(&read(Kind::IpRoute, ROUTES), &after, &["no ip route 192.0.2.1/32 198.51.100.254"]);
        assert_eq!(said(&found, false), [r#"entries of : ["4"] -> ["3"]"#]);
        assert_eq!(said(&found, true).len(), 3, "{found:?}");
    }

    #[test]
    fn a_display_that_was_cut_off_or_shown_once_is_not_compared() {
        let (cut, _) = ROUTES.rsplit_once("C    ").unwrap_or_default();
        assert_eq!(compare(&read(Kind::IpRoute, ROUTES), &read(Kind::IpRoute, cut), &[]), []);
        assert_eq!(compare(&read(Kind::IpRoute, ROUTES), &[], &[]), []);
    }
}
