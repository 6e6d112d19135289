//! What rejections have in common: the competencies that feedback on a search names as missing, and the needs that they become (§25).

mod load;

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    id::{ApplicationId, CompetencyId, JobSearchId, LearningNeedId},
    jobs::{feedback::Polarity, job_search, stage::StageKind},
    kind::{Declared as _, Kind, id, int, line, list, word},
    learning::{learning_need::NeedState, learning_need_source::NeedSource},
    object,
};
use serde::Serialize;

use self::load::{Mention, Named};
use super::learnt;
use crate::domain::{
    answer::{Answer, Form},
    caller::Caller,
    chart::shares::{Area, Bar, Shares, State},
    error::{Code, Error, FieldError, Result},
    learning::learning_need::Raised,
    look::Look,
    policy::Action,
    verb::Done,
};

const COUNT: Kind = int(0, i64::MAX);
const COMPETENCY: Kind = id::<CompetencyId>();
const APPLICATION: Kind = id::<ApplicationId>();
const THEME: Kind = Kind::Object(RejectionTheme::object);
const STAGE: Kind = Kind::Object(ThemeStage::object);
/// How many themes are told at most: those that matter most.
const MOST: usize = 200;

object! {
    /// Of which search.
    RejectionThemesQuestion {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
    }
}

object! {
    /// What feedback on a search is about.
    #[derive(Serialize)]
    RejectionThemes {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// How many applications there is feedback on.
        required applications: i64 = COUNT,
        /// How much feedback there is.
        required feedbacks: i64 = COUNT,
        /// The competencies that it is about: what is named as missing most often first, then what is so at the latest stage.
        required themes: Vec<RejectionTheme> = list(&THEME, MOST),
    }
}

object! {
    /// A competency that feedback is about.
    #[derive(Serialize)]
    RejectionTheme {
        /// The competency.
        required competency_id: CompetencyId = COMPETENCY,
        /// Its code.
        required code: String = line(1, 100),
        /// Its name.
        required name: String = line(1, 300),
        /// How often it is named as something to learn.
        required negative: i64 = COUNT,
        /// How often it is named as a strength.
        required positive: i64 = COUNT,
        /// The applications for which it is named as something to learn.
        required application_ids: Vec<ApplicationId> = list(&APPLICATION, 1000),
        /// In which stages these ended, or stand, with how often it is named there.
        required stages: Vec<ThemeStage> = list(&STAGE, 6),
        /// The latest of these stages; null when it is named as a strength alone.
        optional latest_stage: StageKind = word::<StageKind>(),
        /// The need to learn it, when there is one that the caller may see.
        optional need_id: LearningNeedId = id::<LearningNeedId>(),
        /// Where that stands.
        optional need_state: NeedState = word::<NeedState>(),
    }
}

object! {
    /// How often something is named at a stage.
    #[derive(Serialize)]
    ThemeStage {
        /// The stage.
        required kind: StageKind = word::<StageKind>(),
        /// How often.
        required negative: i64 = COUNT,
    }
}

object! {
    /// The search whose rejections show what to learn.
    NeedsOfRejections {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// Which competencies; all that are named as something to learn, unless it is said.
        optional competency_ids: Vec<CompetencyId> = Kind::List { of: &COMPETENCY, min: 1, max: 50 },
    }
}

/// `rejectionThemes`.
#[must_use]
pub fn of_search() -> Answer {
    Answer::new(
        "rejectionThemes",
        Action::ViewFeedback,
        "What feedback on the applications of a search has in common: the competencies that it names, what is missing most often first.",
        Kind::Object(RejectionThemes::object),
        rejection_themes,
    )
    .form(Form::svg("The same as a chart: how often each is named as something to learn, and how often as a strength.", drawn))
}

async fn rejection_themes(look: Look, asked: RejectionThemesQuestion) -> Result<RejectionThemes> {
    let search = look.find::<job_search::Entity>(asked.job_search_id, Action::ViewJobSearch).await?;
    let mentions = load::mentions(&look, search.id).await?;
    let named = load::named(&look, search.owner_id, mentions.iter().map(|one| one.competency)).await?;
    let (applications, feedbacks) = load::counted(&look, search.id).await?;
    let mut themes = ranked(&mentions, &named);
    themes.truncate(MOST);
    Ok(RejectionThemes { job_search_id: search.id, applications, feedbacks, themes })
}

/// The themes of all that was said, what matters most first. Of what the caller may not know, nothing is told.
fn ranked(mentions: &[Mention], named: &BTreeMap<CompetencyId, Named>) -> Vec<RejectionTheme> {
    let mut of: BTreeMap<CompetencyId, Vec<&Mention>> = BTreeMap::new();
    for mention in mentions {
        of.entry(mention.competency).or_default().push(mention);
    }
    let known = of.into_iter().filter_map(|(id, mentions)| Some(theme(id, named.get(&id)?, &mentions)));
    let mut themes: Vec<RejectionTheme> = known.collect();
    themes.sort_by(|a, b| {
        let order = (b.negative, b.latest_stage).cmp(&(a.negative, a.latest_stage));
        order
            .then(a.positive.cmp(&b.positive))
            .then_with(|| a.code.cmp(&b.code))
            .then(a.competency_id.cmp(&b.competency_id))
    });
    themes
}

fn theme(id: CompetencyId, named: &Named, mentions: &[&Mention]) -> RejectionTheme {
    let missing: Vec<&&Mention> = mentions.iter().filter(|one| one.polarity == Polarity::Negative).collect();
    let mut stages: BTreeMap<StageKind, i64> = BTreeMap::new();
    for mention in &missing {
        *stages.entry(mention.stage).or_default() += 1;
    }
    let applications: BTreeSet<ApplicationId> = missing.iter().map(|one| one.application).collect();
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    RejectionTheme {
        competency_id: id,
        code: named.code.clone(),
        name: named.name.clone(),
        negative: count(missing.len()),
        positive: count(mentions.len() - missing.len()),
        application_ids: applications.into_iter().take(1000).collect(),
        latest_stage: stages.keys().next_back().copied(),
        stages: stages.into_iter().map(|(kind, negative)| ThemeStage { kind, negative }).collect(),
        need_id: named.need,
        need_state: named.state,
    }
}

/// The picture.
#[expect(clippy::unnecessary_wraps, reason = "forms may fail")]
fn drawn(told: &RejectionThemes) -> Result<String> {
    let pieces = if told.feedbacks == 1 { "piece" } else { "pieces" };
    let applications = if told.applications == 1 { "application" } else { "applications" };
    let shares = Shares {
        title: "What feedback is about".to_owned(),
        subtitle: format!("{} {pieces} of feedback on {} {applications}", told.feedbacks, told.applications),
        legend: ["To learn", "A strength", ""],
        areas: told.themes.iter().map(area).collect(),
    };
    Ok(shares.svg())
}

fn area(theme: &RejectionTheme) -> Area {
    let all = theme.negative + theme.positive;
    let mentions = if all == 1 { "mention" } else { "mentions" };
    let part = |state, count: i64| {
        let count = usize::try_from(count).unwrap_or_default();
        std::iter::repeat_n((theme.name.clone(), state), count)
    };
    let often = match theme.negative {
        0 => "Named as a strength alone".to_owned(),
        1 => "Named as something to learn once".to_owned(),
        times => format!("Named as something to learn {times} times"),
    };
    let latest = theme
        .latest_stage
        .map_or_else(String::new, |kind| format!(", last at the stage \"{}\"", super::stage::called(kind)));
    Area {
        name: theme.name.clone(),
        share: format!("{} of {all} {mentions}", theme.negative),
        percent: Some(theme.negative * 100 / all.max(1)),
        note: format!("{often}{latest}"),
        bar: Bar::Things(part(State::Full, theme.negative).chain(part(State::Part, theme.positive)).collect()),
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

/// A list that names each competency once.
///
/// # Errors
/// `COMPETENCY_REPEATED` with every place that names one again.
pub(super) fn each_once(competencies: &[CompetencyId], pointer: &str) -> Result<()> {
    let again = competencies.iter().enumerate().filter(|(place, id)| competencies[..*place].contains(id));
    let fields: Vec<FieldError> = again
        .map(|(place, _)| {
            let at = format!("{pointer}/{place}/competencyId");
            FieldError::new(at, Code::CompetencyRepeated.as_str(), "Each competency is named once.")
        })
        .collect();
    if fields.is_empty() { Ok(()) } else { Err(Error::fields(Code::CompetencyRepeated, fields)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;

    fn mention(application: ApplicationId, competency: CompetencyId, stage: StageKind, polarity: Polarity) -> Mention {
        Mention { application, stage, competency, polarity }
    }

    #[test]
    fn what_is_missing_most_comes_first_then_what_is_so_later() {
        use Polarity::{Negative, Positive};
        use StageKind::{Interviewing, Screening};
        let (one, two): (ApplicationId, ApplicationId) = (clock::new_id(), clock::new_id());
        let ids: Vec<CompetencyId> = (0..5).map(|_| clock::new_id()).collect();
        let mentions = [
            mention(one, ids[0], Screening, Negative),
            mention(one, ids[1], Interviewing, Negative),
            mention(two, ids[2], Screening, Negative),
            mention(one, ids[2], Interviewing, Negative),
            mention(one, ids[3], Interviewing, Positive),
            mention(one, ids[4], Interviewing, Negative),
        ];
        let named: BTreeMap<_, _> = ["a", "b", "c", "d"]
            .iter()
            .zip(&ids)
            .map(|(code, id)| {
                let named = Named { code: (*code).to_owned(), name: code.to_uppercase(), need: None, state: None };
                (*id, named)
            })
            .collect();
        let told = ranked(&mentions, &named);
        let lines: Vec<_> =
            told.iter().map(|one| (one.code.as_str(), one.negative, one.positive, one.latest_stage)).collect();
        assert_eq!(
            lines,
            [
                ("c", 2, 0, Some(Interviewing)),
                ("b", 1, 0, Some(Interviewing)),
                ("a", 1, 0, Some(Screening)),
                ("d", 0, 1, None),
            ],
            "of what may not be known, nothing is told"
        );
        assert_eq!(told[0].application_ids.len(), 2);
        let picture =
            drawn(&RejectionThemes { job_search_id: clock::new_id(), applications: 2, feedbacks: 3, themes: told });
        assert!(roxmltree::Document::parse(&picture.unwrap()).is_ok());
    }

    #[test]
    fn what_is_named_often_and_late_is_needed_more() {
        use Polarity::Negative;
        let (application, competency) = (clock::new_id(), clock::new_id());
        let of = |stages: &[StageKind]| {
            let all: Vec<_> = stages.iter().map(|stage| mention(application, competency, *stage, Negative)).collect();
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

    #[test]
    fn a_competency_is_named_once() {
        let (a, b): (CompetencyId, CompetencyId) = (clock::new_id(), clock::new_id());
        assert!(each_once(&[a, b], "/themes").is_ok());
        let error = each_once(&[a, b, a, a], "/themes").unwrap_err();
        let at: Vec<_> = error.field_errors().iter().map(|field| field.pointer.as_str()).collect();
        assert_eq!(at, ["/themes/2/competencyId", "/themes/3/competencyId"]);
    }
}
