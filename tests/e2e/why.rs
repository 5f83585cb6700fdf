//! Where each line comes from: shown by `plan --why`, in the JSON, and where a router refuses a line.

use mock_device::{Fault, When};

use crate::harness::{Bench, playbook};

const VARS: &str = "ntt_area: west, extra_domains: [\"*new.example\"]";
const LINE: &str = "url-list online-sikaku permit domain *new.example";

/// Where the template and the inventory of a bench say that line.
fn origin(bench: &Bench) -> [String; 2] {
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let number = inventory.lines().position(|line| line.contains("*new.example")).unwrap() + 1;
    ["url-list.ix.j2:10".to_owned(), format!("clinics.yaml:{number}")]
}

#[test]
fn plan_shows_the_template_and_the_value_beside_each_line() {
    let mut bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    bench.declare(|router| router.vars = VARS.to_owned());
    let (add, [template, value]) = (playbook("add-domain.yaml"), origin(&bench));
    let told = format!("{LINE}  ({template}, {value})");
    bench.run(&["plan", &add, "-i", "clinics.yaml", "--why"]).exits(2).says(&told);
    let silent = bench.run(&["plan", &add, "-i", "clinics.yaml"]).exits(2);
    assert!(silent.stdout.contains(LINE) && !silent.stdout.contains(&template), "{}", silent.stdout);
    let json = bench.run(&["--format", "json", "plan", &add, "-i", "clinics.yaml"]).exits(2).json();
    let expected = serde_json::json!([{ "line": 1, "template": template, "values": [value] }]);
    assert_eq!(json["routers"][0]["origins"], expected);
    // What is taken away was asked for by no line.
    bench.run(&["apply", &add, "-i", "clinics.yaml", "--yes"]).exits(0);
    bench.declare(|router| router.vars = "ntt_area: west".to_owned());
    bench.run(&["plan", &add, "-i", "clinics.yaml", "--why"]).exits(2).says("(owned, and not in the rendering)");
}

#[test]
fn a_refused_line_names_its_template_and_its_value() {
    let mut bench = Bench::with_fault(Fault::refuse(When::matching("new.example")));
    bench.declare(|router| router.vars = VARS.to_owned());
    let [template, value] = origin(&bench);
    bench.apply(&["--phase", "bench"]).exits(3).says("router.refused-line").says(&format!("({template}, {value})"));
}
