//! Routers of a run or of a plan, chosen by their names and those of their sites. What an inventory knows besides is not asked.

use crate::inventory::{Limit, LimitError, Pattern};

/// Which routers are meant.
pub(super) struct Chosen {
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
}

impl Chosen {
    /// Reads `sato,c00*,!sato-r2`.
    ///
    /// # Errors
    /// The part that means nothing.
    pub(super) fn parse(limit: &str) -> Result<Self, LimitError> {
        let mut chosen = Self { include: Vec::new(), exclude: Vec::new() };
        for part in Limit::parts(limit)? {
            let pattern = Pattern::parse(part.word).ok_or_else(|| LimitError::Range { part: part.word.to_owned() })?;
            let list = if part.excludes { &mut chosen.exclude } else { &mut chosen.include };
            list.push(pattern);
        }
        Ok(chosen)
    }

    /// Whether a router of this name, at this site, is one of them.
    pub(super) fn has(&self, router: &str, site: &str) -> bool {
        let fits = |pattern: &Pattern| pattern.matches(router) || pattern.matches(site);
        (self.include.is_empty() || self.include.iter().any(fits)) && !self.exclude.iter().any(fits)
    }
}
