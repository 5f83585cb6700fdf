//! The terminal while a command has screens of its own on it: what is said from elsewhere, about a wish to stop, goes through them and is said
//! once more on the terminal that is given back. Nothing writes into a screen.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What has the terminal.
pub trait HoldsTerminal: Send + Sync {
    /// Says it in what it shows, and waits for nothing.
    fn say(&self, text: &str);
    /// Gives the terminal back at once, and draws no more: the program ends.
    fn give_back(&self);
}

/// Who has the terminal of a command; no one where lines are written.
#[derive(Clone, Default)]
pub struct HeldTerminal(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    holder: Option<Arc<dyn HoldsTerminal>>,
    /// What is to be said once more.
    said: Vec<String>,
}

/// The terminal is held until this is dropped.
pub struct Holding {
    terminal: HeldTerminal,
}

impl HeldTerminal {
    /// Someone has it from now on.
    #[must_use]
    pub fn hold(&self, holder: Arc<dyn HoldsTerminal>) -> Holding {
        self.state().holder = Some(holder);
        Holding { terminal: self.clone() }
    }

    /// Whether someone has it.
    pub fn is_held(&self) -> bool {
        self.state().holder.is_some()
    }

    /// Says it through who has the terminal, and `again` once that is given back; false where no one has it.
    pub fn say(&self, text: &str, again: &str) -> bool {
        let mut state = self.state();
        let Some(holder) = &state.holder else { return false };
        holder.say(text);
        state.said.push(again.to_owned());
        true
    }

    /// Whoever has it gives it back: the program ends.
    pub fn give_back(&self) {
        let holder = self.state().holder.take();
        holder.into_iter().for_each(|holder| holder.give_back());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Holding {
    /// The terminal was given back: what was said meanwhile.
    pub fn end(self) -> Vec<String> {
        std::mem::take(&mut self.terminal.state().said)
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.terminal.state().holder = None;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Mutex};

    use super::{HeldTerminal, HoldsTerminal};

    #[derive(Default)]
    struct Shown {
        said: Mutex<Vec<String>>,
        is_given_back: AtomicBool,
    }

    impl HoldsTerminal for Shown {
        fn say(&self, text: &str) {
            self.said.lock().unwrap().push(text.to_owned());
        }
        fn give_back(&self) {
            self.is_given_back.store(true, Ordering::SeqCst);
        }
    }

    #[test]
    fn what_is_said_goes_through_who_has_the_terminal_and_is_said_once_more_behind_it() {
        let (terminal, shown) = (HeldTerminal::default(), Arc::new(Shown::default()));
        assert!(!terminal.say("a", "a"), "no one has it: the line is written");
        let holding = terminal.hold(Arc::clone(&shown) as _);
        assert!(terminal.say("b; press again", "b"));
        assert_eq!(*shown.said.lock().unwrap(), ["b; press again"]);
        assert_eq!(holding.end(), ["b"]);
        assert!(!terminal.is_held() && !terminal.say("c", "c"));
    }

    #[test]
    fn a_program_that_ends_at_once_gives_the_terminal_back_first() {
        let (terminal, shown) = (HeldTerminal::default(), Arc::new(Shown::default()));
        let _holding = terminal.hold(Arc::clone(&shown) as _);
        terminal.give_back();
        assert!(shown.is_given_back.load(Ordering::SeqCst) && !terminal.is_held());
    }
}
