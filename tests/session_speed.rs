//! How long the conversation takes beside what the wire itself needs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking"
)]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ixdeploy::session::{Expect, Login, SendLine, Session, Settings, Take, Wire};
use ixdeploy::transport::serial::{self, PortChoice, SerialTarget};
use mock_device::{Fault, Mock, RouterSpec, Scenario, Start, TransportSpec};

/// Counts what the router sends.
#[derive(Clone, Default)]
struct Count(Arc<Mutex<usize>>);

impl Wire for Count {
    fn received(&mut self, bytes: &[u8]) {
        *self.0.lock().unwrap() += bytes.len();
    }
    fn sent(&mut self, _bytes: &[u8]) {}
}

/// Time over the floor of a push of 40 lines and a read, at 9600 bit/s: bytes the router sends at 960 a second, plus one
/// character time a line.
fn over_the_floor(faults: Vec<Fault>) -> f64 {
    let mut spec = RouterSpec::new("r1");
    spec.transports = vec![TransportSpec::Serial { baud: Some(9600) }];
    spec.start = Start::FactoryDefault;
    let folder = tempfile::tempdir().unwrap();
    let scenario = Scenario { routers: vec![spec], ..Scenario::default() };
    let mock = Mock::start(scenario, folder.path()).unwrap();
    let path = mock.endpoints()[0].path.clone().unwrap();
    let link = serial::open(&SerialTarget { port: PortChoice::Name(path.display().to_string()), speed: 9600 }).unwrap();
    let count = Count::default();
    let mut session =
        Session::open(Box::new(link), Login::default(), Settings::default(), Box::new(count.clone())).unwrap();
    session.enter_config(Take::Ask).unwrap();
    for fault in faults {
        mock.inject("r1", fault).unwrap();
    }
    let (before, started, lines) = (*count.0.lock().unwrap(), Instant::now(), 40);
    for number in 1..=lines {
        let text = format!("ip access-list a-list permit ip src 10.{number}.0.0/16 dest 192.168.100.0/24");
        session.run(&SendLine::new(number, text, false), Expect::Global).unwrap();
    }
    session.show("show running-config").unwrap();
    let took = started.elapsed();
    let bytes = *count.0.lock().unwrap() - before;
    let floor = Duration::from_secs_f64((bytes + lines + 1) as f64 / 960.0);
    eprintln!("{bytes} bytes in {took:?}, floor {floor:?}");
    took.as_secs_f64() / floor.as_secs_f64()
}

#[test]
fn a_console_runs_close_to_the_speed_of_its_line() {
    let ratio = over_the_floor(Vec::new());
    assert!(ratio < 1.25, "{ratio}");
}

#[test]
fn a_few_lost_characters_cost_little() {
    let ratio = over_the_floor(vec![Fault::CharacterLoss { one_in: 2000 }]);
    assert!(ratio < 1.4, "{ratio}");
}
