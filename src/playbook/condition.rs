//! What a check asks of a field that a display was read into: `prefix of GigaEthernet0.0 is /56`, or of what a pattern captures in an
//! answer whose form is not attested: `/Status: (\w+)/ is = normal`.
//!
//! Pure. A field that cannot be read holds nothing: neither a condition nor its opposite.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::ix::display::{Display, End, Kind};
use crate::message::Text;

/// The most values that a pattern captures.
const MOST_CAPTURED: usize = 1000;
/// The most values that are told.
const MOST_TOLD: usize = 5;

/// A field, and what it must be. Equal to another one of the same text; in JSON it is that text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FieldTest {
    text: String,
    source: Source,
    condition: Condition,
}

/// Where the values come from.
#[derive(Debug, Clone)]
enum Source {
    /// A field of the display, of one subject or of all.
    Field { name: String, of: Option<String> },
    /// What the first group of a pattern captures.
    Capture(Regex),
}

/// What the values must be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    /// There is one.
    Present,
    /// There is none.
    Absent,
    /// So many there are.
    Count(Comparison, u64),
    /// There is one, and all of them fit; with `any`, one of them.
    Values { any: bool, value: Wanted },
}

/// What a single value must be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    /// This, or the same address in another spelling.
    Same(String),
    /// An address or a network within this one.
    Within(IpNet),
    /// A network of this prefix length.
    Length(u8),
    /// A number.
    Number(Comparison, u64),
}

/// How numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Exactly,
    AtLeast,
    AtMost,
}

/// What an answer has to do with a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// It holds.
    Holds,
    /// It does not: these are the values.
    Fails(Vec<String>),
    /// It cannot be told.
    Unread(Unread),
}

/// Why a field cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// The command's answer is not read into fields, or not into this one.
    NoField,
    /// The display did not come to its end.
    CutOff,
}

/// Why a text is no test of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoTest {
    /// It is not of the form FIELD of SUBJECT is CONDITION.
    Form,
    /// The condition is not known.
    Condition,
    /// The pattern cannot be read: why.
    Pattern(String),
    /// The pattern captures nothing, or more than one thing.
    Groups,
}

impl fmt::Display for NoTest {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Form => "no FIELD of SUBJECT is CONDITION",
            Self::Condition => "no condition",
            Self::Pattern(why) => why,
            Self::Groups => "not exactly one group",
        })
    }
}

impl TryFrom<String> for FieldTest {
    type Error = NoTest;

    fn try_from(text: String) -> Result<Self, NoTest> {
        let (source, condition) = match text.strip_prefix('/') {
            Some(rest) => {
                let (pattern, condition) = rest.rsplit_once("/ is ").ok_or(NoTest::Form)?;
                let pattern = Regex::new(&format!("(?m:{pattern})")).map_err(|error| {
                    let why = error.to_string();
                    NoTest::Pattern(why.lines().last().unwrap_or_default().to_owned())
                })?;
                if pattern.captures_len() != 2 {
                    return Err(NoTest::Groups);
                }
                (Source::Capture(pattern), condition)
            }
            None => {
                let (field, condition) = text.split_once(" is ").ok_or(NoTest::Form)?;
                let (name, of) = match field.split_once(" of ") {
                    Some((name, of)) => (name, Some(of.to_owned())),
                    None => (field, None),
                };
                if [Some(name), of.as_deref()].into_iter().flatten().any(|word| word.is_empty() || word.contains(' ')) {
                    return Err(NoTest::Form);
                }
                (Source::Field { name: name.to_owned(), of }, condition)
            }
        };
        let condition = Condition::read(condition.trim()).ok_or(NoTest::Condition)?;
        Ok(Self { text, source, condition })
    }
}

impl From<FieldTest> for String {
    fn from(test: FieldTest) -> Self {
        test.text
    }
}

impl PartialEq for FieldTest {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for FieldTest {}

impl fmt::Display for FieldTest {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.text)
    }
}

impl FieldTest {
    /// What it is about, where it names that: an interface, an address.
    pub fn subject(&self) -> Option<&str> {
        match &self.source {
            Source::Field { of, .. } => of.as_deref(),
            Source::Capture(_) => None,
        }
    }

    /// It in Japanese, or its opposite: `GigaEthernet0.0 の prefix が /56`.
    pub fn in_japanese(&self, negated: bool) -> String {
        let field = match &self.source {
            Source::Field { name, of: Some(of) } => format!("{of} の {name}"),
            Source::Field { name, of: None } => name.clone(),
            Source::Capture(pattern) => format!("/{pattern}/ の値"),
        };
        let at = |comparison: &Comparison| match comparison {
            Comparison::Exactly => "",
            Comparison::AtLeast => "以上",
            Comparison::AtMost => "以下",
        };
        let (holds, fails) = match &self.condition {
            Condition::Present => (format!("{field} がある"), format!("{field} がない")),
            Condition::Absent => (format!("{field} がない"), format!("{field} がある")),
            Condition::Count(comparison, count) => {
                let count = format!("{field} が {count} 個{}", at(comparison));
                (count.clone(), format!("{count}でない"))
            }
            Condition::Values { any, value } => {
                let each = if *any { "のいずれかが" } else { "が" };
                let value = match value {
                    Wanted::Same(text) => text.clone(),
                    Wanted::Within(network) => format!("{network} の範囲内"),
                    Wanted::Length(length) => format!("/{length}"),
                    Wanted::Number(comparison, number) => format!("{number}{}", at(comparison)),
                };
                (format!("{field} {each} {value} である"), format!("{field} {each} {value} でない"))
            }
        };
        if negated { fails } else { holds }
    }

    /// Whether it is that there is no value.
    pub fn asks_for_absence(&self) -> bool {
        self.condition == Condition::Absent
    }

    /// Judges the answer of a command, with line ends as `\n`.
    pub fn judge(&self, command: &str, answer: &str) -> Judgement {
        let (values, is_whole) = match &self.source {
            Source::Field { name, of } => {
                let Some(kind) = Kind::of_command(command).filter(|kind| kind.field(name).is_some()) else {
                    return Judgement::Unread(Unread::NoField);
                };
                let display = Display::read(kind, answer);
                let values = display.values(name, of.as_deref()).into_iter().map(str::to_owned).collect();
                (values, display.end() != End::CutOff)
            }
            Source::Capture(pattern) => {
                let found = pattern.captures_iter(answer).take(MOST_CAPTURED);
                (found.filter_map(|found| Some(found.get(1)?.as_str().to_owned())).collect::<Vec<_>>(), true)
            }
        };
        // What is there is there; what is not may be in the part that is missing.
        if !is_whole && !self.condition.is_sure_of_a_part(&values) {
            return Judgement::Unread(Unread::CutOff);
        }
        if self.condition.holds(&values) { Judgement::Holds } else { Judgement::Fails(values) }
    }
}

impl Judgement {
    /// What the answer said instead.
    pub fn told(&self) -> Text {
        match self {
            Self::Holds => Text::default(),
            Self::Fails(values) if values.is_empty() => {
                Text::new("it says nothing of it", "応答には該当する項目がありません")
            }
            Self::Fails(values) => {
                let more = if values.len() > MOST_TOLD { ", ..." } else { "" };
                let told = values.iter().take(MOST_TOLD).map(String::as_str).collect::<Vec<_>>().join(", ") + more;
                Text::new(format!("it says {told}"), format!("応答では {told}"))
            }
            Self::Unread(Unread::NoField) => {
                Text::new("this answer is not read into that field", "この応答からその項目は読み取れません")
            }
            Self::Unread(Unread::CutOff) => {
                Text::new("the display is cut off or has another form", "表示が途中で切れているか、形式が異なります")
            }
        }
    }
}

impl Condition {
    fn read(text: &str) -> Option<Self> {
        match text {
            "present" => return Some(Self::Present),
            "absent" => return Some(Self::Absent),
            _ => {}
        }
        if let Some(rest) = text.strip_prefix("count ") {
            let number = Number::read(rest)?;
            return Some(Self::Count(number.comparison, number.value));
        }
        let (any, text) = match text.strip_prefix("any ") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let value = if let Some(value) = text.strip_prefix("= ") {
            Wanted::Same(value.trim().to_owned())
        } else if let Some(network) = text.strip_prefix("in ") {
            Wanted::Within(network.trim().parse().ok()?)
        } else if let Some(length) = text.strip_prefix('/') {
            Wanted::Length(length.parse().ok().filter(|length| *length <= 128)?)
        } else {
            let number = Number::read(text)?;
            Wanted::Number(number.comparison, number.value)
        };
        Some(Self::Values { any, value })
    }

    fn holds(&self, values: &[String]) -> bool {
        match self {
            Self::Present => !values.is_empty(),
            Self::Absent => values.is_empty(),
            Self::Count(comparison, number) => {
                u64::try_from(values.len()).is_ok_and(|count| comparison.holds(count, *number))
            }
            Self::Values { any: true, value } => values.iter().any(|found| value.fits(found)),
            Self::Values { any: false, value } => !values.is_empty() && values.iter().all(|found| value.fits(found)),
        }
    }

    /// Whether values that are still missing cannot change whether it holds.
    fn is_sure_of_a_part(&self, values: &[String]) -> bool {
        match self {
            Self::Present => !values.is_empty(),
            Self::Absent | Self::Count(..) => false,
            Self::Values { any: true, value } => values.iter().any(|found| value.fits(found)),
            Self::Values { any: false, .. } => !values.is_empty(),
        }
    }
}

/// A comparison with a number: `>= 1`.
struct Number {
    comparison: Comparison,
    value: u64,
}

impl Number {
    fn read(text: &str) -> Option<Self> {
        let marks = [(">= ", Comparison::AtLeast), ("<= ", Comparison::AtMost), ("= ", Comparison::Exactly)];
        let (comparison, rest) =
            marks.into_iter().find_map(|(mark, comparison)| Some((comparison, text.strip_prefix(mark)?)))?;
        Some(Self { comparison, value: rest.trim().parse().ok()? })
    }
}

impl Comparison {
    fn holds(self, found: u64, wanted: u64) -> bool {
        match self {
            Self::Exactly => found == wanted,
            Self::AtLeast => found >= wanted,
            Self::AtMost => found <= wanted,
        }
    }
}

impl Wanted {
    fn fits(&self, found: &str) -> bool {
        match self {
            Self::Same(value) => found == value || is_same_address(found, value),
            Self::Within(network) => network_of(found).is_some_and(|found| network.contains(&found)),
            Self::Length(length) => found.parse::<IpNet>().is_ok_and(|found| found.prefix_len() == *length),
            Self::Number(comparison, number) => found.parse().is_ok_and(|found| comparison.holds(found, *number)),
        }
    }
}

/// Whether two texts are one address, or one network with its length, in two spellings.
fn is_same_address(one: &str, other: &str) -> bool {
    let address = |text: &str| text.parse::<IpAddr>().ok();
    let network = |text: &str| text.parse::<IpNet>().ok();
    (address(one).is_some() && address(one) == address(other))
        || (network(one).is_some() && network(one) == network(other))
}

/// An address, or a network, as a network.
fn network_of(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests;
