//! Looking at a router before and after a change: the checks a role declares, run over the session that is still ours.
//!
//! Checks only read: show, ping, ping6 and traceroute, held to that when the role was read.

use std::collections::HashMap;

use super::Intent;
use crate::cancel::Cancel;
use crate::ix::mask::mask_text;
use crate::message::Text;
use crate::playbook::{Check, Level, Phase};
use crate::record::{CheckResult, Kind, Sink};
use crate::session::{Session, SessionError};

/// The most bytes of an answer that are recorded: what a person reads, and no more from a router that says too much.
const MOST_RECORDED: usize = 64 * 1024;

/// A result, judged by what the router said.
fn judged(result: CheckResult, check: &Check, answer: &str) -> CheckResult {
    let unmet = check.expect.iter().find(|expect| !expect.holds(answer)).map(|expect| expect.describe());
    // Where nothing is expected, nothing is proven.
    let recorded = check.expect.is_empty();
    let passed = (!recorded).then_some(unmet.is_none());
    CheckResult {
        recorded,
        passed,
        answer: Some(beginning(mask_text(answer))),
        unmet: unmet.unwrap_or_default(),
        ..result
    }
}

/// The first lines of an answer, where it is longer than what is recorded.
fn beginning(mut answer: String) -> String {
    if answer.len() > MOST_RECORDED {
        let whole = (0..=MOST_RECORDED).rev().find(|end| answer.is_char_boundary(*end)).unwrap_or_default();
        answer.truncate(whole);
        answer.truncate(answer.rfind('\n').map_or(whole, |end| end + 1));
        answer.push_str("...\n");
    }
    answer
}

/// The checks of one router, and whether it is at its clinic.
#[derive(Debug, Clone)]
pub struct Inspection<'a> {
    checks: Vec<&'a Check>,
    at_clinic: bool,
    record: fn(usize, &CheckResult) -> Kind,
}

impl<'a> Inspection<'a> {
    /// The checks of an intent.
    pub fn of(intent: &'a Intent) -> Self {
        Self {
            checks: intent.terms.checks.iter().collect(),
            at_clinic: intent.terms.at_clinic,
            record: |number, result| Kind::checked(number, result),
        }
    }

    /// Those of them that are run before the first line, besides afterwards.
    pub fn before_change(intent: &'a Intent, is_run: impl Fn(&Check) -> bool) -> Self {
        let mut inspection = Self::of(intent);
        let at_clinic = inspection.at_clinic;
        inspection.checks.retain(|check| (at_clinic || check.phase == Phase::Bench) && is_run(check));
        inspection.record = |_, result| Kind::checked_before(result);
        inspection
    }

    /// Whether there is nothing to run.
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }

    /// Runs them in their order, each recorded with its answer. On a bench, those that need the clinic are listed as not run; so are
    /// those after a request to stop. With the results comes the error of the session, if it failed: the checks before it count.
    pub fn run(
        &self,
        session: &mut Session,
        sink: &dyn Sink,
        cancel: &Cancel,
    ) -> (Vec<CheckResult>, Option<SessionError>) {
        let mut results = Vec::new();
        let mut read = if cancel.is_asked() { HashMap::new() } else { self.read_together(session) };
        for (index, check) in self.checks.iter().copied().enumerate() {
            let runs = !self.is_for_clinic(check) && (!cancel.is_asked() || read.contains_key(check.command.as_str()));
            match Self::one(check, runs.then_some(&mut *session), &mut read) {
                Ok(result) => {
                    sink.emit((self.record)(index + 1, &result));
                    results.push(result.without_a_good_answer());
                }
                Err(error) => return (results, Some(error)),
            }
        }
        (results, None)
    }

    /// The answers of the checks that only show, all of them in flight at once if the session can do that. From the first
    /// ping on they go one by one: what is shown after a ping may depend on it.
    fn read_together(&self, session: &mut Session) -> HashMap<&'a str, Result<String, SessionError>> {
        let to_run = self.checks.iter().copied().filter(|check| !self.is_for_clinic(check));
        let shows = |command: &&str| command.starts_with("show ") && Check::is_harmless(command);
        let commands: Vec<&str> = to_run.map(|check| check.command.as_str()).take_while(shows).collect();
        let answers = session.show_all(&commands);
        commands.into_iter().zip(answers).collect()
    }

    /// Whether a check is not run because we are not in the clinic.
    fn is_for_clinic(&self, check: &Check) -> bool {
        check.phase == Phase::Clinic && !self.at_clinic
    }

    fn one(
        check: &Check,
        session: Option<&mut Session>,
        read: &mut HashMap<&str, Result<String, SessionError>>,
    ) -> Result<CheckResult, SessionError> {
        let mut result = CheckResult {
            name: check.name.clone(),
            role: check.role.clone(),
            title: check.title.clone(),
            passed: None,
            required: check.level == Level::Required,
            command: check.command.clone(),
            unmet: Text::default(),
            recorded: false,
            answer: None,
        };
        let Some(session) = session else { return Ok(result) };
        if !Check::is_harmless(&check.command) {
            result.passed = Some(false);
            result.unmet = Text::new("comes from a command that only looks", "参照系コマンドの応答である");
            return Ok(result);
        }
        let answer = read.remove(check.command.as_str()).unwrap_or_else(|| session.show(&check.command));
        match answer {
            Ok(answer) => result = judged(result, check, &answer),
            Err(SessionError::Refused { .. }) => {
                result.passed = Some(false);
                result.unmet = Text::new(
                    "comes at all: the router refuses the command",
                    "応答があること(ルータがコマンドを拒否しました)",
                );
            }
            Err(error) => return Err(error),
        }
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_RECORDED, beginning};

    #[test]
    fn an_answer_without_end_is_recorded_up_to_its_last_whole_line() {
        let line = "回線 up\n";
        assert_eq!(beginning(line.to_owned()), line);
        let cut = beginning(line.repeat(MOST_RECORDED));
        assert!(cut.len() <= MOST_RECORDED + 4 && cut.ends_with("回線 up\n...\n"), "{}", cut.len());
        assert!(beginning("x".repeat(2 * MOST_RECORDED)).len() <= MOST_RECORDED + 4, "one line alone is cut, too");
    }
}
