//! Whose key is asked for and believed, against a real server that has two.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use ixdeploy::message::Explain;
use ixdeploy::secret::Secret;
use ixdeploy::transport::TransportError;
use ixdeploy::transport::ssh::{self, Credentials, Endpoint, FirstUse, KeyFile, KnownHosts, SshTarget};
use mock_device::{Mock, RouterSpec, Scenario};

use crate::record::proven;
use crate::sshd::{self, Proof, Sshd};

/// A router behind a jump host with an Ed25519 and an RSA key.
struct Bench {
    folder: tempfile::TempDir,
    host: Sshd,
    mock: Mock,
}

fn bench() -> Option<Bench> {
    if !sshd::is_installed("host keys of two types") {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    sshd::key(&folder.path().join("user"));
    sshd::key_of("rsa", &folder.path().join("near-host-too"));
    let host = sshd::start(folder.path(), "near", Proof::Key);
    let scenario = Scenario { routers: vec![RouterSpec::new("r1")], ..Scenario::default() };
    let mock = Mock::start(scenario, &folder.path().join("mock")).unwrap();
    Some(Bench { folder, host, mock })
}

impl Bench {
    fn rsa(&self) -> PathBuf {
        self.folder.path().join("near-host-too")
    }

    /// Writes the file of known hosts: each line is a marker, if any, and names, followed by the key in this file.
    fn know(&self, lines: &[(&str, PathBuf)]) {
        let line = |(names, key): &(&str, PathBuf)| {
            let public =
                fs::read_to_string(key.with_file_name(format!("{}.pub", key.file_name().unwrap().display()))).unwrap();
            format!("{names} {public}")
        };
        fs::write(self.folder.path().join("known_hosts"), lines.iter().map(line).collect::<String>()).unwrap();
    }

    /// Through the jump host, with this pin or by what is known.
    fn open(&self, pin: Option<String>) -> Result<(), TransportError> {
        let key = KeyFile { path: self.folder.path().join("user"), passphrase: None };
        let hop = Endpoint {
            host: "127.0.0.1".into(),
            port: self.host.port(),
            user: sshd::user(),
            credentials: Credentials { key: Some(key), ..Credentials::default() },
            fingerprint: pin,
            legacy: false,
        };
        let end = &self.mock.endpoints()[0];
        let password = Secret::new("mock-password".into());
        let router = Endpoint {
            host: end.host.clone().unwrap(),
            port: end.port.unwrap(),
            user: "admin".into(),
            credentials: Credentials { password: Some(password.into()), ..Credentials::default() },
            fingerprint: end.fingerprint.clone(),
            legacy: false,
        };
        let (connect, keepalive) = (Duration::from_secs(30), Duration::from_secs(30));
        let hosts = KnownHosts::new(self.folder.path().join("known_hosts"), FirstUse::Refuse);
        ssh::open(&SshTarget { router, jump: vec![hop], connect, keepalive }, &hosts).map(|_| ())
    }
}

#[test]
fn a_host_with_two_keys_is_asked_for_the_one_that_is_pinned_or_known() {
    let Some(bench) = bench() else { return };
    for pin in [bench.host.fingerprint(), sshd::fingerprint(&bench.rsa())] {
        bench.open(Some(pin)).unwrap();
    }
    let entry = format!("[127.0.0.1]:{}", bench.host.port());
    bench.know(&[(&entry, bench.rsa())]);
    bench.open(None).unwrap();
    let other = sshd::fingerprint(&bench.folder.path().join("user"));
    assert_eq!(bench.open(Some(other)).unwrap_err().code(), "ssh.host-key-changed");
    // Another port is another host.
    bench.know(&[("127.0.0.1", bench.rsa())]);
    assert_eq!(bench.open(None).unwrap_err().code(), "ssh.host-key-unknown");
    proven("sshd", "of two host keys the pinned or known one is asked for");
}

#[test]
fn a_revoked_key_is_refused_even_if_also_listed_as_trusted() {
    let Some(bench) = bench() else { return };
    let entry = format!("[127.0.0.1]:{}", bench.host.port());
    let own = bench.folder.path().join("near-host");
    bench.know(&[(&entry, own.clone()), ("@revoked *", own.clone())]);
    for pin in [None, Some(bench.host.fingerprint())] {
        let error = bench.open(pin).unwrap_err();
        assert_eq!(error.code(), "ssh.host-key-revoked", "{error}");
    }
    // An authority vouches for certificates, not for its own key, and takes nothing away from what is known.
    bench.know(&[(&entry, own.clone()), ("@cert-authority *", own.clone())]);
    bench.open(None).unwrap();
    bench.know(&[("@cert-authority *", own)]);
    assert_eq!(bench.open(None).unwrap_err().code(), "ssh.host-key-unknown");
    proven("sshd", "a withdrawn host key is refused");
}
