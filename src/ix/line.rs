//! What a line that is typed on a router may hold, and how bytes that are not UTF-8 travel through our text.
//!
//! `?` and TAB are help and completion on the router (fact sheet 10), control bytes are keys: a line holding one is refused here,
//! whatever its source. So is a command that the router would carry out at once instead of keeping it.

use std::borrow::Cow;

use super::masked;
use crate::dialect::Dialect;
use crate::dialect::grammar::{Effect, Grammar, words};
use crate::message::{Explain, Wording};

const REMOVE: Wording =
    Wording { en: "remove that character from the value", ja: "値からその文字を取り除いてください" };

/// Why a line cannot be typed.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum LineError {
    /// A byte that is a key and not a character.
    #[explain(
        code = "line.control",
        en = "the line holds the control byte 0x{byte:02x} at column {column}, which the router takes as a key",
        ja = "行の{column}文字目に制御文字(0x{byte:02x})があります。ルータはこれをキー操作として扱います",
        hint(shared = REMOVE)
    )]
    Control {
        /// The byte.
        byte: u8,
        /// Its column, from 1, in characters.
        column: usize,
    },
    /// The router would print help.
    #[explain(
        code = "line.help",
        en = "the line holds `?` at column {column}, which makes the router print help",
        ja = "行の{column}文字目に「?」があります。ルータはヘルプを表示してしまいます",
        hint(shared = REMOVE)
    )]
    Help {
        /// Its column, from 1, in characters.
        column: usize,
    },
    /// Something was taken out of it: a backup program's mark is where a secret was.
    #[explain(
        code = "line.masked",
        en = "a mark is where the secret was, and would become the secret",
        ja = "秘密情報がマスクされた行で、マスクの文字がそのまま秘密情報になってしまいます",
        hint(
            en = "let the router itself be read (`plan` without `--from-backup`), or use an unmasked backup; in a template name the secret by reference",
            ja = "ルータ自体を読み出す(--from-backup なしの plan)か、マスクなしのバックアップを使ってください。テンプレートでは秘密情報を参照で指定します"
        ),
        note(
            en = "A mark is `***` or `<removed>`, for example.",
            ja = "マスクの文字は `***` や `<removed>` などです。"
        )
    )]
    Masked,
    /// Longer than allowed.
    #[explain(
        code = "line.too-long",
        en = "the line has {length} bytes; at most {most} are allowed",
        ja = "行が{length}バイトあります。上限は{most}バイトです",
        hint(
            en = "shorten the line, or raise `max_line` if your firmware is known to accept it",
            ja = "行を短くするか、そのファームウェアで入力できると分かっている場合は `max_line` を大きくしてください"
        )
    )]
    TooLong {
        /// Its length in bytes.
        length: usize,
        /// The longest allowed.
        most: usize,
    },
    /// No configuration: the router would act on it at once.
    #[explain(
        code = "line.not-configuration",
        en = "`{command}` is not configuration, the router would carry it out at once: {effect}",
        ja = "`{command}` は設定ではなく、ルータが直ちに実行するコマンドです({effect})",
        hint(
            en = "take the line out; saving, restarting and looking are the program's: `apply` saves what is proven, `restart` restarts, `checks:` look",
            ja = "その行を削除してください。保存・再起動・確認は本ツールが行います(保存は apply、再起動は restart、確認は checks:)"
        ),
        note(
            en = "Abbreviations are found, too. A silence of `lint` does not help, and no plan types such a line.",
            ja = "省略形も含みます。lint の抑止では通らず、計画でも入力しません。"
        )
    )]
    NotConfiguration {
        /// The command, as the table names it.
        command: String,
        /// What it does.
        effect: Effect,
    },
    /// A host name with which no prompt can be read.
    #[explain(
        code = "line.host-name",
        en = "a prompt that shows the host name `{name}` cannot be read: the router would not be found again",
        ja = "ホスト名 `{name}` を含むプロンプトは判別できないため、以後ルータを操作できなくなります",
        hint(
            en = "a host name has letters, digits, `.`, `_` and `-`, and at most 80 of them",
            ja = "ホスト名には英数字と `.`、`_`、`-` だけを使い、80 文字以内にしてください"
        )
    )]
    HostName {
        /// The name.
        name: String,
    },
}

/// Whether a line can be typed: no control byte, no `?`, no TAB, no line end, not longer than `most` bytes, and with nothing taken out.
pub fn check(line: &str, most: usize) -> Result<(), LineError> {
    let harmless = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'?';
    // Every byte is looked at, many at once: almost every line is harmless to its end.
    let doubtful = if line.bytes().fold(true, |so_far, byte| so_far & harmless(byte)) { "" } else { line };
    for (index, character) in doubtful.chars().enumerate() {
        let column = index + 1;
        if character == '?' {
            return Err(LineError::Help { column });
        }
        // C1 control characters are control keys in an 8-bit terminal.
        if character.is_control() {
            return Err(LineError::Control { byte: u8::try_from(u32::from(character) & 0xff).unwrap_or(0), column });
        }
    }
    // Counted as it is typed: a byte that is not UTF-8 is one.
    let length = if doubtful.is_empty() { line.len() } else { to_bytes(line).len() };
    if length > most {
        return Err(LineError::TooLong { length, most });
    }
    if masked::is_masked(line) { Err(LineError::Masked) } else { Ok(()) }
}

/// Whether a line is one that a configuration can hold, as far as the table knows, in the mode it is typed in; `None` where that is
/// not known.
pub fn check_command(grammar: &Grammar, mode: Option<&str>, line: &str) -> Result<(), LineError> {
    if !grammar.may_be_operational(line) {
        return Ok(());
    }
    match grammar.operational(mode, &words(line)) {
        Some(found) => Err(LineError::NotConfiguration { command: found.words.join(" "), effect: found.effect }),
        None => Ok(()),
    }
}

/// Whether a router can still be talked to after this line: a new host name must be one that a prompt can show.
pub fn check_host_name(dialect: &Dialect, line: &str) -> Result<(), LineError> {
    match dialect.grammar().host_name(line) {
        Some(name) if !dialect.prompts().can_show(name) => Err(LineError::HostName { name: name.to_owned() }),
        _ => Ok(()),
    }
}

/// Bytes 0x80 to 0xff that are not UTF-8 become these private characters, one for each byte.
const ESCAPE: u32 = 0xf700;

/// Bytes as text, without losing any: what is not UTF-8 (Shift_JIS, broken captures) is carried by private-use characters.
pub fn to_text(bytes: &[u8]) -> Cow<'_, str> {
    let private = bytes.contains(&0xef) && bytes.windows(2).any(|pair| matches!(pair, [0xef, 0x9c..=0x9f]));
    match std::str::from_utf8(bytes) {
        Ok(text) if !private => Cow::Borrowed(text),
        _ => {
            let mut text = String::with_capacity(bytes.len());
            for chunk in bytes.utf8_chunks() {
                for character in chunk.valid().chars() {
                    if (ESCAPE..ESCAPE + 0x100).contains(&u32::from(character)) {
                        let mut buffer = [0; 4];
                        push_escaped(&mut text, character.encode_utf8(&mut buffer).as_bytes());
                    } else {
                        text.push(character);
                    }
                }
                push_escaped(&mut text, chunk.invalid());
            }
            Cow::Owned(text)
        }
    }
}

fn push_escaped(text: &mut String, bytes: &[u8]) {
    text.extend(bytes.iter().filter_map(|byte| char::from_u32(ESCAPE + u32::from(*byte))));
}

/// The byte that a character carries.
fn carried(character: char) -> Option<u8> {
    let byte = u32::from(character).checked_sub(ESCAPE)?;
    u8::try_from(byte).ok().filter(|byte| *byte >= 0x80)
}

/// Whether a text that [`to_text`] made carries bytes that are not UTF-8.
pub fn has_odd_bytes(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|character| carried(character).is_some())
}

/// The bytes that [`to_text`] read.
pub fn to_bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut buffer = [0; 4];
    for character in text.chars() {
        match carried(character) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes()),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{LineError, check, has_odd_bytes, to_bytes, to_text};

    #[test]
    fn keys_are_refused() {
        for (line, expected) in [
            ("ip address 192.168.1.1/24", Ok(())),
            ("description 院内LAN", Ok(())),
            ("description a?b", Err(LineError::Help { column: 14 })),
            ("a\tb", Err(LineError::Control { byte: 9, column: 2 })),
            ("a\nb", Err(LineError::Control { byte: 10, column: 2 })),
            ("username a password ***", Err(LineError::Masked)),
            ("description \u{f783}\u{f784}\u{f783}\u{f78b}\u{f783}\u{f784}\u{f783}\u{f78b}", Ok(())),
            ("a\u{9b}b", Err(LineError::Control { byte: 0x9b, column: 2 })),
            ("0123456789012345678901234567890", Err(LineError::TooLong { length: 31, most: 30 })),
        ] {
            assert_eq!(check(line, 30), expected, "{line:?}");
        }
    }

    #[test]
    fn no_byte_is_lost() {
        for bytes in [
            b"description \x93\xfa\x96{".as_slice(),
            b"\xff\xfe\0\x80abc",
            "私用領域 \u{f7ab} と \u{f701}".as_bytes(),
            "ふつうの文".as_bytes(),
        ] {
            assert_eq!(to_bytes(&to_text(bytes)), bytes);
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_seen_in_a_text() {
        for (bytes, odd) in [
            (b"description \x93\xfa\x96{".as_slice(), true),
            ("私用領域 \u{f7ab}".as_bytes(), true),
            ("ふつうの文 \u{f6ff} \u{f800}".as_bytes(), false),
            (b"description WAN", false),
        ] {
            let text = to_text(bytes);
            assert_eq!((has_odd_bytes(&text), to_bytes(&text).len() != text.len()), (odd, odd), "{text}");
        }
    }
}
