//! The documents are checked against the program: commands are run, fields and codes are compared, links are
//! followed.
//!
//! A document that has fallen behind fails here, with what is missing. The tables of codes alone are generated (`codes`).
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed test is the point")]

mod codes;
mod demo;
mod displays;
mod extending;
mod failure_classes;
mod field;
mod json;
mod links;
mod pipelines;
mod platforms;
mod readme;
mod reliability;
mod rollout;
mod schema;
mod states;
mod waits;
mod words;

use test_support::harness;

use std::path::{Path, PathBuf};

/// A file of the repository.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Its text.
pub fn text(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The code blocks of a document in one language, each as its lines.
pub fn blocks(document: &str, language: &str) -> Vec<Vec<String>> {
    let mut blocks = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let block: Vec<String> = lines.by_ref().take_while(|line| *line != "```").map(str::to_owned).collect();
        if info == language {
            blocks.push(block);
        }
    }
    blocks
}
