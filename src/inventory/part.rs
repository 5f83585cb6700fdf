//! Some sites of an inventory, as files of the same form: what the others say is left out, and all that is shared stays as it is written.
//!
//! It goes by the layout of the lines, so that comments and order stay; whether the part says of its sites what the whole does is for the
//! caller to compare. It writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use super::diagnostic::Diagnostics;
use super::load::{attempt, paths_of, read_file};

/// Some sites of an inventory.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// The files by their paths from the inventory's folder, facts and holidays among them.
    pub(crate) files: BTreeMap<String, String>,
    /// The inventory's own file among them; nothing where all of a folder are.
    pub(crate) main: Option<String>,
    /// Files that it names, and that are outside its folder.
    pub(crate) outside: Vec<String>,
}

/// These sites of the inventory at a path.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn part(path: &Path, sites: &BTreeSet<String>) -> Result<Part, Diagnostics> {
    let mut part = Part::default();
    let mut found = Diagnostics::new();
    let base = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
    let mut take = |file: &Path, found: &mut Diagnostics| match (below(base, file), read_file(file)) {
        (None, _) => {
            part.outside.push(file.display().to_string());
            None
        }
        (Some(name), Ok(source)) => {
            part.files.insert(name.clone(), source.text().to_owned());
            Some(name)
        }
        (Some(_), Err(diagnostic)) => {
            found.push(diagnostic);
            None
        }
    };
    let mut own = Vec::new();
    for file in paths_of(path).unwrap_or_default() {
        own.extend(take(&file, &mut found));
    }
    for file in &attempt(path).0.holiday_files {
        take(&file.value, &mut found);
    }
    let facts = base.join("facts");
    // A folder without a file of facts is no mistake.
    for file in Some(facts).filter(|facts| facts.is_dir()).and_then(|facts| paths_of(&facts).ok()).unwrap_or_default() {
        take(&file, &mut found);
    }
    for name in &own {
        if let Some(text) = part.files.get_mut(name) {
            *text = with_sites(text, &|site| sites.contains(site));
        }
    }
    part.main = own.into_iter().next().filter(|_| !path.is_dir());
    found.conclude(part).map(|(part, _)| part)
}

/// The path from a folder, with `/` between its names; nothing for one that is not below it.
fn below(folder: &Path, file: &Path) -> Option<String> {
    let path = file.strip_prefix(folder).ok()?;
    let names = path.components().map(|component| match component {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    names.collect::<Option<Vec<_>>>().map(|names| names.join("/")).filter(|path| !path.is_empty())
}

/// An inventory's text with some of its sites.
fn with_sites(text: &str, is_kept: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    // Where the names of sites begin, once the first one was seen; nothing outside `sites:`.
    let mut sites: Option<Option<usize>> = None;
    let mut kept = true;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        let depth = line.len() - line.trim_start_matches(' ').len();
        let is_bare = words.is_empty() || words.starts_with('#');
        match &mut sites {
            _ if !is_bare && depth == 0 => {
                sites = (key(words) == Some("sites")).then_some(None);
                kept = true;
            }
            // A comment of the sites may be about any of them.
            Some(Some(at)) if words.starts_with('#') && depth <= *at => continue,
            Some(at) if !is_bare => {
                let begins = depth == *at.get_or_insert(depth);
                kept = if begins { key(words).is_none_or(is_kept) } else { kept };
            }
            _ => {}
        }
        if kept {
            out.push_str(line);
        }
    }
    out
}

/// The key of a line of a block, without its quotes.
fn key(words: &str) -> Option<&str> {
    let quoted = words.strip_prefix(['"', '\'']);
    let end = if quoted.is_some() { words.get(1..)?.find(['"', '\''])? } else { words.find(':')? };
    quoted.unwrap_or(words).get(..end).map(str::trim_end)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::{below, part, with_sites};

    const TEXT: &str = "version: 1\n# shared\ncredentials:\n  a: { env: A }\nsites:\n  # Sato: call first\n  sato:\n    title: 佐藤\n\n    routers:\n      r1: { model: IX2215 }\n  \"suzuki\":\n    title: \"sites:\"\n    note: |\n      sato:\n        x\n  'tanaka': { routers: {} }\ngroups:\n  tokyo: {}\n";

    fn kept(sites: &[&str]) -> String {
        with_sites(TEXT, &|site| sites.contains(&site))
    }

    #[test]
    fn other_sites_are_left_out_and_what_is_shared_stays_as_written() {
        assert_eq!(
            kept(&["sato"]),
            "version: 1\n# shared\ncredentials:\n  a: { env: A }\nsites:\n  # Sato: call first\n  sato:\n    title: 佐藤\n\n    routers:\n      r1: { model: IX2215 }\ngroups:\n  tokyo: {}\n"
        );
        let suzuki = kept(&["suzuki"]);
        assert!(suzuki.contains("\"suzuki\"") && suzuki.contains("      sato:\n        x\n"), "{suzuki}");
        assert!(!suzuki.contains("佐藤") && !suzuki.contains("tanaka"), "{suzuki}");
        assert_eq!(kept(&["sato", "suzuki", "tanaka"]), TEXT);
        assert!(kept(&["tanaka"]).ends_with("  'tanaka': { routers: {} }\ngroups:\n  tokyo: {}\n"));
    }

    #[test]
    fn a_part_is_the_inventory_with_its_facts_and_holidays() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        };
        let clinics = file(
            "clinics.yaml",
            "version: 1\nholidays: [days/jp.txt, ../out.txt]\nsites:\n  a:\n    routers: {}\n  b:\n    routers: {}\n",
        );
        file("days/jp.txt", "2026-11-23\n");
        let chosen = BTreeSet::from(["b".to_owned()]);
        let found = part(&clinics, &chosen).unwrap();
        assert_eq!(found.main.as_deref(), Some("clinics.yaml"));
        assert_eq!(found.files.keys().collect::<Vec<_>>(), ["clinics.yaml", "days/jp.txt"]);
        assert_eq!(found.outside.len(), 1, "{found:?}");
        assert!(!found.files["clinics.yaml"].contains("  a:") && found.files["clinics.yaml"].contains("  b:"));
    }

    #[test]
    fn a_path_is_below_its_folder_or_nowhere() {
        let below = |folder: &str, file: &str| below(folder.as_ref(), file.as_ref());
        assert_eq!(below("a", "a/b/c.yaml").as_deref(), Some("b/c.yaml"));
        assert_eq!(below("", "c.yaml").as_deref(), Some("c.yaml"));
        assert_eq!(below("a", "a/../c.yaml"), None);
        assert_eq!(below("a", "/etc/passwd"), None);
        assert_eq!(below("a", "a"), None);
    }
}
