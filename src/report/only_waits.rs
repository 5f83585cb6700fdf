//! What a run waits for, where its progress is not wanted: who reads only warnings and the result must know that nothing goes on.

use crate::record::{Envelope, Kind, Reader};

/// Passes on what stops a run until something happens, and nothing else.
#[derive(Debug)]
pub struct OnlyWaits<R>(pub R);

impl<R: Reader> Reader for OnlyWaits<R> {
    fn read(&self, envelope: &Envelope) {
        let stops = matches!(
            envelope.kind,
            Kind::StepAwaits(_)
                | Kind::StepUnproven(_)
                | Kind::Held(_)
                | Kind::WindowTooShort(_)
                | Kind::WindowAwaited { .. }
                | Kind::BudgetSpent(_)
                | Kind::Ordered { .. }
                | Kind::Scheduled { .. }
        );
        if stops {
            self.0.read(envelope);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};
    use std::time::SystemTime;

    use super::OnlyWaits;
    use crate::record::{Envelope, Kind, Reader, Scope, StepRecord};

    /// The names of what was read.
    #[derive(Default)]
    struct Names(Mutex<Vec<&'static str>>);

    impl Reader for Names {
        fn read(&self, envelope: &Envelope) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(envelope.kind.name());
        }
    }

    #[test]
    fn a_quiet_log_still_says_that_the_run_waits_for_a_word() {
        let reader = OnlyWaits(Names::default());
        let step = StepRecord { step: 1, step_name: "canary".to_owned(), bake_seconds: None, stand_in: None };
        for kind in [Kind::StepBegun(step.clone()), Kind::Saving, Kind::StepAwaits(step)] {
            reader.read(&Envelope::new(&Scope::default(), SystemTime::UNIX_EPOCH, kind));
        }
        assert_eq!(*reader.0.0.lock().unwrap_or_else(PoisonError::into_inner), ["step-awaits"]);
    }
}
