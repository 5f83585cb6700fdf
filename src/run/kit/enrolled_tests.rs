//! What routers have shown on their consoles at the office goes with the kit; what the laptop knows itself stays.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use super::tests::Places;
use super::{build_kit, open_kit};
use crate::inventory::Fingerprint;
use crate::run::RunEnv;
use crate::transport::ssh::{EnrolledKey, EnrolledKeys, FirstUse, HostKey, HostKeys as _, KnownHosts, SshError, Trust};

const HOST: &str = "192.0.2.1";

fn key(last: u8) -> HostKey {
    let mut blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20".to_vec();
    blob.extend([last; 32]);
    HostKey::new(&blob)
}

fn shown(last: u8) -> EnrolledKey {
    EnrolledKey {
        fingerprint: Fingerprint::read(&key(last).fingerprint()).unwrap(),
        at: "2026-12-01T00:10:00Z".to_owned(),
        run: "20261201-001000-aaaa".to_owned(),
        serial_number: Some("3110000001".to_owned()),
    }
}

fn enrolled(env: &RunEnv) -> EnrolledKeys {
    EnrolledKeys::beside(&env.state_file("known_hosts"))
}

/// A kit of an office to which the router has shown this key, and another router another one.
fn kit(place: &Places, last: u8) {
    let office = place.office();
    enrolled(&office).enrol(HOST, 22, &shown(last)).unwrap();
    enrolled(&office).enrol("192.0.2.2", 22, &shown(9)).unwrap();
    build_kit(&office, &place.request()).unwrap();
}

#[test]
fn the_laptop_is_held_to_what_the_router_has_shown_at_the_office() {
    let place = Places::new();
    kit(&place, 1);
    let laptop = place.laptop();
    let opened = open_kit(&laptop, &place.path("sato.kit"), &place.path("visit")).unwrap();
    assert_eq!((opened.new_host_keys, opened.other_host_keys.len()), (1, 0));
    assert_eq!(enrolled(&laptop).of(HOST, 22).unwrap(), Some(shown(1)));
    assert_eq!(enrolled(&laptop).of("192.0.2.2", 22).unwrap(), None, "it is no router of the kit");
    let known = KnownHosts::new(laptop.state_file("known_hosts"), FirstUse::Record);
    assert!(matches!(known.check(HOST, 22, &key(2)), Err(SshError::HostKeyNotEnrolled { .. })));
    assert_eq!(known.check(HOST, 22, &key(1)).unwrap(), Trust::Enrolled);
    // Opened once more it says nothing new.
    let again = open_kit(&laptop, &place.path("sato.kit"), &place.path("again")).unwrap();
    assert_eq!((again.new_host_keys, again.other_host_keys.len()), (0, 0));
}

#[test]
fn what_the_laptop_knows_itself_stays_and_is_named() {
    for is_enrolled in [true, false] {
        let place = Places::new();
        kit(&place, 1);
        let laptop = place.laptop();
        match is_enrolled {
            true => enrolled(&laptop).enrol(HOST, 22, &shown(2)).unwrap(),
            false => {
                let known = KnownHosts::new(laptop.state_file("known_hosts"), FirstUse::Record);
                assert_eq!(known.check(HOST, 22, &key(2)).unwrap(), Trust::Recorded);
            }
        }
        let opened = open_kit(&laptop, &place.path("sato.kit"), &place.path("visit")).unwrap();
        assert_eq!((opened.new_host_keys, opened.other_host_keys), (0, vec![format!("{HOST}:22")]));
        assert_eq!(enrolled(&laptop).of(HOST, 22).unwrap(), is_enrolled.then(|| shown(2)));
    }
}
