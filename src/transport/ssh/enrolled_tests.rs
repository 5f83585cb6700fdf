//! What an enrolled fingerprint decides at the first contact with a host, and what it does not.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::{EnrolledKey, EnrolledKeys};
use crate::inventory::Fingerprint;
use crate::transport::ssh::{FirstUse, HostKey, HostKeys as _, KnownHosts, NewKeys, SshError, Trust};

fn key(last: u8) -> HostKey {
    let mut blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20".to_vec();
    blob.extend([last; 32]);
    HostKey::new(&blob)
}

/// The MD5 that `ssh-keygen -l -E md5` prints of `key(1)`.
const MD5_OF_ONE: &str = "MD5:d6:9a:30:45:17:cf:91:c4:27:94:f3:22:92:a3:00:0e";

fn sha256(last: u8) -> Fingerprint {
    Fingerprint::read(&key(last).fingerprint()).unwrap()
}

fn enrolled(fingerprint: Fingerprint, run: &str) -> EnrolledKey {
    let at = "2026-12-01T00:10:00Z".to_owned();
    EnrolledKey { fingerprint, at, run: run.to_owned(), serial_number: Some("3110000001".to_owned()) }
}

#[test]
fn a_fingerprint_is_compared_with_the_key_in_both_forms() {
    let md5 = Fingerprint::read(MD5_OF_ONE).unwrap();
    assert!(key(1).is_of(&md5) && key(1).is_of(&sha256(1)));
    assert!(!key(2).is_of(&md5) && !key(2).is_of(&sha256(1)));
}

#[test]
fn at_the_first_contact_the_enrolled_key_is_trusted_and_no_other_whatever_else_is_allowed() {
    for fingerprint in [sha256(1), Fingerprint::read(MD5_OF_ONE).unwrap()] {
        for first_use in [FirstUse::Refuse, FirstUse::Record] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("known_hosts");
            EnrolledKeys::beside(&file).enrol("10.0.0.1", 22, &enrolled(fingerprint, "r1")).unwrap();
            let hosts = KnownHosts::new(&file, first_use);
            let refused = hosts.check("10.0.0.1", 22, &key(2));
            let Err(SshError::HostKeyNotEnrolled { enrolled, offered, run, .. }) = refused else {
                panic!("{refused:?}")
            };
            assert_eq!((enrolled, offered, run), (fingerprint.to_string(), key(2).fingerprint(), "r1".into()));
            assert!(!file.exists(), "a refusal records nothing");
            assert_eq!(hosts.check("10.0.0.1", 22, &key(1)).unwrap(), Trust::Enrolled);
            assert_eq!(hosts.check("10.0.0.1", 22, &key(1)).unwrap(), Trust::Known, "from then on it is known");
            assert_eq!(hosts.learned("10.0.0.1", 22, &key(1)).unwrap(), None, "it was proven");
            assert!(matches!(hosts.check("10.0.0.1", 22, &key(2)), Err(SshError::HostKeyChanged { .. })));
            // Of another port, or another host, nothing was enrolled.
            let elsewhere = KnownHosts::new(&file, FirstUse::Refuse);
            for (host, port) in [("10.0.0.1", 2222), ("10.0.0.2", 22)] {
                assert!(matches!(elsewhere.check(host, port, &key(1)), Err(SshError::HostKeyUnknown { .. })), "{host}");
            }
        }
    }
}

#[test]
fn what_is_known_or_withdrawn_counts_before_what_is_enrolled() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known_hosts");
    let hosts = KnownHosts::new(&file, FirstUse::Record);
    assert_eq!(hosts.check("10.0.0.1", 22, &key(2)).unwrap(), Trust::Recorded);
    EnrolledKeys::beside(&file).enrol("10.0.0.1", 22, &enrolled(sha256(1), "r1")).unwrap();
    assert_eq!(hosts.check("10.0.0.1", 22, &key(2)).unwrap(), Trust::Known);
    assert!(matches!(hosts.check("10.0.0.1", 22, &key(1)), Err(SshError::HostKeyChanged { .. })));
    let line = key(1).line("10.0.0.1", 22);
    std::fs::write(&file, format!("@revoked {line}")).unwrap();
    assert!(matches!(hosts.refuse_revoked("10.0.0.1", 22, &key(1)), Err(SshError::HostKeyRevoked { .. })));
}

#[test]
fn a_later_enrolment_takes_the_place_of_the_earlier_and_other_hosts_stay() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known_hosts");
    let keys = EnrolledKeys::beside(&file);
    assert_eq!(keys.of("10.0.0.1", 22).unwrap(), None);
    let other = EnrolledKey { run: "a b\nc".to_owned(), serial_number: None, ..enrolled(sha256(3), "") };
    keys.enrol("10.0.0.2", 2222, &other).unwrap();
    keys.enrol("10.0.0.1", 22, &enrolled(sha256(1), "r1")).unwrap();
    keys.enrol("10.0.0.1", 22, &enrolled(sha256(2), "r2")).unwrap();
    assert_eq!(keys.of("10.0.0.1", 22).unwrap(), Some(enrolled(sha256(2), "r2")));
    assert_eq!(keys.of("10.0.0.2", 2222).unwrap(), Some(EnrolledKey { run: "a_b_c".to_owned(), ..other }));
    keys.forget("10.0.0.1", 22).unwrap();
    keys.forget("10.0.0.1", 22).unwrap();
    assert_eq!(keys.of("10.0.0.1", 22).unwrap(), None);
    assert!(keys.of("10.0.0.2", 2222).unwrap().is_some());
}

#[test]
fn a_line_about_the_host_that_cannot_be_read_is_an_error_and_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known_hosts");
    let good = enrolled(sha256(1), "r1").line("10.0.0.1", 22);
    for bad in ["10.0.0.1", "10.0.0.1 SHA256:x 2026-12-01T00:10:00Z r1 -", &good.replace("2026", "20 26")] {
        std::fs::write(folder.path().join("known_hosts.enrolled"), format!("{good}{bad}\n")).unwrap();
        let checked = KnownHosts::new(&file, FirstUse::Record).check("10.0.0.1", 22, &key(1));
        assert!(matches!(checked, Err(SshError::HostKeyFile { .. })), "{bad}: {checked:?}");
    }
}

#[test]
fn a_box_that_was_said_to_be_replaced_is_not_held_to_what_the_old_one_showed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known_hosts");
    EnrolledKeys::beside(&file).enrol("10.0.0.1", 22, &enrolled(sha256(1), "r1")).unwrap();
    let new_box = KnownHosts::of_new_box(&file, NewKeys::default());
    assert_eq!(new_box.check("10.0.0.1", 22, &key(2)).unwrap(), Trust::Replaced);
}

#[test]
fn what_an_old_box_has_shown_is_taken_back_unless_it_is_the_key_that_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known_hosts");
    let keys = EnrolledKeys::beside(&file);
    let one = enrolled(Fingerprint::read(MD5_OF_ONE).unwrap(), "r1");
    keys.enrol("10.0.0.1", 22, &one).unwrap();
    assert_eq!(keys.forget_but("10.0.0.1", 22, |shown| key(1).is_of(shown)).unwrap(), None);
    assert_eq!(keys.of("10.0.0.1", 22).unwrap(), Some(one.clone()));
    assert_eq!(keys.forget_but("10.0.0.1", 22, |shown| key(2).is_of(shown)).unwrap(), Some(one));
    assert_eq!(keys.of("10.0.0.1", 22).unwrap(), None);
    let unreadable = "10.0.0.1 SHA256:x\n";
    std::fs::write(folder.path().join("known_hosts.enrolled"), unreadable).unwrap();
    assert_eq!(keys.forget_but("10.0.0.1", 22, |_| true).unwrap(), None);
    assert_eq!(keys.of("10.0.0.1", 22).unwrap(), None);
}
