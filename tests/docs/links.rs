//! Every relative link of every document leads to a file.

use std::path::Path;

use regex::Regex;

use crate::path;

#[test]
fn every_relative_link_leads_to_a_file() {
    let link = Regex::new(r"\]\(([^)#\s]+)(?:#[^)]*)?\)").unwrap();
    let mut broken = Vec::new();
    let mut seen = 0;
    for file in documents(&path(".")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for found in link.captures_iter(&text).filter(|found| !found[1].contains("://")) {
            seen += 1;
            if !file.parent().unwrap().join(&found[1]).exists() {
                broken.push(format!("{}: {}", file.display(), &found[1]));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(seen > 20, "the form of a link has changed");
}

/// The documents of the repository, build products left out.
fn documents(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if file.is_dir() && name != "target" && !name.starts_with('.') {
            found.extend(documents(&file));
        } else if name.ends_with(".md") {
            found.push(file);
        }
    }
    found
}
