//! The figure of coverage: what counts as what, how families are named, and that nothing is shown.
#![allow(clippy::panic, reason = "a failed test is the point")]

use super::Config;
use super::coverage::{Class, Counter, Known, permille, shape};
use crate::dialect::Dialect;
use crate::dialect::grammar::Confidence;

fn known(text: &str, dialect: Option<&Dialect>) -> Vec<(Known, usize)> {
    let mut counter = Counter::new(dialect);
    counter.add("a.cfg", &Config::parse(Dialect::ix(), text));
    let shares = counter.finish().shares.into_iter().filter(|share| share.count.lines > 0);
    shares.map(|share| (share.known, share.count.distinct)).collect()
}

#[test]
fn a_line_is_counted_by_how_the_table_knows_it() {
    for (text, expected) in [
        ("hostname a\n", vec![(Known::Row(Confidence::T), 1)]),
        ("flux on\n", vec![(Known::Unknown, 1)]),
        ("arp strange\n", vec![(Known::Family, 1)]),
        ("console baudrate 9600\n", vec![(Known::Row(Confidence::G), 1)]),
        ("hostn a\n", vec![(Known::Row(Confidence::T), 1)]),
        ("write memory\n", vec![]),
    ] {
        assert_eq!(known(text, None), expected, "{text}");
    }
    assert_eq!(Known::Row(Confidence::G).class(), Class::Family);
}

#[test]
fn the_series_decides_and_without_one_any_counts() {
    let text = "syslog enable\n";
    assert_eq!(known(text, Some(Dialect::ix())), [(Known::Unknown, 1)]);
    assert_eq!(known(text, Some(Dialect::ix_r())), [(Known::Row(Confidence::M), 1)]);
    assert_eq!(known(text, None), [(Known::Row(Confidence::M), 1)]);
}

#[test]
fn the_same_line_in_two_blocks_counts_once_with_two_places() {
    let mut counter = Counter::new(None);
    let text = "interface GigaEthernet0.0\n  flux 7\n!\ninterface GigaEthernet1.0\n  flux 7\n  flux 8\n";
    counter.add("a.cfg", &Config::parse(Dialect::ix(), text));
    counter.add("b.cfg", &Config::parse(Dialect::ix(), "flux 7\nshow clock\n"));
    let found = counter.finish();
    assert_eq!((found.files, found.count.distinct, found.count.lines, found.count.families), (2, 5, 6, 3));
    assert_eq!((found.distinct(Class::FullRow), found.distinct(Class::Unknown)), (2, 3));
    assert_eq!(found.percent.to_string(), "40");
    let [first, second] = found.missing.as_slice() else { panic!("{:?}", found.missing) };
    assert_eq!((&*first.mode, &*first.family, first.distinct, first.lines), ("interface", "flux", 2, 3));
    assert_eq!((first.example.line, &*first.example.text), (2, "flux 7"));
    assert_eq!((&*second.mode, &*second.example.file), ("global", "b.cfg"));
    assert_eq!(found.refused.len(), 1);
}

#[test]
fn a_line_below_an_unknown_one_is_reported_there() {
    let mut counter = Counter::new(None);
    counter.add("a.cfg", &Config::parse(Dialect::ix(), "flux capacitor one\n  charge 88\n"));
    let found = counter.finish();
    assert!(found.missing.iter().any(|missing| missing.mode == "flux capacitor one" && missing.family == "charge"));
}

#[test]
fn a_family_is_named_by_the_words_of_the_language() {
    for (line, expected) in [
        ("neighbor 169.254.10.1 connect-interval 10", "neighbor * connect-interval"),
        ("ip nat static 10.0.0.1 10.0.0.2", "ip nat static"),
        ("no vrrp 1 preempt", "vrrp * preempt"),
        ("flux password ********", "flux password"),
        ("FLUX 1", "*"),
        ("ikev2 profile AWS", "ikev2 profile"),
    ] {
        assert_eq!(shape(line), expected, "{line}");
    }
}

#[test]
fn only_all_is_a_hundred_per_cent() {
    assert_eq!((permille(0, 0), permille(2999, 3000), permille(3, 3), permille(0, 3)), (1000, 999, 1000, 0));
}

#[test]
fn no_secret_is_shown() {
    let mut counter = Counter::new(None);
    counter
        .add("a.cfg", &Config::parse(Dialect::ix(), "flux password CANARY CANARY\n  psk CANARY\nflux-secret CANARY\n"));
    let found = format!("{:?}", counter.finish());
    assert!(!found.contains("CANARY"), "{found}");
}
