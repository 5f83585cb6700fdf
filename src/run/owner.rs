//! Whose an unfinished run is: in a group's state folder, one of a colleague is left to them until it is taken over by name.
//!
//! The system says who the operator is. This keeps colleagues out of each other's work; it is no protection against a thief.

use std::path::Path;

use super::error::RunError;
use super::not_done::NotDone;
use crate::file;
use crate::journal::{Journal, JournalError, RouterRun};
use crate::message::{Lang, Text};
use crate::record::{Account, utc};
use crate::state::State;
use crate::transaction::{CauseRecord, Outcome, unfinished_cause};
use crate::visible;

/// A user on a machine, and since when a run is theirs.
#[derive(Debug, Clone)]
struct Owner {
    account: Account,
    since_ms: i64,
}

impl Owner {
    /// An operator with a user name is the same on any machine; one without a name only on the same machine.
    fn is(&self, other: &Account) -> bool {
        let Account { by, machine } = &self.account;
        *by == other.by && (!by.is_empty() || *machine == other.machine)
    }

    fn name(&self, lang: Lang) -> String {
        let named = |name: &str, unknown: &str| {
            if name.is_empty() { unknown.to_owned() } else { visible::line(name).into_owned() }
        };
        match lang {
            Lang::En => format!(
                "{} on {}",
                named(&self.account.by, "a user without a name"),
                named(&self.account.machine, "a machine without a name")
            ),
            Lang::Ja => format!(
                "{}({})",
                named(&self.account.by, "名前不明のユーザ"),
                named(&self.account.machine, "端末名不明")
            ),
        }
    }
}

/// A colleague's unfinished run.
#[derive(Debug, Clone)]
pub struct OtherOwner {
    began: Owner,
    /// Who took it over since.
    holds: Option<Owner>,
}

impl OtherOwner {
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
        let both = |words: fn(&Self, Lang) -> String| Text::new(words(self, Lang::En), words(self, Lang::Ja));
        CauseRecord::of(&NotDone::OfAnother {
            router: part.router.clone(),
            run: part.run.clone(),
            state: part.state.map_or("planned", State::word),
            history: both(Self::words),
            whom: both(Self::name),
        })
    }
}

/// Whose an unfinished run is, where the state folder is a group's and the run is a colleague's.
///
/// # Errors
/// When the journal cannot be read.
pub fn owned_by_another(journal: &Journal, part: &RouterRun) -> Result<Option<OtherOwner>, JournalError> {
    if !journal.is_a_groups() {
        return Ok(None);
    }
    let run = journal.run_alone(&part.run)?;
    let began = Owner { account: Account { by: run.by, machine: run.machine }, since_ms: run.begun_ms };
    let holds = part.resumed.clone().map(|resumed| Owner { account: resumed.account, since_ms: resumed.at_ms });
    let holds = holds.filter(|holds| !holds.is(&began.account));
    let is_own = holds.as_ref().unwrap_or(&began).is(&who());
    Ok((!is_own).then_some(OtherOwner { began, holds }))
}

/// Why nothing else is done to a router that a run left unfinished.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn open_cause(journal: &Journal, part: &RouterRun) -> Result<CauseRecord, RunError> {
    let other = owned_by_another(journal, part)?;
    Ok(other.map_or_else(|| unfinished_cause(part), |other| other.cause(part)))
}

/// The outcome of a router whose unfinished run is a colleague's: unknown as before, and not touched.
pub(super) fn left_alone(other: &OtherOwner, part: &RouterRun) -> Outcome {
    let cause = other.cause(part);
    let remedy = cause.hints.first().cloned();
    let mut outcome = Outcome::left(part, cause);
    if let (Some(advice), Some(remedy)) = (&mut outcome.advice, remedy) {
        advice.now = remedy;
    }
    outcome
}

/// The user and this machine, as far as the system says who they are.
pub(super) fn who() -> Account {
    let from =
        |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok().filter(|found| !found.is_empty()));
    let user = from(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_default();
    let machine = from(&["HOSTNAME", "COMPUTERNAME"]).or_else(|| {
        file::read(Path::new("/etc/hostname"), 1024).ok().map(|name| String::from_utf8_lossy(&name).trim().to_owned())
    });
    Account { by: user, machine: machine.unwrap_or_default() }
}

/// The same as one word.
pub(super) fn account_name() -> String {
    let Account { by, machine } = who();
    let [by, machine] = [by, machine].map(|name| if name.is_empty() { "unknown".to_owned() } else { name });
    format!("{by}@{machine}")
}

#[cfg(test)]
mod tests {
    use super::{Account, OtherOwner, Owner};
    use crate::message::Lang;

    fn owner(by: &str, machine: &str) -> Owner {
        Owner { account: account(by, machine), since_ms: 0 }
    }

    fn account(by: &str, machine: &str) -> Account {
        Account { by: by.to_owned(), machine: machine.to_owned() }
    }

    #[test]
    fn a_person_is_the_same_on_any_machine_and_one_without_a_name_only_on_the_same() {
        assert!(owner("sato", "desk-1").is(&account("sato", "desk-2")));
        assert!(!owner("sato", "desk-1").is(&account("tanaka", "desk-1")));
        assert!(owner("", "desk-1").is(&account("", "desk-1")));
        assert!(!owner("", "desk-1").is(&account("", "desk-2")));
        assert!(
            !owner("", "desk-1").is(&account("sato", "desk-1")) && !owner("sato", "desk-1").is(&account("", "desk-1"))
        );
    }

    #[test]
    fn the_last_owner_of_a_run_counts_and_its_name_is_escaped() {
        let mut others = OtherOwner { began: owner("sato\nx\u{1b}[2J", ""), holds: None };
        let words = others.words(Lang::En);
        assert!(words.ends_with(" on a machine without a name at 1970-01-01 00:00:00 UTC"), "{words}");
        assert!(!words.contains(char::is_control), "{words}");
        others.holds = Some(owner("tanaka", "laptop"));
        assert_eq!(others.name(Lang::En), "tanaka on laptop");
        assert!(others.words(Lang::Ja).ends_with("、引き継ぎ: tanaka(laptop)、1970-01-01 00:00:00 UTC"));
    }
}
