//! How the library reaches an SSH agent on Windows: by itself.

use std::time::Instant;

use ssh2::Agent;

/// Nothing is between the library and an agent on this system.
pub(super) struct AgentRelay;

impl AgentRelay {
    /// Without an effect: the library waits as long as the agent likes.
    pub(super) const fn allow_until(&self, _deadline: Instant) {}

    /// Never.
    pub(super) const fn was_cut(&self) -> bool {
        false
    }
}

/// Connects the library to the agent that it finds by itself; otherwise the reason.
pub(super) fn relay_agent(agent: &mut Agent, _until: Instant) -> Result<AgentRelay, String> {
    agent.connect().map_err(|error| error.message().to_owned())?;
    Ok(AgentRelay)
}
