//! Proves on the rendered lines that no value turned one command into another.
//!
//! Every line is read twice by the grammar: as rendered, and with neutral words in place of the values. Both must be the
//! same command with the same number of arguments, and there must be as many lines. Types already keep most values
//! harmless; this holds whatever a template does with them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::inventory::{Diagnostic, Located, Place};
use crate::ix::shapes::{Shape, shapes};
use crate::secret::placeholders;

use super::finding::TemplateFinding;
use super::kind::ValueType;
use super::origin::{MarkedLine, Part};
use super::variable::Given;

/// Reports each line that a value made another command. `place` gives the template's place of a line.
pub(super) fn check(
    lines: &[MarkedLine],
    given: &[Given],
    place: impl Fn(&MarkedLine) -> Option<Place>,
) -> Vec<Diagnostic> {
    let real = by_line(&lines.iter().map(MarkedLine::text).collect::<Vec<_>>());
    let neutral = by_line(&lines.iter().map(|l| l.with(|v| neutral(v, given))).collect::<Vec<_>>());
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let number = index + 1;
        let (real, neutral) = (real.get(&number), neutral.get(&number));
        if same(real, neutral, free_text(line, given)) && !chooses_command(line, given) {
            continue;
        }
        found.push(complain(line, given, place(line)));
    }
    found
}

fn by_line(lines: &[String]) -> BTreeMap<usize, Shape> {
    shapes(&lines.join("\n")).into_iter().map(|shape| (shape.source_line, shape)).collect()
}

fn same(real: Option<&Shape>, neutral: Option<&Shape>, free_text: bool) -> bool {
    match (real, neutral) {
        (Some(real), Some(neutral)) => {
            // Free text may have any number of words, but only where the grammar knows the command.
            real.row == neutral.row
                && real.negated == neutral.negated
                && (real.words == neutral.words || (free_text && real.row.is_some()))
        }
        (None, None) => true,
        _ => false,
    }
}

/// Whether a value is in the first word, which decides what command the line is. Only a role's own choices may.
fn chooses_command(line: &MarkedLine, given: &[Given]) -> bool {
    let first = line.parts.iter().find(|part| !part.text().trim().is_empty());
    let Some(Part::Value(value)) = first else { return false };
    !given.iter().any(|g| g.kind == ValueType::Enum && g.texts.iter().any(|t| &t.value == value))
}

/// Whether the line ends with a value of the type `text`, and no other value in it has a blank.
fn free_text(line: &MarkedLine, given: &[Given]) -> bool {
    let Some((Part::Value(last), before)) = line.parts.split_last() else { return false };
    let is_text = given.iter().any(|g| g.kind == ValueType::Text && g.texts.iter().any(|t| &t.value == last));
    is_text && before.iter().all(|part| matches!(part, Part::Template(_)) || !part.text().contains(' '))
}

/// A harmless word of the same type. Values of strict types are their own: nothing else fits their syntax.
fn neutral(value: &str, given: &[Given]) -> String {
    if placeholders(value).next().is_some() && !value.contains(' ') {
        return value.to_owned();
    }
    // A list that the template joined with blanks: each of its items is a word of its own.
    if given.iter().any(|g| g.texts.len() > 1 && g.texts.iter().map(|t| t.value.as_str()).eq(value.split(' '))) {
        return value.split(' ').map(|word| neutral(word, given)).collect::<Vec<_>>().join(" ");
    }
    let kinds = || given.iter().filter(|g| g.texts.iter().any(|t| t.value == value)).map(|g| g.kind);
    let strict = value.parse::<u64>().is_ok() || value.parse::<IpAddr>().is_ok() || value.parse::<IpNet>().is_ok();
    if strict || (kinds().next().is_some() && kinds().all(ValueType::is_strict)) {
        value.to_owned()
    } else if kinds().any(|kind| kind == ValueType::Domain) {
        "example.jp".to_owned()
    } else {
        "x".to_owned()
    }
}

fn complain(line: &MarkedLine, given: &[Given], place: Option<Place>) -> Diagnostic {
    let values = || line.parts.iter().filter_map(|p| if let Part::Value(v) = p { Some(v.as_str()) } else { None });
    let culprit = |value: &str| -> Option<(&str, &Located<String>)> {
        given
            .iter()
            .filter(|g| !g.kind.is_strict())
            .find_map(|g| g.texts.iter().find(|t| t.value == value).map(|t| (g.name.as_str(), t)))
    };
    let neutral = line.with(|v| neutral(v, given));
    let culprit = values().find_map(culprit);
    let name = culprit.map(|(name, _)| name.to_owned());
    let line = line.text().trim().to_owned();
    let found = Diagnostic::error(&TemplateFinding::Injection { name, line, neutral: neutral.trim().to_owned() });
    match (culprit, place) {
        (Some((_, value)), Some(template)) => {
            let found = found.at(value.place.clone(), &*value.path);
            found.related(template, "the line of the template", "テンプレートの行")
        }
        (Some((_, value)), None) => found.at(value.place.clone(), &*value.path),
        (None, Some(template)) => found.at(template, ""),
        (None, None) => found,
    }
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
