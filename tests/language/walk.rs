//! One walk: indented text, the same text without indentation where it is unambiguous, and the model that a plan is typed into
//! hold the same tree; a line that fits two modes is found, and never moved silently.

use std::collections::BTreeSet;

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::model;
use ixdeploy::ix::Config;
use ixdeploy::ix::doubt::{Reading, Weight};
use ixdeploy::ix::lint::{Level, Silence, lint};
use ixdeploy::message::Explain;
use ixdeploy::plan::rehearsal::Router;
use ixdeploy::plan::{self, Knowledge, Lifeline, Options, Ownership, Plan, PlanError, Request};

use crate::dice::{Dice, rounds};

/// A line with the lines of its block.
#[derive(Clone)]
struct Line {
    text: String,
    below: Vec<Line>,
}

/// Every line behind the headers of its blocks.
type Tree = BTreeSet<Vec<String>>;

/// What lines a text is made of.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    /// Commands that the table knows whole, in one mode each.
    Known,
    /// Those, commands of two modes, commands known by their first words, and unknown commands: a text says that these are there,
    /// or that they are not.
    Anything(bool),
}

/// Commands that an interface has as well as the global mode.
const IN_BOTH: [&str; 3] = ["proxy-dns ip enable", "ip dhcp-relay enable", "logging frob 1"];

fn line(text: impl Into<String>, below: Vec<Line>) -> Line {
    Line { text: text.into(), below }
}

/// An unknown line, or one known by its first words in the global mode, with lines below it.
fn strange(dice: &mut Dice, depth: usize, no: bool) -> Line {
    let number = dice.below(6);
    let text = match dice.below(6) {
        0 => format!("{}warp {number}", if no { "no " } else { "" }),
        1 => format!("arp frob {number}"),
        2 => format!("logging frob {number}"),
        _ => format!("flux {number}"),
    };
    let below = if text.starts_with("no ") || depth == 0 || dice.one_in(2) {
        Vec::new()
    } else {
        (0..=dice.below(3)).map(|_| strange(dice, depth - 1, no)).collect()
    };
    line(text, below)
}

/// Lines of a block: some of these, and strange ones between them.
fn some(dice: &mut Dice, of: Of, known: &[&str]) -> Vec<Line> {
    let mut lines: Vec<Line> = known.iter().filter(|_| dice.one_in(2)).map(|text| line(*text, Vec::new())).collect();
    if lines.is_empty() {
        lines.push(line(known[0], Vec::new()));
    }
    let Of::Anything(no) = of else { return lines };
    for _ in 0..dice.below(3) {
        let at = dice.below(lines.len() + 1);
        lines.insert(at, strange(dice, 3, no));
    }
    lines
}

fn block(dice: &mut Dice, of: Of) -> Line {
    let number = dice.below(3);
    match dice.below(5) {
        0 => {
            let lines = ["subnet-mask 255.255.255.0", "default-gateway 192.0.2.1"];
            line(format!("ip dhcp profile lan{number}"), some(dice, of, &lines))
        }
        1 => line("ikev2 default-profile", some(dice, of, &["source-address GigaEthernet0.0", "child-pfs off"])),
        2 => {
            let mut lines =
                some(dice, of, &["neighbor 192.0.2.2 remote-as 65001", "neighbor 192.0.2.3 remote-as 65002"]);
            if dice.one_in(2) {
                let inner = some(dice, of, &["network 198.51.100.0/24", "network 203.0.113.0/24"]);
                lines.push(line("address-family ipv4 unicast", inner));
            }
            line("router bgp 65000", lines)
        }
        _ => {
            let address = format!("ip address 10.0.{number}.1/24");
            let lines = ["ip mtu 1400", &address, "description a place", "ip napt enable", "no shutdown"];
            let mut lines = some(dice, of, &lines);
            if of != Of::Known {
                lines.extend(IN_BOTH.iter().filter(|_| dice.one_in(2)).map(|text| line(*text, Vec::new())));
            }
            line(format!("interface GigaEthernet{number}.0"), lines)
        }
    }
}

fn text(dice: &mut Dice, of: Of) -> Vec<Line> {
    let leaves =
        ["hostname a", "timezone +09 00", "ip dhcp enable", "ntp server 192.0.2.9", "ip route default 192.0.2.1"];
    let mut lines = some(dice, of, &leaves);
    if of != Of::Known {
        lines.extend(IN_BOTH.iter().filter(|_| dice.one_in(3)).map(|text| line(*text, Vec::new())));
    }
    for _ in 0..=dice.below(5) {
        let at = dice.below(lines.len() + 1);
        let block = block(dice, of);
        lines.insert(at, block);
    }
    lines
}

fn tree_of(lines: &[Line]) -> Tree {
    fn collect(lines: &[Line], path: &mut Vec<String>, tree: &mut Tree) {
        for line in lines {
            path.push(line.text.clone());
            tree.insert(path.clone());
            collect(&line.below, path, tree);
            path.pop();
        }
    }
    let mut tree = Tree::new();
    collect(lines, &mut Vec::new(), &mut tree);
    tree
}

fn read(config: &Config) -> Tree {
    let mut tree = Tree::new();
    config.walk(&mut |path, node| {
        tree.insert(path.iter().map(|header| &header.text).chain([&node.text]).map(|text| text.to_string()).collect());
    });
    tree
}

/// How a block is written.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Nothing,
    Mark,
    /// As deep as the header, or as the lines of the block.
    Exit(bool),
}

/// The text with indentation.
fn indented(dice: &mut Dice, lines: &[Line]) -> String {
    fn write(dice: &mut Dice, lines: &[Line], depth: usize, (blank, end): (&str, End), text: &mut String) {
        for line in lines {
            *text += &format!("{}{}\n", blank.repeat(depth), line.text);
            if line.below.is_empty() {
                continue;
            }
            write(dice, &line.below, depth + 1, (blank, end), text);
            match end {
                End::Exit(deeper) => *text += &format!("{}exit\n", blank.repeat(depth + usize::from(deeper))),
                End::Mark if depth == 0 || dice.one_in(4) => *text += "!\n",
                _ => {}
            }
        }
    }
    let blank = *dice.pick(&[" ", "  ", "   ", "    ", "\t"]);
    let end = *dice.pick(&[End::Nothing, End::Mark, End::Exit(false), End::Exit(true)]);
    let mut text = String::new();
    write(dice, lines, 0, (blank, end), &mut text);
    text
}

/// The text without indentation, each block closed as a router or a person closes it.
fn flat(dice: &mut Dice, lines: &[Line]) -> String {
    fn write(dice: &mut Dice, lines: &[Line], outer: bool, text: &mut String) {
        for line in lines {
            *text += &format!("{}\n", line.text);
            if !line.below.is_empty() {
                write(dice, &line.below, false, text);
                *text += if outer && dice.one_in(2) { "!\n" } else { "exit\n" };
            }
        }
    }
    let mut text = String::new();
    write(dice, lines, true, &mut text);
    text
}

/// The way from one configuration to another with everything owned, as `plan` asks for it.
fn planned(from: &Config, to: &Config) -> Result<Plan, PlanError> {
    plan::plan(&Request {
        running: from,
        desired: to,
        origins: None,
        ownership: &Ownership::all(),
        model: None,
        factory: None,
        router_made: &[],
        lifeline: &Lifeline::Console,
        knowledge: &|_| Knowledge::Different,
        options: Options { allow_unrecognised: true, max_line: 512, ..Options::default() },
    })
}

/// The model of the router takes every line of the plan and of its undo where the plan says, and arrives.
fn rehearsed(from: &Config, plan: &Plan) {
    for sent in [0, plan.commands.len() / 3, plan.commands.len() / 2, plan.commands.len()] {
        rehearsed_to(from, plan, sent);
    }
}

/// The same with the undo from a point of the push.
fn rehearsed_to(from: &Config, plan: &Plan, sent: usize) {
    let undo = plan.undo(sent);
    let shown = || format!("{}--- undo\n{}", plan.commands_text(true), plan::text_of(&undo, true));
    let mut router = Router::new(from).on_the_way_to(&plan.expected);
    for command in &plan.commands[..sent] {
        router.enter(command).unwrap_or_else(|refusal| panic!("{refusal}\n{}", shown()));
    }
    let whole = plan.notes.iter().all(|note| note.id != "line.cannot-remove");
    let ends = |router: &Router| format!("ends at\n{}\n{}", router.config().print(), shown());
    let arrives = whole && sent == plan.commands.len();
    assert!(!arrives || router.runs(&plan.expected), "{}", ends(&router));
    router.configure();
    for command in &undo {
        router.enter(command).unwrap_or_else(|refusal| panic!("undo: {refusal}\n{}", shown()));
    }
    let comes_back = whole && plan.commands.iter().all(|command| command.irreversible.is_none());
    assert!(!comes_back || router.runs(from), "undo {}", ends(&router));
}

#[test]
fn indented_text_is_read_as_the_tree_that_it_shows() {
    rounds("indented", 400, |dice, _| {
        let no = dice.one_in(2);
        let lines = text(dice, Of::Anything(no));
        let text = indented(dice, &lines);
        let config = Config::parse(Dialect::ix(), &text);
        assert_eq!(read(&config), tree_of(&lines), "{text}");
        let doubts: Vec<_> = config.doubts.iter().filter(|doubt| doubt.weight > Weight::Slight).collect();
        assert!(doubts.is_empty(), "{text}{doubts:#?}");
        let again = Config::parse(Dialect::ix(), config.print());
        assert_eq!(again, config.sorted(), "{text}--- printed\n{}", config.print());
    });
}

#[test]
fn text_without_indentation_is_the_same_tree_where_it_is_unambiguous() {
    rounds("flat", 400, |dice, _| {
        let lines = text(dice, Of::Known);
        let text = flat(dice, &lines);
        let config = Config::parse(Dialect::ix(), &text);
        assert_eq!(read(&config), tree_of(&lines), "{text}");
        assert!(config.doubts.is_empty(), "{text}{:#?}", config.doubts);
    });
}

#[test]
fn every_text_is_planned_from_nothing_and_back_and_the_model_holds_the_same_tree() {
    rounds("planned", 60, |dice, _| {
        let no = dice.one_in(2);
        let (one, other) = (text(dice, Of::Anything(no)), text(dice, Of::Anything(!no)));
        let [one, other] = [&one, &other].map(|lines| Config::parse(Dialect::ix(), indented(dice, lines)));
        let empty = Config::empty(Dialect::ix());
        for (from, to) in [(&empty, &one), (&one, &empty), (&one, &other), (&other, &one)] {
            let plan = planned(from, to).unwrap_or_else(|error| panic!("{}", error.text().en));
            rehearsed(from, &plan);
            let difference = plan::between(from, to, &Lifeline::Console, 512).unwrap();
            rehearsed(from, &difference);
        }
    });
}

/// Bytes in any disorder: there is a plan, or an error that says what is wrong with a line.
#[test]
fn what_is_read_is_planned_without_an_internal_error() {
    let pieces = [
        "interface GigaEthernet0.0",
        "ip address 192.0.2.1/24",
        "no shutdown",
        "flux 1",
        "no flux 1",
        "arp frob 2",
        "router bgp 65000",
        "address-family ipv4 unicast",
        "neighbor 192.0.2.2 remote-as 65001",
        "exit",
        "!",
        "! text",
        "telnet-server ip enable",
        "proxy-dns ip enable",
        "ip filter gone 1 in",
        "interface GigaEthernet2:7.1",
        "ip dhcp binding gone",
        "ikev2 default-profile",
        "no ikev2 frob",
        "ikev2 frob",
        "hostname a",
        "logging frob",
        "interface Frob0",
        "ip dhcp profile a",
        "no ip dhcp profile a",
        "isdn frob 1",
        "no isdn frob 1",
    ];
    let text = |dice: &mut Dice| {
        let mut text = String::new();
        for _ in 0..=dice.below(14) {
            let deep = *dice.pick(&["", "", "", "  ", "  ", "    ", "\t", " "]);
            text += &format!("{deep}{}\n", *dice.pick(&pieces));
        }
        text
    };
    rounds("pieces", 300, |dice, _| {
        let (one, other) = (text(dice), text(dice));
        let empty = String::new();
        for (from, to) in [(&empty, &one), (&one, &empty), (&one, &other)] {
            let [old, new] = [from, to].map(|text| Config::parse(Dialect::ix(), text));
            match planned(&old, &new) {
                Ok(plan) => {
                    let outcome = std::panic::catch_unwind(|| rehearsed(&old, &plan));
                    assert!(outcome.is_ok(), "--- from\n{from}--- to\n{to}");
                }
                Err(PlanError::Place { .. } | PlanError::Cycle { .. }) => {}
                Err(error) => panic!("{}\n{to}", error.text().en),
            }
        }
    });
}

/// The same of every command of the table, alone and among others.
#[test]
fn every_command_of_the_table_is_planned_and_taken_by_the_model() {
    let all = crate::keys::of_every_row();
    let text = |lines: &[(&[String], &str)]| {
        let mut text = String::new();
        for (above, line) in lines {
            let path = above.iter().map(String::as_str).chain([*line]);
            path.enumerate().for_each(|(depth, line)| text += &format!("{}{line}\n", "  ".repeat(depth)));
        }
        text
    };
    let tried = |from: &str, to: &str| {
        let [old, new] = [from, to].map(|text| Config::parse(Dialect::ix(), text));
        match planned(&old, &new) {
            Ok(plan) => {
                let outcome = std::panic::catch_unwind(|| rehearsed(&old, &plan));
                assert!(outcome.is_ok(), "--- from\n{from}--- to\n{to}");
            }
            Err(PlanError::NoAdministrator { .. } | PlanError::Cycle { .. }) => {}
            Err(error) => panic!("{}\n--- from\n{from}--- to\n{to}", error.text().en),
        }
    };
    for (above, [one, other]) in &all {
        let [one, other] = [one, other].map(|line| text(&[(above, line)]));
        for (from, to) in [("", &*one), (&one, ""), (&one, &other)] {
            tried(from, to);
        }
    }
    rounds("rows", 60, |dice, _| {
        let mut some = || {
            let lines = (0..=dice.below(16)).map(|_| dice.pick(&all)).collect::<Vec<_>>();
            let which = dice.below(2);
            text(&lines.iter().map(|(above, lines)| (above.as_slice(), lines[which].as_str())).collect::<Vec<_>>())
        };
        let (one, other) = (some(), some());
        tried("", &one);
        tried(&one, &other);
    });
}

/// The level of the finding `place` about a line, and whether there is a plan.
fn judged(text: &str, number: u32) -> (Option<Level>, bool) {
    let config = Config::parse(Dialect::ix(), text);
    let silences = [Silence { id: "place".to_owned(), reason: "it is meant".to_owned() }];
    let mut found = lint(&config, model::find("IX2215"), &silences).into_iter();
    let found = found.find(|finding| finding.id == "place" && finding.line == number);
    if let Some(found) = &found {
        let error = found.level == Level::Error;
        assert_eq!(found.silenced.is_none(), error, "no reason silences what decides who can reach the router");
    }
    let plan = planned(&Config::empty(Dialect::ix()), &config);
    let files = plan::offline::difference(&Config::empty(Dialect::ix()), &config, 255);
    let refused = matches!(plan, Err(PlanError::Place { .. }));
    assert_eq!(refused, matches!(files, Err(PlanError::Place { .. })), "{text}");
    assert!(refused || plan.is_ok(), "{text}");
    (found.map(|found| found.level), plan.is_ok())
}

#[test]
fn a_line_that_fits_two_modes_is_found() {
    let (error, warning, info) = ((Some(Level::Error), false), (Some(Level::Warning), true), (Some(Level::Info), true));
    let nothing = (None, true);
    let up = "interface GigaEthernet1.0\nip address 192.0.2.1/24\n";
    let deep = "interface GigaEthernet1.0\n  ip address 192.0.2.1/24\n";
    for (text, number, expected) in [
        // Servers of the other series are inside interfaces.
        (format!("{up}telnet-server ip enable\nno shutdown\n"), 3, error),
        (format!("{up}no shutdown\nssh-server ip enable\n"), 4, error),
        (format!("{up}http-server ip enable\n"), 3, error),
        (format!("{up}telnet-server ip access-list a\nip access-list a permit ip src any dest any\n"), 3, error),
        (format!("{up}no telnet-server ip enable\n"), 3, error),
        (format!("{up}! the way in\ntelnet-server ip enable\n"), 4, error),
        (format!("{up}hostname a\ntelnet-server ip enable\n"), 4, error),
        (format!("{up}!\ntelnet-server ip enable\n"), 4, nothing),
        (format!("{up}exit\ntelnet-server ip enable\n"), 4, nothing),
        (format!("{up}interface GigaEthernet0.0\nno shutdown\n!\ntelnet-server ip enable\n"), 6, nothing),
        ("ip dhcp profile a\nsubnet-mask 255.0.0.0\ntelnet-server ip enable\n".to_owned(), 3, info),
        ("hostname a\ntelnet-server ip enable\n".to_owned(), 2, nothing),
        // Both modes know it, neither does, one does.
        (format!("{up}proxy-dns ip enable\n"), 3, warning),
        (format!("{up}ip dhcp-relay enable\n"), 3, warning),
        (format!("{up}! text\nproxy-dns ip enable\n"), 4, warning),
        (format!("{up}!\nproxy-dns ip enable\n"), 4, nothing),
        (format!("{up}flux 1\n"), 3, warning),
        (format!("{up}! text\nflux 1\n"), 4, warning),
        (format!("{up}!\nflux 1\n"), 4, nothing),
        (format!("{up}hostname a\n"), 3, info),
        (format!("{up}ip mtu 1400\n"), 3, nothing),
        // A line that one mode is known to have does not belong to a family of another.
        (format!("{up}bridge ip tcp adjust-mss 1404\n"), 3, nothing),
        // An `exit` may have left what an unknown line has opened.
        (format!("{up}flux 1\nexit\nhostname a\nip mtu 1400\n"), 6, nothing),
        (format!("{up}flux 1\nexit\ntelnet-server ip enable\n"), 5, error),
        // A line of two blocks.
        ("router bgp 65000\naddress-family ipv4 unicast\nneighbor 192.0.2.2 route-map a in\n".to_owned(), 3, warning),
        // Lines that slipped out of their block, with what is between them.
        (format!("{deep}no shutdown\n"), 3, warning),
        (format!("{deep}ip filter a 1 in\nip access-list a permit ip src any dest any\n"), 3, error),
        (format!("{deep}telnet-server ip enable\nno shutdown\n"), 3, error),
        (format!("{deep}telnet-server ip enable\n"), 3, nothing),
        (format!("{deep}!\ntelnet-server ip enable\nno shutdown\n"), 4, nothing),
        (format!("{deep}interface GigaEthernet2.0\ntelnet-server ip enable\nip address 198.51.100.1/24\n"), 4, error),
        (format!("{deep}interface GigaEthernet2.0\ntelnet-server ip enable\nhostname a\n"), 4, nothing),
        (format!("{up}  ip mtu 1400\nno shutdown\n"), 4, nothing),
        // The block was over, and no other mode knows the line.
        (format!("{deep}!\nno shutdown\n"), 4, warning),
        (format!("{deep}exit\nno shutdown\n"), 4, warning),
        (format!("{up}exit\nip filter a 1 in\nip access-list a permit ip src any dest any\n"), 4, error),
        (format!("{deep}!\nip filter a 1 in\nip access-list a permit ip src any dest any\n"), 4, error),
        (format!("{deep}!\ndevice GigaEthernet2\n!\nip filter a 1 in\n"), 6, nothing),
        // Left, and going on as deep; deeper than a line that opens nothing.
        (format!("{deep}  exit\n  telnet-server ip enable\n"), 4, error),
        (format!("{deep}  exit\n  ip mtu 1400\n"), 4, nothing),
        (format!("{deep}exit\n  telnet-server ip enable\n"), 4, error),
        ("hostname a\n  telnet-server ip enable\n".to_owned(), 2, error),
        ("hostname a\n  flux 1\n".to_owned(), 2, warning),
        ("no flux 1\n  inner 1\n".to_owned(), 2, warning),
        ("flux 1\n  telnet-server ip enable\n".to_owned(), 2, nothing),
        ("  hostname a\n  telnet-server ip enable\n".to_owned(), 2, nothing),
    ] {
        assert_eq!(judged(&text, number), expected, "line {number} of\n{text}");
    }
}

#[test]
fn both_readings_are_named() {
    let config =
        Config::parse(Dialect::ix(), "interface GigaEthernet1.0\nip address 192.0.2.1/24\ntelnet-server ip enable\n");
    let [doubt] = config.doubts.as_slice() else { panic!("{:?}", config.doubts) };
    assert_eq!(doubt.read, Reading::Global);
    assert_eq!(doubt.other, Reading::Block("interface GigaEthernet1.0".into()));
    let text = doubt.explain();
    for said in [&text.en, &text.ja] {
        assert!(said.contains("`telnet-server ip enable`") && said.contains("`interface GigaEthernet1.0`"), "{said}");
    }
    assert!(text.en.contains("the global mode"), "{}", text.en);
    let error = planned(&Config::empty(Dialect::ix()), &config).unwrap_err();
    assert_eq!(error.code(), "plan.place");
    assert!(error.text().en.contains("3: `telnet-server ip enable`"), "{}", error.text().en);
}

/// Such a line is found anywhere in an open block without indentation.
#[test]
fn an_ambiguous_line_is_found_at_every_place_of_a_block() {
    let strangers = [
        ("telnet-server ip enable", Weight::Grave),
        ("ssh-server ip enable", Weight::Grave),
        ("http-server ip enable", Weight::Grave),
        ("proxy-dns ip enable", Weight::Real),
        ("flux 1", Weight::Real),
        ("hostname a", Weight::Slight),
    ];
    rounds("ambiguous", 200, |dice, _| {
        let mut lines = vec!["interface GigaEthernet1.0".to_owned()];
        let known = ["ip mtu 1400", "ip address 192.0.2.1/24", "description a", "ip napt enable", "no shutdown"];
        lines.extend(known.iter().filter(|_| dice.one_in(2)).map(|text| (*text).to_owned()));
        lines.push("ip tcp adjust-mss auto".to_owned());
        let at = 2 + dice.below(lines.len() - 1);
        let (text, weight) = *dice.pick(&strangers);
        lines.insert(at, text.to_owned());
        let config = Config::parse(Dialect::ix(), lines.join("\n"));
        let found: Vec<_> = config.doubts.iter().map(|doubt| (doubt.line as usize, doubt.weight)).collect();
        assert_eq!(found, [(at + 1, weight)], "{lines:#?}");
    });
}

#[test]
fn a_block_that_is_opened_twice_adds_up() {
    let twice = "router bgp 65000\n  neighbor 192.0.2.2 remote-as 65001\nhostname a\nrouter bgp 65000\n  \
                 neighbor 192.0.2.3 remote-as 65002\nflux 1\n  one\nflux 1\n  two\n";
    let once = "hostname a\nrouter bgp 65000\n  neighbor 192.0.2.2 remote-as 65001\n  neighbor 192.0.2.3 remote-as 65002\n\
                flux 1\n  one\n  two\n";
    assert_eq!(read(&Config::parse(Dialect::ix(), twice)), read(&Config::parse(Dialect::ix(), once)));
    let found = |text: &str| {
        let found = lint(&Config::parse(Dialect::ix(), text), None, &[]).into_iter();
        found.filter(|finding| finding.id == "repeated-line").map(|finding| finding.line).collect::<Vec<_>>()
    };
    assert!(found(twice).is_empty());
    assert_eq!(found(&twice.replace("neighbor 192.0.2.3", "neighbor 192.0.2.2")), [5], "what they say otherwise");
    assert_eq!(found(&twice.replacen("router bgp 65000", "router bgp 65009", 1)), [4], "and what their headers do");
    let filters = "interface GigaEthernet0.0\n  ip filter a 1 in\n!\ninterface GigaEthernet0.0\n  ip filter b 1 in\n  ip filter c 1 out\n";
    assert_eq!(found(filters), [5], "two filters at one number");
    assert_eq!(found("flux 1\nhostname a\nno flux 1\n"), [3], "an unknown line, and its absence");
    assert_eq!(Config::parse(Dialect::ix(), "flux 1\n  one\nno flux 1\nflux 1\n  two\n").print(), "flux 1\n  two\n!\n");
}

#[test]
fn a_doubtful_value_stops_nothing() {
    let errors = |text: &str| {
        let found = lint(&Config::parse(Dialect::ix(), text), model::find("IX2215"), &[]).into_iter();
        found.filter(|finding| finding.level == Level::Error).map(|finding| finding.text.en).collect::<Vec<_>>()
    };
    let interface =
        |line: &str| format!("interface GigaEthernet0.0\n  ip address 192.0.2.1/24\n  {line}\n  no shutdown\n");
    for text in [
        interface("ip napt static 172.16.254.50 tcp 80"),
        interface("ip napt static host-of-the-clinic tcp 80"),
        interface("ip unnumbered Frobnicator0.0").replace("  ip address 192.0.2.1/24\n", ""),
        "ip access-list a-name-of-more-than-fifteen permit ip src any dest any\n".to_owned(),
        "ip dhcp profile a\n  default-gateway none\n  assignable-range a b\n".to_owned(),
        "ip route internal 192.0.2.1\nipv6 route pool Tunnel0.0\n".to_owned(),
        "username a-user-name-of-more-than-sixteen password plain x administrator\n".to_owned(),
        "ntp source the-lan\n".to_owned(),
    ] {
        assert_eq!(errors(&text), [] as [String; 0], "{text}");
    }
    // What is inferred only is no reason to want a list.
    for (sure, level) in [("T", Level::Error), ("M", Level::Error), ("I", Level::Warning), ("G", Level::Warning)] {
        let row = format!("gate {{NAME}} list <LIST:list15> | keyed | line | refers=ip-acl:LIST replaces | {sure}");
        let dialect = Dialect::ix().with_rows(&format!("[global]\n{row}\n"));
        let found = lint(&Config::parse(&dialect, "gate a list gone\n"), None, &[]);
        assert_eq!(found.iter().map(|finding| finding.level).collect::<Vec<_>>(), [level], "{sure}");
    }
    assert_eq!(errors(&interface("ip address 192.0.2.1/33").replace("  ip address 192.0.2.1/24\n", "")).len(), 1);
}

#[test]
fn a_written_shutdown_is_wanted() {
    let found = |text: &str| {
        let found = lint(&Config::parse(Dialect::ix(), text), None, &[]).into_iter();
        found.filter(|finding| finding.id == "interface-shut").count()
    };
    let tunnel = "interface Tunnel0.0\n  tunnel mode 4-over-6\n  ip unnumbered GigaEthernet2.0\n";
    assert_eq!(
        [found(tunnel), found(&format!("{tunnel}  shutdown\n")), found(&format!("{tunnel}  no shutdown\n"))],
        [1, 0, 0]
    );
}
