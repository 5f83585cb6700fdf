//! Why something that the operator named cannot be used: a file, a folder, a plan, a backup.
//!
//! One type for them all: every one is only shown. Nothing here reads anything.

use std::io;
use std::path::{Path, PathBuf};

use super::other_form::OtherForm;
use crate::file::FileError;
use crate::inventory::FileFinding;
use crate::message::{Explain, Text, Wording};

/// What a folder may look like.
const LAYOUT: Wording = Wording {
    en: "expected is DIR/<router>/running.cfg, as `ixdeploy backup -o DIR` writes it, a file called like the router anywhere in DIR (RANCID: DIR/configs/<name>, Oxidized: DIR/<group>/<name>; with or without a domain, .cfg, .conf or .txt), or one running configuration as a file",
    ja: "`ixdeploy backup -o DIR` が書き出す DIR/<ルータ>/running.cfg、DIR 以下のルータ名のファイル(RANCID は DIR/configs/<名前>、Oxidized は DIR/<グループ>/<名前>。ドメイン名と拡張子 .cfg/.conf/.txt の有無は問いません)、または running-config のファイル 1 つを指定してください",
};

/// One of them. The place is part of the text.
#[derive(Debug, Explain)]
pub enum InputError {
    /// Our own machine could not read or write something.
    #[explain(
        code = "machine.io",
        en = "{what}: {cause}",
        ja = "{what}: {cause}",
        hint(
            en = "check that the path exists and that you may use it",
            ja = "パスが存在し、アクセス権があることを確認してください"
        )
    )]
    Machine {
        /// What could not be done, or the path.
        what: String,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// A file that is not read whatever it contains, or a playbook or a plan that is not.
    #[explain(transparent)]
    NotRead(#[from] Box<FileFinding>),
    /// The file given as a router's configuration cannot be used.
    #[explain(of = error, en = "{error}", ja = "{error}", hint(shared = LAYOUT))]
    Backup {
        /// Why.
        error: Box<InputError>,
    },
    /// A configuration in two bytes a character.
    #[explain(
        code = "input.not-text",
        en = "{file} is no text in UTF-8: it has two bytes for each character",
        ja = "{file} は UTF-8 のテキストではありません(UTF-16 など)",
        hint(
            en = "save it as UTF-8: `>` of Windows PowerShell and some editors write two bytes for each character",
            ja = "UTF-8 で保存し直してください。Windows PowerShell の `>` や一部のエディタは UTF-16 で保存します"
        )
    )]
    NotText {
        /// The file.
        file: PathBuf,
    },
    /// What a terminal program wrote down.
    #[explain(
        code = "input.terminal-log",
        en = "{file}: line {line} is of a terminal, not of a configuration: a page mark or a prompt",
        ja = "{file}: {line} 行目はコンフィグではなく端末の表示です(ページ区切りまたはプロンプト)",
        hint(
            en = "let `ixdeploy backup` read the router; by hand: `terminal length 0` before `show running-config`",
            ja = "`ixdeploy backup` で読み出してください。手作業では `show running-config` の前に `terminal length 0` を実行します"
        ),
        hint(
            en = "or cut everything before the first and after the last line of the configuration out of the file",
            ja = "または、ファイルからコンフィグの最初の行より前と最後の行より後を取り除いてください"
        ),
        note(
            en = "At a page mark a section may have lost its header, and a plan would change another interface.",
            ja = "ページ区切りの位置でブロックの見出しが失われ、別のインタフェースの設定とみなされる恐れがあります。"
        )
    )]
    TerminalLog {
        /// The file.
        file: PathBuf,
        /// The line.
        line: usize,
    },
    /// A file of another form where a configuration belongs.
    #[explain(transparent)]
    OtherForm(#[from] OtherForm),
    /// A configuration without a command.
    #[explain(
        code = "backup.empty",
        en = "{file} holds no configuration",
        ja = "{file} にコンフィグがありません",
        hint(shared = LAYOUT),
        note(en = "See docs/backups.md.", ja = "docs/backups.md を参照してください。")
    )]
    NoConfiguration {
        /// The file.
        file: PathBuf,
    },
    /// One configuration for several routers.
    #[explain(
        code = "backup.one-file",
        en = "{file} is the configuration of one router, and {count} routers are chosen",
        ja = "{file} はルータ 1 台分のコンフィグですが、対象のルータが {count} 台あります",
        hint(en = "choose its router with --limit", ja = "--limit でそのルータに絞ってください"),
        hint(shared = LAYOUT),
        note(en = "Or name the folder: see docs/backups.md.", ja = "またはフォルダを指定します(docs/backups.md)。")
    )]
    OneForMany {
        /// The file.
        file: PathBuf,
        /// How many routers.
        count: usize,
    },
    /// A result is to be written where something else is.
    #[explain(
        code = "output.not-a-file",
        en = "`{path}` is a folder, a device or a pipe: a result is written to a file",
        ja = "`{path}` はフォルダ、デバイスまたはパイプです。結果はファイルに書き込みます",
        hint(en = "name a file", ja = "ファイルを指定してください")
    )]
    NotAFile {
        /// What was named.
        path: PathBuf,
    },
    /// A folder without a file of a router.
    #[explain(
        code = "backup.none",
        en = "{folder} holds no file of {router}",
        ja = "{folder} に {router} のファイルがありません",
        hint(
            en = "a file is found by its name alone, never by the `hostname` in it: rename it, or name it with --limit and its path",
            ja = "ファイルは名前だけで対応付けます(中の hostname は見ません)。ファイル名を変えるか、--limit で 1 台に絞ってファイルを指定してください"
        ),
        hint(shared = LAYOUT),
        note(en = "See docs/backups.md.", ja = "docs/backups.md を参照してください。")
    )]
    NoneOfRouter {
        /// The folder.
        folder: PathBuf,
        /// The router.
        router: String,
    },
    /// Several files that may be one router's.
    #[explain(
        code = "backup.ambiguous",
        en = "more than one file is called like {router}: {files}",
        ja = "{router} に当たるファイルが複数あります: {files}",
        with(files = listed(files)),
        hint(
            en = "name the folder of one group, or the file itself with --limit",
            ja = "1 つのグループのフォルダ、または --limit で絞ってファイル自体を指定してください"
        )
    )]
    SeveralFiles {
        /// The router.
        router: String,
        /// The files, as many as help.
        files: Vec<PathBuf>,
    },
    /// A file that may be of either of two routers.
    #[explain(
        code = "backup.ambiguous",
        en = "{file} may be of {router} or of {other}",
        ja = "{file} は {router} と {other} のどちらのものか分かりません",
        hint(
            en = "give the file the whole name of its router, or name it itself with --limit",
            ja = "ファイル名をルータの完全な名前にするか、--limit で絞ってファイル自体を指定してください"
        )
    )]
    OfTwoRouters {
        /// The file.
        file: PathBuf,
        /// One router.
        router: String,
        /// The other.
        other: String,
    },
    /// A link out of the folder that was named.
    #[explain(
        code = "backup.leads-out",
        en = "{file} is a link that leads out of {folder}",
        ja = "{file} は {folder} の外を指すリンクです",
        hint(en = "name the folder in which the files are", ja = "ファイルが実際にあるフォルダを指定してください")
    )]
    LeadsOut {
        /// The folder.
        folder: PathBuf,
        /// The file.
        file: PathBuf,
    },
    /// A folder of far more than backups.
    #[explain(
        code = "backup.too-many-files",
        en = "{folder} holds more than {most} files and folders",
        ja = "{folder} にはファイルとフォルダが {most} を超えてあります",
        hint(en = "name the folder of the backups", ja = "バックアップのフォルダを指定してください")
    )]
    TooManyFiles {
        /// The folder.
        folder: PathBuf,
        /// How many are looked at.
        most: usize,
    },
    /// An unmasked backup where the next commit would publish it.
    #[explain(
        code = "backup.git",
        en = "{folder} is inside the git work tree {tree}; an unmasked backup holds secrets",
        ja = "{folder} は git の作業ツリー {tree} の中です。マスクしないバックアップには秘密情報が含まれます",
        hint(
            en = "choose a folder outside, or --mask (which cannot be restored)",
            ja = "外のフォルダを指定するか、--mask を付けてください(復元には使えません)"
        )
    )]
    InsideGit {
        /// The folder.
        folder: PathBuf,
        /// The work tree.
        tree: PathBuf,
    },
    /// An approved hash for what is no plan.
    #[explain(
        code = "plan-file.not-a-plan",
        en = "--plan-hash names a kept plan, and {file} is not one",
        ja = "--plan-hash は保存した計画に対するものですが、{file} は計画ではありません",
        hint(en = "give the file that `plan -o` wrote", ja = "plan -o で書き出したファイルを指定してください")
    )]
    NotAPlan {
        /// The file.
        file: PathBuf,
    },
    /// Another plan than the approved one.
    #[explain(
        code = "plan-file.hash",
        en = "{file} is not the plan that was approved: its SHA-256 is {found}, not {approved}",
        ja = "{file} は承認された計画ではありません(SHA-256 は {found}、指定は {approved})",
        hint(
            en = "apply the file that was reviewed, byte for byte; or review this one, and give its hash",
            ja = "確認済みのファイルをそのまま使うか、このファイルを確認し直してそのハッシュを指定してください"
        )
    )]
    AnotherPlan {
        /// The file.
        file: PathBuf,
        /// Its hash.
        found: String,
        /// The hash that was given, fit to be shown.
        approved: String,
    },
    /// A plan file that cannot be understood.
    #[explain(
        code = "plan-file.invalid",
        en = "{file}: {why}",
        ja = "{file}: {why}",
        hint(en = "make the plan again with `plan -o`", ja = "plan -o で計画を作り直してください"),
        note(en = "The plan file is not one, or of another version.", ja = "計画ファイルが不正か、別の版です。")
    )]
    BadPlan {
        /// The file.
        file: PathBuf,
        /// Why.
        why: Text,
    },
    /// A plan in which no chosen router is: nothing would be done, and it would be called a success.
    #[explain(
        when = planned.is_empty(),
        code = "plan-file.nothing",
        en = "the plan holds no router that could be planned: there is nothing to apply",
        ja = "計画できたルータが 1 台もない計画のため、適用するものがありません",
        hint(
            en = "`show PLAN.JSON` says why each has no plan; make it again with `plan -o`",
            ja = "計画のない理由は show PLAN.JSON で確認できます。plan -o で作り直してください"
        )
    )]
    #[explain(
        code = "limit.nothing",
        en = "the limit leaves no router",
        ja = "対象の指定に合うルータがありません",
        with(planned = planned.join(", ")),
        hint(en = "the plan is for: {planned}", ja = "この計画の対象: {planned}")
    )]
    NothingOfThePlan {
        /// The routers that are in it.
        planned: Vec<String>,
    },
    /// A router that a plan does not name.
    #[explain(
        code = "plan-file.no-router",
        en = "the plan has no router {router}",
        ja = "計画に {router} というルータはありません",
        hint(
            when = near.is_none(),
            en = "`show PLAN.JSON --by-site` lists them",
            ja = "ルータの一覧は show PLAN.JSON --by-site で確認できます"
        ),
        hints = near.clone()
    )]
    NotOfThePlan {
        /// The name.
        router: String,
        /// What it may have been meant to be.
        near: Option<Text>,
    },
    /// A masked backup, to be restored: without one of its secrets the router would not be what it was.
    #[explain(
        code = "restore.masked",
        en = "{file} is a masked backup: its secrets are gone{lines}",
        ja = "{file} はマスク済みのバックアップで、秘密情報が失われています{lines}",
        with(lines = masked_lines(*count, *first)),
        hint(
            en = "use an unmasked backup (`ixdeploy backup`), or a run (`ixdeploy history ROUTER`)",
            ja = "マスクなしのバックアップ(ixdeploy backup)、または実行(ixdeploy history ROUTER)を指定してください"
        ),
        note(en = "Whichever program masked it.", ja = "マスクしたツールは問いません。")
    )]
    Masked {
        /// The file.
        file: PathBuf,
        /// How many lines are known to be masked.
        count: usize,
        /// The first of them.
        first: Option<u32>,
    },
    /// A backup without a command, to be restored.
    #[explain(
        code = "restore.empty",
        en = "{from} holds no configuration",
        ja = "{from} にコンフィグがありません",
        hint(
            en = "use an unmasked backup (`ixdeploy backup`), or a run (`ixdeploy history ROUTER`)",
            ja = "マスクなしのバックアップ(ixdeploy backup)、または実行(ixdeploy history ROUTER)を指定してください"
        )
    )]
    NothingToRestore {
        /// What was named.
        from: PathBuf,
    },
    /// Neither a path nor a run.
    #[explain(
        code = "restore.no-backup",
        en = "`{from}` is no file, no folder and no run in the journal",
        ja = "`{from}` というファイル、フォルダ、実行はありません",
        hint(
            en = "use an unmasked backup (`ixdeploy backup`), or a run (`ixdeploy history ROUTER`)",
            ja = "マスクなしのバックアップ(ixdeploy backup)、または実行(ixdeploy history ROUTER)を指定してください"
        )
    )]
    NoBackup {
        /// What was named.
        from: String,
    },
    /// A run that did not come to the router.
    #[explain(
        code = "restore.no-backup",
        en = "run {run} did not come to {router}, so it keeps no backup of it",
        ja = "実行 {run} は {router} に着手していないため、バックアップがありません",
        hint(
            en = "use an unmasked backup (`ixdeploy backup`), or a run (`ixdeploy history ROUTER`)",
            ja = "マスクなしのバックアップ(ixdeploy backup)、または実行(ixdeploy history ROUTER)を指定してください"
        )
    )]
    NotOfTheRun {
        /// The run.
        run: String,
        /// The router.
        router: String,
    },
}

impl InputError {
    /// Our own machine could not read or write `path`.
    pub fn machine(path: &Path, cause: io::Error) -> Self {
        Self::Machine { what: path.display().to_string(), cause }
    }

    /// A file that was not read.
    pub(crate) fn file(path: &Path, error: FileError) -> Self {
        match error.system() {
            Some(_) => Self::machine(path, error.into()),
            None => Box::new(FileFinding::from(error)).into(),
        }
    }
}

fn listed(files: &[PathBuf]) -> Text {
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    Text::new(files.join(", "), files.join("、"))
}

fn masked_lines(count: usize, first: Option<u32>) -> Text {
    first.map_or_else(Text::default, |first| {
        Text::new(
            format!(" ({count} line(s), the first is line {first})"),
            format!("({count} 行、最初は {first} 行目)"),
        )
    })
}
