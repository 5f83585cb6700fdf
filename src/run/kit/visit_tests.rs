//! A visit straight from a kit: what it takes from there, what reaches a disk, and how its records come back.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::fs;
use std::path::PathBuf;

use super::tests::{Places, all_bytes, code, holds};
use super::{
    KitRequest, ReceivedVisit, VisitFromKit, VisitKit, build_kit, make_office_key, open_for_visit, receive_visit,
};
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::run::{RunOptions, candidates, load};

fn from(place: &Places) -> VisitFromKit {
    VisitFromKit { file: place.path("sato.kit"), playbook: None, limit: None }
}

fn opened(laptop: &RunEnv, place: &Places) -> (VisitKit, RunOptions) {
    let mut options = RunOptions::default();
    let kit = open_for_visit(laptop, &from(place), &mut options).unwrap();
    (kit, options)
}

fn back(laptop: &RunEnv, kit: &VisitKit) -> Option<PathBuf> {
    let sealed = kit.bring_back(&laptop.journal().unwrap(), &|_| String::new()).unwrap();
    sealed.map(|sealed| sealed.file)
}

#[test]
fn a_visit_has_all_from_its_kit_and_no_secret_reaches_a_disk() {
    let place = Places::new();
    let office = place.office();
    place.saved_run(&office);
    build_kit(&office, &place.request()).unwrap();
    let laptop = place.laptop();
    let (kit, options) = opened(&laptop, &place);
    let loaded = load(&laptop, &kit.source).unwrap();
    let routers = candidates(&laptop, &loaded.inventory, &loaded.rendered, None).unwrap();
    assert_eq!(routers.iter().map(|one| one.router.as_str()).collect::<Vec<_>>(), ["r1"]);
    assert_eq!(options.secrets.all().len(), 1);
    assert!(options.states.router("r1").is_some_and(|known| known.state.is_asked), "a person is at it");
    assert!(!holds(&all_bytes(&place.path("laptop")), "Canary"));
    assert!(!format!("{kit:?} {options:?}").contains("CanaryCredential"), "{kit:?} {options:?}");
}

#[test]
fn what_a_kit_for_another_day_warns_of_stays_with_the_visit() {
    let place = Places::new();
    let request = KitRequest { day: "2001-01-01".parse().unwrap(), ..place.request() };
    build_kit(&place.office(), &request).unwrap();
    let (kit, _) = opened(&place.laptop(), &place);
    assert!(kit.warned.iter().any(|text| text.en.contains("the kit is for 2001-01-01")), "{:?}", kit.warned);
}

#[test]
fn a_kit_that_is_opened_again_has_its_folder_and_what_was_changed_there_is_as_the_kit_says() {
    let place = Places::new();
    build_kit(&place.office(), &place.request()).unwrap();
    let laptop = place.laptop();
    let (first, _) = opened(&laptop, &place);
    fs::write(&first.source.playbook, "version: 1\nname: other\nplays: []\n").unwrap();
    let fact = first.folder().join("inventory").join("facts.yaml");
    fs::write(&fact, "learned here").unwrap();
    let (again, _) = opened(&laptop, &place);
    assert_eq!(first.folder(), again.folder());
    assert!(fs::read_to_string(&again.source.playbook).unwrap().contains("name: book"));
    assert!(fact.exists(), "what this machine has learned stays");
    let folders = fs::read_dir(place.path("laptop/kits")).unwrap().count();
    assert_eq!(folders, 1);
}

#[test]
fn a_playbook_is_named_by_its_path_in_the_kit_or_its_name_and_another_one_is_refused() {
    let place = Places::new();
    build_kit(&place.office(), &place.request()).unwrap();
    let named = |name: &str| {
        let wanted = VisitFromKit { playbook: Some(name.into()), ..from(&place) };
        open_for_visit(&place.laptop(), &wanted, &mut RunOptions::default()).map(|kit| kit.source.playbook)
    };
    let first = named("book.yaml").unwrap();
    assert_eq!(named("playbooks/book.yaml").unwrap(), first);
    assert_eq!(named("other.yaml").map_err(|error: RunError| code(&error)), Err("kit.no-playbook"));
}

#[test]
fn the_records_of_a_visit_are_sealed_beside_its_kit_and_nothing_where_no_router_was_touched() {
    let place = Places::new();
    let (office, laptop) = (place.office(), place.laptop());
    make_office_key(&office).unwrap();
    build_kit(&office, &place.request()).unwrap();
    let (first, _) = opened(&laptop, &place);
    assert_eq!(back(&laptop, &first), None);
    let run = place.saved_run(&laptop);
    assert_eq!(back(&laptop, &first), Some(place.path("sato.visit")));
    let (second, _) = opened(&laptop, &place);
    let next = place.saved_run(&laptop);
    let file = back(&laptop, &second).unwrap();
    assert_eq!(file, place.path("sato-2.visit"));
    let ReceivedVisit { imported, refused } = receive_visit(&office.journal().unwrap(), &file).unwrap();
    assert!(refused.is_empty());
    let imported: Vec<&str> = imported.iter().map(|one| one.record.imported.as_str()).collect();
    assert_eq!(imported, [run.as_str(), next.as_str()], "all since the kit was opened here first");
}

#[test]
fn without_an_office_key_the_records_stay_in_the_journal() {
    let place = Places::new();
    build_kit(&place.office(), &place.request()).unwrap();
    let laptop = place.laptop();
    let (kit, _) = opened(&laptop, &place);
    place.saved_run(&laptop);
    assert_eq!(back(&laptop, &kit), None);
    assert!(!place.path("sato.visit").exists());
}

#[cfg(unix)]
#[test]
fn in_a_groups_state_folder_each_user_has_kits_of_their_own_that_no_one_else_may_change() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Places::new();
    build_kit(&place.office(), &place.request()).unwrap();
    let laptop = place.laptop();
    let state = place.path("laptop");
    let set = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    fs::create_dir(&state).unwrap();
    set(&state, 0o2770);
    let (kit, _) = opened(&laptop, &place);
    assert_eq!(mode(&state.join("kits")), 0o770, "a colleague opens theirs beside it");
    assert_eq!([mode(kit.folder()), mode(&kit.source.inventory)], [0o700, 0o600]);
    let name = kit.folder().file_name().unwrap().to_str().unwrap().to_owned();
    assert!(name.split_once('-').is_some_and(|(digits, _)| digits.len() == 16), "{name}");
    let (again, _) = opened(&laptop, &place);
    assert_eq!(again.folder(), kit.folder());
    // A folder that others may change is not used: an inventory decides which routers get the secrets.
    set(kit.folder(), 0o2770);
    let refused = open_for_visit(&laptop, &from(&place), &mut RunOptions::default()).map(|_| ());
    assert_eq!(refused.map_err(|error: RunError| code(&error)), Err("kit.folder-of-others"));
}
