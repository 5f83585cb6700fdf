//! The forms in which the fingerprint of an SSH host key is written: by OpenSSH, in an inventory, on the console of a router.
//!
//! Pure: a fingerprint is read and written here. Whether a key has it, `transport::ssh` says.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

/// The fingerprint of a host key. In JSON it is its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Fingerprint {
    /// SHA-256 of the key.
    Sha256([u8; 32]),
    /// MD5 of the key: what a router may show. It is compared with one key, so that only a second preimage would pass for it.
    Md5([u8; 16]),
}

/// Why a text is no fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoFingerprint;

impl fmt::Display for NoFingerprint {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("neither `SHA256:` with 43 characters nor 16 pairs of hexadecimal digits with colons")
    }
}

impl Fingerprint {
    /// A fingerprint as it is written: `SHA256:` and 43 characters, or 16 pairs of hexadecimal digits with colons, with or without `MD5:`.
    ///
    /// # Errors
    /// [`NoFingerprint`] for any other text.
    pub fn read(text: &str) -> Result<Self, NoFingerprint> {
        if let Some(digest) = text.strip_prefix("SHA256:") {
            let digest = digest.strip_suffix('=').unwrap_or(digest);
            let bytes = BASE64_STANDARD_NO_PAD.decode(digest).map_err(|_| NoFingerprint)?;
            return bytes.try_into().map(Self::Sha256).map_err(|_| NoFingerprint);
        }
        let digest = text.strip_prefix("MD5:").unwrap_or(text);
        let mut bytes = [0; 16];
        let mut pairs = digest.split(':');
        for byte in &mut bytes {
            let pair = pairs.next().filter(|pair| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit()));
            *byte = u8::from_str_radix(pair.ok_or(NoFingerprint)?, 16).map_err(|_| NoFingerprint)?;
        }
        if pairs.next().is_some() { Err(NoFingerprint) } else { Ok(Self::Md5(bytes)) }
    }
}

/// `SHA256:...` or `MD5:...`, as OpenSSH prints it.
impl fmt::Display for Fingerprint {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha256(digest) => write!(to, "SHA256:{}", BASE64_STANDARD_NO_PAD.encode(digest)),
            Self::Md5(digest) => {
                to.write_str("MD5")?;
                digest.iter().try_for_each(|byte| write!(to, ":{byte:02x}"))
            }
        }
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = NoFingerprint;

    fn try_from(text: String) -> Result<Self, NoFingerprint> {
        Self::read(&text)
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::Fingerprint;

    const SHA256: &str = "SHA256:z8fElQuvjNRyfEvPcXF2jyTQhQGxZIEdsVq9D8p6lOM";
    const MD5: &str = "MD5:9a:01:de:ad:be:ef:00:11:22:33:44:55:66:77:88:ff";

    #[test]
    fn each_form_of_a_fingerprint_is_read_and_written_in_one() {
        let upper = MD5.trim_start_matches("MD5:").to_uppercase();
        for (written, expected) in [
            (SHA256, SHA256),
            (&*format!("{SHA256}="), SHA256),
            (MD5, MD5),
            (MD5.trim_start_matches("MD5:"), MD5),
            (&*upper, MD5),
        ] {
            assert_eq!(Fingerprint::read(written).unwrap().to_string(), expected, "{written}");
        }
    }

    #[test]
    fn whatever_else_is_shown_is_no_fingerprint() {
        let huge = "ab:".repeat(1_000_000);
        let longer = format!("{MD5}:00");
        let short = MD5.trim_end_matches(":ff");
        let two = format!("{MD5} {MD5}");
        let escape = SHA256.replace('z', "\u{1b}");
        for text in [
            "",
            "MD5:",
            "SHA256:",
            "none",
            &huge,
            &longer,
            short,
            &two,
            &escape,
            "SHA256:z8fElQuvjNRyfEvPcXF2jyTQhQGxZIEdsVq9D8p6lO",
            "SHA256:z8fElQuvjNRyfEvPcXF2jyTQhQGxZIEdsVq9D8p6lOM==",
            "sha256:z8fElQuvjNRyfEvPcXF2jyTQhQGxZIEdsVq9D8p6lOM",
            "+a:+b:+c:+d:+e:+f:+0:+1:+2:+3:+4:+5:+6:+7:+8:+9",
            "9a-01-de-ad-be-ef-00-11-22-33-44-55-66-77-88-ff",
            "9a:01:de:ad:be:ef:00:11:22:33:44:55:66:77:88:f\n",
        ] {
            assert!(Fingerprint::read(text).is_err(), "{:?}", &text[..text.len().min(80)]);
        }
    }
}
