//! Plan and undo do not pass before they are sent. Nothing was written.

use crate::ix::line::LineError;
use crate::message::{Explain, Text};
use crate::plan::Refusal;

/// What stopped a plan before a router saw it.
#[derive(Debug, Explain)]
pub enum RehearsalError {
    /// The model of the router refuses a line of the plan or of its undo.
    #[explain(
        code = "rehearsal.refused",
        en = "{router}: the model of the router refuses `{line}`: {why} (line {number} of the {list})",
        ja = "{router}: 事前の予行で、{list}の {number} 行目「{line}」が拒否されました: {why}",
        with(line = refusal.line, why = refusal.why, list = list(*undo)),
        hint(
            en = "nothing was written: the line contradicts what runs on the router; correct the role or the values",
            ja = "何も書き込んでいません。この行はルータの現在の設定と矛盾します。ロールまたは変数を修正してください"
        ),
        note(
            en = "Where the line is right, please report it with the plan.",
            ja = "行が正しい場合は、計画を添えて報告してください。"
        )
    )]
    Refused {
        /// The router.
        router: String,
        /// The line's number in its list.
        number: usize,
        /// The line, masked, and why.
        refusal: Refusal,
        /// Whether it is a line of the undo.
        undo: bool,
    },
    /// In the model of the router the plan does not arrive at what is wanted, or its undo not at what was there.
    #[explain(
        when = *undo,
        code = "rehearsal.end",
        en = "{router}: the rehearsal does not arrive at what runs now: the undo does not bring all of it back",
        ja = "{router}: 事前の予行で、取り消しを実行しても現在の設定に戻りませんでした",
        hint(
            en = "nothing was written; please report it with the plan (`ixdeploy plan -o FILE`), and make the change in smaller steps meanwhile",
            ja = "何も書き込んでいません。計画(ixdeploy plan -o FILE)を添えて報告し、それまでは変更を小さく分けて行ってください"
        )
    )]
    #[explain(
        code = "rehearsal.end",
        en = "{router}: the rehearsal does not arrive at what is wanted: the plan leaves something out, or takes it away",
        ja = "{router}: 事前の予行で、計画を実行しても目的の設定になりませんでした",
        hint(
            en = "nothing was written; please report it with the plan (`ixdeploy plan -o FILE`), and make the change in smaller steps meanwhile",
            ja = "何も書き込んでいません。計画(ixdeploy plan -o FILE)を添えて報告し、それまでは変更を小さく分けて行ってください"
        )
    )]
    End {
        /// The router.
        router: String,
        /// Whether it is the undo.
        undo: bool,
    },
    /// The mock router cannot play this router.
    #[explain(
        code = "rehearsal.mock",
        en = "{router}: the rehearsal on the mock stopped: {why}",
        ja = "{router}: 模擬ルータでの予行を続けられません: {why}",
        hint(
            en = "nothing was written; the mock is no router: where it knows less than yours, rehearse on the model alone (without `--rehearse mock`)",
            ja = "何も書き込んでいません。模擬ルータが対応していない行の場合は、--rehearse mock を付けずに実行してください"
        )
    )]
    MockStopped {
        /// The router.
        router: String,
        /// What the mock said, masked.
        why: String,
    },
    /// The mock router refuses a line of the plan or of its undo.
    #[explain(
        code = "rehearsal.mock",
        en = "{router}: the mock refuses line {number} of the {list}: {why}",
        ja = "{router}: 模擬ルータが{list}の {number} 行目を拒否しました: {why}",
        with(list = list(*undo)),
        hint(
            en = "nothing was written; the mock is no router: where it knows less than yours, rehearse on the model alone (without `--rehearse mock`)",
            ja = "何も書き込んでいません。模擬ルータが対応していない行の場合は、--rehearse mock を付けずに実行してください"
        )
    )]
    MockRefused {
        /// The router.
        router: String,
        /// The line's number in its list.
        number: usize,
        /// Whether it is one of the undo.
        undo: bool,
        /// What the mock said, masked.
        why: String,
    },
    /// A line, its secrets filled in, may not be typed.
    #[explain(
        code = "plan.untypable",
        en = "{router}: line {number} of the plan may not be typed: {error}",
        ja = "{router}: 計画の {number} 行目は入力できません: {error}",
        hint(
            en = "nothing was written: look at the value of the credential or variable that this line takes",
            ja = "何も書き込んでいません。この行が使う認証情報または変数の値を確認してください"
        ),
        note(en = "The reasons are the codes `line.`.", ja = "理由は `line.` のコードにあります。")
    )]
    Untypable {
        /// The router.
        router: String,
        /// The line's number in the plan.
        number: usize,
        /// Why; never the line.
        error: LineError,
    },
}

/// Which of the two lists a line is in.
fn list(undo: bool) -> Text {
    if undo { Text::new("undo", "取り消し") } else { Text::new("plan", "計画") }
}
