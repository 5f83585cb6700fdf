//! Console servers: a real `ser2net` in front of a mock's console.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ixdeploy::dialect::Dialect;
use ixdeploy::message::Explain;
use ixdeploy::secret::Secret;
use ixdeploy::session::{Deadlines, ExpectedMode, Login, NoTap, SendLine, Session, SessionError, Settings, Take};
use ixdeploy::transport::command::{self, CommandTarget};
use ixdeploy::transport::telnet::{self, Service, TelnetTarget};
use ixdeploy::transport::{LinkKind, Transport};
use mock_device::Mock;

use crate::record::proven;
use crate::ser2net;

fn target(port: u16, service: Service) -> TelnetTarget {
    TelnetTarget { host: "127.0.0.1".into(), port, service, connect: Duration::from_secs(5) }
}

fn whole_way(link: Box<dyn Transport>, mock: &Mock) {
    let login = Login { user: Some("admin".into()), password: Some(Arc::new(Secret::new("mock-password".into()))) };
    let deadlines = Deadlines { wake: Duration::from_millis(500), ..Deadlines::default() };
    let settings = Settings { deadlines, ..Settings::default() };
    let mut session = Session::open(link, Dialect::ix(), login, settings, Box::new(NoTap)).unwrap();
    session.enter_config(Take::Ask).unwrap();
    session.run(&SendLine::new(1, "ntp ip enable", false), ExpectedMode::Global).unwrap();
    assert!(session.show("show running-config").unwrap().contains("\nntp ip enable\n"));
    assert!(mock.running_config("r1").unwrap().contains("ntp ip enable"));
    session.close().unwrap();
}

#[test]
fn a_console_server_with_rfc_2217_sets_its_port() {
    let Some(bench) = ser2net::bench("telnet(rfc2217),") else { return };
    let mut link = telnet::open(&target(bench.server.port, Service::Rfc2217 { speed: 115_200 })).unwrap();
    assert_eq!((link.kind(), link.line_speed()), (LinkKind::Serial, Some(115_200)));
    assert!(link.set_line_speed(9600).unwrap() && link.set_line_speed(115_200).unwrap());
    whole_way(Box::new(link), &bench.mock);
    proven("ser2net", "RFC 2217: the port is set and a console is worked on");
}

#[test]
fn a_console_server_without_it_is_a_console_too() {
    for (accepter, service) in [("telnet,", Service::Console { speed: 115_200 }), ("", Service::Raw { speed: 115_200 })]
    {
        let Some(bench) = ser2net::bench(accepter) else { return };
        whole_way(Box::new(telnet::open(&target(bench.server.port, service)).unwrap()), &bench.mock);
    }
    proven("ser2net", "telnet and raw: a console is worked on");
}

#[test]
fn a_console_server_that_cannot_set_its_port_says_so() {
    let Some(bench) = ser2net::bench("telnet,") else { return };
    let error = telnet::open(&target(bench.server.port, Service::Rfc2217 { speed: 9600 })).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "telnet.no-rfc2217", "{error}");
    proven("ser2net", "a server without RFC 2217 is found out");
}

/// Someone at the console: they have it once it answers.
fn somebody_at(port: u16) -> TcpStream {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        assert!(Instant::now() < deadline, "the port is never free");
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let mut text = Vec::new();
        let mut buffer = [0; 256];
        // The connection that asked whether the server listens may not be over yet.
        while stream.write_all(b"\r").is_ok() && !text.ends_with(b"in use\r\n") {
            match stream.read(&mut buffer) {
                Ok(count @ 1..) => text.extend_from_slice(&buffer[..count]),
                _ => break,
            }
            if String::from_utf8_lossy(&text).contains("ogin:") {
                return stream;
            }
        }
    }
}

#[test]
fn a_console_in_use_is_reported_as_such() {
    let speed = 115_200;
    let ways = [
        ("telnet(rfc2217),", Service::Rfc2217 { speed }),
        ("telnet,", Service::Console { speed }),
        ("", Service::Raw { speed }),
    ];
    for (accepter, service) in ways {
        let Some(bench) = ser2net::bench(accepter) else { return };
        let _somebody = somebody_at(bench.server.port);
        let opened = telnet::open(&target(bench.server.port, service)).map_err(SessionError::from).and_then(|link| {
            Session::open(Box::new(link), Dialect::ix(), Login::default(), Settings::default(), Box::new(NoTap))
                .map(drop)
        });
        let error = opened.unwrap_err();
        assert_eq!(error.code(), "telnet.busy", "{service:?}: {error}");
        assert!(error.to_string().contains("Port already in use"), "{error}");
    }
    proven("ser2net", "a port that somebody else uses is said as such");
}

#[test]
fn a_program_on_a_terminal_reaches_a_console() {
    let folder = tempfile::tempdir().unwrap();
    let (mock, path) = ser2net::console(folder.path());
    // Any program that joins its terminal to the console will do; the shell is the one that is everywhere.
    let script = format!("stty raw -echo; exec 3<>'{path}'; stty raw -echo <&3; cat <&3 & cat >&3");
    let words = ["sh", "-c", &script].map(str::to_owned).to_vec();
    let link = command::open(&CommandTarget { words, console: Some(115_200) }).unwrap();
    whole_way(Box::new(link), &mock);
}
