//! What to ask oneself for an idea: a prompt for each source that has not been used for a while (§13).

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::UserId,
    kind::{Declared as _, Kind, id, line, list, prose, word},
    object,
    projects::project_idea::IdeaSource::{self, ApplicationArea, JoinExisting, ReadingAndTalking, SideHustle},
    vocabulary::Vocabulary as _,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use crate::{
    domain::{answer::Answer, clock, error::Result, look::Look, policy::Action},
    read::sql::Arg,
};

/// For how many days a source is left alone after an idea came from it.
const RESTS: i64 = 90;
const PROMPT: Kind = Kind::Object(IdeaPrompt::object);

object! {
    /// Whose prompts.
    IdeaPromptsQuestion {
        /// Who; without it, the caller.
        optional user_id: UserId = id::<UserId>(),
    }
}

object! {
    /// Something to ask oneself for an idea.
    #[derive(Serialize)]
    IdeaPrompt {
        /// The source that it asks about.
        required source: IdeaSource = word::<IdeaSource>(),
        /// What to ask oneself.
        required prompt: String = prose(1000),
        /// When an idea last came from the source; null when none did.
        optional last_used_at: String = Kind::Time,
        /// The section of the playbook that it comes from.
        required playbook_ref: String = line(1, 20),
    }
}

/// `ideaPrompts`.
#[must_use]
pub fn of_person() -> Answer {
    Answer::new(
        "ideaPrompts",
        Action::ViewIdeaPrompts,
        "What somebody may ask themself for an idea: a prompt for each source that they have not used in 90 days.",
        list(&PROMPT, 4),
        idea_prompts,
    )
}

#[derive(FromQueryResult)]
struct Used {
    source: IdeaSource,
    created_at: DateTime<Utc>,
}

async fn idea_prompts(look: Look, asked: IdeaPromptsQuestion) -> Result<Vec<IdeaPrompt>> {
    let person = look.person(asked.user_id, Action::ViewIdeaPrompts).await?;
    // The newest of each source: the databases agree on it, and on the form of a moment that is a column.
    let mut sql = look.sql();
    sql.push("SELECT i.source, i.created_at FROM \"project_idea\" i WHERE i.organization_id = ");
    sql.bind(Arg::Uuid(look.who.organization.0)).push(" AND i.owner_id = ").bind(Arg::Uuid(person.id.0));
    sql.push(
        " AND i.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM \"project_idea\" n \
         WHERE n.organization_id = i.organization_id AND n.owner_id = i.owner_id AND n.source = i.source \
         AND n.deleted_at IS NULL AND n.created_at > i.created_at)",
    );
    let used = look.rows::<Used>(&sql).await?;
    let last: Vec<_> = used.into_iter().map(|row| (row.source, row.created_at)).collect();
    Ok(rested(&last, look.now))
}

/// The prompts of the sources that have rested, in the order of the sources.
fn rested(last: &[(IdeaSource, DateTime<Utc>)], now: DateTime<Utc>) -> Vec<IdeaPrompt> {
    let each = IdeaSource::ALL.iter().map(|source| {
        let at = last.iter().filter(|(used, _)| used == source).map(|(_, at)| *at).max();
        (*source, at)
    });
    let due = each.filter(|(_, at)| at.is_none_or(|at| now - at >= TimeDelta::days(RESTS)));
    let told = due.map(|(source, at)| IdeaPrompt {
        source,
        prompt: prompt(source).to_owned(),
        last_used_at: at.map(clock::rfc3339),
        playbook_ref: "§13".to_owned(),
    });
    told.collect()
}

/// What to ask oneself about a source.
const fn prompt(source: IdeaSource) -> &'static str {
    match source {
        JoinExisting => {
            "Whose project do you admire? Ask whether they would like a hand: joining is the shortest way in."
        }
        ReadingAndTalking => {
            "What did you read, watch or hear lately that you keep thinking of? Name one question that it left open."
        }
        ApplicationArea => {
            "Which field do you know well, from work or from a hobby, in which hardly anybody uses AI yet? \
             Name one thing there that people wish were easier."
        }
        SideHustle => {
            "What would you build in your own evenings for one person who would be glad of it? \
             It may stay small; it may also grow."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_rested_is_asked_about() {
        let now = clock::now();
        let ago = |days: i64| now - TimeDelta::days(days);
        let told = |last: &[(IdeaSource, DateTime<Utc>)]| -> Vec<IdeaSource> {
            rested(last, now).into_iter().map(|one| one.source).collect()
        };
        assert_eq!(told(&[]), [JoinExisting, ReadingAndTalking, ApplicationArea, SideHustle]);
        assert_eq!(told(&[(SideHustle, ago(0)), (JoinExisting, ago(89))]), [ReadingAndTalking, ApplicationArea]);
        // From the ninetieth day on; and the newest idea of a source counts.
        assert_eq!(told(&[(SideHustle, ago(90))]).len(), 4);
        assert_eq!(told(&[(SideHustle, ago(90)), (SideHustle, ago(10))]).len(), 3);
        let one = &rested(&[(JoinExisting, ago(90))], now)[0];
        assert_eq!((one.last_used_at.clone(), one.playbook_ref.as_str()), (Some(clock::rfc3339(ago(90))), "§13"));
    }
}
