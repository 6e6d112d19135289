//! Which skills a role asks for, as those say who do the work: ranked by in how many talks each is named (§20, §28).

mod raise;

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    id::{CompetencyId, InformationalInterviewId, RoleProfileId, UserId},
    jobs::finding::FindingKind,
    kind::{Declared as _, Kind, id, int, line, list, prose, word},
    learning::competency_framework::Scale,
    object,
    vocabulary::{Json, Set as Words},
};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

pub(in crate::domain) use self::raise::raise_from_interviews;
use super::role_titles::{self, Called};
use crate::{
    domain::{answer::Answer, error::Result, look::Look, policy::Action, spelling::plain},
    read::shape::shape,
};

/// How many findings are looked at, the newest first.
const MOST: usize = 5000;
/// How many skills are told.
const SKILLS: usize = 200;
const COUNT: Kind = int(0, i64::MAX);
const TITLE: Kind = line(1, 200);
const SKILL: Kind = Kind::Object(DemandedSkill::object);
const FINDING_KIND: Kind = word::<FindingKind>();
const KINDS: Kind = Kind::List { of: &FINDING_KIND, min: 0, max: 64 };

object! {
    /// Of which role.
    SkillDemandQuestion {
        /// The role, by its profile.
        optional role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// The role, by a title; role profiles tell what else it is called.
        optional title: String = TITLE,
        /// Whose findings; without it, the caller's.
        optional user_id: UserId = id::<UserId>(),
    }
}

object! {
    /// Which skills a role asks for.
    #[derive(Serialize)]
    SkillDemand {
        /// What the role is called.
        required title: String = TITLE,
        /// In how many talks skills of it are named.
        required interviews: i64 = COUNT,
        /// The skills: what most talks name first, then what matters most.
        required skills: Vec<DemandedSkill> = list(&SKILL, SKILLS),
    }
}

object! {
    /// A skill that a role asks for.
    #[derive(Serialize)]
    DemandedSkill {
        /// The competency, when the findings name one.
        optional competency_id: CompetencyId = id::<CompetencyId>(),
        /// What it is called, or what was said.
        required name: String = prose(2000),
        /// As what it is named.
        required kinds: Words<FindingKind> = KINDS,
        /// In how many talks it is named.
        required interviews: i64 = COUNT,
        /// How often it is named.
        required mentions: i64 = COUNT,
        /// At how many companies.
        required companies: i64 = COUNT,
        /// How much it matters, of all mentions together.
        required weight: i64 = COUNT,
    }
}

/// `skillDemand`.
#[must_use]
pub fn of_role() -> Answer {
    Answer::new(
        "skillDemand",
        Action::ViewRoleReality,
        "Which skills a role asks for, as informational interviews say, ranked by in how many of them each is named.",
        Kind::Object(SkillDemand::object),
        async |look: Look, asked: SkillDemandQuestion| -> Result<SkillDemand> {
            let person = look.person(asked.user_id, Action::ViewRoleReality).await?;
            let role = role_titles::called(&look, asked.title.as_deref(), asked.role_profile_id).await?;
            let named = named(&look, &role, person.id).await?;
            let talks: BTreeSet<_> = named.iter().map(|one| one.interview_id).collect();
            let skills = ranked(named).into_iter().map(told).collect();
            Ok(SkillDemand { title: role.title, interviews: number(talks.len()), skills })
        },
    )
}

/// A skill that a talk named.
#[derive(Clone, Debug, FromQueryResult)]
struct Named {
    interview_id: InformationalInterviewId,
    company_id: Option<Uuid>,
    kind: FindingKind,
    text: String,
    weight: i64,
    competency_id: Option<CompetencyId>,
    competency: Option<String>,
    scale: Option<Json<Scale>>,
}

/// What talks about a role named of skills. A competency that is gone, or that the caller may not know of, is what was said of it.
async fn named(look: &Look, role: &Called, person: UserId) -> Result<Vec<Named>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT i.id AS interview_id, i.company_id, f.kind, f.text, f.weight, c.id AS competency_id, c.name AS competency, w.scale \
         FROM \"informational_interview\" i \
         JOIN \"finding\" f ON f.interview_id = i.id AND f.organization_id = i.organization_id AND f.deleted_at IS NULL \
         LEFT JOIN \"competency\" c ON c.id = f.competency_id AND c.deleted_at IS NULL AND ",
    );
    sql.visible_by_id(shape("Competency"), "c", &look.who).push(
        " LEFT JOIN \"competency_framework\" w ON w.id = c.framework_id \
         WHERE i.deleted_at IS NULL AND i.state IN ('HELD', 'FOLLOWED_UP') AND (f.competency_id IS NOT NULL \
         OR f.kind IN ('SKILL', 'STACK_ALGORITHM', 'STACK_DEPLOYMENT', 'STACK_SOFTWARE')) AND ",
    );
    sql.visible(shape("InformationalInterview"), "i", &look.who);
    role.about(&mut sql, "i", person).push(&format!(" ORDER BY f.created_at DESC, f.id DESC LIMIT {MOST}"));
    let mut all: Vec<Named> = look.rows(&sql).await?;
    all.reverse();
    Ok(all)
}

/// A skill with all that was said of it.
#[derive(Clone, Debug)]
struct Skill {
    competency: Option<CompetencyId>,
    scale: Option<Scale>,
    name: String,
    kinds: Words<FindingKind>,
    /// What it weighs in each of the talks that name it.
    talks: BTreeMap<InformationalInterviewId, i64>,
    companies: BTreeSet<Uuid>,
    mentions: i64,
    weight: i64,
}

/// What is a skill: a competency, or the words of whoever named it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Competency(CompetencyId),
    Words(String),
}

/// The skills: what most talks name first, then what matters most, then by name.
fn ranked(named: Vec<Named>) -> Vec<Skill> {
    let mut skills: BTreeMap<Key, Skill> = BTreeMap::new();
    for one in named {
        let key = one.competency_id.map_or_else(|| Key::Words(plain(&one.text)), Key::Competency);
        let skill = skills.entry(key).or_insert_with(|| Skill {
            competency: one.competency_id,
            scale: one.scale.map(|scale| scale.0),
            name: one.competency.unwrap_or_else(|| one.text.clone()),
            kinds: Words::EMPTY,
            talks: BTreeMap::new(),
            companies: BTreeSet::new(),
            mentions: 0,
            weight: 0,
        });
        skill.kinds = skill.kinds.with(one.kind);
        *skill.talks.entry(one.interview_id).or_default() += one.weight;
        skill.companies.extend(one.company_id);
        skill.mentions += 1;
        skill.weight += one.weight;
    }
    let mut all: Vec<Skill> = skills.into_values().collect();
    all.sort_by(|a, b| {
        let most = (b.talks.len(), b.weight, b.mentions).cmp(&(a.talks.len(), a.weight, a.mentions));
        most.then_with(|| a.name.cmp(&b.name)).then_with(|| a.competency.cmp(&b.competency))
    });
    all.truncate(SKILLS);
    all
}

fn told(skill: Skill) -> DemandedSkill {
    DemandedSkill {
        competency_id: skill.competency,
        name: skill.name,
        kinds: skill.kinds,
        interviews: number(skill.talks.len()),
        mentions: skill.mentions,
        companies: number(skill.companies.len()),
        weight: skill.weight,
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{
        raise::{raised, why},
        *,
    };
    use crate::domain::clock;

    fn named(
        talk: InformationalInterviewId,
        text: &str,
        competency: Option<(CompetencyId, &str)>,
        weight: i64,
    ) -> Named {
        Named {
            interview_id: talk,
            company_id: None,
            kind: FindingKind::Skill,
            text: text.to_owned(),
            weight,
            competency_id: competency.map(|(id, _)| id),
            competency: competency.map(|(_, name)| name.to_owned()),
            scale: None,
        }
    }

    #[test]
    fn what_most_talks_name_comes_first() {
        let (first, second) = (clock::new_id(), clock::new_id());
        let sql: (CompetencyId, &str) = (clock::new_id(), "SQL");
        let skills = ranked(vec![
            named(first, "Excel", None, 5),
            named(first, "queries", Some(sql), 1),
            named(first, "joins", Some(sql), 1),
            named(second, "Much SQL", Some(sql), 1),
            named(second, "Python", None, 1),
            named(second, "python!", None, 1),
        ]);
        let told: Vec<_> =
            skills.iter().map(|one| (one.name.as_str(), one.talks.len(), one.mentions, one.weight)).collect();
        assert_eq!(told, [("SQL", 2, 3, 3), ("Excel", 1, 1, 5), ("Python", 1, 2, 2)]);
        let strengths =
            |skill: &Skill| raised(clock::new_id(), skill).iter().map(|one| one.strength).collect::<BTreeSet<_>>();
        assert_eq!(skills.iter().map(strengths).collect::<Vec<_>>(), [[20, 40].into(), [].into(), [].into()]);
        assert_eq!(why(&skills[0]), "Named in 2 informational interviews.");
    }
}
