//! Which file needs which: the paths that a file names, followed through `use` to the file that defines what is named.
//!
//! It reads text, not types: what one file calls on another's value without naming it is not seen.

use std::collections::{BTreeMap, BTreeSet};

/// One source file as a module.
pub struct Module {
    /// Its path, `["cli", "change"]`.
    path: Vec<String>,
    /// What `use` brings into it, by the name that it has here.
    aliases: BTreeMap<String, Vec<String>>,
    /// Every path that it names, from the crate's root; a re-export is no need of the file that does it.
    named: Vec<Vec<String>>,
}

/// All modules of the crate, by the name of their file below `src`.
pub struct Modules(BTreeMap<String, Module>);

impl Modules {
    /// Reads files: their name below `src`, and their code without comments and tests.
    pub fn read(files: impl Iterator<Item = (String, String)>) -> Self {
        Self(files.map(|(name, code)| (name.clone(), Module::read(&name, &code))).collect())
    }

    /// The files that each file needs, itself left out.
    pub fn needs(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let by_path: BTreeMap<&[String], &str> =
            self.0.iter().map(|(name, module)| (module.path.as_slice(), name.as_str())).collect();
        let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (name, module) in &self.0 {
            let found = module.named.iter().filter_map(|path| self.defines(&by_path, path, 8));
            needs.insert(name, found.filter(|other| other != name).collect());
        }
        needs
    }

    /// The file that defines what a path names, through at most this many re-exports.
    fn defines<'a>(&'a self, by_path: &BTreeMap<&[String], &'a str>, path: &[String], hops: usize) -> Option<&'a str> {
        let (length, file) = (1..=path.len()).rev().find_map(|n| Some((n, *by_path.get(&path[..n])?)))?;
        let alias = path.get(length).and_then(|item| self.0.get(file)?.aliases.get(item));
        match alias {
            Some(target) if hops > 0 => {
                let whole: Vec<String> = target.iter().chain(&path[length + 1..]).cloned().collect();
                self.defines(by_path, &whole, hops - 1).or(Some(file))
            }
            _ => Some(file),
        }
    }
}

impl Module {
    fn read(name: &str, code: &str) -> Self {
        let path: Vec<String> = name
            .trim_end_matches(".rs")
            .split('/')
            .filter(|part| !["mod", "lib"].contains(part))
            .map(str::to_owned)
            .collect();
        let (mut aliases, mut named) = (BTreeMap::new(), Vec::new());
        let mut rest = String::new();
        let mut waiting: Option<String> = None;
        for line in code.lines() {
            let start = line.trim_start();
            let visible = start.strip_prefix("pub").map(|rest| rest.trim_start_matches(|c| c != ' ').trim_start());
            let begins = |text: &str| text.starts_with("use ");
            match &mut waiting {
                Some(statement) => statement.push_str(start),
                None if begins(start) || visible.is_some_and(begins) => waiting = Some(start.to_owned()),
                None => rest.push_str(&format!("{line}\n")),
            }
            if let Some(statement) = waiting.take_if(|statement| statement.ends_with(';')) {
                let tree = statement.split_once("use ").map_or("", |(_, tree)| tree).trim_end_matches(';');
                for (path_named, alias) in leaves(tree) {
                    let Some(whole) = absolute(&path, &path_named) else { continue };
                    if !statement.starts_with("pub") || !name.ends_with("mod.rs") {
                        named.push(whole.clone());
                    }
                    aliases.insert(alias, whole);
                }
            }
        }
        for part in rest.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            let segments: Vec<String> = part.split("::").map(str::to_owned).collect();
            if segments.len() > 1 {
                let whole = match aliases.get(&segments[0]) {
                    // A module that `use` brought in: what is named inside it.
                    Some(target) => Some(target.iter().chain(&segments[1..]).cloned().collect()),
                    None => absolute(&path, &segments),
                };
                named.extend(whole);
            }
        }
        Self { path, aliases, named }
    }
}

/// The paths of a `use` tree, each with the name it gets here.
fn leaves(tree: &str) -> Vec<(Vec<String>, String)> {
    let Some((head, inner)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").unwrap_or((tree, ""));
        let mut path: Vec<String> = path.trim().split("::").map(str::to_owned).collect();
        if path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let alias = if alias.is_empty() { path.last().cloned().unwrap_or_default() } else { alias.trim().to_owned() };
        return vec![(path, alias)];
    };
    let inner = inner.rsplit_once('}').map_or(inner, |(inner, _)| inner);
    let (mut depth, mut parts) = (0_usize, vec![String::new()]);
    for c in inner.chars() {
        depth = match c {
            '{' => depth + 1,
            '}' => depth.saturating_sub(1),
            _ => depth,
        };
        match parts.last_mut() {
            Some(part) if c != ',' || depth > 0 => part.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .flat_map(|part| leaves(&format!("{head}{part}")))
        .collect()
}

/// A path from the crate's root; nothing where it leads out of the crate.
fn absolute(own: &[String], path: &[String]) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    let mut whole = match first.as_str() {
        "crate" => Vec::new(),
        "self" => own.to_vec(),
        "super" => own[..own.len().checked_sub(1)?].to_vec(),
        _ => return None,
    };
    for part in rest {
        match part.as_str() {
            "super" => drop(whole.pop()?),
            _ => whole.push(part.clone()),
        }
    }
    Some(whole)
}

/// The circles among files: groups in which every file needs every other, in the end.
pub fn circles<'a>(needs: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Vec<BTreeSet<&'a str>> {
    let reach = |from: &'a str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(file) = open.pop() {
            for other in needs.get(file).into_iter().flatten() {
                if seen.insert(*other) {
                    open.push(other);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&str, BTreeSet<&str>> = needs.keys().map(|file| (*file, reach(file))).collect();
    let mut circles: Vec<BTreeSet<&str>> = Vec::new();
    for (file, seen) in &reached {
        if !seen.contains(file) || circles.iter().any(|circle| circle.contains(file)) {
            continue;
        }
        circles.push(seen.iter().filter(|other| reached[*other].contains(file)).copied().collect());
    }
    circles
}

#[test]
fn a_need_is_followed_through_a_re_export_to_the_file_that_defines_it() {
    let files = [
        ("room/mod.rs", "mod a;\nmod b;\npub use a::{One, deep::Two as Other};\nuse self::a::One;\n"),
        ("room/a.rs", "use super::b::Three;\nfn f() {}\n"),
        ("room/b.rs", "use super::{One, c};\nfn g() { c::call(); crate::far::call() }\n"),
        ("room/c.rs", "pub fn call() {}\n"),
        ("far.rs", "\n"),
    ];
    let modules = Modules::read(files.iter().map(|(name, code)| ((*name).to_owned(), (*code).to_owned())));
    let needs = modules.needs();
    assert_eq!(needs["room/b.rs"], BTreeSet::from(["far.rs", "room/a.rs", "room/c.rs"]));
    assert_eq!(circles(&needs), [BTreeSet::from(["room/a.rs", "room/b.rs"])]);
}
