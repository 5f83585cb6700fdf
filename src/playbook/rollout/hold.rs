//! What is held, and when: how many failures must gather in what routers have in common. What is not written is as usual; what that is,
//! `fleet` knows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::budget::Budget;
use crate::inventory::yaml::{Content, Field};
use crate::message::Wording;
use crate::playbook::finding::RolloutFinding;

/// The most refusals of a password before it is tried no more: with more of them accounts lock.
const MOST_PASSWORDS: usize = 10;

/// What a number of `hold:` is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldKey {
    /// Failures of one model, firmware, jump host, group or cause, where the key of its own says nothing.
    Failures,
    /// Failures of one model.
    Models,
    /// Failures of one firmware.
    Firmware,
    /// Failures behind one jump host.
    JumpHosts,
    /// Failures of one group.
    Groups,
    /// Failures of one cause.
    Causes,
    /// The share of the ends that must have failed, too.
    Share,
    /// Lost routers of one model, firmware or jump host.
    Lost,
    /// Refusals of one password in a row.
    Passwords,
}

impl HoldKey {
    /// Every key, in the order in which they are documented.
    pub const ALL: [Self; 9] = [
        Self::Failures,
        Self::Models,
        Self::Firmware,
        Self::JumpHosts,
        Self::Groups,
        Self::Causes,
        Self::Share,
        Self::Lost,
        Self::Passwords,
    ];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Failures => "failures",
            Self::Models => "models",
            Self::Firmware => "firmware",
            Self::JumpHosts => "jump_hosts",
            Self::Groups => "groups",
            Self::Causes => "causes",
            Self::Share => "share",
            Self::Lost => "lost",
            Self::Passwords => "passwords",
        }
    }

    /// The key that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.word() == word)
    }

    /// Whether it counts failures that gather in one thing, so that `failures` sets it too.
    fn is_gathering(self) -> bool {
        matches!(self, Self::Models | Self::Firmware | Self::JumpHosts | Self::Groups | Self::Causes)
    }

    fn takes(self, limit: Budget) -> bool {
        match self {
            Self::Share => matches!(limit, Budget::Share(_)),
            Self::Passwords => matches!(limit, Budget::Routers(most) if (1..=MOST_PASSWORDS).contains(&most)),
            _ => !matches!(limit, Budget::Share(_)),
        }
    }

    /// What it takes, in words.
    fn takes_words(self) -> Wording {
        match self {
            Self::Share => Wording::new("a percentage (`20%`)", "割合(`20%`)"),
            Self::Passwords => Wording::new("a number from 1 to 10", "1～10 の数"),
            _ => Wording::new("a number of routers (`5`) or `unlimited`", "台数(`5`)または `unlimited`"),
        }
    }
}

/// What was written of holds, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hold(BTreeMap<HoldKey, Budget>);

/// Why a text does not say when something is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoHold {
    /// What the number was for.
    pub key: HoldKey,
    /// What that takes.
    pub takes: Wording,
}

impl Hold {
    /// What was written for this; for failures that gather in one thing, what holds for all of these where its own key says nothing.
    pub fn of(&self, key: HoldKey) -> Option<Budget> {
        let all = || self.0.get(&HoldKey::Failures).filter(|_| key.is_gathering());
        self.0.get(&key).or_else(all).copied()
    }

    /// The percentage of ends that must have failed, in thousandths, where it was written.
    pub fn share(&self) -> Option<usize> {
        match self.of(HoldKey::Share) {
            Some(Budget::Share(thousandths)) => Some(thousandths.into()),
            _ => None,
        }
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a person asked for holds where failures gather, or routers are lost.
    pub fn is_asked_for(&self) -> bool {
        self.0.keys().any(|key| *key != HoldKey::Passwords)
    }

    /// Sets what was typed for a key. What is typed for all failures that gather holds instead of what was written for some.
    ///
    /// # Errors
    /// When the key does not take that.
    pub fn set(&mut self, key: HoldKey, text: &str) -> Result<(), NoHold> {
        let limit = limit(key, text)?;
        if key == HoldKey::Failures {
            self.0.retain(|other, _| !other.is_gathering());
        }
        self.0.insert(key, limit);
        Ok(())
    }

    /// The smallest number of failures that was written for what gathers.
    pub(super) fn least(&self) -> Option<usize> {
        let failures = |(key, limit): (&HoldKey, &Budget)| match limit {
            Budget::Routers(failures) if key.is_gathering() || *key == HoldKey::Failures => Some(*failures),
            _ => None,
        };
        self.0.iter().filter_map(failures).min()
    }

    /// Whether a playbook could say it.
    pub(super) fn is_sound(&self) -> bool {
        self.0.iter().all(|(key, limit)| key.takes(*limit))
    }
}

fn limit(key: HoldKey, text: &str) -> Result<Budget, NoHold> {
    let limit = text.parse().ok().filter(|limit| key.takes(*limit));
    limit.ok_or_else(|| NoHold { key, takes: key.takes_words() })
}

/// Reads `hold:`: a number for all that can gather, or a table.
pub(super) fn read_hold(field: &Field<'_>) -> Hold {
    let mut hold = Hold::default();
    let mut read = |key: HoldKey, field: &Field<'_>| {
        let Some(text) = field.text() else { return };
        match limit(key, &text) {
            Ok(limit) => drop(hold.0.insert(key, limit)),
            Err(NoHold { key, takes }) => field.refuse(&RolloutFinding::NoHold { key: key.word(), text, takes }),
        }
    };
    if matches!(field.content(), Content::Scalar { .. }) {
        read(HoldKey::Failures, field);
        return hold;
    }
    let Some(mut table) = field.table("the holds", "保留の条件") else { return hold };
    for key in HoldKey::ALL {
        table.get(key.word()).iter().for_each(|field| read(key, field));
    }
    table.finish();
    hold
}

#[cfg(test)]
mod tests {
    use super::{Hold, HoldKey};
    use crate::playbook::rollout::Budget;

    #[test]
    fn what_is_typed_for_all_holds_instead_of_what_was_written_for_some_and_one_key_beside_it() {
        let mut hold = Hold::default();
        assert!(hold.set(HoldKey::Firmware, "5").is_ok() && hold.set(HoldKey::Lost, "unlimited").is_ok());
        assert_eq!((hold.of(HoldKey::Firmware), hold.of(HoldKey::Models)), (Some(Budget::Routers(5)), None));
        assert!(hold.set(HoldKey::Failures, "9").is_ok() && hold.set(HoldKey::Causes, "unlimited").is_ok());
        assert_eq!(hold.of(HoldKey::Firmware), Some(Budget::Routers(9)));
        assert_eq!((hold.of(HoldKey::Causes), hold.least()), (Some(Budget::Unlimited), Some(9)));
        assert_eq!((hold.of(HoldKey::Lost), hold.of(HoldKey::Passwords)), (Some(Budget::Unlimited), None));
    }

    #[test]
    fn each_key_takes_what_it_is_for() {
        for (key, text) in [
            (HoldKey::Failures, "0"),
            (HoldKey::Models, "5%"),
            (HoldKey::Share, "5"),
            (HoldKey::Share, "unlimited"),
            (HoldKey::Passwords, "unlimited"),
            (HoldKey::Passwords, "11"),
        ] {
            assert!(Hold::default().set(key, text).is_err(), "{key:?} {text}");
        }
        assert!(HoldKey::ALL.into_iter().all(|key| HoldKey::from_word(key.word()) == Some(key)));
    }
}
