//! `replay`: a recorded session as it looked, at once or in time, or the parts that the program does not know.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::usage_error::UsageError;
use crate::dialect::Dialect;
use crate::dialect::diagnostic::DiagnosticKind;
use crate::file::LARGEST;
use crate::ix::mask::mask_text;
use crate::journal::Journal;
use crate::message::Lang;
use crate::run::{imported_recording, read_bytes};
use crate::session::Screen;
use crate::session::{RecordedEvent, Recording, review, row_of_line, unmasked_lines};
use crate::visible;

/// Show a recorded session (`--record`), or judge it
#[derive(Debug, Clone, Args)]
pub struct ReplayArgs {
    /// The recording, or an imported run that has some
    #[arg(value_name = "FILE|RUN")]
    pub replayed: PathBuf,
    /// Which recording of an imported run [default: its only one]
    #[arg(long, value_name = "NAME")]
    pub recording: Option<String>,
    /// Play in time: 1 as recorded, 4 four times as fast [default: all at once]
    #[arg(long, value_name = "FACTOR")]
    pub speed: Option<f64>,
    /// Only say what in it this version does not know
    #[arg(long = "check")]
    pub check_only: bool,
}

impl Subcommand for ReplayArgs {
    const NAME: &'static str = "replay";
    const GROUP: Group = Group::Offline;
    const JAPANESE: &'static str = "記録したセッション(--record)を再生、または検査します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("replayed", "記録ファイル、または記録ファイルのある取り込んだ実行"),
        ("recording", "取り込んだ実行のどの記録ファイルか [既定: 1 つだけのとき、それ]"),
        ("speed", "記録の時間に合わせて再生します。1 は記録どおり、4 は 4 倍速 [既定: 一度に表示]"),
        ("check_only", "この版で未知のものだけを示します"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy replay tapes/sato-r1-1.cast --speed 4",
        "ixdeploy replay tapes/sato-r1-1.cast --check",
        "ixdeploy replay 20261122-114603-7k3f --recording sato-r1-1",
    ];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Shows a recording or judges it.
///
/// # Errors
/// When the file cannot be read or is no recording.
fn run(context: &Context, args: &ReplayArgs) -> Result<Exit, Vec<Failure>> {
    let bytes = bytes(context, args)?;
    let recording =
        Recording::parse(&String::from_utf8_lossy(&bytes)).map_err(|error| Failure::new(&error, Exit::Usage))?;
    if args.check_only {
        return Ok(check(context, &recording));
    }
    if args.speed.is_some_and(|speed| !speed.is_finite() || speed <= 0.0) {
        return Err(vec![UsageError::Speed.into()]);
    }
    play(context, &recording, args.speed);
    let events: Vec<_> = recording
        .events
        .iter()
        .map(|event| json!({ "at": event.at, "from_router": event.from_router, "text": event.text }))
        .collect();
    let body = json!({ "title": recording.title, "timestamp": recording.timestamp, "events": events });
    context.screen.document("replay", Exit::Done, &body);
    Ok(Exit::Done)
}

/// The bytes of the recording: of a file, or of an imported run where no file has that name.
fn bytes(context: &Context, args: &ReplayArgs) -> Result<Vec<u8>, Vec<Failure>> {
    let of_file = || -> Result<_, Vec<Failure>> { Ok(read_bytes(&args.replayed, LARGEST).map_err(Failure::from)?) };
    let named = args.replayed.to_str().filter(|_| !args.replayed.exists());
    let (Some(run), true) = (named, Journal::is_in(&context.state_dir)) else { return of_file() };
    let recording = imported_recording(&*context.journal_to_read()?, run, args.recording.as_deref())?;
    recording.map_or_else(of_file, Ok)
}

/// Prints what the router sent: its echo shows what was typed.
fn play(context: &Context, recording: &Recording, speed: Option<f64>) {
    let started = Instant::now();
    let mut replayed = Replayed::default();
    let said = recording.events.iter().filter(|event| event.from_router);
    let Some(speed) = speed else {
        let whole: String = said.map(|event| event.text.as_str()).collect();
        context.screen.say(&replayed.more(&whole));
        context.screen.say("\n");
        return;
    };
    for event in said {
        let due = Duration::try_from_secs_f64(event.at / speed).unwrap_or(Duration::MAX);
        let asked_to_stop = started.checked_add(due).is_some_and(|due| context.cancel.wait_until(due));
        if asked_to_stop {
            return;
        }
        context.screen.say(&replayed.more(&event.text));
    }
    context.screen.say("\n");
}

/// A terminal that only adds: a recording may come from anywhere, so what would move the cursor is followed here and not there.
#[derive(Default)]
struct Replayed {
    screen: Screen,
    /// The part of the unfinished row that is printed.
    printed: String,
}

impl Replayed {
    /// What is printed when this is received. A row that was printed and then written over is printed again below.
    fn more(&mut self, text: &str) -> String {
        self.screen.feed(visible::but_for(text, |c| matches!(c, '\n' | '\t' | '\r' | '\u{8}')).as_bytes());
        let mut out = String::new();
        for row in self.screen.rows().iter() {
            let row = String::from_utf8_lossy(row);
            match row.strip_prefix(self.printed.as_str()) {
                Some(rest) => out.push_str(rest),
                None => out.push_str(&format!("\n{row}")),
            }
            out.push('\n');
            self.printed.clear();
        }
        self.screen.reset();
        let tail = String::from_utf8_lossy(self.screen.tail()).into_owned();
        if let Some(rest) = tail.strip_prefix(self.printed.as_str()) {
            out.push_str(rest);
            self.printed = tail;
        }
        out
    }
}

/// What the program knows in a recording, row by row: the answers to a line as it would classify them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Findings {
    typed: usize,
    prompts: usize,
    refused: usize,
    /// Lines that begin with `%` and are known nowhere.
    unknown: Vec<String>,
    /// Lines that today's masking would have masked.
    unmasked: usize,
}

fn check(context: &Context, recording: &Recording) -> Exit {
    let found = judge(&recording.events);
    let lost = misread(recording);
    let good = found.unknown.is_empty() && found.unmasked == 0 && lost.is_empty();
    let exit = if good { Exit::Done } else { Exit::Differs };
    let (typed, prompts, refused) = (found.typed, found.prompts, found.refused);
    context.screen.say_prose(&match context.screen.lang {
        Lang::En => format!("{typed} line(s) typed, {prompts} prompt(s), {refused} refusal(s)\n"),
        Lang::Ja => format!("入力 {typed} 行、プロンプト {prompts} 個、拒否 {refused} 件\n"),
    });
    for line in &found.unknown {
        context.screen.say(&format!(
            "{}: {}\n",
            context.screen.lang.pick("unknown answer", "未知の応答"),
            visible::line(line)
        ));
    }
    for line in &lost {
        let what = context.screen.lang.pick("not followed to its prompt", "プロンプトまで追跡できない行");
        context.screen.say(&format!("{what}: {}\n", visible::line(line)));
    }
    if found.unmasked > 0 {
        context.screen.say_prose(&match context.screen.lang {
            Lang::En => format!("{} line(s) hold a secret that this version masks\n", found.unmasked),
            Lang::Ja => format!("現在の版ならマスクされる秘密情報を含む行が {} 行あります\n", found.unmasked),
        });
    }
    let body = json!({
        "title": recording.title, "typed": typed, "prompts": prompts, "refused": refused,
        "unknown": found.unknown, "misread": lost, "unmasked": found.unmasked,
    });
    context.screen.document("replay", exit, &body);
    exit
}

/// The lines that the engine does not follow from their echo to the end of their answer, masked.
fn misread(recording: &Recording) -> Vec<String> {
    let lost = review(Dialect::any(), recording).into_iter().filter(|line| !(line.echoed && line.ended));
    lost.map(|line| mask_text(&line.line)).collect()
}

fn judge(events: &[RecordedEvent]) -> Findings {
    let mut found = Findings::default();
    let typed: String = events.iter().filter(|event| !event.from_router).map(|event| event.text.as_str()).collect();
    found.unmasked = unmasked_lines(events);
    let is_text = |line: &&str| !line.trim_matches(|c: char| c.is_control() || c == ' ').is_empty();
    found.typed = typed.split(['\r', '\n']).filter(is_text).count();
    let printed: String = events.iter().filter(|event| event.from_router).map(|event| event.text.as_str()).collect();
    let (mut sent, dialect) = (String::new(), Dialect::any());
    for row in printed.lines() {
        let row = row_of_line(row);
        if let Some((_, line)) = dialect.prompts().split(row) {
            found.prompts += 1;
            line.trim().clone_into(&mut sent);
        }
        match dialect.diagnostics().classify(row, &sent).map(|diagnostic| diagnostic.kind) {
            Some(DiagnosticKind::Refused) => found.refused += 1,
            Some(DiagnosticKind::Unknown) => found.unknown.push(mask_text(row).trim_end().to_owned()),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Replayed, judge};
    use crate::session::RecordedEvent;

    fn said(text: &str) -> RecordedEvent {
        RecordedEvent { at: 0.0, from_router: true, text: text.to_owned() }
    }

    fn printed(pieces: &[&str]) -> String {
        let mut replayed = Replayed::default();
        pieces.iter().map(|piece| replayed.more(piece)).collect()
    }

    #[test]
    fn a_recording_cannot_drive_the_terminal_it_is_shown_on() {
        assert_eq!(printed(&["a\u{1b}]0;x\u{7}\r\n新宿\u{9b}\u{202e}"]), "a\\u{1b}]0;x\\u{7}\n新宿\\u{9b}\\u{202e}");
        assert_eq!(printed(&["r1# saved\rr1# x\u{8}y\r\n"]), "r1# yaved\n", "what is overwritten is overwritten here");
    }

    #[test]
    fn a_recording_in_time_adds_to_its_row_and_begins_anew_where_it_was_written_over() {
        assert_eq!(printed(&["r1# ", "sh", "ow\r\n", "r1# "]), "r1# show\nr1# ");
        assert_eq!(printed(&["a\r\n--More--", "\r        \r", "b\r\n"]), "a\n--More--\nb\n");
        assert_eq!(printed(&["a\r\n--More--\r        \rb\r\n"]), "a\nb\n");
    }

    #[test]
    fn unknown_lines_are_found() {
        let typed = RecordedEvent { from_router: false, ..said("bogus\r") };
        let found = judge(&[
            said("r1(config)# "),
            typed,
            said(
                "bogus\r\n% bogus -- Invalid command.\r\nr1(config)# x\r\n% A new kind of answer\r\nusername a password plain 1 b\r\n",
            ),
        ]);
        assert_eq!((found.typed, found.prompts, found.refused, found.unmasked), (1, 2, 1, 1));
        assert_eq!(found.unknown, ["% A new kind of answer"]);
    }
}
