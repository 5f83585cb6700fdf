use super::{OWN, hanging, in_json, is_unseen, line, shown, style, text};

/// Texts that act on a terminal or hide in one.
const HOSTILE: [&str; 20] = [
    "\u{1b}",
    "\u{1b}[31m",
    "\u{1b}]52;c;cm0gLXJmIC8=\u{7}",
    "\u{1b}]0;title\u{1b}\\",
    "\u{1b}[2J\u{1b}[H",
    "\u{9b}31m",
    "\u{9d}52;c;AA\u{9c}",
    "\u{85}",
    "\u{202e}gnp",
    "\u{2066}x\u{2069}",
    "\u{200b}",
    "\u{200d}",
    "\u{feff}",
    "\u{7f}",
    "\u{7}",
    "a\rb",
    "a\u{8}b",
    "\u{2028}",
    "\u{ad}",
    "\u{e0041}\u{fe0f}",
];

fn acts(text: &str) -> bool {
    text.chars().any(|c| c != '\n' && c != '\t' && is_unseen(c))
}

fn to_terminal(bytes: &[u8]) -> String {
    String::from_utf8(shown(bytes).into_owned()).unwrap_or_default()
}

#[test]
fn nothing_that_acts_on_a_terminal_passes() {
    for hostile in HOSTILE {
        assert!(acts(hostile), "{hostile:?} is in the table");
        for passed in [text(hostile), line(hostile), to_terminal(hostile.as_bytes()).into()] {
            assert!(!acts(&passed) && !passed.is_empty(), "{hostile:?} became {passed:?}");
        }
    }
}

#[test]
fn every_character_of_the_table_is_escaped_and_no_other() {
    for c in (0..=0x10_ffff).filter_map(char::from_u32) {
        let one = c.to_string();
        let (kept, expected) = (line(&one) == one, c == '\t' || !is_unseen(c));
        assert_eq!(kept, expected, "{c:?}");
        assert_eq!(
            serde_json::from_str::<String>(&in_json(&serde_json::to_string(&one).unwrap_or_default())).ok(),
            Some(one)
        );
    }
    for kept in "aé新宿が\u{3099}｡😀─█\u{f79b}".chars() {
        assert!(!is_unseen(kept), "{kept:?}");
    }
}

#[test]
fn json_reads_back_as_it_was_and_holds_nothing_that_acts() {
    for hostile in HOSTILE {
        let value = serde_json::json!({ hostile: [hostile, 1], "plain": "新宿\n" });
        for document in [value.to_string(), serde_json::to_string_pretty(&value).unwrap_or_default()] {
            let written = in_json(&document);
            assert!(!acts(&written), "{written}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&written).ok().as_ref(), Some(&value));
        }
    }
}

#[test]
fn a_style_of_ours_passes_and_one_in_data_does_not() {
    let painted = format!("{}bad \u{1b}[0m\u{1b}[32mgood{}\n", style("\u{1b}[1m\u{1b}[31m"), style("\u{1b}[0m"));
    assert_eq!(to_terminal(painted.as_bytes()), "\u{1b}[1m\u{1b}[31mbad \\u{1b}[0m\\u{1b}[32mgood\u{1b}[0m\n");
}

#[test]
fn our_number_opens_nothing_but_styles() {
    let forged = format!("{}31\u{1b}]0;x\u{7}", OWN.as_str());
    assert_eq!(to_terminal(forged.as_bytes()), "31\\u{1b}]0;x\\u{7}");
    assert_eq!(to_terminal(format!("{}2J", OWN.as_str()).as_bytes()), "2J");
}

#[test]
fn bytes_of_no_encoding_are_numbers() {
    assert_eq!(to_terminal(b"a\x9b31m\xff\n"), "a\\x9b31m\\xff\n");
    assert_eq!(to_terminal("新宿\r\nb".as_bytes()), "新宿\r\nb".replace('\r', ""));
}

#[test]
fn a_line_feed_in_data_begins_no_line_of_ours() {
    assert_eq!(line("r1\nr2: saved\r\n"), "r1\\nr2: saved\\r\\n");
    assert_eq!(hanging("a\r\nr2: saved\n", 4), "a\n    r2: saved");
    assert_eq!(hanging("one", 4), "one");
}
