//! What a transaction adds to the notes of a plan: how it is undone, and what else it rests on or makes permanent.

use super::error::indented;
use crate::message::{Explain, Text};

/// What a transaction adds to the notes of a plan.
#[derive(Debug, Explain)]
pub(super) enum DraftNote<'a> {
    /// How this plan is undone, step by step.
    #[explain(
        code = "rollback.ladder",
        en = "the rollback, in this order:{steps}",
        ja = "復旧手順(この順):{steps}",
        note(en = "The sentence for the phone is among the steps.", ja = "電話での依頼文を含みます。")
    )]
    Rollback { steps: Text },
    /// The reviewed file that says what is known of the model.
    #[explain(
        code = "facts.used",
        en = "what is known of the {model} is taken from {fact}",
        ja = "{model} について確認済みの事実 {fact} を使用します",
        note(
            en = "Factory lines, forms of removals and the router's own lines can come from a reviewed file, named with its hash and its reviewer (docs/facts.md).",
            ja = "工場出荷時の行、削除の形、ルータ自身の行は、レビュー済みのファイルによることがあります(ハッシュと確認者を表示。docs/facts.md)。"
        )
    )]
    FactsUsed { model: &'a str, fact: String },
    /// Lines that someone entered since the kit was packed.
    #[explain(
        code = "kit.newer-lines",
        en = "newer than this kit (for {day}), and taken away by this plan:{lines}",
        ja = "このキット({day} 用)より新しく、この計画で削除される行:{lines}",
        with(lines = indented(lines)),
        note(
            en = "Someone has entered them since the router's state in the kit was saved. With `--yes` such a router is refused.",
            ja = "キットに入っている状態が保存された後に、誰かが入力した行です。--yes を付けた場合、このルータへの変更は拒否されます。"
        )
    )]
    Newer { day: String, lines: Vec<String> },
    /// A line makes the router generate a key.
    #[explain(
        code = "ssh.host-key",
        en = "the SSH host key is generated first if the router has none; it is not a configuration line, and an undo leaves it",
        ja = "SSH ホスト鍵がなければ先に生成します。コンフィグ行ではないため、取り消しても残ります"
    )]
    SshHostKey,
    /// Unsaved changes of others are saved together with ours (`--adopt`).
    #[explain(
        when = diff.is_empty(),
        code = "unsaved.adopted",
        en = "the router shows no startup configuration: whatever of the running one is unsaved becomes permanent with our save, and the save cannot be proven",
        ja = "startup が表示されないため、running に未保存の変更があれば今回の保存で確定します。保存の成否は確認できません"
    )]
    #[explain(
        code = "unsaved.adopted",
        en = "someone's unsaved changes become permanent with our save:\n{diff}",
        ja = "次の未保存の変更は、今回の保存で確定します:\n{diff}"
    )]
    Adopted { diff: &'a str },
}
