//! `man`: this program's manual pages, made from the same texts as its help.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::help;
use crate::cli::subcommand::{Group, Subcommand};
use crate::message::Lang;

/// What the library calls its sections, and what readers of Japanese manual pages know them as.
const SECTIONS: [(&str, &str); 4] =
    [("NAME", "名前"), ("SYNOPSIS", "書式"), ("DESCRIPTION", "説明"), ("VERSION", "バージョン")];
/// The library's section for what follows the options: ours has headings of its own.
const EXTRA: &str = "EXTRA";

/// Write the manual pages, one for each command, into a folder
#[derive(Debug, Clone, Args)]
pub struct ManArgs {
    /// The folder; what is there of these pages is replaced
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

impl Subcommand for ManArgs {
    const NAME: &'static str = "man";
    const GROUP: Group = Group::Machine;
    const JAPANESE: &'static str = "マニュアルページ(man)をコマンドごとにフォルダへ書き出します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("folder", "出力先フォルダ(既存のページは置き換えます)")];
    const EXAMPLES: &'static [&'static str] =
        &["ixdeploy man ~/.local/share/man/man1", "ixdeploy man ~/.local/share/man/ja/man1 --lang ja"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let failed = |path: &Path, cause| vec![Failure::machine(path.display().to_string(), cause)];
        fs::create_dir_all(&self.folder).map_err(|cause| failed(&self.folder, cause))?;
        let mut pages = Vec::new();
        for (name, page) in pages_of(&help::command_line(context.screen.lang), context.screen.lang) {
            let path = self.folder.join(&name);
            fs::write(&path, page).map_err(|cause| failed(&path, cause))?;
            context.screen.say(&format!("{}\n", path.display()));
            pages.push(name);
        }
        context.screen.document(Self::NAME, Exit::Done, &json!({ "pages": pages }));
        Ok(Exit::Done)
    }
}

/// The page of a command and those of the commands below it, by their file names.
fn pages_of(command: &Command, lang: Lang) -> Vec<(String, String)> {
    let version = concat!("ixdeploy ", env!("CARGO_PKG_VERSION"));
    let page = Man::new(command.clone()).source(version).manual("ixdeploy");
    let mut text = Vec::new();
    let mut pages = Vec::new();
    // Writing into memory does not fail.
    if page.render(&mut text).is_ok() {
        pages.push((page.get_filename(), headed(&String::from_utf8_lossy(&text), lang)));
    }
    let below = command.get_subcommands().filter(|command| !command.is_hide_set());
    pages.extend(below.flat_map(|command| pages_of(command, lang)));
    pages
}

/// The page with its headings in a language, and those of the examples and the exit status among them.
fn headed(page: &str, lang: Lang) -> String {
    let mut out = String::with_capacity(page.len());
    let mut in_extra = false;
    for line in page.lines() {
        let section = line.strip_prefix(".SH ");
        in_extra = section.map_or(in_extra, |section| section == EXTRA);
        let own = line.strip_suffix(':').filter(|heading| in_extra && !heading.starts_with(' '));
        let known = SECTIONS.iter().find(|(english, _)| lang == Lang::Ja && section == Some(*english));
        match (own, known) {
            _ if section == Some(EXTRA) => continue,
            (Some(heading), _) => out.push_str(&format!(".SH \"{}\"", heading.to_uppercase())),
            (None, Some((_, japanese))) => out.push_str(&format!(".SH {japanese}")),
            (None, None) => out.push_str(line),
        }
        if line.starts_with(".TH ") {
            // Japanese has few blanks: stretched to both margins, they would be wide.
            out.push_str("\n.ad l");
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::pages_of;
    use crate::cli::{commands, help};
    use crate::message::Lang;

    #[test]
    fn every_command_has_a_page_in_both_languages() {
        for lang in [Lang::En, Lang::Ja] {
            let pages: BTreeMap<String, String> = pages_of(&help::command_line(lang), lang).into_iter().collect();
            assert!(pages.contains_key("ixdeploy-journal-verify.1"), "{:?}", pages.keys());
            let page = &pages["ixdeploy.1"];
            for entry in commands::ALL {
                assert!(pages.contains_key(&format!("ixdeploy-{}.1", entry.name)), "{}", entry.name);
                assert!(page.contains(&format!("ixdeploy\\-{}(1)", entry.name)), "{page}");
            }
            for section in [
                lang.pick("NAME", "名前"),
                lang.pick("SYNOPSIS", "書式"),
                lang.pick("\"EXAMPLES\"", "\"例\""),
                lang.pick("\"EXIT STATUS\"", "\"終了コード\""),
            ] {
                assert!(page.contains(&format!("\n.SH {section}\n")), "{section}: {page}");
            }
            assert!(pages.values().all(|page| page.contains("\n.TH ") && !page.contains("EXTRA")));
        }
    }
}
