//! Insights: advice that is computed on reading, and never blocks (§1 to §6, §11, §29).
//!
//! One mechanism for every chapter: [`facts`] loads what is known of a person in a bounded number of statements, a
//! section for each chapter; each of the [`rules`] is a value over these facts, pure; and the answers here tell what
//! the rules find. A chapter adds a section of facts and a table of rules, and nothing else.

pub mod dismissal;
mod facts;
mod hand;
pub mod next_step;
mod rules;
mod subject;
mod suggest;

use entity::{
    id::UserId,
    insight::insight_dismissal::{self, InsightCode, InsightSeverity},
    kind::{Declared as _, Form, Kind, id, line, list, prose, text, word},
    object,
    platform::user,
    projects::project,
    vocabulary::Vocabulary as _,
};
use sea_orm::EntityTrait as _;
use serde::Serialize;

use self::{
    facts::Facts,
    rules::{Found, Rule},
};
pub(in crate::domain) use self::{
    hand::Hand,
    suggest::{Suggest, SuggestedCommand, resolve},
};
use super::{
    answer::Answer,
    clock,
    error::{Error, Result},
    look::Look,
    policy::Action,
    verb::{Nothing, Resource},
};

/// How many insights one answer holds at most: the ones that matter most.
const MOST: usize = 500;
const INSIGHT: Kind = Kind::Object(Insight::object);
const RULE: Kind = Kind::Object(InsightRule::object);
const COMMAND: Kind = Kind::Object(SuggestedCommand::object);
/// A public id of any kind.
pub(super) const SUBJECT: Kind = text(Form::Slug, 1, 100);
/// A kind of thing, as events name it.
const SUBJECT_KIND: Kind = line(1, 100);
/// A section of the playbook.
const REF: Kind = line(1, 20);

object! {
    /// Advice about one thing of a person: it never blocks.
    #[derive(Serialize)]
    Insight {
        /// What it is about, for programs.
        required code: InsightCode = word::<InsightCode>(),
        /// How much it matters.
        required severity: InsightSeverity = word::<InsightSeverity>(),
        /// The kind of thing that it is about, as events name it: `plan_item`.
        required subject_kind: String = SUBJECT_KIND,
        /// The thing that it is about.
        required subject_id: String = SUBJECT,
        /// Why, in a sentence for people.
        required reason: String = prose(2000),
        /// The section of the playbook that it comes from.
        required playbook_ref: String = REF,
        /// A command that would follow the advice; null when there is none that the caller may carry out.
        optional suggested_command: SuggestedCommand = COMMAND,
        /// Whether the caller put it away; such are told only when they are asked for.
        required dismissed: bool = Kind::Bool,
        /// Until when it is put away; null for good.
        optional dismissed_until: String = Kind::Time,
    }
}

object! {
    /// A rule that finds insights.
    #[derive(Serialize)]
    InsightRule {
        /// The code of what it finds.
        required code: InsightCode = word::<InsightCode>(),
        /// How much that matters.
        required severity: InsightSeverity = word::<InsightSeverity>(),
        /// The section of the playbook that it comes from.
        required playbook_ref: String = REF,
        /// When it finds something.
        required doc: String = prose(2000),
    }
}

object! {
    /// About which thing.
    InsightsQuestion {
        /// The thing: a plan, an item, a goal, a framework, a project or a part of one, a person.
        required subject_id: String = SUBJECT,
        /// For whom, when the thing is nobody's, as a framework is; without it, for the caller.
        optional user_id: UserId = id::<UserId>(),
        /// Whether to tell what the caller put away, too.
        optional include_dismissed: bool = Kind::Bool,
    }
}

object! {
    /// About which person.
    PersonInsightsQuestion {
        /// Who; without it, the caller.
        optional user_id: UserId = id::<UserId>(),
        /// Whether to tell what the caller put away, too.
        optional include_dismissed: bool = Kind::Bool,
    }
}

/// The resources of this chapter.
#[must_use]
pub fn resources() -> Vec<Resource> {
    vec![dismissal::resource(), next_step::dismissal::resource()]
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    vec![
        Answer::new(
            "insights",
            Action::ViewInsight,
            "The advice about one thing and what is inside it, what matters most first.",
            list(&INSIGHT, MOST),
            insights,
        ),
        Answer::new(
            "personInsights",
            Action::ViewInsight,
            "The advice about a person and everything of theirs, what matters most first.",
            list(&INSIGHT, MOST),
            person_insights,
        ),
        Answer::new(
            "insightRules",
            Action::ViewInsight,
            "The rules that find insights: what each looks for, and where the playbook says so.",
            list(&RULE, MOST),
            async |_, _: Nothing| Ok(rules::all().map(described).collect::<Vec<_>>()),
        )
        .points(1),
        next_step::of_person(),
    ]
}

async fn insights(look: Look, asked: InsightsQuestion) -> Result<Vec<Insight>> {
    let subject = subject::find(&look, &asked.subject_id).await?;
    let person = match subject.person.filter(|_| subject.shared) {
        Some(owner) => user::Entity::find_by_id(owner).one(&look.db).await?.ok_or_else(|| Error::not_found("user"))?,
        None => look.person(subject.person.or(asked.user_id), subject.view).await?,
    };
    let hand = Hand::of(&look, &person).await?;
    let facts = facts::about(&look, &person, &hand, Some(&asked.subject_id)).await?;
    let about = |found: &Found| found.is_about(&asked.subject_id);
    tell(&look, &hand, found(&facts), about, asked.include_dismissed == Some(true)).await
}

/// What the rules find about a project and what is in it, what matters most first: whoever sees the project may know it.
///
/// # Errors
/// `UNAVAILABLE`.
pub(super) async fn of_project(
    look: &Look,
    project: &project::Model,
) -> Result<Vec<(InsightCode, InsightSeverity, String)>> {
    let owner = user::Entity::find_by_id(project.owner_id).one(&look.db).await?;
    let facts = facts::of_projects(look, &owner.ok_or_else(|| Error::not_found("user"))?).await?;
    let id = project.id.to_string();
    let about = found(&facts).into_iter().filter(|(_, found)| found.is_about(&id));
    Ok(about.take(MOST).map(|(rule, found)| (rule.code, rule.severity, found.reason)).collect())
}

async fn person_insights(look: Look, asked: PersonInsightsQuestion) -> Result<Vec<Insight>> {
    let person = look.person(asked.user_id, Action::ViewInsight).await?;
    let hand = Hand::of(&look, &person).await?;
    let facts = facts::load(&look, &person, &hand).await?;
    tell(&look, &hand, found(&facts), |_| true, asked.include_dismissed == Some(true)).await
}

/// What the rules find, what matters most first, always in the same order.
fn found(facts: &Facts) -> Vec<(&'static Rule, Found)> {
    let mut all: Vec<_> =
        rules::all().flat_map(|rule| (rule.find)(facts).into_iter().map(move |found| (rule, found))).collect();
    all.sort_by(|(a, x), (b, y)| {
        (a.severity, a.code.word(), &x.subject_id).cmp(&(b.severity, b.code.word(), &y.subject_id))
    });
    all
}

/// Tells what was found, but for what the caller put away.
async fn tell(
    look: &Look,
    hand: &Hand,
    found: Vec<(&'static Rule, Found)>,
    about: impl Fn(&Found) -> bool,
    all: bool,
) -> Result<Vec<Insight>> {
    let away = dismissal::of_caller(look).await?;
    let told = found.into_iter().filter(|(_, found)| about(found)).filter_map(|(rule, found)| {
        let away = away.iter().find(|row| row.code == rule.code && row.subject_id == found.subject_id);
        (all || away.is_none()).then(|| insight(rule, found, away, hand))
    });
    Ok(told.take(MOST).collect())
}

fn insight(rule: &Rule, found: Found, away: Option<&insight_dismissal::Model>, hand: &Hand) -> Insight {
    Insight {
        code: rule.code,
        severity: rule.severity,
        subject_kind: found.subject_kind.to_owned(),
        subject_id: found.subject_id,
        reason: found.reason,
        playbook_ref: rule.playbook_ref.to_owned(),
        suggested_command: found.suggest.and_then(|suggest| suggest::resolve(suggest, hand)),
        dismissed: away.is_some(),
        dismissed_until: away.and_then(|row| row.until).map(clock::rfc3339),
    }
}

fn described(rule: &'static Rule) -> InsightRule {
    InsightRule {
        code: rule.code,
        severity: rule.severity,
        playbook_ref: rule.playbook_ref.to_owned(),
        doc: rule.doc.to_owned(),
    }
}
