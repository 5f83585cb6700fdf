//! `line`: which access line is this? What each router shows of its own, and whether it fits what its configuration asks. Nothing is written.

use std::net::Ipv6Addr;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::args::{Reach, Routers};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::reach;
use crate::cli::line_document::line_document;
use crate::cli::subcommand::{Group, Subcommand};
use crate::ix::access_line::Probes;
use crate::report::{self, FailedRouter, Style};
use crate::run::{self, LineRequest, LineResult};
use crate::transaction::FailedEnd;

/// Say which access line each router is on, and whether it fits; nothing is written
#[derive(Debug, Clone, Args)]
pub struct LineArgs {
    /// The routers
    #[command(flatten)]
    pub routers: Routers,
    /// Hold the line against what this playbook's roles ask of it, not against what the router runs
    #[arg(long, value_name = "PLAYBOOK")]
    pub playbook: Option<PathBuf>,
    /// An IPv6 address that answers ping6 in the area of NTT East alone; may be repeated [default: a server of the vendor's document]
    #[arg(long, value_name = "ADDRESS")]
    pub east: Vec<Ipv6Addr>,
    /// The same for NTT West
    #[arg(long, value_name = "ADDRESS")]
    pub west: Vec<Ipv6Addr>,
    /// An IPv6 address that answers ping6 on the Internet alone; may be repeated [default: none is asked]
    #[arg(long, value_name = "ADDRESS")]
    pub internet: Vec<Ipv6Addr>,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
}

impl Subcommand for LineArgs {
    const NAME: &'static str = "line";
    const GROUP: Group = Group::OnRouters;
    const JAPANESE: &'static str = "ルータがどの回線につながっているかと、設定との適合を示します。書き込みはしません";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("playbook", "ルータの現在の設定ではなく、このプレイブックのロールが求める回線と比較します"),
        ("east", "NTT 東日本エリアだけで ping6 に応答する IPv6 アドレス。複数指定可 [既定: ベンダ資料のサーバ]"),
        ("west", "NTT 西日本エリアについて同様"),
        ("internet", "インターネットだけで ping6 に応答する IPv6 アドレス。複数指定可 [既定: 問い合わせなし]"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy line -i clinics.yaml -l sato-r1",
        "ixdeploy line -i clinics.yaml -l sato-r1 --playbook playbooks/online-eligibility.yaml --format json",
    ];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Looks and shows.
///
/// # Errors
/// What is wrong in the input.
fn run(context: &Context, args: &LineArgs) -> Result<Exit, Vec<Failure>> {
    let request = LineRequest {
        inventory: args.routers.inventory.clone(),
        limit: args.routers.only.limit.clone(),
        playbook: args.playbook.clone(),
        probes: probes(args),
        reach: reach(&args.reach),
    };
    let report = run::line(&context.run_env(), &request)?;
    for one in &report.routers {
        show(context, one);
    }
    let failed = report.routers.iter().filter_map(|one| {
        let FailedEnd { state, cause } = one.result.as_ref().err()?;
        Some(FailedRouter { router: &one.router, state: *state, cause })
    });
    for text in report::failed_routers(failed, context.screen.lang) {
        context.screen.say_prose(&text);
    }
    let routers: Vec<Value> = report.routers.iter().map(document).collect();
    context.screen.document("line", report.exit, &json!({ "routers": routers }));
    Ok(report.exit)
}

/// What is asked for an answer: as it was typed, else as usual.
fn probes(args: &LineArgs) -> Probes {
    let usual = Probes::default();
    let or_usual = |typed: &Vec<Ipv6Addr>, usual| if typed.is_empty() { usual } else { typed.clone() };
    Probes {
        east: or_usual(&args.east, usual.east),
        west: or_usual(&args.west, usual.west),
        internet: args.internet.clone(),
    }
}

/// One router, for people.
fn show(context: &Context, one: &LineResult) {
    let (screen, lang) = (&context.screen, context.screen.lang);
    let Ok(seen) = &one.result else { return };
    let Some(seen) = seen else {
        let nothing = lang.pick(
            "what it runs asks nothing of an IPv6 line, so none is visible: a factory box, or a line for IPv4 alone",
            "現在の設定は IPv6 回線を使用していないため判定できません(工場出荷時、または IPv4 のみの回線)",
        );
        screen.say_prose(&format!("{}\n  {nothing}\n", Style::Head.on(&format!("{}:", one.router))));
        return;
    };
    let head = Style::Head.on(&format!("{}: {}", one.router, seen.line.interface));
    let mut text = format!("{head}\n{}", report::line_words(seen, lang));
    if let Some(change) = &one.prefix_change {
        text.push_str(&format!("  {}\n", Style::Warn.on(change.text().get(lang))));
    }
    screen.say_prose(&text);
}

/// One router in the JSON document.
fn document(one: &LineResult) -> Value {
    let mut value = json!({ "router": one.router, "site": one.site });
    let Some(fields) = value.as_object_mut() else { return value };
    match &one.result {
        Ok(Some(seen)) => fields.extend(line_document(seen, one.prefix_change.as_ref())),
        Ok(None) => {}
        Err(FailedEnd { state, cause }) => {
            fields.insert("state".into(), json!(state));
            fields.insert("causes".into(), json!([cause]));
        }
    }
    value
}
