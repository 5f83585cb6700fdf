//! Configurations that people write: both sides of a difference by hand, and the shipped samples.

use std::path::Path;

use ixdeploy::dialect::{Dialect, model};
use ixdeploy::ix::Config;
use ixdeploy::ix::lint::{Level, lint};
use ixdeploy::message::Explain;
use ixdeploy::plan;
use serde::Deserialize;

/// Two files may both be written by hand: a line that the router would complete is refused in either.
#[test]
fn a_difference_holds_no_abbreviation() {
    let full = Config::parse(Dialect::ix(), "interface GigaEthernet0.0\n  no shutdown\n!\n");
    for header in ["int GigaEthernet0.0", "Interface GigaEthernet0.0", "interface gi0.0"] {
        let short = Config::parse(Dialect::ix(), format!("{header}\n  no shutdown\n!\n"));
        for (old, new) in [(&full, &short), (&short, &full)] {
            let error = plan::offline::difference(old, new, 255).unwrap_err();
            assert_eq!(error.code(), "plan.abbreviation", "{header}");
            assert!(error.text().en.contains("`interface GigaEthernet0.0`"), "{}", error.text().en);
        }
        assert!(plan::offline::difference(&short, &short, 255).unwrap().is_empty(), "{header}");
    }
}

/// What a case ends at.
#[derive(Deserialize)]
struct Case {
    after: String,
}

/// The vendor's three sample configurations, one area chosen, have no finding that is an error.
#[test]
fn the_samples_are_sound() {
    for name in ["seed-router1", "seed-router2", "seed-router3"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cases/{name}.yaml"));
        let case: Case = serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let findings = lint(&Config::parse(Dialect::ix(), &case.after), model::find("IX2215"), &[]);
        let bad: Vec<_> = findings.iter().filter(|finding| finding.level != Level::Info).collect();
        assert!(bad.is_empty(), "{name}: {bad:#?}");
    }
}
