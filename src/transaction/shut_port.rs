//! The port of a probe: shut before it, as on a box from the factory. It judges what was read, and asks the router nothing.

use super::{Intent, PreconditionError, TransactionError};
use crate::ix::Config;
use crate::ix::access_line::LineWish;
use crate::plan::Plan;

/// A probe is for a port that is shut: one that is open may be in use, and its line can be read as it is. Judged before anything is planned:
/// how an open one would be probed is no question.
///
/// # Errors
/// [`PreconditionError::LineOpen`].
pub(super) fn expect_shut(intent: &Intent, running: &Config) -> Result<(), TransactionError> {
    let Some(wish) = &intent.terms.probe else { return Ok(()) };
    let block =
        running.nodes.iter().find(|node| node.context() == "interface" && node.arg("IF") == Some(&wish.interface));
    let is_open = block.is_some_and(|block| block.children.iter().all(|line| &*line.text != "shutdown"));
    if is_open { Err(line_open(intent, wish)) } else { Ok(()) }
}

/// Where it is open already for the probe's own lines, none is left to enter.
///
/// # Errors
/// [`PreconditionError::LineOpen`].
pub(super) fn expect_lines(intent: &Intent, plan: &Plan) -> Result<(), TransactionError> {
    match intent.terms.probe.as_ref().filter(|_| plan.is_empty()) {
        Some(wish) => Err(line_open(intent, wish)),
        None => Ok(()),
    }
}

fn line_open(intent: &Intent, wish: &LineWish) -> TransactionError {
    let (router, interface) = (intent.router.clone(), wish.interface.clone());
    TransactionError::Precondition(PreconditionError::LineOpen { router, interface })
}
