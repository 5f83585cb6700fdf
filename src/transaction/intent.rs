//! What is wanted of one router: which box it must be, what it should run, on which terms, and over which path it is reached.
//!
//! One type for every use: a task carries it to its executor, a plan file and the journal keep it, recovery reads it back. It
//! is data: serialised it names its model, holds no secret value and no connection. It decides nothing about a router by itself.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::desired::Desired;
use super::fact_note::rests_on;
use super::{Bounds, Looks, PreconditionError, Terms, TransactionError, revert_onto};
use crate::connect::PasswordLogin;
use crate::dialect::Dialect;
use crate::dialect::model::Model;
use crate::facts::Fact;
use crate::ix::{Config, Identity};
use crate::plan::{self, Knowledge, Lifeline, LifelinePath, Plan, Request};
use crate::secret::{self, CredentialName};

/// Everything a transaction must know about one router, decided before the first byte is sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// The router's name in the inventory.
    pub router: String,
    /// The site it is in.
    pub site: String,
    /// The roles it gets, for people.
    pub roles: Vec<String>,
    /// The box that it must be.
    pub device: ExpectedDevice,
    /// What it should run when we are done.
    pub desired: Desired,
    /// What is checked before the change is kept, and what is allowed.
    pub terms: Terms,
    /// How our own session reaches it.
    pub path: AccessPath,
    /// How long it may take.
    pub bounds: Bounds,
    /// Plan and undo are typed into a mock router before the real one sees them.
    pub rehearse_on_mock: bool,
}

/// The box that a router must be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedDevice {
    /// The model that the inventory names.
    pub model: &'static Model,
    /// What was reviewed about this model.
    pub fact: Option<Arc<Fact>>,
    /// The serial number it must have, from the inventory or typed by the operator.
    pub serial_number: Option<String>,
    /// The host name it must have, where that counts.
    pub host_name: Option<HostName>,
}

/// A host name, and the boxes on which it counts: those that one of our saved runs left with it. A new box has none
/// yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostName {
    /// The name that the inventory declares.
    pub name: String,
    /// The boxes, by serial number.
    pub boxes: Vec<String>,
}

/// How our own session reaches a router, as far as a change must mind it. No connection: that is found by the router's name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessPath {
    /// What the session depends on, as far as it is declared.
    pub lifeline: Lifeline,
    /// The address we dial: where the lifeline is not declared, the interface that has it.
    pub dialled: Option<String>,
    /// Another way in, in words; nothing where the inventory names none.
    pub second_way: Option<String>,
    /// The routers of the site that carry this path.
    pub through: Vec<String>,
    /// Who logs in with a password: a proof that the router has it.
    pub login: Option<PasswordLogin>,
    /// The password that an undo gives back to the user who logs in. Its printed form is entered again, and only a fresh login with this
    /// credential proves what that is the form of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gives_back: Option<PasswordLogin>,
}

impl HostName {
    /// Whether this box is one of those that have it.
    pub(super) fn is_on(&self, identity: &Identity) -> bool {
        identity.serial_number.as_ref().is_some_and(|number| self.boxes.contains(number))
    }
}

impl ExpectedDevice {
    /// Which box it must be, as far as that is said.
    pub fn identity(&self) -> Identity {
        Identity {
            model: Some(self.model.name.to_owned()),
            serial_number: self.serial_number.clone(),
            firmware: None,
            host_name: self.host_name.as_ref().map(|host_name| host_name.name.clone()),
        }
    }

    /// Lines that a reviewed fact calls the router's own.
    pub fn router_made(&self) -> &[String] {
        self.fact.as_deref().map_or(&[], |fact| &fact.router_made)
    }

    /// The factory lines that a reviewed fact gives the model.
    pub(super) fn reviewed_factory(&self) -> Option<&Config> {
        Some(self.fact.as_ref()?.factory.as_ref()?.tree(self.model.dialect()))
    }
}

impl Intent {
    /// What is looked at after its change.
    pub fn looks(&self) -> Looks {
        Looks::of(&self.terms.checks)
    }

    /// How our own session reaches it: as declared, or by the interface that has the address we dialled; never a guess beyond that.
    pub fn lifeline(&self, running: &Config) -> Lifeline {
        let (Lifeline::Unknown, Some(dialled)) = (&self.path.lifeline, &self.path.dialled) else {
            return self.path.lifeline.clone();
        };
        let found = running.nodes.iter().find(|block| {
            block.context() == "interface"
                && block.children.iter().any(|line| {
                    let address = line.text.strip_prefix("ip address ").and_then(|rest| rest.split('/').next());
                    address == Some(dialled.as_str())
                })
        });
        found.and_then(|block| block.arg("IF")).map_or(Lifeline::Unknown, |interface| {
            Lifeline::Path(LifelinePath {
                interface: Some(interface.to_owned()),
                address: Some(dialled.clone()),
                ..LifelinePath::default()
            })
        })
    }

    /// The language of its model.
    pub fn dialect(&self) -> &'static Arc<Dialect> {
        self.device.model.dialect()
    }

    /// A text of this router, read in the language of its model.
    pub fn parse(&self, text: impl AsRef<str>) -> Config {
        Config::parse(self.dialect(), text)
    }

    /// The same intent, what is desired completed by what runs today.
    ///
    /// # Errors
    /// [`PreconditionError::Conflict`] when what must be undone was changed again since.
    pub fn completed(self: &Arc<Self>, running: &Config) -> Result<Arc<Self>, TransactionError> {
        let Desired::Reverted { reverse, .. } = &self.desired else { return Ok(Arc::clone(self)) };
        // The trees that this takes end with it: the run's own copy waits for other uses as text.
        let desired = revert_onto(&reverse.unread(), running).map_err(|objects| {
            TransactionError::Precondition(PreconditionError::Conflict { router: self.router.clone(), objects })
        })?;
        Ok(Arc::new(Self { desired: Desired::Whole(desired.into()), ..(**self).clone() }))
    }

    /// The same with what is wanted as its text alone: it waits to be read again, and takes no more room than that.
    #[must_use]
    pub fn unread(&self) -> Self {
        Self { desired: self.desired.unread(), ..self.clone() }
    }

    /// The credential of the password that this user is to get, or to get back.
    pub fn password_for(&self, user: &str) -> Option<CredentialName> {
        let Some(text) = self.desired.text() else { return self.given_back(user) };
        let words = self.dialect().words();
        let mut lines = text.as_str().lines().rev();
        let line = lines.find(|line| words.new_administrator(line) == Some(user))?;
        secret::placeholders(line).next().or_else(|| self.given_back(user))
    }

    /// The administrator to whom a line gives a password, and the credential of that, where one is known.
    pub(super) fn administrator_of<'l>(&self, line: &'l str) -> Option<(&'l str, Option<CredentialName>)> {
        let user = self.dialect().words().new_administrator(line)?;
        Some((user, secret::placeholders(line).next().or_else(|| self.given_back(user))))
    }

    /// The credential of the password that this user gets back.
    fn given_back(&self, user: &str) -> Option<CredentialName> {
        self.path.gives_back.as_ref().filter(|login| login.user == user).map(|login| login.credential.clone())
    }

    /// The configuration that is wanted, where it is known before the router is read.
    pub fn wanted(&self) -> Option<&Config> {
        self.desired.text().map(|text| text.tree(self.dialect()))
    }

    /// The plan from what runs to what is wanted, given which secrets we know to be right.
    pub(crate) fn plan(
        &self,
        running: &Config,
        lifeline: &Lifeline,
        knowledge: &dyn Fn(&str) -> Knowledge,
    ) -> Result<Plan, TransactionError> {
        let exactly = |wanted: &Config| {
            plan::exactly(running, wanted, lifeline, self.terms.max_line).map_err(TransactionError::Plan)
        };
        match &self.desired {
            Desired::Unchanged => exactly(running),
            Desired::Whole(text) => {
                let wanted = text.tree(self.dialect());
                match plan::with_known_secrets(wanted, running, knowledge) {
                    Some(as_shown) => exactly(&as_shown),
                    None => exactly(wanted),
                }
            }
            Desired::Reverted { reverse, .. } => {
                let conflict = |objects| {
                    TransactionError::Precondition(PreconditionError::Conflict { router: self.router.clone(), objects })
                };
                let wanted = revert_onto(&reverse.unread(), running).map_err(conflict)?;
                plan::exactly(running, &wanted, lifeline, self.terms.max_line)
                    .map_err(|error| TransactionError::Plan(error.of_a_reverted_run()))
            }
            Desired::Withheld(_) => {
                Err(TransactionError::Precondition(PreconditionError::Withheld { router: self.router.clone() }))
            }
            Desired::Rendered(text) => {
                let request = Request {
                    running,
                    desired: text.tree(self.dialect()),
                    origins: text.origins(),
                    ownership: &self.terms.owns,
                    model: Some(self.device.model),
                    factory: self.device.reviewed_factory(),
                    router_made: self.device.router_made(),
                    lifeline,
                    knowledge,
                    options: self.terms.options(),
                };
                let mut plan = plan::plan(&request).map_err(TransactionError::Plan)?;
                if let Some(fact) = &self.device.fact {
                    plan = plan.preferring(Arc::clone(&fact.removal));
                    plan.notes.extend(rests_on(self.device.model, &self.terms.owns, fact, &plan));
                }
                Ok(plan)
            }
        }
    }
}

#[cfg(test)]
#[path = "intent_tests.rs"]
mod tests;
