//! Where a planned line comes from: the template's line and the values of the inventory or the role in it, or, for what no line of the
//! rendering asks for, the entry of `owns:` that takes it away.
//!
//! Names of files and numbers of lines, and nothing of what is written there: it is shown, kept and sent like any other message.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A line of an input file: `url-list.ix.j2:9`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Spot {
    /// The file's name, as short as it is unique in a working folder.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}

/// What decided that a line is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Origin {
    /// A line of the rendering.
    Rendered {
        /// The line of the template.
        template: Spot,
        /// Where the values in it are written, in their order in the line; none where the template says it all.
        #[serde(default)]
        values: Vec<Spot>,
    },
    /// No line of the rendering: the line is in what the role owns.
    Owned {
        /// The entry of `owns:`.
        owns: Spot,
    },
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// The same in every language: the places, and the key of the role's file.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rendered { template, values } => {
                template.fmt(f)?;
                values.iter().try_for_each(|value| write!(f, ", {value}"))
            }
            Self::Owned { owns } => write!(f, "owns: {owns}"),
        }
    }
}

impl From<Spot> for String {
    fn from(spot: Spot) -> Self {
        spot.to_string()
    }
}

impl TryFrom<String> for Spot {
    type Error = NoSpot;

    fn try_from(text: String) -> Result<Self, NoSpot> {
        let (file, line) = text.rsplit_once(':').ok_or(NoSpot)?;
        Ok(Self { file: file.into(), line: line.parse().map_err(|_| NoSpot)? })
    }
}

/// A text that is no `FILE:LINE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not FILE:LINE")]
pub struct NoSpot;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Origin, Spot};

    #[test]
    fn an_origin_is_shown_and_kept_as_files_with_lines() {
        let spot = |file: &str, line| Spot { file: file.into(), line };
        let rendered = Origin::Rendered { template: spot("a: b.j2", 9), values: vec![spot("clinics/sato.yaml", 19)] };
        let owned = Origin::Owned { owns: spot("a/role.yaml", 7) };
        for (origin, shown, kept) in [
            (
                rendered,
                "a: b.j2:9, clinics/sato.yaml:19",
                r#"{"template":"a: b.j2:9","values":["clinics/sato.yaml:19"]}"#,
            ),
            (owned, "owns: a/role.yaml:7", r#"{"owns":"a/role.yaml:7"}"#),
        ] {
            assert_eq!(origin.to_string(), shown);
            assert_eq!(serde_json::to_string(&origin).unwrap(), kept);
            assert_eq!(serde_json::from_str::<Origin>(kept).unwrap(), origin);
        }
        assert!(serde_json::from_str::<Spot>("\"a\"").is_err() && serde_json::from_str::<Spot>("\"a:b\"").is_err());
    }
}
