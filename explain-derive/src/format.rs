//! The names in a format string, and the string with `{0}` made a name.

use std::collections::BTreeSet;

use proc_macro2::Ident;
use quote::format_ident;
use syn::{Error, LitStr, Result};

/// A format string whose arguments all are names.
pub struct Format {
    pub text: LitStr,
    pub names: BTreeSet<Ident>,
}

impl Format {
    pub fn read(literal: &LitStr) -> Result<Self> {
        let source = literal.value();
        let (mut text, mut names) = (String::with_capacity(source.len()), BTreeSet::new());
        let mut rest = source.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            text.push_str(before);
            if from.starts_with("{{") || from.starts_with("}}") {
                text.push_str(&from[..2]);
                rest = &from[2..];
                continue;
            }
            let end = from.find('}').filter(|_| from.starts_with('{'));
            let Some(end) = end else { return Err(Error::new(literal.span(), "a brace without its partner")) };
            let inner = &from[1..end];
            let (name, form) = inner.find(':').map_or((inner, ""), |colon| inner.split_at(colon));
            if name.is_empty() {
                return Err(Error::new(literal.span(), "`{}` names nothing: write `{0}` or the field's name"));
            }
            let name = if name.starts_with(|first: char| first.is_ascii_digit()) {
                format_ident!("_{}", name)
            } else {
                syn::parse_str::<Ident>(name).map_err(|_| Error::new(literal.span(), format!("`{name}` is no name")))?
            };
            text.push_str(&format!("{{{name}{form}}}"));
            names.insert(name);
            rest = &from[end + 1..];
        }
        text.push_str(rest);
        Ok(Self { text: LitStr::new(&text, literal.span()), names })
    }
}
