//! Which box is this router? The words of that question, and of what is said to an answer that is none.

use crate::ix::{CONFIRMING, without_end};
use crate::message::Lang;
use crate::run::IdentityQuestion;

/// What was typed is not the end of the serial number.
pub fn another_number_words(lang: Lang) -> &'static str {
    lang.pick("That is not the end of this serial number.", "入力された文字が製造番号の末尾と一致しません。")
}

/// What is expected where nothing was typed.
pub fn number_expected_words(lang: Lang) -> String {
    match lang {
        Lang::En => format!(
            "Nothing was typed. Expected are the last {CONFIRMING} characters of the serial number on the router's label. Return alone once more ends this, and nothing is changed."
        ),
        Lang::Ja => format!(
            "入力がありません。本体ラベルの製造番号の末尾 {CONFIRMING} 文字を入力してください。もう一度 Enter だけを押すと、何も変更せずに終了します。"
        ),
    }
}

/// The question: the end of the serial number is read off the label, not off the screen.
pub fn identity_words(question: &IdentityQuestion<'_>, lang: Lang) -> String {
    let IdentityQuestion { router, roles, model, serial_number, other_box, is_on_console } = question;
    let (roles, shown) = (roles.join(", "), without_end(serial_number));
    let other = other_box.map(|known| match lang {
        Lang::En => format!(" It is NOT the box that was saved as {router} before, which has serial number {known}."),
        Lang::Ja => format!("前回 {router} として保存した機器(製造番号 {known})とは別の機器です。"),
    });
    let other = other.unwrap_or_default();
    match lang {
        Lang::En => {
            let place = if *is_on_console { "on the cable" } else { "at this address" };
            format!(
                "{router} (role: {roles}): the box {place} is an {model}, serial number {shown}.{other} To confirm, type the last {CONFIRMING} characters, as its label has them:"
            )
        }
        Lang::Ja => {
            let place = if *is_on_console { "ケーブルの先" } else { "接続先" };
            format!(
                "{router}(ロール: {roles}): {place}は {model}、製造番号 {shown} です。{other}確認のため、本体ラベルの製造番号の末尾 {CONFIRMING} 文字を入力してください:"
            )
        }
    }
}
