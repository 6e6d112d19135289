//! How much help somebody asked for, and how much came (§26).

use entity::{
    id::UserId,
    jobs::help_request::{HelpKind, HelpState},
    kind::{Declared as _, Kind, id, int, list, word},
    object,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use crate::{
    domain::{answer::Answer, error::Result, look::Look, policy::Action},
    read::{shape::shape, sql::Arg},
};

const COUNT: Kind = int(0, i64::MAX);
const OF_KIND: Kind = Kind::Object(HelpOfKind::object);

object! {
    /// Of whom.
    HelpBalanceQuestion {
        /// Who; without it, the caller.
        optional user_id: UserId = id::<UserId>(),
    }
}

object! {
    /// How much help somebody asked for, and what came of it.
    #[derive(Serialize)]
    HelpBalance {
        /// Who.
        required user_id: UserId = id::<UserId>(),
        /// How often they asked.
        required asked: i64 = COUNT,
        /// How often somebody helped.
        required answered: i64 = COUNT,
        /// How often somebody could not.
        required declined: i64 = COUNT,
        /// How often nothing came in time.
        required expired: i64 = COUNT,
        /// How often they still hope for an answer.
        required open: i64 = COUNT,
        /// The same by what they asked for: only what they did ask for, in the order of the vocabulary.
        required kinds: Vec<HelpOfKind> = list(&OF_KIND, 20),
    }
}

object! {
    /// How much help of a kind somebody asked for.
    #[derive(Serialize)]
    HelpOfKind {
        /// What they asked for.
        required kind: HelpKind = word::<HelpKind>(),
        /// How often.
        required asked: i64 = COUNT,
        /// How often somebody helped.
        required answered: i64 = COUNT,
    }
}

/// `helpBalance`.
#[must_use]
pub fn of_person() -> Answer {
    Answer::new(
        "helpBalance",
        Action::ViewHelpBalance,
        "How much help a person asked for, and what came of it.",
        Kind::Object(HelpBalance::object),
        help_balance,
    )
}

#[derive(Clone, Copy, FromQueryResult)]
struct Counted {
    kind: HelpKind,
    state: HelpState,
    overdue: bool,
    count: i64,
}

async fn help_balance(look: Look, asked: HelpBalanceQuestion) -> Result<HelpBalance> {
    let person = look.person(asked.user_id, Action::ViewHelpBalance).await?;
    let mut sql = look.sql();
    sql.push("SELECT h.kind, h.state, COALESCE(h.expires_at <= ").bind(Arg::Time(look.now));
    sql.push(", FALSE) AS overdue, CAST(COUNT(*) AS BIGINT) AS \"count\" FROM \"help_request\" h ");
    sql.push("WHERE h.deleted_at IS NULL AND h.owner_id = ").bind(Arg::Uuid(person.id.0)).push(" AND ");
    sql.visible(shape("HelpRequest"), "h", &look.who).push(" GROUP BY h.kind, h.state, overdue");
    Ok(told(person.id, &look.rows::<Counted>(&sql).await?))
}

fn told(user_id: UserId, counted: &[Counted]) -> HelpBalance {
    let stands =
        |one: &Counted| if one.overdue && one.state == HelpState::Open { HelpState::Expired } else { one.state };
    let sum = |of: &dyn Fn(&Counted) -> bool| counted.iter().filter(|one| of(one)).map(|one| one.count).sum::<i64>();
    let kinds = <HelpKind as entity::vocabulary::Vocabulary>::ALL.iter().map(|&kind| HelpOfKind {
        kind,
        asked: sum(&|one| one.kind == kind),
        answered: sum(&|one| one.kind == kind && stands(one) == HelpState::Answered),
    });
    HelpBalance {
        user_id,
        asked: sum(&|_| true),
        answered: sum(&|one| stands(one) == HelpState::Answered),
        declined: sum(&|one| stands(one) == HelpState::Declined),
        expired: sum(&|one| stands(one) == HelpState::Expired),
        open: sum(&|one| stands(one) == HelpState::Open),
        kinds: kinds.filter(|one| one.asked > 0).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;

    #[test]
    fn what_is_overdue_has_expired() {
        let one = |kind, state, overdue, count| Counted { kind, state, overdue, count };
        let told = told(
            clock::new_id(),
            &[
                one(HelpKind::Advice, HelpState::Open, false, 1),
                one(HelpKind::Advice, HelpState::Open, true, 2),
                one(HelpKind::Advice, HelpState::Expired, true, 3),
                one(HelpKind::MockInterview, HelpState::Answered, true, 4),
                one(HelpKind::Advice, HelpState::Answered, false, 5),
                one(HelpKind::Referral, HelpState::Declined, false, 6),
            ],
        );
        assert_eq!((told.asked, told.answered, told.declined, told.expired, told.open), (21, 9, 6, 5, 1));
        let kinds: Vec<_> = told.kinds.iter().map(|one| (one.kind, one.asked, one.answered)).collect();
        assert_eq!(kinds, [(HelpKind::Advice, 11, 5), (HelpKind::Referral, 6, 0), (HelpKind::MockInterview, 4, 4)]);
    }
}
