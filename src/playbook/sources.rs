//! Where the values in a rendered line are written: the inventory's, or the defaults of the role.
//!
//! A value is known by its text. Where several variables say the same, the one that the template's line names is meant; where a
//! filter made another text of it, the variable that the line prints. What nothing tells is left out: a wrong place is worse than none.

use std::collections::HashMap;

use crate::inventory::{Located, Place};
use crate::secret::placeholders;

use super::origin::{MarkedLine, Part};
use super::template::Templates;
use super::variable::Given;

/// The most places of one line that are named.
const MOST: usize = 8;

/// The values of a role for one router, by their texts.
pub(super) struct Sources<'g> {
    given: &'g [Given],
    by_text: HashMap<&'g str, Vec<(&'g str, &'g Place)>>,
}

impl<'g> Sources<'g> {
    /// Those of the variables, and what the templates have besides: `router.name`, `site.name`.
    pub fn of(given: &'g [Given], beside: [(&'g str, &'g Located<String>); 3]) -> Self {
        let mut by_text: HashMap<&str, Vec<(&str, &Place)>> = HashMap::new();
        let texts = given.iter().flat_map(|one| one.texts.iter().map(move |text| (one.name.as_str(), text)));
        for (name, text) in texts.chain(beside) {
            by_text.entry(&text.value).or_default().push((name, &text.place));
        }
        Self { given, by_text }
    }

    /// The variables that say a text, or a secret or an item of a joined list in it; none where nothing tells.
    pub fn names_of(&self, value: &str) -> Vec<&'g str> {
        let named = |text: &str| self.by_text.get(text).into_iter().flatten().map(|(name, _)| *name);
        let mut names: Vec<&str> = named(value).collect();
        if names.is_empty() {
            names.extend(placeholders(value).flat_map(|secret| named(secret.as_str()).collect::<Vec<_>>()));
        }
        if names.is_empty() {
            names.extend(value.split([' ', ',']).filter(|item| !item.is_empty()).flat_map(named));
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Where the values in a line are written, in their order, each line of a file once.
    pub fn of_line(&self, line: &MarkedLine, templates: &Templates) -> Vec<Place> {
        let mut found: Vec<Place> = Vec::new();
        for part in &line.parts {
            let Part::Value(value) = part else { continue };
            for place in self.of_value(value, line, templates) {
                let known = |one: &Place| one.line == place.line && one.file.name() == place.file.name();
                if !found.iter().any(known) && found.len() < MOST {
                    found.push(place.clone());
                }
            }
        }
        found
    }

    fn of_value(&self, value: &str, line: &MarkedLine, templates: &Templates) -> Vec<&'g Place> {
        if let Some(places) = self.written(value, line, templates) {
            return places;
        }
        let secrets: Vec<_> =
            placeholders(value).filter_map(|name| self.written(name.as_str(), line, templates)).collect();
        if !secrets.is_empty() {
            return secrets.concat();
        }
        // A list that the template joined: each of its items is a value.
        let items = || value.split([' ', ',']).filter(|item| !item.is_empty());
        let joined: Option<Vec<_>> = items().map(|item| self.written(item, line, templates)).collect();
        if let Some(joined) = joined.filter(|_| items().count() > 1) {
            return joined.concat();
        }
        // A filter made another text of it.
        let names = templates.names_of_line(line.file, line.line);
        let printed = self.given.iter().filter(|one| one.texts.len() == 1 && names.contains(&one.name));
        printed.flat_map(|one| &one.texts).map(|text| &text.place).collect()
    }

    /// Where a text is written as it is.
    fn written(&self, text: &str, line: &MarkedLine, templates: &Templates) -> Option<Vec<&'g Place>> {
        let all = self.by_text.get(text)?;
        let of_one_variable = all.iter().all(|(name, _)| all.first().is_some_and(|(first, _)| first == name));
        if of_one_variable {
            return Some(all.iter().map(|(_, place)| *place).collect());
        }
        let names = templates.names_of_line(line.file, line.line);
        Some(all.iter().filter(|(name, _)| names.iter().any(|one| one == name)).map(|(_, place)| *place).collect())
    }
}
