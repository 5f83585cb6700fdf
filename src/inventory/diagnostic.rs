//! What is wrong with what people wrote: every finding of a run together, each with its place.
//!
//! Renders plainly; colours and the exit status are the business of `cli`. A source line that may hold a secret is shown
//! with the value hidden.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::LazyLock;

use regex::Regex;
use unicode_width::UnicodeWidthStr;

use crate::message::{CodeEntry, Explain, Lang, Text};
use crate::visible;

use super::source::Place;

/// Most characters that a finding says, however long what it quotes is: its beginning and its end.
const LONGEST: usize = 1000;

fn bounded(text: Text) -> Text {
    Text::new(shortened(text.en), shortened(text.ja))
}

fn shortened(text: String) -> String {
    let count = text.chars().count();
    if count <= LONGEST {
        return text;
    }
    let end = text.char_indices().nth(count - LONGEST / 2).map_or("", |(at, _)| text.get(at..).unwrap_or_default());
    text.chars().take(LONGEST / 2).chain(" … ".chars()).chain(end.chars()).collect()
}

/// Whether a finding stops the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing goes on.
    Error,
    /// Worth a look; the run goes on.
    Warning,
}

/// One finding in an input file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The stable code, such as `yaml.unknown-key`.
    pub code: &'static str,
    /// Where it is, when it is in a file at all.
    pub place: Option<Place>,
    /// The keys that lead there, such as `sites.sato.routers.sato-r1.model`; empty at the top.
    pub path: String,
    /// What is wrong, and what was expected.
    pub text: Box<Text>,
    /// What to do, the most useful first.
    pub hints: Vec<Text>,
    /// Another place that has to do with it, and how.
    pub related: Option<Box<(Place, Text)>>,
    /// The column from which the source line may be a secret: shown as asterisks from there on.
    pub sealed_from: Option<u32>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(finding: &(impl Explain + ?Sized)) -> Self {
        Self::new(Severity::Error, finding)
    }

    /// A warning without a place yet.
    pub fn warning(finding: &(impl Explain + ?Sized)) -> Self {
        Self::new(Severity::Warning, finding)
    }

    fn new(severity: Severity, finding: &(impl Explain + ?Sized)) -> Self {
        Self {
            severity,
            code: finding.code(),
            place: None,
            path: String::new(),
            text: Box::new(bounded(finding.text())),
            hints: finding.hints().into_iter().map(bounded).collect(),
            related: None,
            sealed_from: None,
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place, path: impl Into<String>) -> Self {
        self.place = Some(place);
        self.path = shortened(path.into());
        self
    }

    /// Adds another place that has to do with it.
    #[must_use]
    pub fn related(mut self, place: Place, en: impl Into<String>, ja: impl Into<String>) -> Self {
        self.related = Some(Box::new((place, Text::new(en, ja))));
        self
    }

    /// Hides the source from the place on, in this finding and in all others of that line.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.sealed_from = Some(self.place.as_ref().map_or(1, |place| place.column));
        self
    }

    /// The file's name, line, and column (both from 1).
    pub fn position(&self) -> Option<(&str, u32, u32)> {
        self.place.as_ref().map(|p| (p.file.name(), p.line, p.column))
    }

    /// The source line as it may be shown, without secrets.
    pub fn source_line(&self) -> Option<String> {
        self.excerpt().map(|excerpt| excerpt.line)
    }

    /// The source line as it may be shown, with what is meant in it, for those who draw it themselves.
    pub fn excerpt(&self) -> Option<Excerpt> {
        let place = self.place.as_ref()?;
        let (line, skipped) = place.excerpt();
        let column = (place.column as usize).saturating_sub(1 + skipped);
        if let Some(from) = self.sealed_from {
            let from = (from as usize).saturating_sub(1 + skipped);
            let kept: String = line.chars().take(from).collect();
            // As many carets as asterisks where the value is meant: its length is no one's business either.
            let length = if column < from { place.length as usize } else { HIDDEN.len() };
            return Some(Excerpt { line: kept + HIDDEN, column: column.min(from), length });
        }
        Some(hide_secrets(&line, column, place.length as usize))
    }

    /// The finding in one language: heading, place, source line with a caret, path, hints; no colours, a line end at its end.
    pub fn render(&self, lang: Lang) -> String {
        let label = match self.severity {
            Severity::Error => lang.pick("error", "エラー"),
            Severity::Warning => lang.pick("warning", "警告"),
        };
        let mut out = format!("{label}[{}]: {}\n", self.code, visible::hanging(self.text.get(lang), 4));
        if let (Some(place), Some(excerpt)) = (&self.place, self.excerpt()) {
            let number = place.line.to_string();
            let margin = " ".repeat(number.len());
            let source = &excerpt.line;
            let before: String = source.chars().take(excerpt.column).collect();
            let meant: String = source.chars().skip(excerpt.column).take(excerpt.length).collect();
            let indent = " ".repeat(before.width());
            let carets = "^".repeat(meant.width().max(1));
            out.push_str(&format!(
                "{margin}--> {}\n{margin} |\n{number} | {source}\n{margin} | {indent}{carets}\n",
                visible::line(&place.to_string())
            ));
            if !self.path.is_empty() {
                out.push_str(&format!("{margin} = {}: {}\n", lang.pick("path", "項目"), visible::line(&self.path)));
            }
            if let Some((place, text)) = self.related.as_deref() {
                out.push_str(&format!(
                    "{margin} = {}: {} ({place})\n",
                    lang.pick("see", "関連"),
                    visible::hanging(text.get(lang), 4)
                ));
            }
            for hint in &self.hints {
                out.push_str(&format!(
                    "{margin} = {}: {}\n",
                    lang.pick("help", "対処"),
                    visible::hanging(hint.get(lang), 4)
                ));
            }
        } else {
            for hint in &self.hints {
                out.push_str(&format!("  = {}: {}\n", lang.pick("help", "対処"), visible::hanging(hint.get(lang), 4)));
            }
        }
        out
    }
}

/// The mask of a hidden value; its length says nothing about the value's.
const HIDDEN: &str = "********";

/// What is shown of a source line, secrets hidden. Column and length count characters of the shown line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The text, at most some 120 characters.
    pub line: String,
    /// Where what is meant begins, from 0.
    pub column: usize,
    /// How long it is.
    pub length: usize,
}

/// Hides the values of keys that by their name hold a secret, wherever a message shows a source line, and moves the column
/// along.
fn hide_secrets(line: &str, column: usize, length: usize) -> Excerpt {
    static KEYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let key = r#"(?i)[a-z0-9_.-]*(?:passw(?:or)?d|secret|psk|passphrase)[a-z0-9_.-]*["']?\s*:\s+"#;
        Regex::new(&format!(r"{key}([^,}}\s#][^,}}]*)")).ok()
    });
    let mut shown = Excerpt { line: String::new(), column, length };
    let mut copied = 0;
    let values = KEYS.iter().flat_map(|keys| keys.captures_iter(line)).filter_map(|found| found.get(1));
    for value in values {
        let chars = |to: usize| line.get(..to).unwrap_or_default().chars().count();
        let (start, end) = (chars(value.start()), chars(value.end()));
        shown.line.push_str(line.get(copied..value.start()).unwrap_or_default());
        if column >= end {
            shown.column = (shown.column + HIDDEN.len()).saturating_sub(end - start);
        } else if column >= start {
            shown.column = shown.line.chars().count();
            shown.length = HIDDEN.len();
        }
        shown.line.push_str(HIDDEN);
        copied = value.end();
    }
    shown.line.push_str(line.get(copied..).unwrap_or_default());
    shown
}

/// All findings of a run, in the order of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds the findings of another part.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Drops the findings of a code, where they only follow from another one.
    pub(crate) fn forget(&mut self, code: &str) {
        self.0.retain(|finding| finding.code != code);
    }

    /// The findings.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// Whether there are no findings.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How many of them stop the run.
    pub fn errors(&self) -> usize {
        self.0.iter().filter(|d| d.severity == Severity::Error).count()
    }

    /// What one finding hides, no other finding of that line shows.
    fn seal_lines(&mut self) {
        let mut sealed: BTreeMap<(String, u32), u32> = BTreeMap::new();
        for diagnostic in &self.0 {
            if let (Some((file, line, _)), Some(from)) = (diagnostic.position(), diagnostic.sealed_from) {
                let least = sealed.entry((file.to_owned(), line)).or_insert(from);
                *least = from.min(*least);
            }
        }
        if sealed.is_empty() {
            return;
        }
        for diagnostic in &mut self.0 {
            let here = diagnostic.position().and_then(|(file, line, _)| sealed.get(&(file.to_owned(), line)));
            diagnostic.sealed_from = here.copied();
        }
    }

    /// Sorted by file, line and column. What is said twice at one place is kept once; where it was said for several routers,
    /// the first is kept and the others are counted.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.seal_lines();
        self.0.sort_by(|a, b| a.position().cmp(&b.position()).then_with(|| a.severity.cmp(&b.severity)));
        let mut kept: Vec<Kept> = Vec::new();
        let mut here: HashMap<(&'static str, String, String), usize> = HashMap::new();
        for diagnostic in self.0 {
            if kept.last().is_some_and(|last| last.diagnostic.position() != diagnostic.position()) {
                here.clear();
            }
            let said = (diagnostic.code, diagnostic.path.clone(), diagnostic.text.en.clone());
            let index = *here.entry(said).or_insert(kept.len());
            match kept.get_mut(index) {
                Some(known) if known.diagnostic.related != diagnostic.related => known.more += 1,
                Some(_) => {}
                None => kept.push(Kept { diagnostic, more: 0 }),
            }
        }
        for Kept { diagnostic, more } in kept.iter_mut().filter(|kept| kept.more > 0) {
            let (en, ja) = (format!("the same for {more} more"), format!("ほか {more} 件も同じです"));
            diagnostic.hints.push(Text::new(en, ja));
        }
        Self(kept.into_iter().map(|kept| kept.diagnostic).collect())
    }

    /// The value when nothing stops the run, with the warnings; else everything found.
    ///
    /// # Errors
    /// All findings, sorted, when one of them is an error.
    pub fn conclude<T>(self, value: T) -> Result<(T, Self), Self> {
        let sorted = self.sorted();
        if sorted.errors() == 0 { Ok((value, sorted)) } else { Err(sorted) }
    }

    /// Every finding in one language, an empty line between two.
    pub fn render(&self, lang: Lang) -> String {
        self.0.iter().map(|d| d.render(lang)).collect::<Vec<_>>().join("\n")
    }
}

/// A finding, and how many others say the same at its place.
struct Kept {
    diagnostic: Diagnostic,
    more: usize,
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

/// What all findings of a run come to, where they are one error among others.
#[derive(Debug, Explain)]
#[explain(
    code = "input.invalid",
    en = "the input has {errors} error(s) and {warnings} warning(s)",
    ja = "入力にエラーが {errors} 件、警告が {warnings} 件あります"
)]
struct InvalidInput {
    errors: usize,
    warnings: usize,
}

/// The code of the sum.
pub(super) const CODES: &[CodeEntry] = InvalidInput::CODES;

impl Diagnostics {
    fn sum(&self) -> InvalidInput {
        InvalidInput { errors: self.errors(), warnings: self.len() - self.errors() }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sum().fmt(f)
    }
}

impl std::error::Error for Diagnostics {}

impl Explain for Diagnostics {
    fn code(&self) -> &'static str {
        self.sum().code()
    }

    fn text(&self) -> Text {
        self.sum().text()
    }
}

#[cfg(test)]
#[path = "diagnostic_tests.rs"]
mod tests;
