//! The pages of `docs/extending`: what they quote is what the files say, the files that they name are all there are, and the examples work.

mod channel;

use std::collections::BTreeSet;
use std::path::Path;

use ixdeploy::dialect::Dialect;
use ixdeploy::session::{Login, NoTap, SendLine, Session, Settings, Take};
use mock_device::{Mock, RouterSpec, Scenario, TransportSpec};
use regex::Regex;

use crate::{path, text};
use channel::Channel;

const PAGES: [&str; 5] = ["router-command", "transport", "subcommand", "check-kind", "dialect"];

fn page(name: &str) -> String {
    text(&format!("docs/extending/{name}.md"))
}

/// The quotes of a page: the file that is named last before each block, and the lines of the block.
fn quotes(page: &str) -> Vec<(String, Vec<String>)> {
    let named = Regex::new(r"From `([^`]+)`:").unwrap();
    let mut file = String::new();
    let mut quotes = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(found) = named.captures(line) {
            file = found[1].to_owned();
        } else if line.starts_with("```") {
            let block = lines.by_ref().take_while(|line| *line != "```").map(|line| line.trim().to_owned()).collect();
            quotes.push((file.clone(), block));
        }
    }
    quotes
}

#[test]
fn a_quote_is_what_the_file_says() {
    for name in PAGES {
        let quotes = quotes(&page(name));
        assert!(!quotes.is_empty(), "{name}: the form of a quote has changed");
        for (file, block) in quotes {
            let text = text(&file);
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            let found = lines.windows(block.len()).any(|window| window == block);
            assert!(found, "{name}.md quotes {file} otherwise than it is: {block:#?}");
        }
    }
}

/// The files that a page lists, one bullet or several to a line.
fn listed(page: &str) -> BTreeSet<String> {
    let file = Regex::new(r"`((?:src|tests|mock-device)/[^`]+)`").unwrap();
    let list = page.split("## Files").nth(1).unwrap().split("\n## ").next().unwrap();
    file.captures_iter(list).map(|found| found[1].to_owned()).collect()
}

#[test]
fn a_listed_file_exists() {
    for name in PAGES {
        let listed = listed(&page(name));
        assert!(!listed.is_empty(), "{name}: the form of the list has changed");
        let missing: Vec<&String> = listed.iter().filter(|file| !path(file).is_file()).collect();
        assert!(missing.is_empty(), "{name}.md lists {missing:?}");
    }
}

/// The files below `src` whose code, comments and tests left out, matches.
fn files_with(pattern: &str) -> BTreeSet<String> {
    fn walk(folder: &Path, pattern: &Regex, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path();
            let name = file.strip_prefix(path("")).unwrap().display().to_string().replace('\\', "/");
            if file.is_dir() {
                walk(&file, pattern, found);
            } else if name.ends_with(".rs") && !name.ends_with("tests.rs") && !name.contains("_tests/") {
                let text = std::fs::read_to_string(&file).unwrap();
                let product = text.lines().take_while(|line| *line != "#[cfg(test)]");
                if product.filter(|line| !line.trim_start().starts_with("//")).any(|line| pattern.is_match(line)) {
                    found.insert(name);
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&path("src"), &Regex::new(pattern).unwrap(), &mut found);
    assert!(!found.is_empty(), "nothing in the sources matches {pattern}");
    found
}

/// What matches is in files that the page lists, and nowhere else.
fn assert_listed(name: &str, pattern: &str, but: &[&str]) {
    let listed = listed(&page(name));
    let unlisted: Vec<String> = files_with(pattern)
        .into_iter()
        .filter(|file| !listed.contains(file) && !but.iter().any(|start| file.starts_with(start)))
        .collect();
    assert!(unlisted.is_empty(), "{name}.md does not list {unlisted:?}, where {pattern} is found");
}

#[test]
fn a_kind_of_connection_is_known_in_the_listed_files_alone() {
    // A console server has its own word `telnet`; the rehearsal's own path is one of this kind.
    let but =
        ["src/transport/telnet/", "src/inventory/connection/console_server.rs", "src/transaction/mock_rehearsal.rs"];
    assert_listed("transport", r"\bTelnet\b", &but);
}

#[test]
fn a_subcommand_is_one_file_and_one_line() {
    assert_listed("subcommand", r"\bHistoryArgs\b|\bhistory::", &[]);
    let list = text("src/cli/commands/mod.rs");
    assert_eq!(list.matches("history").count(), 1);
}

#[test]
fn a_kind_of_check_is_at_most_two_files() {
    assert_listed("check-kind", r"\bNotContains\b", &[]);
    assert!(listed(&page("check-kind")).len() <= 2);
}

#[test]
fn a_dialect_is_defined_in_the_listed_files_alone() {
    assert_listed("dialect", r"\bix_r\b|ix-r\.ixg", &[]);
}

/// Types the lines of the example over the example's path; what the mock says that it runs is the end of the case.
#[test]
fn the_mock_takes_the_example_over_the_example_path() {
    let case: serde_json::Value = serde_saphyr::from_str(&text("tests/cases/ntp-interval.yaml")).unwrap();
    let lines = |name: &str| case[name].as_str().unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let folder = tempfile::tempdir().unwrap();
    let spec =
        RouterSpec { transports: vec![TransportSpec::Channel], trusted_channel: true, ..RouterSpec::new("example") };
    let mock = Mock::start(Scenario { seed: 1, routers: vec![spec] }, folder.path()).unwrap();
    let link = Channel::new(mock.open("example").unwrap());
    let mut session =
        Session::open(Box::new(link), Dialect::ix(), Login::default(), Settings::default(), Box::new(NoTap)).unwrap();
    session.enter_config(Take::Ask).unwrap();
    for (lines, is_end) in [(lines("before"), false), (lines("commands"), true)] {
        for (index, line) in lines.iter().enumerate() {
            session.run(&SendLine::new(index + 1, line, false), &ixdeploy::plan::ModeAfter::Global).unwrap();
        }
        let running = mock.running_config("example").unwrap();
        let has = |line: &String| running.lines().any(|shown| shown == line);
        assert!(!is_end || lines.iter().all(has), "{running}");
    }
}
