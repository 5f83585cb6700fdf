//! Why a run cannot be written to a file, or one from a file be used.

use std::io;
use std::path::{Path, PathBuf};

use super::flaw::Flaw;
use crate::message::{Explain, Text};
use crate::run::input_error::InputError;

/// Why.
#[derive(Debug, Explain)]
pub enum ExportError {
    /// The file is something else.
    #[explain(
        code = "export.format",
        en = "{file} is no exported run",
        ja = "{file} は書き出された実行ではありません",
        hint(
            en = "name the file that `ixdeploy export` wrote",
            ja = "ixdeploy export で書き出したファイルを指定してください"
        )
    )]
    Foreign {
        /// The file.
        file: PathBuf,
    },
    /// The file has a form of a later version.
    #[explain(
        code = "export.newer",
        en = "{file} has the form {schema}, which this version does not know",
        ja = "{file} の形式 {schema} には、この版は対応していません",
        hint(en = "use the newer version", ja = "新しい版を使用してください")
    )]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its form, fit to be shown.
        schema: String,
    },
    /// The file is not what was exported.
    #[explain(
        code = "export.damaged",
        en = "{file} is not what was exported: {why}",
        ja = "{file} は書き出されたままではありません: {why}",
        hint(
            en = "nothing of it is used: fetch it again from where it was exported, and compare the SHA-256 that `export` printed",
            ja = "内容は一切使用しません。書き出した端末からもう一度取得し、export が表示した SHA-256 と照合してください"
        ),
        note(en = "One changed byte is enough.", ja = "1 バイトの変更でも検出します。")
    )]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        why: Text,
    },
    /// More than a run can have.
    #[explain(
        code = "export.too-large",
        en = "{file} is not read: {what} is larger than in any exported run",
        ja = "{file} は読み込みません: {what} が上限を超えています",
        hint(
            en = "check that it is the file you mean; docs/journal.md has the bounds",
            ja = "指定したファイルが正しいか確認してください。上限は docs/journal.md にあります"
        )
    )]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// What of it.
        what: Text,
    },
    /// The system does not give or take it.
    #[explain(transparent)]
    Machine(#[from] InputError),
    /// A file is in the way.
    #[explain(
        code = "export.exists",
        en = "{file} is there already; nothing was written",
        ja = "{file} は既にあります。何も書き込んでいません",
        hint(
            en = "name another file: what was exported once is never written over",
            ja = "別のファイル名を指定してください。書き出し済みのファイルは上書きしません"
        )
    )]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// A recording in which a secret may be read.
    #[explain(
        code = "export.recording",
        en = "{file} is not exported: {why}",
        ja = "{file} は書き出しません: {why}",
        hint(
            en = "look at it with `ixdeploy replay FILE --check`, and take it out of the folder; nothing was written",
            ja = "ixdeploy replay ファイル --check で確認し、フォルダから除いてください。何も書き込んでいません"
        )
    )]
    Recording {
        /// The recording.
        file: PathBuf,
        /// What is wrong with it.
        why: Text,
    },
    /// The file of an imported run is not the one that was imported.
    #[explain(
        code = "import.changed",
        en = "the file of the imported run {run} is not what was imported: {why}",
        ja = "取り込んだ実行 {run} のファイルが、取り込んだときのままではありません: {why}",
        hint(
            en = "nothing of it is used: import it again (`ixdeploy journal import FILE`)",
            ja = "内容は一切使用しません。もう一度取り込んでください(ixdeploy journal import ファイル)"
        )
    )]
    Changed {
        /// The run.
        run: String,
        /// What is wrong.
        why: Text,
    },
    /// Another run of the same name is there.
    #[explain(
        code = "import.conflict",
        en = "run {run} is in this journal already{from}, and not as {file} has it: {differs}; nothing was imported",
        ja = "実行 {run} はこのジャーナルに既にあり{from}、{file} の内容と異なります: {differs}。何も取り込んでいません",
        with(from = place(from), differs = (**differs).clone()),
        hint(
            en = "look at both: `ixdeploy show {run}` has the one that is here; the other can be imported into a folder of its own (`--state-dir`)",
            ja = "両方を確認してください。既にある方は ixdeploy show {run} で参照できます。もう一方は別のフォルダ(--state-dir)に取り込めます"
        ),
        note(
            en = "One of them may have been exported before the run had ended, or with other recordings.",
            ja = "一方が実行の終了前に、または別の記録ファイルとともに書き出された可能性があります。"
        )
    )]
    Conflict {
        /// The run.
        run: String,
        /// The file that was to be imported.
        file: PathBuf,
        /// The machine that the other one was imported from; empty where it is this journal's own.
        from: String,
        /// In what they differ.
        differs: Box<Text>,
    },
    /// There is no such recording in an imported run.
    #[explain(
        when = known.is_empty(),
        code = "replay.no-recording",
        en = "run {run} was exported without recordings",
        ja = "実行 {run} は記録ファイルなしで書き出されています",
        hint(
            en = "where it was exported: `ixdeploy export {run} FILE --recordings DIR`",
            ja = "書き出した端末で: ixdeploy export {run} ファイル --recordings フォルダ"
        )
    )]
    #[explain(
        code = "replay.no-recording",
        en = "which recording of run {run}?",
        ja = "実行 {run} のどの記録ファイルか指定してください",
        with(known = listed(known)),
        hint(en = "`--recording` with one of: {known}", ja = "--recording に次のいずれかを指定してください: {known}")
    )]
    WhichRecording {
        /// The run.
        run: String,
        /// Those that it has.
        known: Vec<String>,
    },
}

/// Where another run came from.
fn place(machine: &str) -> Text {
    if machine.is_empty() {
        return Text::default();
    }
    Text::new(format!(", imported from {machine}"), format!("(取り込み元: {machine})"))
}

/// Names that are listed at most.
const LISTED: usize = 20;

fn listed(names: &[String]) -> String {
    let more = if names.len() > LISTED { ", …" } else { "" };
    format!("{}{more}", names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", "))
}

impl ExportError {
    /// The system would not do something with a file.
    pub(super) fn machine(file: &Path, cause: io::Error) -> Self {
        InputError::machine(file, cause).into()
    }

    /// What is wrong, in this file.
    pub(super) fn of(file: &Path, flaw: Flaw) -> Self {
        let file = file.to_owned();
        match flaw {
            Flaw::System(cause) => Self::machine(&file, cause),
            Flaw::Foreign => Self::Foreign { file },
            Flaw::Newer { schema } => Self::Newer { file, schema },
            Flaw::Damaged(why) => Self::Damaged { file, why },
            Flaw::TooLarge { what } => Self::TooLarge { file, what },
        }
    }
}
