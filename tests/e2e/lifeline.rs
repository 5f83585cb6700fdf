//! The path that our own session comes in by, where no one declared it: what the router runs tells, and what it does not tell
//! is not touched over the network.

use mock_device::{Mock, RouterSpec, Scenario, Start};

use crate::harness::{Bench, Declared, PASSWORD, prepared};

/// What the mock's client comes from, and the list that lets it in.
const CLIENT: [u8; 4] = [127, 0, 0, 1];
const GUARD: &str = "ip access-list mgmt permit ip src 127.0.0.0/8 dest any\nssh-server ip access-list mgmt\n";

/// A router that is dialled at an address of its own, with no lifeline declared.
fn dialled() -> Bench {
    let mut spec = prepared("r3");
    spec.management_address = "127.0.0.1/8".to_owned();
    // What a prepared router runs, with the list before its SSH server.
    let running = {
        let dir = tempfile::tempdir().unwrap();
        let mock = Mock::start(Scenario { seed: 1, routers: vec![spec.clone()] }, dir.path()).unwrap();
        mock.running_config("r3").unwrap()
    };
    let spec = RouterSpec {
        start: Start::Config(format!("{running}{GUARD}")),
        client_address: Some(CLIENT.into()),
        host_key: Some(true),
        password: PASSWORD.to_owned(),
        ..spec
    };
    let bench = Bench::new(vec![(spec, Declared::new("r3", "router3"))]);
    let role = bench.path("roles").join("day-2");
    std::fs::create_dir_all(&role).unwrap();
    std::fs::write(
        bench.path("day-2.yaml"),
        "version: 1\nname: day-2\nplays:\n  - routers: \"router3\"\n    roles: [day-2]\n",
    )
    .unwrap();
    bench
}

/// Applies a playbook that owns and renders this much.
fn applies(bench: &Bench, owns: &str, lines: &str, status: i32) -> crate::harness::Run {
    let role = bench.path("roles").join("day-2");
    std::fs::write(role.join("lines.ix.j2"), lines).unwrap();
    std::fs::write(
        role.join("role.yaml"),
        format!("version: 1\ntitle: {{ en: Day 2, ja: 変更 }}\nowns: [\"{owns}\"]\ntemplates: [lines.ix.j2]\n"),
    )
    .unwrap();
    bench.run(&["apply", "day-2.yaml", "-i", "clinics.yaml", "--yes", "--phase", "bench"]).exits(status)
}

#[test]
fn the_list_that_guards_the_ssh_server_is_not_replaced_over_ssh() {
    let bench = dialled();
    let before = bench.snapshot("r3");
    let other = "ip access-list mgmt permit ip src 203.0.113.0/24 dest any\n";
    applies(&bench, "ip access-list mgmt", other, 3).says("lifeline.touched").says("refused");
    assert_eq!(bench.snapshot("r3"), before);
    // The client is still let in, and other work is still done.
    let list = "ip access-list branch permit ip src 10.1.0.0/16 dest any\n";
    applies(&bench, "ip access-list branch", list, 0);
    assert!(bench.startup("r3").contains(list.trim_end()));
    applies(&bench, "ip route", "ip route 10.9.0.0/16 127.0.0.9\n", 3).says("lifeline.touched");
}

#[test]
fn the_last_administrator_is_not_removed() {
    let bench = dialled();
    let before = bench.snapshot("r3");
    // The playbook owns the users and names none.
    applies(&bench, "username\", \"hostname", "hostname other\n", 3).says("plan.no-administrator");
    assert_eq!(bench.snapshot("r3"), before);
}

/// A router that is dialled at its own address, and a playbook that gives it another one.
#[cfg(target_os = "linux")]
fn moving(more: &str) -> (Bench, crate::harness::Run) {
    moving_with(more, "", "")
}

/// The same, with more lines, owned as a list of families says.
#[cfg(target_os = "linux")]
fn moving_with(more: &str, more_lines: &str, more_owned: &str) -> (Bench, crate::harness::Run) {
    let mut spec = prepared("r3");
    spec.management_address = "127.0.0.1/8".to_owned();
    spec.dialled_address_counts = true;
    let lifeline = Some("{ interface: GigaEthernet2.0, address: 127.0.0.1, switch_port: 8 }");
    let bench = Bench::new(vec![(spec, Declared { lifeline, ..Declared::new("r3", "router3") })]);
    let role = bench.path("roles").join("day-2");
    std::fs::create_dir_all(&role).unwrap();
    let book = "version: 1\nname: day-2\nplays:\n  - routers: r3\n    roles: [day-2]\nallow_lifeline_change: true\n";
    std::fs::write(bench.path("day-2.yaml"), format!("{book}{more}\n")).unwrap();
    let lines = "interface GigaEthernet2.0\n  description moved\n  ip address 127.0.0.2/8\n  no shutdown\n";
    std::fs::write(role.join("lines.ix.j2"), format!("{more_lines}{lines}")).unwrap();
    let owned = format!("owns: [\"interface GigaEthernet2.0\"{more_owned}]");
    std::fs::write(
        role.join("role.yaml"),
        format!(
            "version: 1\ntitle: {{ en: Day 2, ja: 変更 }}\n{owned}\ntemplates: [lines.ix.j2]\n\
             variables:\n  password: {{ type: credential, default: new-password }}\n"
        ),
    )
    .unwrap();
    let run = bench.run(&["apply", "day-2.yaml", "-i", "clinics.yaml", "--yes", "--phase", "bench"]);
    (bench, run)
}

#[test]
#[cfg(target_os = "linux")]
fn a_router_whose_own_address_changes_is_met_at_the_new_one_before_anything_is_saved() {
    let (bench, run) = moving("");
    run.exits(0).says("from now on the router answers at 127.0.0.2");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    assert!(bench.running("r3").contains("ip address 127.0.0.2/8"));
    // At the old address no one answers any more; at the new one everything is as declared.
    bench.run(&["plan", "day-2.yaml", "-i", "clinics.yaml"]).exits(3);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    std::fs::write(bench.path("clinics.yaml"), inventory.replace("127.0.0.1", "127.0.0.2")).unwrap();
    bench.run(&["plan", "day-2.yaml", "-i", "clinics.yaml"]).exits(0);
}

#[test]
#[cfg(target_os = "linux")]
fn a_change_of_address_is_undone_from_the_new_address() {
    let (bench, run) = moving("lost: undo");
    run.exits(3).says("undone");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    assert!(bench.running("r3").contains("ip address 127.0.0.1/8"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_new_administrator_logs_in_at_the_address_that_the_router_has_by_then() {
    let user = "username second password plain 1 {{ secret(password) }} administrator\n";
    // The line that moves the address cuts the session; what is missing, the user, is sent from there.
    let (bench, run) = moving_with("lost: finish", user, ", \"username second\"");
    run.exits(0).says("from now on the router answers at 127.0.0.2");
    let running = bench.running("r3");
    assert!(running.contains("username second") && running.contains("ip address 127.0.0.2/8"), "{running}");
    assert_eq!(running, bench.startup("r3"));
}
