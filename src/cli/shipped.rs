//! What the program carries with it: a copied binary has the playbooks and roles of the project, wherever it is.

use include_dir::{Dir, include_dir};

/// The playbooks, and the roles beside them.
pub static PLAYBOOKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/playbooks");
