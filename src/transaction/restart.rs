//! A restart in its window: for lines that take effect only then. The router must come back with what it had saved.

use std::time::Instant;

use super::connect::RETRY;
use super::execute::{Means, Run};
use super::observe::read_identity;
use super::{Approved, Cause, Job, Outcome};
use crate::journal::Record;
use crate::message::{Explain, Text};
use crate::state::State;

/// Restarts a router whose running configuration is saved, waits for it, and verifies it again.
pub fn restart(job: &Job, means: Means<'_>) -> Outcome {
    let approved = Approved::nothing();
    let mut run = Run::new(job, &approved, means);
    if let Err(cause) = run.restart() {
        run.fail_restart(cause);
    }
    run.end()
}

impl Run<'_> {
    fn restart(&mut self) -> Result<(), Cause> {
        self.intend()?;
        self.open()?;
        self.lock_and_back_up()?;
        self.enter(State::Verifying)?;
        // Who has said no by now is heard; who says it later waits for the router to come back.
        if self.means.cancel.is_asked() {
            return Err(Cause::Stopped { router: self.job.router.clone(), number: None });
        }
        self.write_intent(Record::Restarting, false)?;
        self.restart_ordered = true;
        if let Some(session) = self.session.take() {
            // The reply holds the console's path: it is let go of, so that it can be opened again.
            session.reload().map(drop).map_err(Cause::Session)?;
        }
        let started_at = self.wait_for_return()?;
        self.write_fact(Record::Restarted { started_at });
        self.prove_unchanged()?;
        self.inspect()?;
        self.enter(State::Confirmed)?;
        self.enter(State::Saved)?;
        self.close();
        Ok(())
    }

    /// Connects until the deadline, to a router that says it started later than before.
    fn wait_for_return(&mut self) -> Result<Option<String>, Cause> {
        let before = self.before.as_ref().and_then(|before| before.started_at.clone());
        let deadline = Instant::now() + self.job.patience;
        loop {
            let last = match self.look_whether_back(before.as_deref()) {
                Ok(Some(started_at)) => return Ok(started_at),
                Ok(None) => Text::new("it has not restarted yet", "まだ再起動していません"),
                Err(cause) => cause.text(),
            };
            self.session = None;
            let again = Instant::now() + RETRY;
            if again >= deadline {
                return Err(Cause::StayedLost { router: self.job.router.clone(), last, occupied: false });
            }
            // A wish to stop changes nothing here: the router restarts anyway, so it only shortens the wait between two looks.
            self.means.cancel.wait_until(again);
            if self.means.cancel.is_asked() {
                return Err(Cause::StayedLost { router: self.job.router.clone(), last, occupied: false });
            }
        }
    }

    /// Nothing where the router still runs since before; when it started otherwise. One that never says when counts as back.
    fn look_whether_back(&mut self, before: Option<&str>) -> Result<Option<Option<String>>, Cause> {
        self.open()?;
        let job = self.job;
        let identity = read_identity(job, self.session()?, &())?;
        let same = before.is_some() && identity.started_at.as_deref() == before;
        Ok((!same).then_some(identity.started_at))
    }

    /// What runs after the restart is what was saved before it.
    fn prove_unchanged(&mut self) -> Result<(), Cause> {
        let (job, cancel) = (self.job, self.means.cancel);
        super::observe::enter(job, self.session()?, cancel)?;
        let running = self.read_running()?;
        let Some(backup) = self.before.as_ref().map(|before| before.running.clone()) else { return Ok(()) };
        self.compared("backup", usize::from(running != backup));
        if running == backup {
            return Ok(());
        }
        let diff = crate::plan::unified(&backup, &running, "backup", "running");
        Err(Cause::Mixed { router: job.router.clone(), diff })
    }

    /// Before the restart was ordered nothing happened; afterwards only reading the router says how it is.
    fn fail_restart(&mut self, cause: Cause) {
        if !self.restart_ordered {
            self.fail(cause);
            return;
        }
        self.record(&cause);
        self.close();
        self.move_to(State::Lost);
        if matches!(cause, Cause::Mixed { .. }) {
            self.move_to(State::Mixed);
        }
    }
}
