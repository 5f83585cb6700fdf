//! JUnit's XML keeps to its schema (`tests/data/junit.xsd`), whatever the record holds, and counts what is in it.

use std::process::Command;

use super::fleet::fleet;
use super::schema::Schema;
use super::xml::Element;
use super::{BEGAN, PLAIN, Records, Typed, begun, failed, saved};
use crate::message::Lang;
use crate::record::{Kind, Stored};
use crate::report::work::Moment;
use crate::report::{Languages, WorkRecord, work_junit};
use crate::state::{State, Verdict};

const XSD: &str = include_str!("../../../tests/data/junit.xsd");

/// A record of each kind, by its name.
fn records() -> Vec<(&'static str, WorkRecord)> {
    let hostile = Typed::hostile();
    let unverified = || {
        let mut record = saved(&PLAIN);
        for one in &mut record.routers {
            one.unverified = Some("startup-not-shown".to_owned());
            one.verdict = Verdict::NotDone;
        }
        record
    };
    let in_progress = || {
        let mut record = failed(&PLAIN, State::Lost);
        record.routers.iter_mut().for_each(|one| one.in_progress = true);
        record
    };
    let mut all = vec![
        ("a success", saved(&PLAIN)),
        ("a failure", failed(&PLAIN, State::Undone)),
        ("a lost router", failed(&PLAIN, State::Lost)),
        ("a mixed one", failed(&PLAIN, State::Mixed)),
        ("one not verified", unverified()),
        ("one in progress", in_progress()),
        ("a fleet", fleet(60)),
        ("a run without routers", WorkRecord { routers: Vec::new(), ..saved(&PLAIN) }),
        ("what is hostile, saved", saved(&hostile)),
        ("what is hostile, undone", failed(&hostile, State::Undone)),
        ("what is hostile, mixed", failed(&hostile, State::Mixed)),
        ("a fleet of what is hostile", WorkRecord { is_detailed: false, ..failed(&hostile, State::Lost) }),
    ];
    // Of an imported run every value is someone else's: no name, names of blanks, times of no calendar.
    for (name, at_ms) in [("", i64::MIN), (" \t ", i64::MAX), ("\u{fffe}\u{7f}\r\n", -1)] {
        let mut record = saved(&Typed { router: name, site: name, line: name, answer: name, ..PLAIN });
        record.run.machine = name.to_owned();
        record.run.begun = Some(Moment::of_ms(at_ms));
        all.push(("one of strange values", record));
    }
    let empty = || {
        let mut records = Records::default();
        let record = Some(begun(&PLAIN));
        records.0.push(Stored {
            number: 1,
            at_ms: BEGAN,
            run: String::new(),
            router: String::new(),
            record,
            hash: String::new(),
        });
        records.add(PLAIN.router, Kind::Moved { state: State::Locked });
        WorkRecord::of(&records.evidence())
    };
    all.push(("one that was left at its beginning", empty()));
    all
}

/// Every document of these records.
fn documents() -> Vec<(String, String)> {
    let languages = [Languages::One(Lang::En), Languages::One(Lang::Ja), Languages::Both];
    let of = |(name, record): (&'static str, WorkRecord)| {
        languages.map(|one| (format!("{name}, {one:?}"), work_junit(&record, one)))
    };
    records().into_iter().flat_map(of).collect()
}

/// Changes that each make a valid document invalid: what the schema holds, one by one.
const WRONG: [(&str, &str); 22] = [
    ("testsuites>", "suites>"),
    (" hostname=\"laptop\"", ""),
    (" hostname=\"laptop\"", " hostname=\" \""),
    (" hostname=\"laptop\"", " hostname=\"laptop\" host=\"laptop\""),
    (" id=\"0\"", " id=\"first\""),
    (" id=\"0\"", " id=\"0\" id=\"1\""),
    (" tests=\"2\"", " tests=\"-2\""),
    (" tests=\"2\"", " tests=\"2.0\""),
    (" package=\"ixdeploy\"", ""),
    ("T00:00:01\"", "T00:00:01Z\""),
    ("T00:00:01\"", "T25:00:01\""),
    ("2026-03-01T", "2026-02-30T"),
    (" skipped=\"0\"", " skipped=\"none\""),
    ("<system-out/>", ""),
    ("<system-out/>\n", "<system-err/>\n"),
    ("<system-out/>", "<system-out><b/></system-out>"),
    ("    <properties>", "    <testcase classname=\"a\" name=\"b\" time=\"0\"/><properties>"),
    ("<property name=\"run\"", "<property"),
    ("    </properties>", "    a</properties>"),
    ("</testcase>", "<skipped/></testcase>"),
    (" type=", " kind="),
    ("</failure>", "</error>"),
];

fn wrong_ones() -> Vec<(String, String)> {
    let right = work_junit(&failed(&PLAIN, State::Undone), Languages::One(Lang::En));
    let right = right.replace(" tests=\"1\"", " tests=\"2\"");
    let change = |(from, to): (&str, &str)| {
        let wrong = right.replace(from, to);
        assert_ne!(wrong, right, "{from} is in the document: {right}");
        (format!("{from} as {to}"), wrong)
    };
    WRONG.into_iter().map(change).collect()
}

#[test]
fn every_document_keeps_to_the_schema_and_counts_its_cases() {
    let schema = Schema::parse(XSD);
    for (name, document) in documents() {
        let found = schema.check(&document).unwrap_or_else(|why| panic!("{name}: {why}\n{document}"));
        for (place, suite) in found.children.iter().enumerate() {
            assert_eq!(suite.attribute("id"), Some(place.to_string().as_str()), "{name}");
            let cases = || suite.all("testcase");
            let with = |kind: &str| cases().filter(|case| case.all(kind).next().is_some()).count().to_string();
            let counted = ["tests", "failures", "errors", "skipped"].map(|name| suite.attribute(name).unwrap());
            let expected = [cases().count().to_string(), with("failure"), with("error"), with("skipped")];
            assert_eq!(counted, expected.each_ref().map(String::as_str), "{name}");
        }
    }
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let schema = Schema::parse(XSD);
    for (name, document) in wrong_ones() {
        assert!(schema.check(&document).is_err(), "{name}: {document}");
    }
}

/// `.ci/run` runs it where xmllint can be installed, and says where not.
#[test]
#[ignore = "needs xmllint"]
fn xmllint_says_the_same_of_every_document() {
    let folder = tempfile::tempdir().unwrap();
    let (xsd, file) = (folder.path().join("schema"), folder.path().join("document"));
    std::fs::write(&xsd, XSD).unwrap();
    let judged = |document: &str| {
        std::fs::write(&file, document).unwrap();
        let lint = Command::new("xmllint").args(["--nonet", "--noout", "--schema"]).arg(&xsd).arg(&file).output();
        let lint = lint.unwrap();
        (lint.status.success(), String::from_utf8_lossy(&lint.stderr).into_owned())
    };
    for (name, document) in documents() {
        let (is_right, said) = judged(&document);
        assert!(is_right, "{name}: {said}");
    }
    for (name, document) in wrong_ones() {
        assert!(!judged(&document).0, "{name}: {document}");
    }
}

/// The suites of a record.
fn suites(record: &WorkRecord) -> Vec<Element> {
    Schema::parse(XSD).check(&work_junit(record, Languages::One(Lang::En))).unwrap().children
}

#[test]
fn a_site_is_a_suite_and_counts_what_failed_apart_from_what_needs_a_person() {
    let counted = |record: &WorkRecord, names: [&str; 3]| {
        let suites = suites(record);
        assert_eq!(suites.len(), 1);
        names.map(|name| suites[0].attribute(name).unwrap().to_owned())
    };
    let ok = saved(&PLAIN);
    assert_eq!(counted(&ok, ["name", "hostname", "timestamp"]), ["sato", "laptop", "2026-03-01T00:00:01"]);
    assert_eq!(counted(&ok, ["tests", "failures", "errors"]), ["2", "0", "0"]);
    let undone = failed(&PLAIN, State::Undone);
    assert_eq!(counted(&undone, ["tests", "failures", "errors"]), ["1", "1", "0"]);
    let lost = failed(&PLAIN, State::Lost);
    assert_eq!(counted(&lost, ["tests", "failures", "errors"]), ["1", "0", "1"]);
}
