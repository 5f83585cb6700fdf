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

#[test]
#[cfg(unix)]
fn a_second_way_waits_for_the_router_that_is_under_way_on_its_console() {
    use mock_device::{Fault, When};
    // Router a is changed over a console, slowly. Router b cuts its own path, and its second way is that very console.
    let mut slow = prepared("a3");
    slow.transports = vec![TransportSpec::Serial { baud: None }];
    slow.faults = vec![Fault::Slow { when: When::matching("^ntp interval"), millis: 9_000, times: 1 }];
    let console = crate::harness::Declared { console_login: true, lifeline: None, ..router3("a3") };
    let bench = Bench::new(vec![(slow, console), (prepared("b3"), router3("b3"))]);
    let port = bench.endpoint("a3").path.clone().unwrap();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let (a, b) = inventory.split_at(inventory.find("      b3:").unwrap());
    let way =
        format!("        second_way: {{ serial: {{ port: \"{}\", {LOGIN} }} }}\n        deadlines:", port.display());
    std::fs::write(bench.path("clinics.yaml"), format!("{a}{}", b.replacen("        deadlines:", &way, 1))).unwrap();
    let book = "version: 1\nname: both\nplays:\n  - routers: a3\n    roles: [clock]\n  - routers: b3\n    roles: [move]\n\
        allow_lifeline_change: true\nrollout: { concurrency: 2, max_failures: 2 }\n";
    std::fs::write(bench.path("both.yaml"), book).unwrap();
    let roles = [
        ("clock", "ntp", "ntp ip enable\nntp interval 600\n"),
        ("move", "interface GigaEthernet2.0", "interface GigaEthernet2.0\n  ip address 192.0.2.67/28\n  no shutdown\n"),
    ];
    for (name, owned, lines) in roles {
        let role = bench.path("roles").join(name);
        std::fs::create_dir_all(&role).unwrap();
        let text = format!("version: 1\ntitle: {{ en: One, ja: 一 }}\nowns: [\"{owned}\"]\ntemplates: [lines.ix.j2]\n");
        std::fs::write(role.join("role.yaml"), text).unwrap();
        std::fs::write(role.join("lines.ix.j2"), lines).unwrap();
    }
    bench.run(&["apply", "both.yaml", "-i", "clinics.yaml", "--yes"]).exits(4).says("is in use for another router");
    assert_eq!(bench.running("a3"), bench.startup("a3"), "nobody typed into its session");
    assert!(bench.running("a3").contains("ntp interval 600"));
}
