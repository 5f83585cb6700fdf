//! Which routers the operator means with `-l`: what an expression refers to outside of the inventory is looked up here, `@FILE` on the
//! disk and `@run:RUN:WORD` in the journal.

use std::collections::HashSet;
use std::path::Path;

use super::choice_error::ChoiceError;
use super::env::RunEnv;
use super::error::RunError;
use super::named_run::named_run;
use super::no_plan::without_plan;
use super::rest::RestOfRun;
use crate::inventory::{self, Diagnostic, Diagnostics, Limit, LimitError, LimitPart, read_file, suggestion};
use crate::record::{Kind, Outcome, Place, RunResult, Stored};
use crate::state::{FailureClass, State, Verdict};

/// Names in one file.
const MOST_NAMES: usize = 100_000;

/// Reads an expression and looks up what it refers to; without one, all routers are meant.
///
/// # Errors
/// An expression that is none, a file or a run that cannot be read, or what names no router there.
pub(super) fn choose(env: &RunEnv, text: Option<&str>) -> Result<Limit, RunError> {
    let mut limit = Limit::all();
    for part in text.map(Limit::parts).transpose()?.unwrap_or_default() {
        match part.word.strip_prefix('@') {
            None => limit.add(part)?,
            Some(reference) => match reference.strip_prefix("run:").or_else(|| (reference == "run").then_some("")) {
                Some(run) => limit.add_recorded(part.excludes, of_run(env, run, part.word)?),
                None => add_file(&mut limit, part.excludes, Path::new(reference))?,
            },
        }
    }
    Ok(limit)
}

/// The same, or the rest of a run that goes on: of its routers the inventory may have lost some.
///
/// # Errors
/// As [`choose`].
pub(super) fn choose_among(env: &RunEnv, text: Option<&str>, rest: Option<&RestOfRun>) -> Result<Limit, RunError> {
    let mut limit = choose(env, text)?;
    rest.into_iter().for_each(|rest| limit.add_recorded(false, rest.routers.iter().cloned()));
    Ok(limit)
}

/// Adds the names and patterns of a file, one a line; `#` begins a comment.
fn add_file(limit: &mut Limit, excludes: bool, path: &Path) -> Result<(), RunError> {
    let mut found = Diagnostics::new();
    let file = match read_file(path) {
        Ok(file) => file,
        Err(finding) => {
            found.push(finding);
            return Err(found.into());
        }
    };
    let mut names = 0;
    for (line, text) in (1_u32..).zip(file.text().lines()) {
        let word = text.split('#').next().unwrap_or_default().trim();
        if word.is_empty() {
            continue;
        }
        names += 1;
        if names > MOST_NAMES {
            return Err(ChoiceError::TooManyNames { path: path.display().to_string(), most: MOST_NAMES }.into());
        }
        // Only what is one word on its line: two names on a line may be a slip, and would be one name that nothing has.
        let added = match word.contains([',', ' ', '\t', '!']) {
            true => Err(LimitError::NoSingleName { line: word.to_owned() }),
            false => limit.add(LimitPart { excludes, word }),
        };
        if let Err(error) = added {
            let length = u32::try_from(text.chars().count()).unwrap_or(1).max(1);
            let place = inventory::Place { file: file.clone(), line, column: 1, length };
            found.push(Diagnostic::error(&error).at(place, ""));
        }
    }
    if names == 0 {
        limit.add_recorded(excludes, []);
    }
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

/// The routers of a run that ended so; without a word, those that are not done.
fn of_run(env: &RunEnv, reference: &str, part: &str) -> Result<Vec<String>, RunError> {
    let (run, word) = reference.split_once(':').map_or((reference, None), |(run, word)| (run, Some(word)));
    if run.is_empty() || word == Some("") {
        return Err(ChoiceError::NoRun { part: part.to_owned() }.into());
    }
    let ended_so = word.map(Ended::parse).transpose()?.unwrap_or(Ended::NotDone);
    let journal = env.journal()?;
    let run = named_run(&journal, run)?.run;
    let routers = routers_of(env, &run, &ended_so)?;
    if routers.is_empty() {
        let word = word.unwrap_or("not done").to_owned();
        return Err(ChoiceError::NoneOfRun { run, word }.into());
    }
    Ok(routers)
}

/// The routers of a run that are not done, in its order.
///
/// # Errors
/// When the journal cannot be read or knows no such run.
pub(super) fn not_done(env: &RunEnv, run: &str) -> Result<Vec<String>, RunError> {
    routers_of(env, run, &Ended::NotDone)
}

fn routers_of(env: &RunEnv, run: &str, ended_so: &Ended) -> Result<Vec<String>, RunError> {
    let journal = env.journal()?;
    let records = journal.records(run)?;
    let mut outcomes = RunResult::of(&records).routers;
    if matches!(ended_so, Ended::NoPlan) {
        let without = without_plan(&outcomes);
        return Ok(outcomes
            .iter()
            .map(|one| one.router.clone())
            .filter(|one| without.contains(one.as_str()))
            .collect());
    }
    let known: HashSet<String> = outcomes.iter().map(|outcome| outcome.router.clone()).collect();
    // A run that broke off has no record of those that it did not come to.
    let never_begun = asked(&records).into_iter().filter(|place| !known.contains(&place.router));
    outcomes.extend(never_begun.map(|place| Outcome::new(&place.router, &place.site, State::NotStarted)));
    Ok(outcomes.into_iter().filter(|outcome| ended_so.holds(outcome)).map(|outcome| outcome.router).collect())
}

/// Every router that a run was asked for. Earlier versions recorded only those that were to be changed.
fn asked(records: &[Stored]) -> Vec<Place> {
    let begun = records.iter().find_map(|stored| match &stored.record {
        Some(Kind::Begun { places, routers, .. }) => Some((places, routers)),
        _ => None,
    });
    let Some((places, routers)) = begun else { return Vec::new() };
    if !places.is_empty() {
        return places.clone();
    }
    routers.iter().map(|router| Place { router: router.clone(), site: String::new() }).collect()
}

/// The word for those whose plan does not hold.
const NO_PLAN: &str = "no-plan";

/// How a router ended, as a choice.
enum Ended {
    NotDone,
    /// Its plan does not hold, or that of one at its site.
    NoPlan,
    Class(FailureClass),
    In(State),
}

impl Ended {
    /// A class of failure, or a state. Where a word is both, the class is meant: it is the state of those that failed by themselves.
    fn parse(word: &str) -> Result<Self, ChoiceError> {
        if word == NO_PLAN {
            return Ok(Self::NoPlan);
        }
        if let Some(class) = FailureClass::from_word(word) {
            return Ok(Self::Class(class));
        }
        let state = State::ALL.into_iter().find(|state| state.word() == word);
        state.map(Self::In).ok_or_else(|| {
            let classes = FailureClass::ALL.map(FailureClass::word);
            let known = classes.into_iter().chain(State::ALL.map(State::word)).chain([NO_PLAN]);
            let near = suggestion(word, known.collect::<Vec<_>>());
            ChoiceError::UnknownWord { word: word.to_owned(), near, classes: classes.join(", ") }
        })
    }

    fn holds(&self, outcome: &Outcome) -> bool {
        match self {
            Self::NotDone | Self::NoPlan => outcome.verdict() != Verdict::Done,
            Self::Class(class) => outcome.failure_class() == Some(*class),
            Self::In(state) => outcome.state == *state,
        }
    }
}
