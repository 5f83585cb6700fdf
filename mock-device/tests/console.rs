//! The mock through a pseudo terminal, as a USB console cable would show it, and through a socket with telnet.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use mock_device::{Fault, Mock, RouterSpec, Scenario, Start, TransportSpec, When};

/// One end of a byte stream, read by a thread so that every wait has a deadline.
struct Line {
    writer: Box<dyn Write>,
    bytes: Receiver<Vec<u8>>,
    text: String,
}

impl Line {
    fn new(mut reader: impl Read + Send + 'static, writer: impl Write + 'static) -> Self {
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut chunk = [0; 1024];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                if sender.send(chunk[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { writer: Box::new(writer), bytes, text: String::new() }
    }

    fn send(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).unwrap();
    }

    fn until(&mut self, end: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.text.ends_with(end) {
            let left = deadline.saturating_duration_since(Instant::now());
            let bytes = self.bytes.recv_timeout(left).unwrap_or_else(|_| panic!("no {end:?} in {:?}", self.text));
            self.text.push_str(&String::from_utf8_lossy(&bytes));
        }
        std::mem::take(&mut self.text)
    }
}

fn open(mock: &Mock) -> Line {
    let path = mock.endpoints()[0].path.clone().unwrap();
    let file: File = OpenOptions::new().read(true).write(true).open(path).unwrap();
    Line::new(file.try_clone().unwrap(), file)
}

fn bench(baud: Option<u32>, folder: &std::path::Path) -> Mock {
    let spec = RouterSpec {
        transports: vec![TransportSpec::Serial { baud }, TransportSpec::Ssh],
        start: Start::FactoryDefault,
        ..RouterSpec::new("bench")
    };
    Mock::start(Scenario { seed: 1, routers: vec![spec] }, folder).unwrap()
}

#[test]
fn a_factory_box_is_configured_over_its_console() {
    let folder = tempfile::tempdir().unwrap();
    let mock = bench(None, folder.path());
    let mut line = open(&mock);
    line.send("\r");
    assert!(line.until("Router# ").contains("Copyright Notices:"));
    line.send("enable-config\r");
    line.until("Router(config)# ");
    for text in include_str!("data/router3.cfg").lines() {
        line.send(&format!("{text}\r"));
        // A description may hold `## `, so a prompt is only what ends with its bracket.
        assert!(!line.until(")# ").contains("\r\n%"), "{text}");
    }
    line.send("pki private-key generate rsa\r");
    assert!(line.until(")# ").contains("Generating RSA private key ........"));
    line.send("show flash\r");
    assert!(line.until(")# ").contains("SYSTEM-PRIVATE-KEY"));
    assert!(mock.fingerprint("bench").is_some());
    assert_eq!(mock.startup_config("bench"), None);
    let running = std::fs::read_to_string(folder.path().join("bench/running.cfg")).unwrap();
    assert!(running.contains("interface GigaEthernet2:3.0\n"));
}

#[test]
fn the_cable_is_as_slow_as_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let mock = bench(Some(9600), folder.path());
    let mut line = open(&mock);
    line.send("\r");
    line.until("Router# ");
    let start = Instant::now();
    line.send("show version\r");
    let bytes = line.until("Router# ").len();
    let took = start.elapsed().as_secs_f64();
    let floor = f64::from(u32::try_from(bytes).unwrap()) / 960.0;
    assert!(took >= floor, "{took} s for {bytes} bytes");
}

#[test]
fn a_console_that_is_unplugged_is_found_as_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let mock = bench(None, folder.path());
    let mut line = open(&mock);
    line.send("\rconfigure\rinterface GigaEthernet0.0\r");
    line.until("Router(config-GigaEthernet0.0)# ");
    mock.inject("bench", Fault::drop_link(When::line(1))).unwrap();
    line.send("no shutdown\r");
    while line.bytes.recv_timeout(Duration::from_secs(20)).is_ok() {}
    let mut again = open(&mock);
    again.send("\r");
    again.until("Router(config-GigaEthernet0.0)# ");
}

#[test]
fn telnet_asks_for_name_and_password() {
    let folder = tempfile::tempdir().unwrap();
    let spec =
        RouterSpec { transports: vec![TransportSpec::Telnet], password: "CANARY".to_owned(), ..RouterSpec::new("far") };
    let mock = Mock::start(Scenario { seed: 1, routers: vec![spec] }, folder.path()).unwrap();
    let port = mock.endpoints()[0].port.unwrap();
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut line = Line::new(stream.try_clone().unwrap(), stream);
    line.until("login: ");
    line.writer.write_all(&[255, 253, 1, 255, 253, 3, 255, 251, 31, 255, 250, 31, 1, 244, 0, 50, 255, 240]).unwrap();
    line.send("admin\r\n");
    line.until("Password: ");
    line.send("CANARY\r\n");
    line.until("far# ");
    let long = format!("show ip route {}", "x".repeat(100));
    line.send(&format!("{long}\r\n"));
    assert!(line.until("far# ").contains(&long), "a terminal 500 columns wide does not fold");
    let record = std::fs::read_to_string(folder.path().join("far/events.jsonl")).unwrap();
    assert!(record.contains("admin") && !record.contains("CANARY"));
}
