//! A playbook: which routers get which roles, and under which policy.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::inventory::yaml::{Field, Reader};
use crate::inventory::{Diagnostic, Diagnostics, Limit, Located, SourceFile, playbook_first, read_name, suggestion};
use crate::message::Text;

use super::policy::{Policy, Rollout, read_on_loss, read_rollout, read_silences};
use super::role::{Folder, Role};

/// The only schema version there is.
const VERSION: u64 = 1;

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
    /// How many routers at once.
    pub rollout: Rollout,
    /// What it allows.
    pub policy: Policy,
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
    let name = &role.value;
    let text = Text::new(
        format!("there is no role `{name}`: no file `roles/{name}/role.yaml` beside the playbook"),
        format!("ロール `{name}` がありません。プレイブックの隣に `roles/{name}/role.yaml` が必要です"),
    );
    let known = beside.iter().map(String::as_str);
    Diagnostic::error("playbook.role", text).at(role.place.clone(), &*role.path).hints(suggestion(name, known))
}

fn read(root: &Field<'_>) -> Option<Playbook> {
    let mut table = root.table("a playbook", "プレイブック")?;
    if table.has("sites") && !table.has("plays") {
        root.report(
            root.error(
                "playbook.inventory",
                "this is an inventory, not a playbook",
                "これはプレイブックではなくインベントリです",
            )
            .hints([playbook_first()]),
        );
        return None;
    }
    if let Some(field) = table.require("version") {
        check_version(&field);
    }
    let name = table.require("name").and_then(|f| read_name(&f)).unwrap_or_default();
    let title = table.get("title").and_then(|f| super::variable::bilingual(&f)).unwrap_or_default();
    let plays = table.require("plays").map(|f| f.list()).unwrap_or_default();
    let plays: Vec<Play> = plays.iter().filter_map(play).collect();
    let rollout = table.get("rollout").map(|f| read_rollout(&f)).unwrap_or_default();
    let mut allow = |key| table.get(key).and_then(|f: Field<'_>| f.boolean()).unwrap_or(false);
    let (allow_unrecognised, allow_lifeline_change) = (allow("allow_unrecognised"), allow("allow_lifeline_change"));
    let allow_reload = allow("allow_reload");
    let longest = table.get("max_line").and_then(|f| f.integer(40, 100_000)).and_then(|n| usize::try_from(n).ok());
    let policy = Policy {
        allow_unrecognised,
        allow_lifeline_change,
        allow_reload,
        lost: table.get("lost").and_then(|f| read_on_loss(&f)).unwrap_or_default(),
        max_line: longest.unwrap_or(Policy::default().max_line),
        silences: table.get("lint").map(|f| read_silences(&f)).unwrap_or_default(),
    };
    table.finish();
    Some(Playbook { name, title, plays, roles: BTreeMap::new(), beside: Vec::new(), rollout, policy })
}

fn play(field: &Field<'_>) -> Option<Play> {
    let mut table = field.table("a play", "プレイ")?;
    let routers = table.get("routers").and_then(|f| {
        let text = f.text()?;
        match Limit::parse(&text) {
            Ok(limit) => Some(f.located(limit)),
            Err(error) => {
                use crate::message::Explain;
                f.report(Diagnostic::error(error.code(), error.text()).at(f.place(), f.path()).hints(error.hints()));
                None
            }
        }
    });
    let roles = table.require("roles").map(|f| f.list()).unwrap_or_default();
    let roles = roles.iter().filter_map(|f| read_name(f).map(|r| f.located(r))).collect();
    table.finish();
    Some(Play { routers, roles })
}

/// Reports a schema version that this program does not read.
pub(super) fn check_version(field: &Field<'_>) {
    let Some(version) = field.integer(0, u64::from(u32::MAX)) else { return };
    if version != VERSION {
        field.report(
            field
                .error(
                    "yaml.version",
                    format!("version {version} of this file is not known"),
                    format!("バージョン {version} のファイルは読めません"),
                )
                .hint(
                    format!("this program reads version {VERSION}"),
                    format!("このプログラムが読めるのはバージョン {VERSION} です"),
                ),
        );
    }
}
