//! Which file of a folder of backups belongs to which router, and what is reported if none or several do.

use super::{Called, Folder, Names};
use crate::message::Explain;

/// The file that each router of these is found in, or the code of the error.
fn found(files: &[&str], routers: &[&[&str]]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    for file in files {
        let path = dir.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "hostname a\n").unwrap();
    }
    let folder = Folder::read(dir.path()).unwrap();
    let mut called = Called::default();
    for names in routers {
        called.add(names[0], &Names::of(names.iter().copied()));
    }
    let one = |names: &&[&str]| match folder.find(names[0], &Names::of(names.iter().copied()), &called) {
        Ok(None) => String::new(),
        Ok(Some(path)) => path.strip_prefix(dir.path()).unwrap().display().to_string().replace('\\', "/"),
        Err(error) => error.code().to_owned(),
    };
    routers.iter().map(one).collect()
}

#[test]
fn a_file_is_found_by_its_name_with_or_without_a_domain_in_any_letters() {
    for (file, router) in [
        ("configs/r1", "r1"),
        ("configs/r1.clinic.example", "r1"),
        ("clinics/configs/R1.Clinic.Example", "r1"),
        ("tokyo/r1.cfg", "R1"),
        ("r1.txt", "r1"),
        ("r1.conf", "r1.clinic.example"),
        ("tokyo/r1", "r1.clinic.example"),
        ("192.0.2.10", "192.0.2.10"),
    ] {
        assert_eq!(found(&[file], &[&[router]]), [file], "{router}");
    }
    assert_eq!(found(&["configs/192.0.2.10.cfg"], &[&["r1", "192.0.2.10"]]), ["configs/192.0.2.10.cfg"]);
}

#[test]
fn a_file_of_another_name_is_not_found() {
    for file in ["r10", "r1-old.cfg", "192.0.2", "configs/.r1", "r1.new", "r1.cfg~", "r1,v", ".git/r1", "r1.json"] {
        assert_eq!(found(&[file], &[&["r1", "192.0.2.10"]]), [""], "{file}");
    }
}

#[test]
fn two_files_for_one_router_are_an_error_that_names_both() {
    assert_eq!(found(&["tokyo/r1", "osaka/r1"], &[&["r1"]]), ["backup.ambiguous"]);
    assert_eq!(found(&["r1.cfg", "r1.clinic.example"], &[&["r1"]]), ["backup.ambiguous"]);
    let dir = tempfile::tempdir().unwrap();
    for group in ["tokyo", "osaka"] {
        std::fs::create_dir(dir.path().join(group)).unwrap();
        std::fs::write(dir.path().join(group).join("r1"), "").unwrap();
    }
    let names = Names::of(["r1"]);
    let error = Folder::read(dir.path()).unwrap().find("r1", &names, &Called::default()).unwrap_err();
    for path in ["tokyo", "osaka"] {
        assert!(error.to_string().contains(&dir.path().join(path).join("r1").display().to_string()), "{error}");
    }
}

#[test]
fn one_file_for_two_routers_is_an_error_and_an_exact_name_wins() {
    assert_eq!(found(&["r1"], &[&["r1.tokyo"], &["r1.osaka"]]), ["backup.ambiguous", "backup.ambiguous"]);
    assert_eq!(found(&["r1", "r1.tokyo"], &[&["r1"], &["r1.tokyo"]]), ["r1", "r1.tokyo"]);
    assert_eq!(found(&["r1.tokyo"], &[&["r1"], &["r1.tokyo"]]), ["", "r1.tokyo"]);
    assert_eq!(found(&["a"], &[&["a", "same"], &["b", "same"]]), ["a", ""]);
    assert_eq!(found(&["same"], &[&["a", "same"], &["b", "same"]]), ["backup.ambiguous", "backup.ambiguous"]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_refused_and_one_inside_it_followed() {
    let (dir, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(outside.path().join("r1"), "hostname a\n").unwrap();
    std::fs::write(dir.path().join("2026-07"), "hostname b\n").unwrap();
    std::os::unix::fs::symlink(outside.path().join("r1"), dir.path().join("r1")).unwrap();
    std::os::unix::fs::symlink(outside.path(), dir.path().join("group")).unwrap();
    std::os::unix::fs::symlink("2026-07", dir.path().join("r2")).unwrap();
    let folder = Folder::read(dir.path()).unwrap();
    let find = |router: &str| {
        folder.find(router, &Names::of([router]), &Called::default()).map(|path| path.map(std::path::Path::to_owned))
    };
    assert_eq!(find("r1").unwrap_err().code(), "backup.leads-out");
    assert_eq!(find("r2").unwrap(), Some(dir.path().join("r2")));
}
