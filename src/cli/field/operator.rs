//! The operator on a visit: every question becomes a page of it, and what is typed there its answer.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::kept::kept_screen;

use crate::cli::identity_text::{another_number_words, identity_words, number_expected_words};
use crate::cli::operator::{approval_words, failed_checks_words, is_yes, recovery_choice, recovery_words};
use crate::cli::question_text::{self, again_words, differed_words};
use crate::cli::show_plans;
use crate::cli::whole_lines::plain_text;
use crate::field::{Answering, Asked, Event, PlanShown, lengths};
use crate::ix::ports::port_uses;
use crate::message::{Lang, Text};
use crate::report::{self, Detail};
use crate::run::{Approval, HandOver, HandOverAnswer, HandOverPlan, IdentityQuestion, Notice, Operator, PlanResult};
use crate::secret::{Again, Prompter, Secret};
use crate::transaction::{Decisions, FailedChecks, LostRouter, RecoveryChoice};

/// What was given as an answer.
enum Given {
    Line(String),
    Secret(Secret),
}

/// Where a face gives a secret that was typed: it does not pass through the visit.
#[derive(Clone)]
pub struct SecretSink {
    tell: Sender<Event>,
    give: Sender<Given>,
}

impl SecretSink {
    /// Where no secret is asked for.
    #[cfg(feature = "field")]
    pub fn nowhere() -> Self {
        Self { tell: channel().0, give: channel().0 }
    }

    /// Answers the question for a secret that is open. The visit hears first that it is: whoever gets the secret may ask the next question at
    /// once.
    pub fn give(&self, secret: Secret) {
        // Who asked may be gone.
        let _ = self.tell.send(Event::Typed(String::new()));
        let _ = self.give.send(Given::Secret(secret));
    }
}

/// Asks and tells a visit.
pub struct FieldOperator {
    tell: Sender<Event>,
    give: Sender<Given>,
    /// One question at a time.
    given: Mutex<Receiver<Given>>,
    /// The terminal that the visit is on.
    terminal: Arc<dyn Operator>,
    /// What was typed where failed checks were shown, once it is known that they are not repeated.
    reason: Mutex<Option<String>>,
    lang: Lang,
}

impl FieldOperator {
    /// Asks and tells a visit that is on this terminal.
    pub fn new(tell: Sender<Event>, terminal: Arc<dyn Operator>, lang: Lang) -> Self {
        let (give, given) = channel();
        Self { tell, give, given: Mutex::new(given), terminal, reason: Mutex::default(), lang }
    }

    /// Where secrets are given.
    pub fn secrets(&self) -> SecretSink {
        SecretSink { tell: self.tell.clone(), give: self.give.clone() }
    }

    /// Answers the question that is open.
    pub fn answer(&self, answer: String) {
        let _ = self.give.send(Given::Line(answer));
    }

    /// Nothing when the visit is over.
    fn given(&self, question: String, answering: Answering) -> Option<Given> {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        self.tell.send(Event::Asked(Asked { question, answering })).ok()?;
        given.recv().ok()
    }

    fn line(&self, question: String, answering: Answering) -> Option<String> {
        match self.given(question, answering)? {
            Given::Line(line) => Some(line),
            // A secret is no answer to a question that is shown.
            Given::Secret(_) => Some(String::new()),
        }
    }

    fn say(&self, text: &str) {
        for line in plain_text(text).lines() {
            let _ = self.tell.send(Event::Said(line.to_owned()));
        }
    }

    fn warn(&self, text: &str) {
        for line in plain_text(text).lines() {
            let _ = self.tell.send(Event::Warned(line.to_owned()));
        }
    }

    /// A plan that cannot be made is told by how the router ends.
    fn show_plan(&self, plans: &[PlanResult], tests: &HandOverPlan) {
        let planned = plans.iter().find_map(|one| Some((one.plan()?, one.intent.device.model)));
        let Some((plan, model)) = planned else { return };
        let (screen, text) = kept_screen(self.lang);
        show_plans::plans(&screen, plans, Detail::default());
        show_plans::terms(&screen, plans);
        screen.say_prose(&report::hand_over(tests, self.lang));
        let shown =
            PlanShown { text: text(), model: Some(model), ports: port_uses(&plan.expected), lengths: lengths(plan) };
        let _ = self.tell.send(Event::Planned(shown));
    }
}

impl Operator for FieldOperator {
    fn is_present(&self) -> bool {
        self.terminal.is_present()
    }

    fn approve(&self, question: &Approval) -> Option<bool> {
        let answering = match question {
            Approval::Change { .. } => Answering::Change,
            _ => Answering::YesNo,
        };
        let words = approval_words(question, self.lang);
        // The keys are said by the page.
        let words = words.trim_end_matches("[yes/no]").trim_end().to_owned();
        self.line(words, answering).map(|answer| is_yes(&answer))
    }

    fn type_serial_number(&self, question: &IdentityQuestion<'_>) -> Option<String> {
        self.line(identity_words(question, self.lang), Answering::Line)
    }

    fn hand_over(&self, open: &HandOver<'_>) -> HandOverAnswer {
        let (words, tests) = (hand_over_words(open, self.lang), open.tests.len());
        // The visit lets only an answer pass.
        self.line(words, Answering::HandOver { tests })
            .and_then(|answer| HandOverAnswer::read(&answer, tests))
            .unwrap_or(HandOverAnswer::GoOn)
    }

    fn tell(&self, notice: &Notice<'_>) {
        let lang = self.lang;
        match notice {
            Notice::Note(text) => self.warn(text.get(lang)),
            Notice::Warning(text) => self.warn(&format!("{}: {}", lang.pick("warning", "警告"), text.get(lang))),
            Notice::Finding(finding) => self.say(finding.render(lang).trim_end()),
            // Above the question, which comes again.
            Notice::SerialNumberDiffers => self.warn(another_number_words(lang)),
            Notice::SerialNumberExpected => self.warn(&number_expected_words(lang)),
            Notice::RunBegan(run) => self.say(&match lang {
                Lang::En => format!("run {run}"),
                Lang::Ja => format!("実行 {run}"),
            }),
            Notice::Review { few, tests, .. } => self.show_plan(few, tests),
            Notice::Summary(asked) => {
                let summary = plain_text(&question_text::summary(asked, lang));
                let _ = self.tell.send(Event::Summed(summary));
            }
            // One router is one step, nothing was reviewed before, and it is asked about before it is changed.
            Notice::Rollout(_) | Notice::Reviewed { .. } | Notice::LatePlan(_) => {}
        }
    }
}

impl Decisions for FieldOperator {
    fn choose_recovery(&self, lost: &LostRouter) -> Option<RecoveryChoice> {
        recovery_choice(&self.line(recovery_words(lost, self.lang), Answering::Line)?)
    }

    fn repeat_checks(&self, failed: &FailedChecks) -> bool {
        let answer = self.line(failed_checks_words(failed, self.lang), Answering::FailedChecks);
        let repeats = answer.as_ref().is_some_and(|answer| answer.eq_ignore_ascii_case("r"));
        *self.reason.lock().unwrap_or_else(PoisonError::into_inner) = answer.filter(|_| !repeats);
        repeats
    }

    /// What was typed when it was asked whether the checks are repeated.
    fn save_unverified(&self, _: &FailedChecks) -> Option<String> {
        self.reason.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Prompter for FieldOperator {
    fn ask(&self, question: &Text) -> Result<Secret, String> {
        match self.given(format!("{}:", question.get(self.lang)), Answering::Secret) {
            Some(Given::Secret(secret)) => Ok(secret),
            // The engineer wants to stop.
            Some(Given::Line(_)) | None => {
                Err(self.lang.pick("nothing was entered", "入力がありませんでした").to_owned())
            }
        }
    }
    fn ask_again(&self, question: &Text, again: Again) -> Result<Secret, String> {
        if let Some(differed) = differed_words(again) {
            self.warn(differed.get(self.lang));
        }
        self.ask(&again_words(question))
    }
    fn never_agreed(&self) -> String {
        self.terminal.never_agreed()
    }
}

/// How the tests from the laptop have ended so far, each with the number that it is answered by.
fn hand_over_words(open: &HandOver<'_>, lang: Lang) -> String {
    let mut words = match lang {
        Lang::En => format!("{}: saved. Tests from this laptop's Ethernet port:", open.router),
        Lang::Ja => format!("{}: 保存済み。この PC の Ethernet ポートからの試験:", open.router),
    };
    for (number, test) in (1..).zip(open.tests) {
        let (_, mark) = report::tested_words(test, lang);
        words.push_str(&format!("\n {number} {mark} {}: {}", test.check, test.test.get(lang)));
        words.push_str(&format!("\n     {}", test.told.get(lang)));
    }
    words
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::channel;

    use super::FieldOperator;
    use crate::field::Event;
    use crate::message::{Lang, Text};
    use crate::run::NoOperator;
    use crate::secret::{Prompter as _, Secret};

    #[test]
    fn a_secret_that_is_asked_for_right_after_another_is_a_question_of_its_own() {
        let (tell, told) = channel();
        let operator = FieldOperator::new(tell, Arc::new(NoOperator), Lang::En);
        let (secrets, question) = (operator.secrets(), Text::new("password", "パスワード"));
        let given = std::thread::scope(|scope| {
            let asking = scope.spawn(|| [operator.ask(&question), operator.ask(&question)].map(|given| given.is_ok()));
            let next = || told.recv().unwrap();
            assert!(matches!(next(), Event::Asked(_)));
            secrets.give(Secret::new("one".to_owned()));
            // The visit is not quick: both are there before it looks.
            let (first, second) = (next(), next());
            assert!(matches!(first, Event::Typed(_)) && matches!(second, Event::Asked(_)), "{first:?}, {second:?}");
            secrets.give(Secret::new("two".to_owned()));
            asking.join().unwrap()
        });
        assert_eq!(given, [true, true]);
    }
}
