//! Variables as written: what they mean is decided by the role that declares them.

use crate::message::Wording;
use crate::secret::{CredentialName, OPENING};

use super::finding::{CredentialFinding, ValueFinding};
use super::source::Located;
use super::yaml::{Content, Field};

/// The value of a variable, before a role gives it a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A single value, the text as written. `plain`: without quotes.
    Scalar {
        /// The text.
        text: String,
        /// Written without quotes.
        plain: bool,
    },
    /// A list of single values.
    List(Vec<Located<Value>>),
    /// Something that cannot be a value. It has been reported; it is kept so that it is not called missing as well, and
    /// is never part of an inventory that was read without errors.
    Broken,
}

/// Variables in the order they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables(pub Vec<(String, Located<Value>)>);

impl Variables {
    /// The value of one variable.
    pub fn get(&self, name: &str) -> Option<&Located<Value>> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value)
    }

    /// Each variable with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Located<Value>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// These variables, overlaid by others that win.
    #[must_use]
    pub fn overlaid(mut self, stronger: &Self) -> Self {
        for (name, value) in &stronger.0 {
            match self.0.iter_mut().find(|(n, _)| n == name) {
                Some((_, old)) => *old = value.clone(),
                None => self.0.push((name.clone(), value.clone())),
            }
        }
        self
    }
}

/// Names that a template already has.
const RESERVED: [&str; 5] = ["secret", "router", "site", "loop", "self"];

/// Whether a variable's name says that its value is a secret, so that only a credential's name is allowed.
pub(crate) fn names_a_secret(variable: &str) -> bool {
    ["password", "passwd", "secret", "psk", "passphrase"].iter().any(|word| variable.contains(word))
}

/// Checks the name that is the key of this field: one that a role declares and an inventory can set.
pub(crate) fn check_variable_name(field: &Field<'_>, name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    let wrong = if !starts || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        ValueFinding::NoVariableName { name: name.to_owned() }
    } else if RESERVED.contains(&name) {
        ValueFinding::ReservedName { name: name.to_owned() }
    } else {
        return true;
    };
    field.report(field.key_error(&wrong));
    false
}

/// Reads `vars:`. A secret written in plain text is refused here, before anyone can ask for its value.
pub(super) fn read_variables(field: &Field<'_>) -> Variables {
    let mut variables = Vec::new();
    for (key, field) in field.entries() {
        let name = key.text.as_str();
        if check_variable_name(&field, name) {
            let value = if names_a_secret(name) {
                read_credential_name(&field).map(|c| Value::Scalar { text: c.value.to_string(), plain: false })
            } else {
                read_value(&field)
            };
            variables.push((name.to_owned(), field.located(value.unwrap_or(Value::Broken))));
        }
    }
    Variables(variables)
}

fn read_value(field: &Field<'_>) -> Option<Value> {
    match field.content() {
        Content::Sequence(_) => {
            let mut items = Vec::new();
            for item in field.list() {
                match item.content() {
                    Content::Scalar { .. } => items.push(item.located(read_scalar(&item)?)),
                    _ => {
                        item.refuse(&ValueFinding::NoSingleValue);
                        return None;
                    }
                }
            }
            Some(Value::List(items))
        }
        Content::Scalar { .. } => read_scalar(field),
        Content::Mapping(_) => {
            field.refuse(&ValueFinding::Table);
            None
        }
    }
}

/// A single value that may end up on a router: nothing in it may end the line, ask for help or complete a word there, or
/// be taken for a secret's placeholder.
fn read_scalar(field: &Field<'_>) -> Option<Value> {
    let Content::Scalar { text, plain } = field.content() else { return None };
    if field.is_empty() {
        field.refuse(&ValueFinding::NoValue);
        return None;
    }
    let untypable = text.chars().find_map(|c| match c {
        '\n' | '\r' => {
            Some(Wording::new("a line end, which would start another command", "改行(別のコマンドになります)"))
        }
        '\t' => Some(Wording::new("a TAB, which completes words on the router", "タブ(ルータでは補完になります)")),
        '?' => Some(Wording::new("`?`, which asks for help on the router", "`?`(ルータではヘルプになります)")),
        c if c.is_control() => Some(Wording::new("a control character", "制御文字")),
        _ => None,
    });
    let for_templates =
        || Wording::new("`<secret:`, which only a template may write", "`<secret:`(テンプレートだけが書けます)");
    if let Some(what) = untypable.or_else(|| text.contains(OPENING).then(for_templates)) {
        field.refuse(&ValueFinding::Untypable { path: field.path().to_owned(), what });
        return None;
    }
    Some(Value::Scalar { text: text.clone(), plain: *plain })
}

/// Reads the name of a credential where a careless hand may have written the password itself: nothing is quoted.
pub(super) fn read_credential_name(field: &Field<'_>) -> Option<Located<CredentialName>> {
    let name = match field.content() {
        Content::Scalar { text, .. } if !field.is_empty() => CredentialName::new(text.as_str()).ok(),
        _ => None,
    };
    if name.is_none() {
        let finding = CredentialFinding::NoName { path: field.path().to_owned() };
        field.report(field.error(&finding).sealed());
    }
    name.map(|name| field.located(name))
}
