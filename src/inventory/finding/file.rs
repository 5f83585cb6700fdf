//! What is said about a file or a folder that is not read.

use std::path::PathBuf;

use crate::message::{Explain, Text};

/// A finding about a file as a whole.
#[derive(Debug, Explain)]
pub(crate) enum FileFinding {
    /// It is not there. `here`: the folder from which its relative path counts; `near`: a file of a name like it; `others`: the YAML files beside
    /// it, where they are few.
    #[explain(
        code = "file.unreadable",
        en = "cannot read `{path}`: {cause}",
        ja = "`{path}` を読み込めません: {cause}",
        with(
            folder = here.clone().unwrap_or_default(),
            meant = near.as_deref().unwrap_or_default(),
            names = others.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ),
        hint(when = near.is_some(), en = "did you mean `{meant}`?", ja = "`{meant}` の誤りではありませんか?"),
        hint(
            when = near.is_none() && !others.is_empty(),
            en = "YAML files there: {names}",
            ja = "そこにある YAML ファイル: {names}"
        ),
        hint(
            when = here.is_some(),
            en = "check its spelling; a relative path counts from the folder you are in: {folder}",
            ja = "綴りを確かめてください。相対パスは現在のフォルダから数えます: {folder}"
        ),
        hint(when = here.is_none(), en = "check its spelling", ja = "綴りを確かめてください")
    )]
    Missing { path: PathBuf, cause: Text, here: Option<PathBuf>, near: Option<String>, others: Vec<String> },
    /// It is a folder.
    #[explain(
        code = "file.unreadable",
        en = "cannot read `{path}`: {cause}",
        ja = "`{path}` を読み込めません: {cause}",
        hint(en = "name a file in that folder", ja = "そのフォルダの中のファイルを指定してください")
    )]
    Folder { path: PathBuf, cause: Text },
    /// The system does not let us.
    #[explain(
        code = "file.unreadable",
        en = "cannot read `{path}`: {cause}",
        ja = "`{path}` を読み込めません: {cause}",
        hint(en = "check that you may read it", ja = "読み取り権限を確かめてください")
    )]
    System { path: PathBuf, cause: Text },
    /// A role's file that is not there: where it belongs is the playbook's matter, not that of the folder one is in.
    #[explain(
        code = "file.unreadable",
        en = "cannot read `{path}`: {cause}",
        ja = "`{path}` を読み込めません: {cause}",
        hint(
            en = "check its spelling: a role's files are in its own folder, `roles/` beside the playbook, or in `roles/shared/`",
            ja = "綴りを確かめてください。ロールのファイルは、プレイブックの隣の `roles/` にあるロールのフォルダか `roles/shared/` に置きます"
        )
    )]
    NotInRole { path: PathBuf, cause: Text },
    /// A link out of the playbook's folder.
    #[explain(
        code = "file.unreadable",
        en = "cannot read `{path}`: it is a link that leads out of the playbook's folder",
        ja = "`{path}` を読み込めません: プレイブックのフォルダの外を指すリンクです"
    )]
    LinkOut { path: PathBuf },
    /// A folder of more files than an inventory has.
    #[explain(
        code = "file.unreadable",
        en = "cannot read `{path}`: the folder holds more than {most} *.yaml files",
        ja = "`{path}` を読み込めません: フォルダに {most} 個を超える *.yaml ファイルがあります",
        hint(
            en = "name the folder of the inventory, not one above it",
            ja = "上位のフォルダではなく、インベントリのフォルダを指定してください"
        )
    )]
    TooManyFiles { path: PathBuf, most: usize },
    /// A folder without an inventory.
    #[explain(
        code = "file.unreadable",
        en = "cannot read `{path}`: the folder holds no *.yaml file",
        ja = "`{path}` を読み込めません: フォルダに *.yaml ファイルがありません"
    )]
    NoFiles { path: PathBuf },
    /// Another encoding.
    #[explain(
        code = "file.encoding",
        en = "`{path}` is not UTF-8: line {line} holds other bytes",
        ja = "`{path}` は UTF-8 ではありません: {line} 行目にほかの文字コードが含まれています",
        hint(
            en = "save it as UTF-8: in Notepad \"Save as\", encoding UTF-8; or `iconv -f CP932 -t UTF-8 OLD > NEW`",
            ja = "UTF-8 で保存し直してください。メモ帳では「名前を付けて保存」の文字コードで UTF-8 を選びます。または `iconv -f CP932 -t UTF-8 元 > 新`"
        )
    )]
    Encoding { path: PathBuf, line: usize },
}
