//! Whom the person at a router that needs one calls: the office, as `defaults.support` names it.

use super::personal::Personal;
use super::text;
use super::yaml::Field;

/// The office that is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Support {
    /// Its name for people.
    pub name: String,
    /// Its number.
    pub phone: Option<Personal>,
}

/// Reads `support:`.
pub(super) fn read(field: &Field<'_>) -> Option<Support> {
    let mut table = field.table("the office to call", "連絡先")?;
    let name = table.require("name").and_then(|f| text::visible(&f, text::WORDS));
    let phone = table.get("phone").and_then(|f| text::phone(&f)).map(Personal::new);
    table.finish();
    name.map(|name| Support { name, phone })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use crate::inventory::{Diagnostics, Inventory, SourceFile};

    fn read(support: &str) -> Result<(Inventory, Diagnostics), Diagnostics> {
        let text = format!(
            "version: 1\ndefaults: {{ support: {support} }}\nsites: {{ s: {{ routers: {{ r: {{ model: IX2215, connection: mock }} }} }} }}\n"
        );
        Inventory::read(&[SourceFile::new("i.yaml", text)])
    }

    #[test]
    fn the_office_to_call_has_a_name_and_perhaps_a_number_that_no_debug_form_shows() {
        let (inventory, _) = read("{ name: 運用センター, phone: 03-0000-0000 }").unwrap();
        let office = inventory.defaults.support.unwrap();
        assert_eq!((office.name.as_str(), office.phone.as_ref().unwrap().shown()), ("運用センター", "03-0000-0000"));
        assert!(!format!("{office:?}").contains("0000"));
        assert_eq!(read("{ name: office }").unwrap().0.defaults.support.unwrap().phone, None);
        for wrong in ["{ phone: 03-0000-0000 }", "{ name: office, phone: none }", "{ name: office, mail: a }", "office"]
        {
            assert_eq!(read(wrong).unwrap_err().errors(), 1, "{wrong}");
        }
    }
}
