//! Why a run was not begun: its input, its own machine, or no one to ask. Nothing was written to a router then.

use std::path::PathBuf;

use super::choice_error::ChoiceError;
use super::input_error::InputError;
#[cfg(feature = "kit")]
use super::kit::KitError;
use super::named_run::NoRun;
use super::portable::ExportError;
use super::prepare::PrepareError;
use super::probe_error::ProbeRefused;
use super::rerun_error::RerunError;
use super::rollout::OverrideError;
use super::start_time::StartTimeError;
use super::swap_error::SwapRefused;
use crate::control::ControlError;
use crate::inventory::{Diagnostics, LimitError};
use crate::journal::JournalError;
use crate::message::{Explain, Text};
use crate::plan::SwapError;
use crate::secret::{CredentialName, SecretError};
use crate::transaction::SavedPlanError;

/// Why a run was not begun.
#[derive(Debug, Explain)]
pub enum RunError {
    /// There is a question, and no one to answer it.
    #[explain(
        code = "apply.nobody-to-ask",
        en = "there is no terminal to ask on, and no --yes",
        ja = "対話できる端末がなく、--yes も指定されていません",
        hint(
            en = "read the plan (`ixdeploy plan`), then add --yes",
            ja = "ixdeploy plan で計画を確認してから --yes を付けてください"
        )
    )]
    NoOperator,
    /// Several routers cannot be at the end of one cable.
    #[explain(
        code = "run.one-console",
        en = "{routers} routers of the run are unknown, and one console cable leads to one of them ({port})",
        ja = "結果不明のルータが {routers} 台ありますが、コンソールケーブル 1 本でつながるのは 1 台です({port})",
        hint(
            en = "name the router that is at this cable: `-l ROUTER`",
            ja = "このケーブルにつながっているルータを指定してください: `-l ルータ`"
        )
    )]
    OneConsole {
        /// The port.
        port: String,
        /// How many routers are unknown.
        routers: usize,
    },
    /// What people wrote is wrong: every finding.
    #[explain(transparent)]
    Findings(#[from] Diagnostics),
    /// A run cannot be written to a file, or one from a file be used.
    #[explain(transparent)]
    Export(#[from] ExportError),
    /// A kit, or what a visit brought back, cannot be made or used.
    #[cfg(feature = "kit")]
    #[explain(transparent)]
    Kit(#[from] KitError),
    /// A box cannot take the place of another one.
    #[explain(transparent)]
    Swap(#[from] SwapRefused),
    /// A line is not looked at by entering lines.
    #[explain(transparent)]
    Probe(#[from] ProbeRefused),
    /// It does not fit.
    #[explain(transparent)]
    Misfit(#[from] SwapError),
    /// Something that a person named cannot be used.
    #[explain(transparent)]
    Input(#[from] InputError),
    /// The choice of routers means nothing.
    #[explain(transparent)]
    Limit(#[from] LimitError),
    /// What the choice of routers refers to cannot be looked up.
    #[explain(transparent)]
    Choice(#[from] ChoiceError),
    /// A limit of the rollout that was typed means nothing.
    #[explain(transparent)]
    Override(#[from] OverrideError),
    /// A router cannot be prepared.
    #[explain(transparent)]
    Prepare(#[from] PrepareError),
    /// An entry of a saved plan cannot be understood.
    #[explain(transparent)]
    SavedPlan(#[from] SavedPlanError),
    /// The journal cannot be read or written.
    #[explain(transparent)]
    Journal(#[from] JournalError),
    /// No run is meant by what was typed.
    #[explain(transparent)]
    NoRun(#[from] NoRun),
    /// A run in progress cannot be reached, or did not obey.
    #[explain(transparent)]
    Control(#[from] ControlError),
    /// A detached run does not begin when it was asked to.
    #[explain(transparent)]
    StartTime(#[from] StartTimeError),
    /// A run has no plan of its own that it can be compared with.
    #[explain(
        code = "run.no-kept-plan",
        en = "run {run} has no plan to be laid beside it: {why}",
        ja = "実行 {run} と並べる計画がありません: {why}",
        hint(
            en = "name the plan file: `report {run} --work-plan PLAN.json`",
            ja = "計画ファイルを指定してください: `report {run} --work-plan PLAN.json`"
        )
    )]
    NoKeptPlan {
        /// The run.
        run: String,
        /// Why it has none.
        why: Text,
    },
    /// What a detached process needs was not handed over.
    #[explain(
        code = "detach.not-handed-over",
        en = "`--detached` is for the process that `apply --detach` starts: nothing was handed over to this one",
        ja = "--detached は apply --detach が起動するプロセス用です。引き継ぐ情報がありません",
        hint(en = "use `--detach`", ja = "--detach を使用してください")
    )]
    NotHandedOver,
    /// The process could not be started.
    #[explain(
        code = "detach.not-started",
        en = "no process was started for the run: {cause}",
        ja = "実行用のプロセスを起動できません: {cause}",
        hint(
            en = "nothing was begun: check the state folder, or run it without --detach",
            ja = "何も始めていません。状態フォルダを確認するか、--detach なしで実行してください"
        )
    )]
    NotDetached {
        /// Why.
        cause: Text,
    },
    /// It ended before it had begun the run.
    #[explain(
        code = "detach.ended",
        en = "the process of the run ended before it had begun anything; its log, {log}, says:\n    {said}",
        ja = "実行用のプロセスが着手前に終了しました。ログ {log} の内容:\n    {said}",
        hint(en = "nothing was begun", ja = "何も始めていません")
    )]
    DetachedEnded {
        /// Its log.
        log: PathBuf,
        /// What is in it.
        said: String,
    },
    /// It has not begun yet.
    #[explain(
        code = "detach.unconfirmed",
        en = "the process of run {run} goes on without this terminal and has not said yet that it has begun",
        ja = "実行 {run} のプロセスはこの端末から切り離されて動作中ですが、開始をまだ確認できていません",
        hint(
            en = "`ixdeploy watch {run}` follows it, `ixdeploy abort {run}` ends it; its log is {log}",
            ja = "ixdeploy watch {run} で確認、ixdeploy abort {run} で中止できます。ログ: {log}"
        )
    )]
    DetachedUnconfirmed {
        /// The run.
        run: String,
        /// Its log.
        log: PathBuf,
    },
    /// A console's router has no serial number in the inventory, and no one is asked for it.
    #[explain(
        code = "identity.unconfirmed",
        en = "which box is on the cable? The inventory has no serial number for {routers}",
        ja = "ケーブルの先の機器を特定できません。インベントリに {routers} の製造番号がありません",
        hint(
            en = "give it with --serial-number, or write it into the inventory (`identity: {{ serial_number: ... }}`); --yes alone is refused on a console",
            ja = "--serial-number で指定するか、インベントリに identity: {{ serial_number: ... }} を書いてください。コンソールでは --yes だけでは実行できません"
        )
    )]
    IdentityUnconfirmed {
        /// The routers, as a list.
        routers: String,
    },
    /// A serial number was given, and it is not clear for which router.
    #[explain(
        code = "identity.serial-number-for-whom",
        en = "--serial-number is for exactly one router on a console without a serial number in the inventory",
        ja = "--serial-number は、インベントリに製造番号のないコンソール接続のルータ 1 台に対して使います",
        hint(en = "choose one router with --limit", ja = "--limit で 1 台に絞ってください")
    )]
    SerialNumberForWhom,
    /// There is nothing to undo.
    #[explain(
        code = "undo.nothing",
        en = "run {run} saved no change on these routers, so there is nothing to undo",
        ja = "実行 {run} はこれらのルータに変更を保存していないため、取り消すものがありません",
        hint(en = "`ixdeploy show {run}` says how it ended", ja = "ixdeploy show {run} で結果を確認できます")
    )]
    NothingToUndo {
        /// The run.
        run: String,
    },
    /// The run is open: what it sent may be on routers, and is not saved.
    #[explain(
        code = "undo.unfinished",
        en = "run {run} left {routers} open: what it sent may be there, and is taken back by recovering the run",
        ja = "実行 {run} は {routers} で完了していません。送信した行が残っている可能性があります",
        hint(
            en = "`ixdeploy resume {run} --undo` reads each router again and undoes the change",
            ja = "ixdeploy resume {run} --undo を実行すると、ルータを読み直して変更を取り消します"
        )
    )]
    UndoUnfinished {
        /// The run.
        run: String,
        /// The routers that it left open, as a list.
        routers: String,
    },
    /// The newest run is an undo, and only `--yes` says that the change is to come back.
    #[explain(
        code = "undo.of-an-undo",
        en = "the last run, {run}, is an undo itself: undoing it brings back what it undid",
        ja = "最新の実行 {run} は取り消しです。これを取り消すと、取り消した内容が再び適用されます",
        hint(
            en = "if that is meant, name the run: `ixdeploy undo {run} --yes`; else `ixdeploy runs` lists the run that is to be undone",
            ja = "そうする場合は、実行を指定してください: ixdeploy undo {run} --yes。別の実行を取り消す場合は ixdeploy runs で確認できます"
        )
    )]
    UndoOfAnUndo {
        /// The run.
        run: String,
    },
    /// Nothing is left to do.
    #[explain(
        code = "continue.nothing",
        en = "run {run} has no router left that it could begin, so there is nothing to go on with",
        ja = "実行 {run} には着手できるルータが残っていないため、続行するものがありません",
        hint(
            en = "`ixdeploy show {run}` says how it ended; those that failed, and the rest of their sites, are for a new run",
            ja = "ixdeploy show {run} で結果を確認できます。失敗したルータと同じ拠点の残りは、新しい実行の対象です"
        )
    )]
    NothingToContinue {
        /// The run.
        run: String,
    },
    /// New limits for a run that another process carries out.
    #[explain(
        code = "continue.limits",
        en = "run {run} is in progress, and goes on within the limits that it has: no others can be given to it now",
        ja = "実行 {run} は進行中のため、今の上限のまま続行します。新しい上限は指定できません",
        hint(
            en = "leave them out, or end it with `ixdeploy abort {run}` and continue it with them then",
            ja = "上限の指定を外すか、ixdeploy abort {run} で終了した後に指定して続行してください"
        )
    )]
    LimitsOfLiving {
        /// The run.
        run: String,
    },
    /// A command that this version does not have.
    #[explain(
        code = "continue.other-action",
        en = "run {run} was `{action}`, which this version does not know and cannot go on with",
        ja = "実行 {run} は {action} です。この版では続行できません",
        hint(
            en = "use the version that began it: `version` in `ixdeploy show {run} --format json`",
            ja = "その実行を開始した版を使ってください。版は ixdeploy show {run} --format json の version で確認できます"
        )
    )]
    CannotContinue {
        /// The run.
        run: String,
        /// What it was.
        action: String,
    },
    /// The limit leaves nothing that is unfinished.
    #[explain(
        code = "limit.unfinished",
        en = "none of the routers that `-l` means is unfinished",
        ja = "-l で指定したルータに、未終了のものはありません",
        hint(
            en = "`ixdeploy status` lists what is unfinished",
            ja = "未終了のルータは ixdeploy status で確認できます"
        )
    )]
    NothingToResume,
    /// Nothing waits for a restart.
    #[explain(
        code = "restart.nothing",
        en = "nothing of run {run} waits for a restart",
        ja = "実行 {run} には再起動待ちの変更がありません",
        hint(en = "`ixdeploy show {run}` says how it ended", ja = "ixdeploy show {run} で結果を確認できます")
    )]
    NothingToRestart {
        /// The run.
        run: String,
    },
    /// There is no new run for an earlier one.
    #[explain(transparent)]
    Rerun(#[from] RerunError),
    /// No router can be logged in to: what every one of them needs is missing on this machine.
    #[explain(
        of = error,
        en = "{error}; {routers} router(s) need it, and nothing was begun",
        ja = "{error}。{routers} 台のルータに必要なため、何も始めていません"
    )]
    NoPassword {
        /// What is missing.
        error: SecretError,
        /// How many need it.
        routers: usize,
    },
    /// A password that is to be set cannot be had.
    #[explain(transparent)]
    Secret(#[from] SecretError),
    /// The new password is the old one.
    #[explain(
        code = "secret.same",
        en = "the new password `{new}` has the same value as `{old}`, which is set already: {routers}",
        ja = "新しいパスワード `{new}` の値が、設定済みの `{old}` と同じです: {routers}",
        hint(en = "give `{new}` another value", ja = "`{new}` に別の値を指定してください"),
        note(en = "No router was changed.", ja = "ルータは変更していません。")
    )]
    SamePassword {
        /// The new one.
        new: CredentialName,
        /// The old one.
        old: CredentialName,
        /// The routers, as a list.
        routers: String,
    },
    /// The password that an undo gives back has no value.
    #[explain(
        of = cause,
        en = "the undo gives {user} back the password of `{credential}`, with which the routers were reached before: {cause}",
        ja = "取り消しにより、ユーザ {user} のパスワードは変更前に使っていた `{credential}` に戻ります: {cause}",
        hint(
            en = "nothing was written. It needs the value that the routers had before; where no one knows it any more, give {user} another password with the playbook `rotate-password.yaml`",
            ja = "何も書き込んでいません。変更前の値が必要です。値が分からない場合は、rotate-password.yaml で別のパスワードを設定してください"
        )
    )]
    NoOldPassword {
        /// Who gets it back.
        user: String,
        /// Its credential.
        credential: CredentialName,
        /// Why it has none.
        #[source]
        cause: Box<SecretError>,
    },
    /// A rotation goes on with another value than it began with, on whichever routers.
    #[explain(
        code = "secret.changed",
        en = "`{credential}` has another value now than the one that run {run} began to set",
        ja = "`{credential}` の値が、実行 {run} で設定を始めた値と異なります",
        hint(
            en = "give it that value again until every router has it; a new rotation takes a credential of another name",
            ja = "すべてのルータに設定し終えるまで同じ値を使ってください。次の変更には別の名前の認証情報を使います"
        ),
        note(
            en = "Otherwise routers of one fleet would have two passwords under one name.",
            ja = "同じ名前で 2 種類のパスワードが混在するのを防ぐためです。"
        )
    )]
    PasswordChanged {
        /// The credential.
        credential: CredentialName,
        /// The run that has given it to routers, or may have.
        run: String,
    },
    /// Several at once, each for another router or file.
    #[explain(of = first, en = "{first}", ja = "{first}")]
    Several {
        /// The first of them.
        first: Box<RunError>,
        /// The others.
        others: Vec<RunError>,
    },
}

impl RunError {
    /// One error, and the others where there are more.
    pub(super) fn several(first: Self, others: Vec<Self>) -> Self {
        if others.is_empty() { first } else { Self::Several { first: Box::new(first), others } }
    }
}
