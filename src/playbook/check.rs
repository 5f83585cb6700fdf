//! Checks on a router after a change: a show command or a ping, and what its answer must say.

use std::borrow::Cow;
use std::fmt;

use minijinja::Value;
use regex::Regex;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::inventory::yaml::Field;
use crate::inventory::{Diagnostic, Located, suggestion};
use crate::ix::own_words::{OwnWord, word_places};
use crate::message::Text;

use super::finding::{RoleFinding, TemplateFinding};
use super::origin::MarkedLine;
use super::template::{BUILT_IN, RenderedText, Templates};

/// Where a check makes sense. In JSON it is whether that is the clinic alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "bool", into = "bool")]
pub enum Phase {
    /// Everywhere, also on a bench without lines and neighbours.
    Bench,
    /// Only in the clinic.
    Clinic,
}

impl From<bool> for Phase {
    fn from(clinic: bool) -> Self {
        if clinic { Self::Clinic } else { Self::Bench }
    }
}

impl From<Phase> for bool {
    fn from(phase: Phase) -> Self {
        phase == Phase::Clinic
    }
}

/// What a failed check means. In JSON it is whether the check is required.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "bool", into = "bool")]
pub enum Level {
    /// The change is undone.
    Required,
    /// It is reported.
    Advisory,
}

impl From<bool> for Level {
    fn from(required: bool) -> Self {
        if required { Self::Required } else { Self::Advisory }
    }
}

impl From<Level> for bool {
    fn from(level: Level) -> Self {
        level == Level::Required
    }
}

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
}

impl Expectation {
    /// Whether an answer, with line ends as `\n`, satisfies it.
    pub fn holds(&self, answer: &str) -> bool {
        match self {
            Self::Contains(text) => answer.contains(text.as_str()),
            Self::Matches(pattern) => pattern.is_match(answer),
            Self::NotContains(text) => !answer.contains(text.as_str()),
            Self::NotMatches(pattern) => !pattern.is_match(answer),
        }
    }

    /// Whether it is that something is not there.
    pub fn is_negative(&self) -> bool {
        matches!(self, Self::NotContains(_) | Self::NotMatches(_))
    }

    /// The word for its kind; a `not` of a role before it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Contains(_) => "contains",
            Self::Matches(_) => "matches",
            Self::NotContains(_) => "not-contains",
            Self::NotMatches(_) => "not-matches",
        }
    }

    /// The text or the pattern that an answer is held to.
    pub fn said(&self) -> Cow<'_, str> {
        match self {
            Self::Contains(text) | Self::NotContains(text) => Cow::Borrowed(text),
            Self::Matches(pattern) | Self::NotMatches(pattern) => Cow::Owned(pattern.to_string()),
        }
    }

    /// The expectation in words.
    pub fn describe(&self) -> Text {
        match self {
            Self::Contains(text) => Text::new(format!("contains `{text}`"), format!("`{text}` を含む")),
            Self::Matches(p) => Text::new(format!("matches /{p}/"), format!("/{p}/ に一致する")),
            Self::NotContains(text) => Text::new(format!("does not contain `{text}`"), format!("`{text}` を含まない")),
            Self::NotMatches(p) => Text::new(format!("does not match /{p}/"), format!("/{p}/ に一致しない")),
        }
    }
}

/// A check of one router, as a run, a plan file and a task know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Its name, unique in its role.
    pub name: String,
    /// The role it comes from.
    pub role: String,
    /// What it proves.
    pub title: Text,
    /// Where it makes sense.
    #[serde(rename = "clinic")]
    pub phase: Phase,
    /// What a failure means.
    #[serde(rename = "required")]
    pub level: Level,
    /// The command: show, ping, ping6 or traceroute.
    #[serde(deserialize_with = "harmless")]
    pub command: String,
    /// What the answer must say, all of it.
    pub expect: Vec<Expectation>,
    /// The words of the command, and of each of the texts that are expected, that the router's own variables decided; nothing where
    /// there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<Vec<OwnWord>>,
}

/// Finds the words of a check's text that the router's own variables decided; the text as it was declared, and as it was rendered.
pub(super) type FindOwn<'a> = &'a dyn Fn(&str, &MarkedLine) -> Vec<OwnWord>;

/// A check as a role declares it: its texts may name variables.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    name: Located<String>,
    title: Text,
    phase: Phase,
    level: Level,
    when: Option<Located<String>>,
    command: Located<String>,
    expect: Vec<(Relation, Located<String>)>,
}

/// What an answer has to do with a text.
#[derive(Debug, Clone, Copy)]
enum Relation {
    Contains,
    Matches,
    NotContains,
    NotMatches,
}

/// The first words that a check may have.
const COMMANDS: [&str; 4] = ["show", "ping", "ping6", "traceroute"];

impl Check {
    /// Whether a command only looks, and holds nothing that may not be typed. Asked when a check is made and again when it is
    /// typed.
    pub fn is_harmless(command: &str) -> bool {
        let first = command.split(' ').next().unwrap_or_default();
        COMMANDS.contains(&first) && !command.contains('?') && !command.chars().any(char::is_control)
    }
}

/// Reads a command out of a file, which anyone may have edited.
fn harmless<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let command = String::deserialize(deserializer)?;
    match Check::is_harmless(&command) {
        true => Ok(command),
        false => Err(de::Error::custom(format!("the check `{command}` does more than look"))),
    }
}

/// Reads `checks:` of a role.
pub(super) fn read(field: &Field<'_>) -> Vec<Declared> {
    let mut checks: Vec<Declared> = Vec::new();
    for field in field.list() {
        if let Some(check) = one(&field) {
            if checks.iter().any(|c| c.name.value == check.name.value) {
                field.refuse(&RoleFinding::CheckTwice { name: check.name.value.clone() });
            }
            checks.push(check);
        }
    }
    checks
}

fn one(field: &Field<'_>) -> Option<Declared> {
    let mut table = field.table("a check", "チェック")?;
    let name = table.require("name").and_then(|f| crate::inventory::read_name(&f).map(|n| f.located(n)));
    let title = table.get("title").and_then(|f| super::variable::bilingual(&f)).unwrap_or_default();
    let phase = table.require("phase").and_then(|f| f.choice([("bench", Phase::Bench), ("clinic", Phase::Clinic)]));
    let level =
        table.require("level").and_then(|f| f.choice([("required", Level::Required), ("advisory", Level::Advisory)]));
    let when = table.get("when").and_then(|f| f.text().map(|t| f.located(t)));
    let command = table.require("command").and_then(|f| command(&f));
    let expect = table.require("expect").map(|f| f.list()).unwrap_or_default();
    let expect: Vec<_> = expect.iter().filter_map(request).collect();
    table.finish();
    Some(Declared { name: name?, title, phase: phase?, level: level?, when, command: command?, expect })
}

fn command(field: &Field<'_>) -> Option<Located<String>> {
    let text = field.text()?;
    let first = text.split(' ').next().unwrap_or_default();
    if Check::is_harmless(&text) {
        return Some(field.located(text));
    }
    field.refuse(&RoleFinding::CheckDoesMore { command: first.to_owned() });
    None
}

fn request(field: &Field<'_>) -> Option<(Relation, Located<String>)> {
    let mut table = field.table("an expectation", "期待する結果")?;
    let found = table.exactly_one(&["contains", "matches", "not"]);
    table.finish();
    let (kind, value) = found?;
    let (request, value) = match kind {
        "contains" => (Relation::Contains, value),
        "matches" => (Relation::Matches, value),
        _ => {
            let mut table = value.table("an expectation", "期待する結果")?;
            let found = table.exactly_one(&["contains", "matches"]);
            table.finish();
            let (kind, value) = found?;
            (if kind == "contains" { Relation::NotContains } else { Relation::NotMatches }, value)
        }
    };
    let text = value.text()?;
    if matches!(request, Relation::Matches | Relation::NotMatches) && !text.contains("{{") {
        pattern(&text).map_err(|d| value.report(d.at(value.place(), value.path()))).ok()?;
    }
    Some((request, value.located(text)))
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

impl Declared {
    /// Reports names in the check's texts that the role does not declare.
    pub(super) fn undeclared(&self, templates: &Templates, declared: &[&str]) -> Vec<Diagnostic> {
        let expression = self.when.iter().map(|when| (templates.names_in(&when.value), when));
        let texts = std::iter::once(&self.command).chain(self.expect.iter().map(|(_, text)| text));
        let texts = texts.map(|text| (templates.names_in_text(&text.value), text));
        expression.chain(texts).flat_map(|(names, at)| undeclared(names, at, templates, declared)).collect()
    }

    /// The check of one router; `None` when it does not concern it.
    pub(super) fn build(
        &self,
        role: &str,
        templates: &Templates,
        context: &Value,
        find_own: FindOwn<'_>,
    ) -> Result<Option<Check>, Diagnostic> {
        let at =
            |error: minijinja::Error, at: &Located<String>| templates.diagnose(&error).at(at.place.clone(), &*at.path);
        if let Some(when) = &self.when
            && !templates.holds(&when.value, context).map_err(|e| at(e, when))?
        {
            return Ok(None);
        }
        let own = |declared: &str, rendered: &RenderedText| {
            rendered.line.as_ref().map_or_else(Vec::new, |line| find_own(declared, line))
        };
        let command = templates.text(&self.command.value, context).map_err(|e| at(e, &self.command))?;
        let mut own_words = vec![own(&self.command.value, &command)];
        let mut expect = Vec::new();
        for (request, text) in &self.expect {
            let rendered = templates.text(&text.value, context).map_err(|e| at(e, text))?;
            let words = own(&text.value, &rendered);
            own_words.push(match request {
                Relation::Contains | Relation::NotContains => words,
                Relation::Matches | Relation::NotMatches => in_pattern(&rendered.text, words),
            });
            let value = rendered.text;
            let pattern = |value: &str| pattern(value).map_err(|d| d.at(text.place.clone(), &*text.path));
            expect.push(match request {
                Relation::Contains => Expectation::Contains(value),
                Relation::Matches => Expectation::Matches(pattern(&value)?),
                Relation::NotContains => Expectation::NotContains(value),
                Relation::NotMatches => Expectation::NotMatches(pattern(&value)?),
            });
        }
        Ok(Some(Check {
            name: self.name.value.clone(),
            role: role.to_owned(),
            title: self.title.clone(),
            phase: self.phase,
            level: self.level,
            command: command.text,
            expect,
            own: if own_words.iter().all(Vec::is_empty) { Vec::new() } else { own_words },
        }))
    }
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

/// Findings about an expression or text: that it cannot be read, or names what the role does not declare.
pub(super) fn undeclared(
    names: Result<Vec<String>, minijinja::Error>,
    at: &Located<String>,
    templates: &Templates,
    declared: &[&str],
) -> Vec<Diagnostic> {
    let names = match names {
        Ok(names) => names,
        Err(error) => return vec![templates.diagnose(&error).at(at.place.clone(), &*at.path)],
    };
    names
        .into_iter()
        .filter(|name| !declared.contains(&name.as_str()) && !BUILT_IN.contains(&name.as_str()))
        .map(|name| {
            let near = suggestion(&name, declared.iter().copied());
            Diagnostic::error(&TemplateFinding::NoVariable { name, near }).at(at.place.clone(), &*at.path)
        })
        .collect()
}
