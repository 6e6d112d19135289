//! What to ask those who know the business: three wishes, each with why it does not work yet (§10).

use std::future::ready;

use entity::{
    kind::{Declared as _, Kind, int, line, list, prose, word},
    object, vocabulary,
};
use serde::Serialize;

use crate::domain::{answer::Answer, look::Look, policy::Action};

vocabulary! {
    /// Whom a guide is for.
    InterviewGuideKind {
        /// Somebody who knows the business whose problem is to be solved.
        DomainExpert = "DOMAIN_EXPERT",
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
        /// How many wishes are noted at most.
        required maximum_pain_points: i64 = int(1, 10),
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
        /// What to ask.
        required text: String = prose(1000),
        /// The member of a pain point that its answer becomes, if it becomes one.
        optional becomes: String = line(1, 100),
    }
}

/// What to ask, and the member of a pain point that the answer becomes.
const DOMAIN_EXPERT: &[(&str, Option<&str>)] = &[
    ("What do you do on an ordinary day, and where does it hurt most?", None),
    ("If you had three wishes for your work, which would come first, second and third?", Some("wish")),
    ("For each of them: why does it not work yet?", Some("whyNotWorkingYet")),
    ("What happens when it stays as it is?", None),
    ("Who else feels it, and who would be better off without it?", None),
];

/// `interviewGuide`.
#[must_use]
pub fn guide() -> Answer {
    Answer::new(
        "interviewGuide",
        Action::ViewScope,
        "What to ask somebody, in order; the answers become what is noted of the talk.",
        Kind::Object(InterviewGuide::object),
        |_: Look, asked: InterviewGuideQuestion| ready(Ok(of(asked.kind))),
    )
}

fn of(kind: InterviewGuideKind) -> InterviewGuide {
    let questions = match kind {
        InterviewGuideKind::DomainExpert => DOMAIN_EXPERT,
    };
    InterviewGuide {
        kind,
        purpose: "To hear what hurts in the business, before anybody thinks of a technique.".to_owned(),
        maximum_pain_points: 3,
        questions: (1..)
            .zip(questions)
            .map(|(place, (text, becomes))| GuideQuestion {
                place,
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
}
