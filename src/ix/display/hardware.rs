//! `show hardware`.

use super::item::{End, Field, moves, stays};
use super::lines::{Line, Notes, after};

pub(super) const FIELDS: &[Field] =
    &[stays("model"), stays("serial-number"), stays("unit"), stays("transceiver"), stays("ztp"), moves("led")];

/// Beginnings and ends of lines that say nothing that is asked.
const KNOWN: [&str; 9] = [
    "ZTP<",
    "ZTP ID",
    "Next boot mode",
    "Processor board",
    "CPU/",
    "IPsec accelerator:",
    "on board security engine",
    "LED information:",
    "USB",
];
const KNOWN_ENDS: [&str; 3] = ["main memory", "configuration memory", "processor flash memory <0>"];

/// What `show hardware` says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hardware {
    /// The model, `IX2215`.
    pub model: Option<String>,
    /// The serial number.
    pub serial_number: Option<String>,
}

impl Hardware {
    /// Reads the answer of `show hardware`.
    pub fn parse(text: &str) -> Self {
        let mut hardware = Self::default();
        for line in text.lines().map(str::trim) {
            if let Some(found) = model(line) {
                hardware.model = Some(found.to_owned());
            } else if let Some(number) = serial_number(line) {
                hardware.serial_number = Some(number.to_owned()).filter(|number| !number.is_empty());
            }
        }
        hardware
    }
}

/// `IX Series IX2215 Hardware Platform`.
fn model(line: &str) -> Option<&str> {
    line.strip_prefix("IX Series ")?.split_whitespace().next()
}

/// `S/N: 8609839273`; the number may be missing.
fn serial_number(line: &str) -> Option<&str> {
    line.strip_prefix("S/N:").map(str::trim)
}

fn is_known(text: &str) -> bool {
    KNOWN.iter().any(|mark| text.starts_with(mark))
        || KNOWN_ENDS.iter().any(|end| text.ends_with(end))
        || text.contains(" processor (revision ")
}

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut end = End::CutOff;
    let mut unit = "";
    let mut is_ztp = false;
    for line in lines {
        if line.indent == 0 && line.text.ends_with(':') {
            is_ztp = line.text.starts_with("ZTP<");
        }
        let text = line.text;
        if let Some(found) = model(text) {
            notes.say("", "model", found);
        } else if let Some(number) = serial_number(text) {
            notes.say("", "serial-number", number);
            end = End::Open;
        } else if let Some(name) = after(line, "Onboard interface unit ") {
            unit = name.trim_end_matches(':');
            notes.say("", "unit", unit);
        } else if let Some(status) = after(line, "Status").filter(|_| is_ztp) {
            notes.say("", "ztp", status.trim_start_matches([':', ' ']));
        } else if let Some((_, name)) = text.split_once("ransceiver is ").or_else(|| text.split_once("ransceivers is "))
        {
            notes.say(unit, "transceiver", name);
        } else if let Some(leds) = leds(text) {
            for (name, state) in leds {
                notes.say(name, "led", state);
            }
        } else if !is_known(text) {
            notes.unknown(line);
        }
    }
    end
}

/// `PWR: On     ALM: Off    BSY: Off`.
fn leds(text: &str) -> Option<Vec<(&str, &str)>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let pairs = words.chunks(2).map(|pair| match pair {
        [name, state @ ("On" | "Off" | "Blink")] => Some((name.strip_suffix(':')?, *state)),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::Hardware;

    #[test]
    fn model_and_serial_number_are_read() {
        let hardware = Hardware::parse("IX Series IX2215 Hardware Platform\n\nS/N: ABC0123456\n\nZTP<0>:\n");
        assert_eq!(hardware.model.as_deref(), Some("IX2215"));
        assert_eq!(hardware.serial_number.as_deref(), Some("ABC0123456"));
        assert_eq!(Hardware::parse("S/N:\n").serial_number, None);
    }
}
