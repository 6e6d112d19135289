//! What trackers call where an application stands: the words that are commonly used.

use entity::jobs::{
    application::{ApplicationChannel, ApplicationOutcome},
    interview::InterviewType,
    stage::StageKind,
};

use crate::domain::spelling::plain;

/// Words, and what they say.
type Words<T> = &'static [(T, &'static [&'static str])];

/// Ends come first: an offer that was declined is no offer any more.
const ENDS: Words<ApplicationOutcome> = &[
    (ApplicationOutcome::OfferAccepted, &["offer accepted", "accepted", "hired", "signed"]),
    (ApplicationOutcome::OfferDeclined, &["offer declined", "declined offer", "turned down", "offer rejected by me"]),
    (ApplicationOutcome::Rejected, &["rejected", "rejection", "not selected", "declined", "denied"]),
    (ApplicationOutcome::Withdrawn, &["withdrawn", "withdrew", "cancelled", "canceled", "not interested"]),
    (ApplicationOutcome::NoResponse, &["no response", "ghosted", "no reply", "no answer"]),
    (
        ApplicationOutcome::PositionClosed,
        &["position closed", "closed", "position filled", "filled", "expired", "on hold"],
    ),
];

const STAGES: Words<StageKind> = &[
    (
        StageKind::Research,
        &[
            "research",
            "researching",
            "wishlist",
            "saved",
            "bookmarked",
            "interested",
            "to apply",
            "not applied",
            "prospect",
            "lead",
        ],
    ),
    (
        StageKind::Outreach,
        &["outreach", "contacted", "networking", "reached out", "referral requested", "informational interview"],
    ),
    (
        StageKind::Applied,
        &["applied", "application sent", "submitted", "sent", "application submitted", "in review", "under review"],
    ),
    (
        StageKind::Screening,
        &[
            "screening",
            "screen",
            "phone screen",
            "phone",
            "recruiter screen",
            "recruiter call",
            "phone interview",
            "first contact",
            "assessment",
        ],
    ),
    (
        StageKind::Interviewing,
        &[
            "interviewing",
            "interview",
            "interviews",
            "technical",
            "technical interview",
            "onsite",
            "on site",
            "onsite interview",
            "final",
            "final interview",
            "final round",
            "panel",
            "first interview",
            "second interview",
            "hiring manager",
        ],
    ),
    (StageKind::Offer, &["offer", "offered", "offer received", "negotiating", "negotiation"]),
];

const CHANNELS: Words<ApplicationChannel> = &[
    (
        ApplicationChannel::Direct,
        &["direct", "company website", "website", "online", "job board", "linkedin", "indeed", "careers page"],
    ),
    (ApplicationChannel::Referral, &["referral", "referred", "employee referral", "friend", "network"]),
    (ApplicationChannel::Recruiter, &["recruiter", "agency", "headhunter", "staffing agency"]),
    (ApplicationChannel::Inbound, &["inbound", "reached out to me", "they contacted me", "sourced"]),
];

const INTERVIEWS: Words<InterviewType> = &[
    (
        InterviewType::RecruiterScreen,
        &[
            "recruiter screen",
            "recruiter call",
            "phone screen",
            "phone interview",
            "phone",
            "screening",
            "screen",
            "hr",
        ],
    ),
    (InterviewType::Technical, &["technical", "technical interview", "technical screen", "coding", "coding interview"]),
    (
        InterviewType::Assessment,
        &["assessment", "take home", "take home assignment", "take home test", "online assessment", "case study"],
    ),
    (InterviewType::Behavioral, &["behavioral", "behavioural", "behavioral interview", "hiring manager"]),
    (InterviewType::Onsite, &["onsite", "on site", "onsite interview", "virtual onsite", "virtual on site"]),
    (InterviewType::Panel, &["panel", "panel interview"]),
    (InterviewType::Final, &["final", "final interview", "final round"]),
];

fn find<T: Copy>(words: Words<T>, text: &str) -> Option<T> {
    let text = plain(text);
    words.iter().find(|(_, known)| known.contains(&text.as_str())).map(|(of, _)| *of)
}

/// The end that a word says.
#[must_use]
pub fn end(text: &str) -> Option<ApplicationOutcome> {
    find(ENDS, text)
}

/// The kind of stage that a word says.
#[must_use]
pub fn stage(text: &str) -> Option<StageKind> {
    find(STAGES, text)
}

/// The kind of interview that a word says.
#[must_use]
pub fn interview(text: &str) -> Option<InterviewType> {
    find(INTERVIEWS, text)
}

/// The way that a word says.
#[must_use]
pub fn channel(text: &str) -> Option<ApplicationChannel> {
    find(CHANNELS, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocabulary::Vocabulary as _;

    #[test]
    fn common_words_are_known_however_they_are_written() {
        assert_eq!(stage(" Phone-Screen "), Some(StageKind::Screening));
        assert_eq!((stage("ON SITE"), stage("Lunch")), (Some(StageKind::Interviewing), None));
        assert_eq!((end("Ghosted"), end("Offer")), (Some(ApplicationOutcome::NoResponse), None));
        assert_eq!(channel("Employee referral"), Some(ApplicationChannel::Referral));
        // What we call things ourselves is known, too, and no word says two things.
        for kind in StageKind::ALL {
            assert_eq!(stage(kind.word()), Some(*kind));
        }
        for outcome in ApplicationOutcome::ALL {
            assert_eq!(end(outcome.word()), Some(*outcome));
        }
        for kind in InterviewType::ALL {
            assert_eq!(interview(kind.word()), Some(*kind));
        }
        assert_eq!((interview("Virtual on-site"), interview("Interview")), (Some(InterviewType::Onsite), None));
        assert_eq!(interview("Take-home test"), Some(InterviewType::Assessment));
        let mut all: Vec<&str> = ENDS.iter().flat_map(|(_, words)| *words).copied().collect();
        all.extend(STAGES.iter().flat_map(|(_, words)| *words));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
