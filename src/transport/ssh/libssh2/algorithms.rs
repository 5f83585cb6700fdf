//! Which SSH algorithms are asked for, and which the C library was compiled with.
//!
//! The default lists hold what is current plus what a recorded router offers: an IX2106 with firmware 10.9 has an `ssh-rsa`
//! host key only, group exchange with SHA-256, AES in counter mode and HMAC-SHA2 (fact sheet 9). Older names are asked for
//! only where the inventory allows them.

use ssh2::{MethodType, Session};

use crate::transport::ssh::{SshError, Supported};

/// One kind of algorithm with the names asked for.
struct Group {
    label: &'static str,
    methods: &'static [MethodType],
    usual: &'static str,
    legacy: &'static str,
}

const GROUPS: [Group; 4] = [
    Group {
        label: "kex",
        methods: &[MethodType::Kex],
        usual: "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,\
                diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,\
                diffie-hellman-group14-sha256",
        legacy: "diffie-hellman-group-exchange-sha1,diffie-hellman-group14-sha1,diffie-hellman-group1-sha1",
    },
    Group {
        label: "host key",
        methods: &[MethodType::HostKey],
        usual: "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-256,ssh-rsa",
        legacy: "ssh-dss",
    },
    Group {
        label: "cipher",
        methods: &[MethodType::CryptCs, MethodType::CryptSc],
        usual: "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr",
        legacy: "aes256-cbc,aes192-cbc,aes128-cbc,3des-cbc",
    },
    Group {
        label: "mac",
        methods: &[MethodType::MacCs, MethodType::MacSc],
        usual: "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512",
        legacy: "hmac-sha1-etm@openssh.com,hmac-sha1",
    },
];

/// Which types of host keys are asked for: a router with several keys shows the first one that both sides have.
#[derive(Debug, Default)]
pub(super) struct KeyTypes {
    /// Asked for first: the types that are known of this host.
    pub(super) first: Vec<String>,
    /// Not asked for.
    pub(super) without: Vec<String>,
}

impl KeyTypes {
    fn sort(&self, names: &str) -> String {
        let listed = |list: &[String], name: &str| list.iter().any(|known| known == key_type(name));
        let wanted = names.split(',').filter(|name| !listed(&self.without, name));
        let (mut first, others): (Vec<_>, Vec<_>) = wanted.partition(|name| listed(&self.first, name));
        first.extend(others);
        first.join(",")
    }
}

/// The type of the key that an algorithm signs with.
fn key_type(algorithm: &str) -> &str {
    if algorithm.starts_with("rsa-sha2-") { "ssh-rsa" } else { algorithm }
}

/// Sets what is asked for, before the handshake.
pub(super) fn ask_for(session: &Session, legacy: bool, keys: &KeyTypes) -> Result<(), SshError> {
    for group in &GROUPS {
        let names = if legacy { format!("{},{}", group.usual, group.legacy) } else { group.usual.to_owned() };
        for method in group.methods {
            let names = if matches!(method, MethodType::HostKey) { keys.sort(&names) } else { names.clone() };
            session.method_pref(*method, &names).map_err(|error| SshError::Library { reason: error.to_string() })?;
        }
    }
    Ok(())
}

/// The names that were agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Negotiated {
    /// Key exchange.
    pub kex: String,
    /// Host key.
    pub host_key: String,
    /// Cipher, client to server.
    pub cipher: String,
    /// Message authentication, client to server; empty with a cipher that brings its own.
    pub mac: String,
}

impl Negotiated {
    pub(super) fn of(session: &Session) -> Self {
        let name = |method| session.methods(method).unwrap_or_default().to_owned();
        Self {
            kex: name(MethodType::Kex),
            host_key: name(MethodType::HostKey),
            cipher: name(MethodType::CryptCs),
            mac: name(MethodType::MacCs),
        }
    }

    /// The agreed names that only a router allowed `legacy` may have.
    pub fn legacy_names(&self) -> Vec<&str> {
        let pairs = [&self.kex, &self.host_key, &self.cipher, &self.mac].into_iter().zip(&GROUPS);
        pairs
            .filter(|(name, group)| group.legacy.split(',').any(|old| old == **name))
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

/// The compiled-in lists: they shrink when the project is built without its checked-in defines.
///
/// # Errors
/// [`SshError::Library`] when the library does not tell.
pub fn supported_algorithms() -> Result<Vec<Supported>, SshError> {
    let library = |error: ssh2::Error| SshError::Library { reason: error.to_string() };
    let session = Session::new().map_err(library)?;
    let list = |group: &Group| {
        let Some(method) = group.methods.first() else { return Ok(Vec::new()) };
        session.supported_algs(*method).map_err(library)
    };
    GROUPS
        .iter()
        .map(|group| Ok(Supported { kind: group.label, names: list(group)?.into_iter().map(str::to_owned).collect() }))
        .collect()
}

/// Names a router may need that this build lacks; empty when the build is complete.
///
/// # Errors
/// [`SshError::Library`] when the library does not tell.
pub fn missing_algorithms() -> Result<Vec<&'static str>, SshError> {
    const NEEDED: [&str; 10] = [
        "ssh-rsa",
        "diffie-hellman-group-exchange-sha256",
        "diffie-hellman-group14-sha1",
        "diffie-hellman-group1-sha1",
        "aes128-ctr",
        "aes256-ctr",
        "aes128-cbc",
        "3des-cbc",
        "hmac-sha2-256",
        "hmac-sha1",
    ];
    let supported = supported_algorithms()?;
    let has = |needed: &str| supported.iter().any(|group| group.names.iter().any(|name| name == needed));
    Ok(NEEDED.into_iter().filter(|needed| !has(needed)).collect())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{KeyTypes, Negotiated, missing_algorithms, supported_algorithms};

    /// Guards the defines in the checked-in cargo configuration: without them no recorded router can be reached.
    #[test]
    fn everything_a_router_may_need_is_compiled_in() {
        assert_eq!(missing_algorithms().unwrap(), Vec::<&str>::new(), "{:?}", supported_algorithms().unwrap());
    }

    #[test]
    fn known_key_types_are_asked_for_first_and_others_still() {
        let keys = KeyTypes { first: vec!["ssh-rsa".into()], without: vec!["ecdsa-sha2-nistp256".into()] };
        assert_eq!(
            keys.sort("ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,ssh-rsa,ssh-dss"),
            "rsa-sha2-512,ssh-rsa,ssh-ed25519,ssh-dss"
        );
    }

    #[test]
    fn old_names_are_told() {
        let negotiated = Negotiated {
            kex: "diffie-hellman-group14-sha1".into(),
            host_key: "ssh-rsa".into(),
            cipher: "aes128-ctr".into(),
            mac: "hmac-sha1".into(),
        };
        assert_eq!(negotiated.legacy_names(), ["diffie-hellman-group14-sha1", "hmac-sha1"]);
    }
}
