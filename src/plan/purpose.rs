//! What becomes of lines, in a person's words: what they are for, and whether it comes, goes or changes. No value of a line is said, so that
//! the routers of one class of change are told the same.

use crate::dialect::grammar::{CommandKind, Row};
use crate::ix::Node;
use crate::message::Text;

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// It comes.
    Added,
    /// It goes.
    Removed,
    /// It is there with another value.
    Changed,
}

/// Lines of one kind by number.
#[derive(Default)]
pub(super) struct Tally {
    /// Lines that come.
    pub added: usize,
    /// Lines that go.
    pub removed: usize,
    /// Lines with another value.
    pub changed: usize,
}

impl Tally {
    pub(super) fn count(&mut self, what: What) {
        match what {
            What::Added => self.added += 1,
            What::Removed => self.removed += 1,
            What::Changed => self.changed += 1,
        }
    }

    /// What it is about, and how many come, go and change.
    pub(super) fn text(&self, about: &str, one: &str, ja: &str) -> Text {
        let Text { en, ja } = self.numbers(one, ja);
        Text::new(format!("{about}: {en}"), format!("{about}: {ja}"))
    }

    fn numbers(&self, one: &str, ja: &str) -> Text {
        let mut en = Vec::new();
        let mut japanese = Vec::new();
        for (sign, count, word) in [("+", self.added, "追加"), ("-", self.removed, "削除"), ("~", self.changed, "変更")]
        {
            if count > 0 {
                let plural = if count == 1 { "" } else { "s" };
                en.push(format!("{sign}{count} {one}{plural}"));
                japanese.push(format!("{ja}を{count}件{word}"));
            }
        }
        Text::new(en.join(", "), japanese.join("、"))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.added + self.removed + self.changed == 0
    }
}

/// The global lines of one family: a single one by what it does, several by number.
#[derive(Default)]
pub(super) struct Family {
    tally: Tally,
    /// What they are for, where that is known.
    purpose: Option<&'static Text>,
    /// What the last of them does.
    last: Option<Text>,
}

impl Family {
    pub(super) fn count(&mut self, node: &Node, what: What) {
        self.tally.count(what);
        self.purpose = node.row.as_ref().and_then(|row| row.purpose);
        self.last = node.row.as_deref().and_then(|row| alone(row, node.off, what));
    }

    /// In words: what it is for, where that is known, and its command, which alone says which of several things that serve it is meant.
    pub(super) fn text(self, command: &str) -> Text {
        let Tally { added, removed, changed } = self.tally;
        let Text { en, ja } = match self.last {
            Some(last) if added + removed + changed == 1 => last,
            _ => self.tally.numbers("line", "行"),
        };
        match self.purpose {
            Some(purpose) => {
                Text::new(format!("{} ({command}): {en}", purpose.en), format!("{}({command}): {ja}", purpose.ja))
            }
            None => Text::new(format!("{command}: {en}"), format!("{command}: {ja}")),
        }
    }
}

/// What one line does to what there is once; nothing where there may be several.
fn alone(row: &Row, off: bool, what: What) -> Option<Text> {
    let (en, ja) = match (row.kind, what) {
        (CommandKind::Flag, What::Added | What::Changed) if !off => ("on", "有効化"),
        (CommandKind::Flag, What::Removed) if off => ("on", "有効化"),
        (CommandKind::Flag, _) => ("off", "無効化"),
        (CommandKind::Single, What::Added) => ("set", "設定"),
        (CommandKind::Single, What::Removed) => ("removed", "削除"),
        (CommandKind::Single, What::Changed) => ("changed", "変更"),
        _ => return None,
    };
    Some(Text::new(en, ja))
}

/// What the lines of a block are for.
#[derive(Default)]
pub(super) struct Purposes {
    /// Whether it was switched on or shut.
    is_on: Option<bool>,
    /// Each thing once, in the order of the lines.
    things: Vec<(Text, What)>,
}

impl Purposes {
    /// A line that is there on both sides, and says something else.
    pub(super) fn change(&mut self, old: &Node, new: &Node) {
        match old.off && !new.off {
            true => self.count(new, What::Added),
            false => self.count(new, What::Changed),
        }
    }

    /// A line that says `no` takes away what it is about.
    pub(super) fn count(&mut self, node: &Node, what: What) {
        let row = node.row.as_deref();
        if row.is_some_and(|row| row.up) {
            // What is on shows no line of it.
            self.is_on = Some(node.off == (what != What::Removed));
            return;
        }
        let mut thing = match row {
            Some(row) => row.purpose.cloned().unwrap_or_else(|| Text::new(&row.leading, &row.leading)),
            None => Text::new("a line that is not known", "未知の行"),
        };
        if let Some(direction) = node.arg("DIRECTION").filter(|_| node.kind() == Some(CommandKind::Chain)) {
            thing = Text::new(format!("{} {direction}", thing.en), format!("{}({direction})", thing.ja));
        }
        let what = match (node.off, what) {
            (false, what) => what,
            (true, What::Added | What::Changed) => What::Removed,
            (true, What::Removed) => What::Added,
        };
        match self.things.iter_mut().find(|(known, _)| *known == thing) {
            // One line goes where another of its kind comes.
            Some((_, known)) if *known != what => *known = What::Changed,
            Some(_) => {}
            None => self.things.push((thing, what)),
        }
    }

    /// In words: whether it is on, then what comes, goes and changes; empty where that is nothing.
    pub(super) fn words(&self) -> Text {
        let mut en: Vec<String> = Vec::new();
        let mut ja: Vec<String> = Vec::new();
        if let Some(is_on) = self.is_on {
            let (english, japanese) = if is_on { ("on", "有効化") } else { ("shut", "閉塞") };
            en.push(english.to_owned());
            ja.push(japanese.to_owned());
        }
        for (what, sign, word) in
            [(What::Added, "+", "追加"), (What::Removed, "-", "削除"), (What::Changed, "~", "変更")]
        {
            let things: Vec<&Text> = self.things.iter().filter(|(_, is)| *is == what).map(|(thing, _)| thing).collect();
            if !things.is_empty() {
                let joined = |pick: fn(&Text) -> &str, by: &str| {
                    things.iter().map(|thing| pick(thing)).collect::<Vec<_>>().join(by)
                };
                en.push(format!("{sign} {}", joined(|thing| &thing.en, ", ")));
                ja.push(format!("{word}: {}", joined(|thing| &thing.ja, "、")));
            }
        }
        Text::new(en.join("; "), ja.join("; "))
    }
}
