//! Lines that delegate, advertise, are dead or shut; roles that fit them and roles that do not.

use super::{
    AccessLine, Area, Certainty, Internet, LineWish, Link, Misfit, Probes, Supply, Topic, WantedSupply, misfits,
};
use crate::dialect::Dialect;
use crate::ix::Config;
use crate::ix::display::{Display, Kind, Shown};

const WAN: &str = "GigaEthernet0.0";
const DELEGATED: &str = include_str!("../../../tests/data/displays/ipv6-dhcp-client.txt");
const INFORMATION: &str = include_str!("../../../tests/data/displays/ipv6-dhcp-client-information.txt");
const NEIGHBORS: &str = include_str!("../../../tests/data/displays/ipv6-neighbors.txt");
const NO_NEIGHBORS: &str = "Neighbor cache - 0 dynamic, 1024 free, 0 static\n";
const NO_ANSWER: &str =
    "DHCPv6 client is enabled\n  System DUID 00:03:00:01:00:60:b9:00:01:01\nInterface GigaEthernet0.0 is active\n";

fn shown(command: &str, text: &str) -> Shown {
    let kind = Kind::of_command(command).unwrap();
    Shown { command: command.to_owned(), display: Display::read(kind, text) }
}

/// The displays of a line.
fn displays(state: &str, client: &str, neighbors: &str) -> Vec<Shown> {
    let interface =
        format!("Interface {WAN} is {state}, line protocol is {state}\n  Internet protocol processing disabled\n");
    vec![
        shown("show ip interface GigaEthernet0.0", &interface),
        shown("show ipv6 dhcp client", client),
        shown("show ipv6 neighbors", neighbors),
    ]
}

fn read(displays: &[Shown]) -> AccessLine {
    AccessLine::read(WAN, displays, &Probes::default())
}

/// An answer of a ping6, or silence.
fn ping(address: &str, received: u32) -> Shown {
    let lost = 100 - 20 * received;
    let text = format!(
        "PING fe80::1 > {address} 56 data bytes\n\n--- {address} ping statistics ---\n5 packets transmitted, {received} packets received, {lost}% packet loss\n"
    );
    shown(&format!("ping6 {address}"), &text)
}

/// What the configuration of a router asks of its line.
fn wish(lines: &str) -> Option<LineWish> {
    LineWish::of(&Config::parse(Dialect::ix(), lines))
}

const CLIENT: &str =
    "ipv6 dhcp client-profile pd6c\n  option-request dns-servers\n  ia-pd subscriber GigaEthernet2.0\n";
const WEST: &str = "proxy-dns server 2001:a7ff:f014:d00::53:1 url-list u priority 200\nproxy-dns server 2001:a7ff:f014:d00::53:2 url-list u priority 190\n";

/// The line's part of the shipped roles.
fn delegation(servers: &str) -> LineWish {
    let wan = "interface GigaEthernet0.0\n  ipv6 enable\n  ipv6 dhcp client pd6c\n  ipv6 nd proxy GigaEthernet2.0\n  no shutdown\n";
    wish(&format!("{servers}{CLIENT}{wan}")).unwrap()
}

#[test]
fn what_a_configuration_asks_is_read_from_its_lines() {
    let delegated = delegation(WEST);
    assert_eq!((delegated.interface.as_str(), delegated.supply), (WAN, WantedSupply::Delegation));
    assert!(delegated.hands_on_advertised && !delegated.is_shut);
    assert_eq!(delegated.areas(&Probes::default()).into_iter().collect::<Vec<_>>(), [Area::West]);
    let proxied =
        wish("interface GigaEthernet0.0\n  ipv6 enable\n  ipv6 nd proxy GigaEthernet2.0\n  shutdown\n").unwrap();
    assert_eq!((proxied.supply, proxied.is_shut), (WantedSupply::Advertisement, true));
    let own = wish("interface GigaEthernet0.0\n  ipv6 address autoconfig receive-default\n  no shutdown\n").unwrap();
    assert_eq!(own.supply, WantedSupply::Advertisement);
    let information = "ipv6 dhcp client-profile i\n  information-request\ninterface GigaEthernet0.0\n  ipv6 dhcp client i\n  no shutdown\n";
    assert_eq!(wish(information).unwrap().supply, WantedSupply::Advertisement);
    assert_eq!(wish("interface GigaEthernet0.0\n  no ip address\n  shutdown\n"), None, "a factory box asks nothing");
    assert!(delegated.asks_the_same(&LineWish { is_shut: true, ..delegated.clone() }));
    assert!(!delegated.asks_the_same(&delegation("")));
}

#[test]
fn a_line_that_delegates_is_told_with_its_prefix_and_its_dns_server() {
    let line = read(&displays("up", DELEGATED, NO_NEIGHBORS));
    assert_eq!((line.link, line.supply, line.internet), (Link::Up, Supply::Delegated, Internet::NotAsked));
    assert_eq!(
        (line.prefixes.join(" "), line.dns_servers.join(" ")),
        ("2001:db8:2000::/56".to_owned(), "2001:db8:9999::53".to_owned())
    );
    assert_eq!(line.area, None, "the sample's DNS server is of no area");
    assert_eq!(misfits(&delegation(WEST), &line, &Probes::default()), []);
    assert_eq!(
        line.summary().en,
        "GigaEthernet0.0: link: up; IPv6: 2001:db8:2000::/56 is delegated; DNS: told 2001:db8:9999::53"
    );
    assert!(line.findings.iter().all(|finding| !finding.because.en.is_empty() && !finding.because.ja.is_empty()));
}

#[test]
fn a_line_that_only_advertises_does_not_fit_a_role_that_wants_a_prefix() {
    let by_neighbor = read(&displays("up", NO_ANSWER, NEIGHBORS));
    let by_answer = read(&displays("up", INFORMATION, NO_NEIGHBORS));
    for line in [by_neighbor, by_answer] {
        assert_eq!(line.supply, Supply::Advertised);
        assert!(line.summary().en.contains("IPv6: likely RA only"), "it is inferred: {}", line.summary().en);
        let found = misfits(&delegation(WEST), &line, &Probes::default());
        assert_eq!(found, [Misfit::OnlyAdvertised { hands_on: true }]);
        assert!(
            found[0].text().en.contains("there is only RA on this line")
                && found[0].text().ja.contains("RA しかありません")
        );
    }
    let wants_ra = wish("interface GigaEthernet0.0\n  ipv6 address autoconfig\n  no shutdown\n").unwrap();
    assert_eq!(misfits(&wants_ra, &read(&displays("up", NO_ANSWER, NEIGHBORS)), &Probes::default()), []);
    assert_eq!(
        misfits(&wants_ra, &read(&displays("up", DELEGATED, NEIGHBORS)), &Probes::default()),
        [Misfit::Delegated]
    );
}

#[test]
fn a_dead_line_gives_nothing_and_a_pulled_cable_is_a_missing_link() {
    let dead = read(&displays("up", NO_ANSWER, NO_NEIGHBORS));
    assert_eq!(dead.supply, Supply::Nothing);
    assert_eq!(misfits(&delegation(WEST), &dead, &Probes::default()), [Misfit::Nothing]);
    let pulled = read(&displays("down", NO_ANSWER, NO_NEIGHBORS));
    assert_eq!((pulled.link, pulled.supply), (Link::Down, Supply::Unknown));
    assert_eq!(misfits(&delegation(WEST), &pulled, &Probes::default()), [Misfit::NoLink { interface: WAN.to_owned() }]);
}

#[test]
fn a_shut_interface_shows_nothing_and_nothing_is_said_against_it() {
    let shut = "Interface GigaEthernet0.0 is administratively down, line protocol is down\n";
    let line = read(&[shown("show ip interface GigaEthernet0.0", shut)]);
    assert_eq!((line.link, line.supply, line.is_visible()), (Link::Shut, Supply::Unknown, false));
    assert_eq!(misfits(&delegation(WEST), &line, &Probes::default()), []);
}

#[test]
fn a_display_that_is_cut_off_or_missing_proves_no_absence() {
    let (cut, _) = DELEGATED.split_once("  IA Prefix:").unwrap();
    for client in [cut, ""] {
        assert_eq!(read(&displays("up", client, NEIGHBORS)).supply, Supply::Unknown, "{client}");
    }
    assert_eq!(read(&displays("up", NO_ANSWER, "")).supply, Supply::Unknown);
    let nothing = read(&[]);
    assert_eq!((nothing.link, nothing.supply, nothing.is_visible()), (Link::Unknown, Supply::Unknown, false));
    assert_eq!(nothing.summary().en, "GigaEthernet0.0: nothing of the line is seen");
}

#[test]
fn the_area_is_inferred_from_what_is_told_or_answers_and_both_areas_are_none() {
    let (east, west) = ("2404:1a8:f583:d00::53:1", "2001:a7ff:f014:d00::53:1");
    let on = |pings: &[Shown]| read(&[displays("up", DELEGATED, NO_NEIGHBORS), pings.to_vec()].concat());
    let in_east = on(&[ping(east, 5), ping(west, 0)]);
    assert_eq!(in_east.area, Some(Area::East));
    let found = misfits(&delegation(WEST), &in_east, &Probes::default());
    assert_eq!(found, [Misfit::OtherArea { named: Area::West, found: Area::East }]);
    assert_eq!(
        found[0].text().en,
        "the servers of NTT West are named, and this line seems to be in the area of NTT East"
    );
    assert_eq!(on(&[ping(east, 5), ping(west, 1)]).area, None, "both answer");
    assert_eq!(on(&[ping(east, 0), ping(west, 0)]).area, None, "silence tells nothing");
    let told = DELEGATED.replace("2001:db8:9999::53", "2001:a7ff:5f01::a");
    let told = read(&displays("up", &told, NO_NEIGHBORS));
    assert_eq!(told.area, Some(Area::West));
    assert!(told.summary().en.ends_with("area: likely NTT West"), "{}", told.summary().en);
    // A role for both areas fits either.
    let both = delegation(&format!("{WEST}proxy-dns server {east} url-list u priority 200\n"));
    assert_eq!(misfits(&both, &in_east, &Probes::default()), []);
}

#[test]
fn the_servers_that_tell_an_area_can_be_declared_and_the_internet_is_asked_only_where_named() {
    let probes = Probes {
        west: vec!["2001:db8:9999::53".parse().unwrap()],
        internet: vec!["2001:db8:ffff::1".parse().unwrap()],
        ..Probes::default()
    };
    let line = |pings: &[Shown]| {
        AccessLine::read(WAN, &[displays("up", DELEGATED, NO_NEIGHBORS), pings.to_vec()].concat(), &probes)
    };
    let reached = line(&[ping("2001:db8:9999::53", 5), ping("2001:db8:ffff::1", 4)]);
    assert_eq!((reached.area, reached.internet), (Some(Area::West), Internet::Reached));
    assert!(reached.findings.iter().any(|finding| finding.says.en == "told 2001:db8:9999::53 (answers)"));
    let closed = line(&[ping("2001:db8:9999::53", 0), ping("2001:db8:ffff::1", 0)]);
    assert_eq!(closed.internet, Internet::NoAnswer);
    let of_internet = closed.findings.iter().find(|finding| finding.about == Topic::Internet).unwrap();
    assert_eq!(of_internet.certainty, Certainty::NotKnown, "a closed network, or an address that answers no one");
}

#[test]
fn any_text_of_a_router_is_read_without_an_end() {
    for text in [
        "",
        "Interface",
        "Interface  is up",
        "\u{0}\u{1b}[2J",
        "DHCPv6 client is \nInterface GigaEthernet0.0 is up\n  IA Prefix:\n    ::/129",
    ] {
        let all: Vec<Shown> = ["show ip interface", "show ipv6 dhcp client", "show ipv6 neighbors", "ping6 ::1"]
            .into_iter()
            .map(|command| shown(command, text))
            .collect();
        let line = read(&all);
        assert!(line.prefixes.is_empty() && line.findings.len() == 5, "{text:?}");
    }
}
