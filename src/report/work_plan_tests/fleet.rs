//! The work plan of a fleet: one procedure for each class, with the names of values in their places; every router in one list that stays small.

use std::sync::Arc;

use super::{PLAIN, Part, steps, typed, work};
use crate::ix::ConfigText;
use crate::ix::origins::Origins;
use crate::ix::own_words::{OwnPart, own_words};
use crate::message::{Lang, Text};
use crate::record::CauseRecord;
use crate::report::{Languages, SitePages, WorkPlan, html, work_plan_csv, work_plan_page};
use crate::run::{PlannedWork, Unplanned};
use crate::state::State;
use crate::transaction::{Desired, Intent, SavedPlan};

/// The most that a page of a fleet may be.
const MOST: usize = 20 * 1024 * 1024;

/// So many clinics, each with its own host name, and one that could not be read.
pub(super) fn fleet(clinics: usize) -> PlannedWork {
    let mut work = work(&PLAIN);
    let base = work.plan.file.routers.remove(0);
    let one = |clinic: usize| {
        let (site, name) = (format!("clinic-{clinic:05}"), format!("clinic-{clinic:05}-r1"));
        let line = format!("hostname {name}");
        let words = own_words(&line, &[OwnPart { bytes: 9..line.len(), name: "hostname".into() }]);
        let origins: Origins = std::iter::once(None).collect();
        let desired = Desired::Rendered(ConfigText::rendered(format!("{line}\n"), origins.with_own(1, words)));
        let intent = Intent { router: name, site, desired, ..(*base.intent).clone() };
        SavedPlan { intent: Arc::new(intent), diff: format!("+{line}\n"), commands: vec![line], ..base.clone() }
    };
    work.plan.file.routers = (0..clinics).map(one).collect();
    let cause = CauseRecord { code: "transport.tcp".to_owned(), text: Text::new("off", "停止"), hints: Vec::new() };
    let (router, site, state) = ("off-r1".to_owned(), "off".to_owned(), State::Unreachable);
    let off = Unplanned { router, site, state, cause, sent: 0, planned: 0 };
    work.plan.file.unplanned = vec![off];
    work
}

#[test]
fn a_class_has_one_procedure_with_the_names_of_values_and_each_router_its_own() {
    let plan = WorkPlan::of(&fleet(50));
    assert_eq!(plan.procedures.len(), 1);
    assert_eq!(typed(steps(&plan.procedures[0], Part::Change)), ["hostname {hostname}"]);
    assert_eq!(plan.procedures[0].of.class().unwrap().routers.len(), 50);
    assert_eq!(
        (plan.routers[0].kind.word(), plan.routers[1].own.en.as_str()),
        ("no-plan", "{hostname} = clinic-00000-r1")
    );
    let shown = html(&work_plan_page(&plan, &SitePages::default()), Languages::One(Lang::En));
    let (first, _) = shown.split_once("<h2").unwrap();
    assert!(first.contains("1 router(s) that were asked for have no plan"), "{first}");
    assert!(shown.contains("script-src &#39;sha256-"), "the list can be searched");
    let (_, changes) = shown.split_once("What changes").unwrap();
    let (changes, _) = changes.split_once("<h3").unwrap();
    assert!(changes.contains("As on clinic-00000-r1"), "whose change it is: {changes}");
    let csv = work_plan_csv(&plan, Languages::One(Lang::En));
    assert_eq!(csv.matches("\"hostname {hostname}\"").count(), 1, "{csv}");
    assert_eq!(csv.matches("\r\n\"router\"").count(), 51);
    let row = csv.lines().find(|row| row.starts_with("\"router\"") && row.contains("clinic-00007-r1")).unwrap();
    let cells: Vec<&str> = row.trim_matches('"').split("\",\"").collect();
    assert_eq!((cells[5], cells[7], cells[8], cells[15], cells[18]), ("", "", "", "IX2215", "1"), "{row}");
}

#[test]
fn each_site_of_a_fleet_has_a_plan_of_its_own_with_its_very_lines() {
    let work = fleet(30);
    let sites: Vec<_> = WorkPlan::by_site(&work).collect();
    assert_eq!(sites.len(), 31);
    let (site, plan) = &sites[7];
    assert_eq!(*site, "clinic-00007");
    assert_eq!(typed(steps(&plan.procedures[0], Part::Change)), ["hostname clinic-00007-r1"]);
    let nothing = &sites.last().unwrap().1;
    assert!(nothing.procedures.is_empty(), "without a plan there is nothing to do");
    assert!(nothing.preparation.is_empty() && nothing.gates.is_empty() && nothing.closing.is_empty());
}

/// The commands of this program that reach routers.
fn reaching(plan: &WorkPlan) -> Vec<&str> {
    let once = [&plan.preparation, &plan.gates, &plan.closing];
    let all = once.into_iter().flat_map(|steps| typed(steps));
    all.filter(|command| ["apply", "backup", "verify"].iter().any(|word| command.contains(word))).collect()
}

#[test]
fn a_command_on_the_page_of_a_site_reaches_that_site_and_no_other() {
    let work = fleet(30);
    let (_, site) = WorkPlan::by_site(&work).nth(7).unwrap();
    let commands = reaching(&site);
    assert_eq!(commands.len(), 3);
    assert!(commands.iter().all(|command| command.contains(" -l clinic-00007")), "{commands:?}");
    // Of the whole plan: those without a plan are not read, so that every answer can come.
    let whole = WorkPlan::of(&work);
    let [backup, apply, verify] = reaching(&whole)[..] else { panic!("three") };
    assert!(!apply.contains(" -l "), "{apply}");
    assert!(backup.contains(" -l '!off-r1'") && verify.ends_with(" -l '!off-r1'"), "{backup}; {verify}");
    let shown = html(&work_plan_page(&whole, &SitePages::default()), Languages::One(Lang::En));
    assert!(shown.contains(">30<") && !shown.contains(">31<"), "a site without a plan is none of the work");
    // And of those that were chosen for the page.
    let chosen = PlannedWork { limit: Some("clinic-0000[1-5]".to_owned()), ..fleet(5) };
    let commands = WorkPlan::of(&chosen);
    assert!(reaching(&commands).iter().all(|command| command.contains("-l 'clinic-0000[1-5]")), "{commands:?}");
}

/// The same clinics, each with a line that no value of its own explains: every one is a class by itself.
fn all_different(clinics: usize) -> PlannedWork {
    let mut work = fleet(clinics);
    for (clinic, one) in work.plan.file.routers.iter_mut().enumerate() {
        let line = format!("ip route 10.{}.{}.0/24 192.0.2.1", clinic / 250, clinic % 250);
        (one.commands, one.undo) = (vec![line.clone()], vec![format!("no {line}")]);
    }
    work
}

#[test]
fn ten_thousand_routers_are_one_page_and_one_sheet_of_less_than_twenty_megabytes() {
    let plan = WorkPlan::of(&fleet(10_000));
    let page = work_plan_page(&plan, &SitePages::of(plan.routers.iter().map(|one| one.site.as_str())));
    for languages in [Languages::One(Lang::Ja), Languages::Both] {
        let shown = html(&page, languages);
        assert!(shown.len() < MOST, "{} bytes", shown.len());
        assert_eq!(shown.matches("data-key=").count(), 10_001);
        assert!(shown.matches("clinic-09999-r1").count() <= 3, "its name and its own value, and nothing else");
        let csv = work_plan_csv(&plan, languages);
        assert!(csv.len() < MOST, "{} bytes", csv.len());
        assert_eq!(csv.matches("\r\n\"router\"").count(), 10_001);
    }
}

#[test]
fn routers_that_are_all_different_stay_a_plan_that_can_be_read() {
    let work = all_different(500);
    let plan = WorkPlan::of(&work);
    assert_eq!((plan.procedures.len(), plan.more_classes), (40, 460));
    let shown = html(&work_plan_page(&plan, &SitePages::default()), Languages::One(Lang::En));
    let csv = work_plan_csv(&plan, Languages::One(Lang::En));
    assert!(shown.len() < MOST / 4 && csv.len() < MOST / 4, "{} and {} bytes", shown.len(), csv.len());
    for text in [&shown, &csv] {
        assert!(text.contains("460 more class(es) are on the pages of their sites"), "it says what it leaves out");
    }
    assert_eq!(csv.matches("\r\n\"note\"").count(), 1);
    let (contents, _) = shown.split_once("Preparation").unwrap();
    assert_eq!(contents.matches(": 1 router(s)").count(), 40, "the classes are listed first");
    // Each router names its class, and the page of its site has its very lines.
    let of_class: std::collections::BTreeSet<&str> =
        plan.routers.iter().filter_map(|router| router.class.as_deref()).collect();
    assert_eq!(of_class.len(), 500);
    let (_, site) = WorkPlan::by_site(&work).nth(499).unwrap();
    assert_eq!(typed(steps(&site.procedures[0], Part::Change)), ["ip route 10.1.249.0/24 192.0.2.1"]);
}
