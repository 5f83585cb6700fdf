//! The tree of one YAML document, places kept.

use std::sync::Arc;

/// A place inside the document's own file: line and column from 1, both in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub line: u32,
    pub column: u32,
    pub length: u32,
}

/// One value. Aliases share it.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub mark: Mark,
    pub content: Content,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// Text as written. `plain`: without quotes, so a YAML reader might have made something else of it.
    Scalar { text: String, plain: bool },
    /// A list.
    Sequence(Vec<Arc<Node>>),
    /// A table; no key twice.
    Mapping(Vec<(Key, Arc<Node>)>),
}

/// A key of a table.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub text: String,
    pub mark: Mark,
}

impl Node {
    /// Whether there is no value: nothing written, `~` or `null`.
    pub fn is_empty(&self) -> bool {
        matches!(&self.content, Content::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }
}
