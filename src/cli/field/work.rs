//! The thread that is at the router: it looks who is there, or has `run` deploy. One at a time, and each tells how it ended.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use super::kept::kept_screen;
use super::request::VisitRequest;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::result::show_result_on;
use crate::connect::ConnectError;
use crate::field::{End, Event, Problem};
use crate::inventory::{ConsoleHere, Inventory};
use crate::message::{Explain as _, Lang, Text};
use crate::plan::Unreferenced;
use crate::run::{
    self, ApplyRequest, FinishedRun, LookError, LookRequest, RunEnv, RunError, RunOptions, Source, SwapRequest,
};
use crate::transport::TransportError;

/// What the work on routers needs.
pub struct Work {
    env: RunEnv,
    inventory: Arc<Inventory>,
    request: Arc<VisitRequest>,
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
        let (inventory, request) = (Arc::new(inventory), Arc::new(request));
        Self { env, inventory, request, tell, lang: context.screen.lang }
    }

    /// Asks the box who it is; how that ends is an event.
    ///
    /// # Errors
    /// When this machine gives us no thread.
    pub fn look(&self, look: LookRequest) -> Result<(), Failure> {
        let (env, inventory, tell) = (self.env.clone(), Arc::clone(&self.inventory), self.tell.clone());
        begin(move || {
            let port = look.console.port.clone();
            let event = match run::look(&env, &inventory, &look) {
                Ok(seen) => Event::Seen(Box::new(seen)),
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
        let VisitRequest { source, options, .. } = (*self.request).clone();
        let request = apply_over_console(source, &router, options, console);
        self.carry_out(router, move |env| run::apply(env, &request))
    }

    /// Gives the new box at a console what the old one of a router ran; how that ends is an event.
    ///
    /// # Errors
    /// When this machine gives us no thread.
    pub fn swap(&self, router: String, console: ConsoleHere) -> Result<(), Failure> {
        let VisitRequest { source, mut options, map, .. } = (*self.request).clone();
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
        self.carry_out(router, move |env| run::swap(env, &request))
    }

    fn carry_out(
        &self,
        router: String,
        work: impl FnOnce(&RunEnv) -> Result<FinishedRun, RunError> + Send + 'static,
    ) -> Result<(), Failure> {
        let (env, tell, lang) = (self.env.clone(), self.tell.clone(), self.lang);
        begin(move || {
            let end = match work(&env) {
                Ok(finished) => {
                    let (screen, text) = kept_screen(lang);
                    let exit = show_result_on(&screen, true, &finished);
                    let is_proven = !finished.result.routers.iter().any(|outcome| outcome.box_unproven);
                    End { router: Some(router), text: text(), exit, is_proven }
                }
                Err(error) => {
                    let failures: Vec<Failure> = error.into();
                    let text = failures.iter().map(|one| one.render(lang)).collect::<Vec<_>>().join("\n");
                    End { router: None, text, exit: Exit::Usage, is_proven: false }
                }
            };
            let _ = tell.send(Event::Ended(end));
        })
    }
}

/// Deploys one router of the inventory over this console.
pub fn apply_over_console(source: Source, router: &str, mut options: RunOptions, console: ConsoleHere) -> ApplyRequest {
    options.reach.console = Some(console);
    ApplyRequest {
        source: source.playbook,
        inventory: source.inventory,
        limit: Some(router.to_owned()),
        plan_hash: None,
        rest: None,
        left_out: Vec::new(),
        serial_number: None,
        options,
    }
}

fn begin(work: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let begun = thread::Builder::new().name("field".into()).spawn(work);
    begun.map(drop).map_err(|cause| Failure::machine("thread", cause))
}

/// What went wrong, with what `doctor` would advise about the port.
pub fn problem(error: &LookError, port: &str) -> Problem {
    let mut hints = error.hints();
    if matches!(error, LookError::Connect(ConnectError::Transport(TransportError::Serial(_)))) {
        let remedy = run::port_finding(port).and_then(|finding| finding.remedy);
        hints.extend(remedy.filter(|remedy| !hints.contains(remedy)));
    }
    Problem {
        text: Text::new(
            format!("[{}] {}", error.code(), error.text().en),
            format!("[{}] {}", error.code(), error.text().ja),
        ),
        hints,
        is_silent: error.is_silent(),
        asks_for_login: error.asks_for_login(),
        refuses_login: error.refuses_login(),
    }
}
