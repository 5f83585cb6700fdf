//! What the derive of `Explain` makes of an error.

use std::error::Error as _;
use std::io;
use std::path::PathBuf;

use super::{CodeEntry, Explain, Text, Wording};

const AGAIN: Wording = Wording { en: "try again", ja: "再試行してください" };

#[derive(Debug, Explain)]
enum Inner {
    #[explain(
        code = "inner.broken",
        en = "it is broken",
        ja = "壊れています",
        hint(en = "mend it", ja = "直してください")
    )]
    Broken,
}

#[derive(Debug, Explain)]
enum Outer {
    #[explain(transparent)]
    Inner(#[from] Inner),
    #[explain(code = "outer.file", en = "`{path}`: {cause}", ja = "`{path}`: {cause}")]
    File {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[explain(
        when = *undo,
        code = "outer.undo",
        en = "{{undo}} of {lines}: {why:?}",
        ja = "{lines} の取り消し",
        with(lines = numbers.len()),
    )]
    #[explain(
        code = "outer.refused",
        en = "{list} of {what}: {error}",
        ja = "{what}の {list}: {error}",
        with(list = numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", "), what = Text::new("the plan", "計画")),
        hint(en = "always", ja = "常に"),
        hints = error.hints(),
        hint(when = numbers.len() > 1, en = "{list} at once", ja = "{list} を同時に"),
        note(en = "seldom", ja = "まれ"),
    )]
    Refused { undo: bool, numbers: Vec<u32>, why: &'static str, error: Box<Inner> },
    #[explain(code = "outer.number", en = "{0:>3}", ja = "{0}番", hint(when = *_0 > 7, shared = AGAIN))]
    Number(u8),
    #[explain(of = error, en = "{place}: {error}", ja = "{place}で: {error}", hint(en = "go there", ja = "行ってください"))]
    At { place: &'static str, error: Box<Inner> },
}

fn refused(undo: bool, numbers: &[u32]) -> Outer {
    Outer::Refused { undo, numbers: numbers.to_vec(), why: "x", error: Box::new(Inner::Broken) }
}

#[test]
fn each_language_says_fields_values_and_inner_errors_in_its_own_words() {
    let error = refused(false, &[3, 4]);
    assert_eq!(error.code(), "outer.refused");
    assert_eq!(error.text(), Text::new("3, 4 of the plan: it is broken", "計画の 3, 4: 壊れています"));
    assert_eq!(error.to_string(), error.text().en);
    assert_eq!(Outer::Number(7).text(), Text::new("  7", "7番"));
}

#[test]
fn a_condition_chooses_code_text_and_hints() {
    assert_eq!(refused(true, &[1]).code(), "outer.undo");
    assert_eq!(refused(true, &[1]).text(), Text::new("{undo} of 1: \"x\"", "1 の取り消し"));
    let hints = |numbers| refused(false, numbers).hints().into_iter().map(|hint| hint.en).collect::<Vec<_>>();
    assert_eq!(hints(&[1]), ["always", "mend it"]);
    assert_eq!(hints(&[1, 2]), ["always", "mend it", "1, 2 at once"], "in the order in which they are written");
}

#[test]
fn a_text_around_an_error_has_its_code_and_its_hints() {
    let error = Outer::At { place: "there", error: Box::new(Inner::Broken) };
    assert_eq!(error.code(), "inner.broken");
    assert_eq!(error.text(), Text::new("there: it is broken", "thereで: 壊れています"));
    assert_eq!(error.hints().into_iter().map(|hint| hint.en).collect::<Vec<_>>(), ["mend it", "go there"]);
}

#[test]
fn a_hint_that_errors_share_is_given_and_known_like_any_other() {
    assert_eq!(Outer::Number(8).hints(), [Text::from(AGAIN)]);
    assert!(Outer::Number(7).hints().is_empty());
    assert!(Outer::CODES.iter().any(|entry| entry.hints == [AGAIN]));
}

#[test]
fn a_transparent_variant_is_the_error_inside() {
    let error = Outer::from(Inner::Broken);
    assert_eq!(
        (error.code(), error.text(), error.hints()),
        ("inner.broken", Inner::Broken.text(), Inner::Broken.hints())
    );
    assert!(error.source().is_none(), "it does not come twice in the chain");
}

#[test]
fn the_systems_words_are_said_in_both_languages_and_stay_the_source() {
    let error = Outer::File { path: "a".into(), cause: io::ErrorKind::NotFound.into() };
    assert_eq!(error.text(), Text::new("`a`: entity not found", "`a`: ファイルまたはフォルダがありません"));
    assert!(error.source().is_some_and(|source| source.is::<io::Error>()));
}

#[test]
fn the_codes_of_a_type_are_known_without_an_error() {
    let codes: Vec<&str> = Outer::CODES.iter().map(|entry| entry.code).collect();
    assert_eq!(codes, ["outer.file", "outer.undo", "outer.refused", "outer.number"], "an error inside has its own");
    let broken = CodeEntry {
        code: "inner.broken",
        text: Wording { en: "it is broken", ja: "壊れています" },
        hints: &[Wording { en: "mend it", ja: "直してください" }],
        note: None,
    };
    assert_eq!(Inner::CODES, [broken]);
    assert!(Outer::CODES.iter().all(|entry| entry.note.is_some() == (entry.code == "outer.refused")));
}
