//! A probe: lines that are entered for a look at the access line, and taken back. A box from the factory shows nothing of its line, since
//! its ports are shut; through these lines it does.
//!
//! Whatever is seen, it is never saved and always undone, also by a process that recovers it.

use super::TransactionError;
use super::line_reading::look;
use super::phases::Transaction;
use super::verify::Applied;
use crate::ix::access_line::{LineWish, Probes};
use crate::record::{Kind, LineRecord};
use crate::state::State;

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
