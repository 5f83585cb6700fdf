//! No file needs itself through others: in the upper rooms never, below them only where a reason is written here.

use crate::imports::{Modules, circles};
use crate::{code, is_test_file, sources, src};

/// Where no circle of files may be.
const UPPER_ROOMS: [&str; 4] = ["cli", "fleet", "run", "transaction"];

/// The circles elsewhere, each with its reason. One that is gone is taken out of this list.
const ALLOWED: &[(&[&str], &str)] = &[
    (
        &["dialect/grammar/operational.rs", "dialect/grammar/pattern.rs", "dialect/grammar/row.rs"],
        "the words of a command may be cut short in both tables, and each is read where its table is",
    ),
    (
        &["inventory/connection/mock.rs", "inventory/connection/mod.rs"],
        "a kind of connection is a part of the enum of all kinds and is read with its helpers",
    ),
    (
        &["journal/append.rs", "journal/projection.rs"],
        "the projection follows every append, in the same transaction of the database, by what was appended",
    ),
    (&["journal/store.rs", "journal/walk.rs"], "the walk over the chain is the store's, and needs its digest"),
    (
        &[
            "plan/addresses.rs",
            "plan/blocks.rs",
            "plan/build.rs",
            "plan/carried.rs",
            "plan/mentions.rs",
            "plan/monitors.rs",
            "plan/names.rs",
            "plan/paths.rs",
            "plan/replace.rs",
        ],
        "one recursive walk over the two trees: a block is built of lines, and a line may open a block",
    ),
    (
        &["plan/command.rs", "plan/guess.rs", "plan/writer.rs"],
        "a plan writes its undo the way it was written itself, and knows the guesses that its commands rest on",
    ),
    (
        &["playbook/bounds.rs", "playbook/guards.rs"],
        "guards are put where the bounds' walk over a template says, and report in its words",
    ),
    (
        &["playbook/linted.rs", "playbook/rendered.rs"],
        "what was rendered for a router is linted as a part of rendering it",
    ),
    (
        &["session/bounds.rs", "session/settings.rs"],
        "settings name a wait for each exchange, and the bounds are computed from settings",
    ),
    (
        &[
            "session/channel.rs",
            "session/exchange.rs",
            "session/find.rs",
            "session/mod.rs",
            "session/program.rs",
            "session/window.rs",
        ],
        "methods of one conversation by what they do with it: they call each other as its state demands",
    ),
    (
        &["transport/serial/error.rs", "transport/serial/mod.rs"],
        "an error asks the platform's own file which remedy it has",
    ),
    (
        &[
            "transport/ssh/libssh2/authenticate.rs",
            "transport/ssh/libssh2/carrier.rs",
            "transport/ssh/libssh2/connect.rs",
            "transport/ssh/libssh2/jump.rs",
            "transport/ssh/libssh2/mod.rs",
            "transport/ssh/libssh2/pump.rs",
            "transport/ssh/libssh2/tunnel.rs",
            "transport/ssh/libssh2/wire.rs",
        ],
        "a connection to a router is carried by one to a jump host, which is such a connection itself",
    ),
    (
        &["transport/ssh/host_keys.rs", "transport/ssh/known.rs", "transport/ssh/new_keys.rs"],
        "a record in the file of known hosts is a host key, and is judged as one; that of a new box is judged beside them, and takes a place there",
    ),
];

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
