//! Routers of a run on a plan file for which the file has no plan that holds: it never had one, or the router is not what it was made for.
//!
//! The same file does not bring them further. They are planned anew from its playbook, with the others of their sites.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::begin::absolute;
use super::drift::ApprovedPlan;
use crate::record::Outcome;
use crate::state::{State, Verdict};

/// How routers without a plan that holds are planned anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoPlan {
    /// Their names, with the others of their sites that are not done.
    pub routers: Vec<String>,
    /// The playbook that the file was made from; nothing where it does not say so.
    pub playbook: Option<PathBuf>,
    /// The inventory of the run.
    pub inventory: PathBuf,
}

/// The routers among these ends whose plan does not hold, and those of their sites that are not done: a site changes together.
pub fn without_plan(outcomes: &[Outcome]) -> HashSet<&str> {
    let has_none = |outcome: &&Outcome| {
        let cause = outcome.causes.first().map(|cause| cause.code.as_str());
        outcome.state == State::Drifted || cause == Some("plan-file.no-plan")
    };
    let sites: HashSet<&str> = outcomes.iter().filter(has_none).map(|outcome| outcome.site.as_str()).collect();
    let is_at = |outcome: &&Outcome| !outcome.site.is_empty() && sites.contains(outcome.site.as_str());
    let left = outcomes.iter().filter(|outcome| outcome.verdict() == Verdict::NotDone);
    left.filter(|outcome| has_none(outcome) || is_at(outcome)).map(|outcome| outcome.router.as_str()).collect()
}

/// The playbook that a plan file was made from, where it says so.
pub(super) fn playbook_of(plan: &ApprovedPlan) -> Option<PathBuf> {
    plan.file.made.as_ref().map(|made| PathBuf::from(&made.playbook)).filter(|path| !path.as_os_str().is_empty())
}

/// A playbook as it is named in one command with this inventory: where that is named from the root, so is the playbook, if it is there at all.
/// Such a command works in every folder, one with two relative paths in the present one; one with either works by chance.
pub(super) fn named_with(playbook: PathBuf, inventory: &Path) -> PathBuf {
    if inventory.is_absolute() && playbook.is_file() { PathBuf::from(absolute(&playbook)) } else { playbook }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::{Path, PathBuf};

    use super::{named_with, without_plan};
    use crate::message::Text;
    use crate::record::{CauseRecord, Outcome};
    use crate::state::State;

    #[test]
    fn those_without_a_plan_that_holds_are_planned_anew_with_the_others_of_their_sites() {
        let cause = |code: &str| CauseRecord { code: code.to_owned(), text: Text::untranslated(""), hints: Vec::new() };
        let end = |router: &str, site: &str, state, code: &str| Outcome {
            causes: vec![cause(code)],
            ..Outcome::new(router, site, state)
        };
        let outcomes = [
            end("none", "s1", State::Refused, "plan-file.no-plan"),
            end("partner", "s1", State::NotStarted, "site.together"),
            end("drifted", "s2", State::Drifted, "router.drifted"),
            end("off", "s3", State::Unreachable, "ssh.unreachable"),
            Outcome::new("done", "s2", State::Saved),
        ];
        assert_eq!(without_plan(&outcomes), HashSet::from(["none", "partner", "drifted"]));
    }

    #[test]
    fn a_playbook_and_an_inventory_in_one_command_count_from_the_same_folder() {
        let here = std::env::current_dir().unwrap_or_default();
        // A file that is there where tests run.
        let (there, gone) = (PathBuf::from("Cargo.toml"), PathBuf::from("gone.yaml"));
        assert_eq!(named_with(there.clone(), &here.join("clinics.yaml")), here.join("Cargo.toml"));
        assert_eq!(named_with(there.clone(), Path::new("clinics.yaml")), there);
        assert_eq!(named_with(gone.clone(), &here.join("clinics.yaml")), gone, "nothing is known of it");
    }
}
