//! What sites have from their groups, once everything is read.

use std::collections::HashSet;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::finding::SiteFinding;
use super::setting::Setting;
use super::site::{Group, Site};
use super::source::Located;

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
