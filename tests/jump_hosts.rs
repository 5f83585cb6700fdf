//! Jump hosts against real OpenSSH servers; says aloud when there is none on this machine.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ixdeploy::message::Explain;
use ixdeploy::secret::Secret;
use ixdeploy::session::{Login, NoWire, Session, Settings, Take};
use ixdeploy::transport::ssh::{self, Credentials, Endpoint, FirstUse, JumpHosts, KeyFile, KnownHosts, SshTarget};
use mock_device::{Mock, RouterSpec, Scenario};

const SSHD: &str = "/usr/sbin/sshd";

/// A real SSH server for one user with one key. Its log tells how many connections it had.
struct Sshd {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn key(path: &Path) {
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path).status().unwrap();
    assert!(made.success());
}

/// Starts a server on a free port. The port is found by binding and let go again, so that a start that loses it is tried anew.
fn sshd(folder: &Path, name: &str) -> Sshd {
    let host_key = folder.join(format!("{name}-host"));
    key(&host_key);
    for attempt in 0..10 {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = folder.join(format!("{name}-config"));
        let log = folder.join(format!("{name}-{attempt}.log"));
        fs::write(
            &config,
            format!(
                "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nUsePAM no\n\
                 StrictModes no\nAllowTcpForwarding yes\nLogLevel VERBOSE\nMaxStartups 200\nMaxSessions 500\n",
                host_key.display(),
                folder.join("user.pub").display(),
            ),
        )
        .unwrap();
        let mut child =
            Command::new(SSHD).args(["-D", "-e", "-f"]).arg(&config).stderr(Stdio::piped()).spawn().unwrap();
        // The server says when it listens: no guessing.
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let listens = lines.by_ref().map_while(Result::ok).any(|line| line.contains("Server listening"));
        if listens {
            let copy = log.clone();
            thread::spawn(move || {
                let mut text = String::new();
                for line in lines.map_while(Result::ok) {
                    text.push_str(&line);
                    text.push('\n');
                    let _ = fs::write(&copy, &text);
                }
            });
            return Sshd { child, port, log };
        }
        let _ = child.wait();
    }
    panic!("sshd does not start");
}

struct Bench {
    folder: tempfile::TempDir,
    near: Sshd,
    far: Sshd,
    mock: Mock,
}

fn bench(routers: usize) -> Option<Bench> {
    if !Path::new(SSHD).exists() {
        eprintln!("SKIPPED: no {SSHD} on this machine, jump hosts are not proven here");
        return None;
    }
    // The server wants its separation folder when it is started as root.
    let _ = fs::create_dir_all("/run/sshd");
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    key(&folder.path().join("user"));
    let near = sshd(folder.path(), "near");
    let far = sshd(folder.path(), "far");
    let scenario = Scenario {
        routers: (0..routers).map(|number| RouterSpec::new(format!("r{number}"))).collect(),
        ..Scenario::default()
    };
    let mock = Mock::start(scenario, &folder.path().join("mock")).unwrap();
    Some(Bench { folder, near, far, mock })
}

impl Bench {
    fn hop(&self, port: u16) -> Endpoint {
        let user = String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
        let key = KeyFile { path: self.folder.path().join("user"), passphrase: None };
        Endpoint {
            host: "127.0.0.1".into(),
            port,
            user: user.trim().into(),
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
            connect: Duration::from_secs(30),
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
    let mut session = Session::open(Box::new(link), Login::default(), settings, Box::new(NoWire)).unwrap();
    session.enter_config(Take::Ask).unwrap();
    let text = session.show("show running-config").unwrap();
    session.close().unwrap();
    text
}

#[test]
fn a_router_is_reached_through_one_host_and_through_two() {
    let Some(bench) = bench(1) else { return };
    let (near, far) = (bench.hop(bench.near.port), bench.hop(bench.far.port));
    for jump in [vec![near.clone()], vec![near, far]] {
        let text = read_running(&bench.target(0, jump), &bench.hosts(), &JumpHosts::new());
        assert!(text.contains("\nhostname r0\n"), "{text}");
    }
}

#[test]
fn many_routers_share_one_connection_to_the_host() {
    const ROUTERS: usize = 30;
    let Some(bench) = bench(ROUTERS) else { return };
    let jump = JumpHosts::new();
    let near = bench.hop(bench.near.port);
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
    let log = fs::read_to_string(&bench.near.log).unwrap();
    assert_eq!(log.matches("Accepted publickey").count(), 1, "{log}");
}

#[test]
fn a_jump_host_that_goes_away_is_said_and_dialled_anew() {
    let Some(mut bench) = bench(1) else { return };
    let jump = JumpHosts::new();
    let target = bench.target(0, vec![bench.hop(bench.near.port)]);
    read_running(&target, &bench.hosts(), &jump);
    let link = ssh::open_through(&target, &bench.hosts(), &jump).unwrap();
    let settings = Settings { mask: |text| text.to_owned(), ..Settings::default() };
    let mut session = Session::open(Box::new(link), Login::default(), settings, Box::new(NoWire)).unwrap();
    // Every process of the server must go: the one that listens does not carry the connection.
    let group = bench.near.child.id().to_string();
    let children = Command::new("pkill").args(["-9", "-P", &group]).status().unwrap();
    assert!(children.success());
    let error = session.show("show clock").unwrap_err();
    assert!(["link.lost", "session.closed"].contains(&error.code()), "{error:?}");
    assert!(read_running(&target, &bench.hosts(), &jump).contains("hostname r0"), "a new connection");
    bench.near.child.kill().unwrap();
    bench.near.child.wait().unwrap();
    let refused = ssh::open(&target, &bench.hosts()).map(|_| ()).unwrap_err();
    assert_eq!(refused.code(), "ssh.unreachable");
    assert!(TcpStream::connect(("127.0.0.1", bench.far.port)).is_ok());
}

#[test]
fn a_host_behind_the_jump_host_that_is_not_there_is_named() {
    let Some(bench) = bench(1) else { return };
    let mut target = bench.target(0, vec![bench.hop(bench.near.port)]);
    target.router.port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = ssh::open(&target, &bench.hosts()).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "ssh.broken", "{error}");
    assert!(error.text().en.contains(&format!(":{}", target.router.port)), "{error}");
}
