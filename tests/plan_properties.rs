//! Properties of every plan, over generated pairs of configurations.
//!
//! Applying the plan to the old one gives the new one; undoing it from any point gives the old one back; the model of the router
//! refuses no line on the way; and at no line of the push or of any undo does an interface pass what both configurations drop, or
//! drop what both pass without the plan saying so: under every reading of what is not attested.
//!
//! Seeded: `IX_SEED` starts elsewhere, `IX_ROUNDS` changes the number of pairs, `IX_SECONDS` runs for that long.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

use std::time::{Duration, Instant};

use ixdeploy::ix::flow::{Filters, MissingList, Packet, Transport};
use ixdeploy::ix::{Config, Node};
use ixdeploy::plan::rehearsal::{Rebind, Router};
use ixdeploy::plan::{self, Lifeline, Plan};

/// A small generator of numbers (SplitMix64): the same seed, the same pair.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).unwrap()
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

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
    let mut lists = Vec::new();
    for list in LISTS {
        if dice.one_in(4) {
            continue;
        }
        lists.push(list.to_owned());
        let mut entries: Vec<&str> = Vec::new();
        for _ in 0..=dice.below(4) {
            let entry = dice.pick(&ENTRIES);
            if !entries.contains(entry) {
                entries.push(entry);
            }
        }
        if dice.one_in(6) {
            text += &format!("ip access-list {list} option optimize\n");
        }
        for entry in entries {
            text += &format!("ip access-list {list} {entry}\n");
        }
    }
    for dynamic in ["dyn-one", "dyn-two"] {
        if !lists.is_empty() && dice.one_in(2) {
            let list = dice.pick(&lists).clone();
            if !list.starts_with("dyn") {
                text += &format!("ip access-list dynamic {dynamic} access {list}\n");
                lists.push(dynamic.to_owned());
            }
        }
    }
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
            _ => text += &format!("  ip address 10.1.{}.1/24\n", dice.below(3)),
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

fn packets() -> Vec<Packet> {
    let mut all = Vec::new();
    for source in ["10.0.0.9", "10.0.7.9"] {
        for destination in ["10.0.1.9", "192.0.2.9"] {
            for transport in [
                Transport::Tcp(1000, 80),
                Transport::Tcp(1000, 22),
                Transport::Udp(1000, 53),
                Transport::Icmp(8),
                Transport::Icmp(0),
            ] {
                all.push(Packet {
                    source: source.parse().unwrap(),
                    destination: destination.parse().unwrap(),
                    transport,
                });
            }
        }
    }
    all
}

/// Whether an interface is up and has an address.
fn is_open(block: &Node) -> bool {
    let addressed =
        block.children.iter().any(|line| !line.off && line.row.as_ref().is_some_and(|row| &*row.slot == "ip-address"));
    addressed && !block.children.iter().any(|line| !line.off && line.row.as_ref().is_some_and(|row| row.up))
}

/// What passes, for every interface, direction, packet and reading: by its filters alone, and with its being open.
fn traffic(config: &Config, names: &[String], packets: &[Packet]) -> Vec<(bool, bool)> {
    let mut all = Vec::new();
    let filters = Filters::of(config);
    for name in names {
        let block = config.interface(name);
        for direction in ["in", "out"] {
            for missing in [MissingList::MatchesNothing, MissingList::PassesAll, MissingList::DropsAll] {
                for packet in packets {
                    let filtered = block.is_none_or(|block| filters.pass(block, direction, packet, missing));
                    let open = block.is_some_and(is_open) && filtered;
                    all.push((filtered, open));
                }
            }
        }
    }
    all
}

struct Watch {
    names: Vec<String>,
    packets: Vec<Packet>,
    old: Vec<(bool, bool)>,
    new: Vec<(bool, bool)>,
    gap: bool,
}

impl Watch {
    fn new(old: &Config, new: &Config, plan: &Plan) -> Self {
        let name = |node: &Node| node.arg("IF").filter(|_| node.context() == "interface").map(str::to_owned);
        let of = |config: &Config| config.nodes.iter().filter_map(name).collect::<Vec<_>>();
        let after = of(new);
        let names: Vec<String> = of(old).into_iter().filter(|name| after.contains(name)).collect();
        let packets = packets();
        let (old, new) = (traffic(old, &names, &packets), traffic(new, &names, &packets));
        Self { names, packets, old, new, gap: plan.notes.iter().any(|note| note.id == "filter.gap") }
    }

    fn check(&self, now: &Config, after: &str) {
        let now = traffic(now, &self.names, &self.packets);
        for (index, (now, (old, new))) in now.iter().zip(self.old.iter().zip(&self.new)).enumerate() {
            let per_name = self.packets.len() * 6;
            let place = || (&self.names[index / per_name], self.packets[index % self.packets.len()]);
            assert!(!now.0 || old.0 || new.0, "after `{after}` {:?} passes what both drop", place());
            assert!(!now.1 || old.1 || new.1, "after `{after}` {:?} is open where both were closed", place());
            assert!(self.gap || now.0 || !(old.1 && new.1), "after `{after}` {:?} drops what both pass", place());
        }
    }
}

fn holds(old_text: &str, new_text: &str, exhaustive: bool) {
    let (old, new) = (Config::parse(old_text), Config::parse(new_text));
    assert!(plan::between(&old, &old, &Lifeline::Console, 255).unwrap().is_empty(), "no difference with itself");
    let plan = match plan::between(&old, &new, &Lifeline::Console, 255) {
        Ok(plan) => plan,
        // Two groups that exchange their only ports cannot be put in order, and the plan says so.
        Err(plan::PlanError::Cycle { lines }) if lines.iter().all(|line| line.contains("vlan-group")) => return,
        Err(error) => panic!("{error}"),
    };
    let (full_old, full_new) = (plan::state::complete(&old, &new), plan::state::complete(&new, &old));
    let watch = Watch::new(&full_old, &full_new, &plan);
    for rebind in [Rebind::Replaces, Rebind::Adds, Rebind::Refused] {
        let mut router = Router::new(&full_old).rebinding(rebind);
        // No number is ever bound while it is in use: one reading is enough for what costs most.
        let closely = rebind == Rebind::Replaces;
        let every = if exhaustive { 1 } else { 13 };
        for (sent, command) in plan.commands.iter().enumerate() {
            if closely && sent % every == 0 {
                undone(&plan, sent, &router, &full_old, &watch);
            }
            router.enter(&command.text).unwrap_or_else(|refusal| panic!("{refusal}\n{}", plan.commands_text(true)));
            if closely {
                watch.check(router.config(), &command.text);
            }
        }
        undone(&plan, plan.commands.len(), &router, &full_old, &watch);
        assert!(
            plan::same(router.config(), &plan.expected),
            "ends at\n{}\n{}",
            router.config().print(),
            plan.commands_text(true)
        );
        assert!(plan::same(router.config(), &full_new), "ends elsewhere");
    }
    assert!(plan::between(&plan.expected, &new, &Lifeline::Console, 255).unwrap().is_empty(), "a second plan is empty");
    any_line_of_a_window_may_be_refused(&plan, &full_old);
}

/// Of every window, each line alone, and every second line, is refused: the router carries out the rest of that window, and the
/// inverse of what it accepted leads back.
fn any_line_of_a_window_may_be_refused(plan: &Plan, old: &Config) {
    let windows = plan.windows(8);
    assert_eq!(windows.iter().cloned().flatten().collect::<Vec<_>>(), (0..plan.commands.len()).collect::<Vec<_>>());
    let mut router = Router::new(old);
    for window in windows {
        let lines = &plan.commands[window.clone()];
        assert!(
            lines.len() == 1 || lines.iter().all(|line| !line.opener && !line.alone && !line.may_cut && !line.secret)
        );
        let before: Vec<usize> = plan.commands[..window.start].iter().map(|command| command.number).collect();
        let every_second = |index: usize, refused: usize| refused == lines.len() && index % 2 == 1;
        for refused in (0..=lines.len()).filter(|_| lines.len() > 1) {
            let mut router = router.clone();
            let mut accepted = before.clone();
            for (index, line) in lines.iter().enumerate() {
                if index == refused || every_second(index, refused) {
                    continue;
                }
                router.enter(&line.text).unwrap_or_else(|refusal| {
                    panic!(
                        "without the refused `{}`: {refusal}\n{}",
                        lines[refused.min(lines.len() - 1)].text,
                        plan.commands_text(true)
                    )
                });
                accepted.push(line.number);
            }
            router.configure();
            for command in plan.undo_of(|number| accepted.contains(&number)) {
                router.enter(&command.text).unwrap_or_else(|refusal| panic!("undo of a part: {refusal}"));
            }
            assert!(plan::same(router.config(), old), "a part of a window undone ends at\n{}", router.config().print());
        }
        for line in lines {
            router.enter(&line.text).unwrap();
        }
    }
}

fn undone(plan: &Plan, sent: usize, router: &Router, old: &Config, watch: &Watch) {
    let mut router = router.clone();
    router.configure();
    for command in plan.undo(sent) {
        router.enter(&command.text).unwrap_or_else(|refusal| {
            panic!(
                "undo after {sent}: {refusal}\n{}\nundo\n{}",
                plan.commands_text(true),
                plan::text_of(&plan.undo(sent), true)
            )
        });
        watch.check(router.config(), &command.text);
    }
    assert!(plan::same(router.config(), old), "undo after {sent} ends at\n{}", router.config().print());
}

#[test]
fn every_plan_arrives_and_every_undo_returns() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let (seed, rounds, seconds) =
        (number("IX_SEED").unwrap_or(1), number("IX_ROUNDS").unwrap_or(10), number("IX_SECONDS"));
    let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut round = 0;
    while until.map_or(round < rounds, |until| Instant::now() < until) {
        let mut dice = Dice(seed.wrapping_mul(1_000_003).wrapping_add(round));
        let old = configuration(&mut dice);
        let new = if dice.one_in(2) { variation(&mut dice, &old) } else { configuration(&mut dice) };
        let outcome = std::panic::catch_unwind(|| holds(&old, &new, round % 10 == 9));
        assert!(outcome.is_ok(), "seed {seed} round {round}\n--- old\n{old}--- new\n{new}");
        round += 1;
    }
    eprintln!("seed {seed}, {round} pairs");
}
