//! What an inventory means, and what is said about a wrong one, word for word.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::inventory::{Baud, Connection};
use crate::message::Lang;

const MOCK: &str = "connection: { mock: { start: prepared } }";

fn read(text: &str) -> Result<(Inventory, Diagnostics), String> {
    Inventory::read(&[SourceFile::new("i.yaml", text)]).map_err(|found| found.render(Lang::En))
}

fn found(text: &str) -> String {
    match read(text) {
        Ok((_, warnings)) => warnings.render(Lang::En),
        Err(found) => found,
    }
}

fn headings(text: &str) -> Vec<String> {
    found(text).lines().filter(|l| l.starts_with("error") || l.starts_with("warning")).map(str::to_owned).collect()
}

/// An inventory of one router with these lines in it (at its indentation).
fn router(lines: &str) -> String {
    format!(
        "version: 1\ncredentials: {{ admin: {{ env: X }} }}\nsites:\n  s:\n    routers:\n      r:\n        model: IX2215\n{lines}"
    )
}

#[test]
fn the_stronger_value_wins_and_the_later_group_is_stronger() {
    let text = format!(
        "version: 1
defaults: {{ vars: {{ a: d, b: d, c: d, e: d, l: [x, y] }} }}
groups: {{ one: {{ vars: {{ b: g1, c: g1, e: g1 }} }}, two: {{ vars: {{ c: g2, e: g2, l: [z] }} }} }}
sites:
  s:
    groups: [one, two]
    vars: {{ e: s, f: s }}
    routers: {{ r: {{ model: IX2215, vars: {{ f: r }}, {MOCK} }} }}
  t:
    groups: [two, one]
    routers: {{ q: {{ model: IX2215, {MOCK} }} }}
"
    );
    let (inventory, _) = read(&text).unwrap();
    let show = |router: &str| {
        let (site, router) = inventory.router(router).unwrap();
        let variables = inventory.variables(site, router);
        let text = |value: &Value| match value {
            Value::Scalar { text, .. } => text.clone(),
            Value::List(items) => items.len().to_string(),
            Value::Broken => "broken".to_owned(),
        };
        variables.iter().map(|(name, value)| format!("{name}={}", text(&value.value))).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(show("r"), "a=d b=g1 c=g2 e=s l=1 f=r");
    assert_eq!(show("q"), "a=d b=g1 c=g1 e=g1 l=1");
}

#[test]
fn connections_take_what_they_leave_out_from_the_defaults() {
    let text = "version: 1
credentials: { admin: { env: X }, other: { file: secrets/other } }
defaults:
  connection:
    ssh: { user: admin, password: admin, legacy_algorithms: true }
    serial: { baud: 115200, login: { user: admin, password: admin } }
  deadlines: { connect: 3s, command: 500ms }
sites:
  s:
    routers:
      a: { model: IX2215, connection: { ssh: { host: 192.0.2.1 } }, deadlines: { command: 2m } }
      b: { model: ix2106, connection: { ssh: { host: gw.example, port: 2222, user: me, password: other, legacy_algorithms: false } } }
      c: { model: IX2215, connection: { serial: { usb: { vendor: \"0403\", product: \"6001\" } } } }
";
    let (inventory, _) = Inventory::read(&[SourceFile::new("folder/i.yaml", text)]).unwrap();
    let router = |name| inventory.router(name).unwrap().1;
    let Connection::Ssh(a) = &router("a").connection else { panic!("ssh") };
    assert_eq!((a.user.as_str(), a.port, a.legacy_algorithms), ("admin", 22, true));
    let Connection::Ssh(b) = &router("b").connection else { panic!("ssh") };
    assert_eq!((b.user.as_str(), b.port, b.legacy_algorithms), ("me", 2222, false));
    assert_eq!(b.proof.password.as_ref().unwrap().value.as_str(), "other");
    let Connection::Serial(c) = &router("c").connection else { panic!("serial") };
    assert_eq!(c.baud, Baud::Fixed(115_200));
    assert_eq!(c.login.as_ref().unwrap().user, "admin");
    let deadlines = router("a").deadlines;
    assert_eq!(deadlines.connect, Some(std::time::Duration::from_secs(3)));
    assert_eq!(deadlines.command.silence, Some(std::time::Duration::from_secs(120)));
    // A relative path counts from the folder of the file.
    let file = inventory.sources().find(|(name, _)| name.as_str() == "other").unwrap().1;
    assert_eq!(file, Source::File(Path::new("folder").join("secrets/other")));
}

#[test]
fn a_wait_on_the_router_has_two_bounds() {
    let of = |command: &str| {
        let router = format!("{{ model: IX2215, deadlines: {{ command: {command} }}, {MOCK} }}");
        read(&format!("version: 1\nsites: {{ s: {{ routers: {{ r: {router} }} }} }}\n"))
            .map(|(inventory, _)| inventory.router("r").unwrap().1.deadlines.command)
    };
    let seconds = |seconds| Some(std::time::Duration::from_secs(seconds));
    let bounds = |command| of(command).map(|wait| (wait.silence, wait.total)).ok();
    assert_eq!(bounds("5s"), Some((seconds(5), None)));
    assert_eq!(bounds("{ silence: 5s, total: 1m }"), Some((seconds(5), seconds(60))));
    assert_eq!(bounds("{ total: 1m }"), Some((None, seconds(60))));
    for wrong in ["{ silence: 2m, total: 1m }", "{ longest: 1m }", "{ total: 0s }", "[5s]"] {
        assert!(of(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn every_slip_is_found_in_one_run() {
    let text = "\
version: 1
site: {}
groups: { east: { vras: {} } }
sites:
  s:
    groups: [eats]
    routers:
      r1:
        model: IX2216
        rol: router1
        connection: { ssh: { host: 192.0.2.300, user: a, password: admin, port: 70000 } }
      r2:
        connection: { serial: {}, ssh: {} }
      r 3: {}
";
    assert_eq!(
        headings(text),
        [
            "error[yaml.unknown-key]: `site` is not a key of an inventory",
            "error[yaml.unknown-key]: `vras` is not a key of a group",
            "error[inventory.undefined-group]: no group is named `eats`",
            "error[inventory.model]: no model is named `IX2216`",
            "error[yaml.unknown-key]: `rol` is not a key of a router",
            "error[value.address]: `192.0.2.300` is neither an address nor a host name",
            "error[credential.undefined]: `sites.s.routers.r1.connection.ssh.password` names a credential that is not declared",
            "error[yaml.number]: expected a whole number from 1 to 65535",
            "error[yaml.missing-key]: a router needs the key `model`",
            "error[yaml.exactly-one]: a connection needs exactly one of `serial`, `ssh`, `telnet`, `console_server`, `command`, `mock`",
            "error[name.invalid]: `r 3` is not a name: 1 to 64 of A-Z a-z 0-9 . _ -, not starting with `.` or `-`",
            "error[yaml.missing-key]: a router needs the key `model`",
            "error[yaml.missing-key]: a router needs the key `connection`",
        ]
    );
}

#[test]
fn an_unknown_key_is_shown_with_its_line_and_a_suggestion() {
    assert_eq!(
        found(&router("        conection: { mock: {} }\n        connection: { mock: {} }\n")),
        "error[yaml.unknown-key]: `conection` is not a key of a router
 --> i.yaml:8:9
  |
8 |         conection: { mock: {} }
  |         ^^^^^^^^^
  = path: sites.s.routers.r.conection
  = help: did you mean `connection`?
"
    );
    assert_eq!(
        found(&router("        host: 192.0.2.1\n        connection: { mock: {} }\n")),
        "error[yaml.unknown-key]: `host` is not a key of a router
 --> i.yaml:8:9
  |
8 |         host: 192.0.2.1
  |         ^^^^
  = path: sites.s.routers.r.host
  = help: it belongs under `connection: { ssh: { ... } }` or `connection: { serial: { ... } }`
"
    );
}

#[test]
fn an_unknown_model_and_group_get_a_suggestion() {
    let text = format!(
        "version: 1\ngroups: {{ east: }}\nsites: {{ s: {{ groups: [eats], routers: {{ r: {{ model: IX2251, {MOCK} }} }} }} }}\n"
    );
    let text = found(&text);
    assert!(text.contains("error[inventory.model]: no model is named `IX2251`"), "{text}");
    assert!(text.contains("= help: did you mean `IX2215`?"), "{text}");
    assert!(text.contains("= help: did you mean `east`?"), "{text}");
}

#[test]
fn a_password_in_the_file_is_refused_with_the_remedy_and_never_shown() {
    for (text, code) in [
        ("version: 1\ncredentials: { admin: c4nary! }\nsites: {}\n".to_owned(), "credential.plain-text"),
        ("version: 1\ncredentials: { admin: { plain: c4nary } }\nsites: {}\n".to_owned(), "credential.plain-text"),
        ("version: 1\ncredentials: { admin: { env: c4nary! } }\nsites: {}\n".to_owned(), "credential.variable"),
        (router("        connection: { ssh: { host: h, user: u, password: c4nary! } }\n"), "credential.plain-text"),
        (router("        connection: { ssh: { host: h, user: u, password: c4nary } }\n"), "credential.undefined"),
        (
            router("        connection: { serial: { port: p, login: { user: u, password: \"c4nary x\" } } }\n"),
            "credential.plain-text",
        ),
        (router(&format!("        {MOCK}\n        vars: {{ wifi_psk: c4nary }}\n")), "credential.undefined"),
        (router(&format!("        {MOCK}\n        vars: {{ admin_password: 'c4nary!' }}\n")), "credential.plain-text"),
    ] {
        let found = found(&text);
        assert!(found.starts_with(&format!("error[{code}]")), "{text}: {found}");
        assert!(!found.contains("c4nary"), "{found}");
        assert!(found.contains("********"), "{found}");
        assert!(found.contains("`NAME: { env: VARIABLE }`"), "{found}");
    }
    // Whatever else is wrong on the line, and in the line's own words.
    let found = found(&router("        connection: { ssh: { host: 'a b', user: u, password: c4nary, prt: 1 } }\n"));
    assert!(!found.contains("c4nary"), "{found}");
}

#[test]
fn a_credential_has_exactly_one_source() {
    let text = |credential: &str| format!("version: 1\ncredentials: {{ a: {credential} }}\nsites: {{}}\n");
    for good in ["{ env: A_1 }", "{ file: x }", "{ command: [pass, show, x] }", "{ prompt: \"Password?\" }"] {
        assert_eq!(found(&text(good)), "", "{good}");
    }
    for (bad, heading) in [
        ("{}", "error[yaml.exactly-one]: a credential needs exactly one of `env`, `file`, `command`, `prompt`"),
        (
            "{ env: A, file: x }",
            "error[yaml.exactly-one]: a credential needs exactly one of `env`, `file`, `command`, `prompt`",
        ),
        ("{ command: pass }", "error[yaml.type]: expected a list, found a single value"),
        ("{ command: [] }", "error[credential.command]: the command is empty"),
        ("{ evn: A }", "error[yaml.unknown-key]: `evn` is not a key of a credential"),
    ] {
        assert_eq!(headings(&text(bad)), [heading], "{bad}");
    }
}

#[test]
fn names_and_serial_numbers_are_unique_across_files() {
    let file = |name: &str, site: &str, router: &str| {
        let text = format!(
            "version: 1\nsites: {{ {site}: {{ routers: {{ {router}: {{ model: IX2215, {MOCK}, identity: {{ serial_number: \"0123\" }} }} }} }} }}\n"
        );
        SourceFile::new(name, text)
    };
    let found = Inventory::read(&[file("a.yaml", "s", "r1"), file("b.yaml", "t", "r2")]).unwrap_err();
    let found = found.render(Lang::En);
    assert!(
        found.starts_with("error[inventory.duplicate]: the serial number `0123` is written a second time here"),
        "{found}"
    );
    assert!(found.contains("--> b.yaml:2:") && found.contains("= see: the first one (a.yaml:2:"), "{found}");
    let found = Inventory::read(&[file("a.yaml", "s", "r"), file("b.yaml", "s", "r")]).unwrap_err();
    assert_eq!(found.errors(), 3);
}

#[test]
fn an_address_of_several_routers_is_one_warning() {
    let router = "{ model: IX2215, connection: { ssh: { host: 192.0.2.1, user: u, password: admin } } }";
    for count in [2, 200] {
        let routers: Vec<String> = (1..=count).map(|number| format!("r{number}: {router}")).collect();
        let routers = routers.join(", ");
        let text = format!(
            "version: 1\ncredentials: {{ admin: {{ env: X }} }}\nsites: {{ s: {{ routers: {{ {routers} }} }} }}\n"
        );
        let warning =
            format!("warning[connection.same-address]: {count} routers have the address `192.0.2.1` and port 22");
        assert_eq!(headings(&text), [warning]);
    }
}

#[test]
fn truth_values_and_numbers_are_strict() {
    for (line, heading) in [
        ("serial: { auto: yes }", "error[yaml.type]: expected `true` or `false`, found `yes`"),
        (
            "serial: { port: no }",
            "error[yaml.ambiguous]: `no` without quotes is a truth value to many YAML readers, and text is expected here",
        ),
        ("serial: { port: p, baud: 09600 }", "error[yaml.number]: expected a whole number from 300 to 921600"),
        ("serial: { port: p, baud: \"9600\" }", "error[yaml.number]: expected a whole number from 300 to 921600"),
        (
            "serial: { usb: { vendor: 403, product: \"6001\" } }",
            "error[connection.usb]: a USB id is four hexadecimal digits",
        ),
        (
            "ssh: { host: \"192.0.2.1:22\", user: u, password: admin }",
            "error[value.address]: `192.0.2.1:22` is neither an address nor a host name",
        ),
        (
            "ssh: { host: h, user: u, password: admin, host_key: \"MD5:aa:bb\" }",
            "error[connection.host-key]: a host key is pinned as `SHA256:` and 43 characters",
        ),
    ] {
        let text = router(&format!("        connection: {{ {line} }}\n"));
        assert_eq!(headings(&text)[0], heading, "{line}");
    }
}

#[test]
fn a_lifeline_names_what_exists() {
    let text = router(&format!(
        "        {MOCK}\n        lifeline: {{ interface: GigaEthernet7.0, address: 192.0.2.1/24, switch_port: 0 }}\n"
    ));
    assert_eq!(
        headings(&text),
        [
            "error[model.interface]: the IX2215 does not have an interface `GigaEthernet7.0`",
            "error[value.address]: `192.0.2.1/24` is not an address",
            "error[yaml.number]: expected a whole number from 1 to 64",
        ]
    );
}

#[test]
fn variables_have_plain_names_and_values() {
    let text = router(&format!(
        "        {MOCK}\n        vars: {{ Area: x, router: x, a: {{ b: c }}, d: , e: [[x]], site: x }}\n"
    ));
    assert_eq!(
        headings(&text),
        [
            "error[variable.name]: `Area` is not a variable name: small letters, digits and `_`, a letter first",
            "error[variable.reserved]: `router` already means something in templates",
            "error[yaml.type]: expected a single value or a list, found a table",
            "error[yaml.type]: the variable has no value",
            "error[yaml.type]: expected a single value: a variable is a single value or a list of them",
            "error[variable.reserved]: `site` already means something in templates",
        ]
    );
}

#[test]
fn every_message_exists_in_japanese() {
    let text = router("        conection: {}\n        identity: { serial_number: \"a b\" }\n");
    let Err(found) = Inventory::read(&[SourceFile::new("i.yaml", text)]) else { panic!("it is wrong") };
    assert_eq!(
        found.render(Lang::Ja),
        "エラー[yaml.missing-key]: ルータには項目 `connection` が必要です
 --> i.yaml:6:7
  |
6 |       r:
  |       ^
  = 項目: sites.s.routers.r
  = 対処: 記述例: `connection: { serial: { auto: true } }`

エラー[yaml.unknown-key]: `conection` はルータの項目ではありません
 --> i.yaml:8:9
  |
8 |         conection: {}
  |         ^^^^^^^^^
  = 項目: sites.s.routers.r.conection
  = 対処: `connection` の誤りではありませんか?

エラー[value.word]: `a b` は 1 語ではありません
 --> i.yaml:9:36
  |
9 |         identity: { serial_number: \"a b\" }
  |                                    ^^^^^
  = 項目: sites.s.routers.r.identity.serial_number
"
    );
}

#[test]
fn twenty_thousand_sites_fit() {
    let mut text = String::from(
        "version: 1\ncredentials: { admin: { env: X } }\ndefaults: { connection: { ssh: { user: u, password: admin } } }\ngroups: { east: }\nsites:\n",
    );
    for n in 0..20_000 {
        text.push_str(&format!(
            "  s{n}:\n    groups: [east]\n    routers:\n      r{n}: {{ model: IX2215, role: router1, connection: {{ ssh: {{ host: r{n}.example }} }}, vars: {{ a: b, c: [d, e] }} }}\n"
        ));
    }
    let (inventory, found) = read(&text).unwrap();
    assert!(found.is_empty());
    assert_eq!(inventory.routers().count(), 20_000);
}

#[test]
fn two_routers_whose_backups_would_be_one_folder_on_windows_are_refused() {
    let of = |names: [&str; 2]| {
        let routers: String = names.iter().map(|name| format!("      {name}: {{ model: IX2215, {MOCK} }}\n")).collect();
        headings(&format!("version: 1\nsites:\n  s:\n    routers:\n{routers}"))
    };
    for names in [["sato-r1", "Sato-R1"], ["r1", "r1."]] {
        assert!(of(names)[0].starts_with("error[inventory.alike]: the routers"), "{names:?}");
    }
    assert_eq!(of(["sato-r1", "sato-r2"]), Vec::<String>::new());
}
