//! The machine of one transaction: the router's state, which way the change goes, how far a save and a restart have come.
//! It is the state machine that the diagram in `docs/reliability.md` shows.
//!
//! Pure: it sends nothing, reads nothing and writes nothing down. What goes forward (a line of the plan, a save, a restart) is
//! refused where the machine does not allow it; what undoes is decided by what was read, and is never refused here.

use crate::state::{Act, Impossible, State};

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    /// Towards what was approved.
    Forward,
    /// Likewise; what was missing on a router that had been lost is being sent. There is no second attempt at that.
    Finishing,
    /// Back to the backup, even if the session is lost.
    Undoing,
    /// Likewise, and lines of the undo were sent, by this process or by an earlier one.
    UndoSent,
}

/// How far the saves of a transaction have come. The startup configuration is the run's business as soon as one was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SavePhase {
    /// None was begun.
    NotBegun,
    /// One is ordered and has no answer: it may be running, and nothing may be typed on its line.
    Running,
    /// An earlier process began one and saw no answer; before it is resumed, the operator has looked at the console.
    Unanswered,
    /// The last one was answered, with yes or no: it is over.
    Answered,
    /// After one that was answered, another one is ordered and has no answer.
    RunningAgain,
}

impl SavePhase {
    /// Where the journal says that the saves of an earlier process were.
    pub(super) fn resumed(begun: bool, answered: bool) -> Self {
        match (begun, answered) {
            (false, _) => Self::NotBegun,
            (true, false) => Self::Unanswered,
            (true, true) => Self::Answered,
        }
    }

    /// Whether the startup configuration may be another than before because of this run.
    pub(super) fn is_begun(self) -> bool {
        self != Self::NotBegun
    }

    /// Whether a save may still be running that this process has ordered.
    pub(super) fn may_be_running(self) -> bool {
        matches!(self, Self::Running | Self::RunningAgain)
    }

    /// Whether the last one has no answer: it may go on in the router, also without its session.
    pub(super) fn is_unanswered(self) -> bool {
        !matches!(self, Self::NotBegun | Self::Answered)
    }

    /// Whether the router has said of a save that it is over.
    pub(super) fn was_answered(self) -> bool {
        matches!(self, Self::Answered | Self::RunningAgain)
    }

    fn ordered(self) -> Self {
        if self.was_answered() { Self::RunningAgain } else { Self::Running }
    }
}

/// Whether a restart of the router was ordered: that is done once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RestartPhase {
    /// Not by this transaction, nor by an earlier process for it.
    NotOrdered,
    /// The order was written down, and may have arrived.
    Ordered,
}

impl RestartPhase {
    /// What the journal says about an earlier process: a restart that was ordered there is not ordered again.
    pub(super) fn resumed(ordered: bool) -> Self {
        if ordered { Self::Ordered } else { Self::NotOrdered }
    }
}

/// One transaction's way through the states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Machine {
    state: State,
    direction: Direction,
    save: SavePhase,
    restart: RestartPhase,
}

impl Machine {
    /// A transaction that has a plan and nothing else.
    pub(super) fn planned() -> Self {
        Self {
            state: State::Planned,
            direction: Direction::Forward,
            save: SavePhase::NotBegun,
            restart: RestartPhase::NotOrdered,
        }
    }

    /// A transaction that another process began, as the journal left it.
    pub(super) fn resumed(state: State, direction: Direction, save: SavePhase, restart: RestartPhase) -> Self {
        Self { state, direction, save, restart }
    }

    /// The router's state.
    pub(super) fn state(self) -> State {
        self.state
    }

    /// How far the saves have come.
    pub(super) fn save(self) -> SavePhase {
        self.save
    }

    /// Whether the change is being undone, even if the session is lost.
    pub(super) fn is_undoing(self) -> bool {
        matches!(self.direction, Direction::Undoing | Direction::UndoSent)
    }

    /// Whether lines of the undo were sent: what was accepted before them may be undone.
    pub(super) fn is_undo_sent(self) -> bool {
        self.direction == Direction::UndoSent
    }

    /// Whether what was missing on a lost router was sent.
    pub(super) fn has_tried_to_finish(self) -> bool {
        self.direction == Direction::Finishing
    }

    /// Whether a restart was ordered.
    pub(super) fn is_restart_ordered(self) -> bool {
        self.restart == RestartPhase::Ordered
    }

    /// Moves the router on. On entering `undoing` the change turns around for good.
    ///
    /// # Errors
    /// [`Impossible`] when the transition is not a written one, when a change that is being undone would be sent once more, and when
    /// a router would be called saved while a save has no answer. Everything then stays as it was.
    pub(super) fn enter(&mut self, to: State) -> Result<(), Impossible> {
        let impossible = match to {
            _ if !self.state.next().contains(&to) => true,
            State::Applying => self.is_undoing(),
            State::Saved => !matches!(self.save, SavePhase::NotBegun | SavePhase::Answered),
            _ => false,
        };
        if impossible {
            return Err(Impossible::Transition { from: self.state, to });
        }
        self.state = to;
        if to == State::Undoing {
            self.direction = self.direction.max(Direction::Undoing);
        }
        Ok(())
    }

    /// Whether a line of the plan may be sent now.
    ///
    /// # Errors
    /// [`Impossible`] everywhere but in `applying`.
    pub(super) fn may_send(self) -> Result<(), Impossible> {
        self.allows(Act::SendLine)
    }

    /// What is missing on a lost router is sent from now on.
    pub(super) fn finish(&mut self) {
        if self.direction == Direction::Forward {
            self.direction = Direction::Finishing;
        }
    }

    /// A line of the undo is about to be sent.
    pub(super) fn send_undo(&mut self) {
        self.direction = Direction::UndoSent;
    }

    /// Whether a save may be ordered now.
    ///
    /// # Errors
    /// [`Impossible`] where nothing is to be saved.
    pub(super) fn may_save(self) -> Result<(), Impossible> {
        self.allows(Act::Save)
    }

    /// A save is about to be ordered.
    pub(super) fn order_save(&mut self) {
        self.save = self.save.ordered();
    }

    /// The router has answered the save, with yes or no.
    pub(super) fn save_answered(&mut self) {
        if self.save.may_be_running() {
            self.save = SavePhase::Answered;
        }
    }

    /// A save that was begun and not answered is shown to be done.
    pub(super) fn save_is_shown(&mut self) {
        if self.save.is_begun() {
            self.save = SavePhase::Answered;
        }
    }

    /// As long as a save takes at most is over since the last one was ordered, and it has no answer: it runs no more, and what the router
    /// shows tells what it did.
    pub(super) fn save_time_is_over(&mut self) {
        self.save = SavePhase::resumed(self.save.is_begun(), self.save.was_answered());
    }

    /// Whether a restart may be ordered now.
    ///
    /// # Errors
    /// [`Impossible`] if the router must not be restarted, or the restart was ordered before.
    pub(super) fn may_restart(self) -> Result<(), Impossible> {
        if self.is_restart_ordered() {
            return Err(Impossible::Act { state: self.state, act: Act::Restart });
        }
        self.allows(Act::Restart)
    }

    /// A restart is about to be ordered.
    pub(super) fn order_restart(&mut self) {
        self.restart = RestartPhase::Ordered;
    }

    fn allows(self, act: Act) -> Result<(), Impossible> {
        if self.state.allows(act) { Ok(()) } else { Err(Impossible::Act { state: self.state, act }) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Direction, Machine, RestartPhase, SavePhase};
    use crate::state::{Act, Phase, State};

    /// Everything that a transaction can do with its machine from here; whatever it refuses is no step.
    fn steps(from: Machine) -> Vec<Machine> {
        let mut next = Vec::new();
        for to in State::ALL {
            let mut machine = from;
            if machine.enter(to).is_ok() {
                next.push(machine);
            }
        }
        let mut step = |may: bool, does: fn(&mut Machine)| {
            let mut machine = from;
            if may {
                does(&mut machine);
                next.push(machine);
            }
        };
        step(from.may_save().is_ok(), Machine::order_save);
        step(true, Machine::save_answered);
        step(true, Machine::save_time_is_over);
        step(from.save().is_begun(), Machine::save_is_shown);
        step(from.may_restart().is_ok(), Machine::order_restart);
        step(from.state() == State::Lost && !from.is_undoing(), Machine::finish);
        step(from.state().allows(Act::SendUndoLine), Machine::send_undo);
        next
    }

    /// A fresh start, and everything that a journal can leave to a resuming process.
    fn beginnings() -> Vec<Machine> {
        let mut all = vec![Machine::planned()];
        for state in State::ALL.into_iter().filter(|state| state.phase() > Phase::Observe && *state != State::Undone) {
            for save in [SavePhase::NotBegun, SavePhase::Unanswered, SavePhase::Answered] {
                let came_this_far = save == SavePhase::NotBegun || state.phase() >= Phase::Save;
                let directions: &[Direction] = match state.phase() {
                    Phase::Undo => &[Direction::Undoing, Direction::UndoSent],
                    Phase::Recover => &[Direction::Forward, Direction::Undoing, Direction::UndoSent],
                    _ => &[Direction::Forward],
                };
                if came_this_far && state != State::Saved {
                    for restart in [RestartPhase::NotOrdered, RestartPhase::Ordered] {
                        let resumed = |direction: &Direction| Machine::resumed(state, *direction, save, restart);
                        all.extend(directions.iter().map(resumed));
                    }
                }
            }
        }
        all
    }

    /// Every combination that can be reached.
    fn reached() -> BTreeSet<Machine> {
        let mut seen = BTreeSet::new();
        let mut open = beginnings();
        while let Some(machine) = open.pop() {
            if seen.insert(machine) {
                open.extend(steps(machine));
            }
        }
        seen
    }

    #[test]
    fn no_line_of_the_plan_is_sent_once_the_change_is_being_undone() {
        for machine in reached() {
            let may = machine.may_send().is_ok();
            assert!(!may || (machine.state() == State::Applying && !machine.is_undoing()), "{machine:?}");
            assert!(!machine.is_undoing() || machine.state() != State::Applying, "{machine:?}");
        }
    }

    #[test]
    fn no_router_is_called_saved_while_a_save_has_no_answer() {
        for machine in reached().into_iter().filter(|machine| machine.state() == State::Saved) {
            assert!(matches!(machine.save(), SavePhase::NotBegun | SavePhase::Answered), "{machine:?}");
        }
    }

    #[test]
    fn while_a_router_is_observed_nothing_was_sent_saved_or_restarted() {
        let observing = |machine: &Machine| matches!(machine.state(), State::Planned | State::Locked | State::BackedUp);
        for machine in reached().into_iter().filter(observing) {
            assert_eq!(Machine { state: State::Planned, ..machine }, Machine::planned(), "{machine:?}");
        }
    }

    #[test]
    fn undo_can_begin_from_every_reachable_state_of_a_change() {
        let begun = |machine: &Machine| machine.state().phase() > Phase::Observe && !machine.state().is_end();
        for mut machine in reached().into_iter().filter(begun) {
            if machine.state() != State::Undoing {
                assert!(machine.enter(State::Undoing).is_ok(), "{machine:?}");
            }
            assert!(machine.is_undoing() && machine.enter(State::Undone).is_ok(), "{machine:?}");
        }
    }

    #[test]
    fn a_restart_is_ordered_once_also_across_processes() {
        let all = reached();
        assert!(all.iter().any(|machine| machine.may_restart().is_ok()));
        for machine in all {
            if machine.is_restart_ordered() {
                assert!(machine.may_restart().is_err(), "{machine:?}");
            }
            // Whatever happens next, and in whichever process: the order is not forgotten.
            for next in steps(machine) {
                let Machine { state, direction, save, .. } = next;
                let resumed =
                    Machine::resumed(state, direction, save, RestartPhase::resumed(next.is_restart_ordered()));
                assert_eq!(resumed.restart, next.restart.max(machine.restart), "{machine:?} {next:?}");
            }
        }
    }

    #[test]
    fn an_undo_never_turns_forward_and_a_refused_step_changes_nothing() {
        for machine in reached() {
            for next in steps(machine) {
                assert!(!machine.is_undoing() || next.is_undoing(), "{machine:?} {next:?}");
                assert!(next.direction >= machine.direction, "{machine:?} {next:?}");
            }
            for to in State::ALL {
                let mut tried = machine;
                assert!(tried.enter(to).is_ok() || tried == machine, "{machine:?} {to:?}");
            }
        }
    }

    #[test]
    fn a_save_of_the_undo_is_over_only_when_it_was_answered_itself() {
        let mut save = SavePhase::resumed(true, true);
        assert!(save.was_answered() && !save.may_be_running());
        save = save.ordered();
        assert!(save.was_answered() && save.may_be_running(), "the first one was answered, this one was not");
        let mut machine = Machine { save: SavePhase::NotBegun.ordered(), ..Machine::planned() };
        machine.save_time_is_over();
        assert!(machine.save.is_unanswered() && !machine.save.may_be_running(), "it runs no more, and proves nothing");
        assert_eq!(SavePhase::resumed(false, true), SavePhase::NotBegun, "no answer to what was never ordered");
    }
}
