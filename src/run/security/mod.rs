//! What is known of the security of routers, from their newest backups and the record alone: no router is asked, and nothing is written.
//!
//! Each answer is yes, no or not known. What it means for a clinic, and whether it suffices for a rule, is not decided here.

mod backups;
mod checklist;
mod passwords;
mod result;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::SystemTime;

use jiff::Timestamp;

pub use self::backups::BackupSource;
pub use self::checklist::{Checklist, ChecklistItem};
pub use self::passwords::PasswordAge;
pub use self::result::{BackupUsed, OtherSecret, RouterSecurity, Security, User};

use self::backups::{Backups, FoundBackup, milliseconds};
use self::passwords::{Fingerprint, Fingerprints, Place, Uses, ages};
use super::backup_ages::days_since_shown;
use super::choice::choose;
use super::env::RunEnv;
use super::error::RunError;
use super::input::load_inventory;
use super::input_error::InputError;
use super::needs_person::Clinic;
use crate::inventory::{Inventory, Router, Site};
use crate::ix::Identity;
use crate::ix::security::{Answer, Fact, Finding, HeldSecret, SecurityFacts, Stored, UserKind};
use crate::journal::{Journal, SealedBackup};
use crate::message::Text;

/// Of which routers, and from what.
#[derive(Debug, Clone)]
pub struct SecurityRequest {
    /// The inventory.
    pub inventory: PathBuf,
    /// Some of its routers; nothing for all.
    pub limit: Option<String>,
    /// A folder of backups that is used instead of those of the journal.
    pub from_backup: Option<PathBuf>,
    /// A checklist of the user.
    pub checklist: Option<PathBuf>,
    /// Whether the clinics' names are looked up: personal data.
    pub contacts: bool,
    /// The time by which ages are counted.
    pub now: SystemTime,
}

/// Reads it.
///
/// # Errors
/// When the inventory, the choice, the checklist, the folder or the journal cannot be read. A router without a backup is no error.
pub fn security(env: &RunEnv, journal: &Journal, request: &SecurityRequest) -> Result<Security, RunError> {
    let inventory = load_inventory(&*env.operator, &request.inventory)?;
    let checklist = request.checklist.as_deref().map(Checklist::read).transpose()?;
    let limit = choose(env, request.limit.as_deref())?;
    let chosen = limit.select(&inventory)?;
    let fingerprints = Fingerprints::new().map_err(|cause| InputError::Machine {
        what: "getrandom".to_owned(),
        cause: std::io::Error::other(cause.to_string()),
    })?;
    let at_ms = milliseconds(request.now).unwrap_or_default();
    let mut reading = Reading {
        journal,
        backups: Backups::of(journal, &inventory, request.from_backup.as_deref())?,
        fingerprints,
        users: Uses::default(),
        secrets: Uses::default(),
        is_all: chosen.len() == inventory.routers().count(),
    };
    let read: Vec<Read<'_>> =
        chosen.into_iter().map(|(site, router)| reading.router(site, router)).collect::<Result<_, _>>()?;
    let whole = Whole { request, inventory: &inventory, reading: &reading, at_ms };
    let routers = read.into_iter().map(|one| whole.router(one)).collect();
    Ok(Security { inventory: request.inventory.display().to_string(), at_ms, routers, checklist })
}

/// The routers while their backups are read one after the other; of each only what is said of it stays, and fingerprints.
struct Reading<'r> {
    journal: &'r Journal,
    backups: Backups<'r>,
    fingerprints: Fingerprints,
    users: Uses,
    secrets: Uses,
    /// The whole inventory is looked at.
    is_all: bool,
}

/// A router whose backup was read.
struct Read<'i> {
    site: &'i Site,
    router: &'i Router,
    found: Result<Seen, Text>,
}

/// What was read.
struct Seen {
    backup: BackupUsed,
    identity: Identity,
    proof: Finding,
    facts: SecurityFacts,
    users: Vec<Option<Fingerprint>>,
    secrets: Vec<Option<Fingerprint>>,
    ages: BTreeMap<(UserKind, String), PasswordAge>,
}

impl Reading<'_> {
    fn router<'i>(&mut self, site: &'i Site, router: &'i Router) -> Result<Read<'i>, RunError> {
        let name = &router.name.value;
        let sealed = self.journal.backups_of(name)?;
        let found = self.backups.newest(router, &sealed).map(|found| self.seen(router, &sealed, found));
        if found.is_err() {
            (self.users.is_incomplete, self.secrets.is_incomplete) = (true, true);
        }
        Ok(Read { site, router, found })
    }

    fn seen(&mut self, router: &Router, sealed: &[SealedBackup], found: FoundBackup) -> Seen {
        let name = &router.name.value;
        let FoundBackup { source, at_ms, shown, identity, config, has_gaps, proof, caveats } = found;
        let mut facts = SecurityFacts::of(&config, has_gaps);
        let of = |secret: &HeldSecret| secret.value.as_ref().map(|value| self.fingerprints.of(value));
        let users: Vec<Option<Fingerprint>> = facts.users.iter().map(|user| of(&user.secret)).collect();
        let secrets: Vec<Option<Fingerprint>> = facts.secrets.iter().map(of).collect();
        for (user, fingerprint) in facts.users.iter().zip(&users) {
            self.users.add(*fingerprint, place(name, &called(user.kind, &user.name)));
        }
        for (secret, fingerprint) in facts.secrets.iter().zip(&secrets) {
            self.secrets.add(*fingerprint, place(name, &secret.line));
        }
        let known = facts.users.iter().zip(&users);
        let now = known.filter_map(|(user, one)| Some(((user.kind, user.name.clone()), (*one)?))).collect();
        let model = identity.model.as_deref().unwrap_or(&router.model.value);
        let of_router = passwords::Router { name, model, fingerprints: &self.fingerprints };
        let ages = ages(self.journal, &of_router, sealed, &now);
        // From here on fingerprints stand for them.
        facts.users.iter_mut().for_each(|user| user.secret.value = None);
        facts.secrets.iter_mut().for_each(|secret| secret.value = None);
        let backup = BackupUsed { source, at_ms, shown, days: None, caveats };
        Seen { backup, identity, proof, facts, users, secrets, ages }
    }
}

/// A user where others are named.
fn called(kind: UserKind, name: &str) -> String {
    match kind {
        UserKind::Login => name.to_owned(),
        UserKind::Web => format!("{name} (web)"),
        UserKind::Snmp => format!("{name} (SNMPv3)"),
    }
}

fn place(router: &str, what: &str) -> Place {
    Place { router: router.to_owned(), what: what.to_owned() }
}

/// All routers, once each was read: only now it is known what they share.
struct Whole<'w> {
    request: &'w SecurityRequest,
    inventory: &'w Inventory,
    reading: &'w Reading<'w>,
    at_ms: i64,
}

impl Whole<'_> {
    fn router(&self, Read { site, router, found }: Read<'_>) -> RouterSecurity {
        let declared = router.expected_identity();
        let name = router.name.value.clone();
        let mut one = RouterSecurity {
            router: name.clone(),
            site: site.name.value.clone(),
            title: router.title.clone(),
            clinic: self.request.contacts.then(|| Clinic::of(Some(self.inventory), &site.name.value)),
            identity: Identity { firmware: None, ..declared.clone() },
            is_serial_number_read: false,
            backup: Err(Text::default()),
            findings: Vec::new(),
            users: Vec::new(),
            secrets: Vec::new(),
            unknown: Vec::new(),
        };
        match found {
            Err(why) => {
                one.findings = Fact::ALL.iter().map(|fact| without_backup(*fact, &why)).collect();
                one.backup = Err(why);
            }
            Ok(mut seen) => {
                one.is_serial_number_read = seen.identity.serial_number.is_some();
                let Identity { model, serial_number, firmware, host_name } = std::mem::take(&mut seen.identity);
                one.identity = Identity {
                    model: model.or(declared.model),
                    serial_number: serial_number.or(declared.serial_number),
                    firmware,
                    host_name: host_name.or(seen.facts.host_name.take()).or(declared.host_name),
                };
                self.users(&mut one, &seen);
                self.secrets(&mut one, &seen);
                one.backup = Ok(BackupUsed { days: self.days(&seen.backup), ..seen.backup });
                one.findings = seen.facts.findings;
                one.findings.extend([ledger(&one), seen.proof, shared(&one.users, self.compared())]);
                one.findings.sort_by_key(|finding| finding.fact);
                one.unknown = seen.facts.unknown;
            }
        }
        one
    }

    /// How old a backup is: by what the router said, where a file holds that, since a file may have been copied.
    fn days(&self, backup: &BackupUsed) -> Option<u64> {
        let now = Timestamp::from_millisecond(self.at_ms).ok()?;
        let shown = backup.shown.as_deref().and_then(|words| days_since_shown(words, now));
        let age = || u64::try_from(self.at_ms.saturating_sub(backup.at_ms?)).ok();
        shown.or_else(|| Some(age()? / DAY_MS))
    }

    fn users(&self, to: &mut RouterSecurity, seen: &Seen) {
        let uses = &self.reading.users;
        for (user, fingerprint) in seen.facts.users.iter().zip(&seen.users) {
            let others = uses.others(*fingerprint, &place(&to.router, &called(user.kind, &user.name)));
            let key = (user.kind, user.name.clone());
            to.users.push(User {
                kind: user.kind,
                name: user.name.clone(),
                right: user.right.clone(),
                stored: user.secret.stored,
                age: seen.ages.get(&key).cloned().unwrap_or(PasswordAge::NotRecorded),
                shared: self.answer(uses, &others, user.secret.stored),
                shared_with: others.iter().map(|place| format!("{}: {}", place.router, place.what)).collect(),
                line: user.secret.line.clone(),
            });
        }
    }

    fn secrets(&self, to: &mut RouterSecurity, seen: &Seen) {
        let uses = &self.reading.secrets;
        for (secret, fingerprint) in seen.facts.secrets.iter().zip(&seen.secrets) {
            let others = uses.others(*fingerprint, &place(&to.router, &secret.line));
            let mut routers: Vec<String> = others.iter().map(|place| place.router.clone()).collect();
            routers.dedup();
            to.secrets.push(OtherSecret {
                line: secret.line.clone(),
                stored: secret.stored,
                shared: self.answer(uses, &others, secret.stored),
                shared_with: routers,
            });
        }
    }

    fn answer(&self, uses: &Uses, others: &[Place], stored: Stored) -> Answer {
        match others.is_empty() {
            false => Answer::Yes,
            true if self.reading.is_all && uses.tells_apart(stored) => Answer::No,
            true => Answer::NotKnown,
        }
    }

    fn compared(&self) -> Text {
        let count = self.reading.users.compared;
        let rest = Text::new(
            "passwords that are kept otherwise may be the same: of hashes, and of routers that were not looked at, it is not known",
            "保存形式が異なっていても同じパスワードの可能性があります(ハッシュの場合と、対象外のルータについては分かりません)",
        );
        Text::new(
            format!("{count} password(s) were compared as they are kept; {}", rest.en),
            format!("保存されている形のまま {count} 件を比較。{}", rest.ja),
        )
    }
}

/// A day in milliseconds.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Of a router without a backup nothing is known.
fn without_backup(fact: Fact, why: &Text) -> Finding {
    let answer = if fact == Fact::VerifiedBackup { Answer::No } else { Answer::NotKnown };
    Finding { fact, answer, lines: Vec::new(), reasons: vec![why.clone()] }
}

fn ledger(one: &RouterSecurity) -> Finding {
    let Identity { model, serial_number, firmware, .. } = &one.identity;
    let mut reasons = Vec::new();
    let parts = [
        (model.is_none(), Text::new("the model is not known", "機種が分かりません")),
        (serial_number.is_none(), Text::new("the serial number is not known", "製造番号が分かりません")),
        (firmware.is_none(), Text::new("the firmware is not known", "ファームウェアが分かりません")),
    ];
    reasons.extend(parts.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, why)| why));
    let answer = if reasons.is_empty() { Answer::Yes } else { Answer::No };
    if serial_number.is_some() && !one.is_serial_number_read {
        reasons.push(Text::new(
            "the serial number is the inventory's, not read from the box",
            "製造番号はインベントリの記載で、機器から読み取ったものではありません",
        ));
    }
    Finding { fact: Fact::Ledger, answer, lines: Vec::new(), reasons }
}

fn shared(users: &[User], compared: Text) -> Finding {
    let (answer, reasons) = match users.is_empty() {
        true => (Answer::NotKnown, vec![Text::new("there is no user", "ユーザがありません")]),
        false => match Answer::any(users.iter().map(|user| user.shared)) {
            Answer::Yes => {
                let with: Vec<&str> = users.iter().flat_map(|user| &user.shared_with).map(String::as_str).collect();
                let some = with.iter().take(SOME).copied().collect::<Vec<_>>().join(", ");
                let more = with.len().saturating_sub(SOME);
                let said = match more {
                    0 => Text::new(format!("kept alike: {some}"), format!("同じ形で保存: {some}")),
                    _ => Text::new(
                        format!("kept alike: {some} and {more} more"),
                        format!("同じ形で保存: {some} ほか {more} 件"),
                    ),
                };
                (Answer::Yes, vec![said])
            }
            answer => (answer, vec![compared]),
        },
    };
    let lines = users.iter().map(|user| user.line.clone()).collect();
    Finding { fact: Fact::PasswordsShared, answer, lines, reasons }
}

/// More uses than these are a number.
const SOME: usize = 8;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests;
