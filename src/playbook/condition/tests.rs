//! What holds of an answer, and what cannot be told.

use super::{FieldTest, Judgement, NoTest, Unread};

const CLIENT: &str = "show ipv6 dhcp client";
const DELEGATED: &str = include_str!("../../../tests/data/displays/ipv6-dhcp-client.txt");
const INFORMATION: &str = include_str!("../../../tests/data/displays/ipv6-dhcp-client-information.txt");
const DUPLICATE: &str = include_str!("../../../tests/data/displays/ip-address.txt");
const LEASES: &str = include_str!("../../../tests/data/displays/lease.txt");
const LOST: &str = include_str!("../../../tests/data/displays/ping-lost.txt");

fn judge(command: &str, answer: &str, test: &str) -> Judgement {
    match FieldTest::try_from(test.to_owned()) {
        Ok(test) => test.judge(command, answer),
        Err(why) => panic!("{test}: {why}"),
    }
}

fn holds(command: &str, answer: &str, test: &str) -> bool {
    judge(command, answer, test) == Judgement::Holds
}

#[test]
fn a_condition_holds_of_what_the_display_says() {
    for (test, expected) in [
        ("prefix is present", true),
        ("prefix of GigaEthernet0.0 is present", true),
        ("prefix of GigaEthernet1.0 is present", false),
        ("prefix of GigaEthernet1.0 is absent", true),
        ("prefix is /56", true),
        ("prefix is /64", false),
        ("prefix is in 2001:db8::/32", true),
        ("prefix is in 2001:db9::/32", false),
        ("prefix is = 2001:0db8:2000::/56", true),
        ("dns-server is = 2001:db8:9999:0::53", true),
        ("dns-server is any = 2001:db8:9999::54", false),
        ("subscriber is count = 2", true),
        ("subscriber is count >= 3", false),
        ("subscriber is count <= 2", true),
        ("subscriber is = GigaEthernet0.0", false),
        ("subscriber is any = GigaEthernet0.0", true),
        ("expire is >= 60", true),
        ("expire is <= 60", false),
    ] {
        assert_eq!(holds(CLIENT, DELEGATED, test), expected, "{test}");
    }
}

#[test]
fn every_value_must_fit_and_one_must_be_there() {
    assert!(!holds("show ip dhcp lease", LEASES, "lease is = 192.0.2.60"), "another one does not fit");
    assert!(holds("show ip dhcp lease", LEASES, "lease is in 192.0.2.0/24"));
    assert!(!holds(CLIENT, INFORMATION, "prefix is in 2001:db8::/32"), "none is not all");
}

#[test]
fn a_duplicate_address_and_a_ping_that_must_fail_are_seen() {
    assert_eq!(
        judge("show ip address", DUPLICATE, "duplicate is absent"),
        Judgement::Fails(vec!["yes".to_owned(), "yes".to_owned()])
    );
    assert!(holds("show ip address", DUPLICATE, "duplicate of Tunnel0.0 is absent"));
    assert!(holds("ping 192.0.2.1", LOST, "received is = 0"));
}

#[test]
fn what_is_not_read_holds_nothing() {
    let cut = DELEGATED.split_once("  IA Prefix:").map_or("", |(before, _)| before);
    assert_eq!(judge(CLIENT, cut, "prefix is absent"), Judgement::Unread(Unread::CutOff));
    assert_eq!(judge(CLIENT, cut, "prefix is /56"), Judgement::Unread(Unread::CutOff));
    assert!(holds(CLIENT, cut, "server is present"), "what is there is there");
    assert_eq!(judge("show ip address", "% busy\n", "duplicate is absent"), Judgement::Unread(Unread::CutOff));
    assert_eq!(judge(CLIENT, DELEGATED, "lease is absent"), Judgement::Unread(Unread::NoField));
    assert_eq!(judge("show proxy-dns", "", "server is absent"), Judgement::Unread(Unread::NoField));
}

#[test]
fn a_pattern_captures_from_an_answer_without_an_attested_form() {
    let answer = "watch-group cloud 10\n  Status: normal\nwatch-group line 20\n  Status: stand\n";
    let of = |test: &str| holds("show watch-group", answer, test);
    assert!(of(r"/^  Status: (\w+)$/ is any = normal"));
    assert!(!of(r"/^  Status: (\w+)$/ is = normal"));
    assert!(of(r"/^  Status: (\w+)$/ is count = 2"));
    assert!(of("/Trouble: (.*)/ is absent"));
}

#[test]
fn a_text_that_is_no_test_is_refused() {
    for (text, why) in [
        ("prefix", NoTest::Form),
        (" of G0 is present", NoTest::Form),
        ("two words is present", NoTest::Form),
        ("prefix is here", NoTest::Condition),
        ("prefix is /129", NoTest::Condition),
        ("prefix is in nowhere", NoTest::Condition),
        ("prefix is count many", NoTest::Condition),
        ("/none/ is present", NoTest::Groups),
        ("/(a)(b)/ is present", NoTest::Groups),
    ] {
        assert_eq!(FieldTest::try_from(text.to_owned()), Err(why), "{text}");
    }
}

#[test]
fn a_pattern_that_cannot_be_read_is_refused_with_its_reason() {
    let refused = FieldTest::try_from("/(/ is present".to_owned());
    assert!(matches!(refused, Err(NoTest::Pattern(why)) if why.contains("unclosed group")));
}

#[test]
fn what_the_answer_says_instead_is_told() {
    let told = |test: &str| judge(CLIENT, DELEGATED, test).told().en;
    assert_eq!(told("prefix is /60"), "it says 2001:db8:2000::/56");
    assert_eq!(told("prefix of GigaEthernet1.0 is present"), "it says nothing of it");
    assert_eq!(told("mac is present"), "this answer is not read into that field");
}
