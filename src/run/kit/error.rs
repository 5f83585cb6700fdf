//! Why a kit cannot be built, opened or used, and why the records of a visit cannot be sealed or taken in. Nothing here reads anything.

use std::path::{Path, PathBuf};

use crate::kit::Flaw;
use crate::message::{Explain, Text};
use crate::run::input_error::InputError;

/// Why.
#[derive(Debug, Explain)]
pub enum KitError {
    /// The file is something else.
    #[explain(
        code = "kit.format",
        en = "{file} is no {what}",
        ja = "{file} は{what}ではありません",
        hint(
            en = "name the file that `ixdeploy kit build` or `ixdeploy kit return` wrote",
            ja = "ixdeploy kit build または ixdeploy kit return で書き出したファイルを指定してください"
        )
    )]
    Foreign {
        /// The file.
        file: PathBuf,
        /// What it should be.
        what: Text,
    },
    /// It has a form of a later version.
    #[explain(
        code = "kit.newer",
        en = "{file} has the form {schema}, which this version does not know",
        ja = "{file} の形式 {schema} には、この版は対応していません",
        hint(en = "use the newer version", ja = "新しい版を使用してください")
    )]
    Later {
        /// The file.
        file: PathBuf,
        /// Its form, fit to be shown.
        schema: String,
    },
    /// Its header asks for more than any of ours.
    #[explain(
        code = "kit.cost",
        en = "{file} is not opened: it asks for more memory or time than a kit can need",
        ja = "{file} は開きません。要求されるメモリまたは計算量が上限を超えています",
        hint(
            en = "no kit of ours asks for that: fetch it again from the office",
            ja = "正規のキットではあり得ません。事務所からもう一度取得してください"
        )
    )]
    Cost {
        /// The file.
        file: PathBuf,
    },
    /// The passphrase does not open it.
    #[explain(
        code = "kit.passphrase",
        en = "the passphrase does not open {file}",
        ja = "このパスフレーズでは {file} を開けません",
        hint(
            en = "type it again; mind the input method and capitals",
            ja = "もう一度入力してください。日本語入力と大文字・小文字に注意してください"
        ),
        note(
            en = "The same is said where the first 90 bytes or so of the file were changed.",
            ja = "ファイルの先頭約 90 バイトが変更されている場合も同じ表示になります。"
        )
    )]
    Passphrase {
        /// The file.
        file: PathBuf,
    },
    /// It is not what was sealed.
    #[explain(
        code = "kit.damaged",
        en = "{file} is not what was sealed: it was cut off or changed",
        ja = "{file} は作成時のままではありません(途中で切れているか、変更されています)",
        hint(en = "nothing of it is used: fetch it again", ja = "内容は一切使用しません。もう一度取得してください"),
        note(en = "One changed byte is enough.", ja = "1 バイトの変更でも検出します。")
    )]
    Damaged {
        /// The file.
        file: PathBuf,
    },
    /// It was sealed for another office.
    #[explain(
        code = "kit.other-office",
        en = "{file} is sealed to the key of another office",
        ja = "{file} は別の事務所の鍵で封印されています",
        hint(
            en = "import it where the kit was built: the key is in that state folder (`office.key`)",
            ja = "キットを作成した端末で取り込んでください。鍵はその状態フォルダにあります(office.key)"
        )
    )]
    OtherOffice {
        /// The file.
        file: PathBuf,
    },
    /// It is larger than a kit can be.
    #[explain(
        code = "kit.too-large",
        en = "{file} holds more than fits: 256 MiB, and in a kit 10,000 host keys",
        ja = "{file} が上限を超えています(256 MiB、キットのホスト鍵は 1 万件)",
        hint(en = "choose fewer sites, or fewer runs", ja = "拠点または実行を減らしてください")
    )]
    TooLarge {
        /// The file.
        file: PathBuf,
    },
    /// The records of a visit are larger than a file of them can be.
    #[explain(
        code = "kit.visit-too-large",
        en = "the records are larger than one file of a visit can be: {most_mib} MiB; {file} was not written",
        ja = "記録が 1 つの訪問ファイルの上限({most_mib} MiB)を超えるため、{file} は書き込んでいません",
        hint(
            en = "name some of the runs, and the others for another file: `ixdeploy kit return RUN ... -o FILE`",
            ja = "実行を指定して、複数のファイルに分けてください: ixdeploy kit return 実行 ... -o ファイル"
        )
    )]
    VisitTooLarge {
        /// The file.
        file: PathBuf,
        /// The most, in MiB.
        most_mib: u64,
    },
    /// There are more runs than a file of a visit can have.
    #[explain(
        code = "kit.too-many-runs",
        en = "these are {runs} runs, and one file of a visit has at most {most}; nothing was written",
        ja = "対象の実行が {runs} 件あり、1 つの訪問ファイルの上限は {most} 件です。何も書き込んでいません",
        hint(
            en = "name some of them, and the others for another file: `ixdeploy kit return RUN ... -o FILE`; `ixdeploy runs` lists them",
            ja = "実行を指定して、複数のファイルに分けてください: ixdeploy kit return 実行 ... -o ファイル。実行は ixdeploy runs で確認できます"
        )
    )]
    TooManyRuns {
        /// How many there are.
        runs: usize,
        /// How many there may be.
        most: usize,
    },
    /// Others may use the folder that a kit is to be opened into.
    #[explain(
        code = "kit.folder-of-others",
        en = "{folder} is not yours alone: {why}; nothing was written",
        ja = "{folder} は自分専用のフォルダではありません: {why}。何も書き込んでいません",
        hint(
            en = "name a new folder: it is made so that only you can use it, and no one can exchange the inventory in it",
            ja = "新しいフォルダ名を指定してください。自分だけが使えるように作成し、インベントリを差し替えられないようにします"
        )
    )]
    NotOurs {
        /// The folder.
        folder: PathBuf,
        /// Why.
        why: Text,
    },
    /// This machine lacks what is needed.
    #[explain(
        code = "kit.machine",
        en = "this machine has not enough memory free, or gives no random bytes",
        ja = "空きメモリが不足しているか、乱数を取得できません",
        hint(
            en = "close other programs and try again",
            ja = "ほかのプログラムを終了してから、もう一度実行してください"
        )
    )]
    Machine,
    /// The system does not give or take a file.
    #[explain(transparent)]
    Input(#[from] InputError),
    /// A file is in the way.
    #[explain(
        code = "kit.exists",
        en = "{path} is there already; nothing was written",
        ja = "{path} は既にあります。何も書き込んでいません",
        hint(en = "name another one: nothing is written over", ja = "別の名前を指定してください。上書きはしません")
    )]
    Exists {
        /// The file or folder.
        path: PathBuf,
    },
    /// Too short to withstand guessing.
    #[explain(
        code = "kit.short-passphrase",
        en = "a kit's passphrase has at least {least} characters",
        ja = "キットのパスフレーズは {least} 文字以上にしてください",
        hint(
            en = "four or more words that no one would say together; the file may get lost with the laptop",
            ja = "無関係な単語を 4 つ以上並べてください。ファイルは PC ごと紛失する恐れがあります"
        )
    )]
    ShortPassphrase {
        /// The number of characters.
        least: usize,
    },
    /// The kit would not say what the inventory says.
    #[explain(
        code = "kit.part",
        en = "the part of the inventory does not say of {router} what the whole does",
        ja = "切り出したインベントリで、{router} の内容が元と一致しません",
        hint(
            en = "write each site of `sites:` as a block of its own lines, without YAML anchors that other sites use",
            ja = "sites: の各拠点を独立した行のブロックで書き、ほかの拠点と YAML アンカーを共有しないでください"
        )
    )]
    Part {
        /// The router.
        router: String,
    },
    /// A file that the inventory names is outside its folder.
    #[explain(
        code = "kit.outside",
        en = "the inventory names {files}, outside its folder",
        ja = "インベントリがフォルダ外のファイルを参照しています: {files}",
        with(files = files.join(", ")),
        hint(
            en = "move it below the inventory's folder: a kit has only what is there",
            ja = "インベントリのフォルダ以下に移してください。キットにはその中のファイルだけが入ります"
        )
    )]
    Outside {
        /// The files.
        files: Vec<String>,
    },
    /// A file of the kit has a path that leads elsewhere.
    #[explain(
        code = "kit.path",
        en = "{file} holds a file with an unusable path; nothing was written",
        ja = "{file} に不正なパスのファイルが含まれています。何も書き込んでいません",
        hint(en = "ask who built the kit", ja = "キットの作成者に確認してください")
    )]
    Path {
        /// The kit.
        file: PathBuf,
    },
    /// A file that is to be packed has a name that not every system takes.
    #[explain(
        code = "kit.file-name",
        en = "{path} cannot be packed: not every system takes a file of that name",
        ja = "{path} はキットに入れられません。ほかのシステムでは使えないファイル名です",
        hint(
            en = "rename it: letters, digits, hyphens, underscores and dots between them are taken everywhere",
            ja = "名前を変更してください。英数字、ハイフン、下線、途中のドットはどのシステムでも使えます"
        )
    )]
    FileName {
        /// Its path in the kit.
        path: String,
    },
    /// A folder that no kit was opened into.
    #[explain(
        code = "kit.no-folder",
        en = "{folder} is no folder that a kit was opened into",
        ja = "{folder} はキットを展開したフォルダではありません",
        hint(
            en = "name the folder of `ixdeploy kit open FILE DIR`",
            ja = "ixdeploy kit open ファイル フォルダ で展開したフォルダを指定してください"
        )
    )]
    NoFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// The office has no key.
    #[explain(
        code = "kit.no-office-key",
        en = "the kit has no office key, so that nothing can be sealed to the office",
        ja = "キットに事務所の鍵がないため、事務所あてに封印できません",
        hint(
            en = "`ixdeploy export RUN FILE` writes each run without sealing it; for the next kit: `ixdeploy kit key` at the office",
            ja = "ixdeploy export 実行 ファイル で封印せずに書き出せます。次回のキットのため、事務所で ixdeploy kit key を実行してください"
        )
    )]
    NoOfficeKey,
    /// The kit has other playbooks.
    #[explain(
        code = "kit.no-playbook",
        en = "{file} has no playbook {named}; it has: {has}",
        ja = "{file} にプレイブック {named} はありません(入っているもの: {has})",
        with(has = has.join(", ")),
        hint(
            en = "name one of these, or none for the first",
            ja = "この中から指定してください。省略すると最初のものを使います"
        )
    )]
    NoPlaybook {
        /// The kit.
        file: PathBuf,
        /// What was named.
        named: PathBuf,
        /// What it has.
        has: Vec<String>,
    },
    /// The key that would open it is not here.
    #[explain(
        code = "kit.no-key-here",
        en = "{file} is sealed, and there is no office key in {folder}",
        ja = "{file} は封印されていますが、{folder} に事務所の鍵がありません",
        hint(
            en = "import it where the kit was built, or name that state folder with --state-dir",
            ja = "キットを作成した端末で取り込むか、その状態フォルダを --state-dir で指定してください"
        )
    )]
    NoKeyHere {
        /// The file.
        file: PathBuf,
        /// The state folder.
        folder: PathBuf,
    },
    /// The office's key file is not one.
    #[explain(
        code = "kit.office-key",
        en = "the office key {file} cannot be used: {why}",
        ja = "事務所の鍵 {file} を使用できません: {why}",
        hint(
            en = "put back its backup: without it no visit that was sealed to it can be opened",
            ja = "バックアップから戻してください。この鍵がないと、封印された記録を開けません"
        )
    )]
    OfficeKey {
        /// The file.
        file: PathBuf,
        /// Why.
        why: Text,
    },
    /// A process of its own would have the kit's secrets without a person at it.
    #[explain(
        code = "kit.detached",
        en = "`--detach` goes without `--kit`: a kit's secrets stay with the process that has opened it",
        ja = "--detach と --kit は同時に使えません。キットの秘密情報は、開いたプロセスの中だけで使います",
        hint(en = "leave out `--detach`", ja = "--detach を外してください")
    )]
    Detached,
    /// Nothing to bring back.
    #[explain(
        code = "kit.nothing-to-return",
        en = "no run of this machine since the kit was opened touches its routers",
        ja = "キットの展開後に、キットのルータを対象とした実行はこの端末にありません",
        hint(
            en = "`ixdeploy runs` lists what there is; name a run to seal it whatever its time",
            ja = "実行は ixdeploy runs で確認できます。実行名を指定すると、日時に関係なく封印できます"
        )
    )]
    NothingToReturn,
}

impl KitError {
    /// What is wrong with a kit, in this file.
    pub(super) fn of_kit(file: &Path, flaw: Flaw) -> Self {
        match flaw {
            Flaw::Key => Self::Passphrase { file: file.to_owned() },
            flaw => Self::of(file, flaw, Text::new("kit", "キット")),
        }
    }

    /// What is wrong with a sealed visit, in this file.
    pub(super) fn of_visit(file: &Path, flaw: Flaw) -> Self {
        match flaw {
            Flaw::Key => Self::OtherOffice { file: file.to_owned() },
            flaw => Self::of(file, flaw, Text::new("sealed visit", "封印された訪問記録")),
        }
    }

    fn of(file: &Path, flaw: Flaw, what: Text) -> Self {
        let file = file.to_owned();
        match flaw {
            Flaw::Foreign => Self::Foreign { file, what },
            Flaw::Newer { schema } => Self::Later { file, schema: crate::visible::line(&schema).into_owned() },
            Flaw::Cost => Self::Cost { file },
            Flaw::Key | Flaw::Changed => Self::Damaged { file },
            Flaw::TooLarge => Self::TooLarge { file },
            Flaw::Machine => Self::Machine,
        }
    }
}
