//! Which of the passwords that may be right is tried on a router: the one that the journal names first, the other once, never a
//! third. A router that counts wrong logins must not lock its administrator out.
//!
//! Knows credentials by name and never a value; opens nothing.

use std::collections::BTreeSet;

use super::PasswordLogin;
use crate::secret::CredentialName;

/// The most that are tried.
const MOST: usize = 2;

/// The passwords that may be right for one router.
#[derive(Debug, Default)]
pub(super) struct Passwords {
    /// Whose they are: who logs in.
    user: Option<String>,
    /// What the inventory names.
    declared: Option<CredentialName>,
    /// What the router took last, as the journal says.
    journalled: Option<CredentialName>,
    /// What this run is to set: another one may have done so already.
    coming: Option<CredentialName>,
    /// What the router has accepted since: then no other is tried.
    accepted: Option<CredentialName>,
    refused: BTreeSet<CredentialName>,
}

impl Passwords {
    /// What an inventory says.
    pub(super) fn declared(user: Option<String>, declared: Option<CredentialName>) -> Self {
        Self { user, declared, ..Self::default() }
    }

    /// The journal says that the router took this login last. Where the inventory names no user, this is the one.
    pub(super) fn journalled(&mut self, login: &PasswordLogin) {
        if *self.user.get_or_insert_with(|| login.user.clone()) == login.user {
            self.journalled = Some(login.credential.clone());
        }
    }

    /// The run that is recovered came in with this login.
    pub(super) fn came_in(&mut self, login: &PasswordLogin) {
        self.journalled(login);
        if self.user.as_ref() == Some(&login.user) {
            self.accept(login.credential.clone());
        }
    }

    /// A change of the router has ended, and this is the login that it takes since: what it said before counts no more.
    pub(super) fn settled(&mut self, login: &PasswordLogin) {
        (self.accepted, self.refused) = (None, BTreeSet::new());
        self.journalled(login);
    }

    /// The run is to set this one.
    pub(super) fn coming(&mut self, name: CredentialName) {
        self.coming = Some(name);
    }

    /// Whose they are.
    pub(super) fn user(&self) -> Option<&String> {
        self.user.as_ref()
    }

    /// The router has accepted this one.
    pub(super) fn accept(&mut self, name: CredentialName) {
        self.accepted = Some(name);
    }

    /// The router has refused this one.
    pub(super) fn refuse(&mut self, name: CredentialName) {
        self.refused.insert(name);
    }

    /// The likeliest of them.
    pub(super) fn first(&self) -> Option<&CredentialName> {
        self.accepted.as_ref().or(self.journalled.as_ref()).or(self.declared.as_ref())
    }

    /// Those that are left to be tried, the likelier first.
    pub(super) fn left(&self) -> Vec<CredentialName> {
        if let Some(accepted) = &self.accepted {
            return vec![accepted.clone()];
        }
        let mut known: Vec<&CredentialName> = Vec::new();
        for name in [self.first(), self.coming.as_ref(), self.declared.as_ref()].into_iter().flatten() {
            if !known.contains(&name) {
                known.push(name);
            }
        }
        known.truncate(MOST);
        known.into_iter().filter(|name| !self.refused.contains(*name)).cloned().collect()
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::{PasswordLogin, Passwords};
    use crate::secret::CredentialName;

    fn name(name: &str) -> CredentialName {
        CredentialName::new(name).expect("a name")
    }

    fn login(credential: &str) -> PasswordLogin {
        PasswordLogin { user: "admin".to_owned(), credential: name(credential) }
    }

    fn of(declared: &str) -> Passwords {
        Passwords::declared(Some("admin".to_owned()), Some(name(declared)))
    }

    fn left(passwords: &Passwords) -> Vec<String> {
        passwords.left().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_journalled_password_comes_first_the_other_once_and_never_a_third() {
        let mut passwords = of("old");
        assert_eq!(left(&passwords), ["old"]);
        passwords.coming(name("new"));
        assert_eq!(left(&passwords), ["old", "new"]);
        passwords.journalled(&login("new"));
        assert_eq!(left(&passwords), ["new", "old"]);
        passwords.refuse(name("new"));
        assert_eq!(left(&passwords), ["old"]);
        passwords.refuse(name("old"));
        assert!(left(&passwords).is_empty());

        let mut third = of("first");
        third.journalled(&login("second"));
        third.coming(name("third"));
        assert_eq!(left(&third), ["second", "third"], "the inventory's is two rotations old");
    }

    #[test]
    fn what_was_accepted_is_the_only_one_from_then_on() {
        let mut passwords = of("old");
        passwords.journalled(&login("new"));
        passwords.refuse(name("new"));
        passwords.accept(name("old"));
        assert_eq!(left(&passwords), ["old"]);
        // A refusal while the router is busy says nothing against what it took before.
        passwords.refuse(name("old"));
        assert_eq!(left(&passwords), ["old"]);
    }

    #[test]
    fn after_a_recovery_the_password_that_it_ended_with_comes_first() {
        let mut passwords = of("old");
        passwords.came_in(&login("old"));
        passwords.refuse(name("old"));
        passwords.settled(&login("new"));
        assert_eq!(left(&passwords), ["new", "old"]);
    }

    #[test]
    fn a_way_without_a_login_takes_the_journalled_one_and_another_users_is_none() {
        let mut passwords = Passwords::default();
        assert!(passwords.left().is_empty() && passwords.first().is_none());
        passwords.journalled(&login("new"));
        assert_eq!((left(&passwords), passwords.user().map(String::as_str)), (vec!["new".to_owned()], Some("admin")));
        let mut other = Passwords::declared(Some("ops".to_owned()), Some(name("ops")));
        other.journalled(&login("new"));
        other.came_in(&login("new"));
        assert_eq!(left(&other), ["ops"]);
    }
}
