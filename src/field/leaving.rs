//! How a visit is left, by a key, by Ctrl-C or because the program is asked to stop: nothing is left half done, and what stands on the terminal
//! behind it says how the routers are.

use super::at::At;
use super::event::{End, Order};
use super::visit::Visit;
use super::words::page;
use crate::message::Lang;
use crate::run::Exit;

impl Visit {
    pub(super) fn leave(&self) -> Vec<Order> {
        // Where no router was worked on, nothing was done, by a person's wish.
        vec![Order::Leave(self.exit.unwrap_or(Exit::NotDone))]
    }

    /// Nothing is left half done: a question is answered with nothing, what is in progress ends safely, and a console that was being asked is
    /// left logged out, unless the engineer will not wait for that.
    pub(super) fn stop(&mut self) -> Vec<Order> {
        match self.at {
            At::Looking if self.is_leaving => self.leave(),
            At::Working => vec![Order::Stop],
            At::Asked { looks: false, .. } => {
                self.go_on();
                // The wish comes first: the empty answer is no answer of the engineer.
                vec![Order::Stop, Order::Answer(String::new())]
            }
            _ => self.is_stopping(),
        }
    }

    /// Nothing new begins: what is in progress ends safely, and its end is the last thing that is shown.
    pub(super) fn is_stopping(&mut self) -> Vec<Order> {
        match self.at {
            At::Working => {
                self.say(stopping(self.lang).to_owned());
                Vec::new()
            }
            At::Looking => {
                self.is_leaving = true;
                Vec::new()
            }
            At::Asked { looks, .. } => {
                self.is_leaving |= looks;
                self.go_on();
                vec![Order::Answer(String::new())]
            }
            At::Cable { .. } | At::Trouble(_) | At::Confirm | At::Find { .. } | At::End(_) => self.leave(),
        }
    }
}

/// The wish to stop while a router is worked on. What follows from it at that moment is told.
fn stopping(lang: Lang) -> &'static str {
    lang.pick("Stopping: nothing new begins.", "停止します: 新たには着手しません。")
}

/// The last words of a visit, behind its pages: how each router is. `end_is_gone` says that the page of the last end was on a screen that is
/// gone: it is said once more.
pub fn farewell(visit: &Visit, end_is_gone: bool) -> String {
    let at_end = match &visit.at {
        At::End(end) => Some(end),
        _ => None,
    };
    let mut lines = match at_end {
        Some(_) if end_is_gone => page(visit).lines,
        Some(_) => Vec::new(),
        None if visit.ends.is_empty() => {
            vec![visit.lang.pick("Nothing was changed on any router.", "どのルータも変更していません。").to_owned()]
        }
        None => Vec::new(),
    };
    let is_said = |one: &&End| at_end.is_some_and(|end| end.router == one.router);
    lines.extend(visit.ends.iter().filter(|one| !is_said(one)).map(|one| one.brief.clone()));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
#[path = "leaving_tests.rs"]
mod tests;
