//! Console servers: a real `ser2net` in front of a mock's console; says aloud when there is none on this machine.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use ixdeploy::message::Explain;
use ixdeploy::secret::Secret;
use ixdeploy::session::{Deadlines, Expect, Login, NoWire, SendLine, Session, Settings, Take};
use ixdeploy::transport::command::{self, CommandTarget};
use ixdeploy::transport::telnet::{self, Service, TelnetTarget};
use ixdeploy::transport::{Kind, Transport};
use mock_device::{Mock, RouterSpec, Scenario, TransportSpec};

const SER2NET: &str = "/usr/sbin/ser2net";

struct Bench {
    server: Child,
    port: u16,
    mock: Mock,
    _folder: tempfile::TempDir,
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn mock(folder: &Path) -> (Mock, String) {
    let mut spec = RouterSpec::new("r1");
    spec.transports = vec![TransportSpec::Serial { baud: Some(115_200) }];
    let mock = Mock::start(Scenario { routers: vec![spec], ..Scenario::default() }, &folder.join("mock")).unwrap();
    let path = mock.endpoints()[0].path.clone().unwrap().display().to_string();
    (mock, path)
}

/// A server on a free port; the port is found by binding and let go again, so that a start that loses it is tried anew.
fn bench(accepter: &str) -> Option<Bench> {
    if !Path::new(SER2NET).exists() {
        eprintln!("SKIPPED: no {SER2NET} on this machine, console servers are not proven here");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mock, path) = mock(folder.path());
    for _ in 0..10 {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = folder.path().join("ser2net.yaml");
        let text = format!(
            "connection: &console\n  accepter: {accepter}tcp,127.0.0.1,{port}\n  connector: serialdev,{path},115200n81,local\n"
        );
        fs::write(&config, text).unwrap();
        let mut server = Command::new(SER2NET)
            .args(["-n", "-c"])
            .arg(&config)
            .arg("-P")
            .arg(folder.path().join("pid"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline && server.try_wait().unwrap().is_none() {
            // This first connection is the question whether the server listens; it ends at once.
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(Bench { server, port, mock, _folder: folder });
            }
            thread::yield_now();
        }
        let _ = server.kill();
        let _ = server.wait();
    }
    panic!("ser2net does not start");
}

fn target(port: u16, service: Service) -> TelnetTarget {
    TelnetTarget { host: "127.0.0.1".into(), port, service, connect: Duration::from_secs(5) }
}

fn whole_way(link: Box<dyn Transport>, mock: &Mock) {
    let login = Login { user: Some("admin".into()), password: Some(Arc::new(Secret::new("mock-password".into()))) };
    let deadlines = Deadlines { wake: Duration::from_millis(500), ..Deadlines::default() };
    let settings = Settings { deadlines, ..Settings::default() };
    let mut session = Session::open(link, login, settings, Box::new(NoWire)).unwrap();
    session.enter_config(Take::Ask).unwrap();
    session.run(&SendLine::new(1, "ntp ip enable", false), Expect::Global).unwrap();
    assert!(session.show("show running-config").unwrap().contains("\nntp ip enable\n"));
    assert!(mock.running_config("r1").unwrap().contains("ntp ip enable"));
    session.close().unwrap();
}

#[test]
fn a_console_server_with_rfc_2217_sets_its_port() {
    let Some(bench) = bench("telnet(rfc2217),") else { return };
    let mut link = telnet::open(&target(bench.port, Service::Rfc2217 { speed: 115_200 })).unwrap();
    assert_eq!((link.kind(), link.line_speed()), (Kind::Serial, Some(115_200)));
    assert!(link.set_line_speed(9600).unwrap() && link.set_line_speed(115_200).unwrap());
    whole_way(Box::new(link), &bench.mock);
}

#[test]
fn a_console_server_without_it_is_a_console_too() {
    for (accepter, service) in [("telnet,", Service::Console { speed: 115_200 }), ("", Service::Raw { speed: 115_200 })]
    {
        let Some(bench) = bench(accepter) else { return };
        whole_way(Box::new(telnet::open(&target(bench.port, service)).unwrap()), &bench.mock);
    }
}

#[test]
fn a_console_server_that_cannot_set_its_port_says_so() {
    let Some(bench) = bench("telnet,") else { return };
    let error = telnet::open(&target(bench.port, Service::Rfc2217 { speed: 9600 })).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "telnet.no-rfc2217", "{error}");
}

#[test]
fn a_program_on_a_terminal_reaches_a_console() {
    let folder = tempfile::tempdir().unwrap();
    let (mock, path) = mock(folder.path());
    // Any program that joins its terminal to the console will do; the shell is the one that is everywhere.
    let script = format!("stty raw -echo; exec 3<>'{path}'; stty raw -echo <&3; cat <&3 & cat >&3");
    let words = ["sh", "-c", &script].map(str::to_owned).to_vec();
    let link = command::open(&CommandTarget { words, console: Some(115_200) }).unwrap();
    whole_way(Box::new(link), &mock);
}
