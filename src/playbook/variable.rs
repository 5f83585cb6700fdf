//! A role's variables: declared with a type, filled from the inventory, handed to the template.

use minijinja::Value as TemplateValue;

use crate::inventory::yaml::{Content, Field, is_ambiguous};
use crate::inventory::{Diagnostic, Located, Value, check_variable_name, names_a_secret, suggestion};
use crate::message::Text;
use crate::secret::CredentialName;

use super::kind::ValueType;
use super::template::Credential;

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
    /// Whether somebody must give one.
    pub required: bool,
    /// What an `enum` may be.
    pub choices: Vec<String>,
    /// The bounds of an `integer`, and of the length of a `string` or `text`.
    pub bounds: Option<(u64, u64)>,
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
        field.report(field.error(
            "role.choices",
            "`choices` belongs to the type `enum`, and only to it",
            "`choices` は型 `enum` に必要で、ほかの型には書けません",
        ));
    }
    if names_a_secret(name) && kind != ValueType::Credential {
        field.report(
            field
                .error(
                    "role.secret",
                    format!("`{name}` names a secret, so its type is `credential`"),
                    format!("`{name}` は秘密情報を表す名前なので、型は `credential` です"),
                )
                .sealed(),
        );
    }
    if required && default.is_some() {
        field.report(field.error(
            "role.required",
            "a required variable has no default",
            "必須の変数に既定値は書けません",
        ));
    }
    let bounds = (min.is_some() || max.is_some()).then(|| (min.unwrap_or(0), max.unwrap_or(u64::MAX)));
    check_bounds(field, kind, bounds);
    let mut name = field.located(name.to_owned());
    name.place = field.key_place();
    named.then_some(Declaration { name, kind, list, default, required, choices, bounds, description })
}

/// Bounds that mean nothing for the type, or that no value can keep.
fn check_bounds(field: &Field<'_>, kind: ValueType, bounds: Option<(u64, u64)>) {
    let Some((least, most)) = bounds else { return };
    if !matches!(kind, ValueType::Integer | ValueType::String | ValueType::Text) {
        field.report(
            field
                .error(
                    "role.bounds",
                    format!("`min` and `max` mean nothing for the type `{}`", kind.name()),
                    format!("`min` と `max` は型 `{}` には使えません", kind.name()),
                )
                .hint(
                    "they bound the value of an `integer`, and the length of a `string` or `text`",
                    "`integer` の値、または `string` と `text` の長さを制限するものです",
                ),
        );
    } else if least > most {
        field.report(
            field
                .error(
                    "role.bounds",
                    format!("no value is at least {least} and at most {most}"),
                    format!("{least} 以上 {most} 以下の値はありません"),
                )
                .hint("exchange `min` and `max`", "`min` と `max` を確かめてください"),
        );
    }
}

fn kind(field: &Field<'_>) -> Option<(ValueType, bool)> {
    let name = field.text()?;
    let kind = ValueType::parse(&name);
    if kind.is_none() {
        let diagnostic = field.error(
            "role.type",
            format!("`{name}` is not a type of variables"),
            format!("`{name}` という変数の型はありません"),
        );
        let single = name.strip_suffix("-list").unwrap_or(&name);
        field.report(diagnostic.hints(suggestion(single, ValueType::names())));
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
            field.report(field.error("yaml.type", "expected a value or a list", "値かリストが必要です"));
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
            (Value::List(_), false) => return Err(vec![self.wrong(value, "one value, not a list", "単一の値")]),
            (Value::Scalar { .. }, true) => {
                let hint = Text::new(
                    "write `[a, b]`, or one item per line after `- `",
                    "`[a, b]` か、`- ` に続けて 1 行に 1 つ書いてください",
                );
                return Err(vec![self.wrong(value, "a list", "リスト").hints([hint])]);
            }
        };
        for item in items {
            match self.single(item) {
                Ok((text, value)) => {
                    if self.list && texts.iter().any(|t: &Located<String>| t.value == text) {
                        let twice = Text::new(
                            format!("`{text}` stands in the list twice"),
                            format!("`{text}` がリストに 2 回書かれています"),
                        );
                        found.push(Diagnostic::error("variable.twice", twice).at(item.place.clone(), &*item.path));
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

    fn wrong(&self, at: &Located<Value>, en: &str, ja: &str) -> Diagnostic {
        let name = &self.name.value;
        let text = Text::new(format!("`{name}` takes {en}"), format!("`{name}` には{ja}が必要です"));
        Diagnostic::error("variable.type", text).at(at.place.clone(), &*at.path)
    }

    fn single(&self, item: &Located<Value>) -> Result<(String, TemplateValue), Diagnostic> {
        let Value::Scalar { text, plain } = &item.value else {
            return Err(self.wrong(item, "single values in its list", "単一の値のリスト"));
        };
        if *plain && is_ambiguous(text) && self.kind != ValueType::Bool {
            return Err(self
                .wrong(item, "text, and this is a truth value to many YAML readers", "文字列")
                .hint(format!("write \"{text}\" in quotes"), format!("\"{text}\" と引用符で囲んでください")));
        }
        match self.kind {
            ValueType::Bool => return self.truth(item, text, *plain),
            ValueType::Integer => return self.number(item, text),
            ValueType::Credential => {
                return match CredentialName::new(text.as_str()) {
                    Ok(name) => Ok((text.clone(), TemplateValue::from_object(Credential(name)))),
                    Err(_) => Err(self.wrong(item, "the name of a credential", "認証情報の名前").sealed()),
                };
            }
            ValueType::Enum if !self.choices.contains(text) => {
                let choices = self.choices.iter().map(String::as_str);
                let listed = choices.clone().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
                return Err(self
                    .wrong(item, &format!("one of {listed}"), &format!(" {listed} のいずれか"))
                    .hints(crate::inventory::nearest(text, choices).map(|n| {
                        Text::new(format!("did you mean `{n}`?"), format!("`{n}` の誤りではありませんか?"))
                    })));
            }
            _ => {}
        }
        let text = self.kind.check(text).map_err(|misfit| {
            Diagnostic::error("variable.value", misfit.text).at(item.place.clone(), &*item.path).hints(misfit.hint)
        })?;
        if let Some((least, most)) = self.bounds
            && !(least..=most).contains(&(text.len() as u64))
        {
            return Err(self.wrong(
                item,
                &format!("{least} to {most} characters, and this is {}", text.len()),
                &format!(" {least}～{most} 文字(いまは {} 文字)", text.len()),
            ));
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
                let hint = meant.map(|m| Text::new(format!("write `{m}`"), format!("`{m}` と書いてください")));
                Err(self.wrong(item, "`true` or `false`", "`true` か `false` ").hints(hint))
            }
        }
    }

    fn number(&self, item: &Located<Value>, text: &str) -> Result<(String, TemplateValue), Diagnostic> {
        let (least, most) = self.bounds.unwrap_or((0, u64::from(u32::MAX)));
        let plain_digits = text.bytes().all(|b| b.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
        let number = text.parse::<u64>().ok().filter(|n| plain_digits && (least..=most).contains(n));
        number.map(|n| (text.to_owned(), TemplateValue::from(n))).ok_or_else(|| {
            self.wrong(item, &format!("a whole number from {least} to {most}"), &format!(" {least}～{most} の整数"))
        })
    }
}
