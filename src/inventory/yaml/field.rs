//! Reading a tree against a schema, by hand: every mismatch is reported with its place, and reading goes on.

use std::cell::RefCell;
use std::sync::Arc;

use crate::inventory::diagnostic::{Diagnostic, Diagnostics};
use crate::inventory::nearest::suggestion;
use crate::inventory::source::{Located, Place, SourceFile};
use crate::inventory::yaml::full_width;
use crate::message::Text;

use super::node::{Content, Key, Mark, Node};

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
            let text = Text::new("the file is empty", "ファイルが空です");
            found.push(Diagnostic::error("yaml.empty", text).at(place, ""));
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
    pub fn error(&self, code: &'static str, en: impl Into<String>, ja: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, Text::new(en, ja)).at(self.place(), self.path.clone())
    }

    /// Keeps a finding.
    pub fn report(&self, diagnostic: Diagnostic) {
        self.reader.report(diagnostic);
    }

    /// Whether nothing is written here.
    pub fn is_empty(&self) -> bool {
        self.node.is_empty()
    }

    fn mismatch(&self, en: &str, ja: &str) -> Diagnostic {
        let (found_en, found_ja) = match &self.node.content {
            _ if self.is_empty() => ("nothing", "値がありません"),
            Content::Scalar { .. } => ("a single value", "単一の値です"),
            Content::Sequence(_) => ("a list", "リストです"),
            Content::Mapping(_) => ("a table", "項目の表です"),
        };
        self.error("yaml.type", format!("expected {en}, found {found_en}"), format!("{ja}が必要ですが、{found_ja}"))
    }

    /// A table with a fixed set of keys, ended by [`Table::finish`]. `what` names it in messages ("a site", "サイト").
    pub fn table(&self, en: &'static str, ja: &'static str) -> Option<Table<'a>> {
        match &self.node.content {
            Content::Mapping(entries) => {
                Some(Table { field: self.clone(), entries, known: Vec::new(), what: (en, ja) })
            }
            _ => {
                self.report(self.mismatch(&format!("{en} (a table of keys)"), &format!("{ja}(項目の表)")));
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
                self.report(self.mismatch("a table of names", "名前をキーとする表"));
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
                let hint = Text::new(
                    "write one item per line after `- `, or `[a, b]`",
                    "`- ` に続けて 1 行に 1 つ書くか、`[a, b]` の形で書いてください",
                );
                self.report(self.mismatch("a list", "リスト").hints([hint]));
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
            self.report(self.mismatch("text", "文字列"));
            return None;
        };
        if self.is_empty() {
            self.report(self.mismatch("text", "文字列"));
            return None;
        }
        if *plain && is_ambiguous(text) {
            self.report(
                self.error(
                    "yaml.ambiguous",
                    format!("`{text}` without quotes is a truth value to many YAML readers, and text is expected here"),
                    format!("引用符のない `{text}` は、多くの YAML 処理系で真偽値になります。ここでは文字列が必要です"),
                )
                .hint(format!("write \"{text}\" in quotes"), format!("\"{text}\" と引用符で囲んでください")),
            );
            return None;
        }
        if let Some(control) = text.chars().find(|c| c.is_control()) {
            let (en, ja) = match control {
                '\n' | '\r' => ("a line end", "改行"),
                '\t' => ("a TAB", "タブ"),
                _ => ("a control character", "制御文字"),
            };
            self.report(
                self.error("value.control", format!("the value holds {en}"), format!("値に{ja}が含まれています"))
                    .hint("write it on one line, without `|` or `>`", "`|` や `>` を使わず、1 行で書いてください"),
            );
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
        let mut diagnostic = self.mismatch("`true` or `false`", "`true` か `false` ");
        let meant = match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "true" => Some("true"),
            "no" | "off" | "false" => Some("false"),
            _ => None,
        };
        if let Some(meant) = meant {
            *diagnostic.text = Text::new(
                format!("expected `true` or `false`, found `{text}`"),
                format!("`true` か `false` が必要ですが、`{text}` と書かれています"),
            );
            diagnostic = diagnostic.hint(format!("write `{meant}`"), format!("`{meant}` と書いてください"));
        }
        self.report(diagnostic);
        None
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
        let mut diagnostic = self.error(
            "yaml.number",
            format!("expected a whole number from {least} to {most}"),
            format!("{least} から {most} までの整数が必要です"),
        );
        diagnostic = diagnostic.hints(full_width(text));
        if octal {
            diagnostic = diagnostic.hint(
                "leave out the zeros in front: some YAML readers take such a number as octal",
                "先頭の 0 を取ってください。8 進数と解釈する YAML 処理系があります",
            );
        }
        self.report(diagnostic);
        None
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
    what: (&'static str, &'static str),
}

impl<'a> Table<'a> {
    /// The table itself as a field.
    pub fn field(&self) -> &Field<'a> {
        &self.field
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
            let (en, ja) = self.what;
            let field = &self.field;
            let place = field.key_place();
            let missing = Text::new(format!("{en} needs the key `{key}`"), format!("{ja}には項目 `{key}` が必要です"));
            let such =
                example(key).map(|example| Text::new(format!("such as `{example}`"), format!("記述例: `{example}`")));
            field.report(Diagnostic::error("yaml.missing-key", missing).at(place, field.path.clone()).hints(such));
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
        let (en, ja) = self.what;
        let list = keys.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
        let text = Text::new(
            format!("{en} needs exactly one of {list}"),
            format!("{ja}には {list} のうちちょうど 1 つが必要です"),
        );
        let field = &self.field;
        field.report(Diagnostic::error("yaml.exactly-one", text).at(field.key_place(), field.path.clone()));
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
            let (en, ja) = self.what;
            let text = Text::new(
                format!("`{}` is not a key of {en}", key.text),
                format!("`{}` は{ja}の項目ではありません", key.text),
            );
            let diagnostic = Diagnostic::error("yaml.unknown-key", text)
                .at(child.key_place(), child.path.clone())
                .hints(full_width(&key.text).or_else(|| suggestion(&key.text, self.known.iter().copied())));
            child.report(diagnostic);
        }
    }

    /// Reports the keys that no one asked for.
    pub fn finish(self) {
        self.finish_except(|_, _| false);
    }
}
