//! Finding a router by what an engineer has on a sheet of paper: the clinic's name, its reading, its code, its phone, or the router's name.

use crate::run::Candidate;

/// So many digits and no letter are part of a telephone number or a code.
const DIGITS: usize = 3;

/// The places of the candidates that fit, in the order of the inventory. What is typed may be a part of what is looked for.
pub fn find(query: &str, candidates: &[Candidate]) -> Vec<usize> {
    let wanted = folded(query);
    if wanted.is_empty() {
        return Vec::new();
    }
    let digits: String = wanted.chars().filter(char::is_ascii_digit).collect();
    let is_number = digits.len() >= DIGITS && wanted.chars().all(|c| c.is_ascii_digit() || "+-()".contains(c));
    let fits = |one: &Candidate| {
        let clinic = &one.clinic;
        let reading = clinic.reading.as_ref().map(|reading| reading.shown());
        let phone = clinic.phone.as_ref().map(|phone| phone.shown());
        let names = [Some(one.router.as_str()), one.title.as_deref(), Some(clinic.site.as_str())];
        let names = names.into_iter().chain([clinic.title.as_deref(), reading, one.code.as_deref()]).flatten();
        let has_digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().contains(&digits);
        names.map(folded).any(|name| name.contains(&wanted)) || is_number && phone.is_some_and(has_digits)
    };
    candidates.iter().enumerate().filter(|(_, one)| fits(one)).map(|(place, _)| place).collect()
}

/// The same word however it is typed: small letters, katakana, no blanks.
fn folded(text: &str) -> String {
    /// From a hiragana to the katakana that is read the same.
    const KATAKANA: u32 = 0x60;
    let fold = |c: char| match c {
        '\u{3041}'..='\u{3096}' => char::from_u32(u32::from(c) + KATAKANA).unwrap_or(c),
        c => c,
    };
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::field::recognise::tests::candidate;

    #[test]
    fn a_clinic_is_found_by_a_part_of_its_name_its_code_or_the_routers_name() {
        let mut other = candidate("tanaka-r1", None);
        other.clinic.title = Some("タナカ歯科".to_owned());
        other.clinic.site = "tanaka".to_owned();
        other.code = Some("1399999".to_owned());
        let candidates = [candidate("sato-r1", None), other];
        for (query, place) in [
            ("さとう内科", 0),
            ("サトウ", 0),
            ("1312345", 0),
            ("SATO-R1", 0),
            ("たなか", 1),
            ("tanaka", 1),
            ("歯科", 1),
        ] {
            assert_eq!(find(query, &candidates), [place], "{query}");
        }
        assert_eq!(find("r1", &candidates), [0, 1]);
        assert!(find("  ", &candidates).is_empty() && find("鈴木", &candidates).is_empty());
    }
}
