//! Why there is no plan.

use crate::ix::line::LineError;
use crate::message::{Explain, Text};

/// A rendered line that the playbook does not own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unowned {
    /// Its line in the rendered text, from 1.
    pub line: u32,
    /// The line, masked.
    pub text: String,
}

/// A line that the router completes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abbreviated {
    /// Its line in the text, from 1.
    pub line: u32,
    /// The line, masked.
    pub text: String,
    /// The command it is short for, masked.
    pub long: String,
}

/// A line that could stand in another mode, where that decides who can reach the router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced {
    /// Its line in the text, from 1.
    pub line: u32,
    /// Both readings, the line and the headers masked.
    pub readings: Text,
}

/// Why a plan cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Rendered lines outside the ownership.
    #[error("{} rendered lines are outside the ownership", lines.len())]
    NotOwned {
        /// The lines.
        lines: Vec<Unowned>,
    },
    /// Lines that would have to go, and that the grammar does not know.
    #[error("{} lines would be removed that the tool does not know", lines.len())]
    Unrecognised {
        /// The lines with the headers of their blocks, masked.
        lines: Vec<String>,
    },
    /// Lines in abbreviated words, or in other letters: the router never shows them so.
    #[error("{} lines are abbreviated", lines.len())]
    Abbreviated {
        /// The lines.
        lines: Vec<Abbreviated>,
    },
    /// Lines without a clear place, of which it depends who can reach the router.
    #[error("the place of {} lines is in doubt", lines.len())]
    Place {
        /// The lines.
        lines: Vec<Misplaced>,
    },
    /// A line that cannot be typed.
    #[error("`{text}` cannot be typed: {error}")]
    Line {
        /// The line, masked.
        text: String,
        /// Why.
        error: LineError,
    },
    /// Lines that all need another one of them first.
    #[error("these lines need each other: {}", lines.join(", "))]
    Cycle {
        /// The lines, each needing the next, the last needing the first.
        lines: Vec<String>,
    },
    /// No name is left for a temporary list.
    #[error("no free name for a temporary copy of `{list}`")]
    NoName {
        /// The list.
        list: String,
    },
    /// The box does not print these interfaces, and nothing makes them.
    #[error("this {model} shows no {}", names.join(", "))]
    NoInterface {
        /// The model.
        model: &'static str,
        /// The interfaces.
        names: Vec<String>,
    },
    /// The router would be left without an administrator, so that everyone could log in.
    #[error("after line {number} (`{line}`) the router would have no administrator")]
    NoAdministrator {
        /// The line of the plan, or of its undo, after which there is none.
        number: usize,
        /// The line, masked.
        line: String,
        /// Whether it is a line of the undo.
        undo: bool,
    },
}

impl Explain for PlanError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotOwned { .. } => "plan.not-owned",
            Self::Unrecognised { .. } => "plan.unrecognised",
            Self::Abbreviated { .. } => "plan.abbreviation",
            Self::Place { .. } => "plan.place",
            Self::Line { .. } => "plan.line",
            Self::Cycle { .. } => "plan.cycle",
            Self::NoName { .. } => "plan.no-name",
            Self::NoInterface { .. } => "plan.no-interface",
            Self::NoAdministrator { .. } => "plan.no-administrator",
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::NotOwned { lines } => {
                let shown: Vec<String> = lines.iter().map(|line| format!("{}: {}", line.line, line.text)).collect();
                Text::new(
                    format!("the rendering holds lines that `owns:` does not cover:\n  {}", shown.join("\n  ")),
                    format!("`owns:` の範囲外の行がレンダリング結果にあります:\n  {}", shown.join("\n  ")),
                )
            }
            Self::Unrecognised { lines } => Text::new(
                format!(
                    "the router holds lines that would be removed and that the tool does not know:\n  {}",
                    lines.join("\n  ")
                ),
                format!("削除の対象に、本ツールが認識できない行があります:\n  {}", lines.join("\n  ")),
            ),
            Self::Abbreviated { lines } => {
                let shown = |write: fn(&str, &str) -> String| {
                    let all = lines.iter().map(|line| format!("{}: {}", line.line, write(&line.text, &line.long)));
                    all.collect::<Vec<_>>().join("\n  ")
                };
                Text::new(
                    format!(
                        "the router completes these lines and shows them otherwise, so that the command itself would be taken away again:\n  {}",
                        shown(|text, long| format!("`{text}` is `{long}`"))
                    ),
                    format!(
                        "次の行はルータが補完し、別の形で表示します。このままでは正式なコマンドの行が不要とみなされ、削除されてしまいます:\n  {}",
                        shown(|text, long| format!("`{text}` は `{long}`"))
                    ),
                )
            }
            Self::Place { lines } => {
                let shown = |pick: fn(&Text) -> &String| {
                    let all = lines.iter().map(|line| format!("{}: {}", line.line, pick(&line.readings)));
                    all.collect::<Vec<_>>().join("\n  ")
                };
                Text::new(
                    format!(
                        "it depends on where these lines stand who can reach the router, and the text leaves it open:\n  {}",
                        shown(|text| &text.en)
                    ),
                    format!(
                        "次の行は属するモードによって、誰がルータに到達できるかが変わります。テキストからは判断できません:\n  {}",
                        shown(|text| &text.ja)
                    ),
                )
            }
            Self::Line { text, error } => Text::new(
                format!("`{text}` cannot be typed on a router: {}", error.text().en),
                format!("`{text}` はルータに入力できません: {}", error.text().ja),
            ),
            Self::Cycle { lines } => Text::new(
                format!("no order works, because these lines need each other:\n  {}", lines.join("\n  ")),
                format!("次の行が互いに依存しているため、順序を決められません:\n  {}", lines.join("\n  ")),
            ),
            Self::NoInterface { model, names } => Text::new(
                format!("this {model} shows no interface {}", names.join(", ")),
                format!("この {model} にはインタフェース {} がありません", names.join("、")),
            ),
            Self::NoAdministrator { number, line, undo } => {
                let (list, list_ja) = if *undo { ("the undo", "取り消し") } else { ("the plan", "計画") };
                Text::new(
                    format!(
                        "after line {number} of {list} (`{line}`) the router would have no administrator, and would let everyone in without a login"
                    ),
                    format!(
                        "{list_ja}の {number} 行目(`{line}`)の後、管理者ユーザが 1 人もいなくなり、誰でもログインなしで操作できてしまいます"
                    ),
                )
            }
            Self::NoName { list } => Text::new(
                format!("`{list}` must be rebuilt under a temporary name, and no name of 15 characters is free"),
                format!("`{list}` を一時的な名前で作り直す必要がありますが、15文字以内で空いている名前がありません"),
            ),
        }
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::NotOwned { .. } => vec![Text::new(
                "name their families under `owns:`, or take the lines out of the template",
                "その系列を `owns:` に加えるか、テンプレートから行を外してください",
            )],
            Self::Unrecognised { .. } => vec![Text::new(
                "keep them by putting them into the template, or set `allow_unrecognised: true` to remove them with `no <line>`",
                "残す場合はテンプレートに書き、`no <行>` で消してよい場合は `allow_unrecognised: true` を指定してください",
            )],
            Self::Abbreviated { .. } => vec![Text::new(
                "write each line in full, as shown on its right",
                "各行を右側に示した正式な形で書いてください",
            )],
            Self::Place { .. } => vec![Text::new(
                "indent the lines of each block, or end a block with `!` or `exit` before the lines of the global mode",
                "各ブロックの行をインデントするか、グローバルモードの行の前にブロックを `!` または `exit` で終わらせてください",
            )],
            Self::Line { error, .. } => error.hints(),
            Self::Cycle { .. } => vec![Text::new(
                "make the change in two playbooks, so that one of the lines is gone in between",
                "変更を2つのプレイブックに分け、途中でどれかの行が無い状態を作ってください",
            )],
            Self::NoInterface { .. } => vec![Text::new(
                "the interfaces of a box are those that `show running-config` prints: name the one the cable is in",
                "使用できるのは `show running-config` に表示されるインタフェースです。ケーブルを挿すものを指定してください",
            )],
            Self::NoAdministrator { .. } => vec![
                Text::new(
                    "keep one user with the administrator right in the configuration, or add the new one in the same change: it is entered before the old one goes",
                    "administrator 権限のユーザを 1 人以上残すか、同じ変更で新しい管理者を追加してください(新しい管理者は古い管理者の削除より先に入力されます)",
                ),
                Text::new(
                    "to return a router to the state without users, use its console by hand",
                    "ユーザのいない状態に戻す場合は、コンソールで手動で行ってください",
                ),
            ],
            Self::NoName { .. } => vec![Text::new("shorten the names of the lists", "リストの名前を短くしてください")],
        }
    }
}
