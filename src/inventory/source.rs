//! The text of one input file, and places in it. Reading the file is the business of `load`.

use std::fmt;
use std::sync::Arc;

use crate::ix::origin::Spot;
use crate::visible;

/// The longest part of a source line that a message shows, in characters.
const SHOWN: usize = 120;

/// One input file, kept for as long as something may point into it.
#[derive(PartialEq, Eq)]
pub struct SourceFile {
    name: Arc<str>,
    text: String,
    starts: Vec<usize>,
}

impl SourceFile {
    /// A file's text under the name that messages use for it. Which line ends an editor or git wrote is no one's wish: CRLF is LF.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let mut text: String = text.into();
        if text.contains('\r') {
            text = text.replace("\r\n", "\n");
        }
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Arc::new(Self { name: name.into().into(), text, starts })
    }

    /// The name as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same name, to be kept.
    pub fn shared_name(&self) -> &Arc<str> {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// One line, counted from 1, without its line end; empty beyond the last.
    pub fn line(&self, number: u32) -> &str {
        let index = (number as usize).saturating_sub(1);
        let Some(&start) = self.starts.get(index) else { return "" };
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }
}

impl fmt::Debug for SourceFile {
    /// The name only: the text may hold what someone should not have written there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SourceFile").field(&self.name).finish()
    }
}

/// A place in an input file: line and column count from 1, column and length in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// How many characters are meant; at least 1.
    pub length: u32,
}

impl Place {
    /// What is shown of the source line: at most 120 characters around the column, nothing that moves a terminal's cursor.
    /// The second value is how many characters were left out before it.
    pub(crate) fn excerpt(&self) -> (String, usize) {
        let line = self.file.line(self.line);
        let column = self.column as usize;
        let skipped = if column > SHOWN { column - SHOWN / 2 } else { 0 };
        let shown = line.chars().skip(skipped).take(SHOWN);
        (shown.map(in_one_column).collect(), skipped)
    }
}

/// A TAB is shown, since it may be what is wrong; one column for each character, so that the caret is in the right
/// place.
fn in_one_column(c: char) -> char {
    match c {
        '\t' => '→',
        c if visible::is_unseen(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

impl Place {
    /// The line, by this many parts of its file's path: enough to find it in a working folder, and nothing of the
    /// machine.
    pub fn spot(&self, parts: usize) -> Spot {
        let name = self.file.shared_name();
        let start = name.rmatch_indices(['/', '\\']).nth(parts.saturating_sub(1)).map_or(0, |(at, _)| at + 1);
        let file = if start == 0 { Arc::clone(name) } else { name.get(start..).unwrap_or_default().into() };
        Spot { file, line: self.line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.name, self.line, self.column)
    }
}

/// A value with the place it was written at and its path in the YAML, such as `sites.sato.routers.sato-r1.model`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub place: Place,
    /// The keys that lead to it.
    pub path: Arc<str>,
}

impl<T> Located<T> {
    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: f(self.value), place: self.place, path: self.path }
    }
}

#[cfg(test)]
mod tests {
    use super::SourceFile;

    #[test]
    fn lines_are_counted_from_one_and_lose_their_end() {
        let file = SourceFile::new("a", "one\r\ntwo\n\nfour");
        assert_eq!([1, 2, 3, 4, 5, 0].map(|n| file.line(n)), ["one", "two", "", "four", "", "one"]);
        assert_eq!(file.text(), "one\ntwo\n\nfour");
    }
}
