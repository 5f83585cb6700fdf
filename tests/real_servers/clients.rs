//! Others at work on the mock as on a router: OpenSSH's `ssh`, and a person at a keyboard with TAB, `?`, Ctrl-U and the pager.

use std::process::Command;

use mock_device::scenario::Algorithms;
use mock_device::{Mock, RouterSpec, Scenario, What};
use rexpect::session::{PtySession, spawn_command};

use crate::record::proven;
use crate::{is_here, ser2net};

const SSH: &str = "/usr/bin/ssh";

/// What a person must say today before OpenSSH talks to a router of this age.
fn allowances(age: Algorithms) -> &'static [&'static str] {
    match age {
        Algorithms::Observed => &["-o", "HostKeyAlgorithms=+ssh-rsa"],
        Algorithms::Old => &[
            "-o",
            "HostKeyAlgorithms=+ssh-rsa",
            "-o",
            "KexAlgorithms=+diffie-hellman-group14-sha1,diffie-hellman-group1-sha1",
            "-o",
            "Ciphers=+aes128-cbc,3des-cbc",
            "-o",
            "MACs=+hmac-sha1",
        ],
        Algorithms::All => &[],
    }
}

fn ssh(mock: &Mock, words: &[&str]) -> PtySession {
    let port = mock.endpoints()[0].port.unwrap().to_string();
    let mut command = Command::new(SSH);
    command.args(["-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]);
    command.args(["-o", "PreferredAuthentications=password", "-p", &port]).args(words).arg("admin@127.0.0.1");
    spawn_command(command, Some(30_000)).unwrap()
}

/// What a person does who does not remember what to type. Ends in operation mode.
fn work_by_hand(person: &mut PtySession, end_of_line: &str) {
    let mut types = |text: &str, awaited: &str| {
        person.send(text).unwrap();
        person.flush().unwrap();
        person.exp_string(awaited).unwrap_or_else(|error| panic!("{text:?}: {error}"))
    };
    types(&format!("enable-config{end_of_line}"), "r1(config)# ");
    // TAB completes the word in place.
    types("interf\t", "interface ");
    types("gigae\t", "GigaEthernet0.0");
    types(end_of_line, "r1(config-GigaEthernet0.0)# ");
    // `?` helps without Return and shows the line again.
    let help = types("exit?", "exit  -- Exit from interface configuration mode");
    assert!(!help.contains("Invalid"), "{help}");
    types("", "r1(config-GigaEthernet0.0)# exit");
    // Ctrl-U takes it back: what follows is a line of its own.
    types("\x15", "\x08 \x08\x08 \x08\x08 \x08\x08 \x08");
    types(&format!("description typed by hand{end_of_line}"), "r1(config-GigaEthernet0.0)# ");
    types(&format!("configure{end_of_line}"), "r1(config)# ");
    // The pager: one page more, then enough.
    types(&format!("show running-config{end_of_line}"), "--More--");
    types(" ", "--More--");
    types("q", "r1(config)# ");
    types(&format!("write memory{end_of_line}"), "Building configuration...");
    types("", "r1(config)# ");
    types(&format!("exit{end_of_line}"), "r1# ");
}

fn was_done(mock: &Mock) {
    assert!(mock.startup_config("r1").unwrap().contains("  description typed by hand\n"));
    let refused =
        |event: &mock_device::Event| matches!(&event.what, What::Line { outcome: mock_device::Outcome::Refused, .. });
    let events = mock.events("r1");
    assert!(!events.iter().any(refused), "{events:#?}");
}

#[test]
fn openssh_works_on_the_mock_as_on_a_router() {
    if !is_here(SSH, "other people's clients") {
        return;
    }
    for age in [Algorithms::Observed, Algorithms::Old] {
        let mut spec = RouterSpec::new("r1");
        spec.readings.algorithms = age;
        let folder = tempfile::tempdir().unwrap();
        let mock = Mock::start(Scenario { routers: vec![spec], ..Scenario::default() }, folder.path()).unwrap();
        let mut modern = ssh(&mock, &[]);
        let said = modern.exp_eof().unwrap();
        assert!(said.contains("Unable to negotiate") && said.contains("no matching"), "{said}");
        let mut person = ssh(&mock, allowances(age));
        person.exp_string("password: ").unwrap();
        person.send_line("mock-password").unwrap();
        person.exp_string("r1# ").unwrap();
        work_by_hand(&mut person, "\r");
        person.send("exit\r").unwrap();
        person.flush().unwrap();
        person.exp_eof().unwrap();
        was_done(&mock);
    }
    proven("ssh", "OpenSSH's client, both generations of algorithms, by hand");
}

#[test]
fn a_person_works_on_a_console_as_on_a_routers() {
    let folder = tempfile::tempdir().unwrap();
    let (mock, path) = ser2net::console(folder.path());
    let mut command = Command::new("sh");
    command.args(["-c", &format!("stty raw -echo; exec 3<>'{path}'; stty raw -echo <&3; cat <&3 & cat >&3")]);
    let mut person = spawn_command(command, Some(30_000)).unwrap();
    person.send("\r").unwrap();
    person.flush().unwrap();
    person.exp_string("login: ").unwrap();
    person.send("admin\r").unwrap();
    person.flush().unwrap();
    person.exp_string("Password: ").unwrap();
    person.send("mock-password\r").unwrap();
    person.flush().unwrap();
    person.exp_string("r1# ").unwrap();
    work_by_hand(&mut person, "\r");
    was_done(&mock);
}
