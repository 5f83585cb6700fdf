//! Every screen of a visit at 80x24, in both languages, as snapshots of visits that are made up. The screens of real ones are kept by
//! `tests/e2e/field_screens.rs`.

use std::path::Path;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use unicode_width::UnicodeWidthStr as _;

use super::super::entry::Entry;
use super::super::operator::FieldOperator;
use super::{Sight, Typed, draw};
use crate::dialect::model;
use crate::field::{Answering, Asked, End, Event, Needed, Outgoing, Page, PlanShown, Problem, Visit, page};
use crate::inventory;
use crate::ix::Identity;
use crate::ix::ports::{Link, PortUse, SeenLink};
use crate::message::{Lang, Text};
use crate::run::{BoxSeen, Call, Candidate, Exit, NoOperator, RunEnv, Times, candidates};
use crate::state::State;
use crate::transaction::{Advice, Power};
use crate::transport::serial::{Port, Usb};

/// Two routers of a clinic; the first one's serial number is declared.
const CLINIC: &str = "version: 1
sites:
  sato:
    title: さとう内科クリニック
    reading: さとうないか
    code: \"1312345\"
    phone: 03-0000-0000
    routers:
      sato-r1: { model: IX2215, role: router1, connection: mock, identity: { serial_number: \"8609839273\" } }
      sato-r3: { model: IX2215, role: router3, connection: mock }
";

pub(super) fn clinic() -> Vec<Candidate> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clinic.yaml");
    std::fs::write(&path, CLINIC).unwrap();
    let (inventory, _) = inventory::load(&path).unwrap();
    let env = RunEnv::new(
        folder.path().to_owned(),
        std::sync::Arc::new(NoOperator),
        crate::record::Readers::default(),
        crate::cancel::Cancel::default(),
    );
    candidates(&env, &inventory, &[], None).unwrap()
}

fn cable() -> Event {
    let usb = Usb {
        vendor: 0x0403,
        product: 0x6001,
        serial_number: Some("FT9XK2".to_owned()),
        maker: Some("FTDI".to_owned()),
        name: None,
    };
    Event::Ports { ports: vec![Port { name: "COM3".to_owned(), usb: Some(usb) }], trouble: Vec::new() }
}

fn seen_identity() -> Identity {
    Identity {
        model: Some("IX2215".to_owned()),
        serial_number: Some("8609839273".to_owned()),
        firmware: Some("10.7.18".to_owned()),
        host_name: Some("Router".to_owned()),
    }
}

fn seen() -> Event {
    Event::Seen(Box::new(BoxSeen {
        identity: seen_identity(),
        uptime: Some("0 days 0 hours 3 minutes".to_owned()),
        based_on: Some("factory-default".to_owned()),
        speed: 9600,
    }))
}

fn typed(text: &str) -> Event {
    Event::Typed(text.to_owned())
}

fn asked(lang: Lang, en: &str, ja: &str, answering: Answering) -> Event {
    Event::Asked(Asked { question: lang.pick(en, ja).to_owned(), answering })
}

fn plan(lang: Lang) -> PlanShown {
    let port = |interface: &str, description: &str, lines: &[&str]| PortUse {
        interface: interface.to_owned(),
        switch_ports: None,
        description: Some(description.to_owned()),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        is_on: true,
    };
    PlanShown {
        text: lang
            .pick("  1 hostname sato-r1\n  2 ip route default ...", "  1 hostname sato-r1\n  2 ip route default ...")
            .to_owned(),
        model: model::find("IX2215"),
        ports: vec![
            port("GigaEthernet0.0", "WAN", &["ipv6 dhcp client pd6c", "bridge-group 1"]),
            port("GigaEthernet2.0", "terminals", &["ipv6 nd ra enable"]),
        ],
        lengths: vec![16; 41],
    }
}

/// The visit after these events.
fn after(lang: Lang, events: impl IntoIterator<Item = Event>) -> Visit {
    let mut visit = Visit::new(clinic(), 9600, lang);
    for event in events {
        visit.on(event);
    }
    visit
}

/// The same where boxes are exchanged, and the first router was saved with the box that the inventory names.
fn swapping(lang: Lang, events: impl IntoIterator<Item = Event>) -> Visit {
    let mut saved = clinic();
    saved[0].recorded = Some(saved[0].declared.clone());
    let mut visit = Visit::new(saved, 9600, lang).swapping(true);
    for event in events {
        visit.on(event);
    }
    visit
}

/// A visit to a new box, up to its first secret.
fn new_box(lang: Lang) -> Vec<Event> {
    let mut identity = seen_identity();
    identity.serial_number = Some("8609840011".to_owned());
    let based_on = Some("factory-default".to_owned());
    let seen = BoxSeen { identity, based_on, speed: 9600, ..BoxSeen::default() };
    let has_none = lang.pick(
        "sato-r1: `username clerk` has no reference, so its password is asked for (sato-r1.username-clerk)",
        "sato-r1: `username clerk` のパスワードは参照がないため、入力を求めます(sato-r1.username-clerk)",
    );
    let secret = asked(lang, "sato-r1: username clerk:", "sato-r1: username clerk:", Answering::Secret);
    let found = Event::Seen(Box::new(seen));
    vec![cable(), typed("1"), found, typed("y"), Event::Warned(has_none.to_owned()), secret]
}

fn question(lang: Lang) -> Vec<Event> {
    let summary = lang.pick(
        "== さとう内科クリニック, sato-r1\n  IX2215, serial number 860983****, firmware 10.7.18\n  host name; URL filter; DNS; 41 line(s) to type",
        "== さとう内科クリニック、sato-r1\n  IX2215、製造番号 860983****、ファームウェア 10.7.18\n  ホスト名、URL フィルタ、DNS、送信 41 行",
    );
    let asked = asked(
        lang,
        "Change 1 of 1 router(s) (role: router1) at 1 site(s)?",
        "拠点 1 か所、ルータ 1 台(ロール: router1)のうち 1 台を変更します。よろしいですか?",
        Answering::Change,
    );
    vec![cable(), typed("1"), seen(), typed("y"), Event::Planned(plan(lang)), Event::Summed(summary.to_owned()), asked]
}

fn with(mut events: Vec<Event>, more: impl IntoIterator<Item = Event>) -> Vec<Event> {
    events.extend(more);
    events
}

/// The end of a router whose cable did not come back, as the office is told of it.
fn lost(lang: Lang) -> Event {
    needed(lang, State::Lost, Power::Before, Call::default())
}

/// The end of a router that needs a person, at a clinic that opens at half past eight.
fn needed(lang: Lang, state: State, power: Power, call: Call) -> Event {
    let clinic = clinic().remove(0).clinic;
    let times = Times::Until("2026-12-01 08:30".to_owned());
    let needed = Needed {
        router: "sato-r1".to_owned(),
        state,
        serial_number: Some("8609839273".to_owned()),
        run: Some("20261130-225512-9f3c".to_owned()),
        advice: Advice::of(state, power, Some("20261130-225512-9f3c")).unwrap(),
        call: Call { clinic, times, ..call },
    };
    Event::Ended(End {
        router: Some("sato-r1".to_owned()),
        text: format!("sato-r1: {}\n  [code] the reason", crate::report::state_words(state, lang)),
        exit: Exit::NeedsPerson,
        is_proven: true,
        needed: Some(Box::new(needed)),
        ..End::default()
    })
}

/// The screens of a visit, by name.
fn screens(lang: Lang) -> Vec<(&'static str, Visit)> {
    let none = Event::Ports { ports: Vec::new(), trouble: Vec::new() };
    let silent = Event::NotSeen(Problem {
        text: Text::new(
            "[session.silent] COM3: no answer at 9600 bit/s",
            "[session.silent] COM3: 9600 bit/s で応答がありません",
        ),
        hints: vec![Text::new("is the router switched on?", "ルータの電源は入っていますか?")],
        is_silent: true,
        asks_for_login: false,
        refuses_login: false,
    });
    let failed = asked(
        lang,
        "sato-r1: required checks failed:\n  wan: expected that the answer contains `up`",
        "sato-r1: 必須の確認が失敗しました:\n  wan: 期待: `up` を含む",
        Answering::FailedChecks,
    );
    let open = asked(
        lang,
        "sato-r1: saved. Tests from this laptop's Ethernet port:\n 1 laptop test not made: medical-closed: no TCP connection to 192.168.1.10:445 opens, from a port in 192.168.0.0/24\n     no port of this computer has an address in 192.168.0.0/24; plug its Ethernet port into that network, give it an address there, and test again",
        "sato-r1: 保存済み。この PC の Ethernet ポートからの試験:\n 1 PC 試験 未実施: medical-closed: 192.168.0.0/24 のポートから 192.168.1.10:445 へ TCP 接続できない\n     このコンピュータには 192.168.0.0/24 のアドレスを持つポートがありません。Ethernet ポートをそのネットワークに接続し、アドレスを設定してから再実行してください",
        Answering::HandOver { tests: 1 },
    );
    let line = |number: usize, text: &str| {
        let sending = Event::Sending(Outgoing { number, at_ms: 1_000 * u64::try_from(number).unwrap() });
        [sending, Event::Said(format!("sato-r1: {number:>3}/41 {text}"))]
    };
    let sending = [
        line(1, "hostname sato-r1"),
        line(2, "ip dhcp profile lan"),
        line(3, "assignable-range 192.168.1.10 192.168.1.99"),
    ];
    let ended = |exit, en: &str, ja: &str| {
        Event::Ended(End {
            router: Some("sato-r1".to_owned()),
            text: lang.pick(en, ja).to_owned(),
            exit,
            is_proven: true,
            ..End::default()
        })
    };
    let saved = ended(Exit::Done, "sato-r1: saved", "sato-r1: 保存済み(saved)");
    let lost = lost(lang);
    let link = |interface: &str, link| SeenLink { interface: interface.to_owned(), link };
    let links = || Event::Links(vec![link("GigaEthernet0.0", Link::Up), link("GigaEthernet2.0", Link::Down)]);
    let looked = || vec![cable(), typed("1")];
    let working = || with(question(lang), [typed("y")]);
    let swaps = [("swap", 3), ("secret", 6)]
        .map(|(name, events)| (name, swapping(lang, new_box(lang).into_iter().take(events))));
    let visits = [
        ("cable-none", vec![none]),
        ("cable", vec![cable()]),
        ("looking", looked()),
        ("silent", with(looked(), [silent])),
        ("confirm", with(looked(), [seen()])),
        ("find", with(looked(), [seen(), typed("f"), typed("さとう")])),
        ("question", question(lang)),
        ("ports", with(question(lang), [typed("p")])),
        ("working", with(working(), sending.into_iter().flatten())),
        ("failed-checks", with(working(), [links(), failed])),
        ("hand-over", with(working(), [open])),
        ("saved", with(working(), [links(), saved])),
        ("lost", with(working(), [lost])),
    ]
    .map(|(name, events)| (name, after(lang, events)));
    visits.into_iter().chain(swaps).collect()
}

/// What is on a screen of 80 columns and 24 lines, without the blanks behind it.
fn drawn(visit: &Visit) -> String {
    drawn_page(&page(visit), &Typed::default())
}

/// The same of any page.
pub(super) fn drawn_page(page: &Page, typed: &Typed) -> String {
    drawn_with_sight(page, typed).0
}

/// The same, with what of the text is in sight.
fn drawn_with_sight(page: &Page, typed: &Typed) -> (String, Sight) {
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let mut sight = Sight::default();
    terminal.draw(|frame| sight = draw(frame, page, typed)).unwrap();
    let buffer = terminal.backend().buffer();
    let mut text = String::new();
    for row in 0..buffer.area.height {
        let mut line = String::new();
        let mut column = 0;
        while column < buffer.area.width {
            let symbol = buffer[(column, row)].symbol();
            line.push_str(symbol);
            // A wide character takes the cell behind it, too.
            column += u16::try_from(symbol.width().max(1)).unwrap();
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    (text, sight)
}

#[test]
fn every_screen_is_drawn_as_it_is_kept() {
    for (lang, word) in [(Lang::En, "en"), (Lang::Ja, "ja")] {
        for (name, visit) in screens(lang) {
            kept(&format!("{name}.{word}"), &drawn(&visit));
        }
    }
}

/// Compares a screen with the one that is kept.
pub(super) fn kept(name: &str, shown: &str) {
    assert!(shown.lines().all(|line| line.width() <= 80), "{shown}");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new("screens"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, shown));
}

#[test]
fn where_a_person_is_needed_the_first_screen_says_power_cycle_call_words_and_time_before_the_reason() {
    let words = [
        (Lang::En, ["power cycle:", "call: your operations", "say to them:", "until when:", "21:14:03", "now:"]),
        (Lang::Ja, ["電源の入れ直し:", "連絡先: 運用担当", "伝える内容:", "いつまで:", "21:14:03", "今すること:"]),
    ];
    for (lang, words) in words {
        for state in [State::Lost, State::Mixed, State::UndoFailed] {
            for power in [Power::Before, Power::SaveBegun, Power::Unsaved, Power::Unknown] {
                let call = Call { save_until: Some("21:14:03".to_owned()), ..Call::default() };
                let shown = drawn(&after(lang, [needed(lang, state, power, call)]));
                let places: Vec<usize> = words
                    .iter()
                    .map(|word| shown.find(word).unwrap_or_else(|| panic!("no `{word}` in:\n{shown}")))
                    .collect();
                assert!(places.is_sorted(), "{shown}");
                let reason = shown.find("[code] the reason");
                assert!(reason.is_none_or(|at| Some(&at) > places.last()), "{shown}");
                let spoken = ["860983****", "20261130-225512-9f3c", "sato-r1", state.word(), "2026-12-01 08:30"];
                assert!(spoken.iter().all(|word| shown.contains(word)), "{shown}");
                assert!(!shown.contains("8609839273"), "{shown}");
            }
        }
    }
}

#[test]
fn a_long_text_is_moved_by_lines_and_the_work_in_progress_follows_its_end() {
    let mut visit = after(Lang::En, question(Lang::En));
    visit.on(typed("y"));
    (1..=60).for_each(|number| drop(visit.on(Event::Said(format!("line {number}")))));
    let shown = drawn(&visit);
    assert!(shown.contains("line 60") && !shown.contains("line 1\n"), "{shown}");
}

/// The screens of a text at the commands of a question, with these keys pressed one after the other.
fn turned(lines: usize, keys: &[KeyCode]) -> Vec<String> {
    let mut events = question(Lang::En);
    let text = (1..=lines).map(|number| format!("command {number}\n")).collect();
    events[4] = Event::Planned(PlanShown { text, ..plan(Lang::En) });
    let mut entry = Entry::default();
    entry.show(page(&after(Lang::En, with(events, [typed("c")]))));
    let (tell, _) = std::sync::mpsc::channel();
    let secrets = FieldOperator::new(tell, std::sync::Arc::new(NoOperator), Lang::En).secrets();
    let screen = |entry: &mut Entry| {
        let (page, typed) = entry.shown().unwrap();
        let (shown, sight) = drawn_with_sight(page, &typed);
        entry.drawn(sight);
        shown
    };
    let mut screens = vec![screen(&mut entry)];
    for key in keys {
        entry.take(*key, KeyModifiers::NONE, &secrets);
        screens.push(screen(&mut entry));
    }
    screens
}

#[test]
fn a_text_of_more_than_a_screen_has_page_numbers_and_the_keys_that_turn_them() {
    use KeyCode::{PageDown, PageUp};
    let shown = turned(45, &[PageDown, PageDown, PageDown, PageDown, PageUp, PageUp]);
    let headings: Vec<&str> = shown.iter().map(|screen| screen.lines().next().unwrap()).collect();
    let heading = |number: usize| format!(" 4 Your answer {number}/3  [PgUp] [PgDn]");
    // Beyond the end no press is kept: one turns back.
    assert_eq!(headings, [1, 2, 3, 3, 3, 2, 1].map(heading));
    assert!(shown[0].contains("command 1\n") && !shown[1].contains("command 1\n"), "{}", shown[1]);
    assert!(shown[2].contains("command 45\n") && shown[2].contains("Change 1 of 1"), "{}", shown[2]);
    // Every line is on one of the pages.
    let all = shown[..3].concat();
    assert!((1..=45).all(|number| all.contains(&format!("command {number}\n"))), "{all}");
    let short = turned(5, &[PageDown]);
    assert!(short[0].starts_with(" 4 Your answer\n") && short[0] == short[1], "{}", short[1]);
}
