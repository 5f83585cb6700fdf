//! The rehearsal: plan and undo are typed into the pure model of the router before the router sees a byte of them.

use super::{Cause, Job};
use crate::ix::Config;
use crate::plan::Plan;
use crate::plan::rehearsal::Router;

/// Types the whole plan and its whole inverse into the model.
///
/// # Errors
/// [`Cause::Rehearsal`] for the first line that the model refuses.
pub(super) fn rehearse(job: &Job, running: &Config, plan: &Plan) -> Result<(), Cause> {
    let mut model = Router::new(running);
    let undo = plan.undo(plan.commands.len());
    for (commands, undo) in [(&plan.commands, false), (&undo, true)] {
        model.configure();
        for command in commands {
            if let Err(refusal) = model.enter(&command.text)
                && !runs_today(running, &command.text)
            {
                return Err(Cause::Rehearsal { router: job.router.clone(), number: command.number, refusal, undo });
            }
        }
    }
    Ok(())
}

/// A line that the router runs today is one that it takes, whatever the model thinks of it: it may refer to something that was
/// never there.
fn runs_today(running: &Config, line: &str) -> bool {
    let mut found = false;
    running.walk(&mut |_, node| found |= &*node.text == line);
    found
}
