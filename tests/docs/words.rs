//! The words: what a joiner would search for is found in the file that answers, and the glossary's words are those of the code.

use std::collections::BTreeSet;

use regex::Regex;

use crate::{path, text};

/// The rows of the table below a heading, cell by cell.
fn rows(document: &str, heading: &str) -> Vec<Vec<String>> {
    let section = document.split(heading).nth(1).unwrap_or_else(|| panic!("no {heading}"));
    let section = section.split("\n## ").next().unwrap();
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    section.lines().filter(|line| line.starts_with("| ")).skip(1).map(cells).collect()
}

#[test]
fn a_joiners_question_leads_to_a_file_that_holds_the_obvious_word() {
    let rows = rows(&text("CONTRIBUTING.md"), "## Where to find what");
    assert!(rows.len() >= 30, "only {} questions", rows.len());
    for row in rows {
        let (file, word) = (row[1].trim_matches('`'), row[2].trim_matches('`'));
        assert!(path(file).is_file(), "{}: there is no {file}", row[0]);
        assert!(text(file).to_lowercase().contains(&word.to_lowercase()), "{}: {file} does not say {word}", row[0]);
    }
}

#[test]
fn the_glossary_explains_a_word_once_in_both_languages() {
    let glossary = text("docs/glossary.md");
    let rows = rows(&glossary, "# Glossary");
    let words: BTreeSet<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(words.len(), rows.len(), "a word has two rows");
    for row in &rows {
        assert_eq!(row.len(), 4, "{row:?}");
        assert!(!row[2].is_empty() && row[1].is_ascii() && !row[3].is_ascii(), "English, then Japanese: {row:?}");
    }
}

#[test]
fn a_word_of_the_glossary_is_the_type_that_the_code_has() {
    let glossary = text("docs/glossary.md");
    let explained = rows(&glossary, "# Glossary");
    for row in rows(&glossary, "## The words in the code") {
        assert!(explained.iter().any(|known| known[0] == row[0]), "{} is not explained", row[0]);
        let (name, file) = (row[1].trim_matches('`'), row[2].trim_matches('`'));
        let defined = Regex::new(&format!(r"(?m)^pub(?:\([a-z]+\))? (?:struct|enum|trait) {name}\b")).unwrap();
        assert!(defined.is_match(&text(file)), "{file} defines no {name}");
    }
}

#[test]
fn the_walk_of_a_value_passes_functions_that_exist() {
    let document = text("docs/architecture.md");
    let section = document.split("## The walk of one value").nth(1).unwrap().split("\n## ").next().unwrap();
    let (stations, whole) = section.split_once("In full").unwrap();
    let walk = rows(&format!("## Walk{stations}"), "## Walk");
    assert!(walk.len() >= 10, "only {} steps", walk.len());
    for row in walk {
        defines(row[1].trim_matches('`'), row[0].trim_matches('`'));
    }
    let whole = rows(&format!("## Walk{whole}"), "## Walk");
    let passed =
        |row: &Vec<String>| row[1].split(' ').map(|name| name.trim_matches('`').to_owned()).collect::<Vec<_>>();
    whole.iter().for_each(|row| passed(row).iter().for_each(|name| defines(row[0].trim_matches('`'), name)));
    let count: usize = whole.iter().map(|row| passed(row).len()).sum();
    assert!(section.contains(&format!("These are {count}.")), "{count} functions are listed");
}

/// Insists that a file has a function.
fn defines(file: &str, name: &str) {
    let defined = Regex::new(&format!(r"\bfn {name}\b")).unwrap();
    assert!(defined.is_match(&text(file)), "{file} has no function {name}");
}
