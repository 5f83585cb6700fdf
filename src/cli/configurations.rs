//! The configurations that `lint` and `diff` are given: files by their names, and folders of files as other programs keep them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::context::Context;
use super::error::Failure;
use super::input::read_backup;
use super::usage_error::UsageError;
use crate::dialect::Dialect;
use crate::file::LARGEST;
use crate::ix::Config;
use crate::ix::backup::Backup;
use crate::message::{Explain, Text};
use crate::run::backup_files::{self, Folder, without_domain};

/// A configuration and where it comes from.
pub struct Configuration {
    /// The file, by a name that a person can find.
    pub name: String,
    /// The router's name, as the file is called: in small letters, without what the file ends in.
    pub router: String,
    /// What it holds.
    pub backup: Backup,
}

impl Configuration {
    /// Reads one; `-` is standard input.
    ///
    /// # Errors
    /// When it cannot be read or is not a configuration.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        Ok(Self { router: name.clone(), name, backup: read_backup(path)? })
    }
}

/// Reads every configuration that is named; `-` is standard input, and a folder is every configuration in it.
///
/// # Errors
/// The first file that cannot be read or is not a configuration. In a folder, such files are skipped and reported.
pub fn configurations(context: &Context, paths: &[PathBuf]) -> Result<Vec<Configuration>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        if path.is_dir() {
            all.extend(of_folder(context, path)?);
        } else {
            all.push(Configuration::read(path)?);
        }
    }
    Ok(all)
}

/// Every configuration of a folder, in the order of the paths.
///
/// # Errors
/// When the folder cannot be read, or holds none, or more than fits.
pub fn of_folder(context: &Context, folder: &Path) -> Result<Vec<Configuration>, Failure> {
    let (mut all, mut size) = (Vec::new(), 0);
    for (path, router) in Folder::read(folder)?.configurations() {
        let name = path.display().to_string();
        let backup = match read_backup(path) {
            Ok(backup) if shows_one(&backup) => backup,
            Ok(_) => {
                left_out(context, &name, &Text::new("no line of it is a command", "コマンドの行がありません"));
                continue;
            }
            Err(error) => {
                left_out(context, &name, &error.text());
                continue;
            }
        };
        size += backup.to_compare().len() as u64;
        if size > LARGEST {
            return Err(UsageError::TooMuch { folder: folder.to_owned(), most: LARGEST / (1024 * 1024) }.into());
        }
        all.push(Configuration { name, router: router.to_owned(), backup });
    }
    if all.is_empty() { Err(UsageError::NoConfiguration { folder: folder.to_owned() }.into()) } else { Ok(all) }
}

/// The configurations of two folders, by their routers' names.
pub struct Pairs {
    /// Those that are in both.
    pub both: Vec<(Configuration, Configuration)>,
    /// Those of the first folder alone.
    pub only_old: Vec<Configuration>,
    /// Those of the second folder alone.
    pub only_new: Vec<Configuration>,
}

/// Puts together what is called alike in two folders; a domain that only one of them has counts where no other name is left.
///
/// # Errors
/// As [`of_folder`], or two files of one name in a folder.
pub fn pairs(context: &Context, old: &Path, new: &Path) -> Result<Pairs, Failure> {
    let (old, mut new) = (by_router(of_folder(context, old)?)?, by_router(of_folder(context, new)?)?);
    let (mut both, mut left) = (Vec::new(), Vec::new());
    for (router, before) in old {
        match new.remove(&router) {
            Some(after) => both.push((before, after)),
            None => left.push((router, before)),
        }
    }
    let count = |names: &mut dyn Iterator<Item = &String>| {
        let mut counted: HashMap<String, usize> = HashMap::new();
        names.for_each(|name| *counted.entry(without_domain(name).to_owned()).or_default() += 1);
        counted
    };
    let (of_old, of_new) = (count(&mut left.iter().map(|(router, _)| router)), count(&mut new.keys()));
    let mut only_old = Vec::new();
    for (router, before) in left {
        let short = without_domain(&router);
        let alone = of_old.get(short) == Some(&1) && of_new.get(short) == Some(&1);
        let other = new.keys().find(|other| alone && without_domain(other) == short).cloned();
        match other.and_then(|other| new.remove(&other)) {
            Some(after) => both.push((before, after)),
            None => only_old.push(before),
        }
    }
    both.sort_by(|one, other| one.0.name.cmp(&other.0.name));
    Ok(Pairs { both, only_old, only_new: new.into_values().collect() })
}

/// By the router's name.
fn by_router(all: Vec<Configuration>) -> Result<BTreeMap<String, Configuration>, Failure> {
    let mut found: BTreeMap<String, Configuration> = BTreeMap::new();
    for one in all {
        if let Some(other) = found.get(&one.router) {
            let files = [&*other.name, &*one.name].into_iter().map(Path::new);
            return Err(backup_files::ambiguous(&one.router, files).into());
        }
        found.insert(one.router.clone(), one);
    }
    Ok(found)
}

/// Whether a file of a folder is a configuration of a router: some line of it is a command.
fn shows_one(backup: &Backup) -> bool {
    let mut known = false;
    Config::parse(Dialect::any(), backup.to_compare()).walk(&mut |_, node| known |= node.row.is_some());
    known
}

fn left_out(context: &Context, name: &str, why: &Text) {
    context
        .screen
        .warn(&Text::new(format!("{name} is left out: {}", why.en), format!("{name} は対象外としました: {}", why.ja)));
}
