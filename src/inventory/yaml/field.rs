//! Reading a tree against a schema, by hand: every mismatch is reported with its place, and reading goes on.

use std::cell::RefCell;
use std::sync::Arc;

use crate::inventory::diagnostic::{Diagnostic, Diagnostics};
use crate::inventory::nearest::suggestion;
use crate::inventory::source::{Located, Place, SourceFile};
use crate::inventory::yaml::full_width;
use crate::message::{Explain, Text, Wording};

use super::finding::YamlFinding;
use super::node::{Content, Key, Mark, Node};

/// The only version there is of the form of an inventory, of a playbook and of a role.
const VERSION: u64 = 1;

/// The file being read and what was found in it so far.
pub(crate) struct Reader {
    file: Arc<SourceFile>,
    found: RefCell<Diagnostics>,
}

impl Reader {
    /// Reads a file; findings of the parser are kept with those to come.
    pub fn open(file: Arc<SourceFile>) -> (Self, Option<Arc<Node>>) {
        let mut found = Diagnostics::new();
        let root = super::parse(&file, &mut found);
        if root.is_none() && found.is_empty() {
            let place = Place { file: Arc::clone(&file), line: 1, column: 1, length: 1 };
            found.push(Diagnostic::error(&YamlFinding::Empty).at(place, ""));
        }
        (Self { file, found: RefCell::new(found) }, root)
    }

    /// The field that is the whole document.
    pub fn root<'a>(&'a self, node: &'a Node) -> Field<'a> {
        Field { reader: self, node, path: String::new(), key: None }
    }

    /// Everything found.
    pub fn finish(self) -> Diagnostics {
        self.found.into_inner()
    }

    fn place(&self, mark: Mark) -> Place {
        Place { file: Arc::clone(&self.file), line: mark.line, column: mark.column, length: mark.length }
    }

    fn report(&self, diagnostic: Diagnostic) {
        self.found.borrow_mut().push(diagnostic);
    }
}

/// One value being read by the schema.
#[derive(Clone)]
pub(crate) struct Field<'a> {
    reader: &'a Reader,
    node: &'a Node,
    path: String,
    key: Option<Mark>,
}

impl<'a> Field<'a> {
    /// The keys that lead here.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The tree below.
    pub fn content(&self) -> &'a Content {
        &self.node.content
    }

    /// The place of the value; of its key if the value spans lines or is missing.
    pub fn place(&self) -> Place {
        let scalar = matches!(self.node.content, Content::Scalar { .. }) && !self.node.is_empty();
        self.reader.place(if scalar { self.node.mark } else { self.key.unwrap_or(self.node.mark) })
    }

    /// The place of the key that leads here.
    pub fn key_place(&self) -> Place {
        self.reader.place(self.key.unwrap_or(self.node.mark))
    }

    /// A value together with this place.
    pub fn located<T>(&self, value: T) -> Located<T> {
        Located { value, place: self.place(), path: self.path.as_str().into() }
    }

    /// An error here.
    pub fn error(&self, finding: &(impl Explain + ?Sized)) -> Diagnostic {
        Diagnostic::error(finding).at(self.place(), self.path.clone())
    }

    /// An error about the key that leads here.
    pub fn key_error(&self, finding: &(impl Explain + ?Sized)) -> Diagnostic {
        Diagnostic::error(finding).at(self.key_place(), self.path.clone())
    }

    /// Reports an error here.
    pub fn refuse(&self, finding: &(impl Explain + ?Sized)) {
        self.report(self.error(finding));
    }

    /// Keeps a finding.
    pub fn report(&self, diagnostic: Diagnostic) {
        self.reader.report(diagnostic);
    }

    /// Whether nothing is written here.
    pub fn is_empty(&self) -> bool {
        self.node.is_empty()
    }

    /// What is written here, in words.
    fn found(&self) -> Wording {
        match &self.node.content {
            _ if self.is_empty() => Wording::new("nothing", "値がありません"),
            Content::Scalar { .. } => Wording::new("a single value", "単一の値です"),
            Content::Sequence(_) => Wording::new("a list", "リストです"),
            Content::Mapping(_) => Wording::new("a table", "項目の表です"),
        }
    }

    /// A table with a fixed set of keys, ended by [`Table::finish`]. `what` names it in messages ("a site", "サイト").
    pub fn table(&self, en: &'static str, ja: &'static str) -> Option<Table<'a>> {
        let what = Wording::new(en, ja);
        match &self.node.content {
            Content::Mapping(entries) => Some(Table { field: self.clone(), entries, known: Vec::new(), what }),
            _ => {
                self.refuse(&YamlFinding::NoTable { table: what, found: self.found() });
                None
            }
        }
    }

    /// A table whose keys are names that the user chooses. Nothing written counts as no entry.
    pub fn entries(&self) -> Vec<(&'a Key, Field<'a>)> {
        match &self.node.content {
            Content::Mapping(entries) => entries.iter().map(|(key, node)| (key, self.child(key, node))).collect(),
            _ if self.is_empty() => Vec::new(),
            _ => {
                self.refuse(&YamlFinding::NoNames { found: self.found() });
                Vec::new()
            }
        }
    }

    fn child(&self, key: &Key, node: &'a Node) -> Field<'a> {
        let path = if self.path.is_empty() { key.text.clone() } else { format!("{}.{}", self.path, key.text) };
        Field { reader: self.reader, node, path, key: Some(key.mark) }
    }

    /// The items of a list. Nothing written counts as no item.
    pub fn list(&self) -> Vec<Field<'a>> {
        match &self.node.content {
            Content::Sequence(items) => self.items(items),
            _ if self.is_empty() => Vec::new(),
            _ => {
                self.refuse(&YamlFinding::NoList { found: self.found() });
                Vec::new()
            }
        }
    }

    fn items(&self, items: &'a [Arc<Node>]) -> Vec<Field<'a>> {
        let item = |(index, node): (usize, &'a Arc<Node>)| Field {
            reader: self.reader,
            node,
            path: format!("{}[{index}]", self.path),
            key: None,
        };
        items.iter().enumerate().map(item).collect()
    }

    /// Text for people or for us: no control characters; unquoted `no`, `on`, `null` and their like are refused, because the
    /// next YAML reader takes them for something else.
    pub fn text(&self) -> Option<String> {
        let Content::Scalar { text, plain } = &self.node.content else {
            self.refuse(&YamlFinding::NoText { found: self.found() });
            return None;
        };
        if self.is_empty() {
            self.refuse(&YamlFinding::NoText { found: self.found() });
            return None;
        }
        if *plain && is_ambiguous(text) {
            self.refuse(&YamlFinding::Ambiguous { text: text.clone() });
            return None;
        }
        if let Some(control) = text.chars().find(|c| c.is_control()) {
            let what = match control {
                '\n' | '\r' => Wording::new("a line end", "改行"),
                '\t' => Wording::new("a TAB", "タブ"),
                _ => Wording::new("a control character", "制御文字"),
            };
            self.refuse(&YamlFinding::Control { what });
            return None;
        }
        Some(text.clone())
    }

    /// `true` or `false`, nothing else.
    pub fn boolean(&self) -> Option<bool> {
        let text = match &self.node.content {
            Content::Scalar { text, plain: true } => text.as_str(),
            _ => "",
        };
        match text {
            "true" => return Some(true),
            "false" => return Some(false),
            _ => {}
        }
        let meant = match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "true" => Some("true"),
            "no" | "off" | "false" => Some("false"),
            _ => None,
        };
        self.refuse(&match meant {
            Some(meant) => YamlFinding::OtherTruth { text: text.to_owned(), meant },
            None => YamlFinding::NoTruth { found: self.found() },
        });
        None
    }

    /// What one of a few words means.
    pub fn choice<T: Copy, const N: usize>(&self, choices: [(&'static str, T); N]) -> Option<T> {
        let text = self.text()?;
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, meant)| *meant);
        if found.is_none() {
            let words = choices.map(|(word, _)| word);
            let near = suggestion(&text, words);
            let quoted = words.map(|word| format!("`{word}`"));
            let words = Text::new(quoted.join(", "), quoted.join("、"));
            self.refuse(&YamlFinding::NoChoice { text, words, near });
        }
        found
    }

    /// A whole number within bounds.
    pub fn integer(&self, least: u64, most: u64) -> Option<u64> {
        let text = match &self.node.content {
            Content::Scalar { text, plain: true } => text.as_str(),
            _ => "",
        };
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let octal = digits && text.len() > 1 && text.starts_with('0');
        if digits
            && !octal
            && let Some(number) = text.parse().ok().filter(|n| (least..=most).contains(n))
        {
            return Some(number);
        }
        self.refuse(&YamlFinding::Number { least, most, full_width: full_width(text), octal });
        None
    }

    /// Reports a version of the file's form that this program does not read; there is one form of each kind of file.
    pub fn check_version(&self) {
        if let Some(written) = self.integer(0, u64::from(u32::MAX)).filter(|written| *written != VERSION) {
            self.refuse(&YamlFinding::Version { written, known: VERSION });
        }
    }
}

/// Words that YAML 1.1 readers do not take for text.
pub(crate) fn is_ambiguous(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "yes" | "no" | "on" | "off" | "true" | "false")
}

/// What a key that is missing may look like.
fn example(key: &str) -> Option<&'static str> {
    Some(match key {
        "version" => "version: 1",
        "model" => "model: IX2215",
        "connection" => "connection: { serial: { auto: true } }",
        _ => return None,
    })
}

/// A table with a fixed set of keys. Asking for a key makes it known.
pub(crate) struct Table<'a> {
    field: Field<'a>,
    entries: &'a [(Key, Arc<Node>)],
    known: Vec<&'static str>,
    what: Wording,
}

impl<'a> Table<'a> {
    /// The table itself as a field.
    pub fn field(&self) -> &Field<'a> {
        &self.field
    }

    /// Whether it holds no key at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a key is there, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(k, _)| k.text == key)
    }

    /// The value of a key, if it is there.
    pub fn get(&mut self, key: &'static str) -> Option<Field<'a>> {
        self.known.push(key);
        self.entries.iter().find(|(k, _)| k.text == key).map(|(k, node)| self.field.child(k, node))
    }

    /// The value of a key that must be there.
    pub fn require(&mut self, key: &'static str) -> Option<Field<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let missing = YamlFinding::MissingKey { table: self.what, key, example: example(key) };
            self.field.report(self.field.key_error(&missing));
        }
        found
    }

    /// The one entry of a table that must hold exactly one of some keys.
    pub fn exactly_one(&mut self, keys: &[&'static str]) -> Option<(&'static str, Field<'a>)> {
        let found: Vec<_> = keys.iter().filter_map(|&key| self.get(key).map(|field| (key, field))).collect();
        if found.len() == 1 {
            return found.into_iter().next();
        }
        let unknown = self.entries.iter().any(|(k, _)| !keys.contains(&k.text.as_str()));
        if found.is_empty() && unknown {
            // `finish` names the unknown key; a second complaint about the same slip would only be noise.
            return None;
        }
        let keys = keys.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
        self.field.report(self.field.key_error(&YamlFinding::ExactlyOne { table: self.what, keys }));
        None
    }

    /// Reports the keys that no one asked for, except those that `special` takes care of.
    pub fn finish_except(self, special: impl Fn(&str, &Field<'a>) -> bool) {
        for (key, node) in self.entries {
            if self.known.contains(&key.text.as_str()) || key.text == "<<" {
                continue;
            }
            let child = self.field.child(key, node);
            if special(&key.text, &child) {
                continue;
            }
            let near = full_width(&key.text).or_else(|| suggestion(&key.text, self.known.iter().copied()));
            child.report(child.key_error(&YamlFinding::UnknownKey { key: key.text.clone(), table: self.what, near }));
        }
    }

    /// Reports the keys that no one asked for.
    pub fn finish(self) {
        self.finish_except(|_, _| false);
    }
}
