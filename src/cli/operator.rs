//! Whose an open run is: in a group's state folder, one of another operator is left to them until it is taken over by name.
//!
//! Who somebody is, is what the system says. This keeps colleagues out of each other's work; it is no protection against a thief.

use super::error::{Exit, Failure};
use super::record;
use super::recover::unfinished_cause;
use crate::journal::{Journal, JournalError, RouterRun};
use crate::message::{Lang, Text};
use crate::record::utc;
use crate::state::State;
use crate::transaction::{CauseRecord, Outcome};
use crate::visible;

/// A user on a machine, and since when a run is theirs.
#[derive(Debug, Clone)]
struct Operator {
    by: String,
    machine: String,
    since_ms: i64,
}

impl Operator {
    /// Whom the system names is the same person on any machine; one without a name only on the same.
    fn is(&self, (by, machine): (&str, &str)) -> bool {
        self.by == by && (!by.is_empty() || self.machine == machine)
    }

    fn name(&self, lang: Lang) -> String {
        let named = |name: &str, unknown: &str| {
            if name.is_empty() { unknown.to_owned() } else { visible::line(name).into_owned() }
        };
        match lang {
            Lang::En => format!(
                "{} on {}",
                named(&self.by, "a user without a name"),
                named(&self.machine, "a machine without a name")
            ),
            Lang::Ja => format!("{}({})", named(&self.by, "名前不明のユーザ"), named(&self.machine, "端末名不明")),
        }
    }
}

/// Another operator's open run.
#[derive(Debug, Clone)]
pub struct Others {
    began: Operator,
    /// Who took it over since.
    holds: Option<Operator>,
}

impl Others {
    /// Whom to ask.
    pub fn name(&self, lang: Lang) -> String {
        self.holds.as_ref().unwrap_or(&self.began).name(lang)
    }

    /// Who began it, where and when, and who has it now.
    pub fn words(&self, lang: Lang) -> String {
        let (name, when) = (self.began.name(lang), utc(self.began.since_ms));
        let mut out = match lang {
            Lang::En => format!("begun by {name} at {when} UTC"),
            Lang::Ja => format!("開始: {name}、{when} UTC"),
        };
        if let Some(holds) = &self.holds {
            let (name, when) = (holds.name(lang), utc(holds.since_ms));
            out.push_str(&match lang {
                Lang::En => format!(", taken over by {name} at {when} UTC"),
                Lang::Ja => format!("、引き継ぎ: {name}、{when} UTC"),
            });
        }
        out
    }

    fn cause(&self, part: &RouterRun) -> CauseRecord {
        let word = part.state.map_or("planned", State::word);
        let (run, router) = (&part.run, &part.router);
        CauseRecord {
            code: "journal.another-operator".to_owned(),
            text: Text::new(
                format!(
                    "{router}: run {run} of another operator did not end (last known: {word}): {}",
                    self.words(Lang::En)
                ),
                format!(
                    "{router}: 別の担当者の実行 {run} が終了していません(最後の状態: {word})。{}",
                    self.words(Lang::Ja)
                ),
            ),
            hints: vec![self.remedy(run)],
        }
    }

    fn remedy(&self, run: &str) -> Text {
        Text::new(
            format!(
                "ask {}, who may be at work on it; only `ixdeploy resume {run}`, with the run named, takes it over, and the journal keeps who did",
                self.name(Lang::En)
            ),
            format!(
                "作業中の可能性があるため、先に {} に確認してください。引き継ぐには実行を指定します: ixdeploy resume {run}(引き継いだ担当者は記録に残ります)",
                self.name(Lang::Ja)
            ),
        )
    }
}

/// Whose an open run is, where the state folder is a group's and it is another operator's.
///
/// # Errors
/// When the journal cannot be read.
pub fn another(journal: &Journal, part: &RouterRun) -> Result<Option<Others>, JournalError> {
    if !journal.is_a_groups() {
        return Ok(None);
    }
    let run = journal.run_alone(&part.run)?;
    let began = Operator { by: run.by, machine: run.machine, since_ms: run.begun_ms };
    let holds = part.resumed.clone().map(|(by, machine, since_ms)| Operator { by, machine, since_ms });
    let holds = holds.filter(|holds| !holds.is((&began.by, &began.machine)));
    let (by, machine) = record::who();
    let is_own = holds.as_ref().unwrap_or(&began).is((&by, &machine));
    Ok((!is_own).then_some(Others { began, holds }))
}

/// Why nothing else is done to a router that a run left unknown.
///
/// # Errors
/// When the journal cannot be read.
pub fn open_cause(journal: &Journal, part: &RouterRun) -> Result<CauseRecord, Vec<Failure>> {
    let others = another(journal, part).map_err(|error| vec![Failure::new(&error, Exit::Usage)])?;
    Ok(others.map_or_else(|| unfinished_cause(part), |others| others.cause(part)))
}

/// The outcome of a router whose open run is another operator's: unknown as before, and not touched.
pub fn left_alone(others: &Others, part: &RouterRun) -> Outcome {
    let mut outcome = Outcome::left(part, others.cause(part));
    if let Some(advice) = &mut outcome.advice {
        advice.now = others.remedy(&part.run);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::{Operator, Others};
    use crate::message::Lang;

    fn operator(by: &str, machine: &str) -> Operator {
        Operator { by: by.to_owned(), machine: machine.to_owned(), since_ms: 0 }
    }

    #[test]
    fn a_person_is_the_same_on_any_machine_and_one_without_a_name_only_on_the_same() {
        assert!(operator("sato", "desk-1").is(("sato", "desk-2")));
        assert!(!operator("sato", "desk-1").is(("tanaka", "desk-1")));
        assert!(operator("", "desk-1").is(("", "desk-1")));
        assert!(!operator("", "desk-1").is(("", "desk-2")));
        assert!(!operator("", "desk-1").is(("sato", "desk-1")) && !operator("sato", "desk-1").is(("", "desk-1")));
    }

    #[test]
    fn who_has_taken_a_run_over_is_asked_and_a_name_draws_nothing() {
        let mut others = Others { began: operator("sato\nx\u{1b}[2J", ""), holds: None };
        let words = others.words(Lang::En);
        assert!(words.ends_with(" on a machine without a name at 1970-01-01 00:00:00 UTC"), "{words}");
        assert!(!words.contains(char::is_control), "{words}");
        others.holds = Some(operator("tanaka", "laptop"));
        assert_eq!(others.name(Lang::En), "tanaka on laptop");
        assert!(others.words(Lang::Ja).ends_with("、引き継ぎ: tanaka(laptop)、1970-01-01 00:00:00 UTC"));
    }
}
