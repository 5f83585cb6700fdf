//! `--limit`: which routers are meant.

use crate::message::{Explain, Text};

use super::book::Inventory;
use super::nearest::suggestion;
use super::router::Router;
use super::site::Site;

/// An expression such as `tokyo,sato-r*,!sato-r2`: names of routers, sites, groups or roles, with `*` for any text; `!`
/// excludes. Exclusions alone mean "all but these".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    include: Vec<String>,
    exclude: Vec<String>,
}

/// An expression that does not say which routers.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum LimitError {
    /// A part without a name.
    #[explain(
        code = "limit.empty-part",
        en = "the limit `{limit}` has an empty part",
        ja = "対象の指定 `{limit}` に空の部分があります",
        with(limit = _0),
        hint(en = "separate names by one comma: `a,b,!c`", ja = "名前はコンマ 1 つで区切ります: `a,b,!c`")
    )]
    Empty(String),
    /// Nothing has that name.
    #[explain(
        code = "limit.unknown",
        en = "no router, site, group or role is named `{name}`",
        ja = "`{name}` というルータ、拠点、グループ、ロールはありません",
        hints = hint.clone()
    )]
    Unknown {
        /// The name.
        name: String,
        /// What it may have been meant to be.
        hint: Option<Text>,
    },
    /// Everything was excluded again.
    #[explain(
        code = "limit.nothing",
        en = "the limit leaves no router",
        ja = "対象の指定に合うルータがありません",
        hint(
            en = "leave out an exclusion (`!name`), or name other routers",
            ja = "除外(`!名前`)を減らすか、別のルータを指定してください"
        ),
        note(en = "with a saved plan: none of that plan", ja = "保存した計画の場合は、その計画に対象がありません")
    )]
    Nothing,
}

impl Limit {
    /// Everything.
    pub fn all() -> Self {
        Self { include: Vec::new(), exclude: Vec::new() }
    }

    /// Reads an expression.
    ///
    /// # Errors
    /// [`LimitError::Empty`].
    pub fn parse(text: &str) -> Result<Self, LimitError> {
        let mut limit = Self::all();
        for part in text.split(',') {
            let part = part.trim();
            let (list, name) = match part.strip_prefix('!') {
                Some(name) => (&mut limit.exclude, name.trim()),
                None => (&mut limit.include, part),
            };
            if name.is_empty() {
                return Err(LimitError::Empty(text.to_owned()));
            }
            list.push(name.to_owned());
        }
        Ok(limit)
    }

    /// The routers that are meant, in the order of the inventory.
    ///
    /// # Errors
    /// A name that nothing has, in either sense, or an expression that leaves nothing.
    pub fn select<'a>(&self, inventory: &'a Inventory) -> Result<Vec<(&'a Site, &'a Router)>, LimitError> {
        let (selected, unknown) = self.select_known(inventory);
        match unknown.into_iter().next() {
            Some(error) => Err(error),
            None if selected.is_empty() => Err(LimitError::Nothing),
            None => Ok(selected),
        }
    }

    /// The routers that are meant, and the names in the expression that nothing has. A playbook may name what one of the
    /// inventories it is used with does not have.
    pub(crate) fn select_known<'a>(&self, inventory: &'a Inventory) -> (Vec<(&'a Site, &'a Router)>, Vec<LimitError>) {
        let patterns = self.include.iter().chain(&self.exclude);
        let unknown = patterns
            .filter(|pattern| {
                !inventory.routers().any(|(site, router)| names(site, router).any(|name| matches(pattern, name)))
            })
            .map(|pattern| unknown(pattern, inventory))
            .collect();
        let hit = |patterns: &[String], site, router| {
            names(site, router).any(|name| patterns.iter().any(|p| matches(p, name)))
        };
        let selected = inventory
            .routers()
            .filter(|&(site, router)| self.include.is_empty() || hit(&self.include, site, router))
            .filter(|&(site, router)| !hit(&self.exclude, site, router))
            .collect();
        (selected, unknown)
    }
}

/// Everything a router answers to.
fn names<'a>(site: &'a Site, router: &'a Router) -> impl Iterator<Item = &'a str> {
    [&router.name, &site.name].into_iter().chain(&site.groups).chain(&router.roles).map(|name| name.value.as_str())
}

fn unknown(name: &str, inventory: &Inventory) -> LimitError {
    let mut known: Vec<&str> = inventory.routers().flat_map(|(site, router)| names(site, router)).collect();
    known.sort_unstable();
    known.dedup();
    LimitError::Unknown { name: name.to_owned(), hint: suggestion(name, known) }
}

/// Whether a name fits a pattern in which `*` matches any text, also none. Linear in each star's span.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or_default();
    for part in parts {
        match name.find(part) {
            Some(at) => name = name.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    name.ends_with(tail)
}

#[cfg(test)]
#[path = "limit_tests.rs"]
mod tests;
