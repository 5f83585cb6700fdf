//! Pages in a real browser: nothing is wider than the screen, the headings are in order, every text has contrast, every table its names.
//!
//! They need Chromium, so they run only where they are asked for (`cargo test --test e2e -- --ignored pages::`; `.ci/run` does, where it
//! can be installed). Pictures and printed pages are kept in `target/tmp/pages`, for a person to look at.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use ixdeploy::journal::Journal;
use ixdeploy::message::Lang;
use ixdeploy::report::{Languages, WorkRecord, html, work_page};
use ixdeploy::run::{EvidenceRequest, evidence};
use mock_device::{Fault, When};
use serde_json::Value;

use crate::harness::{Bench, prepared, router3};
use crate::lost::{apply, own_book};

/// A phone, A4 at the density of a screen, a desk.
const WIDTHS: [u32; 3] = [390, 794, 1280];

/// The browser, by the names that it has.
fn chromium() -> Command {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let runs = |name: &&&str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    let name = names.iter().find(runs).expect("Chromium is installed: these tests are asked for by name");
    let mut command = Command::new(name);
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--allow-file-access-from-files",
    ]);
    command
}

/// Where pictures are kept.
fn kept() -> PathBuf {
    let folder = test_support::program::root().join("target/tmp/pages");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What is measured inside a page, from a page around it: its policy lets nothing run in it.
const MEASURE: &str = include_str!("measure.js");

/// Looks at a page at each width, prints it, keeps the pictures, and gives back how many rows can be searched.
fn look(folder: &Path, name: &str, page: &str) -> u64 {
    let file = folder.join(format!("{name}.html"));
    std::fs::write(&file, page).unwrap();
    let mut rows = 0;
    for width in WIDTHS {
        let around = folder.join("around.html");
        let frame = format!(
            "<!DOCTYPE html><meta charset=\"utf-8\"><body><iframe id=\"page\" style=\"width:{width}px;height:900px;border:0\" src=\"{name}.html\"></iframe><script>{MEASURE}</script>"
        );
        std::fs::write(&around, frame).unwrap();
        let url = |path: &Path| format!("file://{}", path.display());
        let output = chromium()
            .args(["--virtual-time-budget=20000", "--window-size=1400,1000", "--dump-dom", &url(&around)])
            .output()
            .unwrap();
        let dom = String::from_utf8_lossy(&output.stdout).into_owned();
        let result = dom.split_once("<pre id=\"result\">").and_then(|(_, rest)| rest.split_once("</pre>"));
        let (result, _) = result.unwrap_or_else(|| panic!("{name} at {width}: nothing was measured: {dom}"));
        let result: Value =
            serde_json::from_str(&result.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")).unwrap();
        assert_eq!(result["found"], serde_json::json!([]), "{name} at {width} pixels");
        rows = result["rows"].as_u64().unwrap();
        let picture = format!("--screenshot={}", kept().join(format!("{name}-{width}.png")).display());
        let size = format!("--window-size={width},1600");
        assert!(chromium().args([&picture, &size, &url(&file)]).output().unwrap().status.success());
    }
    let print = format!("--print-to-pdf={}", kept().join(format!("{name}.pdf")).display());
    let printed =
        chromium().args(["--no-pdf-header-footer", &print, &format!("file://{}", file.display())]).output().unwrap();
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    rows
}

/// The record of the bench's last run.
fn record(bench: &Bench) -> WorkRecord {
    let journal = Journal::open(&bench.path("state"), Arc::new(())).unwrap();
    let request = EvidenceRequest { run: "last".to_owned(), ..EvidenceRequest::default() };
    WorkRecord::of(&evidence(&journal, &request).unwrap())
}

fn languages() -> [(&'static str, Languages); 3] {
    [("en", Languages::One(Lang::En)), ("ja", Languages::One(Lang::Ja)), ("both", Languages::Both)]
}

fn looked_at(name: &str, record: &WorkRecord) {
    let folder = tempfile::tempdir().unwrap();
    let page = work_page(record);
    for (lang, languages) in languages() {
        look(folder.path(), &format!("{name}-{lang}"), &html(&page, languages));
    }
}

#[test]
#[ignore = "needs Chromium"]
fn the_page_of_a_success_reads_on_a_phone_at_a_desk_and_on_paper() {
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    looked_at("saved", &record(&bench));
}

#[test]
#[ignore = "needs Chromium"]
fn the_pages_of_a_failure_and_of_a_lost_router_do_too() {
    let lost = Fault::LockTaken { when: When::config_line(2), kept: true };
    for (name, status, fault) in
        [("undone", 3, Fault::refuse(When::matching("bridge 1 bridge-only"))), ("lost", 4, lost)]
    {
        let bench = Bench::with_fault(fault);
        own_book(&bench, "");
        apply(&bench, &["--yes"]).exits(status);
        looked_at(name, &record(&bench));
    }
}

#[test]
#[ignore = "needs Chromium"]
fn the_page_of_ten_thousand_routers_opens_with_all_of_them() {
    let refusing = Fault::refuse(When::matching("bridge 1 bridge-only"));
    let mut spec = prepared("q3");
    spec.faults = vec![refusing];
    let bench = Bench::new(vec![(prepared("r3"), router3("r3")), (spec, router3("q3"))]);
    own_book(&bench, "");
    apply(&bench, &["--yes"]).exits(3);
    let mut record = record(&bench);
    let two = record.routers.clone();
    let one = |number: usize| {
        let mut one = two[usize::from(number % 100 == 3)].clone();
        one.router = format!("clinic-{number:05}-r1");
        one.site = format!("clinic-{number:05}");
        one
    };
    record.routers = (0..10_000).map(one).collect();
    record.is_detailed = false;
    let folder = tempfile::tempdir().unwrap();
    let page = html(&work_page(&record), Languages::One(Lang::Ja));
    assert!(page.len() < 20 * 1024 * 1024, "{}", page.len());
    assert_eq!(look(folder.path(), "fleet-ja", &page), 10_000);
}
