//! Next steps that somebody put off, for a while or for good (§27); and the codes of all next steps.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{OrganizationId, StepDismissalId, UserId};

crate::vocabulary! {
    /// What a next step is about; each is one rule.
    StepCode {
        /// Name three roles that one could imagine.
        NameThreeRoles = "NAME_THREE_ROLES",
        /// Do what was planned for an application.
        DoNextAction = "DO_NEXT_ACTION",
        /// Answer an offer before its day.
        AnswerOffer = "ANSWER_OFFER",
        /// Tell those whose offer still waits that one goes elsewhere.
        DeclineOtherOffer = "DECLINE_OTHER_OFFER",
        /// Ask to talk to those whom one would work with.
        MeetTeam = "MEET_TEAM",
        /// Prepare for an interview.
        PrepareInterview = "PREPARE_INTERVIEW",
        /// Write down how an interview went.
        NoteInterview = "NOTE_INTERVIEW",
        /// Ask how a referral stands before its time has passed.
        RenewReferral = "RENEW_REFERRAL",
        /// Ask somebody to speak for an application.
        AskForReferral = "ASK_FOR_REFERRAL",
        /// Ask what would have helped, after an application came to nothing.
        AskForFeedback = "ASK_FOR_FEEDBACK",
        /// Let what somebody said after a no become something to learn.
        LearnFromFeedback = "LEARN_FROM_FEEDBACK",
        /// Apply before an opening closes.
        ApplyInTime = "APPLY_IN_TIME",
        /// Ask how an application stands of which nothing was heard.
        FollowUpApplication = "FOLLOW_UP_APPLICATION",
        /// Look up whom one is going to talk to, and where they work.
        PrepareTalk = "PREPARE_TALK",
        /// Write down what a talk showed.
        NoteTalk = "NOTE_TALK",
        /// Ask for a talk that is planned.
        RequestTalk = "REQUEST_TALK",
        /// Name what comes after the job that one has found.
        NameNextGoal = "NAME_NEXT_GOAL",
        /// Thank somebody for a talk.
        SayThanks = "SAY_THANKS",
        /// Log the latest value of a business metric.
        ObserveBusinessMetric = "OBSERVE_BUSINESS_METRIC",
        /// Choose in which order role and industry change.
        ChoosePath = "CHOOSE_PATH",
        /// Begin the next leg of a transition.
        StartLeg = "START_LEG",
        /// Give something that has to be learnt a place in a plan.
        PlanNeed = "PLAN_NEED",
        /// Begin the next thing of a plan.
        BeginItem = "BEGIN_ITEM",
        /// Spend a little time with what is being learnt.
        LearnALittle = "LEARN_A_LITTLE",
        /// Set how much to learn in a week.
        SetWeeklyTarget = "SET_WEEKLY_TARGET",
        /// Say what one does now, and where.
        SayWhereYouStand = "SAY_WHERE_YOU_STAND",
        /// Find out what changes between here and there.
        PlanTransition = "PLAN_TRANSITION",
        /// Add a business metric to a project that measures only its model.
        AddBusinessMetric = "ADD_BUSINESS_METRIC",
        /// Say in a sentence what problem a project solves.
        StateProblem = "STATE_PROBLEM",
        /// Look at an idea before it is forgotten.
        LookAtIdea = "LOOK_AT_IDEA",
        /// Write an idea for a project down.
        CaptureIdea = "CAPTURE_IDEA",
        /// Show what a finished project was.
        ShowProject = "SHOW_PROJECT",
        /// Ask whom something was made for what it was worth.
        AskStakeholder = "ASK_STAKEHOLDER",
        /// Write down somebody whom one knows.
        AddContact = "ADD_CONTACT",
        /// Ask somebody for twenty minutes.
        AskContact = "ASK_CONTACT",
        /// Have a word with somebody of whom nothing was heard for a while.
        KeepInTouch = "KEEP_IN_TOUCH",
        /// Begin a search for a job.
        BeginSearch = "BEGIN_SEARCH",
        /// Keep a posting that looks good.
        SavePosting = "SAVE_POSTING",
    }
}

/// A row of `step_dismissal`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "step_dismissal")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StepDismissalId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who put it off: it is hidden from them alone.
    pub user_id: UserId,
    /// Which step.
    pub code: StepCode,
    /// About which thing, as its public id; without it, about all.
    pub subject_id: Option<String>,
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
