//! What is known of passwords without looking at them: which are kept alike on several routers, and since when the record has them.
//!
//! A value is compared by a fingerprint under a key that is made for one report, and dropped. Neither leaves this module.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::backups::text_of;
use crate::dialect::model;
use crate::ix::security::{Stored, UserKind, user_secrets};
use crate::journal::{Journal, SealedBackup};
use crate::secret::Secret;

/// More backups of a router than these are not looked at.
const MOST_BACKUPS: usize = 200;

/// Stands for a secret where it is compared with others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Fingerprint([u8; 32]);

/// Makes fingerprints: those of one of these can be compared.
pub(super) struct Fingerprints {
    key: Zeroizing<[u8; 32]>,
}

impl Fingerprints {
    /// With a key of their own.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(super) fn new() -> Result<Self, getrandom::Error> {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(key.as_mut_slice())?;
        Ok(Self { key })
    }

    /// That of a secret as it is kept.
    pub(super) fn of(&self, secret: &Secret) -> Fingerprint {
        let digest = Sha256::new().chain_update(self.key.as_slice()).chain_update(secret.expose()).finalize();
        Fingerprint(digest.into())
    }
}

/// Where a secret is used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) router: String,
    /// The user, or the line.
    pub(super) what: String,
}

/// Every use of every secret of some routers.
#[derive(Default)]
pub(super) struct Uses {
    places: HashMap<Fingerprint, BTreeSet<Place>>,
    /// How many are compared.
    pub(super) compared: usize,
    /// Whether some could not be: they were taken out, or a router has no backup.
    pub(super) is_incomplete: bool,
}

impl Uses {
    /// Adds one; without a fingerprint it was taken out.
    pub(super) fn add(&mut self, fingerprint: Option<Fingerprint>, place: Place) {
        match fingerprint {
            None => self.is_incomplete = true,
            Some(fingerprint) => {
                self.compared += 1;
                self.places.entry(fingerprint).or_default().insert(place);
            }
        }
    }

    /// The other places where the same is kept.
    pub(super) fn others(&self, fingerprint: Option<Fingerprint>, own: &Place) -> Vec<Place> {
        let places = fingerprint.and_then(|fingerprint| self.places.get(&fingerprint));
        places.into_iter().flatten().filter(|place| *place != own).cloned().collect()
    }

    /// Whether two that differ as they are kept are two for certain, and all of them were compared: of hashes it is not known.
    pub(super) fn tells_apart(&self, stored: Stored) -> bool {
        !self.is_incomplete && (stored == Stored::Clear || self.compared <= 1)
    }
}

/// Since when the record has a password as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordAge {
    /// A run of the record has set it.
    SetBy {
        /// The run.
        run: String,
        /// When its result was read, in milliseconds since 1970.
        at_ms: i64,
    },
    /// The oldest backup without another one in between: it may be older.
    SeenSince {
        /// The run.
        run: String,
        /// When it was read, likewise.
        at_ms: i64,
    },
    /// No backup of the record has it as it is.
    NotRecorded,
}

/// The ages of the passwords of a router's users, by the backups of it, the newest first.
pub(super) fn ages(
    journal: &Journal,
    router: &Router<'_>,
    backups: &[SealedBackup],
    now: &BTreeMap<(UserKind, String), Fingerprint>,
) -> BTreeMap<(UserKind, String), PasswordAge> {
    let mut open: BTreeSet<&(UserKind, String)> = now.keys().collect();
    let mut ages: BTreeMap<(UserKind, String), PasswordAge> = BTreeMap::new();
    let mut newer: Option<&SealedBackup> = None;
    for one in backups.iter().take(MOST_BACKUPS) {
        if open.is_empty() {
            break;
        }
        // What is before one that cannot be opened says nothing about what was in between.
        let Ok(text) = text_of(journal, router.name, one) else { break };
        let text = Zeroizing::new(text);
        let kept = user_secrets(model::dialect_of(router.model), &text);
        open.retain(|user| {
            let is_same = kept.get(*user).is_some_and(|secret| Some(&router.fingerprints.of(secret)) == now.get(*user));
            if is_same {
                let age = PasswordAge::SeenSince { run: one.run.clone(), at_ms: one.at_ms };
                ages.insert((*user).clone(), age);
            } else if let Some(after) = newer.filter(|after| after.is_after && !one.is_after && after.run == one.run)
                && let Some(age) = ages.get_mut(*user)
            {
                *age = PasswordAge::SetBy { run: after.run.clone(), at_ms: after.at_ms };
            }
            is_same
        });
        newer = Some(one);
    }
    for user in now.keys() {
        ages.entry(user.clone()).or_insert(PasswordAge::NotRecorded);
    }
    ages
}

/// The router whose backups are looked at.
pub(super) struct Router<'r> {
    pub(super) name: &'r str,
    pub(super) model: &'r str,
    pub(super) fingerprints: &'r Fingerprints,
}
