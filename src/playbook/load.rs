//! Reads playbooks, roles and templates. The only code of this module's folder that touches the file system.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::inventory::{
    self, Diagnostic, Diagnostics, FileFinding, Inventory, Limit, SourceFile, read_file, read_playbook, unreadable,
};
use crate::message::system_words;

use super::book::Playbook;
use super::rendered::RenderedRouter;
use super::role::Folder;

/// The most folders that are looked at for a name to suggest.
const MOST_ROLES: usize = 10_000;

/// A playbook, the inventory it is used with, and the result of both.
#[derive(Debug)]
pub struct Desired {
    /// The inventory.
    pub inventory: Inventory,
    /// The playbook.
    pub playbook: Playbook,
    /// What each of the chosen routers should have, in the order of the inventory.
    pub rendered: Vec<RenderedRouter>,
    /// What is worth a look, in either.
    pub warnings: Diagnostics,
}

/// Reads a playbook and an inventory, and renders the routers that `limit` means.
///
/// # Errors
/// Everything that is wrong, in all files and for all routers together.
pub fn desired(playbook: &Path, inventory: &Path, limit: &Limit) -> Result<Desired, Diagnostics> {
    let (inventory, mut found) = inventory::attempt(inventory);
    let (playbook, more) = attempt(playbook);
    found.extend(more);
    let Some(playbook) = playbook else { return Err(found.sorted()) };
    let rendered = playbook.attempt_rendered(&inventory, limit, &mut found);
    let (rendered, warnings) = found.conclude(rendered)?;
    Ok(Desired { inventory, playbook, rendered, warnings })
}

/// Reads a playbook and everything it names, from its own folder only.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(path: &Path) -> Result<(Playbook, Diagnostics), Diagnostics> {
    match attempt(path) {
        (Some(playbook), found) => found.conclude(playbook),
        (None, found) => Err(found.sorted()),
    }
}

fn attempt(path: &Path) -> (Option<Playbook>, Diagnostics) {
    match read_playbook(path) {
        Ok(file) => Playbook::attempt(&file, &Disk { root: folder_of(path) }),
        Err(diagnostic) => (None, diagnostic.into()),
    }
}

impl Playbook {
    /// The playbook whose lines are entered for a look at the access line; this one is at `path`.
    pub fn probe_beside(&self, path: &Path) -> Option<PathBuf> {
        self.probe.as_ref().map(|probe| folder_of(path).join(&probe.value))
    }
}

/// The folder of a file.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// A role's file that cannot be read: its path is relative to the playbook, not to the working folder.
fn not_there(path: &Path, cause: &std::io::Error) -> Diagnostic {
    if cause.kind() != std::io::ErrorKind::NotFound {
        return unreadable(path, cause);
    }
    Diagnostic::error(&FileFinding::NotInRole { path: path.to_owned(), cause: system_words(cause) })
}

/// The playbook's folder.
pub(super) struct Disk {
    pub(super) root: PathBuf,
}

impl Folder for Disk {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, Diagnostic> {
        let path = path.split('/').fold(self.root.clone(), |folder, part| folder.join(part));
        // The names cannot lead out of the folder, but a link in it could.
        let outside = |e: std::io::Error| not_there(&path, &e);
        let real = path.canonicalize().map_err(outside)?;
        if !real.starts_with(self.root.canonicalize().map_err(outside)?) {
            return Err(Diagnostic::error(&FileFinding::LinkOut { path }));
        }
        read_file(&path)
    }

    fn roles(&self) -> Vec<String> {
        // A folder that cannot be listed has no names to suggest; reading the roles says what is wrong with it.
        let entries =
            std::fs::read_dir(self.root.join("roles")).into_iter().flatten().filter_map(Result::ok).take(MOST_ROLES);
        let with_role = entries.filter(|entry| entry.path().join("role.yaml").is_file());
        let mut names: Vec<String> = with_role.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    }
}
