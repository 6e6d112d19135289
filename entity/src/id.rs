//! Typed ids: a UUIDv7 in the database, `prefix_` and 26 characters everywhere else (the TypeID form).

use std::{fmt, str::FromStr};

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use uuid::Uuid;

/// Crockford's base 32 in lower case, as TypeID writes it.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many characters 128 bits take.
const LENGTH: usize = 26;

/// What every typed id can do, whichever table it names.
pub trait TypedId: Copy + From<Uuid> + Into<Uuid> + Send + Sync + 'static {
    /// What stands before the underscore.
    const PREFIX: &'static str;
}

/// Why a string is not the id that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdError {
    /// Not of the form `prefix_` and 26 characters.
    Malformed,
    /// An id, but of another kind; the prefix that was expected.
    OtherKind(&'static str),
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => write!(f, "is not an id"),
            Self::OtherKind(prefix) => {
                write!(f, "is an id of another kind; one that starts with {prefix}_ was expected")
            }
        }
    }
}

/// Writes `uuid` in the wire form under `prefix`.
#[must_use]
pub fn encode(prefix: &str, uuid: Uuid) -> String {
    let mut out = Vec::with_capacity(prefix.len() + 1 + LENGTH);
    encode_into(prefix, uuid, &mut out);
    // The alphabet is ASCII.
    String::from_utf8(out).unwrap_or_default()
}

/// The same, added to bytes.
pub fn encode_into(prefix: &str, uuid: Uuid, out: &mut Vec<u8>) {
    out.extend_from_slice(prefix.as_bytes());
    out.push(b'_');
    // Nine digits, nine and eight, each lot of which fits a machine word.
    let bits = uuid.as_u128();
    for (shift, count) in [(85, 9), (40, 9), (0, 8)] {
        let lot = u64::try_from((bits >> shift) & ((1 << (5 * count)) - 1)).unwrap_or_default();
        out.extend(
            (0..count).rev().map(|place| ALPHABET[usize::try_from((lot >> (place * 5)) & 31).unwrap_or_default()]),
        );
    }
}

/// Reads any typed id: its prefix and its UUID.
///
/// # Errors
/// [`IdError::Malformed`] when `text` is not of the form.
pub fn decode(text: &str) -> Result<(&str, Uuid), IdError> {
    let (prefix, digits) = text.rsplit_once('_').ok_or(IdError::Malformed)?;
    // 26 digits hold 130 bits: the first may only be 0 to 7, or two spellings would name one row.
    if digits.len() != LENGTH || digits.as_bytes()[0] > b'7' {
        return Err(IdError::Malformed);
    }
    let mut bits: u128 = 0;
    for digit in digits.bytes() {
        let value = ALPHABET.iter().position(|&letter| letter == digit).ok_or(IdError::Malformed)?;
        bits = (bits << 5) | value as u128;
    }
    Ok((prefix, Uuid::from_u128(bits)))
}

/// Reads an id that must have `prefix`.
///
/// # Errors
/// [`IdError::Malformed`] or [`IdError::OtherKind`].
pub fn decode_as(prefix: &'static str, text: &str) -> Result<Uuid, IdError> {
    let (found, uuid) = decode(text)?;
    if found == prefix { Ok(uuid) } else { Err(IdError::OtherKind(prefix)) }
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal;)+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType)]
        pub struct $name(pub Uuid);

        // Asked of every primary key; an id is never made from a row number.
        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> { Err(DbErr::ConvertFromU64(stringify!($name))) }
        }
        impl TypedId for $name {
            const PREFIX: &'static str = $prefix;
        }
        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self { Self(uuid) }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self { id.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&encode($prefix, self.0)) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> { decode_as($prefix, text).map(Self) }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    )+ };
}

ids! {
    /// An organization: the tenant.
    OrganizationId = "org";
    /// A person.
    UserId = "usr";
    /// A person's place in an organization.
    MembershipId = "mem";
    /// A machine integration.
    ClientId = "cli";
    /// A log-in of a person, with its chain of refresh tokens.
    SessionId = "ses";
    /// An address at which a calendar program reads a person's dates.
    CalendarFeedId = "cal";
    /// What a person opened to another.
    GrantId = "grt";
    /// Something that happened.
    EventId = "evt";
    /// An organized set of competencies.
    CompetencyFrameworkId = "cfw";
    /// One ability inside a framework.
    CompetencyId = "cmp";
    /// A course, book, paper or other thing to learn from.
    LearningResourceId = "res";
    /// A learning plan.
    LearningPlanId = "pln";
    /// One thing to learn inside a plan.
    PlanItemId = "itm";
    /// Time spent learning.
    LearningSessionId = "lse";
    /// A dated proof for a competency.
    EvidenceId = "evd";
    /// A statement by a learning system that somebody did something.
    CompletionId = "cpl";
    /// Where a person stands in a competency.
    UserCompetencyId = "ucm";
    /// Something learnt before, with its proof.
    PriorLearningId = "ple";
    /// Where a person is in their career.
    CareerProfileId = "cpr";
    /// What somebody learns for.
    CareerGoalId = "gol";
    /// What a goal needs.
    GoalRequirementId = "grq";
    /// What a role asks for.
    RoleProfileId = "rpr";
    /// What a role needs of a competency.
    RoleRequirementId = "rrq";
    /// Weeks in which somebody declared to learn nothing.
    LearningPauseId = "pau";
    /// A plan to make plans from.
    LearningPlanTemplateId = "tpl";
    /// One thing to learn inside a template.
    LearningPlanTemplateItemId = "tit";
    /// Where somebody stood when they completed a plan.
    PlanStandingId = "pst";
    /// A comment on an item of a plan.
    PlanItemCommentId = "cmt";
    /// Something that a person needs to learn.
    LearningNeedId = "ned";
    /// What showed that somebody needs to learn something.
    LearningNeedSourceId = "nsr";
    /// What employers do.
    IndustryId = "ind";
    /// The way from one role and industry to another.
    TransitionPlanId = "trp";
    /// A leg of such a way.
    TransitionLegId = "leg";
    /// A next step that somebody put off.
    StepDismissalId = "sdm";
    /// Advice that somebody put away.
    InsightDismissalId = "dsm";
    /// What a project takes, and who approved it.
    BudgetId = "bud";
    /// Something that a project takes: money, people, time, an integration.
    BudgetLineId = "bln";
    /// Something that was spent.
    BudgetEntryId = "ben";
    /// A file that is being taken in.
    ImportId = "imp";
    /// A project.
    ProjectId = "prj";
    /// Somebody's place in a project.
    ProjectMemberId = "pjm";
    /// What a project sets out to do.
    ScopeId = "scp";
    /// An idea for a project.
    ProjectIdeaId = "ide";
    /// What speaks for an idea or a project.
    SelectionChecklistId = "chk";
    /// Something that stood in the way of a project.
    ObstacleId = "obt";
    /// What somebody in a project says of working with another.
    PeerFeedbackId = "pfb";
    /// Something that somebody shows of what they did.
    PortfolioEntryId = "pfe";
    /// What shows that it was worth something to others.
    PortfolioEvidenceId = "pfv";
    /// A question to somebody for whom it was made.
    StakeholderConfirmationId = "scf";
    /// An address at which somebody shows their portfolio.
    PortfolioShareId = "pfs";
    /// A company that people know of.
    CompanyId = "cny";
    /// Somebody whom a person knows.
    ContactId = "ctc";
    /// Where people help each other.
    CommunityId = "cmy";
    /// What an employer offers.
    OfferId = "ofr";
    /// What an offer was at one of its versions.
    OfferVersionId = "ofv";
    /// Somebody who was asked to speak for an application.
    ReferralId = "rfl";
    /// An interview with a company.
    InterviewId = "ivw";
    /// What somebody thinks of how an interview went.
    SelfScorecardId = "ssc";
    /// A question why nothing came of an application.
    FeedbackRequestId = "fbr";
    /// What was said of an application.
    FeedbackId = "fdb";
    /// A question to people or to a community.
    HelpRequestId = "hlp";
    /// That somebody was in touch with a contact.
    InteractionId = "ixn";
    /// A talk with somebody who does the work that one would like to do.
    InformationalInterviewId = "inf";
    /// Something that such a talk brought.
    FindingId = "fnd";
    /// What a title means at a company.
    RoleObservationId = "rob";
    /// One of the five steps of a scope.
    ScopeStepId = "sst";
    /// A return to an earlier step.
    ScopeTransitionId = "str";
    /// A scope as it was before it went back.
    ScopeRevisionId = "srv";
    /// A talk with somebody who knows the business.
    ExpertConsultationId = "exc";
    /// Something that could solve the problem.
    CandidateSolutionId = "csl";
    /// Whether a solution can be done.
    FeasibilityAssessmentId = "fea";
    /// Whether a solution is worth it.
    ValueAssessmentId = "val";
    /// A question that a trial answers.
    ProofOfConceptId = "poc";
    /// A dated promise inside a project.
    MilestoneId = "ms";
    /// What is measured of a milestone.
    MetricId = "mtr";
    /// What a metric was at a moment.
    MetricObservationId = "obs";
    /// A search for a job.
    JobSearchId = "jsr";
    /// A step through which applications go.
    StageId = "stg";
    /// An opening that somebody took note of.
    JobPostingId = "jpo";
    /// Somebody's bid for an opening.
    ApplicationId = "app";
    /// Something that happened to an application.
    ApplicationEventId = "ape";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_typeid_examples_read_and_write() {
        for (uuid, text) in [
            ("00000000-0000-0000-0000-000000000000", "usr_00000000000000000000000000"),
            ("ffffffff-ffff-ffff-ffff-ffffffffffff", "usr_7zzzzzzzzzzzzzzzzzzzzzzzzz"),
            ("01890a5d-ac96-774b-bcce-b302099a8057", "usr_01h455vb4pex5vsknk084sn02q"),
        ] {
            let uuid: Uuid = uuid.parse().unwrap();
            assert_eq!(encode("usr", uuid), text);
            assert_eq!(text.parse(), Ok(UserId(uuid)));
        }
    }

    #[test]
    fn one_row_has_one_spelling() {
        for text in [
            "usr_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "usr_01H455VB4PEX5VSKNK084SN02Q",
            "usr_01h455vb4pex5vsknk084sn02",
            "usr",
            "",
        ] {
            assert_eq!(text.parse::<UserId>(), Err(IdError::Malformed), "{text}");
        }
        assert_eq!("pln_01h455vb4pex5vsknk084sn02q".parse::<UserId>(), Err(IdError::OtherKind("usr")));
    }
}
