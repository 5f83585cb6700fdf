//! What a visit and a depot share on the way to a router: the request to deploy one over a console, the thread that does it, and the words for
//! what went wrong.

use std::{io, thread};

use super::error::Failure;
use crate::connect::ConnectError;
use crate::field::Problem;
use crate::inventory::ConsoleHere;
use crate::message::{Explain as _, Lang, Text};
use crate::run::{self, ApplyRequest, LookError, RunOptions, Source};
use crate::transport::TransportError;

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

/// Begins a thread of this name.
///
/// # Errors
/// When this machine gives us none; the work is dropped.
pub fn begin(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name(name.to_owned()).spawn(work).map(drop)
}

/// Why something was not begun, each reason with what to do.
pub fn reasons(failures: &[Failure], lang: Lang) -> String {
    failures.iter().map(|one| one.render(lang)).collect::<Vec<_>>().join("\n")
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
