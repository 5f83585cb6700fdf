//! Every file in `tests/cases` is a test of its own (`cargo test --test plan_cases NAME` runs those of a name): a configuration before, one after, the commands between them, and what undoes them.
//!
//! A case also proves itself on the pure model of the router: the commands lead to `after`, and the undo from every point of the
//! push leads back to `before`. A new case, even one with a new command (`grammar:`), needs no code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::Path;

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::model;
use ixdeploy::ix::Config;
use ixdeploy::message::Explain;
use ixdeploy::plan::{
    self, Knowledge, Lifeline, LifelinePath, Options, Ownership, Request,
    rehearsal::{DependentLines, Overlap, Router},
};
use serde::Deserialize;

/// One case file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the case shows, in a sentence.
    about: String,
    before: String,
    after: String,
    /// The text of the commands; `error` instead if there is no plan.
    #[serde(default)]
    commands: Option<String>,
    #[serde(default)]
    undo: Option<String>,
    /// The stable code of the error.
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    owns: Option<Vec<String>>,
    #[serde(default)]
    model: Option<String>,
    /// The ids of the notes, in order.
    #[serde(default)]
    notes: Option<Vec<String>>,
    /// What the changes say, in English.
    #[serde(default)]
    changes: Option<Vec<String>>,
    /// What is known of a secret: same, different, unknown.
    #[serde(default)]
    secrets: BTreeMap<String, String>,
    #[serde(default)]
    set_secrets: bool,
    #[serde(default)]
    allow_unrecognised: bool,
    /// Lead to the order of `after` exactly.
    #[serde(default)]
    exact: bool,
    /// The interface our session comes in by; `unknown` where no one knows the path.
    #[serde(default)]
    lifeline: Option<String>,
    /// More of the path.
    #[serde(default)]
    path: DeclaredPath,
    /// The lines that may cut our session, with the headers of their sections.
    #[serde(default)]
    cuts: Option<Vec<String>>,
    /// More lines for the grammar table.
    #[serde(default)]
    grammar: Option<String>,
    /// The router refuses an address whose network another line has.
    #[serde(default)]
    no_overlap: bool,
}

impl Case {
    fn overlap(&self) -> Overlap {
        if self.no_overlap { Overlap::Refused } else { Overlap::Accepted }
    }
}

/// The declared path of our session, beside its interface.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct DeclaredPath {
    address: Option<String>,
    switch_port: Option<(String, u8)>,
    filters: Vec<String>,
    routes: Vec<String>,
    outer_path: Option<String>,
}

fn run(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let case: Case = serde_saphyr::from_str(&text).map_err(|error| error.to_string())?;
    assert!(!case.about.is_empty());
    let dialect = match &case.grammar {
        Some(lines) => Dialect::ix().with_rows(lines),
        None => Dialect::ix().clone(),
    };
    if !dialect.grammar().problems().is_empty() {
        return Err(format!("grammar: {:?}", dialect.grammar().problems()));
    }
    let before = Config::parse(&dialect, &case.before);
    let after = Config::parse(&dialect, &case.after);
    let ownership = match &case.owns {
        Some(entries) => Ownership::parse(entries).map_err(|error| error.to_string())?,
        None => Ownership::all(),
    };
    let lifeline = match case.lifeline.as_deref() {
        Some("unknown") => Lifeline::Unknown,
        Some(interface) => Lifeline::Path(LifelinePath {
            interface: (!interface.is_empty()).then(|| interface.to_owned()),
            address: case.path.address.clone(),
            switch_port: case.path.switch_port.clone(),
            filters: case.path.filters.clone(),
            routes: case.path.routes.clone(),
            outer_path: case.path.outer_path.clone(),
        }),
        None => Lifeline::Console,
    };
    let knowledge = |owner: &str| match case.secrets.get(owner).map(String::as_str) {
        Some("same") => Knowledge::Same,
        Some("different") => Knowledge::Different,
        _ => Knowledge::Unknown,
    };
    let request = Request {
        running: &before,
        desired: &after,
        origins: None,
        ownership: &ownership,
        model: case.model.as_deref().and_then(model::find),
        factory: None,
        router_made: &[],
        lifeline: &lifeline,
        knowledge: &knowledge,
        options: Options {
            set_secrets: case.set_secrets,
            allow_unrecognised: case.allow_unrecognised,
            exact_order: case.exact,
            ..Options::default()
        },
    };
    let plan = match (plan::plan(&request), &case.error) {
        (Ok(plan), None) => plan,
        (Err(error), Some(code)) if error.code() == code => return Ok(()),
        (Err(error), _) => return Err(error.text().en),
        (Ok(_), Some(code)) => return Err(format!("a plan instead of {code}")),
    };
    let undo = plan.undo(plan.commands.len());
    let shown = plan::text_of(&plan.commands, true);
    let shown_undo = plan::text_of(&undo, true);
    if std::env::var_os("IX_CASES_SHOW").is_some() {
        eprintln!("--- {}\n{shown}--- undo\n{shown_undo}", path.display());
        eprintln!(
            "{:?}\n{:?}",
            plan.notes.iter().map(|note| &note.id).collect::<Vec<_>>(),
            plan.changes.iter().map(|change| &change.text.en).collect::<Vec<_>>()
        );
    }
    let mut problems = Vec::new();
    let mut compare = |what: &str, expected: &Option<String>, found: &str| {
        if let Some(expected) = expected
            && expected.trim_end() != found.trim_end()
        {
            problems.push(format!("{what}: expected\n{expected}\nfound\n{found}"));
        }
    };
    compare("commands", &case.commands, &shown);
    compare("undo", &case.undo, &shown_undo);
    if let Some(cuts) = &case.cuts {
        let found: Vec<String> =
            plan.with_headers().filter(|(command, _)| command.may_cut).map(|(_, line)| line).collect();
        if found != *cuts {
            problems.push(format!("lines that may cut: {found:#?}"));
        }
    }
    if let Some(notes) = &case.notes {
        let found: Vec<&String> = plan.notes.iter().map(|note| &note.id).collect();
        if found != notes.iter().collect::<Vec<_>>() {
            problems.push(format!("notes: {found:?}"));
        }
    }
    if let Some(changes) = &case.changes {
        let found: Vec<&String> = plan.changes.iter().map(|change| &change.text.en).collect();
        if found != changes.iter().collect::<Vec<_>>() {
            problems.push(format!("changes: {found:?}"));
        }
    }
    for along in [DependentLines::Stay, DependentLines::Go] {
        let mut router = Router::new(&before).overlapping(case.overlap()).taking(along);
        for (sent, command) in plan.commands.iter().enumerate() {
            undo_leads_back(&plan, sent, &router, &before, &mut problems);
            if let Err(refusal) = router.enter(command) {
                problems.push(format!("command {} ({along:?}): {refusal}", command.number));
                break;
            }
        }
        undo_leads_back(&plan, plan.commands.len(), &router, &before, &mut problems);
        if problems.is_empty() && !router.runs(&plan.expected) {
            let (end, wanted) = (router.config().print(), plan.expected.print());
            problems.push(format!("the model ends ({along:?}) at\n{end}\ninstead of\n{wanted}"));
        }
    }
    let again = plan::plan(&Request { running: &plan.expected, knowledge: &|_| Knowledge::Same, ..request });
    match again {
        Ok(again) if again.is_empty() => {}
        Ok(again) => problems.push(format!("a second plan is not empty:\n{}", again.commands_text(true))),
        Err(error) => problems.push(format!("a second plan fails: {error}")),
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

fn undo_leads_back(plan: &plan::Plan, sent: usize, router: &Router, before: &Config, problems: &mut Vec<String>) {
    let mut router = router.clone();
    router.configure();
    for command in plan.undo(sent) {
        if let Err(refusal) = router.enter(&command) {
            problems.push(format!("undo after {sent}, line {}: {refusal}", command.number));
            return;
        }
    }
    if !plan::same(router.config(), before) {
        problems.push(format!("undo after {sent} ends at\n{}", router.config().print()));
    }
}

fn every_case_file_holds(path: &Path) -> datatest_stable::Result<()> {
    run(path).map_err(Into::into)
}

datatest_stable::harness! {
    { test = every_case_file_holds, root = "tests/cases", pattern = r"\.yaml$" },
}
