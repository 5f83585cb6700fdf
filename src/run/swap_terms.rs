//! What holds of a swap beside what holds of any change: which boxes it is not for, and what only its operator knows. Meets no router.

use super::declared_boxes::DeclaredBoxes;
use super::swap_error::SwapRefused;
use crate::secret::CredentialName;
use crate::visible;

/// What the journal calls a swap.
pub(super) const ACTION: &str = "replace";

/// What it calls a restore, after which a new box may be in the place of another one, too.
pub(super) const RESTORE: &str = "restore";

/// The terms of a swap; empty for any other change.
#[derive(Debug, Clone, Default)]
pub struct SwapTerms {
    /// Secrets that its operator alone knows: they are sealed before anything is sent.
    pub(super) asked: Vec<CredentialName>,
    /// The serial number of the box that was there before.
    pub(super) old: Option<String>,
}

impl SwapTerms {
    /// Refuses the box that was there before, and that of another router.
    ///
    /// # Errors
    /// Which of them it is.
    pub(super) fn expect_new_box(
        &self,
        router: &str,
        number: Option<&str>,
        declared: &DeclaredBoxes,
    ) -> Result<(), SwapRefused> {
        let Some(number) = number else { return Ok(()) };
        let (router, serial_number) = (router.to_owned(), visible::line(number).into_owned());
        if self.old.as_deref() == Some(number) {
            return Err(SwapRefused::SameBox { router, serial_number });
        }
        match declared.router_of(number).filter(|other| *other != router).map(str::to_owned) {
            Some(other) => Err(SwapRefused::OtherRouter { router, other, serial_number }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DeclaredBoxes, SwapTerms};
    use crate::message::Explain as _;

    #[test]
    fn neither_the_old_box_nor_that_of_another_router_takes_a_place() {
        let declared: DeclaredBoxes = [("222", "r2"), ("444", "r1")].into_iter().collect();
        let terms = SwapTerms { old: Some("111".to_owned()), ..SwapTerms::default() };
        let code = |number| terms.expect_new_box("r1", number, &declared).err().map(|refused| refused.code());
        assert_eq!(code(Some("111")), Some("swap.same-box"));
        assert_eq!(code(Some("222")), Some("swap.other-router"));
        assert_eq!(code(Some("333")), None);
        assert_eq!(code(Some("444")), None, "it is declared for this very router");
        assert_eq!(code(None), None, "it is looked at when the box is read");
    }
}
