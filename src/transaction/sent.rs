//! Which lines were sent, and what is known of each: accepted, in doubt, or never begun.
//!
//! Pure: it keeps book, and sends and judges nothing.

use std::collections::BTreeSet;

use crate::plan::Command;

/// The lines of one transaction that were sent. Lines of the plan go by their numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct SentLines {
    accepted: BTreeSet<usize>,
    /// Begun, and without an answer: they may have been carried out. At most one window.
    in_doubt: BTreeSet<usize>,
    /// The last line of the plan that was ever begun: a later one that the router runs is someone else's.
    reached: usize,
    /// The lines of the undo, in their order, as far as this process has sent them.
    undo: Vec<Command>,
    /// Secret lines that we entered, by what comes before the secret: their printed form is ours.
    own_secrets: BTreeSet<String>,
    /// Accepted lines that take effect only after a restart.
    after_restart: BTreeSet<usize>,
}

impl SentLines {
    /// What another process has sent, as the journal says it.
    pub(super) fn resumed(accepted: &BTreeSet<usize>, in_doubt: &BTreeSet<usize>) -> Self {
        let reached = accepted.iter().chain(in_doubt).max().copied().unwrap_or(0);
        Self { accepted: accepted.clone(), in_doubt: in_doubt.clone(), reached, ..Self::default() }
    }

    /// How many lines of the plan were accepted.
    pub(super) fn count(&self) -> usize {
        self.accepted.len()
    }

    /// Whether no line of the plan was ever begun.
    pub(super) fn is_untouched(&self) -> bool {
        self.reached == 0
    }

    /// Whether the router took this line.
    pub(super) fn is_accepted(&self, number: usize) -> bool {
        self.accepted.contains(&number)
    }

    /// Whether this line was begun and has no answer.
    pub(super) fn is_in_doubt(&self, number: usize) -> bool {
        self.in_doubt.contains(&number)
    }

    /// Whether this line, or a later one, was ever begun.
    pub(super) fn has_reached(&self, number: usize) -> bool {
        number <= self.reached
    }

    /// Every line that may have been sent, in its order: those of the plan, then those of the undo.
    pub(super) fn all<'a>(&'a self, plan: &'a [Command]) -> Vec<&'a Command> {
        self.begun(plan).chain(&self.undo).collect()
    }

    /// The lines of the plan that were ever begun.
    pub(super) fn begun<'a>(&self, plan: &'a [Command]) -> impl Iterator<Item = &'a Command> {
        let reached = self.reached;
        plan.iter().filter(move |command| command.number <= reached)
    }

    /// A line of the plan is about to be sent, or is entered again as the header of a block.
    pub(super) fn begin(&mut self, number: usize) {
        self.reached = self.reached.max(number);
        self.in_doubt.insert(number);
    }

    /// The router took a line of the plan, or there is no need to send it.
    pub(super) fn accept(&mut self, number: usize) {
        self.reached = self.reached.max(number);
        self.in_doubt.remove(&number);
        self.accepted.insert(number);
    }

    /// The router refused a line of the plan.
    pub(super) fn refuse(&mut self, number: usize) {
        self.in_doubt.remove(&number);
    }

    /// What the router was found to run: these lines, whatever was known before.
    pub(super) fn found(&mut self, carried_out: BTreeSet<usize>) {
        self.in_doubt.clear();
        self.accepted = carried_out;
    }

    /// A line of the undo is about to be sent.
    pub(super) fn begin_undo(&mut self, command: &Command) {
        self.undo.push(command.clone());
    }

    /// We entered the secret that follows these words.
    pub(super) fn enter_secret(&mut self, owner: Option<String>) {
        self.own_secrets.extend(owner);
    }

    /// Whether the secret after these words is one that we entered.
    pub(super) fn is_own_secret(&self, owner: &str) -> bool {
        self.own_secrets.contains(owner)
    }

    /// These accepted lines take effect only after a restart.
    pub(super) fn wait_for_restart(&mut self, numbers: impl IntoIterator<Item = usize>) {
        self.after_restart.extend(numbers);
    }

    /// Whether an accepted line takes effect only after a restart.
    pub(super) fn needs_restart(&self) -> bool {
        !self.after_restart.is_empty()
    }

    /// Everything is undone: nothing waits for a restart.
    pub(super) fn are_undone(&mut self) {
        self.after_restart.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::SentLines;

    #[test]
    fn a_line_is_in_doubt_from_before_it_is_sent_until_it_is_answered() {
        let mut sent = SentLines::default();
        assert!(sent.is_untouched());
        sent.begin(1);
        assert!(sent.is_in_doubt(1) && !sent.is_accepted(1) && !sent.is_untouched());
        sent.accept(1);
        sent.begin(2);
        sent.refuse(2);
        assert!(!sent.is_in_doubt(1) && !sent.is_in_doubt(2) && !sent.is_accepted(2));
        assert_eq!(sent.count(), 1);
        assert!(sent.has_reached(2) && !sent.has_reached(3), "what was begun stays begun");
    }

    #[test]
    fn entering_a_block_again_does_not_reduce_progress() {
        let mut sent = SentLines::resumed(&[1, 2, 3].into(), &[4].into());
        sent.begin(1);
        assert!(sent.has_reached(4) && sent.is_in_doubt(4));
        sent.found([1, 2].into());
        assert!(sent.has_reached(4) && !sent.is_in_doubt(4) && !sent.is_accepted(3));
    }
}
