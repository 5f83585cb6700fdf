//! Slips in a YAML file, distinguished so that the message names the slip: full-width characters, a missing blank after a
//! colon, a Windows path in double quotes. Looks at lines; decides nothing about the document.

use crate::message::Text;

/// What was meant by a character that the Japanese input method makes where YAML wants the plain one.
pub(super) fn plain(c: char) -> Option<char> {
    match c {
        '\u{3000}' | '\u{a0}' => Some(' '),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        _ => None,
    }
}

/// What to do about a word with full-width characters in it; `None` when it has none.
pub(crate) fn full_width(word: &str) -> Option<Text> {
    word.chars().any(|c| plain(c).is_some()).then(|| {
        let meant: String = word.chars().map(|c| plain(c).unwrap_or(c)).collect();
        let meant = meant.trim();
        Text::new(
            format!("it is written with full-width characters or blanks: write `{meant}` with the input method off"),
            format!("全角の文字または空白が含まれています。半角で `{meant}` と書いてください"),
        )
    })
}

/// The same for what must be ASCII; `None` also when it would hold other characters even so.
pub(crate) fn half_width(text: &str) -> Option<Text> {
    full_width(text).filter(|_| text.chars().all(|c| plain(c).unwrap_or(c).is_ascii()))
}

/// A full-width character outside quotes and comments, with what was meant: position from 0, the character, the plain one.
pub(super) fn stray(line: &str) -> Option<(usize, char, char)> {
    let mut quote = None;
    for (at, c) in line.chars().enumerate() {
        match (quote, c) {
            (None, '#') => return None,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '：' | '，' | '｛' | '｝' | '［' | '］' | '－' | '＃' | '\u{3000}' | '\u{a0}') => {
                return plain(c).map(|meant| (at, c, meant));
            }
            _ => {}
        }
    }
    None
}

/// `key:value` at the beginning of a line, as `key: value`.
pub(super) fn glued(line: &str) -> Option<String> {
    let line = line.trim_start().trim_start_matches("- ").trim_end();
    let (key, value) = line.split_once(':')?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let known = |c: char| c.is_alphanumeric() || matches!(c, '"' | '\'' | '{' | '[');
    (is_key && value.starts_with(known) && !value.contains(':')).then(|| format!("{key}: {value}"))
}

/// Whether the parser means a backslash between double quotes.
pub(super) fn is_escape(info: &str) -> bool {
    info.contains("escape") || info.contains("hexadecimal")
}

/// Other words of the parser, in Japanese: the first that is in what it says.
const USUAL: [(&str, &str); 16] = [
    (
        "block mapping, did not find expected key",
        "`項目: 値` があるはずの位置です。字下げと、上の行の引用符や括弧の閉じ忘れを確かめてください",
    ),
    ("unexpected EOF", "ファイルが途中で終わっています"),
    ("unexpected eof", "ファイルが途中で終わっています"),
    ("expected ',' or '}'", "`{ }` の中に `,` がないか、`}` で閉じられていません"),
    ("expected ',' or ']'", "`[ ]` の中に `,` がないか、`]` で閉じられていません"),
    ("expected '-' indicator", "一覧の `- ` があるはずの位置です。字下げが上の行とずれていないか確かめてください"),
    ("block sequence entries are not allowed", "この位置に `- ` は書けません。字下げを確かめてください"),
    ("node content", "値が書かれていないか、途中で終わっています"),
    ("unclosed quote", "引用符が閉じられていません"),
    ("quoted scalar", "引用符の後に余分な文字があるか、引用符が閉じられていません"),
    ("bracket", "括弧の対応が合っていません"),
    ("tab", "字下げにタブは使えません。空白で字下げしてください"),
    ("indent", "字下げが上の行と合っていません"),
    ("anchor", "`&` または `*` で始まる値は引用符で囲んでください"),
    ("unexpected character", "この文字で値は始められません。引用符で囲んでください"),
    ("simple key", "項目名が長すぎるか、2 行にまたがっています"),
];

/// The parser's words in Japanese, where they are among the usual ones.
pub(super) fn japanese(info: &str) -> String {
    if info.contains("mapping values are not allowed") {
        "この位置に `項目: 値` は書けません。字下げが上の行とずれていないか確かめてください".to_owned()
    } else if info.contains("expected ':'") {
        "項目名の後に `:` と空白がありません".to_owned()
    } else if is_escape(info) {
        "二重引用符の中の `\\` の使い方が違います".to_owned()
    } else {
        let known = USUAL.iter().find(|(words, _)| info.contains(words));
        known.map_or_else(
            || format!("YAML として読めません(解析器の説明: {info})"),
            |(_, japanese)| (*japanese).to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{full_width, glued, stray};

    #[test]
    fn full_width_characters_are_found_where_yaml_wants_plain_ones() {
        assert_eq!(stray("role： router1"), Some((4, '：', ':')));
        assert_eq!(stray("　vars: {}"), Some((0, '　', ' ')));
        assert_eq!(stray("title: \"佐藤：医院\" # 全角：コメント"), None);
        assert_eq!(
            full_width("ＩＸ２２１５").map(|text| text.ja).as_deref(),
            Some("全角の文字または空白が含まれています。半角で `IX2215` と書いてください")
        );
        assert_eq!(full_width("佐藤"), None);
    }

    #[test]
    fn the_parsers_words_have_japanese_in_their_place_or_beside_them() {
        let key = super::japanese("while parsing a block mapping, did not find expected key");
        assert!(key.starts_with("`項目: 値` があるはずの位置です"), "{key}");
        assert!(super::japanese("something new").starts_with("YAML として読めません"));
    }

    #[test]
    fn a_blank_left_out_is_seen_only_where_a_key_is() {
        assert_eq!(glued("  role:router1").as_deref(), Some("role: router1"));
        assert_eq!(glued("  - name:x").as_deref(), Some("name: x"));
        for other in ["role: router1", "::1", "2001:db8::1", "https://x", "title:"] {
            assert_eq!(glued(other), None, "{other}");
        }
    }
}
