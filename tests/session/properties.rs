//! Whatever the pieces in which a router's bytes arrive, and wherever it folds an echo, the conversation is the same.

use ixdeploy::dialect::Dialect;
use ixdeploy::session::{ExpectedMode, Login, NoTap, SendLine, Session, Settings, Take};
use ixdeploy::transport::LinkKind;
use ixdeploy::transport::fake::Fake;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const PROMPT: &str = "Router(config)# ";

/// Says the bytes in pieces of these sizes, over and over.
fn in_pieces(mut fake: Fake, bytes: &[u8], sizes: &[usize]) -> Fake {
    let (mut rest, mut sizes) = (bytes, sizes.iter().cycle());
    while !rest.is_empty() {
        let size = (*sizes.next().unwrap()).clamp(1, rest.len());
        fake = fake.says(&rest[..size]);
        rest = &rest[size..];
    }
    fake
}

fn in_config(kind: LinkKind) -> Fake {
    in_config_of(kind, "Router")
}

fn in_config_of(kind: LinkKind, host: &str) -> Fake {
    let (mut fake, prompt) = (Fake::new(kind, 4096), format!("{host}(config)# "));
    if kind == LinkKind::Serial {
        fake = fake.wants("\x15\x15\x15\r").says(format!("\r\n{host}# "));
        for line in ["enable-config", "terminal length 0", "terminal width 512", "event-terminal stop"] {
            fake = fake.console_line(line, &prompt);
        }
        return fake;
    }
    fake = fake.says(format!("{host}# "));
    for line in ["enable-config", "terminal length 0", "terminal width 512"] {
        fake = fake.line(line, &prompt);
    }
    fake
}

fn session(fake: Fake) -> Session {
    let mut session =
        Session::open(Box::new(fake), Dialect::ix(), Login::default(), Settings::default(), Box::new(NoTap)).unwrap();
    session.enter_config(Take::Ask).unwrap();
    session
}

/// The echo of a line on a terminal of this width in columns, as the router folds it: it goes on under the prompt's end, or under
/// the middle of a terminal that the prompt nearly fills.
fn folded(prompt: &str, line: &str, width: usize, in_the_middle: bool) -> String {
    let indent = if in_the_middle { prompt.len().min(width / 2) } else { prompt.len() };
    let (mut echo, mut column) = (String::new(), prompt.len());
    for character in line.chars() {
        if column >= width - 1 {
            echo.push_str("\r\n");
            echo.push_str(&" ".repeat(indent));
            column = indent;
        }
        echo.push(character);
        column += 1;
    }
    echo
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_122),
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_answer_is_the_same_in_any_pieces(
        rows in prop::collection::vec("[ -$&->@-~]{0,40}", 0..20),
        sizes in prop::collection::vec(1_usize..60, 1..12),
        last_is_complete in any::<bool>(),
    ) {
        // No `%` and no `?`: a refused command is an error, not an answer.
        let mut said = String::from("show running-config\r\n");
        for row in &rows {
            said.push_str(row);
            said.push_str(if last_is_complete { "\r\n" } else { "\r\r\n" });
        }
        said.push_str(PROMPT);
        let fake = in_pieces(in_config(LinkKind::Fake).wants("show running-config\n"), said.as_bytes(), &sizes);
        let text = session(fake).show("show running-config").unwrap();
        let whole = rows.iter().map(|row| row.clone() + "\n").collect::<String>();
        prop_assert_eq!(text, whole);
    }

    #[test]
    fn an_echo_is_followed_wherever_it_folds(
        line in "[!-~]([ -~]{0,150}[!-~])?",
        host in "[a-z]([a-z0-9-]{0,60}[a-z0-9])?",
        room in 2_usize..80,
        in_the_middle in any::<bool>(),
        sizes in prop::collection::vec(1_usize..40, 1..8),
    ) {
        let line = line.replace('?', "x");
        let prompt = format!("{host}(config)# ");
        let said = format!("{}\r\n{prompt}", folded(&prompt, &line, prompt.len() + room, in_the_middle));
        let fake = in_pieces(in_config_of(LinkKind::Fake, &host).wants(format!("{line}\n")), said.as_bytes(), &sizes);
        let reply = session(fake).run(&SendLine::own(&line), ExpectedMode::Config);
        // A line of this shape may rename the host or be a comment; it is only typed and followed here.
        prop_assert!(reply.is_ok_and(|reply| reply.output.is_empty()), "{}", line);
    }

    #[test]
    fn a_damaged_echo_never_gets_its_return(
        // Short enough to be in flight whole.
        line in "[a-z]{3,12}( [a-z0-9./]{1,8}){0,2}",
        at in 0_usize..60,
        doubled in any::<bool>(),
    ) {
        let at = at % line.len();
        let mut damaged = line.clone();
        if doubled { damaged.insert_str(at, &line[at..=at]) } else { damaged.remove(at); }
        prop_assume!(damaged != line);
        let mut fake = in_config(LinkKind::Serial);
        for _ in 0..=Settings::default().repairs {
            fake = fake.wants(&line).says(&damaged).wants("\x15").says("\x08 \x08".repeat(damaged.len()));
        }
        let typed = fake.typed();
        let mut session = session(fake);
        let returns = || typed.lock().unwrap().iter().filter(|byte| **byte == b'\r').count();
        let before = returns();
        let error = session.run(&SendLine::own(&line), ExpectedMode::Config).unwrap_err();
        prop_assert!(error.is_before_return(), "{:?}", error);
        prop_assert_eq!(returns(), before);
    }
}
