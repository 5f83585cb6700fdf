//! The words for each cause, in both languages, with what to do next.

use super::TransactionError;
use crate::message::{Explain, Text};
use crate::transaction::three_way::Conflict;

impl Explain for TransactionError {
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
            Self::NotFactory { .. } => "router.not-factory",
            Self::StartupUnread { .. } => "router.startup-unread",
            Self::Drifted { .. } => "router.drifted",
            Self::Refused { undo: false, .. } => "router.refused-line",
            Self::Refused { undo: true, .. } => "router.refused-undo",
            Self::StillDiffers { .. } => "router.still-differs",
            Self::CheckFailed { .. } => "check.failed",
            Self::SaveRefused { .. } => "router.save-refused",
            Self::SaveDiffers { .. } => "router.save-differs",
            Self::SaveUnproven { .. } => "router.save-unproven",
            Self::StartupNotBack { .. } => "router.startup-not-back",
            Self::UndoDiffers { .. } => "router.undo-differs",
            Self::StayedLost { .. } => "router.lost",
            Self::NotRestarted { .. } => "router.not-restarted",
            Self::Mixed { .. } => "router.mixed",
            Self::Foreign { .. } => "router.foreign",
            Self::Undecided { .. } => "lost.undecided",
            Self::Lifeline { known: true, .. } => "lifeline.touched",
            Self::Lifeline { .. } => "lifeline.unknown",
            Self::LifelineCut { .. } => "lifeline.cut",
            Self::Stopped { .. } => "run.stopped",
            Self::Untypable { .. } => "plan.untypable",
            Self::LoginUnproven { .. } => "login.unproven",
            Self::Rehearsal { .. } => "rehearsal.refused",
            Self::RehearsalEnd { .. } => "rehearsal.end",
            Self::MockRehearsal { .. } => "rehearsal.mock",
            Self::Site { .. } => "site.together",
            Self::SiteBound { .. } => "site.bound",
            Self::Conflict { .. } => "undo.touched",
            Self::Withheld { .. } => "plan-file.withheld",
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
            Self::WrongHostName { router, expected, found } => Text::new(
                en,
                format!(
                    "{router}: 接続先のホスト名は {found} です。前回の展開後は、インベントリどおり {expected} でした"
                ),
            ),
            Self::SameBox { router, other, serial_number } => Text::new(
                en,
                format!("{router}: 製造番号 {serial_number} の機器は、すでに {other} として応答しています"),
            ),
            Self::WrongSerialNumber { router, expected, found } => {
                Text::new(en, format!("{router}: 接続先の製造番号は {found} です({expected} のはずです)"))
            }
            Self::OldFirmware { router, found, least } => {
                Text::new(en, format!("{router}: ファームウェア {found} は {least} より古いです"))
            }
            Self::Unsaved { router, diff } => Text::new(
                format!("{en}: startup and running configuration differ\n{diff}"),
                format!("{router}: 保存されていない変更があります(startup と running の差分)\n{diff}"),
            ),
            Self::NotFactory { router, lines, draft } => {
                let lines = lines.join("\n  ");
                Text::new(
                    format!(
                        "{en}:\n  {lines}\nif they are, this file would say so, once a person has reviewed it:\n{draft}"
                    ),
                    format!(
                        "{router}: 何も保存されておらず、次の行が工場出荷時のものか分かりません:\n  {lines}\n出荷時の行であれば、次のファイルを担当者が確認して置いてください:\n{draft}"
                    ),
                )
            }
            Self::StartupUnread { router } => {
                Text::new(en, format!("{router}: startup を表示できないため、running が保存済みかどうか確認できません"))
            }
            Self::Drifted { router, what, diff } => {
                let diff = if diff.is_empty() { String::new() } else { format!("\n{diff}") };
                Text::new(
                    format!("{en} ({what}){diff}"),
                    format!("{router}: 計画を作成した後にルータの状態が変わりました({what}){diff}"),
                )
            }
            Self::Refused { router, number, line, answer, origin, undo } => {
                let quoted = line.as_deref().map(|line| format!(" `{line}`")).unwrap_or_default();
                let from = origin.as_deref().map(|origin| format!(" ({origin})")).unwrap_or_default();
                let said = answer.as_deref().map(|answer| format!(": {answer}")).unwrap_or_default();
                let (plan, plan_ja) = if *undo { ("undo", "取り消し") } else { ("plan", "計画") };
                Text::new(
                    format!("{router}: the router refused line {number} of the {plan}{quoted}{from}{said}"),
                    format!("{router}: ルータが{plan_ja}の {number} 行目{quoted}{from}を拒否しました{said}"),
                )
            }
            Self::StillDiffers { router, differences, diff, origins } => {
                let lines: Vec<String> = origins.iter().map(|one| one.origin.to_string()).collect();
                let (from, from_ja) = match lines.is_empty() {
                    true => Default::default(),
                    false => (format!("written in {}\n", lines.join("; ")), format!("由来: {}\n", lines.join("、"))),
                };
                Text::new(
                    format!("{en}\n{diff}{from}"),
                    format!("{router}: 全行が受理されましたが、まだ {differences} 件の差分があります\n{diff}{from_ja}"),
                )
            }
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
            Self::SaveUnproven { router } => Text::new(
                en,
                format!("{router}: ルータは保存したと応答しましたが、startup を表示できないため確認できません"),
            ),
            Self::StartupNotBack { router, shown, diff } => {
                let (holds, holds_ja) = match shown {
                    true => ("it holds", "現在の startup"),
                    false => (
                        "the router does not show it; it may hold",
                        "startup は表示できません。次の内容の可能性があります",
                    ),
                };
                Text::new(
                    format!("{en}: {holds}\n{diff}"),
                    format!(
                        "{router}: running はバックアップに戻りましたが、startup が戻ったことは確認できません。{holds_ja}:\n{diff}"
                    ),
                )
            }
            Self::UndoDiffers { router, differences, diff } => Text::new(
                format!("{en}\n{diff}"),
                format!("{router}: 取り消し後もバックアップと {differences} 件の差分があります\n{diff}"),
            ),
            Self::StayedLost { router, last, .. } => Text::new(
                format!("{en}: {}", last.en),
                format!("{router}: セッションが失われ、ルータを読み直せませんでした: {}", last.ja),
            ),
            Self::NotRestarted { router } => Text::new(en, format!("{router}: ルータは再起動していません")),
            Self::Mixed { router, diff } => Text::new(
                format!("{en}\n{diff}"),
                format!("{router}: 本ツールの計画では説明できない変更がルータにあります\n{diff}"),
            ),
            Self::Foreign { router, lines, .. } => {
                let lines = lines.iter().map(|line| format!("\n  {line}")).collect::<String>();
                Text::new(
                    format!("{en}; they stay, and nothing of them was saved{lines}"),
                    format!(
                        "{router}: 変更中に、本ツール以外の変更がルータに加わりました。その行は残し、保存もしていません{lines}"
                    ),
                )
            }
            Self::Undecided { lost, .. } => Text::new(
                en,
                format!(
                    "{}: 計画 {} 行のうち {} 行が反映されています。プレイブックの設定により、どうするかは担当者が決めます",
                    lost.router, lost.planned, lost.sent
                ),
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
            Self::RehearsalEnd { router, undo: false } => Text::new(
                format!("{en} at what is wanted: the plan leaves something out, or takes it away"),
                format!("{router}: 事前の予行で、計画を実行しても目的の設定になりませんでした"),
            ),
            Self::RehearsalEnd { router, undo: true } => Text::new(
                format!("{en} at what runs now: the undo does not bring all of it back"),
                format!("{router}: 事前の予行で、取り消しを実行しても現在の設定に戻りませんでした"),
            ),
            Self::MockRehearsal { router, line: None, why } => {
                Text::new(en, format!("{router}: 模擬ルータでの予行を続けられません: {why}"))
            }
            Self::MockRehearsal { router, line: Some((number, undo)), why } => {
                let (plan, plan_ja) = if *undo { ("undo", "取り消し") } else { ("plan", "計画") };
                Text::new(
                    format!("{router}: the mock refuses line {number} of the {plan}: {why}"),
                    format!("{router}: 模擬ルータが{plan_ja}の {number} 行目を拒否しました: {why}"),
                )
            }
            Self::Site { router, other } => Text::new(
                format!("{en}: the routers of a site change together or not at all"),
                format!(
                    "{router}: 同じ拠点の {other} が完了しませんでした。拠点内のルータはまとめて変更するか、すべて取り消します"
                ),
            ),
            Self::SiteBound { router, other, within } => Text::new(
                format!("{en}: what is not saved is taken back"),
                format!(
                    "{router}: 同じ拠点の {other} が、拠点の制限時間 {} 秒以内に応答しませんでした。保存前の変更は取り消します",
                    within.as_secs()
                ),
            ),
            Self::Withheld { router } => {
                Text::new(en, format!("{router}: 目標のコンフィグは秘密情報なしで保存されています"))
            }
            Self::Conflict { router, objects } => {
                let shown = objects.iter().map(Conflict::shown).collect::<String>();
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
            Self::WrongHostName { .. } => vec![Text::new(
                "nothing was written: is it the right router, and who renamed it? To rename it, change `identity: { hostname: ... }` and the role's variable together",
                "何も書き込んでいません。接続先が正しいか、誰が名前を変えたかを確認してください。改名するときは identity: { hostname: ... } とロールの変数を一緒に変更します",
            )],
            Self::WrongSerialNumber { .. } => vec![Text::new(
                "nothing was written: is the cable in the right box? The number comes from the inventory, from `--serial-number`, or from the run that is gone back to",
                "何も書き込んでいません。ケーブルの接続先を確認してください。番号はインベントリ、--serial-number、または元の実行によるものです",
            )],
            Self::WrongModel { .. } | Self::SameBox { .. } => vec![Text::new(
                "nothing was written: is the cable in the right box? Otherwise correct the inventory",
                "何も書き込んでいません。ケーブルの接続先を確認するか、インベントリを修正してください",
            )],
            Self::OldFirmware { .. } => vec![Text::new(
                "update the firmware first, or lower `min_firmware` in the playbook if the change does not need it",
                "先にファームウェアを更新するか、不要であればプレイブックの min_firmware を下げてください",
            )],
            Self::Unsaved { .. } => vec![Text::new(
                "nothing was written: find out whose change it is, then save it (`write memory`), restart the router, or make it permanent with ours (`--adopt`)",
                "何も書き込んでいません。誰の変更かを確認し、保存(write memory)するか再起動してください。今回の変更と一緒に確定するには --adopt を指定します",
            )],
            Self::NotFactory { .. } => vec![
                Text::new(
                    "nothing was written: are these the lines of a new box? Then keep the file above in the folder `facts` beside the inventory, with your name under `reviewed_by` (docs/facts.md)",
                    "何も書き込んでいません。新品の行であれば、上のファイルをインベントリと同じ場所の facts フォルダに置き、reviewed_by に確認者の名前を書いてください(docs/facts.md)",
                ),
                Text::new(
                    "did somebody configure it? Then save it (`write memory`), restart it, or make it permanent with ours (`--adopt`)",
                    "誰かが設定したものであれば、保存(write memory)するか再起動してください。今回の変更と一緒に確定するには --adopt を指定します",
                ),
            ],
            Self::StartupUnread { .. } => vec![Text::new(
                "nothing was written. The firmware knows neither `show startup-config` nor `show config`, and a save would not change that: make sure on the console that the configuration is saved, then go on with `--adopt`; the run ends `saved, unverified` (exit status 3)",
                "何も書き込んでいません。このファームウェアは show startup-config と show config のどちらにも応答せず、保存しても変わりません。設定が保存済みであることをコンソールで確認してから --adopt で続行してください。結果は「未確認のまま保存」(終了コード 3)になります",
            )],
            Self::SaveUnproven { .. } => vec![Text::new(
                "it runs what was declared, and its checks passed; whether it was saved shows only after a restart, so have somebody with a console at hand at the next one",
                "宣言どおりに動作し、確認も完了しています。保存されたかどうかは再起動するまで分からないため、次回の再起動時にはコンソールを用意してください",
            )],
            Self::StartupNotBack { .. } => vec![Text::new(
                "what it runs is the configuration from before; do not restart it: connect by console, look at the startup configuration, and save (`write memory`) only when the running one is the backup; then `ixdeploy resume RUN` reads it again",
                "現在動作しているのは変更前の設定です。再起動せず、コンソールで startup を確認し、running がバックアップと一致する場合のみ write memory で保存してから、ixdeploy resume RUN で読み直してください",
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
                "nothing was saved: connect by console, compare with the backup, and correct by hand, then `ixdeploy resume RUN` reads it again; a restart brings the startup configuration back",
                "保存はしていません。コンソールで接続し、バックアップと比較して手で直したら、ixdeploy resume RUN で読み直してください。再起動すると startup の内容に戻ります",
            )],
            Self::Foreign { fact_file, .. } => std::iter::once(Text::new(
                "our lines are taken back and these stay as they are, unsaved; the router's final state says whether that succeeded. Find out whose they are, have them saved or removed, then begin again with `plan`",
                "今回の変更は取り消し、これらの行は未保存のまま残します。成否はルータの最終状態で確認してください。誰の変更かを確認し、保存または削除してから plan でやり直してください",
            ))
            .chain(fact_file.as_ref().map(|file| {
                Text::new(
                    format!("did nobody type them, and does this model make them by itself? Then a reviewed fact says so: write them under `router_made:` of `facts/{file}` beside the inventory (docs/facts.md)"),
                    format!("誰も入力しておらず、この機種が自動で生成する行であれば、インベントリと同じ場所の facts/{file} の router_made に、レビューのうえ記載してください(docs/facts.md)"),
                )
            }))
            .collect(),
            Self::Undecided { run, .. } => vec![Text::new(
                format!(
                    "`ixdeploy resume {run} --finish` sends what is missing and saves, `--undo` takes everything back"
                ),
                format!("ixdeploy resume {run} --finish で残りを送信して保存、--undo ですべて取り消します"),
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
            Self::NotRestarted { .. } => vec![Text::new(
                "the order did not arrive: its saved lines still wait for a restart; run `ixdeploy restart` again",
                "再起動の指示が届いていません。再起動待ちの変更はそのままです。もう一度 ixdeploy restart を実行してください",
            )],
            Self::Rehearsal { .. } => vec![Text::new(
                "nothing was written: the line contradicts what runs on the router; correct the role or the values",
                "何も書き込んでいません。この行はルータの現在の設定と矛盾します。ロールまたは変数を修正してください",
            )],
            Self::RehearsalEnd { .. } => vec![Text::new(
                "nothing was written; please report it with the plan (`ixdeploy plan -o FILE`), and make the change in smaller steps meanwhile",
                "何も書き込んでいません。計画(ixdeploy plan -o FILE)を添えて報告し、それまでは変更を小さく分けて行ってください",
            )],
            Self::MockRehearsal { .. } => vec![Text::new(
                "nothing was written; the mock is no router: where it knows less than yours, rehearse on the model alone (without `--rehearse mock`)",
                "何も書き込んでいません。模擬ルータが対応していない行の場合は、--rehearse mock を付けずに実行してください",
            )],
            Self::Site { .. } | Self::SiteBound { .. } => vec![Text::new(
                "look at the other router's cause; a router of the site that was saved before it can be taken back with `ixdeploy undo RUN`",
                "もう一方のルータの原因を確認してください。先に保存済みのルータは ixdeploy undo RUN で取り消せます",
            )],
            Self::Withheld { .. } => vec![Text::new(
                "nothing was written: restore the backup, or undo the run, with the command that did it before",
                "何も書き込んでいません。restore または undo をもう一度実行してください",
            )],
            Self::Conflict { .. } => vec![Text::new(
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
