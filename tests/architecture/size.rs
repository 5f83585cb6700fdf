//! Files small enough to hold in the head; a longer one says here why it is one.

use crate::{root, sources};

/// Lines that a file may have.
const MOST: usize = 400;

/// The longer ones, each with its reason. One that became shorter is taken out of this list.
const LONGER: &[(&str, &str)] = &[];

#[test]
fn a_file_over_400_lines_has_a_reason() {
    let mut long = Vec::new();
    for folder in ["src", "mock-device", "tests", "benches"] {
        for path in sources(&root().join(folder)) {
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            let name = path.strip_prefix(root()).unwrap().display().to_string().replace('\\', "/");
            if lines > MOST {
                long.push((name, lines));
            }
        }
    }
    let without: Vec<_> = long.iter().filter(|(name, _)| !LONGER.iter().any(|(known, _)| known == name)).collect();
    assert!(without.is_empty(), "over {MOST} lines and no reason: {without:#?}");
    let short: Vec<_> = LONGER.iter().filter(|(known, _)| !long.iter().any(|(name, _)| name == known)).collect();
    assert!(short.is_empty(), "short enough now, so no reason is needed: {short:#?}");
    assert!(LONGER.iter().all(|(_, reason)| reason.len() > 20), "a reason is a sentence");
}
