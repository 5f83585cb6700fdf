//! Configurations of people who run these routers: each is read and printed without loss, judged without a false error, planned from
//! a factory router and back with the rehearsal, and typed into the mock's own command line.
//!
//! Real ones are looked for in `IX_CONFIGS` and `IX_SAMPLES`, or beside the repository; where they are not, the tests say so and go on
//! with the small ones of the same kinds in `tests/data/configurations`. What is rightly refused is listed in [`EXPECTED`] with its
//! reason, and whatever is listed must be refused.

use std::path::{Path, PathBuf};

use ixdeploy::dialect::model::{self, Model};
use ixdeploy::ix::Config;
use ixdeploy::ix::coverage::{Class, Counter, Coverage};
use ixdeploy::ix::lint::{Level, lint};
use ixdeploy::ix::mask::holds_secret;
use ixdeploy::message::Explain;
use ixdeploy::plan::rehearsal::Router;
use ixdeploy::plan::{self, Lifeline, Plan};

use crate::mock::OnMock;
use crate::program::program;
use crate::samples::{case_after, displays};

/// What is known of one file beforehand.
#[derive(Clone, Copy)]
struct Expected {
    /// The beginning of its name.
    file: &'static str,
    /// The router it is for, where the file does not say.
    model: &'static str,
    /// Errors that are right: the finding, what its line begins with, and why.
    errors: &'static [(&'static str, &'static str, &'static str)],
    /// Lines that are no configuration; a plan is refused because of them and made without them.
    slips: &'static [(&'static str, &'static str)],
    /// Beginnings of lines that the mock cannot take, a header with its whole block, and why.
    beyond_the_mock: &'static [(&'static str, &'static str)],
    /// Why nothing of it is typed into the mock.
    no_mock: Option<&'static str>,
}

const NOTHING: Expected =
    Expected { file: "", model: "IX2215", errors: &[], slips: &[], beyond_the_mock: &[], no_mock: None };

const EXPECTED: [Expected; 8] = [
    Expected { file: "06-", model: "IX2025", ..NOTHING },
    Expected { file: "09-", model: "IX2105", ..NOTHING },
    Expected {
        file: "10-",
        beyond_the_mock: &[("device USB1", "of a model with two USB ports, and no display shows one whole")],
        ..NOTHING
    },
    Expected { file: "20-", model: "IX-R2520", no_mock: Some("no display of an IX-R was ever seen"), ..NOTHING },
    Expected { file: "ospf-on-an-ix2025", model: "IX2025", ..NOTHING },
    Expected {
        file: "services-with-slips",
        errors: &[
            ("not-configuration", "show version", "a look, copied along"),
            ("not-configuration", "show ip interface", "a look, copied along"),
            ("not-configuration", "write memory", "saving is the program's"),
        ],
        slips: &[
            ("show version", "a look, copied along"),
            ("show ip interface", "a look, copied along"),
            ("write memory", "saving is the program's"),
        ],
        ..NOTHING
    },
    Expected {
        file: "ix-r-servers",
        model: "IX-R2520",
        no_mock: Some("no display of an IX-R was ever seen"),
        ..NOTHING
    },
    Expected {
        file: "of-tomorrow",
        no_mock: Some("no one has seen its commands: a mock would prove nothing"),
        ..NOTHING
    },
];

/// A configuration, and what is expected of it.
struct Sample {
    name: String,
    text: String,
    expected: Expected,
}

impl Sample {
    fn of(name: String, text: String) -> Self {
        let known = EXPECTED.into_iter().find(|expected| name.starts_with(expected.file));
        let shown = text.lines().find_map(|line| line.strip_prefix("! IX Series ")?.split(' ').next());
        let model = shown.and_then(model::find).map(|model| model.name);
        let model =
            model.or_else(|| ["IX2025", "IX2105"].into_iter().find(|model| name.to_uppercase().contains(model)));
        let expected = known.unwrap_or(NOTHING);
        let expected = Expected { model: model.filter(|_| known.is_none()).unwrap_or(expected.model), ..expected };
        Self { name, text, expected }
    }

    fn model(&self) -> &'static Model {
        model::find(self.expected.model).unwrap()
    }

    /// A text of the same router, in the dialect of its model.
    fn read(&self, text: impl AsRef<str>) -> Config {
        Config::parse(self.model().dialect(), text)
    }

    /// What it holds without the lines that begin so, a header with its block, and without what a display shows around it.
    fn without(&self, beginnings: &[(&str, &str)]) -> String {
        let mut kept = String::new();
        let mut below = None;
        for line in self.read(&self.text).print().lines() {
            let indent = line.len() - line.trim_start().len();
            if below.is_some_and(|below| indent > below) {
                continue;
            }
            let dropped = beginnings.iter().any(|(beginning, _)| line.trim_start().starts_with(beginning));
            below = dropped.then_some(indent);
            if !dropped {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        kept
    }
}

/// The configurations of a folder; none, with a message, where they are not available.
fn folder(path: &Path) -> Vec<Sample> {
    let Ok(files) = std::fs::read_dir(path) else {
        eprintln!("NOT RUN over real configurations: none at {} (set IX_CONFIGS)", path.display());
        return Vec::new();
    };
    let files = files.filter_map(|file| Some(file.ok()?.path()));
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "cfg")).collect();
    files.sort();
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        Sample::of(name, std::fs::read_to_string(path).unwrap())
    };
    files.iter().map(read).collect()
}

fn real() -> Vec<Sample> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/ix/configs");
    folder(&std::env::var_os("IX_CONFIGS").map_or_else(beside, PathBuf::from))
}

fn own() -> Vec<Sample> {
    let own = folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/configurations"));
    assert!(own.len() >= 11);
    own
}

/// Our own configurations of an IX2215, without what a mock cannot take.
pub fn of_an_ix2215() -> Vec<(String, String)> {
    let own = own().into_iter().filter(|sample| sample.expected.no_mock.is_none() && sample.model().name == "IX2215");
    own.map(|sample| (sample.name.clone(), sample.without(sample.expected.slips))).collect()
}

fn samples() -> Vec<Sample> {
    let displays = displays().into_iter().map(|(name, text)| Sample::of(name, text));
    own().into_iter().chain(real()).chain(displays).collect()
}

/// Does one thing with every configuration, and tells of all that failed together.
fn each(what: &str, mut act: impl FnMut(&Sample) -> Result<(), String>) {
    let samples = samples();
    let failed: Vec<String> = samples
        .iter()
        .filter_map(|sample| {
            let told = act(sample).err()?;
            Some(format!("== {}\n{told}\n", sample.name))
        })
        .collect();
    eprintln!("{what}: {} configurations", samples.len());
    assert!(failed.is_empty(), "{} of {} failed\n{}", failed.len(), samples.len(), failed.join("\n"));
}

#[test]
fn every_configuration_is_printed_without_loss_and_stays_as_it_is() {
    each("printed", |sample| {
        let config = sample.read(&sample.text);
        let printed = config.print();
        let again = sample.read(&printed);
        if again.print() != printed || !plan::same(&again, &config) {
            return Err(format!("printed twice it is another one: {}", unlike(&again, &config)));
        }
        let mut shown: Vec<String> = printed.lines().map(words).collect();
        config.walk(&mut |_, node| shown.extend(node.as_written().map(words)));
        // What a later line replaces is reported, and not lost silently.
        shown.extend(config.repeated.iter().map(|twice| words(&twice.before)));
        let lost: Vec<&str> = sample
            .text
            .lines()
            .filter(|line| is_configuration(line))
            .filter(|line| !shown.contains(&words(line)))
            .collect();
        if lost.is_empty() { Ok(()) } else { Err(format!("lost: {lost:#?}")) }
    });
}

/// The lines that one has and the other has not.
fn unlike(found: &Config, wanted: &Config) -> String {
    let (found, wanted) = (found.print(), wanted.print());
    let only = |one: &str, other: &str, mark: char| {
        let missing = one.lines().filter(|line| !other.lines().any(|same| same == *line));
        missing.map(|line| format!("\n{mark} {line}")).collect::<String>()
    };
    format!("{}{}", only(&found, &wanted, '+'), only(&wanted, &found, '-'))
}

fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Copied from a page or a mail, blanks are lost: then nothing moves to another mode silently.
#[test]
fn without_indentation_a_configuration_reads_the_same_or_names_its_doubts() {
    each("read flat", |sample| {
        let whole = sample.read(&sample.text);
        let flat: String = whole.print().lines().map(|line| format!("{}\n", line.trim_start())).collect();
        let flat = sample.read(flat);
        if plan::same(&flat, &whole) || !flat.doubts.is_empty() {
            return Ok(());
        }
        Err(format!("it reads otherwise: {}", unlike(&flat, &whole)))
    });
}

/// Whether a line of a file is configuration: no comment, no header of a display, no way from mode to mode.
fn is_configuration(line: &str) -> bool {
    let line = line.trim();
    let of_a_display = line.starts_with("Using ") || line.starts_with('%') || line.contains("(config)#");
    let mode = ["exit", "configure", "show running-config"].contains(&line);
    !(line.is_empty() || line.starts_with('!') || of_a_display || mode)
}

#[test]
fn no_configuration_in_use_holds_a_false_error() {
    each("judged", |sample| {
        let found = lint(&sample.read(&sample.text), Some(sample.model()), &[]);
        let line = |number: u32| sample.text.lines().nth(number as usize - 1).unwrap_or_default().trim();
        let errors = found.iter().filter(|finding| finding.level == Level::Error);
        let errors: Vec<(&str, &str)> = errors.map(|finding| (&*finding.id, line(finding.line))).collect();
        let right = |(id, text): &(&str, &str)| {
            sample.expected.errors.iter().any(|(known, begins, _)| known == id && text.starts_with(begins))
        };
        let wrong: Vec<_> = errors.iter().filter(|error| !right(error)).collect();
        let missing: Vec<_> = (sample.expected.errors.iter())
            .filter(|(id, begins, _)| !errors.iter().any(|(found, text)| found == id && text.starts_with(begins)))
            .collect();
        if wrong.is_empty() && missing.is_empty() {
            return Ok(());
        }
        Err(format!("false errors: {wrong:#?}\nexpected and not found: {missing:#?}"))
    });
}

/// What a router in use says: a finding about how lines go together would be a false alarm there.
const NEVER_IN_USE: [&str; 9] = [
    "dhcp-outside",
    "dns-proxy-off",
    "filter-only-denies",
    "nd-proxy-autoconfig",
    "networks-overlap",
    "never-matches",
    "next-hop-outside",
    "no-password",
    "range-backwards",
];

#[test]
fn no_configuration_in_use_is_said_to_close_a_clinic() {
    let wrong = |sample: &Sample| -> Vec<String> {
        let found = lint(&sample.read(&sample.text), Some(sample.model()), &[]);
        let wrong = found.into_iter().filter(|finding| NEVER_IN_USE.contains(&finding.id.as_str()));
        wrong.map(|finding| format!("{} in line {}: {}", finding.id, finding.line, finding.text.en)).collect()
    };
    each("looked at", |sample| {
        let found = wrong(sample);
        // Written by hand, and rightly found: every real display of a router that hands itself out has the proxy on.
        let right = if sample.name.starts_with("branch-failover") { "dns-proxy-off in line 50: " } else { "" };
        let known = |found: &String| !right.is_empty() && found.starts_with(right);
        match (found.iter().all(known), found.is_empty() == right.is_empty()) {
            (true, true) => Ok(()),
            _ => Err(format!("found: {found:#?}, expected: {right}")),
        }
    });
    // The vendor's own document, as the cases have it.
    for name in ["seed-router1", "seed-router2", "seed-router3"] {
        let sample = Sample::of(name.to_owned(), case_after(name));
        assert!(wrong(&sample).is_empty(), "{name}: {:?}", wrong(&sample));
    }
}

/// The way from one configuration to another and back by the undo, on the pure model of the router.
fn rehearsed(from: &Config, to: &Config) -> Result<Plan, String> {
    let plan = plan::between(from, to, &Lifeline::Console, 255)
        .map_err(|error| format!("no plan: {}: {}", error.code(), error.text().en))?;
    let mut router = Router::new(from).on_the_way_to(&plan.expected);
    let undo = plan.undo(plan.commands.len());
    for (commands, end, what) in [(&plan.commands, &plan.expected, "push"), (&undo, from, "undo")] {
        router.configure();
        for command in commands {
            router.enter(command).map_err(|refusal| format!("{what}: line {}: {refusal}", command.number))?;
        }
        if !router.runs(end) {
            return Err(format!("the {what} does not arrive: {}", unlike(router.config(), end)));
        }
    }
    Ok(plan)
}

#[test]
fn every_configuration_is_planned_from_a_factory_router_and_back() {
    each("planned", |sample| {
        let factory = sample.model().factory().unwrap_or_default();
        let parse = |text: &str| sample.read(text);
        if !sample.expected.slips.is_empty() {
            let whole = parse(&format!("{factory}{}", sample.text));
            let refused = plan::between(&parse(factory), &whole, &Lifeline::Console, 255);
            if !refused.as_ref().is_err_and(|error| error.code() == "plan.line") {
                return Err(format!("a plan with what is no configuration: {refused:?}"));
            }
        }
        let wanted = parse(&format!("{factory}{}", sample.without(sample.expected.slips)));
        let factory = parse(factory);
        rehearsed(&factory, &wanted).map_err(|told| format!("there: {told}"))?;
        rehearsed(&wanted, &factory).map_err(|told| format!("back: {told}"))?;
        Ok(())
    });
}

#[test]
fn every_configuration_is_typed_into_the_mock_and_undone() {
    each("typed", |sample| {
        if let Some(reason) = sample.expected.no_mock {
            eprintln!("{}: not typed: {reason}", sample.name);
            return Ok(());
        }
        let mut router = OnMock::factory(sample.expected.model)?;
        let before = router.running();
        let left_out = [sample.expected.slips, sample.expected.beyond_the_mock].concat();
        let wanted = sample.read(format!("{}{}", before.print(), sample.without(&left_out)));
        for (what, from, to) in [("there", &before, &wanted), ("back", &wanted, &before)] {
            let plan = plan::between(from, to, &Lifeline::Console, 255)
                .map_err(|error| format!("{what}: no plan: {}", error.text().en))?;
            let undo = plan.undo(plan.commands.len());
            for (commands, end, step) in
                [(&plan.commands, to, "push"), (&undo, from, "undo"), (&plan.commands, to, "push again")]
            {
                let told = |error: &str| format!("{what}, {step}: {error}\n{}", plan::text_of(commands, true));
                router.types(commands).map_err(|error| told(&error))?;
                let shown = router.running();
                if !plan::same(&shown, end) {
                    return Err(told(&format!("it does not arrive: {}", unlike(&shown, end))));
                }
            }
        }
        Ok(())
    });
}

/// The same by the program, as a user runs it: a role that owns all, the box unconfigured, no device.
#[test]
fn the_program_checks_and_plans_every_configuration() {
    each("planned by the program", |sample| {
        let dir = tempfile::tempdir().unwrap();
        let (model, on_mock) = (sample.model(), sample.expected.no_mock.is_none());
        let Some(factory) = model.factory() else {
            eprintln!("{}: not planned by the program: no display of an unconfigured {}", sample.name, model.name);
            return Ok(());
        };
        let left_out = [sample.expected.slips, if on_mock { sample.expected.beyond_the_mock } else { &[] }].concat();
        // A role gives secrets by reference; in plain text they are refused, and rightly.
        let text: String = sample
            .without(&left_out)
            .lines()
            .filter(|line| !holds_secret(line))
            .fold(String::new(), |text, line| text + line + "\n");
        let changes = !plan::same(&sample.read(factory), &sample.read(format!("{factory}{text}")));
        let role = dir.path().join("roles/whole");
        std::fs::create_dir_all(&role).unwrap();
        let template = format!("{{% raw %}}\n{text}{{% endraw %}}\n");
        let inventory = format!(
            "version: 1\nsites:\n  s:\n    routers:\n      r:\n        model: {}\n        role: whole\n        connection: {{ mock: {{ over: ssh }} }}\n",
            model.name
        );
        for (path, text) in [
            ("book.yaml", "version: 1\nname: whole\nplays: [{ roles: [whole] }]\n"),
            ("routers.yaml", &*inventory),
            ("roles/whole/role.yaml", "version: 1\nowns: all\ntemplates: [t.ix.j2]\n"),
            ("roles/whole/t.ix.j2", &*template),
            ("factory.cfg", factory),
        ] {
            std::fs::write(dir.path().join(path), text).unwrap();
        }
        let rehearse = if on_mock { "mock" } else { "model" };
        let with = ["book.yaml", "-i", "routers.yaml"];
        for (verb, more, expected) in [
            ("check", &[][..], 0),
            ("plan", &["--from-backup", "factory.cfg", "--rehearse", rehearse][..], 2 * i32::from(changes)),
        ] {
            let output = program()
                .args(["--lang", "en", verb])
                .args(with)
                .args(more)
                .current_dir(dir.path())
                .env("IXDEPLOY_STATE_DIR", dir.path().join("state"))
                .output()
                .unwrap();
            if output.status.code() != Some(expected) {
                let said = [output.stdout, output.stderr].concat();
                return Err(format!("{verb}: {}\n{}", output.status, String::from_utf8_lossy(&said)));
            }
        }
        Ok(())
    });
}

/// How much of the configurations the table knows, and what it does not.
fn coverage(samples: &[Sample]) -> Coverage {
    let mut counter = Counter::new(None);
    for sample in samples {
        counter.add(&sample.name, &sample.read(&sample.text));
    }
    counter.finish()
}

#[test]
fn the_table_knows_real_configurations_by_full_rows() {
    let real = real();
    for (what, samples, least) in [("real", real, 97.0), ("own", own(), 95.0)] {
        if samples.is_empty() {
            continue;
        }
        let found = coverage(&samples);
        let report = ixdeploy::report::coverage(&found, ixdeploy::message::Lang::En);
        eprintln!("{what}\n{report}");
        assert!(
            found.percent >= least,
            "{what}: {} of {}\n{report}",
            found.distinct(Class::FullRow),
            found.count.distinct
        );
    }
}

/// What a user sees of the figure: of a whole folder, in both languages, and no secret in it.
#[test]
fn the_figure_is_printed_in_both_languages_and_shows_no_secret() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/configurations");
    let run = |words: &[&str]| {
        let output = program().args(words).args(["lint", "--coverage"]).arg(&folder).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&output.stderr));
        for secret in ["NotA", "0ADD1E"] {
            assert!(own().iter().any(|sample| sample.text.contains(secret)));
            assert!(!said.contains(secret), "{secret} in\n{said}");
        }
        said
    };
    let (english, japanese) = (run(&["--lang", "en"]), run(&["--lang", "ja"]));
    for part in ["by full row", "T seen on a device", "unknown  global: flux capacitor enable", "write memory"] {
        assert!(english.contains(part), "{part}\n{english}");
    }
    for part in ["完全な定義あり", "T 実機で確認", "unknown  global: flux capacitor enable", "write memory"]
    {
        assert!(japanese.contains(part), "{part}\n{japanese}");
    }
    let json: serde_json::Value = serde_json::from_str(&run(&["--format", "json"])).unwrap();
    assert_eq!(json["files"], own().len());
    assert_eq!(json["refused"].as_array().unwrap().len(), 3);
    assert!(
        json["missing"].as_array().unwrap().iter().any(|missing| missing["mode"] == "flux profile attic"),
        "{json}"
    );
}
