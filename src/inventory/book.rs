//! The inventory as a whole: read from one or more files, and checked across them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::dialect::model::{self, Presence};
use crate::facts::Facts;
use crate::message::Wording;
use crate::secret::{CredentialName, Source};
use crate::window::Holidays;

use super::completion::Completion;
use super::credential::{self, Credential};
use super::diagnostic::{Diagnostic, Diagnostics};
use super::finding::{CredentialFinding, InventoryFinding, ModelFinding};
use super::holiday_files;
use super::nearest::{choices, suggestion};
use super::router::{self, Defaults, Router};
use super::site::{self, Group, Site};
use super::source::{Located, SourceFile};
use super::value::{Value, Variables, names_a_secret};
use super::yaml::{Field, Reader};

/// Every site and router, with what they share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The declared credentials.
    pub credentials: Vec<Credential>,
    /// What holds unless something stronger says otherwise.
    pub defaults: Defaults,
    /// The groups.
    pub groups: Vec<Group>,
    /// The sites, in the order declared.
    pub sites: Vec<Site>,
    /// What was learned of models and reviewed, beside it.
    pub facts: Facts,
    /// The files that name holidays.
    pub(super) holiday_files: Vec<Located<PathBuf>>,
    index: Index,
}

/// Where to find by name what there may be thousands of; made once everything is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Index {
    /// Positions of the site, and of the router in it.
    routers: HashMap<String, (usize, usize)>,
    groups: HashMap<String, usize>,
    credentials: HashSet<String>,
}

impl Index {
    fn of(inventory: &Inventory) -> Self {
        let mut index = Self::default();
        // Of a repeated name, which has been reported, the first one counts.
        for (number, site) in inventory.sites.iter().enumerate() {
            for (place, router) in site.routers.iter().enumerate() {
                index.routers.entry(router.name.value.clone()).or_insert((number, place));
            }
        }
        for (number, group) in inventory.groups.iter().enumerate() {
            index.groups.entry(group.name.value.clone()).or_insert(number);
        }
        index.credentials.extend(inventory.credentials.iter().map(|credential| credential.name.to_string()));
        index
    }
}

impl Inventory {
    /// Reads an inventory from the texts of its files: sites, groups and credentials add up, only the first file may hold
    /// `defaults`. Returns it with the warnings.
    ///
    /// # Errors
    /// Everything that is wrong, in all files together.
    pub fn read(files: &[Arc<SourceFile>]) -> Result<(Self, Diagnostics), Diagnostics> {
        let (inventory, found) = Self::attempt(files);
        found.conclude(inventory)
    }

    /// Reads as much as can be read, and everything that is wrong. With an error among the findings, the inventory is good
    /// for nothing but finding more of them.
    pub(crate) fn attempt(files: &[Arc<SourceFile>]) -> (Self, Diagnostics) {
        let mut inventory = Self::default();
        let mut found = Diagnostics::new();
        let mut whole = true;
        for (index, file) in files.iter().enumerate() {
            let (reader, root) = Reader::open(Arc::clone(file));
            match &root {
                Some(root) => inventory.add(&reader.root(root), index == 0),
                None => whole = false,
            }
            found.extend(reader.finish());
        }
        inventory.index = Index::of(&inventory);
        inventory.complete_sites(&mut found);
        // A file that could not be read to its end would make every reference into it a second, false complaint.
        if whole {
            inventory.check(&mut found);
        }
        (inventory, found)
    }

    fn add(&mut self, root: &Field<'_>, first: bool) {
        let place = root.place();
        let base = Path::new(place.file.name()).parent().unwrap_or(Path::new(""));
        let Some(mut table) = root.table("an inventory", "インベントリ") else { return };
        if table.has("plays") && !table.has("sites") {
            root.refuse(&InventoryFinding::Playbook);
            return;
        }
        if let Some(field) = table.require("version") {
            field.check_version();
        }
        if let Some(field) = table.get("credentials") {
            self.credentials.extend(credential::read(&field, base));
        }
        if let Some(field) = table.get("defaults") {
            if first {
                self.defaults = router::read_defaults(&field, base);
            } else {
                field.refuse(&InventoryFinding::DefaultsOfSecondFile);
            }
        }
        if let Some(field) = table.get("holidays") {
            self.holiday_files.extend(holiday_files::read(&field, base));
        }
        if let Some(field) = table.get("groups") {
            self.groups.extend(site::read_groups(&field));
        }
        if let Some(field) = table.get("sites") {
            self.sites.extend(site::read_sites(&field, &self.defaults, base));
        }
        table.finish();
    }

    /// Gives each site what its groups say of it, and its times from that.
    fn complete_sites(&mut self, found: &mut Diagnostics) {
        let mut sites = std::mem::take(&mut self.sites);
        let mut completion = Completion::default();
        for site in &mut sites {
            let groups: Vec<&Group> = site.groups.iter().filter_map(|member| self.group(&member.value)).collect();
            completion.complete(site, &groups);
        }
        found.extend(completion.found);
        self.sites = sites;
        self.keep_holidays(Holidays::default());
    }

    /// Sets the holidays, by which sites are open or may be touched.
    pub(super) fn keep_holidays(&mut self, holidays: Holidays) {
        let holidays = Arc::new(holidays);
        for site in &mut self.sites {
            site.schedule_with(&holidays);
        }
    }

    /// Every router with its site, in the order declared.
    pub fn routers(&self) -> impl Iterator<Item = (&Site, &Router)> {
        self.sites.iter().flat_map(|site| site.routers.iter().map(move |router| (site, router)))
    }

    /// One router by name.
    pub fn router(&self, name: &str) -> Option<(&Site, &Router)> {
        let (site, place) = *self.index.routers.get(name)?;
        let site = self.sites.get(site)?;
        Some((site, site.routers.get(place)?))
    }

    fn group(&self, name: &str) -> Option<&Group> {
        self.groups.get(*self.index.groups.get(name)?)
    }

    /// The variables of a router: defaults, then the site's groups in their order, then the site, then the router; the
    /// later wins. Whole values are replaced, lists are not joined.
    pub fn variables(&self, site: &Site, router: &Router) -> Variables {
        let mut variables = self.defaults.variables.clone();
        for member in &site.groups {
            if let Some(group) = self.group(&member.value) {
                variables = variables.overlaid(&group.variables);
            }
        }
        variables.overlaid(&site.variables).overlaid(&router.variables)
    }

    /// Where each credential comes from, for a vault.
    pub fn sources(&self) -> impl Iterator<Item = (CredentialName, Source)> + '_ {
        self.credentials.iter().map(|c| (c.name.clone(), c.source.value.clone()))
    }

    /// Whether a credential is declared.
    pub fn declares(&self, name: &str) -> bool {
        self.index.credentials.contains(name)
    }

    /// The names of the declared credentials, in their order.
    pub(crate) fn credential_names(&self) -> impl Iterator<Item = &str> + Clone {
        self.credentials.iter().map(|credential| credential.name.as_str())
    }

    fn check(&self, found: &mut Diagnostics) {
        self.check_unique(found);
        self.check_groups(found);
        self.check_paths(found);
        self.check_credentials(found);
        self.check_models(found);
    }

    fn check_unique(&self, found: &mut Diagnostics) {
        let routers = || self.routers().map(|(_, r)| r);
        unique(self.sites.iter().map(|s| &s.name), Wording::new("site", "拠点"), found);
        unique(self.groups.iter().map(|g| &g.name), Wording::new("group", "グループ"), found);
        unique(routers().map(|r| &r.name), Wording::new("router", "ルータ"), found);
        alike(routers().map(|r| &r.name), found);
        unique(
            routers().filter_map(|r| r.identity.serial_number.as_ref()),
            Wording::new("serial number", "製造番号"),
            found,
        );
        unique(routers().filter_map(|r| r.identity.hostname.as_ref()), Wording::new("host name", "ホスト名"), found);
        let credentials: Vec<Located<String>> =
            self.credentials.iter().map(|c| c.source.clone().map(|_| c.name.to_string())).collect();
        unique(credentials.iter(), Wording::new("credential", "認証情報"), found);

        let mut addresses: BTreeMap<(&str, u16), Vec<&Located<String>>> = BTreeMap::new();
        for router in routers() {
            let Some((host, port)) = router.connection.dialled() else { continue };
            // Behind different jump hosts one private address may belong to many routers.
            if router.connection.jump().is_empty() && !host.value.is_empty() {
                addresses.entry((host.value.as_str(), port)).or_default().push(host);
            }
        }
        // One address is one warning, however many routers have it.
        for ((host, port), places) in addresses {
            let [first, second, ..] = places.as_slice() else { continue };
            let finding = InventoryFinding::SameAddress { host: host.to_owned(), port, count: places.len() };
            let warning = Diagnostic::warning(&finding).at(second.place.clone(), &*second.path);
            found.push(warning.related(first.place.clone(), "the first one", "最初のもの"));
        }
    }

    fn check_groups(&self, found: &mut Diagnostics) {
        for member in self.sites.iter().flat_map(|s| &s.groups) {
            if self.group(&member.value).is_some() {
                continue;
            }
            let near = suggestion(&member.value, self.groups.iter().map(|g| g.name.value.as_str()));
            let finding = InventoryFinding::UndefinedGroup { group: member.value.clone(), near };
            found.push(Diagnostic::error(&finding).at(member.place.clone(), &*member.path));
        }
    }

    /// A path through a router that is not of the site would be believed and never held to.
    fn check_paths(&self, found: &mut Diagnostics) {
        for site in &self.sites {
            for router in &site.routers {
                let through = router.lifeline.iter().flat_map(|lifeline| &lifeline.value.through);
                for other in through {
                    let known = site.routers.iter().map(|r| r.name.value.as_str()).filter(|n| *n != router.name.value);
                    if known.clone().any(|name| name == other.value) {
                        continue;
                    }
                    let near = suggestion(&other.value, known);
                    let finding = InventoryFinding::UnknownRouter { router: other.value.clone(), near };
                    found.push(Diagnostic::error(&finding).at(other.place.clone(), &*other.path));
                }
            }
        }
    }

    fn check_credentials(&self, found: &mut Diagnostics) {
        let mut check = |name: &str, at: &Located<()>| {
            if self.declares(name) {
                return;
            }
            let near = choices(name, self.credential_names());
            let finding = CredentialFinding::Undefined { path: at.path.to_string(), near };
            found.push(Diagnostic::error(&finding).at(at.place.clone(), &*at.path).sealed());
        };
        for (_, router) in self.routers() {
            let second = router.second_way.iter().flat_map(|way| way.credentials());
            for name in router.connection.credentials().into_iter().chain(second) {
                check(name.value.as_str(), &name.clone().map(|_| ()));
            }
        }
        let scopes = std::iter::once(&self.defaults.variables)
            .chain(self.groups.iter().map(|g| &g.variables))
            .chain(self.sites.iter().map(|s| &s.variables))
            .chain(self.routers().map(|(_, r)| &r.variables));
        for (name, value) in scopes.flat_map(Variables::iter) {
            if let (true, Value::Scalar { text, .. }) = (names_a_secret(name), &value.value) {
                check(text, &value.clone().map(|_| ()));
            }
        }
    }

    fn check_models(&self, found: &mut Diagnostics) {
        for (_, router) in self.routers() {
            let name = &router.model;
            if name.value.is_empty() {
                continue;
            }
            let Some(model) = model::find(&name.value) else {
                let near = suggestion(&name.value, model::all().iter().map(|m| m.name));
                let finding = ModelFinding::Unknown { model: name.value.clone(), near };
                found.push(Diagnostic::error(&finding).at(name.place.clone(), &*name.path));
                continue;
            };
            let lifeline = router.lifeline.as_ref().and_then(|l| l.value.interface.as_ref());
            if let Some(interface) = lifeline
                && model.interface(&interface.value) == Presence::Absent
            {
                let known = suggestion(&interface.value, model.interfaces().iter().copied());
                let finding = ModelFinding::Interface { model: model.name, interface: interface.value.clone(), known };
                found.push(Diagnostic::error(&finding).at(interface.place.clone(), &*interface.path));
            }
            if let (Some(interface), Some(port)) =
                (lifeline, router.lifeline.as_ref().and_then(|l| l.value.switch_port))
                && let Some(device) = model::Parts::of(&interface.value).map(|parts| parts.device())
                && let Some(ports) = model.switch_ports(&device).filter(|ports| !ports.contains(&port))
            {
                let (first, last) = (*ports.start(), *ports.end());
                let finding = ModelFinding::PortOfDevice { model: model.name, device, first, last, port };
                found.push(Diagnostic::error(&finding).at(interface.place.clone(), &*interface.path));
            }
        }
    }
}

/// Reports each repeated value.
fn unique<'a>(values: impl Iterator<Item = &'a Located<String>>, what: Wording, found: &mut Diagnostics) {
    let mut seen: HashMap<&str, &Located<String>> = HashMap::new();
    for value in values {
        let Some(first) = seen.insert(&value.value, value) else { continue };
        seen.insert(&value.value, first);
        let finding = InventoryFinding::Duplicate { what, value: value.value.clone() };
        let finding = Diagnostic::error(&finding).at(value.place.clone(), &*value.path);
        found.push(finding.related(first.place.clone(), "the first one", "最初の記述"));
    }
}

/// Reports names that are two here, and one as names of files on some systems.
fn alike<'a>(names: impl Iterator<Item = &'a Located<String>>, found: &mut Diagnostics) {
    let mut seen: HashMap<String, &Located<String>> = HashMap::new();
    for name in names {
        let file = name.value.trim_end_matches('.').to_ascii_lowercase();
        let first = *seen.entry(file).or_insert(name);
        if first.value != name.value {
            let finding = InventoryFinding::Alike { first: first.value.clone(), second: name.value.clone() };
            let finding = Diagnostic::error(&finding).at(name.place.clone(), &*name.path);
            found.push(finding.related(first.place.clone(), "the first one", "最初の記述"));
        }
    }
}

#[cfg(test)]
#[path = "book_tests.rs"]
mod tests;
