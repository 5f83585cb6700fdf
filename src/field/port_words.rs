//! Which port is for what, in words: a line for each interface with what is at its other end, below a drawing of the box where its ports are
//! attested.

use super::port_drawing::{Drawing, drawing};
use super::visit::Visit;
use crate::ix::ports::{Link, PortUse};
use crate::message::Lang;
use crate::visible;

/// What the ports are for once the change is made.
pub(super) fn after_change(visit: &Visit) -> Vec<String> {
    let lang = visit.lang;
    let Drawing { lines, letters } =
        visit.plan.model.and_then(|model| drawing(model, &visit.plan.ports)).unwrap_or_default();
    let mut said = vec![lang.pick("After the change:", "変更後:").to_owned()];
    let is_drawn = !lines.is_empty();
    said.extend(lines.into_iter().map(|line| format!("  {line}")));
    for port in &visit.plan.ports {
        let line = line(visit, port);
        said.push(match letters.get(&port.interface) {
            Some(letter) => format!("  {letter} {line}"),
            // Without a port of its own.
            None if is_drawn => format!("    {line}"),
            None => format!("  {line}"),
        });
    }
    said
}

/// The ports whose other end was seen; nothing where none was.
pub(super) fn as_seen(visit: &Visit) -> Vec<String> {
    let seen = visit.plan.ports.iter().filter(|port| visit.links.contains_key(&port.interface));
    let lines: Vec<String> = seen.map(|port| format!("  {}", line(visit, port))).collect();
    let heading = (!lines.is_empty()).then(|| visit.lang.pick("Ports, as the checks saw them:", "確認時のポート:"));
    heading.into_iter().map(str::to_owned).chain(lines).collect()
}

/// Which interface is for what, with what is at its other end where that was seen.
fn line(visit: &Visit, port: &PortUse) -> String {
    let lang = visit.lang;
    let switch = port.switch_ports.as_ref().map(|numbers| match lang {
        Lang::En => format!(", switch port {numbers}"),
        Lang::Ja => format!("、スイッチポート {numbers}"),
    });
    let is_on = if port.is_on { lang.pick("on", "有効") } else { lang.pick("off", "無効") };
    let state = visit.links.get(&port.interface).map_or(is_on, |link| match link {
        Link::Up => lang.pick("link", "リンクあり"),
        Link::Down => lang.pick("NO LINK", "リンクなし"),
        Link::Shut => lang.pick("shut", "閉塞"),
    });
    let words = port.description.iter().chain(&port.lines).cloned().collect::<Vec<_>>().join(", ");
    let line = format!("{}{}: {state}  {words}", port.interface, switch.unwrap_or_default());
    visible::line(&line).into_owned()
}
