//! Lines of the interface and device submodes.
//!
//! Ranks follow the order seen inside an interface block (fact sheet 6): `shutdown` comes last.

use super::Does::{Address, Encapsulation, Filter, Keep, Literal, Shutdown, VlanGroup, Vrf};
use super::{Row, row};
use crate::grammar::{Place, Sub};

const I: &[Place] = &[Place::Sub(Sub::Interface)];
const D: &[Place] = &[Place::Sub(Sub::Device)];
const ID: &[Place] = &[Place::Sub(Sub::Interface), Place::Sub(Sub::Device)];

pub const ROWS: &[Row] = &[
    row(D, 1, 2, "vlan-group {1-8} port {...}", VlanGroup),
    row(D, 2, 2, "isdn switch-type {w}", Keep(2)),
    row(D, 3, 1, "speed (auto|10|100|1000)", Keep(1)),
    row(D, 4, 1, "duplex (auto|half|full)", Keep(1)),
    row(D, 5, 2, "port {1-8} {...}", Keep(0)),
    row(D, 6, 1, "(mdi-mdix|mdix) {w}", Keep(1)),
    row(D, 7, 1, "(pin-auth|pin-code|pin-unlock|pin-authentication|mobile) {...}", Keep(0)),
    row(I, 1, 1, "description {...}", Keep(1)),
    row(I, 2, 1, "encapsulation {...}", Encapsulation),
    row(I, 3, 1, "auto-connect", Literal(1)),
    row(I, 4, 2, "ppp binding {w}", Keep(2)),
    row(I, 5, 2, "tunnel mode {...}", Keep(2)),
    row(I, 6, 2, "tunnel (destination|source) {...}", Keep(2)),
    row(I, 7, 2, "tunnel {...}", Keep(0)),
    row(I, 8, 3, "ip vrf forwarding {w}", Vrf),
    row(I, 10, 2, "ip address ({ip/}|{ip} {ip}|dhcp [receive-default]|ipcp|map-e [{...}])", Address),
    row(I, 10, 2, "ip unnumbered {if}", Address),
    row(I, 10, 3, "ip address {ip/} secondary", Keep(0)),
    row(I, 11, 2, "ip mtu {n}", Keep(2)),
    row(I, 12, 3, "ip tcp adjust-mss (auto|{n})", Keep(3)),
    row(I, 13, 2, "ip proxy-arp", Keep(2)),
    row(I, 14, 3, "ip dhcp (binding|relay) {w}", Keep(3)),
    row(I, 14, 2, "ip dhcp-relay {...}", Keep(0)),
    row(I, 15, 3, "ip napt {...}", Keep(0)),
    row(I, 16, 3, "ip filter {w15} {1-65535} (in|out) [{...}]", Filter),
    row(
        I,
        17,
        3,
        "ip ospf (cost|priority|hello-interval|dead-interval|retransmit-interval|transmit-delay|authentication-key|network) \
         {...}",
        Keep(3),
    ),
    row(I, 17, 3, "ip ospf authentication [{...}]", Keep(3)),
    row(I, 17, 3, "ip policy route-map {w}", Keep(3)),
    row(I, 17, 3, "ip (policy|redirects|directed-broadcast|nat|igmp|ospf|rip|pim|multicast) [{...}]", Keep(0)),
    row(I, 18, 3, "ip ufs-cache timeout {n}", Keep(3)),
    row(I, 18, 4, "ip ufs-cache timeout (tcp|udp|icmp|esp|gre|other) {n}", Keep(4)),
    row(I, 19, 2, "telnet-server {...}", Keep(0)),
    row(I, 30, 2, "ipv6 enable", Keep(2)),
    row(I, 31, 2, "ipv6 interface-identifier {w}", Keep(2)),
    row(I, 32, 2, "ipv6 address ({ip6/} [{...}]|autoconfig [{...}])", Keep(0)),
    row(I, 33, 2, "ipv6 autoselect enable", Keep(3)),
    row(I, 34, 2, "ipv6 (mtu {n}|traffic-class {...})", Keep(2)),
    row(I, 35, 4, "ipv6 tcp adjust-mss (auto|{n})", Keep(3)),
    row(I, 36, 3, "ipv6 dhcp (client|server) {w31}", Keep(3)),
    row(I, 37, 3, "ipv6 nd proxy {if}", Keep(3)),
    row(I, 37, 4, "ipv6 nd ra (enable|other-config-flag|managed-config-flag)", Keep(4)),
    row(
        I,
        37,
        4,
        "ipv6 nd ra (dns-server|lifetime|min-interval|max-interval|hop-limit|mtu|reachable-time|retrans-timer) {...}",
        Keep(4),
    ),
    row(I, 37, 4, "ipv6 nd ra {...}", Keep(0)),
    row(I, 37, 3, "ipv6 nd {...}", Keep(0)),
    row(I, 38, 3, "ipv6 filter {w15} {1-65535} (in|out) [{...}]", Filter),
    row(
        I,
        39,
        3,
        "ipv6 ospf (cost|priority|hello-interval|dead-interval|retransmit-interval|transmit-delay|network) {...}",
        Keep(3),
    ),
    row(I, 39, 3, "ipv6 (unnumbered|policy|ufs-cache|ospf|rip|pim|mld|redirects) [{...}]", Keep(0)),
    row(I, 40, 3, "proxy-dns (ip|ipv6) enable", Keep(3)),
    row(I, 50, 1, "bridge-group {1-4096}", Keep(1)),
    row(I, 51, 3, "bridge (ip|ipv6) {...}", Keep(0)),
    row(I, 52, 1, "url-filter {w31} {1-65535} (in|out) [{...}]", Keep(0)),
    row(I, 53, 3, "mac filter {w15} {1-65535} (in|out) [{...}]", Keep(0)),
    row(
        I,
        55,
        3,
        "vrrp {1-255} (priority|preempt|advertise-interval|advertisement-interval|authentication|timers|delay) [{...}]",
        Keep(3),
    ),
    row(I, 55, 2, "vrrp {1-255} {...}", Keep(0)),
    row(I, 60, 2, "service-policy {...}", Keep(0)),
    row(I, 70, 2, "ipsec policy {...}", Keep(2)),
    row(
        I,
        71,
        2,
        "ikev2 (connect-type|outgoing-interface|source-address|negotiation-direction|nat-traversal|peer|\
         peer-fqdn-ipv4|peer-fqdn-ipv6|local-authentication|sa-lifetime|child-lifetime|child-pfs|ipsec-mode) {...}",
        Keep(2),
    ),
    // The word alone would open the profile: the line of the interface is as exact.
    row(I, 71, 2, "ikev2 (binding|profile) {w}", Keep(2)),
    row(I, 71, 3, "ikev2 (dpd|ipsec|sa-proposal|child-proposal) {w} [{...}]", Keep(3)),
    row(I, 71, 2, "ikev2 {...}", Keep(0)),
    row(I, 72, 2, "(l2tp|mobile|isdn|pin-code|pin-unlock|pin-authentication) {...}", Keep(0)),
    row(ID, 99, 1, "shutdown", Shutdown),
];
