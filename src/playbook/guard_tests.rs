//! Attempts to smuggle a command through a value: every one ends as a finding, none as a line.
#![allow(clippy::unwrap_used)]

use crate::inventory::{Inventory, Limit, SourceFile};
use crate::message::Lang;
use crate::playbook::memory::playbook;

/// Renders a template with one variable `v`, and says what was found, or the lines.
fn attempt(kind: &str, template: &str, value: &str) -> String {
    let role = format!(
        "version: 1\nowns: all\ntemplates: [t.ix.j2]\nvariables: {{ v: {{ type: {kind}, required: true }} }}\n"
    );
    let inventory = format!(
        "version: 1\nsites:\n  s:\n    vars:\n      v: {value}\n    routers: {{ r: {{ model: IX2215, role: a, connection: {{ mock: {{ start: prepared }} }} }} }}\n"
    );
    let inventory = match Inventory::read(&[SourceFile::new("i.yaml", inventory)]) {
        Ok((inventory, _)) => inventory,
        Err(found) => return found.render(Lang::En),
    };
    let files = [("roles/a/role.yaml", role.as_str()), ("roles/a/t.ix.j2", template)];
    let (playbook, _) = playbook("version: 1\nname: p\nplays: [{ roles: [a] }]\n", &files)
        .unwrap_or_else(|e| panic!("{}", e.render(Lang::En)));
    match playbook.rendered(&inventory, &Limit::all()) {
        Ok((rendered, _)) => rendered.iter().map(|one| one.config.as_str()).collect(),
        Err(found) => found.render(Lang::En),
    }
}

#[test]
fn values_that_would_end_the_line_or_talk_to_the_line_editor_are_refused_with_their_path() {
    for (value, what) in [
        ("|\n        a\n        erase startup-config", "holds a line end"),
        ("\"a\\nerase startup-config\"", "holds a line end"),
        ("\"a\\rerase startup-config\"", "holds a line end"),
        ("\"a\\tb\"", "holds a TAB"),
        ("\"a?\"", "holds `?`"),
        ("\"a\\x15b\"", "holds a control character"),
        ("\"a\\x1ab\"", "holds a control character"),
        ("\"<secret:admin>\"", "holds `<secret:`"),
    ] {
        let found = attempt("text", "description {{ v }}\n", value);
        assert!(found.starts_with(&format!("error[value.untypable]: `sites.s.vars.v` {what}")), "{value}: {found}");
    }
}

#[test]
fn a_word_with_a_blank_is_not_a_word() {
    let found = attempt("string", "ip vrf forwarding {{ v }}\n", "VRF1 x");
    assert!(found.starts_with("error[variable.value]: `VRF1 x` is not one word"), "{found}");
}

#[test]
fn free_text_is_allowed_only_at_the_end_of_a_known_line() {
    let fine = attempt("text", "interface GigaEthernet0.0\n  description {{ v }}\n", "\"## WAN ##\"");
    assert_eq!(fine, "interface GigaEthernet0.0\n  description ## WAN ##\n");
    for (template, value) in [
        ("interface GigaEthernet0.0\n  ip filter {{ v }} 100 in\n", "a b"),
        ("unheard-of {{ v }}\n", "a b"),
        ("interface GigaEthernet0.0\n  ip address {{ v }}\n", "192.0.2.1/24 secondary"),
    ] {
        let found = attempt("text", template, value);
        assert!(found.starts_with("error[template.injection]: the value of `v` turns this line"), "{found}");
        assert!(found.contains("i.yaml:5:10") && found.contains("path: sites.s.vars.v"), "{found}");
    }
}

#[test]
fn a_value_cannot_choose_the_command() {
    for (template, value) in [
        ("{{ v }} shutdown\n", "\"no\""),
        ("{{ v }}\n", "reload"),
        ("{{ v }}hostname x\n", "\"!\""),
        ("{{ v }}\n", "\"!\""),
    ] {
        let found = attempt("string", template, value);
        assert!(
            found.contains("error[template.injection]") || found.contains("error[line."),
            "{template} {value}: {found}"
        );
    }
}

#[test]
fn a_comment_mark_inside_a_value_stays_a_word() {
    let fine = attempt("string", "ppp profile {{ v }}\n", "\"a!b\"");
    assert_eq!(fine, "ppp profile a!b\n");
}

#[test]
fn ports_go_into_a_line_by_their_number() {
    let template = "device GigaEthernet2\n  vlan-group 1 port {{ v | join(\" \") }}\n";
    assert_eq!(attempt("port-list", template, "[5, 1, 3]"), "device GigaEthernet2\n  vlan-group 1 port 1 3 5\n");
}

#[test]
fn a_line_may_be_as_long_as_the_playbook_allows() {
    let found = attempt("string", "hostname {{ v }}\n", &"x".repeat(300));
    assert!(found.starts_with("error[line.too-long]: the line has 309 bytes; at most 255"), "{found}");
    assert!(found.contains("rendered for router `r`"), "{found}");
}

#[test]
fn only_ascii_reaches_a_router() {
    let found = attempt("text", "hostname {{ v }}\n", "医院");
    assert!(found.starts_with("error[variable.value]: the value holds"), "{found}");
}
