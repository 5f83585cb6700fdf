//! Parser events to a tree: duplicate keys, unwanted YAML features and bombs are reported here.

use std::collections::HashMap;
use std::sync::Arc;

use serde_saphyr::granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, Tag};

use crate::inventory::diagnostic::{Diagnostic, Diagnostics};
use crate::inventory::source::{Place, SourceFile};
use crate::message::Text;

use super::node::{Content, Key, Mark, Node};
use super::slip;

/// Nodes in one document: 20,000 sites of two routers with thirty values each fit four times.
const MAX_NODES: usize = 8_000_000;
/// Nodes that aliases may repeat, all together.
const MAX_ALIASED: usize = 200_000;
/// Levels of nesting; the schema needs ten.
const MAX_DEPTH: usize = 48;

/// An open list or table.
enum Open {
    Sequence {
        mark: Mark,
        anchor: usize,
        items: Vec<Arc<Node>>,
        size: usize,
    },
    Mapping {
        mark: Mark,
        anchor: usize,
        entries: Vec<(Key, Arc<Node>)>,
        seen: HashMap<String, Mark>,
        key: Option<Key>,
        size: usize,
    },
}

struct Builder<'a> {
    file: &'a Arc<SourceFile>,
    found: &'a mut Diagnostics,
    stack: Vec<Open>,
    anchors: HashMap<usize, (Arc<Node>, usize)>,
    root: Option<Arc<Node>>,
    nodes: usize,
    aliased: usize,
    documents: usize,
}

/// Reads one document. What can be read is returned even when something was wrong with it; `None` when there is nothing to
/// go on with.
pub(crate) fn parse(file: &Arc<SourceFile>, found: &mut Diagnostics) -> Option<Arc<Node>> {
    let mut builder = Builder {
        file,
        found,
        stack: Vec::new(),
        anchors: HashMap::new(),
        root: None,
        nodes: 0,
        aliased: 0,
        documents: 0,
    };
    let mut parser = Parser::new_from_str(file.text());
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => builder.event(event, span)?,
            Err(error) => {
                builder.syntax(&error);
                return None;
            }
        }
    }
    builder.root
}

fn mark(span: Span) -> Mark {
    let length = if span.start.line() == span.end.line() { span.end.col().saturating_sub(span.start.col()) } else { 1 };
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Mark { line: narrow(span.start.line()), column: narrow(span.start.col() + 1), length: narrow(length.max(1)) }
}

impl Builder<'_> {
    /// Takes one event; `None` stops the reading.
    fn event(&mut self, event: Event<'_>, span: Span) -> Option<()> {
        let mark = mark(span);
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.report(
                        mark,
                        "yaml.second-document",
                        Text::new(
                            "a second document starts here; one file holds one document",
                            "ここから 2 つ目の YAML ドキュメントが始まっています。1 ファイルに書けるのは 1 つだけです",
                        ),
                    );
                    return None;
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.tag(mark, tag.as_deref());
                let plain = style == ScalarStyle::Plain && tag.is_none();
                self.node(mark, Content::Scalar { text: text.into_owned(), plain }, anchor, 1)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.tag(mark, tag.as_deref());
                self.open(mark, Open::Sequence { mark, anchor, items: Vec::new(), size: 1 })?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.tag(mark, tag.as_deref());
                let (entries, seen) = (Vec::new(), HashMap::new());
                self.open(mark, Open::Mapping { mark, anchor, entries, seen, key: None, size: 1 })?;
            }
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some(Open::Sequence { mark, anchor, items, size }) => {
                    self.node(mark, Content::Sequence(items), anchor, size)?;
                }
                Some(Open::Mapping { mark, anchor, entries, size, .. }) => {
                    self.node(mark, Content::Mapping(entries), anchor, size)?;
                }
                None => return None,
            },
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor).cloned() else {
                    self.report(
                        mark,
                        "yaml.alias",
                        Text::new(
                            "this alias stands inside the value that it names",
                            "このエイリアスは、参照先の値の内側にあります",
                        ),
                    );
                    return None;
                };
                self.aliased += size;
                if self.aliased > MAX_ALIASED {
                    self.report(
                        mark,
                        "yaml.alias-bomb",
                        Text::new(
                            format!("aliases repeat more than {MAX_ALIASED} values; nothing after this was read"),
                            format!("エイリアスの展開が {MAX_ALIASED} 個を超えました。ここから先は読んでいません"),
                        ),
                    );
                    return None;
                }
                self.attach(node, size, mark);
            }
            _ => {}
        }
        Some(())
    }

    fn open(&mut self, mark: Mark, open: Open) -> Option<()> {
        if self.stack.len() >= MAX_DEPTH {
            self.report(
                mark,
                "yaml.too-deep",
                Text::new(
                    format!("nested deeper than {MAX_DEPTH} levels"),
                    format!("入れ子が {MAX_DEPTH} 段を超えています"),
                ),
            );
            return None;
        }
        self.stack.push(open);
        Some(())
    }

    fn node(&mut self, mark: Mark, content: Content, anchor: usize, size: usize) -> Option<()> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            self.report(
                mark,
                "yaml.too-large",
                Text::new(
                    format!("more than {MAX_NODES} values in one file; split the inventory by region"),
                    format!("1 ファイルの値が {MAX_NODES} 個を超えました。インベントリを地域ごとに分けてください"),
                ),
            );
            return None;
        }
        let node = Arc::new(Node { mark, content });
        if anchor != 0 {
            self.anchors.insert(anchor, (Arc::clone(&node), size));
        }
        self.attach(node, size, mark);
        Some(())
    }

    /// Puts a finished value where it belongs: list item, key, or the value of a key.
    fn attach(&mut self, node: Arc<Node>, node_size: usize, at: Mark) {
        let mut complaint = None;
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence { items, size, .. }) => {
                *size += node_size;
                items.push(node);
            }
            Some(Open::Mapping { entries, seen, key, size, .. }) => {
                *size += node_size;
                match key.take() {
                    Some(found) => match seen.get(&found.text) {
                        Some(first) => complaint = Some((found, *first)),
                        None => {
                            seen.insert(found.text.clone(), found.mark);
                            entries.push((found, node));
                        }
                    },
                    None => {
                        let text = match &node.content {
                            Content::Scalar { text, .. } => text.clone(),
                            _ => String::new(),
                        };
                        let simple = matches!(node.content, Content::Scalar { .. });
                        *key = Some(Key { text: text.clone(), mark: at });
                        if !simple || text == "<<" {
                            self.unwanted_key(at, simple);
                        }
                    }
                }
            }
        }
        if let Some((key, first)) = complaint {
            let place = self.place(key.mark);
            self.found.push(
                Diagnostic::error(
                    "yaml.duplicate-key",
                    Text::new(
                        format!("the key `{}` stands here a second time", key.text),
                        format!("項目 `{}` が重複しています", key.text),
                    ),
                )
                .at(place, "")
                .related(self.place(first), "the first one", "最初の記述")
                .hint("keep one of the two", "どちらか一方だけを残してください"),
            );
        }
    }

    fn unwanted_key(&mut self, at: Mark, merge: bool) {
        let text = if merge {
            Text::new(
                "merge keys (`<<`) are not supported; use groups to share variables",
                "マージキー(`<<`)は使えません。変数を共有するには groups を使ってください",
            )
        } else {
            Text::new("a key must be a single word of text", "項目名は単純な文字列でなければなりません")
        };
        self.report(at, "yaml.key", text);
    }

    fn tag(&mut self, at: Mark, tag: Option<&Tag>) {
        let Some(tag) = tag else { return };
        if tag.core_suffix() != Some("str") {
            self.report(
                at,
                "yaml.tag",
                Text::new(
                    format!(
                        "the tag `{}` is not supported: values have no tags, and files are never included",
                        tag.original()
                    ),
                    format!(
                        "タグ `{}` は使えません。値にタグは付けられず、ほかのファイルの取り込みもできません",
                        tag.original()
                    ),
                ),
            );
        }
    }

    fn syntax(&mut self, error: &ScanError) {
        let marker = error.marker();
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let at = Mark { line: narrow(marker.line()), column: narrow(marker.col() + 1), length: 1 };
        if let Some(tab) = self.tab(error) {
            let text = Text::new("a TAB stands where YAML wants blanks", "空白が必要な位置にタブ(TAB)があります");
            self.found.push(Diagnostic::error("yaml.syntax", text).at(self.place(tab), "").hint(
                "YAML is indented with blanks only: replace every TAB (shown as →) by blanks",
                "YAML の字下げに使えるのは空白だけです。タブ(→ で表示)をすべて空白に置き換えてください",
            ));
            return;
        }
        if let Some((at, c, meant)) = self.stray(at.line) {
            let shown = if meant == ' ' { "a blank".to_owned() } else { format!("`{meant}`") };
            let (en, ja) =
                if meant == ' ' { ("blank", "空白".to_owned()) } else { ("character", format!(" `{c}` ")) };
            let text = Text::new(
                format!("a full-width {en} stands where YAML wants {shown}"),
                format!("半角が必要な位置に全角の{ja}があります"),
            );
            self.found.push(
                Diagnostic::error("yaml.syntax", text).at(self.place(at), "").hint(
                    "switch the input method off and type it again",
                    "日本語入力を切り、半角で入力し直してください",
                ),
            );
            return;
        }
        let (text, hint) = match error.kind() {
            ErrorKind::UnknownAnchor => (
                Text::new("this alias names no anchor", "このエイリアスの参照先がありません"),
                Some(Text::new(
                    "a value that begins with `*` must be in quotes",
                    "`*` で始まる値は引用符で囲んでください",
                )),
            ),
            _ => {
                let info = error.info();
                let text = Text::new(format!("this is not valid YAML: {info}"), slip::japanese(&info));
                (text, Some(self.advice(at.line, &info)))
            }
        };
        let place = self.place(at);
        self.found.push(Diagnostic::error("yaml.syntax", text).at(place, "").hints(hint));
    }

    /// A full-width character that a syntax error may be about: on its line or the one before.
    fn stray(&self, line: u32) -> Option<(Mark, char, char)> {
        [line, line.saturating_sub(1)].into_iter().filter(|line| *line > 0).find_map(|line| {
            let (column, c, meant) = slip::stray(self.file.line(line))?;
            let column = u32::try_from(column + 1).ok()?;
            Some((Mark { line, column, length: 1 }, c, meant))
        })
    }

    /// What to do about a syntax error.
    fn advice(&self, line: u32, info: &str) -> Text {
        let before = line.saturating_sub(1).max(1);
        if let Some(meant) = [line, before].into_iter().find_map(|line| slip::glued(self.file.line(line))) {
            return Text::new(
                format!("a blank belongs behind the colon: `{meant}`"),
                format!("コロンの後に半角の空白が必要です: `{meant}`"),
            );
        }
        if info.contains("escape") || info.contains("hexadecimal") {
            return Text::new(
                "between double quotes a backslash has a meaning of its own: put Windows paths between single quotes, or write `/`",
                "二重引用符の中では `\\` が特別な意味を持ちます。Windows のパスは一重引用符で囲むか、`/` で書いてください",
            );
        }
        Text::new(
            "look at the indentation and the quotes here and on the line above",
            "この行と 1 つ前の行の字下げと引用符を確かめてください",
        )
    }

    /// The place of the TAB that a syntax error is about.
    fn tab(&self, error: &ScanError) -> Option<Mark> {
        let named = matches!(error.kind(), ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation);
        if !named && !error.info().contains("tab") {
            return None;
        }
        // The parser names the place where it was when it met the TAB: that line, or the one before.
        let at = error.marker().line();
        let found = [at, at + 1].into_iter().find_map(|line| {
            let number = u32::try_from(line).ok()?;
            let column = self.file.line(number).chars().position(|c| c == '\t')?;
            Some((number, u32::try_from(column + 1).ok()?))
        });
        found.map(|(line, column)| Mark { line, column, length: 1 })
    }

    fn place(&self, mark: Mark) -> Place {
        Place { file: Arc::clone(self.file), line: mark.line, column: mark.column, length: mark.length }
    }

    fn report(&mut self, at: Mark, code: &'static str, text: Text) {
        let place = self.place(at);
        self.found.push(Diagnostic::error(code, text).at(place, ""));
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
