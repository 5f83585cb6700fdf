//! Playbooks from memory, for tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::inventory::{Diagnostic, Diagnostics, FileFinding, SourceFile};
use crate::message::Text;

use super::book::Playbook;
use super::role::Folder;

struct Memory(BTreeMap<String, Arc<SourceFile>>);

impl Folder for Memory {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, Diagnostic> {
        self.0.get(path).cloned().ok_or_else(|| {
            let cause = Text::new("it is not in the test", "テストにありません");
            Diagnostic::error(&FileFinding::System { path: path.into(), cause })
        })
    }

    fn roles(&self) -> Vec<String> {
        let names = self.0.keys().filter_map(|path| path.strip_prefix("roles/")?.strip_suffix("/role.yaml"));
        names.map(str::to_owned).collect()
    }
}

/// Reads a playbook whose files are given by path and text.
pub(super) fn playbook(text: &str, files: &[(&str, &str)]) -> Result<(Playbook, Diagnostics), Diagnostics> {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), SourceFile::new(*path, *text))).collect();
    Playbook::read(&SourceFile::new("p.yaml", text), &Memory(files))
}
