//! Secret masking: everything shown or stored goes through here.
//! Elsewhere this is called redacting.
//!
//! What a line hides follows from the grammar table: the argument of a command that holds a secret, in whatever mode; of a line
//! that the table does not know whole, what follows a phrase of its section `[hidden]`, the beginning of a secret command,
//! abbreviated or not, or a word that announces a secret; in any line, credentials and queries of URLs. A value in quotes is hidden
//! to its closing quote. Placeholders (`<secret:NAME>`) stay readable: they are references, not secrets.
//!
//! Linear in the length of a line, and nothing is allocated for a line that hides nothing.

mod announce;
mod heads;
#[cfg(test)]
mod mask_tests;
mod owner;
mod shown;
mod url;

use std::ops::Range;

pub use owner::{comparable, secret_owner, without_secret};

use self::announce::AnnounceScope;
use super::made::IN_BLOCK;
use crate::dialect::Dialect;
use crate::dialect::grammar::{Arg, Grammar, Known, Row, Type, words};

/// The mask that replaces a secret.
pub const MASK: &str = "********";

/// Why a part of a line is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaskReason {
    /// A known command holds a secret there, or it is a credential in a URL.
    Known,
    /// No one knows the line, and its words announce a secret.
    Suspected,
    /// A person's own words in a known command (a description) announce one. The command itself holds no secret.
    Words,
}

/// A line that hides something.
struct Hidden {
    /// The line with its secrets masked.
    text: String,
    why: MaskReason,
    /// Everything it hides is in it by reference, or next to a reference.
    by_reference: bool,
}

/// One line with its secrets masked; its mode need not be known.
pub fn mask_line(line: &str) -> String {
    hidden(line).map_or_else(|| line.to_owned(), |hidden| hidden.text)
}

/// A line after the headers of its blocks, joined by ` / `, each of them masked by itself.
pub fn mask_path<T: AsRef<str>>(path: impl IntoIterator<Item = T>) -> String {
    path.into_iter().map(|line| mask_line(line.as_ref())).collect::<Vec<_>>().join(IN_BLOCK)
}

/// Whether a line holds a secret, or a reference to one.
pub fn holds_secret(line: &str) -> bool {
    hidden(line).is_some() || line.contains(REFERENCE)
}

/// Why a line is not shown whole; nothing where it is.
pub fn why_hidden(line: &str) -> Option<MaskReason> {
    hidden(line).map(|hidden| hidden.why)
}

/// Whether a line holds a secret by itself, and not by reference.
pub fn is_plain_secret(line: &str) -> bool {
    hidden(line).is_some_and(|hidden| !hidden.by_reference)
}

/// A whole text, each line by itself.
pub fn mask_text(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        match hidden(body) {
            Some(hidden) => {
                masked.push_str(&hidden.text);
                masked.push_str(line.get(body.len()..).unwrap_or_default());
            }
            None => masked.push_str(line),
        }
    }
    masked
}

/// How a reference to a secret begins.
const REFERENCE: &str = "<secret:";

fn is_placeholder(word: &str) -> bool {
    word.starts_with(REFERENCE) && word.ends_with('>')
}

/// A word that is hidden, as it is shown.
fn shown(word: &str) -> &str {
    if is_placeholder(word) { word } else { MASK }
}

/// What is hidden of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Nothing,
    /// From this byte on.
    From(usize),
}

fn hidden(line: &str) -> Option<Hidden> {
    let (lead, command) = behind_prompt(line);
    if !announce::may_announce(command) && !url::may_hold(command) && !heads::may_be_secret(command) {
        return None;
    }
    let split = tokens(command);
    let (cuts, why) = judge(&split);
    let indent = command.len() - command.trim_start_matches([' ', '\t']).len();
    let mut text = String::with_capacity(line.len() + MASK.len());
    text.extend([lead, command.get(..indent).unwrap_or_default()]);
    let (mut hides, mut by_reference) = (false, false);
    for (index, word) in split.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        match cuts.get(index) {
            // In a query there is nothing left to hide.
            Some(Cut::From(at)) if !url::begins_before(word, *at) || url::cut(word).is_none() => {
                let (before, value) = word.split_at_checked(*at).unwrap_or(("", word));
                text.extend([before, if value.is_empty() { "" } else { shown(value) }]);
                hides |= !value.is_empty() && shown(value) != value;
                by_reference |= value.contains(REFERENCE);
            }
            _ => match url::cut(word) {
                Some(cut) => {
                    hides = true;
                    by_reference |= word.contains(REFERENCE);
                    text.push_str(&cut);
                }
                None => text.push_str(word),
            },
        }
    }
    hides.then_some(Hidden { text, why, by_reference })
}

/// What a line hides of each of its words, and why.
fn judge(split: &[&str]) -> (Vec<Cut>, MaskReason) {
    let mut cuts = vec![Cut::Nothing; split.len()];
    let no = usize::from(split.first().is_some_and(|word| word.eq_ignore_ascii_case("no")));
    let positive = split.get(no..).unwrap_or_default();
    let grammar = Dialect::any().grammar();
    let (known, secret) = look_up(grammar, positive);
    let mut why = MaskReason::Known;
    let from = match (&known, secret) {
        (Some(known), Some(range)) => {
            hide(&mut cuts, no + range.start..no + range.end);
            in_free_text(known, positive, Some(range))
        }
        (Some(known), None) => {
            // What is only the rest of a command may be another one cut short.
            let loose = known.row.args.iter().any(|arg| arg.name == "WHAT");
            grammar.hidden_from(positive, loose).map(|at| (at, 0)).or_else(|| {
                let found = in_free_text(known, positive, None)?;
                if is_a_persons(known, found.0) {
                    why = MaskReason::Words;
                }
                Some(found)
            })
        }
        (None, _) => {
            why = MaskReason::Suspected;
            suspected(grammar, positive)
        }
    };
    if let Some((word, byte)) = from {
        if let Some(cut) = cuts.get_mut(no + word).filter(|cut| **cut == Cut::Nothing) {
            *cut = Cut::From(byte);
        }
        hide(&mut cuts, no + word + 1..split.len());
    }
    // A quote that nothing closes reaches to the end of the line.
    let open = |(word, cut): (&&str, &Cut)| match cut {
        Cut::From(at) => word.get(*at..).is_some_and(|value| value.matches('"').count() % 2 == 1),
        Cut::Nothing => false,
    };
    if let Some(at) = split.iter().zip(&cuts).position(open) {
        hide(&mut cuts, at + 1..split.len());
    }
    (cuts, why)
}

fn hide(cuts: &mut [Cut], range: Range<usize>) {
    cuts.get_mut(range).into_iter().flatten().for_each(|cut| *cut = Cut::From(0));
}

/// Whether a command is known by its first words, and takes whatever follows.
fn is_loose(row: &Row) -> bool {
    row.args.iter().any(|arg| arg.name == "WHAT" || arg.name == "REST")
}

/// How a value is written, where a command takes that word: `plain`, `hash`, `1`.
fn is_form(word: &str) -> bool {
    let digit = |word: &str| word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_digit());
    digit(word) || FORMS.iter().any(|form| word.eq_ignore_ascii_case(form))
}

const FORMS: [&str; 12] =
    ["plain", "hash", "secret", "char", "hex", "text", "string", "ascii", "cipher", "encrypted", "encoded", "base64"];

/// The place of a secret, and what is behind it where it may only be the form of the value after it: the table knows a command with
/// fewer forms than the router may have (`key plain 1 VALUE`). Before a word that the command lists (`administrator`) it is the value.
fn with_its_form(found: &Known<'_>, positive: &[&str], range: Range<usize>) -> Range<usize> {
    let mut listed = found.row.args.iter().enumerate().filter(|(_, arg)| !arg.choices.is_empty());
    if listed.any(|(index, _)| found.captures.range(index).is_some_and(|listed| listed.contains(&range.end))) {
        return range;
    }
    let behind = positive.get(range.end..).unwrap_or_default();
    let last = positive.get(range.clone()).and_then(<[&str]>::last).filter(|word| is_form(word));
    let forms = behind.iter().take_while(|word| last.is_some() && is_form(word)).count();
    let value = usize::from(last.is_some());
    range.start..(range.end + forms + value).min(positive.len())
}

/// The command that a line is in some mode, whole, and the place of its secret. The mode is not known: a command that is secret in
/// any of them hides its argument.
fn look_up<'g>(grammar: &'g Grammar, positive: &[&str]) -> (Option<Known<'g>>, Option<Range<usize>>) {
    let mut known: Option<Known<'g>> = None;
    for found in grammar.modes().filter_map(|mode| grammar.look_up(mode, positive)) {
        if let Some((arg, _)) = found.row.secret {
            let range = found.captures.range(arg).map(|range| with_its_form(&found, positive, range));
            if range.is_some() || known.is_none() {
                let whole = range.is_some();
                known = Some(found);
                if whole {
                    return (known, range);
                }
            }
        } else if !found.row.family
            && known
                .as_ref()
                .is_none_or(|known| known.row.secret.is_none() && is_loose(known.row) && !is_loose(found.row))
        {
            known = Some(found);
        }
    }
    (known, None)
}

/// Whether a word of a known command is free text.
fn is_a_persons(known: &Known<'_>, word: usize) -> bool {
    let in_text = |(index, arg): (usize, &Arg)| {
        arg.name == "TEXT" && known.captures.range(index).is_some_and(|range| range.contains(&word))
    };
    known.row.args.iter().enumerate().any(in_text)
}

/// What is announced in the free text of a known command: the word in which it begins, and the byte. A known command hides nothing
/// else.
fn in_free_text(known: &Known<'_>, positive: &[&str], secret: Option<Range<usize>>) -> Option<(usize, usize)> {
    let args = known.row.args.iter().enumerate().filter_map(|(index, arg)| Some((arg, known.captures.range(index)?)));
    let takes_any = known.row.args.iter().any(|arg| arg.name == "REST");
    let free = |arg: &Arg, word: &str, behind: &[&str]| match arg.kind {
        // What is only the rest of a command may be an unknown command, and so may the word before that rest.
        Type::Rest if arg.name == "WHAT" || arg.name == "REST" => announce::announces(word, behind, AnnounceScope::Any),
        _ if arg.name == "WHAT" && takes_any => announce::announces(word, behind, AnnounceScope::Any),
        Type::Rest => announce::announces(word, behind, AnnounceScope::Strong),
        _ => None,
    };
    let outside = |at: &usize| secret.as_ref().is_none_or(|secret| !secret.contains(at));
    let found = args.flat_map(|(arg, range)| range.map(move |at| (arg, at))).filter(|(_, at)| outside(at));
    found.filter_map(|(arg, at)| begun(positive, at, |word, behind| free(arg, word, behind))).min()
}

/// What is hidden of a line that no command is whole.
fn suspected(grammar: &Grammar, positive: &[&str]) -> Option<(usize, usize)> {
    let begins = |row: &Row| row.secret.and_then(|(arg, _)| row.pattern.begins(&row.args, positive, arg));
    // A word that announces what the phrase hides says nothing itself: `username admin password VALUE`.
    let announces = |at: usize| {
        let behind = positive.get(at + 1..).unwrap_or_default();
        let word = positive.get(at).filter(|_| !behind.is_empty());
        word.is_some_and(|word| announce::announces(word, behind, AnnounceScope::Any) == Some(word.len()))
    };
    let phrase = grammar.hidden_from(positive, true).map(|at| at + usize::from(announces(at)));
    let command = grammar.secrets().filter_map(begins).chain(phrase).min();
    let announced = (0..positive.len())
        .find_map(|at| begun(positive, at, |word, behind| announce::announces(word, behind, AnnounceScope::Any)));
    let last =
        positive.len().checked_sub(2).filter(|at| positive.get(*at).is_some_and(|word| announce::is_short_key(word)));
    let whole = command.into_iter().chain(last.map(|at| at + 1)).map(|at| (at, 0));
    whole.chain(announced).filter(|(word, _)| *word < positive.len()).min()
}

/// Where what a word announces begins: the word, and the byte in it. Nothing where the table says that it only looks so.
fn begun(positive: &[&str], at: usize, announces: impl Fn(&str, &[&str]) -> Option<usize>) -> Option<(usize, usize)> {
    let word = positive.get(at)?;
    let behind = positive.get(at + 1..).unwrap_or_default();
    let byte = if word.contains([' ', '\t']) { in_quotes(word, announces) } else { announces(word, behind) }?;
    let from = if byte < word.len() { (at, byte) } else { (at + 1, 0) };
    (from.0 < positive.len() && !Dialect::any().grammar().is_shown(positive, at)).then_some(from)
}

/// The same inside of a value in quotes.
fn in_quotes(quoted: &str, announces: impl Fn(&str, &[&str]) -> Option<usize>) -> Option<usize> {
    let split = words(quoted);
    let start = |word: &str| (word.as_ptr() as usize).saturating_sub(quoted.as_ptr() as usize);
    split.iter().enumerate().find_map(|(at, word)| {
        let behind = split.get(at + 1..).unwrap_or_default();
        let byte = announces(word, behind)?;
        match behind.first() {
            _ if byte < word.len() => Some(start(word) + byte),
            next => next.map(|next| start(next)),
        }
    })
}

/// The prompt before a line, with the blanks after it, and the line.
pub fn behind_prompt(line: &str) -> (&str, &str) {
    match Dialect::any().prompts().split(line) {
        Some((_, rest)) => line.split_at(line.len() - rest.trim_start_matches([' ', '\t']).len()),
        None => ("", line),
    }
}

/// The words of a line; what is in quotes is one word, with its blanks.
fn tokens(line: &str) -> Vec<&str> {
    let bytes = line.as_bytes();
    let last = |quote: u8| bytes.iter().rposition(|byte| *byte == quote);
    let (double, single) = (last(b'"'), last(b'\''));
    if double.is_none() && single.is_none() {
        return words(line);
    }
    let mut found = Vec::new();
    let (mut from, mut open) = (0, None);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if open == Some(*byte) => open = None,
            _ if open.is_some() => {}
            b'"' if double > Some(at) => open = Some(b'"'),
            // An apostrophe inside a word is not a quote.
            b'\'' if at == from && single > Some(at) => open = Some(b'\''),
            b' ' | b'\t' => {
                found.extend(line.get(from..at).filter(|word| !word.is_empty()));
                from = at + 1;
            }
            _ => {}
        }
    }
    found.extend(line.get(from..).filter(|word| !word.is_empty()));
    found
}
