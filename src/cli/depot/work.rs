//! The threads at the consoles: each asks one box who it is, or has `run` deploy one router, and tells how that ended.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::thread;

use super::boxes::BoxesInFlight;
use super::ending::Ending;
use super::operator::BoxOperator;
use super::request::DepotRequest;
use super::sheet::Sheet;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::field::{apply_over_console, problem};
use crate::cli::late_plans::LatePlansShown;
use crate::cli::result::unpassed;
use crate::cli::what_next::learned;
use crate::cli::whole_lines::plain_text;
use crate::field::Problem;
use crate::field::depot::{BoxEnd, DeployOrder, DepotEvent, LookOrder};
use crate::inventory::Inventory;
use crate::message::{Explain as _, Lang, Text};
use crate::report::{self, Detail};
use crate::run::{self, FinishedRun, LookError, NoOperator, RunEnv};
use crate::state::State;
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
    inventory: Inventory,
    request: DepotRequest,
    shared: Shared,
    plans: Arc<Mutex<LatePlansShown>>,
    tell: Sender<DepotEvent>,
    detail: Detail,
    lang: Lang,
}

impl Work {
    /// The work of a day.
    pub fn new(
        context: &Context,
        env: RunEnv,
        inventory: Inventory,
        request: DepotRequest,
        shared: Shared,
        tell: Sender<DepotEvent>,
    ) -> Self {
        let (plans, detail, lang) = (Arc::default(), context.detail(), context.screen.lang);
        Self(Arc::new(Needs { env, inventory, request, shared, plans, tell, detail, lang }))
    }

    /// Asks a box who it is; how that ends is an event.
    pub fn look(&self, LookOrder { look, request, elsewhere }: LookOrder) {
        let needs = Arc::clone(&self.0);
        let ending = Ending::or_else(
            needs.tell.clone(),
            DepotEvent::NotSeen { look, problem: broken_off(), save_may_run: false },
        );
        let mut env = needs.env.clone();
        env.operator = Arc::new(NoOperator);
        begin(move || {
            ending.tells(match run::look_beside(&env, &needs.inventory, &request, &elsewhere) {
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
        let died = BoxEnd { exit: Exit::NeedsPerson, brief: dead(needs.lang).to_owned(), advice: String::new() };
        let ending = Ending::or_else(needs.tell.clone(), DepotEvent::Ended { router: router.clone(), end: died });
        begin(move || {
            let end = needs.deploy(&order);
            ending.tells(DepotEvent::Ended { router, end });
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
        let mut request = apply_over_console(source, router, self.request.options(), console.clone());
        request.serial_number.clone_from(serial_number);
        match run::apply(&env, &request) {
            Ok(finished) => self.end(router, &finished),
            Err(error) => {
                let failures: Vec<Failure> = error.into();
                let words = self.lang.pick("not begun", "開始できません");
                BoxEnd {
                    exit: Exit::Usage,
                    brief: words.to_owned(),
                    advice: failures.iter().map(|one| one.render(self.lang)).collect::<Vec<_>>().join("\n"),
                }
            }
        }
    }

    fn end(&self, router: &str, finished: &FinishedRun) -> BoxEnd {
        let lang = self.lang;
        let Some(outcome) = finished.result.routers.first() else {
            return BoxEnd { exit: finished.exit, ..BoxEnd::default() };
        };
        let words = plain_text(&report::end_words(outcome.state, !outcome.foreign.is_empty(), lang));
        let mut advice = advice(outcome, lang) + &learned(lang, finished);
        if let Some(error) = &finished.journal_error {
            advice.push_str(&format!("{}\n", error.text().get(lang)));
        }
        if let Some(journalled) = &finished.result.journalled
            && finished.exit == Exit::Done
        {
            advice.push_str(&self.label(&journalled.run));
        }
        BoxEnd {
            exit: finished.exit,
            brief: brief(router, &words, outcome.causes.first(), lang),
            advice: plain_text(&advice),
        }
    }

    /// Writes the label of a saved box. One that cannot be written is a message: the box is as it is.
    fn label(&self, run: &str) -> String {
        match self.shared.sheet.add(&self.env, run, &self.request.source.inventory) {
            Ok(None) => String::new(),
            Ok(Some(file)) => {
                let file = file.display();
                let words = Text::new(format!("label: {file}"), format!("ラベル: {file}"));
                format!("{}\n", words.get(self.lang))
            }
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
    if let Err(error) = thread::Builder::new().name("depot".into()).spawn(work) {
        tracing::debug!(%error, "no thread");
    }
}
