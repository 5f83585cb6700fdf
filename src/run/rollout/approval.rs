//! A step that waits for a person: the operator at the terminal is asked, and the run goes on or ends there. Where no one is present it
//! waits for `ixdeploy continue RUN`, which is heard at the same time in any case, and ends the question.

use std::sync::Arc;
use std::thread;

use crate::cancel::Cancel;
use crate::fleet::{AwaitedApproval, Fleet, Order};
use crate::message::Text;
use crate::run::env::RunEnv;
use crate::run::operator::{Approval, Notice};
use crate::visible;

/// Lets the operator be asked about each step that waits for a person.
pub(in crate::run) fn asking<'a>(env: &RunEnv, fleet: Fleet<'a>) -> Fleet<'a> {
    let (operator, control) = (Arc::clone(&env.operator), fleet.control());
    let names: Vec<String> = fleet.steps().map(str::to_owned).collect();
    let ask = move |AwaitedApproval { step, sites, routers }: AwaitedApproval, over: Cancel| {
        if !operator.is_present() {
            return;
        }
        let name = names.get(step).cloned().unwrap_or_default();
        let question = Approval::Step { name: name.clone(), sites, routers };
        let (operator, control) = (Arc::clone(&operator), control.clone());
        // The run hears other orders while the question stands. Without a thread for it, `continue RUN` remains.
        let asked = thread::Builder::new().name("approval".to_owned()).spawn(move || {
            let answer = operator.approve_until(&question, &over);
            // Someone else may have answered meanwhile.
            let is_still_asked = || {
                let awaited = control.snapshot().and_then(|snapshot| snapshot.approval);
                awaited.is_some_and(|awaited| awaited.step == step)
            };
            match answer {
                Some(true) => control.order(Order::Approve { step }),
                Some(false) if is_still_asked() => control.order(Order::Drain),
                None if over.is_asked() => operator.tell(&Notice::Note(&is_over(&name))),
                Some(false) | None => {}
            }
        });
        drop(asked);
    };
    fleet.telling_of_approvals(Arc::new(ask))
}

fn is_over(step: &str) -> Text {
    let step = visible::line(step);
    Text::new(
        format!("step {step}: the question is closed; it was answered from another terminal, or the run ends"),
        format!("ステップ {step} の質問を閉じました(別の端末で回答されたか、実行が終了します)"),
    )
}
