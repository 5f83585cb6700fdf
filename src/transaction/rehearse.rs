//! The rehearsal: plan and undo are typed into the pure model of the router before the router sees a byte of them.

use super::{Intent, RehearsalError, TransactionError};
use crate::ix::Config;
use crate::ix::mask::mask_line;
use crate::plan::rehearsal::Router;
use crate::plan::{Command, Plan};
use crate::plan::{Reason, Refusal};

/// Rehearses a plan on a mock router, where that is wanted and this program has one.
///
/// # Errors
/// What the mock refuses, or that there is no mock.
pub fn rehearse_on_mock(intent: &Intent, running: &str, plan: &Plan) -> Result<(), TransactionError> {
    if !intent.rehearse_on_mock || plan.is_empty() {
        return Ok(());
    }
    #[cfg(feature = "mock")]
    return super::mock_rehearsal::rehearse(intent, running, plan);
    #[cfg(not(feature = "mock"))]
    {
        let error = Box::new(crate::connect::ConnectError::NoMock);
        let _ = running;
        Err(TransactionError::Connect { router: intent.router.clone(), error })
    }
}

/// Types the whole plan and its whole inverse into the model, and looks where they arrive.
///
/// # Errors
/// [`RehearsalError::Refused`] for the first line that the model refuses; [`RehearsalError::End`] where it arrives elsewhere.
pub(super) fn rehearse(router: &str, running: &Config, plan: &Plan) -> Result<(), TransactionError> {
    let mut model = Router::new(running).on_the_way_to(&plan.expected);
    let undo = plan.undo(plan.commands.len());
    let noted = |id: &str| plan.notes.iter().any(|note| note.id == id);
    // What the plan itself says about its end is not reported again.
    let whole = !noted("line.cannot-remove");
    let comes_back = whole && plan.commands.iter().all(|line| line.irreversible.is_none());
    let mut believed = true;
    for (commands, undo) in [(&plan.commands, false), (&undo, true)] {
        model.configure();
        for command in commands {
            agree(router, &model, command, undo)?;
            if let Err(refusal) = model.enter(command) {
                if !runs_today(running, &command.text) {
                    return Err(TransactionError::Rehearsal(RehearsalError::Refused {
                        router: router.to_owned(),
                        number: command.number,
                        refusal,
                        undo,
                    }));
                }
                believed = false;
            }
        }
        let (end, told) = if undo { (running, comes_back) } else { (&plan.expected, whole) };
        if believed && told && !model.runs(end) {
            return Err(TransactionError::Rehearsal(RehearsalError::End { router: router.to_owned(), undo }));
        }
    }
    Ok(())
}

/// Every form of a removal must lead to the same.
fn agree(router: &str, model: &Router, command: &Command, undo: bool) -> Result<(), TransactionError> {
    let after = |line: &Command| {
        let mut after = model.clone();
        after.enter(line).map(|()| after)
    };
    for form in command.forms() {
        // What the model says about the line itself is reported when it is typed.
        let Ok(wanted) = after(command) else { return Ok(()) };
        let failed = |refusal| {
            TransactionError::Rehearsal(RehearsalError::Refused {
                router: router.to_owned(),
                number: command.number,
                refusal,
                undo,
            })
        };
        let other = after(&form).map_err(failed)?;
        if other.config() != wanted.config() {
            return Err(failed(Refusal { line: mask_line(&form.text), why: Reason::OtherResult }));
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

#[cfg(test)]
mod tests {
    use super::{RehearsalError, TransactionError, rehearse};
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::plan::{self, Lifeline};

    #[test]
    fn a_plan_that_does_not_arrive_is_seen_before_it_is_typed() {
        let [from, to] =
            ["ntp interval 60\n", "ip dhcp enable\nntp interval 90\n"].map(|text| Config::parse(Dialect::ix(), text));
        let Ok(mut plan) = plan::between(&from, &to, &Lifeline::Console, 255) else { panic!("a plan") };
        assert!(rehearse("r1", &from, &plan).is_ok());
        let last = plan.commands.pop();
        assert!(last.is_some());
        assert!(matches!(
            rehearse("r1", &from, &plan),
            Err(TransactionError::Rehearsal(RehearsalError::End { undo: false, .. }))
        ));
    }
}
