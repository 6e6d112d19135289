//! What was said of the applications of a search: three statements, however much it is.

use std::collections::BTreeMap;

use entity::{
    id::{ApplicationId, CompetencyId, JobSearchId, LearningNeedId, UserId},
    jobs::{
        application::ApplicationOutcome,
        feedback::{FeedbackTheme, Polarity},
        stage::StageKind,
    },
    learning::learning_need::NeedState,
    vocabulary::Json,
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, look::Look},
    read::{shape::shape, sql::Arg},
};

/// That feedback names a competency.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    /// On which application.
    pub application: ApplicationId,
    /// In which stage that ended, or stands.
    pub stage: StageKind,
    /// What it names.
    pub competency: CompetencyId,
    /// As what.
    pub polarity: Polarity,
    /// Whether nothing came of the application: it was rejected, or not answered.
    pub rejected: bool,
}

/// What a competency is called, and the need to learn it.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub code: String,
    pub name: String,
    pub need: Option<LearningNeedId>,
    pub state: Option<NeedState>,
}

#[derive(FromQueryResult)]
struct Said {
    application_id: ApplicationId,
    stage_kind: StageKind,
    outcome: Option<ApplicationOutcome>,
    themes: Json<Vec<FeedbackTheme>>,
}

#[derive(FromQueryResult)]
struct Competency {
    id: CompetencyId,
    code: String,
    name: String,
    need_id: Option<LearningNeedId>,
    state: Option<NeedState>,
}

#[derive(FromQueryResult)]
struct Counted {
    applications: i64,
    feedbacks: i64,
}

/// Which feedback is meant, of the applications of a search: of what came to an accepted offer, nothing was amiss.
const OF_SEARCH: &str = "FROM \"application\" a JOIN \"feedback\" f ON f.application_id = a.id AND f.deleted_at IS NULL \
     WHERE a.deleted_at IS NULL AND COALESCE(a.outcome, '') <> 'OFFER_ACCEPTED' AND a.job_search_id = ";

/// What feedback on the applications of a search names. An application that was closed stands where it was closed.
pub(super) async fn mentions(look: &Look, search: JobSearchId) -> Result<Vec<Mention>> {
    let mut sql = look.sql();
    sql.push("SELECT f.application_id, a.stage_kind, a.outcome, f.themes ").push(OF_SEARCH).bind(Arg::Uuid(search.0));
    sql.push(" AND a.organization_id = ").bind(Arg::Uuid(look.who.organization.0));
    sql.push(" ORDER BY f.received_at, f.id");
    let said = look.rows::<Said>(&sql).await?;
    let each = said.into_iter().flat_map(|said| {
        let (application, stage) = (said.application_id, said.stage_kind);
        let rejected = matches!(said.outcome, Some(ApplicationOutcome::Rejected | ApplicationOutcome::NoResponse));
        said.themes.0.into_iter().map(move |theme| Mention {
            application,
            stage,
            competency: theme.competency_id,
            polarity: theme.polarity,
            rejected,
        })
    });
    Ok(each.collect())
}

/// How many applications there is feedback on, and how much.
pub(super) async fn counted(look: &Look, search: JobSearchId) -> Result<(i64, i64)> {
    let mut sql = look.sql();
    sql.push("SELECT CAST(COUNT(DISTINCT a.id) AS BIGINT) AS applications, CAST(COUNT(*) AS BIGINT) AS feedbacks ");
    sql.push(OF_SEARCH).bind(Arg::Uuid(search.0));
    sql.push(" AND a.organization_id = ").bind(Arg::Uuid(look.who.organization.0));
    Ok(look.row::<Counted>(&sql).await?.map_or((0, 0), |row| (row.applications, row.feedbacks)))
}

/// What competencies are called, of those that the caller may know of; and what whoever searches needs of them.
pub(super) async fn named(
    look: &Look,
    owner: UserId,
    which: impl Iterator<Item = CompetencyId>,
) -> Result<BTreeMap<CompetencyId, Named>> {
    let mut ids: Vec<_> = which.map(|id| id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = look.sql();
    sql.push(
        "SELECT c.id, c.code, c.name, n.id AS need_id, n.state FROM \"competency\" c \
         LEFT JOIN \"learning_need\" n ON n.competency_id = c.id AND n.deleted_at IS NULL AND n.user_id = ",
    );
    sql.bind(Arg::Uuid(owner.0)).push(" AND ").visible(shape("LearningNeed"), "n", &look.who);
    sql.push(" WHERE c.id").among(Arg::Uuids(ids)).push(" AND ");
    sql.visible_by_id(shape("Competency"), "c", &look.who);
    let found = look.rows::<Competency>(&sql).await?;
    let named =
        |row: Competency| (row.id, Named { code: row.code, name: row.name, need: row.need_id, state: row.state });
    Ok(found.into_iter().map(named).collect())
}
