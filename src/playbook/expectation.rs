//! What the answer of a check must say, and how a role declares it.
//!
//! A kind of expectation is all here: it is read, filled in for a router, judged and put into words.

use std::borrow::Cow;
use std::fmt;

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::dialect::Dialect;
use crate::inventory::yaml::{Field, Table};
use crate::inventory::{Diagnostic, Fingerprint, Located, suggestion};
use crate::ix::display::Kind;
use crate::ix::mask::mask_text;
use crate::ix::own_words::{OwnWord, word_places};
use crate::message::Text;

use super::condition::{FieldTest, Judgement, NoTest};
use super::finding::RoleFinding;
use super::shown_key::ShownKey;

/// A regular expression; equal to another one of the same text. In JSON it is that text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(Regex);

impl Pattern {
    fn is_match(&self, answer: &str) -> bool {
        self.0.is_match(answer)
    }
}

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Regex::new(&text).map(Self)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0.as_str().to_owned()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

/// What an answer must say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// It holds this text.
    Contains(String),
    /// It matches this pattern somewhere; `^` and `$` match the ends of a line.
    Matches(Pattern),
    /// It does not hold this text.
    NotContains(String),
    /// It matches this pattern nowhere.
    NotMatches(Pattern),
    /// A field that it is read into is so.
    Reads(FieldTest),
    /// A field that it is read into is not so.
    NotReads(FieldTest),
    /// It shows the fingerprint of the router's SSH host key.
    HostKey(ShownKey),
}

impl Expectation {
    /// What of it a command's answer, with line ends as `\n`, does not meet; nothing where it meets it.
    pub fn unmet(&self, command: &str, answer: &str) -> Option<Text> {
        let holds = match self {
            Self::Contains(text) => answer.contains(text.as_str()),
            Self::Matches(pattern) => pattern.is_match(answer),
            Self::NotContains(text) => !answer.contains(text.as_str()),
            Self::NotMatches(pattern) => !pattern.is_match(answer),
            Self::Reads(test) => return self.unless_holds(&test.judge(command, answer)),
            Self::NotReads(test) => return self.unless_fails(&test.judge(command, answer)),
            Self::HostKey(shown) => return shown.why_not(answer).map(|why| self.with(&why)),
        };
        (!holds).then(|| self.describe())
    }

    fn unless_holds(&self, judgement: &Judgement) -> Option<Text> {
        (*judgement != Judgement::Holds).then(|| self.with(&judgement.told()))
    }

    /// What cannot be read fails either way: nothing proves that it is not so.
    fn unless_fails(&self, judgement: &Judgement) -> Option<Text> {
        match judgement {
            Judgement::Fails(_) => None,
            Judgement::Holds => Some(self.describe()),
            Judgement::Unread(_) => Some(self.with(&judgement.told())),
        }
    }

    fn with(&self, told: &Text) -> Text {
        let Text { en, ja } = self.describe();
        Text::new(format!("{en} ({})", mask_text(&told.en)), format!("{ja} ({})", mask_text(&told.ja)))
    }

    /// The fingerprint of its host key that the router shows in an answer, where that is asked for.
    pub fn shown_key(&self, answer: &str) -> Option<Fingerprint> {
        match self {
            Self::HostKey(shown) => shown.fingerprint(answer),
            _ => None,
        }
    }

    /// Whether it is that something is not there.
    pub fn is_negative(&self) -> bool {
        match self {
            Self::NotContains(_) | Self::NotMatches(_) | Self::NotReads(_) => true,
            Self::Reads(test) => test.asks_for_absence(),
            Self::Contains(_) | Self::Matches(_) | Self::HostKey(_) => false,
        }
    }

    /// What it is about, where it names that.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Reads(test) | Self::NotReads(test) => test.subject(),
            _ => None,
        }
    }

    /// The word for its kind; a `not` of a role before it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Contains(_) => "contains",
            Self::Matches(_) => "matches",
            Self::NotContains(_) => "not-contains",
            Self::NotMatches(_) => "not-matches",
            Self::Reads(_) => "reads",
            Self::NotReads(_) => "not-reads",
            Self::HostKey(_) => "host-key",
        }
    }

    /// The text or the pattern that an answer is held to.
    pub fn said(&self) -> Cow<'_, str> {
        match self {
            Self::Contains(text) | Self::NotContains(text) => Cow::Borrowed(text),
            Self::Matches(pattern) | Self::NotMatches(pattern) => Cow::Owned(pattern.to_string()),
            Self::Reads(test) | Self::NotReads(test) => Cow::Owned(test.to_string()),
            Self::HostKey(shown) => Cow::Owned(shown.to_string()),
        }
    }

    /// The expectation in words.
    pub fn describe(&self) -> Text {
        match self {
            Self::Contains(text) => Text::new(format!("contains `{text}`"), format!("`{text}` を含む")),
            Self::Matches(p) => Text::new(format!("matches /{p}/"), format!("/{p}/ に一致する")),
            Self::NotContains(text) => Text::new(format!("does not contain `{text}`"), format!("`{text}` を含まない")),
            Self::NotMatches(p) => Text::new(format!("does not match /{p}/"), format!("/{p}/ に一致しない")),
            Self::Reads(test) => Text::new(format!("says that {test}"), test.in_japanese(false)),
            Self::NotReads(test) => Text::new(format!("says that not {test}"), test.in_japanese(true)),
            Self::HostKey(shown) => Text::new(
                format!("shows the host key's fingerprint by /{shown}/"),
                format!("/{shown}/ でホスト鍵の指紋が読み取れる"),
            ),
        }
    }
}

/// What an answer has to do with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Contains,
    Matches,
    Reads,
    HostKey,
}

/// An expectation as a role declares it: its text may name variables.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    relation: Relation,
    negated: bool,
    /// The text: for a field, the field and its condition in one.
    pub(super) text: Located<String>,
}

/// What is asked for, and the key that says so.
struct Asked<'a> {
    kind: &'static str,
    value: Field<'a>,
}

/// Reads an expectation of a check with this command.
pub(super) fn read(field: &Field<'_>, command: &str) -> Option<Wish> {
    let mut table = table_of(field)?;
    let Some(asked) = asked_in(field, &mut table, &["contains", "matches", "field", "capture", "host_key", "not"])
    else {
        table.finish();
        return None;
    };
    if asked.kind != "not" {
        return one(field, table, &asked, command);
    }
    table.finish();
    let mut inner = table_of(&asked.value)?;
    let Some(inside) = asked_in(&asked.value, &mut inner, &["contains", "matches", "field", "capture"]) else {
        inner.finish();
        return None;
    };
    let wish = one(&asked.value, inner, &inside, command)?;
    Some(Wish { negated: true, ..wish })
}

fn table_of<'a>(field: &Field<'a>) -> Option<Table<'a>> {
    field.table("an expectation", "期待する結果")
}

/// The one thing that an expectation asks for.
fn asked_in<'a>(field: &Field<'a>, table: &mut Table<'a>, kinds: &[&'static str]) -> Option<Asked<'a>> {
    let is_alone = ["of", "is"].iter().any(|key| table.has(key)) && !kinds.iter().any(|kind| table.has(kind));
    if is_alone {
        field.refuse(&RoleFinding::ConditionWithoutField);
        // What is misspelt is compared with all that there could be.
        kinds.iter().chain(&["of", "is"]).for_each(|key| drop(table.get(key)));
        return None;
    }
    let (kind, value) = table.exactly_one(kinds)?;
    Some(Asked { kind, value })
}

fn one(field: &Field<'_>, mut table: Table<'_>, asked: &Asked<'_>, command: &str) -> Option<Wish> {
    let (of, is) = (table.get("of"), table.get("is"));
    table.finish();
    let (kind, value) = (asked.kind, &asked.value);
    let text = value.text()?;
    let wish = |relation, text| Some(Wish { relation, negated: false, text: value.located(text) });
    let relation = match kind {
        "contains" => Relation::Contains,
        "matches" => Relation::Matches,
        "host_key" => Relation::HostKey,
        _ => Relation::Reads,
    };
    if relation == Relation::Reads {
        let Some(is) = is else {
            field.refuse(&RoleFinding::FieldWithoutCondition);
            return None;
        };
        return wish(relation, field_test(&text, asked, of, &is, command)?);
    }
    if of.is_some() || is.is_some() {
        field.refuse(&RoleFinding::ConditionWithoutField);
        return None;
    }
    if relation == Relation::Matches && !is_template(&text) {
        pattern(&text).map_err(|d| value.report(d.at(value.place(), value.path()))).ok()?;
    }
    if relation == Relation::HostKey && !is_template(&text) {
        ShownKey::try_from(text.clone()).map_err(|why| value.refuse(&no_test(why))).ok()?;
    }
    wish(relation, text)
}

/// The field, what it is about and its condition as one text.
fn field_test(text: &str, asked: &Asked<'_>, of: Option<Field<'_>>, is: &Field<'_>, command: &str) -> Option<String> {
    let value = &asked.value;
    let source = match (asked.kind, of) {
        ("field", of) => {
            is_read(value, text, command)?;
            match of {
                Some(of) => format!("{text} of {}", of.text()?),
                None => text.to_owned(),
            }
        }
        (_, None) => format!("/{text}/"),
        (_, Some(of)) => {
            of.refuse(&RoleFinding::ConditionWithoutField);
            return None;
        }
    };
    let whole = format!("{source} is {}", is.text()?);
    match FieldTest::try_from(whole.clone()) {
        Err(why) if !is_template(&whole) => {
            value.refuse(&no_test(why));
            None
        }
        _ => Some(whole),
    }
}

/// Whether a text waits for a router's values.
fn is_template(text: &str) -> bool {
    text.contains("{{")
}

/// Refuses a field that the command's answer is not read into.
fn is_read(at: &Field<'_>, name: &str, command: &str) -> Option<()> {
    if command.is_empty() {
        // The command itself was refused.
        return Some(());
    }
    let Some(kind) = Kind::of_command(command) else {
        at.refuse(&RoleFinding::NotRead { command: command.to_owned() });
        return None;
    };
    if kind.field(name).is_none() {
        let near = suggestion(name, kind.fields().iter().map(|field| field.name));
        at.refuse(&RoleFinding::NoField {
            name: name.to_owned(),
            command: kind.command(Dialect::any().commands()),
            near,
        });
        return None;
    }
    Some(())
}

fn no_test(why: NoTest) -> RoleFinding {
    match why {
        NoTest::Form | NoTest::Condition => RoleFinding::NoCondition,
        NoTest::Pattern(why) => RoleFinding::NoPattern { why },
        NoTest::Groups => RoleFinding::NoGroup,
    }
}

impl Wish {
    /// The words of its rendered text that the router's own variables decided.
    pub(super) fn own_words(&self, rendered: &str, words: Vec<OwnWord>) -> Vec<OwnWord> {
        if self.relation == Relation::Matches { in_pattern(rendered, words) } else { words }
    }

    /// The expectation of one router.
    pub(super) fn expectation(&self, rendered: String) -> Result<Expectation, Diagnostic> {
        let at = |diagnostic: Diagnostic| diagnostic.at(self.text.place.clone(), &*self.text.path);
        Ok(match (self.relation, self.negated) {
            (Relation::Contains, false) => Expectation::Contains(rendered),
            (Relation::Contains, true) => Expectation::NotContains(rendered),
            (Relation::Matches, false) => Expectation::Matches(pattern(&rendered).map_err(at)?),
            (Relation::Matches, true) => Expectation::NotMatches(pattern(&rendered).map_err(at)?),
            (Relation::HostKey, _) => {
                let shown = ShownKey::try_from(rendered).map_err(|why| at(Diagnostic::error(&no_test(why))))?;
                Expectation::HostKey(shown)
            }
            (Relation::Reads, negated) => {
                let test = FieldTest::try_from(rendered).map_err(|why| at(Diagnostic::error(&no_test(why))))?;
                if negated { Expectation::NotReads(test) } else { Expectation::Reads(test) }
            }
        })
    }
}

/// What makes `^` and `$` match the ends of a line.
const BEFORE_PATTERN: &str = "(?m:";

fn pattern(text: &str) -> Result<Pattern, Diagnostic> {
    Pattern::try_from(format!("{BEFORE_PATTERN}{text})")).map_err(|error| {
        let reason = error.to_string();
        let last = reason.lines().last().unwrap_or_default().to_owned();
        Diagnostic::error(&RoleFinding::NoPattern { why: last })
    })
}

/// The same words of a text once it is a pattern: see [`pattern`].
fn in_pattern(text: &str, words: Vec<OwnWord>) -> Vec<OwnWord> {
    let last = word_places(text).count().saturating_sub(1);
    let moved = |word: OwnWord| {
        let at = usize::from(word.word);
        let before = word.before + if at == 0 { 4 } else { 0 };
        let after = word.after + u16::from(at == last);
        OwnWord { before, after, ..word }
    };
    words.into_iter().map(moved).collect()
}
