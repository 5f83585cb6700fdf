//! What an end tells the dispatcher: its class of failure, its first cause, and what was seen of the router.

use std::time::Duration;

use super::messages::EndFacts;
use crate::state::State;
use crate::transaction::{FailedEnd, Outcome};

/// The codes with which a router, or a host before it, refuses our password.
const WRONG_PASSWORD: [&str; 2] = ["session.wrong-password", "ssh.authentication"];

impl EndFacts {
    /// Of a router that was changed, or not.
    pub fn of(end: &Outcome) -> Self {
        let cause = end.causes.first().map(|cause| cause.code.clone());
        Self {
            class: end.failure_class(),
            done: end.state == State::Saved,
            logged_in: end.connection.is_some(),
            wrong_password: is_wrong_password(cause.as_deref()),
            cause,
            unexplained: end.foreign.clone(),
            clock_off: end.clock_offset.map(|seconds| Duration::from_secs(seconds.unsigned_abs())),
            ..Self::default()
        }
    }

    /// Of a router that was only read; or how that failed.
    pub(super) fn of_reading<T>(result: &Result<T, FailedEnd>) -> Self {
        match result {
            Ok(_) => Self::done(),
            Err(end) => Self {
                class: end.failure_class(),
                wrong_password: is_wrong_password(Some(&end.cause.code)),
                cause: Some(end.cause.code.clone()),
                ..Self::default()
            },
        }
    }
}

fn is_wrong_password(code: Option<&str>) -> bool {
    code.is_some_and(|code| WRONG_PASSWORD.contains(&code))
}
