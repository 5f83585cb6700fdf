//! A probe: lines that are entered for a look at the access line, and taken back. A box from the factory shows nothing of its line, since
//! its ports are shut; through these lines it does.
//!
//! Whatever is seen, it is never saved and always undone, also by a process that recovers it.

use super::line_reading::look;
use super::phases::Transaction;
use super::verify::Applied;
use super::{Intent, PreconditionError, TransactionError};
use crate::ix::Config;
use crate::ix::access_line::{LineWish, Probes};
use crate::plan::Plan;
use crate::record::{Kind, LineRecord};
use crate::state::State;

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

impl Transaction<'_> {
    /// Looks at the line through what was entered, records what is seen, and takes all of it back.
    pub(super) fn probe(&mut self, _: Applied, wish: &LineWish) -> Result<(), TransactionError> {
        self.enter(State::Verifying)?;
        self.check_cancelled()?;
        self.watch_line()?;
        self.check_cancelled()?;
        let cancel = self.env.cancel;
        let seen = look(wish, self.session()?, &Probes::default(), cancel)?;
        self.write_now(Kind::Probed(LineRecord::of(&seen.line, &seen.misfits)));
        self.undo_change();
        Ok(())
    }
}
