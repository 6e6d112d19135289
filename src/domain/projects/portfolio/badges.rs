//! What somebody is proficient in, as achievements in the words of Open Badges 3.0: what an issuer would put into a credential.
//! They are not signed: Cairn vouches for nobody.

use entity::{
    id::{CompetencyId, UserId},
    learning::{competency::Alignment, user_competency::Calculation},
    vocabulary::Json,
};
use sea_orm::FromQueryResult;
use serde_json::{Map, Value, json};

use super::Told;
use crate::{
    domain::{clock, error::Result, look::Look},
    read::{shape::shape, sql::Arg},
};
use chrono::{DateTime, Utc};

/// The terms of Open Badges.
const CONTEXT: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"];

/// A competency in which somebody is proficient.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Mastered {
    id: CompetencyId,
    code: String,
    name: String,
    description: Option<String>,
    framework: String,
    alignments: Json<Vec<Alignment>>,
    level: Option<i64>,
    calculation: Calculation,
    updated_at: DateTime<Utc>,
}

/// What somebody is proficient in, of what the caller may see, and only of frameworks that are visible.
pub(super) async fn mastered(look: &Look, person: UserId) -> Result<Vec<Mastered>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT c.id, c.code, c.name, c.description, f.title AS framework, c.alignments, u.level, u.calculation, u.updated_at \
         FROM \"user_competency\" u JOIN \"competency\" c ON c.id = u.competency_id AND c.deleted_at IS NULL \
         JOIN \"competency_framework\" f ON f.id = c.framework_id AND f.deleted_at IS NULL AND f.visible = ",
    );
    sql.bind(Arg::Bool(true)).push(" WHERE u.deleted_at IS NULL AND u.proficient = ").bind(Arg::Bool(true));
    sql.push(" AND u.user_id = ").bind(Arg::Uuid(person.0)).push(" AND ");
    sql.visible(shape("UserCompetency"), "u", &look.who).push(" ORDER BY c.code, c.id");
    look.rows(&sql).await
}

/// Writes them, each with the entries that show it.
pub(super) fn write(mastered: &[Mastered], all: &[Told], base: &str) -> Value {
    let achievements: Vec<_> = mastered.iter().map(|one| achievement(one, all, base)).collect();
    // Two words of the frame around them, which the vocabularies of badges do not have.
    let own = json!({
        "achievements": { "@id": format!("{base}/vocabulary#achievements"), "@container": "@set" },
        "achievedAt": { "@id": format!("{base}/vocabulary#achievedAt"), "@type": "http://www.w3.org/2001/XMLSchema#dateTime" },
    });
    json!({ "@context": [CONTEXT[0], CONTEXT[1], own], "achievements": achievements })
}

fn achievement(one: &Mastered, all: &[Told], base: &str) -> Value {
    let how = one.calculation.to_string().to_lowercase().replace('_', " ");
    let level = one.level.map(|level| format!(", at level {level}")).unwrap_or_default();
    let shown = all.iter().filter(|told| told.skills.iter().any(|skill| skill.id == one.id));
    let evidence: Vec<_> = shown
        .map(|told| {
            let mut evidence = Map::from_iter([
                ("type".to_owned(), json!(["Evidence"])),
                ("name".to_owned(), json!(told.entry.title)),
            ]);
            if let Some(summary) = &told.entry.summary {
                evidence.insert("narrative".to_owned(), json!(summary));
            }
            Value::from(evidence)
        })
        .collect();
    let alignment: Vec<_> = one
        .alignments
        .0
        .iter()
        .map(|other| {
            json!({
                "type": ["Alignment"], "targetName": one.name, "targetUrl": other.uri,
                "targetFramework": other.framework,
            })
        })
        .collect();
    json!({
        "achievement": {
            "id": format!("{base}/api/v1/competencies/{}", one.id),
            "type": ["Achievement"],
            "achievementType": "Competency",
            "humanCode": one.code,
            "name": one.name,
            "description": one.description.as_deref().unwrap_or(&one.name),
            "criteria": { "narrative": format!("Proficient by the scale of {}{level}: {how} of the ratings.", one.framework) },
            "alignment": alignment,
        },
        "achievedAt": clock::rfc3339(one.updated_at),
        "evidence": evidence,
    })
}

#[cfg(test)]
mod tests {
    use entity::projects::portfolio_entry::PortfolioStage;

    use super::{
        super::tests::{skill, told},
        *,
    };

    #[test]
    fn an_achievement_has_what_the_standard_asks_for() {
        let one = Mastered {
            id: clock::new_id(),
            code: "ml.bias".to_owned(),
            name: "Bias and variance".to_owned(),
            description: None,
            framework: "Foundations".to_owned(),
            alignments: Json(vec![Alignment { framework: "ESCO".to_owned(), uri: "https://esco.test/1".to_owned() }]),
            level: Some(3),
            calculation: Calculation::Latest,
            updated_at: "2026-03-01T10:00:00Z".parse().unwrap(),
        };
        let mut shows = told("Wind", PortfolioStage::ValueCreation, None, None);
        shows.skills = vec![skill(one.id, "Bias and variance", 3)];
        let other = told("Chess", PortfolioStage::PersonalProject, None, None);
        let written = write(std::slice::from_ref(&one), &[other, shows], "https://cairn.test");
        let told = &written["achievements"][0];
        let of = &told["achievement"];
        for name in ["id", "type", "name", "description", "criteria"] {
            assert!(!of[name].is_null(), "{name}");
        }
        assert_eq!(of["id"], json!(format!("https://cairn.test/api/v1/competencies/{}", one.id)));
        assert_eq!(
            of["criteria"]["narrative"],
            "Proficient by the scale of Foundations, at level 3: latest of the ratings."
        );
        assert_eq!(of["alignment"][0]["targetUrl"], "https://esco.test/1");
        assert_eq!(told["evidence"], json!([{ "type": ["Evidence"], "name": "Wind" }]));
        assert_eq!(told["achievedAt"], "2026-03-01T10:00:00.000000Z");
    }
}
