//! Reads a backup file from any backup program: the configuration, the header and session text around it, and the marks of masked secrets.
//!
//! It removes text that is certainly not configuration and keeps all line numbers. It looks only at the file's contents, and never
//! decides which router the file belongs to.

use std::sync::Arc;

use super::display::Version;
use super::line::{has_odd_bytes, to_text};
use super::mask::{MASK, mask_line};
use super::masked;
use crate::dialect::Dialect;
use crate::dialect::grammar::{GLOBAL, words};
use crate::dialect::model::{self, Model};

/// The beginning of the first line of a backup from which we removed the secrets ourselves: it must never be sent to a
/// router.
pub const OWN_MARK: &str = "! masked backup:";

/// Why bytes are no configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoConfiguration {
    /// Two bytes for each character.
    NotText,
    /// This line, from 1, is of a terminal: a page mark or a prompt. Where a page ended or a prompt was, a section may have lost its
    /// header, and what follows would land on another interface.
    Terminal(usize),
}

/// A line from which something was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The line of the file, from 1.
    pub line: u32,
    /// What it still says, as it may be shown.
    pub text: String,
}

/// What the header says about the router and the time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// The family of the firmware's image, `IX2215`.
    pub family: Option<String>,
    /// The firmware's version.
    pub firmware: Option<String>,
    /// When the router showed it, or last changed it, in the router's own words.
    pub time: Option<String>,
}

/// A configuration as a backup tool or a person kept it.
#[derive(Debug, Clone)]
pub struct Backup {
    /// The file without what surrounds the configuration; masked lines as they were.
    plain: String,
    /// The same where every masked line, one that was commented out too, is a line with our own mask in it.
    compared: Option<String>,
    /// The masked lines.
    pub masked: Vec<Masked>,
    /// Whether we masked it ourselves: then it is masked whatever it holds.
    pub ours: bool,
    /// What its header says.
    pub header: Header,
    /// The lines, from 1, that hold bytes which are no UTF-8 and are no comments.
    pub odd_bytes: Vec<u32>,
}

/// With what some editors begin a file in UTF-8.
const UTF_8: &[u8] = b"\xef\xbb\xbf";

impl Backup {
    /// Reads what a file holds.
    ///
    /// # Errors
    /// [`NoConfiguration`].
    pub fn read(bytes: &[u8]) -> Result<Self, NoConfiguration> {
        let bytes = bytes.strip_prefix(UTF_8).unwrap_or(bytes);
        // A byte 0 by itself is a slip in one line, and said where the line is typed.
        if bytes.iter().filter(|byte| **byte == 0).count() > bytes.len() / 4 {
            return Err(NoConfiguration::NotText);
        }
        let text = to_text(bytes);
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let (from, to) = (session_before(&lines), session_behind(&lines));
        let is_around = |index: usize, line: &str| index < from && !is_comment(line) || index >= to;
        let is_wrong = |(index, line): &(usize, &&str)| !is_around(*index, line) && is_of_a_terminal(line.trim_end());
        if let Some((index, _)) = lines.iter().enumerate().find(is_wrong) {
            return Err(NoConfiguration::Terminal(index + 1));
        }
        let mut read = Reading::default();
        let deeper = deeper_below(&lines);
        for ((index, line), deeper) in lines.iter().enumerate().zip(deeper) {
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            if is_around(index, line) {
                read.nothing(line);
            } else {
                read.line(number, line, deeper);
            }
        }
        let header = header_of(&lines);
        let Reading { plain, compared, masked, odd_bytes, .. } = read;
        let compared = (!masked.is_empty()).then_some(compared);
        let ours = lines.first().is_some_and(|line| line.starts_with(OWN_MARK));
        Ok(Self { plain, compared, masked, ours, header, odd_bytes })
    }

    /// The configuration as the file has it: what is missing there is missing here.
    pub fn unedited(&self) -> &str {
        &self.plain
    }

    /// The configuration to be compared: every masked line is there, with our own mask in it. Bytes that are not UTF-8 are in it as
    /// [`to_text`] carries them.
    pub fn to_compare(&self) -> &str {
        self.compared.as_deref().unwrap_or(&self.plain)
    }

    /// The dialect of the model that its header names; of a file whose header names none, [`Dialect::of_unnamed_files`].
    pub fn dialect(&self) -> &'static Arc<Dialect> {
        let model = self.header.family.as_deref().and_then(model::find);
        model.map_or_else(Dialect::of_unnamed_files, Model::dialect)
    }

    /// Whether something was taken out of it.
    pub fn is_masked(&self) -> bool {
        self.ours || !self.masked.is_empty()
    }
}

/// The text while it is read.
#[derive(Default)]
struct Reading<'t> {
    plain: String,
    compared: String,
    masked: Vec<Masked>,
    odd_bytes: Vec<u32>,
    /// The last line that is not indented, where it may open a block.
    block: Option<&'t str>,
}

impl<'t> Reading<'t> {
    /// A line that is not part of the configuration: only its end is kept, so that the others keep their numbers.
    fn nothing(&mut self, line: &'t str) {
        let end = line.get(line.trim_end_matches(['\n', '\r']).len()..).unwrap_or_default();
        self.push(end, end, "");
    }

    /// A line; `deeper` says whether the next line of the configuration is indented.
    fn line(&mut self, number: u32, line: &'t str, deeper: bool) {
        let body = line.trim_end_matches(['\n', '\r']);
        let end = line.get(body.len()..).unwrap_or_default();
        let (shown, indent) = if is_comment(body) {
            // The mode around it counts where the comment may be a line without its secret; hardly any is.
            let block = self.block.filter(|_| masked::may_be_masked(body));
            let mode = block.and_then(opens).unwrap_or_default();
            let line = masked::commented_out(body.trim(), mode);
            // In a header a counter may have been removed; after it a line.
            if line.is_none() && self.block.is_some() && masked::says_so(body) {
                self.masked.push(Masked { line: number, text: mask_line(body.trim()) });
            }
            let inside = line.as_ref().is_some_and(|line| self.block.is_some() && is_inside(body, line, mode, deeper));
            (line, if inside { "  " } else { "" })
        } else {
            if has_odd_bytes(body) {
                self.odd_bytes.push(number);
            }
            if !body.starts_with([' ', '\t']) && !body.is_empty() {
                self.block = Some(body);
            }
            (masked::normal(body), "")
        };
        match shown {
            Some(text) => {
                self.masked.push(Masked { line: number, text: mask_line(text.trim()) });
                self.push(line, indent, &format!("{text}{end}"));
            }
            None => self.push(line, line, ""),
        }
    }

    fn push(&mut self, plain: &str, compared: &str, rest: &str) {
        self.plain.push_str(plain);
        self.compared.push_str(compared);
        self.compared.push_str(rest);
    }
}

/// The mode that a line of the global mode opens.
fn opens(line: &str) -> Option<&'static str> {
    Dialect::any().grammar().look_up(GLOBAL, &words(line)).filter(|known| !known.off)?.row.opens.as_deref()
}

/// Whether a line that is now a comment was in the block above it. The program that made it one may have kept its indentation, or not;
/// where the block goes on below it, it was in it.
fn is_inside(comment: &str, line: &str, mode: &str, deeper: bool) -> bool {
    let rest = comment.trim_start().trim_start_matches('!');
    let split = words(line);
    let known = |mode: &str| Dialect::any().grammar().look_up(mode, &split).is_some_and(|known| !known.row.family);
    let deep = rest.starts_with("  ") || rest.starts_with('\t') || comment.starts_with([' ', '\t']);
    deeper || !mode.is_empty() && known(mode) || deep && !known(GLOBAL)
}

/// For each line, whether the next one that is no comment is indented.
fn deeper_below(lines: &[&str]) -> Vec<bool> {
    let mut deeper = Vec::with_capacity(lines.len());
    let mut next = false;
    for line in lines.iter().rev() {
        deeper.push(next);
        if !line.trim().is_empty() && !is_comment(line) {
            next = line.starts_with([' ', '\t']);
        }
    }
    deeper.reverse();
    deeper
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('!')
}

/// A line of a header that begins with `#`: no command does.
fn is_title(line: &str) -> bool {
    line.starts_with('#')
}

/// How many lines at the beginning are of the session in which the display was read. Comments among them stay.
fn session_before(lines: &[&str]) -> usize {
    let (commands, texts) = (Dialect::any().commands(), Dialect::any().strings().around_display);
    let mut from = 0;
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim();
        let typed = typed_at_a_prompt(line);
        let session = typed.is_some_and(|typed| {
            typed.is_empty() || begins(typed, &["show", "terminal", commands.top, commands.enable_config])
        }) || is_title(line)
            || texts.iter().any(|text| line.starts_with(text))
            || commands.is_display_of_configuration(line);
        if session {
            from = index + 1;
        } else if !line.is_empty() && !is_comment(line) {
            break;
        }
    }
    from
}

/// The first line of what follows the configuration: prompts, and what was typed there to leave.
fn session_behind(lines: &[&str]) -> usize {
    let (mut to, exit) = (lines.len(), Dialect::any().commands().exit);
    for (index, line) in lines.iter().enumerate().rev() {
        let line = line.trim();
        let typed = typed_at_a_prompt(line);
        if typed.is_some_and(|typed| typed.is_empty() || begins(typed, &[exit, "logout", "quit", "end", "terminal"])) {
            to = index;
        } else if !line.is_empty() {
            break;
        }
    }
    to
}

/// What was typed at the prompt that a line begins with.
fn typed_at_a_prompt(line: &str) -> Option<&str> {
    Dialect::any().prompts().split(line).map(|(_, typed)| typed.trim())
}

/// Whether the first word that was typed is one of these, perhaps cut short.
fn begins(typed: &str, all: &[&str]) -> bool {
    let word = words(typed).first().copied().unwrap_or_default();
    word.len() >= 2 && all.iter().any(|whole| whole.starts_with(word))
}

/// A page mark, or a prompt with what was typed at it; the bare prompt at the end of a capture does no harm.
fn is_of_a_terminal(line: &str) -> bool {
    let prompt = typed_at_a_prompt(line).is_some_and(|typed| !typed.is_empty());
    line.trim_start().starts_with(Dialect::any().strings().pager) || prompt
}

/// The most lines of a header that are looked at.
const HEADER: usize = 64;
/// What precedes the time in the router's own header (T), and in that of a startup display.
const TIMES: [&str; 2] = ["Current time ", "Last updated "];

/// What the comments before the configuration say.
fn header_of(lines: &[&str]) -> Header {
    let is_head =
        |line: &&&str| line.trim().is_empty() || is_comment(line) || is_title(line) || line.starts_with("Using ");
    let comments = lines.iter().take(HEADER).skip_while(|line| !is_comment(line)).take_while(is_head);
    let text: Vec<&str> = comments.map(|line| line.trim_matches(['!', '#', ' ', '\t', '\r', '\n'])).collect();
    let Version { family, firmware, .. } = Version::parse(&text.join("\n"));
    let time = text.iter().find_map(|line| TIMES.iter().find_map(|before| line.strip_prefix(before)));
    Header { family, firmware, time: time.map(str::to_owned) }
}

/// A text from which we removed the secrets, with the mark that says so.
pub fn masked_by_us(masked: &str) -> String {
    format!("{OWN_MARK} secrets are replaced by {MASK}, this file cannot be restored\n{masked}")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{Backup, Masked, NoConfiguration, is_of_a_terminal};
    use crate::dialect::Dialect;
    use crate::ix::Config;

    fn read(text: &str) -> Backup {
        Backup::read(text.as_bytes()).unwrap()
    }

    fn compared(text: &str) -> String {
        Config::parse(Dialect::ix(), read(text).to_compare()).print()
    }

    #[test]
    fn what_a_terminal_shows_is_told_from_a_configuration() {
        for line in [
            "--More--",
            "--More--\r        \rinterface GigaEthernet0.0",
            "Router(config)# show running-config",
            "r1# sh run",
        ] {
            assert!(is_of_a_terminal(line), "{line}");
        }
        for line in [
            "",
            "!",
            "Router(config)# ",
            "  description ## WAN ##",
            "hostname a#b c",
            "! saved --More--",
            "# SOURCE: x",
        ] {
            assert!(!is_of_a_terminal(line), "{line}");
        }
    }

    #[test]
    fn the_session_around_a_display_is_no_part_of_it_and_one_in_its_middle_is_an_error() {
        let inner = "! NEC Portable Internetwork Core Operating System Software\n!\nhostname a\ninterface GigaEthernet0.0\n  shutdown\n";
        for text in [
            format!(
                "r1# enable-config\nEnter configuration commands, one per line. End with CNTL/Z.\nr1(config)# terminal length 0\nr1(config)# show running-config\n{inner}r1(config)# exit\nr1# exit\n"
            ),
            format!("show running-config\n{inner}!\nr1(config)# \n"),
            format!("# a title of the program\n\n{inner}\n\n"),
            format!("Building configuration...\n{inner}").replace('\n', "\r\n"),
        ] {
            assert_eq!(compared(&text), compared(inner), "{text}");
            assert!(!read(&text).is_masked());
        }
        for (text, line) in [
            ("hostname a\nr1(config)# interface GigaEthernet0.0\n  shutdown\n", 2),
            ("r1(config)# hostname b\nhostname a\n", 1),
            ("hostname a\n--More--\r       \rinterface x\nexit\n", 2),
            ("hostname a\nr1# show arp\nr1# exit\n", 2),
        ] {
            assert_eq!(Backup::read(text.as_bytes()).unwrap_err(), NoConfiguration::Terminal(line), "{text}");
        }
    }

    #[test]
    fn a_masked_line_keeps_its_number_and_its_place() {
        let text = "! RANCID-CONTENT-TYPE: nec-ix\n!\nhostname a\n!username admin password <removed>\n!\nppp profile flets\n!  authentication password me@isp <removed>\n  lcp echo\n! authentication password you@isp <secret hidden>\n!\nsnmp-agent ip community ********\n";
        let backup = read(text);
        let lines: Vec<u32> = backup.masked.iter().map(|masked| masked.line).collect();
        assert_eq!(lines, [4, 7, 9, 11]);
        let mut places = Vec::new();
        Config::parse(Dialect::ix(), backup.to_compare()).walk(&mut |path, node| {
            places.push(path.iter().map(|header| &*header.text).chain([&*node.text]).collect::<Vec<_>>().join(" / "));
        });
        for place in [
            "username admin password ********",
            "ppp profile flets / authentication password me@isp ********",
            "ppp profile flets / authentication password you@isp ********",
            "snmp-agent ip community ********",
        ] {
            assert!(places.iter().any(|other| other == place), "{place} in {places:?}");
        }
        let unedited = backup.unedited();
        assert_eq!(unedited, text, "what is printed again brings no comment to life");
    }

    #[test]
    fn a_comment_inside_a_block_stays_in_it_and_one_that_names_no_line_counts_too() {
        let places = |text: &str| {
            let mut places = Vec::new();
            Config::parse(Dialect::ix(), read(text).to_compare()).walk(&mut |path, node| {
                places
                    .push(path.iter().map(|header| &*header.text).chain([&*node.text]).collect::<Vec<_>>().join(" / "));
            });
            places
        };
        // The indentation went with the `!`, and no one knows the block.
        assert_eq!(
            places("flux profile a\n  one\n!secret <removed>\n  two\n!secret <removed>\nhostname a\n"),
            [
                "flux profile a",
                "flux profile a / one",
                "flux profile a / secret ********",
                "flux profile a / two",
                "secret ********",
                "hostname a"
            ]
        );
        for comment in ["! <removed>", "! [line removed]", "! (removed)", "!<secret hidden>"] {
            assert!(read(&format!("hostname a\n{comment}\n")).is_masked(), "{comment}");
            assert!(!read(&format!("{comment}\nhostname a\n")).is_masked(), "a header's counter: {comment}");
        }
        assert!(!read("hostname a\n! (removed the old list of 2024)\n! removed the old list\n").is_masked());
    }

    #[test]
    fn a_header_says_which_firmware_and_when() {
        let header = "! NEC Portable Internetwork Core Operating System Software\n! IX Series IX2215 (magellan-sec) Software, Version 10.7.18, RELEASE SOFTWARE\n! Compiled Oct 25-Tue-2022 12:37:13 JST #2\n! Current time May 26-Sun-2024 16:08:00 JST\n!\n";
        let found = read(&format!("!RANCID-CONTENT-TYPE: nec-ix\n!\n{header}hostname a\n! Current time none\n")).header;
        assert_eq!(found.family.as_deref(), Some("IX2215"));
        assert_eq!(found.firmware.as_deref(), Some("10.7.18"));
        assert_eq!(found.time.as_deref(), Some("May 26-Sun-2024 16:08:00 JST"));
        assert_eq!(read("hostname a\n").header, super::Header::default());
    }

    #[test]
    fn bytes_of_another_encoding_are_said_where_they_are_no_comment_and_two_byte_text_is_none() {
        let backup =
            Backup::read(b"! \x93\xfa\x96{\nhostname a\ninterface GigaEthernet0.0\n  description \x93\xfa\x96{\n")
                .unwrap();
        assert_eq!(backup.odd_bytes, [4]);
        assert!(crate::ix::line::to_bytes(backup.to_compare()).ends_with(b"  description \x93\xfa\x96{\n"));
        assert_eq!(Backup::read(b"\xff\xfeh\0o\0").unwrap_err(), NoConfiguration::NotText);
        assert!(Backup::read(b"hostname a\n\0\n").is_ok());
    }

    #[test]
    fn our_own_mark_counts_where_nothing_was_masked_too() {
        let text = super::masked_by_us("hostname a\n");
        assert!(read(&text).is_masked() && read(&text).masked.is_empty());
        let text = super::masked_by_us("username a password hash ******** administrator\n");
        let masked = Masked { line: 2, text: "username a password hash ******** administrator".to_owned() };
        assert_eq!(read(&text).masked, [masked]);
    }
}
