//! The field guides show the real screens of `ixdeploy field`: those of whole visits to a mock router (`tests/e2e/field_screens.rs`); the
//! depot's shows the screen that the test of its drawing keeps. With `IXDEPLOY_UPDATE` set the screens in the documents are written anew.

use crate::{path, text};

const MARKER: &str = "<!-- screen: ";

/// Where the screens of visits are kept.
const VISITS: &str = "tests/e2e/screens/visits";
/// Where those of the drawing are.
const DRAWN: &str = "src/cli/field/screens";

/// A screen as it is kept, with one blank line where there are several.
fn screen(folder: &str, name: &str, lang: &str) -> String {
    let kept = text(&format!("{folder}/{name}.{lang}.snap"));
    let shown = kept.splitn(3, "---\n").nth(2).unwrap();
    let mut lines: Vec<&str> = Vec::new();
    for line in shown.trim_end().lines() {
        if !(line.is_empty() && lines.last().is_some_and(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    format!("{}\n", lines.join("\n"))
}

/// The guide with each screen as it is kept, and how many it shows.
fn with_screens(guide: &str, folder: &str, lang: &str) -> (String, usize) {
    let (mut out, mut shown) = (String::new(), 0);
    let mut lines = guide.lines();
    while let Some(line) = lines.next() {
        out.push_str(&format!("{line}\n"));
        let Some(name) = line.strip_prefix(MARKER).and_then(|rest| rest.strip_suffix(" -->")) else { continue };
        assert_eq!(lines.next(), Some("```text"), "{name}");
        lines.by_ref().take_while(|line| *line != "```").for_each(drop);
        out.push_str(&format!("```text\n{}```\n", screen(folder, name, lang)));
        shown += 1;
    }
    (out, shown)
}

#[test]
fn the_guides_show_the_screens_as_they_are() {
    let guides = [
        ("docs/field-guide.md", VISITS, "en", 12),
        ("docs/field-guide.ja.md", VISITS, "ja", 12),
        ("docs/depot.md", DRAWN, "en", 1),
        ("docs/depot.ja.md", DRAWN, "ja", 1),
    ];
    for (file, folder, lang, at_least) in guides {
        let before = text(file);
        let (after, shown) = with_screens(&before, folder, lang);
        assert!(shown >= at_least, "{file} shows {shown} screens");
        if std::env::var_os("IXDEPLOY_UPDATE").is_some() {
            std::fs::write(path(file), after).unwrap();
            continue;
        }
        let differs = before.lines().zip(after.lines()).find(|(one, other)| one != other);
        assert!(
            before == after,
            "{file}: `IXDEPLOY_UPDATE=1 cargo test --test docs field` writes it anew: {differs:#?}"
        );
    }
}
