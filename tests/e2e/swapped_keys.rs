//! A box in another one's place, over its console: what the old one has shown there counts no more, and the new one is held to what it has
//! shown itself; where it has shown nothing, a person says which key is right.

use std::fs;

use serde_json::Value;
use test_support::shown_key::{bench_with_spare, console, console_inventory, exchange, template};

use crate::engineer::Engineer;
use crate::harness::Bench;
use mock_device::{Fault, RouterSpec, When};

/// What the old box and the new one show.
const SHOWN: [&str; 1] = ["  Fingerprint : {md5}"];
const BENCH: [&str; 2] = ["--phase", "bench"];

fn spare() -> String {
    RouterSpec::new("spare").serial()
}

fn enrolled(bench: &Bench) -> String {
    fs::read_to_string(bench.path("state/known_hosts.enrolled")).unwrap_or_default()
}

/// The old box was saved over its console, which has shown its key, and reached over SSH since; then the new one stands in its place.
fn old_box_known() -> Bench {
    let bench = bench_with_spare(&SHOWN);
    let fingerprint = |id: &str| bench.endpoint(id).fingerprint.clone().unwrap();
    assert_ne!(fingerprint("r3"), fingerprint("spare"));
    bench.run(&["apply", "keys.yaml", "-i", console_inventory(&bench), "-l", "r3", "--yes"]).exits(0);
    template(&bench, 2);
    over_ssh(&bench, "keys.yaml").exits(0);
    assert!(enrolled(&bench).contains("MD5:"));
    exchange(&bench);
    bench
}

/// A change over SSH at the address of the router.
fn over_ssh(bench: &Bench, book: &str) -> crate::harness::Run {
    bench.run(&["apply", book, "-i", "clinics.yaml", "-l", "r3", "--yes", "--format", "json"])
}

/// The console of the new box, in an inventory that also names its address.
fn swap(bench: &Bench, book: &str, more: &[&str]) -> crate::harness::Run {
    let inventory = new_console(bench);
    let words = ["apply", book, "-i", &inventory, "--replace", "r3", "--serial-number", &spare(), "--yes"];
    bench.run(&[&words[..], more].concat())
}

fn new_console(bench: &Bench) -> String {
    let (old, new) = (console(bench, "r3"), console(bench, "spare"));
    let name = console_inventory(bench);
    let text = fs::read_to_string(bench.path(name)).unwrap();
    fs::write(bench.path(name), text.replacen(&old, &new, 1)).unwrap();
    name.to_owned()
}

/// The new box saves, and not within the time that it is given: its router is lost, and left to a person.
fn saves_too_slowly(bench: &Bench) {
    let slow = Fault::Slow { when: When::matching("^write memory"), millis: 3000, times: 1 };
    bench.mock.inject("spare", slow).unwrap();
    for name in ["clinics.yaml", "console.yaml"] {
        let text = fs::read_to_string(bench.path(name)).unwrap();
        let hasty = text.replace("reload: 3s }", "reload: 3s, save: 1s }");
        assert_ne!(hasty, text);
        fs::write(bench.path(name), hasty).unwrap();
    }
}

fn proof(run: &Value) -> &str {
    run["routers"][0]["connection"]["host_key"]["proof"].as_str().unwrap()
}

/// The inventory names the new box from now on.
fn declare_new_box(bench: &Bench) {
    let text = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let declared = text.replace(&RouterSpec::new("r3").serial(), &spare());
    assert_ne!(declared, text);
    fs::write(bench.path("clinics.yaml"), declared).unwrap();
}

/// Over SSH the new box is trusted by what it has shown, and the old one is refused should it come back.
fn only_the_new_box_is_trusted(bench: &Bench) {
    declare_new_box(bench);
    template(bench, 5);
    let run = over_ssh(bench, "keys.yaml").exits(0).json();
    assert_eq!(proof(&run), "enrolled", "{run:#}");
    fs::remove_file(bench.path("state/known_hosts")).unwrap();
    exchange(bench);
    fs::rename(bench.path("state/known_hosts.enrolled"), bench.path("state/of-new")).unwrap();
    let port = |id: &str| bench.endpoint(id).port.unwrap().to_string();
    let moved = fs::read_to_string(bench.path("state/of-new")).unwrap().replace(&port("spare"), &port("r3"));
    fs::write(bench.path("state/known_hosts.enrolled"), moved).unwrap();
    over_ssh(bench, "keys.yaml").exits(3).says("ssh.host-key-not-enrolled");
}

/// Neither key is trusted, whichever box answers, until a person says so; the refusal says how.
fn none_is_trusted_until_a_person_says_so(bench: &Bench) {
    assert!(!enrolled(bench).contains("MD5:"), "{}", enrolled(bench));
    declare_new_box(bench);
    template(bench, 5);
    let refused = over_ssh(bench, "plain.yaml").exits(3).says("ssh.host-key-unknown");
    refused.says_wrapped("compare the fingerprint with the one shown on the router's console");
    let words = ["apply", "plain.yaml", "-i", "clinics.yaml", "-l", "r3", "--yes", "--record-host-key"];
    bench.run(&words).exits(0);
}

#[test]
fn a_swap_forgets_what_the_old_box_has_shown_and_trusts_what_the_new_one_shows() {
    let bench = old_box_known();
    let run = swap(&bench, "keys.yaml", &["--format", "json"]).exits(0).json();
    assert_eq!(run["routers"][0]["enrolled"]["serial_number"], spare(), "{run:#}");
    only_the_new_box_is_trusted(&bench);
}

#[test]
fn a_swap_in_which_no_key_is_shown_leaves_none_trusted_until_a_person_says_so() {
    let bench = old_box_known();
    swap(&bench, "plain.yaml", &[]).exits(0);
    none_is_trusted_until_a_person_says_so(&bench);
}

#[test]
fn a_swap_that_is_undone_keeps_what_the_old_box_has_shown() {
    let bench = old_box_known();
    let files = || ["state/known_hosts", "state/known_hosts.enrolled"].map(|name| fs::read(bench.path(name)).unwrap());
    let before = files();
    bench.mock.inject("spare", Fault::refuse(When::matching("description clinic-2"))).unwrap();
    swap(&bench, "keys.yaml", &[]).exits(3).says("undone");
    assert_eq!(files(), before);
}

#[test]
fn a_swap_on_a_visit_enrols_what_the_new_box_shows() {
    let bench = old_box_known();
    let mut engineer = visit(&bench);
    engineer.sees("Saved and proven");
    engineer.sees("leave:");
    engineer.types("q");
    engineer.ends(0);
    only_the_new_box_is_trusted(&bench);
}

/// A visit at the console of the new box, as far as the push.
fn visit(bench: &Bench) -> Engineer {
    let number = spare();
    let more = [&BENCH[..], &["--replace", "-l", "r3"]].concat();
    let mut engineer = Engineer::with(bench, &console(bench, "spare"), "keys.yaml", &more);
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees_words("Is this box swapped for that of:");
    engineer.sees("leave:");
    engineer.types("y");
    engineer.sees_words("type the last 4 characters");
    engineer.types(&number[number.len() - 4..]);
    engineer.sees("[p] ports:");
    engineer.types("y");
    engineer
}

#[test]
fn a_swap_whose_save_was_too_slow_is_resumed_and_enrols_what_the_new_box_shows() {
    for (book, is_shown) in [("keys.yaml", true), ("plain.yaml", false)] {
        let bench = old_box_known();
        saves_too_slowly(&bench);
        swap(&bench, book, &[]).exits(4).says("router.lost");
        let inventory = new_console(&bench);
        let resume = ["resume", "last", "-i", &inventory, "--yes", "--take-over"];
        bench.run(&resume).exits(0);
        match is_shown {
            true => only_the_new_box_is_trusted(&bench),
            false => none_is_trusted_until_a_person_says_so(&bench),
        }
    }
}

#[test]
fn a_restored_new_box_is_not_held_to_what_the_old_one_has_shown() {
    for (on_console, is_cut_off) in [(true, false), (true, true), (false, false)] {
        let bench = old_box_known();
        let block = "interface GigaEthernet1.0\n";
        let wanted = bench.running("spare").replace(block, &format!("{block}  description clinic-4\n"));
        fs::write(bench.path("wanted.cfg"), wanted).unwrap();
        let inventory = if on_console { new_console(&bench) } else { "clinics.yaml".to_owned() };
        let words = ["restore", "r3", "--from", "wanted.cfg", "-i", &inventory, "--yes", "--replaced"];
        let restore = || bench.run(&[&words[..], &["--serial-number", &spare()]].concat());
        if is_cut_off {
            saves_too_slowly(&bench);
            restore().exits(4).says("router.lost");
            bench.run(&["resume", "last", "-i", &inventory, "--yes", "--take-over"]).exits(0);
        } else {
            restore().exits(0);
        }
        assert!(!enrolled(&bench).contains("MD5:"), "{}", enrolled(&bench));
        declare_new_box(&bench);
        template(&bench, 5);
        match on_console {
            true => drop(over_ssh(&bench, "plain.yaml").exits(3).says("ssh.host-key-unknown")),
            false => assert_eq!(proof(&over_ssh(&bench, "plain.yaml").exits(0).json()), "known-hosts"),
        }
    }
}
