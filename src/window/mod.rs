//! When a site may be touched: inside its maintenance windows, and never while it is open.
//!
//! Pure: it is told what holds and from which instant on, and answers with intervals of instants. It reads no clock and no file, knows
//! no inventory and no run; the database of time zones is part of the program, since a laptop or a container may have none.
//!
//! A window belongs to the date on which it opens: `fri 22:00-05:00` ends on Saturday morning, whatever Saturday is. A holiday is a day of
//! its own kind: what is said of its weekday does not hold on it, only what names `holidays` or `daily`.

mod days;
mod error;
mod holidays;
mod hours;
mod interval;
mod recurring;
mod schedule;
mod zone;

pub use days::Days;
pub use error::WindowError;
pub use holidays::{HolidayError, Holidays};
pub use hours::Hours;
pub use interval::Interval;
pub use recurring::Recurring;
pub use schedule::Schedule;
pub use zone::Zone;

use crate::message::CodeEntry;

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[WindowError::CODES, HolidayError::CODES];
