//! What a connection means, and what is said about a wrong one.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::inventory::{Inventory, SourceFile};
use crate::message::Lang;
use std::path::PathBuf;
use std::time::Duration;

fn inventory(defaults: &str, connection: &str) -> String {
    format!(
        "version: 1\ncredentials: {{ admin: {{ env: X }}, gate: {{ env: Y }} }}\ndefaults: {{ connection: {{ {defaults} }} }}\n\
         sites:\n  s:\n    routers:\n      r: {{ model: IX2215, connection: {{ {connection} }} }}\n"
    )
}

fn connection(defaults: &str, connection: &str) -> Connection {
    let file = SourceFile::new("folder/i.yaml", inventory(defaults, connection));
    let read = Inventory::read(&[file]).map_err(|found| found.render(Lang::En));
    read.unwrap().0.router("r").unwrap().1.connection.clone()
}

fn heading(connection: &str) -> String {
    let file = SourceFile::new("i.yaml", inventory("", connection));
    let found = Inventory::read(&[file]).unwrap_err().render(Lang::En);
    found.lines().next().unwrap().to_owned()
}

#[test]
fn one_word_is_a_mock_or_is_told_how_to_be_more() {
    let read = |connection: &str| {
        let text = format!(
            "version: 1\nsites: {{ s: {{ routers: {{ r: {{ model: IX2215, connection: {connection} }} }} }} }}\n"
        );
        Inventory::read(&[SourceFile::new("i.yaml", text)]).map_err(|found| found.render(Lang::En))
    };
    for same in ["mock", "{ mock: {} }"] {
        let (inventory, _) = read(same).unwrap();
        assert_eq!(inventory.router("r").unwrap().1.connection, Connection::Mock(Mock::default()), "{same}");
    }
    for (slip, remedy) in [
        ("serial", "such as `connection: { serial: { auto: true } }`"),
        ("ssh", "such as `connection: { ssh: "),
        ("{ serial: COM3 }", "write `serial: { port: COM3 }`"),
        ("{ serial: auto }", "write `serial: { auto: true }`"),
    ] {
        let found = read(slip).unwrap_err();
        assert!(found.starts_with("error[yaml.type]") && found.contains(remedy), "{slip}: {found}");
    }
    let wide = read("{ serial: { port: ＣＯＭ３ } }").unwrap_err();
    assert!(wide.starts_with("error[connection.port]: `ＣＯＭ３`") && wide.contains("write `COM3`"), "{wide}");
}

#[test]
fn a_console_server_is_a_console_and_may_share_its_settings() {
    let defaults = "console_server: { host: consoles.example, service: rfc2217, baud: auto, login: { user: admin, password: admin } }";
    let found = connection(defaults, "console_server: { port: 7001 }");
    assert!(found.is_console() && found.dialled().is_none());
    assert_eq!(found.login().unwrap().user, "admin");
    let Connection::ConsoleServer(server) = found else { panic!("console server") };
    assert_eq!((server.host.value.as_str(), server.port), ("consoles.example", 7001));
    assert_eq!((server.service, server.baud), (ConsoleService::Rfc2217, Baud::Auto));
    let found = connection(defaults, "console_server: { port: 7002, service: raw, baud: 115200 }");
    let Connection::ConsoleServer(server) = found else { panic!("console server") };
    assert_eq!((server.service, server.baud), (ConsoleService::Raw, Baud::Fixed(115_200)));
}

#[test]
fn a_command_is_a_console_when_a_speed_is_named() {
    let found = connection("", "command: { words: [tio, -b, \"9600\", /dev/ttyUSB0], baud: 9600 }");
    assert!(found.is_console());
    let found =
        connection("command: { login: { user: u, password: admin } }", "command: { words: [ssh, -J, gate, r1] }");
    assert!(!found.is_console());
    assert_eq!(found.credentials().len(), 1);
    let Connection::Command(command) = found else { panic!("command") };
    assert_eq!(command.words, ["ssh", "-J", "gate", "r1"]);
}

#[test]
fn the_host_behind_an_ssh_command_is_read_from_its_words() {
    let destination = |words: &[&str]| {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        CommandConnection { words, console: None, login: None }.destination().map(str::to_owned)
    };
    for words in [
        &["ssh", "-J", "admin@gate", "admin@r1"][..],
        &["/usr/bin/ssh", "-ttp", "22", "-oProxyJump=gate", "-l", "admin", "r1"],
        &["ssh", "-v", "--", "r1"],
        &["ssh", "r1", "-p", "22", "-tt"],
        &["ssh.exe", "ssh://admin@r1:22"],
    ] {
        assert_eq!(destination(words).as_deref(), Some("r1"), "{words:?}");
    }
    for words in [&["tio", "r1"][..], &["ssh"], &["ssh", "-J", "gate"], &["ssh", "-", "-"]] {
        assert_eq!(destination(words), None, "{words:?}");
    }
    // From there the words lead on: that host is not the router.
    for words in
        [&["ssh", "admin@gate", "telnet", "r1"][..], &["ssh", "gate", "-t", "ssh", "r1"], &["ssh", "--", "r1", "-v"]]
    {
        assert_eq!(destination(words), None, "{words:?}");
    }
    let words = vec!["ssh".to_owned(), "admin@consoles".to_owned()];
    assert_eq!(
        CommandConnection { words, console: Some(9600), login: None }.destination(),
        None,
        "a console is behind it"
    );
}

#[test]
fn telnet_dials_the_router_itself() {
    let found = connection("", "telnet: { host: 192.0.2.1, login: { user: u, password: admin } }");
    let (host, port) = found.dialled().unwrap();
    assert_eq!((host.value.as_str(), port, found.is_console()), ("192.0.2.1", 23, false));
}

#[test]
fn ssh_takes_keys_for_the_router_and_for_every_host_on_the_way() {
    let ssh = "ssh: { host: h, user: u, key_file: keys/r, passphrase: gate, keepalive: 10s, \
               jump: [{ host: a, user: x }, { host: b, user: x, password: gate }, { host: c, user: x, key_file: k, agent: true }] }";
    let found = connection("", ssh);
    assert_eq!(found.credentials().len(), 2);
    let Connection::Ssh(ssh) = found else { panic!("ssh") };
    assert_eq!(ssh.keepalive, Some(Duration::from_secs(10)));
    let key = ssh.proof.key.unwrap();
    assert_eq!((key.path, key.passphrase.unwrap().value.as_str()), (PathBuf::from("folder/keys/r"), "gate"));
    assert_eq!(ssh.proof.password, None);
    let agents: Vec<Option<bool>> = ssh.jump.iter().map(|hop| hop.proof.agent).collect();
    assert_eq!(agents, [Some(true), None, Some(true)], "a hop without anything written asks the agent");
    // A router adds to what the defaults hold.
    let found = connection("ssh: { user: u, password: admin }", "ssh: { host: h, agent: true }");
    let Connection::Ssh(ssh) = found else { panic!("ssh") };
    assert_eq!((ssh.proof.agent, ssh.proof.password.is_some()), (Some(true), true));
}

#[test]
fn a_mock_is_a_console_when_it_is_reached_over_serial() {
    assert!(connection("", "mock: { over: serial }").is_console());
    assert!(!connection("", "mock: {}").is_console());
    for text in ["serial: { auto: true, baud: auto }", r#"serial: {"auto": true, "baud": "auto"}"#] {
        let Connection::Serial(serial) = connection("", text) else { panic!("serial") };
        assert_eq!((serial.baud, serial.baud.first()), (Baud::Auto, 9600), "{text}");
    }
}

#[test]
fn slips_are_named() {
    for (line, wanted) in [
        ("ssh: { host: h, user: u }", "error[yaml.missing-key]: an SSH connection needs the key `password`"),
        (
            "ssh: { host: h, user: u, agent: false }",
            "error[yaml.missing-key]: an SSH connection needs the key `password`",
        ),
        (
            "ssh: { host: h, user: u, password: admin, passphrase: gate }",
            "error[connection.passphrase]: a passphrase belongs to a `key_file`, and there is none",
        ),
        (
            "ssh: { host: h, user: u, password: admin, keepalive: 10ms }",
            "error[value.duration]: a connection is probed at most once a second",
        ),
        ("telnet: { port: 23 }", "error[yaml.missing-key]: a telnet connection needs the key `host`"),
        (
            "console_server: { host: h, port: 7001 }",
            "error[yaml.missing-key]: a console server needs the key `service`",
        ),
        ("console_server: { host: h, service: raw }", "error[yaml.missing-key]: a console server needs the key `port`"),
        (
            "console_server: { host: h, port: 1, service: rfc }",
            "error[value.choice]: `rfc` is none of `rfc2217`, `telnet`, `raw`",
        ),
        (
            "console_server: { host: h, port: 1, service: raw, baud: auto }",
            "error[connection.baud]: `baud: auto` needs `service: rfc2217`: otherwise we cannot set the speed of the console server's port",
        ),
        ("command: { words: [] }", "error[connection.command]: the command is empty"),
        ("command: { words: tio }", "error[yaml.type]: expected a list, found a single value"),
        ("command: { words: [tio], baud: auto }", "error[yaml.number]: expected a whole number from 300 to 921600"),
        ("serial: { auto: true, baud: \"fast\" }", "error[yaml.number]: expected a whole number from 300 to 921600"),
        ("console_sever: {}", "error[yaml.unknown-key]: `console_sever` is not a key of a connection"),
    ] {
        assert_eq!(heading(line), wanted, "{line}");
    }
}

#[test]
fn the_window_can_be_bounded_and_switched_off() {
    let window = |defaults: &str, text: &str| connection(defaults, text).window();
    let ssh = "ssh: { host: 192.0.2.1, user: admin, password: admin }";
    assert_eq!(window("", ssh), None);
    assert_eq!(window("ssh: { window: 1 }", ssh), Some(1));
    assert_eq!(window("telnet: { window: 8 }", "telnet: { host: 192.0.2.1, window: 4 }"), Some(4));
    assert!(heading("ssh: { host: 192.0.2.1, user: admin, password: admin, window: 0 }").contains("yaml.number"));
}

#[test]
fn an_empty_host_or_user_is_refused_before_anyone_connects() {
    for (connection, expected) in [
        (
            "ssh: { host: \"\", user: u, password: admin }",
            "error[value.address]: `` is neither an address nor a host name",
        ),
        (
            "telnet: { host: a..b, user: u, password: admin }",
            "error[value.address]: `a..b` is neither an address nor a host name",
        ),
        ("ssh: { host: h, user: \"\", password: admin }", "error[connection.user]: `` is not a user name"),
    ] {
        assert_eq!(heading(connection), expected, "{connection}");
    }
}
