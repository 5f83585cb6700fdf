//! Pages in their formats: a value stays text, headings are in order, and the policy names the style that is there.

use super::{Block, Languages, Lines, Page, Phrase, Table, html, markdown};
use crate::message::{Lang, Text};

/// What acts in one format or another.
pub const HOSTILE: &str =
    "</script></style><img src=x onerror=a> ]]> =HYPERLINK(\"x\") | `a` [b](c) \u{202e}\u{1b}[2J\u{0}";

fn page() -> Page {
    let cell = || Phrase::data(HOSTILE).then(Phrase::code(HOSTILE)).then(Phrase::of(Text::untranslated(HOSTILE)));
    Page {
        title: Phrase::data(HOSTILE),
        blocks: vec![
            Block::Heading { level: 2, text: cell(), anchor: HOSTILE.to_owned() },
            Block::Alert(vec![cell()]),
            Block::Paragraph(cell()),
            Block::List(vec![cell()]),
            Block::Table(Table { caption: cell(), head: vec![cell(), cell()], rows: vec![vec![cell(), cell()]] }),
            Block::Lines(Lines { caption: cell(), text: format!("+{HOSTILE}\n-b\n c\n"), is_difference: true }),
        ],
    }
}

/// The tags of a page in their order, each checked to be closed where it was opened last.
pub fn tags(html: &str) -> Vec<String> {
    let (mut open, mut all) = (Vec::new(), Vec::new());
    for piece in html.split('<').skip(1) {
        let (inside, _) = piece.split_once('>').expect("a tag that ends");
        let name: String = inside.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop().as_deref(), Some(closed), "{inside}"),
            None if ["meta", "input", "br", ""].contains(&name.as_str()) => {}
            None => {
                open.push(name.clone());
                all.push(name);
            }
        }
    }
    assert_eq!(open, Vec::<String>::new());
    all
}

#[test]
fn no_value_becomes_markup_and_every_element_is_closed() {
    let shown = html(&page(), Languages::One(Lang::Ja));
    let tags = tags(&shown);
    assert!(!tags.iter().any(|tag| ["script", "img"].contains(&tag.as_str())), "{tags:?}");
    assert_eq!(tags.iter().filter(|tag| *tag == "style").count(), 1);
    assert!(!shown.contains(['\u{202e}', '\u{1b}', '\0']), "{shown}");
    assert!(shown.contains("<ins>+&lt;/script&gt;") && shown.contains("<del>-b\n</del>"), "{shown}");
}

#[test]
fn the_policy_allows_the_style_that_is_there_and_nothing_else() {
    use base64::Engine as _;
    use sha2::{Digest, Sha256};
    let shown = html(&page(), Languages::Both);
    let style = shown.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).map(|(style, _)| style);
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style.expect("a style")));
    let policy = format!(
        "default-src &#39;none&#39;; style-src &#39;sha256-{hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"
    );
    assert!(shown.contains(&policy), "{shown}");
    for loads in ["src=\"", "href=\"http", "url(", "@import"] {
        assert!(!shown.contains(loads), "{loads}");
    }
}

#[test]
fn of_both_languages_each_word_says_which_it_is() {
    let page =
        Page { title: Phrase::words("record", "記録"), blocks: vec![Block::Paragraph(Phrase::words("x", "x"))] };
    let shown = html(&page, Languages::Both);
    assert!(shown.contains("<html lang=\"ja\">") && shown.contains("<title>記録 / record</title>"), "{shown}");
    assert!(shown.contains("<h1><span lang=\"ja\">記録</span> / <span lang=\"en\">record</span></h1>"), "{shown}");
    assert!(shown.contains("<p>x</p>"), "what is the same in both is there once: {shown}");
    assert!(html(&page, Languages::One(Lang::En)).contains("<html lang=\"en\">"));
}

#[test]
fn in_markdown_a_value_makes_no_row_no_link_and_no_element() {
    let shown = markdown(&page(), Languages::One(Lang::En));
    let rows: Vec<&str> = shown.lines().filter(|line| line.starts_with("| ")).collect();
    assert_eq!(rows.len(), 3, "the head, its line and one row: {shown}");
    assert!(rows.iter().all(|row| row.matches(" | ").count() == 1), "{rows:?}");
    let outside = shown.split("```").step_by(2).collect::<String>();
    for acts in ["<img", "</script", "](c", "\u{202e}", "\u{1b}"] {
        assert!(!outside.contains(acts), "{acts}: {shown}");
    }
}
