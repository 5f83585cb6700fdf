//! Whole visits on screens of 80 columns and 24 lines, in both languages, as snapshots: each screen is that of the built program at the paced
//! console of a mock router. The field guide shows these screens.
//!
//! What differs from run to run is drawn over in its own width. A changed screen is looked at and accepted with
//! `INSTA_UPDATE=always cargo test --test e2e -- field_screens::`; the difference is part of the change.

use std::fs;
use std::path::{Path, PathBuf};

use mock_device::{Fault, RouterSpec, Start, TransportSpec, When};
use regex::Regex;

use crate::engineer::{KEYS, Setting, Terminal};
use crate::harness::{Bench, DEVICE_SECRETS, Declared, PASSWORD, playbook, prepared, router3};
use crate::identity::copy_folder;

/// Bits in a second on the console: a slow wire, on which the tests still end.
const BAUD: u32 = 38_400;
/// How long a router holds a line at which a screen is looked at, or a cable is pulled.
const HELD_MILLIS: u64 = 6000;
const CLINIC: &str = "さとう内科クリニック";
/// The name of the cable in the user's folder.
const CABLE: &str = "ttyUSB0";

/// A visit on a screen.
struct Visit {
    bench: Bench,
    router: &'static str,
    terminal: Option<Terminal>,
    lang: &'static str,
}

/// The visit in each language, side by side.
fn in_both_languages(visit: impl Fn(&'static str) + Sync) {
    std::thread::scope(|scope| {
        let visits = ["en", "ja"].map(|lang| {
            let visit = &visit;
            scope.spawn(move || visit(lang))
        });
        visits.into_iter().for_each(|one| one.join().unwrap());
    });
}

/// A factory box at a clinic with a name.
fn factory_spec() -> RouterSpec {
    let transports = vec![TransportSpec::Serial { baud: Some(BAUD) }];
    RouterSpec { start: Start::FactoryDefault, transports, ..RouterSpec::new("sato-r1") }
}

fn declared() -> Declared {
    Declared { vars: "ntt_area: east".to_owned(), ..Declared::new("sato-r1", "router1") }
}

/// What differs from run to run, drawn over in its own width.
fn same(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, instead) in [
        (r"\b\d{8}-\d{6}-[0-9a-z]{4}\b", "20260401-080512-9f3c"),
        (r"\b[0-9a-f]{64}\b", "9a053415044c82662c81bf3da0a955e46dd11cae7a58a8ae50faf57f92b4f552"),
        (r"in \d\.\d s\b", "in 0.3 s"),
        (r"\d\.\d 秒", "0.3 秒"),
        (r"0 hours \d minutes", "0 hours 3 minutes"),
        (r"\d:\d\d left", "0:02 left"),
        (r"残り \d:\d\d", "残り 0:02"),
    ] {
        text = Regex::new(pattern).unwrap().replace_all(&text, instead).into_owned();
    }
    text
}

impl Visit {
    /// Routers on a bench, the first one's console at the end of a cable.
    fn to(lang: &'static str, router: &'static str, routers: Vec<(RouterSpec, Declared)>) -> Self {
        let bench = Bench::new(routers);
        let path = bench.path("clinics.yaml");
        let named = format!(
            "  sato:\n    title: {CLINIC}\n    reading: さとうないか\n    code: \"1312345\"\n    phone: 03-0000-0000\n"
        );
        let office = "defaults:\n  support: { name: 運用センター, phone: \"03-0000-0001\" }\nsites:\n";
        let text = fs::read_to_string(&path).unwrap();
        let text = text.replacen("  site-sato-r1:\n", &named, 1).replacen("sites:\n", office, 1);
        fs::write(&path, text).unwrap();
        let visit = Self { bench, router, terminal: None, lang };
        visit.plug();
        visit
    }

    fn console(&self) -> PathBuf {
        self.bench.endpoint(self.router).path.clone().unwrap()
    }

    fn plug(&self) {
        std::os::unix::fs::symlink(self.console(), self.bench.path(CABLE)).unwrap();
    }

    fn pull(&self) {
        fs::remove_file(self.bench.path(CABLE)).unwrap();
    }

    /// Starts the program.
    fn begins(&mut self, book: &str, more: &[&str]) {
        let words = ["field", book, "-i", "clinics.yaml", "--port", CABLE];
        let setting = Setting { lang: self.lang, makes_signs_wide: false };
        self.terminal = Some(Terminal::set_up(&self.bench, setting, &[&words[..], more].concat()));
    }

    fn terminal(&mut self) -> &mut Terminal {
        self.terminal.as_mut().unwrap()
    }

    /// Waits for words in the language of the visit, then for the kept screen.
    fn sees(&mut self, en: &str, ja: &str, name: &str) {
        let words = if self.lang == "en" { en } else { ja };
        self.terminal().sees_kept(words, name, same);
    }

    fn takes(&mut self, keys: &str) {
        self.terminal().takes(keys);
    }

    /// The status that the program ends with.
    fn ends(&mut self, status: i32) {
        self.terminal.take().unwrap().ends(status);
    }
}

#[test]
fn a_factory_box_from_the_cable_to_the_save() {
    in_both_languages(|lang| {
        let spec = factory_spec();
        let serial = spec.serial();
        let held = Fault::Slow { when: When::matching("^bridge irb enable"), millis: HELD_MILLIS, times: 1 };
        let spec = RouterSpec { faults: vec![held], ..spec };
        let declared = Declared { serial_number: None, ..declared() };
        let mut visit = Visit::to(lang, "sato-r1", vec![(spec, declared)]);
        visit.begins(&playbook("online-eligibility.yaml"), &["--phase", "bench"]);
        visit.sees("[q] leave", "[q] 終了", "cable");
        visit.takes("1");
        visit.sees("why:", "理由:", "confirm");
        visit.takes("y");
        visit.sees("last 4 characters", "4 文字", "label");
        visit.takes(&format!("{}\r", &serial[serial.len() - 4..]));
        visit.sees("[c] commands", "[c] コマンド", "question");
        visit.takes("c");
        visit.sees("1/", "1/", "commands");
        visit.takes("p");
        visit.sees("After the change", "変更後", "ports");
        visit.takes("y");
        visit.sees("/46 bridge irb enable", "/46 bridge irb enable", "working");
        visit.sees("[n] next router", "[n] 次のルータ", "saved");
        visit.takes("q");
        let keys = visit.terminal().keys;
        visit.ends(0);
        assert!(keys <= KEYS, "{keys} keys");
        let (running, startup) = visit.bench.snapshot("sato-r1");
        assert!(running == startup && running.contains("bridge-group 1"), "{running}");
    });
}

#[test]
fn a_new_box_in_the_place_of_the_one_that_was_saved_last() {
    in_both_languages(|lang| {
        let [_, _, clerk] = DEVICE_SECRETS;
        let base = Bench::new(vec![(prepared("sato-r1"), router3("sato-r1"))]).running("sato-r1");
        let start = Start::Config(format!("username clerk password plain 1 {clerk} monitor\n{base}"));
        let old = RouterSpec { start, ..prepared("sato-r1") };
        let spare = RouterSpec {
            start: Start::FactoryDefault,
            transports: vec![TransportSpec::Serial { baud: Some(BAUD) }],
            password: PASSWORD.to_owned(),
            ..RouterSpec::new("spare")
        };
        let serial = spare.serial();
        // The inventory does not name the box.
        let undeclared = Declared {
            serial_number: Some("0000000001".to_owned()),
            vars: "ntt_area: east".to_owned(),
            ..Declared::new("spare", "router1")
        };
        let mut visit = Visit::to(lang, "spare", vec![(old, router3("sato-r1")), (spare, undeclared)]);
        visit.bench.apply(&["--phase", "bench", "-l", "sato-r1"]).exits(0);
        let more = ["--phase", "bench", "--replace", "-l", "sato-r1"];
        visit.begins(&playbook("online-eligibility.yaml"), &more);
        visit.terminal().sees("ttyUSB0");
        visit.takes("1");
        visit.sees("why:", "理由:", "swap");
        visit.takes("y");
        visit.sees("username clerk:", "username clerk:", "secret");
        visit.takes(&format!("{clerk}\r"));
        visit.sees("once more", "もう一度", "secret-again");
        visit.takes(&format!("{clerk}\r"));
        visit.sees("last 4 characters", "4 文字", "swap-label");
        visit.takes(&format!("{}\r", &serial[serial.len() - 4..]));
        visit.sees("[c]", "[c]", "swap-question");
        visit.takes("y");
        visit.sees("[n] next router", "[n] 次のルータ", "swap-saved");
        visit.takes("q");
        visit.ends(0);
        let (running, startup) = visit.bench.snapshot("spare");
        assert!(running == startup && running.contains("username clerk password hash"), "{running}");
    });
}

#[test]
fn a_cable_that_is_pulled_twice_and_plugged_in_again() {
    in_both_languages(|lang| {
        let at = When::matching("^bridge irb enable");
        let faults = vec![
            Fault::Slow { when: at.clone(), millis: HELD_MILLIS / 2, times: 1 },
            Fault::Drop { when: at, executed: true, times: 1 },
        ];
        let deadlines = "{ connect: 5s, login: 5s, command: 5s, lock: 1s, reload: 60s }";
        let spec = RouterSpec { faults, ..factory_spec() };
        let mut visit = Visit::to(lang, "sato-r1", vec![(spec, Declared { deadlines, ..declared() })]);
        own_book(&visit.bench, "lost: finish\n");
        visit.begins("own.yaml", &["--phase", "bench"]);
        visit.terminal().sees("ttyUSB0");
        visit.takes("1");
        visit.terminal().sees("sato-r1");
        visit.pull();
        visit.sees("cable", "ケーブル", "pulled-before");
        visit.plug();
        visit.terminal().sees("ttyUSB0");
        visit.takes("1");
        visit.terminal().sees("sato-r1");
        visit.takes("y");
        visit.terminal().sees("[c]");
        visit.takes("y");
        visit.terminal().sees("/46 bridge irb enable");
        visit.pull();
        visit.sees("plug it in again", "挿し直", "pulled");
        visit.plug();
        visit.sees("[n] next router", "[n] 次のルータ", "pulled-saved");
        visit.takes("q");
        visit.ends(0);
        let (running, startup) = visit.bench.snapshot("sato-r1");
        assert!(running == startup && running.contains("bridge-group 1"), "{running}");
    });
}

#[test]
fn a_line_that_is_not_the_one_of_the_role() {
    in_both_languages(|lang| {
        let mut spec = factory_spec();
        spec.delegated_prefix = None;
        spec.advertised_prefix = Some("2001:db8:1000::/64".to_owned());
        spec.readings.advertiser_seen = true;
        let mut visit = Visit::to(lang, "sato-r1", vec![(spec, declared())]);
        let before = visit.bench.snapshot("sato-r1");
        own_book(&visit.bench, "");
        let role = visit.bench.path("roles/router1/role.yaml");
        let text = fs::read_to_string(&role).unwrap().replace("within: 30", "within: 1");
        let (head, rest) = text.split_once("  - name: delegated-prefix").unwrap();
        let required = rest.replacen("level: advisory", "level: required", 1);
        fs::write(&role, format!("{head}  - name: delegated-prefix{required}")).unwrap();
        visit.begins("own.yaml", &[]);
        visit.terminal().sees("ttyUSB0");
        visit.takes("1");
        visit.terminal().sees("sato-r1");
        visit.takes("y");
        visit.terminal().sees("[c]");
        visit.takes("y");
        visit.sees("run the checks again", "確認を再実行", "failed-checks");
        visit.takes("\r");
        visit.sees("[n] next router", "[n] 次のルータ", "undone");
        visit.takes("q");
        visit.ends(3);
        assert_eq!(visit.bench.snapshot("sato-r1"), before);
    });
}

#[test]
fn a_box_that_is_none_of_the_inventory() {
    in_both_languages(|lang| {
        let declared = Declared { serial_number: Some("0000000001".to_owned()), ..declared() };
        let mut visit = Visit::to(lang, "sato-r1", vec![(factory_spec(), declared)]);
        let before = visit.bench.snapshot("sato-r1");
        visit.begins(&playbook("online-eligibility.yaml"), &["--phase", "bench"]);
        visit.terminal().sees("ttyUSB0");
        visit.takes("1");
        visit.sees("q leaves", "q で終了", "no-router");
        visit.takes("さとう\r");
        visit.sees("sato-r1", "sato-r1", "found");
        visit.takes("1\r");
        visit.sees("you chose it", "選択", "chosen");
        visit.takes("y");
        visit.sees("[n] next router", "[n] 次のルータ", "wrong-box");
        visit.takes("q");
        visit.ends(3);
        assert_eq!(visit.bench.snapshot("sato-r1"), before);
    });
}

#[test]
fn a_cable_that_does_not_come_back_leaves_a_screen_for_a_person() {
    in_both_languages(|lang| {
        let at = When::matching("^bridge irb enable");
        let faults = vec![
            Fault::Slow { when: at.clone(), millis: HELD_MILLIS / 2, times: 1 },
            Fault::Drop { when: at, executed: true, times: 1 },
        ];
        let spec = RouterSpec { faults, ..factory_spec() };
        let mut visit = Visit::to(lang, "sato-r1", vec![(spec, declared())]);
        visit.begins(&playbook("online-eligibility.yaml"), &["--phase", "bench"]);
        visit.terminal().sees("ttyUSB0");
        visit.takes("1");
        visit.terminal().sees("sato-r1");
        visit.takes("y");
        visit.terminal().sees("[c]");
        visit.takes("y");
        visit.terminal().sees("/46 bridge irb enable");
        visit.pull();
        visit.sees("[n] next router", "[n] 次のルータ", "lost");
        visit.takes("q");
        visit.ends(4);
    });
}

/// The shipped playbook with a line more, beside its roles.
fn own_book(bench: &Bench, more: &str) {
    copy_folder(Path::new(&playbook("roles")), &bench.path("roles"));
    let text = fs::read_to_string(playbook("online-eligibility.yaml")).unwrap() + more;
    fs::write(bench.path("own.yaml"), text).unwrap();
}

#[test]
fn a_test_from_the_laptop_that_cannot_be_made_is_said_and_attested() {
    in_both_languages(|lang| {
        let mut visit = Visit::to(lang, "sato-r1", vec![(factory_spec(), declared())]);
        own_book(&visit.bench, "");
        let role = visit.bench.path("roles/router1/role.yaml");
        let test = "  - name: medical-closed\n    title: closed to the terminals\n    phase: bench\n    level: advisory\n    within: 1\n    laptop: { lan: 192.168.250.0/24, not: { connect: \"192.168.1.10:445\" } }\n";
        fs::write(&role, fs::read_to_string(&role).unwrap() + test).unwrap();
        visit.begins("own.yaml", &["--phase", "bench"]);
        visit.terminal().sees("ttyUSB0");
        visit.takes("1");
        visit.terminal().sees("sato-r1");
        visit.takes("y");
        visit.terminal().sees("[c]");
        visit.takes("y");
        visit.sees("Return alone: go on", "Enter のみ: 次へ", "hand-over");
        visit.takes("1 ok no answer from the medical side\r");
        visit.sees("[n] next router", "[n] 次のルータ", "attested");
        visit.takes("q");
        visit.ends(0);
    });
}
