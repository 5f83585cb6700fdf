//! The grammar table as a document: every row says how sure it is, and the header explains whatever a row may say.

use std::path::Path;

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::grammar::Confidence;
use ixdeploy::ix::Config;
use ixdeploy::plan::{self, Lifeline, LifelinePath};

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/dialect/grammar").join(name)).unwrap()
}

/// The columns of each row.
fn rows(text: &str) -> Vec<Vec<String>> {
    let body = text.split("\n[global]\n").nth(1).unwrap();
    let body = body.split("\n[fresh]\n").next().unwrap();
    body.lines()
        .filter(|line| !line.is_empty() && !line.starts_with(['#', '[']))
        .map(|line| line.split(" |").map(|column| column.trim().to_owned()).collect())
        .collect()
}

#[test]
fn every_row_has_its_columns_and_says_how_sure_it_is() {
    for (name, dialect) in [("table.ixg", Dialect::ix()), ("ix-r.ixg", Dialect::ix_r())] {
        let rows = rows(&file(name));
        for row in &rows {
            assert_eq!(row.len(), 5, "{name}: {row:?}");
            assert!(["T", "C", "M", "I", "G"].contains(&row[4].as_str()), "{name}: {row:?}");
        }
        assert_eq!(dialect.grammar().problems(), &[] as &[String]);
    }
    let all = Dialect::ix().grammar().rows();
    let count = |sure: Confidence| all.iter().filter(|row| row.sure == sure).count();
    let families = all.iter().filter(|row| row.family).count();
    eprintln!(
        "{} commands, {families} of them families: {} T, {} C, {} M, {} I, {} G",
        all.len(),
        count(Confidence::T),
        count(Confidence::C),
        count(Confidence::M),
        count(Confidence::I),
        count(Confidence::G)
    );
}

#[test]
fn the_header_explains_every_word_of_the_columns() {
    let text = file("table.ixg");
    let header: Vec<&str> =
        text.split("\n[global]\n").next().unwrap().split([' ', '\n', ',', ':', '(', ')', '=']).collect();
    let explained = |word: &str| header.contains(&word) || header.contains(&format!("`{word}`").as_str());
    for row in rows(&text) {
        let types = row[0].split(['{', '<']).skip(1).filter_map(|part| part.split(['}', '>']).next()?.split_once(':'));
        let types = types.map(|(_, kind)| kind.to_owned()).filter(|kind| !kind.contains('|'));
        let facts = row[3].split('"').step_by(2).flat_map(str::split_whitespace);
        let facts = facts.filter_map(|fact| fact.split('=').next()).map(str::to_owned).filter(|fact| !fact.is_empty());
        for word in
            types.chain(facts).chain([row[1].clone()]).filter(|word| word != "ignore" && word != "secret-password")
        {
            assert!(explained(&word), "`{word}` in {row:?} is explained nowhere");
        }
    }
}

/// What decides whether someone gets in, or whether a filter is open, is known whole and not by its first words.
#[test]
fn what_guards_the_router_is_known_completely() {
    let grammar = Dialect::ix().grammar();
    for (mode, line) in [
        ("global", "username admin password hash 0123@ administrator"),
        ("global", "ssh-server ip enable"),
        ("global", "ssh-server ip port 22"),
        ("global", "ssh-server ip access-list a"),
        ("global", "telnet-server ip enable"),
        ("global", "telnet-server ip access-list a"),
        ("global", "http-server ip enable"),
        ("global", "http-server ip access-list a"),
        ("global", "http-server username admin secret-password x"),
        ("global", "snmp-agent ip community public mgmt"),
        ("global", "snmp-agent ip enable"),
        ("global", "ikev2 authentication psk id any key char k"),
        ("global", "ip access-list a permit ip src any dest any"),
        ("global", "ip access-list a 10 deny ip src any dest any"),
        ("global", "ip access-list dynamic d access a"),
        ("global", "ipv6 access-list a permit icmp type 8 src any dest any"),
        ("global", "ipv6 access-list dynamic d access a"),
        ("global", "ip route default 192.0.2.1"),
        ("global", "ip route vrf V 10.0.0.0/8 192.0.2.1"),
        ("global", "ipv6 route default fe80::1"),
        ("global", "bridge 1 bridge ip"),
        ("interface", "ip address 192.0.2.1/24"),
        ("interface", "ip vrf forwarding V"),
        ("interface", "ip filter a 1 in"),
        ("interface", "ipv6 filter a 1 out suppress-logging"),
        ("interface", "bridge ip filter a 1 in"),
        ("interface", "bridge ipv6 filter a 1 in"),
        ("interface", "bridge-group 1"),
        ("interface", "shutdown"),
        ("device", "vlan-group 1 port 1 2"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let known = grammar.look_up(mode, &words).unwrap_or_else(|| panic!("{line}"));
        assert!(!known.row.family, "{line} is known by its family only");
        assert!(known.row.cuts || known.row.mgmt, "{line} can cut a session, or open or close a path");
    }
}

/// Who may use a server is set before it is on, and as long as it is: for every server of the table, on and off, forwards and back.
#[test]
fn no_server_is_open_without_its_list() {
    let rows = Dialect::ix().grammar().rows();
    let mut servers = 0;
    for list in rows.iter().filter(|row| row.context == "global" && row.leading.ends_with(" access-list")) {
        let leading = &list.leading;
        let server = leading.trim_end_matches(" access-list");
        let enable = format!("{server} enable");
        if !rows.iter().any(|row| row.context == "global" && row.leading == enable) {
            continue;
        }
        servers += 1;
        let family = if server.ends_with("ipv6") { "ipv6" } else { "ip" };
        let lists = format!("{family} access-list few deny ip src any dest any\n");
        let without = Config::parse(Dialect::ix(), &lists);
        let with = Config::parse(Dialect::ix(), format!("{lists}{leading} few\n{enable}\n"));
        let path = LifelinePath { filters: vec!["few".into()], ..LifelinePath::default() };
        for lifeline in [Lifeline::Console, Lifeline::Unknown, Lifeline::Path(path)] {
            for (old, new) in [(&without, &with), (&with, &without)] {
                let plan = plan::between(old, new, &lifeline, 255).unwrap();
                for commands in [&plan.commands, &plan.undo(plan.commands.len())] {
                    let texts: Vec<&str> = commands.iter().map(|command| &*command.text).collect();
                    let on = [format!("{leading} few"), enable.clone()];
                    let off = [format!("no {enable}"), format!("no {leading}")];
                    assert!(texts == on || texts == off, "{texts:?}");
                }
            }
        }
    }
    assert_eq!(servers, 8);
}
