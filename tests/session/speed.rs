//! How long the conversation takes beside what the wire itself needs.
//!
//! The bounds are wide, since a busy machine must not fail the tests; the figures are printed (`--nocapture`).

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use ixdeploy::dialect::Dialect;
use ixdeploy::secret::Secret;
use ixdeploy::session::{ExpectedLine, ExpectedMode, Login, NoTap, SendLine, Session, SessionTap, Settings, Take};
use ixdeploy::transport::serial::{self, PortChoice, SerialTarget};
use ixdeploy::transport::ssh::{self, Credentials, Endpoint, FirstUse, KnownHosts, SshTarget};
use mock_device::{Fault, Mock, RouterSpec, Scenario, Start, TransportSpec};

/// Counts what the router sends.
#[derive(Clone, Default)]
struct Count(Arc<Mutex<usize>>);

impl SessionTap for Count {
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
        Session::open(Box::new(link), Dialect::ix(), Login::default(), Settings::default(), Box::new(count.clone()))
            .unwrap();
    session.enter_config(Take::Ask).unwrap();
    for fault in faults {
        mock.inject("r1", fault).unwrap();
    }
    let (before, started, lines) = (*count.0.lock().unwrap(), Instant::now(), 40);
    for number in 1..=lines {
        let text = format!("ip access-list a-list permit ip src 10.{number}.0.0/16 dest 192.168.100.0/24");
        session.run(&SendLine::new(number, text, false), ExpectedMode::Global).unwrap();
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
    assert!(ratio < 1.6, "{ratio}");
}

#[test]
fn a_few_lost_characters_cost_little() {
    let ratio = over_the_floor(vec![Fault::CharacterLoss { one_in: 2000 }]);
    assert!(ratio < 2.0, "{ratio}");
}

/// A network path with a delay each way: what comes in goes out that much later, whatever follows it.
fn delayed(to: u16, delay: Duration) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let Ok((near, _)) = listener.accept() else { return };
        let far = TcpStream::connect(("127.0.0.1", to)).unwrap();
        for socket in [&near, &far] {
            socket.set_nodelay(true).unwrap();
        }
        for (mut from, mut into) in [
            (near.try_clone().unwrap(), far.try_clone().unwrap()),
            (far.try_clone().unwrap(), near.try_clone().unwrap()),
        ] {
            let (send, receive) = mpsc::channel::<(Instant, Vec<u8>)>();
            let (_keep, never) = mpsc::channel::<()>();
            thread::spawn(move || {
                let mut buffer = [0; 65536];
                while let Ok(count @ 1..) = from.read(&mut buffer) {
                    if send.send((Instant::now() + delay, buffer[..count].to_vec())).is_err() {
                        return;
                    }
                }
            });
            thread::spawn(move || {
                let _keep = _keep;
                for (due, bytes) in receive {
                    let _ = never.recv_timeout(due.saturating_duration_since(Instant::now()));
                    if into.write_all(&bytes).is_err() {
                        return;
                    }
                }
                let _ = into.shutdown(Shutdown::Both);
            });
        }
    });
    port
}

/// One router over SSH, 20 ms each way: connect, read, push, save, read again; with windows and without.
#[test]
fn a_distant_router_costs_its_round_trips_and_little_more() {
    let one_way = Duration::from_millis(20);
    for window in [1, 8] {
        let folder = tempfile::tempdir().unwrap();
        let scenario = Scenario { routers: vec![RouterSpec::new("r1")], ..Scenario::default() };
        let mock = Mock::start(scenario, folder.path()).unwrap();
        let endpoint = &mock.endpoints()[0];
        let target = SshTarget {
            router: Endpoint {
                host: "127.0.0.1".into(),
                port: delayed(endpoint.port.unwrap(), one_way),
                user: "admin".into(),
                credentials: Credentials {
                    password: Some(Arc::new(Secret::new("mock-password".into()))),
                    ..Credentials::default()
                },
                fingerprint: endpoint.fingerprint.clone(),
                legacy: false,
            },
            jump: Vec::new(),
            connect: Duration::from_secs(20),
            keepalive: Duration::from_secs(30),
        };
        let started = Instant::now();
        let link = ssh::open(&target, &KnownHosts::new(folder.path().join("hosts"), FirstUse::Refuse)).unwrap();
        let shell = started.elapsed();
        let mut session =
            Session::open(Box::new(link), Dialect::ix(), Login::default(), Settings::default(), Box::new(NoTap))
                .unwrap();
        session.enter_config(Take::Ask).unwrap();
        let entered = started.elapsed();
        session.show("show running-config").unwrap();
        let read = started.elapsed();
        if window > 1 {
            assert!(session.prove_type_ahead(window, 80).unwrap());
        }
        let lines: Vec<_> = (1..=56)
            .map(|number| {
                let text = format!("ip access-list a-list permit ip src 10.{number}.0.0/16 dest 192.168.100.0/24");
                ExpectedLine { line: SendLine::new(number, text, false), expect: ExpectedMode::Global }
            })
            .collect();
        for lines in lines.chunks(window) {
            assert!(session.run_window(lines).iter().all(Result::is_ok));
        }
        let pushed = started.elapsed();
        session.save().unwrap();
        session.show("show startup-config").unwrap();
        let took = started.elapsed();
        // Connect 1, agree 4, log in 1, shell 3, set up 3, read 1, push, save 1, read 1.
        let trips = 15 + lines.len().div_ceil(window) + usize::from(window > 1);
        let floor = one_way * 2 * u32::try_from(trips).unwrap();
        eprintln!(
            "window {window}: shell {shell:?}, entered {entered:?}, read {read:?}, pushed {pushed:?}, all {took:?}, floor {floor:?}"
        );
        assert!(took < floor * 5, "{took:?} over {floor:?}");
        session.close().unwrap();
    }
}

/// Memory of this process in KiB, where the system tells.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok())
}

/// Many sessions at once, each on a small thread; mock and client share this process, so that memory is an upper bound.
#[test]
fn many_sessions_run_at_once_on_small_stacks() {
    const ROUTERS: usize = 12;
    let folder = tempfile::tempdir().unwrap();
    let routers = (0..ROUTERS).map(|number| RouterSpec::new(format!("r{number}"))).collect();
    let mock = Mock::start(Scenario { routers, ..Scenario::default() }, folder.path()).unwrap();
    let before = resident();
    let started = Instant::now();
    let all_open = Arc::new(Barrier::new(ROUTERS + 1));
    let hosts = KnownHosts::new(folder.path().join("hosts"), FirstUse::Refuse);
    let threads: Vec<_> = mock
        .endpoints()
        .iter()
        .cloned()
        .map(|endpoint| {
            let (all_open, hosts) = (Arc::clone(&all_open), hosts.clone());
            let work = move || {
                let credentials = Credentials {
                    password: Some(Arc::new(Secret::new("mock-password".into()))),
                    ..Credentials::default()
                };
                let target = SshTarget {
                    router: Endpoint {
                        host: endpoint.host.unwrap(),
                        port: endpoint.port.unwrap(),
                        user: "admin".into(),
                        credentials,
                        fingerprint: endpoint.fingerprint,
                        legacy: false,
                    },
                    jump: Vec::new(),
                    connect: Duration::from_secs(60),
                    keepalive: Duration::from_secs(30),
                };
                let link = ssh::open(&target, &hosts).unwrap();
                let mut session = Session::open(
                    Box::new(link),
                    Dialect::ix(),
                    Login::default(),
                    Settings::default(),
                    Box::new(NoTap),
                )
                .unwrap();
                session.enter_config(Take::Ask).unwrap();
                assert!(session.show("show running-config").unwrap().contains(&endpoint.hostname));
                all_open.wait();
                session.close().unwrap();
            };
            thread::Builder::new().stack_size(256 * 1024).spawn(work).unwrap()
        })
        .collect();
    all_open.wait();
    let grown = before.zip(resident()).map(|(before, now)| now.saturating_sub(before) / ROUTERS);
    eprintln!("{ROUTERS} sessions up in {:?}, {grown:?} KiB each with the mock's side", started.elapsed());
    for thread in threads {
        thread.join().unwrap();
    }
    assert!(grown.is_none_or(|each| each < 1024), "{grown:?}");
}
