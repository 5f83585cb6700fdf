//! The state of every router in flight, for the moment in which the operator abandons the run.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::record::{Envelope, Kind, Reader};
use crate::state::State;

/// Remembers the last state of each router that has not ended.
#[derive(Debug, Default)]
pub struct InFlight {
    states: Mutex<BTreeMap<String, State>>,
}

impl InFlight {
    /// The routers in flight and their last states, by name.
    pub fn states(&self) -> BTreeMap<String, State> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Reader for InFlight {
    fn read(&self, envelope: &Envelope) {
        let Some(router) = envelope.router() else { return };
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        match &envelope.kind {
            Kind::Moved { state } => {
                states.insert(router.to_owned(), *state);
            }
            Kind::Ended(_) => {
                states.remove(router);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::InFlight;
    use std::time::SystemTime;

    use crate::record::{Ending, Envelope, Kind, Outcome, Reader, Scope};
    use crate::state::State;

    #[test]
    fn the_last_state_is_kept_until_the_end() {
        let in_flight = InFlight::default();
        let read = |router: &str, kind| {
            in_flight.read(&Envelope::new(&Scope::router(router, "s"), SystemTime::UNIX_EPOCH, kind));
        };
        for (router, state) in [("r1", State::Locked), ("r2", State::Locked), ("r1", State::Applying)] {
            read(router, Kind::Moved { state });
        }
        read("r2", Kind::Ended(Box::new(Ending::of(&Outcome::new("r2", "s", State::Saved)))));
        assert_eq!(in_flight.states().into_iter().collect::<Vec<_>>(), [("r1".to_owned(), State::Applying)]);
    }
}
