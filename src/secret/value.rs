//! One secret value. It may not implement anything that shows it.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A secret: wiped from memory when dropped, without `Display` and `Serialize`, and `<secret>` under `Debug`.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes over a value; the string's own buffer is wiped later.
    pub fn new(value: String) -> Self {
        Self(SecretString::from(value))
    }

    /// The value itself. The caller is responsible for where it goes.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether there is no value at all. An IX takes an empty password for none, so callers refuse it.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("canary".into())), "<secret>");
    }
}
