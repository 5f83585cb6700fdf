//! A double click on the program, on Windows: no word was typed, and the window goes when the program ends.
//!
//! It means a visit (`field`) with what the folder of the program names in its `ixdeploy.yaml`. It does nothing itself: it says which words
//! were meant, and keeps the window until someone has read it.

use std::ffi::OsString;

use super::terminal::{self, Terminal};
use super::{context, working_folder};
use crate::cancel::Cancel;

/// Whether the program was started so.
pub fn started(arguments: &[OsString]) -> bool {
    arguments.len() < 2 && terminal::has_own_window()
}

/// The words that were meant.
pub fn words(program: &[OsString]) -> Vec<OsString> {
    program.iter().cloned().chain(["field".into()]).collect()
}

/// Waits for Return, so that what was said can be read; says what the folder lacks where it could not begin for want of that.
pub fn keep_window(began: bool) {
    let lang = context::language(None);
    let hint = lang.pick(
        "A double click starts `ixdeploy field` with what `ixdeploy.yaml` names in the\nprogram's folder: put the program into a folder that `ixdeploy init DIR` made.",
        "ダブルクリックすると、ixdeploy.exe と同じフォルダの ixdeploy.yaml に従って\nixdeploy field を始めます。`ixdeploy init DIR` で作ったフォルダに ixdeploy.exe を\n置いてください。",
    );
    let closes = lang.pick("Return closes this window.", "Enter を押すとこのウィンドウを閉じます。");
    let question = if began || working_folder::is_here() { closes.to_owned() } else { format!("{hint}\n{closes}") };
    // The answer does not matter, and one that was stopped by Ctrl-C neither.
    let _ = Terminal { cancel: Cancel::default() }.ask(&question);
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_double_click_means_a_visit() {
        assert_eq!(words(&["ixdeploy.exe".into()]), ["ixdeploy.exe", "field"]);
    }
}
