//! Time zones by name, from the database that is part of the program.

use std::fmt;
use std::sync::LazyLock;

use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use super::error::WindowError;
use crate::message::Text;

/// The database: never that of the machine, so that a plan is the same everywhere.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Where nothing is said, a site is in Japan.
const USUAL: &str = "Asia/Tokyo";

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of this name in the IANA database.
    ///
    /// # Errors
    /// [`WindowError::Zone`], with the nearest name.
    pub fn named(name: &str) -> Result<Self, WindowError> {
        // The database takes any mixture of small and capital letters; a file is the better for one spelling.
        let found = DATABASE.available().find(|known| known.as_str() == name);
        let zone = found.and_then(|known| DATABASE.get(known.as_str()).ok());
        zone.map(Self).ok_or_else(|| WindowError::Zone { name: name.to_owned(), near: near(name) })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or(USUAL)
    }

    pub(super) fn of_jiff(&self) -> &TimeZone {
        &self.0
    }

    /// An instant by the clocks of this zone.
    pub fn at(&self, instant: jiff::Timestamp) -> jiff::ZonedDateTime {
        instant.to_zoned_datetime(self.0.clone())
    }
}

impl Default for Zone {
    /// Japan, which has known no summer time since 1951.
    fn default() -> Self {
        static JAPAN: LazyLock<TimeZone> =
            LazyLock::new(|| DATABASE.get(USUAL).unwrap_or_else(|_| TimeZone::fixed(Offset::constant(9))));
        Self(JAPAN.clone())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name that is few edits away, or whose city is the word.
fn near(name: &str) -> Option<Text> {
    let names: Vec<String> = DATABASE.available().map(|known| known.as_str().to_owned()).collect();
    let small = name.to_lowercase();
    let japan =
        ["jst", "jst-9", "+09:00", "+0900", "utc+9", "gmt+9", "日本"].contains(&small.as_str()).then_some(USUAL);
    let same = || names.iter().find(|known| known.to_lowercase() == small).map(String::as_str);
    let city = || names.iter().find(|known| known.to_lowercase().ends_with(&format!("/{small}"))).map(String::as_str);
    let close = || {
        let distance = |known: &&str| strsim::osa_distance(&known.to_lowercase(), &small);
        let allowed = (small.chars().count() / 4).clamp(1, 3);
        names.iter().map(String::as_str).min_by_key(distance).filter(|known| distance(known) <= allowed)
    };
    let near = japan.or_else(same).or_else(city).or_else(close)?;
    Some(Text::new(format!("did you mean `{near}`?"), format!("`{near}` の誤りではありませんか?")))
}

#[cfg(test)]
mod tests {
    use super::Zone;
    use crate::message::Explain;

    #[test]
    fn a_zone_is_found_by_its_name_on_a_machine_without_any() {
        assert_eq!(Zone::named("Asia/Tokyo").as_ref().map(Zone::name), Ok("Asia/Tokyo"));
        assert_eq!(Zone::named("Asia/Tokyo"), Ok(Zone::default()));
    }

    #[test]
    fn an_unknown_zone_gets_a_near_miss() {
        for (name, near) in [
            ("Asia/Tokio", "Asia/Tokyo"),
            ("asia/tokyo", "Asia/Tokyo"),
            ("Tokyo", "Asia/Tokyo"),
            ("JST", "Asia/Tokyo"),
            ("Berlin", "Europe/Berlin"),
        ] {
            let hint = Zone::named(name).err().and_then(|error| error.hints().first().cloned());
            assert_eq!(hint.map(|hint| hint.en), Some(format!("did you mean `{near}`?")), "{name}");
        }
        assert!(Zone::named("").is_err() && Zone::named("../etc/passwd").is_err());
    }
}
