//! Which words of a rendered line one router's, or its site's, own variables decided: in them, routers with the same roles differ.
//!
//! A value counts as a router's own where a variable of the router or of its site gives it, and not where a group, the inventory's
//! defaults or the role does.

use std::sync::Arc;

use super::origin::{MarkedLine, Part};
use super::sources::Sources;
use crate::inventory::{Router, Site};
use crate::ix::own_words::{OwnPart, OwnWord, own_words};

/// One router and its site, whose variables count.
#[derive(Clone, Copy)]
pub(super) struct Own<'r> {
    /// The site.
    pub site: &'r Site,
    /// The router.
    pub router: &'r Router,
}

impl Own<'_> {
    /// The words of a line that own variables decided. `names` are those that the line uses, asked for where a value does not tell
    /// which variable it is from.
    pub fn words(&self, line: &MarkedLine, sources: &Sources<'_>, names: &dyn Fn() -> Vec<String>) -> Vec<OwnWord> {
        let mut parts = Vec::new();
        let mut at = 0;
        for part in &line.parts {
            let end = at + part.text().len();
            if let Part::Value(value) = part
                && let Some(name) = self.variable(value, sources, names)
            {
                parts.push(OwnPart { bytes: at..end, name });
            }
            at = end;
        }
        if parts.is_empty() { Vec::new() } else { own_words(&line.text(), &parts) }
    }

    /// The own variable that a value is from.
    fn variable(&self, value: &str, sources: &Sources<'_>, names: &dyn Fn() -> Vec<String>) -> Option<Arc<str>> {
        let mut candidates = sources.names_of(value);
        if candidates.len() != 1 {
            let used = names();
            let named = |name: &&str| used.iter().any(|one| one == name);
            let of_line: Vec<&str> = candidates.iter().copied().filter(named).collect();
            if !of_line.is_empty() {
                candidates = of_line;
            } else if candidates.is_empty() {
                // A filter made another text of it.
                let own = used.iter().find(|name| self.decides(name, value));
                return own.map(|name| name.as_str().into());
            }
        }
        candidates.into_iter().find(|name| self.decides(name, value)).map(Into::into)
    }

    /// Whether a variable of this name, with this value, is the router's or the site's own.
    fn decides(&self, name: &str, value: &str) -> bool {
        match name {
            "router" => value != self.router.model.value,
            "site" => true,
            name => self.site.variables.get(name).is_some() || self.router.variables.get(name).is_some(),
        }
    }
}
