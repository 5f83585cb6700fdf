//! What the dispatcher decided, in the names of routers and for the record.

use super::clock::Moment;
use super::dispatcher::{Hold, HoldReason, Note, Scope, TooShort};
use super::executor::Unfinished;
use super::needs::Trait;
use super::rules::Rules;
use super::task::Task;
use crate::message::Text;
use crate::record::{HeldBecause, HeldRecord, Kind, ShortWindowRecord, SpentRecord, StepRecord, rfc3339_ms};

/// From now until then in whole seconds, never as none where there is some time: nothing happens in 0 s.
fn seconds_until(then: Moment, now: Moment) -> u64 {
    u64::try_from(then.since(now).as_millis().div_ceil(1000)).unwrap_or(u64::MAX)
}

/// A note as it is recorded.
pub(super) fn record_of<T: Task>(note: Note, rules: &Rules, tasks: &[T], now: Moment) -> Kind {
    let step = |place: usize| StepRecord {
        step: place + 1,
        step_name: rules.steps.get(place).map(|step| step.name.clone()).unwrap_or_default(),
        bake_seconds: None,
        stand_in: None,
    };
    match note {
        Note::StepAwaits(place) => Kind::StepAwaits(step(place)),
        Note::StepBegun(place) => Kind::StepBegun(step(place)),
        Note::StepBakes(place, until) => {
            Kind::StepBakes(StepRecord { bake_seconds: Some(seconds_until(until, now)), ..step(place) })
        }
        Note::StepEnded(place) => Kind::StepEnded(step(place)),
        Note::NoEvidence(place) => Kind::StepUnproven(step(place)),
        Note::StandsIn(place, number) => {
            Kind::StepStandIn(StepRecord { stand_in: Some(names(&[number], tasks).concat()), ..step(place) })
        }
        Note::TooShort(number, TooShort { needed, closes, opens }) => Kind::WindowTooShort(ShortWindowRecord {
            waiting: names(&[number], tasks).concat(),
            needed_seconds: needed.time.as_secs(),
            needed_by: needed.by,
            closes_in_seconds: closes.since(now).as_secs(),
            opens_in_seconds: seconds_until(opens, now),
        }),
        Note::WaitsForWindow(at) => {
            Kind::WindowAwaited { opens: rfc3339_ms(i64::try_from(at.millis()).unwrap_or(i64::MAX)) }
        }
        Note::Held(hold) => Kind::Held(held_record(&hold, tasks)),
        Note::UsedUp { scope, class, failures } => {
            let of_step = match scope {
                Scope::Run => None,
                Scope::Step(place) => Some(place + 1),
            };
            Kind::BudgetSpent(SpentRecord { of_step, class, failures })
        }
        Note::ComesBack(number, at) => {
            Kind::ComesBack { again: names(&[number], tasks).concat(), in_seconds: seconds_until(at, now) }
        }
    }
}

/// Why a task is held, in the names of routers.
pub(super) fn held<T: Task>(hold: Hold, tasks: &[T]) -> Unfinished {
    let routers = names(&hold.tasks, tasks);
    match hold {
        Hold { of: Some(Trait::Kind(kind)), why: HoldReason::Line(line), .. } => {
            Unfinished::Held { kind, line, routers }
        }
        Hold { of, why, .. } => Unfinished::GroupHeld { group: group(of.as_ref()), why: reason(&why), routers },
    }
}

/// Why nothing more begins, in words: what stopped the run before a task's turn.
pub(super) fn why_closed<T: Task>(by: &Note, rules: &Rules, tasks: &[T]) -> Option<Text> {
    let place = |place: usize| {
        let name = rules.steps.get(place).map(|step| step.name.clone()).unwrap_or_default();
        (place + 1, name)
    };
    match by {
        Note::Held(hold) => {
            let (why, seen) = (reason(&hold.why), names(&hold.tasks, tasks).join(", "));
            let seen = if seen.is_empty() { seen } else { format!(" ({seen})") };
            Some(Text::new(format!("{}{seen}", why.en), format!("{}{seen}", why.ja)))
        }
        Note::UsedUp { scope, class, failures } => {
            let word = class.word();
            let (en, ja) = match scope {
                Scope::Run => ("the run".to_owned(), "実行全体".to_owned()),
                Scope::Step(number) => {
                    let (number, name) = place(*number);
                    (format!("step {number} ({name})"), format!("ステップ {number}({name})"))
                }
            };
            Some(Text::new(
                format!("the budget of {en} is spent ({failures}, last `{word}`)"),
                format!("{ja}の許容数({failures})に達しました(直近: {word})"),
            ))
        }
        Note::NoEvidence(number) => {
            let (number, name) = place(*number);
            Some(Text::new(
                format!("routers of step {number} ({name}) failed and none was changed"),
                format!("ステップ {number}({name})で失敗があり、変更できたルータがありません"),
            ))
        }
        _ => None,
    }
}

fn held_record<T: Task>(hold: &Hold, tasks: &[T]) -> HeldRecord {
    let (because, detail) = match &hold.why {
        HoldReason::Line(line) => (HeldBecause::Line, line.clone()),
        HoldReason::WrongPassword => (HeldBecause::WrongPassword, String::new()),
        HoldReason::Lost => (HeldBecause::Lost, String::new()),
        HoldReason::Gathered(cause) => (HeldBecause::Gathered, cause.clone().unwrap_or_default()),
        HoldReason::UsedUp(class) => (HeldBecause::BudgetSpent, class.word().to_owned()),
        HoldReason::Clock(off) => (HeldBecause::Clock, off.as_secs().to_string()),
    };
    let what = hold.of.as_ref().map_or("run", Trait::what).to_owned();
    let held = hold.of.as_ref().map(Trait::name).unwrap_or_default().to_owned();
    HeldRecord { what, held, because, detail, seen_on: names(&hold.tasks, tasks) }
}

fn names<T: Task>(numbers: &[usize], tasks: &[T]) -> Vec<String> {
    numbers.iter().filter_map(|number| Some(tasks.get(*number)?.router().to_owned())).collect()
}

/// What held routers have in common, in words.
fn group(of: Option<&Trait>) -> Text {
    let Some(of) = of else { return Text::new("this run", "この実行") };
    let name = of.name();
    match of {
        Trait::Kind(_) => Text::new(name, name),
        Trait::Model(_) => Text::new(format!("model {name}"), format!("機種 {name}")),
        Trait::Firmware(_) => Text::new(format!("firmware {name}"), format!("ファームウェア {name}")),
        Trait::JumpHost(_) => Text::new(format!("those behind {name}"), format!("{name} 経由")),
        Trait::Credential(_) => Text::new(format!("those of credential {name}"), format!("認証情報 {name}")),
        Trait::Group(_) => Text::new(format!("group {name}"), format!("グループ {name}")),
    }
}

/// Why they are held, in words.
fn reason(why: &HoldReason) -> Text {
    match why {
        HoldReason::Line(line) => Text::new(format!("the same line appeared: {line}"), format!("同じ行が出現: {line}")),
        HoldReason::WrongPassword => Text::new(
            "the password was refused several times in a row; more attempts could lock the account",
            "パスワードが続けて拒否されました。試行を続けるとアカウントがロックされるおそれがあります",
        ),
        HoldReason::Lost => Text::new("several of them were lost", "複数のルータが結果不明です"),
        HoldReason::Gathered(None) => Text::new("failures gather there", "失敗が集中しています"),
        HoldReason::Gathered(Some(code)) => {
            Text::new(format!("failures gather there, last [{code}]"), format!("失敗が集中しています(直近: [{code}])"))
        }
        HoldReason::UsedUp(class) => {
            let word = class.word();
            Text::new(format!("its budget of `{word}` is spent"), format!("{word} の許容数に達しました"))
        }
        HoldReason::Clock(off) => {
            let seconds = off.as_secs();
            Text::new(
                format!("the routers' clocks are {seconds} s from this machine's"),
                format!("ルータとこの PC の時計が {seconds} 秒ずれています"),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::seconds_until;
    use crate::fleet::clock::Moment;

    #[test]
    fn what_happens_later_never_happens_in_zero_seconds() {
        let at = Moment::from_millis;
        let until = |millis: u64| seconds_until(at(1000 + millis), at(1000));
        assert_eq!([until(0), until(1), until(999), until(1000), until(60_400)], [0, 1, 1, 1, 61]);
    }
}
