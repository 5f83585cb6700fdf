//! What routers make by themselves is never called foreign, and what another person typed is never taken for the router's.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed test is the point")]

use super::{ForeignReport, beside};
use crate::dialect::Dialect;
use crate::ix::Config;
use crate::plan::{Command, Lifeline, between};

/// A router before a push.
const BEFORE: &str = "hostname r\nusername admin password hash 0a@ administrator\nntp interval 300\nip route 10.1.0.0/16 192.0.2.9\nip access-list a deny ip src any dest any\ndevice GigaEthernet0\ndevice GigaEthernet1\ndevice GigaEthernet2\n  vlan-group 1 port 1 2\n  vlan-group 2 port 3 4\ninterface GigaEthernet0.0\n  no ip address\n  shutdown\ninterface GigaEthernet1.0\n  ip address 192.0.2.1/24\n  ipv6 address 2001:db8::1/64\n  no shutdown\ninterface GigaEthernet2:1.0\n  no ip address\n  no shutdown\ninterface GigaEthernet2:2.0\n  no ip address\n  shutdown\n";

/// What is sorted when these lines lead from the router before to what is wanted, and it then shows this.
fn sorted(wanted: &str, shown: &str) -> ForeignReport {
    let (before, wanted) = (Config::parse(Dialect::ix(), BEFORE), Config::parse(Dialect::ix(), wanted));
    let plan = between(&before, &wanted, &Lifeline::Console, 255).unwrap();
    let typed: Vec<&Command> = plan.commands.iter().collect();
    beside(&before, &typed, &Config::parse(Dialect::ix(), shown), &[])
}

fn shown(foreign_lines: &[super::ForeignLine]) -> Vec<String> {
    foreign_lines.iter().map(super::ForeignLine::shown).collect()
}

/// Lines that routers make: what is wanted, what the router then prints beside or instead of it.
fn corpus() -> Vec<(&'static str, String, String)> {
    let and = |text: &str| format!("{BEFORE}{text}");
    let with = |from: &str, to: &str| BEFORE.replace(from, to);
    vec![
        (
            "a password comes back as a hash",
            and("username second password plain 1 Plain7Pw administrator\n"),
            and("username second password hash 9f3c@ administrator\n"),
        ),
        (
            "NetMeister's password comes back as a secret",
            and("nm ip enable\nnm account group password plain Plain7Pw\n"),
            and("nm ip enable\nnm account group password secret 0123456789\n"),
        ),
        (
            "a changed password leaves nothing of the old hash",
            with("hash 0a@", "plain 1 Plain7Pw"),
            with("hash 0a@", "hash 77@"),
        ),
        (
            "a tagged interface gets auto-connect",
            and("interface GigaEthernet0.1\n  encapsulation dot1q 10\n  ip address 192.0.2.129/25\n  no shutdown\n"),
            and(
                "interface GigaEthernet0.1\n  encapsulation dot1q 10\n  auto-connect\n  ip address 192.0.2.129/25\n  no shutdown\n",
            ),
        ),
        (
            "a group of ports makes its interface, with its defaults",
            with("vlan-group 2 port 3 4\n", "vlan-group 2 port 3 4\n  vlan-group 3 port 5\n"),
            with("vlan-group 2 port 3 4\n", "vlan-group 2 port 3 4\n  vlan-group 3 port 5\n")
                + "interface GigaEthernet2:3.0\n  no ip address\n  shutdown\n",
        ),
        (
            "a port leaves the group that it was in",
            with("vlan-group 1 port 1 2\n  vlan-group 2 port 3 4", "vlan-group 1 port 1\n  vlan-group 2 port 2 3 4"),
            with("vlan-group 1 port 1 2\n  vlan-group 2 port 3 4", "vlan-group 1 port 1\n  vlan-group 2 port 2 3 4"),
        ),
        (
            "an interface that joins a VRF loses its addresses",
            with("  ip address 192.0.2.1/24\n", "  ip vrf forwarding v\n") + "ip vrf v\n",
            with(
                "  ip address 192.0.2.1/24\n  ipv6 address 2001:db8::1/64\n",
                "  ip vrf forwarding v\n  no ip address\n",
            ) + "ip vrf v\n",
        ),
        (
            "printed defaults, headers, times and device texts are no lines",
            with("ntp interval 300", "ntp interval 600"),
            format!(
                "Using 999 out of 1048576 bytes\n! Current time Nov 29-Sun-2026 00:00:00 JST\n% A notice\n{}device USB0\n  shutdown\ninterface Loopback0.0\n  no ip address\ninterface Null0.0\n  no ip address\n",
                with("ntp interval 300", "ntp interval 600")
            ),
        ),
    ]
}

#[test]
fn lines_that_routers_make_are_not_called_foreign() {
    for (what, wanted, router) in corpus() {
        let found = sorted(&wanted, &router);
        assert_eq!(shown(&found.foreign), Vec::<String>::new(), "{what}");
    }
}

#[test]
fn a_colleagues_line_is_found_wherever_it_is_typed() {
    for (wanted, router) in corpus().into_iter().map(|(_, wanted, router)| (wanted, router)) {
        for (lines, expected) in [
            ("ip route 10.9.0.0/16 192.0.2.70\n", "+ip route 10.9.0.0/16 192.0.2.70"),
            ("nm sitename theirs\n", "+nm sitename theirs"),
            ("frobnicate on\n", "+frobnicate on"),
            ("ip access-list a permit ip src any dest any\n", "+ip access-list a permit ip src any dest any"),
            ("interface GigaEthernet0.0\n  ip mtu 1400\n", "+interface GigaEthernet0.0 / ip mtu 1400"),
            ("interface GigaEthernet2:1.0\n  ip mtu 1400\n", "+interface GigaEthernet2:1.0 / ip mtu 1400"),
        ] {
            let found = sorted(&wanted, &format!("{router}{lines}"));
            assert!(shown(&found.foreign).contains(&expected.to_owned()), "{lines} among {router}: {found:?}");
        }
        let without = router.replace("ip route 10.1.0.0/16 192.0.2.9\n", "");
        let found = sorted(&wanted, &without);
        assert_eq!(shown(&found.foreign), ["-ip route 10.1.0.0/16 192.0.2.9"]);
    }
}

#[test]
fn a_push_that_stopped_anywhere_is_ours_alone() {
    let wanted =
        format!("{BEFORE}ip access-list b permit ip src any dest any\ninterface GigaEthernet0.0\n  ip filter b 1 in\n")
            .replace("ntp interval 300", "ntp interval 600");
    let (before, wanted) = (Config::parse(Dialect::ix(), BEFORE), Config::parse(Dialect::ix(), wanted));
    let plan = between(&before, &wanted, &Lifeline::Console, 255).unwrap();
    let typed: Vec<&Command> = plan.commands.iter().collect();
    for sent in 0..=typed.len() {
        let running = super::after(&before, &typed[..sent]);
        assert_eq!(beside(&before, &typed, &running, &[]), ForeignReport::default(), "after {sent} lines");
    }
}

#[test]
fn a_changed_secret_that_we_did_not_type_is_foreign() {
    let found = sorted(&BEFORE.replace("interval 300", "interval 600"), &BEFORE.replace("hash 0a@", "hash 0b@"));
    assert_eq!(found.foreign.len(), 2, "{found:?}");
    assert!(shown(&found.foreign).iter().all(|line| !line.contains("0b@")), "{found:?}");
}

#[test]
fn a_line_named_by_a_fact_is_not_foreign() {
    let (before, running) =
        (Config::parse(Dialect::ix(), BEFORE), Config::parse(Dialect::ix(), format!("{BEFORE}frobnicate on\n")));
    let facts = ["frobnicate on".to_owned()];
    assert_eq!(shown(&beside(&before, &[], &running, &facts).made), ["+frobnicate on"]);
    assert_eq!(shown(&beside(&before, &[], &running, &[]).foreign), ["+frobnicate on"]);
}

#[test]
fn reordering_a_list_that_is_not_ours_is_foreign() {
    let list = "ip access-list l deny ip src any dest 192.0.2.1/32\nip access-list l permit ip src any dest any\n";
    let turned = "ip access-list l permit ip src any dest any\nip access-list l deny ip src any dest 192.0.2.1/32\n";
    let [before, running] = [list, turned].map(|text| Config::parse(Dialect::ix(), text));
    assert_eq!(beside(&before, &[], &running, &[]).foreign.len(), 1);
    assert_eq!(beside(&before, &[], &before, &[]), ForeignReport::default());
}
