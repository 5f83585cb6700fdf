//! What decided each line: shown by `--why`, in the JSON, where a router refuses a line and where it is not as declared; also from a plan
//! in a file.

use mock_device::{Fault, When};

use crate::harness::{Bench, playbook};

const VARS: &str = "ntt_area: west, extra_domains: [\"*new.example\"]";
const LINE: &str = "url-list online-sikaku permit domain *new.example";
const ROLE: &str = include_str!("../../playbooks/roles/add-domain/role.yaml");

/// Where the template and the inventory of a bench say that line.
fn origin(bench: &Bench) -> [String; 2] {
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let number = inventory.lines().position(|line| line.contains("*new.example")).unwrap() + 1;
    ["url-list.ix.j2:10".to_owned(), format!("clinics.yaml:{number}")]
}

/// Where the role of the playbook that adds a domain says what it owns.
fn owner() -> String {
    let number = ROLE.lines().position(|line| line.starts_with("owns:")).unwrap() + 1;
    format!("add-domain/role.yaml:{number}")
}

/// A router as the playbook built it, and an inventory with one more domain.
fn with_a_new_domain() -> Bench {
    let mut bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    bench.declare(|router| router.vars = VARS.to_owned());
    bench
}

#[test]
fn a_plan_shows_the_template_and_the_value_beside_each_line() {
    let bench = with_a_new_domain();
    let (add, [template, value]) = (playbook("add-domain.yaml"), origin(&bench));
    let told = format!("{LINE}  ({template}, {value})");
    bench.run(&["plan", &add, "-i", "clinics.yaml", "--why"]).exits(2).says(&told);
    bench.run(&["verify", &add, "-i", "clinics.yaml", "--why"]).exits(2).says(&told);
    let silent = bench.run(&["plan", &add, "-i", "clinics.yaml"]).exits(2);
    assert!(silent.stdout.contains(LINE) && !silent.stdout.contains(&template), "{}", silent.stdout);
    let json = bench.run(&["--format", "json", "plan", &add, "-i", "clinics.yaml"]).exits(2).json();
    let expected = serde_json::json!([{ "line": 1, "template": template, "values": [value] }]);
    assert_eq!(json["routers"][0]["origins"], expected);
}

#[test]
fn a_plan_shows_what_owns_a_line_that_it_takes_away() {
    let mut bench = with_a_new_domain();
    let add = playbook("add-domain.yaml");
    bench.run(&["apply", &add, "-i", "clinics.yaml", "--yes"]).exits(0);
    bench.declare(|router| router.vars = "ntt_area: west".to_owned());
    let told = format!("no {LINE}  (not in the rendering, owned by {})", owner());
    bench.run(&["plan", &add, "-i", "clinics.yaml", "--why", "-o", "plan.json"]).exits(2).says(&told);
    let json = bench.run(&["--format", "json", "plan", &add, "-i", "clinics.yaml"]).exits(2).json();
    assert_eq!(json["routers"][0]["origins"], serde_json::json!([{ "line": 1, "owns": owner() }]));
    bench.mock.inject("r3", Fault::refuse(When::matching("new.example"))).unwrap();
    let apply = ["apply", "plan.json", "-i", "clinics.yaml", "--yes"];
    bench.run(&apply).exits(3).says("router.refused-line").says(&format!("(owns: {})", owner()));
}

#[test]
fn a_refused_line_names_its_template_and_its_value() {
    let mut bench = Bench::with_fault(Fault::refuse(When::matching("new.example")));
    bench.declare(|router| router.vars = VARS.to_owned());
    let [template, value] = origin(&bench);
    bench.apply(&["--phase", "bench"]).exits(3).says("router.refused-line").says(&format!("({template}, {value})"));
}

#[test]
fn a_line_that_is_not_there_after_the_change_names_its_template_and_its_value() {
    let bench = with_a_new_domain();
    let [template, value] = origin(&bench);
    let ignored = Fault::Refuse {
        when: When::matching("new.example"),
        text: Some("% A notice that is not a refusal.".to_owned()),
        times: 1,
    };
    bench.mock.inject("r3", ignored).unwrap();
    let apply = ["apply", &playbook("add-domain.yaml"), "-i", "clinics.yaml", "--yes"];
    bench.run(&apply).exits(3).says("router.still-differs").says(&format!("written in {template}, {value}"));
}

#[test]
fn a_plan_from_a_file_says_where_its_lines_come_from_without_the_templates() {
    let bench = with_a_new_domain();
    let (add, [template, value]) = (playbook("add-domain.yaml"), origin(&bench));
    bench.run(&["plan", &add, "-i", "clinics.yaml", "-o", "plan.json"]).exits(2);
    let kept = bench.kept_plan("plan.json");
    let entry = &kept["routers"][0];
    assert_eq!(entry["origins"], serde_json::json!([{ "line": 1, "template": template, "values": [value] }]));
    let files = entry["intent"]["desired"]["rendered"]["origins"]["files"].as_array().unwrap();
    assert_eq!(files.len(), 3, "{files:?}");
    let shown = bench.run(&["show", "plan.json"]).exits(0).says("made by").says("══ r3").says("Checks and policy: r3");
    assert!(shown.stdout.contains(&format!("{LINE}  ({template}, {value})")), "{}", shown.stdout);
    let undo = bench.run(&["show", "plan.json", "--undo"]).exits(0);
    assert_eq!(undo.stdout, format!("! r3\nno {LINE}\n"));
    bench.run(&["show", "no-plan.json"]).exits(1).says("no-plan.json");
    for (text, code, said) in [
        (None, "router.refused-line", format!("({template}, {value})")),
        (
            Some("% A notice that is not a refusal.".to_owned()),
            "router.still-differs",
            format!("written in {template}, {value}"),
        ),
    ] {
        bench.mock.inject("r3", Fault::Refuse { when: When::matching("new.example"), text, times: 1 }).unwrap();
        let apply = ["apply", "plan.json", "-i", "clinics.yaml", "--yes", "--why"];
        bench.run(&apply).exits(3).says(code).says(&said).says(&format!("{LINE}  ({template}, {value})"));
    }
}
