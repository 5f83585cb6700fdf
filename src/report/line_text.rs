//! An access line in words, for people: what is known of it, from what, and what does not fit.

use super::style::Style;
use crate::ix::access_line::{Certainty, Finding, Misfit};
use crate::message::{Lang, Text};
use crate::record::LineRecord;
use crate::transaction::SeenLine;
use crate::visible;

/// The line of a router: each finding with what it is known from.
pub fn line_words(seen: &SeenLine, lang: Lang) -> String {
    let mut out = String::new();
    for Finding { about, says, because, certainty } in &seen.line.findings {
        let (about, says) = (about.name(), visible::line(says.get(lang)).into_owned());
        let because = visible::line(because.get(lang)).into_owned();
        let likely = match certainty {
            Certainty::Inferred => lang.pick("likely ", "おそらく "),
            Certainty::Shown | Certainty::NotKnown => "",
        };
        out.push_str(&format!("  {}: {likely}{says} ({because})\n", about.get(lang)));
    }
    if !seen.line.is_visible() {
        let text = lang.pick(
            "the line is not visible before the change: its port is shut, as on a factory box. The checks after the push say which line it is",
            "変更前は回線を確認できません(工場出荷時のようにポートが閉じています)。投入後の確認項目で判定します",
        );
        out.push_str(&format!("  {text}\n"));
    }
    out + &misfit_words(&seen.misfits, lang)
}

/// A line as it was recorded: which it seems to be, and what does not fit.
pub fn line_record_words(line: &LineRecord, lang: Lang) -> String {
    let seems = visible::line(line.seems.get(lang)).into_owned();
    let head = match lang {
        Lang::En => format!("  the line at {}: {seems}\n", visible::line(&line.interface)),
        Lang::Ja => format!("  {} の回線: {seems}\n", visible::line(&line.interface)),
    };
    let fits = match line.misfits.is_empty() {
        true => format!("  {}\n", lang.pick("it fits what the roles ask of it", "ロールの設定に合っています")),
        false => texts(&line.misfits, lang),
    };
    head + &fits
}

/// What does not fit, a line each.
pub fn misfit_words(misfits: &[Misfit], lang: Lang) -> String {
    texts(&misfits.iter().map(Misfit::text).collect::<Vec<_>>(), lang)
}

fn texts(misfits: &[Text], lang: Lang) -> String {
    let words = |text: &Text| {
        let said = match lang {
            Lang::En => format!("does not fit: {}", text.en),
            Lang::Ja => format!("設定と合いません: {}", text.ja),
        };
        format!("  {}\n", Style::Warn.on(&said))
    };
    misfits.iter().map(words).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::line_words;
    use crate::ix::access_line::{AccessLine, Misfit, Probes};
    use crate::ix::display::{Display, Kind, Shown};
    use crate::message::Lang;
    use crate::transaction::SeenLine;

    const WAN: &str = "GigaEthernet0.0";

    fn seen(displays: &[(&str, &str)], misfits: Vec<Misfit>) -> SeenLine {
        let shown = |(command, text): &(&str, &str)| {
            let display = Display::read(Kind::of_command(command).unwrap(), text);
            Shown { command: (*command).to_owned(), display }
        };
        let shown: Vec<Shown> = displays.iter().map(shown).collect();
        SeenLine { line: AccessLine::read(WAN, &shown, &Probes::default()), misfits }
    }

    #[test]
    fn each_finding_is_said_with_what_it_is_known_from_and_what_is_inferred_says_so() {
        let displays = [
            ("show ip interface GigaEthernet0.0", "Interface GigaEthernet0.0 is up, line protocol is up\n"),
            ("show ipv6 dhcp client", "DHCPv6 client is enabled\nInterface GigaEthernet0.0 is active\n"),
            (
                "show ipv6 neighbors",
                "Neighbor cache - 1 dynamic, 1023 free, 0 static\nInterface GigaEthernet0.0 is up, line protocol is up\n  Neighbor fe80::b (router)\n    STALE, linklayer 02:00:00:00:00:0b, uptime 0:00:15, age 0:09:00\n",
            ),
        ];
        let seen = seen(&displays, vec![Misfit::Delegated]);
        let said = |lang| anstream::adapter::strip_str(&line_words(&seen, lang)).to_string();
        let expected = "  link: up (`show ip interface GigaEthernet0.0`: state up)
  IPv6: likely RA only: no prefix is delegated, and the provider's router is there (`show ipv6 neighbors`: router fe80::b)
  DNS: not known (no DHCPv6 server has answered)
  area: not known (no server that tells the area was told, and none answers)
  Internet: not known (no address of the Internet was asked)
  does not fit: an advertised prefix (RA) is wanted, and this line delegates one (DHCPv6-PD): it has the telephone service (hikari denwa)
";
        assert_eq!(said(Lang::En), expected);
        let japanese = said(Lang::Ja);
        assert!(japanese.contains("IPv6: おそらく RA のみ") && japanese.contains("設定と合いません: "), "{japanese}");
    }

    #[test]
    fn a_shut_port_shows_no_line_and_the_checks_after_the_push_say_which_it_is() {
        let shut = "Interface GigaEthernet0.0 is administratively down, line protocol is down\n";
        let said = line_words(&seen(&[("show ip interface GigaEthernet0.0", shut)], Vec::new()), Lang::En);
        assert!(said.contains("the line is not visible before the change"), "{said}");
        assert!(!said.contains("does not fit"), "{said}");
    }
}
