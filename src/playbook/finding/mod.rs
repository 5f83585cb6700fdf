//! What is said about playbooks, roles, variables and templates: each finding with its code, both languages and its hints.
//!
//! Decides nothing: who reads, types or renders makes a finding and knows its place and how grave it is.

mod misfit;
mod role;
mod rollout;
mod template;
mod variable;

use crate::inventory::PLAYBOOK_FIRST;
use crate::message::{CodeEntry, Explain, Text};

pub(super) use misfit::Misfit;
pub(super) use role::RoleFinding;
pub use rollout::ClassError;
pub(super) use rollout::RolloutFinding;
pub(super) use template::TemplateFinding;
pub(super) use variable::VariableFinding;

/// The codes of this room's findings.
pub(crate) const CODES: &[&[CodeEntry]] = &[
    PlaybookFinding::CODES,
    VariableFinding::CODES,
    Misfit::CODES,
    RoleFinding::CODES,
    TemplateFinding::CODES,
    RolloutFinding::CODES,
    ClassError::CODES,
];

/// A finding about a playbook and the inventory it is used with.
#[derive(Debug, Explain)]
pub(super) enum PlaybookFinding {
    /// An inventory given as a playbook.
    #[explain(
        code = "playbook.inventory",
        en = "this is an inventory, not a playbook",
        ja = "これはプレイブックではなくインベントリです",
        hint(shared = PLAYBOOK_FIRST)
    )]
    Inventory,
    /// A kept plan given as a playbook.
    #[explain(
        code = "playbook.kept-plan",
        en = "this is a plan that `plan -o` kept, not a playbook",
        ja = "これはプレイブックではなく、plan -o で保存した計画です",
        hint(
            en = "`ixdeploy show PLAN.JSON` shows it, `ixdeploy apply PLAN.JSON -i INVENTORY` carries it out, `ixdeploy plan diff OLD NEW` compares two of them",
            ja = "内容の確認は `ixdeploy show PLAN.JSON`、適用は `ixdeploy apply PLAN.JSON -i インベントリ`、2 つの比較は `ixdeploy plan diff 旧 新` です"
        )
    )]
    KeptPlan,
    /// A probe that is no file beside the playbook.
    #[explain(
        code = "playbook.probe",
        en = "`{name}` is not the name of a playbook in this folder",
        ja = "`{name}` は同じフォルダのプレイブック名ではありません",
        hint(
            en = "`probe:` names a playbook beside this one, such as probe-line.yaml",
            ja = "`probe:` には隣に置いたプレイブックの名前を書きます(例: probe-line.yaml)"
        )
    )]
    ProbeFile { name: String },
    /// A role without a folder.
    #[explain(
        code = "playbook.role",
        en = "there is no role `{role}`: no file `roles/{role}/role.yaml` beside the playbook",
        ja = "ロール `{role}` がありません。プレイブックの隣に `roles/{role}/role.yaml` が必要です",
        hints = near.clone()
    )]
    NoSuchRole { role: String, near: Option<Text> },
    /// A role of a router that this playbook does not have.
    #[explain(
        code = "playbook.unknown-role",
        en = "there is no role `{role}` beside this playbook",
        ja = "ロール `{role}` はこのプレイブックの roles フォルダにありません",
        hints = near.clone(),
        note(
            en = "an error where it is nearly another one's name, else a warning: the router gets nothing from it",
            ja = "似た名前があればエラー、なければ警告です(そのロールは適用されません)"
        )
    )]
    UnknownRole { role: String, near: Option<Text> },
    /// A router that a playbook by roles cannot concern.
    #[explain(
        code = "playbook.no-role",
        en = "router `{router}` has no role, so this playbook leaves it out",
        ja = "ルータ `{router}` にはロールがないため、このプレイブックの対象外です",
        hint(
            en = "give it one (`role: NAME`), or leave it out with --limit",
            ja = "`role: 名前` を書くか、--limit で除外してください"
        ),
        note(en = "a warning", ja = "警告です")
    )]
    RouterWithoutRole { router: String },
    /// No router at all.
    #[explain(
        code = "playbook.nothing",
        en = "the playbook `{playbook}` concerns none of the chosen routers",
        ja = "プレイブック `{playbook}` の対象になるルータがありません",
        hint(
            en = "give the routers a role that the playbook names, or look at its `routers:` and at --limit",
            ja = "ルータにこのプレイブックのロールを与えるか、`routers:` と --limit を確かめてください"
        )
    )]
    Nothing { playbook: String },
    /// A finding of lint that may not be silenced.
    #[explain(
        code = "playbook.lint-id",
        en = "`{id}` cannot be silenced: `plan` and `apply` refuse such a line",
        ja = "`{id}` は抑止できません(`plan` と `apply` がその行を拒否するため)",
        hint(en = "correct the line in the template", ja = "テンプレートのその行を直してください")
    )]
    NotToBeSilenced { id: String },
    /// No finding of lint.
    #[explain(
        code = "playbook.lint-id",
        en = "no lint finding is named `{id}`",
        ja = "`{id}` という lint の指摘はありません",
        hints = near.clone()
    )]
    NoLintId { id: String, near: Option<Text> },
}
