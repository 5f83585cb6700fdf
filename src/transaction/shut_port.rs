//! The port of a probe: shut before it, as on a box from the factory. It judges what was read, and asks the router nothing.

use super::{Intent, PreconditionError, TransactionError};
use crate::ix::Config;
use crate::plan::Plan;

/// A probe is for a port that is shut: one that is open may be in use, and its line can be read as it is.
///
/// # Errors
/// [`PreconditionError::LineOpen`].
pub(super) fn expect_shut(intent: &Intent, running: &Config, plan: &Plan) -> Result<(), TransactionError> {
    let Some(wish) = &intent.terms.probe else { return Ok(()) };
    let block =
        running.nodes.iter().find(|node| node.context() == "interface" && node.arg("IF") == Some(&wish.interface));
    let is_open = block.is_some_and(|block| block.children.iter().all(|line| &*line.text != "shutdown"));
    if !is_open && !plan.is_empty() {
        return Ok(());
    }
    let (router, interface) = (intent.router.clone(), wish.interface.clone());
    Err(TransactionError::Precondition(PreconditionError::LineOpen { router, interface }))
}
