//! The README's first command, in both languages: it ends as announced, and the READMEs quote what it really says.

use regex::Regex;

use crate::harness::program;
use crate::schema::Schema;
use crate::{blocks, text};

#[test]
fn the_demo_ends_as_announced_and_says_what_the_readme_quotes() {
    tells("en", "README.md");
}

#[test]
fn the_demo_speaks_japanese() {
    tells("ja", "README.ja.md");
}

/// Runs the demo for programs: the document goes to stdout, the story to stderr.
fn tells(lang: &str, readme: &str) {
    let output = program().args(["--format", "json", "--lang", lang, "demo"]).output().unwrap();
    let story = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{story}");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut schema = Schema::read();
    schema.document("demo", &document);
    for shape in ["demo", "Act"] {
        assert_eq!(schema.unseen(shape), Vec::<String>::new());
    }
    let time = Regex::new(r"\(\d+\.\d").unwrap();
    // The demo's own folder is another one each time.
    let folder = Regex::new(r"\.tmp\w+/").unwrap();
    let told = |line: &str| folder.replace(&time.replace(line, "("), "").into_owned();
    let told: Vec<String> = story.lines().map(told).collect();
    for line in blocks(&text(readme), "text").concat() {
        let quoted = time.replace(&line, "(").into_owned();
        assert!(line == "..." || told.contains(&quoted), "{readme} quotes a line that the demo does not say: {line}");
    }
}
