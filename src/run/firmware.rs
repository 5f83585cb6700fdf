//! Which firmware routers are taken to run: what they said when they were read, else what the saved plan knows, else what this machine's
//! journal saw last.
//!
//! Steps may go by it, and failures gather on it. It decides neither.

use std::collections::HashMap;

use super::drift::ApprovedPlan;
use super::env::RunEnv;
use super::operator::Notice;
use super::reviewed_router::ReviewedRouter;
use super::rollout::{Member, RunRollout, SeenRouter};
use crate::journal::JournalError;
use crate::message::Explain as _;

/// The firmware of routers, by their names, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct KnownFirmware(HashMap<String, String>);

impl KnownFirmware {
    /// What routers said when they were read, also those for which there is no plan.
    pub(super) fn read(plans: &[ReviewedRouter]) -> Self {
        let said = |one: &ReviewedRouter| Some((one.intent.router.clone(), one.firmware.clone()?));
        Self(plans.iter().filter_map(said).collect())
    }

    /// The same, and of the others what the saved plan knows.
    #[must_use]
    pub(super) fn or_reviewed(mut self, saved: Option<&ApprovedPlan>) -> Self {
        for entry in saved.into_iter().flat_map(|saved| &saved.file.routers) {
            let firmware = entry.seen.identity.firmware();
            if !firmware.is_empty() && !self.0.contains_key(&entry.intent.router) {
                self.0.insert(entry.intent.router.clone(), firmware.to_owned());
            }
        }
        self
    }

    /// The same, and of the others among these what this machine's journal saw last, where the rollout asks for it. A journal that cannot
    /// be read is a warning.
    #[must_use]
    pub(super) fn or_journalled(mut self, env: &RunEnv, rollout: &RunRollout, members: &[Member]) -> Self {
        if !rollout.asks_for_firmware() {
            return self;
        }
        let unknown: Vec<&Member> = members.iter().filter(|member| !self.0.contains_key(&member.router)).collect();
        let last = |member: &Member| {
            let last = env.journal()?.last_firmware(&member.router)?;
            Ok(last.map(|firmware| (member.router.clone(), firmware)))
        };
        match unknown.into_iter().map(last).collect::<Result<Vec<_>, JournalError>>() {
            Ok(known) => self.0.extend(known.into_iter().flatten()),
            Err(error) => env.operator.tell(&Notice::Warning(&error.text())),
        }
        self
    }

    /// That of a router; empty where it is not known.
    pub(super) fn of(&self, router: &str) -> &str {
        self.0.get(router).map_or("", String::as_str)
    }

    /// A router with it.
    pub(super) fn seen<'a>(&'a self, router: &'a str) -> SeenRouter<'a> {
        SeenRouter { router, firmware: self.of(router) }
    }

    /// Routers with it, in their order.
    pub(super) fn fill(&self, members: &[Member]) -> Vec<Member> {
        Member::seen(members.to_vec(), members.iter().map(|member| self.seen(&member.router)))
    }
}
