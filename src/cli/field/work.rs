//! The thread that is at the router: it looks who is there, or has `run` deploy. One at a time, and each tells how it ended.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use super::kept::kept_screen;
use super::request::VisitRequest;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::over_console::{apply_over_console, begin, problem, reasons};
use crate::cli::result::show_result_on;
use crate::field::{End, Event, Needed};
use crate::inventory::{ConsoleHere, Inventory};
use crate::message::Lang;
use crate::plan::Unreferenced;
use crate::report::end_words;
use crate::run::{self, FinishedRun, LookRequest, ProbeRequest, RunEnv, RunError, RunOptions, SwapRequest};
use crate::secret::KnownSecrets;
use crate::transaction::Outcome;

/// What is done with a router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Errand {
    /// It is changed.
    Change,
    /// Its line is looked at.
    Look,
}

/// What the work on routers needs.
pub struct Work {
    env: RunEnv,
    inventory: Arc<Inventory>,
    request: Arc<VisitRequest>,
    /// Secrets that are known before the first box.
    known: KnownSecrets,
    tell: Sender<Event>,
    lang: Lang,
}

impl Work {
    /// The work of a visit, asked and told through `env`.
    pub fn new(
        context: &Context,
        env: RunEnv,
        inventory: Inventory,
        request: VisitRequest,
        tell: Sender<Event>,
    ) -> Self {
        let (inventory, known) = (Arc::new(inventory), request.options.secrets.apart());
        Self { env, inventory, request: Arc::new(request), known, tell, lang: context.screen.lang }
    }

    /// Asks the box who it is; how that ends is an event.
    ///
    /// # Errors
    /// When this machine gives us no thread.
    pub fn look(&self, look: LookRequest) -> Result<(), Failure> {
        let (env, inventory, tell) = (self.env.clone(), Arc::clone(&self.inventory), self.tell.clone());
        // A password that is typed to look, and may be wrong, is known to this look alone until the box has taken it.
        let (known, secrets) = (self.known.clone(), self.known.apart());
        begin_or_fail(move || {
            let port = look.console.port.clone();
            let event = match run::look(&env, &inventory, &look, &secrets) {
                Ok(seen) => {
                    known.adopt(&secrets);
                    Event::Seen(Box::new(seen))
                }
                Err(error) => Event::NotSeen(problem(&error, &port)),
            };
            // The visit may be over.
            let _ = tell.send(event);
        })
    }

    /// Deploys a router over a console; how that ends is an event.
    ///
    /// # Errors
    /// When this machine gives us no thread.
    pub fn deploy(&self, router: String, console: ConsoleHere) -> Result<(), Failure> {
        let (source, options) = (self.request.source.clone(), self.options());
        let typed = options.secrets.clone();
        let request = apply_over_console(source, &router, options, console);
        self.carry_out(router, Errand::Change, typed, move |env| run::apply(env, &request))
    }

    /// Gives the new box at a console what the old one of a router ran; how that ends is an event.
    ///
    /// # Errors
    /// When this machine gives us no thread.
    pub fn swap(&self, router: String, console: ConsoleHere) -> Result<(), Failure> {
        let (source, map, mut options) = (self.request.source.clone(), self.request.map.clone(), self.options());
        let typed = options.secrets.clone();
        options.reach.console = Some(console);
        let request = SwapRequest {
            router: router.clone(),
            playbook: Some(source.playbook),
            inventory: source.inventory,
            serial_number: None,
            renamed: map,
            unreferenced: Unreferenced::Refuse,
            options,
        };
        self.carry_out(router, Errand::Change, typed, move |env| run::swap(env, &request))
    }

    /// Looks at a router's line over a console by lines that are entered for that; how that ends is an event.
    ///
    /// # Errors
    /// When this machine gives us no thread.
    pub fn probe(&self, router: String, console: ConsoleHere) -> Result<(), Failure> {
        let (mut source, mut options) = (self.request.source.clone(), self.options());
        let typed = options.secrets.clone();
        options.reach.console = Some(console);
        source.limit = Some(router.clone());
        let request = ProbeRequest { source, serial_number: None, options };
        self.carry_out(router, Errand::Look, typed, move |env| run::probe(env, &request))
    }

    /// The options of one piece of work: what is typed for it, and may be wrong, is known to it alone.
    fn options(&self) -> RunOptions {
        let options = self.request.options.clone();
        RunOptions { secrets: self.known.apart(), ..options }
    }

    /// Carries work out. What was typed for it is known from then on where the box has taken it: it said who it is.
    fn carry_out(
        &self,
        router: String,
        errand: Errand,
        typed: KnownSecrets,
        work: impl FnOnce(&RunEnv) -> Result<FinishedRun, RunError> + Send + 'static,
    ) -> Result<(), Failure> {
        let (env, tell, lang, known) = (self.env.clone(), self.tell.clone(), self.lang, self.known.clone());
        let inventory = Arc::clone(&self.inventory);
        let is_look = errand == Errand::Look;
        begin_or_fail(move || {
            let end = match work(&env) {
                Ok(mut finished) => {
                    if finished.result.routers.iter().any(|outcome| outcome.serial_number.is_some()) {
                        known.adopt(&typed);
                    }
                    let briefs = finished.result.routers.iter().map(|outcome| brief(outcome, lang));
                    let brief = briefs.collect::<Vec<_>>().join("\n");
                    let needed = take_needed(&env, &inventory, &mut finished).map(Box::new);
                    let (screen, text) = kept_screen(lang);
                    let exit = show_result_on(&screen, true, &finished);
                    let routers = &finished.result.routers;
                    let is_proven = !routers.iter().any(|outcome| outcome.box_unproven);
                    let is_of_last_save = routers.iter().any(|outcome| outcome.box_of_last_save == Some(true));
                    End { router: Some(router), text: text(), brief, exit, is_proven, is_of_last_save, is_look, needed }
                }
                Err(error) => {
                    let text = reasons(&Vec::from(error), lang);
                    End {
                        router: None,
                        text,
                        brief: String::new(),
                        exit: Exit::Usage,
                        is_proven: false,
                        is_of_last_save: false,
                        is_look,
                        needed: None,
                    }
                }
            };
            let _ = tell.send(Event::Ended(end));
        })
    }
}

/// How a router ended in a line or two: its state, and what a person does now where one is needed.
fn brief(outcome: &Outcome, lang: Lang) -> String {
    let words = end_words(outcome.state, !outcome.foreign.is_empty(), lang);
    let now = outcome.advice.as_ref().map(|advice| format!("\n  {}", advice.now.get(lang))).unwrap_or_default();
    format!("{}: {words}{now}", outcome.router)
}

/// What the screen of a router that needs a person begins with: its advice is said there, and not once more below.
fn take_needed(env: &RunEnv, inventory: &Inventory, finished: &mut FinishedRun) -> Option<Needed> {
    let run = finished.result.journalled.as_ref().map(|journalled| journalled.run.clone());
    let outcome = finished.result.routers.iter_mut().find(|outcome| outcome.advice.is_some())?;
    let call = run::call_for(env, inventory, &outcome.router)?;
    Some(Needed {
        router: outcome.router.clone(),
        state: outcome.state,
        serial_number: outcome.serial_number.clone(),
        run,
        advice: outcome.advice.take()?,
        call,
    })
}

fn begin_or_fail(work: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    begin("field", work).map_err(|cause| Failure::machine("thread", cause))
}
