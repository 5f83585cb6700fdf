//! Mutations of real configurations: the displays where they are available, and the vendor's configurations from our own
//! cases.
//!
//! The displays are looked for in `IX_SAMPLES`, or beside the repository; where they are not, the tests say so.

use std::path::{Path, PathBuf};

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::model;
use ixdeploy::ix::Config;
use ixdeploy::ix::lint::{Level, lint};
use ixdeploy::ix::mask::mask_text;
use ixdeploy::plan::{self, Lifeline};
use serde::Deserialize;

use crate::dice::{Dice, rounds};
use crate::flow::holds;
use crate::mock::OnMock;

/// The displays, by name; none where they are not available, which is said.
pub fn displays() -> Vec<(String, String)> {
    let folder = std::env::var_os("IX_SAMPLES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/ix/samples"), PathBuf::from);
    let Ok(files) = std::fs::read_dir(&folder) else {
        eprintln!("NOT RUN over real displays: none at {} (set IX_SAMPLES)", folder.display());
        return Vec::new();
    };
    let mut read: Vec<(String, String)> = files
        .filter_map(|file| Some(file.ok()?.path()))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path))
        .filter(|(name, _)| name.contains("config-ix"))
        .map(|(name, path)| (name, std::fs::read_to_string(path).unwrap()))
        .collect();
    read.sort();
    assert!(!read.is_empty());
    read
}

/// The configuration a case leads to.
pub fn case_after(name: &str) -> String {
    let [_, after] = case(name);
    after
}

/// The two configurations of a case.
pub fn case(name: &str) -> [String; 2] {
    #[derive(Deserialize)]
    struct Case {
        before: String,
        after: String,
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cases/{name}.yaml"));
    let case: Case = serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    [case.before, case.after]
}

/// Every configuration to mutate, in canonical form.
fn corpus() -> Vec<(String, String)> {
    let factory = model::find("IX2215").unwrap().factory().unwrap();
    let seeds = ["seed-router1", "seed-router2", "seed-router3"]
        .map(|name| (name.to_owned(), factory.to_owned() + &case_after(name)));
    let own = crate::corpus::of_an_ix2215().into_iter().map(|(name, text)| (name, format!("{factory}{text}")));
    seeds
        .into_iter()
        .chain(displays())
        .chain(own)
        .map(|(name, text)| (name, Config::parse(Dialect::ix(), text).print()))
        .collect()
}

/// The text with a few lines changed; what refers to nothing that exists is not tried.
fn mutated(dice: &mut Dice, text: &str) -> Option<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=dice.below(4) {
        let entry = |line: &str| ["ip access-list ", "ipv6 access-list "].iter().any(|start| line.starts_with(start));
        let entries: Vec<usize> = at(&lines, |line| entry(line) && !line.contains("dynamic"));
        let filters = at(&lines, |line| line.contains(" filter "));
        let leaves = at(&lines, |line| line.starts_with("  "));
        let any = dice.below(lines.len());
        match dice.below(9) {
            0 if entries.len() > 1 => {
                let (one, other) = (*dice.pick(&entries), *dice.pick(&entries));
                lines.swap(one, other);
            }
            1 if !entries.is_empty() => {
                lines.remove(*dice.pick(&entries));
            }
            2 if !entries.is_empty() => {
                let line = *dice.pick(&entries);
                let other =
                    if lines[line].contains(" permit ") { (" permit ", " deny ") } else { (" deny ", " permit ") };
                lines[line] = lines[line].replacen(other.0, other.1, 1);
            }
            3 if !filters.is_empty() => {
                lines.remove(*dice.pick(&filters));
            }
            4 if !filters.is_empty() => {
                let (one, other) = (*dice.pick(&filters), *dice.pick(&filters));
                lines.swap(one, other);
            }
            5 if !leaves.is_empty() => {
                let line = *dice.pick(&leaves);
                lines[line] = match lines[line].as_str() {
                    "  shutdown" => "  no shutdown".to_owned(),
                    "  no shutdown" => "  shutdown".to_owned(),
                    _ => continue,
                };
            }
            // A bridge has few numbers, and any other is refused.
            6 if !lines[any].contains("bridge") => lines[any] = renumbered(dice, &lines[any]),
            // What an unconfigured box prints comes back by itself.
            // A header alone would leave its lines to another block.
            7 if !opens(&lines, any)
                && !["interface ", "device ", "timezone "].iter().any(|start| lines[any].starts_with(start)) =>
            {
                lines.remove(any);
            }
            _ if !leaves.is_empty() => {
                let interfaces = at(&lines, |line| line.starts_with("interface "));
                let line = *dice.pick(&interfaces);
                lines.insert(line + 1, format!("  description changed {}", dice.below(10)));
            }
            _ => {}
        }
    }
    let errors = |text: &str| {
        let found = lint(&Config::parse(Dialect::ix(), text), None, &[]);
        found
            .into_iter()
            // Repeated blocks are merged as the router would; no one wrote these by hand.
            .filter(|finding| finding.level == Level::Error || finding.id == "not-defined")
            .filter(|finding| finding.id != "repeated-line")
            .map(|finding| finding.text.en)
            .collect::<Vec<_>>()
    };
    let changed = lines.join("\n") + "\n";
    let known = errors(text);
    errors(&changed).iter().all(|error| known.contains(error)).then_some(changed)
}

/// Whether deeper lines follow.
fn opens(lines: &[String], index: usize) -> bool {
    let indent = |line: &String| line.len() - line.trim_start().len();
    lines.get(index + 1).is_some_and(|next| indent(next) > indent(&lines[index]))
}

fn at(lines: &[String], wanted: impl Fn(&str) -> bool) -> Vec<usize> {
    (0..lines.len()).filter(|index| wanted(&lines[*index])).collect()
}

/// The line with its last number another.
fn renumbered(dice: &mut Dice, line: &str) -> String {
    let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let number = |word: &String| word.len() < 5 && word.parse::<u16>().is_ok();
    if let Some(last) = words.iter().rposition(number).filter(|_| !line.contains("vlan-group")) {
        words[last] = (1 + dice.below(200)).to_string();
    }
    words.join(" ")
}

#[test]
fn mutations_arrive_and_return_from_every_point() {
    let corpus = corpus();
    rounds("mutations", 24, |dice, _| {
        let (name, text) = dice.pick(&corpus);
        let old = mutated(dice, text).unwrap_or_else(|| text.clone());
        let Some(new) = mutated(dice, &old) else { return };
        let outcome = std::panic::catch_unwind(|| holds(&old, &new, true));
        assert!(outcome.is_ok(), "{name}\n--- old\n{old}--- new\n{new}");
    });
}

/// What is masked in a tree, once for all copies of a line, is what is masked in its text.
#[test]
fn a_tree_shows_of_its_lines_what_their_text_shows() {
    let corpus = corpus();
    rounds("masked trees", 48, |dice, _| {
        let (name, text) = dice.pick(&corpus);
        let config = Config::parse(Dialect::ix(), mutated(dice, text).unwrap_or_else(|| text.clone()));
        assert_eq!(config.print_masked(), mask_text(&config.print()), "{name}");
    });
}

/// The form that a fingerprint is made of tells apart exactly what is not the same.
#[test]
fn the_canonical_form_is_the_same_where_two_configurations_are() {
    let corpus = corpus();
    let canonical = |config: &Config| plan::canonical(config, |line| (&*line.text).into());
    rounds("canonical forms", 48, |dice, _| {
        let (name, text) = dice.pick(&corpus);
        let changed = mutated(dice, text).unwrap_or_else(|| text.clone());
        let (one, other) = (Config::parse(Dialect::ix(), text), Config::parse(Dialect::ix(), changed));
        for (left, right) in [(&one, &other), (&one, &one.sorted()), (&one, &plan::state::complete(&one, &other))] {
            let told = || format!("{name}\n--- left\n{}--- right\n{}", left.print(), right.print());
            assert_eq!(plan::same(left, right), canonical(left) == canonical(right), "{}", told());
        }
    });
    // The order of blocks that have none says nothing, that of a list's entries everything.
    let form = |text: &str| canonical(&Config::parse(Dialect::ix(), text));
    let profiles = ["ip dhcp profile a\n  dns-server 192.0.2.1\n", "ip dhcp profile b\n  dns-server 192.0.2.2\n"];
    assert_eq!(form(&profiles.concat()), form(&[profiles[1], profiles[0]].concat()));
    let entries =
        ["ip access-list a deny ip src 192.0.2.1/32 dest any\n", "ip access-list a permit ip src any dest any\n"];
    assert_ne!(form(&entries.concat()), form(&[entries[1], entries[0]].concat()));
    assert_eq!(form("interface GigaEthernet0.0\n  no ip address\n  shutdown\n"), form(""));
    assert_ne!(form("interface GigaEthernet0.0\n  no shutdown\n"), form(""));
}

/// The same on the mock over its command line: forward from state to state, back from a point of each push.
#[test]
fn mutations_arrive_and_return_on_the_mock() {
    let corpus = corpus();
    rounds("mutations on the mock", 8, |dice, _| {
        let (name, text) = dice.pick(&corpus);
        let mut router = match OnMock::with(text) {
            Ok(router) => router,
            Err(refused) => return eprintln!("the mock cannot be what {name} shows: {refused}"),
        };
        for _ in 0..6 {
            let before = router.running();
            let Some(wanted) = mutated(dice, &before.print()) else { continue };
            let wanted = Config::parse(Dialect::ix(), wanted);
            let plan = match plan::between(&before, &wanted, &Lifeline::Console, 255) {
                Ok(plan) => plan,
                Err(plan::PlanError::Cycle { .. } | plan::PlanError::NoAdministrator { .. }) => continue,
                Err(error) => panic!("{name}: {error}"),
            };
            let shown = || {
                format!(
                    "{}--- undo\n{}",
                    plan.commands_text(true),
                    plan::text_of(&plan.undo(plan.commands.len()), true)
                )
            };
            for sent in [dice.below(plan.commands.len() + 1), plan.commands.len()] {
                let told = |what: &str, error: &str| format!("{name}: {what} {sent}: {error}\n{}", shown());
                router.types(&plan.commands[..sent]).unwrap_or_else(|error| panic!("{}", told("push of", &error)));
                if sent == plan.commands.len() {
                    let after = router.running();
                    assert!(plan::same(&after, &wanted), "{}", told("arrived after", &after.print()));
                }
                router.types(&plan.undo(sent)).unwrap_or_else(|error| panic!("{}", told("undo after", &error)));
                let back = router.running();
                assert!(plan::same(&back, &before), "{}", told("came back after", &back.print()));
            }
            router.types(&plan.commands).unwrap();
        }
    });
}
