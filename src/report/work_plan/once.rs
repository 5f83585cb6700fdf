//! What is done once around a work: the preparation, the gates and the end. Every command of this program goes as far as the work plan, and no
//! further: that of one site names its routers.

use super::PlannedStep;
use super::chosen::Chosen;
use crate::report::shell::argument;
use crate::run::PlannedWork;

/// More routers than these are not named on a command line.
const FEW: usize = 20;

/// The commands that a person types for a work.
pub(super) struct Typed<'w> {
    work: &'w PlannedWork,
    /// It has a router with a plan.
    is_any: bool,
    /// What narrows `apply` and `report`; ` -l sato`.
    of_plan: String,
    /// What narrows commands that read an inventory to the routers with a plan.
    of_inventory: String,
    /// They read routers without a plan, too: there are too many to be named.
    reads_others: bool,
}

impl<'w> Typed<'w> {
    /// Those for these routers.
    pub(super) fn of(work: &'w PlannedWork, chosen: &Chosen<'_>) -> Self {
        let option = |limit: Option<String>| limit.map(|limit| format!(" -l {}", argument(&limit))).unwrap_or_default();
        let without: Vec<&str> = chosen.unplanned.iter().map(|one| one.router.as_str()).collect();
        let [of_plan, of_inventory] = match chosen.site {
            Some(site) if without.is_empty() => [Some(site.to_owned()), Some(site.to_owned())],
            Some(_) => {
                let planned: Vec<&str> = chosen.plans.iter().map(|one| one.intent.router.as_str()).collect();
                [Some(planned.join(",")), Some(planned.join(","))]
            }
            None => {
                let made = work.plan.file.made.as_ref().and_then(|made| made.limit.clone());
                let excluded = without.iter().filter(|_| without.len() <= FEW).map(|router| format!("!{router}"));
                let parts: Vec<String> = work.limit.clone().or(made).into_iter().chain(excluded).collect();
                [work.limit.clone(), Some(parts.join(",")).filter(|parts| !parts.is_empty())]
            }
        };
        Self {
            work,
            is_any: !chosen.plans.is_empty(),
            of_plan: option(of_plan),
            of_inventory: option(of_inventory),
            reads_others: chosen.site.is_none() && without.len() > FEW,
        }
    }

    fn file(&self) -> String {
        argument(&self.work.plan.path.display().to_string())
    }

    fn inventory(&self) -> String {
        self.work.plan.file.made.as_ref().map_or_else(|| "INVENTORY".to_owned(), |made| argument(&made.inventory))
    }

    /// The same with what a command that reads an inventory answers.
    fn reading(&self, step: PlannedStep, [en, ja]: [&str; 2]) -> PlannedStep {
        match self.reads_others {
            false => step.expects(format!("exit status 0: {en}"), format!("終了コード 0({ja})")),
            true => step.expects(
                format!("{en}, of each router with a plan (exit status 3 where one without a plan cannot be read)"),
                format!("計画のある各ルータ: {ja}(計画のないルータを読めない場合は終了コード 3)"),
            ),
        }
    }

    /// Before the first router; nothing where no router has a plan.
    pub(super) fn preparation(&self) -> Vec<PlannedStep> {
        if !self.is_any {
            return Vec::new();
        }
        let (file, sha256) = (self.file(), &self.work.plan.sha256);
        let backup = PlannedStep::new("back up the routers of the plan", "対象ルータのバックアップ").typed(format!(
            "ixdeploy backup -i {}{} -o backup",
            self.inventory(),
            self.of_inventory
        ));
        vec![
            PlannedStep::new("the plan is the one that was approved", "承認された計画ファイルであることを確認")
                .typed(format!("sha256sum {file}"))
                .expects(sha256.clone(), sha256.clone())
                .noting(
                    format!("on Windows: certutil -hashfile {file} SHA256"),
                    format!("Windows では: certutil -hashfile {file} SHA256"),
                ),
            PlannedStep::new("this machine is ready", "作業用 PC の確認")
                .typed("ixdeploy doctor")
                .expects("exit status 0: nothing found", "終了コード 0(問題なし)"),
            PlannedStep::new("no earlier work is open", "以前の作業が残っていないことを確認")
                .typed("ixdeploy status")
                .expects("no router is open", "未終了のルータなし"),
            self.reading(backup, ["both configurations of each router are kept", "各ルータの両コンフィグを保管"])
                .noting("besides the backup that each change begins with", "変更時に自動で取るバックアップとは別"),
        ]
    }

    /// What must be given before it begins; likewise.
    pub(super) fn gates(&self) -> Vec<PlannedStep> {
        if !self.is_any {
            return Vec::new();
        }
        let sha256 = &self.work.plan.sha256;
        vec![
            PlannedStep::new("the work is approved: signatures below", "作業の承認(下記の署名欄)")
                .expects(format!("for the plan of SHA-256 {sha256}"), format!("計画の SHA-256: {sha256}")),
            PlannedStep::new("begin", "作業開始")
                .typed(format!("ixdeploy apply {} -i {}{}", self.file(), self.inventory(), self.of_plan))
                .expects(
                    "it shows this SHA-256, and how many routers and sites are changed",
                    "上記の SHA-256、対象のルータ数と拠点数を表示",
                )
                .noting("the question is answered with yes by who is in charge", "質問には責任者が yes と回答"),
        ]
    }

    /// After the last router; likewise.
    pub(super) fn closing(&self) -> Vec<PlannedStep> {
        if !self.is_any {
            return Vec::new();
        }
        let made = self.work.plan.file.made.as_ref();
        let playbook = made.map_or_else(|| "PLAYBOOK".to_owned(), |made| argument(&made.playbook));
        let verify = PlannedStep::new("every router is as declared", "全ルータが宣言どおりであることを確認")
            .typed(format!("ixdeploy verify {playbook} -i {}{}", self.inventory(), self.of_inventory));
        vec![
            self.reading(verify, ["no difference, every check passed", "差分なし、確認はすべて OK"]),
            PlannedStep::new("nothing is left open", "未終了の作業がないことを確認")
                .typed("ixdeploy status")
                .expects("no router is open", "未終了のルータなし"),
            PlannedStep::new("file the work record", "作業記録の作成と保管")
                .typed(format!("ixdeploy report last{} -o record.html", self.of_plan))
                .expects("the journal head is noted on it", "ジャーナル末尾ハッシュの記載あり"),
        ]
    }
}
