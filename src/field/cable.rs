//! The cable of a visit: which port is there, and what follows where the one that was chosen is not. Opens nothing.

use super::at::At;
use super::event::Order;
use super::visit::Visit;
use crate::inventory::ConsoleHere;
use crate::run::{BoxSeen, MachineFinding};
use crate::transport::serial::Port;

impl Visit {
    pub(super) fn on_ports(&mut self, ports: Vec<Port>, trouble: Vec<MachineFinding>) -> Vec<Order> {
        (self.ports, self.trouble) = (ports, trouble);
        if !self.is_out() {
            return Vec::new();
        }
        match self.at {
            At::Looking | At::Trouble(_) | At::Confirm | At::Find { .. } => self.at = At::Cable { pulled: true },
            // Nothing is agreed to about a router that is not there: its end leads back to the cable.
            At::Asked { looks: false, .. } if !self.has_sent => {
                self.was_out = true;
                self.go_on();
                return vec![Order::Answer(String::new())];
            }
            // While a router is worked on, its own session notices, and waits for it.
            At::Working => self.was_out = true,
            At::Cable { .. } | At::Asked { .. } | At::End(_) => {}
        }
        Vec::new()
    }

    /// Whether the port of the console that was chosen is not there.
    pub(super) fn is_out(&self) -> bool {
        !self.console.as_ref().is_some_and(|console| self.ports.iter().any(|port| port.name == console.port))
    }

    /// A key at the choice of the port.
    pub(super) fn at_cable(&mut self, key: Option<char>) -> Vec<Order> {
        if key == Some('q') {
            return self.leave();
        }
        let place = key.and_then(|key| key.to_digit(10)).and_then(|digit| usize::try_from(digit).ok());
        let port = place.and_then(|place| self.ports.get(place.checked_sub(1)?));
        let Some(port) = port else { return Vec::new() };
        self.console = Some(ConsoleHere { port: port.name.clone(), speed: self.usual_speed });
        self.chosen = None;
        self.look(false)
    }

    /// From the cable on.
    pub(super) fn begin_again(&mut self, pulled: bool) {
        self.at = At::Cable { pulled };
        (self.console, self.chosen, self.seen) = (None, None, BoxSeen::default());
    }
}

#[cfg(test)]
#[path = "cable_tests.rs"]
mod tests;
