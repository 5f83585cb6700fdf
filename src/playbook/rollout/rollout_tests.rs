//! `rollout:` as it is written: what is read, and what is said about slips.

use std::time::Duration;

use super::{Amount, Bake, Budget, CANARY, HoldKey, Property, Rollout};
use crate::inventory::{Inventory, SourceFile};
use crate::message::Lang;
use crate::playbook::{Playbook, memory};
use crate::state::FailureClass;

/// Reads a playbook with this below `rollout:`.
fn playbook(rollout: &str) -> Result<Playbook, String> {
    let text = format!("version: 1\nname: p\nplays: [{{ roles: [] }}]\nrollout:\n{rollout}");
    memory::playbook(&text, &[]).map(|(playbook, _)| playbook).map_err(|found| found.render(Lang::En))
}

fn read(rollout: &str) -> Rollout {
    playbook(rollout).unwrap_or_else(|found| panic!("{found}")).rollout
}

/// The headings of what is wrong.
fn found(rollout: &str) -> Vec<String> {
    let text = playbook(rollout).err().unwrap_or_default();
    text.lines().filter(|line| line.starts_with("error")).map(str::to_owned).collect()
}

#[test]
fn the_simple_cases_are_a_line_each() {
    let rollout = read("  concurrency: 16\n  max_failures: 2\n");
    assert_eq!((rollout.concurrency, rollout.failures_of_run()), (16, Budget::Routers(2)));
    assert!(rollout.steps.is_empty() && rollout.has_budget());
    let rollout = read("  canary: 5\n");
    let [canary] = rollout.steps.as_slice() else { panic!("{rollout:?}") };
    assert_eq!((canary.name.as_str(), canary.fits.amount), (CANARY, Amount::Count(5)));
    assert!(!rollout.has_budget());
    assert_eq!(rollout.failures_of_run(), Budget::Routers(1));
    let rollout = read("  canary: cover\n");
    assert_eq!(rollout.steps[0].fits.cover.len(), 4);
}

#[test]
fn everything_that_can_be_written_is_read() {
    let rollout = read(
        "  concurrency: 50
  max_failures: 2%
  budgets: { unreachable: 5%, occupied: unlimited, lost: 3 }
  groups:
    west: 20
    east: { concurrency: 10, max_failures: 3, budgets: { unreachable: 10 } }
  jump_hosts: { gate.west.example: 8, \"*\": 20 }
  logins_per_second: 5
  needed_time: 12m
  retry: { pause: 2m, longest_pause: 20m, limit: 3h }
  hold: { failures: 5, causes: unlimited, share: 12.5%, lost: 4, passwords: 2 }
  canary: { count: 5, cover: [model, region], concurrency: 1, bake: { time: 10m, every: 2m } }
  steps:
    - name: tenth
      match: { groups: west, models: [IX2215, 'IX21*'], firmware: '10.7.*', regions: [関東], carriers: [ntt-east], sites: ['c0*'], percent: 10 }
      concurrency: 5
      max_failures: 1
      budgets: { check-failed: 2 }
      bake: 30m
      approval: true
    - { name: others, match: rest }
",
    );
    assert_eq!(rollout.budgets.of(FailureClass::Unreachable), Some(Budget::Share(50)));
    assert_eq!(rollout.groups[1].budgets.of(FailureClass::Unreachable), Some(Budget::Routers(10)));
    assert_eq!(
        rollout.jump_hosts.iter().map(|share| share.of.as_str()).collect::<Vec<_>>(),
        ["gate.west.example", "*"]
    );
    assert_eq!(rollout.hold.of(HoldKey::Models), Some(Budget::Routers(5)));
    assert_eq!((rollout.hold.of(HoldKey::Causes), rollout.hold.share()), (Some(Budget::Unlimited), Some(125)));
    let [canary, tenth, others] = rollout.steps.as_slice() else { panic!("{rollout:?}") };
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    assert_eq!(canary.bake, Some(Bake { time: minutes(10), every: Some(minutes(2)) }));
    assert_eq!(canary.fits.cover, [Property::Model, Property::Region]);
    assert_eq!((tenth.fits.criteria.len(), tenth.fits.amount, tenth.approval), (6, Amount::Percent(10), true));
    assert!(others.fits.is_rest() && !others.approval);
    // As a plan file keeps it.
    let kept = serde_json::to_string(&rollout).unwrap_or_default();
    let again: Rollout = serde_json::from_str(&kept).unwrap_or_else(|error| panic!("{error}: {kept}"));
    assert_eq!(serde_json::to_string(&again).unwrap_or_default(), kept);
    assert_eq!((again.steps, again.hold), (rollout.steps, rollout.hold));
}

#[test]
fn where_only_steps_say_how_many_failures_the_run_as_a_whole_has_no_number() {
    let rollout = read(
        "  steps:\n    - { name: a, match: { count: 1 }, max_failures: 1 }\n    - { name: b, match: rest, max_failures: 20 }\n",
    );
    assert_eq!(rollout.failures_of_run(), Budget::Unlimited);
    assert_eq!(rollout.failures_of_step(rollout.steps.get(1)), Budget::Routers(20));
    assert_eq!(rollout.failures_of_step(None), Budget::Routers(1), "a step that says nothing allows one");
    assert!(rollout.has_budget());
}

#[test]
fn a_bake_time_is_for_every_step_but_the_last() {
    let bake = Some(Bake { time: Duration::from_secs(60), every: None });
    let mut rollout = read("  canary: 5\n");
    rollout.bake_all_but_the_last(bake);
    assert_eq!(rollout.steps[0].bake, bake, "what the canary leaves comes after it");
    let mut rollout = read("  canary: 5\n  steps: [{ name: b, match: rest, bake: 5m }]\n");
    rollout.bake_all_but_the_last(bake);
    assert_eq!([rollout.steps[0].bake, rollout.steps[1].bake], [bake, None]);
}

#[test]
fn every_slip_is_found_with_what_to_write_instead() {
    let cases: &[(&str, &[&str])] = &[
        ("  concurency: 4\n", &["error[yaml.unknown-key]: `concurency` is not a key of the rollout"]),
        ("  concurrency: 0\n", &["error[yaml.number]: expected a whole number from 1 to 10000"]),
        ("  max_failures: 0\n", &["error[rollout.budget]: `0` is not a budget"]),
        ("  max_failures: 101%\n", &["error[rollout.budget]: `101%` is not a budget"]),
        ("  max_failures: unlimited\n", &["error[rollout.budget]: `max_failures` needs a number or a percentage"]),
        (
            "  budgets: { unreachabel: 5 }\n",
            &[
                "error[rollout.class]: no class of failure is named `unreachabel`; there are refused-before, line-refused, check-failed, save-failed, foreign, drifted, occupied, unreachable, undo-failed, lost, mixed, unverified, own-machine",
            ],
        ),
        (
            "  budgets: { lost: unlimited }\n",
            &[
                "error[rollout.budget]: failures of the class `lost` need a number or a percentage: each such router needs a person",
            ],
        ),
        ("  canary: 0\n", &["error[yaml.number]: expected a whole number from 1 to 1000000"]),
        ("  canary: { bake: 10m }\n", &["error[rollout.match]: the canary does not say how many sites it takes"]),
        ("  canary: { count: 1, cover: [] }\n", &["error[rollout.match]: expected a word or a list of 1 to 10000"]),
        ("  canary: { count: 5, percent: 5 }\n", &["error[rollout.match]: `count` and `percent` both say how many"]),
        (
            "  canary: { count: 5, bake: { time: 1m, every: 2m } }\n",
            &["error[rollout.bake]: `every` is at least 30s, and no longer than the bake time"],
        ),
        ("  steps: [{ match: rest }]\n", &["error[yaml.missing-key]: a step needs the key `name`"]),
        ("  steps: [{ name: a, match: {} }]\n", &["error[rollout.match]: this match says nothing"]),
        (
            "  steps: [{ name: a, match: { models: IX2251 } }]\n",
            &["error[rollout.match]: no known model is named `IX2251`"],
        ),
        (
            "  canary: 5\n  steps: [{ name: canary, match: rest }]\n",
            &["error[rollout.steps]: two steps are named `canary`"],
        ),
        (
            "  steps: [{ name: a, match: rest }, { name: b, match: { groups: west } }]\n",
            &[
                "error[rollout.steps]: the step `b` can match nothing: `a` before it takes every site that it could have",
            ],
        ),
        (
            "  steps: [{ name: a, match: { percent: 60 } }, { name: b, match: { percent: 50 } }]\n",
            &["error[rollout.steps]: with the step `b`, steps ask for 110 % of the same sites"],
        ),
        (
            "  hold: 0\n",
            &["error[rollout.hold]: `failures` of `hold` takes a number of routers (`5`) or `unlimited`, not `0`"],
        ),
        ("  hold: { share: 5 }\n", &["error[rollout.hold]: `share` of `hold` takes a percentage (`20%`), not `5`"]),
        (
            "  hold: { passwords: unlimited }\n",
            &["error[rollout.hold]: `passwords` of `hold` takes a number from 1 to 10, not `unlimited`"],
        ),
        ("  hold: { model: 5 }\n", &["error[yaml.unknown-key]: `model` is not a key of the holds"]),
        (
            "  retry: { pause: 2h, longest_pause: 1h }\n",
            &["error[rollout.retry]: `pause` is longer than `longest_pause`"],
        ),
    ];
    for (rollout, expected) in cases {
        assert_eq!(found(rollout), *expected, "{rollout}");
    }
}

#[test]
fn a_near_miss_of_a_class_names_the_class_that_was_meant() {
    let text = playbook("  budgets: { unreachabel: 5 }\n").err().unwrap_or_default();
    assert!(text.contains("did you mean `unreachable`?") && text.contains("--> p.yaml:5:14"), "{text}");
    let text = playbook("  budgets: { nosuch: 5 }\n").err().unwrap_or_default();
    assert!(text.contains("there are refused-before, ") && text.contains(", own-machine"), "all are named: {text}");
}

#[test]
fn a_limit_of_a_jump_host_that_no_router_is_reached_through_is_warned_of() {
    let inventory = "version: 1\nsites:\n  s: { routers: { r: { model: IX2215, connection: { ssh: { host: 192.0.2.1, user: admin, password: c, jump: [{ host: gate.west.example, user: noc }] } } } } }\ncredentials: { c: { env: PW } }\n";
    let (inventory, _) = Inventory::read(&[SourceFile::new("i.yaml", inventory)]).unwrap_or_else(|e| panic!("{e}"));
    let judged = |rollout: &str| {
        let mut found = crate::inventory::Diagnostics::new();
        read(rollout).judge(&inventory, &mut found);
        found.render(Lang::En)
    };
    let strange = judged("  jump_hosts: { gate.example: 20 }\n");
    assert!(strange.starts_with("warning[rollout.no-jump-host]: no router of the inventory is reached"), "{strange}");
    assert!(strange.contains("gate.west.example") && strange.contains("--> p.yaml:5:"), "{strange}");
    for fits in ["{ gate.west.example: 20 }", "{ 'gate.*': 20, '*': 5 }", "8"] {
        assert_eq!(judged(&format!("  jump_hosts: {fits}\n")), "");
    }
}

#[test]
fn a_name_that_the_inventory_nearly_has_is_an_error_and_another_one_is_not() {
    let inventory = "version: 1\ngroups: { west: }\nsites:\n  s: { groups: [west], routers: { r: { model: IX2215, connection: { mock: { start: prepared } } } } }\n";
    let (inventory, _) = Inventory::read(&[SourceFile::new("i.yaml", inventory)]).unwrap_or_else(|e| panic!("{e}"));
    let judged = |rollout: &str| {
        let mut found = crate::inventory::Diagnostics::new();
        read(rollout).judge(&inventory, &mut found);
        found.render(Lang::En)
    };
    let near = judged("  groups: { wesst: 5 }\n");
    assert!(near.starts_with("error[rollout.fits-nothing]: no site of the inventory has the group `wesst`"), "{near}");
    assert!(near.contains("did you mean `west`?"), "{near}");
    let other = judged("  steps: [{ name: a, match: { groups: [hokkaido], sites: 's*' } }]\n");
    assert!(
        other.starts_with("warning[rollout.fits-nothing]: no site of the inventory has the group `hokkaido`"),
        "{other}"
    );
    assert!(!other.contains("`s*`"), "{other}");
}

#[test]
fn many_sites_need_a_budget_that_a_person_wrote() {
    let none = read("  concurrency: 20\n");
    assert!(none.missing_budget(super::SITES_WITHOUT_BUDGET).is_none());
    let missing = none.missing_budget(51).map(|found| found.render(Lang::En)).unwrap_or_default();
    assert!(missing.starts_with("error[rollout.budget-needed]: a run over 51 sites needs a budget"), "{missing}");
    assert!(missing.contains("--> p.yaml:4:1") && missing.contains("--max-failures"), "{missing}");
    assert!(read("  max_failures: 1\n").missing_budget(10_000).is_none());
    assert!(read("  budgets: { unreachable: 5% }\n").missing_budget(10_000).is_none());
}

#[test]
fn a_number_alone_holds_whatever_failures_gather_in_and_one_that_the_run_never_reaches_is_warned_of() {
    let rollout = read("  hold: 4\n");
    let gathering = [HoldKey::Models, HoldKey::Firmware, HoldKey::JumpHosts, HoldKey::Groups, HoldKey::Causes];
    assert!(gathering.iter().all(|key| rollout.hold.of(*key) == Some(Budget::Routers(4))));
    assert!(rollout.hold.of(HoldKey::Lost).is_none() && !rollout.is_simple());
    let warned = |rollout: &str| {
        let text = format!("version: 1\nname: p\nplays: [{{ roles: [] }}]\nrollout:\n{rollout}");
        let (_, warnings) = memory::playbook(&text, &[]).unwrap_or_else(|found| panic!("{}", found.render(Lang::En)));
        warnings.render(Lang::En)
    };
    let text = warned("  max_failures: 3\n  hold: 4\n");
    assert!(text.starts_with("warning[rollout.unreached]: failures that gather hold a group after 4"), "{text}");
    // The failure that would hold a group uses up what the run may bear.
    assert!(warned("  max_failures: 4\n  hold: 4\n").starts_with("warning[rollout.unreached]"));
    assert_eq!(warned("  max_failures: 5\n  hold: 4\n"), "");
}
