//! Which access line is this? What a transaction says of it after a change, and what is read of it for a plan.
//!
//! It is told and recorded, and decides nothing: whether a change is kept, its checks say.

use super::inspect::show_displays;
use super::line_seen::SeenLine;
use super::phases::Transaction;
use super::{Intent, TransactionError};
use crate::ix::Config;
use crate::ix::access_line::{AccessLine, LineWish, Probes};
use crate::ix::display::Shown;
use crate::record::{Kind, LineRecord};
use crate::session::Session;

impl Transaction<'_> {
    /// Says which line the router is on, as far as its checks have shown it after the change: in so many words where a check failed and
    /// the line does not fit.
    pub(super) fn say_which_line(&self, shown: &[Shown]) {
        let Some(seen) = SeenLine::of_checks(&self.approved.plan.expected, shown) else { return };
        self.emit(Kind::LineSeen(LineRecord::of(&seen.line, &seen.misfits)));
        let has_failed = self.findings.checks.iter().any(|check| check.passed == Some(false));
        let is_expected = self.intent.terms.line_pending.is_some();
        if let Some(warning) = seen.warning().filter(|_| has_failed && !is_expected) {
            self.emit(Kind::Warned { warning });
        }
    }
}

/// The line of a router whose configuration is to ask something else of it than it does, as far as it shows it before the change: on a
/// factory box nothing is seen, and where the same is asked as before, the checks say enough.
pub(super) fn look_before_plan(
    intent: &Intent,
    running: &Config,
    session: &mut Session,
) -> Result<Option<SeenLine>, TransactionError> {
    let wanted = intent.wanted().filter(|_| intent.terms.at_clinic && intent.terms.line_pending.is_none());
    let (Some(wanted), Some(now)) = (wanted.and_then(LineWish::of), LineWish::of(running)) else { return Ok(None) };
    if now.is_shut || now.interface != wanted.interface || wanted.asks_the_same(&now) {
        return Ok(None);
    }
    let shown = show_line(&wanted.interface, session)?;
    Ok(Some(SeenLine::read(&wanted, &shown, &Probes::default())))
}

/// The displays that tell most of the line at an interface.
pub(super) fn show_line(interface: &str, session: &mut Session) -> Result<Vec<Shown>, TransactionError> {
    let commands = AccessLine::commands(interface, session.dialect().commands());
    show_displays(&commands.each_ref().map(String::as_str), session).map_err(TransactionError::Session)
}
