//! Wrong usage that only the command line knows of: combinations that a subcommand does not allow. No module below has an error for
//! it.

use std::path::PathBuf;

use super::args::Format;
use crate::dialect::model;
use crate::message::{Explain, Text};

/// What is wrong, and what to type instead.
#[derive(Debug, Explain)]
pub enum UsageError {
    /// A form is asked for that the result of this command does not have.
    #[explain(
        code = "usage.format",
        en = "the result of `{command}` has no form `{format}`",
        ja = "{command} の結果に {format} 形式はありません",
        hint(en = "use `--format` with one of: {known}", ja = "--format には次のいずれかを指定してください: {known}")
    )]
    NoForm {
        /// The command.
        command: &'static str,
        /// The form.
        format: &'static str,
        /// Those that it has.
        known: String,
    },
    /// Both languages are asked for where there is one.
    #[explain(
        code = "usage.arguments",
        en = "`--lang both` is for `report` alone; `{command}` speaks one language at a time",
        ja = "--lang both は report 専用です。{command} は 1 つの言語で表示します",
        hint(en = "use `--lang ja` or `--lang en`", ja = "--lang ja または --lang en を指定してください")
    )]
    OneLanguage {
        /// The command.
        command: &'static str,
    },
    /// A router that is not part of a run.
    #[explain(
        code = "usage.arguments",
        en = "run {run} has no {what} `{router}`",
        ja = "実行 {run} に `{router}` という{what}はありません",
        with(what = if *or_site { Text::new("router or site", "ルータまたは拠点") } else { Text::new("router", "ルータ") }),
        hint(
            en = "`ixdeploy show {run}` names them; `*` means any text",
            ja = "ixdeploy show {run} で確認できます。`*` は任意の文字列です"
        )
    )]
    NotInRun {
        /// The run.
        run: String,
        /// What was typed.
        router: String,
        /// Whether a site could have been named, too.
        or_site: bool,
    },
    /// The work record of a plan, which has not been carried out.
    #[explain(
        code = "usage.arguments",
        en = "`{file}` is no run, so it has no work record",
        ja = "`{file}` は実行ではないため、作業記録はありません",
        hint(
            en = "the work plan of a kept plan: `report {file} --work-plan`",
            ja = "保存した計画の作業手順書: `report {file} --work-plan`"
        )
    )]
    NotARun {
        /// What was typed.
        file: String,
    },
    /// A plan beside a plan.
    #[explain(
        code = "usage.arguments",
        en = "two plans are named",
        ja = "計画が 2 つ指定されています",
        hint(
            en = "`report PLAN.json --work-plan`, or `report RUN --work-plan PLAN.json`",
            ja = "`report PLAN.json --work-plan`、または `report RUN --work-plan PLAN.json`"
        )
    )]
    TwoPlans,
    /// Pages are asked for in a form that is no page.
    #[explain(
        code = "usage.format",
        en = "`--pages` writes HTML alone",
        ja = "--pages は HTML 専用です",
        hint(en = "leave out `--format`, or use `-o FILE`", ja = "--format を外すか、`-o ファイル` を使ってください")
    )]
    PagesAreHtml,
    /// Labels are asked for in a form that is no page.
    #[explain(
        code = "usage.format",
        en = "labels are a page: HTML or Markdown",
        ja = "ラベルは HTML または Markdown です",
        hint(en = "use `--format html` or `--format md`", ja = "--format html または --format md を指定してください")
    )]
    LabelsArePages,
    /// A page is asked for although there is none.
    #[explain(
        code = "usage.format",
        en = "`show --format md` is for a plan kept by `plan -o`",
        ja = "show の --format md は、plan -o で保存した計画に対するものです",
        hint(en = "a run's page is made by `report`", ja = "実行のページは report で作成できます")
    )]
    NoMarkdown,
    /// What only a plan file has is asked of a run.
    #[explain(
        code = "usage.arguments",
        en = "`--by-site` is for a plan kept by `plan -o`",
        ja = "--by-site は plan -o で保存した計画に対するものです",
        hint(en = "name a plan file", ja = "計画ファイルを指定してください")
    )]
    NotOfAPlan,
    /// `plan` without a playbook.
    #[explain(
        code = "usage.arguments",
        en = "`plan` needs a playbook, or `diff` with two plan files",
        ja = "plan にはプレイブック、または diff と計画ファイル 2 つが必要です",
        hint(en = "see `ixdeploy plan --help`", ja = "ixdeploy plan --help を参照してください")
    )]
    NoPlaybook,
    /// Standard input twice.
    #[explain(
        code = "usage.arguments",
        en = "stdin can replace only one of the two files",
        ja = "標準入力を使えるのは 2 つのうち一方だけです",
        hint(en = "name a file for the other one", ja = "もう一方にはファイルを指定してください")
    )]
    StdinTwice,
    /// A folder where one file belongs.
    #[explain(
        code = "usage.arguments",
        en = "a folder is compared with a folder, in text or JSON: commands are pasted into one router",
        ja = "フォルダはフォルダとだけ、text または json で比較できます(コマンドは 1 台のルータに入力するものです)",
        hint(
            en = "name two files (`ixdeploy diff OLD.cfg NEW.cfg`), or two folders (`ixdeploy diff OLD_DIR NEW_DIR`), whose files are compared by name",
            ja = "ファイル 2 つ(`ixdeploy diff 旧.cfg 新.cfg`)、またはフォルダ 2 つ(`ixdeploy diff 旧フォルダ 新フォルダ`。同名のファイルどうしを比較)を指定してください"
        )
    )]
    NotTwoFolders,
    /// A folder for what prints one file.
    #[explain(
        code = "usage.arguments",
        en = "`fmt` prints one file, and `{folder}` is a folder",
        ja = "fmt の対象はファイル 1 つですが、`{folder}` はフォルダです",
        hint(
            en = "name one of its files; `ixdeploy lint {folder}` judges all of them",
            ja = "その中のファイルを 1 つ指定してください。まとめて検査するには `ixdeploy lint {folder}` を使います"
        )
    )]
    FolderToPrint {
        /// The folder.
        folder: PathBuf,
    },
    /// A new folder that is not new.
    #[explain(
        code = "init.exists",
        en = "`{file}` is there already; nothing was written",
        ja = "`{file}` は既にあります。何も書き込んでいません",
        hint(en = "name a new folder", ja = "新しいフォルダを指定してください")
    )]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// A working folder's file that another user could have written.
    #[explain(
        code = "working-folder.foreign",
        en = "`{file}` is not used: `{exposed}` belongs to another user, or anyone may write to it",
        ja = "`{file}` は使いません。`{exposed}` は別のユーザのものか、誰でも書き込めます",
        hint(
            en = "name the playbook and `-i INVENTORY`, or set {variable} to the file if you trust it",
            ja = "プレイブックと `-i インベントリ` を指定するか、信頼できるなら {variable} にこのファイルを指定してください"
        )
    )]
    ForeignFolder {
        /// The file.
        file: PathBuf,
        /// The file or its folder.
        exposed: PathBuf,
        /// The environment variable that names the file all the same.
        variable: &'static str,
    },
    /// A user without a home folder.
    #[explain(
        code = "machine.no-home",
        en = "this user has no home folder",
        ja = "ホームフォルダがありません",
        hint(en = "name a folder with --state-dir", ja = "--state-dir でフォルダを指定してください")
    )]
    NoHome,
    /// A folder without a configuration.
    #[explain(
        code = "input.no-configuration",
        en = "{folder} holds no configuration",
        ja = "{folder} にコンフィグのファイルがありません",
        hint(
            en = "a configuration is a file without an ending, or with .cfg, .conf, .config or .txt",
            ja = "コンフィグは、拡張子なし、または .cfg、.conf、.config、.txt のファイルです"
        )
    )]
    NoConfiguration {
        /// The folder.
        folder: PathBuf,
    },
    /// A folder with more than fits.
    #[explain(
        code = "input.too-much",
        en = "the configurations of {folder} are larger than {most} MiB together",
        ja = "{folder} のコンフィグの合計が {most} MiB を超えています",
        hint(en = "name its folders one by one", ja = "フォルダを分けて指定してください")
    )]
    TooMuch {
        /// The folder.
        folder: PathBuf,
        /// The bound, in MiB.
        most: u64,
    },
    /// A model that no table has.
    #[explain(
        code = "lint.unknown-model",
        en = "no model is called {model}",
        ja = "機種 {model} は登録されていません",
        with(known = model::all().iter().map(|model| model.name).collect::<Vec<_>>().join(", ")),
        hint(en = "known models: {known}", ja = "登録済みの機種: {known}")
    )]
    UnknownModel {
        /// The name.
        model: String,
    },
    /// A code that there is not.
    #[explain(
        code = "usage.unknown-code",
        en = "there is no code `{code}`",
        ja = "`{code}` というコードはありません",
        with(near = near.unwrap_or_default()),
        hint(when = !near.is_empty(), en = "did you mean `{near}`?", ja = "`{near}` の誤りではありませんか?"),
        hint(en = "`ixdeploy explain` lists all of them", ja = "`ixdeploy explain` で一覧を確認できます")
    )]
    UnknownCode {
        /// What was typed.
        code: String,
        /// What it may have been meant to be.
        near: Option<&'static str>,
    },
    /// An invalid speed.
    #[explain(
        code = "replay.speed",
        en = "the speed is not a number above 0",
        ja = "速度は 0 より大きい数で指定してください",
        hint(en = "1 is as recorded, 4 four times as fast", ja = "1 が記録どおり、4 なら 4 倍速です")
    )]
    Speed,
    /// The demo without its routers.
    #[cfg(feature = "mock")]
    #[explain(
        code = "demo.mock",
        en = "the mock routers do not start: {cause}",
        ja = "模擬ルータを起動できません: {cause}",
        hint(
            en = "the demo needs a temporary folder, loopback sockets and pseudo terminals",
            ja = "一時フォルダ、ループバック接続、疑似端末が必要です"
        )
    )]
    Demo {
        /// Why.
        cause: String,
    },
}

impl UsageError {
    /// A command has no result of this form; these are those that it has.
    pub(super) fn no_form(command: &'static str, format: Format, known: &[Format]) -> Self {
        let known = known.iter().map(|format| format.word()).collect::<Vec<_>>().join(", ");
        Self::NoForm { command, format: format.word(), known }
    }
}
