//! The page of a fleet: what is on it, and how large it is for ten thousand routers.

use super::{PLAIN, failed, saved};
use crate::message::Lang;
use crate::report::page::tests::tags;
use crate::report::work::RouterPart;
use crate::report::{Languages, WorkRecord, html, work_page};
use crate::state::State;

/// The most that a page of a fleet may be.
const MOST: usize = 20 * 1024 * 1024;

/// A fleet in which one of a hundred was undone, and one of a thousand is lost.
pub fn fleet(routers: usize) -> WorkRecord {
    let saved_record = saved(&PLAIN);
    let records = [saved(&PLAIN), failed(&PLAIN, State::Undone), failed(&PLAIN, State::Lost)];
    let [saved, undone, lost] = records.map(|mut record| record.routers.remove(0));
    let one = |number: usize| {
        let like = match number {
            number if number % 1000 == 7 => &lost,
            number if number % 100 == 3 => &undone,
            _ => &saved,
        };
        RouterPart {
            router: format!("clinic-{number:05}-r1"),
            site: format!("clinic-{number:05}"),
            region: Some(if number.is_multiple_of(2) { "tokyo" } else { "osaka" }.to_owned()),
            steps: Vec::new(),
            ..like.clone()
        }
    };
    WorkRecord { routers: (0..routers).map(one).collect(), is_detailed: false, ..saved_record }
}

#[test]
fn ten_thousand_routers_are_one_page_of_less_than_twenty_megabytes() {
    let page = work_page(&fleet(10_000));
    for languages in [Languages::One(Lang::Ja), Languages::Both] {
        let shown = html(&page, languages);
        assert!(shown.len() < MOST, "{} bytes", shown.len());
        assert_eq!(shown.matches("data-key=").count(), 10_000);
    }
}

#[test]
fn a_fleet_shows_what_failed_first_and_has_one_script_that_its_policy_names() {
    let shown = html(&work_page(&fleet(2_000)), Languages::One(Lang::En));
    assert_eq!(tags(&shown).iter().filter(|tag| *tag == "script").count(), 1);
    assert!(shown.contains("script-src &#39;sha256-"), "{shown}");
    for said in ["2 router(s) need a person, 20 are not done", "line-refused router.refused-line", "By region", "osaka"]
    {
        assert!(shown.contains(said), "{said}");
    }
    let rows: Vec<&str> = shown.split("data-key=\"").skip(1).filter_map(|row| row.split('"').next()).collect();
    assert_eq!(rows.iter().take(22).filter(|key| **key != "saved").count(), 22, "{:?}", rows.get(..30));
    assert_eq!(rows.first(), Some(&"lost"));
}
