//! Finds each router's file in a folder of backups from any tool. It goes by file and folder names only, never by file contents.
//!
//! Our own layout comes first (`DIR/<router>/running.cfg`); then a file that is called like the router, as RANCID (`DIR/configs/<name>`),
//! Oxidized (`DIR/<group>/<name>`) and people keep them. Two files for one router, or one for two, are an error that names both.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::DirEntry;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use super::input_error::InputError;

/// How deep folders are looked into: a group, `configs` in it, and one to spare.
const DEEPEST: usize = 4;
/// The most files and folders that are looked at.
const MOST: usize = 200_000;
/// What configuration files end in; a file may end in nothing, too.
const ENDS: [&str; 4] = ["cfg", "conf", "config", "txt"];
/// Endings of files that are beside configurations and are not configurations.
const NOT: [&str; 14] =
    ["bak", "diff", "gz", "json", "log", "md", "new", "old", "orig", "raw", "swp", "tmp", "yaml", "yml"];

/// The files of a folder.
pub struct Folder {
    root: PathBuf,
    files: Vec<File>,
    /// The places in `files` of those whose name begins so, up to a dot.
    by_name: HashMap<String, Vec<usize>>,
}

/// One file.
struct File {
    path: PathBuf,
    /// Its name in small letters, without what it ends in.
    name: String,
    /// It is a link to somewhere outside the folder.
    leads_out: bool,
}

impl File {
    fn is_open(&self) -> bool {
        !self.leads_out
    }
}

/// What a router may be called in a folder.
#[derive(Debug, Clone, Default)]
pub struct Names(Vec<String>);

impl Names {
    /// These names, each once, in small letters; empty ones are dropped.
    pub fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut seen = HashSet::new();
        let names = names.into_iter().map(str::to_lowercase).filter(|name| !name.is_empty());
        Self(names.filter(|name| seen.insert(name.clone())).collect())
    }
}

/// The beginnings of a name up to a dot, the whole first: `r1.clinic.example`, `r1.clinic`, `r1`. An address is one whole.
fn beginnings(name: &str) -> Vec<&str> {
    let mut all = vec![name];
    if name.parse::<IpAddr>().is_err() {
        all.extend(
            name.char_indices().rev().filter(|(at, c)| *c == '.' && *at > 0).filter_map(|(at, _)| name.get(..at)),
        );
    }
    all
}

/// The first part of a name; an address is one whole.
pub fn without_domain(name: &str) -> &str {
    beginnings(name).last().copied().unwrap_or(name)
}

impl Folder {
    /// Looks at what is in a folder. What cannot be looked at is no file of a router.
    ///
    /// # Errors
    /// When the folder itself cannot be read, or holds too much.
    pub fn read(root: &Path) -> Result<Self, InputError> {
        let failed = |cause: std::io::Error| InputError::machine(root, cause);
        let real = root.canonicalize().map_err(failed)?;
        let (mut files, mut looked_at) = (Vec::new(), 0_usize);
        let mut folders = vec![(root.to_owned(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            let entries = match std::fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(cause) if depth == 0 => return Err(failed(cause)),
                Err(_) => continue,
            };
            for entry in entries.filter_map(Result::ok) {
                looked_at += 1;
                if looked_at > MOST {
                    return Err(too_much(root));
                }
                let Ok(kind) = entry.file_type() else { continue };
                let hidden = entry.file_name().to_string_lossy().starts_with('.');
                if kind.is_dir() && depth < DEEPEST && !hidden {
                    folders.push((entry.path(), depth + 1));
                } else if !kind.is_dir() && !hidden {
                    let own = (depth > 0).then(|| folder.file_name()).flatten();
                    files.extend(File::of(&entry, own, kind.is_symlink().then_some(&*real)));
                }
            }
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, file) in files.iter().enumerate() {
            for beginning in beginnings(&file.name) {
                by_name.entry(beginning.to_owned()).or_default().push(at);
            }
        }
        Ok(Self { root: root.to_owned(), files, by_name })
    }

    /// The file of a router; nothing where no file is called like it. `all` holds the names of every router that there is.
    ///
    /// # Errors
    /// Two files, one whose name fits another router too, or one that leads out of the folder.
    pub fn find(&self, router: &str, names: &Names, all: &Called) -> Result<Option<&Path>, InputError> {
        let mut found: Vec<usize> = Vec::new();
        for name in &names.0 {
            // The file may have a domain where the router has none, or the other way round.
            found.extend(self.by_name.get(name).into_iter().flatten());
            let shorter =
                beginnings(name).into_iter().skip(1).filter_map(|short| self.by_name.get(short).map(|at| (short, at)));
            let exact = |(short, at): (&str, &Vec<usize>)| {
                at.iter()
                    .copied()
                    .filter(|at| self.files.get(*at).is_some_and(|file| file.name == short))
                    .collect::<Vec<_>>()
            };
            found.extend(shorter.flat_map(exact));
        }
        found.sort_unstable();
        found.dedup();
        let mut found: Vec<&File> = found.into_iter().filter_map(|at| self.files.get(at)).collect();
        found.retain(|file| names.0.contains(&file.name) || !all.belongs_to_another(&file.name, router));
        match found.as_slice() {
            [] => Ok(None),
            [file] if !file.is_open() => Err(leads_out(&self.root, &file.path)),
            [file] => match all.another(&file.name, router) {
                Some(other) => Err(of_two(&file.path, router, other)),
                None => Ok(Some(&file.path)),
            },
            several => Err(ambiguous(router, several.iter().map(|file| &*file.path))),
        }
    }
}

impl Folder {
    /// Every file that may be a configuration, in the order of the paths, and how its router is called.
    pub fn configurations(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.files.iter().filter(|file| !file.leads_out).map(|file| (&*file.path, file.name.as_str()))
    }
}

impl File {
    /// The file behind an entry; `None` if its name says that it is something else. In our own layout the router is the `folder`. A
    /// link may lead only to a file below `real`.
    fn of(entry: &DirEntry, folder: Option<&OsStr>, real: Option<&Path>) -> Option<Self> {
        let path = entry.path();
        let name = match (entry.file_name().to_string_lossy().to_lowercase(), folder) {
            (name, Some(folder)) if name == "running.cfg" => folder.to_string_lossy().to_lowercase() + ".cfg",
            (name, Some(_)) if name == "startup.cfg" => return None,
            (name, _) => name,
        };
        if name.ends_with('~') || name.ends_with(",v") {
            return None;
        }
        let (stem, end) = name.rsplit_once('.').unwrap_or((&name, ""));
        if NOT.contains(&end) || stem.is_empty() {
            return None;
        }
        let name = if ENDS.contains(&end) { stem.to_owned() } else { name };
        let Some(real) = real else { return Some(Self { path, name, leads_out: false }) };
        Some(Self { leads_out: !path.canonicalize().ok()?.starts_with(real), path, name })
    }
}

/// How all routers are called.
#[derive(Debug, Default)]
pub struct Called {
    whole: HashMap<String, Vec<String>>,
    by_beginning: HashMap<String, Vec<String>>,
}

impl Called {
    /// Adds a router.
    pub fn add(&mut self, router: &str, names: &Names) {
        for name in &names.0 {
            self.whole.entry(name.clone()).or_default().push(router.to_owned());
            for beginning in beginnings(name) {
                self.by_beginning.entry(beginning.to_owned()).or_default().push(router.to_owned());
            }
        }
    }

    /// Whether a file of this name is, to the letter, another router's.
    fn belongs_to_another(&self, file: &str, router: &str) -> bool {
        self.whole.get(file).is_some_and(|routers| routers.iter().any(|other| other != router))
    }

    /// Another router that a file of this name may also belong to.
    fn another(&self, file: &str, router: &str) -> Option<&str> {
        let is_whole = self.whole.get(file).is_some_and(|routers| routers.iter().any(|own| own == router));
        let longer = self.by_beginning.get(file).into_iter().flatten().filter(|_| !is_whole);
        let shorter = beginnings(file)
            .into_iter()
            .skip(1)
            .filter_map(|short| self.whole.get(short))
            .flatten()
            .filter(|_| !is_whole);
        let same = self.whole.get(file).into_iter().flatten();
        same.chain(longer).chain(shorter).find(|other| *other != router).map(String::as_str)
    }
}

/// Refuses a file whose links lead out of the folder.
///
/// # Errors
/// When they do, or lead nowhere.
pub fn stays_in(real: &Path, root: &Path, file: &Path) -> Result<(), InputError> {
    let target = file.canonicalize().map_err(|cause| InputError::machine(file, cause))?;
    if target.starts_with(real) { Ok(()) } else { Err(leads_out(root, file)) }
}

/// No file of a router.
pub fn none(root: &Path, router: &str) -> InputError {
    InputError::NoneOfRouter { folder: root.to_owned(), router: router.to_owned() }
}

/// Names of several files in an error, as many as help.
const SHOWN: usize = 6;

/// Several files that may be one router's.
pub fn ambiguous<'p>(router: &str, files: impl Iterator<Item = &'p Path>) -> InputError {
    InputError::SeveralFiles { router: router.to_owned(), files: files.take(SHOWN).map(Path::to_owned).collect() }
}

fn of_two(file: &Path, router: &str, other: &str) -> InputError {
    InputError::OfTwoRouters { file: file.to_owned(), router: router.to_owned(), other: other.to_owned() }
}

fn leads_out(root: &Path, file: &Path) -> InputError {
    InputError::LeadsOut { folder: root.to_owned(), file: file.to_owned() }
}

fn too_much(root: &Path) -> InputError {
    InputError::TooManyFiles { folder: root.to_owned(), most: MOST }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
#[path = "backup_files_tests.rs"]
mod tests;
