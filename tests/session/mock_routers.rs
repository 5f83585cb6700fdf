//! The conversation against mock routers over real transports: SSH, a paced serial console, telnet.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::prompt::{Mode, Right};
use ixdeploy::ix::display::{Hardware, Version};
use ixdeploy::message::Explain;
use ixdeploy::secret::Secret;
use ixdeploy::session::{
    Deadlines, ExpectedLine, ExpectedMode, Login, NoTap, SendLine, Session, SessionError, Settings, Take,
};
use ixdeploy::transport::serial::{PortChoice, SerialTarget};
use ixdeploy::transport::ssh::{Credentials, Endpoint, FirstUse, KeyFile, KnownHosts, SshTarget, Trust};
use ixdeploy::transport::telnet::{Service, TelnetTarget};
use ixdeploy::transport::{Received, Transport, TransportError, serial, ssh, telnet};
use mock_device::{Fault, Mock, Readings, RouterSpec, Scenario, Start, TransportSpec, What, When};

/// One mock router with everything that must live as long as it.
struct Bench {
    mock: Mock,
    folder: tempfile::TempDir,
}

fn bench(transport: TransportSpec, adjust: impl FnOnce(&mut RouterSpec)) -> Bench {
    let mut spec = RouterSpec::new("r1");
    spec.transports = vec![transport];
    adjust(&mut spec);
    let folder = tempfile::tempdir().unwrap();
    let scenario = Scenario { routers: vec![spec], ..Scenario::default() };
    let mock = Mock::start(scenario, folder.path()).unwrap();
    Bench { mock, folder }
}

impl Bench {
    fn ssh_target(&self) -> SshTarget {
        let endpoint = &self.mock.endpoints()[0];
        SshTarget {
            router: Endpoint {
                host: endpoint.host.clone().unwrap(),
                port: endpoint.port.unwrap(),
                user: "admin".into(),
                credentials: password("mock-password"),
                fingerprint: endpoint.fingerprint.clone(),
                legacy: false,
            },
            jump: Vec::new(),
            connect: Duration::from_secs(20),
            keepalive: Duration::from_secs(30),
        }
    }

    fn hosts(&self, first_use: FirstUse) -> KnownHosts {
        KnownHosts::new(self.folder.path().join("known_hosts"), first_use)
    }

    fn ssh(&self) -> Result<Session, SessionError> {
        let link = ssh::open(&self.ssh_target(), &self.hosts(FirstUse::Refuse))?;
        session(Box::new(link))
    }

    fn serial_link(&self) -> Box<dyn Transport> {
        let path = self.mock.endpoints()[0].path.clone().unwrap();
        let target = SerialTarget { port: PortChoice::Name(path.display().to_string()), speed: 9600 };
        Box::new(serial::open(&target).unwrap())
    }

    fn serial(&self) -> Result<Session, SessionError> {
        session(self.serial_link())
    }

    fn lines(&self) -> Vec<String> {
        let line = |event: mock_device::Event| match event.what {
            What::Line { line, .. } => Some(line),
            _ => None,
        };
        self.mock.events("r1").into_iter().filter_map(line).collect()
    }
}

fn password(text: &str) -> Credentials {
    Credentials { password: Some(Arc::new(Secret::new(text.into()))), ..Credentials::default() }
}

fn settings() -> Settings {
    let deadlines =
        Deadlines { wake: Duration::from_millis(500), line: Duration::from_secs(5), ..Deadlines::default() };
    Settings { deadlines, mask: |text| text.to_owned(), ..Settings::default() }
}

fn admin() -> Login {
    Login { user: Some("admin".into()), password: Some(Arc::new(Secret::new("mock-password".into()))) }
}

fn session(link: Box<dyn Transport>) -> Result<Session, SessionError> {
    Session::open(link, Dialect::ix(), admin(), settings(), Box::new(NoTap))
}

fn line(number: usize, text: &str) -> SendLine {
    SendLine::new(number, text, false)
}

fn sub(mode: &str) -> ExpectedMode {
    ExpectedMode::Sub(Some(mode.to_owned()))
}

/// The way every session goes: look, change, save, look again, leave.
fn whole_way(bench: &Bench, mut session: Session) {
    assert_eq!((session.host(), session.right(), session.mode()), ("r1", Right::Administrator, &Mode::Operation));
    assert_eq!(Hardware::parse(&session.show("show hardware").unwrap()).model.as_deref(), Some("IX2215"));
    assert!(Version::parse(&session.show("show version").unwrap()).firmware_numbers().is_some());
    session.enter_config(Take::Ask).unwrap();
    let before = session.show("show running-config").unwrap();
    assert!(before.starts_with("! NEC Portable Internetwork Core Operating System Software\n"), "{before}");
    assert!(before.contains("\nhostname r1\n") && !before.contains("--More--") && !before.contains('\r'));
    let long =
        "ip access-list a-list permit udp src 10.11.12.0/24 sport any dest 10.200.100.0/24 dport range 10000 20000";
    session.run(&line(1, long), ExpectedMode::Global).unwrap();
    session.run(&line(2, "interface GigaEthernet0.0"), sub("config-GigaEthernet0.0")).unwrap();
    session.run(&line(3, "ip address 10.0.0.1/24"), sub("config-GigaEthernet0.0")).unwrap();
    let refused = session.run(&line(4, "interface Nowhere9.0"), ExpectedMode::Sub(None)).unwrap_err();
    assert!(matches!(refused, SessionError::Refused { .. }) && refused.text().en.contains("#4"), "{refused:?}");
    assert_eq!(session.mode(), &Mode::Sub("config-GigaEthernet0.0".into()));
    session.run(&SendLine::own("configure"), ExpectedMode::Global).unwrap();
    session.run(&line(5, "hostname clinic-1"), ExpectedMode::Global).unwrap();
    assert_eq!(session.host(), "clinic-1");
    assert!(session.save().unwrap().output.iter().any(|line| line.contains("Building configuration")));
    let startup = session.show("show startup-config").unwrap();
    assert!(startup.contains("hostname clinic-1") && startup.contains(long), "{startup}");
    session.close().unwrap();
    let closed = bench.mock.events("r1").into_iter().rev().find_map(|event| match event.what {
        What::Closed { how } => Some(how),
        _ => None,
    });
    assert_eq!(closed.as_deref(), Some("logout"));
}

#[test]
fn ssh_session_reads_writes_and_saves() {
    let bench = bench(TransportSpec::Ssh, |_| {});
    let session = bench.ssh().unwrap();
    whole_way(&bench, session);
}

#[test]
fn console_session_reads_writes_and_saves() {
    let bench = bench(TransportSpec::Serial { baud: Some(115_200) }, |spec| spec.readings.quiet_returns = 2);
    let session = bench.serial().unwrap();
    whole_way(&bench, session);
}

#[test]
fn telnet_session_reads_writes_and_saves() {
    let bench = bench(TransportSpec::Telnet, |_| {});
    let endpoint = &bench.mock.endpoints()[0];
    let target = TelnetTarget {
        host: endpoint.host.clone().unwrap(),
        port: endpoint.port.unwrap(),
        service: Service::Router,
        connect: Duration::from_secs(5),
    };
    let session = session(Box::new(telnet::open(&target).unwrap())).unwrap();
    whole_way(&bench, session);
}

#[test]
fn a_factory_console_has_no_login_and_gets_a_host_key() {
    let bench = bench(TransportSpec::Serial { baud: Some(115_200) }, |spec| spec.start = Start::FactoryDefault);
    let mut session =
        Session::open(bench.serial_link(), Dialect::ix(), Login::default(), settings(), Box::new(NoTap)).unwrap();
    assert_eq!(session.host(), "Router");
    session.enter_config(Take::Ask).unwrap();
    assert!(session.generate_host_key().unwrap().iter().any(|line| line.starts_with("Generating RSA private key")));
    assert!(ixdeploy::ix::display::has_host_key(&session.show("show flash").unwrap()));
    session.close().unwrap();
}

#[test]
fn host_keys_are_pinned_recorded_and_never_silently_changed() {
    let bench = bench(TransportSpec::Ssh, |_| {});
    let mut target = bench.ssh_target();
    let pinned = ssh::open(&target, &bench.hosts(FirstUse::Refuse)).unwrap();
    assert_eq!(pinned.host_key().trust, Trust::Pinned);
    assert_eq!(pinned.negotiated().host_key, "ssh-rsa");
    drop(pinned);
    target.router.fingerprint = None;
    let refused = ssh::open(&target, &bench.hosts(FirstUse::Refuse)).map(|_| ()).unwrap_err();
    assert_eq!(refused.code(), "ssh.host-key-unknown");
    assert!(refused.text().en.contains(&bench.mock.fingerprint("r1").unwrap()));
    assert_eq!(ssh::open(&target, &bench.hosts(FirstUse::Record)).unwrap().host_key().trust, Trust::Recorded);
    assert_eq!(ssh::open(&target, &bench.hosts(FirstUse::Refuse)).unwrap().host_key().trust, Trust::Known);
    let recorded = bench.mock.fingerprint("r1").unwrap();
    bench.mock.inject("r1", Fault::HostKeyChanged).unwrap();
    let changed = ssh::open(&target, &bench.hosts(FirstUse::Record)).map(|_| ()).unwrap_err();
    let shown = bench.mock.fingerprint("r1").unwrap();
    assert_eq!(changed.code(), "ssh.host-key-changed");
    let text = changed.text();
    assert!(recorded != shown && text.en.contains(&recorded) && text.ja.contains(&shown), "{text}");
    assert!(!bench.mock.events("r1").iter().any(|event| matches!(&event.what, What::Login { accepted: false, .. })));
}

#[test]
fn a_key_file_that_cannot_be_used_is_named() {
    let bench = bench(TransportSpec::Ssh, |_| ());
    let mut target = bench.ssh_target();
    let (folder, text) = (bench.folder.path().join("a folder"), bench.folder.path().join("no key"));
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(&text, "this is no key\n").unwrap();
    for path in [bench.folder.path().join("nowhere"), folder, text] {
        let shown = path.display().to_string();
        target.router.credentials =
            Credentials { key: Some(KeyFile { path, passphrase: None }), ..Credentials::default() };
        let error = ssh::open(&target, &bench.hosts(FirstUse::Refuse)).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "ssh.key-file", "{error}");
        assert!(error.text().en.contains(&shown) && error.text().ja.contains(&shown), "{error}");
        // What else proves the user is tried all the same.
        target.router.credentials.password = password("mock-password").password;
        ssh::open(&target, &bench.hosts(FirstUse::Refuse)).unwrap();
    }
}

#[test]
fn a_wrong_password_is_tried_once_over_ssh_and_on_a_console() {
    let ssh_bench = bench(TransportSpec::Ssh, |_| {});
    let mut target = ssh_bench.ssh_target();
    target.router.credentials = password("wrong");
    let refused = ssh::open(&target, &ssh_bench.hosts(FirstUse::Refuse)).map(|_| ()).unwrap_err();
    assert_eq!(refused.code(), "ssh.authentication", "{refused}");
    let failures = |bench: &Bench| {
        // A Return that wakes a console is a login without a name.
        let failed = |event: &mock_device::Event| matches!(&event.what, What::Login { user, accepted: false } if user == "admin");
        bench.mock.events("r1").iter().filter(|event| failed(event)).count()
    };
    assert_eq!(failures(&ssh_bench), 1);
    let console = bench(TransportSpec::Serial { baud: None }, |_| {});
    let login = Login { password: Some(Arc::new(Secret::new("wrong".into()))), ..admin() };
    let error = Session::open(console.serial_link(), Dialect::ix(), login, settings(), Box::new(NoTap)).err().unwrap();
    assert!(matches!(error, SessionError::WrongPassword { .. }), "{error:?}");
    assert_eq!(failures(&console), 1);
}

#[test]
fn old_algorithms_need_permission_in_the_inventory() {
    let bench = bench(TransportSpec::Ssh, |spec| spec.readings.algorithms = mock_device::scenario::Algorithms::Old);
    let mut target = bench.ssh_target();
    let refused = ssh::open(&target, &bench.hosts(FirstUse::Refuse)).map(|_| ()).unwrap_err();
    assert_eq!(refused.code(), "ssh.algorithms", "{refused}");
    target.router.legacy = true;
    let link = ssh::open(&target, &bench.hosts(FirstUse::Refuse)).unwrap();
    assert!(!link.negotiated().legacy_names().is_empty(), "{:?}", link.negotiated());
    session(Box::new(link)).unwrap().close().unwrap();
}

#[test]
fn a_busy_port_names_its_remedy() {
    let bench = bench(TransportSpec::Serial { baud: None }, |_| {});
    let first = bench.serial_link();
    let path = bench.mock.endpoints()[0].path.clone().unwrap();
    let target = SerialTarget { port: PortChoice::Name(path.display().to_string()), speed: 9600 };
    assert_eq!(serial::open(&target).map(|_| ()).unwrap_err().code(), "serial.busy");
    drop(first);
    serial::open(&target).unwrap();
    let missing = SerialTarget { port: PortChoice::Name("/dev/no-such-port".into()), speed: 9600 };
    assert_eq!(serial::open(&missing).map(|_| ()).unwrap_err().code(), "serial.not-found");
}

#[test]
fn an_eviction_in_the_middle_of_a_push_stops_it() {
    for transport in [TransportSpec::Ssh, TransportSpec::Serial { baud: Some(115_200) }] {
        let bench = bench(transport, |_| {});
        let mut session = if transport == TransportSpec::Ssh { bench.ssh() } else { bench.serial() }.unwrap();
        session.enter_config(Take::Ask).unwrap();
        bench.mock.inject("r1", Fault::LockTaken { when: When::config_line(2), kept: true }).unwrap();
        session.run(&line(1, "ip dhcp enable"), ExpectedMode::Global).unwrap();
        let second = session.run(&line(2, "ntp ip enable"), ExpectedMode::Global);
        let third =
            if second.is_ok() { session.run(&line(3, "proxy-dns ip enable"), ExpectedMode::Global) } else { second };
        let error = third.unwrap_err();
        assert!(matches!(error, SessionError::Evicted { .. }), "{error:?}");
        assert!(!bench.lines().iter().any(|line| line == "proxy-dns ip enable" && session.mode() == &Mode::Global));
        let occupied = session.enter_config(Take::Ask).unwrap_err();
        assert!(matches!(occupied, SessionError::Occupied { .. }), "{error:?} {occupied:?}");
        session.close().unwrap();
    }
}

#[test]
fn lost_and_doubled_characters_are_repaired_on_a_console() {
    let bench = bench(TransportSpec::Serial { baud: Some(115_200) }, |spec| {
        spec.faults = vec![Fault::CharacterLoss { one_in: 300 }, Fault::CharacterDoubled { one_in: 400 }];
    });
    let mut session = bench.serial().unwrap();
    session.enter_config(Take::Ask).unwrap();
    for number in 1..=30 {
        let text = format!("ip route 10.{number}.0.0/16 192.0.2.254");
        session.run(&line(number, &text), ExpectedMode::Global).unwrap();
    }
    let running = bench.mock.running_config("r1").unwrap();
    for number in 1..=30 {
        assert!(running.contains(&format!("ip route 10.{number}.0.0/16 192.0.2.254\n")), "{running}");
    }
    assert_eq!(running.matches("ip route ").count(), 30, "nothing damaged was executed");
    session.close().unwrap();
}

#[test]
fn log_lines_in_an_answer_are_told_apart() {
    let bench = bench(TransportSpec::Serial { baud: Some(115_200) }, |_| {});
    let mut session = bench.serial().unwrap();
    session.enter_config(Take::Ask).unwrap();
    let log = "2026/01/02 03:04:05 LINK.002: GigaEthernet0 is up";
    let fault = Fault::LogLine { when: When::matching("ntp ip"), text: log.into(), after_output_lines: 0, times: 1 };
    bench.mock.inject("r1", fault).unwrap();
    session.run(&line(1, "ntp ip enable"), ExpectedMode::Global).unwrap();
    session.run(&line(2, "ip dhcp enable"), ExpectedMode::Global).unwrap();
    session.close().unwrap();
}

#[test]
fn a_dropped_and_a_frozen_link_are_told_apart() {
    let bench = bench(TransportSpec::Ssh, |_| {});
    let mut session = bench.ssh().unwrap();
    session.enter_config(Take::Ask).unwrap();
    bench.mock.inject("r1", Fault::drop_link(When::config_line(1))).unwrap();
    let error = session.run(&line(1, "ip dhcp enable"), ExpectedMode::Global).unwrap_err();
    assert!(
        matches!(error, SessionError::Closed { .. } | SessionError::Link(TransportError::Lost { .. })),
        "{error:?}"
    );
    session.close().unwrap();
    let mut session = bench.ssh().unwrap();
    session.enter_config(Take::Ask).unwrap();
    bench.mock.inject("r1", Fault::Freeze { when: When::config_line(1) }).unwrap();
    let error = session.run(&line(1, "ntp ip enable"), ExpectedMode::Global).unwrap_err();
    assert!(matches!(error, SessionError::Timeout { .. }), "{error:?}");
}

#[test]
fn a_console_cable_that_is_pulled_is_said() {
    let bench = bench(TransportSpec::Serial { baud: None }, |_| {});
    let mut session = bench.serial().unwrap();
    let Bench { mock, folder } = bench;
    drop(mock);
    let error = session.show("show clock").unwrap_err();
    assert!(["serial.unplugged", "session.echo"].contains(&error.code()), "{error:?}");
    drop(folder);
}

#[test]
fn a_console_is_found_inside_a_submode_and_left_logged_out() {
    let bench = bench(TransportSpec::Serial { baud: Some(115_200) }, |_| {});
    let mut first = bench.serial().unwrap();
    first.enter_config(Take::Ask).unwrap();
    first.run(&line(1, "interface GigaEthernet0.0"), sub("config-GigaEthernet0.0")).unwrap();
    // The cable is taken away without a goodbye, as a colleague would.
    drop(first);
    let second = bench.serial().unwrap();
    assert_eq!(second.mode(), &Mode::Operation);
    second.close().unwrap();
    assert_eq!(bench.lines().last().map(String::as_str), Some("exit"));
}

/// What someone typed at a console and walked away from, once it says this.
fn leave_behind(bench: &Bench, typed: &str, awaited: &str) {
    let mut link = bench.serial_link();
    let until = Instant::now() + Duration::from_secs(20);
    link.write(typed.as_bytes(), until).unwrap();
    let (mut seen, mut buffer) = (String::new(), [0; 1024]);
    while !seen.ends_with(awaited) {
        match link.read(&mut buffer, until).unwrap() {
            Received::Bytes(count) => seen.push_str(&String::from_utf8_lossy(&buffer[..count])),
            other => panic!("{typed:?}: {other:?} after {seen:?}"),
        }
    }
}

#[test]
fn text_left_on_a_console_is_not_executed() {
    for (typed, awaited) in [
        ("\rerase startup-config", "# erase startup-config"),
        ("\renable-config\rinterface GigaEthernet0.0\rno shut", "# no shut"),
        ("\renable-config\rshow running-config\r", "--More--"),
        ("\renable-config\rreload\r", "(Yes or [No]): "),
        ("\renable-config\rreload\rye", "ye"),
    ] {
        let bench = bench(TransportSpec::Serial { baud: None }, |spec| spec.start = Start::FactoryDefault);
        leave_behind(&bench, typed, awaited);
        let before = bench.lines();
        let session =
            Session::open(bench.serial_link(), Dialect::ix(), Login::default(), settings(), Box::new(NoTap)).unwrap();
        assert_eq!(session.mode(), &Mode::Operation, "{typed:?}");
        session.close().unwrap();
        let harm = |event: &mock_device::Event| {
            matches!(&event.what, What::Restarted { .. } | What::Erased)
                || matches!(&event.what, What::Line { line, .. } if line.contains("shut") || line.starts_with("ye"))
        };
        assert!(!bench.mock.events("r1").iter().any(harm), "{typed:?}: {:?}", bench.lines());
        let ours: Vec<String> = bench.lines().split_off(before.len());
        assert!(ours.iter().all(|line| line == "exit" || line.is_empty()), "{typed:?}: {ours:?}");
    }
}

#[test]
fn a_half_entered_login_is_restarted() {
    for (typed, awaited) in [("\radm", "login: adm"), ("\rsomebody\r", "Password: ")] {
        let bench = bench(TransportSpec::Serial { baud: None }, |_| {});
        leave_behind(&bench, typed, awaited);
        let session = bench.serial().unwrap();
        assert_eq!((session.mode(), session.host()), (&Mode::Operation, "r1"), "{typed:?}");
        session.close().unwrap();
        let wrong = |event: &mock_device::Event| matches!(&event.what, What::Login { user, accepted: false } if user == "admin");
        assert!(!bench.mock.events("r1").iter().any(wrong), "{typed:?}: the password went to its own user only");
    }
}

/// A way to a port on which everything that the client sends is told.
fn told(host: String, port: u16) -> (u16, std::sync::mpsc::Receiver<usize>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let own = listener.local_addr().unwrap().port();
    let (tell, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let (client, _) = listener.accept().unwrap();
        let server = std::net::TcpStream::connect((host, port)).unwrap();
        let (mut down, mut back) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut back, &mut down));
        let (mut client, mut server, mut buffer) = (client, server, [0; 4096]);
        while let Ok(count @ 1..) = std::io::Read::read(&mut client, &mut buffer) {
            let written = std::io::Write::write_all(&mut server, &buffer[..count]);
            if written.is_err() || tell.send(count).is_err() {
                return;
            }
        }
    });
    (own, heard)
}

#[test]
fn a_silent_connection_shows_that_it_is_alive() {
    let bench = bench(TransportSpec::Ssh, |_| {});
    let mut target = bench.ssh_target();
    let (port, sent) = told(target.router.host.clone(), target.router.port);
    target.router.port = port;
    target.keepalive = Duration::from_secs(1);
    let mut link = ssh::open(&target, &bench.hosts(FirstUse::Refuse)).unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    let mut buffer = [0; 1024];
    // Everything up to the first prompt, and then silence.
    let mut seen = String::new();
    while !seen.ends_with("r1# ") {
        let Received::Bytes(count) = link.read(&mut buffer, until).unwrap() else { panic!("{seen}") };
        seen.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    while sent.try_recv().is_ok() {}
    while sent.try_recv().is_err() {
        assert!(Instant::now() < until, "nothing was sent in a minute of silence");
        let pause = Instant::now() + Duration::from_millis(200);
        assert!(matches!(link.read(&mut buffer, pause).unwrap(), Received::Deadline), "the router has nothing to say");
    }
}

#[test]
fn a_reload_over_a_console_is_waited_for() {
    let bench = bench(TransportSpec::Serial { baud: Some(115_200) }, |spec| spec.readings.boot_millis = 300);
    let mut session = bench.serial().unwrap();
    session.enter_config(Take::Ask).unwrap();
    session.run(&line(1, "ip dhcp enable"), ExpectedMode::Global).unwrap();
    let reply = session.reload().unwrap();
    assert!(reply.not_saved);
    let mut again =
        Session::open(reply.transport.unwrap(), Dialect::ix(), admin(), settings(), Box::new(NoTap)).unwrap();
    again.enter_config(Take::Ask).unwrap();
    assert!(!again.show("show running-config").unwrap().contains("\nip dhcp enable\n"));
    again.close().unwrap();
}

#[test]
fn a_slow_save_is_waited_for_without_typing() {
    let bench = bench(TransportSpec::Ssh, |spec| spec.readings.save_millis = 400);
    let mut session = bench.ssh().unwrap();
    session.enter_config(Take::Ask).unwrap();
    let started = Instant::now();
    session.save().unwrap();
    assert!(started.elapsed() >= Duration::from_millis(400));
    session.close().unwrap();
}

#[test]
fn pages_are_turned_when_the_pager_stays_on() {
    for erase in [mock_device::scenario::PagerErase::Return, mock_device::scenario::PagerErase::Backspace] {
        let bench = bench(TransportSpec::Ssh, |spec| {
            spec.readings = Readings { pager_erase: erase, ..Readings::default() };
            spec.faults = vec![Fault::Refuse { when: When::matching("^terminal"), text: None, times: 0 }];
        });
        let mut session = bench.ssh().unwrap();
        session.enter_config(Take::Ask).unwrap();
        let paged = session.show("show running-config").unwrap();
        assert!(paged.lines().count() > 50 && !paged.contains("--More--"), "{paged}");
        let body: String = paged.lines().filter(|line| !line.starts_with('!')).collect::<Vec<_>>().join("\n");
        let expected = bench.mock.running_config("r1").unwrap();
        let expected: String = expected.lines().filter(|line| !line.starts_with('!')).collect::<Vec<_>>().join("\n");
        assert_eq!(body, expected);
        session.close().unwrap();
    }
}

#[test]
fn windows_are_opened_by_proof_and_tell_the_truth_line_by_line() {
    for type_ahead in [4096, 8] {
        let bench = bench(TransportSpec::Ssh, |spec| spec.readings.type_ahead = type_ahead);
        let mut session = bench.ssh().unwrap();
        session.enter_config(Take::Ask).unwrap();
        let proven = session.prove_type_ahead(16, 80).unwrap();
        assert!(proven || type_ahead == 8);
        let route = |number: usize, text: &str| ExpectedLine { line: line(number, text), expect: ExpectedMode::Global };
        let mut lines: Vec<_> = (1..=12).map(|n| route(n, &format!("ip route 10.{n}.0.0/16 192.0.2.254"))).collect();
        lines[5] = route(6, "ip nonsense 1");
        let results = session.run_window(&lines);
        let refused = results.iter().position(Result::is_err).unwrap();
        assert!(
            matches!(&results[refused], Err(SessionError::Refused { line, .. }) if line.number == Some(6)),
            "{results:?}"
        );
        let running = bench.mock.running_config("r1").unwrap();
        let expected = if proven { 11 } else { 5 };
        assert_eq!(running.matches("\nip route ").count(), expected, "proven: {proven}");
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), expected);
        let rename = [route(1, "hostname clinic-2"), route(2, "ntp ip enable")];
        assert!(session.run_window(&rename).iter().all(Result::is_ok));
        assert_eq!(session.host(), "clinic-2");
        session.close().unwrap();
    }
}

#[test]
fn an_eviction_inside_a_window_is_seen() {
    let bench = bench(TransportSpec::Ssh, |_| {});
    let mut session = bench.ssh().unwrap();
    session.enter_config(Take::Ask).unwrap();
    assert!(session.prove_type_ahead(8, 80).unwrap());
    bench.mock.inject("r1", Fault::LockTaken { when: When::config_line(3), kept: true }).unwrap();
    let route = |n: usize| ExpectedLine {
        line: line(n, &format!("ip route 10.{n}.0.0/16 192.0.2.254")),
        expect: ExpectedMode::Global,
    };
    let lines: Vec<_> = (1..=8).map(route).collect();
    let mut results = session.run_window(&lines);
    // The news may come behind the last answer: the next line then stops before it is typed.
    results.push(session.run(&line(9, "ntp ip enable"), ExpectedMode::Global));
    assert!(results.iter().any(|result| matches!(result, Err(SessionError::Evicted { .. }))), "{results:?}");
    assert!(!bench.mock.running_config("r1").unwrap().contains("ntp ip enable"));
    session.close().unwrap();
}

#[test]
fn a_console_cable_that_is_pulled_at_a_line_is_said_at_once() {
    let bench = bench(TransportSpec::Serial { baud: None }, |_| {});
    let mut session = bench.serial().unwrap();
    session.enter_config(Take::Ask).unwrap();
    bench.mock.inject("r1", Fault::drop_link(When::matching("ntp ip"))).unwrap();
    let error = session.run(&line(1, "ntp ip enable"), ExpectedMode::Global).unwrap_err();
    assert_eq!(error.code(), "serial.unplugged", "{error:?}");
    // Plugged in again, under the same name.
    bench.serial().unwrap().close().unwrap();
}

/// What a session shows alone and together.
fn shown(session: &mut Session, commands: &[&str]) -> (Vec<String>, Vec<String>) {
    let alone: Vec<String> = commands.iter().map(|command| session.show(command).unwrap()).collect();
    assert!(session.prove_type_ahead(8, 40).unwrap());
    let together = session.show_all(commands).into_iter().map(Result::unwrap).collect();
    (alone, together)
}

#[test]
fn texts_read_together_put_no_bound_on_what_follows_them() {
    let bench = bench(TransportSpec::Ssh, |spec| {
        spec.faults = vec![Fault::Slow { when: When::matching("ntp ip"), millis: 1500, times: 1 }];
    });
    let link = ssh::open(&bench.ssh_target(), &bench.hosts(FirstUse::Refuse)).unwrap();
    let second = Duration::from_secs(1);
    let deadlines = Deadlines { wake: second, login_total: second, ..settings().deadlines };
    let settings = Settings { deadlines, ..settings() };
    let mut session = Session::open(Box::new(link), Dialect::ix(), admin(), settings, Box::new(NoTap)).unwrap();
    session.enter_config(Take::Ask).unwrap();
    shown(&mut session, &["show running-config", "show version"]);
    session.run(&line(1, "ntp ip enable"), ExpectedMode::Global).unwrap();
    session.close().unwrap();
}

#[test]
fn texts_read_together_equal_texts_read_alone() {
    // The clock in the header of a configuration may go on in between.
    let timeless = |texts: Vec<String>| -> Vec<Vec<String>> {
        let lines =
            |text: String| text.lines().filter(|line| !line.contains("Current time")).map(str::to_owned).collect();
        texts.into_iter().map(lines).collect()
    };
    let bench = bench(TransportSpec::Ssh, |_| {});
    let mut session = bench.ssh().unwrap();
    session.enter_config(Take::Ask).unwrap();
    // A text that holds what the end of an answer looks like.
    session.run(&line(1, "interface GigaEthernet1.0"), sub("config-GigaEthernet1.0")).unwrap();
    session.run(&line(2, "description r1(config)# show startup-config"), sub("config-GigaEthernet1.0")).unwrap();
    session.run(&SendLine::own("configure"), ExpectedMode::Global).unwrap();
    let commands = ["show running-config", "show startup-config", "show version"];
    let (alone, together) = shown(&mut session, &commands);
    assert!(alone[0].contains("description r1(config)# show startup-config"));
    assert_eq!(timeless(alone), timeless(together));
    let one = session.show("show running-config").unwrap();
    assert!(one.contains("interface GigaEthernet0.0") && !one.contains("! end"), "{one}");
    let refused = session.show_all(&["show nonsense", "show running-config"]);
    assert!(matches!(refused[0], Err(SessionError::Refused { .. })), "{refused:?}");
    assert!(refused[1].is_ok() && refused.len() == 2, "{refused:?}");
    session.close().unwrap();
}

#[test]
fn log_lines_between_texts_read_together_are_not_their_end() {
    let bench = bench(TransportSpec::Ssh, |_| {});
    let mut session = bench.ssh().unwrap();
    session.enter_config(Take::Ask).unwrap();
    assert!(session.prove_type_ahead(8, 40).unwrap());
    let text = "ETH.019: Interface GigaEthernet0.0 down.".to_owned();
    let when = When::matching("show running");
    bench.mock.inject("r1", Fault::LogLine { when, text, after_output_lines: 10, times: 0 }).unwrap();
    let results = session.show_all(&["show running-config", "show startup-config"]);
    let running = results[0].as_ref().unwrap();
    assert!(running.contains("ETH.019") && running.contains("interface Null0.0"), "{running}");
    assert!(results[1].as_ref().unwrap().contains("interface Null0.0"));
    session.close().unwrap();
}

#[test]
fn an_eviction_while_texts_are_read_together_is_seen() {
    let bench = bench(TransportSpec::Ssh, |_| {});
    let mut session = bench.ssh().unwrap();
    session.enter_config(Take::Ask).unwrap();
    assert!(session.prove_type_ahead(8, 40).unwrap());
    bench.mock.inject("r1", Fault::LockTaken { when: When::matching("show running"), kept: true }).unwrap();
    let mut results = session.show_all(&["show running-config", "show startup-config", "show version"]);
    // As above, the news may come behind the last answer.
    results.push(session.show("show running-config"));
    assert!(results.iter().any(|result| matches!(result, Err(SessionError::Evicted { .. }))), "{results:?}");
    session.close().unwrap();
}
