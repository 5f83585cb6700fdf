//! What is said about `rollout:` of a playbook.

use crate::message::{Explain, Text, Wording};
use crate::state::FailureClass;

/// A finding about a rollout.
#[derive(Debug, Explain)]
pub(in crate::playbook) enum RolloutFinding {
    /// No number of failures.
    #[explain(
        code = "rollout.budget",
        en = "`{text}` is not a budget",
        ja = "`{text}` は失敗の許容数ではありません",
        hint(
            en = "write a number of routers from 1 to 1000000 (`3`), a percentage from 0.1% to 100% (`5%`), or `unlimited`",
            ja = "ルータの台数 1～1000000(`3`)、割合 0.1%～100%(`5%`)、または `unlimited` を書いてください"
        )
    )]
    NoBudget { text: String },
    /// No end to failures of every class.
    #[explain(
        code = "rollout.budget",
        en = "`max_failures` needs a number or a percentage",
        ja = "`max_failures` には台数か割合が必要です",
        hint(
            en = "let single classes of failure pass instead: `budgets: {{ unreachable: unlimited }}`",
            ja = "止めなくてよい失敗の種類だけを指定してください: `budgets: {{ unreachable: unlimited }}`"
        )
    )]
    NoTolerance,
    /// No end to failures that a person must see.
    #[explain(
        code = "rollout.budget",
        en = "failures of the class `{class}` need a number or a percentage: each such router needs a person",
        ja = "`{class}` には台数か割合が必要です。この失敗は 1 台ごとに人の対応が必要です"
    )]
    NeedsNumber { class: &'static str },
    /// A match that says nothing.
    #[explain(
        code = "rollout.match",
        en = "this match says nothing",
        ja = "対象の条件が書かれていません",
        hint(
            en = "write `match: rest` for all sites that no earlier step takes",
            ja = "前のステップが対象にしない残りすべての拠点は `match: rest` と書きます"
        )
    )]
    EmptyMatch,
    /// A list with nothing in it, or with far too much.
    #[explain(
        code = "rollout.match",
        en = "expected a word or a list of 1 to 10000",
        ja = "値 1 つか、1～10000 個のリストが必要です"
    )]
    EmptyList,
    /// No word to match with.
    #[explain(
        code = "rollout.match",
        en = "`{text}` is not a name here: 1 to 200 characters, `*` for any text, `[1-5]` for numbers",
        ja = "`{text}` はここでは使えません。1～200 文字で、`*` は任意の文字列、`[1-5]` は番号の範囲を表します"
    )]
    NoPattern { text: String },
    /// No model.
    #[explain(
        code = "rollout.match",
        en = "no known model is named `{model}`",
        ja = "`{model}` というモデルはありません",
        hints = near.clone()
    )]
    NoModel { model: String, near: Option<Text> },
    /// Two sizes.
    #[explain(
        code = "rollout.match",
        en = "`count` and `percent` both say how many",
        ja = "`count` と `percent` は同時に使えません",
        hint(en = "keep one of them", ja = "どちらかを削除してください")
    )]
    CountAndPercent,
    /// A canary of everything.
    #[explain(
        code = "rollout.match",
        en = "the canary does not say how many sites it takes",
        ja = "カナリアの拠点数が書かれていません",
        hint(
            en = "write `count: 5`, `percent: 5`, or `cover: all` for each model, firmware, region and carrier",
            ja = "`count: 5`、`percent: 5`、または全モデル・ファームウェア・地域・回線事業者を網羅する `cover: all` を書いてください"
        )
    )]
    CanaryOfAll,
    /// A name that nothing has.
    #[explain(
        code = "rollout.fits-nothing",
        en = "no site of the inventory has the {property} `{name}`",
        ja = "インベントリに、{property} が `{name}` の拠点はありません",
        hints = near.clone(),
        note(
            en = "an error where it is nearly another one's name, else a warning",
            ja = "似た名前があればエラー、なければ警告です"
        )
    )]
    FitsNoSite { property: &'static str, name: String, near: Option<Text> },
    /// A jump host that no router is reached through.
    #[explain(
        code = "rollout.no-jump-host",
        en = "no router of the inventory is reached through the jump host `{host}`, so its limit limits nothing",
        ja = "踏み台 `{host}` を経由するルータがインベントリにないため、この上限は効きません",
        hints = near.clone()
    )]
    NoJumpHost { host: String, near: Option<Text> },
    /// Two steps of one name.
    #[explain(
        code = "rollout.steps",
        en = "two steps are named `{name}`",
        ja = "`{name}` という名前のステップが 2 つあります",
        hint(
            en = "`canary:` is a step named `canary`: give each step its own name",
            ja = "`canary:` は `canary` という名前のステップになります。名前が重ならないようにしてください"
        )
    )]
    SameName { name: String },
    /// A step for which nothing is left.
    #[explain(
        code = "rollout.steps",
        en = "the step `{name}` can match nothing: `{other}` before it takes every site that it could have",
        ja = "ステップ `{name}` の対象は残りません。前にある `{other}` がすべて対象にしています",
        hint(en = "put the narrower step first", ja = "対象の狭いステップを先に書いてください")
    )]
    MatchesNothing { name: String, other: String },
    /// More than all.
    #[explain(
        code = "rollout.steps",
        en = "with the step `{name}`, steps ask for {sum} % of the same sites",
        ja = "ステップ `{name}` までで、同じ拠点の {sum} % になります",
        hint(
            en = "each `percent` is of all sites that fit, not of those that are left; write `match: rest` for the last step",
            ja = "`percent` は残りではなく、条件に合う全拠点に対する割合です。最後のステップは `match: rest` と書けます"
        )
    )]
    OverAHundred { name: String, sum: u32 },
    /// Steps without end.
    #[explain(code = "rollout.steps", en = "a rollout has at most {most} steps", ja = "ステップは {most} 個までです")]
    TooManySteps { most: usize },
    /// A limit of a step that has no effect.
    #[explain(
        code = "rollout.unreached",
        en = "the step `{name}` allows {own} sites at once, and the whole run {run}: the smaller number holds",
        ja = "ステップ `{name}` の同時数は {own} か所ですが、実行全体では {run} か所です。小さいほうが適用されます",
        hint(en = "raise `concurrency` of the rollout", ja = "rollout の `concurrency` を増やしてください"),
        note(en = "a warning", ja = "警告です")
    )]
    ConcurrencyUnreached { name: String, own: usize, run: usize },
    /// A tolerance of a step that has no effect.
    #[explain(
        code = "rollout.unreached",
        en = "the step `{name}` allows {own} failures, and the whole run {run}: the run ends first",
        ja = "ステップ `{name}` の失敗許容数は {own} 台ですが、実行全体では {run} 台です。先に実行全体が止まります",
        hint(en = "raise `max_failures` of the rollout", ja = "rollout の `max_failures` を増やしてください"),
        note(en = "a warning", ja = "警告です")
    )]
    FailuresUnreached { name: String, own: usize, run: usize },
    /// Checks more often than they can be run, or less often than once.
    #[explain(
        code = "rollout.bake",
        en = "`every` is at least 30s, and no longer than the bake time",
        ja = "`every` は 30s 以上、様子見時間以下にしてください"
    )]
    BakeEvery,
    /// Pauses that shrink.
    #[explain(
        code = "rollout.retry",
        en = "`pause` is longer than `longest_pause`",
        ja = "`pause` が `longest_pause` より長くなっています"
    )]
    PauseOverLongest,
    /// A hold that is no number of its kind.
    #[explain(
        code = "rollout.hold",
        en = "`{key}` of `hold` takes {takes}, not `{text}`",
        ja = "`hold` の `{key}` には{takes}を書いてください(`{text}` は使えません)"
    )]
    NoHold { key: &'static str, text: String, takes: Wording },
    /// A hold that has no effect.
    #[explain(
        code = "rollout.unreached",
        en = "failures that gather hold a group after {own}, and the whole run allows {run}: the run ends by then",
        ja = "失敗が {own} 台集中すると保留しますが、実行全体の許容数は {run} 台です。それまでに実行全体が止まります",
        hint(en = "raise `max_failures` of the rollout", ja = "rollout の `max_failures` を増やしてください"),
        note(en = "a warning", ja = "警告です")
    )]
    HoldUnreached { own: usize, run: usize },
    /// Many sites, and no one said how many failures they may have.
    #[explain(
        code = "rollout.budget-needed",
        en = "a run over {sites} sites needs a budget: no one has said how many failures it may have",
        ja = "拠点が {sites} か所ありますが、失敗の許容数が指定されていません",
        hint(
            en = "write `max_failures: 1` or `budgets:` under `rollout:` of the playbook, or give --max-failures; up to {most} sites it may be left out",
            ja = "プレイブックの `rollout:` に `max_failures: 1` または `budgets:` を書くか、--max-failures を指定してください({most} か所までは省略できます)"
        )
    )]
    NoBudgetForMany { sites: usize, most: usize },
}

/// A word that names no class of failure, in a playbook or on the command line.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum ClassError {
    /// Perhaps another one was meant.
    #[explain(
        code = "rollout.class",
        en = "no class of failure is named `{name}`; there are {classes}",
        ja = "`{name}` という失敗の種類はありません。種類は {classes} です",
        hints = near.clone(),
        with(classes = classes()),
        note(en = "The classes are in docs/rollout.md.", ja = "種類の一覧は docs/rollout.md にあります。")
    )]
    Unknown {
        /// The word.
        name: String,
        /// What it may have been meant to be.
        near: Option<Text>,
    },
}

/// The words of all classes of failure.
fn classes() -> String {
    FailureClass::ALL.map(FailureClass::word).join(", ")
}
