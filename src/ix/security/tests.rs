//! What is asked of configurations, and answered: the rule that each line stands for, and that a guess is never an answer.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use super::{Answer, Fact, Finding, SecurityFacts, Stored, UserKind, user_secrets};
use crate::dialect::Dialect;
use crate::ix::Config;

fn facts(text: &str) -> SecurityFacts {
    SecurityFacts::of(&Config::parse(Dialect::ix(), text), false)
}

fn finding(facts: &SecurityFacts, fact: Fact) -> &Finding {
    facts.findings.iter().find(|finding| finding.fact == fact).unwrap()
}

fn answer(text: &str, fact: Fact) -> Answer {
    facts(text).answer(fact)
}

#[test]
fn every_fact_has_a_name_of_its_own_and_is_answered_once() {
    let mut names: Vec<&str> = Fact::ALL.iter().map(|fact| fact.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Fact::ALL.len());
    let with_the_record = [Fact::Ledger, Fact::VerifiedBackup, Fact::PasswordsShared];
    let expected: Vec<Fact> = Fact::ALL.into_iter().filter(|fact| !with_the_record.contains(fact)).collect();
    let found: Vec<Fact> = facts("hostname a\n").findings.iter().map(|finding| finding.fact).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_router_has_the_host_name_of_its_line() {
    assert_eq!(facts("hostname c001-r1\nip ufs-cache enable\n").host_name.as_deref(), Some("c001-r1"));
    assert_eq!(facts("interface GigaEthernet0.0\n  description hostname\n").host_name, None);
}

#[test]
fn a_service_is_open_where_its_line_is_and_shut_where_no_line_opens_it() {
    for (line, fact) in [
        ("ssh-server ip enable", Fact::SshServer),
        ("telnet-server ip enable", Fact::TelnetServer),
        ("http-server ip enable", Fact::WebServer),
        ("snmp-agent ip enable", Fact::SnmpAgent),
        ("nm ip enable", Fact::NetMeister),
        ("proxy-dns ipv6 enable", Fact::DnsProxy),
        ("usbmem enable", Fact::UsbMemory),
    ] {
        let open = facts(&format!("{line}\n"));
        assert_eq!((open.answer(fact), &*finding(&open, fact).lines), (Answer::Yes, &[line.to_owned()][..]), "{line}");
        assert_eq!(answer("hostname a\n", fact), Answer::No, "{line}");
        assert_eq!(answer(&format!("no {line}\n"), fact), Answer::No, "{line}");
    }
    let lan = "interface GigaEthernet1.0\n  ip dhcp binding lan\n";
    assert_eq!(answer(lan, Fact::DhcpServer), Answer::Yes);
}

#[test]
fn a_line_of_a_service_that_is_not_known_makes_it_not_known() {
    for line in ["ssh-server ipv6 enable", "ssh-ser ip en"] {
        let found = facts(&format!("{line}\n"));
        let one = finding(&found, Fact::SshServer);
        assert_eq!((one.answer, &*one.lines), (Answer::NotKnown, &[line.to_owned()][..]), "{line}");
        assert_eq!(found.answer(Fact::RemoteMaintenance), Answer::NotKnown, "{line}");
    }
    let known = "ssh-server ip port 2222\nssh-server ip access-list a\n";
    assert_eq!(answer(known, Fact::SshServer), Answer::No, "what is known opens nothing");
}

#[test]
fn where_lines_were_taken_out_nothing_is_missing_for_certain() {
    let config = Config::parse(Dialect::ix(), "hostname a\n");
    let found = SecurityFacts::of(&config, true);
    for fact in [Fact::SshServer, Fact::RemoteMaintenance, Fact::SourceRestricted, Fact::Administrator] {
        assert_eq!(found.answer(fact), Answer::NotKnown, "{fact:?}");
    }
    let unseen = SecurityFacts::of(&Config::parse(Dialect::ix_r(), "hostname a\n"), false);
    assert_eq!(unseen.answer(Fact::TelnetServer), Answer::NotKnown, "no display of that series was ever seen");
}

#[test]
fn a_server_is_limited_by_its_list_alone_and_by_what_that_says_of_sources() {
    let ssh = "ssh-server ip access-list m\nssh-server ip enable\n";
    let with = |entries: &str| format!("{entries}{ssh}");
    for (text, expected) in [
        (with("ip access-list m permit ip src 192.0.2.0/24 dest any\n"), Answer::Yes),
        (with("ip access-list m deny ip src any dest any\nip access-list m permit ip src any dest any\n"), Answer::Yes),
        (with("ip access-list m permit ip src any dest any\n"), Answer::No),
        (
            with("ip access-list m permit ip src 192.0.2.1/32 dest any\nip access-list m permit ip src any dest any\n"),
            Answer::No,
        ),
        (with(""), Answer::NotKnown),
        ("ssh-server ip enable\n".to_owned(), Answer::No),
        ("hostname a\n".to_owned(), Answer::Yes),
        ("nm ip enable\n".to_owned(), Answer::NotKnown),
    ] {
        assert_eq!(answer(&text, Fact::SourceRestricted), expected, "{text}");
    }
    let more = with("ip access-list m permit ip src 192.0.2.0/24 dest any\nssh-server ipv6 enable\n");
    assert_eq!(answer(&more, Fact::SourceRestricted), Answer::NotKnown, "what else opens it may be open for others");
    let two = format!("telnet-server ip enable\n{}", with("ip access-list m permit ip src 192.0.2.0/24 dest any\n"));
    assert_eq!(answer(&two, Fact::SourceRestricted), Answer::No, "one server without a list decides");
    assert_eq!(answer(&two, Fact::ClearTextClosed), Answer::No);
}

#[test]
fn communities_are_limited_each_by_its_own_list_and_never_shown() {
    let listed =
        "ip access-list m permit ip src 192.0.2.0/24 dest any\nsnmp-agent ip enable\nsnmp-agent ip access-list m\n";
    assert_eq!(answer(listed, Fact::SourceRestricted), Answer::Yes);
    let beside = format!("{listed}snmpv3 user taro auth md5 KeepOut3\n");
    assert_eq!(answer(&beside, Fact::SourceRestricted), Answer::NotKnown);
    let snmp = "snmp-agent ip enable\nsnmp-agent ip community KeepOut1\n";
    let found = facts(snmp);
    let one = finding(&found, Fact::SourceRestricted);
    assert_eq!(one.answer, Answer::No, "{one:?}");
    assert!(found.findings.iter().all(|finding| !format!("{finding:?}").contains("KeepOut1")));
    assert!(found.secrets.iter().any(|secret| secret.stored == Stored::Clear), "{:?}", found.secrets);
    assert!(!format!("{found:?}").contains("KeepOut1"));
}

#[test]
fn who_logs_in_is_a_user_with_a_right_and_without_one_no_one_is_asked() {
    let text = "username taro password hash 1A2B3C4D5E administrator\nusername jiro password plain x9 monitor\n\
                http-server username web secret-password AAAA\n";
    let found = facts(text);
    let users: Vec<_> = found
        .users
        .iter()
        .map(|user| (user.kind, user.name.as_str(), user.right.as_deref(), user.secret.stored))
        .collect();
    assert_eq!(
        users,
        [
            (UserKind::Login, "taro", Some("administrator"), Stored::Hash),
            (UserKind::Login, "jiro", Some("monitor"), Stored::Clear),
            (UserKind::Web, "web", None, Stored::Hash),
        ]
    );
    assert_eq!(found.answer(Fact::Administrator), Answer::Yes);
    assert_eq!(found.answer(Fact::PasswordsHashed), Answer::No);
    assert!(!format!("{found:?}").contains("1A2B3C4D5E"));
    for (text, expected) in [
        ("hostname a\n", Answer::No),
        ("username jiro password hash AA monitor\n", Answer::No),
        ("username taro password hash AA\n", Answer::NotKnown),
        ("username taro something else\n", Answer::NotKnown),
        ("aaa authentication login default local\n", Answer::NotKnown),
    ] {
        assert_eq!(answer(text, Fact::Administrator), expected, "{text}");
    }
    let masked = facts("username taro password hash ******** administrator\n");
    assert_eq!((masked.users[0].secret.stored, masked.users[0].secret.value.is_none()), (Stored::NotKnown, true));
    let kept = user_secrets(Dialect::ix(), text);
    assert_eq!(kept.keys().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["jiro", "taro", "web"]);
}

const WAN: &str = "ip access-list in-list deny tcp src any sport any dest any dport eq 23\n\
                   ip access-list in-list permit ip src any dest any\n\
                   ip access-list all permit ip src any dest any\n\
                   ip access-list dynamic track access all\n\
                   interface GigaEthernet0.0\n  ip address dhcp\n";

#[test]
fn the_side_of_the_line_is_said_and_its_filters_are_those_of_the_protocols_it_speaks() {
    let with = |lines: &str| format!("{WAN}{lines}  no shutdown\n");
    for (lines, way_in, way_out, stateful) in [
        ("", Answer::No, Answer::No, Answer::No),
        ("  ip filter in-list 10 in\n", Answer::Yes, Answer::No, Answer::No),
        ("  ip filter all 10 in\n", Answer::No, Answer::No, Answer::No),
        ("  ip filter in-list 10 in\n  ip filter track 20 out\n", Answer::Yes, Answer::Yes, Answer::Yes),
        ("  ip filter absent 10 in\n", Answer::NotKnown, Answer::No, Answer::No),
        ("  ip filter in-list 10 in\n  ipv6 enable\n", Answer::No, Answer::No, Answer::No),
        ("  ip filter in-list 10 in\n  bridge-group 1\n", Answer::NotKnown, Answer::No, Answer::No),
    ] {
        let found = facts(&with(lines));
        let said = [Fact::WanFilterIn, Fact::WanFilterOut, Fact::StatefulInspection].map(|fact| found.answer(fact));
        assert_eq!(said, [way_in, way_out, stateful], "{lines}");
        let reasons = format!("{:?}", finding(&found, Fact::WanFilterIn).reasons);
        assert!(reasons.contains("GigaEthernet0.0 is taken for the side of the line: ip address dhcp"), "{reasons}");
    }
}

#[test]
fn where_no_line_tells_the_side_of_the_line_its_filters_are_not_known() {
    let lan = "interface GigaEthernet1.0\n  ip address 192.0.2.1/24\n  no shutdown\n";
    assert_eq!(answer(lan, Fact::WanFilterIn), Answer::NotKnown);
    let route = format!("ip route default 192.0.2.254 GigaEthernet1.0\n{lan}");
    assert_eq!(answer(&route, Fact::WanFilterIn), Answer::No, "the default route leads over it");
    let shut = "interface GigaEthernet1.0\n  ip address dhcp\n  shutdown\n";
    assert_eq!(answer(shut, Fact::WanFilterIn), Answer::NotKnown, "one that is shut leads nowhere");
}

#[test]
fn an_idle_logout_is_known_only_where_it_is_set() {
    assert_eq!(answer("terminal timeout 10\n", Fact::IdleLogout), Answer::Yes);
    assert_eq!(answer("terminal timeout 0\n", Fact::IdleLogout), Answer::NotKnown);
    assert_eq!(answer("hostname a\n", Fact::IdleLogout), Answer::NotKnown);
}

#[test]
fn the_lines_that_are_not_known_are_listed_with_their_block_and_without_their_secrets() {
    let found = facts("flux capacitor on\ninterface GigaEthernet0.0\n  warp password KeepOut2\n");
    assert_eq!(found.unknown[0], "flux capacitor on");
    assert!(found.unknown[1].starts_with("interface GigaEthernet0.0 / warp password"), "{:?}", found.unknown);
    assert!(!found.unknown[1].contains("KeepOut2"));
}
