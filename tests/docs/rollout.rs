//! `docs/rollout.md` against the program: its examples are playbooks, its table of classes is the one that is kept.

use std::time::Duration;

use ixdeploy::message::Lang;
use ixdeploy::playbook::rollout::{CONCURRENCY, HoldKey, MAX_FAILURES, Rollout, SITES_WITHOUT_BUDGET};
use ixdeploy::state::{DefaultBudget, FailureClass, lost_in_later_steps};

use crate::text;

/// The text of an example, by the comment that it begins with.
fn example(name: &str) -> String {
    let document = text("docs/rollout.md");
    let head = format!("```yaml\n# example: {name}\n");
    let (_, rest) = document.split_once(&head).unwrap_or_else(|| panic!("no example `{name}`"));
    rest.split("```").next().unwrap().to_owned()
}

/// What a playbook with this rollout says.
fn read(name: &str) -> Rollout {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.yaml");
    std::fs::write(&path, format!("version: 1\nname: p\nplays: [{{ roles: [] }}]\n{}", example(name))).unwrap();
    let (playbook, warnings) =
        ixdeploy::playbook::load(&path).unwrap_or_else(|found| panic!("{name}: {}", found.render(Lang::En)));
    assert!(warnings.is_empty(), "{name}: {}", warnings.render(Lang::En));
    playbook.rollout
}

#[test]
fn every_example_is_a_rollout_and_does_what_is_said_beside_it() {
    let count = text("docs/rollout.md").matches("```yaml").count();
    assert_eq!(count, 5, "each example is read below");
    let simple = read("two lines");
    assert_eq!((simple.concurrency, simple.failures_of_run().of(100)), (CONCURRENCY, Some(MAX_FAILURES)));
    assert_eq!(read("a canary").steps.len(), 1);
    let night = read("a night");
    let names: Vec<&str> = night.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["canary", "tenth", "rest"]);
    assert_eq!(night.steps[0].bake.unwrap().time, Duration::from_secs(600));
    assert!(night.steps[2].approval && night.steps[2].fits.is_rest());
    let shares = read("jump hosts and groups");
    assert_eq!([shares.jump_hosts.len(), shares.groups.len()], [2, 2]);
    let hold = read("what is held").hold;
    let of = |key: HoldKey| hold.of(key).map(|limit| limit.to_string()).unwrap_or_default();
    let said = [HoldKey::Models, HoldKey::Firmware, HoldKey::Groups, HoldKey::Share, HoldKey::Lost].map(of);
    assert_eq!(said, ["5", "2", "unlimited", "20%", "3"]);
}

#[test]
fn the_table_of_classes_is_the_one_that_is_kept() {
    let document = text("docs/rollout.md");
    for class in FailureClass::ALL {
        let budget = match class.default_budget() {
            DefaultBudget::MaxFailures => "`max_failures`".to_owned(),
            DefaultBudget::StopsAt(failures) => format!("{failures} in the run"),
            DefaultBudget::StopsNothing => "stops nothing".to_owned(),
            DefaultBudget::Lost => format!(
                "1 in a run without steps and in a first step; more than {}, or than 0.1 % of the run, in a later step",
                lost_in_later_steps(0)
            ),
        };
        let row = format!("| `{}` | {} | {budget} |", class.word(), class.wording().en);
        assert!(document.contains(&row), "missing in docs/rollout.md:\n{row}");
    }
    let most = format!("**A run over more than {SITES_WITHOUT_BUDGET} sites needs a budget that a person wrote**");
    assert!(document.contains(&most), "{most}");
}
