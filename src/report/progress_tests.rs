//! Events as lines.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use super::Progress;
use std::time::SystemTime;

use crate::message::Lang;
use crate::record::{ComparedWith, Ending, Envelope, Kind, Outcome, Reader, Scope};
use crate::state::State;

fn of(router: &str, kind: Kind) -> Envelope {
    Envelope::new(&Scope::router(router, "s"), SystemTime::UNIX_EPOCH, kind)
}

fn shown(lang: Lang, lines: bool, kind: &Kind) -> String {
    let progress = Progress::new(Vec::new(), lang, lines);
    progress.read(&of("r1", kind.clone()));
    let bytes = progress.out.into_inner().unwrap().out;
    anstream::adapter::strip_str(&String::from_utf8(bytes).unwrap()).to_string()
}

#[test]
fn an_end_is_said_in_both_languages() {
    let outcome = Outcome::new("r1", "s", State::Undone);
    let event = Kind::Ended(Box::new(Ending { milliseconds: Some(1234), ..Ending::of(&outcome) }));
    assert_eq!(shown(Lang::En, false, &event), "r1: ■ undone: read again, equals the backup (1.2 s)\n");
    assert_eq!(shown(Lang::Ja, false, &event), "r1: ■ undone: 元の状態に戻ったことを確認 (1.2 秒)\n");
}

#[test]
fn an_undo_that_leaves_lines_of_someone_else_does_not_say_that_all_is_as_before() {
    let outcome = Outcome { foreign: vec!["+ntp retry 3".to_owned()], ..Outcome::new("r1", "s", State::Undone) };
    let end = Kind::Ended(Box::new(Ending { milliseconds: Some(1234), ..Ending::of(&outcome) }));
    let said = shown(Lang::En, false, &end);
    assert!(said.contains("equals the backup, and what someone else typed meanwhile"), "{said}");
    let compared = Kind::Compared { with: ComparedWith::Backup, differences: 0, foreign: 1 };
    let said = shown(Lang::En, false, &compared);
    assert_eq!(said, "r1: read again: the backup and 1 line(s) that are not ours, no difference\n");
}

#[test]
fn a_wait_counts_in_its_own_line_on_a_screen_and_at_growing_intervals_elsewhere() {
    let still = |router: &str, seconds_left, is_line| {
        let last = crate::message::Text::new("no port", "ポートなし");
        of(router, Kind::StillWaiting { seconds: 600 - seconds_left, seconds_left, last, is_line })
    };
    /// Takes both ways of writing in one place.
    #[derive(Clone, Default)]
    struct Both(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);
    impl std::io::Write for Both {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let told = |counts: bool| {
        let both = Both::default();
        let screen = counts.then(|| Box::new(both.clone()) as Box<dyn std::io::Write + Send>);
        let progress = Progress::new(both.clone(), Lang::En, false).counting(screen);
        for event in [still("r1", 600, false), still("r2", 599, false), still("r1", 590, true), still("r2", 589, true)]
        {
            progress.read(&event);
        }
        progress.read(&of("r1", Kind::Moved { state: State::Undoing }));
        let bytes = both.0.lock().unwrap().clone();
        anstream::adapter::strip_str(&String::from_utf8(bytes).unwrap()).to_string()
    };
    assert_eq!(
        told(true),
        "\rr1: still waiting, 10:00 left (Ctrl-C stops)\rr1: still waiting, 9:50 left (Ctrl-C stops) \nr2: still waiting, 9:49 left; last: no port\nr1: → undoing: sending the undo\n"
    );
    assert_eq!(
        told(false),
        "r1: still waiting, 9:50 left; last: no port\nr2: still waiting, 9:49 left; last: no port\nr1: → undoing: sending the undo\n"
    );
}

#[test]
fn a_router_whose_checks_failed_is_not_said_to_have_passed_them() {
    let progress = Progress::new(Vec::new(), Lang::En, false);
    let unverified = Kind::Unverified { checks: vec!["link".to_owned()], reason: "no line yet".to_owned() };
    progress.read(&of("r1", unverified));
    for router in ["r1", "r2"] {
        progress.read(&of(router, Kind::Moved { state: State::Confirmed }));
    }
    let bytes = progress.out.into_inner().unwrap().out;
    let said = anstream::adapter::strip_str(&String::from_utf8(bytes).unwrap()).to_string();
    assert!(said.ends_with("r1: → confirmed\nr2: → confirmed: checks passed\n"), "{said}");
}

#[test]
fn lines_are_shown_only_when_asked_for() {
    let event = Kind::Sending { number: 3, total: 41, line: "hostname x".into(), undo: false };
    assert_eq!(shown(Lang::En, false, &event), "");
    assert_eq!(shown(Lang::En, true, &event), "r1:   3/41 hostname x\n");
}
