//! Checks on a router after a change: a show command or a ping, and what its answer must say. Tests from the laptop are declared among
//! them, and are made elsewhere ([`super::laptop`]).

use minijinja::Value;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::inventory::yaml::{Field, Table};
use crate::inventory::{Diagnostic, Fingerprint, Located, suggestion};
use crate::ix::own_words::OwnWord;
use crate::message::Text;

use super::expectation::{self, Expectation, Wish};
use super::finding::{RoleFinding, TemplateFinding};
use super::laptop::{self, DeclaredTest, LaptopCheck};
use super::origin::MarkedLine;
use super::phase::Phase;
use super::template::{BUILT_IN, RenderedText, Templates};

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
    /// After a change it is repeated until it passes, at most so many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<u32>,
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
    asks: Asks,
}

/// Whom a check asks.
#[derive(Debug, Clone)]
enum Asks {
    /// The router.
    Router { command: Located<String>, expect: Vec<Wish>, within: Option<u32> },
    /// What is behind it, from the laptop.
    Laptop(DeclaredTest),
}

/// A check of one router, by whom it asks.
pub(super) enum Built {
    /// On the router.
    Router(Check),
    /// From the laptop.
    Laptop(LaptopCheck),
}

/// The longest that a check may be waited for, in seconds.
const LONGEST_WAIT: u64 = 600;

/// The first words that a check may have.
const COMMANDS: [&str; 4] = ["show", "ping", "ping6", "traceroute"];

impl Check {
    /// Whether a command only looks, and holds nothing that may not be typed. Asked when a check is made and again when it is
    /// typed.
    pub fn is_harmless(command: &str) -> bool {
        let first = command.split(' ').next().unwrap_or_default();
        COMMANDS.contains(&first) && !command.contains('?') && !command.chars().any(char::is_control)
    }

    /// Whether it reads a display: it sends nothing out, and waits for no one.
    pub fn only_shows(&self) -> bool {
        self.command.starts_with("show ") && Self::is_harmless(&self.command)
    }

    /// The first expectation that an answer, with line ends as `\n`, does not meet, in words.
    pub fn unmet(&self, answer: &str) -> Option<Text> {
        self.expect.iter().find_map(|expectation| expectation.unmet(&self.command, answer))
    }

    /// The fingerprint of its host key that the router shows in an answer, where the check asks for it.
    pub fn shown_key(&self, answer: &str) -> Option<Fingerprint> {
        self.expect.iter().find_map(|expectation| expectation.shown_key(answer))
    }

    /// The command, with what its expectations look for in the answer: what the check has to do with.
    pub fn looks_at(&self) -> String {
        let subjects = self.expect.iter().filter_map(Expectation::subject);
        std::iter::once(self.command.as_str()).chain(subjects).collect::<Vec<_>>().join(" ")
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
    let asks = if let Some(test) = table.get("laptop") {
        test_from_laptop(&mut table, &test, level)
    } else {
        show_command(&mut table)
    };
    table.finish();
    Some(Declared { name: name?, title, phase: phase?, level: level?, when, asks: asks? })
}

fn show_command(table: &mut Table<'_>) -> Option<Asks> {
    let command = table.require("command").and_then(|f| command(&f));
    let expect = table.require("expect").map(|f| f.list()).unwrap_or_default();
    let asked = command.as_ref().map(|command| command.value.as_str()).unwrap_or_default();
    let expect: Vec<_> = expect.iter().filter_map(|f| expectation::read(f, asked)).collect();
    let within = table.get("within").and_then(|f| f.integer(1, LONGEST_WAIT));
    let within = within.and_then(|seconds| u32::try_from(seconds).ok());
    Some(Asks::Router { command: command?, expect, within })
}

/// A test is made after the save, so that it can decide nothing about it.
fn test_from_laptop(table: &mut Table<'_>, field: &Field<'_>, level: Option<Level>) -> Option<Asks> {
    if let Some(command) = table.get("command") {
        command.refuse(&RoleFinding::CommandAndLaptop);
    }
    if level == Some(Level::Required) {
        field.refuse(&RoleFinding::LaptopRequired);
    }
    let within = table.get("within");
    laptop::read(field, within.as_ref()).map(Asks::Laptop)
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

impl Declared {
    /// Reports names in the check's texts that the role does not declare.
    pub(super) fn undeclared(&self, templates: &Templates, declared: &[&str]) -> Vec<Diagnostic> {
        let expression = self.when.iter().map(|when| (templates.names_in(&when.value), when));
        let texts: Vec<&Located<String>> = match &self.asks {
            Asks::Router { command, expect, .. } => {
                std::iter::once(command).chain(expect.iter().map(|wish| &wish.text)).collect()
            }
            Asks::Laptop(test) => test.texts().collect(),
        };
        let texts = texts.into_iter().map(|text| (templates.names_in_text(&text.value), text));
        expression.chain(texts).flat_map(|(names, at)| undeclared(names, at, templates, declared)).collect()
    }

    /// The check of one router; `None` when it does not concern it.
    pub(super) fn build(
        &self,
        role: &str,
        templates: &Templates,
        context: &Value,
        find_own: FindOwn<'_>,
    ) -> Result<Option<Built>, Diagnostic> {
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
        let print = |text: &Located<String>| templates.text(&text.value, context).map_err(|e| at(e, text));
        let (command, expect, within) = match &self.asks {
            Asks::Router { command, expect, within } => (command, expect, *within),
            Asks::Laptop(test) => {
                return Ok(Some(Built::Laptop(LaptopCheck {
                    name: self.name.value.clone(),
                    role: role.to_owned(),
                    title: self.title.clone(),
                    phase: self.phase,
                    test: test.build(|text| print(text).map(|rendered| rendered.text))?,
                })));
            }
        };
        let rendered = print(command)?;
        let mut own_words = vec![own(&command.value, &rendered)];
        let command = rendered.text;
        let mut expected = Vec::new();
        for wish in expect {
            let rendered = print(&wish.text)?;
            own_words.push(wish.own_words(&rendered.text, own(&wish.text.value, &rendered)));
            expected.push(wish.expectation(rendered.text)?);
        }
        Ok(Some(Built::Router(Check {
            name: self.name.value.clone(),
            role: role.to_owned(),
            title: self.title.clone(),
            phase: self.phase,
            level: self.level,
            command,
            expect: expected,
            within,
            own: if own_words.iter().all(Vec::is_empty) { Vec::new() } else { own_words },
        })))
    }
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
