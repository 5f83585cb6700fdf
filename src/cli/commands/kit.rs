//! `kit`: what a visit needs, packed at the office in one encrypted file; opened on a laptop that has only the program; and the visit's
//! records, sealed to the office's key. No router is met.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::kit_records::{page, sealed_words};
use crate::cli::local_time::local_time;
use crate::cli::subcommand::{Group, Subcommand};
use crate::kit::Cost;
use crate::message::Lang;
use crate::run::{
    self, BuiltKit, HostWithoutProof, KitRequest, OfficeKeyMade, OpenedKit, RouterInKit, ShownKit, VisitRequest,
};
use crate::visible;

/// Pack what a visit without a network needs, and bring its records back
#[derive(Debug, Clone, Args)]
pub struct KitArgs {
    /// Which.
    #[command(subcommand)]
    command: KitCommand,
}

/// `kit`
#[derive(Debug, Clone, clap::Subcommand)]
enum KitCommand {
    /// Pack some sites into one encrypted file, their secrets included
    Build(KitBuild),
    /// Open a kit into a new working folder; its secrets are not written
    Open(KitOpen),
    /// Say what is in a kit
    Show(KitShow),
    /// Seal the records of a visit to the office's key
    Return(KitReturn),
    /// Make the office's key, to which the records of a visit are sealed
    Key(KitKey),
}

/// `kit build`
#[derive(Debug, Clone, Args)]
pub struct KitBuild {
    /// The playbooks; the first one is meant where none is named later
    #[arg(value_name = "PLAYBOOK", required = true, num_args = 1..)]
    pub playbook: Vec<PathBuf>,
    /// The inventory
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: PathBuf,
    /// Which sites: names of sites, routers or groups, separated by commas, with patterns; `!` excludes. A site is always packed whole
    #[arg(long, value_name = "LIMIT")]
    pub site: String,
    /// The day of the visit, 2026-12-01: a reminder, no lock
    #[arg(long, value_name = "DATE")]
    pub day: Date,
    /// The new file
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// `kit open`
#[derive(Debug, Clone, Args)]
pub struct KitOpen {
    /// The kit
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The new folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// `kit show`
#[derive(Debug, Clone, Args)]
pub struct KitShow {
    /// The kit
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `kit return`
#[derive(Debug, Clone, Args)]
pub struct KitReturn {
    /// Only these runs [default: all since the kit was opened that touch its routers]
    #[arg(value_name = "RUN")]
    pub run: Vec<String>,
    /// The folder that the kit was opened into
    #[arg(long, value_name = "DIR", default_value = ".", hide_default_value = true)]
    pub folder: PathBuf,
    /// The new file
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// `kit key`
#[derive(Debug, Clone, Copy, Args)]
pub struct KitKey {}

impl Subcommand for KitArgs {
    const NAME: &'static str = "kit";
    const GROUP: Group = Group::Offline;
    const JAPANESE: &'static str =
        "ネットワークのない訪問先用に必要な情報を 1 つの暗号化ファイルにまとめ、記録を持ち帰ります";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("build", "拠点を選び、秘密情報も含めて 1 つの暗号化ファイルにまとめます"),
        ("build playbook", "プレイブック。後で指定を省いたときは最初のものを使います"),
        (
            "build site",
            "対象の拠点: 拠点、ルータ、グループの名前(カンマ区切り、型も可、! で除外)。拠点は必ず全体が入ります",
        ),
        ("build day", "訪問日(例: 2026-12-01)。注意を促すためのもので、制限はしません"),
        ("build output", "新しいファイル"),
        ("open", "キットを新しい作業フォルダに展開します(秘密情報は書き込みません)"),
        ("open file", "キット"),
        ("open folder", "新しいフォルダ"),
        ("show", "キットの内容を表示します"),
        ("show file", "キット"),
        ("return", "訪問の記録を事務所の鍵で封印します"),
        ("return run", "対象の実行 [既定: キットの展開後、そのルータを対象とした全実行]"),
        ("return folder", "キットを展開したフォルダ"),
        ("return output", "新しいファイル"),
        ("key", "訪問の記録を封印するための、事務所の鍵を作成します"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy kit key",
        "ixdeploy kit build playbooks/online-eligibility.yaml -i clinics.yaml --site sato --day 2026-12-01 -o sato.kit",
        "ixdeploy kit open sato.kit visit",
        "ixdeploy kit return -o sato.visit",
    ];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let (env, screen) = (context.run_env(), &context.screen);
        let lang = screen.lang;
        match &self.command {
            KitCommand::Build(args) => {
                let built = run::build_kit(&env, &args.request())?;
                screen.say_prose(&built_words(&built, lang));
                screen.document("kit-build", Exit::Done, &built);
            }
            KitCommand::Open(args) => {
                let opened = run::open_kit(&env, &args.file, &args.folder)?;
                screen.say_prose(&opened_words(&opened, &args.file.display().to_string(), lang));
                screen.document("kit-open", Exit::Done, &opened);
            }
            KitCommand::Show(args) => {
                let shown = run::show_kit(&env, &args.file)?;
                screen.say_prose(&shown_words(&shown, lang));
                screen.document("kit-show", Exit::Done, &shown);
            }
            KitCommand::Return(args) => {
                let (folder, runs, file) = (args.folder.clone(), args.run.clone(), args.output.clone());
                let request = VisitRequest { folder, runs, file, page: &page };
                let sealed = run::seal_visit(&*context.journal()?, &request)?;
                screen.say_prose(&sealed_words(&sealed, lang));
                screen.document("kit-return", Exit::Done, &sealed);
            }
            KitCommand::Key(KitKey {}) => {
                let key = run::make_office_key(&env).map_err(|error| Failure::new(&error, Exit::Usage))?;
                screen.say_prose(&key_words(&key, lang));
                screen.document("kit-key", Exit::Done, &key);
            }
        }
        Ok(Exit::Done)
    }
}

impl KitBuild {
    fn request(&self) -> KitRequest {
        KitRequest {
            playbooks: self.playbook.clone(),
            inventory: self.inventory.clone(),
            sites: self.site.clone(),
            day: self.day,
            file: self.output.clone(),
            cost: Cost::default(),
        }
    }
}

fn name(path: &std::path::Path) -> String {
    visible::line(&path.display().to_string()).into_owned()
}

fn built_words(built: &BuiltKit, lang: Lang) -> String {
    let BuiltKit { file, day, sites, routers, credentials, host_keys, without_proof, office, bytes } = built;
    let (file, kib) = (name(file), bytes.div_ceil(1024));
    let (sites, count, secrets) = (sites.len(), routers.len(), credentials.len());
    let head = match lang {
        Lang::En => format!(
            "{file}: {sites} site(s), {count} router(s), {secrets} secret(s), {host_keys} host key(s), for {day}; {kib} KiB, encrypted\n"
        ),
        Lang::Ja => format!(
            "{file}: 拠点 {sites} か所、ルータ {count} 台、秘密情報 {secrets} 件、ホスト鍵 {host_keys} 件、{day} 用({kib} KiB、暗号化済み)\n"
        ),
    };
    let unsealed = match office {
        true => "",
        false => lang.pick(
            "no office key: the visit's records come back unsealed (`ixdeploy kit key` makes one)\n",
            "事務所の鍵がないため、訪問の記録は封印せずに持ち帰ることになります(ixdeploy kit key で作成できます)\n",
        ),
    };
    let unreached: String = without_proof.iter().map(|host| unreached_words(host, lang)).collect();
    format!("{head}{}{unreached}{unsealed}", routers_words(routers, lang))
}

/// A host that the kit alone does not reach, and what it takes.
fn unreached_words(one: &HostWithoutProof, lang: Lang) -> String {
    let HostWithoutProof { host, key_file, routers } = one;
    let (host, routers) = (visible::line(host).into_owned(), routers.join(", "));
    match (key_file.as_deref().map(name), lang) {
        (Some(file), Lang::En) => format!(
            "{host} cannot be reached with the kit alone: its private key {file} is not packed; the laptop must have that file (for {routers})\n"
        ),
        (Some(file), Lang::Ja) => format!(
            "{host} にはキットだけでは接続できません。秘密鍵 {file} はキットに入らないため、PC に用意してください(対象: {routers})\n"
        ),
        (None, Lang::En) => format!(
            "{host} cannot be reached with the kit alone: its user is proven by an SSH agent, which must be on the laptop (for {routers})\n"
        ),
        (None, Lang::Ja) => {
            format!("{host} にはキットだけでは接続できません。PC の SSH エージェントに鍵が必要です(対象: {routers})\n")
        }
    }
}

/// A line for each router.
fn routers_words(routers: &[RouterInKit], lang: Lang) -> String {
    let line = |one: &RouterInKit| {
        let RouterInKit { router, run, saved_ms, model, serial_number, unverified } = one;
        let (Some(run), Some(saved_ms)) = (run, saved_ms) else {
            return match lang {
                Lang::En => format!("  {router}: no saved state in this journal\n"),
                Lang::Ja => format!("  {router}: このジャーナルに保存時の状態なし\n"),
            };
        };
        let whole = [model, serial_number].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
        let (whole, when) = (visible::line(&whole).into_owned(), local_time(*saved_ms));
        let doubt = unverified.as_ref().map_or("", |_| lang.pick(", unverified", "、未確認"));
        match lang {
            Lang::En => format!("  {router}: as run {run} saved it, {when} ({whole}{doubt})\n"),
            Lang::Ja => format!("  {router}: 実行 {run} の保存時の状態、{when}({whole}{doubt})\n"),
        }
    };
    routers.iter().map(line).collect()
}

fn opened_words(opened: &OpenedKit, kit: &str, lang: Lang) -> String {
    let OpenedKit { folder, files, sites, day, new_host_keys, other_host_keys } = opened;
    let (folder, kit) = (name(folder), visible::line(kit).into_owned());
    let (files, sites) = (files.len(), sites.iter().map(|site| site.site.as_str()).collect::<Vec<_>>().join(", "));
    let others = other_host_keys.iter().map(|host| visible::line(host).into_owned()).collect::<Vec<_>>().join(", ");
    let others = match (others.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::En) => format!("another host key is known here, and stays: {others}\n"),
        (false, Lang::Ja) => format!("この端末では別のホスト鍵が登録済みのため、変更していません: {others}\n"),
    };
    match lang {
        Lang::En => format!(
            "{folder}: {sites}, for {day}; {files} file(s), {new_host_keys} new host key(s). No secret was written: in that folder, commands take `--kit {kit}`\n{others}"
        ),
        Lang::Ja => format!(
            "{folder}: {sites}({day} 用)、ファイル {files} 件、新しいホスト鍵 {new_host_keys} 件。秘密情報は書き込んでいません。このフォルダで --kit {kit} を付けてコマンドを実行してください\n{others}"
        ),
    }
}

fn shown_words(shown: &ShownKit, lang: Lang) -> String {
    let about = &shown.about;
    let by = visible::line(&format!("{} ({})", about.by, about.machine)).into_owned();
    let (day, when, sites) = (visible::line(&about.day).into_owned(), local_time(about.built_ms), shown.sites.len());
    let office = about.office.as_deref().unwrap_or("-");
    let list = |items: &[String]| items.iter().map(|item| visible::line(item)).collect::<Vec<_>>().join(", ");
    let (credentials, files) = (list(&shown.credentials), list(&shown.files));
    let keys = shown.host_keys;
    let head = match lang {
        Lang::En => format!("for {day}, built by {by}, {when}; {sites} site(s)\n"),
        Lang::Ja => format!("{day} 用、作成: {by}、{when}。拠点 {sites} か所\n"),
    };
    let tail = match lang {
        Lang::En => format!("secrets: {credentials}\nhost keys: {keys}\noffice key: {office}\nfiles: {files}\n"),
        Lang::Ja => {
            format!("秘密情報: {credentials}\nホスト鍵: {keys} 件\n事務所の鍵: {office}\nファイル: {files}\n")
        }
    };
    format!("{head}{}{tail}", routers_words(&shown.routers, lang))
}

fn key_words(key: &OfficeKeyMade, lang: Lang) -> String {
    let OfficeKeyMade { file, public, made } = key;
    let file = name(file);
    match (made, lang) {
        (true, Lang::En) => format!(
            "{file}: made; keep a copy in a safe place, without it no sealed visit can be opened\npublic key {public}: goes into every kit that is built here\n"
        ),
        (true, Lang::Ja) => format!(
            "{file}: 作成しました。紛失すると封印された記録を開けないため、安全な場所に控えを保管してください\n公開鍵 {public}: ここで作成するすべてのキットに入ります\n"
        ),
        (false, Lang::En) => format!("{file}: there already, and not changed\npublic key {public}\n"),
        (false, Lang::Ja) => format!("{file}: 既にあります(変更していません)\n公開鍵 {public}\n"),
    }
}
