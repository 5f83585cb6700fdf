//! A page as blocks of headings, tables and texts, in no format yet: the same page becomes HTML or Markdown.
//!
//! Words of ours are in both languages and are chosen when the page is rendered; data of routers, files and people is one text in any
//! language. A renderer's only way to a text is its escaping one: a value can never be markup.

mod html;
mod markdown;
mod writer;

pub use html::html;
pub use markdown::markdown;

use crate::message::{Lang, Text};

/// The languages of a page; of both, Japanese comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Languages {
    /// One.
    One(Lang),
    /// Both, one beside the other.
    Both,
}

impl Languages {
    /// Each of them, the page's own first.
    pub fn all(self) -> &'static [Lang] {
        match self {
            Self::One(Lang::En) => &[Lang::En],
            Self::One(Lang::Ja) => &[Lang::Ja],
            Self::Both => &[Lang::Ja, Lang::En],
        }
    }

    /// Words where no markup says which language they are in: both, or once where they are the same.
    pub fn words(self, text: &Text) -> String {
        let mut said: Vec<&str> = self.all().iter().map(|lang| text.get(*lang)).collect();
        said.dedup();
        said.join(" / ")
    }

    /// The page's own language.
    pub fn first(self) -> Lang {
        match self {
            Self::One(lang) => lang,
            Self::Both => Lang::Ja,
        }
    }
}

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Its title.
    pub title: Phrase,
    /// What is on it.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug, Clone)]
pub enum Block {
    /// A heading, and the name by which it is linked to; empty where nothing links to it.
    Heading {
        /// 2 below the page's title, 3 below that, and so on.
        level: u8,
        /// Its words.
        text: Phrase,
        /// Its name.
        anchor: String,
    },
    /// Running text.
    Paragraph(Phrase),
    /// What must be read before anything else.
    Alert(Vec<Phrase>),
    /// A list.
    List(Vec<Phrase>),
    /// Links to headings of this page.
    Contents(Vec<Link>),
    /// A table.
    Table(Table),
    /// A table that can be searched, one a page. It is whole without the search.
    Searched(Searched),
    /// Lines as they are.
    Lines(Lines),
}

/// A link to a heading.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its words.
    pub text: Phrase,
    /// The heading's name.
    pub anchor: String,
}

/// A table; the first cell of each row names the row.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What it shows.
    pub caption: Phrase,
    /// What its columns are; nothing in a table of names and values.
    pub head: Vec<Phrase>,
    /// Its rows, as wide as its head.
    pub rows: Vec<Vec<Phrase>>,
}

/// A table that can be searched by words, and filtered by a key.
#[derive(Debug, Clone, Default)]
pub struct Searched {
    /// The table.
    pub table: Table,
    /// The key of each row.
    pub keys: Vec<&'static str>,
}

/// Lines as a router or a file has them.
#[derive(Debug, Clone)]
pub struct Lines {
    /// What they are.
    pub caption: Phrase,
    /// The lines.
    pub text: String,
    /// They are a unified difference.
    pub is_difference: bool,
}

/// A few words within a line: ours, and data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phrase(Vec<Inline>);

/// A piece of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Words of ours.
    Words(Text),
    /// Data.
    Data(String),
    /// Data that is typed or printed by a machine.
    Code(String),
    /// A line end.
    Break,
    /// Room to write by hand.
    Blank,
    /// A name that leads to another page of ours.
    Linked {
        /// The name.
        text: String,
        /// The page, from this one.
        page: String,
    },
    /// A time: as people read it, and in UTC.
    Time {
        /// By the clock of a zone that the page names.
        shown: String,
        /// As programs read it.
        utc: String,
    },
}

impl Phrase {
    /// Words of ours.
    pub fn words(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self::of(Text::new(en, ja))
    }

    /// The same.
    pub fn of(text: Text) -> Self {
        Self(vec![Inline::Words(text)])
    }

    /// Data.
    pub fn data(text: impl Into<String>) -> Self {
        Self(vec![Inline::Data(text.into())])
    }

    /// Data of a machine.
    pub fn code(text: impl Into<String>) -> Self {
        Self(vec![Inline::Code(text.into())])
    }

    /// The same, and then another in the next line.
    #[must_use]
    pub fn below(mut self, mut other: Self) -> Self {
        self.0.push(Inline::Break);
        self.0.append(&mut other.0);
        self
    }

    /// Room to write by hand.
    pub fn blank() -> Self {
        Self(vec![Inline::Blank])
    }

    /// A name that leads to a page.
    pub fn linked(text: impl Into<String>, page: impl Into<String>) -> Self {
        Self(vec![Inline::Linked { text: text.into(), page: page.into() }])
    }

    /// A time.
    pub fn time(shown: String, utc: String) -> Self {
        Self(vec![Inline::Time { shown, utc }])
    }

    /// Data, or that it is not recorded.
    pub fn recorded(text: Option<&str>) -> Self {
        match text.filter(|text| !text.is_empty()) {
            Some(text) => Self::data(text),
            None => Self::words("not recorded", "記録なし"),
        }
    }

    /// The same, and then another.
    #[must_use]
    pub fn then(mut self, mut other: Self) -> Self {
        self.0.append(&mut other.0);
        self
    }

    /// Its pieces.
    pub fn pieces(&self) -> &[Inline] {
        &self.0
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a failed test is the point")]
pub(super) mod tests;
