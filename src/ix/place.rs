//! The place of a line among the lines of its block, as the router displays them.
//!
//! The order is the grammar table's, lists by name, interfaces by kind and number (fact sheet 6). Knows nothing of how lines are
//! entered.

use std::sync::Arc;

use crate::dialect::grammar::{CommandKind, Row};
use crate::dialect::model::interface_order;

/// The place of a line among the lines of its block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    section: u32,
    /// The list, as an object: `ip-acl:v4-deny-list`.
    list: Option<Arc<str>>,
    number: (u64, u64, u64),
    rank: u32,
}

/// Before everything the grammar knows.
static FIRST: Place = Place { section: 0, list: None, number: (0, 0, 0), rank: 0 };

impl Place {
    /// The place before every other.
    pub fn first() -> &'static Self {
        &FIRST
    }

    /// The list it is in.
    pub(super) fn list(&self) -> Option<&Arc<str>> {
        self.list.as_ref()
    }

    /// The place of a line of this command; `arg` gives the words of its arguments by name.
    pub(super) fn of<'t>(row: &Row, list: Option<Arc<str>>, arg: impl Fn(&str) -> Option<&'t str>) -> Self {
        // The table has some hundred rows.
        let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let mut place = Self { section: short(row.section), list: None, number: (0, 0, 0), rank: short(row.rank) };
        let number = |name: &str| arg(name).and_then(|text| text.parse().ok()).unwrap_or(u64::MAX);
        match row.kind {
            CommandKind::List | CommandKind::Head | CommandKind::Follow => {
                // Lists are shown by name in byte order, a list's head lines before its entries (fact sheet 6).
                place.list = list;
                if row.kind != CommandKind::Head {
                    place.rank = u32::MAX;
                    // Numbered entries count in the order of their numbers, whenever they were typed.
                    place.number.0 = arg("SEQ").and_then(|text| text.parse().ok()).unwrap_or(0);
                }
            }
            CommandKind::Chain => place.number = (u64::from(arg("DIRECTION") == Some("out")), number("SEQ"), 0),
            CommandKind::Block => match row.opens.as_deref() {
                Some("interface") => place.number = interface_order(arg("IF").unwrap_or_default()),
                Some("device") => place.number = interface_order(arg("DEVICE").unwrap_or_default()),
                _ => {}
            },
            CommandKind::Keyed if row.vlan_group => place.number = (number("GROUP"), 0, 0),
            _ => {}
        }
        place
    }
}
