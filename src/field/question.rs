//! The questions of a visit: which of them are open, what a key at one of them means, and what is answered. Nothing is carried out here.

use super::at::{At, View};
use super::event::{Answering, Asked, Order};
use super::visit::Visit;
use crate::run::HandOverAnswer;

impl Visit {
    /// A question is open while a router is worked on, or while the box is asked who it is. Any other comes from a look whose cable was
    /// pulled: it is answered with nothing.
    pub(super) fn on_question(&mut self, asked: Asked) -> Vec<Order> {
        let looks = match self.at {
            At::Looking if !self.is_leaving => true,
            At::Working => false,
            _ => return vec![Order::Answer(String::new())],
        };
        self.at = At::Asked { asked, view: View::Summary, looks };
        Vec::new()
    }

    /// Goes on with what the question came up in.
    pub(super) fn go_on(&mut self) {
        let looks = matches!(self.at, At::Asked { looks: true, .. });
        self.at = if looks { At::Looking } else { At::Working };
    }

    pub(super) fn at_question(&mut self, text: &str, key: Option<char>) -> Vec<Order> {
        let At::Asked { asked, view, .. } = &mut self.at else { return Vec::new() };
        let shown = match (asked.answering, key) {
            (Answering::Change, Some('c')) => Some(View::Commands),
            (Answering::Change, Some('p')) => Some(View::Ports),
            (Answering::Change, Some('s')) => Some(View::Summary),
            _ => None,
        };
        if let Some(shown) = shown {
            *view = shown;
            return Vec::new();
        }
        let answer = match asked.answering {
            Answering::Secret => {
                self.go_on();
                return Vec::new();
            }
            // A key that means something on other pages saves nothing here.
            Answering::FailedChecks if !is_reason_or_choice(text) => return Vec::new(),
            Answering::HandOver { tests } if HandOverAnswer::read(text, tests).is_none() => return Vec::new(),
            Answering::Line | Answering::FailedChecks | Answering::HandOver { .. } => text.to_owned(),
            Answering::Change | Answering::YesNo => match key {
                Some('y') => "yes".to_owned(),
                Some('n') => "no".to_owned(),
                _ => return Vec::new(),
            },
        };
        self.go_on();
        vec![Order::Answer(answer)]
    }
}

/// Whether failed checks are answered with this: they are repeated, the change is undone, or a reason is given to save all the same, which is
/// more than a key and more than yes or no.
fn is_reason_or_choice(text: &str) -> bool {
    let is_key = text.chars().nth(1).is_none() || ["yes", "no"].iter().any(|word| text.eq_ignore_ascii_case(word));
    text.is_empty() || text.eq_ignore_ascii_case("r") || !is_key
}
