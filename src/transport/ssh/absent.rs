//! In the place of the SSH library where the program is built without the feature `ssh`: nothing connects, and each way says why.

use std::io;
use std::time::Instant;

use super::{HostKeys, SshError, SshTarget, Supported, TrustedKey};
use crate::transport::{LinkKind, Received, Terminal, Transport, TransportError};

/// Whether this build has SSH.
pub const BUILT_IN: bool = false;

/// An open shell: there is none.
#[derive(Debug)]
pub enum SshLink {}

/// The algorithms of an open shell: there are none.
#[derive(Debug)]
pub enum Negotiated {}

impl Negotiated {
    /// The agreed names that only a router allowed `legacy` may have.
    pub fn legacy_names(&self) -> Vec<&str> {
        match *self {}
    }
}

/// Opens nothing.
///
/// # Errors
/// [`SshError::NotInThisBuild`].
pub fn open(_: &SshTarget, _: &dyn HostKeys) -> Result<SshLink, TransportError> {
    Err(SshError::NotInThisBuild.into())
}

/// Opens nothing.
///
/// # Errors
/// [`SshError::NotInThisBuild`].
pub fn open_through(_: &SshTarget, _: &dyn HostKeys, _: &JumpHosts) -> Result<SshLink, TransportError> {
    Err(SshError::NotInThisBuild.into())
}

impl SshLink {
    /// The algorithms that were agreed on.
    pub fn negotiated(&self) -> &Negotiated {
        match *self {}
    }

    /// The host key, and why it was trusted.
    pub fn host_key(&self) -> &TrustedKey {
        match *self {}
    }
}

impl Transport for SshLink {
    fn read(&mut self, _: &mut [u8], _: Instant) -> Result<Received, TransportError> {
        match *self {}
    }

    fn write(&mut self, _: &[u8], _: Instant) -> Result<(), TransportError> {
        match *self {}
    }

    fn kind(&self) -> LinkKind {
        match *self {}
    }

    fn peer(&self) -> String {
        match *self {}
    }

    fn terminal(&self) -> Option<Terminal> {
        match *self {}
    }

    fn close(&mut self) {
        match *self {}
    }
}

/// The open connections to jump hosts: none.
#[derive(Debug, Default)]
pub struct JumpHosts;

impl JumpHosts {
    /// No connection.
    pub fn new() -> Self {
        Self
    }
}

/// No algorithm is compiled in.
///
/// # Errors
/// [`SshError::NotInThisBuild`].
pub fn supported_algorithms() -> Result<Vec<Supported>, SshError> {
    Err(SshError::NotInThisBuild)
}

/// All that a router may need is missing.
///
/// # Errors
/// [`SshError::NotInThisBuild`].
pub fn missing_algorithms() -> Result<Vec<&'static str>, SshError> {
    Err(SshError::NotInThisBuild)
}

/// Hashed names of a known hosts file, which the library alone can read.
#[derive(Debug, Default)]
pub struct HashedNames(());

impl HashedNames {
    /// It cannot be told.
    ///
    /// # Errors
    /// Always: saying no would leave a host's old key in the file.
    pub fn is_named(&mut self, _: &str, _: &str) -> io::Result<bool> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "it has hashed names, and this build has no SSH to read them"))
    }
}
