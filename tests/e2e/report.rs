//! The work record that a customer files: made from the journal alone, in every format, without a secret and without a router.

use std::path::Path;

use mock_device::{Fault, When};

use crate::harness::{Bench, HostKey, assert_clean, assert_visible, prepared, router3};
use crate::lost::{apply, last_run, own_book};
use crate::secrets::full_of_secrets;

/// The record of the last run in a format, from a file.
fn report(bench: &Bench, format: &str, more: &[&str]) -> String {
    let file = format!("report.{format}");
    let words = ["--format", format, "report", "last", "-o", &file];
    bench.run(&[&words[..], more].concat()).exits(0).says(&file);
    let text = std::fs::read_to_string(bench.path(&file)).unwrap();
    assert_clean(format, &text);
    assert_visible(format, text.trim_start_matches('\u{feff}').replace("\r\n", "\n").as_str());
    text
}

const FORMATS: [&str; 5] = ["html", "md", "csv", "junit", "json"];

#[test]
fn a_record_holds_what_was_done_and_its_proofs_and_no_secret_and_meets_no_router() {
    let bench = Bench::new(vec![full_of_secrets("r3")]);
    bench.plan(&["-o", "plan.json"]).exits(2);
    bench.run(&["apply", "plan.json", "-i", "clinics.yaml", "--yes", "--phase", "bench"]).exits(0);
    let met = bench.events("r3").len();
    let [html, md, csv, junit, json] = FORMATS.map(|format| report(&bench, format, &[]));
    assert_eq!(bench.events("r3").len(), met, "a report meets no router");
    let record: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(record["schema"], "ixdeploy-report/1");
    let one = &record["routers"][0];
    assert!(one["state"] == "saved" && one["save"]["proof"] == "proven", "{one}");
    assert!(one["outage"]["known_gaps"].is_u64(), "the kept plan says where traffic stops: {}", one["outage"]);
    assert!(one["configurations"]["after"].as_str().unwrap().contains("interface GigaEthernet1.0"), "{one}");
    for proven in ["SHA256:", record["run"]["plan_sha256"].as_str().unwrap(), "pinned"] {
        assert!(html.contains(proven), "{proven}");
    }
    for said in ["equals what was judged", "Not used.", "ppp profile isp", "--phase bench"] {
        assert!(html.contains(said), "{said}: {html}");
    }
    assert!(md.contains("## Router r3") && csv.starts_with("\u{feff}\"row\"") && junit.contains("<testsuite id=\"0\""));
    let told = bench.run(&["--format", "json", "report", "last"]).exits(0).json();
    assert_eq!(told["report"], record, "the document on stdout holds the same");
}

#[test]
fn a_playbook_that_was_applied_at_once_has_the_hash_of_the_plans_that_were_carried_out() {
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    let record: serde_json::Value = serde_json::from_str(&report(&bench, "json", &[])).unwrap();
    let one = record["routers"][0]["plan_sha256"].as_str().unwrap();
    let listed = ixdeploy::run::sha256(format!("{one}  r3\n").as_bytes());
    assert!(record["run"]["plan_sha256"].is_null(), "no plan was approved by its hash: {}", record["run"]);
    assert_eq!(record["run"]["made_plans_sha256"], listed.as_str());
    assert_eq!(record["run"]["title"]["ja"], "オンライン資格確認の導入", "the work has its name, not a path alone");
    let html = report(&bench, "html", &[]);
    assert!(html.contains(&listed) && html.contains("none was approved by its hash beforehand"), "{html}");
    assert!(html.contains("before the change") && !html.contains("Displays before the change: "), "{html}");
}

#[test]
fn a_host_key_that_plan_accepted_at_first_use_is_a_deviation_of_the_later_apply() {
    let mut bench = Bench::one();
    bench.declare(|router| router.host_key = HostKey::KnownHosts);
    bench.plan(&["--record-host-key"]).exits(2);
    bench.apply(&["--phase", "bench"]).exits(0);
    let html = report(&bench, "html", &[]);
    for said in ["accepted at first use", "when an earlier command recorded it as it was first seen"] {
        assert!(html.contains(said), "{said}: {html}");
    }
    assert!(!html.contains("nothing proved the host key"), "it was not this run: {html}");
}

#[test]
fn the_record_of_a_failure_begins_with_what_to_do() {
    let lost = Fault::LockTaken { when: When::config_line(2), kept: true };
    for (fault, status, first) in [
        (Fault::refuse(When::matching("bridge 1 bridge-only")), 3, "To try it again"),
        (lost, 4, "say on the phone: 「"),
    ] {
        let bench = Bench::with_fault(fault);
        own_book(&bench, "");
        apply(&bench, &["--yes"]).exits(status);
        let html = report(&bench, "html", &[]);
        let (before, _) = html.split_once("<h2").unwrap();
        assert!(before.contains(first), "{before}");
        FORMATS.iter().for_each(|format| drop(report(&bench, format, &[])));
    }
}

#[test]
fn a_clinics_telephone_number_is_printed_only_where_it_was_asked_for() {
    let bench = Bench::with_fault(Fault::LockTaken { when: When::config_line(2), kept: true });
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let site = "  site-r3:\n    title: 佐藤医院\n    phone: \"03-0000-1234\"\n";
    std::fs::write(bench.path("clinics.yaml"), inventory.replace("  site-r3:\n", site)).unwrap();
    own_book(&bench, "");
    apply(&bench, &["--yes"]).exits(4);
    for format in FORMATS {
        assert!(!report(&bench, format, &[]).contains("03-0000-1234"), "{format}");
    }
    let html = report(&bench, "html", &["--contacts"]);
    assert!(html.contains("佐藤医院 03-0000-1234"), "{html}");
}

#[test]
fn routers_are_chosen_by_their_names_and_those_of_their_sites() {
    let bench = Bench::new(vec![(prepared("r3"), router3("r3")), (prepared("q3"), router3("q3"))]);
    own_book(&bench, "");
    apply(&bench, &["--yes"]).exits(0);
    let routers = |limit: &str| {
        let text = report(&bench, "json", &["-l", limit]);
        let record: serde_json::Value = serde_json::from_str(&text).unwrap();
        record["routers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["router"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(routers("site-q3"), ["q3"]);
    assert_eq!(routers("!q*"), ["r3"]);
    bench.run(&["report", "last", "-l", "none"]).exits(1).says("usage.arguments");
    bench.run(&["--format", "text", "report", "last"]).exits(1).says("usage.format").says("html, md, csv, junit, json");
    bench.run(&["--format", "html", "show", "last"]).exits(1).says("usage.format");
}

#[test]
fn what_cannot_be_read_any_more_is_said_and_a_file_that_cannot_be_written_is_a_message() {
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    std::fs::remove_file(bench.path("state/journal.key")).unwrap();
    let html = report(&bench, "html", &[]);
    assert!(html.contains("Not here: "), "{html}");
    let run = last_run(&bench);
    bench.run(&["report", &run, "-o", "no/such/folder/report.html"]).exits(1).says("machine.io");
    assert!(!Path::new(&bench.path("no")).exists());
}

#[test]
fn a_run_has_a_page_of_its_own_and_one_of_each_site_beside_it() {
    let bench = Bench::new(vec![(prepared("r3"), router3("r3")), (prepared("q3"), router3("q3"))]);
    own_book(&bench, "");
    apply(&bench, &["--yes"]).exits(0);
    bench.run(&["report", "last", "--pages", "night"]).exits(0).says("2 site(s)");
    let read = |name: &str| std::fs::read_to_string(bench.path("night").join(name)).unwrap();
    let index = read("index.html");
    let links: Vec<&str> = index.split("href=\"sites/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(links.len(), 2, "{index}");
    for link in links {
        let page = read(&format!("sites/{link}"));
        assert_clean(link, &page);
        assert!(
            page.contains("running configuration after the save") && page.contains("equals what was judged"),
            "{page}"
        );
    }
    bench.run(&["--format", "csv", "report", "last", "--pages", "night"]).exits(1).says("usage.format");
}

#[test]
fn a_kept_plan_has_a_work_plan_with_its_exact_lines_and_no_secret_and_meets_no_router() {
    let bench = Bench::new(vec![full_of_secrets("r3")]);
    bench.plan(&["-o", "plan.json"]).exits(2);
    let met = bench.events("r3").len();
    let work_plan = |format: &str| {
        let file = format!("work-plan.{format}");
        let words = ["--format", format, "report", "plan.json", "--work-plan", "-o", &file];
        bench.run(&words).exits(0).says(&file);
        let text = std::fs::read_to_string(bench.path(&file)).unwrap();
        assert_clean(format, &text);
        assert_visible(format, text.trim_start_matches('\u{feff}').replace("\r\n", "\n").as_str());
        text
    };
    let kept: serde_json::Value = bench.run(&["--format", "json", "show", "plan.json"]).exits(0).json();
    let commands = kept["plan"]["routers"][0]["commands"].as_array().unwrap();
    let [csv, html, md] = ["csv", "html", "md"].map(work_plan);
    for command in commands {
        let command = command.as_str().unwrap();
        assert!(csv.contains(&format!("\"{}\"", command.replace('"', "\"\""))), "{command}: {csv}");
    }
    assert!(html.contains("write memory") && html.contains(kept["plan_sha256"].as_str().unwrap()), "{html}");
    assert!(html.contains("********"), "secret lines are shown masked: {html}");
    assert!(md.contains("## Router r3"), "{md}");
    assert_eq!(bench.events("r3").len(), met, "a work plan meets no router");
    bench.run(&["--format", "json", "report", "plan.json", "--work-plan"]).exits(1).says("html, md, csv");
    bench.run(&["report", "plan.json"]).exits(1).says("--work-plan");
    bench.run(&["report", "plan.json", "--work-plan", "plan.json"]).exits(1).says("two plans");
    bench.run(&["report", "plan.json", "--work-plan", "-l", "none"]).exits(1).says("none");
}

#[test]
fn the_record_of_a_run_is_laid_beside_the_plan_that_it_kept_step_by_step() {
    let bench = Bench::new(vec![(prepared("r3"), router3("r3")), (prepared("q3"), router3("q3"))]);
    bench.plan(&["-o", "plan.json"]).exits(2);
    bench.run(&["apply", "plan.json", "-i", "clinics.yaml", "--yes", "--phase", "bench"]).exits(0);
    let beside = |more: &[&str]| {
        let words = ["--format", "csv", "report", "last", "-o", "beside.csv", "--work-plan"];
        bench.run(&[&words[..], more].concat()).exits(0);
        let csv = std::fs::read_to_string(bench.path("beside.csv")).unwrap();
        assert_clean("csv", &csv);
        csv
    };
    for csv in [beside(&[]), beside(&["plan.json"])] {
        let saves: Vec<&str> = csv.split("\r\n").filter(|row| row.contains("\"write memory\"")).collect();
        assert_eq!(saves.len(), 2, "{csv}");
        assert!(csv.split("\r\n").any(|row| row.contains("\"Change\"") && row.contains(",\"OK\",\"\"")), "{csv}");
    }
    assert!(!beside(&["-l", "q3"]).contains("site-r3"));
    bench.run(&["report", "last", "--work-plan", "--pages", "beside"]).exits(0).says("2 site(s)");
    let index = std::fs::read_to_string(bench.path("beside/index.html")).unwrap();
    assert_eq!(index.matches("href=\"sites/").count(), 2, "{index}");
    assert!(!index.contains("did not rest on this plan file"), "{index}");
    bench.run(&["report", "plan.json", "--work-plan", "--pages", "plans", "-i", "clinics.yaml"]).exits(0);
    let mut pages = std::fs::read_dir(bench.path("plans/sites")).unwrap().map(|page| page.unwrap().path());
    let page = pages.find(|page| page.to_string_lossy().ends_with("-site-q3.html")).unwrap();
    assert!(std::fs::read_to_string(page).unwrap().contains("signature, seal"));
}

/// The security facts in a format, from a file.
fn security(bench: &Bench, format: &str, more: &[&str]) -> String {
    let file = format!("security.{format}");
    let words = ["--format", format, "report", "--security", "-i", "clinics.yaml", "-o", &file];
    bench.run(&[&words[..], more].concat()).exits(0).says(&file);
    let text = std::fs::read_to_string(bench.path(&file)).unwrap();
    assert_clean(format, &text);
    assert_visible(format, text.trim_start_matches('\u{feff}').replace("\r\n", "\n").as_str());
    text
}

#[test]
fn the_security_facts_of_a_router_are_those_of_its_newest_backup_and_no_secret_and_meet_no_router() {
    let bench = Bench::new(vec![full_of_secrets("r3"), (prepared("q3"), router3("q3"))]);
    bench.apply(&["-l", "r3", "--phase", "bench"]).exits(0);
    let met = bench.events("r3").len() + bench.events("q3").len();
    let list = "version: 1\ntitle: ours\nitems: [{ item: 1-1, text: who comes in, facts: [ssh-server] }]\n";
    std::fs::write(bench.path("list.yaml"), list).unwrap();
    let [html, md, csv, json] =
        ["html", "md", "csv", "json"].map(|format| security(&bench, format, &["--checklist", "list.yaml"]));
    assert_eq!(bench.events("r3").len() + bench.events("q3").len(), met, "it meets no router");
    let record: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(record["schema"], "ixdeploy-security/1");
    let by_name = |name: &str| {
        let mut routers = record["routers"].as_array().unwrap().iter();
        routers.find(|one| one["router"] == name).unwrap().clone()
    };
    let (seen, unseen) = (by_name("r3"), by_name("q3"));
    let answer = |one: &serde_json::Value, fact: &str| {
        let mut findings = one["findings"].as_array().unwrap().iter();
        findings.find(|finding| finding["fact"] == fact).unwrap()["answer"].clone()
    };
    for (fact, expected) in
        [("ledger", "yes"), ("verified-backup", "yes"), ("ssh-server", "yes"), ("administrator", "yes")]
    {
        assert_eq!(answer(&seen, fact), expected, "{fact}: {seen}");
    }
    assert!(seen["backup"]["after"] == true && seen["backup"]["days"] == 0, "{}", seen["backup"]);
    assert!(seen["users"][0]["age"] == "seen-since", "{}", seen["users"]);
    assert!(unseen["backup"].is_null() && answer(&unseen, "ssh-server") == "not-known", "{unseen}");
    for text in [&html, &md, &csv] {
        assert!(text.contains("no legal judgement") && text.contains("who comes in"), "{text}");
    }
}

#[test]
fn the_security_facts_need_an_inventory_and_a_checklist_names_facts_that_there_are() {
    let bench = Bench::one();
    bench.run(&["report", "--security"]).exits(1).says("--inventory");
    bench.run(&["report", "last", "--security", "-i", "clinics.yaml"]).exits(1);
    let words = ["report", "--security", "-i", "clinics.yaml"];
    bench.run(&[&["--format", "junit"][..], &words].concat()).exits(1).says("usage.format");
    let list = "version: 1\ntitle: ours\nitems: [{ item: 1-1, text: who comes in, facts: [ssh-servr] }]\n";
    std::fs::write(bench.path("list.yaml"), list).unwrap();
    bench.run(&[&words[..], &["--checklist", "list.yaml"]].concat()).exits(1).says("did you mean `ssh-server`?");
}
