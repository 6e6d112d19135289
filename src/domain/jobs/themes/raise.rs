//! What rejections name as missing becomes needs.

use std::collections::BTreeMap;

use entity::{
    id::{ApplicationId, CompetencyId, JobSearchId},
    jobs::{feedback::Polarity, job_search, stage::StageKind},
    kind::{Kind, id},
    learning::learning_need_source::NeedSource,
    object,
};

use super::{
    load::{self, Mention},
    told::COMPETENCY,
};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, FieldError, Result},
    jobs::learnt,
    learning::learning_need::Raised,
    policy::Action,
    verb::Done,
};

object! {
    /// The search whose rejections show what to learn.
    NeedsOfRejections {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// Which competencies; all that are named as something to learn, unless it is said.
        optional competency_ids: Vec<CompetencyId> = Kind::List { of: &COMPETENCY, min: 1, max: 50 },
    }
}

/// Lets what rejections name as missing become needs of whoever searches: each application that names it is a source, the
/// stronger the further it had come.
pub(in crate::domain) async fn raise(who: Caller, asked: NeedsOfRejections) -> Result<Done> {
    let mut tx = who.begin().await?;
    let search = tx.refer_to::<job_search::Entity>(asked.job_search_id, Action::EditJobSearch, "/jobSearchId").await?;
    let mentions = load::mentions(&tx, search.id).await?;
    let named = load::named(&tx, search.owner_id, mentions.iter().map(|one| one.competency)).await?;
    let missing: Vec<&Mention> = mentions
        .iter()
        .filter(|one| one.polarity == Polarity::Negative && named.contains_key(&one.competency))
        .filter(|one| asked.competency_ids.as_ref().is_none_or(|wanted| wanted.contains(&one.competency)))
        .collect();
    unnamed(asked.competency_ids.as_deref().unwrap_or_default(), &missing)?;
    let sources = together(&missing);
    let raised: Vec<Raised> = sources
        .iter()
        .map(|(&(application, competency), &strength)| Raised {
            user: search.owner_id,
            competency,
            source: NeedSource::RejectionFeedback,
            source_id: Some(application.to_string()),
            strength,
            note: None,
        })
        .collect();
    let needs = learnt::raise(&mut tx, search.owner_id, raised).await?;
    let mut shown: BTreeMap<ApplicationId, Vec<_>> = BTreeMap::new();
    for ((application, _), need) in sources.keys().zip(&needs) {
        shown.entry(*application).or_default().push(need.clone());
    }
    for (application, needs) in &shown {
        learnt::show(&tx, *application, needs).await?;
    }
    let mut ids: Vec<_> = needs.iter().map(|need| need.id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    tx.finish(ids, false).await
}

/// What was asked for is named by feedback.
fn unnamed(wanted: &[CompetencyId], missing: &[&Mention]) -> Result<()> {
    let wrong = wanted.iter().enumerate().filter(|(_, id)| !missing.iter().any(|one| one.competency == **id));
    let fields: Vec<FieldError> = wrong
        .map(|(place, _)| {
            let pointer = format!("/competencyIds/{place}");
            FieldError::new(
                pointer,
                Code::ThemeUnknown.as_str(),
                "No feedback of this search names it as something to learn.",
            )
        })
        .collect();
    if fields.is_empty() { Ok(()) } else { Err(Error::fields(Code::ThemeUnknown, fields)) }
}

/// How strongly each application shows each need: the more often it is named, and the further the application had come.
fn together(missing: &[&Mention]) -> BTreeMap<(ApplicationId, CompetencyId), i64> {
    let mut out: BTreeMap<(ApplicationId, CompetencyId), i64> = BTreeMap::new();
    for one in missing {
        let strength = out.entry((one.application, one.competency)).or_default();
        *strength = (*strength + weight(one.stage)).min(100);
    }
    out
}

/// How strongly one mention shows a need.
const fn weight(stage: StageKind) -> i64 {
    match stage {
        StageKind::Research | StageKind::Outreach | StageKind::Applied => 20,
        StageKind::Screening => 30,
        StageKind::Interviewing => 40,
        StageKind::Offer => 50,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;

    #[test]
    fn what_is_named_often_and_late_is_needed_more() {
        use Polarity::Negative;
        let (application, competency) = (clock::new_id(), clock::new_id());
        let of = |stages: &[StageKind]| {
            let all: Vec<_> = stages
                .iter()
                .map(|stage| Mention { application, competency, stage: *stage, polarity: Negative })
                .collect();
            together(&all.iter().collect::<Vec<_>>())[&(application, competency)]
        };
        for (stages, strength) in [
            (vec![StageKind::Applied], 20),
            (vec![StageKind::Screening], 30),
            (vec![StageKind::Interviewing], 40),
            (vec![StageKind::Offer], 50),
            (vec![StageKind::Interviewing; 2], 80),
            (vec![StageKind::Offer; 3], 100),
        ] {
            assert_eq!(of(&stages), strength, "{stages:?}");
        }
    }
}
