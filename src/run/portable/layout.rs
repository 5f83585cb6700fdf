//! What an exported run is made of: the names of its parts in their order, what each holds, and how large it may be.

use serde::{Deserialize, Serialize};

use super::archive::Part;
use crate::inventory::is_name;
use crate::message::Text;
use crate::run::kept_configurations::Configurations;

/// The version of the form.
pub(super) const SCHEMA: &str = "ixdeploy-export/1";
/// How the names of all versions begin.
pub(super) const SCHEMAS: &str = "ixdeploy-export/";

/// Which run it is; first.
pub(super) const HEAD: &str = "export.json";
/// Its records, one a line, as the chain holds them.
pub(super) const RECORDS: &str = "records.jsonl";
/// The configurations of each router, one router a line, masked.
pub(super) const CONFIGURATIONS: &str = "configurations.jsonl";
/// The plan that was kept with it, byte for byte.
pub(super) const PLAN: &str = "plan.json";
/// Its work record, in both languages, for a person who unpacks the file without this program.
pub(super) const PAGE: &str = "report.html";
/// The folder of its recordings.
pub(super) const RECORDINGS: &str = "recordings/";
/// The names, sizes and hashes of all parts before it.
pub(super) const MANIFEST: &str = "manifest.json";
/// The record of the export, as the chain of the exporting journal holds it; last.
pub(super) const SEAL: &str = "seal.json";

const MIB: u64 = 1024 * 1024;
/// The largest records, and the largest configurations: several times those of ten thousand routers.
pub(super) const LARGEST_LIST: u64 = 1024 * MIB;
/// The largest recording: a session of days.
pub(super) const LARGEST_RECORDING: u64 = 64 * MIB;
/// The largest head, and the largest seal: both are parsed before anything else is known of the file.
pub(super) const LARGEST_HEAD: u64 = MIB;
/// The largest of what is left.
pub(super) const LARGEST_PART: u64 = 256 * MIB;
/// The largest file.
pub(super) const LARGEST_FILE: u64 = 8 * 1024 * MIB;

/// Which run a file holds. Later versions may say more in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    /// The version of the form.
    pub(super) schema: String,
    /// The run.
    pub(super) run: String,
    /// Whether its plan is there.
    pub(super) plan: PlanPart,
}

/// The plan that was kept with a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PlanPart {
    /// None was.
    None,
    /// It is a part of the file.
    Kept,
    /// It could not be read any more, or was another one.
    Missing(Text),
}

/// A router's configurations.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OfRouter {
    /// The router.
    pub(super) router: String,
    /// Its configurations.
    #[serde(flatten)]
    pub(super) configurations: Configurations,
}

#[derive(Serialize)]
struct Manifest<'a> {
    schema: &'a str,
    run: &'a str,
    parts: &'a [Part],
}

/// The manifest of these parts: every byte of it follows from them.
pub(super) fn manifest(run: &str, parts: &[Part]) -> serde_json::Result<String> {
    let manifest = Manifest { schema: SCHEMA, run, parts };
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

/// Whether a name is that of a recording: one file of the folder, and no path.
pub(super) fn recording_name(part: &str) -> Option<&str> {
    part.strip_prefix(RECORDINGS).filter(|name| is_recording_name(name))
}

/// Whether a file of this name may be a recording of an exported run.
pub(super) fn is_recording_name(name: &str) -> bool {
    name.strip_suffix(".cast").is_some_and(is_name)
}

/// Whether this is how runs are called: `20261122-114603-7k3f`.
pub(super) fn is_run_name(name: &str) -> bool {
    let mut parts = name.split('-');
    let is_next = |part: Option<&str>, length: usize, fits: fn(&u8) -> bool| {
        part.is_some_and(|part| part.len() == length && part.as_bytes().iter().all(fits))
    };
    let letters = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    is_next(parts.next(), 8, u8::is_ascii_digit)
        && is_next(parts.next(), 6, u8::is_ascii_digit)
        && is_next(parts.next(), 4, letters)
        && parts.next().is_none()
}
