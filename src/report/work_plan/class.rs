//! The procedure of a class of change: what is done to each of its routers, with the names of their values in the places of these.

use std::collections::HashMap;

use super::frame::Planned;
use super::router::{Around, Lines, go, with_frame};
use super::{ClassFacts, PlannedStep, Procedure, ProcedureOf, hand_over, line};
use crate::playbook::LaptopCheck;
use crate::transaction::ClassGroup;

/// The procedure, with what is tried out of its routers; nothing for a class of no router.
pub(super) fn procedure(group: &ClassGroup<'_>, tests: &HashMap<&str, &[LaptopCheck]>) -> Option<Procedure> {
    let saved = *group.plans.first()?;
    let class = group.class.as_ref();
    let planned = Planned { saved, class };
    let [lines, undo] = [false, true].map(|undo| match class {
        Some(class) => line::of_class(class, saved, undo),
        // What an earlier version kept is the same on each of them.
        None => line::of_router(saved, undo),
    });
    let times = PlannedStep::new("the site may be touched now", "変更可能な時間帯であること")
        .expects("within the windows of the site, and outside its opening hours", "拠点の変更時間帯内、診療時間外");
    let of = ProcedureOf::Class(ClassFacts {
        name: group.name.clone(),
        hash: group.hash.as_ref().map(ToString::to_string),
        routers: group.routers().into_iter().map(str::to_owned).collect(),
        sites: group.sites(),
        example: saved.intent.router.clone(),
    });
    let hand_over = hand_over::of_class(&group.routers(), tests, saved.intent.terms.at_clinic);
    Some(with_frame(&planned, Around { of, gates: vec![times, go()], hand_over }, Lines { lines, undo }))
}
