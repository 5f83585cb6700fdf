//! A kit: what a visit needs, in one file that a passphrase opens; and what the visit brings back, sealed for the office alone.
//!
//! Bytes in, bytes out: nothing here knows a file, an inventory or a router. What is read is hostile until it was authenticated, and its
//! bounds are judged before anything is allocated for it. Secrets are wiped from memory when dropped, and so is every copy that opening or
//! sealing a file needs in between.

mod chunks;
mod content;
mod flaw;
mod office;
mod passphrase;
mod unquoted;

pub use content::{About, Kit, KitEnrolledKey, KitHostKey, KitSite, LastState};
pub use flaw::Flaw;
pub use office::{OfficeKey, PublicKey};
pub use passphrase::Cost;

/// The largest kit, and the largest visit, in bytes.
pub const LARGEST: u64 = 256 * 1024 * 1024;

/// Whether these bytes begin as a sealed visit does, of whichever version.
pub fn is_visit(bytes: &[u8]) -> bool {
    bytes.starts_with(office::FAMILY)
}

/// Whether a text is the beginning of every version of a form: then this is one that we do not know.
fn newer(bytes: &[u8], family: &[u8]) -> Flaw {
    let Some(rest) = bytes.strip_prefix(family) else { return Flaw::Foreign };
    let version: String =
        rest.iter().take(8).take_while(|byte| byte.is_ascii_digit()).map(|byte| *byte as char).collect();
    match version.is_empty() {
        true => Flaw::Foreign,
        false => Flaw::Newer { schema: format!("{}{version}", String::from_utf8_lossy(family)) },
    }
}

#[cfg(test)]
mod tests;
