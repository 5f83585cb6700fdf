//! The `credentials:` section: names and where their values come from, never the values.

use std::path::Path;

use crate::message::Text;
use crate::secret::{CredentialName, Source};

use super::finding::CredentialFinding;
use super::source::Located;
use super::yaml::{Content, Field};

/// A declared credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The name that the rest of the inventory uses.
    pub name: CredentialName,
    /// Where the value comes from.
    pub source: Located<Source>,
}

/// Reads the section. Relative paths count from `base`, the folder of the file.
pub(super) fn read(field: &Field<'_>, base: &Path) -> Vec<Credential> {
    field.entries().into_iter().filter_map(|(key, field)| one(&key.text, &field, base)).collect()
}

fn one(name: &str, field: &Field<'_>, base: &Path) -> Option<Credential> {
    let Ok(name) = CredentialName::new(name) else {
        field.refuse(&CredentialFinding::BadName { name: name.to_owned() });
        return None;
    };
    if matches!(field.content(), Content::Scalar { .. }) && !field.is_empty() {
        field.report(plain_text(field));
        return None;
    }
    let mut table = field.table("a credential", "認証情報")?;
    let found = table.exactly_one(&["env", "file", "command", "prompt"]);
    table.finish_except(|key, child| {
        let written = matches!(key, "plain" | "value" | "password" | "secret" | "text" | "literal");
        if written {
            child.report(plain_text(child));
        }
        written
    });
    let (kind, value) = found?;
    let source = match kind {
        "env" => Source::Env(variable(&value)?),
        "file" => Source::File(base.join(value.text()?)),
        "prompt" => Source::Prompt(Text::untranslated(value.text()?)),
        _ => {
            let argv: Option<Vec<String>> = value.list().iter().map(Field::text).collect();
            let argv = argv?;
            if argv.is_empty() {
                // Anything but a list has been reported already.
                if !matches!(value.content(), Content::Sequence(_)) {
                    return None;
                }
                value.refuse(&CredentialFinding::EmptyCommand);
                return None;
            }
            Source::Command(argv)
        }
    };
    Some(Credential { name, source: field.located(source) })
}

fn variable(field: &Field<'_>) -> Option<String> {
    let name = field.text()?;
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Some(name);
    }
    // Someone may have put the value where the variable's name belongs.
    field.report(field.error(&CredentialFinding::NoVariable).sealed());
    None
}

fn plain_text(field: &Field<'_>) -> super::Diagnostic {
    field.error(&CredentialFinding::InTheFile).sealed()
}
