//! The names that an inventory declares, by the layout of its lines: for a command line that is being typed.
//!
//! Ten thousand clinics are looked through in the time between two keys. What is said of a site or a router is not read, only passed over. A file
//! that is laid out in another way than as a block for each name is left to its full reading. Nothing is judged here, and no file opened.

use std::collections::BTreeSet;

use super::book::Inventory;
use super::name::is_name;

/// The names that an inventory declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// Of groups.
    pub groups: BTreeSet<String>,
    /// Of sites.
    pub sites: BTreeSet<String>,
    /// Of routers.
    pub routers: BTreeSet<String>,
    /// Of the roles that routers have.
    pub roles: BTreeSet<String>,
}

impl Names {
    /// Those of an inventory that was read in full.
    pub fn of(inventory: &Inventory) -> Self {
        let mut names = Self::default();
        names.groups.extend(inventory.groups.iter().map(|group| group.name.value.clone()));
        names.sites.extend(inventory.sites.iter().map(|site| site.name.value.clone()));
        for (_, router) in inventory.routers() {
            names.routers.insert(router.name.value.clone());
            names.roles.extend(router.roles.iter().map(|role| role.value.clone()));
        }
        names
    }

    /// Those of a file, where its layout shows them; nothing where only its full reading would.
    pub fn by_layout(text: &str) -> Option<Self> {
        let document = Block { level: Level::Document, at: Some(0) };
        let mut layout = Layout { names: Self::default(), open: vec![document], has_begun: false };
        for line in text.lines() {
            layout.line(line)?;
        }
        Some(layout.names)
    }

    /// Adds those of another file.
    pub fn extend(&mut self, other: Self) {
        self.groups.extend(other.groups);
        self.sites.extend(other.sites);
        self.routers.extend(other.routers);
        self.roles.extend(other.roles);
    }
}

/// What the keys of a block are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The keys of the file.
    Document,
    /// Names of groups.
    Groups,
    /// Names of sites.
    Sites,
    /// What is said of a site.
    Site,
    /// Names of routers.
    Routers,
    /// What is said of a router.
    Router,
    /// No keys but the items of a list.
    Roles,
}

/// A block that is open at a line.
struct Block {
    level: Level,
    /// How far its keys are indented; unknown until its first line.
    at: Option<usize>,
}

struct Layout {
    names: Names,
    open: Vec<Block>,
    has_begun: bool,
}

impl Layout {
    /// Takes a line; nothing where the layout does not show what it is.
    fn line(&mut self, line: &str) -> Option<()> {
        let text = line.trim_start_matches(' ');
        let at = line.len() - text.len();
        let is_first = !self.has_begun;
        if text.trim_end().is_empty() || text.starts_with('#') || (is_first && at == 0 && text.trim_end() == "---") {
            return Some(());
        }
        self.has_begun = true;
        let item = text.strip_prefix('-').filter(|item| item.is_empty() || item.starts_with(' '));
        self.close(at, item.is_some());
        let block = self.open.last_mut()?;
        if at > *block.at.get_or_insert(at) {
            // Said of a name, or the rest of a value.
            return Some(());
        }
        match (block.level, item) {
            (Level::Roles, Some(item)) => self.role(item),
            // The value of the key before it.
            (Level::Document | Level::Site | Level::Router, Some(_)) => Some(()),
            (_, Some(_)) => None,
            (level, None) => {
                let (key, value) = entry(text)?;
                self.key(level, key, value)
            }
        }
    }

    /// Closes the blocks that end before a line.
    fn close(&mut self, at: usize, is_item: bool) {
        while let [.., outer, block] = self.open.as_slice() {
            let is_list = block.level == Level::Roles;
            // A list may be as far indented as the keys around it, a block of keys may not.
            let begins = block.at.unwrap_or(outer.at.unwrap_or_default() + usize::from(!is_list));
            if at > begins || (at == begins && (is_item || !is_list)) {
                return;
            }
            self.open.pop();
        }
    }

    fn key(&mut self, level: Level, key: &str, value: &str) -> Option<()> {
        let named = is_name(key).then(|| key.to_owned());
        let inner = match (level, key) {
            (Level::Document, "groups") => Level::Groups,
            (Level::Document, "sites") => Level::Sites,
            (Level::Groups, _) => {
                self.names.groups.extend(named);
                return Some(());
            }
            (Level::Sites, _) => {
                self.names.sites.extend(named);
                Level::Site
            }
            (Level::Site, "routers") => Level::Routers,
            (Level::Routers, _) => {
                self.names.routers.extend(named);
                if value.starts_with('{') {
                    return self.flow(value);
                }
                Level::Router
            }
            (Level::Router, "role") => return self.role(value),
            (Level::Router, "roles") if !value.is_empty() => return self.roles(value),
            (Level::Router, "roles") => Level::Roles,
            _ => return (key != "<<").then_some(()),
        };
        // Anything else than a block is rare here: `{}`, an alias, an anchor.
        if !value.is_empty() {
            return None;
        }
        self.open.push(Block { level: inner, at: None });
        Some(())
    }

    /// A router on one line: `{ model: IX2215, role: router1 }`.
    fn flow(&mut self, value: &str) -> Option<()> {
        for said in entries(value)? {
            match entry(said.trim_start()) {
                Some(("role", value)) => self.role(value)?,
                Some(("roles", value)) => self.roles(value)?,
                Some(_) => {}
                None if said.trim().is_empty() => {}
                None => return None,
            }
        }
        Some(())
    }

    /// `[router1, router2]`
    fn roles(&mut self, value: &str) -> Option<()> {
        let (inner, _) = value.strip_prefix('[')?.split_once(']')?;
        inner.split(',').try_for_each(|role| self.role(role))
    }

    fn role(&mut self, value: &str) -> Option<()> {
        let value = value.split(" #").next().unwrap_or_default().trim();
        if value.is_empty() || value.starts_with(['&', '*', '!', '|', '>', '{', '[']) || value.contains('\\') {
            return None;
        }
        let bare = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
        let role = bare('\'').or_else(|| bare('"')).unwrap_or(value);
        self.names.roles.extend(is_name(role).then(|| role.to_owned()));
        Some(())
    }
}

/// A key, without its quotes, and what is behind its colon, without a comment that is all of it.
fn entry(text: &str) -> Option<(&str, &str)> {
    let (key, rest) = match text.chars().next()? {
        quote @ ('\'' | '"') => {
            let (key, rest) = text.strip_prefix(quote)?.split_once(quote)?;
            (key, rest.trim_start().strip_prefix(':')?)
        }
        '&' | '*' | '!' | '?' | '{' | '}' | '[' | ']' | '|' | '>' | '%' | '@' | '`' | '\t' => return None,
        _ => text.split_once(':')?,
    };
    let is_plain = !key.contains(['\\', '#']) && (rest.is_empty() || rest.starts_with([' ', '\t']));
    let value = rest.trim();
    is_plain.then_some((key.trim_end(), if value.starts_with('#') { "" } else { value }))
}

/// What is between the commas of `{ ... }`; nothing where it does not end on its line, or is written with escapes.
fn entries(flow: &str) -> Option<Vec<&str>> {
    let inner = flow.strip_prefix('{')?;
    if inner.contains(['\\', '#']) || inner.contains("''") {
        return None;
    }
    let mut entries = Vec::new();
    let (mut begun, mut depth, mut quoted_by, mut before) = (0, 0_usize, None, '{');
    for (at, c) in inner.char_indices() {
        match (quoted_by, c) {
            (Some(quote), _) if c == quote => quoted_by = None,
            (Some(_), _) => {}
            // Elsewhere it is an apostrophe.
            (None, '\'' | '"') if matches!(before, '{' | '[' | ',' | ':') => quoted_by = Some(c),
            (None, '{' | '[') => depth += 1,
            (None, '}') if depth == 0 => {
                entries.push(inner.get(begun..at)?);
                return inner.get(at + 1..)?.trim().is_empty().then_some(entries);
            }
            (None, '}' | ']') => depth = depth.checked_sub(1)?,
            (None, ',') if depth == 0 => {
                entries.push(inner.get(begun..at)?);
                begun = at + 1;
            }
            _ => {}
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    None
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
