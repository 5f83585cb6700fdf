//! `--limit`: which routers are meant.
//!
//! Pure: what an expression refers to outside of the inventory (`@file`, `@run:...`) is looked up by the command that takes the expression, and handed in as names.

use std::collections::{BTreeSet, HashSet};
use std::fmt;

use crate::message::{Explain, Text};

use super::book::Inventory;
use super::nearest::suggestion;
use super::pattern::{Pattern, parts};
use super::router::Router;
use super::site::Site;

/// An expression such as `tokyo,sato-r*,c00[1-5],!sato-r2`: names of routers, sites, groups or roles, with `*` for any text and numbers
/// between brackets; `!` excludes. Exclusions alone mean "all but these".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limit {
    include: Chosen,
    exclude: Chosen,
    /// Something was named to be included, even if it turned out to be nothing.
    is_narrowed: bool,
}

/// One part of an expression, before what it refers to was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitPart<'a> {
    /// It takes routers away.
    pub excludes: bool,
    /// The name, the pattern, or after `@` what is looked up.
    pub word: &'a str,
}

/// Names and patterns. Names are found by their value: there may be ten thousand of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Chosen {
    names: BTreeSet<String>,
    /// Names from a record of earlier: the inventory may have lost some since.
    recorded: BTreeSet<String>,
    /// With the text that they are written as.
    patterns: Vec<(String, Pattern)>,
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
    /// Brackets without numbers between them.
    #[explain(
        code = "limit.range",
        en = "`{part}` has no range of numbers between its brackets",
        ja = "`{part}` の [ ] の中が数値の範囲ではありません",
        hint(
            en = "write `c00[1-5]`, `c[01-20]` (as many digits as written) or `c[1,3,7]`",
            ja = "`c00[1-5]`、`c[01-20]`(書いた桁数に合わせます)、`c[1,3,7]` のように書きます"
        )
    )]
    Range {
        /// The part.
        part: String,
    },
    /// `@` where nothing can be looked up.
    #[explain(
        code = "limit.reference",
        en = "`{part}` is looked up on the command line only",
        ja = "`{part}` はコマンドラインでのみ使えます",
        hint(
            en = "name routers, sites, groups or roles here",
            ja = "ここにはルータ、拠点、グループ、ロールの名前を書いてください"
        )
    )]
    Reference {
        /// The part.
        part: String,
    },
    /// A line of a file that holds more than one name.
    #[explain(
        code = "limit.line",
        en = "`{line}` is not one name",
        ja = "`{line}` は 1 つの名前ではありません",
        hint(
            en = "write one name or pattern a line, without commas and `!`",
            ja = "1 行に 1 つの名前かパターンを書いてください(コンマと `!` は使えません)"
        )
    )]
    NoSingleName {
        /// The line.
        line: String,
    },
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

impl LimitError {
    /// The name that nothing has, where that is what is wrong.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Unknown { name, .. } => Some(name),
            _ => None,
        }
    }
}

impl Limit {
    /// Everything.
    pub fn all() -> Self {
        Self::default()
    }

    /// Reads an expression that refers to nothing outside of the inventory.
    ///
    /// # Errors
    /// [`LimitError::Empty`], [`LimitError::Range`], [`LimitError::Reference`].
    pub fn parse(text: &str) -> Result<Self, LimitError> {
        let mut limit = Self::all();
        for part in Self::parts(text)? {
            limit.add(part)?;
        }
        Ok(limit)
    }

    /// The parts of an expression, for someone who looks up what they refer to.
    ///
    /// # Errors
    /// [`LimitError::Empty`].
    pub fn parts(text: &str) -> Result<Vec<LimitPart<'_>>, LimitError> {
        parts(text)
            .map(|part| {
                let part = part.trim();
                let bare = part.strip_prefix('!');
                let word = bare.map_or(part, str::trim);
                if word.is_empty() {
                    return Err(LimitError::Empty(text.to_owned()));
                }
                Ok(LimitPart { excludes: bare.is_some(), word })
            })
            .collect()
    }

    /// Adds a name or a pattern.
    ///
    /// # Errors
    /// [`LimitError::Range`], [`LimitError::Reference`].
    pub fn add(&mut self, part: LimitPart<'_>) -> Result<(), LimitError> {
        let LimitPart { excludes, word } = part;
        if word.starts_with('@') {
            return Err(LimitError::Reference { part: word.to_owned() });
        }
        let pattern = Pattern::parse(word).ok_or_else(|| LimitError::Range { part: word.to_owned() })?;
        let chosen = self.chosen(excludes);
        match pattern.as_name() {
            Some(name) => drop(chosen.names.insert(name.to_owned())),
            None => chosen.patterns.push((word.to_owned(), pattern)),
        }
        Ok(())
    }

    /// Adds the routers that a part was found to refer to; that may be none, or some that are not in the inventory any more.
    pub fn add_recorded(&mut self, excludes: bool, routers: impl IntoIterator<Item = String>) {
        self.chosen(excludes).recorded.extend(routers);
    }

    fn chosen(&mut self, excludes: bool) -> &mut Chosen {
        self.is_narrowed |= !excludes;
        if excludes { &mut self.exclude } else { &mut self.include }
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
        let known: HashSet<&str> = inventory.routers().flat_map(|(site, router)| names(site, router)).collect();
        let unknown = self.include.unknown(&known).chain(self.exclude.unknown(&known));
        let unknown = unknown.map(|name| unknown_name(name, &known)).collect();
        let selected = inventory
            .routers()
            .filter(|&(site, router)| !self.is_narrowed || names(site, router).any(|name| self.include.has(name)))
            .filter(|&(site, router)| !names(site, router).any(|name| self.exclude.has(name)))
            .collect();
        (selected, unknown)
    }
}

impl Chosen {
    fn has(&self, name: &str) -> bool {
        self.names.contains(name)
            || self.recorded.contains(name)
            || self.patterns.iter().any(|(_, pattern)| pattern.matches(name))
    }

    /// What nothing has, as it was written.
    fn unknown<'a>(&'a self, known: &'a HashSet<&str>) -> impl Iterator<Item = &'a str> {
        let names = self.names.iter().map(String::as_str).filter(move |name| !known.contains(name));
        let fits_none = move |pattern: &Pattern| !known.iter().any(|name| pattern.matches(name));
        let patterns = self.patterns.iter().filter(move |(_, pattern)| fits_none(pattern));
        names.chain(patterns.map(|(text, _)| text.as_str()))
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        self.names
            .iter()
            .chain(&self.recorded)
            .map(String::as_str)
            .chain(self.patterns.iter().map(|(text, _)| text.as_str()))
    }
}

impl fmt::Display for Limit {
    /// The expression with everything looked up that it referred to.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exclude = self.exclude.parts().map(|part| format!("!{part}"));
        let parts: Vec<String> = self.include.parts().map(str::to_owned).chain(exclude).collect();
        f.write_str(&parts.join(","))
    }
}

/// Everything a router answers to.
fn names<'a>(site: &'a Site, router: &'a Router) -> impl Iterator<Item = &'a str> {
    [&router.name, &site.name].into_iter().chain(&site.groups).chain(&router.roles).map(|name| name.value.as_str())
}

fn unknown_name(name: &str, known: &HashSet<&str>) -> LimitError {
    let mut known: Vec<&str> = known.iter().copied().collect();
    known.sort_unstable();
    LimitError::Unknown { name: name.to_owned(), hint: suggestion(name, known) }
}

#[cfg(test)]
#[path = "limit_tests.rs"]
mod tests;
