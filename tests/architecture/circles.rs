//! No file needs itself through others: in the upper rooms never, below them only where a reason is written here.

use crate::imports::{Modules, circles};
use crate::{code, is_test_file, sources, src};

/// Where no circle of files may be.
const UPPER_ROOMS: [&str; 4] = ["cli", "fleet", "run", "transaction"];

/// The circles elsewhere, each with its reason. One that is gone is taken out of this list.
const ALLOWED: &[(&[&str], &str)] = &[];

#[test]
fn no_circle_of_files_but_those_with_a_reason() {
    let files = sources(&src()).into_iter().map(|path| {
        let (name, lines) = code(&path);
        (name, lines.into_iter().map(|(_, line)| line + "\n").collect::<String>())
    });
    let modules = Modules::read(files.filter(|(name, _)| !is_test_file(name)));
    let needs = modules.needs();
    let found = circles(&needs);
    let mut wrong = Vec::new();
    for circle in &found {
        let upper = circle.iter().any(|file| UPPER_ROOMS.iter().any(|room| file.split('/').next() == Some(room)));
        let allowed = ALLOWED.iter().any(|(files, _)| circle.iter().eq(files.iter()));
        if upper || !allowed {
            wrong.push(format!("{circle:?}"));
        }
    }
    assert!(wrong.is_empty(), "files that need each other:\n{}", wrong.join("\n"));
    let gone = ALLOWED.iter().filter(|(files, _)| !found.iter().any(|circle| circle.iter().eq(files.iter())));
    let gone: Vec<_> = gone.map(|(files, _)| files).collect();
    assert!(gone.is_empty(), "no circle any more, so no reason is needed: {gone:?}");
    assert!(ALLOWED.iter().all(|(_, reason)| reason.len() > 20), "a reason is a sentence");
}
