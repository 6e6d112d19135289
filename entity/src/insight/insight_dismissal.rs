//! Advice that somebody put away, for a while or for good; and the codes of all advice.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{InsightDismissalId, OrganizationId, UserId};

crate::vocabulary! {
    /// What an insight is about; each is one rule.
    InsightCode {
        /// A later phase of the career is active, and nothing has been learnt for four weeks (§1).
        LearningStopped = "LEARNING_STOPPED",
        /// Somebody looks for a job, and nothing shows yet what they did (§1).
        JobSearchWithoutPortfolio = "JOB_SEARCH_WITHOUT_PORTFOLIO",
        /// An offer was accepted, and no goal comes after it yet (§1).
        JourneyContinues = "JOURNEY_CONTINUES",
        /// An area of a framework has not been begun while another is well ahead (§2).
        AreaImbalance = "AREA_IMBALANCE",
        /// Modelling is well ahead, and exploratory data analysis is missing (§2).
        EdaMissing = "EDA_MISSING",
        /// Something new is learnt from articles alone (§3).
        ScatteredStart = "SCATTERED_START",
        /// The course is complete: papers come next (§3).
        ReadyForPapers = "READY_FOR_PAPERS",
        /// Most of four weeks was learnt within two days (§4).
        Cramming = "CRAMMING",
        /// The week is well under way, and its target is far (§4).
        PaceAtRisk = "PACE_AT_RISK",
        /// What a goal asks for was to be looked at again (§5).
        RequirementStale = "REQUIREMENT_STALE",
        /// Something to learn has been waiting for a plan (§29).
        NeedUnplanned = "NEED_UNPLANNED",
        /// A scope has come to its milestones and names none (§9).
        LearnMoreAboutProblem = "LEARN_MORE_ABOUT_PROBLEM",
        /// Every ML target is met, and no business target is (§11).
        ModelGoodBusinessFlat = "MODEL_GOOD_BUSINESS_FLAT",
        /// A business metric has not been observed for a month of work (§11).
        BusinessMetricUnobserved = "BUSINESS_METRIC_UNOBSERVED",
        /// The model is observed, and the business is not (§11).
        OnlyMlObserved = "ONLY_ML_OBSERVED",
        /// More was spent on a category of a budget than is planned (§12).
        OverBudget = "OVER_BUDGET",
        /// A team refused the support that an integration needs (§12).
        SupportRefused = "SUPPORT_REFUSED",
        /// The organization has no project yet in the area of an idea (§13).
        UntappedArea = "UNTAPPED_AREA",
        /// The latest entries of a portfolio are of one stage, and no more complex than those before (§15).
        StagePlateau = "STAGE_PLATEAU",
        /// Nobody else shows of anything in a portfolio that it was worth something (§15).
        NoValueEvidence = "NO_VALUE_EVIDENCE",
        /// What is known of a portfolio entry speaks for a higher stage (§15).
        ReadyForNextStage = "READY_FOR_NEXT_STAGE",
        /// What is known of a portfolio entry no longer carries the stage that it is shown as (§15).
        StageUnsupported = "STAGE_UNSUPPORTED",
        /// Something creates value, and nothing before it was begun by oneself (§15).
        StageSkipped = "STAGE_SKIPPED",
        /// An opening closes soon, and there is no application for it yet (§21).
        ClosingSoon = "CLOSING_SOON",
        /// Nothing was heard of an open application for a week (§21).
        FollowUpDue = "FOLLOW_UP_DUE",
        /// Two open applications are for the same role at the same company (§21).
        DuplicateApplication = "DUPLICATE_APPLICATION",
        /// An open application is with a company that was quiet the last time (§21).
        PreviouslyUnresponsiveCompany = "PREVIOUSLY_UNRESPONSIVE_COMPANY",
        /// A change of role or industry is aimed at, and hardly anybody who is there was asked (§20).
        TalkToInsiders = "TALK_TO_INSIDERS",
        /// Somebody gave their time for a talk, and has not heard since (§20).
        FollowUpOverdue = "FOLLOW_UP_OVERDUE",
        /// Somebody has not been heard of for longer than was meant (§31).
        KeepInTouch = "KEEP_IN_TOUCH",
        /// An application leads to another role and another industry at once (§17).
        DoubleSwitchDirect = "DOUBLE_SWITCH_DIRECT",
        /// An application for another role is at a start-up, where roles are still open (§18).
        StartupEasier = "STARTUP_EASIER",
        /// An application for another role is at a large company, which rewards who does one role for long (§18).
        BigCompanyRigidReward = "BIG_COMPANY_RIGID_REWARD",
        /// Every project that was finished was a work of one (§30).
        AlwaysSolo = "ALWAYS_SOLO",
        /// Somebody who is known works where one applies directly (§22).
        WarmPathAvailable = "WARM_PATH_AVAILABLE",
        /// Nothing came of a referral: there is a next contact, or one applies directly (§22).
        ReferralLapsed = "REFERRAL_LAPSED",
        /// An offer was accepted, and another one still waits for an answer (§24).
        OffersStillOpen = "OFFERS_STILL_OPEN",
        /// Nobody was asked why nothing came of an application (§25).
        AskForFeedback = "ASK_FOR_FEEDBACK",
    }
}

crate::vocabulary! {
    /// How much an insight matters, what matters most first.
    InsightSeverity {
        /// Something is likely to go wrong.
        Warning = "WARNING",
        /// Something could go better.
        Advice = "ADVICE",
        /// Something to know.
        Info = "INFO",
    }
}

/// A row of `insight_dismissal`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "insight_dismissal")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InsightDismissalId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who put it away: it is hidden from them alone.
    pub user_id: UserId,
    /// What it is about.
    pub code: InsightCode,
    /// Which object it is about, as its public id.
    pub subject_id: String,
    /// Until when; without it, for good.
    pub until: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted; it can be restored.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
