//! `docs/errors.md` names every stable code of the sources, and none that is gone.

use std::collections::BTreeSet;
use std::path::Path;

use regex::Regex;

use crate::{path, text};

/// What follows the dot of a file name, and is no error code.
const FILE_KINDS: [&str; 9] = ["yaml", "yml", "cfg", "rs", "txt", "ixg", "json", "jp", "sqlite"];

#[test]
fn every_code_is_documented_and_every_documented_code_exists() {
    let mut written = BTreeSet::new();
    collect(&path("src"), &mut written);
    assert!(written.len() > 100, "the form of a code in the sources has changed: only {written:?}");
    let row = Regex::new(r"(?m)^\| `([a-z-]+\.[a-z0-9-]+)` \|").unwrap();
    let document = text("docs/errors.md");
    let rows: Vec<&str> = row.captures_iter(&document).map(|row| row.get(1).unwrap().as_str()).collect();
    let documented: BTreeSet<String> = rows.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(rows.len(), documented.len(), "a code stands twice in docs/errors.md");
    let missing: Vec<_> = written.difference(&documented).collect();
    let gone: Vec<_> = documented.difference(&written).collect();
    assert!(missing.is_empty() && gone.is_empty(), "missing in docs/errors.md: {missing:?}; no longer there: {gone:?}");
}

#[test]
fn every_code_is_explained_in_both_languages() {
    for line in text("docs/errors.md").lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        assert_eq!(cells.len(), 3, "{line}");
        assert!(cells[1].is_ascii() && !cells[2].is_ascii(), "English, then Japanese: {line}");
    }
}

/// Every text literal of the form `area.matter` outside tests: nothing else in the sources looks like that.
fn collect(folder: &Path, codes: &mut BTreeSet<String>) {
    let literal = Regex::new(r#""([a-z]+(?:-[a-z0-9]+)*\.([a-z0-9]+(?:-[a-z0-9]+)*))""#).unwrap();
    let tests = Regex::new(r"(?m)^#\[cfg\(test\)\]\n(?:#\[.*\n)*mod ").unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if file.is_dir() {
            collect(&file, codes);
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
            let source = std::fs::read_to_string(&file).unwrap();
            let product = tests.find(&source).map_or(source.as_str(), |tests| &source[..tests.start()]);
            for found in literal.captures_iter(product) {
                if !FILE_KINDS.contains(&&found[2]) {
                    codes.insert(found[1].to_owned());
                }
            }
        }
    }
}
