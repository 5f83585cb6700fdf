//! Where every router under way stands, for the moment in which a person abandons the run.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::event::{Event, Sink};
use crate::state::State;

/// Remembers the last state of each router that has not ended.
#[derive(Debug, Default)]
pub struct InFlight {
    states: Mutex<BTreeMap<String, State>>,
}

impl InFlight {
    /// The routers under way and their last states, by name.
    pub fn states(&self) -> BTreeMap<String, State> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Sink for InFlight {
    fn emit(&self, event: &Event) {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Moved { router, state } => {
                states.insert(router.clone(), *state);
            }
            Event::Ended { router, .. } => {
                states.remove(router);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::InFlight;
    use crate::event::{Event, Sink};
    use crate::state::State;

    #[test]
    fn the_last_state_is_kept_until_the_end() {
        let in_flight = InFlight::default();
        for (router, state) in [("r1", State::Locked), ("r2", State::Locked), ("r1", State::Applying)] {
            in_flight.emit(&Event::Moved { router: router.into(), state });
        }
        in_flight.emit(&Event::Ended { router: "r2".into(), state: State::Saved, milliseconds: 1 });
        assert_eq!(in_flight.states().into_iter().collect::<Vec<_>>(), [("r1".to_owned(), State::Applying)]);
    }
}
