//! The work record from records alone: here the records of a success, of a failure, and of a router that needs a person; below what is made
//! of them.

mod fleet;
mod formats;
mod junit;
mod many;
mod model;
mod schema;
mod truth;
mod xml;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::WorkRecord;
use super::page::tests::HOSTILE;
use crate::ix::Identity;
use crate::message::Text;
use crate::record::{
    Advice, CauseRecord, ComparedWith, ConnectionRecord, Ending, HostKeyProof, Kind, LoginRecord, Outcome, Place,
    Policy, ProvenHostKey, RunResult, Stored,
};
use crate::run::{Configurations, Evidence, KeptText};
use crate::state::State;
use crate::transaction::Power;

/// When the run began.
const BEGAN: i64 = 1_772_323_200_000;

/// Records of a run, a second apart.
#[derive(Default)]
struct Records(Vec<Stored>);

impl Records {
    fn add(&mut self, router: &str, record: Kind) -> &mut Self {
        let number = i64::try_from(self.0.len()).unwrap() + 1;
        let (run, router) = ("20260301-000000-abcd".to_owned(), router.to_owned());
        let hash = format!("{number:064x}");
        self.0.push(Stored { number, at_ms: BEGAN + number * 1000, run, router, record: Some(record), hash });
        self
    }

    fn evidence(self) -> Evidence {
        let result = RunResult::of(&self.0);
        Evidence { run: "20260301-000000-abcd".to_owned(), records: self.0, result, ..Evidence::default() }
    }
}

/// The texts of a router that others have typed.
pub struct Typed<'t> {
    router: &'t str,
    site: &'t str,
    line: &'t str,
    answer: &'t str,
    title: &'t str,
    /// What the box says of itself in the place of model, serial number, firmware and host name.
    says: Option<&'t str>,
}

pub const PLAIN: Typed<'_> = Typed {
    router: "sato-r1",
    site: "sato",
    line: "hostname sato-r1",
    answer: "",
    title: "the line is up",
    says: None,
};

impl Typed<'_> {
    /// What acts in one format or another, wherever something is typed.
    pub fn hostile() -> Self {
        Self { router: HOSTILE, site: HOSTILE, line: HOSTILE, answer: HOSTILE, title: HOSTILE, says: Some(HOSTILE) }
    }
}

fn begun(typed: &Typed<'_>) -> Kind {
    let policy = json!({ "concurrency": 1, "asked": true, "outside_windows": "the clinic asked for it" });
    let policy: Policy = serde_json::from_value(policy).unwrap();
    Kind::Begun {
        action: "apply".to_owned(),
        by: "tanaka".to_owned(),
        machine: "laptop".to_owned(),
        version: "0.1.0".to_owned(),
        inventory: "clinics.yaml".to_owned(),
        source: "book.yaml".to_owned(),
        title: Some(Text::new(typed.title, typed.title)),
        plan_sha256: Some("ab".repeat(32)),
        routers: vec![typed.router.to_owned()],
        places: vec![Place { router: typed.router.to_owned(), site: typed.site.to_owned() }],
        policy: Some(policy),
    }
}

fn identity(typed: &Typed<'_>) -> Identity {
    let known = |text: &str| Some(typed.says.unwrap_or(text).to_owned());
    Identity {
        model: known("IX2215"),
        serial_number: known("0012345"),
        firmware: known("10.8.27"),
        host_name: known("Router"),
    }
}

fn intended(typed: &Typed<'_>) -> Kind {
    let kept: Value = json!({
        "intent": { "roles": ["router1"], "device": { "serial_number": "0012345" }, "terms": { "checks": [{
            "name": "wan", "role": "router1", "title": { "en": typed.title, "ja": typed.title }, "clinic": false,
            "required": true, "command": "show ip interface", "expect": [{ "not-contains": "down" }],
        }] } },
        "commands": [typed.line],
        "undo": ["no hostname"],
        "changes": [{ "en": "the host name changes", "ja": "ホスト名を変更" }],
        "guesses": [{ "line": 1, "undo": false, "guess": "inferred" }],
        "facts": ["IX2215 10.8: reviewed by suzuki"],
        "diff": "",
    });
    Kind::Intended { site: typed.site.to_owned(), kept, adopt: false, take_over: false }
}

/// As far as the line that is sent.
fn sent(records: &mut Records, typed: &Typed<'_>) {
    let key = ProvenHostKey {
        algorithm: "ssh-rsa".to_owned(),
        fingerprint: "SHA256:abc".to_owned(),
        proof: HostKeyProof::FirstUse,
        first_use: None,
    };
    let connection = ConnectionRecord {
        transport: "ssh".to_owned(),
        peer: "192.0.2.1".to_owned(),
        host_key: Some(key),
        login: Some(LoginRecord { user: "admin".to_owned(), credential: None }),
    };
    let moved = |state| Kind::Moved { state };
    records
        .add("", begun(typed))
        .add(typed.router, intended(typed))
        .add(typed.router, Kind::Connected(connection))
        .add(typed.router, Kind::Identified { identity: identity(typed) })
        .add(typed.router, moved(State::Locked))
        .add(
            typed.router,
            Kind::BackedUp {
                identity: identity(typed),
                started_at: None,
                running: "cd".repeat(32),
                taken_over: false,
                clock_offset: None,
            },
        )
        .add(typed.router, moved(State::Applying))
        .add(typed.router, Kind::Sending { number: 1, total: 1, line: typed.line.to_owned(), undo: false });
}

fn answered(accepted: bool, undo: bool, text: &str) -> Kind {
    Kind::Answered { number: 1, undo, accepted, text: text.to_owned() }
}

fn compared(with: ComparedWith) -> Kind {
    Kind::Compared { with, differences: 0, foreign: 0 }
}

fn ended(outcome: &Outcome) -> Kind {
    Kind::Ended(Box::new(Ending::of(outcome)))
}

fn checked(typed: &Typed<'_>) -> Kind {
    Kind::Checked {
        number: 1,
        check: "wan".to_owned(),
        role: "router1".to_owned(),
        title: Text::new(typed.title, typed.title),
        passed: Some(true),
        recorded: false,
        required: true,
        command: "show ip interface".to_owned(),
        unmet: Text::default(),
        answer: Some(format!("Interface is up\n{}\n", typed.answer)),
        host_key: None,
    }
}

/// A router that was changed, checked and saved.
pub fn saved(typed: &Typed<'_>) -> WorkRecord {
    let mut records = Records::default();
    sent(&mut records, typed);
    let outcome = Outcome { sent: 1, planned: 1, ..Outcome::new(typed.router, typed.site, State::Saved) };
    records
        .add(typed.router, answered(true, false, typed.answer))
        .add(typed.router, compared(ComparedWith::Desired))
        .add(typed.router, checked(typed))
        .add(typed.router, Kind::Saving)
        .add(typed.router, compared(ComparedWith::Startup))
        .add(typed.router, Kind::Moved { state: State::Saved })
        .add(typed.router, ended(&outcome))
        .add("", Kind::RunEnded { exit: 0 });
    let mut evidence = records.evidence();
    let kept = |text: &str| KeptText::Masked(text.to_owned());
    let configurations = Configurations {
        before: kept("hostname Router\n"),
        startup_before: KeptText::Missing(Text::new("the router did not show it", "ルータが表示しませんでした")),
        after: kept(&format!("{}\n", typed.line)),
        difference: Some(format!("--- before\n+++ after\n@@ -1 +1 @@\n-hostname Router\n+{}\n", typed.line)),
    };
    evidence.configurations = BTreeMap::from([(typed.router.to_owned(), configurations)]);
    WorkRecord::of(&evidence)
}

/// A router that refused its line, and was undone or lost.
pub fn failed(typed: &Typed<'_>, state: State) -> WorkRecord {
    let mut records = Records::default();
    sent(&mut records, typed);
    let cause = CauseRecord {
        code: "router.refused-line".to_owned(),
        text: Text::new(
            format!("the router refused line 1: {}", typed.answer),
            format!("1 行目を拒否: {}", typed.answer),
        ),
        hints: vec![Text::new("look at the line", "行を確認してください")],
    };
    records
        .add(typed.router, answered(false, false, typed.answer))
        .add(typed.router, Kind::Failed { cause, for_person: false })
        .add(typed.router, Kind::Moved { state: State::Undoing });
    if state == State::Undone {
        records
            .add(typed.router, Kind::Sending { number: 1, total: 1, line: "no hostname".to_owned(), undo: true })
            .add(typed.router, answered(true, true, ""))
            .add(typed.router, compared(ComparedWith::Backup));
    }
    let advice = Advice::of(state, Power::Before, Some("20260301-000000-abcd"));
    let outcome = Outcome { planned: 1, advice, ..Outcome::new(typed.router, typed.site, state) };
    let exit = if state == State::Undone { 3 } else { 4 };
    records
        .add(typed.router, Kind::Moved { state })
        .add(typed.router, ended(&outcome))
        .add("", Kind::RunEnded { exit });
    WorkRecord::of(&records.evidence())
}
