//! From the office to a laptop and back, without a router: what is in a kit, what reaches a disk, and what is refused.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::{
    KitRequest, VisitRequest, build_kit, is_visit_file, make_office_key, open_kit, receive_visit, seal_visit, show_kit,
};
use crate::cancel::Cancel;
use crate::ix::Identity;
use crate::journal::RunLog;
use crate::kit::Cost;
use crate::message::{Explain as _, Text};
use crate::record::{Ending, Kind, Outcome, Place, Readers};
use crate::run::error::RunError;
use crate::run::operator::{Approval, IdentityQuestion, Notice, Operator};
use crate::run::portable::ImportEnd;
use crate::run::{RunEnv, RunOptions};
use crate::secret::{Again, CredentialName, Prompter, Secret};
use crate::state::State;
use crate::transaction::{Decisions, FailedChecks, LostRouter, RecoveryChoice};

pub(super) const PASSPHRASE: &str = "CanaryPassphrase one two three";
const SECRET: &str = "CanaryCredential1Pw";
const STATE: &str = "hostname r1\nusername admin password hash CanaryHash1@ administrator\n";
pub(super) const INVENTORY: &str = "version: 1\n\
    credentials:\n  admin-password: { prompt: admin }\n  unused: { env: IXDEPLOY_TEST_NOT_SET }\n\
    sites:\n  sato:\n    title: 佐藤医院\n    routers:\n      r1:\n        model: IX2215\n        role: plain\n\
    \x20       connection: { ssh: { host: 192.0.2.1, user: admin, password: admin-password } }\n\
    \x20 suzuki:\n    title: 鈴木医院\n    routers:\n      r2:\n        model: IX2215\n        role: plain\n\
    \x20       connection: { ssh: { host: 192.0.2.2, user: admin, password: unused } }\n";
const BOOK: &str = "version: 1\nname: book\nplays:\n  - roles: [plain]\n";
const ROLE: &str = "version: 1\ntitle: plain\nowns: [hostname]\ntemplates: [r.ix.j2]\n";

/// Types the passphrase where a kit asks, a secret elsewhere, and keeps what it is told.
#[derive(Default)]
pub(super) struct Typist {
    passphrase: Option<&'static str>,
    /// How often another one is typed first.
    slips: AtomicUsize,
    told: Mutex<Vec<String>>,
}

impl Prompter for Typist {
    fn ask(&self, question: &Text) -> Result<Secret, String> {
        let is_kit = question.en.starts_with("passphrase of the kit ");
        assert_eq!(is_kit, question.ja.contains("のパスフレーズ"), "{question:?}");
        assert_eq!(question.en.ends_with("(12 characters or more)"), question.ja.ends_with("(12 文字以上)"));
        let slips = |left: usize| left.checked_sub(1);
        if is_kit && self.slips.fetch_update(Ordering::SeqCst, Ordering::SeqCst, slips).is_ok() {
            return Ok(Secret::new("a slip of the finger".to_owned()));
        }
        let typed = if is_kit { self.passphrase.unwrap_or(PASSPHRASE) } else { SECRET };
        Ok(Secret::new(typed.to_owned()))
    }
    fn ask_again(&self, question: &Text, _: Again) -> Result<Secret, String> {
        self.ask(question)
    }
    fn never_agreed(&self) -> String {
        String::new()
    }
}

impl Decisions for Typist {
    fn choose_recovery(&self, _: &LostRouter) -> Option<RecoveryChoice> {
        None
    }
    fn save_unverified(&self, _: &FailedChecks) -> Option<String> {
        None
    }
}

impl Operator for Typist {
    fn is_present(&self) -> bool {
        true
    }
    fn approve(&self, _: &Approval) -> Option<bool> {
        None
    }
    fn type_serial_number(&self, _: &IdentityQuestion<'_>) -> Option<String> {
        None
    }
    fn tell(&self, notice: &Notice<'_>) {
        if let Notice::Note(text) | Notice::Warning(text) = notice {
            self.told.lock().unwrap().push(text.en.clone());
        }
    }
}

/// An office and a laptop, each with a state folder.
pub(super) struct Places {
    dir: tempfile::TempDir,
}

impl Places {
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let place = Self { dir };
        fs::create_dir_all(place.path("playbooks/roles/plain")).unwrap();
        fs::write(place.path("clinics.yaml"), INVENTORY).unwrap();
        fs::write(place.path("playbooks/book.yaml"), BOOK).unwrap();
        fs::write(place.path("playbooks/roles/plain/role.yaml"), ROLE).unwrap();
        fs::write(place.path("playbooks/roles/plain/r.ix.j2"), "hostname {{ router.name }}\n").unwrap();
        place
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(super) fn env(&self, state: &str, typist: Typist) -> RunEnv {
        RunEnv::new(self.path(state), Arc::new(typist), Readers::default(), Cancel::default())
    }

    pub(super) fn office(&self) -> RunEnv {
        self.env("office", Typist::default())
    }

    pub(super) fn laptop(&self) -> RunEnv {
        self.env("laptop", Typist::default())
    }

    pub(super) fn request(&self) -> KitRequest {
        KitRequest {
            playbooks: vec![self.path("playbooks/book.yaml")],
            inventory: self.path("clinics.yaml"),
            sites: "sato".to_owned(),
            day: "2026-12-01".parse().unwrap(),
            file: self.path("sato.kit"),
            cost: Cost { memory_kib: 8, passes: 1, lanes: 1 },
        }
    }

    /// A run that saved `r1`, in a journal.
    pub(super) fn saved_run(&self, env: &RunEnv) -> String {
        let readers = Readers::default();
        let place = Place { router: "r1".to_owned(), site: "sato".to_owned() };
        let begun = Kind::Begun {
            action: "apply".to_owned(),
            by: "sato".to_owned(),
            machine: "field".to_owned(),
            version: "0".to_owned(),
            inventory: "clinics.yaml".to_owned(),
            source: "book.yaml".to_owned(),
            title: None,
            plan_sha256: None,
            routers: vec!["r1".to_owned()],
            places: vec![place],
            policy: None,
        };
        let log = RunLog::begin(env.journal().unwrap(), &readers, begun).unwrap();
        let ledger = log.router_journal(&readers, "r1", "sato", 1);
        let kept = serde_json::json!({ "commands": ["hostname r1"], "undo": ["no hostname"] });
        ledger.record(Kind::Intended { site: "sato".to_owned(), kept, adopt: false, take_over: false }).unwrap();
        let identity = Identity {
            model: Some("IX2215".to_owned()),
            serial_number: Some("2001A00001".to_owned()),
            ..Identity::default()
        };
        let (started_at, running) = (None, "h".to_owned());
        ledger.record(Kind::BackedUp { identity, started_at, running, taken_over: false, clock_offset: None }).unwrap();
        ledger.seal("after", STATE.as_bytes()).unwrap();
        ledger.record(Kind::Moved { state: State::Saved }).unwrap();
        ledger.record(Kind::Ended(Box::new(Ending::of(&Outcome::new("r1", "sato", State::Saved))))).unwrap();
        log.recorder(&readers).record(Kind::RunEnded { exit: 0 }).unwrap();
        log.run().as_str().to_owned()
    }
}

/// Every byte of every file below a folder.
pub(super) fn all_bytes(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { bytes.extend(all_bytes(&path)) } else { bytes.extend(fs::read(path).unwrap()) }
    }
    bytes
}

pub(super) fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

pub(super) fn code(error: &RunError) -> &'static str {
    error.code()
}

#[test]
fn a_kit_has_what_its_sites_need_and_nothing_of_others() {
    let place = Places::new();
    let office = place.office();
    let run = place.saved_run(&office);
    make_office_key(&office).unwrap();
    let built = build_kit(&office, &place.request()).unwrap();
    assert_eq!(built.credentials, ["admin-password"]);
    assert!(built.office);
    let [router] = built.routers.as_slice() else { panic!("{built:?}") };
    assert_eq!((router.run.as_deref(), router.serial_number.as_deref()), (Some(&*run), Some("2001A00001")));
    let shown = show_kit(&place.laptop(), &place.path("sato.kit")).unwrap();
    assert_eq!(shown.about.day, "2026-12-01");
    assert_eq!(
        shown.files,
        [
            "inventory/clinics.yaml",
            "playbooks/book.yaml",
            "playbooks/roles/plain/r.ix.j2",
            "playbooks/roles/plain/role.yaml"
        ]
    );
    let opened = open_kit(&place.laptop(), &place.path("sato.kit"), &place.path("visit")).unwrap();
    assert_eq!(opened.sites.len(), 1);
    let files = all_bytes(&place.path("visit"));
    assert!(holds(&files, "佐藤医院") && !holds(&files, "鈴木") && !holds(&files, "192.0.2.2"));
    let words = fs::read_to_string(place.path("visit/ixdeploy.yaml")).unwrap();
    assert_eq!(words, "version: 1\ninventory: \"inventory/clinics.yaml\"\nplaybook: \"playbooks/book.yaml\"\n");
}

#[test]
fn a_host_that_only_a_key_opens_is_named_with_the_routers_that_need_it() {
    let place = Places::new();
    let gates = "admin-password, jump: [{ host: gate.example, user: u, key_file: keys/gate, passphrase: admin-password }, \
         { host: agent.example, port: 2222, user: u }, { host: typed.example, user: u, password: admin-password }] }";
    let inventory = INVENTORY.replace(
        "host: 192.0.2.1, user: admin, password: admin-password }",
        &format!("host: 192.0.2.1, user: admin, password: {gates}"),
    );
    assert_ne!(inventory, INVENTORY);
    fs::write(place.path("clinics.yaml"), inventory).unwrap();
    let built = build_kit(&place.office(), &place.request()).unwrap();
    let found: Vec<_> = built.without_proof.iter().map(|one| (one.host.as_str(), one.key_file.is_some())).collect();
    assert_eq!(found, [("agent.example:2222", false), ("gate.example:22", true)]);
    assert!(built.without_proof.iter().all(|one| one.routers == ["r1"]), "{built:?}");
    let file = built.without_proof[1].key_file.as_ref().unwrap();
    assert!(file.ends_with("keys/gate"), "{}", file.display());
}

#[test]
fn no_secret_of_a_kit_reaches_a_disk_of_the_laptop() {
    let place = Places::new();
    let office = place.office();
    place.saved_run(&office);
    build_kit(&office, &place.request()).unwrap();
    let laptop = place.laptop();
    let opened = open_kit(&laptop, &place.path("sato.kit"), &place.path("visit")).unwrap();
    let options = RunOptions::default();
    super::states_of_kit(&laptop, &place.path("sato.kit"), &options).unwrap();
    let name = CredentialName::new("admin-password").unwrap();
    let known = options.secrets.all();
    assert!(known.iter().any(|(known, value)| *known == name && value.expose() == SECRET));
    for folder in ["visit", "laptop"] {
        let folder = place.path(folder);
        let bytes = if folder.exists() { all_bytes(&folder) } else { Vec::new() };
        assert!(!holds(&bytes, "Canary"), "{}", folder.display());
    }
    assert!(!holds(&fs::read(place.path("sato.kit")).unwrap(), "Canary"));
    let shown = show_kit(&laptop, &place.path("sato.kit")).unwrap();
    assert!(!format!("{opened:?} {shown:?} {options:?}").contains("Canary"));
    assert!(!serde_json::to_string(&shown).unwrap().contains("Canary"));
}

#[test]
fn another_passphrase_says_so_and_nothing_else_and_writes_nothing() {
    let place = Places::new();
    build_kit(&place.office(), &place.request()).unwrap();
    let wrong = place.env("laptop", Typist { passphrase: Some("another one, long enough"), ..Typist::default() });
    let error = open_kit(&wrong, &place.path("sato.kit"), &place.path("visit")).unwrap_err();
    assert_eq!(code(&error), "kit.passphrase");
    assert!(!error.to_string().contains("another one") && !place.path("visit").exists(), "{error}");
}

#[test]
fn a_mistyped_passphrase_is_asked_for_again_and_the_third_one_is_the_last() {
    let place = Places::new();
    build_kit(&place.office(), &place.request()).unwrap();
    for (slips, opens) in [(2, true), (3, false)] {
        let laptop = place.env("laptop", Typist { slips: AtomicUsize::new(slips), ..Typist::default() });
        assert_eq!(show_kit(&laptop, &place.path("sato.kit")).is_ok(), opens, "{slips}");
    }
}

#[test]
fn a_passphrase_that_is_soon_guessed_is_refused() {
    let place = Places::new();
    let office = place.env("office", Typist { passphrase: Some("elevenchars"), ..Typist::default() });
    assert_eq!(code(&build_kit(&office, &place.request()).unwrap_err()), "kit.short-passphrase");
    assert!(!place.path("sato.kit").exists());
}

#[test]
fn nothing_is_written_over() {
    let place = Places::new();
    let (office, laptop) = (place.office(), place.laptop());
    build_kit(&office, &place.request()).unwrap();
    assert_eq!(code(&build_kit(&office, &place.request()).unwrap_err()), "kit.exists");
    fs::create_dir(place.path("visit")).unwrap();
    fs::write(place.path("visit/mine"), "x").unwrap();
    let error = open_kit(&laptop, &place.path("sato.kit"), &place.path("visit")).unwrap_err();
    assert_eq!(code(&error), "kit.exists");
    assert_eq!(fs::read_dir(place.path("visit")).unwrap().count(), 1);
}

#[test]
fn a_part_that_would_say_something_else_is_refused() {
    let place = Places::new();
    let shared = INVENTORY.replace("    title: 佐藤医院\n", "    title: &name 佐藤医院\n").replace("鈴木医院", "*name");
    fs::write(place.path("clinics.yaml"), shared).unwrap();
    let request = KitRequest { sites: "suzuki".to_owned(), ..place.request() };
    assert!(build_kit(&place.office(), &request).is_err());
    assert!(!place.path("sato.kit").exists());
}

#[test]
fn a_kit_for_another_day_is_a_reminder_and_opens() {
    let place = Places::new();
    let request = KitRequest { day: "2001-01-01".parse().unwrap(), ..place.request() };
    build_kit(&place.office(), &request).unwrap();
    let typist = Arc::new(Typist::default());
    let laptop = RunEnv::new(place.path("laptop"), Arc::clone(&typist) as _, Readers::default(), Cancel::default());
    open_kit(&laptop, &place.path("sato.kit"), &place.path("visit")).unwrap();
    let told = typist.told.lock().unwrap().concat();
    assert!(told.contains("the kit is for 2001-01-01"), "{told}");
}

#[test]
fn the_records_of_a_visit_come_back_to_the_office_alone() {
    let place = Places::new();
    let (office, laptop) = (place.office(), place.laptop());
    make_office_key(&office).unwrap();
    build_kit(&office, &place.request()).unwrap();
    open_kit(&laptop, &place.path("sato.kit"), &place.path("visit")).unwrap();
    let request = |file: &str| VisitRequest {
        folder: place.path("visit"),
        runs: Vec::new(),
        file: place.path(file),
        page: &|_| "<p>page</p>".to_owned(),
    };
    let journal = laptop.journal().unwrap();
    assert_eq!(code(&seal_visit(&journal, &request("none.visit")).unwrap_err()), "kit.nothing-to-return");
    let run = place.saved_run(&laptop);
    let sealed = seal_visit(&journal, &request("sato.visit")).unwrap();
    assert_eq!(sealed.runs, std::slice::from_ref(&run));
    let file = place.path("sato.visit");
    assert!(is_visit_file(&file) && !holds(&fs::read(&file).unwrap(), &run));
    let received = receive_visit(&office.journal().unwrap(), &file).unwrap();
    let [imported] = received.imported.as_slice() else { panic!("{received:?}") };
    assert_eq!((imported.end, imported.record.imported.as_str()), (ImportEnd::Taken, run.as_str()));
    assert!(received.refused.is_empty());
    let again = receive_visit(&office.journal().unwrap(), &file).unwrap();
    assert_eq!(again.imported.first().map(|one| one.end), Some(ImportEnd::Known));
    assert_eq!(code(&receive_visit(&journal, &file).unwrap_err()), "kit.no-key-here");
    let other = place.env("other", Typist::default());
    make_office_key(&other).unwrap();
    assert_eq!(code(&receive_visit(&other.journal().unwrap(), &file).unwrap_err()), "kit.other-office");
}

#[test]
fn the_offices_key_is_made_once() {
    let place = Places::new();
    let office = place.office();
    let (first, second) = (make_office_key(&office).unwrap(), make_office_key(&office).unwrap());
    assert!(first.made && !second.made);
    assert_eq!(first.public, second.public);
    fs::write(&first.file, "short").unwrap();
    assert_eq!(make_office_key(&office).unwrap_err().code(), "kit.office-key");
}
