//! The box on the cable: on a console nothing but the serial number says which one it is, and a person reads that off the label.

use std::sync::Arc;

use super::change::no_operator_error;
use super::context::Context;
use super::error::Failure;
use super::person::to_halfwidth;
use crate::fleet::Target;
use crate::message::{Lang, Text};
use crate::transaction::{CauseRecord, Observed};

/// As many characters as a person reads off a label without a mistake.
const TYPED: usize = 4;
/// A slip of the finger is no other box; more slips than this are.
const TRIES: usize = 2;

/// On a console nothing but the serial number says which box it is; an address does.
pub fn needs_identity_confirmation(target: &Target) -> bool {
    target.connector.is_console() && target.intent.device.serial_number.is_none()
}

/// The router with its serial number confirmed; nothing when the person says that it is another box.
///
/// # Errors
/// When there is nobody to ask.
pub fn confirm(context: &Context, target: &Target, observed: &Observed) -> Result<Option<Target>, Vec<Failure>> {
    if !needs_identity_confirmation(target) {
        return Ok(Some(target.clone()));
    }
    let serial = &observed.serial_number;
    let last: String = serial.chars().skip(serial.chars().count().saturating_sub(TYPED)).collect();
    let question = question(context.lang, target, observed);
    for _ in 0..TRIES {
        let answer = context.person.ask(&question).ok_or_else(|| vec![no_operator_error()])?;
        let answer = to_halfwidth(answer.trim());
        if answer.is_empty() || last.is_empty() {
            break;
        }
        if answer == last {
            let mut named = target.clone();
            Arc::make_mut(&mut named.intent).device.serial_number = Some(serial.clone());
            return Ok(Some(named));
        }
        context.note(
            context
                .lang
                .pick("That is not the end of this serial number.", "入力された文字が製造番号の末尾と一致しません。"),
        );
    }
    Ok(None)
}

fn question(lang: Lang, target: &Target, observed: &Observed) -> String {
    let (intent, serial, model) = (&target.intent, &observed.serial_number, &observed.model);
    let (router, roles) = (&intent.router, intent.roles.join(", "));
    match lang {
        Lang::En => format!(
            "{router} (role: {roles}): the box on the cable is an {model}, serial number {serial}. To confirm, type the last {TYPED} characters:"
        ),
        Lang::Ja => format!(
            "{router}(ロール: {roles}): ケーブルの先は {model}、製造番号 {serial} です。確認のため末尾 {TYPED} 文字を入力してください:"
        ),
    }
}

/// What was typed is not the end of the serial number.
pub fn identity_not_confirmed(router: &str) -> CauseRecord {
    CauseRecord {
        code: "apply.declined".to_owned(),
        text: Text::new(
            format!("what was typed is not the end of the serial number of the box that was to become {router}"),
            format!("入力された文字が、{router} にする機器の製造番号の末尾と一致しません"),
        ),
        hints: vec![Text::new(
            "nothing was written: read the characters off the label of the router; if they differ, the cable is in another box",
            "何も書き込んでいません。ルータ本体のラベルで確認してください。違う場合は、ケーブルが別の機器につながっています",
        )],
    }
}
