//! The fields of sites and groups: what is read, what groups give, and what is said about wrong ones, word for word.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use super::Site;
use crate::inventory::{Diagnostics, Inventory, SourceFile};
use crate::message::Lang;

const ROUTER: &str = "{ model: IX2215, connection: mock }";

fn read(text: &str) -> Result<(Inventory, Diagnostics), Diagnostics> {
    Inventory::read(&[SourceFile::new("i.yaml", text)])
}

/// An inventory with these lines in a site `s` of the groups `a` and `b`, which have these keys.
fn with(site: &str, a: &str, b: &str) -> String {
    format!(
        "version: 1\ngroups: {{ a: {{ {a} }}, b: {{ {b} }} }}\nsites:\n  s:\n    groups: [a, b]\n{site}    routers: {{ r: {ROUTER} }}\n"
    )
}

fn site(text: &str) -> Site {
    read(text).unwrap().0.sites[0].clone()
}

/// The headings of what is wrong, with their places.
fn found(text: &str) -> Vec<String> {
    let found = read(text).map(|(_, warnings)| warnings).unwrap_or_else(|found| found);
    let one = |finding: &crate::inventory::Diagnostic| {
        let (_, line, column) = finding.position().unwrap();
        format!("{line}:{column} {} {}", finding.code, finding.text.en)
    };
    found.iter().map(one).collect()
}

#[test]
fn every_field_of_a_site_is_read() {
    let site = site(&with(
        "    title: 佐藤医院\n    reading: さとういいん\n    code: \"0131001\"\n    phone: 03-1234-5678\n    address: 東京都千代田区丸の内1-1\n    region: 関東\n    carrier: NTT 東日本\n    time_zone: Asia/Tokyo\n    opening: [\"mon-wed,fri 09:00-12:30 14:00-18:00\", \"thu 09:00-12:30\"]\n    windows: daily 22:00-05:00\n    do_not_touch: { reason: 移転作業中, until: 2026-12-31 }\n",
        "",
        "",
    ));
    let personal = [&site.reading, &site.phone, &site.address].map(|one| one.as_ref().unwrap().shown());
    assert_eq!(personal, ["さとういいん", "03-1234-5678", "東京都千代田区丸の内1-1"]);
    assert_eq!(site.code.as_ref().unwrap().value, "0131001");
    assert_eq!((site.region(), site.carrier()), (Some("関東"), Some("NTT 東日本")));
    assert_eq!(site.schedule.opening.as_ref().unwrap().len(), 3);
    assert_eq!(site.schedule.windows.as_ref().unwrap()[0].to_string(), "daily 22:00-05:00");
    let barred = site.barred_at("2026-12-31T00:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(barred.reason, "移転作業中");
    assert!(site.barred_at("2027-01-01T00:00:00Z".parse().unwrap()).is_none());
}

#[test]
fn personal_data_is_not_in_a_debug_form() {
    let site = site(&with("    phone: 03-1234-5678\n    address: 丸の内\n    reading: さとう\n", "", ""));
    let debug = format!("{:?} {:?} {:?}", site.phone, site.address, site.reading);
    assert_eq!(debug.matches("Personal(...)").count(), 3, "{debug}");
}

#[test]
fn a_site_has_what_a_group_gives_unless_it_says_so_itself() {
    let own =
        site(&with("    region: 関西\n", "region: 関東, carrier: east, windows: 22:00-05:00", "time_zone: Asia/Seoul"));
    assert_eq!((own.region(), own.carrier()), (Some("関西"), Some("east")));
    assert_eq!(own.schedule.zone.name(), "Asia/Seoul");
    assert!(own.schedule.windows.is_some() && own.schedule.opening.is_none());
    let usual = site(&with("", "", ""));
    assert_eq!(usual.schedule.zone.name(), "Asia/Tokyo");
    assert!(usual.schedule.is_always());
}

#[test]
fn two_groups_that_differ_are_a_finding_and_their_order_decides_nothing() {
    assert_eq!(
        found(&with("", "carrier: east, windows: 22:00-05:00", "carrier: west, windows: daily 22:00-05:00")),
        ["2:69 inventory.groups-differ the groups `a` and `b` of site `s` give it different values of `carrier`"]
    );
    assert_eq!(found(&with("    carrier: own\n", "carrier: east", "carrier: west")), [""; 0]);
    assert_eq!(found(&with("", "carrier: east", "carrier: east")), [""; 0]);
    // Thousands of sites of the same two groups are told of once.
    let more: String =
        (0..50).map(|n| format!("  t{n}: {{ groups: [a, b], routers: {{ q{n}: {ROUTER} }} }}\n")).collect();
    assert_eq!(found(&(with("", "region: x", "region: y") + &more)).len(), 1);
}

#[test]
fn what_is_wrong_in_a_site_is_found_with_its_place() {
    let text = with(
        "    code: 0131001\n    phone: 0312345678\n    time_zone: Asia/Tokio\n    opening: [mn 09:00-12:00, \"mon 9-12\"]\n    windows: []\n    address: \"a\\u202eb\"\n    do_not_touch: { reason: x, until: 31.12.2026 }\n    phoen: 1\n",
        "opening: ２２：００-05:00",
        "",
    );
    assert_eq!(
        found(&text),
        [
            "2:25 window.hours `２２：００-05:00` is not a range of hours",
            "6:11 value.number `0131001` is a number here, and a zero in front of a number is lost",
            "7:12 value.number `0312345678` is a number here, and a zero in front of a number is lost",
            "8:16 window.time-zone no time zone is named `Asia/Tokio`",
            "9:15 window.days `mn` is not a day",
            "9:31 window.hours `9-12` is not a range of hours",
            "10:5 window.rules no hours are named",
            "11:14 value.text the text holds a character that cannot be seen",
            "12:39 value.date `31.12.2026` is not a date",
            "13:5 yaml.unknown-key `phoen` is not a key of a site",
        ]
    );
    let found = read(&text).unwrap_err();
    let (en, ja) = (found.render(Lang::En), found.render(Lang::Ja));
    for said in ["did you mean `Asia/Tokyo`?", "write it between quotes: `\"0131001\"`", "did you mean `phone`?"] {
        assert!(en.contains(said), "{said}: {en}");
    }
    assert!(en.contains("write `22:00-05:00` with the input method off"), "{en}");
    assert!(ja.contains("引用符で囲んでください: `\"0131001\"`"), "{ja}");
    assert!(ja.contains("`Asia/Tokyo` の誤りではありませんか?"), "{ja}");
}

#[test]
fn one_wrong_rule_leaves_none_so_that_half_of_the_hours_never_counts() {
    let (inventory, found) = Inventory::attempt(&[SourceFile::new(
        "i.yaml",
        with("    opening: [\"mon 09:00-12:00\", \"tue 9\"]\n", "", ""),
    )]);
    assert_eq!(found.errors(), 1);
    assert_eq!(inventory.sites[0].schedule.opening, None);
}

#[test]
fn holidays_come_from_a_file_that_the_inventory_names() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "version: 1\nholidays: jp.csv\nsites: {{ s: {{ windows: mon-fri 22:00-05:00, routers: {{ r: {ROUTER} }} }} }}\n"
    );
    std::fs::write(folder.path().join("i.yaml"), &text).unwrap();
    let load = || crate::inventory::load(&folder.path().join("i.yaml"));
    let missing = load().unwrap_err();
    assert_eq!(
        missing.iter().map(|finding| (finding.code, finding.position().unwrap().1)).collect::<Vec<_>>(),
        [("file.unreadable", 2)]
    );
    std::fs::write(folder.path().join("jp.csv"), "2026/5/4,みどりの日\n5/5 x\n").unwrap();
    let wrong = load().unwrap_err();
    assert_eq!(
        wrong.iter().map(|finding| (finding.code, finding.position().unwrap().1)).collect::<Vec<_>>(),
        [("holidays.date", 2)]
    );
    std::fs::write(folder.path().join("jp.csv"), "2026/5/4,みどりの日\n").unwrap();
    let (inventory, _) = load().unwrap();
    let schedule = Arc::clone(&inventory.sites[0].schedule);
    // The night of 4 May, a Monday and a holiday, and the one after it.
    assert!(!schedule.allows("2026-05-04T14:00:00Z".parse().unwrap()));
    assert!(schedule.allows("2026-05-05T14:00:00Z".parse().unwrap()));
}
