//! What a site has of its own or from its groups: region, carrier, time zone, opening hours and windows.

use std::sync::Arc;

use super::diagnostic::Diagnostic;
use super::finding::SiteFinding;
use super::source::Located;
use super::text;
use super::yaml::{Content, Field, Table};
use crate::message::Explain;
use crate::window::{Recurring, WindowError, Zone};

/// Rules in one list.
const MOST_RULES: usize = 64;

/// What a site has of its own or from its groups. After reading, that of a site holds what its groups give.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setting {
    /// The part of the country, in the words of the inventory.
    pub region: Option<Located<String>>,
    /// The provider of its line.
    pub carrier: Option<Located<String>>,
    /// Where its clocks are.
    pub time_zone: Option<Located<Zone>>,
    /// When it is open, and not to be touched.
    pub opening: Option<Located<Arc<[Recurring]>>>,
    /// When it may be touched.
    pub windows: Option<Located<Arc<[Recurring]>>>,
}

/// Reads the keys of a setting in the table of a site or a group.
pub(super) fn read(table: &mut Table<'_>) -> Setting {
    let mut words = |key| table.get(key).and_then(|f| text::visible(&f, text::WORDS).map(|words| f.located(words)));
    let (region, carrier) = (words("region"), words("carrier"));
    let time_zone = table.get("time_zone").and_then(|f| {
        let zone = Zone::named(&f.text()?);
        zone.map_err(|error| f.refuse(&error)).ok().map(|zone| f.located(zone))
    });
    let mut rules = |key| table.get(key).and_then(|f| rules(&f));
    Setting { region, carrier, time_zone, opening: rules("opening"), windows: rules("windows") }
}

/// One rule, or a list of them. Anything wrong in it leaves none: half of the opening hours would let a clinic be touched while it is open.
fn rules(field: &Field<'_>) -> Option<Located<Arc<[Recurring]>>> {
    let items = if matches!(field.content(), Content::Scalar { .. }) { vec![field.clone()] } else { field.list() };
    if items.is_empty() {
        field.refuse(&SiteFinding::NoRules);
        return None;
    }
    if items.len() > MOST_RULES {
        field.refuse(&SiteFinding::TooManyRules { most: MOST_RULES });
        return None;
    }
    let read: Vec<Option<Vec<Recurring>>> = items.iter().map(rule).collect();
    let rules: Vec<Recurring> = read.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
    Some(field.located(rules.into()))
}

fn rule(field: &Field<'_>) -> Option<Vec<Recurring>> {
    let text = field.text()?;
    let refuse = |error: WindowError| match super::yaml::full_width(&text) {
        Some(hint) => field.report(with_hint(field, &error, hint)),
        None => field.refuse(&error),
    };
    Recurring::parse(&text).map_err(refuse).ok()
}

fn with_hint(field: &Field<'_>, finding: &(impl Explain + ?Sized), hint: crate::message::Text) -> Diagnostic {
    let mut diagnostic = field.error(finding);
    diagnostic.hints.insert(0, hint);
    diagnostic
}
