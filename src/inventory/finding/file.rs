//! What is said about a file or a folder that is not read.

use std::path::{Path, PathBuf};

use crate::file::FileError;
use crate::message::{Explain, Text};
use crate::visible;

/// A finding about a file as a whole.
#[derive(Debug, Explain)]
#[expect(missing_docs, reason = "each variant's own words say what its fields are")]
pub enum FileFinding {
    /// It is no file that is read whatever it contains.
    #[explain(transparent)]
    File(#[from] FileError),
    /// It is not there. `router`: where a playbook belongs, what looks like a router's name; `here`: the folder from which its relative path
    /// counts; `near`: a file of a name like it; `others`: the files of its kind beside it, where they are few.
    #[explain(
        code = "file.unreadable",
        en = "cannot read `{path}`: {cause}",
        ja = "`{path}` を読み込めません: {cause}",
        with(
            folder = here.clone().unwrap_or_default(),
            meant = near.as_deref().unwrap_or_default(),
            names = others.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
            kind = if path.extension().is_some_and(|ending| ending == "json") { "JSON" } else { "YAML" },
            name = router.as_deref().unwrap_or_default()
        ),
        hint(
            when = router.is_some(),
            en = "a playbook belongs here; a router is named with `-l {name}`",
            ja = "ここにはプレイブックを指定します。ルータは `-l {name}` で指定してください"
        ),
        hint(when = near.is_some(), en = "did you mean `{meant}`?", ja = "`{meant}` の誤りではありませんか?"),
        hint(
            when = near.is_none() && !others.is_empty(),
            en = "{kind} files there: {names}",
            ja = "そこにある {kind} ファイル: {names}"
        ),
        hint(
            when = here.is_some(),
            en = "check its spelling; a relative path counts from the folder you are in: {folder}",
            ja = "綴りを確かめてください。相対パスは現在のフォルダから数えます: {folder}"
        ),
        hint(when = here.is_none(), en = "check its spelling", ja = "綴りを確かめてください")
    )]
    Missing {
        path: PathBuf,
        cause: Box<Text>,
        router: Option<Box<str>>,
        here: Option<PathBuf>,
        near: Option<String>,
        others: Vec<String>,
    },
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
    /// Two bytes for each character, as Windows PowerShell and an old Notepad write them.
    #[explain(
        code = "file.encoding",
        en = "`{path}` is UTF-16, and UTF-8 is expected",
        ja = "`{path}` は UTF-16 で保存されています。UTF-8 が必要です",
        hint(
            en = "save it as UTF-8: in Notepad \"Save as\", encoding UTF-8; or `iconv -f UTF-16 -t UTF-8 OLD > NEW`",
            ja = "UTF-8 で保存し直してください。メモ帳では「名前を付けて保存」の文字コードで UTF-8 を選びます。または `iconv -f UTF-16 -t UTF-8 元 > 新`"
        )
    )]
    Utf16 { path: PathBuf },
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

impl FileFinding {
    /// The same of what was named as a playbook: a name without an ending and without a folder is a router's in most cases.
    #[must_use]
    pub(crate) fn of_playbook(mut self) -> Self {
        if let Self::Missing { path, router, .. } = &mut self {
            let name = path.to_string_lossy();
            *router = (!name.contains(['.', '/', '\\'])).then(|| visible::line(&name).into());
        }
        self
    }

    /// A file that begins as one of two bytes for each character does.
    pub(crate) fn of_bytes(path: &Path, bytes: &[u8]) -> Option<Self> {
        const MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];
        MARKS.iter().any(|mark| bytes.starts_with(mark)).then(|| Self::Utf16 { path: path.to_owned() })
    }
}
