//! A page as one file of HTML: it loads nothing, prints on A4, and reads at the width of a phone. Nothing runs in it but the search of a
//! table, where it has one; without that it is as whole.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::writer::{Attribute, Writer};
use super::{Block, Inline, Languages, Lines, Page, Phrase, Searched, Table};
use crate::message::{Lang, Text};

/// How it looks. The page's policy names its hash: no other style is applied.
const STYLE: &str = include_str!("style.css");

/// The search of a table; likewise.
const SEARCH: &str = include_str!("search.js");

/// The page in these languages.
pub fn html(page: &Page, languages: Languages) -> String {
    let mut to = Html { to: Writer::document(), languages };
    to.page(page);
    to.to.finish()
}

struct Html {
    to: Writer,
    languages: Languages,
}

impl Html {
    fn page(&mut self, page: &Page) {
        self.to.open("html", &[("lang", code(self.languages.first()))]);
        self.to.end_line();
        self.to.open("head", &[]);
        self.to.end_line();
        self.to.void("meta", &[("charset", "utf-8")]);
        self.to.end_line();
        let searches = page.blocks.iter().any(|block| matches!(block, Block::Searched(_)));
        let script = if searches { format!(" script-src {};", hash(SEARCH)) } else { String::new() };
        let style = hash(STYLE);
        let policy = format!("default-src 'none'; style-src {style};{script} base-uri 'none'; form-action 'none'");
        self.to.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", policy.as_str())]);
        self.to.end_line();
        self.to.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
        self.to.end_line();
        self.to.void("meta", &[("name", "referrer"), ("content", "no-referrer")]);
        self.to.end_line();
        self.to.void("meta", &[("name", "format-detection"), ("content", "telephone=no")]);
        self.to.end_line();
        self.to.element("title", &[], &plain(&page.title, self.languages));
        self.to.end_line();
        self.to.own("style", STYLE);
        self.to.close();
        self.to.end_line();
        self.to.open("body", &[]);
        self.to.open("main", &[]);
        self.to.end_line();
        self.to.open("h1", &[]);
        self.phrase(&page.title);
        self.to.close();
        self.to.end_line();
        page.blocks.iter().for_each(|block| self.block(block));
        if searches {
            self.to.own("script", SEARCH);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text, anchor } => {
                let tag = match level {
                    ..=2 => "h2",
                    3 => "h3",
                    _ => "h4",
                };
                let id = [("id", anchor.as_str())];
                self.to.open(tag, if anchor.is_empty() { &[] } else { &id });
                self.phrase(text);
                self.to.close();
            }
            Block::Paragraph(text) => {
                self.to.open("p", &[]);
                self.phrase(text);
                self.to.close();
            }
            Block::Alert(texts) => {
                let name = self.languages.first().pick("What to do first", "最初に確認すること");
                // No landmark: a page may have several of them.
                self.to.open("div", &[("class", "alert"), ("role", "note"), ("aria-label", name)]);
                for text in texts {
                    self.to.open("p", &[]);
                    self.phrase(text);
                    self.to.close();
                }
                self.to.close();
            }
            Block::List(texts) => {
                self.to.open("ul", &[]);
                for text in texts {
                    self.to.open("li", &[]);
                    self.phrase(text);
                    self.to.close();
                }
                self.to.close();
            }
            Block::Contents(links) => {
                self.to.open("nav", &[("aria-label", self.languages.first().pick("Contents", "目次"))]);
                self.to.open("ul", &[]);
                for link in links {
                    self.to.open("li", &[]);
                    let target = format!("#{}", link.anchor);
                    self.to.open("a", &[("href", target.as_str())]);
                    self.phrase(&link.text);
                    self.to.close();
                    self.to.close();
                }
                self.to.close();
                self.to.close();
            }
            Block::Table(table) => self.table(table, None),
            Block::Searched(searched) => self.searched(searched),
            Block::Lines(lines) => self.lines(lines),
        }
        self.to.end_line();
    }

    /// On a phone each row is a block of its own; the roles say that it is a table all the same.
    fn table(&mut self, table: &Table, keys: Option<&[&str]>) {
        let class = if table.head.is_empty() { "facts" } else { "rows" };
        let id = keys.map(|_| ("id", "searched"));
        let attributes: Vec<Attribute<'_>> = [("role", "table"), ("class", class)].into_iter().chain(id).collect();
        self.to.open("table", &attributes);
        self.to.open("caption", &[]);
        self.phrase(&table.caption);
        self.to.close();
        let labels: Vec<String> = table.head.iter().map(|head| plain(head, self.languages)).collect();
        if !table.head.is_empty() {
            self.to.open("thead", &[("role", "rowgroup")]);
            self.to.open("tr", &[("role", "row")]);
            for head in &table.head {
                self.to.open("th", &[("role", "columnheader"), ("scope", "col")]);
                self.phrase(head);
                self.to.close();
            }
            self.to.close();
            self.to.close();
            self.to.end_line();
        }
        self.to.open("tbody", &[("role", "rowgroup")]);
        for (place, row) in table.rows.iter().enumerate() {
            match keys.and_then(|keys| keys.get(place)) {
                Some(key) => self.to.open("tr", &[("role", "row"), ("data-key", *key)]),
                None => self.to.open("tr", &[("role", "row")]),
            }
            for (at, cell) in row.iter().enumerate() {
                let label = labels.get(at).map_or("", String::as_str);
                if at == 0 {
                    self.to.open("th", &[("role", "rowheader"), ("scope", "row"), ("data-label", label)]);
                } else {
                    self.to.open("td", &[("role", "cell"), ("data-label", label)]);
                }
                self.phrase(cell);
                self.to.close();
            }
            self.to.close();
            self.to.end_line();
        }
        self.to.close();
        self.to.close();
    }

    /// The search is hidden where nothing can run.
    fn searched(&mut self, Searched { table, keys }: &Searched) {
        let lang = self.languages.first();
        self.to.open("div", &[("id", "search"), ("role", "search"), ("hidden", "")]);
        self.to.element("label", &[("for", "search-words")], lang.pick("Search", "検索"));
        self.to.void("input", &[("id", "search-words"), ("type", "search"), ("autocomplete", "off")]);
        self.to.element("label", &[("for", "search-key")], lang.pick("State", "状態"));
        self.to.open("select", &[("id", "search-key")]);
        self.to.element("option", &[("value", "")], lang.pick("all", "すべて"));
        for key in keys.iter().collect::<BTreeSet<_>>() {
            self.to.element("option", &[("value", *key)], key);
        }
        self.to.close();
        self.to.element("output", &[("id", "search-found"), ("aria-live", "polite")], "");
        self.to.close();
        self.to.end_line();
        self.table(table, Some(keys));
    }

    fn lines(&mut self, lines: &Lines) {
        self.to.open("figure", &[]);
        self.to.open("figcaption", &[]);
        self.phrase(&lines.caption);
        self.to.close();
        self.to.open("pre", &[]);
        self.to.open("code", &[]);
        for line in lines.text.split_inclusive('\n') {
            match line.as_bytes().first() {
                Some(b'+') if lines.is_difference => self.to.element("ins", &[], line),
                Some(b'-') if lines.is_difference => self.to.element("del", &[], line),
                _ => self.to.text(line),
            }
        }
        self.to.close();
        self.to.close();
        self.to.close();
    }

    fn phrase(&mut self, phrase: &Phrase) {
        for piece in phrase.pieces() {
            match piece {
                Inline::Words(text) => self.words(text),
                // Its direction is its own, and changes nothing around it.
                Inline::Data(text) => self.to.element("bdi", &[], text),
                Inline::Code(text) => self.to.element("code", &[], text),
                Inline::Break => self.to.void("br", &[]),
                Inline::Blank => self.to.element("span", &[("class", "blank")], ""),
                Inline::Linked { text, page } => self.to.element("a", &[("href", page.as_str())], text),
                Inline::Time { shown, utc } => self.to.element("time", &[("datetime", utc.as_str())], shown),
            }
        }
    }

    fn words(&mut self, text: &Text) {
        match self.languages {
            Languages::Both if text.en != text.ja => {
                self.to.element("span", &[("lang", code(Lang::Ja))], &text.ja);
                self.to.text(" / ");
                self.to.element("span", &[("lang", code(Lang::En))], &text.en);
            }
            languages => self.to.text(text.get(languages.first())),
        }
    }
}

/// The language's code.
fn code(lang: Lang) -> &'static str {
    lang.pick("en", "ja")
}

/// A phrase where there can be no elements.
fn plain(phrase: &Phrase, languages: Languages) -> String {
    let piece = |piece: &Inline| match piece {
        Inline::Words(text) => languages.words(text),
        Inline::Data(text) | Inline::Code(text) | Inline::Linked { text, .. } | Inline::Time { shown: text, .. } => {
            text.clone()
        }
        Inline::Break => " ".to_owned(),
        Inline::Blank => String::new(),
    };
    phrase.pieces().iter().map(piece).collect()
}

/// A hash as a content policy names it.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}
