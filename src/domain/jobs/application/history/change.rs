//! From where a history leads to the row of its application.

use chrono::{DateTime, Utc};
use entity::jobs::application;

use super::Standing;

/// How an application comes to stand after more happened to it.
#[derive(Clone, Debug)]
pub(in crate::domain::jobs) struct Change {
    standing: Standing,
    applied: Option<DateTime<Utc>>,
    last: DateTime<Utc>,
}

impl Change {
    /// Of an application as it was. What was said by hand stays; what the history told follows it.
    pub(in crate::domain::jobs) fn of(was: &application::Model, before: &Standing, after: Standing) -> Self {
        let told = was.applied_at.is_none() || was.applied_at == before.applied;
        let applied = if told { after.applied } else { was.applied_at };
        let last = was.last_activity_at;
        let last = if last == before.last { after.last } else { last.max(after.last) };
        Self { standing: after, applied, last }
    }

    /// Puts it there.
    pub(in crate::domain::jobs) fn put(self, row: &mut application::ActiveModel) {
        let Self { standing, applied, last } = self;
        row.applied_at.set_if_not_equals(applied);
        row.last_activity_at.set_if_not_equals(last);
        row.began_at.set_if_not_equals(standing.began);
        row.stage_id.set_if_not_equals(standing.stage.0);
        row.stage_kind.set_if_not_equals(standing.stage.1);
        row.stage_since.set_if_not_equals(standing.since);
        row.outcome.set_if_not_equals(standing.end.as_ref().map(|end| end.outcome));
        row.outcome_stage_id.set_if_not_equals(standing.end.as_ref().map(|end| end.stage));
        row.closed_at.set_if_not_equals(standing.end.as_ref().map(|end| end.at));
        row.outcome_reason.set_if_not_equals(standing.end.and_then(|end| end.why));
    }
}

impl Standing {
    /// Puts an application there that is not written yet.
    pub(in crate::domain::jobs) fn stand(self, row: &mut application::Model) {
        row.applied_at = self.applied;
        row.last_activity_at = self.last;
        row.began_at = self.began;
        (row.stage_id, row.stage_kind) = self.stage;
        row.stage_since = self.since;
        row.outcome = self.end.as_ref().map(|end| end.outcome);
        row.outcome_stage_id = self.end.as_ref().map(|end| end.stage);
        row.closed_at = self.end.as_ref().map(|end| end.at);
        row.outcome_reason = self.end.and_then(|end| end.why);
    }
}
