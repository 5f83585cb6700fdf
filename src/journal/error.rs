//! Why the journal cannot be written or read.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::chain::Fault;
use crate::message::{Explain, Text, Wording};
use crate::private::Refusal;
use crate::visible;

const STATE_FOLDER: Wording = Wording {
    en: "nothing is changed without a journal: check that the state folder can be written (`--state-dir`)",
    ja: "ジャーナルなしでは変更しません。状態フォルダ(--state-dir)に書き込めるか確認してください",
};
const KEEP: Wording = Wording {
    en: "keep the file, run `ixdeploy journal verify`, and begin another with `--state-dir`",
    ja: "ファイルを保管し、ixdeploy journal verify を実行してください。別の --state-dir で新しく始められます",
};
const BACKUP_FOLDER: Wording = Wording {
    en: "use a backup folder instead: `ixdeploy restore ROUTER --from DIR`",
    ja: "代わりにバックアップフォルダを使用してください: ixdeploy restore ROUTER --from DIR",
};

/// Why the journal cannot be written or read.
#[derive(Debug, Explain)]
pub enum JournalError {
    /// The file cannot be opened.
    #[explain(
        code = "journal.open",
        en = "the journal {path} cannot be opened: {cause}",
        ja = "ジャーナル {path} を開けません: {cause}",
        hint(shared = STATE_FOLDER)
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: Text,
    },
    /// A record cannot be written.
    #[explain(
        when = *full,
        code = "journal.disk-full",
        en = "the journal cannot be written: {cause}",
        ja = "ジャーナルに書き込めません: {cause}",
        hint(
            en = "free some space, then run `ixdeploy status`",
            ja = "空き容量を確保し、ixdeploy status を実行してください"
        )
    )]
    #[explain(
        code = "journal.write",
        en = "the journal cannot be written: {cause}",
        ja = "ジャーナルに書き込めません: {cause}",
        hint(
            en = "check the state folder, then run `ixdeploy status`",
            ja = "状態フォルダを確認し、ixdeploy status を実行してください"
        )
    )]
    Write {
        /// Why.
        cause: String,
        /// The disk is full.
        full: bool,
    },
    /// The journal cannot be read.
    #[explain(
        code = "journal.read",
        en = "the journal cannot be read: {cause}",
        ja = "ジャーナルを読み取れません: {cause}",
        hint(shared = KEEP)
    )]
    Read {
        /// Why.
        cause: String,
    },
    /// The file was written by a later version.
    #[explain(
        code = "journal.newer",
        en = "the journal is of form {found}, this program knows up to {known}",
        ja = "ジャーナルの形式は {found} です。この版が対応するのは {known} までです",
        hint(en = "use the newer version", ja = "新しい版を使用してください")
    )]
    Newer {
        /// Its form.
        found: u32,
        /// The last one known here.
        known: u32,
    },
    /// The file is no journal, or damaged.
    #[explain(
        code = "journal.damaged",
        en = "the journal {path} is damaged: {cause}",
        ja = "ジャーナル {path} が壊れています: {cause}",
        hint(shared = KEEP)
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// It holds nothing, and its key says that it held runs.
    #[explain(
        code = "journal.emptied",
        en = "the journal {path} is empty or missing, and journal.key beside it says that it held runs",
        ja = "ジャーナル {path} が空か見つかりませんが、journal.key があるため、以前の実行の記録があったはずです",
        hint(
            en = "a router may have been left in the middle of a change: look for the file, also in a backup of this folder, and put it back; only if no run matters any more, begin another with `--state-dir`",
            ja = "変更途中のルータがあるかもしれません。このフォルダのバックアップなどからファイルを探して戻してください。以前の実行が不要な場合のみ、別の --state-dir で新しく始めてください"
        )
    )]
    Emptied {
        /// The file.
        path: PathBuf,
    },
    /// Others may use it, it belongs to another user, or it is a link.
    #[explain(
        code = "journal.exposed",
        en = "{path} is not used: {why}",
        ja = "{path} は使用しません: {why}",
        hint(
            en = "look who may have changed it; then close it: `chmod 700` for the folder, `chmod 600` for the files, owned by you. For a group: `chmod 2770` and `chmod 660`",
            ja = "変更された可能性がないか確認し、閉じてください: フォルダは chmod 700、ファイルは chmod 600(所有者は本人)。グループ用は chmod 2770 と chmod 660"
        ),
        note(
            en = "The state folder or the journal in it may be used by others, belongs to another user, or is a symbolic link.",
            ja = "状態フォルダまたはジャーナルを他のユーザが使用できるか、所有者が異なるか、シンボリックリンクです。"
        )
    )]
    Exposed {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        why: Text,
    },
    /// The record of a run that something rests on was changed.
    #[explain(
        code = "journal.edited",
        en = "run {run} cannot be relied on: {fault}",
        ja = "実行 {run} の記録は信頼できません: {fault}",
        hint(
            en = "nothing is done on such a record: keep the file, run `ixdeploy journal verify`, and use a backup folder: `ixdeploy restore ROUTER --from DIR`",
            ja = "この記録に基づく操作はしません。ファイルを保管し、ixdeploy journal verify を実行してください。復旧にはバックアップフォルダを使用します: ixdeploy restore ROUTER --from DIR"
        )
    )]
    Edited {
        /// The run.
        run: String,
        /// What is wrong.
        fault: Fault,
    },
    /// There is no key to open what is sealed.
    #[explain(
        code = "journal.key",
        en = "the key {path} cannot be used: {cause}",
        ja = "鍵ファイル {path} を使用できません: {cause}",
        hint(
            en = "make the key file readable by you alone (0600); a lost key cannot be replaced",
            ja = "鍵ファイルを本人のみ読み取り可(0600)にしてください。失った鍵は復元できません"
        )
    )]
    Key {
        /// The key file.
        path: PathBuf,
        /// Why.
        cause: Text,
    },
    /// Something sealed cannot be opened with this key.
    #[explain(
        code = "journal.unsealable",
        en = "`{name}` of run {run} cannot be opened: another key, or it was changed",
        ja = "実行 {run} の「{name}」を復号できません(鍵が異なるか、改変されています)",
        hint(shared = BACKUP_FOLDER)
    )]
    Unsealable {
        /// The run.
        run: String,
        /// What.
        name: String,
    },
    /// Nothing of this name was sealed.
    #[explain(
        code = "journal.not-kept",
        en = "run {run} keeps no `{name}`",
        ja = "実行 {run} には「{name}」が保存されていません",
        hint(shared = BACKUP_FOLDER)
    )]
    NotKept {
        /// The run.
        run: String,
        /// What.
        name: String,
    },
    /// There is no such run.
    #[explain(
        code = "journal.no-run",
        en = "there is no run {run} in the journal",
        ja = "ジャーナルに実行 {run} はありません",
        hint(
            en = "`ixdeploy runs` lists the last runs, `ixdeploy history ROUTER` those of a router",
            ja = "ixdeploy runs で最近の実行を、ixdeploy history ROUTER でルータごとの実行を確認できます"
        )
    )]
    NoRun {
        /// The name asked for.
        run: String,
    },
    /// It is a run of another journal: a record, and nothing to go on with.
    #[explain(
        code = "journal.imported",
        en = "run {run} was imported{place}: here it is a record, and nothing is resumed, continued, undone or restored from it",
        ja = "実行 {run} は取り込んだものです{place}。ここでは記録として参照するだけで、再開・続行・取り消し・復元の対象にはなりません",
        with(place = place(from)),
        hint(
            en = "`show`, `report`, `replay` and `export` read it; everything else is done where it was carried out",
            ja = "show、report、replay、export で参照できます。それ以外は、実行した端末で行ってください"
        )
    )]
    Imported {
        /// The run.
        run: String,
        /// The machine that it was exported on; empty where its system did not say.
        from: String,
    },
    /// Another process of this machine is at work on the router.
    #[explain(
        code = "lock.held-here",
        en = "another ixdeploy on this machine is working on {router}",
        ja = "この端末で別の ixdeploy が {router} を処理中です",
        hint(
            en = "`ixdeploy status` names its run: wait for it with `ixdeploy watch RUN`, or end it with `ixdeploy abort RUN`",
            ja = "ixdeploy status で実行名を確認し、ixdeploy watch RUN で終了を待つか、ixdeploy abort RUN で終了させてください"
        )
    )]
    Locked {
        /// The router.
        router: String,
    },
    /// Another process of this machine carries the run out.
    #[explain(
        code = "lock.run-held",
        en = "run {run} is carried out by another ixdeploy on this machine",
        ja = "この端末で別の ixdeploy が実行 {run} を処理中です",
        hint(en = "`ixdeploy watch {run}` follows it", ja = "ixdeploy watch {run} で進行を確認できます")
    )]
    RunHeld {
        /// The run.
        run: String,
    },
    /// The lock file cannot be used.
    #[explain(
        code = "lock.file",
        en = "the lock file {path} cannot be used: {cause}",
        ja = "ロックファイル {path} を使用できません: {cause}",
        hint(shared = STATE_FOLDER)
    )]
    LockFile {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
}

/// Where an imported run came from, as far as that is known.
fn place(machine: &str) -> Text {
    if machine.is_empty() {
        return Text::default();
    }
    let machine = visible::line(machine);
    Text::new(format!(" from {machine}"), format!("(取り込み元: {machine})"))
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
            Refusal::Io(_) | Refusal::Kind => Self::Open { path, cause: refusal.text() },
            refusal => Self::Exposed { path, why: refusal.text() },
        }
    }

    pub(super) fn read(error: &rusqlite::Error) -> Self {
        Self::Read { cause: error.to_string() }
    }
}
