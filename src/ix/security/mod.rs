//! What a configuration says about the security of its router: which ways in are open and for whom, its users, its filters on the line.
//!
//! Pure. Each answer is yes, no or not known, with the lines that it rests on, masked. What the grammar's table marks as inferred or guessed, and
//! what it does not know, is never an answer: then it is not known, and why is said. Nothing is judged here, and no rule of an authority is known.

mod fact;
mod reading;
mod services;
#[cfg(test)]
mod tests;
mod users;
mod wan;

pub use fact::{Answer, Fact, Finding, Section};
pub use users::{HeldSecret, Stored, UserKind, UserLine, user_secrets};

use self::reading::Reading;
use crate::ix::Config;

/// What a configuration says. Its secrets are in it, and never printed.
#[derive(Debug)]
pub struct SecurityFacts {
    /// The host name that it gives the router; nothing where it has no such line.
    pub host_name: Option<String>,
    /// The answers, in the order of [`Fact::ALL`]; without those that need more than one configuration.
    pub findings: Vec<Finding>,
    /// Its users.
    pub users: Vec<UserLine>,
    /// Its other secrets: keys, communities, passwords for others.
    pub secrets: Vec<HeldSecret>,
    /// The lines that the table does not know, masked: what they open or close is not known.
    pub unknown: Vec<String>,
}

impl SecurityFacts {
    /// Reads them. `has_gaps`: lines were taken out of the configuration, and not even their command is known.
    pub fn of(config: &Config, has_gaps: bool) -> Self {
        let reading = Reading { config, has_gaps };
        let users = users::users(config);
        let mut findings = services::findings(&reading);
        findings.extend(users::findings(&reading, &users));
        findings.extend(wan::findings(&reading));
        findings.sort_by_key(|finding| finding.fact);
        Self {
            host_name: reading.host_name(),
            findings,
            users,
            secrets: users::others(config),
            unknown: reading.unknown(),
        }
    }

    /// The answer to a question; not known where it was not asked here.
    pub fn answer(&self, fact: Fact) -> Answer {
        self.findings.iter().find(|finding| finding.fact == fact).map_or(Answer::NotKnown, |finding| finding.answer)
    }
}
