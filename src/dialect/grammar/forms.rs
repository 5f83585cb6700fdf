//! Other forms of a removal: what else takes a line away, where it is not known which form the router takes.
//!
//! They are written in the table, one by one, and are never derived. None of them removes more than the line, and none concerns a
//! path, a filter, a user or a server: a row that names one all the same is a problem of the table.

use super::pattern::PatternError;
use super::row::{CommandKind, Remove, Row};
use super::{Grammar, words};

impl Row {
    /// Whether other forms of its removal are allowed in the table at all.
    pub(super) fn check_forms(&self) -> Result<(), PatternError> {
        if self.other_removals.is_empty() {
            return Ok(());
        }
        let harmless = !(self.cuts || self.mgmt || self.protected || self.address || self.up || self.family)
            && self.secret.is_none()
            && self.defines.is_empty()
            && self.deletes.is_empty()
            && matches!(self.kind, CommandKind::Flag | CommandKind::Single | CommandKind::Keyed);
        if !harmless || self.remove != Remove::Line {
            return Err(PatternError("only a harmless line that `line` removes may have another form".to_owned()));
        }
        let narrow = |form: &String| {
            let own = form.strip_prefix("no ").is_some_and(|rest| rest.starts_with(&self.leading));
            own && self.args.iter().filter(|arg| arg.key).all(|arg| form.contains(&format!("{{{}}}", arg.name)))
        };
        match self.other_removals.iter().find(|form| !narrow(form)) {
            Some(form) => Err(PatternError(format!("`{form}` may remove more than the line"))),
            None => Ok(()),
        }
    }
}

impl Grammar {
    /// The other lines that may remove the line that this one removes; none for most.
    pub fn other_removals(&self, context: &str, text: &str) -> Vec<String> {
        self.forms_of(context, text).into_iter().map(|(_, filled)| filled).collect()
    }

    /// Whether the table has a form of a removal in these words.
    pub fn has_form(&self, form: &str) -> bool {
        let rows = self.with_forms.iter().filter_map(|index| self.rows.get(*index));
        rows.flat_map(|row| &row.other_removals).any(|known| known == form)
    }

    /// The same, each with its words in the table.
    pub fn forms_of(&self, context: &str, text: &str) -> Vec<(&str, String)> {
        let Some(positive) = text.strip_prefix("no ") else { return Vec::new() };
        if !self.with_forms.iter().filter_map(|index| self.rows.get(*index)).any(|row| row.context == context) {
            return Vec::new();
        }
        let split = words(positive);
        let Some(known) = self.look_up(context, &split).filter(|known| !known.off) else { return Vec::new() };
        let rows = self.with_forms.iter().filter_map(|index| self.rows.get(*index));
        let row = rows.into_iter().find(|row| row.id == known.row.id);
        row.into_iter()
            .flat_map(|row| &row.other_removals)
            .map(|form| (form.as_str(), known.fill(form, &split)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;

    #[test]
    fn a_description_has_two_removal_forms_and_a_filter_one() {
        let other = |text| Dialect::ix().grammar().other_removals("interface", text);
        assert_eq!(other("no description to the clinic"), ["no description"]);
        assert!(other("no description").is_empty() && other("description x").is_empty());
        assert!(other("no ip filter f 1 in").is_empty());
    }

    #[test]
    fn a_removal_form_that_may_remove_more_is_a_problem_of_the_table() {
        for row in [
            "gate {NAME} speed <SPEED:number> | keyed | line ; no gate | | G",
            "gate {NAME} open | keyed | line ; no gate {NAME} | cuts | G",
            "gate speed <SPEED:number> | single | line ; no barrier | | G",
            "gate key <KEY:secret> | single | line ; no gate key | secret=KEY:clear | G",
        ] {
            assert_eq!(Dialect::ix().with_rows(&format!("[global]\n{row}\n")).grammar().problems().len(), 1, "{row}");
        }
        let fine = "[global]\ngate {NAME} speed <SPEED:number> | keyed | line ; no gate {NAME} speed | | G\n";
        assert_eq!(Dialect::ix().with_rows(fine).grammar().problems(), &[] as &[String]);
    }
}
