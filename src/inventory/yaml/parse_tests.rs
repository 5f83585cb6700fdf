#![allow(clippy::unwrap_used)]

use super::*;
use crate::message::Lang;

fn read(text: &str) -> (Option<Arc<Node>>, String) {
    let mut found = Diagnostics::new();
    let root = parse(&SourceFile::new("a.yaml", text), &mut found);
    (root, found.sorted().render(Lang::En))
}

fn complaints(text: &str) -> String {
    read(text).1
}

#[test]
fn scalars_keep_their_text() {
    let (root, found) = read("[no, 0022, 1.10, \"q\", '', ~]");
    assert_eq!(found, "");
    let Content::Sequence(items) = &root.unwrap().content else { panic!("a list") };
    let texts: Vec<(&str, bool)> = items
        .iter()
        .filter_map(|i| match &i.content {
            Content::Scalar { text, plain } => Some((text.as_str(), *plain)),
            _ => None,
        })
        .collect();
    assert_eq!(texts, [("no", true), ("0022", true), ("1.10", true), ("q", false), ("", false), ("~", true)]);
}

#[test]
fn every_duplicate_key_is_reported_with_the_first_one() {
    assert_eq!(
        complaints("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\na: 2\n"),
        "error[yaml.duplicate-key]: the key `c` is written a second time here
 --> a.yaml:5:3
  |
5 |   c: 3
  |   ^
  = see: the first one (a.yaml:3:3)
  = help: keep one of the two

error[yaml.duplicate-key]: the key `a` is written a second time here
 --> a.yaml:6:1
  |
6 | a: 2
  | ^
  = see: the first one (a.yaml:1:1)
  = help: keep one of the two
"
    );
}

#[test]
fn an_alias_bomb_is_stopped_early() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    let found = complaints(&text);
    assert!(found.starts_with("error[yaml.alias-bomb]: aliases repeat more than 200000 values"), "{found}");
}

#[test]
fn nesting_is_bounded() {
    let found = complaints(&format!("{}{}", "[".repeat(100), "]".repeat(100)));
    assert!(found.starts_with("error[yaml.too-deep]: nested deeper than 48 levels"), "{found}");
    // Far beyond any stack: still an answer.
    assert!(complaints(&"[".repeat(200_000)).starts_with("error[yaml."));
}

#[test]
fn unsupported_yaml_is_named() {
    for (text, start) in [
        ("a: !include other.yaml\n", "error[yaml.tag]: the tag `!include` is not supported"),
        ("b: &b {x: 1}\na:\n  <<: *b\n", "error[yaml.key]: merge keys (`<<`) are not supported; use groups"),
        ("? [a]\n: 1\n", "error[yaml.key]: a key must be a single word of text"),
        ("a: 1\n---\nb: 2\n", "error[yaml.second-document]: a second document starts here"),
        ("a:\n\t- 1\n", "error[yaml.syntax]: there is a TAB where YAML wants blanks\n --> a.yaml:2:1"),
        ("a:\n  - 1\n\t- 2\n", "error[yaml.syntax]: there is a TAB where YAML wants blanks\n --> a.yaml:3:1"),
        ("a:\n  b: \"x\n\ty\"\n", "error[yaml.syntax]: there is a TAB where YAML wants blanks\n --> a.yaml:3:1"),
        ("a: *nobody\n", "error[yaml.syntax]: this alias names no anchor"),
        ("a: [1, 2\n", "error[yaml.syntax]: this is not valid YAML: "),
    ] {
        let found = complaints(text);
        assert!(found.starts_with(start), "{text:?} gave {found}");
    }
}

#[test]
fn an_alias_repeats_its_value() {
    let (root, found) = read("a: &x [1]\nb: *x\n");
    assert_eq!(found, "");
    let Content::Mapping(entries) = &root.unwrap().content else { panic!("a table") };
    assert!(matches!(&entries[1].1.content, Content::Sequence(items) if items.len() == 1));
}

#[test]
fn an_empty_file_has_no_root() {
    assert!(read("").0.is_none_or(|n| n.is_empty()));
    assert!(read("# only a comment\n").0.is_none_or(|n| n.is_empty()));
}

#[test]
fn slips_are_named_with_the_intended_form() {
    for (text, english, japanese) in [
        (
            "a:\n  b: 1\n  role： router1\n",
            "there is a full-width character where YAML wants `:`\n --> a.yaml:3:7",
            "半角が必要な位置に全角の `：` があります",
        ),
        (
            "a:\n  b: 1\n  role:router1\n",
            "a blank belongs behind the colon: `role: router1`",
            "コロンの後に半角の空白が必要です: `role: router1`",
        ),
        ("a: \"C:\\Users\\me\"\n", "put Windows paths between single quotes", "Windows のパスは一重引用符で囲むか"),
        ("a:\n  b: 1\n   c: 2\n", "look at the indentation", "この位置に `項目: 値` は書けません"),
    ] {
        let mut found = Diagnostics::new();
        parse(&SourceFile::new("a.yaml", text), &mut found);
        let found = found.sorted();
        let (en, ja) = (found.render(Lang::En), found.render(Lang::Ja));
        assert!(en.starts_with("error[yaml.syntax]") && en.contains(english), "{en}");
        assert!(ja.contains(japanese), "{ja}");
    }
}
