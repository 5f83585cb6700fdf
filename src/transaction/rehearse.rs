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
            model.enter(&command.text).map_err(|refusal| Cause::Rehearsal {
                router: job.router.clone(),
                number: command.number,
                refusal,
                undo,
            })?;
        }
    }
    Ok(())
}
