//! Recorded sessions: masked, readable by a player, and good enough to hold the session again.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ixdeploy::dialect::Dialect;
use ixdeploy::secret::Secret;
use ixdeploy::session::{ExpectedMode, Login, NoTap, Recorder, Recording, SendLine, Session, Settings, Take};
use ixdeploy::transport::serial::{self, PortChoice, SerialTarget};
use ixdeploy::transport::telnet::{self, Service, TelnetTarget};
use ixdeploy::transport::{LinkKind, Transport};
use mock_device::{Mock, RouterSpec, Scenario, TransportSpec};

/// A file in memory.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<u8>>>);

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Tape {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

const CANARY: &str = "Canary-7f3a";
/// Long enough that its echo folds inside the secret on a terminal of 80 columns.
const LONG: &str =
    "username clinic-engineer password plain 1 Canary-7f3a-Canary-7f3a-Canary-7f3a-Canary-7f3a administrator";

fn bench(transport: TransportSpec) -> (Mock, tempfile::TempDir) {
    let mut spec = RouterSpec::new("r1");
    spec.transports = vec![transport];
    spec.password = format!("{CANARY}-login");
    let folder = tempfile::tempdir().unwrap();
    let mock = Mock::start(Scenario { routers: vec![spec], ..Scenario::default() }, folder.path()).unwrap();
    (mock, folder)
}

fn link(mock: &Mock) -> Box<dyn Transport> {
    let endpoint = &mock.endpoints()[0];
    match &endpoint.path {
        Some(path) => {
            let target = SerialTarget { port: PortChoice::Name(path.display().to_string()), speed: 9600 };
            Box::new(serial::open(&target).unwrap())
        }
        None => {
            let (host, port) = (endpoint.host.clone().unwrap(), endpoint.port.unwrap());
            let target = TelnetTarget { host, port, service: Service::Router, connect: Duration::from_secs(5) };
            Box::new(telnet::open(&target).unwrap())
        }
    }
}

/// The conversation that is recorded and held again; `line` is the secret line, as it was or masked.
fn converse(session: &mut Session, secret_line: &str) -> String {
    session.enter_config(Take::Ask).unwrap();
    session.run(&SendLine::new(1, secret_line, true), ExpectedMode::Global).unwrap();
    // No one marked this one, and it is refused: the router quotes it.
    let _ = session.run(&SendLine::new(2, "interface GigaEthernet0.0", false), ExpectedMode::Sub(None)).unwrap();
    session.run(&SendLine::own("configure"), ExpectedMode::Global).unwrap();
    session.show("show running-config").unwrap()
}

#[test]
fn no_secret_reaches_a_recording_and_the_rest_can_be_replayed() {
    for transport in [TransportSpec::Telnet, TransportSpec::Serial { baud: None }] {
        let (mock, _folder) = bench(transport);
        let tape = Tape::default();
        let recorder = Recorder::new(tape.clone(), Dialect::ix(), 1_800_000_000, "r1").unwrap();
        let login = |password: &str| Login {
            user: Some("admin".into()),
            password: Some(Arc::new(Secret::new(password.to_owned()))),
        };
        let settings = Settings::default;
        let mut session = Session::open(
            link(&mock),
            Dialect::ix(),
            login(&format!("{CANARY}-login")),
            settings(),
            Box::new(recorder),
        )
        .unwrap();
        let text = converse(&mut session, LONG);
        drop(session);
        let tape = tape.text();
        assert!(!tape.contains("Canary") && !tape.contains("7f3a"), "{tape}");
        let hash = text.lines().find(|line| line.starts_with("username admin")).and_then(|line| line.split(' ').nth(4));
        assert!(hash.is_some_and(|hash| hash.len() > 8 && !tape.contains(hash)), "{text}");
        assert!(tape.contains("********") && tape.contains("interface GigaEthernet0.0"));

        let recording = Recording::parse(&tape).unwrap();
        let printed: String = recording.events.iter().filter(|one| one.from_router).map(|one| &*one.text).collect();
        let asked = printed.lines().find(|row| row.contains("Password:")).expect("it asked for the password");
        assert_eq!(asked.trim(), "Password:", "the question stands there once");
        assert!(recording.events.windows(2).all(|pair| pair[0].at <= pair[1].at));
        if transport == TransportSpec::Telnet {
            // A password is typed blind: on the recording it is nothing but Return.
            let masked = "username clinic-engineer password plain 1 ********";
            let masked = tape
                .lines()
                .find_map(|line| {
                    line.split_once(masked)
                        .map(|(_, rest)| format!("{masked}{}", rest.split(['\\', '"']).next().unwrap()))
                })
                .unwrap();
            for chunk in [1, 7, 4096] {
                let script = recording.script(LinkKind::Telnet, chunk);
                let mut again =
                    Session::open(Box::new(script), Dialect::ix(), login(""), settings(), Box::new(NoTap)).unwrap();
                let replayed = converse(&mut again, &masked);
                assert_eq!(replayed, ixdeploy::ix::mask::mask_text(&text));
            }
        }
    }
}

#[test]
fn a_recording_is_what_asciinema_calls_version_2() {
    let (mock, _folder) = bench(TransportSpec::Telnet);
    let tape = Tape::default();
    let recorder = Recorder::new(tape.clone(), Dialect::ix(), 1_800_000_000, "r1").unwrap();
    let password = Some(Arc::new(Secret::new(format!("{CANARY}-login"))));
    let login = Login { user: Some("admin".into()), password };
    let mut session =
        Session::open(link(&mock), Dialect::ix(), login, Settings::default(), Box::new(recorder)).unwrap();
    converse(&mut session, LONG);
    session.close().unwrap();
    let text = tape.text();
    let mut lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    // The header: a version and the size of the terminal must be there, in whole numbers; times are seconds since 1970.
    let header = lines.next().unwrap();
    assert_eq!(header["version"], 2);
    for size in ["width", "height"] {
        assert!(header[size].as_u64().is_some_and(|size| size > 0), "{header}");
    }
    assert_eq!(header["timestamp"], 1_800_000_000_u64);
    assert!(header["title"].is_string() && header["env"].is_object());
    // Every event: seconds since the beginning that never go back, a code, text.
    let mut before = 0.0;
    for event in lines {
        let [at, code, data] = event.as_array().unwrap().as_slice() else { panic!("{event}") };
        let at = at.as_f64().unwrap();
        assert!(at >= before, "{event} comes before {before}");
        assert!(matches!(code.as_str(), Some("o" | "i")) && data.is_string(), "{event}");
        before = at;
    }
}
