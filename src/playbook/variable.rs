//! A role's variables: declared with a type, filled from the inventory, handed to the template.

use minijinja::Value as TemplateValue;

use crate::inventory::yaml::{Content, Field, is_ambiguous};
use crate::inventory::{Diagnostic, Located, Value, check_variable_name, names_a_secret, nearest, suggestion};
use crate::message::{Explain, Text};
use crate::secret::CredentialName;

use super::finding::{RoleFinding, VariableFinding};
use super::kind::ValueType;
use super::template::Credential;

/// The least and the most that something may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The least.
    pub least: u64,
    /// The most.
    pub most: u64,
}

/// A declared variable.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// Its name.
    pub name: Located<String>,
    /// The type of its value, or of each item of its list.
    pub kind: ValueType,
    /// Whether the value is a list.
    pub list: bool,
    /// The value when no one gives one.
    pub default: Option<Located<Value>>,
    /// Whether a value is required.
    pub required: bool,
    /// What an `enum` may be.
    pub choices: Vec<String>,
    /// The bounds of an `integer`, and of the length of a `string` or `text`.
    pub bounds: Option<Bounds>,
    /// What it is for.
    pub description: Text,
}

/// A variable with its value for one router.
#[derive(Debug, Clone)]
pub struct Given {
    /// The variable's name.
    pub name: String,
    /// Its type.
    pub kind: ValueType,
    /// The value for the template; none when no one gave one and it is not required.
    pub value: TemplateValue,
    /// Each single text in it and where it was written, to find the culprit of a line.
    pub texts: Vec<Located<String>>,
}

/// The variables of a role.
#[derive(Debug, Default)]
pub(super) struct Declarations {
    /// Those that can be read.
    pub good: Vec<Declaration>,
    /// The names of all: one with a slip in its type must not be reported as undeclared.
    pub names: Vec<String>,
}

impl Declarations {
    /// Whether all of them can be read.
    pub fn are_whole(&self) -> bool {
        self.good.len() == self.names.len()
    }
}

/// Reads `variables:` of a role.
pub(super) fn read_declarations(field: &Field<'_>) -> Declarations {
    let mut read = Declarations::default();
    for (key, field) in field.entries() {
        read.good.extend(declaration(&key.text, &field));
        read.names.push(key.text.clone());
    }
    read
}

fn declaration(name: &str, field: &Field<'_>) -> Option<Declaration> {
    let named = check_variable_name(field, name);
    let mut table = field.table("a variable", "変数")?;
    let kind = table.require("type").and_then(|f| kind(&f));
    let default = table.get("default").and_then(|f| raw(&f));
    let required = table.get("required").and_then(|f| f.boolean()).unwrap_or(false);
    let choices = table.get("choices").map(|f| f.list()).unwrap_or_default();
    let choices: Vec<String> = choices.iter().filter_map(Field::text).collect();
    let min = table.get("min").and_then(|f| f.integer(0, u64::MAX));
    let max = table.get("max").and_then(|f| f.integer(0, u64::MAX));
    let description = table.get("description").and_then(|f| bilingual(&f)).unwrap_or_default();
    table.finish();
    let (kind, list) = kind?;
    if (kind == ValueType::Enum) == choices.is_empty() {
        field.refuse(&RoleFinding::ChoicesAndEnum);
    }
    if names_a_secret(name) && kind != ValueType::Credential {
        field.report(field.error(&RoleFinding::SecretIsCredential { name: name.to_owned() }).sealed());
    }
    if required && default.is_some() {
        field.refuse(&RoleFinding::RequiredWithDefault);
    }
    let bounds =
        (min.is_some() || max.is_some()).then(|| Bounds { least: min.unwrap_or(0), most: max.unwrap_or(u64::MAX) });
    check_bounds(field, kind, bounds);
    let mut name = field.located(name.to_owned());
    name.place = field.key_place();
    named.then_some(Declaration { name, kind, list, default, required, choices, bounds, description })
}

/// Bounds that mean nothing for the type, or that no value can keep.
fn check_bounds(field: &Field<'_>, kind: ValueType, bounds: Option<Bounds>) {
    let Some(Bounds { least, most }) = bounds else { return };
    if !matches!(kind, ValueType::Integer | ValueType::String | ValueType::Text) {
        field.refuse(&RoleFinding::NoBounds { kind: kind.name() });
    } else if least > most {
        field.refuse(&RoleFinding::EmptyBounds { least, most });
    }
}

fn kind(field: &Field<'_>) -> Option<(ValueType, bool)> {
    let name = field.text()?;
    let kind = ValueType::parse(&name);
    if kind.is_none() {
        let near = suggestion(name.strip_suffix("-list").unwrap_or(&name), ValueType::names());
        field.refuse(&RoleFinding::NoType { name, near });
    }
    kind
}

/// A text in both languages (`{ en: ..., ja: ... }`), or one for both.
pub(super) fn bilingual(field: &Field<'_>) -> Option<Text> {
    if let Content::Scalar { .. } = field.content() {
        return field.text().map(|text| Text::new(text.clone(), text));
    }
    let mut table = field.table("a text in two languages", "2 か国語の文")?;
    let en = table.require("en").and_then(|f| f.text());
    let ja = table.require("ja").and_then(|f| f.text());
    table.finish();
    Some(Text::new(en?, ja?))
}

/// A default, in the form in which an inventory gives a value.
fn raw(field: &Field<'_>) -> Option<Located<Value>> {
    let value = match field.content() {
        Content::Scalar { text, plain } => Value::Scalar { text: text.clone(), plain: *plain },
        Content::Sequence(_) => Value::List(field.list().iter().filter_map(raw).collect()),
        Content::Mapping(_) => {
            field.refuse(&RoleFinding::DefaultIsTable);
            return None;
        }
    };
    Some(field.located(value))
}

impl Declaration {
    /// Types a value.
    ///
    /// # Errors
    /// What does not fit, each at its place.
    pub(super) fn bind(&self, value: &Located<Value>) -> Result<Given, Vec<Diagnostic>> {
        let mut found = Vec::new();
        let mut texts = Vec::new();
        let mut values = Vec::new();
        let items: Vec<&Located<Value>> = match (&value.value, self.list) {
            (Value::List(items), true) => items.iter().collect(),
            (Value::Scalar { .. }, false) => vec![value],
            (Value::Broken, _) => return Err(Vec::new()),
            (Value::List(_), false) => {
                return Err(vec![wrong(value, &VariableFinding::OneValue { name: self.name() })]);
            }
            (Value::Scalar { .. }, true) => {
                return Err(vec![wrong(value, &VariableFinding::List { name: self.name() })]);
            }
        };
        for item in items {
            match self.single(item) {
                Ok((text, value)) => {
                    if self.list && texts.iter().any(|t: &Located<String>| t.value == text) {
                        found.push(wrong(item, &VariableFinding::Twice { text: text.clone() }));
                    }
                    texts.push(item.clone().map(|_| text));
                    values.push(value);
                }
                Err(diagnostic) => found.push(diagnostic),
            }
        }
        if !found.is_empty() {
            return Err(found);
        }
        // A router shows the ports of a group by their number.
        if self.kind == ValueType::Port {
            let number = |text: &str| text.parse::<u8>().unwrap_or(u8::MAX);
            texts.sort_by_key(|text| number(&text.value));
            values.sort_by_key(|value| value.as_str().map_or(u8::MAX, number));
        }
        let value = if self.list { TemplateValue::from(values) } else { values.pop().unwrap_or_default() };
        Ok(Given { name: self.name.value.clone(), kind: self.kind, value, texts })
    }

    /// The variable without a value.
    pub(super) fn nothing(&self) -> Given {
        let value = if self.list { TemplateValue::from(Vec::<String>::new()) } else { TemplateValue::from(()) };
        Given { name: self.name.value.clone(), kind: self.kind, value, texts: Vec::new() }
    }

    fn name(&self) -> String {
        self.name.value.clone()
    }

    fn single(&self, item: &Located<Value>) -> Result<(String, TemplateValue), Diagnostic> {
        let Value::Scalar { text, plain } = &item.value else {
            return Err(wrong(item, &VariableFinding::SingleValues { name: self.name() }));
        };
        if *plain && is_ambiguous(text) && self.kind != ValueType::Bool {
            return Err(wrong(item, &VariableFinding::Ambiguous { name: self.name(), text: text.clone() }));
        }
        match self.kind {
            ValueType::Bool => return self.truth(item, text, *plain),
            ValueType::Integer => return self.number(item, text),
            ValueType::Credential => {
                return match CredentialName::new(text.as_str()) {
                    Ok(name) => Ok((text.clone(), TemplateValue::from_object(Credential(name)))),
                    Err(_) => Err(wrong(item, &VariableFinding::CredentialName { name: self.name() }).sealed()),
                };
            }
            ValueType::Enum if !self.choices.contains(text) => {
                let choices = self.choices.iter().map(String::as_str);
                let near = nearest(text, choices.clone()).map(str::to_owned);
                let choices = choices.map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
                return Err(wrong(item, &VariableFinding::Choice { name: self.name(), choices, near }));
            }
            _ => {}
        }
        let text = self.kind.check(text).map_err(|misfit| wrong(item, &misfit))?;
        if let Some(Bounds { least, most }) = self.bounds
            && !(least..=most).contains(&(text.len() as u64))
        {
            let length = text.len();
            return Err(wrong(item, &VariableFinding::Length { name: self.name(), least, most, length }));
        }
        Ok((text.clone(), TemplateValue::from(text)))
    }

    fn truth(&self, item: &Located<Value>, text: &str, plain: bool) -> Result<(String, TemplateValue), Diagnostic> {
        match text {
            "true" if plain => Ok((text.to_owned(), true.into())),
            "false" if plain => Ok((text.to_owned(), false.into())),
            _ => {
                let meant = match text.to_ascii_lowercase().as_str() {
                    "yes" | "on" | "true" => Some("true"),
                    "no" | "off" | "false" => Some("false"),
                    _ => None,
                };
                Err(wrong(item, &VariableFinding::Truth { name: self.name(), meant }))
            }
        }
    }

    fn number(&self, item: &Located<Value>, text: &str) -> Result<(String, TemplateValue), Diagnostic> {
        let Bounds { least, most } = self.bounds.unwrap_or(Bounds { least: 0, most: u64::from(u32::MAX) });
        let plain_digits = text.bytes().all(|b| b.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
        let number = text.parse::<u64>().ok().filter(|n| plain_digits && (least..=most).contains(n));
        number
            .map(|n| (text.to_owned(), TemplateValue::from(n)))
            .ok_or_else(|| wrong(item, &VariableFinding::Number { name: self.name(), least, most }))
    }
}

/// A finding about a value, where it is written.
fn wrong(at: &Located<Value>, finding: &dyn Explain) -> Diagnostic {
    Diagnostic::error(finding).at(at.place.clone(), &*at.path)
}
