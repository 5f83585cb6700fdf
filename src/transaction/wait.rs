//! Waiting with an open session: for the other routers of a site, or for the operator's answer.
//!
//! The router ends a session that is silent for too long, so a waiting one shows that it is alive, and sees there whether config
//! mode is still ours. After a long wait what was read is read again.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;

use super::phases::Transaction;
use super::read::show_if_accepted;
use super::site::BarrierMember;
use super::{ChangeError, PreconditionError, TransactionError};

impl Transaction<'_> {
    /// Shows the router that we are still there, and checks that config mode is ours. A request to stop ends the wait.
    fn keep_alive(&mut self) -> Result<(), TransactionError> {
        if self.env.cancel.is_asked() {
            return Err(TransactionError::Change(ChangeError::Stopped {
                router: self.intent.router.clone(),
                number: None,
            }));
        }
        let clock = self.intent.dialect().commands().show_clock;
        show_if_accepted(self.session()?, clock).map(drop)
    }

    /// Waits until every router of the site is backed up, and until those that our path does not go through are changed. After
    /// a long wait the router must still be what it was.
    pub(super) fn wait_to_begin(&mut self) -> Result<(), TransactionError> {
        let Some(member) = self.env.site else { return Ok(()) };
        let idle = self.intent.bounds.idle;
        let backed_up = member.wait_until_all_backed_up(idle, &mut || self.keep_alive())?;
        let turn = member.wait_for_turn(idle, &mut || self.keep_alive())?;
        if backed_up || turn {
            let running = self.read_running()?;
            if self.backup.running != running {
                return Err(TransactionError::Precondition(PreconditionError::Drifted {
                    router: self.intent.router.clone(),
                    what: self.intent.dialect().commands().show_running,
                    diff: self.since_backup(&running),
                }));
            }
        }
        Ok(())
    }

    /// Every router of the site is verified before the first is saved, and they are saved in order. After a long wait what runs
    /// must still be what was declared.
    pub(super) fn wait_to_save(&mut self) -> Result<(), TransactionError> {
        let Some(member) = self.env.site else { return Ok(()) };
        let waited =
            BarrierMember::wait_until_all_verified(member, self.intent.bounds.idle, &mut || self.keep_alive())?;
        if waited { self.verify_desired().map(drop) } else { Ok(()) }
    }

    /// Asks the operator something while the session is kept alive.
    pub(super) fn keep_alive_while_asking<T: Send>(
        &mut self,
        ask: impl FnOnce() -> T + Send,
    ) -> Result<T, TransactionError> {
        let member = self.env.site;
        member.into_iter().for_each(|member| member.asks(true));
        let answer = self.ask_in_a_thread(ask);
        member.into_iter().for_each(|member| member.asks(false));
        answer
    }

    fn ask_in_a_thread<T: Send>(&mut self, ask: impl FnOnce() -> T + Send) -> Result<T, TransactionError> {
        thread::scope(|scope| {
            let (answer, answered) = channel();
            let begun = thread::Builder::new().spawn_scoped(scope, move || answer.send(ask()));
            if let Err(cause) = begun {
                // The question was not asked, so there was no consent.
                tracing::warn!(router = %self.intent.router, %cause, "no thread to ask on");
            }
            loop {
                match answered.recv_timeout(self.intent.bounds.idle) {
                    Ok(given) => return Ok(given),
                    Err(RecvTimeoutError::Timeout) => self.keep_alive()?,
                    // The thread died without an answer: no one agreed to anything.
                    Err(RecvTimeoutError::Disconnected) => {
                        return Err(TransactionError::Change(ChangeError::Stopped {
                            router: self.intent.router.clone(),
                            number: None,
                        }));
                    }
                }
            }
        })
    }
}
