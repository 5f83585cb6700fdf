//! What comes back from a visit, and into which folder a kit is opened.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::fs;
use std::path::PathBuf;

use super::tests::{Places, code};
use super::{SealedVisit, VisitRequest, build_kit, make_office_key, open_kit, seal_visit};
use crate::run::error::RunError;

/// A laptop on which a kit of an office with a key was opened into `visit`, after a run that is none of the visit's.
fn opened() -> Places {
    let place = Places::new();
    make_office_key(&place.office()).unwrap();
    build_kit(&place.office(), &place.request()).unwrap();
    place.saved_run(&place.laptop());
    open_kit(&place.laptop(), &place.path("sato.kit"), &place.path("visit")).unwrap();
    place
}

fn sealed(place: &Places, runs: &[&str], file: &str) -> Result<SealedVisit, RunError> {
    let request = VisitRequest {
        folder: place.path("visit"),
        runs: runs.iter().map(|run| (*run).to_owned()).collect(),
        file: place.path(file),
        page: &|_| "<p>page</p>".to_owned(),
    };
    seal_visit(&place.laptop().journal().unwrap(), &request)
}

fn folder_file(place: &Places) -> (PathBuf, serde_json::Value) {
    let file = place.path("visit/kit.json");
    let text = fs::read_to_string(&file).unwrap();
    (file, serde_json::from_str(&text).unwrap())
}

#[test]
fn the_runs_of_a_visit_are_those_after_its_opening_whatever_the_clock_says() {
    let place = opened();
    let (file, mut about) = folder_file(&place);
    // The kit was opened with a clock that was ahead, and which was set back since.
    about["opened_ms"] = i64::MAX.into();
    fs::write(&file, about.to_string()).unwrap();
    assert_eq!(code(&sealed(&place, &[], "none.visit").unwrap_err()), "kit.nothing-to-return", "that one was before");
    let run = place.saved_run(&place.laptop());
    assert_eq!(sealed(&place, &[], "sato.visit").unwrap().runs, [run]);
}

#[test]
fn where_the_journal_is_another_one_or_the_folder_an_old_one_the_clock_decides() {
    let place = opened();
    let run = place.saved_run(&place.laptop());
    let (file, mut about) = folder_file(&place);
    about["journal"]["hash"] = "of another journal".into();
    fs::write(&file, about.to_string()).unwrap();
    assert_eq!(sealed(&place, &[], "other.visit").unwrap().runs, [run.as_str()]);
    about.as_object_mut().unwrap().remove("journal");
    fs::write(&file, about.to_string()).unwrap();
    assert_eq!(sealed(&place, &[], "old.visit").unwrap().runs, [run.as_str()]);
    about["opened_ms"] = i64::MAX.into();
    fs::write(&file, about.to_string()).unwrap();
    assert_eq!(code(&sealed(&place, &[], "none.visit").unwrap_err()), "kit.nothing-to-return");
}

#[test]
fn a_run_that_is_named_twice_is_sealed_once_and_the_oldest_comes_first() {
    let place = opened();
    let (first, second) = (place.saved_run(&place.laptop()), place.saved_run(&place.laptop()));
    assert_eq!(sealed(&place, &["last", &second, "last"], "twice.visit").unwrap().runs, [second.as_str()]);
    assert_eq!(sealed(&place, &[&second, &first], "both.visit").unwrap().runs, [first, second]);
}

#[cfg(unix)]
#[test]
fn an_empty_folder_that_others_may_use_gets_no_kit_and_an_own_one_is_closed() {
    use std::os::unix::fs::PermissionsExt as _;

    let place = Places::new();
    build_kit(&place.office(), &place.request()).unwrap();
    let open = |folder: &str| open_kit(&place.laptop(), &place.path("sato.kit"), &place.path(folder));
    let with_mode = |folder: &str, mode: u32| {
        fs::create_dir(place.path(folder)).unwrap();
        fs::set_permissions(place.path(folder), fs::Permissions::from_mode(mode)).unwrap();
    };
    for (folder, mode) in [("everyone", 0o777), ("group", 0o2770)] {
        with_mode(folder, mode);
        assert_eq!(code(&open(folder).unwrap_err()), "kit.folder-of-others", "{folder}");
        assert_eq!(fs::read_dir(place.path(folder)).unwrap().count(), 0);
    }
    with_mode("real", 0o700);
    std::os::unix::fs::symlink(place.path("real"), place.path("link")).unwrap();
    assert_eq!(code(&open("link").unwrap_err()), "kit.folder-of-others");
    with_mode("own", 0o755);
    open("own").unwrap();
    open("deep/new").unwrap();
    for folder in ["own", "deep/new"] {
        assert_eq!(fs::metadata(place.path(folder)).unwrap().permissions().mode() & 0o777, 0o700, "{folder}");
    }
}
