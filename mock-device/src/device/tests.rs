//! The state machine of one router, line by line.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use super::apply::Device;
use super::mode::Mode;
use super::model::Model;
use super::print::body;
use super::refusal::Refusal;
use crate::grammar::{Miss, grammar};
use crate::scenario::{Absent, Duplicate, GroupAgain, MissingList, Overlap, Readings, Rebind};

/// A box, and the mode a person at its prompt would be in.
struct Bench {
    device: Device,
    mode: Mode,
}

impl Bench {
    fn new() -> Self {
        Self::with(&Readings::default())
    }

    fn with(readings: &Readings) -> Self {
        Self { device: Device::factory(Model::Ix2215, "0123456789", readings), mode: Mode::Global }
    }

    fn type_in(&mut self, line: &str) -> Result<Vec<String>, Refusal> {
        let command = grammar().parse(self.mode.place(), line).map_err(Refusal::Grammar)?;
        let applied = self.device.apply(&self.mode, &command)?;
        if let Some(mode) = applied.mode {
            self.mode = mode;
        }
        Ok(applied.notices)
    }

    fn feed(&mut self, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('!')) {
            if let Err(refusal) = self.type_in(line) {
                panic!("{line}: {refusal:?}");
            }
        }
    }

    fn body(&self) -> Vec<String> {
        body(&self.device.config, self.device.model)
    }

    fn block(&self, header: &str) -> Vec<String> {
        let body = self.body();
        body.into_iter().skip_while(|line| line != header).skip(1).take_while(|line| line != "!").collect()
    }
}

const FACTORY: &str = "\
timezone +09 00
!
!
!
!
!
!
!
!
!
!
!
!
!
!
!
device GigaEthernet0
!
device GigaEthernet1
!
device GigaEthernet2
!
device BRI0
  isdn switch-type hsd128k
!
device USB0
  shutdown
!
interface GigaEthernet0.0
  no ip address
  shutdown
!
interface GigaEthernet1.0
  no ip address
  shutdown
!
interface GigaEthernet2.0
  no ip address
  shutdown
!
interface BRI0.0
  encapsulation ppp
  no auto-connect
  no ip address
  shutdown
!
interface USB-Serial0.0
  encapsulation ppp
  no auto-connect
  no ip address
  shutdown
!
interface Loopback0.0
  no ip address
!
interface Null0.0
  no ip address
!";

#[test]
fn an_unconfigured_box_prints_the_58_lines_below_its_header() {
    let body = Bench::new().body();
    assert_eq!(body.len(), 58);
    assert_eq!(body.join("\n"), FACTORY);
}

#[test]
fn the_vendors_three_configurations_are_accepted_and_come_back_from_their_own_output() {
    for text in [
        include_str!("../../tests/data/router1.cfg"),
        include_str!("../../tests/data/router2.cfg"),
        include_str!("../../tests/data/router3.cfg"),
    ] {
        let mut first = Bench::new();
        first.feed(text);
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('!')) {
            assert!(first.body().iter().any(|printed| printed.trim() == line), "{line} is not printed");
        }
        let mut second = Bench::new();
        second.feed(&first.body().join("\n"));
        assert_eq!(second.body(), first.body());
    }
}

#[test]
fn captured_configurations_are_accepted_where_they_are_at_hand() {
    let folder = std::env::var("IX_SAMPLES")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/ix/samples").to_owned());
    let Ok(files) = std::fs::read_dir(&folder) else {
        eprintln!("NOT RUN: no captured configurations in {folder}");
        return;
    };
    let mut fed = 0;
    for file in files.map(|file| file.unwrap().path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        // One capture is of a box with FastEthernet interfaces, which neither model has.
        if !name.contains("config-ix2") || name.contains("ix2025") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let wanted =
            |line: &&str| !line.starts_with("Using") && *line != "show running-config" && !line.contains("(config)#");
        let mut bench = Bench::new();
        for line in text.lines().filter(wanted).filter(|line| !line.starts_with('!') && !line.trim().is_empty()) {
            if let Err(refusal) = bench.type_in(line.trim()) {
                panic!("{name}: {line}: {refusal:?}");
            }
        }
        let mut again = Bench::new();
        again.feed(&bench.body().join("\n"));
        assert_eq!(again.body(), bench.body(), "{name}");
        if name.contains("10.7.18") {
            let printed: Vec<&str> =
                text.lines().filter(wanted).skip_while(|l| *l != "!").skip(1).map(str::trim_end).collect();
            let printed: Vec<&str> = printed.iter().copied().filter(|line| !line.is_empty()).collect();
            assert_eq!(bench.body().join("\n"), printed.join("\n"), "{name}");
        }
        fed += 1;
    }
    assert!(fed > 0, "{folder} holds no configuration");
}

#[test]
fn re_entering_an_address_replaces_it_and_no_removes_it() {
    let mut bench = Bench::new();
    bench.feed("interface GigaEthernet0.0\nip address 10.0.0.1/24\nip address 10.0.0.2/24");
    assert_eq!(bench.block("interface GigaEthernet0.0"), ["  ip address 10.0.0.2/24", "  shutdown"]);
    bench.feed("no ip address 10.0.0.9/24");
    assert_eq!(bench.block("interface GigaEthernet0.0")[0], "  ip address 10.0.0.2/24");
    bench.feed("no ip address\nno shutdown");
    assert_eq!(bench.block("interface GigaEthernet0.0"), ["  no ip address", "  no shutdown"]);
}

#[test]
fn joining_and_leaving_a_vrf_deletes_the_address() {
    let mut bench = Bench::new();
    bench.feed("interface GigaEthernet0.0\nip address 10.0.0.1/24\nip vrf forwarding VRF1");
    assert_eq!(bench.block("interface GigaEthernet0.0"), ["  ip vrf forwarding VRF1", "  no ip address", "  shutdown"]);
    bench.feed("ip address 10.0.0.1/24\nip vrf forwarding VRF1");
    assert_eq!(
        bench.block("interface GigaEthernet0.0")[1],
        "  ip address 10.0.0.1/24",
        "the same VRF again is no change"
    );
    bench.feed("no ip vrf forwarding VRF1");
    assert_eq!(bench.block("interface GigaEthernet0.0")[0], "  no ip address");
}

#[test]
fn a_vlan_group_makes_and_takes_its_interfaces() {
    let mut bench = Bench::new();
    assert_eq!(bench.type_in("interface GigaEthernet2:1.0"), Err(Refusal::NoInterface("GigaEthernet2:1.0".to_owned())));
    assert_eq!(bench.mode, Mode::Global, "a refused section opener leaves the mode alone");
    bench.feed("device GigaEthernet2\nvlan-group 1 port 1 2\nvlan-group 2 port 2 3");
    assert_eq!(bench.block("device GigaEthernet2"), ["  vlan-group 1 port 1", "  vlan-group 2 port 2 3"]);
    assert_eq!(bench.type_in("vlan-group 3 port 9"), Err(Refusal::Port("9".to_owned())));
    bench.feed("interface GigaEthernet2:1.0\nip address 10.0.0.1/24\ndevice GigaEthernet2\nno vlan-group 1");
    assert!(!bench.body().iter().any(|line| line == "interface GigaEthernet2:1.0"));
}

#[test]
fn entries_are_appended_and_lists_are_printed_by_name() {
    let mut bench = Bench::new();
    bench.feed(
        "ip access-list zz permit ip src any dest any\nip access-list a-list deny ip src 10.0.0.0/8 dest any\n\
         ip access-list zz deny tcp src any sport any dest any dport eq 22\nip access-list zz option optimize\n\
         no ip access-list zz permit ip src any dest any\nip access-list zz permit ip src any dest any",
    );
    let lists: Vec<String> = bench.body().into_iter().filter(|line| line.starts_with("ip access-list")).collect();
    assert_eq!(
        lists,
        [
            "ip access-list a-list deny ip src 10.0.0.0/8 dest any",
            "ip access-list zz option optimize",
            "ip access-list zz deny tcp src any sport any dest any dport eq 22",
            "ip access-list zz permit ip src any dest any",
        ]
    );
    bench.feed("no ip access-list zz");
    assert_eq!(bench.body().iter().filter(|line| line.starts_with("ip access-list")).count(), 1);
}

#[test]
fn numbered_entries_are_ordered_by_number() {
    let mut bench = Bench::new();
    bench.feed(
        "ipv6 access-list l sequence-mode 100\nipv6 access-list l 200 permit ip src any dest any\n\
         ipv6 access-list l 50 deny icmp src any dest any\nipv6 access-list l permit icmp type 1 src any dest any\n\
         no ipv6 access-list l 200",
    );
    let lists: Vec<String> = bench.body().into_iter().filter(|line| line.starts_with("ipv6 access-list")).collect();
    assert_eq!(
        lists,
        [
            "ipv6 access-list l sequence-mode 100",
            "ipv6 access-list l 50 deny icmp src any dest any",
            "ipv6 access-list l 300 permit icmp type 1 src any dest any",
        ]
    );
}

#[test]
fn open_questions_follow_the_scenarios_reading() {
    let entry = "ip access-list l permit ip src any dest any";
    for (reading, count, error) in [
        (Duplicate::Ignore, 1, None),
        (Duplicate::Append, 2, None),
        (Duplicate::Refuse, 1, Some(Refusal::Duplicate("ip access-list l".to_owned()))),
    ] {
        let mut bench = Bench::with(&Readings { duplicate_entry: reading, ..Readings::default() });
        bench.feed(entry);
        assert_eq!(bench.type_in(entry).err(), error);
        assert_eq!(bench.body().iter().filter(|line| *line == entry).count(), count);
    }
    for (reading, lines) in [
        (Rebind::Replace, vec!["  ip filter b 100 in"]),
        (Rebind::Add, vec!["  ip filter a 100 in", "  ip filter b 100 in"]),
        (Rebind::Refuse, vec!["  ip filter a 100 in"]),
    ] {
        let mut bench = Bench::with(&Readings { rebind: reading, ..Readings::default() });
        bench.feed("interface GigaEthernet0.0\nip filter a 100 in");
        assert_eq!(bench.type_in("ip filter b 100 in").is_err(), reading == Rebind::Refuse);
        let block = bench.block("interface GigaEthernet0.0");
        assert_eq!(
            block.iter().filter(|line| line.contains("filter")).collect::<Vec<_>>(),
            lines.iter().collect::<Vec<_>>()
        );
    }
    let strict = Readings { missing_list: MissingList::Refuse, absent: Absent::Refuse, ..Readings::default() };
    let mut bench = Bench::with(&strict);
    bench.feed("ip access-list there permit ip src any dest any\ninterface GigaEthernet0.0\nip filter there 1 in");
    assert_eq!(bench.type_in("ip filter gone 2 in"), Err(Refusal::NoList("gone".to_owned())));
    assert!(matches!(bench.type_in("no ip filter there 9 in"), Err(Refusal::Absent(_))));
    assert!(bench.type_in("no ip filter there 1 in").is_ok());
}

#[test]
fn network_and_port_group_follow_the_scenarios_reading() {
    for (reading, refused) in [(Overlap::Accept, false), (Overlap::Refuse, true)] {
        let mut bench = Bench::with(&Readings { overlap: reading, ..Readings::default() });
        bench.feed("interface GigaEthernet0.0\nip address 10.0.1.1/24\ninterface GigaEthernet1.0");
        assert_eq!(bench.type_in("ip address 10.0.1.9/25").is_err(), refused);
        assert!(bench.type_in("ip address 10.0.2.1/24").is_ok());
        assert!(bench.type_in("ip address 10.0.2.2/24").is_ok(), "it replaces the one before");
        assert_eq!(bench.type_in("ip address 10.0.2.3/24 secondary").is_err(), refused);
        bench.feed("ip vrf forwarding V");
        assert!(bench.type_in("ip address 10.0.1.9/25").is_ok(), "another VRF");
    }
    for (reading, line) in [
        (GroupAgain::Replace, "  vlan-group 1 port 3 4"),
        (GroupAgain::Add, "  vlan-group 1 port 1 2 3 4"),
        (GroupAgain::Refuse, "  vlan-group 1 port 1 2 3"),
    ] {
        let mut bench = Bench::with(&Readings { group_again: reading, ..Readings::default() });
        bench.feed("device GigaEthernet2\nvlan-group 1 port 1 2 3");
        assert_eq!(bench.type_in("vlan-group 1 port 3 4").is_err(), reading == GroupAgain::Refuse);
        assert!(bench.block("device GigaEthernet2").iter().any(|there| there == line), "{line}");
    }
}

#[test]
fn a_password_typed_in_clear_comes_back_hashed() {
    let mut bench = Bench::new();
    let notices = bench.type_in("username admin password plain 1 CANARY administrator").unwrap();
    assert_eq!(notices, ["% User 'admin' has been added."]);
    let line = bench.body().into_iter().find(|line| line.starts_with("username")).unwrap();
    let hash = line.split(' ').nth(4).unwrap();
    assert_eq!(hash.len(), 31);
    assert!(hash.ends_with('@') && hash.bytes().take(30).all(|b| b.is_ascii_hexdigit()), "{hash}");
    bench.feed("nm account group password plain CANARY\nhttp-server username u password plain CANARY");
    assert!(!bench.body().join("\n").contains("CANARY"));
    bench.feed(&format!("no username admin\n{line}"));
    assert!(bench.body().contains(&line), "the printed form is taken as it is");
}

#[test]
fn a_global_one_liner_keeps_the_submode_and_a_refused_opener_too() {
    let mut bench = Bench::new();
    bench
        .feed("watch-group cloud 10\nevent 10 ip unreach-host 192.0.2.1 GigaEthernet0.0\nnetwork-monitor cloud enable");
    assert_eq!(bench.mode.label().unwrap(), "config-watch-cloud-10");
    assert!(bench.type_in("interface GigaEthernet7.0").is_err());
    assert_eq!(bench.mode.label().unwrap(), "config-watch-cloud-10");
    bench.feed("ip dhcp profile lan1");
    assert_eq!(bench.mode.label().unwrap(), "config-dhcp-lan1");
    assert_eq!(bench.type_in("ip address 10.0.0.1/24"), Err(Refusal::Grammar(Miss::Invalid)));
}

#[test]
fn a_tag_waits_for_a_restart() {
    let mut bench = Bench::new();
    bench.feed("interface GigaEthernet1.1");
    let notices = bench.type_in("encapsulation dot1q 3000 tpid 8100").unwrap();
    assert_eq!(notices, ["% You must restart the router for this configuration to take effect."]);
    assert!(bench.device.restart_pending);
}

#[test]
fn bridging_of_ip_is_a_default_that_only_shows_when_it_is_off() {
    let mut bench = Bench::new();
    bench.feed("bridge irb enable\nno bridge 1 bridge ip");
    assert!(bench.body().contains(&"no bridge 1 bridge ip".to_owned()));
    bench.feed("bridge 1 bridge ip");
    assert!(!bench.body().join("\n").contains("bridge ip"));
}

#[test]
fn every_line_of_the_vendors_configurations_can_be_removed() {
    for text in [
        include_str!("../../tests/data/router1.cfg"),
        include_str!("../../tests/data/router2.cfg"),
        include_str!("../../tests/data/router3.cfg"),
    ] {
        let mut bench = Bench::with(&Readings { absent: Absent::Refuse, ..Readings::default() });
        bench.feed(text);
        let full = bench.body();
        // First what is inside blocks, as a person would: into the block, then `no` before each line of ours.
        let mut factory_block: Vec<String> = Vec::new();
        for line in &full {
            match line.strip_prefix("  ") {
                Some("no shutdown") => bench.feed("shutdown"),
                Some(own) if own.starts_with("no ") || factory_block.contains(line) => {}
                Some(own) => bench.feed(&format!("no {own}")),
                None if opens_block(line) => {
                    factory_block = Bench::new().block(line);
                    if bench.body().contains(line) {
                        bench.feed(line);
                    } else {
                        bench.mode = Mode::Global;
                    }
                }
                None => {}
            }
            if line.starts_with("interface GigaEthernet2:") {
                break;
            }
        }
        bench.mode = Mode::Global;
        let factory: Vec<&str> = FACTORY.lines().collect();
        for line in full.iter().filter(|line| !line.starts_with(' ') && !factory.contains(&line.as_str())) {
            if !line.starts_with("interface ") {
                bench.feed(&format!("no {line}"));
            }
        }
        assert_eq!(bench.body().join("\n"), FACTORY);
    }
}

fn opens_block(line: &str) -> bool {
    ["interface ", "device ", "ipv6 dhcp client-profile ", "ipv6 dhcp server-profile "]
        .iter()
        .any(|start| line.starts_with(start))
}

/// Lines of configurations in use that a router prints as they were typed.
#[test]
fn lines_of_configurations_in_use_are_accepted_and_printed() {
    let mut bench = Bench::new();
    let global = "\
ntp ipv6 enable
ip nat pool p 192.0.2.10 192.0.2.20
ip dhcp-relay enable
ikev2 authentication psk id keyid R1 key char CANARY
ssh-server key-exchange compatibility
usbmem enable
vrrp enable
";
    bench.feed(global);
    let blocks = "\
interface GigaEthernet0.1
  ip address 192.0.2.1/24
  ip nat static 10.0.0.1 192.0.2.9
  ip ospf cost 100
  ip ospf mtu-ignore
  ip ufs-cache timeout tcp 300
  ipv6 nd ra lifetime 360
  ipv6 ospf cost 100
  vrrp 1 priority 200
  vrrp 1 ip 192.0.2.254
  vrrp 1 preempt
  shutdown
!
ip router ospf 1
  router-id 192.0.2.1
  area 0.0.0.0
  network GigaEthernet0.1 area 0.0.0.0
  passive-interface Loopback1.0
!
ipv6 router ospf 1
  router-id 192.0.2.1
  network GigaEthernet0.1 area 0.0.0.0
!
ikev2 profile one
  child-pfs off
  ipsec-mode tunnel
!
policy-map p
  class c
    set ip dscp 46
!
interface Null1.0
  no ip address
!
interface Tunnel1.0
  tunnel mode ipsec-ikev2
  no ip address
  ikev2 binding one
  ikev2 dpd interval 10
  ikev2 ipsec pre-fragment
  shutdown
!
";
    bench.feed(blocks);
    let body = bench.body();
    for line in global.lines().chain(blocks.lines()) {
        assert!(body.iter().any(|shown| shown == line.trim() || shown == line), "{line}\n{}", body.join("\n"));
    }
    assert_eq!(bench.block("policy-map p"), ["  class c", "    set ip dscp 46"]);
    // The interface's own line wins over the profile of the same words.
    bench.feed("interface Tunnel1.0\nikev2 profile one\n");
    assert!(bench.block("interface Tunnel1.0").contains(&"  ikev2 profile one".to_owned()));
    // A value typed again takes the place of the old one.
    bench.feed("ip ospf cost 5\ninterface GigaEthernet0.1\nip ospf cost 7\nvrrp 1 priority 100\n");
    let interface = bench.block("interface GigaEthernet0.1");
    assert!(
        interface.contains(&"  ip ospf cost 7".to_owned()) && !interface.contains(&"  ip ospf cost 100".to_owned())
    );
    assert!(interface.contains(&"  vrrp 1 priority 100".to_owned()), "{interface:?}");
}

#[test]
fn ntp_prints_its_families_before_the_servers() {
    let mut bench = Bench::new();
    bench.feed("ntp server 192.0.2.123\nntp ipv6 enable\nntp ip enable\n");
    let ntp: Vec<String> = bench.body().into_iter().filter(|line| line.starts_with("ntp ")).collect();
    assert_eq!(ntp, ["ntp ip enable", "ntp ipv6 enable", "ntp server 192.0.2.123"]);
}

#[test]
fn a_number_that_does_not_fit_is_out_of_range() {
    let mut bench = Bench::new();
    for line in ["bridge 9999 bridge-only pppoe", "interface GigaEthernet0.0\nvrrp 256 ip 192.0.2.1"] {
        let (last, before) = line.rsplit_once('\n').map_or((line, ""), |(before, last)| (last, before));
        bench.feed(before);
        assert_eq!(bench.type_in(last), Err(Refusal::Grammar(Miss::OutOfRange)), "{last}");
    }
}

#[test]
fn removing_a_neighbour_removes_its_lines_as_the_scenario_says() {
    for along in [false, true] {
        let mut bench = Bench::with(&Readings { peer_takes_lines_along: along, ..Readings::default() });
        bench.feed(
            "router bgp 65000\nneighbor 192.0.2.9 remote-as 65001\nneighbor 192.0.2.9 description far\n\
             neighbor 192.0.2.8 description near\naddress-family ipv4 unicast\nneighbor 192.0.2.9 route-map a in\n\
             network 10.0.0.0/8\nrouter bgp 65000\nno neighbor 192.0.2.9 remote-as 65001\n",
        );
        let lines = bench.block("router bgp 65000");
        assert!(lines.contains(&"  neighbor 192.0.2.8 description near".to_owned()), "{lines:?}");
        assert!(lines.contains(&"    network 10.0.0.0/8".to_owned()), "{lines:?}");
        assert_eq!(
            lines.iter().filter(|line| line.contains("192.0.2.9")).count(),
            if along { 0 } else { 2 },
            "{lines:?}"
        );
    }
}

#[test]
fn a_value_typed_again_replaces_the_one_with_the_same_name() {
    for (header, once, again, other) in [
        ("watch-group w 1", "probe-mode traffic event 1", "probe-mode passive event 1", "probe-mode traffic event 2"),
        ("ip router ospf 1", "area 1 stub", "area 1 stub no-summary", "area 2 stub"),
        ("interface GigaEthernet0.0", "vrrp 1 preempt", "vrrp 1 preempt delay 9", "vrrp 2 preempt"),
        (
            "interface GigaEthernet0.0",
            "ip ufs-cache timeout tcp 30",
            "ip ufs-cache timeout tcp 60",
            "ip ufs-cache timeout udp 60",
        ),
        (
            "router bgp 65000",
            "neighbor 192.0.2.1 timers 6 30",
            "neighbor 192.0.2.1 timers 9 30",
            "neighbor 192.0.2.2 timers 6 30",
        ),
    ] {
        let mut bench = Bench::new();
        bench.feed(&format!("{header}\n{once}\n{other}\n{again}\n"));
        let lines = bench.block(header);
        let has = |line: &str| lines.iter().any(|shown| shown.trim() == line);
        assert!(has(again) && has(other) && !has(once), "{header}: {lines:?}");
        bench.feed(&format!("no {again}\n"));
        assert!(!bench.block(header).iter().any(|shown| shown.trim() == again), "{again}");
    }
}
