//! Reading an exported run: from its first byte to its last, in one pass, and nothing of it is used before all of it was read.
//!
//! The file is hostile until then. Its parts come in one order and each once, their sizes and number are bounded, the records form the
//! chain that they name, the manifest is the one that follows from the parts, and the last part is the record that covers the manifest.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufReader, Read};
use std::path::Path;

use serde::de::DeserializeOwned;

use super::archive::{Entry, Part, Reader};
use super::error::ExportError;
use super::exported::ExportedRun;
use super::flaw::Flaw;
use super::layout::{
    CONFIGURATIONS, HEAD, Head, LARGEST_FILE, LARGEST_HEAD, LARGEST_LIST, LARGEST_PART, LARGEST_RECORDING, MANIFEST,
    OfRouter, PAGE, PLAN, PlanPart, RECORDINGS, RECORDS, SCHEMA, SCHEMAS, SEAL, is_run_name, manifest, recording_name,
};
use super::room::Room;
use crate::file;
use crate::journal::{ChainRecord, ChainWalk};
use crate::message::Text;
use crate::record::{Kind, Stored};
use crate::run::kept_configurations::Configurations;
use crate::run::kept_plan::recorded_plan;
use crate::run::plan_file::sha256;
use crate::visible;

/// An exported run, and one of its recordings where that was asked for.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) exported: ExportedRun,
    pub(super) recording: Option<Vec<u8>>,
}

/// Reads a file whole.
///
/// # Errors
/// [`ExportError`], for one changed byte.
pub(super) fn read(path: &Path) -> Result<ExportedRun, ExportError> {
    read_with(path, None).map(|read| read.exported)
}

/// The same, with the recording of this name.
///
/// # Errors
/// As [`read`].
pub(super) fn read_with(path: &Path, recording: Option<&str>) -> Result<Found, ExportError> {
    let open = || -> Result<_, Flaw> {
        let file = file::open(path).map_err(|error| Flaw::System(error.into()))?;
        if file.metadata()?.len() > LARGEST_FILE {
            return Err(Flaw::TooLarge { what: Text::new("the file", "ファイル") });
        }
        Ok(file)
    };
    let read = open().and_then(|file| parse(BufReader::new(file), recording));
    read.map_err(|flaw| ExportError::of(path, flaw))
}

/// Reads the bytes of a file.
///
/// # Errors
/// [`Flaw`].
pub(super) fn parse(from: impl Read, wanted: Option<&str>) -> Result<Found, Flaw> {
    let mut parts = Parts { reader: Reader::new(from), next: None };
    parts.advance()?;
    let head = head(&mut parts)?;
    let records = records(&mut parts, &head.run)?;
    let configurations = configurations(&mut parts)?;
    let plan_bytes = plan(&mut parts, &head.plan, &records)?;
    if let Some(page) = parts.take_if(|name| name == PAGE) {
        parts.skip(page, LARGEST_PART)?;
    }
    let (mut recordings, mut recording): (Vec<String>, Option<Vec<u8>>) = (Vec::new(), None);
    while let Some(entry) = parts.take_if(|name| name.starts_with(RECORDINGS)) {
        let name = recording_name(&entry.name).map(str::to_owned);
        let name = name.filter(|name| recordings.last().is_none_or(|last| last < name)).ok_or_else(unexpected)?;
        if wanted == Some(name.as_str()) {
            recording = Some(parts.whole(entry, LARGEST_RECORDING)?);
        } else {
            parts.skip(entry, LARGEST_RECORDING)?;
        }
        recordings.push(name);
    }
    let named = parts.reader.parts().to_vec();
    let listed = parts.whole_of(MANIFEST)?;
    let expected = manifest(&head.run, &named).map_err(|_| Flaw::of_part(MANIFEST))?;
    if listed != expected.as_bytes() {
        return Err(Flaw::of_part(changed(&listed, expected.len(), &named)));
    }
    let entry = parts.expect(SEAL)?;
    let sealed = parts.whole(entry, LARGEST_HEAD)?;
    if parts.next.is_some() {
        return Err(unexpected());
    }
    let seal = seal(&sealed)?;
    let Some(Kind::Exported(export)) = seal.meaning() else { return Err(Flaw::of_part(SEAL)) };
    if export.exported != head.run || export.manifest_sha256 != sha256(&listed) {
        return Err(Flaw::of_part(SEAL));
    }
    let exported = ExportedRun {
        run: head.run,
        records,
        export,
        exported_ms: seal.at_ms,
        head: seal.hash,
        recordings,
        sha256: parts.reader.sha256(),
        configurations,
        plan: head.plan,
        plan_bytes,
        parts: named,
    };
    Ok(Found { exported, recording })
}

/// The parts of a file in their order, one ahead.
struct Parts<R> {
    reader: Reader<R>,
    next: Option<Entry>,
}

impl<R: Read> Parts<R> {
    fn advance(&mut self) -> Result<(), Flaw> {
        self.next = self.reader.entry()?;
        Ok(())
    }

    fn take_if(&mut self, is_it: impl Fn(&str) -> bool) -> Option<Entry> {
        self.next.take_if(|entry| is_it(&entry.name))
    }

    fn expect(&mut self, name: &str) -> Result<Entry, Flaw> {
        self.take_if(|found| found == name).ok_or_else(unexpected)
    }

    fn whole(&mut self, entry: Entry, most: u64) -> Result<Vec<u8>, Flaw> {
        let bytes = self.reader.whole(entry, most)?;
        self.advance()?;
        Ok(bytes)
    }

    fn whole_of(&mut self, name: &str) -> Result<Vec<u8>, Flaw> {
        let entry = self.expect(name)?;
        self.whole(entry, LARGEST_PART)
    }

    fn skip(&mut self, entry: Entry, most: u64) -> Result<(), Flaw> {
        self.reader.each(entry, most, |_| Ok(()))?;
        self.advance()
    }

    fn lines(&mut self, name: &str, take: impl FnMut(&[u8]) -> Result<(), Flaw>) -> Result<(), Flaw> {
        let entry = self.expect(name)?;
        self.reader.lines(entry, LARGEST_LIST, take)?;
        self.advance()
    }
}

/// The first part that is not as a manifest names it; the manifest itself where all are, or where it is none of these parts. It is parsed
/// only where it is about as long as theirs, and looked through once.
fn changed<'p>(listed: &[u8], expected: usize, parts: &'p [Part]) -> &'p str {
    #[derive(serde::Deserialize)]
    struct Listed {
        parts: Vec<Part>,
    }
    let is_about_these = listed.len() <= expected.saturating_mul(2);
    let Some(listed) = is_about_these.then(|| serde_json::from_slice::<Listed>(listed).ok()).flatten() else {
        return MANIFEST;
    };
    let named: HashMap<&str, &Part> = listed.parts.iter().map(|part| (part.name.as_str(), part)).collect();
    let is_changed = |part: &&Part| named.get(part.name.as_str()).is_some_and(|named| *named != *part);
    parts.iter().find(is_changed).map_or(MANIFEST, |part| part.name.as_str())
}

/// A part is missing, comes twice, or is not where it belongs.
fn unexpected() -> Flaw {
    Flaw::damaged("its parts are not those of an exported run", "構成が書き出された実行のものではありません")
}

fn json<T: DeserializeOwned>(bytes: &[u8], part: &str) -> Result<T, Flaw> {
    serde_json::from_slice(bytes).map_err(|_| Flaw::of_part(part))
}

/// The version that a head names; the rest of it is passed over.
#[derive(serde::Deserialize)]
struct Form {
    schema: Option<String>,
}

fn head(parts: &mut Parts<impl Read>) -> Result<Head, Flaw> {
    let entry = parts.take_if(|name| name == HEAD).ok_or(Flaw::Foreign)?;
    let bytes = parts.whole(entry, LARGEST_HEAD)?;
    // Its form first: a later one may have anything else in it.
    let form: Form = json(&bytes, HEAD)?;
    match form.schema.as_deref() {
        Some(SCHEMA) => {}
        Some(later) if later.starts_with(SCHEMAS) => {
            return Err(Flaw::Newer { schema: visible::line(later).into_owned() });
        }
        _ => return Err(Flaw::Foreign),
    }
    let head: Head = json(&bytes, HEAD)?;
    if !is_run_name(&head.run) {
        return Err(Flaw::of_part(HEAD));
    }
    Ok(head)
}

fn records(parts: &mut Parts<impl Read>, run: &str) -> Result<Vec<Stored>, Flaw> {
    let mut walk = ChainWalk::of(run);
    let mut records: Vec<Stored> = Vec::new();
    let mut room = Room::default();
    parts.lines(RECORDS, |line| {
        let record: ChainRecord = json(line, RECORDS)?;
        room.take(line, &record.body)?;
        if !walk.takes(&record) {
            let number = record.number;
            return Err(Flaw::damaged(
                format!("record {number} is not what was written"),
                format!("記録 {number} が書き換えられています"),
            ));
        }
        records.push(record.into_stored());
        Ok(())
    })?;
    if records.is_empty() {
        return Err(Flaw::of_part(RECORDS));
    }
    Ok(records)
}

fn configurations(parts: &mut Parts<impl Read>) -> Result<BTreeMap<String, Configurations>, Flaw> {
    let mut found: BTreeMap<String, Configurations> = BTreeMap::new();
    parts.lines(CONFIGURATIONS, |line| {
        let OfRouter { router, configurations } = json(line, CONFIGURATIONS)?;
        if found.last_key_value().is_some_and(|(last, _)| *last >= router) {
            return Err(Flaw::of_part(CONFIGURATIONS));
        }
        found.insert(router, configurations);
        Ok(())
    })?;
    Ok(found)
}

fn plan(parts: &mut Parts<impl Read>, said: &PlanPart, records: &[Stored]) -> Result<Option<Vec<u8>>, Flaw> {
    let recorded = recorded_plan(records);
    let found = match parts.take_if(|name| name == PLAN) {
        Some(entry) => Some(parts.whole(entry, LARGEST_PART)?),
        None => None,
    };
    let is_whole = match (said, &found, &recorded) {
        (PlanPart::None, None, None) | (PlanPart::Missing(_), None, Some(_)) => true,
        (PlanPart::Kept, Some(bytes), Some(recorded)) => sha256(bytes) == *recorded,
        _ => false,
    };
    if is_whole { Ok(found) } else { Err(Flaw::of_part(PLAN)) }
}

/// The record of the export: one form of it, and the hash that it and the record before it give.
fn seal(bytes: &[u8]) -> Result<ChainRecord, Flaw> {
    let record: ChainRecord = json(bytes, SEAL)?;
    let is_proven = record.previous.as_ref().is_some_and(|previous| record.follows(previous));
    let is_canonical = serde_json::to_string(&record)
        .is_ok_and(|text| visible::in_json(&text).as_bytes() == bytes.strip_suffix(b"\n").unwrap_or_default());
    if is_proven && is_canonical { Ok(record) } else { Err(Flaw::of_part(SEAL)) }
}
