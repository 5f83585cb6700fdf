//! What a plan has typed, no later line of it takes away again: not by its whole text, not as the beginning of another line, and not
//! by a name that both share. The same of every undo.
//!
//! What a removal may hit is judged here by the words alone: by those that the table says name a line, and of a line known by its
//! first words only, or not at all, by the words that may be its name.

use std::collections::BTreeSet;

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::grammar::{CommandKind, GLOBAL, Grammar, Remove, words};
use ixdeploy::ix::{Config, Node};
use ixdeploy::plan::rehearsal::{DependentLines, Router};
use ixdeploy::plan::{self, Command, Lifeline, Plan};

use crate::dice::{Dice, rounds};

/// A line and its place: the headers of its blocks, and its text.
type Placed = (Vec<String>, String);

/// The lines of a configuration.
fn lines(config: &Config) -> BTreeSet<Placed> {
    let mut all = BTreeSet::new();
    config.walk(&mut |path, node| {
        all.insert((path.iter().map(|header| header.text.to_string()).collect(), node.text.to_string()));
    });
    all
}

/// The words by which a line may be known to the router: those that name it, or of a command not known whole its first ones.
fn name(grammar: &Grammar, context: &str, line: &str) -> Vec<String> {
    let split = words(line);
    let of = |count: usize| split.iter().take(count).map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let Some(known) = grammar.look_up(context, &split) else { return of(1) };
    match known.row.kind {
        _ if known.row.family => of(known.row.leading.split(' ').count() + 1),
        CommandKind::Keyed | CommandKind::Single | CommandKind::Flag | CommandKind::Block => {
            let node = Node::new(grammar, context, line, 0);
            vec![known.row.slot.to_string(), node.key.to_string()]
        }
        _ => split.iter().map(|word| (*word).to_owned()).collect(),
    }
}

/// The removals of a configuration's lines that the table writes out: they take away what they begin, and nothing else.
fn written_out(configs: [&Config; 2]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for config in configs {
        config.walk(&mut |_, node| {
            if let Some(Remove::Words(words)) = node.row.as_ref().map(|row| &row.remove) {
                all.insert(node.fill(words));
            }
        });
    }
    all
}

/// Panics where a line takes away what an earlier one entered and the target has, unless it is entered once more.
fn nothing_typed_is_taken_away(commands: &[Command], target: &Config, written_out: &BTreeSet<String>) {
    let grammar = target.grammar();
    let wanted = lines(target);
    let mut open: Vec<(String, String)> = Vec::new();
    let mut typed: Vec<(Placed, Vec<String>)> = Vec::new();
    let mut hit: Vec<(Placed, String)> = Vec::new();
    for command in commands {
        open.truncate(command.depth);
        let section: Vec<String> = open.iter().map(|(header, _)| header.clone()).collect();
        let context = open.last().map_or(GLOBAL.to_owned(), |(_, context)| context.clone());
        if let Some(gone) = command.text.strip_prefix("no ").filter(|_| !is_shown(grammar, &context, &command.text)) {
            let taken = name(grammar, &context, gone);
            let block = [section.clone(), vec![gone.to_owned()]].concat();
            for ((place, line), known_as) in &typed {
                let inside = place.starts_with(&block);
                let begins = line.strip_prefix(gone).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
                let named = !written_out.contains(&*command.text) && taken == *known_as;
                if inside || (*place == section && (begins || named)) {
                    hit.push(((place.clone(), line.clone()), command.text.to_string()));
                }
            }
        } else if *command.text != *"exit" {
            let placed = (section, command.text.to_string());
            hit.retain(|(other, _)| *other != placed);
            let known_as = name(grammar, &context, &command.text);
            typed.push((placed, known_as));
        }
        if command.opener {
            let known = grammar.look_up(&context, &words(&command.text));
            let context = known.and_then(|known| known.row.opens.clone()).unwrap_or_default();
            open.push((command.text.to_string(), context));
        }
    }
    let taken: Vec<_> = hit.iter().filter(|(placed, _)| wanted.contains(placed)).collect();
    assert!(taken.is_empty(), "typed, and taken away again: {taken:?}\n{}", plan::text_of(commands, true));
}

/// Whether a line that says `no` is one that the router shows, such as `no shutdown`: it sets something.
fn is_shown(grammar: &Grammar, context: &str, line: &str) -> bool {
    let node = Node::new(grammar, context, line, 0);
    node.off && node.row.as_ref().is_some_and(|row| row.off.is_some())
}

/// The same of a plan and of its undo from its end and from every seventh point.
pub fn in_plan_and_undo(plan: &Plan, old: &Config) {
    let written_out = written_out([old, &plan.expected]);
    nothing_typed_is_taken_away(&plan.commands, &plan.expected, &written_out);
    for sent in (0..=plan.commands.len()).rev().step_by(7) {
        nothing_typed_is_taken_away(&plan.undo(sent), old, &written_out);
    }
}

/// Things that a router has at most one of, each in several forms, some of them known whole, some by their first words, some not.
const GLOBALS: [&[&str]; 22] = [
    &["ike proposal p encryption aes hash sha", "ike proposal p encryption aes-256 hash sha2-256"],
    &[
        "ike policy a peer any key Key1 p",
        "ike policy a peer 192.0.2.1 key Key1 p",
        "ike policy a peer-fqdn-ipv4 a.example key Key1 p",
        "ike policy a peer-fqdn-ipv6 a.example key Key2 p",
        "ike policy a anything else",
    ],
    &["ike policy b peer-fqdn-ipv6 a.example key Key1 p", "ike policy b peer-fqdn-ipv6 b.example key Key1 p"],
    &["ike nat-traversal", "ike nat-traversal 20"],
    &["ike nat-traversal policy a 20", "ike nat-traversal policy a 30"],
    &["ike keepalive a 10 3", "ike keepalive a 20 3"],
    &["ike initial-lifetime a 1", "ike initial-lifetime a 2", "ike initial-lifetime b 1 x"],
    &[
        "ipsec autokey-map m few peer any s",
        "ipsec autokey-map m few peer-fqdn-ipv4 a.example s",
        "ipsec autokey-map m few peer-fqdn-ipv6 a.example s",
        "ipsec dynamic-map m few s",
        "ipsec manualkey m esp aes Key1",
    ],
    &["proxy-dns server 192.0.2.53", "proxy-dns server 192.0.2.53 priority 10"],
    &["proxy-dns server 192.0.2.53 url-list u", "proxy-dns server 192.0.2.53 url-list u priority 20"],
    &["arp entry 10.0.0.9 00:00:5e:00:53:01", "arp entry 10.0.0.9 00:00:5e:00:53:02"],
    &["ikev2 fragmentation on", "ikev2 fragmentation off"],
    &["frob level 1", "frob level 2", "frob level 2 high"],
    &["frob gate a open", "frob gate a shut"],
    &["warp pool one 1 2", "warp pool one 3", "warp pool two 3"],
    &["service one", "service two"],
    &["ntp server 192.0.2.1", "ntp server 192.0.2.1 version 3"],
    &["logging console warn", "logging console info"],
    &[
        "route-map r permit 10\n  set metric 1",
        "route-map r permit 10\n  set metric 2",
        "route-map r permit 20\n  set metric 2",
    ],
    &["class-map match-any c\n  match ip precedence 1", "class-map match-all c\n  match ip precedence 1"],
    &["ppp profile i\n  lcp pfc\n  authentication myname a", "ppp profile i\n  lcp acfc\n  authentication myname b"],
    &["ip dhcp profile d\n  lease-time 60\n  odd one", "ip dhcp profile d\n  lease-time 90\n  odd two"],
];

/// The same inside an interface.
const INSIDE: [&[&str]; 11] = [
    &["ip ospf cost 10", "ip ospf cost 9", "ip ospf cost 200"],
    &["ip rip version 1", "ip rip version 2"],
    &[
        "vrrp 1 ip 10.0.0.1",
        "vrrp 1 ip 10.0.0.1\nvrrp 1 priority 100",
        "vrrp 1 ip 10.0.0.2\nvrrp 1 priority 100",
        "vrrp 1 ip 10.0.0.2\nvrrp 1 priority 99\nvrrp 1 preempt",
    ],
    &["ikev2 connect-type auto", "ikev2 connect-type ondemand"],
    &["tunnel odd 1", "tunnel odd 2"],
    &["ipv6 nd odd 1", "ipv6 nd odd 2", "ipv6 nd odd 2 more"],
    &["glow 1", "glow 2", "glow 2 brightly"],
    &["glow pool a 1", "glow pool a 2"],
    &["ip address 10.0.0.1/24", "ip address 10.0.0.2/24", "ip unnumbered GigaEthernet1.0"],
    &["ip address 10.0.7.1/24 secondary", "ip address 10.0.8.1/24 secondary"],
    &["ip mtu 1400", "ip mtu 1300"],
];

/// The same of a BGP neighbour and of its address family.
const BGP: [&[&str]; 4] = [
    &["neighbor 192.0.2.2 timers 10 30", "neighbor 192.0.2.2 timers 20 60"],
    &["neighbor 192.0.2.2 odd 1", "neighbor 192.0.2.2 odd 2"],
    &[
        "address-family ipv4 unicast\n    neighbor 192.0.2.2 distribute-list a out",
        "address-family ipv4 unicast\n    neighbor 192.0.2.2 distribute-list b out",
    ],
    &["network 10.0.0.0/8", "network 10.0.0.0/8 odd"],
];

/// The same of an OSPF process.
const OSPF: [&[&str]; 4] = [
    &["router-id 192.0.2.1", "router-id 192.0.2.2"],
    &["area 1", "area 1 stub", "area 1 stub no-summary"],
    &["network GigaEthernet0.0 area 1", "network GigaEthernet0.0 area 0"],
    &["odd 1", "odd 2"],
];

/// One of the forms of each thing, or none.
fn some(dice: &mut Dice, things: &[&[&str]], indent: &str, text: &mut String) {
    for forms in things {
        if dice.one_in(3) {
            continue;
        }
        for line in dice.pick(forms).lines() {
            *text += &format!("{indent}{line}\n");
        }
    }
}

fn configuration(dice: &mut Dice) -> String {
    let mut text = "ip access-list few permit ip src any dest any\nipsec autokey-proposal s esp-aes esp-sha\n\
                    ike proposal p encryption 3des hash md5\nurl-list u permit domain *.example\n"
        .to_owned();
    let mut rest = String::new();
    some(dice, &GLOBALS, "", &mut rest);
    // A list or a proposal that something names is there.
    text = if rest.contains("ike proposal p ") {
        text.replace("ike proposal p encryption 3des hash md5\n", "")
    } else {
        text
    };
    text += &rest;
    if !dice.one_in(4) {
        text += &format!("router bgp 65000\n  neighbor 192.0.2.2 remote-as {}\n", 65001 + dice.below(2));
        some(dice, &BGP, "  ", &mut text);
    }
    for process in ["ip router ospf 1", "ipv6 router ospf 1"] {
        text += &format!("{process}\n  area 0\n");
        some(dice, &OSPF, "  ", &mut text);
    }
    for interface in ["GigaEthernet0.0", "Tunnel0.0"] {
        text += &format!("interface {interface}\n");
        some(dice, &INSIDE, "  ", &mut text);
        text += "  no shutdown\n";
    }
    text
}

#[test]
fn no_plan_and_no_undo_removes_a_line_it_typed() {
    rounds("typed and taken", 24, |dice, _| {
        let (old, new) = (configuration(dice), configuration(dice));
        let outcome = std::panic::catch_unwind(|| arrives(&old, &new));
        assert!(outcome.is_ok(), "--- old\n{old}--- new\n{new}");
    });
}

/// Under both readings of what a line takes along.
fn arrives(old: &str, new: &str) {
    let (old, new) = (Config::parse(Dialect::ix(), old), Config::parse(Dialect::ix(), new));
    for lifeline in [Lifeline::Console, Lifeline::Unknown] {
        let plan = plan::between(&old, &new, &lifeline, 255).unwrap();
        in_plan_and_undo(&plan, &old);
        if lifeline == Lifeline::Unknown {
            continue;
        }
        let full = plan::state::complete(&old, &new);
        for along in [DependentLines::Stay, DependentLines::Go] {
            let mut router = Router::new(&full).taking(along);
            for sent in 0..=plan.commands.len() {
                let mut back = router.clone();
                back.configure();
                for command in plan.undo(sent) {
                    back.enter(&command).unwrap_or_else(|refusal| panic!("undo after {sent} ({along:?}): {refusal}"));
                }
                assert!(plan::same(back.config(), &full), "undo after {sent} ({along:?}):\n{}", back.config().print());
                if let Some(command) = plan.commands.get(sent) {
                    router.enter(command).unwrap_or_else(|refusal| panic!("({along:?}): {refusal}"));
                }
            }
            assert!(plan::same(router.config(), &plan.expected), "ends ({along:?}) at\n{}", router.config().print());
        }
    }
}
