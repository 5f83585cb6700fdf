//! Tests from the laptop's Ethernet port: on a visit they are made, repeated and attested; anywhere else they are not made, and say so. The
//! loopback is the clinic's network.

use std::fs;
use std::path::Path;

use serde_json::Value;
use test_support::name_server::{Answers, NameServer};

use crate::engineer::Engineer;
use crate::harness::{Bench, CLOSED_PORTS, Declared, factory_on_console, playbook};
use crate::identity::copy_folder;

const ATTESTED: &str = "the page opened on the terminal";

/// The shipped playbook, whose first role has these tests more.
fn book(bench: &Bench, server: &NameServer) -> String {
    copy_folder(Path::new(&playbook("roles")), &bench.path("roles"));
    let role = bench.path("roles/router1/role.yaml");
    let closed = CLOSED_PORTS[0];
    let check = |name: &str, laptop: &str| {
        format!(
            "  - name: {name}\n    title: the test {name}\n    phase: bench\n    level: advisory\n    within: 1\n    laptop: {laptop}\n"
        )
    };
    let server = server.address();
    let tests = [
        check("resolves", &format!("{{ lan: 127.0.0.0/8, resolve: www.example.jp, type: A, server: \"{server}\" }}")),
        check("closed", &format!("{{ lan: 127.0.0.1/8, not: {{ connect: \"127.0.0.1:{closed}\" }} }}")),
        check("elsewhere", "{ lan: 240.0.0.0/24, connect: \"240.0.0.1:443\" }"),
    ];
    fs::write(&role, fs::read_to_string(&role).unwrap() + &tests.concat()).unwrap();
    let book = bench.path("own.yaml");
    fs::copy(playbook("online-eligibility.yaml"), &book).unwrap();
    book.display().to_string()
}

fn factory_box() -> Bench {
    let spec = factory_on_console("r1", None);
    let vars = "ntt_area: east".to_owned();
    Bench::new(vec![(spec, Declared { vars, ..Declared::new("r1", "router1") })])
}

fn tests_of(record: &Value) -> Vec<(String, Option<bool>, Option<String>)> {
    let checks = record["routers"][0]["checks"].as_array().unwrap().iter().filter(|one| one.get("told").is_some());
    let one = |check: &Value| {
        let text = |key: &str| check[key].as_str().map(str::to_owned);
        (text("check").unwrap(), check["passed"].as_bool(), text("by"))
    };
    checks.map(one).collect()
}

fn record(bench: &Bench) -> Value {
    bench.run(&["--format", "json", "report", "last"]).exits(0).json()["report"].clone()
}

#[test]
fn a_visit_tests_from_the_laptop_repeats_on_a_key_and_takes_a_persons_word_as_such() {
    let server = NameServer::here(Answers::Address([192, 0, 2, 7].into()));
    let bench = factory_box();
    let book = book(&bench, &server);
    let port = bench.endpoint("r1").path.clone().unwrap().display().to_string();
    let mut engineer = Engineer::with(&bench, &port, &book, &["--phase", "bench"]);
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees("leave:");
    engineer.types("y");
    engineer.sees("[p] ports:");
    engineer.types("y");
    engineer.sees_words("laptop test not made: elsewhere");
    engineer.sees_words("Return alone: go on:");
    let asked = server.asked();
    engineer.types("r");
    engineer.sees_words("Return alone: go on:");
    assert_eq!((asked, server.asked()), (1, 1), "what has passed is not made again");
    engineer.types(&format!("3 ok {ATTESTED}"));
    engineer.sees("Saved and proven");
    engineer.sees_words("laptop test passed: resolves");
    engineer.sees_words("passed by a person's word: elsewhere");
    engineer.sees("leave:");
    engineer.types("q");
    engineer.ends(0);
    let record = record(&bench);
    let test = |name: &str, by: &str| (name.to_owned(), Some(true), Some(by.to_owned()));
    assert_eq!(tests_of(&record), [test("resolves", "laptop"), test("closed", "laptop"), test("elsewhere", "person")]);
    let html = bench.path("report.html");
    bench.run(&["report", "last", "-o", "report.html"]).exits(0);
    let html = fs::read_to_string(html).unwrap();
    for said in ["s word)", "(from the laptop, negative)", ATTESTED, "192.0.2.7", "laptop 127.0.0.1 (lo)"] {
        assert!(html.contains(said), "{said}");
    }
}

#[test]
fn a_run_that_is_no_visit_makes_no_test_and_says_so() {
    let server = NameServer::here(Answers::Address([192, 0, 2, 7].into()));
    let bench = factory_box();
    let book = book(&bench, &server);
    let words = ["apply", &book, "-i", "clinics.yaml", "--yes", "--phase", "bench", "--format", "json"];
    let told = bench.run(&words).exits(0).json();
    let tests = told["routers"][0]["tests"].as_array().unwrap();
    assert_eq!(tests.len(), 3);
    for test in tests {
        assert!(test["passed"].is_null() && test.get("by").is_none(), "{test}");
        assert!(test["told"]["en"].as_str().unwrap().contains("is not a visit"), "{test}");
    }
    assert_eq!(server.asked(), 0);
    assert_eq!(tests_of(&record(&bench)).iter().filter(|(_, passed, _)| passed.is_some()).count(), 0);
}

#[test]
fn what_is_tried_out_at_hand_over_is_in_the_dry_run_the_plan_file_and_the_work_plan() {
    let server = NameServer::here(Answers::Address([192, 0, 2, 7].into()));
    let bench = factory_box();
    let book = book(&bench, &server);
    let plan = ["plan", &book, "-i", "clinics.yaml", "--phase", "bench", "-o", "plan.json"];
    bench.run(&plan).exits(2).says("At hand-over, on a visit, from the laptop: r1").says("test closed: no TCP");
    let japanese = bench.command(&[&plan[..], &["--lang=ja"]].concat()).output().unwrap();
    bench.finish(japanese).exits(2).says("引き渡し時(訪問作業)の PC からの試験: r1");
    let kept: Value = serde_json::from_slice(&fs::read(bench.path("plan.json")).unwrap()).unwrap();
    assert_eq!(kept["hand_over"][0]["routers"], serde_json::json!(["r1"]));
    assert_eq!(kept["hand_over"][0]["tests"].as_array().unwrap().len(), 3);
    bench.run(&["show", "plan.json"]).exits(0).says("test elsewhere: a TCP connection to 240.0.0.1:443 opens");
    bench.run(&["show", "plan.json", "--format", "md"]).exits(0).says("## At hand-over, from the laptop");
    bench.run(&["report", "plan.json", "--work-plan", "-o", "work-plan.html"]).exits(0);
    let page = fs::read_to_string(bench.path("work-plan.html")).unwrap();
    for said in ["Hand-over: tests from the laptop", "resolves: the test resolves", "240.0.0.1:443"] {
        assert!(page.contains(said), "{said}");
    }
    // Applied it is no visit: the tests of the file are listed as not made, and the work plan beside the record says so.
    let apply = ["apply", "plan.json", "-i", "clinics.yaml", "--yes", "--phase", "bench", "--format", "json"];
    let told = bench.run(&apply).exits(0).json();
    assert_eq!(told["routers"][0]["tests"].as_array().unwrap().len(), 3, "{told}");
    bench.run(&["report", "last", "--work-plan", "-o", "beside.html"]).exits(0);
    let page = fs::read_to_string(bench.path("beside.html")).unwrap();
    assert!(page.contains("Hand-over: tests from the laptop") && page.contains("this run is not a visit"));
    assert_eq!(server.asked(), 0);
}
