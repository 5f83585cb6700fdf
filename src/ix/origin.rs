//! Where a line of a rendered configuration comes from: the template's line, and the values of the inventory or the role in it.
//!
//! Names of files and numbers of lines, and nothing of what is written there: it is shown, kept and sent like any other message.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A line of an input file: `url-list.ix.j2:9`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Spot {
    /// The file's name, as short as it can be told from others in a working folder.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}

/// What a rendered line is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The line of the template.
    pub template: Spot,
    /// Where the values in it are written, in their order in the line; none where the template says it all.
    #[serde(default)]
    pub values: Vec<Spot>,
}

/// The origins of the lines of one text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origins(Vec<Option<Arc<Origin>>>);

impl Origins {
    /// Where a line comes from; lines count from 1.
    pub fn of(&self, line: u32) -> Option<&Arc<Origin>> {
        self.0.get(usize::try_from(line).ok()?.checked_sub(1)?)?.as_ref()
    }
}

impl FromIterator<Option<Origin>> for Origins {
    /// The origins of the first line, the second, and so on.
    fn from_iter<T: IntoIterator<Item = Option<Origin>>>(lines: T) -> Self {
        Self(lines.into_iter().map(|origin| origin.map(Arc::new)).collect())
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.template.fmt(f)?;
        self.values.iter().try_for_each(|value| write!(f, ", {value}"))
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
    use super::{Origin, Origins, Spot};

    #[test]
    fn an_origin_is_shown_and_kept_as_files_with_lines() {
        let spot = |file: &str, line| Spot { file: file.into(), line };
        let origin = Origin { template: spot("a: b.j2", 9), values: vec![spot("clinics/sato.yaml", 19)] };
        assert_eq!(origin.to_string(), "a: b.j2:9, clinics/sato.yaml:19");
        let json = serde_json::to_string(&origin).unwrap();
        assert_eq!(json, r#"{"template":"a: b.j2:9","values":["clinics/sato.yaml:19"]}"#);
        assert_eq!(serde_json::from_str::<Origin>(&json).unwrap(), origin);
        assert!(serde_json::from_str::<Spot>("\"a\"").is_err() && serde_json::from_str::<Spot>("\"a:b\"").is_err());
        let origins: Origins = [None, Some(origin.clone())].into_iter().collect();
        assert_eq!([0, 1, 2, 3].map(|line| origins.of(line).is_some()), [false, false, true, false]);
    }
}
