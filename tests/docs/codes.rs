//! `docs/errors.md` is made from the codes of the program: its headings and its prose are written by hand, its tables are not.
//!
//! A table follows a marker with the areas that it holds, `<!-- codes: file yaml -->`. With `IXDEPLOY_UPDATE` set the test writes the
//! tables anew; without it, a table that differs is a failure.

use std::collections::BTreeSet;
use std::path::Path;

use ixdeploy::cli::codes::{Codes, errors, notes, readable};
use ixdeploy::message::{CodeEntry, Lang, Wording};
use regex::Regex;

use crate::{path, text};

const MARKER: &str = "<!-- codes: ";
const NOTES: &str = "<!-- notes -->";
const HEAD: &str = "| code | what it says, and what to do | 意味と対処 |\n|---|---|---|\n";

#[test]
fn the_tables_of_codes_are_those_of_the_program() {
    let before = text("docs/errors.md");
    let after = with_tables(&before);
    if std::env::var_os("IXDEPLOY_UPDATE").is_some() {
        std::fs::write(path("docs/errors.md"), after).unwrap();
        return;
    }
    let differs = before.lines().zip(after.lines()).find(|(one, other)| one != other);
    assert!(
        before == after,
        "docs/errors.md is not what the program says; `IXDEPLOY_UPDATE=1 cargo test --test docs` writes it anew: {differs:#?}"
    );
}

#[test]
fn every_area_has_its_table_once() {
    let document = text("docs/errors.md");
    let mut areas: Vec<&str> = document.lines().filter_map(areas).flatten().collect();
    areas.sort_unstable();
    let mut once = areas.clone();
    once.dedup();
    assert_eq!(areas, once, "an area is in two tables");
    let without: Vec<_> = errors().into_keys().filter(|code| !areas.contains(&area(code))).collect();
    assert!(without.is_empty(), "in no table of docs/errors.md: {without:?}");
}

#[test]
fn every_code_is_explained_in_both_languages() {
    for line in text("docs/errors.md").lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        assert_eq!(cells.len(), 3, "{line}");
        assert!(!is_japanese(cells[1]) && is_japanese(cells[2]), "English, then Japanese: {line}");
    }
}

/// Whether a text has kana or kanji.
fn is_japanese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
}

fn area(code: &str) -> &str {
    code.split('.').next().unwrap()
}

/// The areas of a marker.
fn areas(line: &str) -> Option<Vec<&str>> {
    Some(line.strip_prefix(MARKER)?.strip_suffix(" -->")?.split(' ').collect())
}

/// The document with each table as the program has it.
fn with_tables(document: &str) -> String {
    let (errors, notes) = (errors(), notes());
    let mut out = String::new();
    let mut lines = document.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(&format!("{line}\n"));
        let rows: String = match areas(line) {
            Some(areas) => areas.into_iter().map(|of| table(&errors, |code| area(code) == of)).collect(),
            None if line == NOTES => table(&notes, |_| true),
            None => continue,
        };
        while lines.next_if(|line| line.starts_with('|')).is_some() {}
        out.push_str(HEAD);
        out.push_str(&rows);
    }
    out
}

/// The rows of the codes that are chosen.
fn table(codes: &Codes, is_chosen: impl Fn(&str) -> bool) -> String {
    let chosen = codes.iter().filter(|(code, _)| is_chosen(code));
    chosen.map(|(code, entries)| format!("{}\n", row(code, entries))).collect()
}

fn row(code: &str, entries: &[&CodeEntry]) -> String {
    format!("| `{code}` | {} | {} |", cell(entries, Lang::En), cell(entries, Lang::Ja))
}

/// Every text, then every hint, then every note, each once.
fn cell(entries: &[&CodeEntry], lang: Lang) -> String {
    let say = |wording: &Wording| in_cell(&readable(wording.get(lang)));
    let texts = entries.iter().map(|entry| in_cell(without_router(&readable(entry.text.get(lang)))));
    let word = lang.pick("To do", "対処");
    let hints = entries.iter().flat_map(|entry| entry.hints).map(|hint| format!("{word}: {}", say(hint)));
    let notes = entries.iter().filter_map(|entry| entry.note.as_ref()).map(say);
    let mut parts: Vec<String> = Vec::new();
    for part in texts.chain(hints).chain(notes) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join("<br>")
}

/// The name of the router before a text says nothing here, unless only what is filled in follows.
fn without_router(text: &str) -> &str {
    let rest = text.strip_prefix("{router}: ").or_else(|| text.strip_prefix("{peer}: ")).unwrap_or(text);
    let filled = Regex::new(r"\{[^}]*\}").unwrap();
    if filled.replace_all(rest, "").chars().any(char::is_alphabetic) { rest } else { text }
}

/// A text in a cell of a table: what Markdown would take for its own, outside quotes, is written as what it is.
fn in_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        let is_quoted = index % 2 == 1;
        let part = part.replace('|', "\\|");
        out.push_str(&if is_quoted { part } else { part.replace('<', "&lt;").replace('*', "\\*") });
    }
    out
}

/// What follows the dot of a file name, and is no error code.
const FILE_KINDS: [&str; 15] =
    ["bash", "yaml", "yml", "cfg", "rs", "txt", "ixg", "json", "jsonl", "jp", "ps1", "sqlite", "html", "css", "js"];

/// Files that name a code outside a variant, each with its reason.
const ELSEWHERE: &[(&str, &str)] = &[
    ("src/report/plan_text.rs", "finds the note that it shows elsewhere"),
    ("src/transaction/fact_note.rs", "finds the note in a plan that was kept"),
    ("src/transaction/rehearse.rs", "asks whether a plan has a note"),
    ("src/plan/note.rs", "says which notes tell of no risk"),
    ("src/transaction/outcome.rs", "reads the codes of recorded causes"),
    ("src/fleet/facts.rs", "reads the codes of recorded causes"),
    ("src/transaction/foreign.rs", "reads the codes of recorded causes"),
    ("src/run/finish.rs", "reads the codes of recorded causes"),
    ("src/record/failure.rs", "says what each code means as a first cause"),
    ("src/playbook/rendered.rs", "reads the codes of findings that were made before"),
    ("src/report/failed_text.rs", "what is said where someone else's lines stay"),
    ("src/report/work/words.rs", "the same in a work record"),
    ("src/run/no_plan.rs", "which routers are planned anew, by how a run left them"),
    ("src/report/work_tests/mod.rs", "the records of a failure, as a run makes them"),
    ("src/report/work_tests/truth.rs", "the records of a failure, as a run makes them"),
    ("src/report/work_plan_tests/mod.rs", "the notes of a plan, as it is kept"),
    ("src/report/work_plan_tests/fleet.rs", "why a router has no plan, as it is kept"),
    ("src/journal/files.rs", "a file is called `journal.key`"),
    ("src/private/unix.rs", "a file is called `journal.key`"),
    ("src/run/kit/office.rs", "a file is called `office.key`"),
];

#[test]
fn a_code_is_written_at_its_variant_and_nowhere_else() {
    let literal = Regex::new(r#""([a-z]+(?:-[a-z0-9]+)*\.([a-z0-9]+(?:-[a-z0-9]+)*))""#).unwrap();
    let at_variant = Regex::new(r#"code = "[^"]*""#).unwrap();
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    for (name, product) in sources() {
        let rest = at_variant.replace_all(&product, "");
        let codes = literal.captures_iter(&rest).filter(|literal| !FILE_KINDS.contains(&&literal[2]));
        found.extend(codes.map(|literal| (literal[1].to_owned(), name.clone())));
    }
    let astray: Vec<_> = found.iter().filter(|(_, name)| !ELSEWHERE.iter().any(|(known, _)| known == name)).collect();
    assert!(astray.is_empty(), "outside a variant: {astray:#?}");
    let idle: Vec<_> = ELSEWHERE.iter().filter(|(known, _)| !found.iter().any(|(_, name)| name == known)).collect();
    assert!(idle.is_empty(), "these name no code any more: {idle:?}");
}

#[test]
fn every_code_of_a_variant_is_in_the_list_of_codes() {
    let at_variant = Regex::new(r#"code = "([a-z0-9-]+\.[a-z0-9-]+)""#).unwrap();
    let written: BTreeSet<String> = sources()
        .flat_map(|(_, product)| at_variant.captures_iter(&product).map(|code| code[1].to_owned()).collect::<Vec<_>>())
        .collect();
    assert!(written.len() > 100, "the form of a code in the sources has changed: only {written:?}");
    let listed: BTreeSet<String> = errors().into_keys().chain(notes().into_keys()).map(str::to_owned).collect();
    let missing: Vec<_> = written.symmetric_difference(&listed).collect();
    assert!(
        missing.is_empty(),
        "not both at a variant and in a list of its room that src/cli/codes.rs names: {missing:?}"
    );
}

/// Every file of the sources with its name, without its tests.
fn sources() -> impl Iterator<Item = (String, String)> {
    let tests = Regex::new(r"(?m)^#\[cfg\(test\)\]\n(?:#\[.*\n)*mod \w+ \{").unwrap();
    let mut files = Vec::new();
    collect(&path("src"), &mut files);
    files.into_iter().map(move |(name, source)| {
        let end = tests.find(&source).map_or(source.len(), |tests| tests.start());
        (name, source[..end].to_owned())
    })
}

fn collect(folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let name = file.strip_prefix(path("")).unwrap().display().to_string().replace('\\', "/");
        if file.is_dir() {
            collect(&file, files);
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") && !name.contains("/tests/") {
            files.push((name, std::fs::read_to_string(&file).unwrap()));
        }
    }
}
