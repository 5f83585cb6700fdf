//! Values that cannot be printed.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A secret value: wiped when dropped, never printed.
pub struct Secret(SecretString);

impl Secret {
    /// Takes a value in.
    pub fn new(value: String) -> Self {
        Self(SecretString::from(value))
    }

    /// The value itself, for the one place that must type it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}
