//! What strangers and owners of the file may do with a run in progress.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::endpoint::Endpoint;
use super::{Answer, Ask, ControlError, Controlled, Pace, Progress, Server, ask};
use crate::journal::RunLock;
use crate::record::Order;

const RUN: &str = "20261122-114603-7k3f";

/// A run that keeps what it was asked.
#[derive(Default)]
struct Kept(Mutex<Vec<Ask>>);

impl Controlled for Kept {
    fn answer(&self, ask: &Ask) -> Answer {
        self.0.lock().unwrap().push(ask.clone());
        match ask {
            Ask::Progress => Answer::Progress(Progress { waiting: 3, ..Progress::default() }),
            Ask::Order { order: Order::Pause, .. } => {
                Answer::Progress(Progress { pace: Pace::Paused, ..Progress::default() })
            }
            Ask::Order { order: Order::Continue, .. } => Answer::NotRecorded { cause: "disk full".to_owned() },
            Ask::Order { .. } => Answer::Over,
        }
    }
}

fn order(order: Order) -> Ask {
    Ask::Order { order, by: "sato".to_owned(), machine: "desk".to_owned(), step: None }
}

fn started(dir: &Path) -> (Server, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    (Server::start(dir, RUN, Arc::clone(&kept) as _).unwrap(), kept)
}

fn stranger(dir: &Path) -> TcpStream {
    let port = Endpoint::read(dir, RUN).unwrap().port;
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

/// Everything that a connection is told until it is closed.
fn told(mut stream: TcpStream) -> Vec<u8> {
    let mut told = Vec::new();
    // A connection that is reset was told nothing more.
    let _ = stream.read_to_end(&mut told);
    told
}

#[test]
fn who_holds_the_file_is_answered_and_the_file_goes_with_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let (server, kept) = started(dir.path());
    let progress = ask(dir.path(), RUN, &Ask::Progress).unwrap();
    assert_eq!(progress, Answer::Progress(Progress { waiting: 3, ..Progress::default() }));
    let paused = ask(dir.path(), RUN, &order(Order::Pause)).unwrap();
    assert!(matches!(paused, Answer::Progress(Progress { pace: Pace::Paused, .. })), "{paused:?}");
    let refused = ask(dir.path(), RUN, &order(Order::Continue)).unwrap_err();
    assert!(matches!(refused, ControlError::NotRecorded { .. }), "{refused:?}");
    let over = ask(dir.path(), RUN, &order(Order::Abort)).unwrap_err();
    assert!(matches!(over, ControlError::NotRunning { .. }), "{over:?}");
    assert_eq!(kept.0.lock().unwrap().len(), 4);
    drop(server);
    assert!(std::fs::read_dir(dir.path().join("control")).unwrap().next().is_none(), "nothing is left");
    assert!(matches!(ask(dir.path(), RUN, &Ask::Progress).unwrap_err(), ControlError::NotRunning { .. }));
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let (_server, _) = started(dir.path());
    let mode = |path: &str| std::fs::metadata(dir.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&format!("control/{RUN}.json")), 0o600);
    assert_eq!(mode("control"), 0o700);
}

#[test]
fn a_stranger_without_the_token_is_told_nothing_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (_server, kept) = started(dir.path());
    let token = Endpoint::read(dir.path(), RUN).unwrap().token.expose().to_owned();
    for line in [
        "\n".to_owned(),
        "{}\n".to_owned(),
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        r#"{"version":1,"token":"","ask":"progress"}"#.to_owned() + "\n",
        format!("{{\"version\":1,\"token\":\"{}x\",\"ask\":\"progress\"}}\n", &token[..token.len() - 1]),
        format!("{{\"version\":1,\"token\":\"{}\",\"ask\":\"progress\"}}\n", &token[..token.len() - 1]),
        format!("{{\"version\":1,\"token\":\"{token}\",\"ask\":\"reboot\"}}\n"),
        "x".repeat(64 * 1024),
    ] {
        let mut stream = stranger(dir.path());
        // What is longer than a question is not read to its end.
        let _ = stream.write_all(line.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        assert_eq!(String::from_utf8_lossy(&told(stream)), "", "{line}");
    }
    assert_eq!(*kept.0.lock().unwrap(), [], "nothing was asked");
}

#[test]
fn strangers_who_are_silent_drip_or_flood_keep_no_operator_out() {
    let dir = tempfile::tempdir().unwrap();
    let (_server, _) = started(dir.path());
    let mut crowd: Vec<TcpStream> = (0..200).map(|_| stranger(dir.path())).collect();
    for stream in crowd.iter_mut().step_by(2) {
        // One that was dropped for a newer one takes no more bytes.
        let _ = stream.write_all(b"{\"vers");
    }
    assert!(matches!(ask(dir.path(), RUN, &Ask::Progress).unwrap(), Answer::Progress(_)));
    let dropped = crowd.swap_remove(0);
    assert_eq!(told(dropped), b"", "the oldest had to go");
}

#[test]
fn a_file_that_a_dead_process_left_leads_to_no_run() {
    let dir = tempfile::tempdir().unwrap();
    let (server, _) = started(dir.path());
    let file = dir.path().join(format!("control/{RUN}.json"));
    let left = std::fs::read(&file).unwrap();
    drop(server);
    std::fs::write(&file, left).unwrap();
    let error = ask(dir.path(), RUN, &Ask::Progress).unwrap_err();
    assert!(matches!(error, ControlError::NotRunning { .. }), "{error:?}");
}

#[test]
fn a_port_that_a_dead_process_left_to_a_stranger_leads_to_no_run_and_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let stranger = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let left = Endpoint::new(stranger.local_addr().unwrap().port()).unwrap().write(dir.path(), RUN).unwrap();
    let file = dir.path().join(format!("control/{RUN}.json"));
    let kept = std::fs::read(&file).unwrap();
    drop(left);
    std::fs::write(&file, kept).unwrap();
    let closes = std::thread::spawn(move || (0..2).for_each(|_| drop(stranger.accept().unwrap())));
    // While another process holds the run, someone is there who only does not answer.
    let held = RunLock::take(dir.path(), RUN).unwrap();
    let error = ask(dir.path(), RUN, &Ask::Progress).unwrap_err();
    assert!(matches!(error, ControlError::NoAnswer { .. }), "{error:?}");
    drop(held);
    let error = ask(dir.path(), RUN, &Ask::Progress).unwrap_err();
    assert!(matches!(error, ControlError::NotRunning { .. }), "{error:?}");
    assert!(Endpoint::read(dir.path(), RUN).is_err(), "its file is gone");
    closes.join().unwrap();
}

#[test]
fn a_name_that_is_no_runs_leads_to_no_file() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("control")).unwrap();
    std::fs::write(dir.path().join("secret.json"), r#"{"version":1,"port":1,"token":"x"}"#).unwrap();
    for name in ["../secret", "", "a/b", "run\n", &"x".repeat(65)] {
        let error = ask(dir.path(), name, &Ask::Progress).unwrap_err();
        assert!(matches!(error, ControlError::NotRunning { .. }), "{name:?}: {error:?}");
    }
}
