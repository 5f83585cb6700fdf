//! Properties of every plan, over generated pairs of configurations.
//!
//! Applying the plan to the old one gives the new one; undoing it from any point gives the old one back; the model of the router
//! refuses no line on the way; and at no line of the push or of any undo does an interface pass what both configurations drop, or
//! drop what both pass without the plan saying so: under every reading of what is not attested.
//!
use crate::dice::{Dice, rounds};
use crate::flow::holds;

const ENTRIES: [&str; 9] = [
    "permit ip src any dest any",
    "deny ip src any dest any",
    "permit ip src 10.0.0.0/24 dest any",
    "deny ip src 10.0.0.0/24 dest any",
    "permit tcp src any sport any dest any dport eq 80",
    "deny tcp src any sport any dest any dport eq 80",
    "permit udp src any sport any dest 10.0.1.0/24 dport range 50 60",
    "deny icmp src any dest any",
    "permit icmp type 8 src any dest any",
];
const LISTS: [&str; 4] = ["alpha", "beta", "fifteen-letters", "g"];
const ENTRIES6: [&str; 6] = [
    "permit ip src any dest any",
    "deny ip src any dest any",
    "permit ip src 2001:db8:1::/64 dest any",
    "deny tcp src any sport any dest any dport eq 22",
    "permit icmp src any dest any",
    "deny udp src any sport any dest 2001:db8:2::/64",
];
const LISTS6: [&str; 3] = ["six", "fifteen6letters", "h"];

/// Lists of one family, some of them numbered, some stateful over others; returns their names.
fn lists(dice: &mut Dice, family: &str, names: &[&str], entries: &[&str], text: &mut String) -> Vec<String> {
    let mut lists = Vec::new();
    for list in names {
        if dice.one_in(4) {
            continue;
        }
        lists.push((*list).to_owned());
        let mut chosen: Vec<&str> = Vec::new();
        for _ in 0..=dice.below(4) {
            let entry = dice.pick(entries);
            if !chosen.contains(entry) {
                chosen.push(entry);
            }
        }
        let numbered = dice.one_in(4);
        if numbered {
            *text += &format!("{family} access-list {list} sequence-mode 10\n");
        } else if dice.one_in(6) {
            *text += &format!("{family} access-list {list} option optimize\n");
        }
        let mut number = 0;
        for entry in chosen {
            number += 10 * (1 + dice.below(2));
            let number = if numbered { format!("{number} ") } else { String::new() };
            *text += &format!("{family} access-list {list} {number}{entry}\n");
        }
    }
    for dynamic in ["dyn-one", "dyn-two"] {
        if !lists.is_empty() && dice.one_in(2) {
            let list = dice.pick(&lists).clone();
            if !list.starts_with("dyn") {
                *text += &format!("{family} access-list dynamic {dynamic} access {list}\n");
                lists.push(dynamic.to_owned());
            }
        }
    }
    lists
}

/// A configuration in which every reference is defined.
fn configuration(dice: &mut Dice) -> String {
    let mut text = String::new();
    if dice.one_in(2) {
        text += &format!("hostname {}\n", dice.pick(&["a", "b"]));
    }
    for user in ["one", "two"] {
        if dice.one_in(2) {
            let right = dice.pick(&["administrator", "monitor"]);
            text += &format!("username {user} password hash {}@ {right}\n", dice.below(3));
        }
    }
    // Lines that have nothing to do with each other: these are what windows are made of.
    for line in
        ["timezone +09 00", "ntp ip enable", "logging subsystem all warn", "ip dhcp enable", "proxy-dns ip enable"]
    {
        if dice.one_in(2) {
            text += &format!("{line}\n");
        }
    }
    if dice.one_in(2) {
        text += &format!("ntp interval {}\n", 60 * (1 + dice.below(3)));
    }
    for number in [10, 20, 30] {
        if dice.one_in(3) {
            text += &format!("ip prefix-list p {number} permit 10.{}.0.0/16\n", dice.below(3));
        }
    }
    for hop in ["10.9.0.1", "10.9.0.2", "GigaEthernet0.0"] {
        if dice.one_in(3) {
            text += &format!("ip route default {hop}\n");
        }
    }
    let lists4 = lists(dice, "ip", &LISTS, &ENTRIES, &mut text);
    let lists6 = lists(dice, "ipv6", &LISTS6, &ENTRIES6, &mut text);
    let lists = lists4;
    if !lists.is_empty() && dice.one_in(2) {
        text += &format!("ssh-server ip access-list {}\nssh-server ip enable\n", dice.pick(&lists));
    }
    let domains: Vec<&&str> = ["*a.example", "*b.example", "*c.example"].iter().filter(|_| dice.one_in(2)).collect();
    for domain in &domains {
        text += &format!("url-list closed permit domain {domain}\n");
    }
    if !domains.is_empty() && dice.one_in(2) {
        text += &format!("proxy-dns server 2001:db8::1 url-list closed priority {}\n", 100 + dice.below(2));
    }
    if dice.one_in(6) {
        text += "flux-capacitor enable\n";
    }
    let profile = dice.one_in(2);
    if profile {
        text += &format!("ip dhcp profile lan1\n  dns-server 10.0.0.{}\n", 1 + dice.below(2));
        text += &format!("  default-gateway 10.0.0.{}\n  lease-time 3600\n!\n", 1 + dice.below(2));
    }
    let mut interfaces = vec!["GigaEthernet0.0".to_owned(), "GigaEthernet1.0".to_owned()];
    let mut ports: Vec<usize> = (1..=8).collect();
    let mut device = String::new();
    for group in 1..=2 {
        if dice.one_in(2) {
            let mut own: Vec<usize> = Vec::new();
            for _ in 0..=dice.below(3) {
                let at = dice.below(ports.len());
                own.push(ports.remove(at));
            }
            own.sort_unstable();
            let own: Vec<String> = own.iter().map(ToString::to_string).collect();
            device += &format!("  vlan-group {group} port {}\n", own.join(" "));
            interfaces.push(format!("GigaEthernet2:{group}.0"));
        }
    }
    text += &format!("device GigaEthernet2\n{device}!\n");
    if dice.one_in(2) {
        interfaces.push("Tunnel0.0".to_owned());
    }
    if dice.one_in(2) {
        interfaces.push("GigaEthernet1.1".to_owned());
    }
    for name in &interfaces {
        text += &format!("interface {name}\n");
        if dice.one_in(3) {
            text += &format!("  description number {}\n", dice.below(3));
        }
        if dice.one_in(3) {
            text += &format!("  ip vrf forwarding V{}\n", dice.below(2));
        }
        match dice.below(4) {
            0 => text += "  no ip address\n",
            1 => text += "  ip unnumbered GigaEthernet0.0\n",
            _ => {
                text += &format!("  ip address 10.1.{}.1/24\n", dice.below(8));
                for net in 0..2 {
                    if dice.one_in(8) {
                        text += &format!("  ip address 10.1.{net}.{}/24 secondary\n", 1 + dice.below(2));
                    }
                }
            }
        }
        if profile && dice.one_in(3) {
            text += "  ip dhcp binding lan1\n";
        }
        if !lists.is_empty() {
            for direction in ["in", "out"] {
                for number in [1, 2, 3, 100] {
                    if dice.one_in(3) {
                        text += &format!("  ip filter {} {number} {direction}\n", dice.pick(&lists));
                    }
                }
            }
            if dice.one_in(3) {
                text += &format!("  ip napt inside list {}\n", dice.pick(&lists));
            }
        }
        if dice.one_in(2) {
            text += *dice.pick(&["  ipv6 enable\n", "  ipv6 address autoconfig\n"]);
            for (direction, number) in [("in", 1), ("in", 2), ("out", 1), ("out", 5)] {
                if !lists6.is_empty() && dice.one_in(2) {
                    text += &format!("  ipv6 filter {} {number} {direction}\n", dice.pick(&lists6));
                }
            }
        }
        text += if dice.one_in(4) { "  shutdown\n!\n" } else { "  no shutdown\n!\n" };
    }
    text
}

/// The old text with a few lines changed, so that pairs are close as often as far.
fn variation(dice: &mut Dice, text: &str) -> String {
    let mut entries: Vec<&str> = text.lines().collect();
    for _ in 0..=dice.below(3) {
        let lists: Vec<usize> = (0..entries.len())
            .filter(|at| entries[*at].contains(" access-list ") && !entries[*at].contains("dynamic"))
            .filter(|at| !entries[*at].contains("-mode "))
            .collect();
        let filters: Vec<usize> = (0..entries.len()).filter(|at| entries[*at].contains(" filter ")).collect();
        match dice.below(4) {
            0 if lists.len() > 1 => {
                let (left, right) = (*dice.pick(&lists), *dice.pick(&lists));
                entries.swap(left, right);
            }
            1 if !lists.is_empty() => {
                let at = *dice.pick(&lists);
                let name = entries[at].split(' ').nth(2).unwrap();
                let more = lists.iter().filter(|other| entries[**other].split(' ').nth(2) == Some(name)).count();
                if more > 1 {
                    entries.remove(at);
                }
            }
            2 if !filters.is_empty() => {
                let at = *dice.pick(&filters);
                entries.remove(at);
            }
            _ => {}
        }
    }
    entries.join("\n") + "\n"
}

#[test]
fn every_plan_arrives_and_every_undo_returns() {
    rounds("generated", 10, |dice, round| {
        let old = configuration(dice);
        let new = if dice.one_in(2) { variation(dice, &old) } else { configuration(dice) };
        let outcome = std::panic::catch_unwind(|| holds(&old, &new, round % 10 == 9));
        assert!(outcome.is_ok(), "--- old\n{old}--- new\n{new}");
    });
}
