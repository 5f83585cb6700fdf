//! What was learned of a model and is shared: reviewed files in the folder `facts` beside an inventory.
//!
//! A fact helps to compare; what may be typed because of it is the planner's decision, and never more than the table allows. Only
//! what a person has reviewed is read: `reviewed_by` must be there. The form is in `docs/facts.md`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::dialect::model;
use crate::file::{self, FileError};
use crate::ix::display::firmware_numbers;
use crate::ix::made::{IN_BLOCK, only_by_hand};
use crate::ix::mask::mask_line;
use crate::ix::{Config, ConfigText, Identity};
use crate::message::{CodeEntry, Explain};

/// The version of a file's form.
const VERSION: u32 = 1;
/// The largest file, and the most files: a fact is one box's factory lines.
const LARGEST: u64 = 256 * 1024;
const MOST_FILES: usize = 200;

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[FactError::CODES];

/// A reviewed fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The file's name.
    pub file: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// The box it was read from: its model, firmware and serial number.
    #[serde(flatten)]
    pub identity: Identity,
    /// Who reviewed it.
    pub reviewed_by: String,
    /// What an unconfigured box prints.
    pub factory: Option<ConfigText>,
    /// The forms of removals that it takes, in the words of the table.
    pub removal: Arc<[String]>,
    /// The lines that it enters by itself, some with the header of their block: for comparison alone.
    pub router_made: Arc<[String]>,
}

/// The reviewed facts beside an inventory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts(Vec<Arc<Fact>>);

/// A file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    model: String,
    firmware: String,
    serial_number: String,
    reviewed_by: String,
    factory: Option<String>,
    #[serde(default)]
    removal: Vec<String>,
    #[serde(default)]
    router_made: Vec<String>,
}

/// Why a file is no fact.
#[derive(Debug, Explain)]
pub(crate) enum FactError {
    /// It cannot be read.
    #[explain(transparent)]
    File(#[from] FileError),
    /// It does not say what a fact says.
    #[explain(
        code = "facts.form",
        en = "`{path}` is no reviewed fact: {why}",
        ja = "`{path}` はレビュー済みの事実ファイルではありません: {why}",
        hint(
            en = "docs/facts.md shows the form; what no one has reviewed belongs into another folder",
            ja = "形式は docs/facts.md を参照してください。レビュー前のファイルは別のフォルダに置いてください"
        )
    )]
    Form { path: PathBuf, why: String },
    /// It calls a line the router's own that only a person enters.
    #[explain(
        code = "facts.router-made",
        en = "`{path}` calls `{line}` a line that the router makes, and it is one of a user, a server, a filter or a secret",
        ja = "`{path}` で `{line}` がルータの自動生成行とされていますが、ユーザ、サーバ、フィルタ、秘密情報の行は対象にできません",
        hint(
            en = "take the line out of `router_made:`: such a line is always a person's, and a run that meets it has to stop",
            ja = "router_made からその行を外してください。このような行は常に人が入力したものとして扱い、見つかった場合は作業を止める必要があります"
        )
    )]
    RouterMade { path: PathBuf, line: String },
}

impl Facts {
    /// The facts in the folder `facts` beside an inventory file, or inside an inventory's folder; none where there is no such folder.
    ///
    /// # Errors
    /// The first file that is not valid.
    pub(crate) fn beside(inventory: &Path) -> Result<Self, FactError> {
        let base = if inventory.is_dir() { inventory } else { inventory.parent().unwrap_or(Path::new("")) };
        let Ok(entries) = std::fs::read_dir(base.join("facts")) else { return Ok(Self::default()) };
        let is_yaml = |path: &PathBuf| path.extension().is_some_and(|end| end == "yaml" || end == "yml");
        let mut paths: Vec<PathBuf> =
            entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_yaml).take(MOST_FILES).collect();
        paths.sort();
        let facts: Result<Vec<_>, _> = paths.iter().map(|path| read(path).map(Arc::new)).collect();
        let mut facts = facts?;
        // The newest firmware of a model last.
        facts.sort_by_key(|fact| firmware_numbers(fact.identity.firmware()));
        Ok(Self(facts))
    }

    /// What is known of a model: by the newest firmware.
    pub fn of(&self, model: &str) -> Option<&Arc<Fact>> {
        self.0.iter().rev().find(|fact| fact.identity.model().eq_ignore_ascii_case(model))
    }
}

fn read(path: &Path) -> Result<Fact, FactError> {
    let bytes = file::read(path, LARGEST)?;
    let wrong = |why: String| FactError::Form { path: path.to_owned(), why };
    let text = std::str::from_utf8(&bytes).map_err(|error| wrong(error.to_string()))?;
    let document: Document = serde_saphyr::from_str(text).map_err(|error| wrong(error.to_string()))?;
    if document.version != VERSION {
        return Err(wrong(format!("version {} instead of {VERSION}", document.version)));
    }
    if document.reviewed_by.trim().is_empty() || document.serial_number.trim().is_empty() {
        return Err(wrong("`reviewed_by` and `serial_number` say who judged which box".to_owned()));
    }
    let dialect = model::dialect_of(&document.model);
    if let Some(form) = document.removal.iter().find(|form| !dialect.grammar().has_form(form)) {
        return Err(wrong(format!("`{form}` is no form of a removal that the table has")));
    }
    let router_made = router_made(path, &document.router_made)?;
    let sha256 = Sha256::digest(&bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    Ok(Fact {
        file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        sha256,
        identity: Identity {
            model: Some(document.model),
            serial_number: Some(document.serial_number),
            firmware: Some(document.firmware),
            host_name: None,
        },
        reviewed_by: document.reviewed_by,
        factory: document.factory.map(ConfigText::new),
        removal: document.removal.into(),
        router_made,
    })
}

/// The lines that a fact calls the router's own, none of them one that only a person enters.
fn router_made(path: &Path, lines: &[String]) -> Result<Arc<[String]>, FactError> {
    let line = |line: &String| {
        let parts: Vec<&str> = line.split(IN_BLOCK).map(str::trim).collect();
        let clean = parts.join(IN_BLOCK);
        if clean.chars().any(char::is_control) || parts.len() > 2 || parts.iter().any(|part| part.is_empty()) {
            let why = "each entry of `router_made` is one line, with or without the header of its block: `interface GigaEthernet0.1 / auto-connect`";
            return Err(FactError::Form { path: path.to_owned(), why: why.to_owned() });
        }
        if only_by_hand(&clean) {
            return Err(FactError::RouterMade { path: path.to_owned(), line: mask_line(&clean) });
        }
        Ok(clean)
    };
    lines.iter().map(line).collect()
}

impl Fact {
    /// How a plan names what it rests on.
    pub fn name(&self) -> String {
        format!("{} (SHA-256 {}, reviewed by {})", self.file, self.sha256, self.reviewed_by)
    }
}

/// The file that would make a fact of what a box prints, masked, ready to be reviewed.
pub fn draft(identity: &Identity, running: &Config) -> String {
    let (model, firmware, serial_number) = (identity.model(), identity.firmware(), identity.serial_number());
    let factory: String = running.print_masked().lines().map(|line| format!("  {line}\n")).collect();
    format!(
        "version: 1\nmodel: {model}\nfirmware: \"{firmware}\"\nserial_number: \"{serial_number}\"\nreviewed_by: \"\"\nfactory: |\n{factory}"
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at once")]
mod tests {
    use super::{Facts, Identity, draft};
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::message::Explain;

    #[test]
    fn a_fact_counts_once_a_person_has_reviewed_it() {
        let dir = tempfile::tempdir().unwrap();
        let facts = dir.path().join("facts");
        let inventory = dir.path().join("clinics.yaml");
        assert!(Facts::beside(&inventory).unwrap().of("IX2106").is_none());
        std::fs::create_dir(&facts).unwrap();
        let running =
            Config::parse(Dialect::ix(), "timezone +09 00\ninterface GigaEthernet0.0\n  no ip address\n  shutdown\n");
        let identity = Identity {
            model: Some("IX2106".to_owned()),
            serial_number: Some("SN1".to_owned()),
            firmware: Some("10.9.34".to_owned()),
            host_name: None,
        };
        let text = draft(&identity, &running);
        std::fs::write(facts.join("IX2106.yaml"), &text).unwrap();
        assert_eq!(Facts::beside(&inventory).unwrap_err().code(), "facts.form");
        std::fs::write(facts.join("IX2106.yaml"), text.replace("reviewed_by: \"\"", "reviewed_by: Sato")).unwrap();
        for place in [inventory.as_path(), dir.path()] {
            let found = Facts::beside(place).unwrap();
            let fact = found.of("ix2106").unwrap();
            assert_eq!(fact.factory.as_ref().map(|factory| factory.tree(Dialect::ix())), Some(&running));
            assert!(fact.name().ends_with("reviewed by Sato)"), "{}", fact.name());
        }
        for (form, good) in [("no description", true), ("no ip filter", false), ("no username", false)] {
            let text = format!(
                "version: 1\nmodel: IX2106\nfirmware: 10.9.34\nserial_number: SN1\nreviewed_by: Sato\nremoval: [{form}]\n"
            );
            std::fs::write(facts.join("IX2106.yaml"), text).unwrap();
            assert_eq!(Facts::beside(&inventory).is_ok(), good, "a fact chooses among what the table allows: {form}");
        }
    }

    #[test]
    fn lines_that_a_fact_calls_the_routers_own_are_never_those_of_a_user_a_server_or_a_filter() {
        let dir = tempfile::tempdir().unwrap();
        let inventory = dir.path().join("clinics.yaml");
        std::fs::create_dir(dir.path().join("facts")).unwrap();
        for (line, code) in [
            ("auto-connect", None),
            ("interface GigaEthernet0.1 / auto-connect", None),
            ("telnet-server ip enable", Some("facts.router-made")),
            ("username x password hash 0b@ administrator", Some("facts.router-made")),
            ("interface GigaEthernet0.0 / ip filter l 1 in", Some("facts.router-made")),
            ("interface GigaEthernet0.0 / ", Some("facts.form")),
            ("a\\nb", Some("facts.form")),
        ] {
            let text = format!(
                "version: 1\nmodel: IX2215\nfirmware: 10.9.34\nserial_number: SN1\nreviewed_by: Sato\nrouter_made: [\"{line}\"]\n"
            );
            std::fs::write(dir.path().join("facts/IX2215.yaml"), text).unwrap();
            let read = Facts::beside(&inventory);
            assert_eq!(read.as_ref().err().map(Explain::code), code, "{line}");
            if let Err(error) = &read {
                assert!(!error.text().en.contains("0b@"), "{}", error.text().en);
            } else {
                assert_eq!(*read.unwrap().of("IX2215").unwrap().router_made, [line.to_owned()]);
            }
        }
    }
}
