//! What is around the lines of every change: the displays before, the checks, the save with its proof, and the rollback. What is typed there
//! is the dialect's; a line of the plan is in `line`.

use super::{Key, PlannedStep};
use crate::message::{Lang, Text};
use crate::plan::Lifeline;
use crate::playbook::{Check, Expectation, Level, Phase};
use crate::report::class_text::templated;
use crate::transaction::{ChangeClass, ClassCheck, SavedPlan};

/// What a procedure is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned<'p> {
    /// The plan; of a class, that of its first router.
    pub(super) saved: &'p SavedPlan,
    /// The class, where the procedure is for all of its routers.
    pub(super) class: Option<&'p ChangeClass>,
}

impl Planned<'_> {
    /// What is looked at before the first line.
    pub(super) fn before(&self) -> Vec<PlannedStep> {
        let commands = self.saved.intent.dialect().commands();
        let terms = &self.saved.intent.terms;
        let config_mode =
            PlannedStep::new("take config mode", "コンフィグモードに移行").typed(commands.enable_config).expects(
                "the prompt of config mode; no other user holds it",
                "コンフィグモードのプロンプト(他のユーザが使用中でないこと)",
            );
        let config_mode = config_mode.found_by(Key::ConfigMode);
        let config_mode = match terms.take_over {
            true => config_mode.noting("may be taken from its holder (--take-over)", "強制取得を許可(--take-over)"),
            false => config_mode,
        };
        let pager = PlannedStep::new("no pager in this session", "このセッションの改ページを無効化")
            .typed(commands.no_pager)
            .expects("taken: no error is shown", "受理(エラー表示なし)");
        let mut steps = vec![self.login(), config_mode, pager];
        steps.extend([self.firmware(), self.hardware(), self.running(), self.startup()]);
        steps.extend(self.checks_at(true));
        steps
    }

    fn login(&self) -> PlannedStep {
        let step = PlannedStep::new("log in as an administrator", "管理者でログイン").found_by(Key::Login);
        match self.saved.intent.path.lifeline {
            Lifeline::Console => step.expects("the prompt of operation mode", "オペレーションモードのプロンプト"),
            Lifeline::Path(_) | Lifeline::Unknown => step
                .expects("the host key is the known one (SSH)", "ホスト鍵が登録済みのものと一致(SSH の場合)")
                .expects("the prompt of operation mode", "オペレーションモードのプロンプト"),
        }
    }

    fn firmware(&self) -> PlannedStep {
        let step = PlannedStep::new("read the firmware", "ファームウェアの確認")
            .typed(self.saved.intent.dialect().commands().show_version);
        let seen = self.saved.seen.identity.firmware.as_deref().filter(|_| self.class.is_none());
        let step = step.found_by(Key::Firmware(seen.map(str::to_owned)));
        let step = match seen {
            Some(firmware) => step.expects(format!("firmware {firmware}"), format!("ファームウェア {firmware}")),
            None => step.expects("the firmware is noted", "ファームウェアを記録"),
        };
        match &self.saved.intent.terms.min_firmware {
            Some(oldest) => step.expects(format!("not older than {oldest}"), format!("{oldest} 以降")),
            None => step,
        }
    }

    fn hardware(&self) -> PlannedStep {
        let intent = &self.saved.intent;
        let model = intent.device.model.name;
        let step =
            PlannedStep::new("read which box it is", "機器の確認").typed(intent.dialect().commands().show_hardware);
        // A class may hold routers of several models.
        let step = match self.class {
            Some(_) => step.expects("the model of this router in the list", "機種が一覧の値と一致"),
            None => step.expects(format!("model {model}"), format!("機種 {model}")),
        };
        let seen = self.saved.seen.identity.serial_number.as_deref();
        let serial_number = intent.device.serial_number.as_deref().or(seen);
        let is_known = self.class.is_none();
        let step = step.found_by(Key::Identity {
            model: is_known.then(|| model.to_owned()),
            serial_number: serial_number.filter(|_| is_known).map(str::to_owned),
        });
        match (self.class, serial_number) {
            (Some(_), _) => step.expects("the serial number of this router in the list", "製造番号が一覧の値と一致"),
            (None, Some(number)) => step.expects(format!("serial number {number}"), format!("製造番号 {number}")),
            (None, None) => step.expects("the serial number on the label of the box", "製造番号が機器のラベルと一致"),
        }
    }

    fn running(&self) -> PlannedStep {
        let step = PlannedStep::new(
            "read what runs, and keep it as the backup",
            "running-config を読み出し、バックアップとして保管",
        )
        .typed(self.saved.intent.dialect().commands().show_running)
        .found_by(Key::Backup);
        match (self.class, &self.saved.seen.running) {
            (None, Some(sha256)) => step.expects("as it was when the plan was made", "計画の作成時と同一").noting(
                format!("SHA-256 of the canonical text, secrets masked: {sha256}"),
                format!("正規形(秘密情報はマスク)の SHA-256: {sha256}"),
            ),
            (Some(_), _) => step.expects("as it was when the plan was made", "計画の作成時と同一"),
            (None, None) => step.expects(
                "as far as the masked backup tells, as it was when the plan was made",
                "マスク済みバックアップで分かる範囲で、計画の作成時と同一",
            ),
        }
    }

    fn startup(&self) -> PlannedStep {
        let step = PlannedStep::new("read what it would start with", "startup-config を読み出し")
            .typed(self.saved.intent.dialect().commands().show_startup)
            .found_by(Key::StartupBefore);
        match self.saved.intent.terms.adopt {
            true => step.expects(
                "noted; unsaved changes of others become permanent (--adopt)",
                "記録(他者の未保存の変更は今回の保存で確定。--adopt)",
            ),
            false => step.expects("equals running: nothing is unsaved", "running-config と一致(未保存の変更なし)"),
        }
    }

    /// What is looked at after the lines.
    pub(super) fn after(&self) -> Vec<PlannedStep> {
        let dialect = self.saved.intent.dialect();
        let read_again = PlannedStep::new("read what runs now", "running-config の読み直し")
            .typed(dialect.commands().show_running)
            .expects("nothing is left to change, nothing else has changed", "計画との差分なし、計画外の変更なし")
            .found_by(Key::ReadAgain);
        let mut steps = vec![read_again];
        let cuts = self.saved.cautions.iter().flatten().any(|one| one.may_cut && !one.undo);
        let administrator = self.saved.commands.iter().any(|line| dialect.words().new_administrator(line).is_some());
        if cuts || administrator {
            steps.push(
                PlannedStep::new("log in anew, in a second session", "別セッションで新たにログイン")
                    .expects("the login succeeds", "ログイン成功")
                    .noting(
                        "before anything is saved; the first session stays open",
                        "保存前に実施。元のセッションは開いたまま",
                    ),
            );
        }
        steps.extend(self.checks_at(false));
        steps
    }

    /// The checks before or after the change. Before it those alone that decide, and what the others show.
    fn checks_at(&self, before: bool) -> Vec<PlannedStep> {
        let terms = &self.saved.intent.terms;
        let is_run = |check: &Check| terms.at_clinic || check.phase == Phase::Bench;
        let of_class = self.class.map(|class| class.checks.as_slice()).unwrap_or_default();
        let mut steps = Vec::new();
        for (place, check) in terms.checks.iter().enumerate() {
            let decides = check.level == Level::Required;
            if before && !(is_run(check) && (decides || check.only_shows())) {
                continue;
            }
            let class = self.class.zip(of_class.get(place));
            let step = self::check(check, class.map(|(class, one)| ClassCheckOf { class, one }));
            let key = Key::Check { role: check.role.clone(), name: check.name.clone(), before };
            let step = step.found_by(key);
            steps.push(match (before, is_run(check)) {
                (true, _) if decides => step.noting(
                    "only where the router was configured before; where the change touches what this looks at, a display is kept and not judged",
                    "設定済みのルータのみ。変更対象に関わるものは、表示を記録するだけで判定しない",
                ),
                (true, _) => step.only_kept().noting(
                    "only where the router was configured before; it decides nothing",
                    "設定済みのルータのみ。判定には用いない",
                ),
                (false, false) => step.noting("not run on a bench", "ベンチでは実施しない"),
                (false, true) => step,
            });
        }
        steps
    }

    /// The save, and its proof.
    pub(super) fn save(&self) -> Vec<PlannedStep> {
        let commands = self.saved.intent.dialect().commands();
        let decision = PlannedStep::new("decide whether it is saved", "保存の可否を判断")
            .expects("every required check: OK", "必須の確認がすべて OK")
            .noting("nothing is saved before; otherwise the rollback", "それまで保存しない。NG の場合は切り戻しへ");
        let decision = match &self.saved.intent.terms.line_pending {
            Some(reason) => decision.noting(
                format!("the line is not open yet ({reason}): checks that need it may fail"),
                format!("回線は未開通({reason}): 回線が必要な確認は NG でも可"),
            ),
            None => decision,
        };
        let save = PlannedStep::new("save", "保存")
            .typed(commands.save)
            .expects("the router says that it saved, no error", "保存完了の応答(エラー表示なし)")
            .noting("nothing is typed while it saves", "保存中は何も入力しない")
            .found_by(Key::Save);
        let proof = PlannedStep::new("prove the save", "保存の確認")
            .typed(commands.show_startup)
            .expects("equals what runs", "running-config と一致")
            .found_by(Key::Startup);
        let mut steps = vec![decision, save, proof];
        steps.push(
            PlannedStep::new("leave config mode and log out", "コンフィグモードを終了し、ログアウト")
                .typed(commands.exit)
                .expects(
                    "the session is closed; a console shows its login prompt",
                    "セッション終了(コンソールではログインプロンプト)",
                ),
        );
        if self.saved.cautions.iter().flatten().any(|one| one.restart && !one.undo) {
            steps.push(
                PlannedStep::new(
                    "agree on a restart: some lines take effect after one",
                    "再起動の実施を調整(再起動後に有効になる行あり)",
                )
                .typed("ixdeploy restart last")
                .expects("it comes back, and runs what was saved", "復帰し、保存した構成で動作"),
            );
        }
        steps
    }

    /// The rollback: when it begins, the lines of the undo, and the reading that proves it.
    pub(super) fn rollback(&self, lines: Vec<PlannedStep>) -> Vec<PlannedStep> {
        let commands = self.saved.intent.dialect().commands();
        let begin = PlannedStep::new(
            "a line is refused, a required check fails, or the session is lost: nothing more of the plan is typed",
            "行の拒否、必須の確認の NG、セッション喪失のいずれか: 計画の続きは入力しない",
        )
        .noting(
            "the lines below undo the whole plan; where it stopped before its end, only what was sent is undone",
            "以下は計画全体の取り消し。途中で停止した場合は、送信した行の分だけ取り消す",
        );
        let end = PlannedStep::new("read what runs now", "running-config の読み直し")
            .typed(commands.show_running)
            .expects("equals the backup, no difference", "バックアップと一致(差分なし)")
            .noting("it is saved only where a save had been made before", "保存は、保存済みの変更を取り消した場合のみ")
            .found_by(Key::TakenBack);
        std::iter::once(begin).chain(lines).chain([end]).collect()
    }
}

/// A check as a class has it.
#[derive(Clone, Copy)]
struct ClassCheckOf<'c> {
    class: &'c ChangeClass,
    one: &'c ClassCheck,
}

fn check(check: &Check, of_class: Option<ClassCheckOf<'_>>) -> PlannedStep {
    let (level_en, level_ja) = match (check.level, check.expect.is_empty()) {
        (_, true) => ("recorded only", "記録のみ"),
        (Level::Required, false) => ("required", "必須"),
        (Level::Advisory, false) => ("advisory", "参考"),
    };
    let named = |title: &str, level: &str| match title {
        "" => format!("{} ({level})", check.name),
        title => format!("{}: {title} ({level})", check.name),
    };
    let mut step = PlannedStep::new(named(&check.title.en, level_en), named(&check.title.ja, level_ja));
    step.command = Some(match of_class {
        Some(ClassCheckOf { class, one }) => in_both(|lang| templated(&one.command, class, lang)),
        None => Text::untranslated(check.command.as_str()),
    });
    step.expected = match of_class {
        Some(of_class) => of_class.expected(&check.expect),
        None => check.expect.iter().map(Expectation::describe).collect(),
    };
    if step.expected.is_empty() {
        step = step.only_kept();
    }
    match check.within {
        Some(seconds) => step.noting(
            format!("after the change repeated for up to {seconds} s"),
            format!("変更後は最長 {seconds} 秒繰り返す"),
        ),
        None => step,
    }
}

impl ClassCheckOf<'_> {
    /// What the answer must say, with the names of values in their places.
    fn expected(&self, of_first: &[Expectation]) -> Vec<Text> {
        let one = |(first, one): (&Expectation, &crate::transaction::ClassExpectation)| {
            if one.said.numbers().next().is_none() {
                return first.describe();
            }
            let said = in_both(|lang| templated(&one.said, self.class, lang));
            Text::new(format!("{}: {}", one.kind, said.en), format!("{}: {}", one.kind, said.ja))
        };
        of_first.iter().zip(&self.one.expect).map(one).collect()
    }
}

impl PlannedStep {
    /// The same where the answer need not say anything.
    fn only_kept(self) -> Self {
        Self { expected: vec![Text::new("the answer is kept", "表示を記録")], ..self }
    }
}

fn in_both(said: impl Fn(Lang) -> String) -> Text {
    Text::new(said(Lang::En), said(Lang::Ja))
}
