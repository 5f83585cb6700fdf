//! The host keys that routers have shown on their consoles, by their fingerprints: what the first contact over SSH is held to.
//!
//! They are in a file beside that of the known hosts, one line each: the host as there, the fingerprint, when it was read, the run that read
//! it, and the serial number of the box. Only what this program wrote there is read; a line about the host that cannot be is an error.

use std::path::{Path, PathBuf};

use super::SshError;
use super::host_name::{entry, is_host_name};
use super::shared_file::SharedFile;
use crate::inventory::Fingerprint;

/// A fingerprint that a router has shown on its console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolledKey {
    /// The fingerprint.
    pub fingerprint: Fingerprint,
    /// When it was read, RFC 3339 in UTC.
    pub at: String,
    /// The run that read it.
    pub run: String,
    /// The serial number of the box, where it has one.
    pub serial_number: Option<String>,
}

/// What stands where a box has no serial number.
const NONE: &str = "-";

impl EnrolledKey {
    fn line(&self, host: &str, port: u16) -> String {
        let number = self.serial_number.as_deref().filter(|number| !number.is_empty()).unwrap_or(NONE);
        let words = [&*self.at, &*self.run, number].map(one_word).join(" ");
        format!("{} {} {words}\n", entry(host, port), self.fingerprint)
    }

    /// What a line says after the name of the host.
    fn read(words: &[&str]) -> Option<Self> {
        let [fingerprint, at, run, number] = words else { return None };
        at.parse::<jiff::Timestamp>().ok()?;
        Some(Self {
            fingerprint: Fingerprint::read(fingerprint).ok()?,
            at: (*at).to_owned(),
            run: (*run).to_owned(),
            serial_number: Some((*number).to_owned()).filter(|number| number != NONE),
        })
    }
}

/// Whatever could end the line or begin another word is none of it.
fn one_word(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c.is_whitespace() { '_' } else { c }).collect()
}

/// The file of enrolled host keys.
#[derive(Debug, Clone)]
pub struct EnrolledKeys(SharedFile);

impl EnrolledKeys {
    /// The file beside that of the known hosts.
    pub fn beside(known_hosts: &Path) -> Self {
        let mut name = known_hosts.as_os_str().to_owned();
        name.push(".enrolled");
        Self(SharedFile::new(PathBuf::from(name)))
    }

    /// Where it is, for people.
    pub(super) fn place(&self) -> String {
        self.0.place()
    }

    /// The fingerprint that was enrolled for a host.
    ///
    /// # Errors
    /// [`SshError::HostKeyFile`], also for a line about this host that cannot be read.
    pub fn of(&self, host: &str, port: u16) -> Result<Option<EnrolledKey>, SshError> {
        let bytes = self.0.read().map_err(|error| self.0.failed(error))?;
        let (text, name) = (String::from_utf8_lossy(&bytes), entry(host, port));
        let Some(line) = text.lines().rev().find(|line| is_about(line, &name)) else { return Ok(None) };
        let words: Vec<&str> = line.split(' ').skip(1).collect();
        EnrolledKey::read(&words)
            .map(Some)
            .ok_or_else(|| self.0.failed(format!("what it says of {name} cannot be read")))
    }

    /// Enrols a fingerprint for a host, in the place of what was enrolled before.
    ///
    /// # Errors
    /// [`SshError::HostKeyFile`].
    pub fn enrol(&self, host: &str, port: u16, key: &EnrolledKey) -> Result<(), SshError> {
        if !is_host_name(host) {
            return Err(self.0.failed("it has no entry for such a name"));
        }
        self.exchange(host, port, &key.line(host, port))
    }

    /// Takes what was enrolled for a host back: another box is in its place.
    ///
    /// # Errors
    /// [`SshError::HostKeyFile`].
    pub fn forget(&self, host: &str, port: u16) -> Result<(), SshError> {
        let bytes = self.0.read().map_err(|error| self.0.failed(error))?;
        let name = entry(host, port);
        if !String::from_utf8_lossy(&bytes).lines().any(|line| is_about(line, &name)) {
            return Ok(());
        }
        self.exchange(host, port, "")
    }

    /// The same, unless it is the right one; what was taken back. What cannot be read is no right one.
    ///
    /// # Errors
    /// [`SshError::HostKeyFile`].
    pub fn forget_but(
        &self,
        host: &str,
        port: u16,
        is_right: impl Fn(&Fingerprint) -> bool,
    ) -> Result<Option<EnrolledKey>, SshError> {
        let enrolled = self.of(host, port).unwrap_or_default();
        if enrolled.as_ref().is_some_and(|enrolled| is_right(&enrolled.fingerprint)) {
            return Ok(None);
        }
        self.forget(host, port)?;
        Ok(enrolled)
    }

    fn exchange(&self, host: &str, port: u16, line: &str) -> Result<(), SshError> {
        let name = entry(host, port);
        let change = |text: &str| {
            let kept = text.lines().filter(|line| !is_about(line, &name)).map(|line| format!("{line}\n"));
            Ok(kept.collect::<String>() + line)
        };
        self.0.exchange(change).map_err(|error| self.0.failed(error))
    }
}

fn is_about(line: &str, name: &str) -> bool {
    line.split(' ').next().is_some_and(|first| first.eq_ignore_ascii_case(name))
}

#[cfg(test)]
#[path = "enrolled_tests.rs"]
mod tests;
