//! `depot` at the terminal: what happens is shown as it comes, and what is typed or scanned is read at any moment.
//!
//! What follows from what is decided in [`crate::field::depot`]; what is done with a router is `run`'s, as for every other command. Here are only
//! the threads between them: one that looks for cables, one that reads lines, one for each box that is asked or deployed.

mod boxes;
mod ending;
mod face;
mod operator;
mod reader;
mod request;
mod sheet;
mod work;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use super::cables::{Cables, watch_cables};
use super::context::Context;
use super::error::{Exit, Failure};
use super::held_terminal::Holding;
use crate::cancel::Wake;
use crate::dialect::Dialect;
use crate::field::depot::{Depot, DepotEvent, DepotOrder};
use crate::message::Lang;
use crate::run::{self, Approval, Candidate, RunEnv, RunError};

use self::boxes::BoxesInFlight;
use self::face::{DepotFace, say};
use self::reader::DepotReader;
use self::sheet::Sheet;
use self::work::{Shared, Work};

pub use self::request::DepotRequest;

/// Sets boxes up until the day is over.
///
/// # Errors
/// What is wrong in the input, or that there is no one to ask. Nothing was opened then.
pub fn depot(context: &Context, request: DepotRequest) -> Result<Exit, Vec<Failure>> {
    let (env, lang) = (context.run_env(), context.screen.lang);
    if !request.is_approved && !env.operator.is_present() {
        return Err(RunError::NoOperator.into());
    }
    let loaded = run::load(&env, &request.source)?;
    let limit = request.source.limit.as_deref();
    let candidates = run::candidates(&env, &loaded.inventory, &loaded.rendered, limit)?;
    let routers = candidates.iter().map(|one| one.router.as_str());
    let sheet = Sheet::below(request.labels.clone(), request.contacts, lang, routers)?;
    say(&context.screen, &introduction(&request, lang));
    if !request.is_approved && !is_agreed(&env, &candidates) {
        return Ok(Exit::NotDone);
    }
    run::ask_secrets(&env, &loaded, &request.options.secrets)?;

    let (tell, happens) = channel();
    context.show_by(Box::new(DepotReader::new(tell.clone(), lang, context.is_verbose())));
    let in_flight = Arc::new(BoxesInFlight::default());
    // Ctrl-C asks every run, and ends none in the middle.
    let _under_way = context.cancel.begin(Arc::clone(&in_flight) as _);
    let stopping: Arc<dyn Wake> = Arc::new(Stopping(tell.clone()));
    context.cancel.wakes(&stopping);
    let seen = tell.clone();
    // Dropping it ends the watching.
    let _watching = watch_cables(request.ports.clone(), move |cables| {
        let event = cables.map_or(DepotEvent::Tick, |Cables { ports, trouble }| DepotEvent::Ports { ports, trouble });
        seen.send(event).is_ok()
    })?;
    let mut face = DepotFace::begin(context, request.look, tell.clone())?;
    let holding = face.holder().map(|holder| context.terminal.hold(holder));
    let mut depot = Depot::new(candidates, Dialect::any().strings().console_speed, lang);
    let work = Work::new(context, env, loaded, request, Shared { in_flight, sheet }, tell);
    let exit = carry_on(&mut face, &mut depot, &work, happens.iter());
    // A screen gives the terminal back.
    drop(face);
    let said = holding.map(Holding::end).unwrap_or_default();
    said.iter().for_each(|text| say(&context.screen, text));
    context.screen.say_prose(&(depot.result().join("\n") + "\n"));
    Ok(exit)
}

/// Until the day is over.
fn carry_on(face: &mut DepotFace, depot: &mut Depot, work: &Work, happens: impl Iterator<Item = DepotEvent>) -> Exit {
    for event in happens {
        for order in depot.on(event) {
            match order {
                DepotOrder::Look(look) => work.look(look),
                DepotOrder::Deploy(deploy) => work.deploy(deploy),
                DepotOrder::Say(line) => face.say(&line),
                DepotOrder::Leave(exit) => return exit,
            }
        }
        face.show(depot);
    }
    Exit::NotDone
}

/// What is said before the one question.
fn introduction(request: &DepotRequest, lang: Lang) -> String {
    let ports = request.ports.join(", ");
    let ports = match (request.ports.is_empty(), lang) {
        (false, _) => ports,
        (true, Lang::En) => "every USB serial port of this machine, also one that is plugged in later".to_owned(),
        (true, Lang::Ja) => "この PC のすべての USB シリアルポート(後から接続したものを含む)".to_owned(),
    };
    match lang {
        Lang::En => format!(
            "Ports: {ports}\nEach box that shows the serial number of one of these routers is read, changed, checked (phase bench) and saved without another question; what changes is shown before its first line is sent. Any other box is left as it is.\nScan a serial number, or type: ROUTER=SERIAL, NUMBER=ROUTER, again NUMBER, s (status), q (end)"
        ),
        Lang::Ja => format!(
            "ポート: {ports}\n対象ルータの製造番号を示した機器は、以後の質問なしに、読み取り、変更、確認(フェーズ bench)、保存まで行います。変更内容は最初の行を送る前に表示します。ほかの機器には何も行いません。\n製造番号のスキャン、または次の入力: ルータ名=製造番号、番号=ルータ名、again 番号、s(状況)、q(終了)"
        ),
    }
}

/// The one question of the day.
fn is_agreed(env: &RunEnv, candidates: &[Candidate]) -> bool {
    let sites: BTreeSet<&str> = candidates.iter().map(|one| one.clinic.site.as_str()).collect();
    let roles: BTreeSet<String> = candidates.iter().flat_map(|one| one.roles.iter().cloned()).collect();
    let question = Approval::Change {
        changing: candidates.len(),
        routers: candidates.len(),
        sites: sites.len(),
        roles: roles.into_iter().collect(),
        steps: Vec::new(),
        budgets: Vec::new(),
        undone: None,
        probe: false,
    };
    env.operator.approve(&question).unwrap_or(false)
}

/// Tells a depot that the program was asked to stop.
struct Stopping(Sender<DepotEvent>);

impl Wake for Stopping {
    fn wake(&self) {
        // The day may be over.
        let _ = self.0.send(DepotEvent::Stopping);
    }
}
