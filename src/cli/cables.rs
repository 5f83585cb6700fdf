//! The console ports of this machine, watched: which there are, and what is in the way of a cable. None is opened.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::error::Failure;
use crate::run::{self, Level, MachineFinding};
use crate::transport::serial::{Port, console_ports};

/// How often the ports are looked at: a cable that is pulled is noticed within two seconds.
const LOOK: Duration = Duration::from_millis(500);

/// What a look has found.
#[derive(Debug, Clone)]
pub struct Cables {
    /// The ports that a console may be on.
    pub ports: Vec<Port>,
    /// What is in the way of a cable.
    pub trouble: Vec<MachineFinding>,
}

/// Looks at the ports that are named, or at every USB cable, until what is returned is dropped, or `tell` says that no one listens. It is told
/// what is found, at first and whenever that is something else, and nothing at each look between.
///
/// # Errors
/// When this machine gives us no thread.
pub fn watch_cables(
    named: Vec<String>,
    tell: impl FnMut(Option<Cables>) -> bool + Send + 'static,
) -> Result<Sender<()>, Failure> {
    let (keep, stop) = channel();
    let watch = move || watch_until(&named, tell, &stop);
    let begun = thread::Builder::new().name("ports".into()).spawn(watch);
    begun.map(|_| keep).map_err(|cause| Failure::machine("thread", cause))
}

fn watch_until(named: &[String], mut tell: impl FnMut(Option<Cables>) -> bool, stop: &Receiver<()>) {
    let mut last: Option<Vec<Port>> = None;
    loop {
        let ports = found(named);
        let news = (last.as_ref() != Some(&ports)).then(|| {
            let trouble = run::cable_finding();
            let trouble = (named.is_empty() && trouble.level != Level::Good).then_some(trouble);
            Cables { ports: ports.clone(), trouble: trouble.into_iter().collect() }
        });
        last = Some(ports);
        if !tell(news) || !matches!(stop.recv_timeout(LOOK), Err(RecvTimeoutError::Timeout)) {
            return;
        }
    }
}

/// A system that does not list its ports now may do so in a moment.
fn found(named: &[String]) -> Vec<Port> {
    if named.is_empty() {
        return console_ports(None).unwrap_or_default();
    }
    let mut ports: Vec<Port> = Vec::new();
    for port in named.iter().flat_map(|name| console_ports(Some(name)).unwrap_or_default()) {
        if !ports.contains(&port) {
            ports.push(port);
        }
    }
    ports
}
