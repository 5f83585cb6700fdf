//! The commands that the program types by itself, and the few words of a configuration that it must understand to type at all.
//!
//! A form to be filled in; what is in it is the data of a series (`ix.rs`, `ix_r.rs`). Which of them may be typed when is decided in
//! `session`; a line of a plan never passes through here.

/// What the program types by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commands {
    /// Asks for configuration mode; refused while another session holds it.
    pub enable_config: &'static str,
    /// Takes configuration mode from its holder; administrators only.
    pub steal_config: &'static str,
    /// From any submode to global configuration mode.
    pub top: &'static str,
    /// Lines in a text that lead to global configuration mode.
    pub tops: &'static [&'static str],
    /// Leaves one level; in operation mode it logs out.
    pub exit: &'static str,
    /// Turns the pager off for this session; configuration mode only.
    pub no_pager: &'static str,
    /// Widens the terminal so that echoes do not fold; its refusal is harmless.
    pub wide: &'static str,
    /// Silences log lines on the console for this session.
    pub no_events: &'static str,
    /// Saves running to startup without a question.
    pub save: &'static str,
    /// Restarts the router after a question.
    pub reload: &'static str,
    /// What the question before a restart wants.
    pub yes: &'static str,
    /// What leaves that question unharmed: its default.
    pub no: &'static str,
    /// Generates the SSH host key.
    pub generate_host_key: &'static str,
    /// The running configuration; configuration mode only.
    pub show_running: &'static str,
    /// The startup configuration; configuration mode only.
    pub show_startup: &'static str,
    /// What is asked where [`Commands::show_startup`] is refused or shows none, in this order.
    pub show_startup_otherwise: &'static [&'static str],
    /// Firmware, uptime and what the running configuration is based on.
    pub show_version: &'static str,
    /// Model and serial number.
    pub show_hardware: &'static str,
    /// The router's clock: short, and answered in every mode; a waiting session shows with it that it is alive.
    pub show_clock: &'static str,
    /// Files in flash memory, the SSH host key among them; configuration mode only.
    pub show_flash: &'static str,
    /// Begins a line that the router drops without leaving a submode.
    pub comment: &'static str,
}

impl Commands {
    /// Whether a line is a command that shows a configuration, whatever follows its words.
    pub fn is_display_of_configuration(&self, line: &str) -> bool {
        let otherwise = self.show_startup_otherwise.iter().copied();
        [self.show_running, self.show_startup].into_iter().chain(otherwise).any(|command| {
            let mut typed = line.split_ascii_whitespace();
            command.split_ascii_whitespace().all(|word| typed.next() == Some(word))
        })
    }
}

/// Words of a configuration line that decide how the conversation goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfigWords {
    /// Before a line: its removal.
    pub negation: &'static str,
    /// Gives the router the name that its prompts show.
    pub host_name: &'static str,
    /// Sets a user and the password.
    pub user: &'static str,
    /// The last word of a user's line that gives the right to change the router.
    pub administrator: &'static str,
    /// The whole line that turns the SSH server on; it needs a host key.
    pub ssh_server: &'static str,
}

impl ConfigWords {
    /// The host name a configuration line gives the router: `Some(Some(name))` for a new name, `Some(None)` for its removal.
    pub fn renames<'l>(&self, line: &'l str) -> Option<Option<&'l str>> {
        let mut words = line.split_ascii_whitespace();
        match (words.next()?, words.next()) {
            (first, Some(name)) if first == self.host_name => Some(Some(name)),
            (first, Some(second)) if first == self.negation && second == self.host_name => Some(None),
            _ => None,
        }
    }

    /// What owns the password of a user, as `mask::secret_owner` names it.
    pub fn owner_of_password(&self, user: &str) -> String {
        format!("{} {user}", self.user)
    }

    /// A line that shows a password in a form that cannot be typed on another box (the hash of a user, the sealed one of a NetMeister account),
    /// with this password to be typed instead; nothing for any other line.
    pub fn with_password(&self, line: &str, password: &str) -> Option<String> {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let typed = match words.as_slice() {
            [first, user, "password", "hash", _, rest @ ..] if *first == self.user => {
                [[self.user, user, "password", "plain", "1", password].as_slice(), rest].concat()
            }
            ["nm", "account", group, "password", "secret", _] => {
                vec!["nm", "account", group, "password", "plain", password]
            }
            _ => return None,
        };
        Some(typed.join(" "))
    }

    /// The user whom a line makes an administrator.
    pub fn new_administrator<'l>(&self, line: &'l str) -> Option<&'l str> {
        let mut words = line.split_ascii_whitespace();
        let user = (words.next()? == self.user).then(|| words.next())??;
        (words.next_back()? == self.administrator).then_some(user)
    }

    /// Whether a line sets, changes or removes a user.
    pub fn concerns_user(&self, line: &str) -> bool {
        let mut words = line.split_ascii_whitespace();
        let first = words.next();
        first == Some(self.user) || first == Some(self.negation) && words.next() == Some(self.user)
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;

    #[test]
    fn a_rename_is_seen_before_it_is_typed() {
        let words = Dialect::ix().words();
        assert_eq!(words.renames("hostname clinic-1"), Some(Some("clinic-1")));
        assert_eq!(words.renames("no hostname"), Some(None));
        assert_eq!(words.renames("hostname"), None);
        assert_eq!(words.renames("no ip address"), None);
    }

    #[test]
    fn a_password_that_is_shown_as_a_hash_is_typed_in_plain() {
        let words = Dialect::ix().words();
        let typed = words.with_password("username a password hash 1234@ administrator", "x");
        assert_eq!(typed.as_deref(), Some("username a password plain 1 x administrator"));
        assert_eq!(
            words.with_password("username a password hash 1234@", "x").as_deref(),
            Some("username a password plain 1 x")
        );
        let account = words.with_password("nm account g password secret 5678", "x");
        assert_eq!(account.as_deref(), Some("nm account g password plain x"));
        for other in ["username a password plain 1 y", "nm account g password hash y", "no username a password hash y"]
        {
            assert_eq!(words.with_password(other, "x"), None, "{other}");
        }
    }

    #[test]
    fn the_commands_that_show_a_configuration_are_known_by_their_words() {
        let commands = Dialect::ix().commands();
        for (line, is_one) in [
            (" show  running-config", true),
            ("show startup-config | more", true),
            ("show config", true),
            ("show running", false),
            ("show", false),
            ("", false),
        ] {
            assert_eq!(commands.is_display_of_configuration(line), is_one, "{line:?}");
        }
    }

    #[test]
    fn a_line_about_a_user_is_known_whatever_it_does() {
        let words = Dialect::ix().words();
        let line = "username admin password hash 1234@ administrator";
        assert_eq!(words.new_administrator(line), Some("admin"));
        assert_eq!(words.new_administrator("username ops password hash 1234@ monitor"), None);
        for (line, concerns) in [(line, true), ("no username ops", true), ("no ip address", false), ("", false)] {
            assert_eq!(words.concerns_user(line), concerns, "{line}");
        }
    }
}
