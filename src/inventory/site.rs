//! Sites and groups.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::do_not_touch::{self, DoNotTouch};
use super::name;
use super::personal::Personal;
use super::router::{self, Defaults, Router};
use super::setting::{self, Setting};
use super::source::Located;
use super::text;
use super::value::{Variables, read_variables};
use super::yaml::Field;
use crate::window::{Holidays, Schedule};

/// A site: a clinic and its routers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its name, unique in the inventory.
    pub name: Located<String>,
    /// The name for people.
    pub title: Option<String>,
    /// How its name is read, in kana.
    pub reading: Option<Personal>,
    /// What it is called in another system, such as the code of a medical institution.
    pub code: Option<Located<String>>,
    /// Who answers there.
    pub phone: Option<Personal>,
    /// Where it is.
    pub address: Option<Personal>,
    /// Nothing is to be written there.
    pub do_not_touch: Option<Located<DoNotTouch>>,
    /// Region, carrier, and when it may be touched: its own, and what its groups give.
    pub setting: Setting,
    /// When it may be touched, from its setting and the inventory's holidays.
    pub schedule: Arc<Schedule>,
    /// The groups it belongs to, the weakest first.
    pub groups: Vec<Located<String>>,
    /// Its own variables.
    pub variables: Variables,
    /// Its routers, in the order declared, which is the order they are changed in.
    pub routers: Vec<Router>,
}

/// What several sites share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: Located<String>,
    /// The name for people.
    pub title: Option<String>,
    /// What its sites have unless they say otherwise.
    pub setting: Setting,
    /// Its variables.
    pub variables: Variables,
}

/// Reads `groups:`.
pub(super) fn read_groups(field: &Field<'_>) -> Vec<Group> {
    field.entries().into_iter().filter_map(|(key, field)| group(&key.text, &field)).collect()
}

fn group(key: &str, field: &Field<'_>) -> Option<Group> {
    let good = name::check_key(field, key);
    let mut named = field.located(key.to_owned());
    named.place = field.key_place();
    if field.is_empty() {
        // A group may exist only to be named in `--limit`.
        return good.then(|| Group {
            name: named,
            title: None,
            setting: Setting::default(),
            variables: Variables::default(),
        });
    }
    let mut table = field.table("a group", "グループ")?;
    let title = table.get("title").and_then(|f| f.text());
    let setting = setting::read(&mut table);
    let variables = table.get("vars").map(|f| read_variables(&f)).unwrap_or_default();
    table.finish();
    good.then_some(Group { name: named, title, setting, variables })
}

/// Reads `sites:`.
pub(super) fn read_sites(field: &Field<'_>, defaults: &Defaults, base: &Path) -> Vec<Site> {
    field.entries().into_iter().filter_map(|(key, field)| site(&key.text, &field, defaults, base)).collect()
}

fn site(key: &str, field: &Field<'_>, defaults: &Defaults, base: &Path) -> Option<Site> {
    let good = name::check_key(field, key);
    let mut table = field.table("a site", "拠点")?;
    let mut named = field.located(key.to_owned());
    named.place = field.key_place();
    let title = table.get("title").and_then(|f| f.text());
    let mut personal =
        |key, read: fn(&Field<'_>) -> Option<String>| table.get(key).and_then(|f| read(&f)).map(Personal::new);
    let reading = personal("reading", |f| text::visible(f, text::WORDS));
    let phone = personal("phone", text::phone);
    let address = personal("address", |f| text::visible(f, text::SENTENCE));
    let code = table.get("code").and_then(|f| text::code(&f).map(|code| f.located(code)));
    let do_not_touch = table.get("do_not_touch").and_then(|f| do_not_touch::read(&f));
    let setting = setting::read(&mut table);
    let groups = table.get("groups").map(|f| f.list()).unwrap_or_default();
    let groups = groups.iter().filter_map(|f| name::read(f).map(|g| f.located(g))).collect();
    let variables = table.get("vars").map(|f| read_variables(&f)).unwrap_or_default();
    let routers = table.require("routers").map(|f| f.entries()).unwrap_or_default();
    let routers = routers.into_iter().filter_map(|(key, f)| router::read(&key.text, &f, defaults, base)).collect();
    table.finish();
    let schedule = Arc::default();
    let site = Site {
        name: named,
        title,
        reading,
        code,
        phone,
        address,
        do_not_touch,
        setting,
        schedule,
        groups,
        variables,
        routers,
    };
    good.then_some(site)
}

impl Site {
    /// The part of the country it is in.
    pub fn region(&self) -> Option<&str> {
        self.setting.region.as_ref().map(|region| region.value.as_str())
    }

    /// The provider of its line.
    pub fn carrier(&self) -> Option<&str> {
        self.setting.carrier.as_ref().map(|carrier| carrier.value.as_str())
    }

    /// Why nothing may be written there at an instant.
    pub fn barred_at(&self, now: Timestamp) -> Option<&DoNotTouch> {
        let declared = self.do_not_touch.as_ref().map(|declared| &declared.value);
        declared.filter(|declared| declared.counts(now, &self.schedule.zone))
    }

    /// Makes its times from what was said of it.
    pub(super) fn schedule_with(&mut self, holidays: &Arc<Holidays>) {
        let Setting { time_zone, opening, windows, .. } = &self.setting;
        self.schedule = Arc::new(Schedule {
            zone: time_zone.as_ref().map(|zone| zone.value.clone()).unwrap_or_default(),
            windows: windows.as_ref().map(|windows| Arc::clone(&windows.value)),
            opening: opening.as_ref().map(|opening| Arc::clone(&opening.value)),
            holidays: Arc::clone(holidays),
        });
    }
}

#[cfg(test)]
#[path = "site_tests.rs"]
mod tests;
