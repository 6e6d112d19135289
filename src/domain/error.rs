//! The one error, and the table of its codes.

use std::{fmt, sync::Arc};

use sea_orm::{DbErr, RuntimeErr, sqlx};
use serde::Serialize;
use serde_json::Value;

/// What every fallible function of the core answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $status:literal;)+) => {
        /// What went wrong, stable for programs: the same code for the same fault in both faces.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];
            /// The code on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $code,)+ } }
            /// The HTTP status in REST.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status,)+ } }
            /// What it means.
            #[must_use]
            pub fn title(self) -> &'static str { match self { $(Self::$name => concat!($($doc),+).trim(),)+ } }
        }
    };
}

codes! {
    /// The request is not of the form that the contract asks for.
    BadInput = "BAD_INPUT", 400;
    /// The GraphQL document cannot be parsed.
    GraphqlParseFailed = "GRAPHQL_PARSE_FAILED", 400;
    /// The GraphQL document does not fit the schema.
    GraphqlValidationFailed = "GRAPHQL_VALIDATION_FAILED", 400;
    /// The GraphQL document is nested, spread or repeated more than is read.
    DocumentTooComplex = "DOCUMENT_TOO_COMPLEX", 400;
    /// No query of this hash is known: send its text along.
    PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND", 400;
    /// The hash is not that of the query.
    PersistedQueryMismatch = "PERSISTED_QUERY_MISMATCH", 400;
    /// This version of persisted queries is not offered.
    PersistedQueryNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED", 400;
    /// This version of xAPI is not offered.
    XapiVersionUnsupported = "XAPI_VERSION_UNSUPPORTED", 400;
    /// A statement's verb is none that reports a completion.
    XapiVerbUnsupported = "XAPI_VERB_UNSUPPORTED", 400;
    /// This part of xAPI is not offered.
    XapiNotOffered = "XAPI_NOT_OFFERED", 400;
    /// The request needs a valid token.
    Unauthenticated = "UNAUTHENTICATED", 401;
    /// E-mail, password or organization are wrong.
    LoginFailed = "LOGIN_FAILED", 401;
    /// The refresh token is unknown, used, or of a session that has ended.
    RefreshRejected = "REFRESH_REJECTED", 401;
    /// The one-time link is unknown, used or expired.
    ResetRejected = "RESET_REJECTED", 401;
    /// The caller may see this but not do that.
    Forbidden = "FORBIDDEN", 403;
    /// The token lacks the scope.
    InsufficientScope = "INSUFFICIENT_SCOPE", 403;
    /// A named person's data needs their grant.
    GrantRequired = "GRANT_REQUIRED", 403;
    /// This source of a learning need is not the caller's to name.
    NeedSourceForbidden = "NEED_SOURCE_FORBIDDEN", 403;
    /// This source of evidence is not the caller's to name.
    EvidenceSourceForbidden = "EVIDENCE_SOURCE_FORBIDDEN", 403;
    /// What is built in can be read and cloned, not changed.
    BuiltIn = "BUILT_IN", 403;
    /// The query asks for more than one answer may hold.
    QueryTooExpensive = "QUERY_TOO_EXPENSIVE", 403;
    /// This is not the current password.
    PasswordWrong = "PASSWORD_WRONG", 403;
    /// There is nothing here that the caller may know of.
    NotFound = "NOT_FOUND", 404;
    /// No such person in this organization.
    UserUnknown = "USER_UNKNOWN", 404;
    /// No such learning resource in this organization.
    ResourceUnknown = "RESOURCE_UNKNOWN", 404;
    /// What this names does not exist, or not for the caller.
    ReferenceUnknown = "REFERENCE_UNKNOWN", 404;
    /// The method is not offered here.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", 405;
    /// None of the accepted media types is offered here.
    NotAcceptable = "NOT_ACCEPTABLE", 406;
    /// The request took too long to arrive.
    RequestTimeout = "REQUEST_TIMEOUT", 408;
    /// The same idempotency key is being carried out now.
    IdempotencyInFlight = "IDEMPOTENCY_IN_FLIGHT", 409;
    /// The command does not fit the state that the object is in.
    InvalidTransition = "INVALID_TRANSITION", 409;
    /// A completed plan is read-only until it is reopened.
    PlanCompleted = "PLAN_COMPLETED", 409;
    /// Accepted prior learning is read-only until it is reopened.
    PriorLearningAccepted = "PRIOR_LEARNING_ACCEPTED", 409;
    /// A plan that follows a template is changed through the template, or after unlinking it.
    PlanTemplateBound = "PLAN_TEMPLATE_BOUND", 409;
    /// The plan follows no template.
    PlanNotBound = "PLAN_NOT_BOUND", 409;
    /// A plan begins from a framework or from a template, not from both.
    PlanSourceAmbiguous = "PLAN_SOURCE_AMBIGUOUS", 409;
    /// The person has a plan that follows this template already.
    AlreadyAssigned = "ALREADY_ASSIGNED", 409;
    /// Plans follow the template.
    TemplateInUse = "TEMPLATE_IN_USE", 409;
    /// A template has at most a hundred items.
    TemplateFull = "TEMPLATE_FULL", 409;
    /// The same statement id came with another content.
    StatementConflict = "STATEMENT_CONFLICT", 409;
    /// The framework has user data and cannot change its scale.
    FrameworkInUse = "FRAMEWORK_IN_USE", 409;
    /// What is in a search for a job never moves to another.
    JobSearchImmutable = "JOB_SEARCH_IMMUTABLE", 409;
    /// The search for a job is over: nothing is added to it.
    JobSearchClosed = "JOB_SEARCH_CLOSED", 409;
    /// What somebody applied for never changes: apply for the other.
    PostingImmutable = "POSTING_IMMUTABLE", 409;
    /// Somebody applied for this opening: delete the applications first.
    PostingInUse = "POSTING_IN_USE", 409;
    /// The opening was deleted: bring that back first.
    PostingDeleted = "POSTING_DELETED", 409;
    /// The stage was deleted: bring that back first.
    StageDeleted = "STAGE_DELETED", 409;
    /// What a stage is never changes: add another one.
    StageKindImmutable = "STAGE_KIND_IMMUTABLE", 409;
    /// Applications stand in this stage: move them first.
    StageInUse = "STAGE_IN_USE", 409;
    /// A search has at most a hundred stages.
    StagesFull = "STAGES_FULL", 409;
    /// Stages keep the order of what they are.
    StageKindOrder = "STAGE_KIND_ORDER", 409;
    /// The application stands in another stage by now.
    StaleStage = "STALE_STAGE", 409;
    /// Only open applications move.
    ApplicationClosed = "APPLICATION_CLOSED", 409;
    /// Going back to an earlier stage, or on with what was closed, takes a reason.
    ReasonRequired = "REASON_REQUIRED", 409;
    /// The document holds no posting of schema.org that says what is sought, and by whom.
    PostingUnreadable = "POSTING_UNREADABLE", 409;
    /// This was corrected already: correct the correction.
    EventCorrected = "EVENT_CORRECTED", 409;
    /// What belongs to an application never moves to another.
    ApplicationImmutable = "APPLICATION_IMMUTABLE", 409;
    /// The application has an open offer: what changes is a version of it.
    OfferExists = "OFFER_EXISTS", 409;
    /// The offer was answered, has expired or was taken back: it stays as it was.
    OfferClosed = "OFFER_CLOSED", 409;
    /// An offer of this job search was accepted already.
    OfferAlreadyAccepted = "OFFER_ALREADY_ACCEPTED", 409;
    /// This contact was asked for this posting already.
    ReferralExists = "REFERRAL_EXISTS", 409;
    /// The referral has ended: ask again.
    ReferralEnded = "REFERRAL_ENDED", 409;
    /// Whoever is asked for a referral and is a user here answers themself.
    ReferrerAnswers = "REFERRER_ANSWERS", 403;
    /// A referral is for an application or for a posting, not for both or neither.
    ReferralSubjectAmbiguous = "REFERRAL_SUBJECT_AMBIGUOUS", 409;
    /// Only an interview that took place has a result and a scorecard.
    InterviewNotHeld = "INTERVIEW_NOT_HELD", 409;
    /// Only an interview that was not passed shows what to learn.
    InterviewNotFailed = "INTERVIEW_NOT_FAILED", 409;
    /// Nothing in the scorecard of this interview was rated low.
    NothingRatedLow = "NOTHING_RATED_LOW", 409;
    /// An interview is moved at most fifty times.
    MovesFull = "MOVES_FULL", 409;
    /// Feedback answers a request, or names an application and who said it.
    FeedbackSubjectAmbiguous = "FEEDBACK_SUBJECT_AMBIGUOUS", 409;
    /// No feedback of this search names the competency as something to learn.
    ThemeUnknown = "THEME_UNKNOWN", 409;
    /// Each competency is named once.
    CompetencyRepeated = "COMPETENCY_REPEATED", 409;
    /// Help is asked of a contact or of a community, not of both or neither.
    HelperAmbiguous = "HELPER_AMBIGUOUS", 409;
    /// The name or the code is taken.
    AlreadyExists = "ALREADY_EXISTS", 409;
    /// The e-mail address is taken in this installation.
    EmailTaken = "EMAIL_TAKEN", 409;
    /// The external id already names another object.
    ExternalRefTaken = "EXTERNAL_REF_TAKEN", 409;
    /// There is more than one file holds.
    ExportTooLarge = "EXPORT_TOO_LARGE", 409;
    /// What other people noted names this company: an administrator may delete it.
    CompanyInUse = "COMPANY_IN_USE", 409;
    /// Something else still needs this object.
    InUse = "IN_USE", 409;
    /// An organization keeps at least one administrator.
    LastAdministrator = "LAST_ADMINISTRATOR", 409;
    /// A cursor is malformed, or belongs to another sort.
    CursorInvalid = "CURSOR_INVALID", 409;
    /// The status is changed by commands only.
    UseStateCommand = "USE_STATE_COMMAND", 409;
    /// The owner never changes.
    OwnerImmutable = "OWNER_IMMUTABLE", 409;
    /// With whom somebody was in touch never changes.
    ContactImmutable = "CONTACT_IMMUTABLE", 409;
    /// The day is past.
    DueDatePast = "DUE_DATE_PAST", 409;
    /// A scale needs a default level and at least one proficient level.
    ScaleIncomplete = "SCALE_INCOMPLETE", 409;
    /// A competency cannot stand below itself.
    CompetencyCycle = "COMPETENCY_CYCLE", 409;
    /// A competency never moves to another framework.
    FrameworkImmutable = "FRAMEWORK_IMMUTABLE", 409;
    /// The level is not one of the scale.
    LevelNotInScale = "LEVEL_NOT_IN_SCALE", 409;
    /// Whoever suggests, rates or overrides says a level.
    EvidenceLevelRequired = "EVIDENCE_LEVEL_REQUIRED", 409;
    /// That something happened says nothing of a level.
    EvidenceLevelForbidden = "EVIDENCE_LEVEL_FORBIDDEN", 409;
    /// A competency is given one level, not several at once.
    LevelAmbiguous = "LEVEL_AMBIGUOUS", 409;
    /// The goal or the role names this competency already.
    RequirementDuplicate = "REQUIREMENT_DUPLICATE", 409;
    /// A goal or a role has at most 200 requirements.
    RequirementsFull = "REQUIREMENTS_FULL", 409;
    /// Goals and roles need competencies of visible frameworks only.
    FrameworkHidden = "FRAMEWORK_HIDDEN", 409;
    /// The goal leads to no role, or to one that is gone.
    GoalWithoutRole = "GOAL_WITHOUT_ROLE", 409;
    /// Nobody opens their things to themself.
    SelfGrant = "SELF_GRANT", 409;
    /// The person belongs to several organizations and named none.
    OrganizationRequired = "ORGANIZATION_REQUIRED", 409;
    /// A machine acts for the organization: it names whose the plan is.
    OwnerRequired = "OWNER_REQUIRED", 409;
    /// A framework is at most ten levels deep.
    FrameworkTooDeep = "FRAMEWORK_TOO_DEEP", 409;
    /// It cannot have happened in the future.
    OccurredAtInvalid = "OCCURRED_AT_INVALID", 409;
    /// What is to end, ends in the future.
    ExpiryPast = "EXPIRY_PAST", 409;
    /// Only what a person owns can be opened to another.
    ScopeNotGrantable = "SCOPE_NOT_GRANTABLE", 409;
    /// A grant names its grantee by the id or by the e-mail address, not by both or neither.
    GranteeAmbiguous = "GRANTEE_AMBIGUOUS", 409;
    /// A need is planned into a plan of the person whose need it is.
    NeedOfAnother = "NEED_OF_ANOTHER", 409;
    /// Advice is put away until a moment in the future, or for good.
    SnoozePast = "SNOOZE_PAST", 409;
    /// A statement reported this session: it is not changed by hand.
    SessionReported = "SESSION_REPORTED", 409;
    /// Who may say so is another: learning systems say `LMS`, and statements alone say `XAPI`.
    SourceReserved = "SOURCE_RESERVED", 409;
    /// What another system knows comes with the id that it has there.
    StatementRequired = "STATEMENT_REQUIRED", 409;
    /// A time that is asked about ends when it begins, or later.
    RangeInverted = "RANGE_INVERTED", 409;
    /// A pause ends on the day on which it begins, or later.
    PauseEndsBeforeStart = "PAUSE_ENDS_BEFORE_START", 409;
    /// A pause lasts at most 366 days.
    PauseTooLong = "PAUSE_TOO_LONG", 409;
    /// Another pause of this person covers some of these days.
    PauseOverlaps = "PAUSE_OVERLAPS", 409;
    /// An import comes with what is to be taken in: a document, or the text of a table.
    DocumentRequired = "DOCUMENT_REQUIRED", 409;
    /// A table says nothing of its framework: the request names it.
    FrameworkRequired = "FRAMEWORK_REQUIRED", 409;
    /// This kind of import does not take what was given along.
    ImportOptionForbidden = "IMPORT_OPTION_FORBIDDEN", 409;
    /// So many imports of one principal have not ended that no more are taken.
    ImportsWaiting = "IMPORTS_WAITING", 409;
    /// A report is about a time that has passed: not the wrong way round, not too long, and not too long ago.
    PeriodInvalid = "PERIOD_INVALID", 409;
    /// There are fewer people than an aggregate tells of.
    InsufficientCohort = "INSUFFICIENT_COHORT", 409;
    /// The step lacks something: `unmet` says what.
    ScopeGateFailed = "SCOPE_GATE_FAILED", 409;
    /// Every candidate is infeasible: go back, or close the scope without an AI solution.
    NoViableSolution = "NO_VIABLE_SOLUTION", 409;
    /// The milestones need an ML metric and a business metric, each with a target.
    MetricPairRequired = "METRIC_PAIR_REQUIRED", 409;
    /// A category of the budget has neither a line nor a reason why it needs none.
    BudgetCategoryUnaddressed = "BUDGET_CATEGORY_UNADDRESSED", 409;
    /// A scope goes back to an earlier step, not on to a later one.
    StepNotEarlier = "STEP_NOT_EARLIER", 409;
    /// Whoever goes back says why, and what was learnt.
    ReturnReasonRequired = "RETURN_REASON_REQUIRED", 409;
    /// Steps of the scope wait to be confirmed or completed again.
    ScopeStale = "SCOPE_STALE", 409;
    /// A consultation has at most three pain points.
    TooManyPainPoints = "TOO_MANY_PAIN_POINTS", 409;
    /// Each pain point of a consultation has a rank of its own.
    PainPointRankTaken = "PAIN_POINT_RANK_TAKEN", 409;
    /// The scope has no such revision.
    RevisionUnknown = "REVISION_UNKNOWN", 404;
    /// The project has ended: what is in it stays as it is.
    ProjectClosed = "PROJECT_CLOSED", 409;
    /// A member is named by the id or by the e-mail address, not by both or neither.
    MemberAmbiguous = "MEMBER_AMBIGUOUS", 409;
    /// The owner of a project is in it already.
    MemberIsOwner = "MEMBER_IS_OWNER", 409;
    /// What is in a project never moves to another.
    ProjectImmutable = "PROJECT_IMMUTABLE", 409;
    /// A report of everybody tells of nobody by themself, and only that one is told by groups.
    PopulationMismatch = "POPULATION_MISMATCH", 409;
    /// The first that is said of a problem is what it is.
    ProblemUnstated = "PROBLEM_UNSTATED", 409;
    /// A project holds no more of a resource; `details.most` says how many.
    ProjectFull = "PROJECT_FULL", 409;
    /// A project has at most 100 milestones.
    MilestonesFull = "MILESTONES_FULL", 409;
    /// A milestone has at most 50 metrics.
    MetricsFull = "METRICS_FULL", 409;
    /// An order names everything once, and nothing else.
    OrderIncomplete = "ORDER_INCOMPLETE", 409;
    /// Targets of the milestone are not met: it takes a reason to call it done.
    MilestoneTargetsUnmet = "MILESTONE_TARGETS_UNMET", 409;
    /// The target of a metric is where it begins.
    MetricTargetEqualsBaseline = "METRIC_TARGET_EQUALS_BASELINE", 409;
    /// The target of a metric lies on the other side of where it begins than it is to go.
    MetricTargetAgainstDirection = "METRIC_TARGET_AGAINST_DIRECTION", 409;
    /// This reference of the metric came before, with another content.
    ObservationConflict = "OBSERVATION_CONFLICT", 409;
    /// Named approvers of budgets have names.
    ApproverRequired = "APPROVER_REQUIRED", 409;
    /// The organization names nobody who approves budgets.
    ApprovalNotNeeded = "APPROVAL_NOT_NEEDED", 409;
    /// An amount has no more digits after the point than its currency, and a quantity at most three.
    AmountPrecision = "AMOUNT_PRECISION", 409;
    /// Amounts, and what they add up to, have at most 15 digits before the point.
    AmountTooLarge = "AMOUNT_TOO_LARGE", 409;
    /// What is planned is not less than nothing.
    AmountNegative = "AMOUNT_NEGATIVE", 409;
    /// A line is planned in money, or in a quantity of a unit; not in both, and not in neither.
    MeasureAmbiguous = "MEASURE_AMBIGUOUS", 409;
    /// What is spent is told as its line is planned: in money or in a quantity.
    MeasureMismatch = "MEASURE_MISMATCH", 409;
    /// What is spent is in the currency of its line: currencies are never added up.
    CurrencyMismatch = "CURRENCY_MISMATCH", 409;
    /// A category that has lines is needed.
    BudgetCategoryInUse = "BUDGET_CATEGORY_IN_USE", 409;
    /// A project has at most 200 budget lines.
    BudgetFull = "BUDGET_FULL", 409;
    /// Support is asked of a team: the line names it.
    SupportTeamRequired = "SUPPORT_TEAM_REQUIRED", 409;
    /// An idea to join a project names the project, or somebody who is in it.
    IdeaOriginRequired = "IDEA_ORIGIN_REQUIRED", 409;
    /// A side hustle begins after its owner declared whether it touches an employer's interests.
    ConflictUndeclared = "CONFLICT_UNDECLARED", 409;
    /// A checklist is about an idea or about a project, not about both or neither.
    ChecklistSubjectAmbiguous = "CHECKLIST_SUBJECT_AMBIGUOUS", 409;
    /// What whom it is about may have read already stays as it is.
    FeedbackShown = "FEEDBACK_SHOWN", 409;
    /// Feedback is given to another.
    SelfFeedback = "SELF_FEEDBACK", 409;
    /// The stage of a portfolio entry stands on evidence that there is not: `missing` says which.
    StageEvidenceMissing = "STAGE_EVIDENCE_MISSING", 409;
    /// What is drafted from a project tells of one that is finished.
    ProjectNotFinished = "PROJECT_NOT_FINISHED", 409;
    /// Evidence of value names what shows it: the metric, or how it became part of a job.
    ValueEvidenceIncomplete = "VALUE_EVIDENCE_INCOMPLETE", 409;
    /// Evidence of value names nothing that is of another kind of it.
    ValueEvidenceMismatch = "VALUE_EVIDENCE_MISMATCH", 409;
    /// The metric did not go the way that it is to go.
    ValueNotShown = "VALUE_NOT_SHOWN", 409;
    /// The stakeholder has answered already.
    ConfirmationAnswered = "CONFIRMATION_ANSWERED", 409;
    /// A role or an industry is named by its id or in words, not both.
    TransitionEndAmbiguous = "TRANSITION_END_AMBIGUOUS", 409;
    /// A switch leads to a role, an industry, or both.
    TransitionTargetRequired = "TRANSITION_TARGET_REQUIRED", 409;
    /// Nothing changes: it is the same role in the same industry.
    TransitionChangesNothing = "TRANSITION_CHANGES_NOTHING", 409;
    /// This path does not lead there: `offered` says which do.
    PathNotOffered = "PATH_NOT_OFFERED", 409;
    /// A leg of the accepted path has begun: reopen it before choosing another path.
    LegBegun = "LEG_BEGUN", 409;
    /// Another leg of the plan is under way: there is one at a time.
    LegActive = "LEG_ACTIVE", 409;
    /// What leads to a move within the employer names a leg that is one.
    LegNotInternal = "LEG_NOT_INTERNAL", 409;
    /// Before a talk is scheduled, it takes research on the person and on the company: `missing` says which.
    PreparationRequired = "PREPARATION_REQUIRED", 409;
    /// Whoever was introduced to somebody says to whom.
    IntroductionContactRequired = "INTRODUCTION_CONTACT_REQUIRED", 409;
    /// Whoever was introduced to nobody names nobody.
    IntroductionContactForbidden = "INTRODUCTION_CONTACT_FORBIDDEN", 409;
    /// A role is asked about by its profile or by its title, not by both or neither.
    RoleAmbiguous = "ROLE_AMBIGUOUS", 409;
    /// The object has changed since the version that the caller named.
    VersionMismatch = "VERSION_MISMATCH", 412;
    /// The body is too large.
    TooLarge = "TOO_LARGE", 413;
    /// The body's media type is not offered here.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", 415;
    /// Values break the rules that the contract states.
    ValidationFailed = "VALIDATION_FAILED", 422;
    /// The idempotency key was used for another request.
    IdempotencyConflict = "IDEMPOTENCY_CONFLICT", 422;
    /// The budget of points is spent.
    RateLimited = "RATE_LIMITED", 429;
    /// Too many log-ins failed; try later.
    LoginThrottled = "LOGIN_THROTTLED", 429;
    /// Something failed that should not; the request id finds it in the log.
    Internal = "INTERNAL", 500;
    /// The database cannot be reached; try again.
    Unavailable = "UNAVAILABLE", 503;
}

/// A member of the input that is wrong.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct FieldError {
    /// Where, as a JSON pointer: `/items/0/title`.
    pub pointer: String,
    /// What, as a code.
    pub code: &'static str,
    /// What, for people.
    pub message: String,
}

impl FieldError {
    /// A value that breaks a rule.
    #[must_use]
    pub fn new(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, message: message.into() }
    }
}

/// Why something was refused or failed; cheap to clone, and never holds what must not leave the house.
#[derive(Clone, Debug)]
pub struct Error(Arc<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    code: Code,
    detail: String,
    fields: Vec<FieldError>,
    details: Option<Value>,
    retry_after: Option<u64>,
    contention: bool,
    stale: bool,
}

impl Error {
    /// A refusal with a sentence for people.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            code,
            detail: detail.into(),
            fields: Vec::new(),
            details: None,
            retry_after: None,
            contention: false,
            stale: false,
        }))
    }

    /// Nothing that the caller may know of.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("There is no such {what}."))
    }

    /// Something that must not happen: the reason goes to the log, never to the caller.
    #[must_use]
    pub fn internal(reason: impl fmt::Display) -> Self {
        tracing::error!(%reason, "internal error");
        Self::new(Code::Internal, "Something failed on our side. The request id finds it in the log.")
    }

    /// One member of the input is wrong.
    #[must_use]
    pub fn field(code: Code, pointer: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::fields(code, vec![FieldError::new(pointer, code.as_str(), message)])
    }

    /// Members of the input are wrong: all of them.
    #[must_use]
    pub fn fields(code: Code, fields: Vec<FieldError>) -> Self {
        let detail = match fields.as_slice() {
            [only] => only.message.clone(),
            several => format!("{} members of the input are wrong.", several.len()),
        };
        Self(Arc::new(Inner {
            code,
            detail,
            fields,
            details: None,
            retry_after: None,
            contention: false,
            stale: false,
        }))
    }

    /// The same with machine-readable details.
    #[must_use]
    pub fn with(self, details: Value) -> Self {
        let mut inner = Arc::unwrap_or_clone(self.0);
        inner.details = Some(details);
        Self(Arc::new(inner))
    }

    /// The same with the seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        let mut inner = Arc::unwrap_or_clone(self.0);
        inner.retry_after = Some(seconds);
        Self(Arc::new(inner))
    }

    /// The database cannot be reached.
    #[must_use]
    pub fn unavailable(reason: impl fmt::Display) -> Self {
        tracing::warn!(%reason, "database unavailable");
        Self::new(Code::Unavailable, "The database cannot be reached at the moment.").retry_after(1)
    }

    /// Others changed the same things at the same moment; trying again from the start helps.
    #[must_use]
    pub fn contention(reason: impl fmt::Display) -> Self {
        tracing::info!(%reason, "contention");
        let error = Self::new(Code::Unavailable, "Others are changing the same things at this moment.").retry_after(1);
        let mut inner = Arc::unwrap_or_clone(error.0);
        inner.contention = true;
        Self(Arc::new(inner))
    }

    /// The caller does not stand as was remembered: whoever recalled them asks anew and tries again.
    #[must_use]
    pub fn stale() -> Self {
        let error = Self::new(Code::Unavailable, "Your rights changed at this moment.").retry_after(1);
        let mut inner = Arc::unwrap_or_clone(error.0);
        inner.stale = true;
        Self(Arc::new(inner))
    }

    /// Whether the caller does not stand as was remembered.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.0.stale
    }

    /// Whether trying again from the start helps.
    #[must_use]
    pub fn is_contention(&self) -> bool {
        self.0.contention
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The sentence for people.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// What is wrong in the input.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// Machine-readable details.
    #[must_use]
    pub fn details(&self) -> Option<&Value> {
        self.0.details.as_ref()
    }

    /// Seconds after which trying again makes sense.
    #[must_use]
    pub fn seconds_to_wait(&self) -> Option<u64> {
        self.0.retry_after
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.code.as_str(), self.0.detail)
    }
}

impl std::error::Error for Error {}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::unavailable(&error),
            DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner)) => {
                if is_contended(inner) {
                    Self::contention(inner)
                } else if is_outage(inner) {
                    Self::unavailable(inner)
                } else {
                    Self::internal(inner)
                }
            }
            _ => Self::internal(&error),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if is_outage(&error) { Self::unavailable(&error) } else { Self::internal(&error) }
    }
}

/// Whether two transactions got in each other's way, and this one gave way: a deadlock, or a failed serialization.
fn is_contended(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("40P01" | "40001"))
}

/// Whether the database is away, overloaded or restarting, rather than asked something wrong.
fn is_outage(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(reported) => {
            let code = reported.code().unwrap_or_default();
            // PostgreSQL: connection trouble, no resources, shut down or cancelled, I/O;
            // SQLite: busy, locked, out of disk or memory.
            ["08", "53", "57", "58"].iter().any(|class| code.len() == 5 && code.starts_with(class))
                || matches!(code.as_ref(), "55P03" | "5" | "6" | "261" | "517" | "13" | "7" | "10")
                || reported.message().contains("database is locked")
        }
        _ => false,
    }
}

/// Whether a write broke a unique index: the place is taken.
#[must_use]
pub fn is_duplicate(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = error else {
        return false;
    };
    inner.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
