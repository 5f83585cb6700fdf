//! A checklist that a user supplies: its items, each with the facts that have to do with it.
//!
//! The program ships none, and judges nothing by one: what an item asks for, and whether the facts suffice, its readers decide.

use std::path::Path;

use serde::Serialize;

use crate::inventory::yaml::{Field, Reader};
use crate::inventory::{Diagnostics, read_file};
use crate::ix::security::Fact;

/// A checklist.
#[derive(Debug, Clone, Serialize)]
pub struct Checklist {
    /// Its name.
    pub title: String,
    /// Who has published it; nothing where it does not say.
    pub source: Option<String>,
    /// Of when it is, as it was written; likewise.
    pub date: Option<String>,
    /// Its items, in their order.
    pub items: Vec<ChecklistItem>,
}

/// An item of a checklist.
#[derive(Debug, Clone, Serialize)]
pub struct ChecklistItem {
    /// Its number or name.
    pub item: String,
    /// What it asks.
    pub text: String,
    /// Who asks it, where that is not who has published the list.
    pub source: Option<String>,
    /// Of when it is, where that is not the date of the list.
    pub date: Option<String>,
    /// The facts that have to do with it; none where a configuration says nothing of it.
    pub facts: Vec<Fact>,
}

impl Checklist {
    /// Reads one.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub(super) fn read(path: &Path) -> Result<Self, Diagnostics> {
        let (reader, root) = Reader::open(read_file(path)?);
        let list = root.as_ref().and_then(|root| checklist(&reader.root(root)));
        let empty = || Self { title: String::new(), source: None, date: None, items: Vec::new() };
        reader.finish().conclude(list.unwrap_or_else(empty)).map(|(list, _)| list)
    }
}

fn checklist(field: &Field<'_>) -> Option<Checklist> {
    let mut table = field.table("a checklist", "チェックリスト")?;
    if let Some(version) = table.require("version") {
        version.check_version();
    }
    let title = table.require("title").and_then(|f| f.text());
    let source = table.get("source").and_then(|f| f.text());
    let date = table.get("date").and_then(|f| f.text());
    let items = table.require("items").map(|f| f.list()).unwrap_or_default();
    let items = items.iter().filter_map(item).collect();
    table.finish();
    Some(Checklist { title: title?, source, date, items })
}

fn item(field: &Field<'_>) -> Option<ChecklistItem> {
    let mut table = field.table("an item", "項目")?;
    let item = table.require("item").and_then(|f| f.text());
    let text = table.require("text").and_then(|f| f.text());
    let source = table.get("source").and_then(|f| f.text());
    let date = table.get("date").and_then(|f| f.text());
    let facts = table.get("facts").map(|f| f.list()).unwrap_or_default();
    let facts = facts.iter().filter_map(|f| f.choice(Fact::choices())).collect();
    table.finish();
    Some(ChecklistItem { item: item?, text: text?, source, date, facts })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::Checklist;
    use crate::ix::security::Fact;

    fn read(text: &str) -> Result<Checklist, Vec<&'static str>> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("list.yaml");
        std::fs::write(&file, text).unwrap();
        Checklist::read(&file).map_err(|found| found.iter().map(|one| one.code).collect())
    }

    #[test]
    fn an_item_names_facts_or_none() {
        let list = read(
            "version: 1\ntitle: our list\nsource: the clinic\ndate: 2026-11-01\nitems:\n\
             - { item: 1-1, text: who may come in, facts: [source-restricted, ssh-server] }\n\
             - { item: 1-2, text: a fence around the house }\n",
        )
        .unwrap();
        assert_eq!((list.title.as_str(), list.date.as_deref()), ("our list", Some("2026-11-01")));
        assert_eq!(list.items[0].facts, [Fact::SourceRestricted, Fact::SshServer]);
        assert!(list.items[1].facts.is_empty());
    }

    #[test]
    fn what_is_wrong_in_it_is_found_at_once() {
        let wrong =
            read("version: 2\ntitle: a\nitems:\n- { item: 1, text: b, facts: [ssh] }\n- { text: c }\nmore: 1\n");
        let mut codes = wrong.unwrap_err();
        codes.sort_unstable();
        assert_eq!(codes, ["value.choice", "yaml.missing-key", "yaml.unknown-key", "yaml.version"]);
    }
}
