//! Text the parser must survive, and what it must keep: hostile input, and real displays where they are available.
//!
//! The displays are looked for in `IX_SAMPLES`, or beside the repository; where they are not, the test says so.

use crate::program::program;
use crate::samples::displays;
use ixdeploy::dialect::Dialect;
use ixdeploy::ix::mask::mask_text;
use ixdeploy::ix::{Config, line};
use ixdeploy::plan::rehearsal::Router;
use ixdeploy::plan::{self, Lifeline};

fn holds(bytes: &[u8]) {
    let config = Config::parse(Dialect::ix(), line::to_text(bytes));
    let printed = config.print_bytes();
    let again = Config::parse(Dialect::ix(), line::to_text(&printed));
    assert_eq!(again.print_bytes(), printed);
    let _ = mask_text(&line::to_text(bytes));
}

#[test]
fn hostile_text_is_kept_and_harmless() {
    let long = vec![b'x'; 10 * 1024 * 1024];
    let deep: Vec<u8> =
        (0..2000).flat_map(|depth| [" ".repeat(depth).into_bytes(), b"unknown\n".to_vec()].concat()).collect();
    let mut interface = b"interface GigaEthernet0.0\n  description ".to_vec();
    interface.extend_from_slice(&long);
    for bytes in [
        b"".as_slice(),
        b"\0\0\0\n\0",
        b"\xff\xfe\xfd\n  \x80\x81\n",
        b"description \x93\xfa\x96\x7b\r\nhostname a\r\n",
        b"no\nno \nno no\nexit\nexit\n!\n!!\n",
        b"interface\ninterface \n  interface x\n    interface y\n",
        b"\t\tip access-list\n \t permit\n",
        b"no no no no\n",
        &deep,
        &long,
        &interface,
    ] {
        holds(bytes);
    }
    let kept =
        Config::parse(Dialect::ix(), line::to_text(b"interface GigaEthernet0.0\n  description \x93\xfa\x96\x7b\n"));
    assert!(kept.print_bytes().windows(4).any(|window| window == b"\x93\xfa\x96\x7b"));
}

#[test]
fn a_million_lines_are_read_once() {
    // A debug build reads a tenth: the growth is the same, the wait is not.
    let lines = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    let text: String = (0..lines).fold(String::new(), |mut text, number| {
        text.push_str("ip route 10.0.0.0/8 10.");
        text.push_str(&number.to_string());
        text.push('\n');
        text
    });
    assert_eq!(Config::parse(Dialect::ix(), &text).nodes.len(), lines);
}

/// Lines that wait for each other in great numbers do not do so two by two.
#[test]
fn many_lines_of_one_stem_are_compared() {
    let lines = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
    let text = |first: &str| -> String { (0..lines).map(|number| format!("{first}{number}\n")).collect() };
    let up = "ip access-list a deny ip src any dest any\ninterface GigaEthernet0.0\n  ip address 192.0.2.1/24\n";
    let filtered = format!("{up}  ip filter a 1 in\n");
    for (old, new) in [
        (text("frob o"), text("frob n")),
        (text("ip route 10.0.0.0/8 o") + up, text("ip route 10.0.0.0/8 n") + &filtered),
    ] {
        let [from, to] = [&old, &new].map(|text| Config::parse(Dialect::ix(), text));
        let plan = plan::between(&from, &to, &Lifeline::Console, 255).unwrap();
        assert!(plan.commands.len() > lines, "{} commands", plan.commands.len());
    }
}

#[test]
fn real_displays_survive() {
    let read = displays();
    let mut unrecognised = 0;
    for (name, text) in &read {
        let config = Config::parse(Dialect::ix(), text);
        let printed = config.print();
        assert_eq!(Config::parse(Dialect::ix(), &printed), config.sorted(), "{name}");
        let flat: String = text.lines().fold(String::new(), |flat, line| flat + line.trim() + "\n");
        assert_eq!(Config::parse(Dialect::ix(), &flat).print(), printed, "{name} without indentation");
        let mut families = 0;
        config.walk(&mut |_, node| families += usize::from(node.row.as_ref().is_some_and(|row| row.family)));
        eprintln!(
            "{name}: {} lines, {families} known by family only, {:?} unrecognised",
            config.len(),
            config.unrecognised()
        );
        unrecognised += config.unrecognised().len();
        assert!(plan::between(&config, &config, &Lifeline::Console, 512).unwrap().is_empty(), "{name} against itself");
        // From every display to every other and back, on the model of the router.
        for (other, after) in &read {
            let after = Config::parse(Dialect::ix(), after);
            let plan = plan::between(&config, &after, &Lifeline::Console, 512)
                .unwrap_or_else(|error| panic!("{name} to {other}: {error}"));
            let before = plan::state::complete(&config, &after);
            let mut router = Router::new(&before);
            for command in &plan.commands {
                router.enter(command).unwrap_or_else(|refusal| panic!("{name} to {other}: {refusal}"));
            }
            assert!(
                plan::same(router.config(), &plan::state::complete(&after, &config)),
                "{name} to {other}:\n{}",
                router.config().print()
            );
            router.configure();
            for command in plan.undo(plan.commands.len()) {
                router.enter(&command).unwrap_or_else(|refusal| panic!("{other} back to {name}: {refusal}"));
            }
            assert!(plan::same(router.config(), &before), "{other} back to {name}:\n{}", router.config().print());
        }
    }
    eprintln!("{} displays, {unrecognised} lines unrecognised", read.len());
    assert_eq!(unrecognised, 0);
}

/// The program itself: what it writes of a file, byte for byte, and how it says that a line cannot be typed.
#[test]
fn the_program_keeps_bytes_and_does_not_fail() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let run = |words: &[&str]| {
        let output = program().args(["--lang", "en"]).args(words).output().unwrap();
        (output.status.code(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let shift_jis = b"interface GigaEthernet0.0\n  description \x93\xfa\x96\x7b\n!\n";
    let (empty, other) = (write("empty", b""), write("shift-jis", shift_jis));
    assert_eq!(run(&["fmt", &other]).1, shift_jis);
    let (status, commands, _) = run(&["diff", &empty, &other, "--format", "commands"]);
    assert_eq!((status, &*commands), (Some(2), &shift_jis[..shift_jis.len() - 2]));
    let odd = b"hostname a\0b\nflux \xff\xfe\n";
    assert_eq!(run(&["fmt", &write("odd", odd)]).1, odd);
    let (status, shown, said) = run(&["diff", &empty, &write("nul", b"hostname a\0b\n")]);
    assert_eq!((status, shown.len()), (Some(1), 0));
    assert!(said.contains("plan.line") && said.contains("control byte 0x00"), "{said}");
    let long = [b"description ".as_slice(), &vec![b'x'; 1024 * 1024]].concat();
    let (status, _, said) = run(&["diff", &empty, &write("long", &long)]);
    assert!(status == Some(1) && said.contains("plan.line") && said.len() < 1000, "{} bytes", said.len());
    let (_, shown, _) = run(&["diff", &empty, &other]);
    let heading = format!("--- {empty}\n+++ {other}\n");
    assert!(String::from_utf8_lossy(&shown).contains(&heading), "{}", String::from_utf8_lossy(&shown));
}

#[test]
fn what_a_router_sent_is_typed_back_as_the_same_bytes() {
    let sent = b"interface Loopback0.0\n  description \x83\x5c\x83\x8b WAN\n".as_slice();
    let private = "interface Loopback0.0\n  description \u{f783}\u{f7ff}\n".as_bytes();
    for bytes in [sent, private] {
        let of_file = Config::parse(Dialect::ix(), line::to_text(bytes));
        // As a session gives it, as a journal keeps it, and once more.
        let of_session = Config::parse(Dialect::ix(), line::to_text(bytes));
        let kept = Config::parse(Dialect::ix(), of_session.print());
        for config in [&of_file, &of_session, &kept] {
            assert_eq!(config.print_bytes(), of_file.print_bytes());
            let typed = config.print_bytes();
            let words = bytes.split(|byte| *byte == b'\n').nth(1).unwrap().trim_ascii();
            assert!(typed.windows(words.len()).any(|window| window == words), "{typed:?}");
        }
    }
}
