//! Why the journal cannot be written or read.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::chain::Fault;
use crate::message::{Explain, Text};
use crate::private::Refusal;

/// Why the journal cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be opened.
    #[error("the journal {} cannot be opened: {cause}", .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// A record cannot be written.
    #[error("the journal cannot be written: {cause}")]
    Write {
        /// Why.
        cause: String,
        /// The disk is full.
        full: bool,
    },
    /// The journal cannot be read.
    #[error("the journal cannot be read: {cause}")]
    Read {
        /// Why.
        cause: String,
    },
    /// The file was written by a later version.
    #[error("the journal is of form {found}, this program knows up to {known}")]
    Newer {
        /// Its form.
        found: u32,
        /// The last one known here.
        known: u32,
    },
    /// The file is no journal, or damaged.
    #[error("the journal {} is damaged: {cause}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// Others may use it, it belongs to another user, or it is a link.
    #[error("{} is not used: {}", .path.display(), .why.en)]
    Exposed {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        why: Text,
    },
    /// The record of a run that something rests on was changed.
    #[error("run {run} cannot be relied on: {}", .fault.text().en)]
    Edited {
        /// The run.
        run: String,
        /// What is wrong.
        fault: Fault,
    },
    /// There is no key to open what is sealed.
    #[error("the key {} cannot be used: {cause}", .path.display())]
    Key {
        /// The key file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// Something sealed cannot be opened with this key.
    #[error("`{name}` of run {run} cannot be opened: another key, or it was changed")]
    Unsealable {
        /// The run.
        run: String,
        /// What.
        name: String,
    },
    /// Nothing of this name was sealed.
    #[error("run {run} keeps no `{name}`")]
    NotKept {
        /// The run.
        run: String,
        /// What.
        name: String,
    },
    /// There is no such run.
    #[error("there is no run {run} in the journal")]
    NoRun {
        /// The name asked for.
        run: String,
    },
    /// Another process of this machine is at work on the router.
    #[error("{router}: another ixdeploy on this machine is working on this router")]
    Locked {
        /// The router.
        router: String,
    },
    /// The lock file cannot be had.
    #[error("{}: {cause}", .path.display())]
    LockFile {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
}

/// Why records were not written, for everyone who waited for the same sync.
#[derive(Debug, Clone)]
pub(super) struct WriteFailure {
    pub(super) cause: String,
    /// The disk is full.
    pub(super) full: bool,
}

impl WriteFailure {
    pub(super) fn of(error: &serde_json::Error) -> Self {
        Self { cause: error.to_string(), full: false }
    }

    pub(super) fn of_disk(error: &std::io::Error) -> Self {
        Self { cause: error.to_string(), full: error.kind() == std::io::ErrorKind::StorageFull }
    }

    pub(super) fn of_database(error: &rusqlite::Error) -> Self {
        let full = matches!(error.sqlite_error_code(), Some(ErrorCode::DiskFull));
        Self { cause: error.to_string(), full }
    }
}

impl From<WriteFailure> for JournalError {
    fn from(WriteFailure { cause, full }: WriteFailure) -> Self {
        Self::Write { cause, full }
    }
}

impl JournalError {
    pub(super) fn write(error: &rusqlite::Error) -> Self {
        WriteFailure::of_database(error).into()
    }

    pub(super) fn refused(path: &Path, refusal: Refusal) -> Self {
        let path = path.to_owned();
        match refusal {
            Refusal::Io(_) | Refusal::Kind => Self::Open { path, cause: refusal.text().en },
            refusal => Self::Exposed { path, why: refusal.text() },
        }
    }

    pub(super) fn read(error: &rusqlite::Error) -> Self {
        Self::Read { cause: error.to_string() }
    }
}

impl Explain for JournalError {
    fn code(&self) -> &'static str {
        match self {
            Self::Open { .. } => "journal.open",
            Self::Write { full: true, .. } => "journal.disk-full",
            Self::Write { .. } => "journal.write",
            Self::Read { .. } => "journal.read",
            Self::Newer { .. } => "journal.newer",
            Self::Damaged { .. } => "journal.damaged",
            Self::Exposed { .. } => "journal.exposed",
            Self::Edited { .. } => "journal.edited",
            Self::Key { .. } => "journal.key",
            Self::Unsealable { .. } => "journal.unsealable",
            Self::NotKept { .. } => "journal.not-kept",
            Self::NoRun { .. } => "journal.no-run",
            Self::Locked { .. } => "lock.held-here",
            Self::LockFile { .. } => "lock.file",
        }
    }

    fn text(&self) -> Text {
        let en = self.to_string();
        let ja = match self {
            Self::Open { path, cause } => format!("ジャーナル {} を開けません: {cause}", path.display()),
            Self::Write { cause, .. } => format!("ジャーナルに書き込めません: {cause}"),
            Self::Read { cause } => format!("ジャーナルを読み取れません: {cause}"),
            Self::Newer { found, known } => {
                format!("ジャーナルの形式は {found} です。この版が対応するのは {known} までです")
            }
            Self::Damaged { path, cause } => format!("ジャーナル {} が壊れています: {cause}", path.display()),
            Self::Exposed { path, why } => format!("{} は使用しません: {}", path.display(), why.ja),
            Self::Edited { run, fault } => format!("実行 {run} の記録は信頼できません: {}", fault.text().ja),
            Self::Key { path, cause } => format!("鍵ファイル {} を使用できません: {cause}", path.display()),
            Self::Unsealable { run, name } => {
                format!("実行 {run} の「{name}」を復号できません(鍵が異なるか、改変されています)")
            }
            Self::NotKept { run, name } => format!("実行 {run} には「{name}」が保存されていません"),
            Self::NoRun { run } => format!("ジャーナルに実行 {run} はありません"),
            Self::Locked { router } => {
                format!("{router}: この端末で別の ixdeploy がこのルータを処理中です")
            }
            Self::LockFile { path, cause } => format!("{}: {cause}", path.display()),
        };
        Text::new(en, ja)
    }

    fn hints(&self) -> Vec<Text> {
        let hint = match self {
            Self::Open { .. } | Self::LockFile { .. } => Text::new(
                "nothing is changed without a journal: check that the state folder can be written (`--state-dir`)",
                "ジャーナルなしでは変更しません。状態フォルダ(--state-dir)に書き込めるか確認してください",
            ),
            Self::Write { full: true, .. } => Text::new(
                "free some space, then run `ixdeploy status`",
                "空き容量を確保し、ixdeploy status を実行してください",
            ),
            Self::Write { .. } => Text::new(
                "check the state folder, then run `ixdeploy status`",
                "状態フォルダを確認し、ixdeploy status を実行してください",
            ),
            Self::Read { .. } | Self::Damaged { .. } => Text::new(
                "keep the file, run `ixdeploy journal verify`, and begin another with `--state-dir`",
                "ファイルを保管し、ixdeploy journal verify を実行してください。別の --state-dir で新しく始められます",
            ),
            Self::Exposed { .. } => Text::new(
                "look who may have changed it; then close it: `chmod 700` for the folder, `chmod 600` for the files, owned by you. For a group: `chmod 2770` and `chmod 660`",
                "変更された可能性がないか確認し、閉じてください: フォルダは chmod 700、ファイルは chmod 600(所有者は本人)。グループ用は chmod 2770 と chmod 660",
            ),
            Self::Edited { .. } => Text::new(
                "nothing is done on such a record: keep the file, run `ixdeploy journal verify`, and use a backup folder: `ixdeploy restore ROUTER --from DIR`",
                "この記録に基づく操作はしません。ファイルを保管し、ixdeploy journal verify を実行してください。復旧にはバックアップフォルダを使用します: ixdeploy restore ROUTER --from DIR",
            ),
            Self::Newer { .. } => Text::new("use the newer version", "新しい版を使用してください"),
            Self::Key { .. } => Text::new(
                "make the key file readable by you alone (0600); a lost key cannot be replaced",
                "鍵ファイルを本人のみ読み取り可(0600)にしてください。失った鍵は復元できません",
            ),
            Self::Unsealable { .. } | Self::NotKept { .. } => Text::new(
                "use a backup folder instead: `ixdeploy restore ROUTER --from DIR`",
                "代わりにバックアップフォルダを使用してください: ixdeploy restore ROUTER --from DIR",
            ),
            Self::NoRun { .. } => Text::new(
                "`ixdeploy history ROUTER` lists the runs of a router",
                "ixdeploy history ROUTER でルータの実行一覧を確認できます",
            ),
            Self::Locked { .. } => Text::new(
                "wait until it has ended, or end it there with Ctrl-C",
                "終了を待つか、その画面で Ctrl-C を押して終了させてください",
            ),
        };
        vec![hint]
    }
}
