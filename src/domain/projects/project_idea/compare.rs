//! Ideas side by side: the matrix of what speaks for each (§14).

use std::collections::HashMap;

use entity::{
    id::{ProjectIdeaId, SelectionChecklistId},
    kind::{Declared as _, Kind, id, int, list, word},
    object,
    projects::{
        project_idea::{self, IdeaSource, IdeaStatus},
        selection_checklist::ChecklistPeople,
    },
    vocabulary::Json,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::TITLE;
use crate::{
    domain::{
        answer::Answer,
        error::Result,
        look::Look,
        policy::Action,
        projects::selection_checklist::{
            BEFORE, SCORE,
            verdict::{self, Factors, StretchBand, Verdict, VerdictReason},
        },
    },
    read::sql::Arg,
};

const IDEA: Kind = id::<ProjectIdeaId>();
const ROW: Kind = Kind::Object(ComparedIdea::object);
const REASON: Kind = Kind::Object(VerdictReason::object);
const COUNT: Kind = int(0, i64::MAX);

object! {
    /// Which ideas.
    CompareIdeasQuestion {
        /// The ideas, in the order in which they are to be told.
        required ids: Vec<ProjectIdeaId> = Kind::List { of: &IDEA, min: 2, max: 10 },
    }
}

object! {
    /// An idea, and what speaks for it; what its checklist says is null as long as it has none.
    #[derive(Serialize)]
    ComparedIdea {
        /// The idea.
        required idea_id: ProjectIdeaId = IDEA,
        /// What it is called.
        required title: String = TITLE,
        /// Where it comes from.
        required source: IdeaSource = word::<IdeaSource>(),
        /// Where it stands.
        required status: IdeaStatus = word::<IdeaStatus>(),
        /// Its checklist.
        optional checklist_id: SelectionChecklistId = id::<SelectionChecklistId>(),
        /// How much it asks that is new.
        optional stretch: i64 = SCORE,
        /// How likely it is to succeed.
        optional success_likelihood: i64 = SCORE,
        /// Whether it is a stretch.
        optional stretch_band: StretchBand = word::<StretchBand>(),
        /// How many would work on it, too.
        optional teammates: i64 = COUNT,
        /// With how many it can be discussed.
        optional discussants: i64 = COUNT,
        /// Whether there is anybody to work with or to talk to.
        optional has_people: bool = Kind::Bool,
        /// How complex it is.
        optional technical_complexity: i64 = SCORE,
        /// How much it matters to a business.
        optional business_impact: i64 = SCORE,
        /// Whether it is bigger than what its owner finished before; null when nothing is known of that.
        optional bigger_than_before: bool = Kind::Bool,
        /// What follows from the three factors.
        optional verdict: Verdict = word::<Verdict>(),
        /// Why, a reason for each factor; empty without a checklist.
        required verdict_reasons: Vec<VerdictReason> = list(&REASON, 3),
    }
}

/// `compareIdeas`.
#[must_use]
pub fn of_ideas() -> Answer {
    Answer::new(
        "compareIdeas",
        Action::ViewProjectIdea,
        "Ideas side by side: what speaks for each of them, in the order in which they are named.",
        list(&ROW, 10),
        compare_ideas,
    )
}

#[derive(FromQueryResult)]
struct Checked {
    id: SelectionChecklistId,
    idea_id: ProjectIdeaId,
    stretch: i64,
    success_likelihood: i64,
    people: Json<ChecklistPeople>,
    technical_complexity: i64,
    business_impact: i64,
    before: Option<i64>,
}

async fn compare_ideas(look: Look, asked: CompareIdeasQuestion) -> Result<Vec<ComparedIdea>> {
    let ideas = look.find_all::<project_idea::Entity>(&asked.ids, Action::ViewProjectIdea, "/ids").await?;
    let mut sql = look.sql();
    sql.push(
        "SELECT c.id, c.idea_id, c.stretch, c.success_likelihood, c.people, c.technical_complexity, c.business_impact, ",
    );
    sql.push(&BEFORE.replace("{t}", "c")).push(" AS before FROM \"selection_checklist\" c WHERE c.idea_id");
    sql.among(Arg::Uuids(asked.ids.iter().map(|id| id.0).collect()));
    sql.push(" AND c.deleted_at IS NULL AND c.organization_id = ").bind(Arg::Uuid(look.who.organization.0));
    let checked = look.rows::<Checked>(&sql).await?;
    let checked: HashMap<ProjectIdeaId, Checked> = checked.into_iter().map(|row| (row.idea_id, row)).collect();
    Ok(ideas.into_iter().map(|idea| row(idea, &checked)).collect())
}

fn row(idea: project_idea::Model, checked: &HashMap<ProjectIdeaId, Checked>) -> ComparedIdea {
    let checked = checked.get(&idea.id);
    let factors = checked.map(|row| Factors {
        stretch: row.stretch,
        success: row.success_likelihood,
        people: verdict::has_people(&row.people.0),
        size: row.technical_complexity + row.business_impact,
        before: row.before,
    });
    let judged = factors.map(verdict::verdict);
    let many = |people: &[String]| i64::try_from(people.len()).unwrap_or(i64::MAX);
    ComparedIdea {
        idea_id: idea.id,
        title: idea.title,
        source: idea.source,
        status: idea.status,
        checklist_id: checked.map(|row| row.id),
        stretch: checked.map(|row| row.stretch),
        success_likelihood: checked.map(|row| row.success_likelihood),
        stretch_band: factors.map(|of| verdict::band(of.stretch, of.success)),
        teammates: checked.map(|row| many(&row.people.0.teammate_ids)),
        discussants: checked.map(|row| many(&row.people.0.discussant_ids)),
        has_people: factors.map(|of| of.people),
        technical_complexity: checked.map(|row| row.technical_complexity),
        business_impact: checked.map(|row| row.business_impact),
        bigger_than_before: factors.and_then(|of| verdict::bigger(of.size, of.before)),
        verdict: judged.as_ref().map(|(verdict, _)| *verdict),
        verdict_reasons: judged.map(|(_, reasons)| reasons).unwrap_or_default(),
    }
}
