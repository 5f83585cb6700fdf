//! Labels of routers that were saved: what is stuck on a box, or laid into its parcel, before it goes to its site. Put together from the work
//! record alone, so they can be made again from the journal at any time. A router that is not saved and proven has none.

mod page;

pub use page::labels_page;

use super::work::{Moment, RouterPart, WorkRecord};
use crate::dialect::model;
use crate::ix::Config;
use crate::ix::ports::{PortUse, port_uses};
use crate::message::Text;
use crate::state::State;
use crate::transaction::digest;

/// The labels of some routers.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    /// A label for each router that was saved.
    pub labels: Vec<Label>,
    /// The others.
    pub without: Vec<Unlabelled>,
}

/// A label.
#[derive(Debug, Clone, Default)]
pub struct Label {
    /// The site.
    pub site: String,
    /// The clinic's name; only where that was asked for.
    pub title: Option<String>,
    /// The router.
    pub router: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// Its model.
    pub model: Option<String>,
    /// Its serial number, as it named it.
    pub serial_number: Option<String>,
    /// Its firmware when it was read last.
    pub firmware: Option<String>,
    /// Which interface is for what; nothing where the configuration was not kept.
    pub ports: Option<Vec<PortUse>>,
    /// SHA-256 of its canonical configuration without secret values, in hexadecimal digits; likewise.
    pub configuration: Option<String>,
    /// The run that saved it.
    pub run: String,
    /// It is no box: the mock router that is built into this program.
    pub is_mock: bool,
    /// When that was proven.
    pub saved: Option<Moment>,
}

/// A router without a label.
#[derive(Debug, Clone)]
pub struct Unlabelled {
    /// The site.
    pub site: String,
    /// The router.
    pub router: String,
    /// How it ended.
    pub end: Text,
}

impl Labels {
    /// Those of the routers of a work record.
    pub fn of(record: &WorkRecord) -> Self {
        let mut labels = Self::default();
        for one in &record.routers {
            if one.end() == State::Saved.word() {
                labels.labels.push(label(one, &record.run.run));
            } else {
                let (site, router, end) = (one.site.clone(), one.router.clone(), one.end_words());
                labels.without.push(Unlabelled { site, router, end });
            }
        }
        labels
    }

    /// These and others. Of a router that is in both the new ones count.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        let is_new = |router: &String| others.labels.iter().any(|one| one.router == *router);
        self.labels.retain(|known| !is_new(&known.router));
        self.without.retain(|known| !is_new(&known.router));
        self.labels.extend(others.labels);
        self.without.extend(others.without);
        self
    }
}

fn label(one: &RouterPart, run: &str) -> Label {
    let kept = one.configurations.as_ref();
    // Where nothing was to be changed, it runs what it ran before.
    let text = kept.and_then(|kept| kept.after.as_ref().or(kept.before.as_ref().filter(|_| one.sent == 0)));
    let config = text.map(|text| Config::parse(model::dialect_of(one.model.as_deref().unwrap_or_default()), text));
    Label {
        site: one.site.clone(),
        title: one.contact.as_ref().and_then(|contact| contact.title.clone()),
        router: one.router.clone(),
        roles: one.roles.clone(),
        model: one.model.clone(),
        serial_number: one.serial_number.clone(),
        firmware: one.firmware_after.clone(),
        ports: config.as_ref().map(port_uses),
        configuration: config.as_ref().map(digest),
        run: run.to_owned(),
        is_mock: one.is_mock(),
        saved: one.save.at,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod labels_tests;
