//! The threads at the consoles: each asks one box who it is, or has `run` deploy one router, and tells how that ended.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use super::boxes::BoxesInFlight;
use super::ending::Ending;
use super::operator::BoxOperator;
use super::request::DepotRequest;
use super::sheet::Sheet;
use crate::cli::context::Context;
use crate::cli::error::Failure;
use crate::cli::late_plans::LatePlansShown;
use crate::cli::over_console::{self, apply_over_console, problem, reasons};
use crate::cli::result::unpassed;
use crate::cli::what_next::learned;
use crate::cli::whole_lines::plain_text;
use crate::field::Problem;
use crate::field::depot::{BoxEnd, DeployOrder, DepotEvent, LookOrder};
use crate::message::{Explain as _, Lang, Text};
use crate::report::{self, Detail};
use crate::run::{self, FinishedRun, Loaded, LookError, NoOperator, RunEnv};
use crate::state::{State, Verdict};
use crate::transaction::{CauseRecord, Outcome};
use crate::visible;

/// What the boxes of a day share.
pub struct Shared {
    /// The runs in progress.
    pub in_flight: Arc<BoxesInFlight>,
    /// The labels.
    pub sheet: Sheet,
}

/// What the work on boxes needs. A copy of it goes to each thread.
#[derive(Clone)]
pub struct Work(Arc<Needs>);

struct Needs {
    env: RunEnv,
    loaded: Loaded,
    request: DepotRequest,
    shared: Shared,
    plans: Arc<Mutex<LatePlansShown>>,
    tell: Sender<DepotEvent>,
    detail: Detail,
    lang: Lang,
}

impl Work {
    /// The work of a day, which was agreed to as it was loaded.
    pub fn new(
        context: &Context,
        env: RunEnv,
        loaded: Loaded,
        request: DepotRequest,
        shared: Shared,
        tell: Sender<DepotEvent>,
    ) -> Self {
        let (plans, detail, lang) = (Arc::default(), context.detail(), context.screen.lang);
        Self(Arc::new(Needs { env, loaded, request, shared, plans, tell, detail, lang }))
    }

    /// Asks a box who it is; how that ends is an event.
    pub fn look(&self, LookOrder { look, request }: LookOrder) {
        let needs = Arc::clone(&self.0);
        let ending = Ending::or_else(
            needs.tell.clone(),
            DepotEvent::NotSeen { look, problem: broken_off(), save_may_run: false },
        );
        let mut env = needs.env.clone();
        env.operator = Arc::new(NoOperator);
        let secrets = needs.request.options.secrets.clone();
        begin(move || {
            ending.tells(match run::look(&env, &needs.loaded.inventory, &request, &secrets) {
                Ok(seen) => DepotEvent::Seen { look, seen: Box::new(seen) },
                Err(error) => DepotEvent::NotSeen {
                    look,
                    problem: problem(&error, &request.console.port),
                    save_may_run: matches!(error, LookError::SaveMayRun { .. }),
                },
            });
        });
    }

    /// Deploys a router; how that ends is an event.
    pub fn deploy(&self, order: DeployOrder) {
        let needs = Arc::clone(&self.0);
        let router = order.router.clone();
        let end = |verdict, brief: &str| {
            let end = BoxEnd { verdict, brief: brief.to_owned(), advice: String::new() };
            DepotEvent::Ended { router: router.clone(), end }
        };
        let died = end(Verdict::NeedsPerson, dead(needs.lang));
        let mut ending = Ending::or_else(needs.tell.clone(), end(Verdict::NotDone, no_thread(needs.lang)));
        begin(move || {
            ending.begins_or_else(died);
            let end = needs.deploy(&order);
            ending.tells(DepotEvent::Ended { router: order.router, end });
        });
    }
}

impl Needs {
    fn deploy(&self, DeployOrder { router, serial_number, console }: &DeployOrder) -> BoxEnd {
        let cancel = self.env.cancel.child();
        let _in_flight = BoxesInFlight::begin(&self.shared.in_flight, cancel.clone());
        let operator = BoxOperator {
            router: router.clone(),
            tell: self.tell.clone(),
            plans: Arc::clone(&self.plans),
            detail: self.detail,
            lang: self.lang,
        };
        let mut env = self.env.clone();
        (env.operator, env.cancel) = (Arc::new(operator), cancel);
        let source = self.request.source.clone();
        let mut request = apply_over_console(source, router, self.request.options.clone(), console.clone());
        request.serial_number.clone_from(serial_number);
        match run::apply_loaded(&env, &request, &self.loaded) {
            Ok(finished) => self.end(router, &finished),
            Err(error) => not_begun(&Vec::from(error), self.lang),
        }
    }

    fn end(&self, router: &str, finished: &FinishedRun) -> BoxEnd {
        let lang = self.lang;
        let Some(outcome) = finished.result.routers.first() else { return not_begun(&[], lang) };
        let verdict = outcome.verdict();
        let words = plain_text(&report::end_words(outcome.state, !outcome.foreign.is_empty(), lang));
        let mut advice = advice(outcome, lang) + &learned(lang, finished);
        if let Some(error) = &finished.journal_error {
            advice.push_str(&format!("{}\n", error.text().get(lang)));
        }
        if let Some(journalled) = &finished.result.journalled
            && verdict == Verdict::Done
        {
            advice.push_str(&self.label(&journalled.run));
        }
        BoxEnd { verdict, brief: brief(router, &words, outcome.causes.first(), lang), advice: plain_text(&advice) }
    }

    /// Writes the label of a saved box. One that cannot be written is a message: the box is as it is.
    fn label(&self, run: &str) -> String {
        match self.shared.sheet.add(&self.env, run, &self.request.source.inventory) {
            Ok(None) => String::new(),
            Ok(Some(written)) => format!("{}\n", written.words().get(self.lang)),
            Err(failures) => failures.iter().map(|one| one.render(self.lang) + "\n").collect(),
        }
    }
}

/// A router's end in a line, and its first cause, which need not name the router again.
fn brief(router: &str, words: &str, cause: Option<&CauseRecord>, lang: Lang) -> String {
    let cause = cause.map(|CauseRecord { code, text, .. }| {
        let text = text.get(lang).trim_end();
        let text = text.strip_prefix(router).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(text);
        format!(" [{code}] {}", visible::hanging(text, 4))
    });
    format!("{words}{}", cause.unwrap_or_default())
}

/// What else must be known of an end, and what to do with the box.
fn advice(outcome: &Outcome, lang: Lang) -> String {
    let hints = outcome.causes.iter().flat_map(|cause| &cause.hints);
    let mut out: String = hints.map(|hint| format!("{} {}\n", lang.pick("hint:", "対処:"), hint.get(lang))).collect();
    if outcome.restart_pending {
        out.push_str(lang.pick("some lines take effect only after a restart\n", "再起動後に有効になる行があります\n"));
    }
    if let Some(unverified) = &outcome.unverified {
        out.push_str(&format!("{}\n", report::unverified(unverified).get(lang)));
    }
    if outcome.state != State::Saved {
        out.push_str(&unpassed(lang, &outcome.checks));
    }
    outcome.advice.iter().for_each(|advice| out.push_str(&report::advice(advice, lang)));
    out
}

/// The end of a router whose run was refused before it began: nothing was written to it, whatever was done to others.
fn not_begun(failures: &[Failure], lang: Lang) -> BoxEnd {
    let code = failures.first().map(|one| format!(" [{}]", one.code)).unwrap_or_default();
    BoxEnd {
        verdict: Verdict::NotDone,
        brief: format!("{}{code}", lang.pick("not begun", "開始できません")),
        advice: reasons(failures, lang),
    }
}

/// What is said of a router for which this machine has no thread.
fn no_thread(lang: Lang) -> &'static str {
    lang.pick("not begun: this machine has no thread for it", "開始できません: この PC でスレッドを作成できません")
}

/// What is said of a router whose thread died.
fn dead(lang: Lang) -> &'static str {
    lang.pick(
        "the work on it broke off in this program: `ixdeploy resume` reads the router again",
        "プログラム内で処理が中断しました。ixdeploy resume でルータを読み直してください",
    )
}

/// What is said of a look whose thread died.
fn broken_off() -> Problem {
    Problem {
        text: Text::new(
            "the look broke off in this program; the box is asked again",
            "プログラム内で読み取りが中断しました。読み取り直します",
        ),
        hints: Vec::new(),
        is_silent: false,
        asks_for_login: false,
        refuses_login: false,
    }
}

/// Begins a thread. Where this machine gives none, what it was to do is dropped, and that is told.
fn begin(work: impl FnOnce() + Send + 'static) {
    if let Err(error) = over_console::begin("depot", work) {
        tracing::debug!(%error, "no thread");
    }
}

#[cfg(test)]
mod tests {
    use super::not_begun;
    use crate::message::Lang;
    use crate::run::RunError;
    use crate::state::Verdict;

    #[test]
    fn a_box_that_could_not_begin_is_not_done_and_says_why_by_its_code() {
        let end = not_begun(&Vec::from(RunError::NoOperator), Lang::En);
        assert_eq!((end.verdict, end.brief.as_str()), (Verdict::NotDone, "not begun [apply.nobody-to-ask]"));
        assert!(end.advice.contains("apply.nobody-to-ask"), "{}", end.advice);
    }
}
