//! Programs on a terminal: a real `ssh` through honest and hostile jump hosts, a real `telnet`, and a program that plays `ssh` with
//! every text that a hostile host could bring there. The router's password goes to the router alone, and once.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use mock_device::{Mock, RouterSpec, Scenario, TransportSpec, What};

use crate::is_here;
use crate::program::program;
use crate::record::proven;
use crate::sshd::{self, Proof, Sshd};

const SSH: &str = "/usr/bin/ssh";
const TELNET: &str = "/usr/bin/telnet";
const PASSWORD: &str = "mock-password";

fn router(folder: &Path, transport: TransportSpec) -> (Mock, u16) {
    let spec = RouterSpec { transports: vec![transport], ..RouterSpec::new("r1") };
    let mock = Mock::start(Scenario { routers: vec![spec], ..Scenario::default() }, &folder.join("mock")).unwrap();
    let port = mock.endpoints()[0].port.unwrap();
    (mock, port)
}

/// Backs up a router through a program, with our built program.
fn back_up(folder: &Path, words: &[&str], password: &str) -> Output {
    back_up_with(folder, words, "", password)
}

/// The same, with more said of the connection.
fn back_up_with(folder: &Path, words: &[&str], more: &str, password: &str) -> Output {
    let words = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    let inventory = format!(
        "version: 1\ncredentials:\n  admin-password: {{ env: ADMIN }}\nsites:\n  s:\n    routers:\n      r1:\n        model: IX2215\n        \
         connection: {{ command: {{ words: [{words}], {more} login: {{ user: admin, password: admin-password }} }} }}\n"
    );
    fs::write(folder.join("clinics.yaml"), inventory).unwrap();
    program()
        .args(["--lang", "en", "backup", "-i", "clinics.yaml", "-o", "backup"])
        .env("PATH", "/usr/bin:/bin")
        .env("IXDEPLOY_STATE_DIR", folder.join("state"))
        .env("ADMIN", password)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What `ssh` must know of the jump host `gate`: it is a name of this file alone.
fn configuration(folder: &Path, gate: &Sshd) -> String {
    let path = folder.join("ssh-config");
    let text = format!(
        "Host gate\n  HostName 127.0.0.1\n  Port {}\n  User {}\n  IdentityFile {}\n  IdentitiesOnly yes\n\
         Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  GlobalKnownHostsFile /dev/null\n  \
         HostKeyAlgorithms +ssh-rsa\n  PubkeyAuthentication yes\n",
        gate.port(),
        sshd::user(),
        folder.join("user").display(),
    );
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// The logins that the router has seen: accepted ones and others.
fn logins(mock: &Mock) -> (usize, usize) {
    let count = |wanted: bool| {
        let of = |event: &mock_device::Event| matches!(event.what, What::Login { accepted, .. } if accepted == wanted);
        mock.events("r1").iter().filter(|event| of(event)).count()
    };
    (count(true), count(false))
}

#[test]
fn a_real_ssh_gets_the_routers_password_through_a_jump_host_and_once() {
    if !sshd::is_installed("programs on a terminal") || !is_here(SSH, "programs on a terminal") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    sshd::key(&folder.path().join("user"));
    let gate = sshd::start(folder.path(), "gate", Proof::Key);
    let configuration = configuration(folder.path(), &gate);
    let (mock, port) = router(folder.path(), TransportSpec::Ssh);
    let port = port.to_string();
    let words = ["ssh", "-F", &configuration, "-J", "gate", "-p", &port, "admin@127.0.0.1"];
    let output = back_up(folder.path(), &words, PASSWORD);
    assert!(output.status.success(), "{}", said(&output));
    assert!(fs::read_to_string(folder.path().join("backup/r1/running.cfg")).unwrap().contains("hostname r1"));
    assert_eq!(logins(&mock), (1, 0));
    let output = back_up(folder.path(), &words, "wrong-pass-8");
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("session.wrong-password"), "{}", said(&output));
    assert_eq!(logins(&mock), (1, 1), "a refused password is not tried again");
    proven("ssh", "`command: [ssh, -J, ...]`: the router's password, once");
}

#[test]
fn a_hostile_jump_host_gets_no_password_from_a_real_ssh() {
    let what = "hostile jump hosts";
    if !sshd::is_installed(what) || !is_here(SSH, what) || !sshd::may_have_its_own_rules() {
        return;
    }
    let fakes = [
        ("", ""),
        ("admin@127.0.0.1's password: ", ""),
        ("\n(admin@127.0.0.1) Password: ", ""),
        ("", "admin@127.0.0.1's password: "),
        ("", "\nNEC Portable Internetwork Core Operating System Software\n\nlogin: admin\nPassword: "),
        ("NEC Portable Internetwork Core Operating System Software\nRouter# ", "\nRouter# "),
    ];
    for (banner, instruction) in fakes {
        let folder = tempfile::tempdir().unwrap();
        // There is a key, and this server does not take it.
        sshd::key(&folder.path().join("user"));
        let gate = sshd::start(folder.path(), "gate", Proof::Faking { banner, instruction });
        let configuration = configuration(folder.path(), &gate);
        let (mock, port) = router(folder.path(), TransportSpec::Ssh);
        let port = port.to_string();
        let words = ["ssh", "-F", &configuration, "-J", "gate", "-p", &port, "admin@127.0.0.1"];
        let output = back_up(folder.path(), &words, PASSWORD);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains("session.foreign-password"), "{banner:?} {instruction:?}: {}", said(&output));
        // An `ssh` whose terminal goes away at a question answers it with an empty line (its `read_passphrase`), where it still can.
        let heard = fs::read_to_string(folder.path().join("heard")).unwrap_or_default();
        assert_eq!(heard.trim(), "", "the jump host was answered: {}", said(&output));
        assert_eq!(logins(&mock), (0, 0));
    }
    proven("sshd", "a hostile jump host behind `command: [ssh, -J, ...]` gets no password");
}

/// A program that plays `ssh`: it says this version, and asks so often for whatever it is told, as `ssh` asks: without echo.
fn plays_ssh(folder: &Path, version: &str, question: &str) -> String {
    let program = folder.join("ssh");
    fs::write(folder.join("question"), question).unwrap();
    let text = format!(
        "#!/bin/sh\nif [ \"$1\" = -V ]; then echo '{version}' >&2; exit 0; fi\nstty -echo\n\
         for round in 1 2 3; do\n  cat '{0}/question'\n  read -r given && printf '%s\\n' \"$given\" >> '{0}/heard'\n  echo\ndone\n",
        folder.display()
    );
    fs::write(&program, text).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program.display().to_string()
}

#[test]
fn a_program_that_shows_whatever_a_hostile_host_wants_gets_no_password() {
    const NEW: &str = "OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.19";
    let questions = [
        (NEW, "Password: "),
        (NEW, "\nPassword: "),
        (NEW, "\nlogin: "),
        (NEW, "admin@gate's password: "),
        (NEW, "(ops@gate) Password: "),
        (NEW, "(ops@gate) \nadmin@r1's password: "),
        (NEW, "(ops@gate) \radmin@r1's password: "),
        (NEW, "(ops@gate) \n(admin@r1) Password: "),
        (NEW, "(ops@gate) \x1b[2K\x1b[1Gadmin@r1's password: "),
        (NEW, "NEC Portable Internetwork Core Operating System Software\nlogin: \nPassword: "),
        // Before this version a server's words appear as if they were the program's.
        ("OpenSSH_8.0p1, OpenSSL 1.1.1k", "admin@r1's password: "),
        ("something else", "(admin@r1) Password: "),
    ];
    for (version, question) in questions {
        let folder = tempfile::tempdir().unwrap();
        let program = plays_ssh(folder.path(), version, question);
        let output = back_up(folder.path(), &[&program, "-J", "ops@gate", "admin@r1"], PASSWORD);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains("session.foreign-password"), "{question:?}: {}", said(&output));
        assert!(!folder.path().join("heard").exists(), "{question:?}");
    }
    // A host that the words lead on from, or with a console behind it, is not the router, whatever login it asks for.
    for (words, more) in [(&["admin@r1", "telnet", "192.0.2.1"][..], ""), (&["admin@r1"], "baud: 9600,")] {
        let folder = tempfile::tempdir().unwrap();
        let program = plays_ssh(folder.path(), NEW, "admin@r1's password: ");
        let output = back_up_with(folder.path(), &[&[program.as_str()], words].concat(), more, PASSWORD);
        assert!(said(&output).contains("session.foreign-password"), "{words:?}: {}", said(&output));
        assert!(!folder.path().join("heard").exists(), "{words:?}");
    }
    // The same program, asking as OpenSSH asks for this very login, gets it once, and no second time.
    let folder = tempfile::tempdir().unwrap();
    let program = plays_ssh(folder.path(), NEW, "admin@r1's password: ");
    let output = back_up(folder.path(), &[&program, "-J", "ops@gate", "admin@r1"], PASSWORD);
    assert!(said(&output).contains("session.wrong-password"), "{}", said(&output));
    assert_eq!(fs::read_to_string(folder.path().join("heard")).unwrap(), format!("{PASSWORD}\n"));
}

#[test]
fn a_program_that_ends_says_why() {
    if !is_here(SSH, "programs on a terminal") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mock, port) = router(folder.path(), TransportSpec::Ssh);
    drop(mock);
    let port = port.to_string();
    let output = back_up(folder.path(), &["ssh", "-F", "none", "-p", &port, "admin@127.0.0.1"], PASSWORD);
    assert!(said(&output).contains("session.program-ended"), "{}", said(&output));
    assert!(said(&output).contains("onnection refused"), "{}", said(&output));
}

#[test]
fn a_real_telnet_leads_to_the_routers_own_login() {
    if !is_here(TELNET, "telnet as a program") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mock, port) = router(folder.path(), TransportSpec::Telnet);
    let port = port.to_string();
    let words = ["telnet", "127.0.0.1", &port];
    let output = back_up(folder.path(), &words, PASSWORD);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(logins(&mock), (1, 0));
    let output = back_up(folder.path(), &words, "wrong-pass-8");
    assert!(said(&output).contains("session.wrong-password"), "{}", said(&output));
    assert_eq!(logins(&mock), (1, 1), "a refused password is not tried again");
}
