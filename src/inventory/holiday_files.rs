//! The files of holidays that an inventory names: their places in the inventory, and their lines.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::source::{Located, Place, SourceFile};
use super::yaml::{Content, Field};
use crate::window::Holidays;

/// Reads `holidays:`, a file or a list of files; a relative path counts from the inventory's folder.
pub(super) fn read(field: &Field<'_>, base: &Path) -> Vec<Located<PathBuf>> {
    let items = if matches!(field.content(), Content::Scalar { .. }) { vec![field.clone()] } else { field.list() };
    items.iter().filter_map(|item| item.text().map(|path| item.located(base.join(path)))).collect()
}

/// The holidays in a file, and what is wrong in it.
pub(super) fn parse(file: &Arc<SourceFile>, found: &mut Diagnostics) -> Holidays {
    let (holidays, wrong) = Holidays::parse(file.text());
    for (line, error) in wrong {
        let length = u32::try_from(file.line(line).chars().count()).unwrap_or(1).max(1);
        let place = Place { file: Arc::clone(file), line, column: 1, length };
        found.push(Diagnostic::error(&error).at(place, ""));
    }
    holidays
}
