//! Pages in a real browser: nothing is wider than the screen or cut off, every text has contrast, and no rule of axe-core that our elements can
//! break is broken (`accessible.js` has them by their names).
//!
//! They need Chromium, so they run only where they are asked for (`cargo test --test e2e -- --ignored pages::`; `.ci/run` does, where it
//! can be installed). Pictures and printed pages are kept in `target/tmp/pages`, for a person to look at. The pictures in docs are made by
//! `IXDEPLOY_UPDATE=1 cargo test --workspace --test e2e -- --ignored pages::the_documents`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::SystemTime;

use ixdeploy::cancel::Cancel;
use ixdeploy::journal::Journal;
use ixdeploy::message::Lang;
use ixdeploy::record::Readers;
use ixdeploy::report::{
    Languages, SecurityRecord, SitePages, WorkPlan, WorkRecord, html, security_page, work_page, work_plan_page,
};
use ixdeploy::run::{
    EvidenceRequest, NoOperator, PlannedWorkRequest, RunEnv, SecurityRequest, evidence, planned_work, security,
};
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

/// What an accessibility checker would find there.
const ACCESSIBLE: &str = include_str!("accessible.js");

/// The pages of these names in a frame of each width, side by side, with this script around them.
fn framed(folder: &Path, names: &[&str], script: &str) -> PathBuf {
    let frame = |name: &str, width: u32| {
        format!("<iframe style=\"width:{width}px;height:1600px;border:0;float:left\" src=\"{name}.html\"></iframe>")
    };
    let frames: String = names.iter().flat_map(|name| WIDTHS.map(|width| frame(name, width))).collect();
    let file = folder.join("around.html");
    let around = format!("<!DOCTYPE html><meta charset=\"utf-8\"><body style=\"margin:0\">{frames}{script}");
    std::fs::write(&file, around).unwrap();
    file
}

/// What is found in the page of this name, by its widths.
fn measured(folder: &Path, name: &str) -> Vec<Value> {
    all_measured(folder, &[name])
}

/// What is found in the pages of these names, each by its widths. One start of the browser does for all of them: the start is what takes time.
fn all_measured(folder: &Path, names: &[&str]) -> Vec<Value> {
    let name = names.join(", ");
    let around = framed(folder, names, &format!("<script>{ACCESSIBLE}\n{MEASURE}</script>"));
    let url = format!("file://{}", around.display());
    let size = format!("--window-size={},1600", WIDTHS.iter().sum::<u32>());
    let output = chromium().args(["--virtual-time-budget=20000", &size, "--dump-dom", &url]).output().unwrap();
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let result = dom.split_once("<pre id=\"result\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let (result, _) = result.unwrap_or_else(|| panic!("{name}: nothing was measured: {dom}"));
    let results: Vec<Value> =
        serde_json::from_str(&result.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")).unwrap();
    assert_eq!(results.len(), names.len() * WIDTHS.len(), "{name}");
    results
}

/// Looks at these pages at each width with one start of the browser, and keeps one picture of them all.
fn look_at_all(kept_as: &str, pages: &[(&str, String)]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, page) in pages {
        let file = folder.path().join(format!("{name}.html"));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, page).unwrap();
    }
    let names: Vec<&str> = pages.iter().map(|(name, _)| *name).collect();
    let looked_at = names.iter().flat_map(|name| WIDTHS.map(|width| (name, width)));
    for (result, (name, width)) in all_measured(folder.path(), &names).iter().zip(looked_at) {
        assert_eq!(result["found"], serde_json::json!([]), "{name} at {width} pixels");
    }
    let height = 1600 * u32::try_from(names.len()).unwrap();
    let picture = kept().join(format!("{kept_as}.png"));
    take_picture(&framed(folder.path(), &names, ""), [WIDTHS.iter().sum(), height], &picture);
}

/// Takes a picture of the beginning of a page.
fn take_picture(page: &Path, size: [u32; 2], picture: &Path) {
    let [width, height] = size;
    let arguments = [
        format!("--screenshot={}", picture.display()),
        format!("--window-size={width},{height}"),
        format!("file://{}", page.display()),
    ];
    assert!(chromium().args(arguments).output().unwrap().status.success());
}

/// Looks at a page at each width, prints it, keeps a picture of all widths, and gives back how many rows can be searched.
fn look(folder: &Path, name: &str, page: &str) -> u64 {
    let file = folder.join(format!("{name}.html"));
    std::fs::write(&file, page).unwrap();
    let mut rows = 0;
    for (result, width) in measured(folder, name).iter().zip(WIDTHS) {
        assert_eq!(result["found"], serde_json::json!([]), "{name} at {width} pixels");
        rows = result["rows"].as_u64().unwrap();
    }
    take_picture(&framed(folder, &[name], ""), [WIDTHS.iter().sum(), 1600], &kept().join(format!("{name}.png")));
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

#[test]
#[ignore = "needs Chromium"]
fn the_security_facts_of_one_router_and_of_a_fleet_read_on_a_phone_at_a_desk_and_on_paper() {
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    let list = "version: 1\ntitle: our own list\nsource: the clinic\nitems:\n\
                - { item: 1-1, text: who comes in, facts: [remote-maintenance, source-restricted] }\n\
                - { item: 1-2, text: staff is trained }\n";
    std::fs::write(bench.path("list.yaml"), list).unwrap();
    let journal = Journal::open(&bench.path("state"), Arc::new(())).unwrap();
    let env = RunEnv::new(bench.path("state"), Arc::new(NoOperator), Readers::default(), Cancel::default());
    let request = SecurityRequest {
        inventory: bench.path("clinics.yaml"),
        limit: None,
        from_backup: None,
        checklist: Some(bench.path("list.yaml")),
        contacts: true,
        now: SystemTime::now(),
    };
    let mut record = SecurityRecord::of(security(&env, &journal, &request).unwrap());
    let folder = tempfile::tempdir().unwrap();
    for (lang, languages) in languages() {
        look(folder.path(), &format!("security-{lang}"), &html(&security_page(&record), languages));
    }
    record.routers = vec![record.routers[0].clone(); 500];
    record.is_detailed = false;
    let page = html(&security_page(&record), Languages::One(Lang::Ja));
    assert_eq!(look(folder.path(), "security-fleet-ja", &page), 500);
}

#[test]
#[ignore = "needs Chromium"]
fn the_work_plan_reads_on_a_phone_at_a_desk_and_on_paper_also_with_its_record() {
    let bench = Bench::one();
    bench.plan(&["-o", "plan.json"]).exits(2);
    let work = || {
        let plan = Some(bench.path("plan.json"));
        let request = PlannedWorkRequest { plan, inventory: Some(bench.path("clinics.yaml")), ..Default::default() };
        WorkPlan::of(&planned_work(&request).unwrap())
    };
    let look_at = |name: &str, plan: &WorkPlan| {
        let folder = tempfile::tempdir().unwrap();
        let page = work_plan_page(plan, &SitePages::default());
        for (lang, languages) in languages() {
            look(folder.path(), &format!("{name}-{lang}"), &html(&page, languages));
        }
    };
    look_at("work-plan", &work());
    bench.run(&["apply", "plan.json", "-i", "clinics.yaml", "--yes", "--phase", "bench"]).exits(0);
    look_at("side-by-side", &work().beside(&record(&bench)));
}

/// What a command writes in this language into a file of this name.
fn written(bench: &Bench, lang: &str, words: &[&str], file: &str) -> String {
    let mut command = test_support::program::program();
    command.args(["--lang", lang]).args(words).args(["-o", file]);
    let output = command.env("IXDEPLOY_STATE_DIR", bench.path("state")).current_dir(bench.path(".")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read_to_string(bench.path(file)).unwrap()
}

#[test]
#[ignore = "needs Chromium"]
fn labels_a_folder_of_pages_an_imported_and_a_detached_run_read_on_every_screen() {
    let bench = Bench::new(vec![(prepared("r3"), router3("r3")), (prepared("q3"), router3("q3"))]);
    own_book(&bench, "");
    let detached =
        ["--format", "json", "apply", "own.yaml", "-i", "clinics.yaml", "--phase", "bench", "--detach", "--yes"];
    let run = bench.run(&detached).exits(0).json()["run"].as_str().unwrap().to_owned();
    bench.run(&["watch", &run, "--from-start"]).exits(0);
    bench.run(&["export", &run, "run.tar"]).exits(0);
    bench.run(&["--state-dir", "elsewhere", "journal", "import", "run.tar"]).exits(0);
    bench.run(&["report", &run, "--pages", "pages", "-i", "clinics.yaml"]).exits(0);
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let of_site = std::fs::read_dir(bench.path("pages").join(SitePages::FOLDER)).unwrap().next().unwrap().unwrap();
    let mut pages = vec![("folder", read(&bench.path("pages/index.html"))), ("site", read(&of_site.path()))];
    for (name, lang) in [("labels-en", "en"), ("labels-ja", "ja")] {
        pages.push((name, written(&bench, lang, &["report", &run, "--labels"], "labels.html")));
    }
    pages.push(("detached", written(&bench, "ja", &["report", &run], "detached.html")));
    let imported = ["--state-dir", "elsewhere", "report", &run];
    pages.push(("imported", written(&bench, "ja", &imported, "imported.html")));
    look_at_all("others", &pages);
}

#[test]
#[ignore = "needs Chromium"]
fn the_work_plan_of_change_classes_reads_on_every_screen() {
    let names: Vec<String> = (0..21).map(|number| format!("c{number:02}")).collect();
    let bench = Bench::new(names.iter().map(|name| (prepared(name), router3(name))).collect());
    own_book(&bench, "");
    bench.run(&["plan", "own.yaml", "-i", "clinics.yaml", "-o", "plan.json"]).exits(2);
    let page = |lang: &str| written(&bench, lang, &["report", "plan.json", "--work-plan"], "work-plan.html");
    let [en, ja] = ["en", "ja"].map(page);
    assert!(en.contains("What it is, and how it is reached"), "a procedure for each class");
    look_at_all("work-plan-class", &[("class-en", en), ("class-ja", ja)]);
}

/// A page that breaks a rule in each of its lines.
const BROKEN: &str = r##"<!DOCTYPE html><html lang="xx"><head><meta charset="utf-8"><meta name="viewport" content="maximum-scale=1"><title></title></head><body>
<p>outside</p><main><h2>no first</h2><h4></h4><p id="a">x</p><p id="a">x</p><p style="color:#999;background:#fff">pale</p>
<nav aria-label="n"><ul><p>no item</p></ul></nav><nav aria-label="n"></nav><p lang="zz">x</p>
<a href="#a" style="text-decoration:none"></a><input id="i"><select></select>
<table><thead><tr><th></th></tr></thead><tbody></tbody></table>
<table><caption>c</caption><tbody><tr><td>x</td></tr></tbody></table>
<div role="table"></div><table role="table"><caption>d</caption><tbody><tr role="row"><td role="cell">x</td></tr></tbody></table>
<pre style="overflow:auto;width:20px">much too long for it</pre></main></body></html>"##;

#[test]
#[ignore = "needs Chromium"]
fn a_page_that_breaks_the_rules_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("broken.html"), BROKEN).unwrap();
    let found = measured(folder.path(), "broken")[1]["all"].to_string();
    for rule in [
        "html-lang-valid",
        "valid-lang",
        "document-title",
        "meta-viewport",
        "duplicate-id",
        "avoid-inline-spacing",
        "landmark-unique",
        "region",
        "page-has-heading-one",
        "heading-order",
        "empty-heading",
        "list",
        "link-name",
        "link-in-text-block",
        "label",
        "select-name",
        "table-duplicate-name",
        "th-has-data-cells",
        "td-has-header",
        "empty-table-header",
        "scope-attr-valid",
        "aria-allowed-role",
        "aria-required-parent",
        "aria-required-children",
        "scrollable-region-focusable",
        "color-contrast",
    ] {
        assert!(found.contains(rule), "{rule}: {found}");
    }
}

/// The same record without the names of this user and this machine.
fn of_nobody(mut record: WorkRecord) -> WorkRecord {
    let run = &mut record.run;
    let here = ixdeploy::report::who(&run.by, &run.machine, Lang::En);
    for text in &mut run.approvals {
        (text.en, text.ja) = (text.en.replace(&here, "operator@laptop"), text.ja.replace(&here, "operator@laptop"));
    }
    (run.by, run.machine) = ("operator".to_owned(), "laptop".to_owned());
    (run.inventory, run.source) = ("clinics.yaml".to_owned(), "online-eligibility.yaml".to_owned());
    record
}

#[test]
#[ignore = "needs Chromium"]
fn the_documents_show_a_picture_of_the_work_record() {
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    let page = work_page(&of_nobody(record(&bench)));
    let folder = tempfile::tempdir().unwrap();
    for (lang, languages) in [("en", Languages::One(Lang::En)), ("ja", Languages::One(Lang::Ja))] {
        let file = folder.path().join("record.html");
        std::fs::write(&file, html(&page, languages)).unwrap();
        let picture = test_support::program::root().join(format!("docs/work-record.{lang}.png"));
        if std::env::var_os("IXDEPLOY_UPDATE").is_some() {
            take_picture(&file, [794, 1000], &picture);
        }
        let bytes = std::fs::read(&picture).expect("IXDEPLOY_UPDATE=1 makes it");
        assert!(bytes.starts_with(b"\x89PNG") && bytes.len() < 150 * 1024, "{} bytes", bytes.len());
    }
}
