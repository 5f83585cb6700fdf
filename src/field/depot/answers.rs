//! What follows from what a person types or scans in a depot. A serial number that no router of the list has belongs to one only after a
//! person has said so: scanned whole and agreed to, or its last characters typed as they are on the label.

use super::bay::{At, SOON, Why};
use super::event::{DepotOrder, say};
use super::list::NoPair;
use super::machine::{Depot, Pending};
use super::scan::Line;
use super::words;
use crate::ix::CONFIRMING;

impl Depot {
    /// Takes a line.
    pub(super) fn on_line(&mut self, text: &str) -> Vec<DepotOrder> {
        if self.is_closing {
            return vec![say(words::is_closing(self.counter(), self.lang))];
        }
        match (Line::of(text), self.pending.take()) {
            (Line::Quit, _) => self.close(words::closing(self.lang)),
            (Line::Status, pending) => {
                self.pending = pending;
                words::status(&self.list, &self.bays, self.lang).into_iter().map(DepotOrder::Say).collect()
            }
            (Line::Again(number), pending) => {
                self.pending = pending;
                self.again(number, Why::Again)
            }
            (Line::Speeds(number), pending) => {
                self.pending = pending;
                self.again(number, Why::AnySpeed)
            }
            (Line::Pair { left, right }, _) => self.on_pair(left, right),
            (Line::Word(word), Some(Pending::Which(serial_number))) => match self.list.named(word) {
                Some(router) => self.propose(router, serial_number, true),
                None => vec![say(words::no_router(word, self.lang))],
            },
            (Line::Word(word), Some(Pending::Confirm { router, serial_number, is_scanned })) => {
                self.confirmed(word, router, serial_number, is_scanned)
            }
            (Line::Word(word), None) => match self.list.named(word) {
                Some(router) => self.on_router(router),
                None => self.scanned(word),
            },
            (Line::Empty, None) => Vec::new(),
            (Line::Empty, Some(_)) => vec![say(words::dropped(self.lang))],
            (Line::Unclear, _) => vec![say(words::unclear(self.lang))],
        }
    }

    /// Looks at a box again that was left alone, or tries one again that failed.
    fn again(&mut self, number: usize, why: Why) -> Vec<DepotOrder> {
        let place = number.checked_sub(1).filter(|place| *place < self.bays.len());
        let Some(place) = place else { return vec![say(words::no_console(number, self.lang))] };
        if let Some(bay) = self.bays.get_mut(place).filter(|bay| !bay.is_busy() && !bay.is_gone()) {
            // What was known of it counts no more.
            (bay.at, bay.told) = (At::Resting { ticks: SOON }, None);
        }
        match self.look(place, why) {
            Some(order) => vec![order],
            None => vec![say(words::not_now(&self.console(place), self.lang))],
        }
    }

    /// `ROUTER=SERIAL`, or `NUMBER=ROUTER` for the box on a console.
    fn on_pair(&mut self, left: &str, right: &str) -> Vec<DepotOrder> {
        if let Some(router) = self.list.named(left) {
            return self.propose(router, right.to_owned(), true);
        }
        let place = left.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match (place.filter(|place| *place < self.bays.len()), self.list.named(right)) {
            (Some(place), Some(router)) => self.on_console(place, router),
            (Some(_), None) => vec![say(words::no_router(right, self.lang))],
            (None, _) => vec![say(words::no_router(left, self.lang))],
        }
    }

    /// A router's name alone is that of the one box that waits for one.
    fn on_router(&mut self, router: usize) -> Vec<DepotOrder> {
        let waits = |place: &usize| {
            self.bays.get(*place).is_some_and(|bay| bay.asks_login().is_some() || bay.not_on_list().is_some())
        };
        let mut waiting = (0..self.bays.len()).filter(waits);
        match (waiting.next(), waiting.next()) {
            (Some(place), None) => self.on_console(place, router),
            (Some(_), Some(_)) => vec![say(words::which_console(self.lang))],
            (None, _) => {
                self.list.get(router).map(|one| say(words::standing(one, None, self.lang))).into_iter().collect()
            }
        }
    }

    /// A person says which router the box on a console is.
    fn on_console(&mut self, place: usize, router: usize) -> Vec<DepotOrder> {
        let Some(bay) = self.bays.get(place) else { return Vec::new() };
        if let Some(again) = bay.asks_login() {
            return self.look(place, Why::IsRouter { router, again }).into_iter().collect();
        }
        match bay.not_on_list().map(|identity| identity.serial_number().to_owned()) {
            Some(serial_number) => self.propose(router, serial_number, false),
            None => vec![say(words::not_now(&self.console(place), self.lang))],
        }
    }

    /// A serial number was scanned.
    fn scanned(&mut self, serial_number: &str) -> Vec<DepotOrder> {
        let known = self.list.with_serial(serial_number).and_then(|router| self.list.get(router));
        if let Some(one) = known {
            return vec![say(words::standing(one, None, self.lang))];
        }
        self.pending = Some(Pending::Which(serial_number.to_owned()));
        vec![say(words::which_router(serial_number, self.lang))]
    }

    /// Asks whether a router has this serial number.
    fn propose(&mut self, router: usize, serial_number: String, is_scanned: bool) -> Vec<DepotOrder> {
        if let Err(why) = self.list.may_pair(router, &serial_number) {
            return vec![say(self.refused(&why))];
        }
        let Some(one) = self.list.get(router) else { return Vec::new() };
        let said = words::confirm(one, &serial_number, is_scanned, self.lang);
        self.pending = Some(Pending::Confirm { router, serial_number, is_scanned });
        vec![say(said)]
    }

    fn refused(&self, why: &NoPair) -> String {
        match why {
            NoPair::Other(other) => words::other_router(self.list.get(*other), self.lang),
            NoPair::Declared => words::declared_otherwise(self.lang).to_owned(),
            NoPair::Begun => words::begun(self.lang).to_owned(),
        }
    }

    /// A pair was asked about, and this was typed.
    fn confirmed(&mut self, word: &str, router: usize, serial_number: String, is_scanned: bool) -> Vec<DepotOrder> {
        let is_label = |word: &str| {
            let skipped = serial_number.chars().count().saturating_sub(CONFIRMING);
            word == serial_number || serial_number.chars().skip(skipped).eq(word.chars())
        };
        let agrees = if is_scanned { is_yes(word) } else { is_label(word) };
        if !agrees {
            return vec![say(words::not_confirmed(self.lang))];
        }
        // Much can have happened since it was asked.
        if let Err(why) = self.list.may_pair(router, &serial_number) {
            return vec![say(self.refused(&why))];
        }
        self.list.pair(router, serial_number.clone());
        let mut orders: Vec<DepotOrder> =
            self.list.get(router).map(|one| say(words::paired(one, self.lang))).into_iter().collect();
        let waiting = self.bays.iter().enumerate().find_map(|(place, bay)| {
            let identity = bay.not_on_list().filter(|identity| identity.serial_number() == serial_number)?;
            Some((place, identity.clone()))
        });
        if let Some((place, identity)) = waiting {
            // It is another box than the one with which the router may have failed.
            orders.extend(self.take(place, &identity, Why::Again));
        }
        orders
    }
}

/// Whether an answer means yes.
fn is_yes(word: &str) -> bool {
    ["y", "yes", "はい"].contains(&word.to_lowercase().as_str())
}
