//! A step that waits for a person: whoever sits at the terminal is asked, and the run goes on or ends there. Where no one is present it
//! waits for `ixdeploy continue RUN`, which is heard at the same time in any case.

use std::sync::Arc;
use std::thread;

use crate::fleet::{AwaitedApproval, Fleet, Order};
use crate::run::env::RunEnv;
use crate::run::operator::Approval;

/// Lets the operator be asked about each step that waits for a person.
pub(in crate::run) fn asking<'a>(env: &RunEnv, fleet: Fleet<'a>) -> Fleet<'a> {
    let (operator, control) = (Arc::clone(&env.operator), fleet.control());
    let names: Vec<String> = fleet.steps().map(str::to_owned).collect();
    let ask = move |AwaitedApproval { step, sites, routers }: AwaitedApproval| {
        if !operator.is_present() {
            return;
        }
        let question = Approval::Step { name: names.get(step).cloned().unwrap_or_default(), sites, routers };
        let (operator, control) = (Arc::clone(&operator), control.clone());
        // The run hears other orders while the question stands. Without a thread for it, `continue RUN` remains.
        let asked = thread::Builder::new().name("approval".to_owned()).spawn(move || {
            let answer = operator.approve(&question);
            // Someone else may have answered meanwhile.
            let is_still_asked = || {
                let awaited = control.snapshot().and_then(|snapshot| snapshot.approval);
                awaited.is_some_and(|awaited| awaited.step == step)
            };
            match answer {
                Some(true) => control.order(Order::Approve { step }),
                Some(false) if is_still_asked() => control.order(Order::Drain),
                Some(false) | None => {}
            }
        });
        drop(asked);
    };
    fleet.telling_of_approvals(Arc::new(ask))
}
