//! What a title really means: the duties of one role at each company, and how much they differ (§28).
//!
//! The score is simple: of each two companies, the part of their duties that only one of them names (100 percent less the Jaccard index), and of
//! all pairs the mean, rounded down. 0 says that the title means the same everywhere, 100 that it says nothing.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    id::{CompanyId, RoleProfileId, UserId},
    jobs::finding::FindingKind,
    kind::{Declared as _, Kind, id, int, line, list},
    object,
    vocabulary::Json,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::{finding::TEXT, role_titles};
use crate::{
    domain::{answer::Answer, error::Result, look::Look, policy::Action, spelling::plain},
    read::shape::shape,
};

/// How many findings and observations are looked at, the newest first.
const MOST: usize = 2000;
/// How many companies are told.
const COMPANIES: usize = 200;
/// How many duties of each.
const DUTIES: usize = 200;
const COUNT: Kind = int(0, i64::MAX);
const TITLE: Kind = line(1, 200);
const DUTY: Kind = Kind::Object(RoleDuty::object);
const COMPANY: Kind = Kind::Object(RoleAtCompany::object);
const PROFILE: Kind = id::<RoleProfileId>();

object! {
    /// Which title.
    RoleRealityQuestion {
        /// The title; role profiles tell what else it is called.
        required title: String = TITLE,
        /// Whose findings and observations; without it, the caller's.
        optional user_id: UserId = id::<UserId>(),
    }
}

object! {
    /// What a title really means.
    #[derive(Serialize)]
    RoleReality {
        /// The title.
        required title: String = TITLE,
        /// All that the role is called, this title first.
        required titles: Vec<String> = list(&TITLE, 5000),
        /// The role profiles that are called so.
        required role_profile_ids: Vec<RoleProfileId> = list(&PROFILE, 500),
        /// The companies, by their names; what is of none comes last.
        required companies: Vec<RoleAtCompany> = list(&COMPANY, COMPANIES),
        /// How much the duties differ between companies, in percent: of each two of them, the part of their duties that only one names,
        /// and of all pairs the mean. Null with fewer than two companies whose duties are known.
        optional title_inconsistency: i64 = int(0, 100),
    }
}

object! {
    /// What a title means at a company.
    #[derive(Serialize)]
    RoleAtCompany {
        /// The company; null for what was said of none.
        optional company_id: CompanyId = id::<CompanyId>(),
        /// What it is called.
        optional name: String = TITLE,
        /// How many talks and observations tell of it.
        required sources: i64 = COUNT,
        /// What one does there, what is said most often first.
        required duties: Vec<RoleDuty> = list(&DUTY, DUTIES),
        /// What takes how much of the time there.
        required time_shares: Vec<RoleDuty> = list(&DUTY, DUTIES),
    }
}

object! {
    /// Something that one does.
    #[derive(Serialize, PartialEq, Eq)]
    RoleDuty {
        /// What, as it was first said.
        required text: String = TEXT,
        /// How often it was said.
        required mentions: i64 = COUNT,
        /// How much it matters, of all mentions together.
        required weight: i64 = COUNT,
    }
}

/// `roleReality`.
#[must_use]
pub fn of_title() -> Answer {
    Answer::new(
        "roleReality",
        Action::ViewRoleReality,
        "What a title really means: the duties at each company, from informational interviews that were held and from observations, and how much they differ.",
        Kind::Object(RoleReality::object),
        role_reality,
    )
}

/// Something that was said of a role.
#[derive(Clone, Debug, FromQueryResult)]
struct Said {
    company_id: Option<CompanyId>,
    company: Option<String>,
    source_id: uuid::Uuid,
    kind: FindingKind,
    text: String,
    weight: i64,
}

#[derive(FromQueryResult)]
struct Observed {
    company_id: CompanyId,
    company: Option<String>,
    source_id: uuid::Uuid,
    duties: Json<Vec<String>>,
}

/// How much a duty weighs that was seen and not weighed.
const SEEN: i64 = 3;

async fn role_reality(look: Look, asked: RoleRealityQuestion) -> Result<RoleReality> {
    let person = look.person(asked.user_id, Action::ViewRoleReality).await?;
    let role = role_titles::called(&look, Some(&asked.title), None).await?;
    let mut said = found(&look, &role, person.id).await?;
    for one in observed(&look, &role, person.id).await? {
        let Observed { company_id, company, source_id, duties } = one;
        said.extend(duties.0.into_iter().map(|text| Said {
            company_id: Some(company_id),
            company: company.clone(),
            source_id,
            kind: FindingKind::Duty,
            text,
            weight: SEEN,
        }));
    }
    let companies = by_company(said);
    let duties: Vec<BTreeSet<String>> =
        companies.iter().filter(|one| one.company_id.is_some()).map(duties_of).collect();
    Ok(RoleReality {
        title: role.title,
        titles: role.titles,
        role_profile_ids: role.profiles,
        companies,
        title_inconsistency: inconsistency(&duties),
    })
}

/// What talks that were held brought of the role's duties, the oldest first.
async fn found(look: &Look, role: &role_titles::Called, person: UserId) -> Result<Vec<Said>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT i.company_id, y.name AS company, i.id AS source_id, f.kind, f.text, f.weight FROM \"informational_interview\" i \
         JOIN \"finding\" f ON f.interview_id = i.id AND f.organization_id = i.organization_id AND f.deleted_at IS NULL \
         LEFT JOIN \"company\" y ON y.id = i.company_id AND ",
    );
    sql.visible_by_id(shape("Company"), "y", &look.who).push(
        " WHERE i.deleted_at IS NULL AND i.state IN ('HELD', 'FOLLOWED_UP') AND f.kind IN ('DUTY', 'TIME_SHARE') AND ",
    );
    sql.visible(shape("InformationalInterview"), "i", &look.who);
    role.about(&mut sql, "i", person).push(&format!(" ORDER BY f.created_at DESC, f.id DESC LIMIT {MOST}"));
    let mut all: Vec<Said> = look.rows(&sql).await?;
    all.reverse();
    Ok(all)
}

/// What was seen of the role's duties, the oldest first.
async fn observed(look: &Look, role: &role_titles::Called, person: UserId) -> Result<Vec<Observed>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT o.company_id, y.name AS company, o.id AS source_id, o.duties FROM \"role_observation\" o \
         LEFT JOIN \"company\" y ON y.id = o.company_id AND ",
    );
    sql.visible_by_id(shape("Company"), "y", &look.who).push(" WHERE o.deleted_at IS NULL AND ");
    sql.visible(shape("RoleObservation"), "o", &look.who);
    role.about(&mut sql, "o", person).push(&format!(" ORDER BY o.created_at DESC, o.id DESC LIMIT {MOST}"));
    let mut all: Vec<Observed> = look.rows(&sql).await?;
    all.reverse();
    Ok(all)
}

/// What was said, by company.
fn by_company(said: Vec<Said>) -> Vec<RoleAtCompany> {
    let mut groups: BTreeMap<(bool, Option<String>, Option<CompanyId>), Vec<Said>> = BTreeMap::new();
    for one in said {
        groups.entry((one.company_id.is_none(), one.company.clone(), one.company_id)).or_default().push(one);
    }
    let told = groups.into_iter().map(|((_, name, company_id), said)| {
        let sources: BTreeSet<_> = said.iter().map(|one| one.source_id).collect();
        let (shares, duties): (Vec<Said>, Vec<Said>) =
            said.into_iter().partition(|one| one.kind == FindingKind::TimeShare);
        RoleAtCompany {
            company_id,
            name,
            sources: i64::try_from(sources.len()).unwrap_or(i64::MAX),
            duties: counted(duties),
            time_shares: counted(shares),
        }
    });
    told.take(COMPANIES).collect()
}

/// The same thing said several times is told once: what is said most often first, then what matters most.
fn counted(said: Vec<Said>) -> Vec<RoleDuty> {
    let mut duties: BTreeMap<String, RoleDuty> = BTreeMap::new();
    for one in said {
        let key = plain(&one.text);
        let duty = duties.entry(key).or_insert_with(|| RoleDuty { text: one.text, mentions: 0, weight: 0 });
        duty.mentions += 1;
        duty.weight += one.weight;
    }
    let mut all: Vec<(String, RoleDuty)> = duties.into_iter().collect();
    all.sort_by(|(x, a), (y, b)| (b.mentions, b.weight).cmp(&(a.mentions, a.weight)).then_with(|| x.cmp(y)));
    all.into_iter().map(|(_, duty)| duty).take(DUTIES).collect()
}

fn duties_of(company: &RoleAtCompany) -> BTreeSet<String> {
    company.duties.iter().map(|duty| plain(&duty.text)).collect()
}

/// How much duties differ between companies, in percent.
fn inconsistency(companies: &[BTreeSet<String>]) -> Option<i64> {
    let known: Vec<&BTreeSet<String>> = companies.iter().filter(|duties| !duties.is_empty()).collect();
    let (mut pairs, mut sum) = (0, 0);
    for (place, one) in known.iter().enumerate() {
        for other in &known[place + 1..] {
            let (both, all) = (one.intersection(other).count(), one.union(other).count());
            // In hundredths of a percent, so that the mean of many is not rounded many times.
            sum += i64::try_from((all - both) * 10_000 / all.max(1)).unwrap_or_default();
            pairs += 1;
        }
    }
    (pairs > 0).then(|| sum / pairs / 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;

    #[test]
    fn the_score_is_the_part_that_only_one_of_two_names() {
        let set = |duties: &str| duties.split(' ').filter(|duty| !duty.is_empty()).map(str::to_owned).collect();
        for (companies, expected) in [
            (vec![], None),
            (vec!["a b"], None),
            (vec!["a b", ""], None),
            (vec!["a b", "a b"], Some(0)),
            (vec!["a b", "c d"], Some(100)),
            (vec!["a b", "b c"], Some(66)),
            (vec!["a", "a b c d"], Some(75)),
            // Two pairs differ wholly, and one not at all.
            (vec!["a b", "a b", "c"], Some(66)),
            (vec!["a", "b", "c", "d"], Some(100)),
        ] {
            let sets: Vec<BTreeSet<String>> = companies.iter().map(|duties| set(duties)).collect();
            assert_eq!(inconsistency(&sets), expected, "{companies:?}");
        }
    }

    #[test]
    fn what_is_said_is_told_by_company() {
        let (grid, sun) = (clock::new_id(), clock::new_id());
        let said = |company: Option<(CompanyId, &str)>, kind, text: &str, weight| Said {
            company_id: company.map(|(id, _)| id),
            company: company.map(|(_, name)| name.to_owned()),
            source_id: uuid::Uuid::nil(),
            kind,
            text: text.to_owned(),
            weight,
        };
        let (duty, share) = (FindingKind::Duty, FindingKind::TimeShare);
        let told = by_company(vec![
            said(Some((sun, "Sun")), duty, "Dashboards", 3),
            said(None, duty, "Everything", 5),
            said(Some((grid, "Grid")), duty, "Clean data", 1),
            said(Some((grid, "Grid")), share, "80 % cleaning", 5),
            said(Some((grid, "Grid")), duty, "Models", 5),
            said(Some((grid, "Grid")), duty, "clean data.", 2),
        ]);
        let names: Vec<_> = told.iter().map(|one| one.name.as_deref()).collect();
        assert_eq!(names, [Some("Grid"), Some("Sun"), None]);
        let duties: Vec<_> =
            told[0].duties.iter().map(|duty| (duty.text.as_str(), duty.mentions, duty.weight)).collect();
        assert_eq!(duties, [("Clean data", 2, 3), ("Models", 1, 5)]);
        assert_eq!((told[0].time_shares.len(), told[0].sources), (1, 1));
    }
}
