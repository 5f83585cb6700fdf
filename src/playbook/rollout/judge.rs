//! `rollout:` held against an inventory: names that it does not have, and a run over many sites for which no one said how many
//! failures it may have.

use std::collections::BTreeSet;

use super::matching::{Mention, Property};
use super::{Rollout, SITES_WITHOUT_BUDGET};
use crate::inventory::{Diagnostic, Diagnostics, Inventory, Pattern, nearest, suggestion};
use crate::playbook::finding::RolloutFinding;

impl Rollout {
    /// Adds what the inventory shows to be wrong. A name that nearly is another one's is an error; others may be meant for another
    /// inventory of the same playbook.
    pub(in crate::playbook) fn judge(&self, inventory: &Inventory, found: &mut Diagnostics) {
        let properties: BTreeSet<Property> = self.mentions.iter().map(|mention| mention.property).collect();
        for property in properties.into_iter().filter(|property| *property != Property::Firmware) {
            let known = known(inventory, property);
            let strange = |mention: &&Mention| {
                let pattern = Pattern::parse(&mention.word.value);
                !pattern.is_some_and(|pattern| match pattern.as_name() {
                    Some(name) => known.contains(name),
                    None => known.iter().any(|name| pattern.matches(name)),
                })
            };
            for Mention { word, .. } in self.mentions.iter().filter(|one| one.property == property).filter(strange) {
                let names = || known.iter().copied();
                let name = word.value.clone();
                let near = suggestion(&name, names());
                let finding = RolloutFinding::FitsNoSite { property: property.word(), name, near };
                let finding = match nearest(&word.value, names()) {
                    Some(_) if !word.value.contains(['*', '[']) => Diagnostic::error(&finding),
                    _ => Diagnostic::warning(&finding),
                };
                found.push(finding.at(word.place.clone(), &*word.path));
            }
        }
        self.judge_hosts(inventory, found);
    }

    /// Adds a warning for each limit of a jump host that no router is reached through: it limits nothing.
    fn judge_hosts(&self, inventory: &Inventory, found: &mut Diagnostics) {
        let hops = inventory.routers().flat_map(|(_, router)| router.connection.jump());
        let known: BTreeSet<&str> = hops.map(|hop| hop.host.as_str()).collect();
        for word in &self.named_hosts {
            let fits = Pattern::parse(&word.value).is_none_or(|pattern| known.iter().any(|host| pattern.matches(host)));
            // One for each of them is written before there is any.
            if !fits && word.value != "*" {
                let near = suggestion(&word.value, known.iter().copied());
                let finding = Diagnostic::warning(&RolloutFinding::NoJumpHost { host: word.value.clone(), near });
                found.push(finding.at(word.place.clone(), &*word.path));
            }
        }
    }

    /// Why a run over so many sites may not begin, where no one said how many failures it may have.
    pub fn missing_budget(&self, sites: usize) -> Option<Diagnostic> {
        if sites <= SITES_WITHOUT_BUDGET || self.has_budget() {
            return None;
        }
        let finding = Diagnostic::error(&RolloutFinding::NoBudgetForMany { sites, most: SITES_WITHOUT_BUDGET });
        Some(match &self.place {
            Some(place) => finding.at(place.place.clone(), &*place.path),
            None => finding,
        })
    }
}

/// The values of a property that the inventory has.
fn known(inventory: &Inventory, property: Property) -> BTreeSet<&str> {
    let sites = inventory.sites.iter();
    match property {
        Property::Site => sites.map(|site| site.name.value.as_str()).collect(),
        Property::Group => inventory.groups.iter().map(|group| group.name.value.as_str()).collect(),
        Property::Model => inventory.routers().map(|(_, router)| router.model.value.as_str()).collect(),
        Property::Firmware => BTreeSet::new(),
        Property::Region => sites.filter_map(|site| site.region()).collect(),
        Property::Carrier => sites.filter_map(|site| site.carrier()).collect(),
    }
}
