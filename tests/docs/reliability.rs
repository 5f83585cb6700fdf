//! Each row of the table of failures is a test, and the test exists.

use crate::{path, text};

/// The names of the functions that tests in a folder or file are, with the file's name before them.
fn tests_below(place: &std::path::Path, found: &mut Vec<(String, String)>) {
    if place.is_dir() {
        for entry in std::fs::read_dir(place).unwrap() {
            tests_below(&entry.unwrap().path(), found);
        }
        return;
    }
    let stem = place.file_stem().unwrap().to_string_lossy().into_owned();
    let folder = place.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
    let module = if stem == "tests" { folder } else { stem };
    let source = std::fs::read_to_string(place).unwrap();
    // A table of tests: `name: what;` inside a macro's call.
    let mut in_table = false;
    let mut marked = false;
    for line in source.lines() {
        in_table = line.ends_with("! {") && !line.starts_with(' ') && !line.starts_with("macro_rules")
            || in_table && line != "}";
        let row = line.strip_prefix("    ").and_then(|row| row.split_once(':')).filter(|_| in_table);
        if let Some((name, _)) =
            row.filter(|(name, _)| name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_'))
        {
            found.push((module.clone(), name.to_owned()));
        }
        let line = line.trim();
        if let Some(name) = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next()).filter(|_| marked) {
            found.push((module.clone(), name.to_owned()));
        }
        marked = line == "#[test]" || marked && line.starts_with("#[");
    }
}

#[test]
fn every_row_of_failures_names_tests_that_exist() {
    let document = text("docs/reliability.md");
    let table = document.split("## What happens when").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 30, "{} rows", rows.len());
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        assert_eq!(cells.len(), 6, "{row}");
        let tests: Vec<&str> = cells[5].split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "{row}");
        for test in tests {
            let (place, name) = match test.split_once(' ') {
                None => ("tests/e2e".to_owned(), test),
                Some(("unit", name)) => ("src".to_owned(), name),
                Some((folder, name)) => (format!("tests/{folder}"), name),
            };
            assert!(path(&place).is_dir(), "{place}: {row}");
            let (module, name) = name.split_once("::").unwrap_or_else(|| panic!("{test}: {row}"));
            let mut found = Vec::new();
            tests_below(&path(&place), &mut found);
            assert!(found.contains(&(module.to_owned(), name.to_owned())), "{test} is no test: {row}");
        }
    }
}
