//! What to ask: those who know the business about three wishes, each with why it does not work yet (§10), and those who do the
//! work that one would like to do about six topics (§20).

use std::future::ready;

use entity::{
    jobs::informational_interview::InterviewQuestion,
    kind::{Declared as _, Kind, int, line, list, prose, word},
    object, vocabulary,
};
use serde::Serialize;

use crate::domain::{answer::Answer, error::Result, look::Look, policy::Action};

vocabulary! {
    /// Whom a guide is for.
    InterviewGuideKind {
        /// Somebody who knows the business whose problem is to be solved.
        DomainExpert = "DOMAIN_EXPERT",
        /// Somebody who does the work that one would like to do.
        Informational = "INFORMATIONAL",
    }
}

const QUESTION: Kind = Kind::Object(GuideQuestion::object);

object! {
    /// Which guide.
    InterviewGuideQuestion {
        /// Whom it is for.
        required kind: InterviewGuideKind = word::<InterviewGuideKind>(),
    }
}

object! {
    /// What to ask somebody.
    #[derive(Serialize)]
    InterviewGuide {
        /// Whom it is for.
        required kind: InterviewGuideKind = word::<InterviewGuideKind>(),
        /// What it is for.
        required purpose: String = prose(1000),
        /// How many wishes are noted at most; none, where the answers become something else.
        required maximum_pain_points: i64 = int(0, 10),
        /// What to ask, in order.
        required questions: Vec<GuideQuestion> = list(&QUESTION, 20),
    }
}

object! {
    /// A question of a guide.
    #[derive(Serialize)]
    GuideQuestion {
        /// Its place, from 1.
        required place: i64 = int(1, 20),
        /// What it is about, where the guide has topics.
        optional topic: String = line(1, 100),
        /// What to ask.
        required text: String = prose(1000),
        /// The member of a pain point, or the kind of finding, that its answer becomes, if it becomes one.
        optional becomes: String = line(1, 100),
    }
}

/// What it is about, what to ask, and what the answer becomes.
type Asked = (Option<&'static str>, &'static str, Option<&'static str>);

const DOMAIN_EXPERT: &[Asked] = &[
    (None, "What do you do on an ordinary day, and where does it hurt most?", None),
    (None, "If you had three wishes for your work, which would come first, second and third?", Some("wish")),
    (None, "For each of them: why does it not work yet?", Some("whyNotWorkingYet")),
    (None, "What happens when it stays as it is?", None),
    (None, "Who else feels it, and who would be better off without it?", None),
];

const INFORMATIONAL: &[Asked] = &[
    (Some("A typical day"), "What do you do on a typical day, and in a typical week?", Some("TIME_SHARE")),
    (Some("The most important tasks"), "Which of your tasks matter most?", Some("DUTY")),
    (Some("Skills that matter"), "Which skills matter most for doing this well?", Some("SKILL")),
    (Some("How the team works"), "How does your team work together to get things done?", None),
    (Some("The hiring process"), "How does hiring for such a role go, step by step?", Some("HIRING_STEP")),
    (Some("What stands out"), "What made the people stand out whom you were glad to hire?", Some("STANDOUT")),
];

/// The usual questions of an informational interview.
#[must_use]
pub fn informational() -> Vec<InterviewQuestion> {
    let one = |(topic, text, _): &Asked| InterviewQuestion {
        topic: topic.unwrap_or_default().to_owned(),
        text: (*text).to_owned(),
    };
    INFORMATIONAL.iter().map(one).collect()
}

/// `interviewGuide`.
#[must_use]
pub fn guide() -> Answer {
    Answer::new(
        "interviewGuide",
        Action::ViewScope,
        "What to ask somebody, in order; the answers become what is noted of the talk. A guide needs the scope of what it is for: \
         `projects:read` for experts of a business, `jobs:read` for those who do the work that one would like to do.",
        Kind::Object(InterviewGuide::object),
        |look: Look, asked: InterviewGuideQuestion| ready(guided(&look, asked.kind)),
    )
    .or(Action::ViewInformationalInterview)
}

/// A guide, for whoever may look at what it is for.
fn guided(look: &Look, kind: InterviewGuideKind) -> Result<InterviewGuide> {
    look.who.has_scope_for(match kind {
        InterviewGuideKind::DomainExpert => Action::ViewScope,
        InterviewGuideKind::Informational => Action::ViewInformationalInterview,
    })?;
    Ok(of(kind))
}

fn of(kind: InterviewGuideKind) -> InterviewGuide {
    let (purpose, maximum_pain_points, questions) = match kind {
        InterviewGuideKind::DomainExpert => {
            ("To hear what hurts in the business, before anybody thinks of a technique.", 3, DOMAIN_EXPERT)
        }
        InterviewGuideKind::Informational => {
            ("To hear what the work is really like, before one decides to look for it.", 0, INFORMATIONAL)
        }
    };
    InterviewGuide {
        kind,
        purpose: purpose.to_owned(),
        maximum_pain_points,
        questions: (1..)
            .zip(questions)
            .map(|(place, (topic, text, becomes))| GuideQuestion {
                place,
                topic: topic.map(str::to_owned),
                text: (*text).to_owned(),
                becomes: becomes.map(str::to_owned),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::projects::expert_consultation::PainPoint;

    #[test]
    fn answers_become_what_a_pain_point_has() {
        let told = of(InterviewGuideKind::DomainExpert);
        let members: Vec<_> = PainPoint::object().fields.iter().map(|field| field.name.as_str()).collect();
        let becomes: Vec<_> = told.questions.iter().filter_map(|question| question.becomes.as_deref()).collect();
        assert_eq!(becomes, ["wish", "whyNotWorkingYet"]);
        assert!(becomes.iter().all(|member| members.contains(member)));
        assert_eq!(told.questions[0].place, 1);
    }

    #[test]
    fn six_topics_become_findings() {
        use entity::{jobs::finding::FindingKind, vocabulary::Vocabulary as _};
        let told = of(InterviewGuideKind::Informational);
        assert_eq!((told.questions.len(), informational().len()), (6, 6));
        assert!(told.questions.iter().all(|question| question.topic.is_some()));
        let becomes = told.questions.iter().filter_map(|question| question.becomes.as_deref());
        assert!(becomes.into_iter().all(|kind| FindingKind::of(kind).is_some()));
    }
}
