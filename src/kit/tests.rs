//! What is sealed comes back whole, or not at all.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::collections::BTreeMap;

use super::{
    About, Cost, Flaw, Kit, KitEnrolledKey, KitHostKey, KitSite, LastState, OfficeKey, PublicKey, chunks, is_visit,
    passphrase,
};
use crate::secret::{CredentialName, Secret};

/// As cheap as the bounds allow.
const CHEAP: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
/// Where the number of the memory is in the header.
const MEMORY: usize = 15;

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn right() -> Secret {
    secret("correct horse battery")
}

fn kit() -> Kit {
    let about = About {
        day: "2026-12-01".to_owned(),
        built_ms: 1_780_000_000_000,
        by: "sato".to_owned(),
        machine: "office".to_owned(),
        version: "0".to_owned(),
        journal_head: Some("ab".repeat(32)),
        office: None,
        inventory: "clinics.yaml".to_owned(),
        playbooks: vec!["playbooks/book.yaml".to_owned()],
    };
    let state = LastState {
        run: "20261122-114603-7k3f".to_owned(),
        saved_ms: 1_779_000_000_000,
        unverified: None,
        model: Some("IX2215".to_owned()),
        serial_number: Some("2001A00001".to_owned()),
        firmware: None,
        configuration: secret("hostname r1\nusername admin password hash CanaryHash1@ administrator\n"),
    };
    Kit {
        about,
        sites: vec![KitSite {
            site: "sato".to_owned(),
            title: Some("佐藤医院".to_owned()),
            routers: vec!["r1".to_owned()],
        }],
        files: BTreeMap::from([("clinics.yaml".to_owned(), "version: 1\n".to_owned())]),
        host_keys: vec![KitHostKey { host: "192.0.2.1".to_owned(), port: 22, key: "AAAA".to_owned() }],
        enrolled: vec![KitEnrolledKey {
            host: "192.0.2.1".to_owned(),
            port: 22,
            fingerprint: "MD5:AAAA".to_owned(),
            at: "2026-12-01T00:10:00Z".to_owned(),
            run: "r".to_owned(),
            serial_number: None,
        }],
        secrets: BTreeMap::from([(CredentialName::new("admin-password").unwrap(), secret("CanaryKit7Pw"))]),
        states: BTreeMap::from([("r1".to_owned(), state)]),
    }
}

#[test]
fn a_kit_comes_back_as_it_was_sealed_and_shows_no_secret_before() {
    let kit = kit();
    let sealed = kit.seal(&right(), CHEAP).unwrap();
    for word in ["Canary", "sato", "clinics", "192.0.2.1"] {
        assert!(!sealed.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
    assert!(!format!("{kit:?}").contains("Canary"), "{kit:?}");
    let back = Kit::open(&right(), &sealed).unwrap();
    assert_eq!((&back.about, &back.sites, &back.files), (&kit.about, &kit.sites, &kit.files));
    assert_eq!(back.host_keys, kit.host_keys);
    assert_eq!(back.enrolled, kit.enrolled);
    let [(name, value)] = back.secrets.iter().collect::<Vec<_>>()[..] else { panic!("{back:?}") };
    assert_eq!((name.as_str(), value.expose()), ("admin-password", "CanaryKit7Pw"));
    assert_eq!(back.states["r1"].configuration.expose(), kit.states["r1"].configuration.expose());
}

#[test]
fn the_same_kit_is_never_sealed_to_the_same_bytes() {
    let kit = kit();
    assert_ne!(kit.seal(&right(), CHEAP).unwrap(), kit.seal(&right(), CHEAP).unwrap());
}

#[test]
fn another_passphrase_is_told_from_changed_bytes() {
    let sealed = kit().seal(&right(), CHEAP).unwrap();
    for other in ["correct horse batterz", "correct horse battery ", "x"] {
        assert_eq!(Kit::open(&secret(other), &sealed).unwrap_err(), Flaw::Key, "{other}");
    }
    let mut changed = sealed.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(Kit::open(&right(), &changed).unwrap_err(), Flaw::Changed);
}

#[test]
fn each_byte_that_is_changed_is_noticed() {
    let sealed = kit().seal(&right(), CHEAP).unwrap();
    for place in 0..sealed.len() {
        for bit in [1, 0x80] {
            let mut changed = sealed.clone();
            changed[place] ^= bit;
            assert!(Kit::open(&right(), &changed).is_err(), "byte {place}");
        }
    }
}

#[test]
fn a_kit_that_was_cut_off_or_grew_is_refused_wherever_that_is() {
    let sealed = kit().seal(&right(), CHEAP).unwrap();
    for length in 0..sealed.len() {
        assert!(Kit::open(&right(), &sealed[..length]).is_err(), "{length} bytes");
    }
    let mut longer = sealed;
    longer.push(0);
    assert!(Kit::open(&right(), &longer).is_err());
}

#[test]
fn chunks_are_neither_left_out_nor_exchanged_nor_made_the_last() {
    const CHUNK: usize = 64 * 1024 + 16;
    let plain: Vec<u8> = (0..200_000_u32).map(|number| number.to_le_bytes()[0]).collect();
    let sealed = passphrase::seal(&right(), CHEAP, &plain).unwrap();
    assert_eq!(passphrase::open(&right(), &sealed).unwrap().as_slice(), plain);
    let start = sealed.len() - (plain.len() + 4 * 16);
    let chunk = |number: usize| start + number * CHUNK..start + (number + 1) * CHUNK;
    let mut without = sealed.clone();
    without.drain(chunk(1));
    let mut exchanged = sealed.clone();
    exchanged[chunk(0)].copy_from_slice(&sealed[chunk(1)]);
    exchanged[chunk(1)].copy_from_slice(&sealed[chunk(0)]);
    let ended = sealed[..chunk(1).end].to_vec();
    for wrong in [without, exchanged, ended] {
        assert_eq!(passphrase::open(&right(), &wrong).unwrap_err(), Flaw::Changed);
    }
}

#[test]
fn texts_of_every_length_about_a_chunk_come_back() {
    for length in [0, 1, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 128 * 1024] {
        let plain = vec![7; length];
        let sealed = passphrase::seal(&right(), CHEAP, &plain).unwrap();
        assert_eq!(passphrase::open(&right(), &sealed).unwrap().as_slice(), plain, "{length}");
    }
}

#[test]
fn a_header_that_asks_for_too_much_is_refused_before_anything_is_allocated() {
    let sealed = kit().seal(&right(), CHEAP).unwrap();
    let asking = |memory: u32, passes: u32, lanes: u32| {
        let mut asking = sealed.clone();
        for (number, place) in [memory, passes, lanes].into_iter().zip([MEMORY, MEMORY + 4, MEMORY + 8]) {
            asking[place..place + 4].copy_from_slice(&number.to_be_bytes());
        }
        Kit::open(&right(), &asking).unwrap_err()
    };
    let four_gib = 4 * 1024 * 1024;
    for (memory, passes, lanes) in [
        (four_gib, 1, 1),
        (u32::MAX, 1, 1),
        (1024 * 1024, 5, 4),
        (8, u32::MAX, 1),
        (8, 17, 1),
        (1024, 1, u32::MAX),
        (7, 1, 1),
        (8, 1, 2),
        (8, 0, 1),
        (8, 1, 0),
        (0, 0, 0),
    ] {
        assert_eq!(asking(memory, passes, lanes), Flaw::Cost, "{memory} {passes} {lanes}");
    }
    // Another cost within the bounds is another key.
    assert_eq!(asking(16, 1, 1), Flaw::Key);
}

#[test]
fn what_is_no_kit_or_a_later_one_is_named_as_that() {
    assert_eq!(Kit::open(&right(), b"").unwrap_err(), Flaw::Foreign);
    assert_eq!(Kit::open(&right(), b"ixdeploy-kit/\n").unwrap_err(), Flaw::Foreign);
    assert_eq!(Kit::open(&right(), b"PK\x03\x04").unwrap_err(), Flaw::Foreign);
    let later = Flaw::Newer { schema: "ixdeploy-kit/2".to_owned() };
    assert_eq!(Kit::open(&right(), b"ixdeploy-kit/2\nanything").unwrap_err(), later);
}

#[test]
fn what_was_sealed_by_someone_with_the_passphrase_and_is_no_kit_is_refused() {
    for json in ["", "{}", "[]", "null", "{\"schema\":\"ixdeploy-kit/1\"}"] {
        let sealed = passphrase::seal(&right(), CHEAP, json.as_bytes()).unwrap();
        assert_eq!(Kit::open(&right(), &sealed).unwrap_err(), Flaw::Changed, "{json}");
    }
    let sealed = passphrase::seal(&right(), CHEAP, b"{\"schema\":\"ixdeploy-kit/9\"}").unwrap();
    assert!(matches!(Kit::open(&right(), &sealed).unwrap_err(), Flaw::Newer { .. }));
}

#[test]
fn a_visit_is_opened_by_the_office_alone() {
    let (office, other) = (OfficeKey::random().unwrap(), OfficeKey::random().unwrap());
    let sealed = office.public().seal(b"CanaryVisit").unwrap();
    assert!(is_visit(&sealed) && !sealed.windows(11).any(|window| window == b"CanaryVisit"));
    assert_eq!(office.open(&sealed).unwrap().as_slice(), b"CanaryVisit");
    assert_eq!(other.open(&sealed).unwrap_err(), Flaw::Key);
    assert_eq!(format!("{office:?}"), "<office key>");
    for place in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert!(office.open(&changed).is_err(), "byte {place}");
        assert!(office.open(&sealed[..place]).is_err(), "{place} bytes");
    }
    let again = OfficeKey::from_bytes(office.expose());
    assert_eq!(again.open(&sealed).unwrap().as_slice(), b"CanaryVisit");
}

#[test]
fn nothing_is_sealed_to_a_key_on_which_anyone_would_agree() {
    let zero = PublicKey::parse(&"A".repeat(43)).unwrap();
    assert_eq!(zero.seal(b"x").unwrap_err(), Flaw::Key);
}

#[test]
fn a_public_key_is_read_from_its_text_and_from_nothing_else() {
    let key = OfficeKey::random().unwrap().public();
    let text = key.to_string();
    assert_eq!(PublicKey::parse(&text), Some(key));
    for wrong in ["", "AAAA", &text[1..], &format!("{text}="), &"?".repeat(43), &"A".repeat(1_000_000)] {
        assert_eq!(PublicKey::parse(wrong), None);
    }
}

/// RFC 7748, section 6.1: what Bob publishes.
#[test]
fn the_public_half_is_that_of_the_standard() {
    let bytes = |hex: &str| -> [u8; 32] {
        std::array::from_fn(|place| u8::from_str_radix(&hex[place * 2..place * 2 + 2], 16).unwrap())
    };
    let bob = OfficeKey::from_bytes(&bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
    let published = bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    let text = base64::Engine::encode(&base64::prelude::BASE64_STANDARD_NO_PAD, published);
    assert_eq!(bob.public().to_string(), text);
}

#[test]
fn the_system_gives_other_bytes_each_time() {
    assert_ne!(*chunks::random::<16>().unwrap(), *chunks::random::<16>().unwrap());
}
