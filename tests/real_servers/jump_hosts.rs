//! Jump hosts: real OpenSSH servers between us and the router.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ixdeploy::dialect::Dialect;
use ixdeploy::message::Explain;
use ixdeploy::secret::Secret;
use ixdeploy::session::{Login, NoTap, Session, Settings, Take};
use ixdeploy::transport::ssh::{self, Credentials, Endpoint, FirstUse, JumpHosts, KeyFile, KnownHosts, SshTarget};
use mock_device::{Mock, RouterSpec, Scenario};
use socket2::{Domain, Socket, Type};

use crate::record::proven;
use crate::sshd::{self, Proof, Sshd};

/// A router behind one real host, and behind a second one that only the first reaches.
struct Bench {
    folder: tempfile::TempDir,
    near: Sshd,
    far: Sshd,
    mock: Mock,
}

fn bench(routers: usize) -> Option<Bench> {
    if !sshd::is_installed("jump hosts") {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    sshd::key(&folder.path().join("user"));
    let near = sshd::start(folder.path(), "near", Proof::Key);
    let far = sshd::start(folder.path(), "far", Proof::Key);
    let scenario = Scenario {
        routers: (0..routers).map(|number| RouterSpec::new(format!("r{number}"))).collect(),
        ..Scenario::default()
    };
    let mock = Mock::start(scenario, &folder.path().join("mock")).unwrap();
    Some(Bench { folder, near, far, mock })
}

impl Bench {
    fn hop(&self, port: u16) -> Endpoint {
        let key = KeyFile { path: self.folder.path().join("user"), passphrase: None };
        Endpoint {
            host: "127.0.0.1".into(),
            port,
            user: sshd::user(),
            credentials: Credentials { key: Some(key), ..Credentials::default() },
            fingerprint: None,
            legacy: false,
        }
    }

    fn target(&self, number: usize, jump: Vec<Endpoint>) -> SshTarget {
        let endpoint = &self.mock.endpoints()[number];
        SshTarget {
            router: Endpoint {
                host: endpoint.host.clone().unwrap(),
                port: endpoint.port.unwrap(),
                user: "admin".into(),
                credentials: Credentials {
                    password: Some(Arc::new(Secret::new("mock-password".into()))),
                    ..Credentials::default()
                },
                fingerprint: endpoint.fingerprint.clone(),
                legacy: false,
            },
            jump,
            connect: Duration::from_secs(60),
            keepalive: Duration::from_secs(30),
        }
    }

    fn hosts(&self) -> KnownHosts {
        KnownHosts::new(self.folder.path().join("known_hosts"), FirstUse::Record)
    }
}

fn read_running(target: &SshTarget, hosts: &KnownHosts, jump: &JumpHosts) -> String {
    let link = ssh::open_through(target, hosts, jump).unwrap();
    let settings = Settings { mask: |text| text.to_owned(), ..Settings::default() };
    let mut session =
        Session::open(Box::new(link), Dialect::ix(), Login::default(), settings, Box::new(NoTap)).unwrap();
    session.enter_config(Take::Ask).unwrap();
    let text = session.show("show running-config").unwrap();
    session.close().unwrap();
    text
}

#[test]
fn a_router_is_reached_through_one_host_and_through_two() {
    let Some(bench) = bench(1) else { return };
    let (near, far) = (bench.hop(bench.near.port()), bench.hop(bench.far.port()));
    for jump in [vec![near.clone()], vec![near, far]] {
        let text = read_running(&bench.target(0, jump), &bench.hosts(), &JumpHosts::new());
        assert!(text.contains("\nhostname r0\n"), "{text}");
    }
    proven("sshd", "one jump host, and two in a chain");
}

#[test]
fn many_routers_share_one_connection_to_the_host() {
    const ROUTERS: usize = 30;
    let Some(bench) = bench(ROUTERS) else { return };
    let jump = JumpHosts::new();
    let near = bench.hop(bench.near.port());
    let hosts = bench.hosts();
    thread::scope(|scope| {
        for number in 0..ROUTERS {
            let (target, jump, hosts) = (bench.target(number, vec![near.clone()]), &jump, &hosts);
            scope.spawn(move || {
                let text = read_running(&target, hosts, jump);
                assert!(text.contains(&format!("\nhostname r{number}\n")));
            });
        }
    });
    let log = bench.near.log_with("Accepted publickey");
    assert_eq!(log.matches("Accepted publickey").count(), 1, "{log}");
    proven("sshd", "thirty routers behind one connection to a jump host");
}

#[test]
fn a_jump_host_that_goes_away_is_said_and_dialled_anew() {
    let Some(mut bench) = bench(1) else { return };
    let jump = JumpHosts::new();
    let target = bench.target(0, vec![bench.hop(bench.near.port())]);
    read_running(&target, &bench.hosts(), &jump);
    let link = ssh::open_through(&target, &bench.hosts(), &jump).unwrap();
    let settings = Settings { mask: |text| text.to_owned(), ..Settings::default() };
    let mut session =
        Session::open(Box::new(link), Dialect::ix(), Login::default(), settings, Box::new(NoTap)).unwrap();
    // Every process of the server must go: the one that listens does not carry the connection.
    let group = bench.near.server.child.id().to_string();
    let children = Command::new("pkill").args(["-9", "-P", &group]).status().unwrap();
    assert!(children.success());
    let error = session.show("show clock").unwrap_err();
    assert!(["link.lost", "session.closed"].contains(&error.code()), "{error:?}");
    assert!(read_running(&target, &bench.hosts(), &jump).contains("hostname r0"), "a new connection");
    bench.near.server.child.kill().unwrap();
    bench.near.server.child.wait().unwrap();
    let refused = ssh::open(&target, &bench.hosts()).map(|_| ()).unwrap_err();
    assert_eq!(refused.code(), "ssh.unreachable");
    assert!(TcpStream::connect(("127.0.0.1", bench.far.port())).is_ok());
    proven("sshd", "a jump host that goes away");
}

#[test]
fn a_host_behind_the_jump_host_that_is_not_there_is_named() {
    let Some(bench) = bench(1) else { return };
    let mut target = bench.target(0, vec![bench.hop(bench.near.port())]);
    target.router.port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = ssh::open(&target, &bench.hosts()).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "ssh.broken", "{error}");
    assert!(error.text().en.contains(&format!(":{}", target.router.port)), "{error}");
    proven("sshd", "a host behind the jump host that is not there");
}

/// An address where no one answers a connection, and no one refuses it: its queue is full. As long as this is held.
fn full() -> (SocketAddr, Socket, Vec<TcpStream>) {
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    listener.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(500)) {
        waiting.push(stream);
    }
    (address, listener, waiting)
}

/// The library opens one tunnel at a time, and a server waits minutes for a router that is switched off.
#[test]
fn a_router_that_does_not_answer_holds_up_no_other_behind_the_host() {
    const OTHERS: usize = 8;
    let Some(bench) = bench(OTHERS) else { return };
    let (address, _listener, _waiting) = full();
    let (jump, hosts, near) = (JumpHosts::new(), bench.hosts(), bench.hop(bench.near.port()));
    let mut silent = bench.target(0, vec![near.clone()]);
    silent.router.port = address.port();
    silent.connect = Duration::from_secs(15);
    thread::scope(|scope| {
        let silent = scope.spawn(|| ssh::open_through(&silent, &hosts, &jump).map(drop).unwrap_err());
        bench.near.log_with("Accepted publickey");
        for number in 0..OTHERS {
            let (mut target, jump, hosts) = (bench.target(number, vec![near.clone()]), &jump, &hosts);
            target.connect = Duration::from_secs(12);
            scope.spawn(move || assert!(read_running(&target, hosts, jump).contains(&format!("hostname r{number}"))));
        }
        assert_eq!(silent.join().unwrap().code(), "ssh.timeout");
    });
    proven("sshd", "a router behind a jump host that does not answer, beside others that do");
}
