//! Labels: from the record alone, only of what is saved, and no value becomes markup or gives a secret away.

use super::{Labels, labels_page};
use crate::dialect::Dialect;
use crate::ix::Config;
use crate::ix::mask::mask_text;
use crate::message::Lang;
use crate::report::page::tests::{HOSTILE, tags};
use crate::report::work_tests::{PLAIN, Typed, failed, saved};
use crate::report::{Languages, WorkRecord, html, markdown};
use crate::state::State;
use crate::transaction::digest;

const CONFIGURATION: &str = "hostname sato-r1\nusername admin password plain 1 CanaryAdmin7Pw administrator\ninterface GigaEthernet0.0\n  description WAN\n  ip address dhcp\n  no shutdown\n!\n";

/// A saved router that runs this configuration, as the journal keeps it.
fn with_configuration(text: &str) -> WorkRecord {
    let mut record = saved(&PLAIN);
    let kept = record.routers[0].configurations.as_mut().unwrap();
    kept.after = Some(mask_text(&Config::parse(Dialect::ix(), text).print()));
    record
}

#[test]
fn a_label_says_which_box_is_which_router_and_what_goes_where() {
    let labels = Labels::of(&with_configuration(CONFIGURATION));
    let shown = html(&labels_page(&labels), Languages::One(Lang::En));
    for words in ["sato-r1", "sato", "0012345", "IX2215", "GigaEthernet0.0", "WAN", "20260301-000000-abcd"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let japanese = html(&labels_page(&labels), Languages::One(Lang::Ja));
    assert!(japanese.contains("ポートの用途") && japanese.contains("<html lang=\"ja\">"), "{japanese}");
}

#[test]
fn its_sha_256_is_that_of_the_configuration_itself_though_the_secrets_of_what_is_kept_are_masked() {
    let labels = Labels::of(&with_configuration(CONFIGURATION));
    let whole = digest(&Config::parse(Dialect::ix(), CONFIGURATION));
    assert_eq!(labels.labels[0].configuration.as_deref(), Some(whole.as_str()));
    let other = CONFIGURATION.replace("WAN", "LAN");
    assert_ne!(digest(&Config::parse(Dialect::ix(), &other)), whole);
    let shown = html(&labels_page(&labels), Languages::Both) + &markdown(&labels_page(&labels), Languages::Both);
    assert!(!shown.contains("CanaryAdmin7Pw"), "{shown}");
}

#[test]
fn a_router_that_is_not_saved_and_proven_has_no_label() {
    let mut unverified = saved(&PLAIN);
    unverified.routers[0].unverified = Some("startup-not-shown".to_owned());
    for record in [failed(&PLAIN, State::Undone), failed(&PLAIN, State::Lost), unverified] {
        let labels = Labels::of(&record);
        assert!(labels.labels.is_empty() && labels.without.len() == 1, "{labels:?}");
        let shown = html(&labels_page(&labels), Languages::One(Lang::En));
        assert!(shown.contains("there is no label") && shown.contains("Without a label"), "{shown}");
    }
}

#[test]
fn a_router_that_failed_first_and_was_saved_later_has_a_label_and_is_not_named_without_one() {
    let labels = Labels::of(&failed(&PLAIN, State::Undone)).and(Labels::of(&saved(&PLAIN)));
    assert_eq!((labels.labels.len(), labels.without.len()), (1, 0), "{labels:?}");
}

#[test]
fn of_a_router_that_was_saved_twice_the_last_label_counts() {
    let labels = Labels::of(&saved(&PLAIN)).and(Labels::of(&with_configuration(CONFIGURATION)));
    assert_eq!(labels.labels.len(), 1);
    assert_eq!(labels.labels[0].ports.as_ref().map(Vec::len), Some(1));
}

#[test]
fn a_hostile_value_stays_text_on_a_label_and_on_the_sheet_of_all() {
    let mut record = saved(&Typed::hostile());
    let text = format!("interface GigaEthernet0.0\n  description {HOSTILE}\n  no shutdown\n!\n");
    record.routers[0].configurations.as_mut().unwrap().after = Some(text);
    let one = Labels::of(&record);
    let mut several = one.clone().and(Labels::of(&with_configuration(CONFIGURATION)));
    several.labels[0].title = Some(HOSTILE.to_owned());
    several.without = Labels::of(&failed(&Typed::hostile(), State::Mixed)).without;
    for labels in [one, several] {
        let page = labels_page(&labels);
        for languages in [Languages::One(Lang::En), Languages::One(Lang::Ja), Languages::Both] {
            let shown = html(&page, languages);
            let tags = tags(&shown);
            assert!(!tags.iter().any(|tag| ["script", "img"].contains(&tag.as_str())), "{tags:?}");
            assert!(shown.contains("default-src &#39;none&#39;"), "{shown}");
            for text in [shown, markdown(&page, languages)] {
                assert!(!text.contains(['\u{202e}', '\u{1b}', '\0']), "{text}");
            }
        }
    }
}
