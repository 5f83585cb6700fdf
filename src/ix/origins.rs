//! The origins of the lines of one rendered text, and where its roles say what they own.
//!
//! Kept with the text in a plan file and in the journal, each name of a file once: places only, and the entries of `owns:` by their
//! words; nothing else of what is written there.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::origin::{Origin, Spot};
use super::own_words::OwnWord;

/// The origins of the lines of one text, and of what its roles own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Origins {
    lines: Vec<Option<Arc<Origin>>>,
    owned: BTreeMap<String, Arc<Origin>>,
    /// By the number of the line.
    own: BTreeMap<u32, Vec<OwnWord>>,
}

impl Origins {
    /// The same with the words of a line that the router's, or its site's, own variables decided.
    #[must_use]
    pub fn with_own(mut self, line: u32, words: Vec<OwnWord>) -> Self {
        if !words.is_empty() {
            self.own.insert(line, words);
        }
        self
    }

    /// The words of a line that the router's, or its site's, own variables decided; lines count from 1.
    pub fn own_words(&self, line: u32) -> &[OwnWord] {
        self.own.get(&line).map_or(&[], Vec::as_slice)
    }

    /// Whether a line has such words.
    pub fn has_own_words(&self) -> bool {
        !self.own.is_empty()
    }

    /// The same with the place of an entry of `owns:`; of two places of one entry the first counts.
    #[must_use]
    pub fn with_owner(mut self, entry: &str, owns: Spot) -> Self {
        self.owned.entry(in_one_form(entry)).or_insert_with(|| Arc::new(Origin::Owned { owns }));
        self
    }

    /// Where a line comes from; lines count from 1.
    pub fn of_line(&self, line: u32) -> Option<&Arc<Origin>> {
        self.lines.get(usize::try_from(line).ok()?.checked_sub(1)?)?.as_ref()
    }

    /// Where an entry of `owns:` is written.
    pub fn of_owner(&self, entry: &str) -> Option<&Arc<Origin>> {
        self.owned.get(&in_one_form(entry))
    }
}

/// An entry with one blank between its words.
fn in_one_form(entry: &str) -> String {
    entry.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl FromIterator<Option<Origin>> for Origins {
    /// The origins of the first line, the second, and so on.
    fn from_iter<T: IntoIterator<Item = Option<Origin>>>(lines: T) -> Self {
        let lines = lines.into_iter().map(|origin| origin.map(Arc::new)).collect();
        Self { lines, ..Self::default() }
    }
}

/// The form in which they are kept.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    /// The names of the files.
    files: Vec<Arc<str>>,
    /// For each line of the text its places, as `FILE:LINE` with the file's place in `files`; empty where it has none.
    lines: Vec<String>,
    /// The place of each entry of `owns:`, likewise.
    owns: BTreeMap<String, String>,
    /// The words that the router's own variables decided, by the number of the line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    own: BTreeMap<String, Vec<OwnWord>>,
}

/// The same in parts, for many texts of one file: routers with the same roles differ in few of them.
#[derive(Debug, Clone)]
pub struct OriginParts {
    /// The names of the files.
    pub files: Vec<Arc<str>>,
    /// For each line its places.
    pub lines: Vec<String>,
    /// What the roles decide.
    pub roles: RoleOrigins,
}

/// What the roles decide: the places of `owns:`, and which words are a router's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleOrigins {
    owns: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    own: BTreeMap<String, Vec<OwnWord>>,
}

impl From<Origins> for Stored {
    fn from(origins: Origins) -> Self {
        let OriginParts { files, lines, roles: RoleOrigins { owns, own } } = (&origins).into();
        Self { files, lines, owns, own }
    }
}

impl TryFrom<Stored> for Origins {
    type Error = NoPlace;

    fn try_from(Stored { files, lines, owns, own }: Stored) -> Result<Self, NoPlace> {
        OriginParts { files, lines, roles: RoleOrigins { owns, own } }.try_into()
    }
}

/// Gives each name of a file its place.
#[derive(Default)]
struct Files {
    places: HashMap<Arc<str>, usize>,
    names: Vec<Arc<str>>,
}

impl Files {
    fn stored(&mut self, Spot { file, line }: &Spot) -> String {
        let place = *self.places.entry(Arc::clone(file)).or_insert_with(|| {
            self.names.push(Arc::clone(file));
            self.names.len() - 1
        });
        format!("{place}:{line}")
    }
}

impl From<&Origins> for OriginParts {
    fn from(Origins { lines, owned, own }: &Origins) -> Self {
        let mut files = Files::default();
        let lines = lines.iter().map(|origin| match origin.as_deref() {
            Some(Origin::Rendered { template, values }) => {
                std::iter::once(template).chain(values).map(|spot| files.stored(spot)).collect::<Vec<_>>().join(" ")
            }
            Some(Origin::Owned { .. }) | None => String::new(),
        });
        let lines = lines.collect();
        let mut owns = BTreeMap::new();
        for (entry, origin) in owned {
            if let Origin::Owned { owns: spot } = &**origin {
                owns.insert(entry.clone(), files.stored(spot));
            }
        }
        let own = own.iter().map(|(line, words)| (line.to_string(), words.clone())).collect();
        Self { files: files.names, lines, roles: RoleOrigins { owns, own } }
    }
}

/// A place that names no file of its list, or no line.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no place of an origin")]
pub struct NoPlace(String);

impl TryFrom<OriginParts> for Origins {
    type Error = NoPlace;

    fn try_from(OriginParts { files, lines, roles }: OriginParts) -> Result<Self, NoPlace> {
        let RoleOrigins { owns, own } = roles;
        let spot = |text: &str| {
            let found = text.split_once(':').and_then(|(file, line)| {
                Some(Spot { file: Arc::clone(files.get(file.parse::<usize>().ok()?)?), line: line.parse().ok()? })
            });
            found.ok_or_else(|| NoPlace(text.to_owned()))
        };
        let line = |text: &String| {
            let mut spots = text.split_whitespace().map(spot);
            let Some(template) = spots.next() else { return Ok(None) };
            Ok(Some(Arc::new(Origin::Rendered { template: template?, values: spots.collect::<Result<_, _>>()? })))
        };
        let lines = lines.iter().map(line).collect::<Result<_, NoPlace>>()?;
        let owned = owns.into_iter().map(|(entry, at)| Ok((entry, Arc::new(Origin::Owned { owns: spot(&at)? }))));
        let numbered = |(line, words): (String, Vec<OwnWord>)| match line.parse::<u32>() {
            Ok(number) => Ok((number, words)),
            Err(_) => Err(NoPlace(line)),
        };
        let own = own.into_iter().map(numbered).collect::<Result<_, NoPlace>>()?;
        Ok(Self { lines, owned: owned.collect::<Result<_, NoPlace>>()?, own })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Origin, Origins, OwnWord, Spot};

    fn spot(file: &str, line: u32) -> Spot {
        Spot { file: file.into(), line }
    }

    #[test]
    fn origins_are_kept_with_each_file_named_once() {
        let rendered = |line, values| Some(Origin::Rendered { template: spot("a b.j2", line), values });
        let value = || vec![spot("clinics/sato.yaml", 19), spot("a b.j2", 3)];
        let origins: Origins = [rendered(9, Vec::new()), None, rendered(10, value())].into_iter().collect();
        let origins = origins.with_owner("url-list  a", spot("a/role.yaml", 7));
        let own = OwnWord { word: 1, before: 0, after: 0, name: "hostname".into() };
        let origins = origins.with_own(2, Vec::new()).with_own(3, vec![own.clone()]);
        let json = serde_json::to_string(&origins).unwrap();
        assert_eq!(
            json,
            r#"{"files":["a b.j2","clinics/sato.yaml","a/role.yaml"],"lines":["0:9","","0:10 1:19 0:3"],"owns":{"url-list a":"2:7"},"own":{"3":["1:0:0:hostname"]}}"#
        );
        let read: Origins = serde_json::from_str(&json).unwrap();
        assert_eq!(read, origins);
        assert_eq!([0, 1, 2, 3, 4].map(|line| read.of_line(line).is_some()), [false, true, false, true, false]);
        assert_eq!(read.of_owner("url-list a").unwrap().to_string(), "owns: a/role.yaml:7");
        assert!(read.of_owner("url-list").is_none());
        assert_eq!((read.own_words(2), read.own_words(3)), (&[] as &[_], &[own] as &[_]));
    }

    #[test]
    fn a_place_that_is_none_is_refused() {
        for lines in [r#""1:9""#, r#""0""#, r#""0:9 x""#, r#""0:-1""#] {
            let json = format!(r#"{{"files":["a"],"lines":[{lines}],"owns":{{}}}}"#);
            assert!(serde_json::from_str::<Origins>(&json).is_err(), "{json}");
        }
    }
}
