//! `show clock`.

use super::item::{End, Field, moves};
use super::lines::{Line, Notes};
use crate::ix::clock::long_time;

pub(super) const FIELDS: &[Field] = &[moves("time"), moves("utc"), moves("year")];

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut end = End::CutOff;
    for line in lines {
        match long_time(line.text) {
            Some(time) => {
                notes.say("", "time", line.text);
                notes.say("", "utc", &time.instant.to_string());
                notes.say("", "year", &time.year.to_string());
                end = End::Whole;
            }
            None => notes.unknown(line),
        }
    }
    end
}
