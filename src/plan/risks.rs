//! What a plan risks, counted: what a person weighs before they say yes. Pure; words it nowhere.

use super::command::{Command, Plan};

/// How many lines and places of a plan risk what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Risks {
    /// Lines that may cut our own session.
    pub may_cut: usize,
    /// Lines that need a restart.
    pub restarts: usize,
    /// Moments without traffic.
    pub gaps: usize,
    /// Lines that no line undoes.
    pub irreversible: usize,
    /// Lines that no device has shown.
    pub guessed: usize,
    /// Notes that name lines which are newer than the kit and go with the plan.
    pub newer: usize,
    /// Notes that tell of another risk.
    pub others: usize,
}

impl Risks {
    /// Those of a plan.
    pub fn of(plan: &Plan) -> Self {
        let commands = |is: fn(&Command) -> bool| plan.commands.iter().filter(|command| is(command)).count();
        let mut guesses = plan.guesses();
        let risky = || plan.notes.iter().filter(|note| note.is_risk() && !note.is_restart());
        let gaps = risky().filter(|note| note.is_gap()).count();
        let newer = risky().filter(|note| note.is_newer_than_kit()).count();
        Self {
            newer,
            may_cut: commands(|one| one.may_cut),
            restarts: commands(|one| one.restart),
            gaps,
            irreversible: commands(|one| one.irreversible.is_some()),
            guessed: plan.commands.iter().filter(|command| guesses.of(command).is_some()).count(),
            others: risky().count() - gaps - newer,
        }
    }
}
