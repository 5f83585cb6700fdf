//! What a router that was lost runs, compared with what we know of it: before, after, between, or not ours.
//!
//! Decides nothing and types nothing: it names what was found.

use std::collections::BTreeSet;

use super::phases::{Transaction, Uptime};
use crate::ix::Config;
use crate::ix::mask::{self, comparable};
use crate::plan;
use crate::plan::rehearsal::Router;

/// How a router that was lost looks when it is read again.
pub(super) enum Found {
    Before,
    After,
    /// After lines of the plan, by number. One whose secret changed leaves no trace that can be compared: it is undone, and it
    /// is sent again.
    Between {
        surely: BTreeSet<usize>,
        perhaps: BTreeSet<usize>,
    },
    Mixed(String),
}

impl Transaction<'_> {
    pub(super) fn classify(&self, running: &Config) -> Found {
        let before = &self.backup;
        if plan::same(running, &before.running) {
            // Where nothing was to be sent, before and after are one; a save that was begun is seen through.
            let only_a_save = self.approved.plan.is_empty() && self.machine.save().is_begun();
            return if only_a_save { Found::After } else { Found::Before };
        }
        // What the router entered by itself was never typed.
        let running = plan::as_typed(running, &before.running);
        let running = &plan::without_facts(running, &before.running, self.intent.device.router_made());
        // While we were away config mode was anyone's: what the playbook does not own must be what it was, too.
        let as_proven = || self.findings.verified.as_ref().is_some_and(|proven| same_but_secrets(running, proven));
        let as_declared = || self.remaining_plan(running).is_ok_and(|remaining| remaining.is_empty());
        let ours_alone = || as_proven() || self.beside(running).foreign.is_empty();
        if self.may_be_complete() && as_declared() && ours_alone() {
            return Found::After;
        }
        // A prefix of our own plan explains it, or nothing of ours does.
        let mut model = Router::new(&before.running).on_the_way_to(&self.approved.plan.expected);
        let mut explained = same_but_secrets(running, model.config()).then_some((0, 0));
        for command in self.sent.begun(&self.approved.plan.commands) {
            if model.enter(command).is_err() {
                break;
            }
            if same_but_secrets(running, model.config()) {
                let first = explained.map_or(command.number, |(first, _)| first);
                explained = Some((first, command.number));
            }
        }
        if let Some((first, last)) = explained.filter(|(_, last)| *last > 0) {
            return Found::Between { surely: (1..=first).collect(), perhaps: (1..=last).collect() };
        }
        if let Some(carried_out) = self.carried_out(running, &before.running) {
            return Found::Between { surely: carried_out.clone(), perhaps: carried_out };
        }
        // An undo removes lines in another order than they were entered: each must still be one of ours.
        if self.machine.is_undo_sent() && self.beside(running).foreign.is_empty() {
            return Found::Between { surely: BTreeSet::new(), perhaps: BTreeSet::new() };
        }
        Found::Mixed(self.since_backup(running))
    }

    /// Backup against what runs, masked.
    pub(super) fn since_backup(&self, running: &Config) -> String {
        plan::unified(&self.backup.running, running, "backup", "running")
    }

    /// The lines that brought the backup to what runs, where those that were accepted and some of those in doubt did: the router
    /// goes on after a line that it refuses, so that the lines of a window are judged one by one. They do not depend on each
    /// other, so that each is in what runs or is not.
    fn carried_out(&self, running: &Config, backup: &Config) -> Option<BTreeSet<usize>> {
        let wanted = lines(running);
        let missing = |model: &Router| lines(model.config()).symmetric_difference(&wanted).count();
        let mut model = Router::new(backup).on_the_way_to(&self.approved.plan.expected);
        let mut carried_out = BTreeSet::new();
        for command in &self.approved.plan.commands {
            // What was accepted before a restart is lost; later lines may be there. The effect of a removal is
            // uncertain too if the router may accept its form without effect.
            let sure = self.recovery.uptime == Uptime::Unbroken && command.otherwise.is_none();
            let accepted = sure && self.sent.is_accepted(command.number);
            let begun = self.sent.is_accepted(command.number) || self.sent.is_in_doubt(command.number);
            if !begun {
                continue;
            }
            let mut then = model.clone();
            let taken = then.enter(command).is_ok();
            if accepted && !taken {
                return None;
            }
            if taken && (accepted || missing(&then) < missing(&model)) {
                carried_out.insert(command.number);
                model = then;
            }
        }
        same_but_secrets(running, model.config()).then_some(carried_out)
    }

    /// Whether every line may have been carried out. One with a secret that has no answer proves nothing: what the router prints
    /// of it cannot be compared.
    fn may_be_complete(&self) -> bool {
        self.approved.plan.commands.iter().all(|command| {
            let in_doubt = self.sent.is_in_doubt(command.number) && !command.secret;
            self.sent.is_accepted(command.number) || in_doubt
        })
    }
}

/// Every line with the blocks around it, without its secret and the form of it.
fn lines(config: &Config) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    config.walk(&mut |path, node| {
        let blocks = path.iter().map(|block| &*block.text);
        found.insert(blocks.chain([&*comparable(&node.text)]).collect::<Vec<_>>().join(" / "));
    });
    found
}

/// Whether two configurations are the same but for secrets whose printed form we cannot know.
fn same_but_secrets(one: &Config, other: &Config) -> bool {
    let (one, other) = (one.print(), other.print());
    one.lines().count() == other.lines().count()
        && one
            .lines()
            .zip(other.lines())
            .all(|(one, other)| one == other || mask::comparable(one) == mask::comparable(other))
}
