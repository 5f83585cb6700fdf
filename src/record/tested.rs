//! A test that was made beside the router, from the engineer's laptop, or whose result a person has typed.

use serde::{Deserialize, Serialize};

use crate::message::Text;

/// Whose word a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tester {
    /// The laptop has tried it.
    Laptop,
    /// A person has typed it: nothing here has seen it.
    Person,
}

impl Tester {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Laptop => "laptop",
            Self::Person => "person",
        }
    }
}

/// How a test ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRecord {
    /// Its name.
    pub check: String,
    /// The role it comes from.
    pub role: String,
    /// What it proves.
    pub title: Text,
    /// What must be found.
    pub test: Text,
    /// It must fail to pass.
    pub is_negative: bool,
    /// Whether it ended as it must; nothing where it was not made, or could not be judged.
    pub passed: Option<bool>,
    /// Whose word that is; nothing where it was not made, or could not be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Tester>,
    /// The address and the port of the laptop that it went out from; nothing where nothing went out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// What was found or typed, or why it was not made.
    pub told: Text,
}

impl TestRecord {
    /// Whether it is the same test.
    pub fn is_of(&self, other: &Self) -> bool {
        (&self.role, &self.check) == (&other.role, &other.check)
    }

    /// Puts a newer result in the place of an older one of the same test.
    pub fn note_in(self, known: &mut Vec<Self>) {
        match known.iter_mut().find(|one| one.is_of(&self)) {
            Some(one) => *one = self,
            None => known.push(self),
        }
    }
}
