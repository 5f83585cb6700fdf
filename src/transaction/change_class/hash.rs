//! The name of a change class: SHA-256 of one written form of it, with a version.

use std::collections::VecDeque;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::class::ChangeClass;

/// The version of the written form. Another field of a class makes another form: a hash never means two.
const FORM: &str = "ixdeploy-change-class/1\n";

/// The SHA-256 that names a change class, 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClassHash(String);

impl ClassHash {
    /// The hash as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As much of it as tells classes of one plan apart, for people.
    pub fn short(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }
}

impl fmt::Display for ClassHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<ClassHash> for String {
    fn from(hash: ClassHash) -> Self {
        hash.0
    }
}

impl TryFrom<String> for ClassHash {
    type Error = NoClassHash;

    fn try_from(text: String) -> Result<Self, NoClassHash> {
        let is_hash = text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if is_hash { Ok(Self(text)) } else { Err(NoClassHash) }
    }
}

/// The most classes whose hashes are remembered: routers that follow each other are of a few classes.
const REMEMBERED: usize = 16;

/// Names the classes of many plans. Most are of a class that was named just before, and to compare two is less work than to hash one.
#[derive(Debug, Default)]
pub struct ClassNamer {
    known: VecDeque<(ChangeClass, ClassHash)>,
}

impl ClassNamer {
    /// The hash that names this class.
    pub fn hash(&mut self, class: &ChangeClass) -> ClassHash {
        if let Some((_, hash)) = self.known.iter().find(|(known, _)| known == class) {
            return hash.clone();
        }
        let hash = class.hash();
        if self.known.len() == REMEMBERED {
            self.known.pop_front();
        }
        self.known.push_back((class.clone(), hash.clone()));
        hash
    }
}

/// A text that is no hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256")]
pub struct NoClassHash;

/// Takes in what is written to it.
struct Hashed(Sha256);

impl std::io::Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl ChangeClass {
    /// The hash that names it. In the written form each text is quoted, so that no two classes are written alike.
    pub fn hash(&self) -> ClassHash {
        let mut hashed = Hashed(Sha256::new_with_prefix(FORM));
        // Neither a class nor a hash can refuse to be written.
        let _ = serde_json::to_writer(&mut hashed, self);
        ClassHash(hashed.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}
