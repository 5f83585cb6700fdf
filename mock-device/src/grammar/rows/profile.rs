//! Lines of the profile, watch-group and routing submodes.

use super::Does::{Keep, KeepLast, Open};
use super::{Row, row};
use crate::grammar::{Place, Sub};

const PPP: &[Place] = &[Place::Sub(Sub::Ppp)];
const DHCP: &[Place] = &[Place::Sub(Sub::Dhcp)];
const CLIENT: &[Place] = &[Place::Sub(Sub::Dhcp6Client)];
const SERVER: &[Place] = &[Place::Sub(Sub::Dhcp6Server)];
const WATCH: &[Place] = &[Place::Sub(Sub::Watch)];
const BGP: &[Place] = &[Place::Sub(Sub::Bgp)];
const FAMILY: &[Place] = &[Place::Sub(Sub::BgpFamily)];
const IKEV2: &[Place] = &[Place::Sub(Sub::Ikev2)];
const OSPF: &[Place] = &[Place::Sub(Sub::Ospf), Place::Sub(Sub::Ospf6), Place::Sub(Sub::Rip)];
const POLICY: &[Place] = &[Place::Sub(Sub::PolicyMap)];
const WEB: &[Place] = &[Place::Sub(Sub::WebConsole)];
const ANY: &[Place] = &[Place::Sub(Sub::RouteMap), Place::Sub(Sub::ClassMap), Place::Sub(Sub::PolicyClass)];

pub const ROWS: &[Row] = &[
    row(PPP, 1, 2, "authentication (myname|request) {...}", Keep(2)),
    row(PPP, 2, 3, "authentication password {w} {w}", Keep(3)),
    row(PPP, 3, 2, "(lcp|ipcp|ipv6cp) {...}", Keep(0)),
    row(DHCP, 1, 1, "assignable-range {ip} {ip}", Keep(0)),
    row(DHCP, 2, 1, "default-gateway {ip}", Keep(1)),
    row(DHCP, 3, 1, "dns-server {ip} [{...}]", Keep(1)),
    row(DHCP, 4, 1, "(domain-name|lease-time|subnet-mask|netbios-name-server) {...}", Keep(1)),
    row(DHCP, 5, 2, "fixed-assignment {ip} {w}", Keep(2)),
    row(CLIENT, 1, 1, "information-request", Keep(1)),
    row(CLIENT, 2, 2, "option-request {w}", Keep(2)),
    row(CLIENT, 3, 3, "ia-pd subscriber {if} [{ip6/} [{...}]]", Keep(3)),
    row(CLIENT, 4, 2, "ia-pd redistribute {...}", Keep(0)),
    row(CLIENT, 5, 1, "(auto-default|rapid-commit|reconfigure-accept)", Keep(1)),
    row(CLIENT, 6, 1, "(client-identifier|server-identifier|shutdown-delay) {...}", Keep(1)),
    // A configuration in use gives two servers in two lines.
    row(SERVER, 1, 1, "dns-server (dhcp|autoconfig|{ip6} [{ip6}])", Keep(0)),
    row(SERVER, 2, 1, "ntp-server (dhcp|autoconfig|{ip6})", Keep(0)),
    row(SERVER, 3, 2, "ia-pd redistribute-prefix {...}", Keep(0)),
    row(SERVER, 4, 1, "(domain-name|server-identifier) {...}", Keep(1)),
    row(WATCH, 1, 2, "event {n} {...}", Keep(2)),
    row(WATCH, 2, 2, "action {n} {...}", Keep(2)),
    row(WATCH, 3, 2, "probe-counter (restorer|variance|watch) {n}", Keep(2)),
    row(WATCH, 4, 2, "probe-timer (restorer|variance|wait) {n}", Keep(2)),
    row(WATCH, 5, 1, "probe-mode (passive|traffic)", Keep(1)),
    row(WATCH, 6, 1, "probe-mode (passive|traffic) event {n}", KeepLast(2)),
    row(
        BGP,
        1,
        3,
        "neighbor {w} (remote-as|description|connect-interval|timers|advertisement-interval|update-source|password|\
         ebgp-multihop) {...}",
        Keep(3),
    ),
    row(BGP, 1, 2, "neighbor {w} {...}", Keep(0)),
    row(BGP, 2, 1, "(router-id|timers|maximum-paths) {...}", Keep(1)),
    row(BGP, 0, 2, "address-family (ipv4|ipv6) [unicast]", Open(Sub::BgpFamily)),
    // One list for each direction: another one takes its place (inferred).
    row(FAMILY, 2, 3, "neighbor {w} distribute-list {w} in", Keep(3)),
    row(FAMILY, 3, 3, "neighbor {w} distribute-list {w} out", Keep(3)),
    row(FAMILY, 5, 3, "neighbor {w} route-map {w} in", Keep(3)),
    row(FAMILY, 6, 3, "neighbor {w} route-map {w} out", Keep(3)),
    row(FAMILY, 7, 3, "neighbor {w} prefix-list {w} in", Keep(3)),
    row(FAMILY, 8, 3, "neighbor {w} prefix-list {w} out", Keep(3)),
    row(FAMILY, 9, 3, "neighbor {w} filter-list {w} in", Keep(3)),
    row(FAMILY, 10, 3, "neighbor {w} filter-list {w} out", Keep(3)),
    row(FAMILY, 1, 2, "neighbor {w} {...}", Keep(0)),
    row(FAMILY, 4, 1, "(network|redistribute) {...}", Keep(0)),
    row(IKEV2, 1, 2, "dpd interval {n}", Keep(2)),
    row(IKEV2, 2, 1, "(source-address|sa-lifetime|child-lifetime|child-pfs) {...}", Keep(1)),
    row(IKEV2, 3, 2, "(sa-proposal|child-proposal) {w} {...}", Keep(2)),
    row(IKEV2, 4, 1, "local-authentication {...}", Keep(1)),
    row(
        IKEV2,
        5,
        1,
        "(ipsec-mode|ipsec|outgoing-interface|connect-type|negotiation-direction|nat-traversal) {...}",
        Keep(1),
    ),
    row(OSPF, 1, 1, "router-id {ip}", Keep(1)),
    row(OSPF, 2, 3, "area {w} (stub|nssa|default-cost) [{...}]", Keep(3)),
    row(OSPF, 2, 4, "area {w} (range|virtual-link) {w} [{...}]", Keep(4)),
    row(OSPF, 2, 2, "area {w} [{...}]", Keep(0)),
    row(OSPF, 3, 2, "network {w} [{...}]", Keep(2)),
    row(OSPF, 4, 2, "passive-interface {w}", Keep(0)),
    row(OSPF, 5, 2, "redistribute {w} [{...}]", Keep(2)),
    row(
        OSPF,
        6,
        1,
        "(originate-default|distance|timers|default-metric|maximum-paths|version|compatible|rib) [{...}]",
        Keep(1),
    ),
    row(OSPF, 7, 2, "(distribute-list|nssa-range) {w} [{...}]", Keep(2)),
    row(POLICY, 0, 2, "class {w}", Open(Sub::PolicyClass)),
    row(WEB, 1, 2, "o {...}", Keep(2)),
    row(ANY, 1, 2, "set (metric|local-preference) {n}", Keep(2)),
    row(ANY, 1, 1, "(match|set|priority|bandwidth|police|queue) [{...}]", Keep(0)),
];
