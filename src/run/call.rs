//! Whom the person at a router that needs one calls, and until when: what the inventory declares, and what the records say of a save.

use jiff::{Timestamp, ToSpan as _};

use super::env::RunEnv;
use super::needs_person::Clinic;
use super::saves::Saves;
use crate::inventory::{Inventory, Support};
use crate::message::Explain as _;
use crate::window::Schedule;

/// What is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// The office, where one is declared.
    pub office: Option<Support>,
    /// The clinic that is spoken of.
    pub clinic: Clinic,
    /// When work there is allowed.
    pub times: Times,
    /// Until when a save may run on it, by the clocks of the site; nothing where none may.
    pub save_until: Option<String>,
}

/// When work at a site is allowed, by its own clocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Times {
    /// Neither windows nor opening hours are declared.
    #[default]
    NotDeclared,
    /// It is, until then.
    Until(String),
    /// It is, and does not end within a week.
    Open,
    /// It is not any more, or not yet. When it is next, where that is within a week.
    Closed(Option<String>),
}

/// How far ahead is looked.
const DAYS: u16 = 7;

/// What is known of a router's call; nothing for one that the inventory does not have.
pub fn call_for(env: &RunEnv, inventory: &Inventory, router: &str) -> Option<Call> {
    let (site, _) = inventory.router(router)?;
    let (now, schedule) = (env.now(), &site.schedule);
    let save = Saves::of(env, inventory).first(|other| other == router).unwrap_or_else(|error| {
        tracing::warn!(error = %error.text().en, "whether a save may be running is not known");
        None
    });
    let ends = save.and_then(|save| now.checked_add(i64::try_from(save.seconds).ok()?.seconds()).ok());
    Some(Call {
        office: inventory.defaults.support.clone(),
        clinic: Clinic::of_site(site),
        times: times(schedule, now),
        save_until: ends.map(|ends| schedule.zone.at(ends).strftime("%H:%M:%S").to_string()),
    })
}

fn times(schedule: &Schedule, now: Timestamp) -> Times {
    if schedule.is_always() {
        return Times::NotDeclared;
    }
    let said = |at: Timestamp| schedule.zone.at(at).strftime("%Y-%m-%d %H:%M").to_string();
    match schedule.next(now, DAYS) {
        Some(next) if next.contains(now) && next.end >= schedule.until(now, DAYS) => Times::Open,
        Some(next) if next.contains(now) => Times::Until(said(next.end)),
        next => Times::Closed(next.map(|next| said(next.start))),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{Times, times};
    use crate::inventory::Inventory;
    use crate::inventory::SourceFile;

    fn at(setting: &str, now: &str) -> Times {
        let text = format!(
            "version: 1\nsites: {{ s: {{ {setting} routers: {{ r: {{ model: IX2215, role: a, connection: mock }} }} }} }}\n"
        );
        let (inventory, _) = Inventory::read(&[SourceFile::new("i.yaml", text)]).unwrap();
        times(&inventory.sites[0].schedule, now.parse().unwrap())
    }

    #[test]
    fn until_when_is_the_end_of_the_window_or_the_next_opening_by_the_clocks_of_the_site() {
        let opening = "opening: daily 08:30-18:00,";
        // 08:00, 09:00 in Tokyo.
        assert_eq!(at(opening, "2026-11-30T23:00:00Z"), Times::Until("2026-12-01 08:30".to_owned()));
        assert_eq!(at(opening, "2026-12-01T00:00:00Z"), Times::Closed(Some("2026-12-01 18:00".to_owned())));
        let window = "windows: daily 22:00-05:00,";
        assert_eq!(at(window, "2026-11-30T19:00:00Z"), Times::Until("2026-12-01 05:00".to_owned()));
        assert_eq!(at("", "2026-11-30T19:00:00Z"), Times::NotDeclared);
    }
}
