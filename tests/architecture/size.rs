//! Files small enough to hold in the head; a longer one says here why it is one.

use crate::{root, sources};

/// Lines that a file may have.
const MOST: usize = 400;

/// The longer ones, each with its reason. One that became shorter is taken out of this list.
const LONGER: &[(&str, &str)] = &[
    ("src/dialect/grammar/mod.rs", "the table's one type with every question that is asked of it"),
    ("src/ix/backup.rs", "every form in which other tools keep a backup is told apart by one look at its first lines"),
    ("src/ix/lint/mod.rs", "one function a finding, each a few lines, and the list of all of them"),
    ("src/ix/walk.rs", "one walk serves indented, flat and rehearsed text, with its three readings side by side"),
    ("src/plan/rehearsal.rs", "the pure model of the router: what each line does to it, and back"),
    ("src/playbook/diagnostics_tests.rs", "a table of wrong inputs with what is said of each"),
    (
        "src/playbook/rendered.rs",
        "from a playbook and an inventory to each router's text, in the order in which that happens",
    ),
    ("src/playbook/seed_tests.rs", "the vendor's published configurations held against the shipped roles"),
    ("src/record/kind.rs", "everything that can happen, one enum with what is recorded of each kind"),
    ("src/session/error.rs", "each way in which a conversation stops, with its texts and hints in both languages"),
    ("mock-device/src/device/apply.rs", "what each line does to the mock router, one arm a kind of line"),
    ("mock-device/src/device/tests.rs", "a table of lines and what the mock router makes of them"),
    ("mock-device/src/router/mod.rs", "one mock router with its knobs, each a few lines"),
    ("mock-device/src/session/tests.rs", "screens of the mock held against the attested ones"),
    ("tests/e2e/journal.rs", "a run, its record and every command that reads it, as one story"),
    ("tests/language/corpus.rs", "a walk over every configuration that is at hand, with what must hold for each"),
    ("tests/language/walk.rs", "a table of texts and the tree that each of them is"),
    ("tests/session/mock_routers.rs", "the conversation over each transport, one test a matter"),
];

#[test]
fn a_file_over_400_lines_has_a_reason() {
    let mut long = Vec::new();
    for folder in ["src", "explain-derive", "mock-device", "tests", "benches"] {
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
