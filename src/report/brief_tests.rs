//! A night over ten thousand routers is some ten lines, and says each kind of failure.

use std::time::{Duration, SystemTime};

use super::Brief;
use crate::message::{Lang, Text};
use crate::record::{CauseRecord, Ending, Envelope, Kind, Outcome, Place, Scope};
use crate::state::State;

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn of(router: &str, seconds: u64, kind: Kind) -> Envelope {
    Envelope::new(&Scope::router(router, "s"), at(seconds), kind)
}

fn begun(routers: usize) -> Envelope {
    let kind = Kind::Begun {
        action: "apply".to_owned(),
        by: String::new(),
        machine: String::new(),
        version: String::new(),
        inventory: String::new(),
        source: String::new(),
        title: None,
        plan_sha256: None,
        routers: (0..routers).map(|number| format!("c{number}")).collect(),
        places: Vec::new(),
        policy: None,
    };
    Envelope::new(&Scope::default(), at(0), kind)
}

fn failed(code: &str, text: &str) -> Kind {
    let cause = CauseRecord { code: code.to_owned(), text: Text::new(text, text), hints: Vec::new() };
    Kind::Failed { cause, for_person: false }
}

fn ended(state: State, planned: usize) -> Kind {
    let outcome = Outcome { planned, ..Outcome::new("", "s", state) };
    Kind::Ended(Box::new(Ending { milliseconds: Some(7), ..Ending::of(&outcome) }))
}

/// What is shown of these events.
fn told(brief: &mut Brief, events: impl IntoIterator<Item = Envelope>) -> Vec<String> {
    let mut lines = Vec::new();
    for event in events {
        lines.extend(brief.follow(&event));
        lines.extend(brief.due(event.at).unwrap_or_default());
    }
    lines.into_iter().map(|line| anstream::adapter::strip_str(&line).to_string()).collect()
}

#[test]
fn what_others_changed_since_is_a_conflict_of_an_undo_and_no_failure() -> Result<(), &'static str> {
    let started = Kind::RunStarted { action: "undo".to_owned(), routers: 20, sites: 20 };
    let mut brief = Brief::begun_by(&Envelope::new(&Scope::default(), at(0), started), Lang::En).ok_or("many")?;
    let lines = told(&mut brief, [of("r1", 1, failed("undo.touched", "changed since"))]);
    assert_eq!(lines, ["r1: conflict [undo.touched] changed since"]);
    told(&mut brief, [of("r2", 2, failed("session.timeout", "no answer"))]);
    let line = brief.line(at(3));
    assert!(line.contains("1 in conflict") && line.contains("1 failed"), "{line}");
    Ok(())
}

#[test]
fn few_routers_are_told_one_by_one() {
    assert!(Brief::begun_by(&begun(19), Lang::En).is_none());
    assert!(Brief::begun_by(&begun(20), Lang::En).is_some());
}

#[test]
fn a_night_of_ten_thousand_routers_is_some_ten_lines() -> Result<(), String> {
    let mut brief = Brief::begun_by(&begun(10_000), Lang::En).ok_or("many")?;
    let events = (0..10_000_u64).flat_map(|number| {
        let (router, seconds) = (format!("c{number}"), number * 2);
        let begins = of(&router, seconds, Kind::Moved { state: State::Locked });
        match number % 50 {
            0 => vec![
                begins,
                of(&router, seconds + 1, failed("ssh.timeout", &format!("{router}: no answer"))),
                of(&router, seconds + 1, ended(State::Unreachable, 1)),
            ],
            _ => vec![begins, of(&router, seconds + 1, ended(State::Saved, usize::from(number % 50 > 1)))],
        }
    });
    let lines = told(&mut brief, events);
    assert!((20..80).contains(&lines.len()), "{}", lines.len());
    let named = lines.iter().filter(|line| line.contains("unreachable [ssh.timeout] no answer")).count();
    assert_eq!(named, 3, "the first by name");
    assert!(lines.iter().any(|line| line == "  unreachable [ssh.timeout]: the same on 10 more"), "{lines:#?}");
    let last = brief.all(at(20_000)).pop().ok_or("a line")?;
    assert_eq!(last, "apply 10,000/10,000 (5 h 34 min): 9,600 saved, 200 as declared, 200 unreachable; 0 in flight");
    Ok(())
}

#[test]
fn a_line_comes_for_a_twentieth_after_five_seconds_or_after_times_that_double() -> Result<(), String> {
    let mut brief = Brief::begun_by(&begun(100), Lang::Ja).ok_or("many")?;
    let end = |number: u64, seconds| of(&format!("c{number}"), seconds, ended(State::Saved, 1));
    assert!(told(&mut brief, [end(0, 1), end(1, 2), end(2, 3), end(3, 4), end(4, 4)]).is_empty());
    assert_eq!(told(&mut brief, [end(5, 5)]), ["apply 6/100(5 秒): 6 saved、処理中 0"]);
    let one = of("c6", 6, Kind::Moved { state: State::Locked });
    assert!(told(&mut brief, [one, end(7, 20)]).is_empty(), "one percent");
    assert!(told(&mut brief, [end(8, 3)]).is_empty(), "the clock was set back");
    let saving = |seconds| of("c9", seconds, Kind::Saving);
    assert_eq!(told(&mut brief, [saving(32), saving(33), saving(34)]).len(), 1, "half a minute");
    assert_eq!(told(&mut brief, [saving(92), saving(93), saving(212), saving(213)]).len(), 2, "a minute, two");
    Ok(())
}

#[test]
fn however_many_routers_there_are_the_lines_that_say_how_far_a_night_is_are_few() -> Result<(), String> {
    const NIGHT: u64 = 10 * 3_600;
    for routers in [20, 200, 10_000_u64] {
        let mut brief =
            Brief::begun_by(&begun(usize::try_from(routers).map_err(|_| "many")?), Lang::En).ok_or("many")?;
        // Something happens every minute.
        let minutes = (0..NIGHT / 60).map(|minute| {
            let number = minute * routers / (NIGHT / 60);
            of(&format!("c{number}"), minute * 60, ended(State::Saved, 1))
        });
        let lines = told(&mut brief, minutes);
        assert!((20..=45).contains(&lines.len()), "{routers} routers: {} lines", lines.len());
    }
    Ok(())
}

#[test]
fn a_part_that_takes_long_is_told_of_every_half_hour() -> Result<(), String> {
    let mut brief = Brief::begun_by(&begun(10_000), Lang::En).ok_or("many")?;
    let saving = |minute: u64| of("c1", minute * 60, Kind::Saving);
    let settled = told(&mut brief, (0..=120).map(saving)).len();
    assert_eq!(told(&mut brief, (121..=360).map(saving)).len(), 8, "after {settled} lines, two an hour");
    Ok(())
}

#[test]
fn what_never_says_the_same_is_a_number_in_the_end() -> Result<(), String> {
    let mut brief = Brief::begun_by(&begun(500), Lang::En).ok_or("many")?;
    let warned = (0..500).map(|number| {
        let text = format!("line {number}");
        of(&format!("c{number}"), 1, Kind::Warned { warning: Text::new(text.clone(), text) })
    });
    assert_eq!(told(&mut brief, warned).len(), 50);
    assert!(brief.all(at(2)).contains(&"  other failures and warnings: the same on 450 more".to_owned()));
    Ok(())
}

#[test]
fn who_is_stopped_by_others_is_counted_and_not_named() -> Result<(), String> {
    let mut brief = Brief::begun_by(&begun(100), Lang::En).ok_or("many")?;
    let stopped = (0..100).flat_map(|number| {
        let router = format!("c{number}");
        [of(&router, 1, failed("run.not-started", "stopped")), of(&router, 1, ended(State::NotStarted, 1))]
    });
    assert!(told(&mut brief, stopped).is_empty());
    assert_eq!(brief.line(at(1)), "apply 100/100 (1 s): 100 not-started; 0 in flight");
    Ok(())
}

#[test]
fn a_router_that_is_tried_again_counts_once_as_it_ends_last() -> Result<(), String> {
    let mut brief = Brief::begun_by(&begun(100), Lang::En).ok_or("many")?;
    let events = [
        of("c1", 1, failed("session.occupied", "held")),
        of("c1", 1, ended(State::Occupied, 1)),
        of("c1", 2, Kind::Moved { state: State::Locked }),
        of("c1", 3, ended(State::Saved, 1)),
    ];
    assert_eq!(told(&mut brief, events), ["c1: occupied [session.occupied] held"]);
    assert_eq!(brief.line(at(3)), "apply 1/100 (3 s): 1 saved; 0 in flight");
    Ok(())
}

#[test]
fn checks_that_are_repeated_after_its_end_put_no_router_in_flight() -> Result<(), String> {
    let mut brief = Brief::begun_by(&begun(100), Lang::En).ok_or("many")?;
    let events = [
        of("c1", 1, Kind::Moved { state: State::Locked }),
        of("c1", 2, ended(State::Saved, 1)),
        of("c1", 60, Kind::Identified { identity: Default::default() }),
        of("c2", 60, Kind::Moved { state: State::Locked }),
    ];
    told(&mut brief, events);
    assert_eq!(brief.line(at(60)), "apply 1/100 (60 s): 1 saved; 1 in flight");
    Ok(())
}

#[test]
fn a_run_that_goes_on_is_told_of_the_routers_that_it_goes_on_with() -> Result<(), String> {
    let routers = (0..30).map(|number| format!("c{number}")).collect();
    let kind = Kind::Continued { by: String::new(), machine: String::new(), routers, policy: None };
    let mut brief = Brief::begun_by(&Envelope::new(&Scope::default(), at(0), kind), Lang::En).ok_or("many")?;
    assert!(told(&mut brief, [of("c1", 1, ended(State::Saved, 1))]).is_empty());
    assert_eq!(brief.line(at(1)), "continue 1/30 (1 s): 1 saved; 0 in flight");
    Ok(())
}

#[test]
fn a_router_that_is_read_and_cannot_be_planned_counts_once() -> Result<(), String> {
    let kind = Kind::RunStarted { action: "plan".to_owned(), routers: 20, sites: 20 };
    let mut brief = Brief::begun_by(&Envelope::new(&Scope::default(), at(0), kind), Lang::En).ok_or("many")?;
    let read = |number: u64| of(&format!("c{number}"), 1, Kind::Read { running_lines: 9, milliseconds: 7 });
    told(&mut brief, (0..20).map(read));
    told(&mut brief, [of("c3", 2, failed("plan.line", "no"))]);
    let last = brief.all(at(2)).pop().ok_or("a line")?;
    assert_eq!(last, "plan, reading 20/20 (2 s): 19 read, 1 failed; 0 in flight");
    Ok(())
}

#[test]
fn those_that_take_no_part_are_among_the_routers_of_a_run() -> Result<(), String> {
    let mut envelope = begun(20);
    if let Kind::Begun { places, .. } = &mut envelope.kind {
        let place = |number: usize| Place { router: format!("c{number}"), site: "s".to_owned() };
        places.extend((0..24).map(place));
    }
    let mut brief = Brief::begun_by(&envelope, Lang::En).ok_or("many")?;
    told(&mut brief, (0..24).map(|number| of(&format!("c{number}"), 1, ended(State::Saved, 1))));
    assert_eq!(brief.all(at(1)).pop().ok_or("a line")?, "apply 24/24 (1 s): 24 saved; 0 in flight");
    Ok(())
}
