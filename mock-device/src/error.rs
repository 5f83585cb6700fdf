//! What can go wrong with the mock itself, as opposed to its routers.

use std::path::PathBuf;

/// An error of the mock.
#[derive(Debug, thiserror::Error)]
pub enum MockError {
    /// The scenario is not of the documented form.
    #[error("the scenario cannot be read: {0}")]
    Scenario(String),
    /// A start configuration holds a line the router refuses.
    #[error("router {router}: line {line} of its start configuration is refused: {text}")]
    StartConfig {
        /// The router's id.
        router: String,
        /// The line's number.
        line: usize,
        /// The diagnostic.
        text: String,
    },
    /// A regular expression of a fault is invalid.
    #[error("router {router}: {error}")]
    Pattern {
        /// The router's id.
        router: String,
        /// What is wrong with it.
        error: regex::Error,
    },
    /// Two routers have one id, or an id cannot be a folder's name.
    #[error("router {0}: the id is taken, empty or no plain name")]
    Id(String),
    /// A file cannot be written or read.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A transport cannot be opened.
    #[error("router {router}: its {transport} cannot be opened: {error}")]
    Transport {
        /// The router's id.
        router: String,
        /// Which transport.
        transport: &'static str,
        /// Why.
        error: std::io::Error,
    },
    /// A host key that is compiled in cannot be read.
    #[error("the built-in host key cannot be read: {0}")]
    HostKey(String),
    /// No router of this id.
    #[error("no router is called {0}")]
    NoRouter(String),
}
