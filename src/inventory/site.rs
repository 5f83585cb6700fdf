//! Sites and groups.

use std::path::Path;

use super::name;
use super::router::{self, Defaults, Router};
use super::source::Located;
use super::value::{Variables, read_variables};
use super::yaml::Field;

/// A site: a clinic and its routers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its name, unique in the inventory.
    pub name: Located<String>,
    /// The name for people.
    pub title: Option<String>,
    /// The groups it belongs to, the weakest first.
    pub groups: Vec<Located<String>>,
    /// Its own variables.
    pub variables: Variables,
    /// Its routers, in the order declared, which is the order they are changed in.
    pub routers: Vec<Router>,
}

/// Variables that several sites share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: Located<String>,
    /// The name for people.
    pub title: Option<String>,
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
        return good.then(|| Group { name: named, title: None, variables: Variables::default() });
    }
    let mut table = field.table("a group", "グループ")?;
    let title = table.get("title").and_then(|f| f.text());
    let variables = table.get("vars").map(|f| read_variables(&f)).unwrap_or_default();
    table.finish();
    good.then_some(Group { name: named, title, variables })
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
    let groups = table.get("groups").map(|f| f.list()).unwrap_or_default();
    let groups = groups.iter().filter_map(|f| name::read(f).map(|g| f.located(g))).collect();
    let variables = table.get("vars").map(|f| read_variables(&f)).unwrap_or_default();
    let routers = table.require("routers").map(|f| f.entries()).unwrap_or_default();
    let routers = routers.into_iter().filter_map(|(key, f)| router::read(&key.text, &f, defaults, base)).collect();
    table.finish();
    good.then_some(Site { name: named, title, groups, variables, routers })
}
