//! The binary as another program would use it: ready file, endpoints, clean end.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_mock-ix")).args(arguments).stderr(Stdio::piped()).spawn().unwrap()
}

/// The ready file appears by a rename, which nothing on every system announces: look again until a deadline.
fn await_file(path: &Path) -> String {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Ok(text) = std::fs::read_to_string(path) {
            return text;
        }
        assert!(Instant::now() < deadline, "{} never appeared", path.display());
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

#[test]
fn it_announces_its_endpoints_and_ends_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("scenario.yaml");
    std::fs::write(&scenario, include_str!("../scenarios/example.yaml")).unwrap();
    let (state, ready) = (folder.path().join("state"), folder.path().join("ready.json"));
    let mut child = start(&[
        "--ssh=2",
        "--serial=1",
        "--telnet=1",
        "--scenario",
        scenario.to_str().unwrap(),
        "--state-dir",
        state.to_str().unwrap(),
        "--ready-file",
        ready.to_str().unwrap(),
    ]);
    let endpoints: Vec<mock_device::Endpoint> = serde_json::from_str(&await_file(&ready)).unwrap();
    assert_eq!(endpoints.len(), 9);
    let ports: BTreeSet<u16> = endpoints.iter().filter_map(|endpoint| endpoint.port).collect();
    assert_eq!(ports.len(), 6, "every port is its own");
    for endpoint in &endpoints {
        match endpoint.transport.as_str() {
            "serial" => assert!(endpoint.path.as_ref().unwrap().exists()),
            _ => assert!(std::net::TcpStream::connect(("127.0.0.1", endpoint.port.unwrap())).is_ok()),
        }
        assert!(state.join(&endpoint.id).join("running.cfg").exists());
    }
    let prepared = endpoints.iter().find(|endpoint| endpoint.id == "ssh-1").unwrap();
    assert_eq!(prepared.hostname, "ix-ssh-1");
    assert!(prepared.fingerprint.as_ref().unwrap().starts_with("SHA256:"));
    let factory = endpoints.iter().find(|endpoint| endpoint.id == "serial-1").unwrap();
    assert_eq!((factory.username.as_deref(), factory.hostname.as_str()), (None, "Router"));
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn an_unreadable_scenario_ends_the_mock_with_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("scenario.yaml");
    std::fs::write(&scenario, "routers: [{ id: a, start: { config: \"hostname\" } }]\n").unwrap();
    let child =
        start(&["--scenario", scenario.to_str().unwrap(), "--state-dir", folder.path().join("s").to_str().unwrap()]);
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("router a: line 1 of its start configuration is refused"), "{text}");
}
