//! A playbook: which routers get which roles, and under which policy.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::inventory::yaml::{Field, Reader};
use crate::inventory::{Diagnostic, Diagnostics, Limit, Located, SourceFile, choices, read_name};
use crate::message::Text;

use super::finding::PlaybookFinding;
use super::policy::{Policy, read_on_loss, read_silences};
use super::role::{Folder, Role};
use super::rollout::{Rollout, read_rollout};

/// With this the form of a kept plan begins.
const KEPT_PLAN: &str = "ixdeploy-plan/";

/// A playbook with its roles.
#[derive(Debug)]
pub struct Playbook {
    /// Its name, for records.
    pub name: String,
    /// Its name for people.
    pub title: Text,
    /// Who gets what.
    pub plays: Vec<Play>,
    /// The roles it uses, by name.
    pub roles: BTreeMap<String, Role>,
    /// The roles in the folder beside it, used or not.
    pub(super) beside: Vec<String>,
    /// In which steps, how many at once, how many failures.
    pub rollout: Rollout,
    /// What it allows.
    pub policy: Policy,
    /// The playbook beside it whose lines are entered for a look at the access line, and taken back: its file.
    pub probe: Option<Located<String>>,
}

/// Routers and the roles they get.
#[derive(Debug, Clone)]
pub struct Play {
    /// The routers; `None`: each router gets those of the roles that the inventory gives it.
    pub routers: Option<Located<Limit>>,
    /// The roles.
    pub roles: Vec<Located<String>>,
}

impl Playbook {
    /// Reads a playbook and its roles.
    ///
    /// # Errors
    /// Everything that is wrong, in all its files together.
    #[cfg(test)]
    pub(super) fn read(file: &Arc<SourceFile>, folder: &dyn Folder) -> Result<(Self, Diagnostics), Diagnostics> {
        let (playbook, found) = Self::attempt(file, folder);
        match playbook {
            Some(playbook) => found.conclude(playbook),
            None => Err(found.sorted()),
        }
    }

    /// What it is called for people, where it says so.
    pub fn title(&self) -> Option<Text> {
        Some(self.title.clone()).filter(|title| *title != Text::default())
    }

    /// Reads as much as can be read, and everything that is wrong. With an error among the findings, the playbook is good
    /// for nothing but finding more of them.
    pub(super) fn attempt(file: &Arc<SourceFile>, folder: &dyn Folder) -> (Option<Self>, Diagnostics) {
        let (reader, root) = Reader::open(Arc::clone(file));
        let playbook = root.as_ref().and_then(|root| read(&reader.root(root)));
        let mut found = reader.finish();
        let Some(mut playbook) = playbook else {
            return (None, found);
        };
        playbook.beside = folder.roles();
        for role in playbook.plays.iter().flat_map(|play| &play.roles) {
            if playbook.roles.contains_key(&role.value) {
                continue;
            }
            if !playbook.beside.contains(&role.value) {
                found.push(undefined(role, &playbook.beside));
            } else if let Some(read) = Role::read(&role.value, folder, &mut found) {
                playbook.roles.insert(role.value.clone(), read);
            }
        }
        (Some(playbook), found)
    }
}

fn undefined(role: &Located<String>, beside: &[String]) -> Diagnostic {
    let near = choices(&role.value, beside.iter().map(String::as_str));
    let finding = PlaybookFinding::NoSuchRole { role: role.value.clone(), near };
    Diagnostic::error(&finding).at(role.place.clone(), &*role.path)
}

fn read(root: &Field<'_>) -> Option<Playbook> {
    let mut table = root.table("a playbook", "プレイブック")?;
    if table.has("schema") && !table.has("plays") {
        let schema = table.get("schema").and_then(|field| field.text());
        if schema.is_some_and(|schema| schema.starts_with(KEPT_PLAN)) {
            root.refuse(&PlaybookFinding::KeptPlan);
            return None;
        }
    }
    if table.has("sites") && !table.has("plays") {
        root.refuse(&PlaybookFinding::Inventory);
        return None;
    }
    if let Some(field) = table.require("version") {
        field.check_version();
    }
    let name = table.require("name").and_then(|f| read_name(&f)).unwrap_or_default();
    let title = table.get("title").and_then(|f| super::variable::bilingual(&f)).unwrap_or_default();
    let plays = table.require("plays").map(|f| f.list()).unwrap_or_default();
    let plays: Vec<Play> = plays.iter().filter_map(play).collect();
    let rollout = table.get("rollout").map(|f| read_rollout(&f)).unwrap_or_default();
    let mut allow = |key| table.get(key).and_then(|f: Field<'_>| f.boolean()).unwrap_or(false);
    let (allow_unrecognised, allow_lifeline_change) = (allow("allow_unrecognised"), allow("allow_lifeline_change"));
    let (allow_reload, set_secrets) = (allow("allow_reload"), allow("set_secrets"));
    let longest = table.get("max_line").and_then(|f| f.integer(40, 100_000)).and_then(|n| usize::try_from(n).ok());
    let policy = Policy {
        allow_unrecognised,
        allow_lifeline_change,
        allow_reload,
        set_secrets,
        lost: table.get("lost").and_then(|f| read_on_loss(&f)).unwrap_or_default(),
        max_line: longest.unwrap_or(Policy::default().max_line),
        silences: table.get("lint").map(|f| read_silences(&f)).unwrap_or_default(),
    };
    let probe = table.get("probe").and_then(|f| read_probe(&f));
    table.finish();
    Some(Playbook { name, title, plays, roles: BTreeMap::new(), beside: Vec::new(), rollout, policy, probe })
}

/// A file beside the playbook, and none elsewhere.
fn read_probe(field: &Field<'_>) -> Option<Located<String>> {
    let name = field.text()?;
    let is_file_name = name.ends_with(".yaml") && !name.starts_with('.') && !name.contains(['/', '\\', ':']);
    if !is_file_name {
        field.refuse(&PlaybookFinding::ProbeFile { name });
        return None;
    }
    Some(field.located(name))
}

fn play(field: &Field<'_>) -> Option<Play> {
    let mut table = field.table("a play", "プレイ")?;
    let routers = table.get("routers").and_then(|f| {
        let text = f.text()?;
        match Limit::parse(&text) {
            Ok(limit) => Some(f.located(limit)),
            Err(error) => {
                f.refuse(&error);
                None
            }
        }
    });
    let roles = table.require("roles").map(|f| f.list()).unwrap_or_default();
    let roles = roles.iter().filter_map(|f| read_name(f).map(|r| f.located(r))).collect();
    table.finish();
    Some(Play { routers, roles })
}
