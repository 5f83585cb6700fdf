//! Who uses which console: one task at a time.

/// Who uses a console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Free,
    Ours,
    /// A user that is not a task of this run, such as the second connection of a router in flight.
    Elsewhere,
}

/// The consoles of a run, by number.
#[derive(Debug)]
pub(super) struct Consoles(Vec<Use>);

impl Consoles {
    pub(super) fn new(count: usize) -> Self {
        Self(vec![Use::Free; count])
    }

    pub(super) fn is_in_use(&self, console: Option<usize>) -> bool {
        console.and_then(|console| self.0.get(console)).is_some_and(|state| *state != Use::Free)
    }

    pub(super) fn is_in_use_elsewhere(&self, console: Option<usize>) -> bool {
        console.and_then(|console| self.0.get(console)) == Some(&Use::Elsewhere)
    }

    pub(super) fn set(&mut self, console: Option<usize>, state: Use) {
        if let Some(console) = console.and_then(|console| self.0.get_mut(console)) {
            *console = state;
        }
    }
}
