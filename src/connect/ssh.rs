//! Over SSH, directly or through jump hosts; what is known of each host's key decides whether it is the router.

use std::time::{Duration, SystemTime};

use super::way::Way;
use super::{ConnectError, ConnectOptions};
use crate::inventory::{Baud, Connection, Hop, Proof, Ssh};
use crate::message::Text;
use crate::record::{FirstUseRecord, HostKeyProof, ProvenHostKey, rfc3339};
use crate::secret::{CredentialName, SecretError};
use crate::session::{Login, Session};
use crate::transport::TransportError;
use crate::transport::ssh::{
    self, Credentials, Endpoint, FirstUse, HostKey, HostKeys, KeyFile, KnownHosts, LearnedKey, SshError, SshTarget,
    Trust, TrustedKey,
};

/// How often an idle SSH connection shows that it is alive.
pub(super) const KEEPALIVE: Duration = Duration::from_secs(30);

/// A session over SSH, and what is known of how it was opened.
pub(super) struct OpenedSsh {
    pub(super) session: Session,
    pub(super) host_key: ProvenHostKey,
    pub(super) warnings: Vec<Text>,
}

/// Refuses a way over SSH in a build without it: before a secret is resolved for it.
///
/// # Errors
/// In such a build.
pub(super) fn in_this_build(connection: &Connection) -> Result<(), ConnectError> {
    let needs_ssh = match connection {
        Connection::Ssh(_) => true,
        Connection::Mock(mock) => !mock.serial,
        _ => false,
    };
    if needs_ssh && !ssh::BUILT_IN {
        return Err(TransportError::from(SshError::NotInThisBuild).into());
    }
    Ok(())
}

/// Opens a session with the router, which answers at `host`, as `user`.
pub(super) fn open(
    way: &Way,
    declared: &Ssh,
    host: &str,
    user: &str,
    credentials: Credentials,
) -> Result<OpenedSsh, ConnectError> {
    let login = Login { user: Some(user.to_owned()), password: credentials.password.clone() };
    let router = Endpoint {
        host: host.to_owned(),
        port: declared.port,
        user: user.to_owned(),
        credentials,
        // Of a replaced box the inventory may still pin the old one's key.
        fingerprint: declared.host_key.clone().filter(|_| way.options.new_keys.is_none()),
        legacy: declared.legacy_algorithms,
    };
    let jump = declared.jump.iter().map(|hop| jump_host(way, hop)).collect::<Result<_, _>>()?;
    let keepalive = declared.keepalive.unwrap_or(KEEPALIVE);
    let target = SshTarget { router, jump, connect: way.connect_within(), keepalive };
    let host_keys = RouterFirst::of(&way.options, declared, host);
    let link = ssh::open_through(&target, &host_keys, &way.options.jump_hosts)?;
    let mut warnings = Vec::new();
    let old = link.negotiated().legacy_names().join(", ");
    if declared.legacy_algorithms && !old.is_empty() {
        warnings.push(Text::new(
            format!("old SSH algorithms are in use, as the inventory allows: {old}"),
            format!("インベントリの許可により古い SSH アルゴリズムを使用しています: {old}"),
        ));
    }
    let learned = host_keys.learned(&link.host_key().key);
    let host_key = proven(link.host_key(), learned);
    if host_key.proof == HostKeyProof::Replaced {
        warnings.push(Text::new(
            "the host key of the new box takes the old one's place once the change is agreed to; where the inventory pins the old one (`host_key:`), correct it",
            "変更が承認されると、新しい機器のホスト鍵を以前の鍵の代わりに記録します。インベントリに host_key の指定がある場合は修正してください",
        ));
    }
    if host_key.proof == HostKeyProof::FirstUse {
        warnings
            .push(Text::new("the host key was seen for the first time and recorded", "未登録のホスト鍵を記録しました"));
    }
    let key = link.host_key().key.clone();
    let session = way.converse(link, login, Baud::default())?.with_host_key(key);
    Ok(OpenedSsh { session, host_key, warnings })
}

/// As it is recorded. A key that is pinned or new needs no word on how it came among the known ones.
fn proven(TrustedKey { key, trust }: &TrustedKey, learned: Option<LearnedKey>) -> ProvenHostKey {
    let proof = match trust {
        Trust::Pinned => HostKeyProof::Pinned,
        Trust::Known => HostKeyProof::KnownHosts,
        Trust::Recorded => HostKeyProof::FirstUse,
        Trust::Enrolled => HostKeyProof::Enrolled,
        Trust::Replaced => HostKeyProof::Replaced,
    };
    let learned = learned.filter(|_| *trust == Trust::Known);
    let first_use = learned.map(|LearnedKey { at, by }| FirstUseRecord { at, by });
    ProvenHostKey { algorithm: key.algorithm(), fingerprint: key.fingerprint(), proof, first_use }
}

/// What proves the user, its secrets resolved; the password is the value of this credential.
pub(super) fn credentials(
    way: &Way,
    proof: &Proof,
    password: Option<&CredentialName>,
) -> Result<Credentials, SecretError> {
    let key = match &proof.key {
        Some(key) => Some(KeyFile {
            path: key.path.clone(),
            passphrase: way.secret(key.passphrase.as_ref().map(|name| &name.value))?,
        }),
        None => None,
    };
    let password = way.secret(password)?;
    Ok(Credentials { key, agent: proof.agent.unwrap_or(false), password })
}

fn jump_host(way: &Way, hop: &Hop) -> Result<Endpoint, SecretError> {
    Ok(Endpoint {
        host: hop.host.clone(),
        port: hop.port,
        user: hop.user.clone(),
        credentials: credentials(way, &hop.proof, hop.proof.password.as_ref().map(|name| &name.value))?,
        fingerprint: hop.host_key.clone(),
        legacy: false,
    })
}

/// Known hosts for one router: its key is listed under the name from the inventory, whichever of its addresses is dialled, and
/// only it may have been replaced. The hosts on the way to it must have their known keys.
struct RouterFirst {
    dialled: String,
    port: u16,
    known_as: String,
    own: KnownHosts,
    others: KnownHosts,
}

impl RouterFirst {
    fn of(options: &ConnectOptions, router: &Ssh, dialled: &str) -> Self {
        let file = &options.known_hosts;
        let (own, others) = match &options.new_keys {
            Some(new_keys) => (KnownHosts::of_new_box(file, new_keys.clone()), FirstUse::Refuse),
            None => (KnownHosts::new(file, options.first_use), options.first_use),
        };
        let learned = LearnedKey { at: rfc3339(SystemTime::now()), by: options.learned_by.clone() };
        Self {
            dialled: dialled.to_owned(),
            port: router.port,
            known_as: router.host.value.clone(),
            own: own.noting(learned.clone()),
            others: KnownHosts::new(file, others).noting(learned),
        }
    }

    /// When the router's key was accepted at first use, if it was; a file that cannot be read any more says nothing of it.
    fn learned(&self, key: &HostKey) -> Option<LearnedKey> {
        self.own.learned(&self.known_as, self.port, key).unwrap_or_default()
    }

    /// What is known of a host, and the name it is known by.
    fn of_host<'a>(&'a self, host: &'a str, port: u16) -> (&'a KnownHosts, &'a str) {
        if host == self.dialled && port == self.port {
            return (&self.own, &self.known_as);
        }
        (&self.others, host)
    }
}

impl HostKeys for RouterFirst {
    fn check(&self, host: &str, port: u16, key: &HostKey) -> Result<Trust, SshError> {
        let (known, name) = self.of_host(host, port);
        known.check(name, port, key)
    }

    fn known_types(&self, host: &str, port: u16) -> Result<Vec<String>, SshError> {
        let (known, name) = self.of_host(host, port);
        known.known_types(name, port)
    }

    fn refuse_revoked(&self, host: &str, port: u16, key: &HostKey) -> Result<(), SshError> {
        let (known, name) = self.of_host(host, port);
        known.refuse_revoked(name, port, key)
    }
}
