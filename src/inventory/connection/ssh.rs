//! SSH, to the router itself or through jump hosts.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::inventory::deadlines::duration;
use crate::inventory::finding::ValueFinding;
use crate::inventory::source::Located;
use crate::inventory::value::read_credential_name;
use crate::inventory::yaml::{Field, Table};
use crate::secret::CredentialName;

use super::finding::ConnectionFinding;
use super::{host, port, user, window};

/// SSH to a router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ssh {
    /// Host name or address.
    pub host: Located<String>,
    /// TCP port.
    pub port: u16,
    /// The user.
    pub user: String,
    /// What proves the user. An IX takes nothing but a password (fact sheet 9, T); a jump host before one may take a key.
    pub proof: Proof,
    /// The pinned host key, `SHA256:` and 43 characters; else `known_hosts` decides.
    pub host_key: Option<String>,
    /// Whether algorithms older than the observed router's may be used.
    pub legacy_algorithms: bool,
    /// How often a silent connection is probed.
    pub keepalive: Option<Duration>,
    /// The most lines in flight together; else the engine's own bound.
    pub window: Option<usize>,
    /// Hosts to go through, the first one first.
    pub jump: Vec<Hop>,
}

impl Ssh {
    /// The credentials of the router and of the hosts on the way.
    pub(super) fn credentials(&self) -> impl Iterator<Item = &Located<CredentialName>> {
        std::iter::once(&self.proof).chain(self.jump.iter().map(|hop| &hop.proof)).flat_map(Proof::credentials)
    }
}

/// What proves a user, tried in this order: key, agent, password.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    /// A private key.
    pub key: Option<KeyFile>,
    /// Whether the agent's keys are tried.
    pub agent: Option<bool>,
    /// The password's credential.
    pub password: Option<Located<CredentialName>>,
}

impl Proof {
    /// Whether there is anything to try.
    fn is_something(&self) -> bool {
        self.key.is_some() || self.agent == Some(true) || self.password.is_some()
    }

    fn credentials(&self) -> impl Iterator<Item = &Located<CredentialName>> {
        self.password.iter().chain(self.key.iter().filter_map(|key| key.passphrase.as_ref()))
    }

    fn or(self, weaker: &Self) -> Self {
        Self {
            key: self.key.or_else(|| weaker.key.clone()),
            agent: self.agent.or(weaker.agent),
            password: self.password.or_else(|| weaker.password.clone()),
        }
    }
}

/// A private key in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFile {
    /// The file.
    pub path: PathBuf,
    /// The credential that opens it.
    pub passphrase: Option<Located<CredentialName>>,
}

/// A host on the way to a router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The user.
    pub user: String,
    /// What proves the user; the agent where nothing is written.
    pub proof: Proof,
    /// The pinned host key.
    pub host_key: Option<String>,
}

/// What `defaults` may hold too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Common {
    port: Option<u16>,
    user: Option<String>,
    proof: Proof,
    legacy_algorithms: Option<bool>,
    keepalive: Option<Duration>,
    window: Option<usize>,
    jump: Option<Vec<Hop>>,
}

/// Reads what `defaults` may hold too.
pub(super) fn common(table: &mut Table<'_>, base: &Path) -> Common {
    Common {
        port: table.get("port").and_then(|f| port(&f)),
        user: table.get("user").and_then(|f| user(&f)),
        proof: proof(table, base),
        legacy_algorithms: table.get("legacy_algorithms").and_then(|f| f.boolean()),
        keepalive: table.get("keepalive").and_then(|f| keepalive(&f)),
        window: table.get("window").and_then(|f| window(&f)),
        jump: table.get("jump").map(|f| f.list().iter().filter_map(|f| hop(f, base)).collect()),
    }
}

fn proof(table: &mut Table<'_>, base: &Path) -> Proof {
    let password = table.get("password").and_then(|f| read_credential_name(&f));
    let agent = table.get("agent").and_then(|f| f.boolean());
    let file = table.get("key_file").and_then(|f| f.text());
    let passphrase = table.get("passphrase").map(|f| (read_credential_name(&f), f));
    if let (None, Some((_, field)), false) = (&file, &passphrase, table.has("key_file")) {
        field.refuse(&ConnectionFinding::PassphraseWithoutKey);
    }
    let passphrase = passphrase.and_then(|(name, _)| name);
    Proof { key: file.map(|path| KeyFile { path: base.join(path), passphrase }), agent, password }
}

/// The library counts in seconds.
fn keepalive(field: &Field<'_>) -> Option<Duration> {
    let every = duration(field)?;
    if every >= Duration::from_secs(1) {
        return Some(every);
    }
    field.refuse(&ValueFinding::ProbedTooOften);
    None
}

/// Reads `ssh:` of a router.
pub(super) fn read(field: &Field<'_>, defaults: &Common, base: &Path) -> Option<Ssh> {
    let mut table = field.table("an SSH connection", "SSH 接続")?;
    let host = table.require("host").and_then(|f| host(&f).map(|h| f.located(h)));
    let host_key = table.get("host_key").and_then(|f| host_key(&f));
    let own = common(&mut table, base);
    let has_user = table.has("user");
    // A key that is there and wrong has been reported already.
    let has_proof = ["password", "key_file"].iter().any(|key| table.has(key));
    table.finish();
    let user = own.user.or_else(|| defaults.user.clone());
    let proof = own.proof.or(&defaults.proof);
    if user.is_none() && !has_user {
        missing(field, "user");
    }
    if !proof.is_something() && !has_proof {
        missing(field, "password");
    }
    // What is missing has been reported; the rest is still worth checking.
    Some(Ssh {
        host: host.unwrap_or_else(|| field.located(String::new())),
        port: own.port.or(defaults.port).unwrap_or(22),
        user: user.unwrap_or_default(),
        proof,
        host_key,
        legacy_algorithms: own.legacy_algorithms.or(defaults.legacy_algorithms).unwrap_or(false),
        keepalive: own.keepalive.or(defaults.keepalive),
        window: own.window.or(defaults.window),
        jump: own.jump.or_else(|| defaults.jump.clone()).unwrap_or_default(),
    })
}

fn missing(field: &Field<'_>, key: &'static str) {
    field.report(field.key_error(&ConnectionFinding::MissingForSsh { key }));
}

fn hop(field: &Field<'_>, base: &Path) -> Option<Hop> {
    let mut table = field.table("a jump host", "踏み台ホスト")?;
    let host = table.require("host").and_then(|f| host(&f));
    let user = table.require("user").and_then(|f| user(&f));
    let port = table.get("port").and_then(|f| port(&f)).unwrap_or(22);
    let mut proof = proof(&mut table, base);
    if proof.key.is_none() && proof.password.is_none() {
        proof.agent = proof.agent.or(Some(true));
    }
    let host_key = table.get("host_key").and_then(|f| host_key(&f));
    table.finish();
    Some(Hop { host: host?, port, user: user?, proof, host_key })
}

fn host_key(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    let digest = text.strip_prefix("SHA256:").unwrap_or_default().trim_end_matches('=');
    if digest.len() == 43 && digest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/') {
        return Some(format!("SHA256:{digest}"));
    }
    field.refuse(&ConnectionFinding::NoHostKey);
    None
}
