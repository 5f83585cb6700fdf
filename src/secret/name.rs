//! The name by which files, plans and messages refer to a credential.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::SecretError;

/// The longest credential name.
const LONGEST: usize = 64;

/// A validated credential name: 1 to 64 of `A-Z a-z 0-9 . _ -`.
///
/// The rule keeps a placeholder one word of a router line, and keeps most passwords from passing as a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CredentialName(String);

impl CredentialName {
    /// Checks and wraps a name.
    ///
    /// # Errors
    /// [`SecretError::BadName`], which does not quote the text: it may be a password in the wrong place.
    pub fn new(name: impl Into<String>) -> Result<Self, SecretError> {
        let name = name.into();
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if name.is_empty() || name.len() > LONGEST || !name.bytes().all(plain) {
            return Err(SecretError::BadName);
        }
        Ok(Self(name))
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CredentialName {
    type Error = SecretError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::new(name)
    }
}

impl From<CredentialName> for String {
    fn from(name: CredentialName) -> Self {
        name.0
    }
}

impl FromStr for CredentialName {
    type Err = SecretError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::new(s)
    }
}

impl fmt::Display for CredentialName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::CredentialName;

    #[test]
    fn names_are_one_plain_word() {
        for good in ["a", "admin-password", "site.7_x", &"x".repeat(64)] {
            assert!(CredentialName::new(good).is_ok(), "{good}");
        }
        for bad in ["", "two words", "a>b", "pässword", "?", "a\nb", &"x".repeat(65)] {
            assert!(CredentialName::new(bad).is_err(), "{bad}");
        }
    }
}
