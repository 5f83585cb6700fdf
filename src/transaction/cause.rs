//! Why a transaction did not end `saved`, and which state that leaves the router in.

use super::ConnectError;
use super::three_way::Touched;
use crate::ix::line::LineError;
use crate::journal::JournalError;
use crate::message::{Explain, Text};
use crate::plan::PlanError;
use crate::plan::rehearsal::Refusal;
use crate::secret::SecretError;
use crate::session::SessionError;
use crate::state::{Impossible, State};
use crate::transport::TransportError;
use crate::transport::ssh::SshError;

/// One cause, with its place and its remedy.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// No session.
    #[error("{router}: {error}")]
    Connect {
        /// The router.
        router: String,
        /// What stood in the way.
        error: Box<ConnectError>,
    },
    /// The conversation failed.
    #[error(transparent)]
    Session(SessionError),
    /// No plan can be made.
    #[error(transparent)]
    Plan(PlanError),
    /// A password could not be had.
    #[error(transparent)]
    Secret(SecretError),
    /// A show command's answer does not say what it must.
    #[error("{router}: `{what}` could not be understood")]
    Unreadable {
        /// The router.
        router: String,
        /// The command.
        what: &'static str,
    },
    /// Another model than the inventory says.
    #[error("{router}: this is an {found}, the inventory says {expected}")]
    WrongModel {
        /// The router.
        router: String,
        /// The inventory's model.
        expected: String,
        /// The router's own word.
        found: String,
    },
    /// Another box than the inventory says.
    #[error("{router}: this box has serial number {found}, the inventory says {expected}")]
    WrongSerialNumber {
        /// The router.
        router: String,
        /// The inventory's serial number.
        expected: String,
        /// The router's own word.
        found: String,
    },
    /// Another host name than we left the box with.
    #[error("{router}: this box calls itself {found}; we left it as {expected}, as the inventory says")]
    WrongHostName {
        /// The router.
        router: String,
        /// The inventory's host name.
        expected: String,
        /// The name in the router's prompt.
        found: String,
    },
    /// One box answers for two routers.
    #[error("{router}: the box with serial number {serial_number} has answered for {other} already")]
    SameBox {
        /// The router.
        router: String,
        /// The router it was before.
        other: String,
        /// The box's serial number.
        serial_number: String,
    },
    /// Firmware older than the playbook allows.
    #[error("{router}: firmware {found} is older than {least}")]
    OldFirmware {
        /// The router.
        router: String,
        /// What it runs.
        found: String,
        /// What the playbook asks for.
        least: String,
    },
    /// Running and startup configuration differ before we start.
    #[error("{router}: the running configuration is not saved")]
    Unsaved {
        /// The router.
        router: String,
        /// Startup against running, masked.
        diff: String,
    },
    /// The router is not what the plan was made for.
    #[error("{router}: the router has changed since the plan was made")]
    Drifted {
        /// The router.
        router: String,
        /// What differs.
        what: &'static str,
    },
    /// The router refused a line of ours.
    #[error("{router}: the router refused line {number} of the plan")]
    Refused {
        /// The router.
        router: String,
        /// The line's number in the plan.
        number: usize,
        /// The line, masked; nothing where it holds a secret, since the router quotes it.
        line: Option<String>,
        /// What the router said; nothing where the line holds a secret.
        answer: Option<String>,
        /// Whether it was a line of the inverse.
        undo: bool,
    },
    /// Every line was accepted, yet the router is not what was declared.
    #[error("{router}: {differences} changes are still missing after every line was accepted")]
    StillDiffers {
        /// The router.
        router: String,
        /// How many changes would still be needed.
        differences: usize,
        /// Which, masked.
        diff: String,
    },
    /// A required check failed.
    #[error("{router}: the required check `{check}` failed")]
    CheckFailed {
        /// The router.
        router: String,
        /// The check's name.
        check: String,
        /// What was expected and not found.
        unmet: Text,
    },
    /// The router refused to save.
    #[error("{router}: the router did not save")]
    SaveRefused {
        /// The router.
        router: String,
        /// What it said.
        answer: String,
    },
    /// The save did not do what it should.
    #[error("{router}: the startup configuration, read again, is not the running one")]
    SaveDiffers {
        /// The router.
        router: String,
        /// Startup against running, masked.
        diff: String,
    },
    /// The inverse did not bring the backup back.
    #[error("{router}: after the undo {differences} changes separate the router from its backup")]
    UndoDiffers {
        /// The router.
        router: String,
        /// How many.
        differences: usize,
        /// Which, masked.
        diff: String,
    },
    /// The session was lost and the router could not be read again in time.
    #[error("{router}: the session was lost and the router could not be read again")]
    StayedLost {
        /// The router.
        router: String,
        /// The last reason it could not be read.
        last: Text,
        /// The last reason was that somebody holds config mode: it may be our own dead session.
        occupied: bool,
    },
    /// The router, read again after the session was lost, holds lines that no part of our plan explains.
    #[error("{router}: the router holds changes that are not ours")]
    Mixed {
        /// The router.
        router: String,
        /// Backup against what runs, masked.
        diff: String,
    },
    /// The plan may cut the session it would be sent over.
    #[error("{router}: the plan may cut our own session")]
    Lifeline {
        /// The router.
        router: String,
        /// Whether the path of our session is known.
        known: bool,
        /// The lines in question, masked.
        lines: Vec<String>,
    },
    /// No new session can be opened after a change of the path.
    #[error("{router}: after the change no new session can be opened")]
    LifelineCut {
        /// The router.
        router: String,
        /// Why.
        error: Box<ConnectError>,
    },
    /// A person asked to stop.
    #[error("{router}: stopped on request")]
    Stopped {
        /// The router.
        router: String,
        /// The line that was not sent any more; nothing when all were.
        number: Option<usize>,
    },
    /// A line, its secrets filled in, may not be typed.
    #[error("{router}: line {number} of the plan may not be typed: {error}")]
    Untypable {
        /// The router.
        router: String,
        /// The line's number in the plan.
        number: usize,
        /// Why; never the line.
        error: LineError,
    },
    /// A new administrator could not log in.
    #[error("{router}: the new administrator {user} could not log in")]
    LoginUnproven {
        /// The router.
        router: String,
        /// The user.
        user: String,
        /// Why; nothing when the router asked for no password.
        error: Option<Box<ConnectError>>,
    },
    /// The model of the router refuses a line of the plan or of its undo.
    #[error("{router}: the rehearsal refuses line {number}")]
    Rehearsal {
        /// The router.
        router: String,
        /// The line's number in its list.
        number: usize,
        /// The line, masked, and why.
        refusal: Refusal,
        /// Whether it is a line of the undo.
        undo: bool,
    },
    /// Another router of the site did not come as far, and a site changes together or not at all.
    #[error("{router}: {other}, of the same site, did not come as far")]
    Site {
        /// The router.
        router: String,
        /// The other one.
        other: String,
    },
    /// What a run changed was changed again since.
    #[error("{router}: what that run changed was changed again since")]
    Touched {
        /// The router.
        router: String,
        /// Each thing: its place, what the run left, what runs today; masked.
        objects: Vec<Touched>,
    },
    /// What is about to be done cannot be written down first.
    #[error("{router}: {error}")]
    Journal {
        /// The router.
        router: String,
        /// Why.
        error: JournalError,
    },
    /// What was done could not be written down.
    #[error("{router}: the record of this run is not complete: {error}")]
    JournalIncomplete {
        /// The router.
        router: String,
        /// Why.
        error: JournalError,
    },
    /// A defect of this program.
    #[error(transparent)]
    Impossible(#[from] Impossible),
}

impl From<SecretError> for Cause {
    fn from(error: SecretError) -> Self {
        Self::Secret(error)
    }
}

impl Cause {
    /// The state a router is in when this happens before anything was written to it.
    pub fn before_write(&self) -> State {
        match self {
            Self::Connect { error, .. } => match &**error {
                ConnectError::Transport(error) if is_refused_host_key(error) => State::Refused,
                ConnectError::Secret(_)
                | ConnectError::NoMock
                | ConnectError::Mock { .. }
                | ConnectError::Recording { .. } => State::Refused,
                _ => State::Unreachable,
            },
            Self::Session(SessionError::Occupied { .. }) => State::Occupied,
            Self::Session(SessionError::MonitorRight { .. }) => State::Refused,
            Self::Session(_) => State::Unreachable,
            Self::Drifted { .. } => State::Drifted,
            _ => State::Refused,
        }
    }

    /// Whether it leaves the router to a person.
    pub(super) fn needs_person(&self) -> bool {
        matches!(
            self,
            Self::Refused { undo: true, .. } | Self::UndoDiffers { .. } | Self::Mixed { .. } | Self::StayedLost { .. }
        )
    }

    /// Whether the session can no longer be used.
    pub(super) fn lost_session(&self) -> bool {
        match self {
            // A refused command leaves the session at its prompt, and config mode ours.
            Self::Session(SessionError::Refused { .. }) => false,
            Self::Session(_) | Self::Connect { .. } => true,
            _ => false,
        }
    }
}

/// Whether it was we who said no, because of the key that the other side showed.
fn is_refused_host_key(error: &TransportError) -> bool {
    matches!(error, TransportError::Ssh(SshError::HostKeyUnknown { .. } | SshError::HostKeyChanged { .. }))
}

impl Explain for Cause {
    fn code(&self) -> &'static str {
        match self {
            Self::Connect { error, .. } => error.code(),
            Self::Session(error) => error.code(),
            Self::Plan(error) => error.code(),
            Self::Secret(error) => error.code(),
            Self::Unreadable { .. } => "router.unreadable",
            Self::WrongModel { .. } => "identity.wrong-model",
            Self::WrongSerialNumber { .. } => "identity.wrong-serial-number",
            Self::WrongHostName { .. } => "identity.wrong-hostname",
            Self::SameBox { .. } => "identity.same-box",
            Self::OldFirmware { .. } => "identity.old-firmware",
            Self::Unsaved { .. } => "router.unsaved",
            Self::Drifted { .. } => "router.drifted",
            Self::Refused { undo: false, .. } => "router.refused-line",
            Self::Refused { undo: true, .. } => "router.refused-undo",
            Self::StillDiffers { .. } => "router.still-differs",
            Self::CheckFailed { .. } => "check.failed",
            Self::SaveRefused { .. } => "router.save-refused",
            Self::SaveDiffers { .. } => "router.save-differs",
            Self::UndoDiffers { .. } => "router.undo-differs",
            Self::StayedLost { .. } => "router.lost",
            Self::Mixed { .. } => "router.mixed",
            Self::Lifeline { known: true, .. } => "lifeline.touched",
            Self::Lifeline { .. } => "lifeline.unknown",
            Self::LifelineCut { .. } => "lifeline.cut",
            Self::Stopped { .. } => "run.stopped",
            Self::Untypable { .. } => "plan.untypable",
            Self::LoginUnproven { .. } => "login.unproven",
            Self::Rehearsal { .. } => "rehearsal.refused",
            Self::Site { .. } => "site.together",
            Self::Touched { .. } => "undo.touched",
            Self::Journal { error, .. } => error.code(),
            Self::JournalIncomplete { .. } => "journal.incomplete",
            Self::Impossible(_) => "internal.transition",
        }
    }

    fn text(&self) -> Text {
        let en = self.to_string();
        match self {
            Self::Connect { router, error } => {
                let text = error.text();
                Text::new(format!("{router}: {}", text.en), format!("{router}: {}", text.ja))
            }
            Self::Session(error) => error.text(),
            Self::Plan(error) => error.text(),
            Self::Secret(error) => error.text(),
            Self::Unreadable { router, what } => {
                Text::new(en, format!("{router}: 「{what}」の応答を解釈できませんでした"))
            }
            Self::WrongModel { router, expected, found } => {
                Text::new(en, format!("{router}: 接続先は {found} です。インベントリでは {expected} です"))
            }
            Self::SameBox { router, other, serial_number } => Text::new(
                en,
                format!("{router}: 製造番号 {serial_number} の機器は、すでに {other} として応答しています"),
            ),
            Self::WrongSerialNumber { router, expected, found } => {
                Text::new(en, format!("{router}: 接続先の製造番号は {found} です。インベントリでは {expected} です"))
            }
            Self::WrongHostName { router, expected, found } => Text::new(
                en,
                format!(
                    "{router}: 接続先のホスト名は {found} です。前回の展開後は、インベントリどおり {expected} でした"
                ),
            ),
            Self::OldFirmware { router, found, least } => {
                Text::new(en, format!("{router}: ファームウェア {found} は {least} より古いです"))
            }
            Self::Unsaved { router, diff } => Text::new(
                format!("{en}: startup and running configuration differ\n{diff}"),
                format!("{router}: 保存されていない変更があります(startup と running の差分)\n{diff}"),
            ),
            Self::Drifted { router, what } => Text::new(
                format!("{en} ({what})"),
                format!("{router}: 計画を作成した後にルータの状態が変わりました({what})"),
            ),
            Self::Refused { router, number, line, answer, undo } => {
                let quoted = line.as_deref().map(|line| format!(" `{line}`")).unwrap_or_default();
                let said = answer.as_deref().map(|answer| format!(": {answer}")).unwrap_or_default();
                let (plan, plan_ja) = if *undo { ("undo", "取り消し") } else { ("plan", "計画") };
                Text::new(
                    format!("{router}: the router refused line {number} of the {plan}{quoted}{said}"),
                    format!("{router}: ルータが{plan_ja}の {number} 行目{quoted}を拒否しました{said}"),
                )
            }
            Self::StillDiffers { router, differences, diff } => Text::new(
                format!("{en}\n{diff}"),
                format!("{router}: 全行が受理されましたが、まだ {differences} 件の差分があります\n{diff}"),
            ),
            Self::CheckFailed { router, check, unmet } => Text::new(
                format!("{en}: expected that the answer {}", unmet.en),
                format!("{router}: 必須の確認「{check}」が失敗しました。期待: {}", unmet.ja),
            ),
            Self::SaveRefused { router, answer } => {
                Text::new(format!("{en}: {answer}"), format!("{router}: ルータが保存を拒否しました: {answer}"))
            }
            Self::SaveDiffers { router, diff } => Text::new(
                format!("{en}\n{diff}"),
                format!("{router}: 保存後に読み直した startup が running と一致しません\n{diff}"),
            ),
            Self::UndoDiffers { router, differences, diff } => Text::new(
                format!("{en}\n{diff}"),
                format!("{router}: 取り消し後もバックアップと {differences} 件の差分があります\n{diff}"),
            ),
            Self::StayedLost { router, last, .. } => Text::new(
                format!("{en}: {}", last.en),
                format!("{router}: セッションが失われ、ルータを読み直せませんでした: {}", last.ja),
            ),
            Self::Mixed { router, diff } => Text::new(
                format!("{en}\n{diff}"),
                format!("{router}: 本ツールの計画では説明できない変更がルータにあります\n{diff}"),
            ),
            Self::Lifeline { router, known, lines } => {
                let lines = lines.iter().map(|line| format!("\n  {line}")).collect::<String>();
                if *known {
                    Text::new(
                        format!("{en}: these lines touch the lifeline{lines}"),
                        format!("{router}: 次の行は自セッションの経路(lifeline)に触れます{lines}"),
                    )
                } else {
                    Text::new(
                        format!("{en}: the lifeline is unknown, and these lines can cut a session{lines}"),
                        format!(
                            "{router}: 自セッションの経路(lifeline)が不明で、次の行はセッションを切る可能性があります{lines}"
                        ),
                    )
                }
            }
            Self::LifelineCut { router, error } => {
                let text = error.text();
                Text::new(
                    format!("{en}: {}", text.en),
                    format!("{router}: 変更後に新しいセッションを開けません: {}", text.ja),
                )
            }
            Self::Stopped { router, number: Some(number) } => Text::new(
                format!("{en} before line {number} of the plan"),
                format!("{router}: 中断の指示により、計画の {number} 行目を送信する前に停止しました"),
            ),
            Self::Stopped { router, number: None } => {
                Text::new(format!("{en} before saving"), format!("{router}: 中断の指示により、保存の前に停止しました"))
            }
            Self::Untypable { router, number, error } => {
                let why = error.text();
                Text::new(
                    format!("{router}: line {number} of the plan may not be typed: {}", why.en),
                    format!("{router}: 計画の {number} 行目は入力できません: {}", why.ja),
                )
            }
            Self::LoginUnproven { router, user, error } => {
                let why = error.as_ref().map(|error| error.text());
                let (why_en, why_ja) = why.map_or(
                    (
                        "the router asked for no password, so it proved nothing".to_owned(),
                        "パスワードを要求されず、確認できませんでした".to_owned(),
                    ),
                    |why| (why.en, why.ja),
                );
                Text::new(
                    format!("{en} before saving: {why_en}"),
                    format!("{router}: 保存前の確認で、新しい管理者 {user} がログインできません: {why_ja}"),
                )
            }
            Self::Rehearsal { router, number, refusal, undo } => {
                let (plan, plan_ja) = if *undo { ("undo", "取り消し") } else { ("plan", "計画") };
                Text::new(
                    format!("{router}: {refusal} (line {number} of the {plan})"),
                    format!(
                        "{router}: 事前の予行で、{plan_ja}の {number} 行目「{}」が拒否されました: {}",
                        refusal.line, refusal.why
                    ),
                )
            }
            Self::Site { router, other } => Text::new(
                format!("{en}: the routers of a site change together or not at all"),
                format!(
                    "{router}: 同じ拠点の {other} が完了しませんでした。拠点内のルータはまとめて変更するか、すべて取り消します"
                ),
            ),
            Self::Touched { router, objects } => {
                let shown = objects.iter().map(Touched::shown).collect::<String>();
                Text::new(
                    format!("{en}; undoing it would take that away\n{shown}"),
                    format!(
                        "{router}: その実行の変更箇所が後から変更されています。取り消すと後の変更が失われます\n{shown}"
                    ),
                )
            }
            Self::Journal { router, error } => {
                let text = error.text();
                Text::new(format!("{router}: {}", text.en), format!("{router}: {}", text.ja))
            }
            Self::JournalIncomplete { router, error } => {
                Text::new(en, format!("{router}: この実行の記録が不完全です: {}", error.text().ja))
            }
            Self::Impossible(_) => Text::new(en.clone(), format!("内部エラー: {en}")),
        }
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::Connect { error, .. } => error.hints(),
            Self::Session(error) => error.hints(),
            Self::Plan(error) => error.hints(),
            Self::Secret(error) => error.hints(),
            Self::Unreadable { .. } => vec![Text::new(
                "run the command by hand and compare its answer with a router of the same firmware",
                "同じコマンドを手で実行し、応答を確認してください",
            )],
            Self::WrongModel { .. } | Self::WrongSerialNumber { .. } | Self::SameBox { .. } => vec![Text::new(
                "nothing was written: is the cable in the right box? Otherwise correct the inventory",
                "何も書き込んでいません。ケーブルの接続先を確認するか、インベントリを修正してください",
            )],
            Self::WrongHostName { .. } => vec![Text::new(
                "nothing was written: is it the right router, and who renamed it? To rename it, change `identity: { hostname: ... }` and the role's variable together",
                "何も書き込んでいません。接続先が正しいか、誰が名前を変えたかを確認してください。改名するときは identity: { hostname: ... } とロールの変数を一緒に変更します",
            )],
            Self::OldFirmware { .. } => vec![Text::new(
                "update the firmware first, or lower `min_firmware` in the playbook if the change does not need it",
                "先にファームウェアを更新するか、不要であればプレイブックの min_firmware を下げてください",
            )],
            Self::Unsaved { .. } => vec![Text::new(
                "nothing was written: find out whose change it is, then save it (`write memory`), restart the router, or make it permanent with ours (`--adopt`)",
                "何も書き込んでいません。誰の変更かを確認し、保存(write memory)するか再起動してください。今回の変更と一緒に確定するには --adopt を指定します",
            )],
            Self::Drifted { .. } => vec![Text::new(
                "nothing was written: make a new plan and read it",
                "何も書き込んでいません。計画を作り直して内容を確認してください",
            )],
            Self::Refused { undo: false, .. } => vec![Text::new(
                "the change is taken back; the router's final state says whether that succeeded. Does this firmware know the command?",
                "変更は取り消されます。成否はルータの最終状態で確認してください。このファームウェアが対応するコマンドか確認してください",
            )],
            Self::Lifeline { known, .. } => {
                let mut hints = vec![Text::new(
                    "nothing was written: apply it over the console, or allow it in the playbook (`allow_lifeline_change: true`)",
                    "何も書き込んでいません。コンソールから適用するか、プレイブックで allow_lifeline_change: true を指定してください",
                )];
                if !known {
                    hints.push(Text::new(
                        "declare the path in the inventory (`lifeline: { interface: ..., address: ... }`)",
                        "インベントリに経路を宣言してください(lifeline: { interface: ..., address: ... })",
                    ));
                }
                hints
            }
            Self::LifelineCut { error, .. } => error.hints(),
            Self::Untypable { .. } => vec![Text::new(
                "nothing was written: look at the value of the credential or variable that this line takes",
                "何も書き込んでいません。この行が使う認証情報または変数の値を確認してください",
            )],
            Self::StillDiffers { .. }
            | Self::CheckFailed { .. }
            | Self::SaveRefused { .. }
            | Self::SaveDiffers { .. }
            | Self::LoginUnproven { .. }
            | Self::Stopped { .. } => vec![Text::new(
                "the change is taken back; the router's final state says whether that succeeded",
                "変更は取り消されます。成否はルータの最終状態で確認してください",
            )],
            Self::Refused { undo: true, .. } | Self::UndoDiffers { .. } | Self::Mixed { .. } => vec![Text::new(
                "nothing was saved: connect by console, compare with the backup, and correct by hand; a restart brings the startup configuration back",
                "保存はしていません。コンソールで接続し、バックアップと比較して手で直してください。再起動すると startup の内容に戻ります",
            )],
            Self::StayedLost { occupied, .. } => {
                let mut hints = Vec::new();
                if *occupied {
                    hints.push(Text::new(
                        "config mode is held by our own dead session or a colleague, the router does not say which: ask who is there; `--take-over` takes it",
                        "コンフィグモードの保持者は、切断された本ツールのセッションか他の作業者です(ルータからは判別できません)。確認してから --take-over で取得できます",
                    ));
                }
                hints.push(Text::new(
                    "nothing was saved since the session was lost: when the router answers again, run `ixdeploy resume`, before anything else",
                    "セッションが失われた後に保存はしていません。応答が戻ったら、まず ixdeploy resume を実行してください",
                ));
                hints
            }
            Self::Rehearsal { .. } => vec![Text::new(
                "nothing was written: the line contradicts what runs on the router; correct the role or the values",
                "何も書き込んでいません。この行はルータの現在の設定と矛盾します。ロールまたは変数を修正してください",
            )],
            Self::Site { .. } => vec![Text::new(
                "look at the other router's cause; a router of the site that was saved before it can be taken back with `ixdeploy undo RUN`",
                "もう一方のルータの原因を確認してください。先に保存済みのルータは ixdeploy undo RUN で取り消せます",
            )],
            Self::Touched { .. } => vec![Text::new(
                "nothing was written: undo the later run first (`ixdeploy history ROUTER`), or change it with a playbook",
                "何も書き込んでいません。後の実行を先に取り消す(ixdeploy history ROUTER)か、プレイブックで変更してください",
            )],
            Self::Journal { error, .. } | Self::JournalIncomplete { error, .. } => error.hints(),
            Self::Impossible(_) => vec![Text::new(
                "this is a defect of ixdeploy: please report it with the log",
                "ixdeploy の不具合です。ログを添えて報告してください",
            )],
        }
    }
}
