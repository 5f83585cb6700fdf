//! A plan kept in a file: what was seen, what is wanted, under which terms, and the commands, masked, that follow from it.
//!
//! It holds no secret value. When it is applied, the router is read again and the plan made again; only if both the router and
//! every command are what the file says does anything go out. So the file can be read, sent and reviewed by anyone. What was
//! reviewed is named by the SHA-256 of the file's bytes, which any machine can compute without this program.

use std::io::Write as _;
use std::path::Path;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::input_error::InputError;
use super::owner::who;
use crate::fleet::Limits;
use crate::record::{Account, rfc3339};
use crate::transaction::{EarlierPlan, SavedPlan, SavedPlanError};
use crate::visible;

/// The version of the file's form.
const SCHEMA: &str = "ixdeploy-plan/4";
/// The form before, which does not say where lines come from.
const THIRD: &str = "ixdeploy-plan/3";
/// The form before that one, which keeps each router's plan flat.
const SECOND: &str = "ixdeploy-plan/2";
/// The form of version 0.1.0, which does not say who made it.
const FIRST: &str = "ixdeploy-plan/1";

/// A file of plans.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanFile<P = SavedPlan> {
    /// The version of its form.
    schema: String,
    /// Who made it, when and from what; nothing in the form of 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
    /// The playbook's name.
    pub playbook: String,
    /// How many routers are changed at once.
    pub concurrency: usize,
    /// After how many failures none is begun.
    pub max_failures: usize,
    /// The plans.
    pub routers: Vec<P>,
}

/// Who made a plan, when and from what.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// The user.
    pub by: String,
    /// The machine.
    pub machine: String,
    /// The time, UTC.
    pub at: String,
    /// The program's version.
    pub version: String,
    /// The playbook's file.
    pub playbook: String,
    /// The inventory's file.
    pub inventory: String,
}

impl Made {
    /// By this user of this machine, now, from these files.
    pub fn here(playbook: &Path, inventory: &Path) -> Self {
        let Account { by, machine } = who();
        Self {
            by,
            machine,
            at: rfc3339(SystemTime::now()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            playbook: playbook.display().to_string(),
            inventory: inventory.display().to_string(),
        }
    }
}

impl PlanFile {
    /// A file of the present form.
    pub fn new(made: Made, playbook: &str, limits: Limits, routers: Vec<SavedPlan>) -> Self {
        let Limits { concurrency, max_failures } = limits;
        let (schema, made, playbook) = (SCHEMA.to_owned(), Some(made), playbook.to_owned());
        Self { schema, made, playbook, concurrency, max_failures, routers }
    }
}

/// Whether a file is a plan rather than a playbook: JSON begins with a brace, a playbook in YAML block style does not.
pub fn is_plan(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// The hash that names a plan file: of its bytes, as `sha256sum` prints it.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Refuses a plan file that is not the one that was approved.
///
/// # Errors
/// When its hash is another one, or it is no plan file.
pub fn demand(path: &Path, bytes: &[u8], approved: Option<&str>) -> Result<(), InputError> {
    let Some(approved) = approved else { return Ok(()) };
    if !is_plan(bytes) {
        return Err(InputError::NotAPlan { file: path.to_owned() });
    }
    let found = sha256(bytes);
    if found == approved.trim().to_ascii_lowercase() {
        return Ok(());
    }
    Err(InputError::AnotherPlan { file: path.to_owned(), found, approved: visible::line(approved).into_owned() })
}

/// Reads a plan file.
///
/// # Errors
/// When it is not a plan file, or of an unknown version.
pub fn read(path: &Path, bytes: &[u8]) -> Result<PlanFile, InputError> {
    let bad = |why: String| InputError::BadPlan { file: path.to_owned(), why };
    let file = parse(bytes).map_err(bad)?;
    // Only a masked backup is no proof of what ran.
    if !file.routers.iter().all(|entry| entry.seen.running.is_none() == entry.masked_base) {
        return Err(bad("`seen` does not say what the router ran".to_owned()));
    }
    if let Some((entry, why)) = file.routers.iter().find_map(|entry| Some((entry, entry.forged()?))) {
        return Err(bad(format!("{}: {why}", visible::line(&entry.intent.router))));
    }
    let complete = file.routers.iter().all(|entry| entry.alternatives.is_some());
    match (file.schema.as_str(), &file.made) {
        (SCHEMA | THIRD | SECOND, Some(_)) if !complete => Err(bad("`alternatives` is missing".to_owned())),
        (THIRD, Some(_)) if file.routers.iter().any(SavedPlan::has_origins) => {
            Err(bad(format!("`origins` do not belong to {THIRD}")))
        }
        (SCHEMA, Some(_)) if !file.routers.iter().all(|entry| entry.notes.is_some() && entry.cautions.is_some()) => {
            Err(bad("`notes` or `cautions` is missing".to_owned()))
        }
        (THIRD, Some(_)) if file.routers.iter().any(|entry| entry.notes.is_some() || entry.cautions.is_some()) => {
            Err(bad(format!("`notes` and `cautions` do not belong to {THIRD}")))
        }
        (SCHEMA | THIRD | SECOND, Some(_)) | (FIRST, None) => Ok(file),
        (FIRST, Some(_)) => Err(bad(format!("`made` does not belong to {FIRST}"))),
        _ => Err(bad("`made` is missing".to_owned())),
    }
}

/// The part of a file that says which form the rest has.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// A file of any version, its routers in the present form.
fn parse(bytes: &[u8]) -> Result<PlanFile, String> {
    let why = |error: serde_json::Error| error.to_string();
    let head: Head = serde_json::from_slice(bytes).map_err(why)?;
    match head.schema.as_str() {
        SCHEMA | THIRD => {
            let file: PlanFile = serde_json::from_slice(bytes).map_err(why)?;
            file.with_plans(SavedPlan::checked)
        }
        SECOND | FIRST => {
            let file: PlanFile<EarlierPlan> = serde_json::from_slice(bytes).map_err(why)?;
            file.with_plans(EarlierPlan::for_seen_model)
        }
        other => Err(format!("schema {} is none of {SCHEMA}, {THIRD}, {SECOND}, {FIRST}", visible::line(other))),
    }
}

impl<P> PlanFile<P> {
    /// The same file with its plans in their present form.
    fn with_plans(self, present: impl Fn(P) -> Result<SavedPlan, SavedPlanError>) -> Result<PlanFile, String> {
        let Self { schema, made, playbook, concurrency, max_failures, routers } = self;
        let routers: Result<Vec<SavedPlan>, _> = routers.into_iter().map(present).collect();
        let routers = routers.map_err(|error| error.to_string())?;
        Ok(PlanFile { schema, made, playbook, concurrency, max_failures, routers })
    }
}

/// Writes a plan file, complete or not at all, and says its hash.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(path: &Path, file: &PlanFile) -> Result<String, InputError> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = (|| {
        let mut text = visible::in_json(&serde_json::to_string_pretty(file)?).into_owned();
        text.push('\n');
        let mut whole = tempfile::NamedTempFile::new_in(dir)?;
        whole.write_all(text.as_bytes())?;
        whole.as_file().sync_all()?;
        whole.persist(path).map_err(|error| error.error)?;
        Ok(sha256(text.as_bytes()))
    })();
    written.map_err(|cause| InputError::machine(path, cause))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{FIRST, PlanFile, SCHEMA, SECOND, THIRD, read};
    use crate::ix::origin::{Origin, Spot};
    use crate::message::Explain;
    use crate::plan::OriginOfLine;
    use std::path::Path;
    use std::sync::Arc;

    fn file(name: &str) -> String {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
    }

    #[test]
    fn files_of_every_version_are_read_and_no_form_is_taken_for_another() {
        let [first, second, third] =
            ["0.1.0/plans/router3/plan.json", "plan-2/plan.json", "plan-3/plan.json"].map(file);
        let read = |text: &str| read(Path::new("plan.json"), text.as_bytes());
        assert_eq!(read(&first).unwrap().schema, FIRST);
        assert_eq!(read(&second).unwrap().schema, SECOND);
        let mut present: PlanFile = read(&third).unwrap();
        assert_eq!(present.schema, THIRD);
        let origin = Origin::Owned { owns: Spot { file: "role.yaml".into(), line: 3 } };
        present.routers[0].origins = vec![OriginOfLine { line: 1, origin: Arc::new(origin) }];
        (present.routers[0].notes, present.routers[0].cautions) = (Some(Vec::new()), Some(Vec::new()));
        present.schema = SCHEMA.to_owned();
        let fourth = serde_json::to_string(&present).unwrap();
        assert_eq!(serde_json::to_string(&read(&fourth).unwrap()).unwrap(), fourth);
        for wrong in [
            second.replace("ixdeploy-plan/2", "ixdeploy-plan/9"),
            second.replace("ixdeploy-plan/2", SCHEMA),
            second.replace("ixdeploy-plan/2", FIRST),
            first.replace("ixdeploy-plan/1", SECOND),
            third.replace(THIRD, SECOND),
            fourth.replace(SCHEMA, THIRD),
            fourth.replace(r#""notes":[],"#, ""),
            fourth.replace(SCHEMA, THIRD).replace(r#""origins":"#, r#""cautions":"#),
        ] {
            assert_eq!(read(&wrong).unwrap_err().code(), "plan-file.invalid");
        }
    }

    #[test]
    fn a_file_whose_parts_would_be_taken_for_others_is_refused() {
        let plan = |change: fn(&mut serde_json::Value)| {
            let mut document: serde_json::Value = serde_json::from_str(&file("plan-3/plan.json")).unwrap();
            change(&mut document["routers"][0]);
            read(Path::new("plan.json"), document.to_string().as_bytes()).map(|_| ()).map_err(|error| error.text().en)
        };
        assert_eq!(plan(|_| ()), Ok(()));
        for (change, why) in [
            ((|entry| entry["diff"] = "+x\nUndo (1 line)\n".into()) as fn(&mut serde_json::Value), "of no difference"),
            (|entry| entry["undo"][0] = "exit\nhostname evil".into(), "control character"),
            (|entry| entry["alternatives"] = serde_json::json!(["line 1: a\u{1b}"]), "control character"),
            (|entry| entry["commands"] = serde_json::json!([]), "no commands"),
        ] {
            let refused = plan(change).unwrap_err();
            assert!(refused.contains(why), "{why}: {refused}");
        }
    }
}
