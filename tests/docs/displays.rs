//! `docs/displays.md` lists the fields of every display, and which of them move by themselves.

use std::collections::BTreeSet;

use ixdeploy::dialect::Dialect;
use ixdeploy::ix::display::Kind;
use regex::Regex;

use crate::text;

#[test]
fn every_field_of_every_display_is_listed_and_no_other() {
    let row = Regex::new(r"(?m)^\| `([^`]+)` \| `([^`]+)` \| [^|]+ \|([^|]*)\|$").unwrap();
    let document = text("docs/displays.md");
    let listed: BTreeSet<(String, String, bool)> = row
        .captures_iter(&document)
        .map(|found| (found[1].to_owned(), found[2].to_owned(), found[3].contains("*moves*")))
        .collect();
    let known: BTreeSet<(String, String, bool)> = Kind::ALL
        .into_iter()
        .flat_map(|kind| kind.fields().iter().map(move |field| (kind, field)))
        .map(|(kind, field)| (kind.command(Dialect::ix().commands()).to_owned(), field.name.to_owned(), field.moves))
        .collect();
    assert_eq!(listed, known);
}
