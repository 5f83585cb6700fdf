//! What `lint` says about a router's rendered lines, at their places in the templates, and which findings the playbook
//! accepts.

use std::fmt;

use crate::dialect::model;
use crate::inventory::{Diagnostic, Place};
use crate::ix::Config;
use crate::ix::lint::{self, Finding, Level};
use crate::message::{Explain, Text};

use super::policy::Silence;
use super::rendered::{RenderedLine, RenderedRouter};

/// A finding that the playbook or a role accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silenced {
    /// The finding's name.
    pub id: &'static str,
    /// What was found.
    pub text: Text,
    /// Why it is accepted.
    pub reason: String,
    /// The line of the template.
    pub place: Option<Place>,
}

/// Judges the whole of what is rendered. A role that owns only a part leaves the rest to the router, so nothing can be
/// said about what its lines refer to: only what is wrong with a line whatever is around it. `router` is where a finding
/// points that is about no line.
pub(super) fn lint(rendered: &RenderedRouter, router: &Place) -> (Vec<Diagnostic>, Vec<Silenced>) {
    let silence = |s: &Silence| lint::Silence { id: s.lint.value.clone(), reason: s.reason.clone() };
    let silences: Vec<lint::Silence> = rendered.policy.silences.iter().map(silence).collect();
    let (mut found, mut silenced) = (Vec::new(), Vec::new());
    for finding in lint::lint(
        &Config::parse(rendered.dialect(), rendered.config.as_str()),
        model::find(&rendered.model),
        &silences,
    ) {
        let id = lint::IDS.into_iter().find(|id| *id == finding.id).unwrap_or("lint");
        if finding.level == Level::Info || (!rendered.ownership.owns_all() && !lint::ALONE.contains(&id)) {
            continue;
        }
        let (at, first) = (line(rendered, finding.line), line(rendered, finding.first));
        match finding.silenced {
            Some(reason) => {
                let place = at.map(|line| line.origin.clone());
                silenced.push(Silenced { id, text: finding.text, reason, place });
            }
            None => found.push(diagnostic(id, finding, at, first, &rendered.router, router)),
        }
    }
    (found, silenced)
}

fn line(rendered: &RenderedRouter, number: u32) -> Option<&RenderedLine> {
    rendered.lines.get(usize::try_from(number).ok()?.checked_sub(1)?)
}

fn diagnostic(
    id: &'static str,
    finding: Finding,
    at: Option<&RenderedLine>,
    first: Option<&RenderedLine>,
    name: &str,
    router: &Place,
) -> Diagnostic {
    let level = finding.level;
    let linted = Linted { id, finding };
    let diagnostic = match level {
        Level::Error => Diagnostic::error(&linted),
        Level::Warning | Level::Info => Diagnostic::warning(&linted),
    };
    let diagnostic = match first.map(|first| &first.origin) {
        Some(first) => diagnostic.related(first.clone(), "it is first here", "最初の行はここです"),
        None => diagnostic,
    };
    let diagnostic = diagnostic.at(at.map_or(router, |line| &line.origin).clone(), "");
    match at.and_then(|line| line.values.first()) {
        Some(value) if diagnostic.related.is_none() => diagnostic.related(
            value.clone(),
            format!("a value in it, for router `{name}`"),
            format!("行の値(ルータ `{name}`)"),
        ),
        _ => diagnostic,
    }
}

/// A finding of lint in a playbook: its name is its code, and what can be accepted is told how.
#[derive(Debug)]
struct Linted {
    id: &'static str,
    finding: Finding,
}

impl Explain for Linted {
    fn code(&self) -> &'static str {
        self.id
    }

    fn text(&self) -> Text {
        self.finding.text.clone()
    }

    fn hints(&self) -> Vec<Text> {
        if !self.finding.hints.is_empty() {
            return self.finding.hints.clone();
        }
        let id = self.id;
        vec![Text::new(
            format!("if it is meant: `lint: {{ silence: [{{ id: {id}, reason: ... }}] }}` in the playbook"),
            format!(
                "意図したものなら、プレイブックに `lint: {{ silence: [{{ id: {id}, reason: ... }}] }}` と書いてください"
            ),
        )]
    }
}

impl fmt::Display for Linted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.finding.text.fmt(f)
    }
}
