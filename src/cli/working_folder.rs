//! A working folder supplies the default inventory and playbook: its `ixdeploy.yaml` names their paths.
//!
//! The file holds paths and nothing else. It is read only when an argument is missing, and only from a folder that the current user owns:
//! a file that someone else left in a shared folder must not decide what a router gets.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ErrorKind};

use super::error::Failure;
use super::input::failures;
use super::usage;
use super::usage_error::UsageError;
use crate::inventory::yaml::Reader;
use crate::inventory::{Diagnostics, read_file};
use crate::message::{Lang, Text};
use crate::private;

/// The file's name.
pub const FILE: &str = "ixdeploy.yaml";
/// Names the file from any folder.
const VARIABLE: &str = "IXDEPLOY_CONFIG";
/// Folders looked into at most, from the one we are in upwards.
const UPWARDS: usize = 32;

/// Arguments that were completed.
pub struct Completed {
    /// All of them.
    pub arguments: Vec<OsString>,
    /// What was added, to show to the operator.
    pub added: Text,
}

/// Adds the inventory and the playbook that a command line lacks, where a working folder names them.
///
/// # Errors
/// When the file there cannot be used.
pub fn complete(error: &clap::Error, arguments: &[OsString]) -> Result<Option<Completed>, Vec<Failure>> {
    if error.kind() != ErrorKind::MissingRequiredArgument {
        return Ok(None);
    }
    let missing = usage::listed(error.get(ContextKind::InvalidArg));
    let lacks = |start: &str| missing.iter().any(|name| name.starts_with(start));
    let (inventory, playbook) = (lacks("--inventory"), lacks("<PLAYBOOK"));
    if !inventory && !playbook {
        return Ok(None);
    }
    let Some(file) = find()? else { return Ok(None) };
    let paths = read(&file)?;
    let mut arguments = arguments.to_vec();
    let mut named = Vec::new();
    if let Some(path) = paths.playbook.filter(|_| playbook) {
        named.push(named_words("playbook", "プレイブック", &path));
        arguments.push(path.into());
    }
    if let Some(path) = paths.inventory.filter(|_| inventory) {
        named.push(named_words("inventory", "インベントリ", &path));
        arguments.extend(["-i".into(), path.into()]);
    }
    if named.is_empty() {
        return Ok(None);
    }
    Ok(Some(Completed { arguments, added: added_words(&named, &file) }))
}

fn named_words(en: &str, ja: &str, path: &Path) -> Text {
    let path = path.display();
    Text::new(format!("{en} `{path}`"), format!("{ja} `{path}`"))
}

fn added_words(named: &[Text], file: &Path) -> Text {
    let joined = |lang: Lang| named.iter().map(|one| one.get(lang)).collect::<Vec<_>>().join(lang.pick(", ", "、"));
    let file = file.display();
    Text::new(format!("{} (from {file})", joined(Lang::En)), format!("{}({file} による)", joined(Lang::Ja)))
}

/// The inventory that the working folder names; nothing where there is none that can be used.
pub fn inventory() -> Option<PathBuf> {
    read(&find().ok()??).ok()?.inventory
}

/// Whether there is a working folder here, be it usable or not.
pub fn is_here() -> bool {
    !matches!(find(), Ok(None))
}

/// The file that counts here, if there is one.
fn find() -> Result<Option<PathBuf>, Vec<Failure>> {
    if let Some(named) = env::var_os(VARIABLE).filter(|named| !named.is_empty()) {
        return Ok(Some(named.into()));
    }
    let here = env::current_dir().map_err(|cause| vec![Failure::machine(FILE, cause)])?;
    for (steps, folder) in here.ancestors().take(UPWARDS).enumerate() {
        let file = folder.join(FILE);
        if file.is_file() {
            ours(folder, &file)?;
            // What one types in the folder itself is shown as one would type it.
            return Ok(Some(if steps == 0 { FILE.into() } else { file }));
        }
    }
    Ok(None)
}

/// Refuses a file that another user could have put there.
fn ours(folder: &Path, file: &Path) -> Result<(), Vec<Failure>> {
    for path in [folder, file] {
        if !private::is_own(path).map_err(|cause| vec![Failure::machine(path.display().to_string(), cause)])? {
            let error =
                UsageError::ForeignFolder { file: file.to_owned(), exposed: path.to_owned(), variable: VARIABLE };
            return Err(vec![error.into()]);
        }
    }
    Ok(())
}

/// What the file names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Paths {
    inventory: Option<PathBuf>,
    playbook: Option<PathBuf>,
}

/// Reads the file; its paths count from its own folder.
fn read(path: &Path) -> Result<Paths, Vec<Failure>> {
    let refused = |found: Diagnostics| failures(&found);
    let file = read_file(path).map_err(|found| refused(found.into()))?;
    let (reader, root) = Reader::open(file);
    let mut paths = Paths::default();
    if let Some(root) = &root
        && let Some(mut table) = reader.root(root).table("a working folder's file", "作業フォルダのファイル")
    {
        if let Some(version) = table.require("version") {
            version.integer(1, 1);
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let from_here = |text: String| folder.map_or_else(|| PathBuf::from(&text), |folder| folder.join(&text));
        paths.inventory = table.get("inventory").and_then(|field| field.text()).map(from_here);
        paths.playbook = table.get("playbook").and_then(|field| field.text()).map(from_here);
        table.finish();
    }
    reader.finish().conclude(paths).map(|(paths, _)| paths).map_err(refused)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::path::Path;

    use super::{FILE, Paths, added_words, named_words, read};
    use crate::message::Lang;

    #[test]
    fn a_path_is_never_translated() {
        let path = Path::new("playbooks/inventory.yaml");
        let named = [named_words("playbook", "プレイブック", path), named_words("inventory", "インベントリ", path)];
        let added = added_words(&named, Path::new("inventory-playbook/ixdeploy.yaml"));
        assert_eq!(
            added.get(Lang::Ja),
            "プレイブック `playbooks/inventory.yaml`、インベントリ `playbooks/inventory.yaml`(inventory-playbook/ixdeploy.yaml による)"
        );
    }

    #[test]
    fn paths_are_relative_to_the_files_own_folder_and_other_keys_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        std::fs::write(&file, "version: 1\ninventory: clinics.yaml\n").unwrap();
        let inventory = Some(folder.path().join("clinics.yaml"));
        assert_eq!(read(&file).ok(), Some(Paths { inventory, playbook: None }));
        for wrong in
            ["inventory: a.yaml", "version: 2\n", "version: 1\npassword: x\n", "version: 1\nplaybook: [a]\n", ""]
        {
            std::fs::write(&file, wrong).unwrap();
            assert!(read(&file).is_err(), "{wrong}");
        }
    }
}
