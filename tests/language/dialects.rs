//! The model of a router decides the language in which it is read, planned for and judged.

use ixdeploy::dialect::{Dialect, model};
use ixdeploy::ix::Config;
use ixdeploy::ix::backup::Backup;
use ixdeploy::ix::lint::lint;
use ixdeploy::plan::{self, Knowledge, Lifeline, Options, Ownership, Request};

/// What a plan types from nothing but an interface to a text, on a router of this model.
fn typed(model: &str, running: &str, desired: &str) -> String {
    let model = model::find(model).unwrap();
    let [running, desired] = [running, desired].map(|text| Config::parse(model.dialect(), text));
    let request = Request {
        running: &running,
        desired: &desired,
        origins: None,
        ownership: &Ownership::parse(&["interface"]).unwrap(),
        model: Some(model),
        factory: None,
        router_made: &[],
        lifeline: &Lifeline::Console,
        knowledge: &|_| Knowledge::Unknown,
        options: Options { allow_unrecognised: true, ..Options::default() },
    };
    plan::plan(&request).unwrap().commands_text(true)
}

#[test]
fn a_line_is_known_where_its_series_has_it() {
    let text = "interface GigaEthernet0.0\n  ip dhcp enable\n!\nsyslog enable\nlogging buffered 4096\n";
    for (dialect, unknown) in
        [(Dialect::ix(), &["ip dhcp enable", "syslog enable"][..]), (Dialect::ix_r(), &["logging buffered 4096"])]
    {
        let config = Config::parse(dialect, text);
        let lines: Vec<String> = config.unrecognised().into_iter().map(|(_, line)| line).collect();
        assert_eq!(lines, unknown, "{}", dialect.name());
        assert_eq!(config.dialect(), dialect);
    }
    assert!(Config::parse(Dialect::any(), text).unrecognised().is_empty(), "some series has each of them");
}

#[test]
fn an_ix_r_is_planned_for_as_an_ix_r() {
    let (on, off) =
        ("interface GigaEthernet0.0\n  no shutdown\n  ip dhcp enable\n", "interface GigaEthernet0.0\n  no shutdown\n");
    assert_eq!(typed("IX-R2520", on, off), "interface GigaEthernet0.0\n  no ip dhcp enable\n");
    // Printed or not, what the table knows to be off is off; of what it does not know the absence is a line.
    assert_eq!(typed("IX-R2520", off, &format!("{off}  no ip dhcp enable\n")), "");
    assert_ne!(typed("IX2215", off, &format!("{off}  no ip dhcp enable\n")), "");
}

#[test]
fn a_text_without_indentation_is_read_by_what_its_series_has_in_the_block() {
    let text = "interface GigaEthernet0.0\nno shutdown\nip dhcp enable\n";
    let depth = |dialect| Config::parse(dialect, text).nodes.len();
    assert_eq!((depth(Dialect::ix()), depth(Dialect::ix_r())), (2, 1));
}

#[test]
fn a_command_of_another_series_is_said_once() {
    let model = model::find("IX-R2520").unwrap();
    let found = lint(&Config::parse(model.dialect(), "logging buffered 4096\n"), Some(model), &[]);
    let ids: Vec<&str> = found.iter().map(|finding| &*finding.id).collect();
    assert_eq!(ids, ["other-dialect"], "and not as an unknown command as well");
}

#[test]
fn an_ix_r_is_not_asked_what_only_an_ix_answers() {
    assert_eq!(
        (Dialect::ix().commands().show_startup_otherwise, Dialect::ix_r().commands().show_startup_otherwise),
        (&["show config"][..], &[][..])
    );
}

#[test]
fn a_file_is_read_in_the_dialect_of_the_model_that_its_header_names() {
    let header = |model: &str| format!("! IX Series {model} (magellan-sec) Software, Version 1.5.23\n!\nhostname a\n");
    for (text, dialect) in [
        (header("IX2215"), Dialect::ix()),
        (header("IX-R2520"), Dialect::ix_r()),
        ("hostname a\n".into(), Dialect::ix()),
    ] {
        assert_eq!(Backup::read(text.as_bytes()).unwrap().dialect(), dialect, "{text}");
    }
}
