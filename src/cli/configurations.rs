//! The configurations that `lint` is given: each file by its name.

use std::path::PathBuf;

use super::error::Failure;
use super::input::read_configuration;

/// A configuration and where it comes from.
pub struct Configuration {
    /// The file, as a person finds it.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Reads every configuration that is named; `-` is standard input.
///
/// # Errors
/// The first that cannot be read, or is none.
pub fn configurations(paths: &[PathBuf]) -> Result<Vec<Configuration>, Failure> {
    let read =
        |path: &PathBuf| Ok(Configuration { name: path.display().to_string(), bytes: read_configuration(path)? });
    paths.iter().map(read).collect()
}
