//! Why a part of `-l` cannot be looked up.

use crate::message::{Explain, Text};

/// A part of `-l` that cannot be looked up.
#[derive(Debug, Explain)]
pub enum ChoiceError {
    /// `@run:` without a run.
    #[explain(
        code = "limit.run-form",
        en = "`{part}` names no run",
        ja = "`{part}` に実行が指定されていません",
        hint(
            en = "write `@run:RUN` for its routers that are not done, or `@run:RUN:WORD` with a class of failure or a state; `last` is the last run",
            ja = "完了していないルータは `@run:実行`、失敗の種類や状態で選ぶには `@run:実行:語` と書きます。`last` は最後の実行です"
        )
    )]
    NoRun {
        /// The part.
        part: String,
    },
    /// Neither a class of failure nor a state.
    #[explain(
        code = "limit.run-word",
        en = "`{word}` is neither a class of failure nor a state",
        ja = "`{word}` は失敗の種類でも状態でもありません",
        hints = near.clone(),
        hint(
            en = "classes: {classes}; states: those of a result, such as `saved`, `undone`, `not-started`",
            ja = "失敗の種類: {classes}。状態: 結果に表示される語(`saved`、`undone`、`not-started` など)"
        )
    )]
    UnknownWord {
        /// The word.
        word: String,
        /// What it may have been meant to be.
        near: Option<Text>,
        /// The classes, as a list.
        classes: String,
    },
    /// No router of the run is meant.
    #[explain(
        code = "limit.run-nothing",
        en = "run {run} has no router that is `{word}`",
        ja = "実行 {run} に `{word}` のルータはありません",
        hint(
            en = "`ixdeploy show {run}` says how each ended",
            ja = "ixdeploy show {run} で各ルータの結果を確認できます"
        )
    )]
    NoneOfRun {
        /// The run.
        run: String,
        /// The class or the state.
        word: String,
    },
    /// More than anyone has.
    #[explain(
        code = "limit.too-many-names",
        en = "`{path}` holds more than {most} names",
        ja = "`{path}` の名前が {most} 件を超えています"
    )]
    TooManyNames {
        /// The file.
        path: String,
        /// The bound.
        most: usize,
    },
}
