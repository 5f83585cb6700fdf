//! What `docs/language.md` tells a reader to do is done here, word for word.

use std::path::Path;

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::model;
use ixdeploy::ix::Config;
use ixdeploy::plan::rehearsal::Router;
use ixdeploy::plan::{self, Lifeline};

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The fenced blocks of a document, by the word after the fence.
fn blocks(text: &str, word: &str) -> Vec<String> {
    let fence = format!("```{word}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// The row of the walk-through, appended to the table as the reader appends it, makes the command known; the case file of the
/// walk-through is one that `cargo test --test plan_cases` runs.
#[test]
fn a_command_is_added_by_a_row_and_a_case() {
    let document = read("docs/language.md");
    let row = &blocks(&document, "ixg")[0];
    let case = &blocks(&document, "yaml")[0];
    assert_eq!(&read("tests/cases/new-command.yaml"), case, "the case in the document is the one that is run");
    let line = "teleport gate a speed 5";
    let words: Vec<&str> = line.split(' ').collect();
    assert!(Dialect::ix().grammar().look_up("global", &words).is_none(), "it is not known before");
    let dialect = Dialect::ix().with_rows(&format!("[global]\n{row}"));
    let grammar = dialect.grammar();
    assert_eq!(grammar.problems(), &[] as &[String]);
    assert!(grammar.look_up("global", &words).is_some(), "it is known after");
    let before = Config::parse(&dialect, format!("{line}\n"));
    let after = Config::parse(&dialect, "teleport gate a speed 7\n");
    let plan = plan::between(&before, &after, &Lifeline::Console, 255).unwrap();
    assert_eq!(plan.commands_text(true), "teleport gate a speed 7\n");
    let mut router = Router::new(&before);
    for command in plan.commands.iter().chain(&plan.undo(1)) {
        router.enter(command).unwrap();
    }
    assert!(plan::same(router.config(), &before));
}

/// The table of models in the document is the one in the program.
#[test]
fn every_model_is_named() {
    let document = read("docs/language.md");
    for model in model::all() {
        assert!(document.contains(model.name), "{}", model.name);
    }
}
