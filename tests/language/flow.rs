//! At no line of a push or of an undo does an interface pass what both configurations drop, or drop what both pass without the
//! plan naming the lines: for every packet of a small set, under every reading of what is not attested.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use ixdeploy::dialect::Dialect;
use ixdeploy::ix::flow::{Filters, MissingList, Packet, Transport};
use ixdeploy::ix::{Config, Node};
use ixdeploy::plan::rehearsal::{Overlap, Rebind, Router};
use ixdeploy::plan::{self, Command, Lifeline, Plan};

fn packets() -> Vec<Packet> {
    let mut all = Vec::new();
    let pairs = [
        ("10.0.0.9", "10.0.1.9"),
        ("10.0.0.9", "192.0.2.9"),
        ("10.0.7.9", "10.0.1.9"),
        ("10.0.7.9", "192.0.2.9"),
        ("2001:db8:1::9", "2001:db8:2::9"),
        ("2001:db8:7::9", "2001:db8:2::9"),
    ];
    for (source, destination) in pairs {
        for transport in [
            Transport::Tcp(1000, 80),
            Transport::Tcp(1000, 22),
            Transport::Udp(1000, 53),
            Transport::Icmp(8),
            Transport::Icmp(0),
        ] {
            all.push(Packet { source: source.parse().unwrap(), destination: destination.parse().unwrap(), transport });
        }
    }
    all
}

/// Whether an interface is up and has an address of the packet's family.
fn is_open(block: &Node, packet: &Packet) -> bool {
    let addressed = block.children.iter().filter(|line| !line.off).any(|line| {
        let four = packet.source.is_ipv4();
        line.row.as_ref().is_some_and(|row| if four { &*row.slot == "ip-address" } else { row.address6 })
    });
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
                    let open = block.is_some_and(|block| is_open(block, packet)) && filtered;
                    all.push((filtered, open));
                }
            }
        }
    }
    all
}

/// The switch ports in groups, by device and number, with the interface each is on.
fn ports_of(config: &Config) -> impl Iterator<Item = ((String, String), String)> {
    let devices = config.nodes.iter().filter_map(|node| Some((node, node.arg("DEVICE")?)));
    devices.flat_map(|(node, device)| {
        let groups = node.children.iter().filter(|line| !line.off).filter_map(|line| Some((line.arg("GROUP")?, line)));
        groups.flat_map(move |(group, line)| {
            let ports = line.arg("PORTS").unwrap_or_default().split_whitespace();
            ports.map(move |port| ((device.to_owned(), port.to_owned()), format!("{device}:{group}.0")))
        })
    })
}

/// What passes at each port, for every direction, packet and reading; a port in no group is on the interface of its device.
fn at_ports(config: &Config, ports: &[(String, String)], packets: &[Packet]) -> Vec<Vec<bool>> {
    let grouped: BTreeMap<(String, String), String> = ports_of(config).collect();
    let on: Vec<String> =
        ports.iter().map(|port| grouped.get(port).cloned().unwrap_or_else(|| format!("{}.0", port.0))).collect();
    let names: BTreeSet<&String> = on.iter().collect();
    let known: BTreeMap<&String, Vec<bool>> = names
        .into_iter()
        .map(|name| {
            (name, traffic(config, std::slice::from_ref(name), packets).iter().map(|(_, open)| *open).collect())
        })
        .collect();
    on.iter().map(|name| known[name].clone()).collect()
}

/// The pairs of interfaces that are up and are in one VRF, in none, or in one bridge.
fn together(config: &Config, names: &[String]) -> BTreeSet<[String; 2]> {
    let mut places: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for name in names {
        let lines: Vec<&Node> =
            config.interface(name).into_iter().flat_map(|block| &block.children).filter(|line| !line.off).collect();
        let says = |what: fn(&ixdeploy::dialect::grammar::Row) -> bool| {
            lines.iter().any(|line| line.row.as_ref().is_some_and(|row| what(row)))
        };
        if config.interface(name).is_none() || says(|row| row.up) {
            continue;
        }
        if says(|row| &*row.slot == "ip-address") {
            let vrf = lines.iter().find_map(|line| line.arg("VRF")).unwrap_or_default();
            places.entry(format!("vrf {vrf}")).or_default().insert(name);
        }
        if let Some(bridge) = lines.iter().find(|line| line.text.starts_with("bridge-group ")) {
            places.entry(bridge.text.to_string()).or_default().insert(name);
        }
    }
    let pairs = places.values().flat_map(|there| {
        there.iter().flat_map(move |one| there.iter().map(move |other| [(*one).clone(), (*other).clone()]))
    });
    pairs.filter(|[one, other]| one < other).collect()
}

/// What passed before and passes afterwards, to compare what passes in between.
pub struct Watch {
    names: Vec<String>,
    packets: Vec<Packet>,
    old: Vec<(bool, bool)>,
    new: Vec<(bool, bool)>,
    /// The interfaces that can reach each other before or afterwards: in one VRF, or in none, or in one bridge.
    together: BTreeSet<[String; 2]>,
    /// The switch ports that are in a group before or after, by device and number.
    ports: Vec<(String, String)>,
    /// What passes at each of them before and afterwards.
    old_ports: Vec<Vec<bool>>,
    new_ports: Vec<Vec<bool>>,
    /// The lines of the plan between which it says that traffic stops.
    gaps: Vec<[usize; 2]>,
    /// The lines that undo those.
    undone_gaps: Vec<std::sync::Arc<str>>,
    /// What was judged already, and whether in a gap: the undos from many lines pass through the same configurations.
    judged: RefCell<BTreeSet<(String, bool)>>,
}

impl Watch {
    fn new(old: &Config, new: &Config, plan: &Plan) -> Self {
        let name = |node: &Node| node.arg("IF").filter(|_| node.context() == "interface").map(str::to_owned);
        let of = |config: &Config| config.nodes.iter().filter_map(name).collect::<Vec<_>>();
        let after = of(new);
        let names: Vec<String> = of(old).into_iter().filter(|name| after.contains(name)).collect();
        let packets = packets();
        let mut ports: Vec<(String, String)> = ports_of(old).chain(ports_of(new)).map(|(port, _)| port).collect();
        ports.sort();
        ports.dedup();
        let (old_ports, new_ports) = (at_ports(old, &ports, &packets), at_ports(new, &ports, &packets));
        let together = &together(old, &names) | &together(new, &names);
        let (old, new) = (traffic(old, &names, &packets), traffic(new, &names, &packets));
        let gap = |note: &plan::Note| note.lines.filter(|_| note.id.ends_with(".gap"));
        let gaps: Vec<[usize; 2]> = plan.notes.iter().filter_map(gap).collect();
        let inside = |command: &&Command| gaps.iter().any(|[from, to]| (*from..=*to).contains(&command.number));
        let undone_gaps = plan.commands.iter().filter(inside).flat_map(Command::inverse).cloned().collect();
        let judged = RefCell::default();
        Self { names, packets, old, new, together, ports, old_ports, new_ports, gaps, undone_gaps, judged }
    }

    /// Held after a line of the plan.
    pub fn pushed(&self, now: &Config, command: &Command) {
        let gap = self.gaps.iter().any(|[from, to]| (*from..*to).contains(&command.number));
        self.check(now, &command.text, gap);
    }

    /// Held after a line of the undo.
    pub fn undone(&self, now: &Config, command: &Command) {
        // Turning from block to block stops nothing: what had stopped before did so at a line that was judged.
        let turn = command.opener || *command.text == *"exit";
        self.check(now, &command.text, turn || self.undone_gaps.contains(&command.text));
    }

    fn check(&self, now: &Config, after: &str, gap: bool) {
        if !self.judged.borrow_mut().insert((now.print(), gap)) {
            return;
        }
        let ports = at_ports(now, &self.ports, &self.packets);
        for (port, (now, (old, new))) in
            self.ports.iter().zip(ports.iter().zip(self.old_ports.iter().zip(&self.new_ports)))
        {
            let more = (0..now.len()).find(|at| now[*at] && !old[*at] && !new[*at]);
            assert!(more.is_none(), "after `{after}` port {port:?} meets what neither of its groups lets pass");
        }
        let meet: Vec<_> = together(now, &self.names).difference(&self.together).cloned().collect();
        assert!(meet.is_empty(), "after `{after}` {meet:?} reach each other, which neither configuration allows");
        let now = traffic(now, &self.names, &self.packets);
        for (index, (now, (old, new))) in now.iter().zip(self.old.iter().zip(&self.new)).enumerate() {
            let per_name = self.packets.len() * 6;
            let place = || (&self.names[index / per_name], self.packets[index % self.packets.len()]);
            assert!(!now.0 || old.0 || new.0, "after `{after}` {:?} passes what both drop", place());
            assert!(!now.1 || old.1 || new.1, "after `{after}` {:?} is open where both were closed", place());
            assert!(gap || now.1 || !(old.1 && new.1), "after `{after}` {:?} drops what both pass", place());
        }
    }
}

/// No line is typed twice in a row of one section, in the plan or in its undo.
fn says_nothing_twice(plan: &Plan) {
    for commands in [&plan.commands, &plan.undo(plan.commands.len())] {
        for pair in commands.windows(2) {
            let twice = pair[0].text == pair[1].text && pair[0].depth == pair[1].depth && *pair[0].text != *"exit";
            assert!(!twice, "`{}` is typed twice\n{}", pair[0].text, plan::text_of(commands, true));
        }
    }
}

#[test]
fn no_remark_shows_a_secret() {
    for (old, new) in [
        (
            "ikev2 authentication psk id fqdn a key char OLDVALUE\n",
            "ikev2 authentication psk id fqdn a key char NEWVALUE\n",
        ),
        (
            "interface GigaEthernet0.0\n  vrrp 1 authentication OLDVALUE\n",
            "interface GigaEthernet0.0\n  vrrp 1 authentication NEWVALUE\n",
        ),
        ("snmp-agent ip community OLDVALUE a\n", "snmp-agent ip community OLDVALUE b\n"),
    ] {
        let [from, to] = [old, new].map(|text| Config::parse(Dialect::ix(), text));
        let plan = plan::between(&from, &to, &Lifeline::Console, 255).unwrap();
        let json = plan.to_json().unwrap();
        assert!(!json.contains("VALUE"), "{json}");
        assert!(plan.notes.iter().any(|note| note.id == "line.gap"), "the remark is there: {json}");
    }
}

#[test]
fn lines_removed_by_the_absence_of_an_unknown_line_are_never_typed() {
    let [from, to] = ["warp 1\n", "no warp 2\n"].map(|text| Config::parse(Dialect::ix(), text));
    let plan = plan::between(&from, &to, &Lifeline::Console, 255).unwrap();
    assert_eq!(plan.commands_text(true), "no warp 2\nno warp 1\n");
    assert_eq!(plan::text_of(&plan.undo(2), true), "warp 1\n");
    assert!(plan.commands[0].irreversible.is_some());
}

#[test]
fn a_line_that_removes_another_is_typed_once() {
    for (old, new, push, undo) in [
        ("ip dhcp enable", "no ip dhcp enable", "no ip dhcp enable", "ip dhcp enable"),
        ("no ip dhcp enable", "ip dhcp enable", "ip dhcp enable", "no ip dhcp enable"),
        ("no warp drive", "warp drive", "warp drive", "no warp drive"),
        ("warp drive", "no warp drive", "no warp drive", "warp drive"),
        ("ntp interval 60", "no ntp interval 60", "no ntp interval 60", "ntp interval 60"),
    ] {
        for (header, blank) in [("", ""), ("interface GigaEthernet0.0\n", "  ")] {
            if !header.is_empty() && !old.contains("warp") {
                continue;
            }
            let [from, to] = [old, new].map(|line| Config::parse(Dialect::ix(), format!("{header}{blank}{line}\n")));
            let plan = plan::between(&from, &to, &Lifeline::Console, 255).unwrap();
            says_nothing_twice(&plan);
            assert_eq!(plan.commands_text(true), format!("{header}{blank}{push}\n"), "{old} to {new}");
            assert_eq!(plan::text_of(&plan.undo(plan.commands.len()), true), format!("{header}{blank}{undo}\n"));
        }
    }
}

fn has_each_network_once(config: &Config) -> bool {
    let mut seen = BTreeSet::new();
    config.nodes.iter().filter(|node| node.context() == "interface").all(|block| {
        let vrf = block.children.iter().find_map(|line| line.arg("VRF")).unwrap_or_default();
        let addresses = block.children.iter().filter(|line| !line.off).filter_map(|line| line.arg("ADDRESS"));
        let mut four =
            addresses.filter_map(|address| address.strip_suffix("/24")).filter(|address| !address.contains(':'));
        four.all(|address| seen.insert((vrf.to_owned(), address.rsplit_once('.').map(|(net, _)| net.to_owned()))))
    })
}

/// Proves a pair of configurations: the plan arrives, the undo returns from every point (or every 13th), and the flows hold.
pub fn holds(old_text: &str, new_text: &str, exhaustive: bool) {
    let (old, new) = (Config::parse(Dialect::ix(), old_text), Config::parse(Dialect::ix(), new_text));
    assert!(plan::between(&old, &old, &Lifeline::Console, 255).unwrap().is_empty(), "no difference with itself");
    let plan = match plan::between(&old, &new, &Lifeline::Console, 255) {
        Ok(plan) => plan,
        // Two groups that exchange their only ports cannot be put in order, and the plan says so.
        Err(plan::PlanError::Cycle { lines }) if lines.iter().all(|line| line.contains("vlan-group")) => return,
        Err(error) => panic!("{error}"),
    };
    says_nothing_twice(&plan);
    crate::replaced::in_plan_and_undo(&plan, &old);
    let (full_old, full_new) = (plan::state::complete(&old, &new), plan::state::complete(&new, &old));
    let watch = Watch::new(&full_old, &full_new, &plan);
    // A router that refuses a network twice has neither configuration with one.
    let once = has_each_network_once(&full_old) && has_each_network_once(&full_new);
    let overlap = if once { Overlap::Refused } else { Overlap::Accepted };
    for rebind in [Rebind::Replaces, Rebind::Adds, Rebind::Refused] {
        let mut router = Router::new(&full_old).rebinding(rebind).overlapping(overlap);
        // No number is ever bound while it is in use: one reading is enough for what costs most.
        let closely = rebind == Rebind::Replaces;
        let every = if exhaustive { 1 } else { 13 };
        for (sent, command) in plan.commands.iter().enumerate() {
            if closely && sent % every == 0 {
                undone(&plan, sent, &router, &full_old, &watch);
            }
            router.enter(command).unwrap_or_else(|refusal| panic!("{refusal}\n{}", plan.commands_text(true)));
            if closely {
                watch.pushed(router.config(), command);
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
    crate::windows::any_line_may_be_refused(&plan, &full_old, &watch);
}

fn undone(plan: &Plan, sent: usize, router: &Router, old: &Config, watch: &Watch) {
    let mut router = router.clone();
    router.configure();
    for command in plan.undo(sent) {
        router.enter(&command).unwrap_or_else(|refusal| {
            panic!(
                "undo after {sent}: {refusal}\n{}\nundo\n{}",
                plan.commands_text(true),
                plan::text_of(&plan.undo(sent), true)
            )
        });
        watch.undone(router.config(), &command);
    }
    assert!(plan::same(router.config(), old), "undo after {sent} ends at\n{}", router.config().print());
}
