//! The README's first command, in both languages: it ends as announced, its story is short, and the READMEs quote what it really says.

use regex::Regex;

use crate::harness::program;
use crate::schema::Schema;
use crate::{blocks, text};

/// The story has fewer lines than this.
const LINES: usize = 60;

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
    let temporary = tempfile::tempdir().unwrap();
    let words = ["--format", "json", "--lang", lang, "demo"];
    let output = program().args(words).env("TMPDIR", temporary.path()).output().unwrap();
    let story = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{story}");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut schema = Schema::read();
    schema.document("demo", &document);
    for shape in ["demo", "Act"] {
        assert_eq!(schema.unseen(shape), Vec::<String>::new());
    }
    let folder = document["folder"].as_str().unwrap();
    let story = same_every_time(&story.replace(folder, "FOLDER"));
    assert!(story.lines().count() < LINES, "{story}");
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("screens");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    settings.bind(|| insta::assert_snapshot!(format!("demo.{lang}"), story));
    let acts: Vec<String> = (1..=5).flat_map(|number| kept(folder, number)).collect();
    let told: Vec<String> = story.lines().map(str::to_owned).chain(acts).collect();
    for line in blocks(&text(readme), "text").concat() {
        let quoted = same_every_time(&line);
        assert!(line == "..." || told.contains(&quoted), "{readme} quotes a line that the demo does not say: {line}");
    }
}

/// All that the command of an act has said.
fn kept(folder: &str, number: usize) -> Vec<String> {
    let begins = format!("{number}-");
    let mut files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let file = files.find(|file| file.file_name().to_string_lossy().starts_with(&begins)).unwrap();
    let said = std::fs::read_to_string(file.path()).unwrap();
    said.lines().map(same_every_time).collect()
}

/// The text with a word for times and ports, and without the demo's own folder, which is another one each time. Routers end in any order.
fn same_every_time(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, word) in
        [(r"\(\d+\.\d (s|秒)\)", "(TIME)"), (r"\S*(\.tmp|ixdeploy-demo-)\w+/", ""), (r"127\.0\.0\.1:\d+", "HOST:PORT")]
    {
        text = Regex::new(pattern).unwrap().replace_all(&text, word).into_owned();
    }
    let mut lines: Vec<&str> = text.lines().collect();
    let mut first = 0;
    while first < lines.len() {
        let ends = lines.iter().skip(first).take_while(|line| line.contains("■ saved")).count();
        if let Some(group) = lines.get_mut(first..first + ends) {
            group.sort_unstable();
        }
        first += ends.max(1);
    }
    lines.join("\n")
}
