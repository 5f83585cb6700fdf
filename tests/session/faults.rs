//! Every fault of a mock router, and what the session says about it; the router's own record shows that nothing else was
//! typed.

use std::sync::Arc;
use std::time::Duration;

use ixdeploy::dialect::Dialect;
use ixdeploy::message::Explain;
use ixdeploy::secret::Secret;
use ixdeploy::session::{Deadlines, ExpectedMode, Login, NoTap, SendLine, Session, SessionError, Settings, Take};
use ixdeploy::transport::ssh::{self, Credentials, Endpoint, FirstUse, KnownHosts, SshTarget};
use mock_device::{Fault, Mock, RouterSpec, SaveFault, Scenario, What, When};

struct Bench {
    mock: Mock,
    folder: tempfile::TempDir,
}

fn bench(adjust: impl FnOnce(&mut RouterSpec)) -> Bench {
    let mut spec = RouterSpec::new("r1");
    adjust(&mut spec);
    let folder = tempfile::tempdir().unwrap();
    let mock = Mock::start(Scenario { routers: vec![spec], ..Scenario::default() }, folder.path()).unwrap();
    Bench { mock, folder }
}

impl Bench {
    fn open(&self) -> Result<Session, SessionError> {
        let endpoint = &self.mock.endpoints()[0];
        let password = Arc::new(Secret::new("mock-password".into()));
        let target = SshTarget {
            router: Endpoint {
                host: endpoint.host.clone().unwrap(),
                port: endpoint.port.unwrap(),
                user: "admin".into(),
                credentials: Credentials { password: Some(password), ..Credentials::default() },
                fingerprint: self.mock.fingerprint("r1"),
                legacy: false,
            },
            jump: Vec::new(),
            connect: Duration::from_secs(20),
            keepalive: Duration::from_secs(30),
        };
        let link = ssh::open(&target, &KnownHosts::new(self.folder.path().join("hosts"), FirstUse::Refuse))?;
        let second = Duration::from_secs(1);
        let deadlines = Deadlines { line: second, save: second, show: second, ..Deadlines::default() };
        Session::open(
            Box::new(link),
            Dialect::ix(),
            Login::default(),
            Settings { deadlines, ..Settings::default() },
            Box::new(NoTap),
        )
    }

    fn config(&self) -> Session {
        let mut session = self.open().unwrap();
        session.enter_config(Take::Ask).unwrap();
        session
    }

    fn lines(&self) -> Vec<String> {
        let line = |event: mock_device::Event| match event.what {
            What::Line { line, .. } => Some(line),
            _ => None,
        };
        self.mock.events("r1").into_iter().filter_map(line).collect()
    }
}

fn run(session: &mut Session, text: &str) -> Result<(), SessionError> {
    session.run(&SendLine::new(1, text, false), ExpectedMode::Config).map(|_| ())
}

#[test]
fn faults_of_a_line_have_their_own_codes() {
    let at = || When::matching("ntp ip");
    let cases: [(Fault, &[&str]); 6] = [
        (Fault::refuse(at()), &["session.refused"]),
        (Fault::drop_link(at()), &["session.closed", "link.lost"]),
        (Fault::Drop { when: at(), executed: false, times: 1 }, &["session.closed", "link.lost"]),
        (Fault::Freeze { when: at() }, &["session.timeout"]),
        (Fault::Slow { when: at(), millis: 3000, times: 1 }, &["session.timeout"]),
        (Fault::Reboot { when: at() }, &["session.closed", "link.lost", ""]),
    ];
    for (fault, codes) in cases {
        let bench = bench(|_| {});
        let mut session = bench.config();
        bench.mock.inject("r1", fault.clone()).unwrap();
        let first = run(&mut session, "ntp ip enable");
        let error = first.and_then(|()| run(&mut session, "ip dhcp enable")).unwrap_err();
        assert!(codes.contains(&error.code()), "{fault:?}: {error:?}");
        assert_eq!(error.is_usable(), error.code() == "session.refused", "{error:?}");
        assert!(!error.text().en.is_empty() && !error.text().ja.is_empty() && !error.hints().is_empty());
        assert!(!bench.lines().iter().any(|line| line == "ip dhcp enable"), "{fault:?}: {:?}", bench.lines());
    }
}

#[test]
fn faults_of_a_save_are_told_apart_and_nothing_is_typed_after_them() {
    for (how, codes) in [
        (SaveFault::Fails, &["session.refused", "unknown"][..]),
        (SaveFault::CutBefore, &["session.closed", "link.lost"]),
        (SaveFault::CutAfter, &["session.closed", "link.lost"]),
    ] {
        let bench = bench(|_| {});
        let mut session = bench.config();
        bench.mock.inject("r1", Fault::Save { how: how.clone(), times: 1 }).unwrap();
        let code = match session.save() {
            Ok(reply) if reply.output.iter().any(|line| line.starts_with('%') && !line.contains("CNTL/Z")) => "unknown",
            Ok(reply) => panic!("{how:?}: {reply:?}"),
            Err(error) => error.code(),
        };
        assert!(codes.contains(&code), "{how:?}: {code}");
        let typed = bench.lines().len();
        if code != "session.refused" && code != "unknown" {
            session.close().unwrap();
            assert_eq!(bench.lines().len(), typed, "nothing behind an unknown save");
        }
    }
    let bench = bench(|spec| spec.readings.save_millis = 5000);
    let mut session = bench.config();
    assert_eq!(session.save().unwrap_err().code(), "session.timeout");
    assert_eq!(session.show("show clock").unwrap_err().code(), "session.given-up");
    session.close().unwrap();
    assert_eq!(bench.lines().last().map(String::as_str), Some("write memory"));
}

#[test]
fn locks_and_rights_are_told_apart() {
    let held = bench(|spec| spec.faults = vec![Fault::LockHeld { attempts: None }]);
    let mut session = held.open().unwrap();
    let error = session.enter_config(Take::Ask).unwrap_err();
    assert!(error.code() == "session.occupied" && error.is_usable(), "{error:?}");
    assert!(!held.lines().iter().any(|line| line == "svintr-config"));
    assert!(session.enter_config(Take::Steal).unwrap());
    session.close().unwrap();
    let monitor = bench(|spec| spec.faults = vec![Fault::Monitor]);
    let mut session = monitor.open().unwrap();
    assert_eq!(session.enter_config(Take::Ask).unwrap_err().code(), "session.monitor-right");
    assert!(monitor.lines().is_empty(), "{:?}", monitor.lines());
    session.close().unwrap();
}

#[test]
fn a_refused_login_is_said_once() {
    let bench = bench(|spec| spec.faults = vec![Fault::LoginRefused { times: 0 }]);
    assert_eq!(bench.open().err().unwrap().code(), "ssh.authentication");
    let tried = |event: &mock_device::Event| matches!(event.what, What::Login { .. });
    assert_eq!(bench.mock.events("r1").iter().filter(|event| tried(event)).count(), 1);
}

#[test]
fn a_session_that_was_given_up_comes_back_for_its_undo() {
    let bench = bench(|_| {});
    let mut session = bench.config();
    session.run(&SendLine::new(1, "interface GigaEthernet0.0", false), ExpectedMode::Sub(None)).unwrap();
    bench.mock.inject("r1", Fault::Slow { when: When::matching("no shutdown"), millis: 1500, times: 1 }).unwrap();
    let error = run(&mut session, "no shutdown").unwrap_err();
    assert_eq!(error.code(), "session.timeout");
    assert_eq!(session.show("show clock").unwrap_err().code(), "session.given-up");
    // Its answer comes late, while the prompt is looked for: the lock was never released.
    assert!(session.resync().unwrap().mode.is_config());
    run(&mut session, "shutdown").unwrap();
    session.close().unwrap();
}
