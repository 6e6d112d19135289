//! What rejections have in common: the competencies that feedback on a search names as missing, and the needs that they become (§25).

mod load;
mod raise;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    id::{ApplicationId, CompetencyId},
    jobs::{feedback::Polarity, job_search, stage::StageKind},
    kind::{Declared as _, Kind},
    vocabulary::Vocabulary,
};

pub(in crate::domain) use self::raise::raise;
use self::{
    load::{Mention, Named},
    told::{MOST, RejectionTheme, RejectionThemes, RejectionThemesQuestion, ThemeStage},
};
use crate::domain::{
    answer::{Answer, Form},
    chart::shares::{Area, Bar, Shares, State},
    error::Result,
    look::Look,
    policy::Action,
    table::{Cell, csv},
};

/// `rejectionThemes`.
#[must_use]
pub fn of_search() -> Answer {
    Answer::new(
        "rejectionThemes",
        Action::ViewJobSearch,
        "What feedback on the applications of a search has in common, but for one whose offer was accepted: the competencies that it names, what is missing most often first.",
        Kind::Object(RejectionThemes::object),
        rejection_themes,
    )
    .form(Form::csv("A row for each competency, as CSV.", table))
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

/// The table.
fn table(told: &RejectionThemes) -> Result<String> {
    let columns = ["competencyId", "code", "name", "negative", "positive", "latestStage", "needState"];
    let row = |one: &RejectionTheme| -> Vec<Cell> {
        vec![
            one.competency_id.to_string().into(),
            one.code.clone().into(),
            one.name.clone().into(),
            one.negative.into(),
            one.positive.into(),
            one.latest_stage.map(Vocabulary::word).into(),
            one.need_state.map(Vocabulary::word).into(),
        ]
    };
    csv(&columns, told.themes.iter().map(row))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;

    fn mention(application: ApplicationId, competency: CompetencyId, stage: StageKind, polarity: Polarity) -> Mention {
        Mention { application, stage, competency, polarity, rejected: true }
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
}
