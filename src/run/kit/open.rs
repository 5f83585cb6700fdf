//! `kit open` and `kit show`: a working folder with all of a kit that is no secret, and what is in one.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::error::KitError;
use super::folder::{self, Opened};
use super::passphrase;
use super::sound;
use crate::file;
use crate::kit::{self, About, Kit, KitSite};
use crate::message::{Explain as _, Text};
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::run::input_error::InputError;
use crate::run::operator::Notice;
use crate::transport::ssh::{EnrolledKeys, FirstUse, HostKey, HostKeys as _, KnownHosts, SshError, Trust};
use crate::visible;

/// What a kit knows of a router.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RouterInKit {
    /// The router.
    pub router: String,
    /// The run that saved it last; nothing where the office never did.
    pub run: Option<String>,
    /// When, in milliseconds since 1970.
    pub saved_ms: Option<i64>,
    /// The model, as that run saw it.
    pub model: Option<String>,
    /// The serial number, likewise.
    pub serial_number: Option<String>,
    /// Why not all of that is proven.
    pub unverified: Option<String>,
}

impl RouterInKit {
    /// Every router of a kit.
    pub(super) fn all(kit: &Kit) -> Vec<Self> {
        let of = |router: &String| {
            let state = kit.states.get(router);
            Self {
                router: router.clone(),
                run: state.map(|state| state.run.clone()),
                saved_ms: state.map(|state| state.saved_ms),
                model: state.and_then(|state| state.model.clone()),
                serial_number: state.and_then(|state| state.serial_number.clone()),
                unverified: state.and_then(|state| state.unverified.clone()),
            }
        };
        kit.sites.iter().flat_map(|site| &site.routers).map(of).collect()
    }
}

/// What is in a kit, without a secret.
#[derive(Debug, Serialize)]
pub struct ShownKit {
    /// For when it is, and where it comes from.
    pub about: About,
    /// The sites.
    pub sites: Vec<KitSite>,
    /// What it knows of each router.
    pub routers: Vec<RouterInKit>,
    /// The names of the credentials.
    pub credentials: Vec<String>,
    /// Its files.
    pub files: Vec<String>,
    /// How many host keys.
    pub host_keys: usize,
}

/// A kit that was opened into a folder.
#[derive(Debug, Serialize)]
pub struct OpenedKit {
    /// The folder.
    pub folder: PathBuf,
    /// The files in it.
    pub files: Vec<String>,
    /// The sites.
    pub sites: Vec<KitSite>,
    /// The day of the visit.
    pub day: String,
    /// How many host keys this machine did not know.
    pub new_host_keys: usize,
    /// The hosts for which this machine knows another key, which stays.
    pub other_host_keys: Vec<String>,
}

/// Opens a kit in memory.
///
/// # Errors
/// A file that is no kit, another passphrase, or a kit that holds what none can.
pub(super) fn read(env: &RunEnv, path: &Path) -> Result<Kit, RunError> {
    unsealed(env, path, &bytes(path)?)
}

/// A kit's file as it is.
///
/// # Errors
/// A file that cannot be read, or is larger than a kit.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, InputError> {
    file::read(path, kit::LARGEST).map_err(|error| InputError::file(path, error))
}

/// Opens in memory what was read of a kit's file.
///
/// # Errors
/// As [`read`].
pub(super) fn unsealed(env: &RunEnv, path: &Path, bytes: &[u8]) -> Result<Kit, RunError> {
    /// How often a person may mistype it.
    const SLIPS: usize = 2;
    let mut slips = 0;
    let kit = loop {
        let error = match Kit::open(&*passphrase::to_open(env, path)?, bytes) {
            Ok(kit) => break kit,
            Err(flaw) => KitError::of_kit(path, flaw),
        };
        if slips == SLIPS || !matches!(error, KitError::Passphrase { .. }) || !passphrase::is_typed(env) {
            return Err(error.into());
        }
        slips += 1;
        env.operator.tell(&Notice::Warning(&error.text()));
    };
    sound::check(&kit, path)?;
    Ok(kit)
}

/// Shows what is in a kit.
///
/// # Errors
/// A file that is no kit, or another passphrase.
pub fn show_kit(env: &RunEnv, path: &Path) -> Result<ShownKit, RunError> {
    let kit = read(env, path)?;
    Ok(ShownKit {
        routers: RouterInKit::all(&kit),
        credentials: kit.secrets.keys().map(ToString::to_string).collect(),
        files: kit.files.into_keys().collect(),
        host_keys: kit.host_keys.len(),
        about: kit.about,
        sites: kit.sites,
    })
}

/// Opens a kit into a new folder. Its host keys become known to this machine; its secrets are not written.
///
/// # Errors
/// A file that is no kit, another passphrase, or a folder that is not new.
pub fn open_kit(env: &RunEnv, path: &Path, folder: &Path) -> Result<OpenedKit, RunError> {
    let kit = read(env, path)?;
    remind(env, &kit.about);
    let files = folder::write(&kit, folder, Opened::now(env)?)?;
    let (new_host_keys, other_host_keys) = learn_host_keys(env, &kit, path)?;
    let (sites, day) = (kit.sites, kit.about.day);
    Ok(OpenedKit { folder: folder.to_owned(), files, sites, day, new_host_keys, other_host_keys })
}

/// Records the keys that this machine does not know, and enrols what routers have shown of those; where it knows another one, that one stays.
pub(super) fn learn_host_keys(env: &RunEnv, kit: &Kit, path: &Path) -> Result<(usize, Vec<String>), RunError> {
    let file = env.state_file("known_hosts");
    let known = KnownHosts::new(&file, FirstUse::Record);
    let (mut new, mut others) = (0, Vec::new());
    for one in &kit.host_keys {
        let blob = BASE64_STANDARD.decode(&one.key).map_err(|_| KitError::Damaged { file: path.to_owned() })?;
        let key = HostKey::new(&blob);
        // What was withdrawn here stays withdrawn.
        let checked =
            known.refuse_revoked(&one.host, one.port, &key).and_then(|()| known.check(&one.host, one.port, &key));
        match checked {
            Ok(Trust::Recorded) => new += 1,
            Ok(_) => {}
            Err(SshError::HostKeyFile { reason, .. }) => {
                return Err(InputError::machine(&file, std::io::Error::other(reason)).into());
            }
            Err(_) => others.push(format!("{}:{}", one.host, one.port)),
        }
    }
    let enrolled = EnrolledKeys::beside(&file);
    let unread = |error: SshError| InputError::machine(&file, std::io::Error::other(error.to_string()));
    for one in &kit.enrolled {
        let (host, port) = (&one.host, one.port);
        let shown = sound::shown_key(one).ok_or_else(|| KitError::Damaged { file: path.to_owned() })?;
        let keys = known.keys_of(host, port).map_err(unread)?;
        let is_known = keys.iter().any(|key| key.is_of(&shown.fingerprint));
        match enrolled.of(host, port).map_err(unread)? {
            Some(here) if here.fingerprint == shown.fingerprint => {}
            None if keys.is_empty() || is_known => {
                enrolled.enrol(host, port, &shown).map_err(unread)?;
                new += usize::from(!is_known);
            }
            _ => others.push(format!("{host}:{port}")),
        }
    }
    others.dedup();
    Ok((new, others))
}

/// What is said of a host for which this machine knows another key than the kit.
pub(super) fn other_host_key(host: &str) -> Text {
    let host = visible::line(host).into_owned();
    Text::new(
        format!("another host key of {host} is known here than in the kit; it stays"),
        format!("{host} には、キットと異なるホスト鍵がこの端末に登録済みのため、変更していません"),
    )
}

/// Says that a kit is for another day: a reminder, nothing is refused. What was warned of.
pub(super) fn remind(env: &RunEnv, about: &About) -> Option<Text> {
    let zone = TimeZone::try_system().unwrap_or(TimeZone::UTC);
    let today = zone.to_datetime(env.now()).date();
    let day = about.day.parse::<Date>().ok()?;
    let warning = (day != today).then(|| {
        Text::new(
            format!("the kit is for {day}, and today is {today}: what it knows may be out of date"),
            format!("このキットは {day} 用です(本日 {today})。内容が古い可能性があります"),
        )
    });
    if let Some(warning) = &warning {
        env.operator.tell(&Notice::Warning(warning));
    }
    if about.office.is_none() {
        let by = visible::line(&about.machine).into_owned();
        env.operator.tell(&Notice::Note(&Text::new(
            format!("the kit has no office key ({by}): the visit's records come back by `ixdeploy export`, unsealed"),
            format!("キットに事務所の鍵がありません({by})。訪問の記録は ixdeploy export で封印せずに持ち帰ります"),
        )));
    }
    warning
}
