//! The mock over real SSH: the observed algorithms, the vendor's configurations pushed line by line, the lock-out.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use mock_device::{Endpoint, Fault, Mock, RouterSpec, Scenario, TransportSpec, What, When};
use russh::client::{self, Handle};
use russh::keys::{Algorithm, HashAlg, PublicKeyOrCertificate};
use russh::{ChannelMsg, Preferred, cipher, kex, mac};

struct Client;

impl client::Handler for Client {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _key: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

fn config(keys: Vec<Algorithm>) -> Arc<client::Config> {
    Arc::new(client::Config {
        preferred: Preferred {
            kex: Cow::Owned(vec![kex::DH_GEX_SHA256]),
            key: Cow::Owned(keys),
            cipher: Cow::Owned(vec![cipher::AES_256_CTR]),
            mac: Cow::Owned(vec![mac::HMAC_SHA512]),
            ..Preferred::DEFAULT
        },
        // The smallest group is enough here and saves seconds of arithmetic in a debug build.
        gex: client::GexParams::new(2048, 2048, 8192).unwrap(),
        nodelay: true,
        ..client::Config::default()
    })
}

async fn connect(endpoint: &Endpoint, keys: Vec<Algorithm>) -> Result<Handle<Client>, russh::Error> {
    let address = (endpoint.host.clone().unwrap(), endpoint.port.unwrap());
    client::connect(config(keys), address, Client).await
}

async fn log_in(endpoint: &Endpoint) -> (Handle<Client>, russh::Channel<client::Msg>) {
    let mut handle = connect(endpoint, vec![Algorithm::Rsa { hash: None }]).await.unwrap();
    let (user, password) = (endpoint.username.clone().unwrap(), endpoint.password.clone().unwrap());
    assert!(handle.authenticate_password(user, password).await.unwrap().success());
    let channel = handle.channel_open_session().await.unwrap();
    channel.request_pty(false, "vt100", 80, 24, 0, 0, &[]).await.unwrap();
    channel.request_shell(false).await.unwrap();
    (handle, channel)
}

/// Reads until the text ends like this; what was read comes back, and whether the channel is at its end.
async fn until(channel: &mut russh::Channel<client::Msg>, end: &str) -> (String, bool) {
    let mut text = String::new();
    loop {
        match tokio::time::timeout(Duration::from_secs(20), channel.wait()).await.expect(&text) {
            Some(ChannelMsg::Data { data }) => {
                text.push_str(&String::from_utf8_lossy(&data));
                if text.ends_with(end) {
                    return (text, false);
                }
            }
            Some(ChannelMsg::ExitStatus { .. }) => unreachable!("a router sends no exit status"),
            Some(_) => {}
            None => return (text, true),
        }
    }
}

async fn send(channel: &mut russh::Channel<client::Msg>, line: &str, end: &str) -> String {
    channel.data_bytes(format!("{line}\n")).await.unwrap();
    until(channel, end).await.0
}

fn one(spec: RouterSpec, folder: &std::path::Path) -> Mock {
    Mock::start(Scenario { seed: 1, routers: vec![spec] }, folder).unwrap()
}

fn run(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work);
}

#[test]
fn only_an_ssh_rsa_client_gets_in_and_sees_no_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    let mock = one(RouterSpec::new("ix"), folder.path());
    let endpoint = mock.endpoints()[0].clone();
    run(async {
        let modern = vec![Algorithm::Rsa { hash: Some(HashAlg::Sha512) }, Algorithm::Ed25519];
        assert!(connect(&endpoint, modern).await.is_err());
        let mut handle = connect(&endpoint, vec![Algorithm::Rsa { hash: None }]).await.unwrap();
        assert!(!handle.authenticate_password("admin", "wrong").await.unwrap().success());
        let (_handle, mut channel) = log_in(&endpoint).await;
        assert!(until(&mut channel, "ix# ").await.0.starts_with("\r\nNEC Portable"));
        channel.data_bytes("exit\r".to_owned()).await.unwrap();
        assert!(until(&mut channel, "never").await.1);
    });
    let logins: Vec<bool> = mock
        .events("ix")
        .into_iter()
        .filter_map(|event| match event.what {
            What::Login { accepted, .. } => Some(accepted),
            _ => None,
        })
        .collect();
    assert_eq!(logins, [false, true]);
}

#[test]
fn the_vendors_configurations_go_in_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let files = [include_str!("data/router1.cfg"), include_str!("data/router2.cfg"), include_str!("data/router3.cfg")];
    let routers = (1..=3).map(|n| RouterSpec::new(format!("r{n}"))).collect();
    let mut scenario = Scenario { seed: 1, routers };
    // The third configuration leaves GigaEthernet2.0 alone, the first two use it or not; a management path apart keeps SSH up.
    for spec in &mut scenario.routers {
        spec.transports = vec![TransportSpec::Ssh];
        spec.management_interface = "Loopback0.0".to_owned();
    }
    let mock = Mock::start(scenario, folder.path()).unwrap();
    for (endpoint, file) in mock.endpoints().iter().zip(files) {
        run(async {
            let (_handle, mut channel) = log_in(endpoint).await;
            until(&mut channel, "# ").await;
            send(&mut channel, "enable-config", "(config)# ").await;
            send(&mut channel, "terminal length 0", "(config)# ").await;
            for line in file.lines() {
                let answer = send(&mut channel, line, ")# ").await;
                assert!(!answer.contains("\r\n%"), "{line}: {answer}");
            }
            send(&mut channel, "write memory", "# ").await;
            let shown = send(&mut channel, "show running-config", ")# ").await;
            for line in file.lines().map(str::trim).filter(|line| !line.starts_with('!')) {
                assert!(shown.lines().any(|printed| printed.trim() == line), "{line}");
            }
        });
        let running = mock.running_config(&endpoint.id).unwrap();
        assert_eq!(mock.startup_config(&endpoint.id).unwrap(), running);
        let file = std::fs::read_to_string(folder.path().join(&endpoint.id).join("startup.cfg")).unwrap();
        assert_eq!(file, running);
    }
}

#[test]
fn a_session_that_removes_its_own_path_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let mock = one(RouterSpec::new("ix"), folder.path());
    let endpoint = mock.endpoints()[0].clone();
    run(async {
        let (_handle, mut channel) = log_in(&endpoint).await;
        until(&mut channel, "# ").await;
        send(&mut channel, "configure", "# ").await;
        send(&mut channel, "interface GigaEthernet2.0", "# ").await;
        channel.data_bytes("ip vrf forwarding VRF1\n".to_owned()).await.unwrap();
        assert!(until(&mut channel, "never").await.1);
        assert!(connect(&endpoint, vec![Algorithm::Rsa { hash: None }]).await.is_err());
    });
    assert!(mock.events("ix").iter().any(|event| event.what == What::Reachable { yes: false }));
}

#[test]
fn a_changed_host_key_and_a_fault_set_while_running() {
    let folder = tempfile::tempdir().unwrap();
    let mock = one(RouterSpec::new("ix"), folder.path());
    let endpoint = mock.endpoints()[0].clone();
    assert_eq!(mock.fingerprint("ix"), endpoint.fingerprint);
    mock.inject("ix", Fault::HostKeyChanged).unwrap();
    assert_ne!(mock.fingerprint("ix"), endpoint.fingerprint);
    mock.inject("ix", Fault::drop_link(When::line(2))).unwrap();
    run(async {
        let (_handle, mut channel) = log_in(&endpoint).await;
        until(&mut channel, "# ").await;
        send(&mut channel, "show clock", "# ").await;
        channel.data_bytes("show clock\n".to_owned()).await.unwrap();
        assert!(until(&mut channel, "never").await.1);
    });
}

#[test]
fn what_is_sent_over_a_slow_path_arrives_so_much_later_each_way() {
    let folder = tempfile::tempdir().unwrap();
    let millis = 40;
    let routers = vec![RouterSpec { latency_millis: millis, ..RouterSpec::new("ix") }];
    let mock = Mock::start(Scenario { routers, ..Scenario::default() }, folder.path()).unwrap();
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", mock.endpoints()[0].port.unwrap())).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let begun = std::time::Instant::now();
    // The handshake's three ways, and the greeting's one.
    let mut greeting = [0; 4];
    std::io::Read::read_exact(&mut stream, &mut greeting).unwrap();
    assert_eq!(&greeting, b"SSH-");
    assert!(begun.elapsed() >= Duration::from_millis(4 * millis), "{:?}", begun.elapsed());
}
