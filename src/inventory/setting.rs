//! What a site has of its own or from its groups: region, carrier, time zone, opening hours and windows.

use std::collections::HashSet;
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::finding::SiteFinding;
use super::site::{Group, Site};
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

/// Gives sites what they do not have themselves and one of their groups has.
#[derive(Default)]
pub(super) struct Completion {
    /// What was said already, by the key and the two groups: thousands of sites may have the same two.
    said: HashSet<(&'static str, String, String)>,
    /// Groups that say different things. Their order does not decide: when a site is touched is never left to chance.
    pub(super) found: Diagnostics,
}

impl Completion {
    /// Completes one site from its groups.
    pub(super) fn complete(&mut self, site: &mut Site, groups: &[&Group]) {
        let Site { name, setting, .. } = site;
        let mut of = Giver { site: &name.value, groups, completion: self };
        of.give("region", &mut setting.region, |from| &from.region);
        of.give("carrier", &mut setting.carrier, |from| &from.carrier);
        of.give("time_zone", &mut setting.time_zone, |from| &from.time_zone);
        of.give("opening", &mut setting.opening, |from| &from.opening);
        of.give("windows", &mut setting.windows, |from| &from.windows);
    }
}

/// The groups of one site.
struct Giver<'a> {
    site: &'a str,
    groups: &'a [&'a Group],
    completion: &'a mut Completion,
}

impl Giver<'_> {
    fn give<T: Clone + PartialEq>(
        &mut self,
        key: &'static str,
        own: &mut Option<Located<T>>,
        of: impl Fn(&Setting) -> &Option<Located<T>>,
    ) {
        if own.is_some() {
            return;
        }
        let mut first: Option<(&Group, &Located<T>)> = None;
        for group in self.groups {
            let Some(given) = of(&group.setting) else { continue };
            let Some((other, before)) = first else {
                first = Some((group, given));
                continue;
            };
            let pair = (key, other.name.value.clone(), group.name.value.clone());
            if before.value == given.value || !self.completion.said.insert(pair) {
                continue;
            }
            let finding = SiteFinding::GroupsDiffer {
                key,
                site: self.site.to_owned(),
                first: other.name.value.clone(),
                second: group.name.value.clone(),
            };
            let finding = Diagnostic::error(&finding).at(given.place.clone(), &*given.path);
            self.completion.found.push(finding.related(before.place.clone(), "the other one", "もう一方"));
        }
        *own = first.map(|(_, given)| given.clone());
    }
}
