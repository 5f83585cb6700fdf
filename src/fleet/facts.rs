//! What an end tells the dispatcher: its class of failure, its first cause, and what was seen of the router.

use std::time::Duration;

use super::messages::EndFacts;
use super::needs::Trait;
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
            // Without a line in its plan it was as declared.
            changed: end.state == State::Saved && end.planned > 0,
            logged_in: end.connection.is_some(),
            wrong_password: is_wrong_password(cause.as_deref()),
            cause,
            unexplained: end.foreign.clone(),
            learned: learned(end),
            clock_off: end.clock_offset.map(|seconds| Duration::from_secs(seconds.unsigned_abs())),
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

/// What the router said it is, and whose password it took: the inventory, or what this machine saw last, may say otherwise.
fn learned(end: &Outcome) -> Vec<Trait> {
    let identity = &end.identity;
    let runs = identity.firmware.is_some().then(|| Trait::of_router(identity.model(), identity.firmware()));
    let login = end.connection.as_ref().and_then(|connection| connection.login.as_ref());
    let credential = login.and_then(|login| login.credential.clone()).map(Trait::Credential);
    runs.into_iter().flatten().chain(credential).collect()
}

/// Whether a first cause says that our password was refused.
pub fn is_wrong_password(code: Option<&str>) -> bool {
    code.is_some_and(|code| WRONG_PASSWORD.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::EndFacts;
    use crate::fleet::needs::Trait;
    use crate::ix::Identity;
    use crate::record::{ConnectionRecord, LoginRecord};
    use crate::state::State;
    use crate::transaction::Outcome;

    #[test]
    fn an_end_tells_what_the_router_runs_and_whose_password_it_took() {
        let login = LoginRecord { user: "admin".to_owned(), credential: Some("night".to_owned()) };
        let connection = ConnectionRecord {
            transport: "ssh".to_owned(),
            peer: "192.0.2.1".to_owned(),
            host_key: None,
            login: Some(login),
        };
        let named = |model: &str, firmware: Option<&str>| Identity {
            model: Some(model.to_owned()),
            firmware: firmware.map(str::to_owned),
            ..Identity::default()
        };
        let end = |identity| Outcome {
            identity,
            connection: Some(connection.clone()),
            ..Outcome::new("r1", "s", State::Undone)
        };
        let credential = || Trait::Credential("night".to_owned());
        let text = str::to_owned;
        assert_eq!(
            EndFacts::of(&end(named("IX2215", Some("10.7.18")))).learned,
            [
                Trait::Kind(text("IX2215 10.7.18")),
                Trait::Model(text("IX2215")),
                Trait::Firmware(text("10.7.18")),
                credential()
            ]
        );
        assert_eq!(
            EndFacts::of(&end(named("IX2215", None))).learned,
            [credential()],
            "it said nothing of its firmware"
        );
        assert_eq!(EndFacts::of(&Outcome::new("r1", "s", State::Unreachable)).learned, []);
    }
}
