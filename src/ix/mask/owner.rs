//! Whom a secret belongs to, and how lines compare whose secrets no one can compare.

use super::{MASK, mask_line, tokens};
use crate::dialect::Dialect;
use crate::dialect::grammar::{GLOBAL, Grammar};

/// The line without its secret: what a plan calls the owner of that secret, such as `username admin`.
pub fn without_secret(line: &str, context: &str, grammar: &Grammar) -> Option<String> {
    let split = tokens(line);
    let (before, _) = around_secret(&split, context, grammar)?;
    Some(before.join(" "))
}

/// The same where the line's mode is not known: any mode in which the command holds a secret.
pub fn secret_owner(line: &str) -> Option<String> {
    let grammar = Dialect::any().grammar();
    secret_contexts(grammar).find_map(|mode| without_secret(line, mode, grammar))
}

/// A line as it compares where neither the value of its secret nor the form it comes back in is known: what is typed as
/// `username a password plain 1 x administrator` is shown as `username a password hash y administrator`.
pub fn comparable(line: &str) -> String {
    let grammar = Dialect::any().grammar();
    let split = tokens(line);
    match secret_contexts(grammar).find_map(|context| around_secret(&split, context, grammar)) {
        Some((before, behind)) => before.into_iter().chain([MASK]).chain(behind).collect::<Vec<_>>().join(" "),
        None => mask_line(line),
    }
}

/// The words before a secret and after it. Those that only announce the secret and its form are not part of who it belongs to.
fn around_secret<'l>(split: &[&'l str], context: &str, grammar: &Grammar) -> Option<(Vec<&'l str>, Vec<&'l str>)> {
    let found = grammar.look_up(context, split)?;
    let (arg, _) = found.row.secret?;
    let no = usize::from(found.off);
    let range = found.captures.range(arg)?;
    let range = range.start + no..range.end + no;
    let mut kept: Vec<&str> = split.get(..range.start).unwrap_or_default().to_vec();
    while kept.last().is_some_and(|word| {
        matches!(*word, "plain" | "hash" | "secret" | "secret-password" | "0" | "1" | "char" | "hex" | "key")
            || *word == "password"
    }) && kept.len() > 1
    {
        kept.pop();
    }
    Some((kept, split.get(range.end..).unwrap_or_default().to_vec()))
}

/// The modes that have commands with a secret, the global one first.
fn secret_contexts(grammar: &Grammar) -> impl Iterator<Item = &str> {
    let mut seen: Vec<&str> = vec![GLOBAL];
    seen.extend(grammar.secrets().map(|row| row.context.as_str()).filter(|context| *context != GLOBAL));
    seen.dedup();
    seen.into_iter()
}
