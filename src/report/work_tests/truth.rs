//! What a filed page says is what happened: who approved what, when it began, which lines may be in effect, and what comes next.

use super::formats::formats;
use super::{BEGAN, PLAIN, Records, begun, ended, failed, saved, sent};
use crate::message::{Lang, Text};
use crate::record::{CauseRecord, ConnectionRecord, Kind, Outcome};
use crate::report::labels::{Labels, labels_page};
use crate::report::work::Moment;
use crate::report::{Languages, WorkRecord, html, markdown, work_csv, work_page};
use crate::run::{Made, PlanOfRun};
use crate::state::State;

fn shown(record: &WorkRecord) -> String {
    markdown(&work_page(record), Languages::One(Lang::En)).replace('\\', "")
}

/// A run with these own records before its end; a second apart.
fn run_of(begins: Kind, more: Vec<Kind>) -> WorkRecord {
    let mut records = Records::default();
    records.add("", begins);
    for kind in more {
        records.add("", kind);
    }
    WorkRecord::of(&records.evidence())
}

/// The beginning of a run that was asked about, without a plan file.
fn asked(change: impl FnOnce(&mut crate::record::Policy)) -> Kind {
    let mut kind = begun(&PLAIN);
    if let Kind::Begun { plan_sha256, policy: Some(policy), .. } = &mut kind {
        *plan_sha256 = None;
        change(policy);
    }
    kind
}

#[test]
fn a_run_that_was_asked_about_rests_on_the_plan_that_was_shown_and_kept() {
    let record = run_of(asked(|policy| policy.kept_sha256 = Some("cd".repeat(32))), Vec::new());
    assert_eq!(record.run.plan_sha256, Some("cd".repeat(32)));
    let approval = &record.run.approvals[0].en;
    let said = format!("tanaka@laptop was shown the plan of SHA-256 {} and answered", "cd".repeat(32));
    assert!(approval.starts_with(&said), "{approval}");
    let without = run_of(asked(|_| ()), Vec::new());
    assert_eq!(without.run.plan_sha256, None);
}

#[test]
fn who_answered_the_question_of_a_detached_run_approved_it_and_not_an_option() {
    let at = Moment::of_ms(BEGAN).rfc3339();
    let record = run_of(asked(|policy| policy.answered_at = Some(at)), Vec::new());
    let Text { en, ja } = &record.run.approvals[0];
    assert!(en.contains("answered the question with yes at 2026-03-01 09:00:00") && en.contains("--detach"), "{en}");
    assert!(ja.contains("2026-03-01 09:00:00 に質問に yes と回答"), "{ja}");
    let unasked = run_of(asked(|policy| policy.asked = false), Vec::new());
    assert!(unasked.run.approvals[0].en.contains("beforehand (--yes or its hash)"), "{:?}", unasked.run.approvals);
}

#[test]
fn a_run_that_waited_for_its_time_began_then_and_was_ordered_before() {
    let scheduled = || Kind::Scheduled { at: Moment::of_ms(BEGAN + 60_000).rfc3339() };
    let record = run_of(begun(&PLAIN), vec![scheduled(), Kind::TimeReached, Kind::RunEnded { exit: 0 }]);
    let at = |seconds: i64| Some(Moment::of_ms(BEGAN + seconds * 1000));
    assert_eq!((record.run.ordered, record.run.begun), (at(1), at(3)));
    assert!(
        shown(&record).contains("| ordered | 2026-03-01 09:00:01 |\n| begun | 2026-03-01 09:00:03 |"),
        "{}",
        shown(&record)
    );
    let never = run_of(begun(&PLAIN), vec![scheduled(), Kind::RunEnded { exit: 3 }]);
    assert!(shown(&never).contains("| begun | not begun |"), "{}", shown(&never));
}

#[test]
fn a_row_of_a_router_has_the_time_at_which_it_ended() {
    let csv = work_csv(&saved(&PLAIN), Languages::One(Lang::En));
    assert!(
        csv.contains("\"router\",\"20260301-000000-abcd\",\"sato\",\"sato-r1\",\"\",\"2026-03-01 09:00:15\""),
        "{csv}"
    );
}

#[test]
fn a_line_that_was_sent_and_not_answered_is_not_hidden_behind_those_that_were_accepted() {
    let mut records = Records::default();
    sent(&mut records, &PLAIN);
    let outcome = Outcome { planned: 1, ..Outcome::new(PLAIN.router, PLAIN.site, State::Lost) };
    records.add(PLAIN.router, Kind::Moved { state: State::Lost }).add(PLAIN.router, ended(&outcome));
    let record = WorkRecord::of(&records.evidence());
    let one = &record.routers[0];
    assert_eq!(one.lines_words().en, "accepted 0, sent without an answer 1 (may be in effect), planned 1");
    assert!(one.restart.text.en.contains("is not known"), "{:?}", one.restart);
    let page = shown(&record);
    assert!(page.contains("| lines of the plan | accepted 0, sent without an answer 1"), "{page}");
    assert!(page.contains("ended lost, 0 line(s) accepted") && !page.contains("lines sent, planned"), "{page}");
    let refused = &failed(&PLAIN, State::Undone).routers[0];
    assert_eq!(refused.lines_words().en, "accepted 0, refused 1, planned 1");
    assert_eq!(refused.accepted_words().en, "0", "what was answered is in no doubt");
}

#[test]
fn the_record_of_one_site_has_the_result_of_its_routers_beside_that_of_the_run() {
    let mut record = saved(&PLAIN);
    record.run.exit_of_run = Some(3);
    let page = shown(&record);
    assert!(page.contains("| result of these routers | done |"), "{page}");
    assert!(page.contains("| result of the whole run | some router is not done"), "{page}");
}

/// A router for which the plan file of the run has no plan, since it was off when the plan was made.
fn without_plan() -> WorkRecord {
    let cause =
        |code: &str, text: &str| CauseRecord { code: code.to_owned(), text: Text::new(text, text), hints: Vec::new() };
    let causes = vec![cause("plan-file.no-plan", "no plan; it was off"), cause("ssh.unreachable", "it was off")];
    let outcome = Outcome { causes, ..Outcome::new(PLAIN.router, PLAIN.site, State::Refused) };
    let mut records = Records::default();
    let mut end = crate::record::Ending::of(&outcome);
    end.causes.clone_from(&outcome.causes);
    records.add("", begun(&PLAIN)).add(PLAIN.router, Kind::Ended(Box::new(end))).add("", Kind::RunEnded { exit: 3 });
    let mut evidence = records.evidence();
    let made = Made { playbook: "books/add domain.yaml".to_owned(), ..Made::default() };
    evidence.plan = Some(PlanOfRun { made: Some(made), playbook: "add-domain".to_owned() });
    WorkRecord::of(&evidence)
}

#[test]
fn a_router_without_a_plan_has_one_next_step_with_the_names_of_its_run() {
    let page = shown(&without_plan());
    let command = "ixdeploy apply 'books/add domain.yaml' -i clinics.yaml -l @run:20260301-000000-abcd:no-plan";
    assert!(page.contains(command), "{page}");
    for untrue in ["ixdeploy rerun", "No one has to go"] {
        assert!(!page.contains(untrue), "{untrue}: {page}");
    }
    assert!(page.contains("[ssh.unreachable] it was off"), "why is in the step, too: {page}");
    assert!(shown(&failed(&PLAIN, State::Undone)).contains("ixdeploy rerun 20260301-000000-abcd"));
}

#[test]
fn practice_on_a_mock_router_is_called_so_in_every_format_and_on_its_label() {
    let mut record = saved(&PLAIN);
    let mock =
        ConnectionRecord { transport: "mock".to_owned(), peer: "built-in".to_owned(), host_key: None, login: None };
    record.routers[0].connections[0].connection = mock;
    for (format, text) in formats(&record) {
        let said = ["no evidence of work on a router", "実機での作業の証跡にはなりません", "\"transport\":\"mock\""];
        assert!(said.iter().any(|words| text.contains(words)), "{format}: {text}");
    }
    let label = html(&labels_page(&Labels::of(&record)), Languages::One(Lang::En));
    assert!(label.contains("there is no such box"), "{label}");
    assert!(formats(&saved(&PLAIN)).iter().all(|(_, text)| !text.contains("no evidence of work")));
}
