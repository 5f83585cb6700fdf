//! The security facts as data: what every format is made from, and the form for programs (`ixdeploy-security/1`, docs/json.md).
//!
//! Holds no secret, and no fingerprint of one.

use serde::Serialize;

use super::words::NO_JUDGEMENT;
use crate::ix::security::{Answer, Finding, Stored, UserKind};
use crate::message::Text;
use crate::report::work::Moment;
use crate::run::{BackupSource, BackupUsed, Checklist, OtherSecret, PasswordAge, RouterSecurity, Security, User};

/// The version of the form.
const SCHEMA: &str = "ixdeploy-security/1";

/// More routers than these are not shown whole.
const DETAILED: usize = 20;

/// What is known of some routers.
#[derive(Debug, Clone, Serialize)]
pub struct SecurityRecord {
    /// The version of the form.
    pub schema: &'static str,
    /// What it is, and what it is not.
    pub statement: Text,
    /// When it was made; ages count back from it.
    pub made_at: Moment,
    /// The version of the program.
    pub version: &'static str,
    /// The inventory's path.
    pub inventory: String,
    /// The routers, in the order of the inventory.
    pub routers: Vec<SecurityRouter>,
    /// The user's checklist.
    pub checklist: Option<Checklist>,
    /// There are few enough routers to show each whole.
    #[serde(skip)]
    pub is_detailed: bool,
}

/// What is known of one router.
#[derive(Debug, Clone, Serialize)]
pub struct SecurityRouter {
    /// Its name.
    pub router: String,
    /// Its site.
    pub site: String,
    /// Its name for people.
    pub title: Option<String>,
    /// The clinic, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clinic: Option<ClinicPart>,
    /// The model: as it was read, else as the inventory says.
    pub model: Option<String>,
    /// The serial number, likewise.
    pub serial_number: Option<String>,
    /// It was read from the box.
    pub serial_number_read: bool,
    /// The firmware, as it was seen.
    pub firmware: Option<String>,
    /// The host name: as it was read, else as the inventory says.
    pub host_name: Option<String>,
    /// The backup that this is from.
    pub backup: Option<BackupPart>,
    /// Why there is none.
    pub no_backup: Option<Text>,
    /// The answers.
    pub findings: Vec<Finding>,
    /// The users.
    pub users: Vec<UserPart>,
    /// Other secrets.
    pub secrets: Vec<SecretPart>,
    /// Lines that are not known, masked.
    pub unknown: Vec<String>,
}

/// A clinic.
#[derive(Debug, Clone, Serialize)]
pub struct ClinicPart {
    /// Its name for people.
    pub title: Option<String>,
    /// Where it is.
    pub address: Option<String>,
}

/// A backup.
#[derive(Debug, Clone, Serialize)]
pub struct BackupPart {
    /// The run that has sealed it.
    pub run: Option<String>,
    /// It is what ran after that run's change was saved.
    pub after: bool,
    /// Its file.
    pub file: Option<String>,
    /// When it was read, or its file was written.
    pub at: Option<Moment>,
    /// When the router showed it, in its own words.
    pub shown: Option<String>,
    /// How many days ago that was: by the router's word, where a file holds it.
    pub days: Option<u64>,
    /// What its reader must know.
    pub caveats: Vec<Text>,
}

/// A user, without the password.
#[derive(Debug, Clone, Serialize)]
pub struct UserPart {
    /// For what it logs in.
    pub kind: UserKind,
    /// Its name.
    pub name: String,
    /// The right that its line says.
    pub right: Option<String>,
    /// How its password is kept.
    pub stored: Stored,
    /// How its age is known.
    pub age: AgeKind,
    /// The run by which it is known.
    pub age_run: Option<String>,
    /// Since when, at least.
    pub since: Option<Moment>,
    /// Whether the password is used elsewhere among these routers.
    pub shared: Answer,
    /// Where.
    pub shared_with: Vec<String>,
    /// Its line, masked.
    pub line: String,
}

/// How the age of a password is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgeKind {
    /// A run has set it.
    SetBy,
    /// Backups have had it since; it may be older.
    SeenSince,
    /// No backup of the record has it.
    NotRecorded,
}

/// Another secret, without its value.
#[derive(Debug, Clone, Serialize)]
pub struct SecretPart {
    /// Its line, masked.
    pub line: String,
    /// How it is kept.
    pub stored: Stored,
    /// Whether it is used elsewhere among these routers.
    pub shared: Answer,
    /// On which routers.
    pub shared_with: Vec<String>,
}

impl SecurityRecord {
    /// Of what is known.
    pub fn of(security: Security) -> Self {
        let Security { inventory, at_ms, routers, checklist } = security;
        let is_detailed = routers.len() <= DETAILED;
        Self {
            schema: SCHEMA,
            statement: NO_JUDGEMENT.into(),
            made_at: Moment::of_ms(at_ms),
            version: env!("CARGO_PKG_VERSION"),
            inventory,
            routers: routers.into_iter().map(router).collect(),
            checklist,
            is_detailed,
        }
    }
}

fn router(one: RouterSecurity) -> SecurityRouter {
    let (backup, no_backup) = match one.backup {
        Ok(used) => (Some(backup(used)), None),
        Err(why) => (None, Some(why)),
    };
    let clinic = one.clinic.map(|clinic| ClinicPart {
        title: clinic.title,
        address: clinic.address.map(|address| address.shown().to_owned()),
    });
    SecurityRouter {
        router: one.router,
        site: one.site,
        title: one.title,
        clinic,
        model: one.identity.model,
        serial_number: one.identity.serial_number,
        serial_number_read: one.is_serial_number_read,
        firmware: one.identity.firmware,
        host_name: one.identity.host_name,
        backup,
        no_backup,
        findings: one.findings,
        users: one.users.into_iter().map(user).collect(),
        secrets: one.secrets.into_iter().map(secret).collect(),
        unknown: one.unknown,
    }
}

fn backup(used: BackupUsed) -> BackupPart {
    let (run, after, file) = match used.source {
        BackupSource::Run { run, is_after } => (Some(run), is_after, None),
        BackupSource::File(path) => (None, false, Some(path.display().to_string())),
    };
    let at = used.at_ms.map(Moment::of_ms);
    BackupPart { run, after, file, at, shown: used.shown, days: used.days, caveats: used.caveats }
}

fn user(one: User) -> UserPart {
    let (age, age_run, since) = match one.age {
        PasswordAge::SetBy { run, at_ms } => (AgeKind::SetBy, Some(run), Some(Moment::of_ms(at_ms))),
        PasswordAge::SeenSince { run, at_ms } => (AgeKind::SeenSince, Some(run), Some(Moment::of_ms(at_ms))),
        PasswordAge::NotRecorded => (AgeKind::NotRecorded, None, None),
    };
    UserPart {
        kind: one.kind,
        name: one.name,
        right: one.right,
        stored: one.stored,
        age,
        age_run,
        since,
        shared: one.shared,
        shared_with: one.shared_with,
        line: one.line,
    }
}

fn secret(one: OtherSecret) -> SecretPart {
    SecretPart { line: one.line, stored: one.stored, shared: one.shared, shared_with: one.shared_with }
}
