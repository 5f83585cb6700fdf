//! What one router should have: the playbook's roles, filled with the router's variables and proven harmless.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use minijinja::Value as TemplateValue;

use crate::dialect::Dialect;
use crate::dialect::model::{self, Presence};
use crate::inventory::{
    Diagnostic, Diagnostics, Inventory, Limit, Located, ModelFinding, Place, Router, Site, Variables, choices, nearest,
    suggestion,
};
use crate::ix::ConfigText;
use crate::ix::line::to_text;
use crate::ix::origin::Origin;
use crate::ix::origins::Origins;
use crate::ix::own_words::OwnWord;
use crate::message::Text;
use crate::plan::Ownership;
use crate::secret::{CredentialName, placeholders};

use super::book::Playbook;
use super::check::{Built, Check};
use super::finding::{PlaybookFinding, RoleFinding, VariableFinding};
use super::guard;
use super::kind::ValueType;
use super::laptop::LaptopCheck;
use super::line;
use super::linted::{self, Silenced};
use super::origin::MarkedLine;
use super::own::Own;
use super::owned::unowned;
use super::policy::{Firmware, Policy, Silence};
use super::role::{Owned, Role};
use super::sources::Sources;
use super::variable::Given;

/// How much of a path names a template (`url-list.ix.j2`), and a file with values (`clinics/sato.yaml`, `router3/role.yaml`).
const TEMPLATE: usize = 1;
const VALUE: usize = 2;

/// Routers that are not worth a thread of their own.
const LEAST_SHARE: usize = 16;

/// Everything a playbook says about one router.
#[derive(Debug, Clone)]
pub struct RenderedRouter {
    /// The site's name.
    pub site: String,
    /// The router's name.
    pub router: String,
    /// The router's model.
    pub model: String,
    /// The roles it gets, in the order of the playbook.
    pub roles: Vec<String>,
    /// The desired configuration, line by line. Secrets are placeholders.
    pub lines: Vec<RenderedLine>,
    /// The same as one text, each line with its origin, and with the places where the roles say what they own.
    pub config: ConfigText,
    /// What the roles own: `all`, or families of commands.
    pub owns: Vec<Located<String>>,
    /// The same, as the planner reads it.
    pub ownership: Ownership,
    /// How the router is checked afterwards.
    pub checks: Vec<Check>,
    /// What is tried out afterwards from the laptop.
    pub laptop: Vec<LaptopCheck>,
    /// The oldest firmware that every role accepts.
    pub min_firmware: Option<Firmware>,
    /// What the playbook allows, the roles' silences included.
    pub policy: Policy,
    /// The credentials that the lines name.
    pub credentials: BTreeSet<CredentialName>,
    /// What was found in the lines and is accepted, with a reason.
    pub silenced: Vec<Silenced>,
}

/// A desired line and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedLine {
    /// The line, indented as the template has it.
    pub text: String,
    /// The template's file and line.
    pub origin: Place,
    /// Where the values in it are written: in the inventory, or as a default of the role.
    pub values: Vec<Place>,
    /// The words of it that the router's, or its site's, own variables decided.
    pub own: Vec<OwnWord>,
    /// The role it belongs to.
    pub role: Arc<str>,
}

impl RenderedRouter {
    /// The dialect of its model.
    pub fn dialect(&self) -> &'static Arc<Dialect> {
        model::dialect_of(&self.model)
    }

    /// Where a line of [`Self::config`] comes from; lines count from 1.
    pub fn origin(&self, line: usize) -> Option<&Place> {
        self.lines.get(line.checked_sub(1)?).map(|line| &line.origin)
    }
}

impl Playbook {
    /// What each router that the playbook and `limit` mean should have, in the order of the inventory.
    ///
    /// # Errors
    /// Everything that is wrong, for all routers together.
    pub fn rendered(
        &self,
        inventory: &Inventory,
        limit: &Limit,
    ) -> Result<(Vec<RenderedRouter>, Diagnostics), Diagnostics> {
        let mut found = Diagnostics::new();
        let rendered = self.attempt_rendered(inventory, limit, &mut found);
        found.conclude(rendered)
    }

    /// Renders what can be rendered and adds what is wrong. Where something has been found before, findings that may only
    /// follow from it are not reported.
    pub(super) fn attempt_rendered(
        &self,
        inventory: &Inventory,
        limit: &Limit,
        found: &mut Diagnostics,
    ) -> Vec<RenderedRouter> {
        let sound = found.errors() == 0;
        self.judge_roles(inventory, found);
        self.rollout.judge(inventory, found);
        let vars_misread = misread_variables(found);
        let assigned = self.assign(inventory, found);
        let chosen = match limit.select(inventory) {
            Ok(chosen) => chosen,
            Err(error) => {
                if sound {
                    found.push(Diagnostic::error(&error));
                }
                limit.select_known(inventory).0
            }
        };
        let chosen: BTreeSet<&str> = chosen.iter().map(|(_, router)| router.name.value.as_str()).collect();
        let requests: Vec<RenderRequest<'_>> = inventory
            .routers()
            .filter_map(|(site, router)| {
                let name = router.name.value.as_str();
                let roles = assigned.get(name).filter(|_| chosen.contains(name))?;
                Some(RenderRequest { playbook: self, inventory, site, router, roles })
            })
            .collect();
        self.warn_of_roleless(inventory, &chosen, &assigned, found);
        let mut follow_up = Diagnostics::new();
        let rendered = render_all(&requests, &mut follow_up);
        if vars_misread {
            follow_up.forget("variable.missing");
        }
        found.extend(follow_up);
        if rendered.is_empty() && found.errors() == 0 {
            found.push(Diagnostic::error(&PlaybookFinding::Nothing { playbook: self.name.clone() }));
        }
        rendered
    }

    /// A role of a router that is not in the folder beside the playbook would leave that router out silently, so it is
    /// reported: as an error where it is nearly another one's name.
    fn judge_roles(&self, inventory: &Inventory, found: &mut Diagnostics) {
        let known = || self.beside.iter().map(String::as_str).chain(self.roles.keys().map(String::as_str));
        let mut judged: BTreeSet<(&str, u32, u32)> = BTreeSet::new();
        for role in inventory.routers().flat_map(|(_, router)| &router.roles) {
            let (name, place) = (role.value.as_str(), &role.place);
            // One word in a group or a default applies to many routers.
            let strange = known().all(|known| known != name);
            if !strange || !judged.insert((place.file.name(), place.line, place.column)) {
                continue;
            }
            let finding = PlaybookFinding::UnknownRole { role: name.to_owned(), near: choices(name, known()) };
            let finding = match nearest(name, known()) {
                Some(_) => Diagnostic::error(&finding),
                None => Diagnostic::warning(&finding),
            };
            found.push(finding.at(place.clone(), &*role.path));
        }
    }

    /// A router that a playbook by roles cannot concern, because it has none: reported at its place.
    fn warn_of_roleless(
        &self,
        inventory: &Inventory,
        chosen: &BTreeSet<&str>,
        assigned: &BTreeMap<&str, Vec<&Role>>,
        found: &mut Diagnostics,
    ) {
        if self.plays.iter().all(|play| play.routers.is_some()) {
            return;
        }
        for (_, router) in inventory.routers() {
            let name = router.name.value.as_str();
            if !router.roles.is_empty() || !chosen.contains(name) || assigned.contains_key(name) {
                continue;
            }
            let finding = PlaybookFinding::RouterWithoutRole { router: name.to_owned() };
            found.push(Diagnostic::warning(&finding).at(router.name.place.clone(), &*router.name.path));
        }
    }

    /// Whether a role is called so, used here or only beside the playbook.
    fn has_role(&self, name: Option<&str>) -> bool {
        name.is_some_and(|name| self.roles.contains_key(name) || self.beside.iter().any(|beside| beside == name))
    }

    /// The roles of each router, each once, in the order of the plays.
    fn assign<'a>(&'a self, inventory: &'a Inventory, found: &mut Diagnostics) -> BTreeMap<&'a str, Vec<&'a Role>> {
        let mut assigned: BTreeMap<&str, Vec<&Role>> = BTreeMap::new();
        for play in &self.plays {
            let selected = match &play.routers {
                None => inventory.routers().collect(),
                Some(limit) => {
                    let (selected, unknown) = limit.value.select_known(inventory);
                    // A role that the folder has is no slip: this inventory has no router of it.
                    for error in unknown.iter().filter(|error| !self.has_role(error.name())) {
                        found.push(Diagnostic::warning(error).at(limit.place.clone(), &*limit.path));
                    }
                    selected
                }
            };
            for (_, router) in selected {
                for role in &play.roles {
                    let has = router.roles.iter().any(|r| r.value == role.value);
                    let Some(role) = self.roles.get(&role.value).filter(|_| play.routers.is_some() || has) else {
                        continue;
                    };
                    let roles = assigned.entry(router.name.value.as_str()).or_default();
                    if !roles.iter().any(|r| r.name == role.name) {
                        roles.push(role);
                    }
                }
            }
        }
        assigned
    }
}

/// Whether a key was found that was meant to be `vars`: what is missing then is there, under the wrong name.
fn misread_variables(found: &Diagnostics) -> bool {
    let is_vars = |path: &str| path.rsplit('.').next().is_some_and(|key| nearest(key, ["vars"]).is_some());
    found.iter().any(|finding| finding.code == "yaml.unknown-key" && is_vars(&finding.path))
}

/// Renders every router, on as many threads as the machine has processors; the results come in the routers' order.
fn render_all(requests: &[RenderRequest<'_>], found: &mut Diagnostics) -> Vec<RenderedRouter> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = requests.len().div_ceil(threads).max(LEAST_SHARE);
    let render = |requests: &[RenderRequest<'_>]| {
        let (mut rendered, mut found) = (Vec::with_capacity(requests.len()), Diagnostics::new());
        for request in requests {
            // Each router's findings by themselves: what another one did wrong is no reason to judge this one less.
            let mut own = Diagnostics::new();
            rendered.extend(request.rendered(&mut own));
            found.extend(own);
        }
        (rendered, found)
    };
    let shares = thread::scope(|scope| {
        let begin = |share| thread::Builder::new().spawn_scoped(scope, move || render(share)).ok();
        let running: Vec<_> = requests.chunks(share).map(|share| (share, begin(share))).collect();
        // A machine without another thread renders here; a defect in one is met again here, where it ends the program as it should.
        let rendered = |thread: ScopedJoinHandle<'_, _>| thread.join().ok();
        running
            .into_iter()
            .map(|(share, thread)| thread.and_then(rendered).unwrap_or_else(|| render(share)))
            .collect::<Vec<_>>()
    });
    let mut rendered = Vec::with_capacity(requests.len());
    for (more, findings) in shares {
        rendered.extend(more);
        found.extend(findings);
    }
    rendered
}

/// Lines as one text, each with its origin, and with the places where the roles say what they own. The text is in the form in which the program
/// carries bytes that are not UTF-8: a person's characters that look like that form are carried, too, so that they are typed as what
/// they are.
fn config_text(lines: &[RenderedLine], owns: &[Located<String>]) -> ConfigText {
    let origin = |line: &RenderedLine| {
        Some(Origin::Rendered {
            template: line.origin.spot(TEMPLATE),
            values: line.values.iter().map(|value| value.spot(VALUE)).collect(),
        })
    };
    let origins: Origins = lines.iter().map(origin).collect();
    let with_own = |origins: Origins, (number, line): (u32, &RenderedLine)| origins.with_own(number, line.own.clone());
    let origins = (1..).zip(lines).fold(origins, with_own);
    let with_owner =
        |origins: Origins, entry: &Located<String>| origins.with_owner(&entry.value, entry.place.spot(VALUE));
    let text: String = lines.iter().map(|line| format!("{}\n", to_text(line.text.as_bytes()))).collect();
    ConfigText::rendered(text, owns.iter().fold(origins, with_owner))
}

/// One router while it is rendered.
struct RenderRequest<'a> {
    playbook: &'a Playbook,
    inventory: &'a Inventory,
    site: &'a Site,
    router: &'a Router,
    roles: &'a [&'a Role],
}

impl RenderRequest<'_> {
    fn rendered(&self, found: &mut Diagnostics) -> Option<RenderedRouter> {
        let before = found.errors();
        let variables = self.inventory.variables(self.site, self.router);
        let mut rendered = RenderedRouter {
            site: self.site.name.value.clone(),
            router: self.router.name.value.clone(),
            model: self.router.model.value.clone(),
            roles: Vec::new(),
            lines: Vec::new(),
            config: ConfigText::new(""),
            owns: Vec::new(),
            ownership: Ownership::default(),
            checks: Vec::new(),
            laptop: Vec::new(),
            min_firmware: None,
            policy: self.playbook.policy.clone(),
            credentials: BTreeSet::new(),
            silenced: Vec::new(),
        };
        self.warn_unused_variables(&variables, found);
        for role in self.roles {
            self.add(role, &variables, &mut rendered, found);
        }
        // Each entry was checked with its role.
        rendered.ownership = rendered.owns.iter().map(|entry| entry.value.clone()).collect::<Vec<_>>().into();
        if found.errors() == before {
            rendered.config = config_text(&rendered.lines, &rendered.owns);
            let (findings, silenced) = linted::lint(&rendered, &self.router.name.place);
            findings.into_iter().for_each(|finding| found.push(self.about(finding)));
            rendered.silenced = silenced;
        }
        (found.errors() == before).then_some(rendered)
    }

    fn add(&self, role: &Role, variables: &Variables, rendered: &mut RenderedRouter, found: &mut Diagnostics) {
        let Some(given) = self.bind(role, variables, found) else { return };
        let context = self.context(&given);
        let mut refused = false;
        for refusal in &role.refusals {
            let point = |name: Option<&str>| self.point(name, variables);
            if let Some(diagnostic) = refusal.judge(&role.templates, &context, point) {
                found.push(self.about(diagnostic));
                refused = true;
            }
        }
        if refused {
            return;
        }
        let beside = [("site", &self.site.name), ("router", &self.router.name), ("router", &self.router.model)];
        let sources = Sources::of(&given, beside);
        let owned = match role.owned(&context) {
            Ok(owned) => owned,
            Err(diagnostic) => return found.push(self.about(diagnostic)),
        };
        match role.templates.render(&context) {
            Ok(lines) => {
                let place = |line: &MarkedLine| {
                    let file = role.templates.file(line.file)?;
                    let number = u32::try_from(line.line).ok()?;
                    let width = file.line(number).chars().count();
                    let indent = file.line(number).chars().take_while(|c| *c == ' ').count();
                    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                    let (column, length) = (narrow(indent + 1), narrow((width - indent).max(1)));
                    Some(Place { file: Arc::clone(file), line: number, column, length })
                };
                guard::check(&lines, &given, place).into_iter().for_each(|d| found.push(d));
                self.judge_rendering(role, &owned.ownership, &lines, place, found);
                let name: Arc<str> = role.name.as_str().into();
                for line in &lines {
                    let text = line.text().trim_end().to_owned();
                    let Some(origin) = place(line) else { continue };
                    self.judge_line(&text, &origin, found);
                    rendered.credentials.extend(placeholders(&text));
                    let values = sources.of_line(line, &role.templates);
                    let names = || role.templates.names_of_line(line.file, line.line);
                    let own = self.own().words(line, &sources, &names);
                    rendered.lines.push(RenderedLine { text, origin, values, own, role: Arc::clone(&name) });
                }
            }
            Err(diagnostic) => found.push(self.about(diagnostic)),
        }
        let find_own = |declared: &str, line: &MarkedLine| {
            self.own().words(line, &sources, &|| role.templates.names_in_text(declared).unwrap_or_default())
        };
        for check in &role.checks {
            match check.build(&role.name, &role.templates, &context, &find_own) {
                Ok(None) => {}
                Ok(Some(Built::Router(check))) => rendered.checks.push(check),
                Ok(Some(Built::Laptop(check))) => rendered.laptop.push(check),
                Err(diagnostic) => found.push(self.about(diagnostic)),
            }
        }
        self.claim(role, owned, rendered, found);
    }

    fn own(&self) -> Own<'_> {
        Own { site: self.site, router: self.router }
    }

    /// Adds what the role owns, and the policy that comes with it.
    fn claim(&self, role: &Role, owned: Owned, rendered: &mut RenderedRouter, found: &mut Diagnostics) {
        for other in self.roles.iter().filter(|other| rendered.roles.contains(&other.name)) {
            let both_all = role.ownership.owns_all() || other.ownership.owns_all();
            let shared = role.ownership.overlap(&other.ownership).or_else(|| both_all.then(|| "all".to_owned()));
            if let (Some(shared), Some(mine), Some(theirs)) = (shared, role.owns.first(), other.owns.first()) {
                let finding = RoleFinding::OwnedTwice { router: rendered.router.clone(), shared };
                let finding = Diagnostic::error(&finding).at(mine.place.clone(), &*mine.path);
                found.push(finding.related(theirs.place.clone(), "the other role", "もう一方のロール"));
            }
        }
        rendered.owns.extend(owned.entries);
        rendered.roles.push(role.name.clone());
        let silences: &[Silence] = &role.silences;
        rendered.policy.silences.extend(silences.iter().cloned());
        if let Some(least) = &role.min_firmware
            && rendered.min_firmware.as_ref().is_none_or(|old| *old < least.value)
        {
            rendered.min_firmware = Some(least.value.clone());
        }
    }

    /// Every variable of the role with its value; `None` when something does not fit.
    fn bind(&self, role: &Role, variables: &Variables, found: &mut Diagnostics) -> Option<Vec<Given>> {
        let before = found.errors();
        let mut whole = true;
        let mut given = Vec::new();
        for declaration in &role.variables {
            let name = &declaration.name.value;
            let result = match variables.get(name).or(declaration.default.as_ref()) {
                Some(value) => declaration.bind(value),
                None if declaration.required => Err(vec![self.missing(role, name, variables)]),
                None => Ok(declaration.nothing()),
            };
            match result {
                Ok(value) => {
                    self.check_given(&value, found);
                    given.push(value);
                }
                Err(diagnostics) => {
                    whole = false;
                    diagnostics.into_iter().for_each(|d| found.push(d));
                }
            }
        }
        (whole && found.errors() == before).then_some(given)
    }

    fn missing(&self, role: &Role, name: &str, variables: &Variables) -> Diagnostic {
        let router = &self.router.name;
        let strangers = variables.iter().map(|(n, _)| n).filter(|n| role.variable(n).is_none());
        let finding = VariableFinding::Missing {
            router: router.value.clone(),
            role: role.name.clone(),
            name: name.to_owned(),
            near: nearest(name, strangers).map(str::to_owned),
            choices: role.variable(name).map(|declaration| declaration.choices.clone()).unwrap_or_default(),
        };
        Diagnostic::error(&finding).at(router.place.clone(), &*router.path)
    }

    /// Whether a box of this model was seen to print this interface.
    fn is_a_fact(&self, interface: &str) -> bool {
        let fact = self.inventory.facts.of(&self.router.model.value);
        let printed = fact.and_then(|fact| {
            fact.factory.as_ref()?.tree(model::dialect_of(&self.router.model.value)).interface(interface)
        });
        printed.is_some()
    }

    /// What only this router or inventory can tell: whether the interface exists, whether the credential is declared.
    fn check_given(&self, given: &Given, found: &mut Diagnostics) {
        for text in &given.texts {
            match given.kind {
                ValueType::Interface if self.is_a_fact(&text.value) => {}
                ValueType::Interface => found_interface(&self.router.model.value, text, found),
                ValueType::Port => found_port(&self.router.model.value, text, found),
                ValueType::Credential if !self.inventory.declares(&text.value) => {
                    let near = choices(&text.value, self.inventory.credential_names());
                    let finding = VariableFinding::UndefinedCredential { path: text.path.to_string(), near };
                    found.push(Diagnostic::error(&finding).at(text.place.clone(), &*text.path).sealed());
                }
                _ => {}
            }
        }
    }

    /// Warns of variables that no role of the playbook takes, when they look like a slip.
    fn warn_unused_variables(&self, variables: &Variables, found: &mut Diagnostics) {
        let known = |name: &str| self.playbook.roles.values().any(|role| role.variable(name).is_some());
        for (name, value) in variables.iter() {
            if known(name) {
                continue;
            }
            let declared = self.roles.iter().flat_map(|role| &role.variables).map(|d| d.name.value.as_str());
            let unset = declared.filter(|d| variables.get(d).is_none());
            if let Some(near) = nearest(name, unset) {
                let finding = VariableFinding::Unknown { name: name.to_owned(), near: near.to_owned() };
                found.push(Diagnostic::warning(&finding).at(value.place.clone(), &*value.path));
            }
        }
    }

    fn context(&self, given: &[Given]) -> TemplateValue {
        let table = |entries: [(&str, TemplateValue); 2]| TemplateValue::from(BTreeMap::from(entries));
        let title = |title: &Option<String>| title.clone().map_or(TemplateValue::from(()), TemplateValue::from);
        let (site, router) = (self.site, self.router);
        let site = table([("name", site.name.value.as_str().into()), ("title", title(&site.title))]);
        let router =
            table([("name", router.name.value.as_str().into()), ("model", router.model.value.as_str().into())]);
        let mut context: BTreeMap<String, TemplateValue> =
            given.iter().map(|g| (g.name.clone(), g.value.clone())).collect();
        context.insert("site".to_owned(), site);
        context.insert("router".to_owned(), router);
        TemplateValue::from(context)
    }

    fn judge_line(&self, text: &str, origin: &Place, found: &mut Diagnostics) {
        let longest = self.playbook.policy.max_line;
        for fault in line::faults(text, longest) {
            found.push(self.about(fault.at(origin.clone(), "")));
        }
    }

    fn judge_rendering(
        &self,
        role: &Role,
        ownership: &Ownership,
        lines: &[MarkedLine],
        place: impl Fn(&MarkedLine) -> Option<Place>,
        found: &mut Diagnostics,
    ) {
        let rendered: String = lines.iter().map(|line| format!("{}\n", line.text())).collect();
        for (number, fault) in line::operational(self.dialect(), &rendered) {
            let origin = number.checked_sub(1).and_then(|index| lines.get(index)).and_then(&place);
            found.push(self.about(match origin {
                Some(origin) => fault.at(origin, ""),
                None => fault,
            }));
        }
        for number in unowned(self.dialect(), &rendered, ownership) {
            let Some(line) = number.checked_sub(1).and_then(|index| lines.get(index)) else { continue };
            let finding = RoleFinding::NotOwned { role: role.name.clone(), line: line.text().trim().to_owned() };
            let finding = Diagnostic::error(&finding);
            found.push(self.about(match place(line) {
                Some(origin) => finding.at(origin, ""),
                None => finding,
            }));
        }
    }

    /// The dialect of its model.
    fn dialect(&self) -> &'static Arc<Dialect> {
        model::dialect_of(&self.router.model.value)
    }

    /// The place of a variable's value, else of the router.
    fn point(&self, variable: Option<&str>, variables: &Variables) -> Located<()> {
        let value = variable.and_then(|name| variables.get(name)).map(|value| value.clone().map(|_| ()));
        value.unwrap_or_else(|| self.router.name.clone().map(|_| ()))
    }

    /// A finding in a template, with the router it was rendered for.
    fn about(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let router = &self.router.name;
        if diagnostic.related.is_none() {
            diagnostic = diagnostic.related(
                router.place.clone(),
                format!("rendered for router `{}`", router.value),
                format!("ルータ `{}` のための生成", router.value),
            );
        }
        diagnostic
    }
}

/// Reports an interface that the model does not have: an error where its data is attested.
fn found_interface(model: &str, name: &Located<String>, found: &mut Diagnostics) {
    let Some(model) = model::find(model) else { return };
    let known = known_interfaces(model, &name.value);
    let (model, presence, interface) = (model.name, model.interface(&name.value), name.value.clone());
    let finding = match presence {
        Presence::Present => return,
        Presence::Absent => Diagnostic::error(&ModelFinding::Interface { model, interface, known }),
        Presence::Unattested => Diagnostic::warning(&ModelFinding::InterfaceUnattested { model, interface, known }),
    };
    found.push(finding.at(name.place.clone(), &*name.path));
}

/// What is known of the model. Another number is never suggested as a slip of the pen: it is another cable, perhaps the WAN's.
fn known_interfaces(model: &model::Model, name: &str) -> Option<Text> {
    let letters = |name: &str| name.trim_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ':')).to_owned();
    let known = model.interfaces();
    if !known.iter().any(|one| letters(one) == letters(name)) {
        return suggestion(name, known.iter().copied());
    }
    let list = |between: &str| known.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(between);
    (!known.is_empty()).then(|| {
        Text::new(
            format!("known of the {}: {}; look which one the cable is in", model.name, list(", ")),
            format!("{} で確認済みのもの: {}。ケーブルを挿すインタフェースを指定してください", model.name, list("、")),
        )
    })
}

/// Reports a port that none of the model's switches has.
fn found_port(model: &str, port: &Located<String>, found: &mut Diagnostics) {
    let Some(model) = model::find(model) else { return };
    let switches: Vec<_> = (0..4).filter_map(|n| model.switch_ports(&format!("GigaEthernet{n}"))).collect();
    let number: u8 = port.value.parse().unwrap_or(0);
    if switches.is_empty() || switches.iter().any(|ports| ports.contains(&number)) {
        return;
    }
    let last = switches.iter().map(|ports| *ports.end()).max().unwrap_or(0);
    let finding = ModelFinding::Port { model: model.name, port: number, last };
    found.push(Diagnostic::error(&finding).at(port.place.clone(), &*port.path));
}
