#![allow(clippy::unwrap_used)]

use super::*;
use crate::inventory::SourceFile;

fn inventory() -> Inventory {
    let router = |name: &str, role: &str| {
        format!("      {name}: {{ model: IX2215, role: {role}, connection: {{ mock: {{ start: prepared }} }} }}\n")
    };
    let text = format!(
        "version: 1\ngroups: {{ east: , west: }}\nsites:\n  sato:\n    groups: [east]\n    routers:\n{}{}  tanaka:\n    groups: [west]\n    routers:\n{}",
        router("sato-r1", "router1"),
        router("sato-r2", "router2"),
        router("tanaka-r3", "router3"),
    );
    Inventory::read(&[SourceFile::new("a.yaml", text)]).unwrap().0
}

fn select(limit: &str) -> String {
    let inventory = inventory();
    let limit = match Limit::parse(limit) {
        Ok(limit) => limit,
        Err(error) => return error.code().to_owned(),
    };
    match limit.select(&inventory) {
        Ok(pairs) => pairs.iter().map(|(_, r)| r.name.value.as_str()).collect::<Vec<_>>().join(" "),
        Err(error) => format!("{} {:?}", error.code(), error.hints().first().map(|h| h.en.clone())),
    }
}

#[test]
fn names_globs_and_exclusions_choose_routers() {
    for (limit, chosen) in [
        ("sato-r1", "sato-r1"),
        ("sato", "sato-r1 sato-r2"),
        ("east", "sato-r1 sato-r2"),
        ("router3", "tanaka-r3"),
        ("*", "sato-r1 sato-r2 tanaka-r3"),
        ("*-r*", "sato-r1 sato-r2 tanaka-r3"),
        ("tanaka , sato-r2", "sato-r2 tanaka-r3"),
        ("!router2", "sato-r1 tanaka-r3"),
        ("sato,!sato-r1", "sato-r2"),
        ("s*o-r2", "sato-r2"),
        ("*-r[2-3]", "sato-r2 tanaka-r3"),
        ("*-r[1,3],!sato", "tanaka-r3"),
    ] {
        assert_eq!(select(limit), chosen, "{limit}");
    }
}

#[test]
fn what_chooses_nothing_is_an_error() {
    for (limit, answer) in [
        ("sato-r3", "limit.unknown Some(\"did you mean `sato-r1`?\")"),
        ("tanka", "limit.unknown Some(\"did you mean `tanaka`?\")"),
        ("sato,!tanka", "limit.unknown Some(\"did you mean `tanaka`?\")"),
        ("osaka*", "limit.unknown None"),
        ("sato,!east", "limit.nothing None"),
        ("sato,,east", "limit.empty-part"),
        ("", "limit.empty-part"),
        ("!", "limit.empty-part"),
        ("sato-r[3-9]", "limit.unknown None"),
        ("sato-r[2-1]", "limit.range"),
        ("sato-r[1", "limit.range"),
        ("@names.txt", "limit.reference"),
        ("!@run:last:lost", "limit.reference"),
    ] {
        let selected = select(limit);
        assert!(selected.starts_with(answer.trim_end_matches(" None")), "{limit}: {selected}");
    }
}

#[test]
fn recorded_names_choose_like_any_others_and_one_that_is_gone_is_no_error() {
    let mut limit = Limit::parse("!sato-r2").unwrap();
    limit.add_recorded(false, ["sato-r1".to_owned(), "tanaka-r3".to_owned(), "gone-r1".to_owned()]);
    let inventory = inventory();
    let chosen = limit.select(&inventory).unwrap();
    assert_eq!(chosen.iter().map(|(_, r)| r.name.value.as_str()).collect::<Vec<_>>(), ["sato-r1", "tanaka-r3"]);
    assert_eq!(limit.to_string(), "gone-r1,sato-r1,tanaka-r3,!sato-r2");
    // What refers to nothing chooses nothing, and not everything.
    let mut none = Limit::all();
    none.add_recorded(false, []);
    assert_eq!(none.select(&inventory), Err(LimitError::Nothing));
}
