//! The other ways to a router, each through the built program: telnet, console servers, programs on a terminal.

use mock_device::TransportSpec;

use crate::harness::{Bench, prepared, router3};

/// A bench of one prepared router that is reached as `connection` says.
fn bench(transport: TransportSpec, connection: impl Fn(&str) -> String) -> Bench {
    let mut spec = prepared("r3");
    // The console the inventory means, and the way the harness knows.
    spec.transports = vec![transport];
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    let end = bench.endpoint("r3");
    let place = match (&end.path, end.port) {
        (Some(path), _) => path.display().to_string(),
        (None, port) => port.unwrap_or_default().to_string(),
    };
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let old = inventory.lines().find(|line| line.trim_start().starts_with("connection:")).unwrap();
    let new = format!("        connection: {{ {} }}", connection(&place));
    std::fs::write(bench.path("clinics.yaml"), inventory.replace(old, &new)).unwrap();
    bench
}

const LOGIN: &str = "login: { user: admin, password: admin-password }";

#[test]
fn a_router_is_changed_over_its_own_telnet_server() {
    let bench = bench(TransportSpec::Telnet, |port| format!("telnet: {{ host: 127.0.0.1, port: {port}, {LOGIN} }}"));
    bench.apply(&["--phase", "bench"]).exits(0);
    bench.plan(&[]).exits(0);
}

#[test]
fn a_console_server_leads_to_a_console_whose_box_must_be_known() {
    // The router's telnet server stands for a console server: it asks for the login as a console does. It is only read, since
    // the change that a console survives would cut it.
    let console = |port: &str| {
        format!("console_server: {{ host: 127.0.0.1, port: {port}, service: telnet, baud: 115200, {LOGIN} }}")
    };
    let bench = bench(TransportSpec::Telnet, console);
    bench.plan(&[]).exits(2);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let nameless: String =
        inventory.lines().filter(|line| !line.contains("identity:")).map(|l| format!("{l}\n")).collect();
    std::fs::write(bench.path("clinics.yaml"), nameless).unwrap();
    bench.apply(&["--phase", "bench"]).exits(1).says("identity.unconfirmed");
}

#[test]
#[cfg(unix)]
fn a_program_leads_to_a_console() {
    let program = |path: &str| {
        format!(
            "command: {{ words: [sh, -c, \"stty raw -echo; cat < {path} & exec cat > {path}\"], baud: 115200, {LOGIN} }}"
        )
    };
    let bench = bench(TransportSpec::Serial { baud: None }, program);
    let mut run = bench.command(&["plan", &crate::harness::playbook("online-eligibility.yaml"), "-i", "clinics.yaml"]);
    // The program and its tools are found on the search path.
    run.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    bench.finish(run.output().unwrap()).exits(2);
}
