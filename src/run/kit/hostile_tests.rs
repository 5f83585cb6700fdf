//! Kits that someone who has the passphrase sealed, and visits that someone who has the office's public key sealed: both prove nothing of
//! what is in them.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::collections::BTreeMap;
use std::fs;

use super::tests::{PASSPHRASE, Places, code};
use super::visit::{LONGEST_HEAD, MOST_RUNS};
use super::{KitRequest, build_kit, make_office_key, office, open_kit, receive_visit, show_kit};
use crate::kit::{About, Cost, Kit, KitEnrolledKey, KitHostKey, KitSite, LastState};
use crate::run::portable::{ExportRequest, ImportEnd, export};
use crate::secret::Secret;

/// A host key of a form that is known.
const KEY: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";

fn kit() -> Kit {
    let about = About {
        day: "2026-12-01".to_owned(),
        built_ms: 0,
        by: "sato".to_owned(),
        machine: "office".to_owned(),
        version: "0".to_owned(),
        journal_head: None,
        office: None,
        inventory: "inventory".to_owned(),
        playbooks: vec!["playbooks/book.yaml".to_owned()],
    };
    let file = |path: &str| (path.to_owned(), "version: 1\n".to_owned());
    Kit {
        about,
        sites: vec![KitSite { site: "sato".to_owned(), title: None, routers: vec!["r1".to_owned()] }],
        files: BTreeMap::from([file("inventory/clinics.yaml"), file("playbooks/book.yaml")]),
        host_keys: vec![KitHostKey { host: "192.0.2.1".to_owned(), port: 22, key: KEY.to_owned() }],
        enrolled: vec![KitEnrolledKey {
            host: "192.0.2.2".to_owned(),
            port: 22,
            fingerprint: format!("MD5:00{}", ":11".repeat(15)),
            at: "2026-12-01T00:10:00Z".to_owned(),
            run: "20261122-114603-7k3f".to_owned(),
            serial_number: Some("3110000001".to_owned()),
        }],
        secrets: BTreeMap::new(),
        states: BTreeMap::new(),
    }
}

fn state(run: &str) -> LastState {
    LastState {
        run: run.to_owned(),
        saved_ms: 0,
        unverified: None,
        model: None,
        serial_number: None,
        firmware: None,
        configuration: Secret::new(String::new()),
    }
}

/// What opening and showing a kit say, after a change to one that is right.
fn refusal(place: &Places, change: &dyn Fn(&mut Kit)) -> Option<&'static str> {
    let mut kit = kit();
    change(&mut kit);
    let cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
    let sealed = kit.seal(&Secret::new(PASSPHRASE.to_owned()), cost).unwrap();
    fs::write(place.path("x.kit"), sealed).unwrap();
    let shown = show_kit(&place.laptop(), &place.path("x.kit"));
    let opened = open_kit(&place.laptop(), &place.path("x.kit"), &place.path("visit"));
    assert_eq!(shown.is_ok(), opened.is_ok());
    let refused = opened.err()?;
    assert!(!place.path("visit").exists() && !place.path("laptop/known_hosts").exists(), "nothing was written");
    Some(code(&refused))
}

#[test]
fn a_kit_that_holds_what_none_can_is_refused_before_anything_is_shown_or_written() {
    let place = Places::new();
    let named = |path: &'static str| move |kit: &mut Kit| drop(kit.files.insert(path.to_owned(), String::new()));
    for path in ["../x", "/x", "inventory/../../x", "inventory\\x", "inventory/nul", "KIT.json", "a\u{202e}"] {
        assert_eq!(refusal(&place, &named(path)), Some("kit.path"), "{path}");
    }
    for name in ["", "..", "a/b", "a\nb", "\u{1b}[2J", &"a".repeat(65)] {
        assert_eq!(refusal(&place, &|kit| kit.sites[0].site = name.to_owned()), Some("kit.damaged"), "{name}");
        assert_eq!(refusal(&place, &|kit| kit.sites[0].routers[0] = name.to_owned()), Some("kit.damaged"), "{name}");
        let of_run = |kit: &mut Kit| drop(kit.states.insert("r1".to_owned(), state(name)));
        assert_eq!(refusal(&place, &of_run), Some("kit.damaged"), "{name}");
        let of_router = |kit: &mut Kit| drop(kit.states.insert(name.to_owned(), state("20261122-114603-7k3f")));
        assert_eq!(refusal(&place, &of_router), Some("kit.damaged"), "{name}");
    }
    for path in ["", "/etc/passwd", "../clinics.yaml", "inventor", "inventory/", "\\\\server\\share", "inventory/other"]
    {
        assert_eq!(refusal(&place, &|kit| kit.about.inventory = path.to_owned()), Some("kit.damaged"), "{path}");
        assert_eq!(refusal(&place, &|kit| kit.about.playbooks = vec![path.to_owned()]), Some("kit.damaged"), "{path}");
    }
    for day in ["", "2026-12-01\nerror[forged]: x", "2026-13-01"] {
        assert_eq!(refusal(&place, &|kit| kit.about.day = day.to_owned()), Some("kit.damaged"), "{day}");
    }
    for office in ["", "AAAA", "AAAA\n"] {
        assert_eq!(refusal(&place, &|kit| kit.about.office = Some(office.to_owned())), Some("kit.damaged"), "{office}");
    }
    // A name that is a pattern would be trusted for every host, one with a line end would write a line of its own.
    for host in ["", "*", "192.0.2.?", "r1,*", "r1\n* ssh-ed25519 AAAA", "r1 r2", "|1|x|y", "@revoked"] {
        assert_eq!(refusal(&place, &|kit| kit.host_keys[0].host = host.to_owned()), Some("kit.damaged"), "{host}");
    }
    for key in ["", "!", "AAAA", &KEY[1..], &"A".repeat(16 * 1024)] {
        assert_eq!(refusal(&place, &|kit| kit.host_keys[0].key = key.to_owned()), Some("kit.damaged"), "{key}");
    }
    for host in ["", "*", "r1\n* ssh-ed25519 AAAA", "r1 r2"] {
        assert_eq!(refusal(&place, &|kit| kit.enrolled[0].host = host.to_owned()), Some("kit.damaged"), "{host}");
    }
    for word in ["", "a b", "a\nb", "\u{1b}[2J"] {
        let of_fingerprint = |kit: &mut Kit| kit.enrolled[0].fingerprint = word.to_owned();
        assert_eq!(refusal(&place, &of_fingerprint), Some("kit.damaged"), "{word}");
        assert_eq!(refusal(&place, &|kit| kit.enrolled[0].at = word.to_owned()), Some("kit.damaged"), "{word}");
        assert_eq!(refusal(&place, &|kit| kit.enrolled[0].run = word.to_owned()), Some("kit.damaged"), "{word}");
    }
    let number = |kit: &mut Kit| kit.enrolled[0].serial_number = Some("1 2\n3".to_owned());
    assert_eq!(refusal(&place, &number), Some("kit.damaged"));
    let many = |kit: &mut Kit| kit.enrolled = vec![kit.enrolled[0].clone(); 10_001];
    assert_eq!(refusal(&place, &many), Some("kit.damaged"));
    let many = |kit: &mut Kit| kit.host_keys = vec![kit.host_keys[0].clone(); 10_001];
    assert_eq!(refusal(&place, &many), Some("kit.damaged"));
    assert_eq!(refusal(&place, &|_| {}), None, "what it is changed from is right");
}

#[test]
fn a_file_that_another_system_would_not_take_is_refused_when_the_kit_is_built() {
    let place = Places::new();
    fs::create_dir(place.path("inventory")).unwrap();
    fs::rename(place.path("clinics.yaml"), place.path("inventory/clinics.v1..yaml")).unwrap();
    let request = || KitRequest { inventory: place.path("inventory"), ..place.request() };
    let built = build_kit(&place.office(), &request()).unwrap();
    assert_eq!(built.sites.len(), 1, "a name that every system takes");
    fs::remove_file(place.path("sato.kit")).unwrap();
    let long = format!("inventory/{}.yaml", "x".repeat(210));
    fs::rename(place.path("inventory/clinics.v1..yaml"), place.path(&long)).unwrap();
    assert_eq!(code(&build_kit(&place.office(), &request()).unwrap_err()), "kit.file-name");
    assert!(!place.path("sato.kit").exists());
}

/// An office with its key, and an exported run of another machine.
fn exported() -> (Places, Vec<u8>) {
    let place = Places::new();
    make_office_key(&place.office()).unwrap();
    let laptop = place.laptop();
    let run = place.saved_run(&laptop);
    let file = place.path("run.tar");
    export(
        &laptop.journal().unwrap(),
        &ExportRequest { run, file: file.clone(), recordings: None, page: &|_| String::new() },
    )
    .unwrap();
    (place, fs::read(file).unwrap())
}

/// What the office makes of these bytes, which anyone may have sealed to it: what is taken, and how many are refused.
fn received(place: &Places, plain: &[u8]) -> Result<(Vec<ImportEnd>, usize), &'static str> {
    let env = place.office();
    let key = office::read(&env.state_dir).unwrap().unwrap();
    let file = place.path("x.visit");
    fs::write(&file, key.public().seal(plain).unwrap()).unwrap();
    let received = receive_visit(&env.journal().unwrap(), &file).map_err(|error| code(&error))?;
    Ok((received.imported.iter().map(|one| one.end).collect(), received.refused.len()))
}

/// A visit that says that it has exports of these sizes.
fn visit(sizes: &[&str], exports: &[&[u8]]) -> Vec<u8> {
    let parts: Vec<String> = sizes.iter().map(|bytes| format!("{{\"run\":\"../../etc\",\"bytes\":{bytes}}}")).collect();
    let head = format!("{{\"schema\":\"ixdeploy-visit/1\",\"runs\":[{}]}}\n", parts.join(","));
    [head.into_bytes(), exports.concat()].concat()
}

#[test]
fn a_visit_that_anyone_may_have_sealed_brings_in_nothing_but_exported_runs() {
    let (place, run) = exported();
    let size = run.len().to_string();
    let many = vec!["0"; MOST_RUNS + 1];
    for (plain, expected) in [
        (Vec::new(), "kit.damaged"),
        (b"{}".to_vec(), "kit.damaged"),
        (b"\n".to_vec(), "kit.damaged"),
        (b"{}\n".to_vec(), "kit.damaged"),
        (b"{\"schema\":\"ixdeploy-visit/2\",\"runs\":[]}\n".to_vec(), "kit.newer"),
        ([b"[".repeat(10_000), b"\n".to_vec()].concat(), "kit.damaged"),
        ([b" ".repeat(LONGEST_HEAD + 1), visit(&[], &[])].concat(), "kit.damaged"),
        (visit(&many, &[]), "kit.too-large"),
        (visit(&["-1"], &[&run]), "kit.damaged"),
        (visit(&["18446744073709551615"], &[&run]), "kit.damaged"),
        (visit(&["18446744073709551616"], &[&run]), "kit.damaged"),
        (visit(&[&size, "1"], &[&run]), "kit.damaged"),
        (visit(&["1"], &[&run]), "kit.damaged"),
        (visit(&[], &[&run]), "kit.damaged"),
    ] {
        assert_eq!(
            received(&place, &plain),
            Err(expected),
            "{}",
            String::from_utf8_lossy(&plain[..plain.len().min(80)])
        );
    }
    assert!(place.office().journal().unwrap().imports().unwrap().is_empty());
    // What is no export is refused by itself; a run that is there twice is taken once. Names are those of the exports, not of the list.
    let other = "5".to_owned();
    let all = visit(&[&other, "0", &size, &size], &[b"other", b"", &run, &run]);
    assert_eq!(received(&place, &all), Ok((vec![ImportEnd::Taken, ImportEnd::Known], 2)));
    let cut = &run[..run.len() - 512];
    assert_eq!(received(&place, &visit(&[&cut.len().to_string()], &[cut])), Ok((Vec::new(), 1)));
}
