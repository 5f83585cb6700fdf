//! A plan kept in a file: what was seen, what is wanted, and the commands, masked, that follow from both.
//!
//! It holds no secret value. When it is applied, the router is read again and the plan made again; only if both the router and
//! every command are what the file says does anything go out. So the file can be read, sent and reviewed by anyone.

use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::Failure;
use crate::message::Text;
use crate::transaction::Kept;
use crate::visible;

/// The version of the file's form.
pub const SCHEMA: &str = "ixdeploy-plan/1";

/// A file of plans.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    /// [`SCHEMA`].
    pub schema: String,
    /// The playbook's name.
    pub playbook: String,
    /// How many routers are changed at once.
    pub concurrency: usize,
    /// After how many failures none is begun.
    pub max_failures: usize,
    /// The plans.
    pub routers: Vec<Kept>,
}

/// Whether a file is a plan rather than a playbook: JSON begins with a brace, a playbook in YAML block style does not.
pub fn is_plan(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// Reads a plan file.
///
/// # Errors
/// When it is not one, or of a version we do not know.
pub fn read(path: &Path, bytes: &[u8]) -> Result<PlanFile, Failure> {
    let bad = |why: String| {
        Failure::usage(
            "plan-file.invalid",
            Text::new(format!("{}: {why}", path.display()), format!("{}: {why}", path.display())),
            Text::new("make the plan again with `plan -o`", "plan -o で計画を作り直してください"),
        )
    };
    let file: PlanFile = serde_json::from_slice(bytes).map_err(|error| bad(error.to_string()))?;
    if file.schema == SCHEMA { Ok(file) } else { Err(bad(format!("schema {} is not {SCHEMA}", file.schema))) }
}

/// Writes a plan file: complete, or not at all.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(path: &Path, file: &PlanFile) -> Result<(), Failure> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = (|| {
        let mut whole = tempfile::NamedTempFile::new_in(dir)?;
        let text = serde_json::to_string_pretty(file)?;
        whole.write_all(visible::in_json(&text).as_bytes())?;
        whole.write_all(b"\n")?;
        whole.as_file().sync_all()?;
        whole.persist(path).map_err(|error| error.error)?;
        Ok(())
    })();
    written.map_err(|cause| Failure::machine(&path.display().to_string(), &cause))
}
