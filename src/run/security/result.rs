//! What is known of the security of routers: the result, as data. No password, hash or key is in it.

use super::backups::BackupSource;
use super::checklist::Checklist;
use super::passwords::PasswordAge;
use crate::ix::Identity;
use crate::ix::security::{Answer, Finding, Stored, UserKind};
use crate::message::Text;
use crate::run::needs_person::Clinic;

/// What is known.
#[derive(Debug)]
pub struct Security {
    /// The inventory's path.
    pub inventory: String,
    /// The time by which ages are counted, in milliseconds since 1970.
    pub at_ms: i64,
    /// Each router, in the order of the inventory.
    pub routers: Vec<RouterSecurity>,
    /// The user's checklist.
    pub checklist: Option<Checklist>,
}

/// What is known of one router.
#[derive(Debug)]
pub struct RouterSecurity {
    /// Its name.
    pub router: String,
    /// Its site.
    pub site: String,
    /// Its name for people.
    pub title: Option<String>,
    /// The clinic, where that was asked for.
    pub clinic: Option<Clinic>,
    /// Which box it is: as it was read, else as the inventory says.
    pub identity: Identity,
    /// Whether the serial number was read from the box, not only declared.
    pub is_serial_number_read: bool,
    /// The backup that everything below is from; or why there is none.
    pub backup: Result<BackupUsed, Text>,
    /// The answers, in the order of [`crate::ix::security::Fact::ALL`].
    pub findings: Vec<Finding>,
    /// Its users.
    pub users: Vec<User>,
    /// Its other secrets.
    pub secrets: Vec<OtherSecret>,
    /// The lines of it that are not known, masked.
    pub unknown: Vec<String>,
}

/// The backup that was used.
#[derive(Debug, Clone)]
pub struct BackupUsed {
    /// Where it is from.
    pub source: BackupSource,
    /// When it was read, or its file was written, in milliseconds since 1970.
    pub at_ms: Option<i64>,
    /// When the router showed it, in its own words.
    pub shown: Option<String>,
    /// How many days ago that was: by the router's word, where a file holds it.
    pub days: Option<u64>,
    /// What its reader must know.
    pub caveats: Vec<Text>,
}

/// A user, without the password.
#[derive(Debug, Clone)]
pub struct User {
    /// For what it logs in.
    pub kind: UserKind,
    /// Its name.
    pub name: String,
    /// The right that its line says.
    pub right: Option<String>,
    /// How its password is kept.
    pub stored: Stored,
    /// Since when the record has it.
    pub age: PasswordAge,
    /// Whether it is used elsewhere among the routers of this report.
    pub shared: Answer,
    /// Where: `ROUTER: USER`.
    pub shared_with: Vec<String>,
    /// Its line, masked.
    pub line: String,
}

/// Another secret, without its value.
#[derive(Debug, Clone)]
pub struct OtherSecret {
    /// Its line, masked.
    pub line: String,
    /// How it is kept.
    pub stored: Stored,
    /// Whether it is used elsewhere among the routers of this report.
    pub shared: Answer,
    /// On which routers.
    pub shared_with: Vec<String>,
}
