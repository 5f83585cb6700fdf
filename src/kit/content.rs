//! What is in a kit, as data and as the JSON that is sealed. The form carries its version and only grows: what a later version adds is
//! passed over.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{Cost, Flaw, LARGEST, passphrase, unquoted};
use crate::secret::{CredentialName, Secret};

/// The version of the form.
const SCHEMA: &str = "ixdeploy-kit/1";
/// Each byte of a text takes at most as many in JSON.
const WIDEST: usize = 6;

/// What a visit needs.
#[derive(Debug)]
pub struct Kit {
    /// For when it is, and where it comes from.
    pub about: About,
    /// The sites, in the order of the inventory.
    pub sites: Vec<KitSite>,
    /// The files of the working folder by their paths. They hold no secret.
    pub files: BTreeMap<String, String>,
    /// The host keys that are known of the routers, and of what is before them.
    pub host_keys: Vec<KitHostKey>,
    /// The host keys that the routers have shown on their consoles.
    pub enrolled: Vec<KitEnrolledKey>,
    /// The credentials that the routers need.
    pub secrets: BTreeMap<CredentialName, Secret>,
    /// What each router ran when it was last saved and verified.
    pub states: BTreeMap<String, LastState>,
}

/// For when a kit is, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The day of the visit: a reminder, no lock.
    pub day: String,
    /// When it was built, in milliseconds since 1970.
    pub built_ms: i64,
    /// Who built it, and on which machine.
    pub by: String,
    /// The machine.
    pub machine: String,
    /// The version of the program that built it.
    pub version: String,
    /// The head of that machine's journal then.
    pub journal_head: Option<String>,
    /// To which the visit's records are sealed; nothing where the office has no key.
    pub office: Option<String>,
    /// The inventory in the working folder.
    pub inventory: String,
    /// The playbooks there; the first one is meant where none is named.
    pub playbooks: Vec<String>,
}

/// A site of a kit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KitSite {
    /// Its name.
    pub site: String,
    /// Its name for people.
    pub title: Option<String>,
    /// Its routers.
    pub routers: Vec<String>,
}

/// A host key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KitHostKey {
    /// The host, as it is dialled.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The key in its wire form, Base64.
    pub key: String,
}

/// A host key that a router has shown on its console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KitEnrolledKey {
    /// The host, as it is dialled.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The fingerprint, `SHA256:...` or `MD5:...`.
    pub fingerprint: String,
    /// When it was read, RFC 3339 in UTC.
    pub at: String,
    /// The run that read it.
    pub run: String,
    /// The serial number of the box, where it has one.
    pub serial_number: Option<String>,
}

/// What a router ran at the end of a run that saved it.
#[derive(Clone)]
pub struct LastState {
    /// The run.
    pub run: String,
    /// When, in milliseconds since 1970.
    pub saved_ms: i64,
    /// Why not all of it is proven; nothing where it is.
    pub unverified: Option<String>,
    /// The box: its model, serial number and firmware.
    pub model: Option<String>,
    /// The serial number.
    pub serial_number: Option<String>,
    /// The firmware.
    pub firmware: Option<String>,
    /// The configuration, secrets included.
    pub configuration: Secret,
}

impl fmt::Debug for LastState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LastState").field("run", &self.run).field("model", &self.model).finish_non_exhaustive()
    }
}

/// The JSON form that is written. Secret values pass through it as borrowed text.
#[derive(Serialize)]
struct Document<'k> {
    schema: String,
    about: About,
    sites: Vec<KitSite>,
    files: &'k BTreeMap<String, String>,
    host_keys: Vec<KitHostKey>,
    enrolled: &'k [KitEnrolledKey],
    secrets: BTreeMap<String, &'k str>,
    states: BTreeMap<String, StateDocument<&'k str>>,
}

/// The same, read: secret values stay where they are in the bytes, which are wiped.
#[derive(Deserialize)]
struct OpenedDocument<'b> {
    about: About,
    sites: Vec<KitSite>,
    files: BTreeMap<String, String>,
    host_keys: Vec<KitHostKey>,
    /// Earlier versions wrote none.
    #[serde(default)]
    enrolled: Vec<KitEnrolledKey>,
    #[serde(borrow)]
    secrets: BTreeMap<String, &'b RawValue>,
    #[serde(borrow)]
    states: BTreeMap<String, StateDocument<&'b RawValue>>,
}

#[derive(Serialize, Deserialize)]
struct StateDocument<T> {
    run: String,
    saved_ms: i64,
    unverified: Option<String>,
    model: Option<String>,
    serial_number: Option<String>,
    firmware: Option<String>,
    configuration: T,
}

impl Kit {
    /// Seals it under a passphrase.
    ///
    /// # Errors
    /// [`Flaw::Cost`] for a cost that would be refused, [`Flaw::TooLarge`], or [`Flaw::Machine`].
    pub fn seal(&self, passphrase: &Secret, cost: Cost) -> Result<Vec<u8>, Flaw> {
        let secrets = self.secrets.iter().map(|(name, secret)| (name.to_string(), secret.expose()));
        let states = self.states.iter().map(|(router, state)| (router.clone(), state.document()));
        let document = Document {
            schema: SCHEMA.to_owned(),
            about: self.about.clone(),
            sites: self.sites.clone(),
            files: &self.files,
            host_keys: self.host_keys.clone(),
            enrolled: &self.enrolled,
            secrets: secrets.collect(),
            states: states.collect(),
        };
        let json = written(&document, self.widest())?;
        if json.len() as u64 > LARGEST {
            return Err(Flaw::TooLarge);
        }
        let sealed = passphrase::seal(passphrase, cost, &json)?;
        // As `open` judges it.
        if sealed.len() as u64 > LARGEST { Err(Flaw::TooLarge) } else { Ok(sealed) }
    }

    /// Opens a sealed kit.
    ///
    /// # Errors
    /// Any [`Flaw`]; nothing of it is used then.
    pub fn open(passphrase: &Secret, bytes: &[u8]) -> Result<Self, Flaw> {
        if bytes.len() as u64 > LARGEST {
            return Err(Flaw::TooLarge);
        }
        let json = passphrase::open(passphrase, bytes)?;
        let document = read(&json)?;
        let named = |(name, value): (String, &RawValue)| {
            let name = CredentialName::new(&name).map_err(|_| Flaw::Changed)?;
            Ok((name, secret(value)?))
        };
        let secrets: Result<_, Flaw> = document.secrets.into_iter().map(named).collect();
        let states = document.states.into_iter().map(|(router, state)| Ok((router, state.into_state()?)));
        let states: Result<_, Flaw> = states.collect();
        Ok(Self {
            about: document.about,
            sites: document.sites,
            files: document.files,
            host_keys: document.host_keys,
            enrolled: document.enrolled,
            secrets: secrets?,
            states: states?,
        })
    }

    /// How many bytes its JSON takes at most: then its buffer never moves, and leaves no copy of a secret behind.
    fn widest(&self) -> usize {
        let files: usize = self.files.iter().map(|(path, text)| path.len() + text.len()).sum();
        let secrets: usize =
            self.secrets.iter().map(|(name, secret)| name.as_str().len() + secret.expose().len()).sum();
        let states: usize = self.states.values().map(|state| state.configuration.expose().len() + 1024).sum();
        let keys: usize = self.host_keys.iter().map(|key| key.host.len() + key.key.len() + 64).sum();
        let shown = |key: &KitEnrolledKey| key.host.len() + key.serial_number.as_ref().map_or(0, String::len) + 256;
        let keys = keys + self.enrolled.iter().map(shown).sum::<usize>();
        let sites: usize = self.sites.iter().map(|site| site.routers.len() * 128 + 1024).sum();
        // Newlines and quotes take two bytes, and little else takes six.
        (files + states) * 2 + (secrets + keys + sites) * WIDEST + 64 * 1024
    }
}

impl LastState {
    fn document(&self) -> StateDocument<&str> {
        StateDocument {
            run: self.run.clone(),
            saved_ms: self.saved_ms,
            unverified: self.unverified.clone(),
            model: self.model.clone(),
            serial_number: self.serial_number.clone(),
            firmware: self.firmware.clone(),
            configuration: self.configuration.expose(),
        }
    }
}

impl StateDocument<&RawValue> {
    fn into_state(self) -> Result<LastState, Flaw> {
        let Self { run, saved_ms, unverified, model, serial_number, firmware, configuration } = self;
        let configuration = secret(configuration)?;
        Ok(LastState { run, saved_ms, unverified, model, serial_number, firmware, configuration })
    }
}

/// A secret out of the bytes of a kit, without a copy that is not wiped.
fn secret(value: &RawValue) -> Result<Secret, Flaw> {
    unquoted::text(value.get()).map(Secret::new).ok_or(Flaw::Changed)
}

fn written(document: &impl Serialize, capacity: usize) -> Result<Zeroizing<Vec<u8>>, Flaw> {
    let mut json = Zeroizing::new(Vec::new());
    json.try_reserve(capacity).map_err(|_| Flaw::Machine)?;
    serde_json::to_writer(&mut *json, document).map_err(|_| Flaw::Machine)?;
    Ok(json)
}

/// Reads JSON whose bytes are authentic: what cannot be read was sealed so by someone who had the passphrase.
fn read(json: &[u8]) -> Result<OpenedDocument<'_>, Flaw> {
    #[derive(Deserialize)]
    struct Schema {
        schema: String,
    }
    let Schema { schema } = serde_json::from_slice(json).map_err(|_| Flaw::Changed)?;
    if schema != SCHEMA {
        return Err(Flaw::Newer { schema });
    }
    serde_json::from_slice(json).map_err(|_| Flaw::Changed)
}
