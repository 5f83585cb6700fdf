//! `init`: a working folder with the playbooks and roles of this program, an inventory to fill in, and a page that says how to begin.
//!
//! It makes new files and never touches one that is there.

use std::borrow::Cow;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use include_dir::{Dir, DirEntry};

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::shipped::PLAYBOOKS;
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::usage_error::UsageError;
use crate::cli::working_folder;
use crate::message::{Lang, Text};

/// Where inventory and playbook are.
const PATHS: &str = "version: 1\ninventory: clinics.yaml\nplaybook: playbooks/online-eligibility.yaml\n";
/// The console of the inventory where no port is named.
const ANY_CABLE: &str = "serial: { auto: true }";
/// What holds secrets or a clinic's own state does not belong into a repository.
const IGNORED: &str = "/backup/\n/secrets/\n*.cast\n*.plan.json\n";

/// Make a folder with the playbooks, an inventory to fill in, and how to begin
#[derive(Debug, Clone, Args)]
pub struct InitArgs {
    /// The new folder; `.` for the one we are in
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The port of the console cable, as `ixdeploy ports` names it [default: the only USB cable there is]
    #[arg(short, long, value_name = "PORT", value_parser = NonEmptyStringValueParser::new())]
    pub port: Option<String>,
}

impl Subcommand for InitArgs {
    const NAME: &'static str = "init";
    const GROUP: Group = Group::Offline;
    const JAPANESE: &'static str = "プレイブック、記入用インベントリ、手順書の入ったフォルダを作ります";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("folder", "新しいフォルダ。`.` は現在のフォルダ"),
        (
            "port",
            "コンソールケーブルのポート(`ixdeploy ports` の表示どおり)[既定: 1 本だけつながっている USB ケーブル]",
        ),
    ];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy init clinics", "ixdeploy init . --port COM3"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        Ok(run(context, self)?)
    }
}

/// Writes the folder.
///
/// # Errors
/// When a file of it is there already, or the disk refuses.
fn run(context: &Context, args: &InitArgs) -> Result<Exit, Failure> {
    let files = files(context.screen.lang, args.port.as_deref());
    if let Some((there, _)) = files.iter().find(|(path, _)| args.folder.join(path).symlink_metadata().is_ok()) {
        return Err(UsageError::Exists { file: args.folder.join(there) }.into());
    }
    for (path, content) in &files {
        let path = args.folder.join(path);
        write_new(&path, content).map_err(|cause| Failure::machine(path.display().to_string(), cause))?;
    }
    let folder = args.folder.display().to_string();
    context.screen.say_prose(&made(&args.folder, context.screen.lang));
    let paths: Vec<String> = files.iter().map(|(path, _)| path.display().to_string()).collect();
    context.screen.document("init", Exit::Done, &serde_json::json!({ "folder": folder, "files": paths }));
    Ok(Exit::Done)
}

/// Every file of the folder, with what it holds.
fn files(lang: Lang, port: Option<&str>) -> Vec<(PathBuf, Vec<u8>)> {
    let inventory = with_port(lang.pick(include_str!("clinics.en.yaml"), include_str!("clinics.ja.yaml")), port);
    let page = lang.pick(include_str!("README.en.md"), include_str!("README.ja.md"));
    let paths = lang.pick(
        "# Where the inventory and the playbook are, for commands that name none. Paths only.\n",
        "# コマンドで省略したときに使うインベントリとプレイブックの場所。書けるのはパスだけです。\n",
    );
    let paths = format!("{paths}{PATHS}");
    let named =
        [(working_folder::FILE, &*paths), ("clinics.yaml", &*inventory), ("README.md", page), (".gitignore", IGNORED)];
    let mut files: Vec<_> = named.map(|(name, text)| (PathBuf::from(name), text.as_bytes().to_vec())).into();
    gather(&PLAYBOOKS, Path::new("playbooks"), &mut files);
    files
}

/// The inventory with the port of the cable, where it is known. Quoted as JSON quotes it, which is YAML for any text.
fn with_port<'t>(inventory: &'t str, port: Option<&str>) -> Cow<'t, str> {
    match port {
        Some(port) => inventory.replace(ANY_CABLE, &format!("serial: {{ port: {} }}", serde_json::json!(port))).into(),
        None => inventory.into(),
    }
}

fn gather(folder: &Dir<'_>, below: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(folder) => gather(folder, below, files),
            DirEntry::File(file) => files.push((below.join(file.path()), file.contents().to_vec())),
        }
    }
}

fn write_new(path: &Path, content: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(content)
}

fn made(folder: &Path, lang: Lang) -> String {
    let name = folder.display();
    // Who is in it need not go there.
    let enter = if folder == Path::new(".") { String::new() } else { format!("  cd {name}\n") };
    let text = Text::new(
        format!(
            "{name} is ready.\n\n{enter}  ixdeploy check                 after filling in clinics.yaml\n  \
             ixdeploy ports                 which port is the console cable?\n  ixdeploy plan  -l sato-r1      what would change\n  \
             ixdeploy apply -l sato-r1      shows it once more, asks, and changes it\n"
        ),
        format!(
            "{name} を用意しました。\n\n{enter}  ixdeploy check                 clinics.yaml を記入した後の検査\n  \
             ixdeploy ports                 コンソールケーブルのポートを確認\n  ixdeploy plan  -l sato-r1      変更内容を表示(書き込みなし)\n  \
             ixdeploy apply -l sato-r1      もう一度表示し、確認してから反映\n"
        ),
    );
    text.get(lang).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{ANY_CABLE, with_port};

    #[test]
    fn the_port_is_written_into_the_inventory_of_either_language() {
        for text in [include_str!("clinics.en.yaml"), include_str!("clinics.ja.yaml")] {
            assert_eq!(text.matches(ANY_CABLE).count(), 1);
            assert_eq!(with_port(text, None), text);
            assert!(with_port(text, Some("COM3")).contains("serial: { port: \"COM3\" }"));
            assert!(with_port(text, Some("\\\\.\\COM10\n")).contains(r#"serial: { port: "\\\\.\\COM10\n" }"#));
        }
    }
}
