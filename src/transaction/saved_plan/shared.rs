//! What many plans of one file have in common, each thing once: a table, and places in it.
//!
//! A file is a stranger's until it was read: a few places can stand for very much, so what they are read out to is bounded.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use foldhash::HashMap;
use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::message::Text;

/// How much may be read out of the table of one file, in bytes: more than ten thousand plans of whole configurations.
const MOST_READ: usize = 768 * 1024 * 1024;
/// What one thing costs beside its own bytes.
const EACH: usize = 24;
/// The most things in one list.
const LONGEST: usize = 65_536;

/// The table of a file that is written.
#[derive(Debug, Default)]
pub struct Sharing {
    places: HashMap<Arc<str>, u32>,
    things: Vec<Arc<str>>,
    /// Where a thing is written, to be looked for: nearly every one is known.
    written: Vec<u8>,
}

impl Sharing {
    /// The place of one thing.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn one(&mut self, thing: &impl Serialize) -> serde_json::Result<u32> {
        self.written.clear();
        serde_json::to_writer(&mut self.written, thing)?;
        let written = std::str::from_utf8(&self.written).map_err(serde_json::Error::custom)?;
        if let Some(place) = self.places.get(written) {
            return Ok(*place);
        }
        let next = u32::try_from(self.things.len()).unwrap_or(u32::MAX);
        let thing: Arc<str> = written.into();
        self.places.insert(Arc::clone(&thing), next);
        self.things.push(thing);
        Ok(next)
    }

    /// The places of a list.
    ///
    /// # Errors
    /// When one of it cannot be written as JSON.
    pub fn list<T: Serialize>(&mut self, things: impl IntoIterator<Item = T>) -> serde_json::Result<Places> {
        let mut places = Places::default();
        for thing in things {
            places.push(self.one(&thing)?);
        }
        Ok(places)
    }

    /// The places of the lines of a text.
    ///
    /// # Errors
    /// None is expected: a line is a text.
    pub fn text(&mut self, text: &str) -> serde_json::Result<Places> {
        self.list(text.split('\n'))
    }

    /// The table, each thing as JSON.
    pub fn things(&self) -> &[Arc<str>] {
        &self.things
    }
}

/// Places in the table: `0-4,9`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Places(Vec<Range<u32>>);

impl Places {
    fn push(&mut self, place: u32) {
        match self.0.last_mut() {
            Some(last) if last.end == place => last.end += 1,
            _ => self.0.push(place..place.saturating_add(1)),
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        let length = |range: &Range<u32>| usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        self.0.iter().map(length).fold(0, usize::saturating_add)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn each(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().cloned().flatten()
    }
}

impl fmt::Display for Places {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, range) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            match range.end - range.start {
                1 => write!(formatter, "{comma}{}", range.start)?,
                _ => write!(formatter, "{comma}{}-{}", range.start, range.end - 1)?,
            }
        }
        Ok(())
    }
}

impl From<Places> for String {
    fn from(places: Places) -> Self {
        places.to_string()
    }
}

impl TryFrom<String> for Places {
    type Error = NoPlaces;

    fn try_from(text: String) -> Result<Self, NoPlaces> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let number = |text: &str| text.parse::<u32>().ok().filter(|place| *place < u32::MAX).ok_or(NoPlaces);
        let range = |text: &str| {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            let (first, last) = (number(first)?, number(last)?);
            if first <= last { Ok(first..last + 1) } else { Err(NoPlaces) }
        };
        Ok(Self(text.split(',').map(range).collect::<Result<_, _>>()?))
    }
}

/// A text that names no places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not places of the shared table such as 0-4,9")]
pub struct NoPlaces;

/// The table of a file that is read.
#[derive(Debug)]
pub struct Shared {
    things: Vec<Value>,
    left: usize,
}

impl Shared {
    /// Of these things.
    pub fn new(things: Vec<Value>) -> Self {
        Self { things, left: MOST_READ }
    }

    /// The thing in this place.
    ///
    /// # Errors
    /// When there is none, it is another kind of thing, or too much was read out.
    pub fn one<T: DeserializeOwned>(&mut self, place: u32) -> Result<T, Text> {
        T::deserialize(self.charge(place)?).map_err(|error| of_json(&error))
    }

    /// Counts the thing in this place as read out once more.
    ///
    /// # Errors
    /// When there is none, or too much was read out.
    pub fn charge(&mut self, place: u32) -> Result<&Value, Text> {
        let none =
            || Text::new(format!("`shared` has no place {place}"), format!("`shared` に {place} 番の項目がありません"));
        let thing = usize::try_from(place).ok().and_then(|place| self.things.get(place)).ok_or_else(none)?;
        self.left = self.left.checked_sub(EACH.saturating_add(size(thing))).ok_or_else(too_much)?;
        Ok(thing)
    }

    /// The things of a list.
    ///
    /// # Errors
    /// As [`Self::one`].
    pub fn list<T: DeserializeOwned>(&mut self, places: &Places) -> Result<Vec<T>, Text> {
        if places.count() > LONGEST {
            return Err(too_much());
        }
        places.each().map(|place| self.one(place)).collect()
    }

    /// The text of these lines.
    ///
    /// # Errors
    /// As [`Self::one`].
    pub fn text(&mut self, places: &Places) -> Result<String, Text> {
        if places.count() > LONGEST {
            return Err(too_much());
        }
        let mut text = String::new();
        for (at, place) in places.each().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            text.push_str(&self.one::<String>(place)?);
        }
        Ok(text)
    }
}

/// About how many bytes a thing is.
fn size(thing: &Value) -> usize {
    match thing {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(things) => things.iter().map(|thing| EACH + size(thing)).sum(),
        Value::Object(things) => things.iter().map(|(key, thing)| EACH + key.len() + size(thing)).sum(),
    }
}

fn too_much() -> Text {
    Text::new(
        format!("its `shared` stands for more than {} MiB, which is no plan of routers", MOST_READ >> 20),
        format!("`shared` を展開すると {} MiB を超え、ルータの計画とは考えられません", MOST_READ >> 20),
    )
}

/// What the reader of JSON says, with the place.
pub fn of_json(error: &serde_json::Error) -> Text {
    let (line, column) = (error.line(), error.column());
    let place = if line == 0 { String::new() } else { format!("{line} 行 {column} 列: ") };
    let ja = match error.classify() {
        serde_json::error::Category::Eof => "ファイルが途中で終わっています".to_owned(),
        serde_json::error::Category::Syntax => "JSON として読めません".to_owned(),
        serde_json::error::Category::Data | serde_json::error::Category::Io => {
            format!("計画の形式ではありません({error})")
        }
    };
    Text::new(error.to_string(), format!("{place}{ja}"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use serde_json::Value;

    use super::{Places, Shared, Sharing};

    fn table(sharing: &Sharing) -> Shared {
        Shared::new(sharing.things().iter().map(|thing| serde_json::from_str(thing).unwrap()).collect())
    }

    #[test]
    fn what_is_the_same_is_kept_once_and_read_as_it_was() {
        let mut sharing = Sharing::default();
        let texts = ["a\nb\nc\n", "a\nX\nc\n", "", "\n", "a\r\nb"];
        let places: Vec<Places> = texts.iter().map(|text| sharing.text(text).unwrap()).collect();
        assert_eq!(places[0].to_string(), "0-3");
        assert_eq!(places[1].to_string(), "0,4,2-3");
        assert_eq!(sharing.things().len(), 6, "{:?}", sharing.things());
        let mut shared = table(&sharing);
        for (text, places) in texts.iter().zip(&places) {
            let kept = serde_json::to_string(places).unwrap();
            let read: Places = serde_json::from_str(&kept).unwrap();
            assert_eq!((&read, shared.text(&read).unwrap().as_str()), (places, *text));
        }
    }

    #[test]
    fn places_that_are_none_are_refused() {
        for wrong in ["-", "1-", "2-1", "a", "1,,2", "4294967295", "-1", "0-4294967295"] {
            assert!(Places::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
        let mut shared = Shared::new(vec!["a".into()]);
        assert!(shared.one::<String>(1).unwrap_err().en.contains("no place 1"));
        assert!(shared.one::<u32>(0).is_err());
    }

    #[test]
    fn a_small_file_does_not_stand_for_more_than_memory_holds() {
        let mut shared = Shared::new(vec![Value::String("x".repeat(1 << 20))]);
        let many = Places::try_from("0,".repeat(70_000) + "0").unwrap();
        assert!(shared.text(&many).unwrap_err().en.contains("stands for more"));
        let some = Places::try_from("0,".repeat(99) + "0").unwrap();
        let refused = (0..20).find_map(|_| shared.text(&some).err()).unwrap();
        assert!(refused.en.contains("stands for more"), "{refused:?}");
        let endless = Places::try_from("0-4294967294".to_owned());
        assert!(endless.is_err() || shared.list::<String>(&endless.unwrap()).is_err());
    }
}
