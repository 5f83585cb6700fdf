#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use proptest::prelude::*;

use super::Names;
use crate::inventory::{Inventory, SourceFile};

/// What the full reading of a file finds.
fn in_full(text: &str) -> Names {
    Names::of(&Inventory::attempt(&[SourceFile::new("clinics.yaml", text)]).0)
}

fn shipped(name: &str) -> String {
    std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("inventories").join(name)).unwrap()
}

const MODEL: &str = "model: IX2215, connection: { serial: { port: COM3 } }";

/// An inventory with one router, of which this is said.
fn with(said: &str) -> String {
    format!(
        "version: 1\nsites:\n  sato:\n    routers:\n      r1:\n        model: IX2215\n{said}        connection: {{ mock: {{}} }}\n"
    )
}

#[test]
fn the_layout_of_an_inventory_shows_the_names_that_its_full_reading_finds() {
    let one_line = format!("version: 1\nsites:\n  sato:\n    routers:\n      r1: {{ {MODEL}, role: router1 }}\n");
    let texts = [
        shipped("sample-clinics.yaml"),
        shipped("training.yaml"),
        with(""),
        with("        role: router1            # or roles: [x]\n"),
        with("        role: 'router1'\n"),
        with("        roles: [router1, \"router2\"] # both\n"),
        with("        roles:\n          - router1\n          - router2\n"),
        with("        roles:\n        - router1\n        - router2\n"),
        with("        title: |\n          role: router9\n\n          sites:\n"),
        with("        title: >-\n          two\n          lines: of it\n"),
        with("        title: \"role: a, roles: b\"\n"),
        with("        vars:\n          names:\n          - role\n          - r9\n"),
        with("        # role: router9\n\n"),
        with("        role: router1\n").replace('\n', "\r\n"),
        format!("---\n# yaml-language-server: x\n{}", with("")),
        one_line.clone(),
        one_line.replace("role: router1", "roles: [a, b], title: \"it's, role: c\""),
        one_line.replace("role: router1", "title: Dr's, identity: { hostname: role }"),
        format!(
            "{one_line}      r2: {{ {MODEL} }} \ngroups:\n  east: {{ vars: {{ ntt_area: east }} }}\n  west:\n  'north':\n    title: x\n"
        ),
    ];
    for text in texts {
        assert_eq!(Names::by_layout(&text), Some(in_full(&text)), "{text}");
    }
}

#[test]
fn what_is_written_in_another_way_is_left_to_the_full_reading() {
    let texts = [
        "sites: {}\n".to_owned(),
        "{ version: 1, sites: {} }\n".to_owned(),
        "sites:\n  sato: { routers: {} }\n".to_owned(),
        "sites:\n\tsato:\n".to_owned(),
        "sites:\n  ? sato\n  : routers: {}\n".to_owned(),
        "x: &a {}\nsites:\n  sato: *a\n".to_owned(),
        "sites:\n  sato:\n    routers:\n      r1: &a\n        model: x\n".to_owned(),
        "sites:\n  sato:\n    routers:\n      r1: { model: x,\n        role: a }\n".to_owned(),
        "sites:\n  \"sa\\x74o\":\n".to_owned(),
        format!("{}---\n", with("")),
        with("        role: *a\n"),
        with("        role:\n          router1\n"),
        with("        <<: *a\n"),
    ];
    for text in texts {
        assert_eq!(Names::by_layout(&text), None, "{text}");
    }
}

#[test]
fn a_file_with_a_mistake_shows_its_other_names_and_what_is_no_name_is_none() {
    let text = with("        role: router1\n        sights: {}\n")
        .replace("sites:", "groups:\n  east: {}\n  'r$(reboot)': {}\nsites:");
    let names = Names::by_layout(&text).unwrap();
    assert_eq!(names.groups.into_iter().collect::<Vec<_>>(), ["east"]);
    assert_eq!(names.routers.into_iter().collect::<Vec<_>>(), ["r1"]);
}

/// Ways to say which roles a router has, or what only looks like it; `+` is one step deeper.
const SAID: [&str; 8] = [
    "",
    "role: a",
    "role: 'b' # or c",
    "roles: [a, b]",
    "roles:\n- c\n- d",
    "roles:\n+- e\nvars: {}",
    "title: |\n+role: f\n\n+sites:",
    "lifeline:\n+interface: GigaEthernet0.0\n+# role: g",
];

/// An inventory with a router for each number, which says what is said of it; some begin a new site.
fn laid_out(routers: &[(usize, bool)], step: usize) -> String {
    let indented = |depth: usize, text: &str| format!("{}{text}\n", " ".repeat(step * depth));
    let mut text = format!("version: 1\n{}", indented(0, "sites:"));
    for (number, (said, is_new)) in routers.iter().enumerate() {
        if *is_new || number == 0 {
            text += &(indented(1, &format!("site-{number}:")) + &indented(2, "routers:"));
        }
        text += &indented(3, &format!("r{number}:"));
        for line in SAID[*said].lines().chain(["model: IX2215", "connection: { mock: {} }"]) {
            text += &line.strip_prefix('+').map_or_else(|| indented(4, line), |line| indented(5, line));
        }
    }
    text
}

proptest! {
    #[test]
    fn whatever_is_said_of_routers_the_layout_shows_the_same_names_as_the_full_reading(
        routers in prop::collection::vec((0..SAID.len(), any::<bool>()), 1..6),
        step in 1_usize..5,
    ) {
        let text = laid_out(&routers, step);
        prop_assert_eq!(Names::by_layout(&text), Some(in_full(&text)), "{}", text);
    }
}
