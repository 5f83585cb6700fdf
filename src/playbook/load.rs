//! Reads playbooks, roles and templates. The only code of this module's folder that touches the file system.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::inventory::{Diagnostic, Diagnostics, SourceFile, read_file, unreadable};

use super::book::Playbook;
use super::role::Folder;

/// Reads a playbook and everything it names, from its own folder only.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(path: &Path) -> Result<(Playbook, Diagnostics), Diagnostics> {
    let file = read_file(path)?;
    let root = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    Playbook::read(&file, &Disk { root })
}

/// The playbook's folder.
struct Disk {
    root: PathBuf,
}

impl Folder for Disk {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, Diagnostic> {
        let path = path.split('/').fold(self.root.clone(), |folder, part| folder.join(part));
        // The names cannot lead out of the folder, but a link in it could.
        let outside = |e: std::io::Error| unreadable(&path, &e.to_string());
        let real = path.canonicalize().map_err(outside)?;
        if !real.starts_with(self.root.canonicalize().map_err(outside)?) {
            return Err(unreadable(&path, "it is a link that leads out of the playbook's folder"));
        }
        read_file(&path)
    }
}
