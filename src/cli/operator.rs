//! The operator at the terminal: the words of every question, in both languages, and what is shown before it.
//!
//! One question at a time, whatever the routers do meanwhile. What an answer leads to belongs to `run`.

use std::sync::{Mutex, PoisonError};

use super::identity_text::{another_number_words, identity_words, number_expected_words};
use super::late_plans::LatePlansShown;
use super::plan_heading::plan_heading;
use super::question_text::{self, again_words, differed_words, probe_words};
use super::rollout_args;
use super::screen::Screen;
use super::terminal::{Terminal, to_halfwidth};
use super::{show_classes, show_plans, show_saved_plan};
use crate::cancel::Cancel;
use crate::fleet::Budget;
use crate::message::{Lang, Text};
use crate::report::{self, Detail, budget_words};
use crate::run::{
    Approval, ApprovedPlan, IdentityQuestion, Notice, Operator, ReviewedRouter, StepSize, UndoneInQuestion, Unplanned,
};
use crate::secret::{Again, Prompter, Secret};
use crate::transaction::{ClassGroups, Decisions, FailedChecks, LatePlan, LostRouter, RecoveryChoice};
use crate::visible;

/// How often an answer that is neither yes nor no is asked for again, before it counts as no.
const MORE_TRIES: usize = 2;

/// Asks at the terminal, and shows on the screen.
pub struct TerminalOperator {
    screen: Screen,
    terminal: Terminal,
    /// What is shown of a plan before the question.
    detail: Detail,
    /// Routers are in flight at the same time; questions are not.
    turn: Mutex<()>,
    /// What was shown of plans that are carried out at once.
    late_plans: Mutex<LatePlansShown>,
}

impl TerminalOperator {
    /// An operator who sees this screen and answers at this terminal.
    pub fn new(screen: Screen, terminal: Terminal) -> Self {
        Self { screen, terminal, detail: Detail::default(), turn: Mutex::default(), late_plans: Mutex::default() }
    }

    /// The same, with this shown of a plan before the question.
    #[must_use]
    pub fn showing(self, detail: Detail) -> Self {
        Self { detail, ..self }
    }

    fn ask_line(&self, question: &str) -> Option<String> {
        self.ask_line_until(question, &Cancel::default())
    }

    /// Nothing, too, once the question is over.
    fn ask_line_until(&self, question: &str, over: &Cancel) -> Option<String> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.terminal.ask_until(&report::for_screen(question), over).map(|answer| answer.trim().to_owned())
    }
}

impl Operator for TerminalOperator {
    fn is_present(&self) -> bool {
        self.terminal.is_present()
    }

    fn approve(&self, question: &Approval) -> Option<bool> {
        self.approve_until(question, &Cancel::default())
    }

    fn approve_until(&self, question: &Approval, over: &Cancel) -> Option<bool> {
        let lang = self.screen.lang;
        let answer = self.ask_line_until(&approval_words(question, lang), over)?;
        if let Some(sites) = question.typed_sites() {
            return Some(to_halfwidth(&answer).trim() == sites.to_string());
        }
        // A slip of a finger is no decision: all routers were read for this question.
        let mut decision = decision(&answer);
        for _ in 0..MORE_TRIES {
            if decision.is_some() {
                break;
            }
            decision = self::decision(&self.ask_line_until(unclear_words(lang), over)?);
        }
        Some(decision == Some(true))
    }

    fn type_serial_number(&self, question: &IdentityQuestion<'_>) -> Option<String> {
        self.ask_line(&identity_words(question, self.screen.lang)).map(|answer| to_halfwidth(&answer))
    }

    fn tell(&self, notice: &Notice<'_>) {
        let (screen, lang) = (&self.screen, self.screen.lang);
        match notice {
            Notice::Note(text) => screen.note_prose(text.get(lang)),
            Notice::Warning(text) => screen.warn(text),
            Notice::Finding(finding) => screen.note_finding(finding.render(lang).trim_end()),
            Notice::SerialNumberDiffers => screen.note_prose(another_number_words(lang)),
            Notice::SerialNumberExpected => screen.note_prose(&number_expected_words(lang)),
            Notice::RunBegan(run) => screen.note(&match lang {
                Lang::En => format!("run {run}"),
                Lang::Ja => format!("実行 {run}"),
            }),
            Notice::Rollout(plan) => rollout_args::show(screen, plan),
            Notice::Reviewed { saved, .. } if self.detail.why => {
                show_saved_plan::for_people(screen, saved, self.detail);
            }
            Notice::Reviewed { saved, changing } => {
                screen.say_prose(&plan_heading(saved, lang));
                let terms = changing.iter().map(|intent| (intent.router.as_str(), &intent.terms));
                screen.say_prose(&(report::terms(terms, lang) + &report::hand_over(&saved.file.hand_over, lang)));
            }
            Notice::LatePlan(LatePlan { intent, plan, .. }) => {
                let mut shown = self.late_plans.lock().unwrap_or_else(PoisonError::into_inner);
                shown.show(screen, intent, plan, self.detail);
            }
            Notice::Summary(asked) => screen.say_prose(&question_text::summary(asked, lang)),
            Notice::Review { few: [], routers, saved, tests } => {
                let planned = routers.iter().filter_map(|one| Some(&one.plan()?.entry));
                let unplanned: Vec<Unplanned> = routers.iter().filter_map(ReviewedRouter::unplanned).collect();
                let (groups, without) = (ClassGroups::of(planned), show_classes::without(&unplanned));
                show_classes::fleet(screen, &groups, &without, self.detail);
                screen.say_prose(&report::hand_over(tests, lang));
                if let Some(saved) = saved {
                    screen.say_prose(&plan_heading(saved, lang));
                }
                show_classes::count(screen, &groups, without.len() + left_out(*saved));
            }
            Notice::Review { few, saved, tests, .. } => {
                show_plans::plans(screen, few, self.detail);
                show_plans::rollback_notes(screen, few, self.detail);
                if let Some(saved) = saved {
                    screen.say_prose(&plan_heading(saved, lang));
                }
                show_plans::terms(screen, few);
                screen.say_prose(&report::hand_over(tests, lang));
                show_plans::count(screen, few, None, left_out(*saved));
            }
        }
    }
}

/// Routers of the run for which the plan file has no plan.
fn left_out(saved: Option<&ApprovedPlan>) -> usize {
    saved.map_or(0, |saved| saved.file.unplanned.len())
}

impl Decisions for TerminalOperator {
    fn choose_recovery(&self, lost: &LostRouter) -> Option<RecoveryChoice> {
        let answer = self.ask_line(&recovery_words(lost, self.screen.lang))?;
        recovery_choice(&answer)
    }

    fn save_unverified(&self, failed: &FailedChecks) -> Option<String> {
        let lang = self.screen.lang;
        self.ask_line(&match lang {
            Lang::En => format!(
                "{}\nThe change will be undone, unless you type a reason to save it anyway (Return: undo it):",
                failed_checks_words(failed, lang)
            ),
            Lang::Ja => format!(
                "{}\n変更を取り消します。確認 NG のまま保存する場合は理由を入力してください(Enter のみ: 取り消し):",
                failed_checks_words(failed, lang)
            ),
        })
    }
}

impl Prompter for TerminalOperator {
    fn ask(&self, question: &Text) -> Result<Secret, String> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let lang = self.screen.lang;
        let reason = if self.terminal.is_present() {
            lang.pick("nothing was entered", "入力がありませんでした")
        } else {
            lang.pick("there is no terminal to ask on", "対話できる端末がありません")
        };
        self.terminal.ask_secret(question.get(lang)).ok_or_else(|| reason.to_owned())
    }

    fn ask_again(&self, question: &Text, again: Again) -> Result<Secret, String> {
        if let Some(differed) = differed_words(again) {
            self.screen.note_prose(differed.get(self.screen.lang));
        }
        self.ask(&again_words(question))
    }

    fn never_agreed(&self) -> String {
        let words = self
            .screen
            .lang
            .pick("the entries never agreed; nothing was set", "入力が一致しなかったため、設定していません");
        words.to_owned()
    }
}

/// The question about a router that was lost and has been read again.
pub(super) fn recovery_words(lost: &LostRouter, lang: Lang) -> String {
    let LostRouter { router, sent, planned } = lost;
    match lang {
        Lang::En => format!(
            "{router}: the session was lost; {sent} of {planned} lines of the plan run on it. Send the rest and save, or undo everything? [finish/undo]"
        ),
        Lang::Ja => format!(
            "{router}: セッションが失われました。計画 {planned} 行のうち {sent} 行が反映されています。残りを送信して保存(finish)、すべて取り消し(undo)のどちらにしますか? [finish/undo]"
        ),
    }
}

/// What an answer to it means; nothing where it decides nothing.
pub(super) fn recovery_choice(answer: &str) -> Option<RecoveryChoice> {
    match to_halfwidth(answer).to_lowercase().as_str() {
        "finish" => Some(RecoveryChoice::Finish),
        "undo" => Some(RecoveryChoice::Undo),
        _ => None,
    }
}

/// Which required checks failed, and what each missed.
pub(super) fn failed_checks_words(failed: &FailedChecks, lang: Lang) -> String {
    let router = &failed.router;
    let checks = failed.failed.iter().map(|(name, unmet)| match lang {
        Lang::En => format!("  {name}: expected that the answer {}", unmet.en),
        Lang::Ja => format!("  {name}: 期待: {}", unmet.ja),
    });
    let checks = checks.collect::<Vec<_>>().join("\n");
    match lang {
        Lang::En => format!("{router}: required checks failed:\n{checks}"),
        Lang::Ja => format!("{router}: 必須の確認が失敗しました:\n{checks}"),
    }
}

/// Whether an answer means yes.
pub(super) fn is_yes(answer: &str) -> bool {
    decision(answer) == Some(true)
}

/// What an answer means; nothing where it is neither yes nor no. An empty one is no: so is a press of Ctrl-C.
fn decision(answer: &str) -> Option<bool> {
    let answer = to_halfwidth(answer).trim().to_lowercase();
    match answer.as_str() {
        "y" | "yes" | "はい" => Some(true),
        "" | "n" | "no" | "いいえ" => Some(false),
        _ => None,
    }
}

fn unclear_words(lang: Lang) -> &'static str {
    lang.pick("That is neither yes nor no. [yes/no]", "yes か no で答えてください。 [yes/no]")
}

pub(super) fn approval_words(question: &Approval, lang: Lang) -> String {
    match (question, lang) {
        (Approval::TakeOver, Lang::En) => {
            "Config mode will be taken from its holder; their work stays half done. Go on? [yes/no]".to_owned()
        }
        (Approval::TakeOver, Lang::Ja) => {
            "使用中のコンフィグモードを強制的に取得します。相手の作業は途中で止まります。続けますか? [yes/no]"
                .to_owned()
        }
        (Approval::Recover { routers }, Lang::En) => {
            format!("Read {routers} router(s) again and finish what was begun, or undo it? [yes/no]")
        }
        (Approval::Recover { routers }, Lang::Ja) => {
            format!("{routers} 台を読み直し、前回の変更を完了または取り消します。よろしいですか? [yes/no]")
        }
        (Approval::Change { probe: true, .. }, lang) => probe_words(lang) + &answer_words(question, lang),
        (Approval::Change { changing, routers, sites, roles, steps, budgets, undone, probe: false }, Lang::En) => {
            let of = if roles.is_empty() { String::new() } else { format!(" (role: {})", roles.join(", ")) };
            let (steps, answer) = (step_words(steps, budgets, lang), answer_words(question, lang));
            let undone = undone_words(*undone, lang);
            format!("{undone}Change {changing} of {routers} router(s){of} at {sites} site(s){steps}? {answer}")
        }
        (Approval::Change { changing, routers, sites, roles, steps, budgets, undone, probe: false }, Lang::Ja) => {
            let of = if roles.is_empty() { String::new() } else { format!("(ロール: {})", roles.join(", ")) };
            let (steps, answer) = (step_words(steps, budgets, lang), answer_words(question, lang));
            let undone = undone_words(*undone, lang);
            format!(
                "{undone}拠点 {sites} か所、ルータ {routers} 台{of}のうち {changing} 台を{steps}変更します。{answer}"
            )
        }
        (Approval::Step { name, sites, routers }, Lang::En) => {
            let name = visible::line(name);
            format!("Begin the step {name}: {routers} router(s) at {sites} site(s)? No ends the run here. [yes/no]")
        }
        (Approval::Step { name, sites, routers }, Lang::Ja) => {
            let name = visible::line(name);
            format!(
                "ステップ {name}(拠点 {sites} か所、ルータ {routers} 台)を始めますか? no で実行を終えます。 [yes/no]"
            )
        }
        (Approval::Continue { run, waiting, ended, failed, step }, lang) => {
            continue_words(lang, run, step.as_ref(), Counts { waiting: *waiting, ended: *ended, failed: *failed })
        }
        (Approval::Restart { routers, sites }, Lang::En) => {
            let answer = answer_words(question, lang);
            format!("Restart {routers} router(s) at {sites} site(s)? Each is out of service for some minutes. {answer}")
        }
        (Approval::Restart { routers, sites }, Lang::Ja) => {
            let answer = answer_words(question, lang);
            format!("拠点 {sites} か所、ルータ {routers} 台を再起動します。それぞれ数分間通信が止まります。{answer}")
        }
    }
}

/// What a person must know before a run is undone, each as a line before the question.
fn undone_words(undone: Option<UndoneInQuestion>, lang: Lang) -> String {
    let UndoneInQuestion { is_undo, unchecked } = undone.unwrap_or_default();
    let mut words = String::new();
    if is_undo {
        words.push_str(lang.pick(
            "This undoes an undo: what that undid comes back.\n",
            "取り消しの取り消しです。取り消した内容が再び適用されます。\n",
        ));
    }
    if unchecked > 0 {
        words.push_str(&match lang {
            Lang::En => format!(
                "In bake times {unchecked} router(s) are only reached: no check is recorded that they passed before the change.\n"
            ),
            Lang::Ja => format!(
                "様子見の間、{unchecked} 台は接続できることだけを確かめます(変更前に合格した確認の記録がありません)。\n"
            ),
        });
    }
    words
}

/// What is to be typed: the number of sites, where there are many, else yes.
fn answer_words(question: &Approval, lang: Lang) -> String {
    match (question.typed_sites(), lang) {
        (Some(sites), Lang::En) => format!("To go on, type the number of sites, {sites}:"),
        (Some(sites), Lang::Ja) => format!("続けるには拠点数 {sites} を入力してください:"),
        (None, Lang::En) => "[yes/no]".to_owned(),
        (None, Lang::Ja) => "よろしいですか? [yes/no]".to_owned(),
    }
}

/// How many routers of a run are where.
struct Counts {
    waiting: usize,
    ended: usize,
    failed: usize,
}

fn continue_words(lang: Lang, run: &str, step: Option<&crate::control::Approval>, counts: Counts) -> String {
    let Counts { waiting, ended, failed } = counts;
    match (step, lang) {
        (Some(step), Lang::En) => format!(
            "Run {run}: {ended} router(s) ended, {failed} of them failed. Begin step {} with {} router(s) at {} site(s)? [yes/no]",
            step.step, step.routers, step.sites
        ),
        (Some(step), Lang::Ja) => format!(
            "実行 {run}: {ended} 台が終了し、うち失敗 {failed} 台です。ステップ {}(拠点 {} か所、ルータ {} 台)を開始しますか? [yes/no]",
            step.step, step.sites, step.routers
        ),
        (None, Lang::En) if waiting == 0 => {
            format!("Run {run} is paused: {ended} router(s) ended, {failed} of them failed. End the pause? [yes/no]")
        }
        (None, Lang::Ja) if waiting == 0 => format!(
            "実行 {run} は一時停止中です({ended} 台が終了、うち失敗 {failed} 台)。一時停止を解除しますか? [yes/no]"
        ),
        (None, Lang::En) => format!(
            "Run {run}: {ended} router(s) ended, {failed} of them failed. Go on with {waiting} that are not begun? [yes/no]"
        ),
        (None, Lang::Ja) => format!(
            "実行 {run}: {ended} 台が終了し、うち失敗 {failed} 台です。未着手の {waiting} 台を続けますか? [yes/no]"
        ),
    }
}

/// The steps of a rollout and what stops it; nothing where the run is one step.
fn step_words(steps: &[StepSize], budgets: &[Budget], lang: Lang) -> String {
    if steps.is_empty() {
        return String::new();
    }
    let count = steps.len();
    let names = steps.iter().map(|step| format!("{} {}", visible::line(&step.name), step.sites));
    let names = names.collect::<Vec<_>>().join(", ");
    let budgets = budget_words(budgets, lang);
    match (lang, budgets.is_empty()) {
        (Lang::En, true) => format!(", in {count} step(s) ({names})"),
        (Lang::En, false) => format!(", in {count} step(s) ({names}), ending after {budgets}"),
        (Lang::Ja, true) => format!(" {count} ステップ({names})で"),
        (Lang::Ja, false) => format!(" {count} ステップ({names}、{budgets} で中止)で"),
    }
}
