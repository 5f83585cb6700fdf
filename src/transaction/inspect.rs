//! Looking at a router before and after a change: the checks a role declares, run over the session that is still ours.
//!
//! Checks only read: show, ping, ping6 and traceroute, held to that when the role was read. One that is declared so is repeated after a
//! change until it passes or its time is over: a line takes seconds to come up.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use super::Intent;
use crate::cancel::Cancel;
use crate::inventory::Fingerprint;
use crate::ix::display::{self, Display, Shown};
use crate::ix::mask::mask_text;
use crate::message::Text;
use crate::playbook::{Check, Level, Phase};
use crate::record::{CheckResult, Kind, Sink};
use crate::session::{Session, SessionError};
use crate::transport::ssh::HostKey;

/// The most bytes of an answer that are recorded: what a person reads, and no more from a router that says too much.
const MOST_RECORDED: usize = 64 * 1024;

/// The first pause before a check is repeated. Each is twice as long as the one before, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A result, judged by what the router said.
fn judged(result: CheckResult, check: &Check, answer: &str) -> CheckResult {
    let unmet = check.unmet(answer);
    // Where nothing is expected, nothing is proven.
    let recorded = check.expect.is_empty();
    let passed = (!recorded).then_some(unmet.is_none());
    CheckResult { recorded, passed, answer: Some(recorded_answer(answer)), unmet: unmet.unwrap_or_default(), ..result }
}

/// A host key that a router shows is read on a console. Over SSH it must be the one that the session's other side has proven to have.
fn held_to_key(result: CheckResult, shown: Option<Fingerprint>, session: &Session) -> CheckResult {
    let Some(shown) = shown.filter(|_| result.passed == Some(true)) else { return result };
    match session.host_key() {
        Some(key) if !key.is_of(&shown) => CheckResult { passed: Some(false), unmet: other_key(shown, key), ..result },
        Some(_) => result,
        None => CheckResult { host_key: Some(shown).filter(|_| session.is_on_console()), ..result },
    }
}

/// What is not met by another key than that of the session.
fn other_key(shown: Fingerprint, key: &HostKey) -> Text {
    let of_session = key.fingerprint();
    Text::new(
        format!("shows the host key of this very SSH session, {of_session}: it shows {shown}"),
        format!("この SSH セッションのホスト鍵 {of_session} が表示される(表示された鍵: {shown})"),
    )
}

/// An answer as it is recorded: masked, and its first lines where it is longer than that.
pub(super) fn recorded_answer(answer: &str) -> String {
    beginning(mask_text(answer))
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

/// What an inspection came to.
#[derive(Default)]
pub struct Inspected {
    /// How the checks ended that were run, or are listed as not run, each with its answer.
    pub results: Vec<CheckResult>,
    /// The displays that were read into fields, as they were seen last.
    pub shown: Vec<Shown>,
    /// The error of the session, if it failed: the checks before it count.
    pub broken: Option<SessionError>,
}

impl Inspected {
    /// How the checks ended.
    ///
    /// # Errors
    /// The session failed.
    pub fn results(self) -> Result<Vec<CheckResult>, SessionError> {
        match self.broken {
            Some(error) => Err(error),
            None => Ok(self.results.into_iter().map(CheckResult::without_a_good_answer).collect()),
        }
    }

    /// Notes a display, in the place of what was seen of it before.
    fn note(&mut self, display: Option<Shown>) {
        let Some(shown) = display else { return };
        self.shown.retain(|known| known.command != shown.command);
        self.shown.push(shown);
    }
}

/// One look: how the check ended, and what was shown where that is read into fields.
struct Look {
    result: CheckResult,
    shown: Option<Shown>,
}

impl Look {
    fn has_failed(&self) -> bool {
        self.result.passed == Some(false)
    }
}

/// The checks of one router, and whether it is at its clinic.
#[derive(Debug, Clone)]
pub struct Inspection<'a> {
    checks: Vec<&'a Check>,
    at_clinic: bool,
    /// Something was changed, so what does not pass yet may pass in a while.
    repeats: bool,
    /// The clinics' lines are not open yet: there is nothing to wait for on them.
    line_pending: bool,
    record: fn(usize, &CheckResult) -> Kind,
}

impl<'a> Inspection<'a> {
    /// The checks of an intent.
    pub fn of(intent: &'a Intent) -> Self {
        Self {
            checks: intent.terms.checks.iter().collect(),
            at_clinic: intent.terms.at_clinic,
            repeats: false,
            line_pending: intent.terms.line_pending.is_some(),
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

    /// The same after something was changed: a check that has time is repeated until it passes.
    #[must_use]
    pub fn repeating(self) -> Self {
        Self { repeats: true, ..self }
    }

    /// Whether there is nothing to run.
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }

    /// Runs them in their order, each recorded with its answer. On a bench, those that need the clinic are listed as not run; so are
    /// those after a request to stop.
    pub fn run(&self, session: &mut Session, sink: &dyn Sink, cancel: &Cancel) -> Inspected {
        let mut inspected = Inspected::default();
        let begun = Instant::now();
        let mut read = if cancel.is_asked() { HashMap::new() } else { self.read_together(session) };
        for (index, check) in self.checks.iter().copied().enumerate() {
            let runs = !self.is_for_clinic(check) && (!cancel.is_asked() || read.contains_key(check.command.as_str()));
            // Where a required check has failed, the others change nothing any more.
            let is_lost = inspected.results.iter().any(|result| result.required && result.passed == Some(false));
            let until = self.time_of(check).filter(|_| !is_lost).map(|time| begun + time);
            let mut look = Self::one(check, runs.then_some(&mut *session), &mut read);
            if let Some(until) = until.filter(|_| runs && look.as_ref().is_ok_and(Look::has_failed)) {
                // What was read before the wait is old.
                read.clear();
                look = Self::repeat(check, session, until, cancel);
            }
            match look {
                Ok(Look { result, shown }) => {
                    sink.emit((self.record)(index + 1, &result));
                    inspected.results.push(result);
                    inspected.note(shown);
                }
                Err(error) => {
                    inspected.broken = Some(error);
                    return inspected;
                }
            }
        }
        inspected
    }

    /// Those that only show, where we are.
    pub fn displays(&self) -> impl Iterator<Item = &'a Check> {
        self.checks.iter().copied().filter(|check| !self.is_for_clinic(check) && check.only_shows())
    }

    /// The answers of the checks that only show, all of them in flight at once if the session can do that. From the first
    /// ping on they go one by one: what is shown after a ping may depend on it.
    fn read_together(&self, session: &mut Session) -> HashMap<&'a str, Result<String, SessionError>> {
        let to_run = self.checks.iter().copied().filter(|check| !self.is_for_clinic(check));
        let mut seen = HashSet::new();
        let shown = to_run.take_while(|check| check.only_shows()).map(|check| check.command.as_str());
        let commands: Vec<&str> = shown.filter(|command| seen.insert(*command)).collect();
        let answers = session.show_all(&commands);
        commands.into_iter().zip(answers).collect()
    }

    /// How long a check is repeated, from the beginning of all.
    fn time_of(&self, check: &Check) -> Option<Duration> {
        let waits = self.repeats && !(self.line_pending && check.phase == Phase::Clinic);
        check.within.filter(|_| waits).map(|seconds| Duration::from_secs(u64::from(seconds)))
    }

    /// Repeats a check that has not passed, until it does, its time is over, or a request to stop.
    fn repeat(check: &Check, session: &mut Session, until: Instant, cancel: &Cancel) -> Result<Look, SessionError> {
        let mut pause = FIRST_PAUSE;
        loop {
            let is_last = cancel.wait_until(until.min(Instant::now() + pause)) || Instant::now() >= until;
            pause = (pause * 2).min(LONGEST_PAUSE);
            let look = Self::one(check, Some(&mut *session), &mut HashMap::new())?;
            if is_last || !look.has_failed() {
                return Ok(look);
            }
        }
    }

    /// Whether a check is not run because we are not in the clinic.
    fn is_for_clinic(&self, check: &Check) -> bool {
        check.phase == Phase::Clinic && !self.at_clinic
    }

    fn one(
        check: &Check,
        session: Option<&mut Session>,
        read: &mut HashMap<&str, Result<String, SessionError>>,
    ) -> Result<Look, SessionError> {
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
            host_key: None,
        };
        let Some(session) = session else { return Ok(Look { result, shown: None }) };
        if !Check::is_harmless(&check.command) {
            result.passed = Some(false);
            result.unmet = Text::new("comes from a command that only looks", "参照系コマンドの応答である");
            return Ok(Look { result, shown: None });
        }
        let mut shown = None;
        let command = check.command.as_str();
        // Several checks may look at one display.
        let answer = match read.get(command) {
            Some(Ok(answer)) => Ok(answer.clone()),
            _ => read.remove(command).unwrap_or_else(|| session.show(command)),
        };
        match answer {
            Ok(answer) => {
                shown = read_display(command, &answer);
                result = held_to_key(judged(result, check, &answer), check.shown_key(&answer), session);
            }
            Err(SessionError::Refused { .. }) => {
                result.passed = Some(false);
                result.unmet = refused_command();
            }
            Err(error) => return Err(error),
        }
        Ok(Look { result, shown })
    }
}

/// What these commands show, read into fields. One that the router refuses is not there.
pub(super) fn show_displays(commands: &[&str], session: &mut Session) -> Result<Vec<Shown>, SessionError> {
    let mut shown = Vec::new();
    for (command, answer) in commands.iter().zip(session.show_all(commands)) {
        match answer {
            Ok(answer) => shown.extend(read_display(command, &answer)),
            Err(SessionError::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(shown)
}

/// What is not met by a command that the router refuses.
pub(super) fn refused_command() -> Text {
    Text::new("comes at all: the router refuses the command", "応答があること(ルータがコマンドを拒否しました)")
}

/// An answer, read into fields where its form is known.
pub(super) fn read_display(command: &str, answer: &str) -> Option<Shown> {
    let kind = display::Kind::of_command(command)?;
    Some(Shown { command: command.to_owned(), display: Display::read(kind, answer) })
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
