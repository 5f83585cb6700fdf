//! Which commands of a plan may cut our session, by what is declared and by what the router runs.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed test is the point")]

use super::{Knowledge, Lifeline, LifelinePath, Options, Ownership, Request, between, plan};
use crate::dialect::Dialect;
use crate::ix::Config;

/// A router that is reached through its switch; a list guards SSH, a stateful list and a plain one filter.
const RUNNING: &str = "\
hostname r
username admin password hash 0123@ administrator
ip route default 198.51.100.1
ip access-list mgmt permit ip src 192.0.2.0/24 dest any
ip access-list lan-in permit ip src any dest any
ip access-list inner permit ip src any dest any
ip access-list dynamic lan-out access inner
ip access-list wan deny ip src any dest any
ip dhcp profile lan
  dns-server 192.0.2.1
!
bridge irb enable
bridge 1 bridge-only pppoe
url-list sites permit domain *.example
ssh-server ip access-list mgmt
ssh-server ip enable
device GigaEthernet2
  vlan-group 1 port 1 2
!
interface GigaEthernet0.0
  ip address 198.51.100.2/24
  ip filter wan 1 in
  bridge-group 1
  no shutdown
!
interface GigaEthernet1.0
  ip address 203.0.113.1/24
  bridge-group 1
  no shutdown
!
interface GigaEthernet2.0
  ip address 192.0.2.66/24
  ip dhcp binding lan
  ip filter lan-in 1 in
  ip filter lan-out 1 out
  no shutdown
!
interface GigaEthernet2:1.0
  ip address 10.0.0.1/24
  no shutdown
!
";

/// What is derived from the address that we dialled.
fn derived() -> LifelinePath {
    LifelinePath {
        interface: Some("GigaEthernet2.0".to_owned()),
        address: Some("192.0.2.66".to_owned()),
        ..LifelinePath::default()
    }
}

fn with_port() -> LifelinePath {
    LifelinePath { switch_port: Some(("GigaEthernet2".to_owned(), 8)), ..derived() }
}

/// The commands that may cut, of the way from the router to the same with one text replaced by another.
fn cuts_from(running: &str, path: &LifelinePath, old: &str, new: &str) -> Vec<String> {
    assert!(running.contains(old), "{old}");
    let desired = running.replacen(old, new, 1);
    let lifeline = Lifeline::Path(path.clone());
    let plan = between(&Config::parse(Dialect::ix(), running), &Config::parse(Dialect::ix(), &desired), &lifeline, 255)
        .unwrap();
    assert!(!plan.is_empty(), "{old} to {new}");
    plan.commands.iter().filter(|command| command.may_cut).map(|command| command.text.to_string()).collect()
}

#[track_caller]
fn cuts(path: &LifelinePath, old: &str, new: &str) {
    assert!(!cuts_from(RUNNING, path, old, new).is_empty(), "`{old}` to `{new}` may cut");
}

#[track_caller]
fn is_harmless(path: &LifelinePath, old: &str, new: &str) {
    assert_eq!(cuts_from(RUNNING, path, old, new), Vec::<String>::new(), "`{old}` to `{new}`");
}

#[test]
fn the_list_that_guards_the_server_is_part_of_a_derived_path() {
    let (old, new) = ("mgmt permit ip src 192.0.2.0/24 dest any", "mgmt permit ip src 203.0.113.0/24 dest any");
    cuts(&derived(), old, new);
    cuts(&derived(), "ip access-list mgmt ", "ip access-list mgmt deny ip src any dest any\nip access-list mgmt ");
    cuts(&derived(), "ip access-list mgmt permit", "ip access-list mgmt option optimize\nip access-list mgmt permit");
}

#[test]
fn a_day_2_playbook_that_owns_the_guarding_list_is_seen() {
    let running = Config::parse(Dialect::ix(), RUNNING);
    let desired = Config::parse(Dialect::ix(), "ip access-list mgmt permit ip src 203.0.113.0/24 dest any\n");
    let ownership = Ownership::parse(&["ip access-list mgmt"]).unwrap();
    let lifeline = Lifeline::Path(derived());
    let plan = plan(&Request {
        running: &running,
        desired: &desired,
        origins: None,
        ownership: &ownership,
        model: None,
        factory: None,
        router_made: &[],
        lifeline: &lifeline,
        knowledge: &|_| Knowledge::Same,
        options: Options::default(),
    })
    .unwrap();
    assert!(plan.commands.iter().any(|command| command.may_cut), "{}", plan.commands_text(false));
}

#[test]
fn the_filters_of_the_interface_are_part_of_it_in_both_directions_and_below_stateful_lists() {
    cuts(&derived(), "lan-in permit ip src any", "lan-in permit ip src 192.0.2.0/24");
    cuts(&derived(), "inner permit ip src any", "inner permit ip src 192.0.2.0/24");
    cuts(&derived(), "dynamic lan-out access inner", "dynamic lan-out access wan");
    cuts(&derived(), "  ip filter lan-in 1 in\n", "");
}

#[test]
fn lists_outside_the_path_and_daily_work_do_not_touch_it() {
    for path in [derived(), with_port()] {
        is_harmless(&path, "wan deny ip src any", "wan deny ip src 203.0.113.0/24");
        is_harmless(&path, "ip access-list wan", "ip access-list mgmt2 permit ip src any dest any\nip access-list wan");
        is_harmless(&path, "ssh-server ip enable", "ssh-server ip enable\nproxy-dns ip access-list mgmt");
        is_harmless(&path, "domain *.example\n", "domain *.example\nurl-list sites permit domain *.test\n");
        is_harmless(&path, "ssh-server ip enable", "ssh-server ip enable\nproxy-dns ip enable");
        is_harmless(&path, "  ip dhcp binding lan\n", "  ip dhcp binding lan\n  description office\n");
        is_harmless(&path, "dns-server 192.0.2.1", "dns-server 192.0.2.2");
        is_harmless(&path, "ip address 203.0.113.1/24", "ip address 203.0.113.2/24");
        is_harmless(&path, "  ip filter wan 1 in\n", "");
        is_harmless(&path, "bridge 1 bridge-only pppoe", "bridge 1 bridge-only pppoe\nbridge 2 bridge-only pppoe");
        is_harmless(&path, "ip address 203.0.113.1/24\n", "ip address 203.0.113.1/24\n  flux-capacitor on\n");
        is_harmless(&path, "ip address 10.0.0.1/24", "ip address 10.0.0.2/24");
    }
}

#[test]
fn a_change_in_the_paths_own_interface_touches_it() {
    for (old, new) in [
        ("ip address 192.0.2.66/24", "ip address 192.0.2.67/24"),
        ("ip dhcp binding lan\n", "ip dhcp binding lan\n  ip vrf forwarding X\n"),
        ("ip dhcp binding lan\n", "ip dhcp binding lan\n  bridge-group 1\n"),
        ("ip dhcp binding lan\n", "ip dhcp binding lan\n  flux-capacitor on\n"),
        ("  ip filter lan-out 1 out\n  no shutdown", "  ip filter lan-out 1 out\n  shutdown"),
        ("  vlan-group 1 port 1 2\n", "  vlan-group 1 port 1 2\n  flux-capacitor on\n"),
        ("  vlan-group 1 port 1 2\n", "  vlan-group 1 port 1 2\n  shutdown\n"),
    ] {
        cuts(&derived(), old, new);
        cuts(&with_port(), old, new);
    }
}

#[test]
fn an_unknown_switch_port_may_be_any_and_a_declared_one_is_one() {
    let (old, more, ours) = ("port 1 2\n", "port 1 2 3\n", "port 1 2 8\n");
    cuts(&derived(), old, more);
    is_harmless(&with_port(), old, more);
    cuts(&with_port(), old, ours);
}

#[test]
fn routes_and_tunnels_are_unknown_unless_the_routes_are_declared() {
    let declared = LifelinePath { routes: vec!["default 198.51.100.1".to_owned()], ..derived() };
    let route =
        ("ip route default 198.51.100.1\n", "ip route default 198.51.100.1\nip route 10.9.0.0/16 198.51.100.9\n");
    cuts(&derived(), route.0, route.1);
    is_harmless(&declared, route.0, route.1);
    cuts(&declared, route.0, "ip route default 198.51.100.9\n");
    let bgp =
        ("ssh-server ip enable\n", "ssh-server ip enable\nrouter bgp 65000\n  neighbor 10.1.1.1 remote-as 65001\n!\n");
    cuts(&derived(), bgp.0, bgp.1);
    is_harmless(&declared, bgp.0, bgp.1);
    let running = RUNNING.replace(bgp.0, bgp.1);
    assert!(!cuts_from(&running, &derived(), "remote-as 65001", "remote-as 65002").is_empty());
}

#[test]
fn a_tunnel_s_key_may_carry_us_only_where_there_is_a_tunnel() {
    let key = ("ssh-server ip enable\n", "ssh-server ip enable\nike policy p peer any key secret\n");
    is_harmless(&derived(), key.0, key.1);
    let running = format!("{RUNNING}interface Tunnel0.0\n  ip unnumbered GigaEthernet2.0\n!\n");
    assert!(!cuts_from(&running, &derived(), key.0, key.1).is_empty());
}

#[test]
fn an_unknown_global_line_touches_the_path() {
    cuts(&derived(), "ssh-server ip enable\n", "ssh-server ip enable\nflux-capacitor enable\n");
}

#[test]
fn a_bridge_a_tunnel_and_an_unnumbered_interface_depend_on_others() {
    let bridged = LifelinePath { interface: Some("GigaEthernet0.0".to_owned()), ..LifelinePath::default() };
    cuts(&bridged, "bridge 1 bridge-only pppoe\n", "");
    cuts(&bridged, "  ip address 203.0.113.1/24\n  bridge-group 1\n", "  ip address 203.0.113.1/24\n");
    is_harmless(&bridged, "ip address 10.0.0.1/24", "ip address 10.0.0.2/24");
    let more = "interface Tunnel0.0\n  tunnel source GigaEthernet1.0\n  ip unnumbered GigaEthernet2:1.0\n!\n";
    let running = format!("{RUNNING}{more}");
    let tunnel = LifelinePath { interface: Some("Tunnel0.0".to_owned()), ..LifelinePath::default() };
    for (old, new) in [("203.0.113.1/24", "203.0.113.2/24"), ("ip address 10.0.0.1/24", "ip address 10.0.0.2/24")] {
        assert!(!cuts_from(&running, &tunnel, old, new).is_empty(), "{old}");
    }
}

#[test]
fn a_path_without_an_interface_of_its_own_is_as_good_as_none() {
    let nothing = LifelinePath::default();
    cuts(&nothing, "203.0.113.1/24", "203.0.113.2/24");
    cuts(&nothing, "port 1 2\n", "port 1 2 3\n");
    // The address tells the interface.
    let address = LifelinePath { address: Some("192.0.2.66".to_owned()), ..LifelinePath::default() };
    is_harmless(&address, "203.0.113.1/24", "203.0.113.2/24");
    cuts(&address, "lan-in permit ip src any", "lan-in permit ip src 192.0.2.0/24");
}
