//! Every display on its recorded answers: read whole, cut off at every line, with lines between that no one knows, and with any bytes.

use proptest::prelude::*;

use super::{Display, End, Item, Kind};
use crate::dialect::Dialect;

/// The recorded answers. Each file names its source in its first line.
const SAMPLES: [(Kind, &str, End); 23] = [
    (Kind::Version, include_str!("../../../tests/data/displays/version.txt"), End::Whole),
    (Kind::Hardware, include_str!("../../../tests/data/displays/hardware.txt"), End::Open),
    (Kind::Clock, include_str!("../../../tests/data/displays/clock.txt"), End::Whole),
    (Kind::Uptime, include_str!("../../../tests/data/displays/uptime.txt"), End::Open),
    (Kind::Interfaces, include_str!("../../../tests/data/displays/interfaces.txt"), End::Open),
    (Kind::IpInterface, include_str!("../../../tests/data/displays/ip-interface.txt"), End::Open),
    (Kind::IpAddress, include_str!("../../../tests/data/displays/ip-address.txt"), End::Open),
    (Kind::IpRoute, include_str!("../../../tests/data/displays/ip-route.txt"), End::Whole),
    (Kind::Arp, include_str!("../../../tests/data/displays/arp.txt"), End::Whole),
    (Kind::Lease, include_str!("../../../tests/data/displays/lease.txt"), End::Whole),
    (Kind::Ntp, include_str!("../../../tests/data/displays/ntp.txt"), End::Open),
    (Kind::Log, include_str!("../../../tests/data/displays/log.txt"), End::Whole),
    (Kind::IkeSa, include_str!("../../../tests/data/displays/ike-sa.txt"), End::Open),
    (Kind::IkeSa, include_str!("../../../tests/data/displays/ike-sa-brief.txt"), End::Open),
    (Kind::IpsecSa, include_str!("../../../tests/data/displays/ipsec-sa.txt"), End::Open),
    (Kind::IpsecSa, include_str!("../../../tests/data/displays/ipsec-sa-brief.txt"), End::Open),
    (Kind::Ipv6Address, include_str!("../../../tests/data/displays/ipv6-address.txt"), End::Open),
    (Kind::DhcpClient, include_str!("../../../tests/data/displays/ipv6-dhcp-client.txt"), End::Open),
    (Kind::DhcpClient, include_str!("../../../tests/data/displays/ipv6-dhcp-client-information.txt"), End::Open),
    (Kind::Neighbors, include_str!("../../../tests/data/displays/ipv6-neighbors.txt"), End::Whole),
    (Kind::Ping, include_str!("../../../tests/data/displays/ping.txt"), End::Whole),
    (Kind::Ping, include_str!("../../../tests/data/displays/ping-lost.txt"), End::Whole),
    (Kind::Ping, include_str!("../../../tests/data/displays/ping6.txt"), End::Whole),
];

/// Fields that no recorded answer holds: forms that are tolerated.
const WITHOUT_A_SAMPLE: [(Kind, &str); 3] =
    [(Kind::Interfaces, "protocol"), (Kind::IpInterface, "unnumbered"), (Kind::Ntp, "reference")];

/// An answer without the line that names its source.
fn answer(sample: &str) -> &str {
    sample.split_once('\n').map_or("", |(_, answer)| answer)
}

fn read(kind: Kind) -> Display {
    let (_, sample, _) = SAMPLES.iter().find(|(known, ..)| *known == kind).expect("every display has a sample");
    Display::read(kind, answer(sample))
}

#[test]
fn a_recorded_answer_is_understood_to_its_last_line() {
    for (kind, sample, end) in SAMPLES {
        let display = Display::read(kind, answer(sample));
        assert_eq!(display.unknown(), [""; 0], "{kind:?}");
        assert_eq!((display.end(), display.unknown_lines()), (end, 0), "{kind:?}");
        assert!(display.items().iter().all(|item| kind.field(item.field).is_some()), "{kind:?}");
    }
}

#[test]
fn every_field_is_in_a_recorded_answer_or_said_to_be_in_none() {
    for kind in Kind::ALL {
        let of_kind = SAMPLES.iter().filter(|(known, ..)| *known == kind);
        let items: Vec<Item> =
            of_kind.flat_map(|(_, sample, _)| Display::read(kind, answer(sample)).items().to_vec()).collect();
        for field in kind.fields() {
            let is_said = items.iter().any(|item| item.field == field.name);
            assert_ne!(is_said, WITHOUT_A_SAMPLE.contains(&(kind, field.name)), "{kind:?} {}", field.name);
        }
    }
}

#[test]
fn what_the_samples_say_is_read() {
    let of = |kind: Kind, field: &str, of: &str| read(kind).values(field, Some(of)).join(" ");
    assert_eq!(of(Kind::Hardware, "serial-number", ""), "0123456789");
    assert_eq!(of(Kind::Hardware, "transceiver", "GigaEthernet2"), "VSC7424");
    assert_eq!(of(Kind::Clock, "utc", ""), "2023-03-14T17:01:17Z");
    assert_eq!(of(Kind::Uptime, "uptime-minutes", ""), (6 * 1440 + 21 * 60 + 45).to_string());
    assert_eq!(of(Kind::Interfaces, "output-packets", "Tunnel11.0"), "33431");
    assert_eq!(of(Kind::IpInterface, "state", "GigaEthernet1.0"), "administratively down");
    assert_eq!(of(Kind::IpInterface, "mtu", "GigaEthernet2.0"), "1500");
    assert_eq!(of(Kind::IpAddress, "duplicate", "GigaEthernet2.0"), "yes");
    assert_eq!(of(Kind::IpAddress, "duplicate", "192.168.10.1"), "yes");
    assert_eq!(of(Kind::IpAddress, "determined-by", "Tunnel0.0"), "MAP-E");
    assert_eq!(of(Kind::IpRoute, "default-route", ""), "is directly connected, Tunnel0.0");
    assert_eq!(of(Kind::IpRoute, "route", "192.0.2.1/32"), "via 198.51.100.254, GigaEthernet0.0");
    assert_eq!(of(Kind::IpRoute, "age", "192.0.2.1/32"), "15:21:35");
    assert_eq!(of(Kind::Arp, "mac", "192.0.2.39"), "02:00:00:00:00:1e");
    assert_eq!(of(Kind::Lease, "assignment", "192.0.2.61"), "fixed");
    assert_eq!(of(Kind::Lease, "lease", "fixture-profile-a"), "192.0.2.60");
    assert_eq!(of(Kind::Ntp, "synchronized", ""), "no");
    assert_eq!(of(Kind::Log, "at", "GW.079"), "2026/07/07 21:08:59");
    assert_eq!(of(Kind::Log, "message", "GW.037"), "Administrative user is not registered.");
    assert_eq!(of(Kind::IkeSa, "state", "ike-policy"), "established");
    assert_eq!(of(Kind::IpsecSa, "inbound", "Tunnel0.0"), "0x00000001(1) 0x00000002(2)");
    assert_eq!(of(Kind::Ipv6Address, "anycast", "GigaEthernet0.0"), "2001:db8:2000::/56 fe80::/64");
    assert_eq!(of(Kind::DhcpClient, "prefix", "GigaEthernet0.0"), "2001:db8:2000::/56");
    assert_eq!(of(Kind::DhcpClient, "dns-server", "GigaEthernet0.0"), "2001:db8:9999::53");
    assert_eq!(of(Kind::DhcpClient, "subscriber-address", "GigaEthernet2.0"), "2001:db8:2000:ff:260:b9ff:fe00:103/64");
    assert_eq!(of(Kind::Neighbors, "reachability", "2001:db8:1000::123"), "REACHABLE");
    assert_eq!(read(Kind::Neighbors).values("router", Some("gigaethernet0.0")).len(), 3);
    assert_eq!(of(Kind::Ping, "received", ""), "5");
}

#[test]
fn without_a_delegation_there_is_no_prefix() {
    let information = SAMPLES.iter().find(|(_, sample, _)| sample.contains("Information request-reply")).unwrap();
    let display = Display::read(Kind::DhcpClient, answer(information.1));
    assert_eq!(display.values("prefix", None), [""; 0]);
    assert_eq!(display.values("dns-server", None), ["2001:db8:1000::53"]);
    let disabled = Display::read(Kind::DhcpClient, "DHCPv6 client is disabled\n");
    assert_eq!((disabled.values("client", None), disabled.end()), (vec!["disabled"], End::Open));
}

#[test]
fn an_answer_cut_off_at_any_line_says_nothing_else_and_is_never_whole_without_all_of_it() {
    for (kind, sample, _) in SAMPLES {
        let whole = Display::read(kind, answer(sample));
        let lines: Vec<&str> = answer(sample).lines().collect();
        for kept in 0..lines.len() {
            let cut = Display::read(kind, &lines.get(..kept).unwrap_or_default().join("\n"));
            assert!(whole.items().starts_with(cut.items()), "{kind:?} cut at {kept}: {:?}", cut.items());
            assert!(cut.end() != End::Whole || cut.items() == whole.items(), "{kind:?} cut at {kept}");
            assert_eq!(cut.unknown(), [""; 0], "{kind:?} cut at {kept}");
        }
        assert_eq!(Display::read(kind, "").end(), End::CutOff, "{kind:?}");
    }
}

#[test]
fn a_row_that_a_table_counts_and_does_not_show_is_missed() {
    for kind in [Kind::IpRoute, Kind::Arp, Kind::Lease, Kind::Log, Kind::Neighbors] {
        let (_, sample, _) = SAMPLES.iter().find(|(known, ..)| *known == kind).unwrap();
        let text = answer(sample).trim_end();
        let (cut, _) = text.rsplit_once('\n').unwrap();
        assert_eq!(Display::read(kind, cut).end(), End::CutOff, "{kind:?}");
    }
}

#[test]
fn unknown_lines_are_kept_and_change_nothing() {
    for (kind, sample, end) in SAMPLES {
        let whole = Display::read(kind, answer(sample));
        let lines: Vec<&str> = answer(sample).lines().collect();
        for unknown in ["~ what is this ~", "      ~ and this one ~"] {
            for at in 0..=lines.len() {
                let mut more = lines.clone();
                more.insert(at, unknown);
                let display = Display::read(kind, &more.join("\n"));
                assert_eq!(display.items(), whole.items(), "{kind:?} line {at}");
                assert_eq!(display.unknown(), [unknown.trim()], "{kind:?} line {at}");
                assert_eq!(display.end(), end, "{kind:?} line {at}");
            }
        }
    }
}

#[test]
fn a_log_line_in_the_middle_of_an_answer_is_no_part_of_it() {
    let log = "2026/07/07 21:06:07  ETH.031: Link status up for port 0, 1G b/s, GigaEthernet1";
    for (kind, sample, _) in SAMPLES.iter().filter(|(kind, ..)| *kind != Kind::Log) {
        let lines: Vec<&str> = answer(sample).lines().collect();
        for at in 0..=lines.len() {
            let mut more = lines.clone();
            more.insert(at, log);
            let display = Display::read(*kind, &more.join("\n"));
            assert_eq!(display.items(), Display::read(*kind, answer(sample)).items(), "{kind:?} line {at}");
        }
    }
}

#[test]
fn the_ends_of_lines_do_not_matter() {
    for (kind, sample, _) in SAMPLES {
        let lines = Display::read(kind, answer(sample));
        for end in ["\r\n", "\r\r\n", "  \r\n"] {
            assert_eq!(Display::read(kind, &answer(sample).replace('\n', end)), lines, "{kind:?} {end:?}");
        }
    }
}

#[test]
fn a_command_leads_to_its_display_and_no_other_command_does() {
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Ping) {
        assert_eq!(Kind::of_command(kind.command(Dialect::ix().commands())), Some(kind));
    }
    assert_eq!(Kind::of_command("ping6 2001:db8::1"), Some(Kind::Ping));
    assert_eq!(Kind::of_command("show  ip address GigaEthernet0.0"), Some(Kind::IpAddress));
    assert_eq!(Kind::of_command("show syslog"), Some(Kind::Log));
    // It shows a part of the rows and counts all.
    assert_eq!(Kind::of_command("show ip route 192.0.2.0/24"), None);
    for command in ["", "ping", "show", "show proxy-dns", "write memory", "showversion"] {
        assert_eq!(Kind::of_command(command), None, "{command}");
    }
}

#[test]
fn an_endless_answer_is_read_to_a_bound_and_is_cut_off() {
    let display = Display::read(Kind::Uptime, &"System uptime is 1 days\n".repeat(30_000));
    assert_eq!(display.end(), End::CutOff);
    let display = Display::read(Kind::Uptime, &"x".repeat(100_000));
    assert!(display.unknown().iter().all(|line| line.len() <= 512));
    assert!(Display::read(Kind::Uptime, &"?\n".repeat(1000)).unknown().len() < 100);
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(16), ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        for kind in Kind::ALL {
            prop_assert!(Display::read(kind, &text).unknown_lines() <= 400);
        }
    }

    #[test]
    fn any_mixture_of_recorded_lines_is_read(picks in proptest::collection::vec((0..SAMPLES.len(), 0..50_usize, 0..90_usize), 0..40)) {
        let piece = |(sample, line, end): (usize, usize, usize)| {
            let (_, sample, _) = SAMPLES[sample];
            let line: Vec<char> = sample.lines().cycle().nth(line).unwrap_or_default().chars().collect();
            line.into_iter().take(end).collect::<String>()
        };
        let text: Vec<String> = picks.into_iter().map(piece).collect();
        for kind in Kind::ALL {
            let _ = Display::read(kind, &text.join("\n"));
        }
    }
}
