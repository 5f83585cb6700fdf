//! The files that a playbook is made of: itself, what its roles read, and likewise of its probe. They are found by reading it, so that none is missed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::book::Playbook;
use super::load::{Disk, folder_of};
use super::role::Folder;
use crate::inventory::{Diagnostic, Diagnostics, SourceFile, read_playbook};

/// The files, by their paths from the playbook's folder.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn files(path: &Path) -> Result<BTreeMap<String, Arc<SourceFile>>, Diagnostics> {
    let (playbook, mut files) = own_files(path)?;
    // Without it everything but the probe is as it was.
    if let Some(probe) = playbook.probe_beside(path).filter(|probe| probe.is_file()) {
        files.extend(own_files(&probe)?.1);
    }
    Ok(files)
}

/// A playbook, and the files that it is made of, but for those of its probe.
fn own_files(path: &Path) -> Result<(Playbook, BTreeMap<String, Arc<SourceFile>>), Diagnostics> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("playbook.yaml").to_owned();
    let file = read_playbook(path)?;
    let seen = Mutex::new(BTreeMap::from([(name, Arc::clone(&file))]));
    let folder = Seen { disk: Disk { root: folder_of(path) }, files: seen };
    let (playbook, found) = Playbook::attempt(&file, &folder);
    let Some(playbook) = playbook else { return Err(found.sorted()) };
    let (playbook, _) = found.conclude(playbook)?;
    Ok((playbook, folder.files.into_inner().unwrap_or_else(PoisonError::into_inner)))
}

/// The playbook's folder, and what was read of it.
struct Seen {
    disk: Disk,
    files: Mutex<BTreeMap<String, Arc<SourceFile>>>,
}

impl Folder for Seen {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, Diagnostic> {
        let file = self.disk.read(path)?;
        self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), Arc::clone(&file));
        Ok(file)
    }

    fn roles(&self) -> Vec<String> {
        self.disk.roles()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::path::Path;

    #[test]
    fn a_playbook_is_its_own_file_and_all_that_its_roles_read() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks/add-domain.yaml");
        let files = super::files(&path).unwrap();
        assert!(files.contains_key("add-domain.yaml"), "{:?}", files.keys());
        assert!(files.keys().any(|file| file.ends_with("role.yaml")), "{:?}", files.keys());
        assert!(files.keys().any(|file| file.ends_with(".j2")), "{:?}", files.keys());
    }
}
