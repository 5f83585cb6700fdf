//! How a user is proven to a real server: by an agent's key, by the answer to a question.

use std::fs;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use mock_device::{Mock, RouterSpec, Scenario};

use crate::program::program;
use crate::record::proven;
use crate::sshd::{self, Proof, Sshd};

/// An agent of its own, with the key `user` of a folder and another.
struct Agent {
    socket: String,
    pid: String,
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(&self.pid).status();
    }
}

fn agent(folder: &Path) -> Agent {
    let socket = folder.join("agent").display().to_string();
    let output = Command::new("ssh-agent").args(["-s", "-a", &socket]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let pid = said.split("SSH_AGENT_PID=").nth(1).and_then(|rest| rest.split(';').next()).unwrap().to_owned();
    let agent = Agent { socket, pid };
    // Another key comes first: the server must be shown the second one too.
    sshd::key(&folder.join("other"));
    for key in ["other", "user"] {
        let mut add = Command::new("ssh-add");
        add.arg(folder.join(key)).env("SSH_AUTH_SOCK", &agent.socket).stderr(Stdio::null());
        assert!(add.status().unwrap().success());
    }
    agent
}

/// Backs up a router behind a jump host, with the built program; `proof` is what the inventory says about the jump
/// host.
fn back_up(folder: &Path, jump: &Sshd, proof: &str, environment: &[(&str, &str)]) -> (Output, Mock) {
    let mock =
        Mock::start(Scenario { routers: vec![RouterSpec::new("r1")], ..Scenario::default() }, &folder.join("mock"))
            .unwrap();
    let router = &mock.endpoints()[0];
    let inventory = format!(
        "version: 1\ncredentials:\n  admin-password: {{ env: ADMIN }}\n  gate-password: {{ env: GATE }}\nsites:\n  s:\n    routers:\n      \
         r1:\n        model: IX2215\n        connection:\n          ssh:\n            host: 127.0.0.1\n            port: {}\n            \
         user: admin\n            password: admin-password\n            host_key: \"{}\"\n            jump:\n              \
         - {{ host: 127.0.0.1, port: {}, user: {}, {proof}, host_key: \"{}\" }}\n",
        router.port.unwrap(),
        router.fingerprint.as_deref().unwrap(),
        jump.port(),
        sshd::user(),
        jump.fingerprint(),
    );
    fs::write(folder.join("clinics.yaml"), inventory).unwrap();
    let output = program()
        .args(["--lang", "en", "backup", "-i", "clinics.yaml", "-o", "backup"])
        .env("IXDEPLOY_STATE_DIR", folder.join("state"))
        .env("ADMIN", "mock-password")
        .envs(environment.iter().copied())
        .current_dir(folder)
        .output()
        .unwrap();
    (output, mock)
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn an_agents_key_opens_a_jump_host() {
    if !sshd::is_installed("agents") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    sshd::key(&folder.path().join("user"));
    let gate = sshd::start(folder.path(), "gate", Proof::Key);
    let agent = agent(folder.path());
    // The key itself is out of reach: only the agent has it.
    fs::remove_file(folder.path().join("user")).unwrap();
    let (output, mock) = back_up(folder.path(), &gate, "agent: true", &[("SSH_AUTH_SOCK", &agent.socket)]);
    assert!(output.status.success(), "{}", said(&output));
    gate.log_with("Accepted publickey");
    let running = fs::read_to_string(folder.path().join("backup/r1/running.cfg")).unwrap();
    assert!(running.contains("hostname r1"), "{running}");
    drop(mock);
    let (output, _mock) = back_up(folder.path(), &gate, "agent: true", &[]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("ssh.authentication"), "{}", said(&output));
    assert!(said(&output).contains("agent (none is running)"), "{}", said(&output));
    proven("sshd", "an agent's key");
}

#[test]
fn an_agent_that_never_answers_is_passed_over() {
    if !sshd::is_installed("agents") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    sshd::key(&folder.path().join("user"));
    let gate = sshd::start(folder.path(), "gate", Proof::Key);
    let socket = folder.path().join("silent");
    // It takes connections into its queue, and that is all.
    let _silent = UnixListener::bind(&socket).unwrap();
    let environment = [("SSH_AUTH_SOCK", socket.to_str().unwrap())];
    let (output, mock) = back_up(folder.path(), &gate, "agent: true, key_file: user", &environment);
    assert!(output.status.success(), "a key is tried first: {}", said(&output));
    drop(mock);
    let (output, _mock) = back_up(folder.path(), &gate, "agent: true", &environment);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("agent (it does not answer)"), "{}", said(&output));
    proven("sshd", "an agent that never answers");
}

#[test]
fn a_question_is_answered_with_the_password_once() {
    const PASSWORD: &str = "gate-pass-7";
    if !sshd::is_installed("keyboard-interactive logins") || !sshd::may_have_its_own_rules() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    sshd::key(&folder.path().join("user"));
    let gate = sshd::start(folder.path(), "gate", Proof::Question(PASSWORD));
    let proof = "password: gate-password";
    let (output, mock) = back_up(folder.path(), &gate, proof, &[("GATE", PASSWORD)]);
    assert!(output.status.success(), "{}", said(&output));
    gate.log_with("Accepted keyboard-interactive");
    drop(mock);
    let (output, _mock) = back_up(folder.path(), &gate, proof, &[("GATE", "wrong-pass-8")]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(
        said(&output).contains("ssh.authentication") && !said(&output).contains("wrong-pass-8"),
        "{}",
        said(&output)
    );
    let log = gate.log_with("Failed keyboard-interactive");
    assert_eq!(log.matches("Failed keyboard-interactive").count(), 1, "{log}");
    proven("sshd", "keyboard-interactive");
}
