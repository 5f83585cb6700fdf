//! Where other people's code comes from, under which licences, and how much of it there may be. Read from what Cargo has already
//! fetched: no network.

use std::collections::BTreeSet;
use std::process::Command;

use crate::root;

/// The licences under which code may be linked. An expression with `OR` needs one of them, with `AND` all.
const LICENCES: [&str; 6] = ["Apache-2.0", "BSD-3-Clause", "ISC", "MIT", "Unicode-3.0", "Zlib"];

/// Weak copyleft, named one by one: used unchanged, so that none of our code falls under it.
const ALSO: [(&str, &str); 1] = [("serialport", "MPL-2.0")];

/// Versions of crates in the lock file. More only with a line in `docs/dependencies.md` that says why.
const MOST: usize = 380;

fn lock_file() -> String {
    std::fs::read_to_string(root().join("Cargo.lock")).unwrap()
}

#[test]
fn the_lock_file_holds_no_more_crates_than_its_ceiling() {
    let count = lock_file().matches("[[package]]").count();
    assert!(
        count <= MOST,
        "{count} crates; say in docs/dependencies.md why each new one is there, then raise this ceiling"
    );
}

#[test]
fn every_crate_comes_from_the_public_registry_with_a_checksum() {
    for package in lock_file().split("[[package]]").skip(1) {
        let field = |key: &str| package.lines().find_map(|line| line.strip_prefix(&format!("{key} = ")));
        let name = field("name").unwrap_or_default();
        let Some(source) = field("source") else {
            assert!(
                ["\"ixdeploy\"", "\"explain-derive\"", "\"mock-device\"", "\"test-support\""].contains(&name),
                "{name} is a path, and not ours"
            );
            continue;
        };
        assert!(source.starts_with("\"registry+"), "{name} comes from {source}");
        assert!(field("checksum").is_some(), "{name} has no checksum");
    }
}

/// Whether an SPDX expression is satisfied by the list. Precedence as in SPDX: `AND` binds closer than `OR`.
fn is_allowed(expression: &str, known: &dyn Fn(&str) -> bool) -> bool {
    let expression = expression.replace('/', " OR ");
    let expression = expression.trim();
    if known(expression) {
        return true;
    }
    let split = |word: &str| {
        let (mut depth, mut parts, mut rest) = (0_i32, vec![String::new()], expression);
        while let Some(c) = rest.chars().next() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            if depth == 0 && rest.starts_with(word) {
                parts.push(String::new());
                rest = &rest[word.len()..];
                continue;
            }
            parts.last_mut().unwrap().push(c);
            rest = &rest[c.len_utf8()..];
        }
        parts
    };
    let (any, all) = (split(" OR "), split(" AND "));
    if any.len() > 1 {
        return any.iter().any(|part| is_allowed(part, known));
    }
    if all.len() > 1 {
        return all.iter().all(|part| is_allowed(part, known));
    }
    expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).is_some_and(|inner| is_allowed(inner, known))
}

#[test]
fn an_expression_of_licences_is_read_as_spdx_says() {
    let known = |licence: &str| ["MIT", "ISC"].contains(&licence);
    for yes in ["MIT", "MIT OR GPL-3.0", "GPL-3.0/MIT", "(MIT OR GPL-3.0) AND ISC", "GPL-3.0 OR MIT AND ISC"] {
        assert!(is_allowed(yes, &known), "{yes}");
    }
    for no in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-3.0", "MITX"] {
        assert!(!is_allowed(no, &known), "{no}");
    }
}

/// What Cargo says of each crate that the program and its tests are made of, here and on this system.
fn crates() -> Vec<serde_json::Value> {
    let host = Command::new(env!("CARGO")).args(["-vV"]).current_dir(root()).output().unwrap();
    let host = String::from_utf8_lossy(&host.stdout).into_owned();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let arguments = ["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", host];
    let told = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let mut told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let packages = told["packages"].take();
    // Metadata lists what other platforms need as well; linked here is what the resolved tree names.
    let linked: BTreeSet<&str> =
        told["resolve"]["nodes"].as_array().unwrap().iter().filter_map(|node| node["id"].as_str()).collect();
    let is_linked = |package: &serde_json::Value| package["id"].as_str().is_some_and(|id| linked.contains(id));
    let crates: Vec<_> = packages.as_array().unwrap().iter().filter(|package| is_linked(package)).cloned().collect();
    assert!(crates.len() > 100, "{} crates were looked at", crates.len());
    crates
}

#[test]
fn every_crate_that_is_linked_has_a_licence_that_allows_it() {
    let mut wrong = Vec::new();
    for package in crates() {
        let (name, licence) = (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or_default());
        let known = |one: &str| LICENCES.contains(&one) || ALSO.contains(&(name, one));
        if !is_allowed(licence, &known) {
            wrong.push(format!("{name}: {licence:?}"));
        }
    }
    assert!(wrong.is_empty(), "licences that no one has agreed to:\n{}", wrong.join("\n"));
}

#[test]
fn a_release_knows_every_licence_and_every_library_that_a_crate_brings() {
    let script = std::fs::read_to_string(root().join("packaging/dependencies.py")).unwrap();
    let block =
        |opening: &str| script.split_once(&format!("\n{opening} = {{\n")).unwrap().1.split_once("\n}").unwrap().0;
    let licences: BTreeSet<&str> = block("KNOWN").split('"').skip(1).step_by(2).collect();
    // A key of the table stands first in its line, and further out than what is said of it.
    let key =
        |line: &str| line.strip_prefix("    \"").and_then(|rest| rest.split_once('"')).map(|(key, _)| key.to_owned());
    let libraries: BTreeSet<String> = block("BUNDLED").lines().filter_map(key).collect();
    let mut wrong = Vec::new();
    for package in crates() {
        let name = package["name"].as_str().unwrap();
        let expression = package["license"].as_str().unwrap_or("none");
        let names = expression.split(|c: char| !c.is_ascii_alphanumeric() && !"-.".contains(c));
        let unknown = names.filter(|one| !["", "AND", "OR", "WITH"].contains(one)).find(|one| !licences.contains(one));
        wrong.extend(unknown.map(|one| format!("{name}: `{one}` is not in KNOWN")));
        if package["links"].is_string() && !libraries.contains(name) {
            wrong.push(format!("{name} links {}, and is not in BUNDLED", package["links"]));
        }
    }
    assert!(wrong.is_empty(), "packaging/dependencies.py makes no release:\n{}", wrong.join("\n"));
}
