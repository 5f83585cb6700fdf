//! The newest backup of a router, the age of its passwords and who shares them: by a journal of its own, with no router and no network.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::backups::BackupSource;
use super::{PasswordAge, RouterSecurity, Security, SecurityRequest, security};
use crate::cancel::Cancel;
use crate::ix::Identity;
use crate::ix::security::{Answer, Fact};
use crate::journal::{Journal, RunLog};
use crate::message::Text;
use crate::record::{Kind, Readers};
use crate::run::{NoOperator, RunEnv};

const INVENTORY: &str = "version: 1\nsites:\n  sato:\n    title: Sato Clinic\n    routers:\n      r1: { model: IX2215, connection: mock }\n      r2: { model: IX2215, connection: mock, identity: { serial_number: S2 } }\n";

/// A folder with an inventory, and a journal.
struct Bench {
    folder: tempfile::TempDir,
    journal: Arc<Journal>,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("clinics.yaml"), INVENTORY).unwrap();
        let journal = Arc::new(Journal::open(&folder.path().join("state"), Arc::new(())).unwrap());
        Self { folder, journal }
    }

    /// A run that has backed a router up before a change, and after it where it was saved.
    fn run(&self, router: &str, serial: &str, before: &str, after: Option<&str>) -> String {
        let begun = Kind::Begun {
            action: "apply".to_owned(),
            by: "tanaka".to_owned(),
            machine: "laptop".to_owned(),
            version: "0".to_owned(),
            inventory: "clinics.yaml".to_owned(),
            source: "book.yaml".to_owned(),
            title: None,
            plan_sha256: None,
            routers: vec![router.to_owned()],
            places: Vec::new(),
            policy: None,
        };
        let log = RunLog::begin(Arc::clone(&self.journal), &Readers::default(), begun).unwrap();
        let journal = log.router_journal(&Readers::default(), router, "sato", 1);
        let known = |text: &str| Some(text.to_owned());
        let identity = Identity {
            model: known("IX2215"),
            serial_number: known(serial),
            firmware: known("10.8.27"),
            host_name: None,
        };
        let backed_up = Kind::BackedUp {
            identity,
            started_at: None,
            running: String::new(),
            taken_over: false,
            clock_offset: None,
        };
        journal.record(backed_up).unwrap();
        let texts = serde_json::json!({ "model": "IX2215", "running": before, "startup": null, "login_proven": false });
        assert!(journal.seal("before", &serde_json::to_vec(&texts).unwrap()).unwrap().is_none());
        if let Some(after) = after {
            assert!(journal.seal("after", after.as_bytes()).unwrap().is_none());
        }
        log.run().as_str().to_owned()
    }

    fn report(&self, limit: Option<&str>, from_backup: Option<&Path>) -> Security {
        let request = SecurityRequest {
            inventory: self.folder.path().join("clinics.yaml"),
            limit: limit.map(str::to_owned),
            from_backup: from_backup.map(Path::to_owned),
            checklist: None,
            contacts: false,
            now: SystemTime::now() + Duration::from_secs(3 * 24 * 60 * 60 + 60),
        };
        let state = self.folder.path().join("state");
        let env = RunEnv::new(state, Arc::new(NoOperator), Readers::default(), Cancel::default());
        security(&env, &self.journal, &request).unwrap()
    }
}

fn answer(one: &RouterSecurity, fact: Fact) -> Answer {
    one.findings.iter().find(|finding| finding.fact == fact).unwrap().answer
}

fn user(hash: &str) -> String {
    format!("username admin password hash {hash} administrator\nssh-server ip enable\n")
}

#[test]
fn the_newest_backup_is_what_ran_after_the_last_change_and_its_box_is_proven() {
    let bench = Bench::new();
    bench.run("r1", "S1", "hostname old\n", Some("hostname between\n"));
    let last = bench.run("r1", "S1", "hostname between\n", Some("telnet-server ip enable\n"));
    let found = bench.report(Some("r1"), None);
    let [one] = &found.routers[..] else { panic!("{found:?}") };
    let used = one.backup.as_ref().unwrap();
    assert_eq!((&used.source, used.days), (&BackupSource::Run { run: last, is_after: true }, Some(3)));
    assert_eq!(answer(one, Fact::TelnetServer), Answer::Yes);
    assert_eq!((answer(one, Fact::VerifiedBackup), answer(one, Fact::Ledger)), (Answer::Yes, Answer::Yes));
    assert_eq!(one.identity.firmware.as_deref(), Some("10.8.27"));
}

#[test]
fn a_router_without_a_backup_and_one_of_another_box_are_said() {
    let bench = Bench::new();
    bench.run("r2", "S3", "hostname a\n", None);
    let found = bench.report(None, None);
    let [none, other] = &found.routers[..] else { panic!("{found:?}") };
    assert!(none.backup.is_err());
    assert_eq!(none.findings.len(), Fact::ALL.len());
    assert_eq!((answer(none, Fact::SshServer), answer(none, Fact::VerifiedBackup)), (Answer::NotKnown, Answer::No));
    assert_eq!(answer(other, Fact::VerifiedBackup), Answer::No, "the inventory says S2");
}

#[test]
fn a_password_that_is_kept_alike_is_shared_and_of_other_hashes_it_is_not_known() {
    let bench = Bench::new();
    bench.run("r1", "S1", &user("AAAA1111"), None);
    bench.run("r2", "S2", &user("AAAA1111"), None);
    let found = bench.report(None, None);
    for (one, other) in [(0, "r2: admin"), (1, "r1: admin")] {
        let one = &found.routers[one];
        assert_eq!((one.users[0].shared, &*one.users[0].shared_with), (Answer::Yes, &[other.to_owned()][..]));
        assert_eq!(answer(one, Fact::PasswordsShared), Answer::Yes);
    }
    assert!(!format!("{found:?}").contains("AAAA1111"));
    bench.run("r2", "S2", &user("BBBB2222"), None);
    let found = bench.report(None, None);
    assert!(found.routers.iter().all(|one| answer(one, Fact::PasswordsShared) == Answer::NotKnown));
}

#[test]
fn the_age_of_a_password_is_that_of_the_run_that_set_it_or_of_the_oldest_backup_that_has_it() {
    let bench = Bench::new();
    let first = bench.run("r1", "S1", &user("AAAA1111"), None);
    let age = |bench: &Bench| bench.report(Some("r1"), None).routers[0].users[0].age.clone();
    assert!(matches!(age(&bench), PasswordAge::SeenSince { run, .. } if run == first));
    let set = bench.run("r1", "S1", &user("AAAA1111"), Some(&user("BBBB2222")));
    bench.run("r1", "S1", &user("BBBB2222"), Some(&user("BBBB2222")));
    assert!(matches!(age(&bench), PasswordAge::SetBy { run, .. } if run == set));
    let since = bench.run("r1", "S1", &user("CCCC3333"), None);
    assert!(matches!(age(&bench), PasswordAge::SeenSince { run, .. } if run == since), "changed by someone else");
}

#[test]
fn files_that_are_named_are_used_instead_and_prove_nothing() {
    let bench = Bench::new();
    bench.run("r1", "S1", "hostname a\n", None);
    let backups = bench.folder.path().join("backups");
    std::fs::create_dir_all(backups.join("r1")).unwrap();
    let header = "! NEC Portable Internetwork Core Operating System Software\n! IX Series IX2215 (magellan-sec) Software, Version 10.7.18, RELEASE SOFTWARE\n! Current time May 26-Sun-2024 16:08:00 JST\n";
    std::fs::write(backups.join("r1").join("running.cfg"), format!("{header}telnet-server ip enable\n")).unwrap();
    let found = bench.report(None, Some(&backups));
    let [one, none] = &found.routers[..] else { panic!("{found:?}") };
    let used = one.backup.as_ref().unwrap();
    assert_eq!(used.shown.as_deref(), Some("May 26-Sun-2024 16:08:00 JST"));
    assert!(used.days.is_some_and(|days| days > 900), "by the router's word, not the file's: {used:?}");
    assert_eq!((answer(one, Fact::TelnetServer), answer(one, Fact::VerifiedBackup)), (Answer::Yes, Answer::NotKnown));
    assert_eq!(one.identity.firmware.as_deref(), Some("10.7.18"));
    assert!(none.backup.as_ref().is_err_and(|why| why != &Text::default()), "the folder has no file of it");
}
