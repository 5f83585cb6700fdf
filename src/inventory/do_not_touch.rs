//! A site that is left alone for a while: why, and until when.

use jiff::Timestamp;
use jiff::civil::Date;

use super::finding::SiteFinding;
use super::source::Located;
use super::text;
use super::yaml::Field;
use crate::window::Zone;

/// Nothing is written at the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoNotTouch {
    /// Why, for a person who would touch it.
    pub reason: String,
    /// The last day on which it counts, by the clocks of the site; without one, until it is taken out of the inventory.
    pub until: Option<Date>,
}

impl DoNotTouch {
    /// Whether it counts at an instant.
    pub fn counts(&self, now: Timestamp, zone: &Zone) -> bool {
        self.until.is_none_or(|last| zone.at(now).date() <= last)
    }
}

/// Reads `do_not_touch:`. One that cannot be read is an error, so no run takes the site for free.
pub(super) fn read(field: &Field<'_>) -> Option<Located<DoNotTouch>> {
    let mut table = field.table("a site that is not to be touched", "変更禁止の指定")?;
    let reason = table.require("reason").and_then(|f| text::visible(&f, text::SENTENCE));
    let until = table.get("until").map(|f| date(&f));
    table.finish();
    let until = match until {
        Some(until) => Some(until?),
        None => None,
    };
    Some(field.located(DoNotTouch { reason: reason?, until }))
}

fn date(field: &Field<'_>) -> Option<Date> {
    let text = field.text()?;
    let date = Some(&text).filter(|text| text.len() == 10).and_then(|text| text.parse::<Date>().ok());
    if date.is_none() {
        field.refuse(&SiteFinding::NoDate { text });
    }
    date
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::DoNotTouch;
    use crate::window::Zone;

    #[test]
    fn the_last_day_counts_whole_by_the_clocks_of_the_site() {
        let until = Some(jiff::civil::date(2026, 12, 31));
        let barred = DoNotTouch { reason: "move".into(), until };
        let counts = |instant: &str, zone: &str| barred.counts(instant.parse().unwrap(), &Zone::named(zone).unwrap());
        assert!(counts("2026-12-31T14:59:59Z", "Asia/Tokyo"));
        assert!(!counts("2026-12-31T15:00:00Z", "Asia/Tokyo"));
        assert!(counts("2026-12-31T15:00:00Z", "Europe/Berlin"));
        assert!(DoNotTouch { until: None, ..barred }.counts("2999-01-01T00:00:00Z".parse().unwrap(), &Zone::default()));
    }
}
