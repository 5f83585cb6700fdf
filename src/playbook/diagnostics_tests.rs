//! What is said about wrong playbooks, roles and templates, word for word.
#![allow(clippy::unwrap_used)]

use crate::inventory::{Inventory, Limit, SourceFile};
use crate::message::Lang;
use crate::playbook::memory::playbook;

const PLAYBOOK: &str = "version: 1\nname: p\nplays: [{ roles: [a] }]\n";

fn found(text: &str, role: &str, template: &str) -> String {
    let files = [("roles/a/role.yaml", role), ("roles/a/t.ix.j2", template)];
    match playbook(text, &files) {
        Ok((_, warnings)) => warnings.render(Lang::En),
        Err(found) => found.render(Lang::En),
    }
}

/// A role with some variables, and what is wrong with it once it is used with some values.
fn used(variables: &str, template: &str, vars: &str) -> String {
    used_in(Lang::En, variables, template, vars)
}

fn used_in(lang: Lang, variables: &str, template: &str, vars: &str) -> String {
    let role = format!("version: 1\nowns: all\ntemplates: [t.ix.j2]\nvariables: {{ {variables} }}\n");
    let inventory = format!(
        "version: 1\ncredentials: {{ x: {{ env: X }} }}\nsites:\n  s:\n    vars: {{ {vars} }}\n    routers:\n      r: {{ model: IX2215, role: a, connection: {{ mock: {{ start: prepared }} }} }}\n"
    );
    let inventory = match Inventory::read(&[SourceFile::new("i.yaml", inventory)]) {
        Ok((inventory, _)) => inventory,
        Err(found) => return found.render(lang),
    };
    let files = [("roles/a/role.yaml", role.as_str()), ("roles/a/t.ix.j2", template)];
    let (playbook, _) = match playbook(PLAYBOOK, &files) {
        Ok(read) => read,
        Err(found) => return found.render(lang),
    };
    match playbook.rendered(&inventory, &Limit::all()) {
        Ok((_, found)) | Err(found) => found.render(lang),
    }
}

#[test]
fn an_undeclared_name_is_found_in_the_template_even_where_it_is_not_reached() {
    assert_eq!(
        found(
            PLAYBOOK,
            "version: 1\nowns: all\ntemplates: [t.ix.j2]\nvariables: { host: { type: string, default: x } }\n",
            "{% if host == \"never\" %}\n  hostname {{ hots }}\n{% endif %}\n"
        ),
        "error[template.undeclared]: the template uses `hots`, which the role does not declare
 --> roles/a/t.ix.j2:2:15
  |
2 |   hostname {{ hots }}
  |               ^^^^
  = help: did you mean `host`?
  = help: declare it under `variables:` of the role, with its type
"
    );
}

#[test]
fn a_finding_about_a_line_points_to_the_template_and_to_the_value_in_it() {
    let template = "hostname x\nip access-list {{ v }} permit ip src any dest any\n";
    let text = used("v: { type: string }", template, "v: spare");
    for expected in ["[not-used]", "roles/a/t.ix.j2:2:", "a value in it, for router `r`", "i.yaml:5:"] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    let text = used("v: { type: string, default: spare }", template, "");
    assert!(text.contains("a value in it") && text.contains("roles/a/role.yaml:4:"), "{text}");
}

#[test]
fn a_template_that_cannot_be_read_says_where() {
    let role = "version: 1\nowns: all\ntemplates: [t.ix.j2]\n";
    let text = found(PLAYBOOK, role, "hostname x\n{% if %}\n");
    assert!(text.starts_with("error[template.failed]: the template cannot be read: "), "{text}");
    assert!(text.contains(" --> roles/a/t.ix.j2:2:"), "{text}");
}

#[test]
fn a_variable_without_a_value_and_a_list_cannot_be_printed() {
    let none = used("v: { type: string }", "hostname x\nhostname {{ v }}\n", "");
    assert_eq!(
        none,
        "error[template.failed]: the template failed: this variable has no value
 --> roles/a/t.ix.j2:2:13
  |
2 | hostname {{ v }}
  |             ^
  = see: rendered for router `r` (i.yaml:7:7)
  = help: correct the template here; a variable that may be empty is asked for first (`{% if NAME %}`), or has a `default:` in the role
"
    );
    let list = used("v: { type: port-list, default: [1, 2] }", "x {{ v }}\n", "");
    assert!(list.contains("a sequence cannot be printed; join a list, or ask a condition"), "{list}");
}

#[test]
fn the_name_of_a_credential_never_becomes_the_password() {
    let variables = "admin_password: { type: credential, default: x }, w: { type: string, default: x }";
    for (template, why) in [
        ("{{ admin_password }}", "a credential is printed as `secret(variable)`; its name is not its value"),
        ("{{ secret(\"x\") }}", "secret() takes a variable of the type `credential` that has a value"),
        ("{{ secret(w) }}", "secret() takes a variable of the type `credential` that has a value"),
        ("{{ admin_password ~ w }}", "the line holds `?`"),
        ("{{ admin_password | string }}", "the line holds `?`"),
    ] {
        let text = used(variables, &format!("username a password plain 1 {template} administrator\n"), "");
        assert!(text.contains(why), "{template}: {text}");
    }
}

#[test]
fn what_a_template_stops_with_is_said_in_japanese_too() {
    let variables =
        "psk: { type: credential, default: x }, none: { type: string }, list: { type: port-list, default: [1] }";
    for (template, code, why) in [
        ("{{ psk }}", "template.failed", "認証情報は `secret(変数)` として出力します"),
        ("{{ none }}", "template.failed", "この変数には値がありません"),
        ("{{ list }}", "template.failed", "sequence は出力できません"),
        ("{{ secret(none) }}", "template.failed", "値のある型 `credential` の変数を渡してください"),
        ("{{ \"x\" | device }}", "template.failed", "`x` は vlan-group のインタフェースではありません"),
        ("{{ \"x\" * 900000 }}", "template.too-large", "テンプレートの生成量が多すぎます"),
    ] {
        let text = used_in(Lang::Ja, variables, &format!("hostname {template}\n"), "");
        assert!(text.starts_with(&format!("エラー[{code}]: ")) && text.contains(why), "{template}: {text}");
        assert!(text.contains(" --> roles/a/t.ix.j2:1:"), "{template}: {text}");
    }
}

#[test]
fn a_condition_that_is_too_much_for_the_engine_is_said_as_such() {
    let condition = vec!["true"; 70].join(" and ");
    let role =
        format!("version: 1\nowns: all\ntemplates: [t.ix.j2]\nrefuse: [{{ if: {condition}, because: never }}]\n");
    let text = found(PLAYBOOK, &role, "hostname x\n");
    assert!(text.starts_with("error[template.too-large]: an expression has too many operators"), "{text}");
}

#[test]
fn a_secret_in_a_template_or_a_variable_is_refused_and_never_shown() {
    for template in [
        "username admin password plain 1 c4nary administrator\n",
        "username admin password hash C4NARY@ administrator\n",
        "ppp profile p\n  authentication password me@isp c4nary\n",
    ] {
        let text = used("", template, "");
        assert!(text.starts_with("error[template.plain-secret]: the secret of `"), "{text}");
        assert!(!text.to_ascii_lowercase().contains("c4nary"), "{text}");
    }
    let text = used("v: { type: string }", "username admin password plain 1 {{ v }} administrator\n", "v: c4nary");
    assert!(text.starts_with("error[template.plain-secret]") && !text.contains("c4nary"), "{text}");
    let text = used("", "unheard-of password c4nary\n", "");
    assert!(text.starts_with("warning[template.plain-secret]") && !text.contains("c4nary"), "{text}");
    let text = used("wifi_psk: { type: string, default: c4nary }", "hostname x\n", "");
    assert!(text.starts_with("error[role.secret]: `wifi_psk` names a secret") && !text.contains("c4nary"), "{text}");
}

#[test]
fn a_loop_without_end_is_stopped() {
    let text = used("", "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}\n", "");
    assert!(text.starts_with("error[template.failed]: the template does not come to an end"), "{text}");
}

#[test]
fn a_template_reaches_no_other_file() {
    for name in ["../../../etc/passwd", "/etc/passwd", "other.ix.j2"] {
        let text = used("", &format!("{{% include \"{name}\" %}}\n"), "");
        assert!(text.starts_with("error[template.failed]: there is no such template in the role's folder"), "{text}");
    }
    let text = found(PLAYBOOK, "version: 1\nowns: all\ntemplates: [../../etc/passwd]\n", "");
    assert!(text.starts_with("error[role.template]: `../../etc/passwd` is not a template"), "{text}");
}

#[test]
fn values_that_do_not_fit_their_type_are_shown_with_their_place_all_at_once() {
    let variables = "a: { type: ipv4-interface }, b: { type: bool }, c: { type: enum, choices: [east, west] }, \
                     d: { type: port-list }, e: { type: string }, f: { type: integer, min: 1, max: 9 }, g: { type: interface }";
    let vars = "a: 192.0.2.1, b: yes, c: eest, d: 3, e: no, f: 010, g: GigaEthernet9.0";
    let text = used(variables, "hostname x\n", vars);
    let headings: Vec<&str> = text.lines().filter(|l| l.starts_with("error")).collect();
    assert_eq!(
        headings,
        [
            "error[variable.value]: `192.0.2.1` is not an IPv4 address with a prefix length",
            "error[variable.type]: `b` takes `true` or `false`",
            "error[variable.type]: `c` takes one of `east`, `west`",
            "error[variable.type]: `d` takes a list",
            "error[variable.type]: `e` takes text, and this is a truth value to many YAML readers",
            "error[variable.type]: `f` takes a whole number from 1 to 9",
            "error[model.interface]: the IX2215 does not have an interface `GigaEthernet9.0`",
        ]
    );
    for hint in [
        "such as `192.0.2.1/24`",
        "write `true`",
        "did you mean `east`?",
        "write \"no\" in quotes",
        // Never as a slip of the pen: another number is another cable, and this one would be the WAN's.
        "known of the IX2215: `GigaEthernet0.0`, `GigaEthernet1.0`, `GigaEthernet2.0`",
    ] {
        assert!(text.contains(&format!(" = help: {hint}")), "{hint}: {text}");
    }
    assert!(text.contains(" = path: sites.s.vars.c"), "{text}");
}

#[test]
fn a_missing_value_names_the_slip_that_may_have_caused_it() {
    let text = used("ntt_area: { type: string, required: true }", "hostname x\n", "ntt_aera: east");
    assert_eq!(
        text,
        "warning[variable.unknown]: no role of this playbook takes the variable `ntt_aera`
 --> i.yaml:5:23
  |
5 |     vars: { ntt_aera: east }
  |                       ^^^^
  = path: sites.s.vars.ntt_aera
  = help: did you mean `ntt_area`?

error[variable.missing]: router `r` has no value for `ntt_area`, which the role `a` requires
 --> i.yaml:7:7
  |
7 |       r: { model: IX2215, role: a, connection: { mock: { start: prepared } } }
  |       ^
  = path: sites.s.routers.r
  = help: `ntt_aera` is there: did you mean `ntt_area`?
  = help: write it under `vars:` of the router, its site, a group or the defaults
"
    );
}

#[test]
fn slips_in_playbooks_and_roles_are_found_together() {
    let text = found(
        "version: 2\nname: p\nplay: []\nplays:\n  - role: [a]\nrollout: { concurency: 4, max_failures: 0 }\n",
        "",
        "",
    );
    let headings: Vec<&str> = text.lines().filter(|l| l.starts_with("error")).collect();
    assert_eq!(
        headings,
        [
            "error[yaml.version]: version 2 of this file is not known",
            "error[yaml.unknown-key]: `play` is not a key of a playbook",
            "error[yaml.missing-key]: a play needs the key `roles`",
            "error[yaml.unknown-key]: `role` is not a key of a play",
            "error[yaml.unknown-key]: `concurency` is not a key of the rollout",
            "error[rollout.budget]: `0` is not a budget",
        ]
    );
    let role = "\
version: 1
owns: url-list
templates: [t.ix.j2]
min_firmware: 10.x
variables:
  a: { type: adress }
  b: { type: enum }
  c: { type: string, required: true, default: x }
  d: { type: ipv4-prefix, default: 192.0.2.1/24 }
refuse:
  - { if: \"e == 1\", because: no }
checks:
  - { name: x, phase: benhc, level: required, command: show version, expect: [] }
  - { name: y, phase: bench, level: required, command: reload, expect: [] }
  - { name: z, phase: bench, level: required, command: show version, expect: [{ matches: \"(\" }] }
";
    let text = found(PLAYBOOK, role, "hostname x\n");
    let headings: Vec<&str> = text.lines().filter(|l| l.starts_with("error")).collect();
    assert_eq!(
        headings,
        [
            "error[role.owns]: `owns` is `all` or a list",
            "error[role.firmware]: `10.x` is not a firmware version",
            "error[role.type]: `adress` is not a type of variables",
            "error[role.choices]: `choices` belongs to the type `enum`, and only to it",
            "error[role.required]: a required variable has no default",
            "error[variable.value]: `192.0.2.1/24` has bits of a host behind its prefix length",
            "error[yaml.ambiguous]: `no` without quotes is a truth value to many YAML readers, and text is expected here",
            "error[value.choice]: `benhc` is none of `bench`, `clinic`",
            "error[role.check-command]: a check cannot run `reload`",
            "error[role.pattern]: this pattern cannot be read: error: unclosed group",
        ]
    );
}

#[test]
fn a_field_that_a_display_does_not_have_and_a_condition_that_says_nothing_are_found() {
    let checks = [
        ("show ipv6 dhcp client", "field: prefxi, is: present", "`show ipv6 dhcp client` has no field `prefxi`"),
        ("show proxy-dns", "field: server, is: present", "the answer of `show proxy-dns` is not read into fields"),
        ("show ipv6 dhcp client", "field: prefix", "a field needs `is`: what it must be"),
        ("show ipv6 dhcp client", "field: prefix, is: nice", "this condition cannot be read"),
        ("show ipv6 dhcp client", "field: prefix, is: /300", "this condition cannot be read"),
        (
            "show ipv6 dhcp client",
            "contains: x, is: present",
            "`of` belongs to `field`, and `is` to `field` or `capture`",
        ),
        (
            "show proxy-dns",
            "capture: \"Status\", is: present",
            "`capture` and `host_key` take a pattern with exactly one group",
        ),
        ("show version", "not: { field: firmwar, is: present }", "`show version` has no field `firmwar`"),
    ];
    let role = checks.iter().enumerate().fold(
        "version: 1\nowns: all\ntemplates: [t.ix.j2]\nchecks:\n".to_owned(),
        |role, (number, (command, expect, _))| {
            role + &format!(
                "  - {{ name: c{number}, phase: bench, level: required, command: {command}, expect: [{{ {expect} }}] }}\n"
            )
        },
    );
    let text = found(PLAYBOOK, &role, "hostname x\n");
    let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("error[role.check-field]: ")).collect();
    assert_eq!(headings, checks.map(|(.., heading)| heading), "{text}");
    assert!(text.contains("did you mean `prefix`?") && text.contains("did you mean `firmware`?"), "{text}");
}

#[test]
fn a_test_from_the_laptop_that_could_decide_or_says_too_little_is_found() {
    let tests = [
        (
            "required",
            "lan: 192.0.2.0/24, connect: \"192.0.2.1:80\"",
            "a test from the laptop cannot be required: it is made after the save",
        ),
        ("advisory", "lan: 192.0.2, connect: \"192.0.2.1:80\"", "`192.0.2` is not the network of the laptop's port"),
        ("advisory", "lan: 192.0.2.0/24, connect: 192.0.2.1", "`192.0.2.1` is not an address that the laptop can test"),
        (
            "advisory",
            "lan: 192.0.2.0/24, connect: \"[fe80::1]:80\"",
            "`[fe80::1]:80` is not an address that the laptop can test",
        ),
        (
            "advisory",
            "lan: 192.0.2.0/24, resolve: a b, type: A, server: 192.0.2.1",
            "`a b` is not a name that can be resolved",
        ),
        (
            "advisory",
            "lan: 192.0.2.0/24, not: { resolve: a.jp, type: AAAA, server: dns }",
            "`dns` is not an address that the laptop can test",
        ),
    ];
    let role = tests.iter().enumerate().fold(
        "version: 1\nowns: all\ntemplates: [t.ix.j2]\nchecks:\n".to_owned(),
        |role, (number, (level, test, _))| {
            role + &format!("  - {{ name: c{number}, phase: bench, level: {level}, laptop: {{ {test} }} }}\n")
        },
    ) + "  - { name: both, phase: bench, level: advisory, command: show version, laptop: { lan: 192.0.2.0/24, connect: \"192.0.2.1:80\" } }\n";
    let text = found(PLAYBOOK, &role, "hostname x\n");
    let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("error[role.laptop]: ")).collect();
    let mut expected = tests.map(|(.., heading)| heading).to_vec();
    expected.push("a check has `command`, or `laptop`, and not both");
    assert_eq!(headings, expected, "{text}");
}

#[test]
fn two_roles_cannot_own_one_line() {
    let role = "version: 1\nowns: [\"url-list x\"]\ntemplates: [t.ix.j2]\n";
    let files = [
        ("roles/a/role.yaml", role),
        ("roles/a/t.ix.j2", "url-list x permit domain *a.jp\n"),
        ("roles/b/role.yaml", role),
        ("roles/b/t.ix.j2", "url-list x permit domain *b.jp\n"),
    ];
    let text = "version: 1\nname: p\nplays: [{ routers: r, roles: [a, b] }]\n";
    let (playbook, _) = playbook(text, &files).unwrap_or_else(|e| panic!("{}", e.render(Lang::En)));
    let inventory =
        "version: 1\nsites: { s: { routers: { r: { model: IX2215, connection: { mock: { start: prepared } } } } } }\n";
    let (inventory, _) = Inventory::read(&[SourceFile::new("i.yaml", inventory)]).unwrap();
    let found = playbook.rendered(&inventory, &Limit::all()).unwrap_err().render(Lang::En);
    assert!(found.starts_with("error[role.owned-twice]: two roles of router `r` own `url-list x`"), "{found}");
}

#[test]
fn a_line_that_the_role_does_not_own_is_an_error_with_its_place() {
    let role = "version: 1\nowns: [\"url-list x\", \"no-such-command\"]\ntemplates: [t.ix.j2]\n";
    let text = found(PLAYBOOK, role, "hostname x\n");
    assert!(text.starts_with("error[ownership.unknown]: `owns:` names `no-such-command`"), "{text}");
    let files = [
        ("roles/a/role.yaml", "version: 1\nowns: [\"url-list x\"]\ntemplates: [t.ix.j2]\n"),
        ("roles/a/t.ix.j2", "url-list x permit domain *a.jp\nhostname x\n"),
    ];
    let (playbook, _) = playbook(PLAYBOOK, &files).unwrap();
    let inventory = "version: 1\nsites: { s: { routers: { r: { model: IX2215, role: a, connection: { mock: { start: prepared } } } } } }\n";
    let (inventory, _) = Inventory::read(&[SourceFile::new("i.yaml", inventory)]).unwrap();
    let found = playbook.rendered(&inventory, &Limit::all()).unwrap_err().render(Lang::En);
    assert!(
        found.starts_with(
            "error[role.not-owned]: the role `a` renders a line that it does not own: `hostname x`
 --> roles/a/t.ix.j2:2:1
"
        ),
        "{found}"
    );
}

#[test]
fn a_role_that_is_not_there_is_named() {
    let text = found("version: 1\nname: p\nplays: [{ roles: [nobody] }]\n", "", "");
    assert!(
        text.starts_with("error[playbook.role]: there is no role `nobody`: no file `roles/nobody/role.yaml`"),
        "{text}"
    );
}

#[test]
fn a_router_with_an_undefined_role_is_named() {
    let (role, template) = ("version: 1\nowns: all\ntemplates: [t.ix.j2]\n", "hostname x\n");
    let files = [
        ("roles/a/role.yaml", role),
        ("roles/a/t.ix.j2", template),
        ("roles/branch/role.yaml", role),
        ("roles/branch/t.ix.j2", template),
    ];
    let (playbook, _) = playbook(PLAYBOOK, &files).unwrap();
    let rendered = |other: &str| {
        let routers = [("r", "a"), ("s", other), ("t", other)].map(|(name, role)| {
            format!("{name}: {{ model: IX2215, role: {role}, connection: {{ mock: {{ start: prepared }} }} }}")
        });
        let inventory = format!("version: 1\nsites: {{ s: {{ routers: {{ {} }} }} }}\n", routers.join(", "));
        let (inventory, _) = Inventory::read(&[SourceFile::new("i.yaml", inventory)]).unwrap();
        match playbook.rendered(&inventory, &Limit::all()) {
            Ok((rendered, found)) => (rendered.len(), found.render(Lang::En)),
            Err(found) => (0, found.render(Lang::En)),
        }
    };
    assert_eq!(rendered("branch"), (1, String::new()), "another playbook's role");
    let (count, found) = rendered("brnach");
    assert!(count == 0 && found.starts_with("error[playbook.unknown-role]: there is no role `brnach`"), "{found}");
    assert!(found.contains("did you mean `branch`?"), "{found}");
    let (count, found) = rendered("somewhere-else");
    assert!(count == 1 && found.starts_with("warning[playbook.unknown-role]"), "{found}");
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("t.ix.j2"), "hostname stolen\n").unwrap();
    std::fs::create_dir_all(folder.path().join("roles/a")).unwrap();
    std::fs::write(folder.path().join("p.yaml"), PLAYBOOK).unwrap();
    let role = "version: 1\nowns: all\ntemplates: [t.ix.j2]\n";
    std::fs::write(folder.path().join("roles/a/role.yaml"), role).unwrap();
    std::os::unix::fs::symlink(outside.path().join("t.ix.j2"), folder.path().join("roles/a/t.ix.j2")).unwrap();
    let found = crate::playbook::load(&folder.path().join("p.yaml")).unwrap_err().render(Lang::En);
    assert!(found.contains("it is a link that leads out of the playbook's folder"), "{found}");
}

#[test]
fn inventory_playbook_and_values_are_judged_in_one_run_without_follow_up_errors() {
    let folder = tempfile::tempdir().unwrap();
    let inventory = folder.path().join("i.yaml");
    let text = "\
version: 1
sites:
  s:
    titel: x
    groups: [nobody]
    routers:
      r1:
        model: IX2216
        role: router1
        connection: { ssh: { host: 192.0.2.300, user: u, password: c4nary } }
        vars: { ntt_area: eest, terminal_interface: GigaEthernet9.0, extra_domains: [\"*a?b\"] }
      r2:
        model: IX2215
        role: router2
        connection: { ssh: { host: h, user: u, password: c4nary } }
        vars: { link_address: 192.168.0.0/24, medical_interface: GigaEthernet5.0, link_description: \"a\\tb\" }
";
    std::fs::write(&inventory, text).unwrap();
    let playbook = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks/online-eligibility.yaml");
    let found = crate::playbook::desired(&playbook, &inventory, &Limit::parse("r1,r2").unwrap()).unwrap_err();
    let codes: Vec<(u32, &str)> = found.iter().map(|d| (d.position().map_or(0, |(_, line, _)| line), d.code)).collect();
    assert_eq!(
        codes,
        [
            (4, "yaml.unknown-key"),
            (5, "inventory.undefined-group"),
            (8, "inventory.model"),
            (10, "value.address"),
            (10, "credential.undefined"),
            (11, "variable.type"),
            (11, "value.untypable"),
            (15, "credential.undefined"),
            (16, "variable.value"),
            (16, "model.interface"),
            (16, "value.untypable"),
        ]
    );
    assert!(!found.render(Lang::En).contains("c4nary"));
    let missing = folder.path().join("none.yaml");
    let both = crate::playbook::desired(&missing, &missing, &Limit::all()).unwrap_err();
    assert_eq!(both.errors(), 1, "{}", both.render(Lang::En));
}

#[test]
fn lint_findings_point_at_the_template_and_can_be_silenced_with_a_reason() {
    let role = "version: 1\nowns: all\ntemplates: [t.ix.j2]\n";
    let template = "interface GigaEthernet0.0\n  ip filter nobody 100 in\n  no shutdown\n";
    let files = [("roles/a/role.yaml", role), ("roles/a/t.ix.j2", template)];
    let inventory = "version: 1\nsites: { s: { routers: { r: { model: IX2215, role: a, connection: { mock: { start: prepared } } } } } }\n";
    let (inventory, _) = Inventory::read(&[SourceFile::new("i.yaml", inventory)]).unwrap();
    let judge = |text: &str| {
        let (playbook, _) = playbook(text, &files).unwrap_or_else(|e| panic!("{}", e.render(Lang::En)));
        match playbook.rendered(&inventory, &Limit::all()) {
            Ok((_, found)) | Err(found) => found.render(Lang::En),
        }
    };
    let text = judge(PLAYBOOK);
    assert!(text.contains("[not-defined]: ") && text.contains(" --> roles/a/t.ix.j2:2:3"), "{text}");
    assert!(text.contains("rendered for router `r`") && text.contains("{ id: not-defined, reason: ... }"), "{text}");
    let silenced =
        format!("{PLAYBOOK}lint: {{ silence: [{{ id: not-defined, reason: it comes with the next release }}] }}\n");
    assert_eq!(judge(&silenced), "");
    let text = found(&format!("{PLAYBOOK}lint: {{ silence: [{{ id: not-defind, reason: x }}] }}\n"), role, template);
    assert!(text.contains("error[playbook.lint-id]") && text.contains("did you mean `not-defined`?"), "{text}");
}

#[test]
fn a_repeated_line_is_shown_with_both_places() {
    let inventory = |role: &str| {
        let text = format!(
            "version: 1\nsites: {{ s: {{ routers: {{ r: {{ model: IX2215, role: {role}, connection: {{ mock: {{ start: prepared }} }} }} }} }} }}\n"
        );
        Inventory::read(&[SourceFile::new("i.yaml", text)]).unwrap().0
    };
    // What is wrong with a line whatever is around it is also found for a role that owns only a part.
    for owns in ["all", "[interface *, telnet-server]"] {
        let role = format!("version: 1\nowns: {owns}\ntemplates: [t.ix.j2]\n");
        for (template, id, place, first) in [
            ("interface GigaEthernet0.0\n  ip mtu 1400\n  ip mtu 1454\n", "repeated-line", 3, Some(2)),
            (
                "interface GigaEthernet0.0\n  shutdown\n!\ninterface GigaEthernet0.0\n  no shutdown\n",
                "repeated-line",
                5,
                Some(2),
            ),
            ("interface GigaEthernet0.0\nip mtu 1400\ntelnet-server ip enable\n", "place", 3, None),
            ("interface GigaEthernet0.0\n  ip addr 10.0.0.1/24\n", "abbreviation", 2, None),
        ] {
            let files = [("roles/a/role.yaml", role.as_str()), ("roles/a/t.ix.j2", template)];
            let (playbook, _) = playbook(PLAYBOOK, &files).unwrap_or_else(|e| panic!("{}", e.render(Lang::En)));
            let text = playbook.rendered(&inventory("a"), &Limit::all()).err().unwrap_or_default().render(Lang::En);
            assert!(text.contains(&format!("error[{id}]: ")), "{text}");
            assert!(text.contains(&format!(" --> roles/a/t.ix.j2:{place}:")), "{text}");
            assert!(first.is_none_or(|first| text.contains(&format!("roles/a/t.ix.j2:{first}"))), "{text}");
        }
    }
}

#[test]
fn the_file_of_an_error_is_told_by_its_whole_name() {
    let role = "version: 1\nowns: all\ntemplates: [t.ix.j2]\nincludes: [x-part.ix.j2, part.ix.j2]\nvariables: { v: { type: string } }\n";
    let files = [
        ("roles/a/role.yaml", role),
        ("roles/a/t.ix.j2", "{% include \"part.ix.j2\" %}\n"),
        ("roles/a/x-part.ix.j2", "hostname x\n"),
        ("roles/a/part.ix.j2", "!\nhostname {{ v }}\n"),
    ];
    let (playbook, _) = playbook(PLAYBOOK, &files).unwrap_or_else(|e| panic!("{}", e.render(Lang::En)));
    let inventory = "version: 1\nsites: { s: { routers: { r: { model: IX2215, role: a, connection: { mock: { start: prepared } } } } } }\n";
    let (inventory, _) = Inventory::read(&[SourceFile::new("i.yaml", inventory)]).unwrap();
    let found = playbook.rendered(&inventory, &Limit::all()).unwrap_err().render(Lang::En);
    assert!(found.contains(" --> roles/a/part.ix.j2:2:"), "{found}");
}

#[test]
fn a_declaration_that_no_value_can_meet_is_refused_at_its_place() {
    for (variables, said) in [
        ("p: { type: port, min: 1, max: 4 }", "role.bounds]: `min` and `max` mean nothing for the type `port`"),
        ("n: { type: integer, min: 10, max: 5 }", "role.bounds]: no value is at least 10 and at most 5"),
        ("Router_X: { type: string }", "variable.name]: `Router_X` is not a variable name"),
        ("router: { type: string }", "variable.reserved]: `router` already means something"),
    ] {
        let text = used(variables, "hostname x\n", "");
        assert!(text.contains(said) && text.contains(" --> roles/a/role.yaml:4:"), "{text}");
    }
}

#[test]
fn follow_up_errors_of_a_slip_are_not_reported() {
    let text = used("host: { type: strnig }", "hostname {{ host }}\n", "");
    assert!(text.contains("error[role.type]") && !text.contains("template.undeclared"), "{text}");
    let role = "version: 1\nowns: all\ntemplates: [t.ix.j2]\nvariables: { v: { type: string, required: true } }\n";
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    };
    let inventory = write(
        "i.yaml",
        "version: 1\nsites:\n  s:\n    routers:\n      r: { model: IX2215, role: a, connection: { mock: {} }, var: { v: x } }\n",
    );
    write("roles/a/role.yaml", role);
    let book = write("p.yaml", PLAYBOOK);
    // A template that is not there is looked for beside the playbook, not in the folder one is in.
    let found = crate::playbook::desired(&book, &inventory, &Limit::all()).unwrap_err().render(Lang::En);
    assert!(found.contains("a role's files are in its own folder") && !found.contains("folder you are in"), "{found}");
    write("roles/a/t.ix.j2", "hostname {{ v }}\n");
    let found = crate::playbook::desired(&book, &inventory, &Limit::all()).unwrap_err().render(Lang::En);
    assert!(found.contains("error[yaml.unknown-key]: `var`") && !found.contains("variable.missing"), "{found}");
}

#[test]
fn a_line_that_plan_refuses_cannot_be_silenced_and_what_is_silenced_is_kept() {
    let role = "version: 1\nowns: all\ntemplates: [t.ix.j2]\n";
    let inventory = "version: 1\nsites: { s: { routers: { r: { model: IX2215, role: a, connection: { mock: { start: prepared } } } } } }\n";
    let (inventory, _) = Inventory::read(&[SourceFile::new("i.yaml", inventory)]).unwrap();
    let judge = |text: &str, template: &str| {
        let files = [("roles/a/role.yaml", role), ("roles/a/t.ix.j2", template)];
        playbook(text, &files).and_then(|(playbook, _)| playbook.rendered(&inventory, &Limit::all()))
    };
    let text = judge(PLAYBOOK, "interface GigaEthernet0.0\n  ip addr 10.0.0.1/24\n").unwrap_err().render(Lang::En);
    assert!(text.contains("error[abbreviation]") && !text.contains("silence"), "{text}");
    let silence = |id: &str| format!("{PLAYBOOK}lint: {{ silence: [{{ id: {id}, reason: soon }}] }}\n");
    let text = judge(&silence("abbreviation"), "hostname x\n").unwrap_err().render(Lang::En);
    assert!(text.contains("`abbreviation` cannot be silenced"), "{text}");
    let filter = "interface GigaEthernet0.0\n  ip filter nobody 100 in\n  no shutdown\n";
    let (rendered, found) = judge(&silence("not-defined"), filter).unwrap();
    let silenced = &rendered[0].silenced[0];
    assert_eq!((silenced.id, silenced.reason.as_str(), found.len()), ("not-defined", "soon", 0));
    assert_eq!(silenced.place.as_ref().map(ToString::to_string).as_deref(), Some("roles/a/t.ix.j2:2:3"));
}

#[test]
fn a_router_without_a_role_is_warned_of_where_a_playbook_goes_by_roles() {
    let files =
        [("roles/a/role.yaml", "version: 1\nowns: all\ntemplates: [t.ix.j2]\n"), ("roles/a/t.ix.j2", "hostname x\n")];
    let router = |name: &str, role: &str| {
        format!("      {name}: {{ model: IX2215, {role}connection: {{ mock: {{ start: prepared }} }} }}\n")
    };
    let text = format!("version: 1\nsites:\n  s:\n    routers:\n{}{}", router("r", "role: a, "), router("s", ""));
    let (inventory, _) = Inventory::read(&[SourceFile::new("i.yaml", text)]).unwrap();
    let warned = |book: &str, limit: &str| {
        let (playbook, _) = playbook(book, &files).unwrap();
        let (rendered, found) = playbook.rendered(&inventory, &Limit::parse(limit).unwrap()).unwrap();
        assert_eq!(rendered.len(), 1);
        found.render(Lang::En)
    };
    let text = warned(PLAYBOOK, "*");
    assert!(
        text.starts_with("warning[playbook.no-role]: router `s` has no role") && text.contains("i.yaml:6:7"),
        "{text}"
    );
    assert_eq!(warned(PLAYBOOK, "r"), "");
    assert_eq!(warned("version: 1\nname: p\nplays: [{ routers: r, roles: [a] }]\n", "*"), "");
}
