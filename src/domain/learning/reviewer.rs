//! Who ends a review that a coach began: the same for everything that is reviewed (§7, §8).

use entity::id::UserId;

use crate::domain::{
    caller::{Caller, forbidden},
    error::Result,
    policy::Action,
};

/// Whoever began a review stops it without a result; any coach of the owner may end it well, so that none gets stuck.
pub(super) fn is_the_reviewer(who: &Caller, reviewer: Option<UserId>, action: Action) -> Result<()> {
    if reviewer != who.user() {
        return Err(forbidden(action));
    }
    Ok(())
}
