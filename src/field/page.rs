//! A screen as data: what it says, which keys it takes.

/// What a screen says, in the language of the visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Which screen it is: a face that writes line by line shows what is new on the same one.
    pub name: &'static str,
    /// Its heading.
    pub title: String,
    /// Its text, as wide as it comes: a face wraps it.
    pub lines: Vec<String>,
    /// So many lines at its beginning stay in sight, and the others follow their end; none on a page that is read from its beginning.
    pub pinned: usize,
    /// How long what goes on still takes, where that is known.
    pub left: Option<Left>,
    /// What may be typed.
    pub input: Input,
}

impl Page {
    /// A page that is read from its beginning.
    pub fn new(name: &'static str, title: impl Into<String>, lines: Vec<String>, input: Input) -> Self {
        Self { name, title: title.into(), lines, pinned: 0, left: None, input }
    }
}

/// How long something still takes, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The time alone.
    pub time: String,
    /// The time, what it is for, and what comes then.
    pub whole: String,
}

/// What a screen takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Nothing but the wish to stop.
    None,
    /// One of these keys.
    Keys(Vec<Key>),
    /// A line, after these words.
    Line(String),
    /// A secret, after these words: it is not shown, and goes past the visit to who asked for it.
    Secret(String),
}

/// A key, and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What is typed.
    pub key: char,
    /// What it does.
    pub does: String,
}

impl Key {
    /// A key and its words.
    pub fn new(key: char, does: impl Into<String>) -> Self {
        Self { key, does: does.into() }
    }
}
