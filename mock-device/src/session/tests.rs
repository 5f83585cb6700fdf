//! Whole conversations, byte for byte, without any transport.

#![allow(clippy::unwrap_used)]

use super::{End, Session};
use crate::event::{Outcome, What};
use crate::router::signal::Signal;
use crate::router::{Router, Via};
use crate::scenario::{DeadLock, Fault, LineDns, Readings, RouterSpec, SaveFault, Start, TransportSpec, When};

const BANNER: &str = "NEC Portable Internetwork Core Operating System Software\r\nCopyright Notices:\r\n\
    Copyright (c) NEC Corporation 2001-2022. All rights reserved.\r\n\
    Copyright (c) 1985-1998 OpenROUTE Networks, Inc.\r\nCopyright (c) 1984-1987, 1989 J. Noel Chiappa.\r\n";

fn prepared(change: impl FnOnce(&mut RouterSpec)) -> Router {
    let mut spec =
        RouterSpec { hostname: Some("ix".to_owned()), password: "CANARY".to_owned(), ..RouterSpec::default() };
    change(&mut spec);
    Router::new(spec, 1).unwrap()
}

fn factory() -> Router {
    prepared(|spec| spec.start = Start::FactoryDefault)
}

fn type_in(router: &mut Router, session: &mut Session, text: &str) -> String {
    session.feed(router, text.as_bytes());
    String::from_utf8(session.take_output()).unwrap()
}

fn log_in(router: &mut Router) -> Session {
    let right = router.authenticate("admin", "CANARY");
    assert!(right.is_some());
    let mut session = Session::open(router, Via::Ssh, right, 80);
    session.take_output();
    session
}

fn configuring(router: &mut Router) -> Session {
    let mut session = log_in(router);
    type_in(router, &mut session, "enable-config\nterminal length 0\n");
    session
}

fn deliver(router: &mut Router, session: &mut Session) -> String {
    for (id, signal) in std::mem::take(&mut router.outbox) {
        if id == session.id {
            session.signal(router, signal);
        }
    }
    String::from_utf8(session.take_output()).unwrap()
}

fn count(router: &Router, wanted: impl Fn(&What) -> bool) -> usize {
    router.events().iter().filter(|event| wanted(&event.what)).count()
}

#[test]
fn a_factory_box_lets_everyone_in_on_its_console() {
    let mut router = factory();
    let mut session = Session::open(&mut router, Via::Console, None, 80);
    assert_eq!(type_in(&mut router, &mut session, "x"), "", "a quiet console shows nothing before a Return");
    assert_eq!(type_in(&mut router, &mut session, "\r"), format!("\r\n{BANNER}Router# "));
    let clock = type_in(&mut router, &mut session, "show clock\r");
    assert!(clock.starts_with("show clock\r\nWednesday, 1 April 2026 09:"), "{clock}");
    assert!(clock.ends_with(" +09 00\r\nRouter# "), "{clock}");
    assert_eq!(
        type_in(&mut router, &mut session, "configure\r"),
        "configure\r\nEnter configuration commands, one per line. End with CNTL/Z.\r\nRouter(config)# "
    );
    assert_eq!(type_in(&mut router, &mut session, "hostname ix01\r"), "hostname ix01\r\nix01(config)# ");
    assert_eq!(type_in(&mut router, &mut session, "\x1a"), "\r\nix01# ");
    assert_eq!(type_in(&mut router, &mut session, "exit\r"), format!("exit\r\n\r\n{BANNER}ix01# "));
}

#[test]
fn a_console_with_an_administrator_asks_for_name_and_password() {
    let mut router = prepared(|_| ());
    let mut session = Session::open(&mut router, Via::Console, None, 80);
    assert_eq!(type_in(&mut router, &mut session, "\n"), "login: ");
    assert_eq!(type_in(&mut router, &mut session, "admin\n"), "admin\r\nPassword: ");
    assert_eq!(type_in(&mut router, &mut session, "wrong\n"), "\r\n% Login incorrect.\r\nlogin: ");
    assert_eq!(type_in(&mut router, &mut session, "\n"), "\r\nPassword: ", "an empty name is a name");
    type_in(&mut router, &mut session, "\nadmin\n");
    assert_eq!(type_in(&mut router, &mut session, "CANARY\n"), format!("\r\n\r\n{BANNER}ix# "));
    assert_eq!(type_in(&mut router, &mut session, "exit\n"), "exit\r\nlogin: ");
    let record = format!("{:?}", router.events());
    assert!(!record.contains("CANARY") && !record.contains("wrong"));
}

#[test]
fn operation_mode_refuses_what_needs_configuration_mode() {
    let mut router = prepared(|_| ());
    let mut session = log_in(&mut router);
    assert_eq!(
        type_in(&mut router, &mut session, "show running-config\n"),
        "show running-config\r\n% running-config  -- Invalid command.\r\nix# "
    );
    assert_eq!(
        type_in(&mut router, &mut session, "terminal length 0\n"),
        "terminal length 0\r\n% terminal  -- Invalid command.\r\nix# "
    );
}

#[test]
fn one_session_holds_configuration_mode_and_another_may_take_it() {
    let mut router = prepared(|_| ());
    let mut first = configuring(&mut router);
    let mut second = log_in(&mut router);
    assert_eq!(
        type_in(&mut router, &mut second, "enable-config\n"),
        "enable-config\r\n% CONFIG process is occupied.\r\n\
         % You may use `svintr-config' command with administrator privilege.\r\nix# "
    );
    type_in(&mut router, &mut first, "interface GigaEthernet0.0\nip addr");
    assert!(type_in(&mut router, &mut second, "svintr-config\n").ends_with("ix(config)# "));
    assert_eq!(deliver(&mut router, &mut first), "\r\n% CONFIG process was taken over by another user.\r\nix# ");
    assert_eq!(
        type_in(&mut router, &mut first, "no shutdown\n"),
        "no shutdown\r\n% shutdown  -- Invalid command.\r\nix# "
    );
}

#[test]
fn the_lock_of_a_lost_session_is_released_as_the_scenario_says() {
    for (reading, free) in [(DeadLock::Freed, true), (DeadLock::HeldForever, false)] {
        let mut router = prepared(|spec| spec.readings.dead_lock = reading);
        let mut session = configuring(&mut router);
        session.lost(&mut router);
        let mut next = log_in(&mut router);
        let answer = type_in(&mut router, &mut next, "enable-config\n");
        assert_eq!(answer.ends_with("ix(config)# "), free, "{answer}");
        assert!(type_in(&mut router, &mut next, "svintr-config\n").ends_with("ix(config)# "));
    }
}

#[test]
fn a_long_answer_stops_after_23_lines() {
    let mut router = prepared(|_| ());
    let mut session = log_in(&mut router);
    type_in(&mut router, &mut session, "enable-config\n");
    let page = type_in(&mut router, &mut session, "show running-config\n");
    assert_eq!(page.matches("\r\n").count(), 24, "the echo and 23 lines");
    assert!(page.ends_with("\r\n--More--"));
    assert_eq!(type_in(&mut router, &mut session, "q"), "\r        \rix(config)# ");
    type_in(&mut router, &mut session, "terminal length 0\n");
    assert!(type_in(&mut router, &mut session, "show running-config\n").ends_with("!\r\nix(config)# "));
}

#[test]
fn help_and_completion_act_while_a_line_is_typed_as_on_a_router() {
    let mut router = prepared(|_| ());
    let mut session = configuring(&mut router);
    assert_eq!(
        type_in(&mut router, &mut session, "exit?"),
        "exit?\r\n  exit  -- Exit from configure mode\r\nix(config)# exit"
    );
    assert_eq!(type_in(&mut router, &mut session, "\x15"), "\x08 \x08".repeat(4));
    assert_eq!(type_in(&mut router, &mut session, "sho\t"), "sho\x08 \x08\x08 \x08\x08 \x08show ");
    assert_eq!(type_in(&mut router, &mut session, "\x15inter\tgi\t\r").matches("GigaEthernet0.0\r\n").count(), 1);
}

#[test]
fn a_save_is_announced_logged_and_read_back() {
    let mut router = factory();
    let mut session = Session::open(&mut router, Via::Channel, None, 80);
    type_in(&mut router, &mut session, "configure\nterminal length 0\n");
    assert!(type_in(&mut router, &mut session, "show startup-config\n").contains("Using 0 out of 1048576 bytes\r\n"));
    assert_eq!(
        type_in(&mut router, &mut session, "copy run start\n"),
        "copy run start\r\nCopying from \"running-config\" to \"startup-config\"\r\nBuilding configuration...\r\n\
         % Warning: do NOT enter CNTL/Z while saving to avoid config corruption.\r\nRouter(config)# "
    );
    assert!(
        type_in(&mut router, &mut session, "show logging\n").contains("CNFG.003: Startup config write done  (TTY:1).")
    );
    assert!(type_in(&mut router, &mut session, "show config\n").contains("\r\n! Last updated Apr 01-Wed-2026 09:00"));
    assert!(!router.unsaved());
}

#[test]
fn a_reload_without_saving_brings_startup_back() {
    let mut router = prepared(|spec| spec.transports = vec![TransportSpec::Serial { baud: None }]);
    let mut session = configuring(&mut router);
    let mut console = Session::open(&mut router, Via::Console, None, 80);
    type_in(&mut router, &mut session, "hostname other\n");
    let question = type_in(&mut router, &mut session, "reload\n");
    assert_eq!(
        question,
        "reload\r\n% Warning: current running-configuration is not saved yet.\r\n\
         Notice: The router will be RELOADED. This is to ensure that\r\n        \
         the peripheral devices are properly initialized.\r\n\
         Are you sure you want to reload the router? (Yes or [No]): "
    );
    assert_eq!(type_in(&mut router, &mut session, "no\n"), "no\r\nother(config)# ");
    type_in(&mut router, &mut session, "reload\nyes\n");
    let signals = std::mem::take(&mut router.outbox);
    assert_eq!(signals, [(session.id, Signal::Restart), (console.id, Signal::Restart)]);
    session.signal(&mut router, Signal::Restart);
    assert_eq!(session.end(), Some(End::Cut));
    console.signal(&mut router, Signal::Restart);
    console.resume(&mut router);
    let text = String::from_utf8(console.take_output()).unwrap();
    assert!(text.contains("Starting at 0x20000") && text.ends_with("login: "), "{text}");
    assert_eq!(router.device.config.hostname(), "ix");
}

#[test]
fn a_self_inflicted_lock_out_cuts_the_session() {
    for line in [
        "no ip address",
        "ip address 192.0.2.9/24",
        "shutdown",
        "ip vrf forwarding X",
        "device GigaEthernet2\nvlan-group 1 port 8",
    ] {
        let mut router = prepared(|_| ());
        let mut session = configuring(&mut router);
        type_in(&mut router, &mut session, &format!("interface GigaEthernet2.0\n{line}\n"));
        assert!(!router.serves(Via::Ssh), "{line}");
        deliver(&mut router, &mut session);
        assert_eq!(session.end(), Some(End::Cut), "{line}");
    }
    let mut router = prepared(|spec| spec.client_address = Some([192, 0, 2, 7].into()));
    let mut session = configuring(&mut router);
    let lists = "ip access-list a permit tcp src 192.0.2.0/24 sport any dest any dport eq 22\n\
        ip access-list b permit ip src 198.51.100.0/24 dest any\ninterface GigaEthernet2.0\n";
    type_in(&mut router, &mut session, &format!("{lists}ip filter a 10 in\nip filter b 20 in\n"));
    assert!(router.serves(Via::Ssh));
    type_in(&mut router, &mut session, "no ip filter a 10 in\n");
    assert!(!router.serves(Via::Ssh), "what no list matches is dropped");
}

#[test]
fn an_ix2106_is_prepared_on_its_own_switch() {
    let mut router = prepared(|spec| spec.model = crate::scenario::Model::Ix2106);
    assert!(router.serves(Via::Ssh));
    let mut session = configuring(&mut router);
    let text = type_in(&mut router, &mut session, "show running-config\n");
    assert!(text.contains("IX2106") && text.contains("10.9.34") && !text.contains("BRI0"), "{text}");
    type_in(&mut router, &mut session, "device GigaEthernet1\nvlan-group 1 port 4\n");
    assert!(!router.serves(Via::Ssh), "the cable is in the last port");
}

#[test]
fn a_line_is_refused_where_the_scenario_says() {
    let fault = Fault::refuse(When::config_line(2));
    let mut router = prepared(|spec| spec.faults = vec![fault]);
    let mut session = configuring(&mut router);
    type_in(&mut router, &mut session, "interface GigaEthernet0.0\nshow clock\n");
    assert_eq!(
        type_in(&mut router, &mut session, "no shutdown\n"),
        "no shutdown\r\n% shutdown  -- Invalid command.\r\nix(config-GigaEthernet0.0)# "
    );
    assert_eq!(type_in(&mut router, &mut session, "no shutdown\n"), "no shutdown\r\nix(config-GigaEthernet0.0)# ");
}

#[test]
fn a_cut_link_leaves_the_line_done_or_not_as_asked() {
    for (executed, hostname) in [(true, "after"), (false, "ix")] {
        let fault = Fault::Drop { when: When::matching("^hostname"), executed, times: 1 };
        let mut router = prepared(|spec| spec.faults = vec![fault]);
        let mut session = configuring(&mut router);
        assert_eq!(type_in(&mut router, &mut session, "hostname after\n"), "hostname after\r\n");
        assert_eq!(session.end(), Some(End::Cut));
        assert_eq!(router.device.config.hostname(), hostname);
        let dropped = |what: &What| matches!(what, What::Line { outcome: Outcome::Dropped, .. });
        assert_eq!(count(&router, dropped), usize::from(!executed));
    }
}

#[test]
fn a_link_can_be_cut_at_any_byte() {
    let line = "hostname after\n";
    for at in 1..=line.len() {
        let mut router = prepared(|_| ());
        let mut session = configuring(&mut router);
        router.inject(Fault::drop_link(When::byte(u64::try_from(at).unwrap()))).unwrap();
        let echo = type_in(&mut router, &mut session, line);
        assert_eq!(echo, line.get(..at - 1).unwrap(), "the answer to the last byte never arrives");
        assert_eq!(session.end(), Some(End::Cut));
        assert_eq!(router.device.config.hostname(), if at == line.len() { "after" } else { "ix" });
    }
}

#[test]
fn saves_go_wrong_in_every_way() {
    for (how, saved, cut) in [
        (SaveFault::Fails, false, false),
        (SaveFault::Silent, false, false),
        (SaveFault::Loses("^hostname".to_owned()), false, false),
        (SaveFault::CutBefore, false, true),
        (SaveFault::CutAfter, true, true),
    ] {
        let mut router = prepared(|spec| spec.faults = vec![Fault::Save { how: how.clone(), times: 1 }]);
        let mut session = configuring(&mut router);
        type_in(&mut router, &mut session, "hostname after\n");
        let text = type_in(&mut router, &mut session, "write memory\n");
        assert_eq!(!router.unsaved(), saved, "{how:?}");
        assert_eq!(session.end().is_some(), cut, "{how:?}");
        assert_eq!(text.contains("failed"), how == SaveFault::Fails);
        if !cut {
            type_in(&mut router, &mut session, "write memory\n");
            assert!(!router.unsaved(), "the second save is sound");
        }
    }
}

#[test]
fn colleagues_interfere() {
    let lines = vec!["interface GigaEthernet1.0".to_owned(), "no shutdown".to_owned()];
    let mut router = prepared(|spec| {
        spec.faults = vec![
            Fault::ColleagueLines { when: Some(When::config_line(1)), lines },
            Fault::LockTaken { when: When::config_line(2), kept: true },
        ];
    });
    let mut session = configuring(&mut router);
    type_in(&mut router, &mut session, "hostname one\n");
    assert!(!router.device.config.interface("GigaEthernet1.0").unwrap().shut);
    type_in(&mut router, &mut session, "hostname two\n");
    assert!(deliver(&mut router, &mut session).ends_with("\r\ntwo# "));
    assert!(type_in(&mut router, &mut session, "enable-config\n").contains("occupied"));
}

#[test]
fn a_monitor_user_sees_but_does_not_touch() {
    let mut router = prepared(|spec| spec.faults = vec![Fault::Monitor]);
    let mut session = log_in(&mut router);
    assert!(type_in(&mut router, &mut session, "enable-config\nterminal length 0\n").ends_with("ix(config)% "));
    assert_eq!(type_in(&mut router, &mut session, "hostname x\n"), "hostname x\r\n?Invalid command\r\nix(config)% ");
    assert!(type_in(&mut router, &mut session, "show running-config\n").contains("hostname ix"));
}

#[test]
fn a_log_line_lands_in_the_middle_of_an_answer_unless_events_are_stopped() {
    let fault = Fault::LogLine {
        when: When::matching("^show running"),
        text: "ETH.019: Interface GigaEthernet0.0 down.".to_owned(),
        after_output_lines: 2,
        times: 2,
    };
    let mut router = prepared(|spec| spec.faults = vec![fault]);
    let mut session = configuring(&mut router);
    let text = type_in(&mut router, &mut session, "show running-config\n");
    assert_eq!(text.lines().position(|line| line.starts_with("ETH.019")), Some(3));
    type_in(&mut router, &mut session, "event-terminal stop\n");
    assert!(!type_in(&mut router, &mut session, "show running-config\n").contains("ETH.019"));
}

#[test]
fn lost_characters_follow_the_seed() {
    let typed = "description ".to_owned() + &"x".repeat(60);
    let echo = |seed| {
        let spec = RouterSpec {
            start: Start::FactoryDefault,
            faults: vec![Fault::CharacterLoss { one_in: 20 }],
            readings: Readings::default(),
            ..RouterSpec::default()
        };
        let mut router = Router::new(spec, seed).unwrap();
        let mut session = Session::open(&mut router, Via::Console, None, 200);
        type_in(&mut router, &mut session, "\r\r\r");
        type_in(&mut router, &mut session, &typed)
    };
    assert_eq!(echo(3), echo(3));
    assert!(echo(3).len() < typed.len());
    assert_ne!(echo(3), echo(4));
}

/// The displays of a 10.10.29, as its transcripts show them.
#[test]
fn the_ipv6_displays_have_the_attested_form() {
    let mut router = prepared(|spec| {
        spec.delegated_prefix = Some("2001:db8:2000::/56".to_owned());
        spec.answers_ping = vec!["2001:db8::1".to_owned()];
    });
    let mut session = configuring(&mut router);
    type_in(
        &mut router,
        &mut session,
        "ipv6 dhcp enable\nipv6 dhcp client-profile p\noption-request dns-servers\n\
         ia-pd subscriber GigaEthernet1.0 0:0:0:ff::/64 eui-64\ninterface GigaEthernet1.0\nipv6 enable\nno shutdown\n\
         interface GigaEthernet0.0\nipv6 enable\nipv6 dhcp client p\nno shutdown\nconfigure\n",
    );
    let mut ask = |line: &str| type_in(&mut router, &mut session, &format!("{line}\n")).replace("\r\n", "\n");
    let client = ask("show ipv6 dhcp client");
    for part in [
        "DHCPv6 client is enabled\n",
        "Interface GigaEthernet0.0 is active\n  Server address fe80::ff:fe00:b\n",
        "  Prefix Delegation:\n    T1 is 1800, T2 is 2880, renew 1788 seconds\n",
        "  IA Prefix:\n    2001:db8:2000::/56 vltime 7200 pltime 3600, expire 7188 seconds\n  DNS Servers:\n    2001:db8:9999::53\n",
        "  Subscribers:\n    GigaEthernet1.0 is up\n      2001:db8:2000:ff:260:b9ff:fe",
    ] {
        assert!(client.contains(part), "{part}\n{client}");
    }
    let addresses = ask("show ipv6 address GigaEthernet1.0");
    for part in [
        "  Global address(es):\n    2001:db8:2000:ff:260:b9ff:fe",
        " prefixlen 64\n      Valid lifetime 7138, preferred lifetime 3538\n    2001:db8:2000:ff:: prefixlen 64 anycast\n",
        "  Link-local address(es):\n    fe80::260:b9ff:fe",
        " prefixlen 64\n    fe80:: prefixlen 64 anycast\n  Multicast address(es):\n    ff02::1\n    ff02::2\n",
    ] {
        assert!(addresses.contains(part), "{part}\n{addresses}");
    }
    let neighbours = ask("show ipv6 neighbors");
    assert!(neighbours.contains("Neighbor cache - 1 dynamic, 1023 free, 0 static\nInterface GigaEthernet0.0 is "));
    assert!(neighbours.contains("  Neighbor fe80::ff:fe00:b (router)\n    STALE, linklayer "), "{neighbours}");
    let ping = ask("ping6 2001:db8::1");
    assert!(ping.contains("64 bytes from 2001:db8::1 icmp_seq=0 hlim=64 time=0.613 ms\n"), "{ping}");
    let address = ask("show ip address");
    assert!(address.contains("  Broadcast address is 255.255.255.255\n  Address determined by config\n"), "{address}");
    assert!(
        address.contains("Interface Null0.0 is up, line protocol is up\n  Interface is unnumbered.\n"),
        "{address}"
    );
}

/// A router whose WAN asks for a prefix, on a line as the scenario has it.
fn on_a_line(change: impl Fn(&mut RouterSpec)) -> (Router, Session) {
    let mut router = prepared(change);
    let mut session = configuring(&mut router);
    type_in(
        &mut router,
        &mut session,
        "ipv6 dhcp enable\nipv6 dhcp client-profile p\noption-request dns-servers\nia-pd subscriber GigaEthernet1.0\n\
         ip dhcp enable\nip dhcp profile lan\ninterface GigaEthernet1.0\nip address 192.168.10.1/24\nip dhcp binding lan\n\
         ipv6 enable\nno shutdown\ninterface GigaEthernet0.0\nipv6 enable\nipv6 address autoconfig receive-default\n\
         ipv6 dhcp client p\nno shutdown\nconfigure\n",
    );
    (router, session)
}

#[test]
fn a_line_that_only_advertises_delegates_nothing_and_a_dead_one_says_nothing() {
    for (advertised, has_address) in [(Some("2001:db8:1000::/64".to_owned()), true), (None, false)] {
        let (mut router, mut session) = on_a_line(|spec| {
            spec.delegated_prefix = None;
            spec.advertised_prefix.clone_from(&advertised);
        });
        let mut ask = |line: &str| type_in(&mut router, &mut session, &format!("{line}\n"));
        assert!(!ask("show ipv6 dhcp client").contains("IA Prefix"));
        assert_eq!(ask("show ipv6 address GigaEthernet0.0").contains("2001:db8:1000:0:260:b9ff:fe"), has_address);
        assert_eq!(ask("show ipv6 neighbors").contains("(router)"), has_address);
    }
}

#[test]
fn the_dns_of_a_line_answers_is_silent_or_is_not_told() {
    for (dns, is_told, answers) in
        [(LineDns::Answers, true, true), (LineDns::Silent, true, false), (LineDns::Untold, false, false)]
    {
        let (mut router, mut session) = on_a_line(|spec| spec.dns = dns);
        let mut ask = |line: &str| type_in(&mut router, &mut session, &format!("{line}\n"));
        assert_eq!(ask("show ipv6 dhcp client").contains("DNS Servers:"), is_told);
        assert_eq!(ask("ping6 2001:db8:9999::53").contains("5 packets received"), answers);
    }
}

#[test]
fn a_line_that_comes_up_late_is_looked_at_in_vain_before() {
    let (mut router, mut session) = on_a_line(|spec| spec.line_after_looks = 2);
    let mut looks = || type_in(&mut router, &mut session, "show ipv6 dhcp client\n").contains("IA Prefix");
    assert_eq!([looks(), looks(), looks()], [false, false, true]);
}

#[test]
fn terminals_and_another_host_with_our_address_are_shown() {
    let (mut router, mut session) = on_a_line(|spec| {
        spec.terminals = 2;
        spec.duplicate_address = Some("192.168.10.1".to_owned());
    });
    let mut ask = |line: &str| type_in(&mut router, &mut session, &format!("{line}\n")).replace("\r\n", "\n");
    let leases = ask("show ip dhcp lease");
    assert!(leases.contains("Leased to 2 clients\n"), "{leases}");
    assert!(leases.contains("D 192.168.10.101 02:00:00:00:01:01 120 7200 Bound lan\n"), "{leases}");
    assert!(ask("show arp entry").contains("192.168.10.102   02:00:00:00:01:02  "));
    assert!(ask("show ipv6 neighbors").contains("Neighbor cache - 3 dynamic, 1021 free, 0 static\n"));
    let address = ask("show ip address GigaEthernet1.0");
    assert!(address.contains("  Address determined by config\n  Duplicate address detected\n    "), "{address}");
    assert!(address.contains("    IP address is 192.168.10.1\n    Hardware address is "), "{address}");
}

#[test]
fn a_log_asked_for_more_than_it_holds_is_out_of_range() {
    let mut router = factory();
    let mut session = Session::open(&mut router, Via::Console, None, 80);
    type_in(&mut router, &mut session, "\nconfigure\nwrite memory\n");
    let log = type_in(&mut router, &mut session, "show log\n");
    assert!(log.contains("   GW.037: Administrative user is not registered.\r\n"), "{log}");
    assert!(log.contains(" CNFG.003: Startup config write done  (TTY:1).\r\n"), "{log}");
    assert!(type_in(&mut router, &mut session, "show log last 50\n").contains("\r\n% 50  -- Out of range.\r\n"));
    assert!(type_in(&mut router, &mut session, "show log last 1\n").contains("(3-3)"));
}
