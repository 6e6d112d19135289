//! Who may do what: one match from an action to the scope and the rule that it needs (§37).
//!
//! A rule is data. `read/` turns it into SQL, so that lists are narrowed and a row is found only with the right to it;
//! the tests evaluate it row by row, and print the whole table.

use entity::{
    learning::{import_job::ImportKind, learning_need_source::NeedSource},
    platform::{
        client::Scope::{
            self, CommunityRead, CommunityWrite, EventsRead, IdentityRead, IdentityWrite, JobsRead, JobsWrite,
            LearningRead, LearningReview, LearningWrite, PortfolioRead, PortfolioWrite, ProjectsRead, ProjectsWrite,
            ReportsRead,
        },
        event::ActorKind,
        membership::Role::{self, Admin, Coach, OrgAnalyst},
        organization::BudgetApprover as Approver,
    },
    projects::{budget::BudgetApproval, project_member::ProjectRole},
    vocabulary::Vocabulary,
};

use super::{caller::Caller, feed};

/// What must be true of the caller, and of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Every caller of the organization.
    Anyone,
    /// No caller.
    Nobody,
    /// A machine, on behalf of the organization.
    Machine,
    /// A person with the role.
    Has(Role),
    /// The organization lets owners approve their own plans.
    SelfApproval,
    /// The organization lets people rate themselves.
    SelfRating,
    /// Whom the organization names to approve the budget of the row's owner.
    BudgetApprover,
    /// The column names the caller.
    Owner(&'static str),
    /// The column names a person who opened one of the scopes to the caller.
    Granted(&'static str, &'static [Scope]),
    /// The column names a project of the caller, of somebody who opened one of the scopes to them, or one in which they
    /// are one of the roles.
    Team(&'static str, &'static [Scope], &'static [ProjectRole]),
    /// The column names a person with the role in the caller's organization.
    Person(&'static str, Role),
    /// The column names nobody: a machine did it.
    Unowned(&'static str),
    /// The column is true.
    True(&'static str),
    /// The moment in the column has come.
    Reached(&'static str),
    /// The column is one of the words.
    Among(&'static str, Vec<String>),
    /// The caller's token has the scope.
    Holds(Scope),
    /// The column names a row of the resource that has not been deleted, whoever may see it.
    Lives(&'static str, &'static str),
    /// The column names a row of the resource, which the caller may see.
    Sees(&'static str, &'static str),
    /// All of them.
    All(Vec<Rule>),
    /// One of them.
    Any(Vec<Rule>),
}

use Rule::{
    All, Any, Anyone, BudgetApprover, Granted, Has, Holds, Lives, Machine, Owner, Person, Reached, Sees, SelfApproval,
    SelfRating, Team, True, Unowned,
};

impl Rule {
    /// The column is the word.
    #[must_use]
    pub fn is(column: &'static str, word: &str) -> Self {
        Self::Among(column, vec![word.to_owned()])
    }

    /// The rule with everything decided that concerns the caller alone: what is left concerns the row.
    #[must_use]
    pub fn settled(self, who: &Caller) -> Self {
        let decide = |yes: bool| if yes { Anyone } else { Self::Nobody };
        match self {
            Machine => decide(who.is_machine()),
            Has(role) => decide(who.is(role)),
            SelfApproval => decide(who.settings.self_approval),
            SelfRating => decide(!who.settings.reviewer_rates),
            Self::BudgetApprover => approving(who),
            Holds(scope) => decide(who.scopes.has(scope)),
            Owner(_) | Granted(..) | Team(..) if who.user().is_none() => Self::Nobody,
            All(rules) => Self::all_of(rules.into_iter().map(|rule| rule.settled(who))),
            Any(rules) => Self::any_of(rules.into_iter().map(|rule| rule.settled(who))),
            other => other,
        }
    }

    /// Whether it shows a caller, once settled, nothing but what is theirs and what others opened to them.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        match self {
            Owner(_) | Granted(..) | Team(..) => true,
            All(rules) => rules.iter().any(Self::is_personal),
            Any(rules) => rules.iter().all(Self::is_personal),
            _ => false,
        }
    }

    /// The rule of rows below one that the caller sees: what the column names is that row, of the resource.
    #[must_use]
    pub fn below(self, column: &str, resource: &str) -> Self {
        match self {
            Sees(named, of) if named == column && of == resource => Anyone,
            All(rules) => Self::all_of(rules.into_iter().map(|rule| rule.below(column, resource))),
            Any(rules) => Self::any_of(rules.into_iter().map(|rule| rule.below(column, resource))),
            other => other,
        }
    }

    fn all_of(rules: impl Iterator<Item = Self>) -> Self {
        let mut left: Vec<Self> = rules.filter(|rule| *rule != Anyone).collect();
        if left.contains(&Self::Nobody) {
            return Self::Nobody;
        }
        match left.len() {
            0 => Anyone,
            1 => left.remove(0),
            _ => All(left),
        }
    }

    fn any_of(rules: impl Iterator<Item = Self>) -> Self {
        let mut left: Vec<Self> = rules.filter(|rule| *rule != Self::Nobody).collect();
        if left.contains(&Anyone) {
            return Anyone;
        }
        match left.len() {
            0 => Self::Nobody,
            1 => left.remove(0),
            _ => Any(left),
        }
    }
}

macro_rules! actions {
    ($($name:ident,)+) => {
        /// What can be done, by its business word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $(#[doc = stringify!($name)] $name,)+ }
        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];
            /// The action's name.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$name => stringify!($name),)+ } }
        }
    };
}

actions! {
    ViewOrganization, EditOrganization,
    ViewUser, CreateUser, EditUser, ManageUser, ManageLogin, ChangePassword,
    ViewMembership, ManageMembership,
    ViewClient, ManageClient,
    ViewSession, EndSession,
    ViewGrant, CreateGrant, EditGrant,
    ViewCalendar, ViewCalendarFeed, CreateCalendarFeed, EditCalendarFeed,
    ViewEvent,
    ViewCompetencyFramework, ManageCompetencyFramework, CloneCompetencyFramework,
    ViewCompetency, ManageCompetency,
    ViewLearningResource, CreateLearningResource, EditLearningResource,
    ViewLearningPlan, CreateLearningPlan, PlanFor, EditLearningPlan, SubmitLearningPlan, ReviewLearningPlan, ApproveLearningPlan, CloseLearningPlan,
    ViewPlanItem, EditPlanItem,
    ViewLearningPlanTemplate, ManageLearningPlanTemplate, ViewLearningPlanTemplateItem,
    ViewPlanItemComment, CommentOnPlanItem, EditPlanItemComment,
    ViewLearningSession, ViewEvidence, RecordEvidence, RateEvidence, OverrideEvidence,
    ViewUserCompetency, EditUserCompetency, SubmitUserCompetency, ReviewUserCompetency,
    ViewPriorLearning, EditPriorLearning, SubmitPriorLearning, ReviewPriorLearning, AcceptPriorLearning, ReopenPriorLearning,
    ViewSkillProgression,
    ViewCompletion, RecordCompletion,
    ViewPace, ViewCoverage,
    ViewLearningNeed, ViewLearningNeedSource, RaiseLearningNeed, EditLearningNeed,
    ViewInsight, ViewInsightDismissal, EditInsightDismissal,
    ViewCareerProfile, EditCareerProfile,
    ViewRoleProfile, ManageRoleProfile, ViewRoleRequirement,
    ViewCareerGoal, EditCareerGoal, ViewGoalRequirement, EditGoalRequirement,
    CreateLearningSession, LearnFor, EditLearningSession,
    ViewLearningPause, CreateLearningPause, EditLearningPause,
    ViewImportJob, CreateImportJob, CancelImportJob,
    ViewLearningReport, ViewReportOfPerson, ViewCohort, ViewScopingReport, ViewScopingOfAll, ViewScopingOfPerson,
    ViewProject, CreateProject, PlanProjectFor, EditProject, DeleteProject, TakeIntoProject, WorkOnProject, MoveProject,
    ViewProjectMember, ManageProjectMember,
    ViewScope, EditScope, MoveScope, ViewAssessment, EditAssessment, LeaveProject,
    ViewMilestone, EditMilestone, ViewMetric, EditMetric, ViewMetricObservation, EditMetricObservation,
    ViewBudget, EditBudget, ApproveBudget, ViewBudgetLine, EditBudgetLine, ViewBudgetEntry, EditBudgetEntry,
    ViewProjectIdea, CreateProjectIdea, EditProjectIdea, ViewIdeaPrompts,
    ViewSelectionChecklist, EditSelectionChecklist,
    ViewObstacle, ViewPeerFeedback, SubmitPeerFeedback, EditPeerFeedback,
    ViewPortfolioEntry, CreatePortfolioEntry, PortfolioFor, EditPortfolioEntry, PublishPortfolioEntry, ViewPortfolio,
    ViewPortfolioEvidence, EditPortfolioEvidence, ViewStakeholderConfirmation, EditStakeholderConfirmation,
    ViewPortfolioShare, SharePortfolio, EditPortfolioShare,
    ViewCompany, CreateCompany, EditCompany,
    ViewContact, CreateContact, NetworkFor, EditContact,
    ViewCommunity, CreateCommunity, EditCommunity,
    ViewJobSearch, CreateJobSearch, SearchFor, EditJobSearch, ViewStage, EditStage,
    ViewJobPosting, CreateJobPosting, EditJobPosting,
    ViewApplication, EditApplication, ViewApplicationEvent, CorrectApplicationEvent,
    ViewReferral, RequestReferral, EditReferral, AnswerReferral, ConsentToReferral,
    ViewInterview, EditInterview, ViewSelfScorecard, EditSelfScorecard,
    ViewOffer, EditOffer, AnswerOffer, ViewOfferVersion,
    ViewFeedbackRequest, EditFeedbackRequest, ViewFeedback, EditFeedback,
    ViewHelpRequest, CreateHelpRequest, EditHelpRequest, ViewHelpBalance,
    ViewFunnel, ViewFunnelOfPerson, ViewJobsOf,
    ViewInteraction, EditInteraction, ViewNetwork, ViewImportRows, ViewTrackerRows,
    ViewIndustry, ManageIndustry, ViewTransition,
    ViewTransitionPlan, CreateTransitionPlan, EditTransitionPlan, ViewTransitionLeg, EditTransitionLeg,
    ViewNextStep, ViewStepDismissal, EditStepDismissal,
    ViewInformationalInterview, CreateInformationalInterview, EditInformationalInterview, ViewFinding, EditFinding,
    ViewRoleObservation, CreateRoleObservation, EditRoleObservation, ViewRoleReality,
}

/// What one grants with to let somebody see a plan: reading, changing or reviewing it.
const SEES_LEARNING: &[Scope] = &[LearningRead, LearningWrite, LearningReview];
/// What one grants with to let somebody see one's projects.
const SEES_PROJECTS: &[Scope] = &[ProjectsRead, ProjectsWrite];
/// The same for what they show of what they did.
const SEES_PORTFOLIO: &[Scope] = &[PortfolioRead, PortfolioWrite];
/// The same for whom somebody knows.
const SEES_NETWORK: &[Scope] = &[CommunityRead, CommunityWrite];
/// The same for where somebody looks for a job.
const SEES_JOBS: &[Scope] = &[JobsRead, JobsWrite];

/// The scope that an action needs in the token, and the rule for the caller and the row.
#[must_use]
#[expect(clippy::too_many_lines, reason = "it is a table: a line or two for each action")]
pub fn permission(action: Action) -> (Scope, Rule) {
    use Action as A;
    match action {
        A::ViewOrganization => (IdentityRead, Anyone),
        A::EditOrganization => (IdentityWrite, Any(vec![Has(Admin)])),

        // People see themselves, the coaches they may turn to, and whoever opened something to them.
        A::ViewUser => (
            IdentityRead,
            Any(vec![Machine, Has(Admin), Owner("id"), Person("id", Coach), Granted("id", <Scope as Vocabulary>::ALL)]),
        ),
        A::CreateUser | A::ManageUser => (IdentityWrite, Any(vec![Machine, Has(Admin)])),
        A::EditUser => (IdentityWrite, Any(vec![Machine, Has(Admin), Owner("id")])),
        // How a person gets in is no machine's to change: it could come in as them.
        A::ManageLogin => (IdentityWrite, Has(Admin)),
        A::ChangePassword => (IdentityWrite, Owner("id")),
        A::ViewMembership => (IdentityRead, Any(vec![Machine, Has(Admin), Owner("user_id")])),
        A::ManageMembership => (IdentityWrite, Any(vec![Machine, Has(Admin)])),
        A::ViewClient => (IdentityRead, Has(Admin)),
        A::ManageClient => (IdentityWrite, Has(Admin)),
        A::ViewSession => (IdentityRead, Any(vec![Has(Admin), Owner("user_id")])),
        A::EndSession => (IdentityWrite, Any(vec![Has(Admin), Owner("user_id")])),
        A::ViewGrant => (IdentityRead, Any(vec![Owner("owner_id"), Owner("grantee_id")])),
        A::CreateGrant => (IdentityWrite, Anyone),
        A::EditGrant => (IdentityWrite, Owner("owner_id")),
        // A calendar is its person's alone, and so are the addresses at which it is read.
        A::ViewCalendar => (IdentityRead, Owner("id")),
        A::ViewCalendarFeed => (IdentityRead, Owner("user_id")),
        A::CreateCalendarFeed => (IdentityWrite, Anyone),
        A::EditCalendarFeed => (IdentityWrite, Owner("user_id")),
        // Events tell no more than the things that they are about.
        A::ViewEvent => (EventsRead, feed::rule()),

        // Frameworks that are not visible yet are seen by those who make them.
        A::ViewCompetencyFramework => (LearningRead, Any(vec![Machine, Has(Admin), True("visible")])),
        A::CloneCompetencyFramework | A::ManageCompetencyFramework => (LearningWrite, Any(vec![Machine, Has(Admin)])),
        A::ViewCompetency => {
            (LearningRead, Any(vec![Machine, Has(Admin), Sees("framework_id", "CompetencyFramework")]))
        }
        A::ManageCompetency => (LearningWrite, Any(vec![Machine, Has(Admin)])),
        A::ViewLearningResource => (LearningRead, Anyone),
        A::CreateLearningResource => (LearningWrite, Anyone),
        A::EditLearningResource => (LearningWrite, Any(vec![Machine, Has(Admin), Owner("created_by")])),

        A::ViewLearningPlan | A::ViewPlanItem => {
            (LearningRead, Any(vec![Machine, Owner("owner_id"), Granted("owner_id", SEES_LEARNING)]))
        }
        A::CreateLearningPlan => (LearningWrite, Anyone),
        A::PlanFor => (LearningWrite, Any(vec![Machine, Owner("id"), Granted("id", &[LearningWrite])])),
        A::EditLearningPlan | A::EditPlanItem => {
            (LearningWrite, Any(vec![Machine, Owner("owner_id"), Granted("owner_id", &[LearningWrite])]))
        }
        // Templates are known to everybody, and kept by those who know the field.
        A::ViewLearningPlanTemplate => (LearningRead, Anyone),
        A::ViewLearningPlanTemplateItem => (LearningRead, Sees("template_id", "LearningPlanTemplate")),
        A::ManageLearningPlanTemplate => (LearningWrite, Any(vec![Machine, Has(Admin), Has(Coach)])),
        // Whoever sees an item reads what is said about it; its owner, and whom they asked to plan or to review, say it.
        A::ViewPlanItemComment => (LearningRead, Sees("item_id", "PlanItem")),
        A::CommentOnPlanItem => {
            (LearningWrite, Any(vec![Owner("owner_id"), Granted("owner_id", &[LearningWrite, LearningReview])]))
        }
        A::EditPlanItemComment => (LearningWrite, All(vec![Owner("author_id"), Sees("item_id", "PlanItem")])),
        A::SubmitLearningPlan => (LearningWrite, Owner("owner_id")),
        A::ReviewLearningPlan => (LearningReview, reviewing("owner_id")),
        A::ApproveLearningPlan => {
            (LearningWrite, Any(vec![reviewing("owner_id"), All(vec![SelfApproval, Owner("owner_id")])]))
        }
        A::CloseLearningPlan => (LearningWrite, Any(vec![Owner("owner_id"), reviewing("owner_id")])),
        A::ViewLearningSession | A::ViewEvidence | A::ViewCompletion | A::ViewUserCompetency | A::ViewPriorLearning => {
            (LearningRead, Any(vec![Machine, Owner("user_id"), Granted("user_id", SEES_LEARNING)]))
        }
        // Of the person named by the id: what they did, and what they think that it shows.
        A::RecordEvidence => {
            (LearningWrite, Any(vec![Machine, Owner("id"), Granted("id", &[LearningWrite]), reviewing("id")]))
        }
        A::RateEvidence => (LearningWrite, Any(vec![Machine, reviewing("id"), All(vec![SelfRating, Owner("id")])])),
        A::OverrideEvidence => (LearningWrite, reviewing("id")),
        // How a standing is computed is not chosen by whose it is.
        A::EditUserCompetency => (LearningWrite, Any(vec![Machine, reviewing("user_id")])),
        A::SubmitUserCompetency | A::SubmitPriorLearning => (LearningWrite, Owner("user_id")),
        A::ReviewUserCompetency | A::ReviewPriorLearning => (LearningReview, reviewing("user_id")),
        A::EditPriorLearning => {
            (LearningWrite, Any(vec![Machine, Owner("user_id"), Granted("user_id", &[LearningWrite])]))
        }
        A::AcceptPriorLearning => (LearningWrite, reviewing("user_id")),
        A::ReopenPriorLearning => (LearningWrite, Any(vec![Owner("user_id"), reviewing("user_id")])),
        A::RecordCompletion => (LearningWrite, Machine),
        // What is computed about a person's learning: of the person named by the id.
        A::ViewPace | A::ViewCoverage | A::ViewSkillProgression => {
            (LearningRead, Any(vec![Machine, Owner("id"), Granted("id", SEES_LEARNING)]))
        }
        A::ViewLearningNeed => (LearningRead, Any(vec![Machine, Owner("user_id"), Granted("user_id", SEES_LEARNING)])),
        // What of somebody's search for a job showed it goes with the search.
        A::ViewLearningNeedSource => (
            LearningRead,
            All(vec![
                Any(vec![Machine, Owner("user_id"), Granted("user_id", SEES_LEARNING)]),
                Any(vec![not_of_a_search(), All(vec![Holds(JobsRead), own_jobs("user_id", JobsRead)])]),
            ]),
        ),
        // Of the person named by the id: what they need to learn is theirs to say, and their reviewer's.
        A::RaiseLearningNeed => {
            (LearningWrite, Any(vec![Machine, Owner("id"), Granted("id", &[LearningWrite]), reviewing("id")]))
        }
        A::EditLearningNeed => {
            (LearningWrite, Any(vec![Machine, Owner("user_id"), Granted("user_id", &[LearningWrite])]))
        }
        A::ViewInsight => (LearningRead, Any(vec![Machine, Owner("id"), Granted("id", SEES_LEARNING)])),
        // What somebody put away concerns them alone, whoever's things it is about.
        A::ViewInsightDismissal => (LearningRead, Owner("user_id")),
        A::EditInsightDismissal => (LearningWrite, Owner("user_id")),
        A::ViewCareerProfile | A::ViewCareerGoal => {
            (LearningRead, Any(vec![Machine, Owner("user_id"), Granted("user_id", SEES_LEARNING)]))
        }
        A::EditCareerProfile | A::EditCareerGoal | A::EditGoalRequirement => {
            (LearningWrite, Any(vec![Machine, Owner("user_id"), Granted("user_id", &[LearningWrite])]))
        }
        // What a goal needs goes with the goal.
        A::ViewGoalRequirement => (LearningRead, Sees("goal_id", "CareerGoal")),
        // What roles ask for is known to everybody, and kept by those who know the field.
        A::ViewRoleProfile => (LearningRead, Anyone),
        A::ViewRoleRequirement => (LearningRead, Sees("role_profile_id", "RoleProfile")),
        A::ManageRoleProfile => (LearningWrite, Any(vec![Machine, Has(Admin), Has(Coach)])),

        // Time that was spent, and weeks that are paused: of the person named by the id when there is no row yet.
        A::CreateLearningSession | A::CreateLearningPause => (LearningWrite, Anyone),
        A::LearnFor => (LearningWrite, Any(vec![Machine, Owner("id"), Granted("id", &[LearningWrite])])),
        A::EditLearningSession | A::EditLearningPause => {
            (LearningWrite, Any(vec![Machine, Owner("user_id"), Granted("user_id", &[LearningWrite])]))
        }
        A::ViewLearningPause => (LearningRead, Any(vec![Machine, Owner("user_id"), Granted("user_id", SEES_LEARNING)])),

        // Whether what is in a document is the caller's to take in is asked of each thing in it.
        A::CreateImportJob => (LearningWrite, Anyone),
        A::ViewImportJob => (LearningRead, imported()),
        A::CancelImportJob => (LearningWrite, imported()),
        // Aggregates of enough people, of which none is told by themself.
        A::ViewLearningReport => (ReportsRead, Any(vec![Machine, Has(OrgAnalyst), Has(Admin)])),
        // A report that names people is of those who opened it, whoever asks: of the person named by the id.
        A::ViewReportOfPerson => (ReportsRead, Any(vec![Owner("id"), Granted("id", SEES_LEARNING)])),
        A::ViewCohort => (ReportsRead, Granted("id", SEES_LEARNING)),
        // Of the projects that the caller sees, whoever they are; of all projects, only counted.
        A::ViewScopingReport => (ReportsRead, Anyone),
        A::ViewScopingOfAll => (ReportsRead, Any(vec![Machine, Has(OrgAnalyst), Has(Admin)])),
        A::ViewScopingOfPerson => (ReportsRead, Any(vec![Owner("id"), Granted("id", SEES_PROJECTS)])),

        // A project is seen by its owner, by whom they opened their projects to, and by whoever is in it.
        A::ViewProject => {
            (ProjectsRead, Any(vec![Machine, Team("id", SEES_PROJECTS, <ProjectRole as Vocabulary>::ALL)]))
        }
        A::CreateProject => (ProjectsWrite, Anyone),
        // Of the person named by the id.
        A::PlanProjectFor => (ProjectsWrite, Any(vec![Machine, Owner("id"), Granted("id", &[ProjectsWrite])])),
        A::EditProject | A::MoveProject => {
            (ProjectsWrite, Any(vec![Machine, Team("id", &[ProjectsWrite], &[ProjectRole::Lead])]))
        }
        A::DeleteProject | A::TakeIntoProject => {
            (ProjectsWrite, Any(vec![Machine, Owner("owner_id"), Granted("owner_id", &[ProjectsWrite])]))
        }
        A::WorkOnProject => (ProjectsWrite, Any(vec![Machine, Team("id", &[ProjectsWrite], WORKERS)])),
        // Whatever is in a project goes with it.
        A::EditScope => (ProjectsWrite, within_project(WORKERS)),
        // What is said of a candidate goes with the candidate too.
        A::ViewAssessment => {
            (ProjectsRead, All(vec![Sees("project_id", "Project"), Sees("solution_id", "CandidateSolution")]))
        }
        A::EditAssessment => {
            (ProjectsWrite, All(vec![Sees("solution_id", "CandidateSolution"), within_project(WORKERS)]))
        }
        // Whoever leads it says when a step is done.
        A::MoveScope => (ProjectsWrite, within_project(&[ProjectRole::Lead])),
        A::ViewProjectMember | A::ViewScope | A::ViewMilestone => (ProjectsRead, Sees("project_id", "Project")),
        // What is measured goes with its milestone too, and what was observed with what is measured.
        A::ViewMetric => (ProjectsRead, All(vec![Sees("project_id", "Project"), Sees("milestone_id", "Milestone")])),
        A::ViewMetricObservation => {
            (ProjectsRead, All(vec![Sees("project_id", "Project"), Sees("metric_id", "Metric")]))
        }
        A::EditMilestone => (ProjectsWrite, within_project(WORKERS)),
        A::EditMetric => (ProjectsWrite, All(vec![Sees("milestone_id", "Milestone"), within_project(WORKERS)])),
        A::EditMetricObservation => (ProjectsWrite, All(vec![Sees("metric_id", "Metric"), within_project(WORKERS)])),
        // A budget is also seen by who is asked to approve it, with all its lines, as long as there is a project.
        A::ViewBudget => (
            ProjectsRead,
            Any(vec![
                Sees("project_id", "Project"),
                All(vec![BudgetApprover, asked(), Lives("project_id", "Project")]),
            ]),
        ),
        A::ApproveBudget => (ProjectsWrite, All(vec![BudgetApprover, asked(), Lives("project_id", "Project")])),
        A::ViewBudgetLine | A::ViewBudgetEntry => (
            ProjectsRead,
            Any(vec![Sees("project_id", "Project"), All(vec![BudgetApprover, Sees("budget_id", "Budget")])]),
        ),
        A::EditBudget | A::EditBudgetLine | A::EditBudgetEntry => (ProjectsWrite, within_project(WORKERS)),
        // Who is in a project is its owner's to say.
        A::ManageProjectMember => (ProjectsWrite, within_project(&[])),
        // Whoever was taken in may leave.
        A::LeaveProject => {
            (ProjectsWrite, Any(vec![within_project(&[]), All(vec![Sees("project_id", "Project"), Owner("user_id")])]))
        }

        // Ideas are their owners' until a project comes of them.
        A::ViewProjectIdea => (ProjectsRead, Any(vec![Machine, Owner("owner_id"), Granted("owner_id", SEES_PROJECTS)])),
        A::CreateProjectIdea => (ProjectsWrite, Anyone),
        A::EditProjectIdea => {
            (ProjectsWrite, Any(vec![Machine, Owner("owner_id"), Granted("owner_id", &[ProjectsWrite])]))
        }
        // Of the person named by the id.
        A::ViewIdeaPrompts => (ProjectsRead, Any(vec![Machine, Owner("id"), Granted("id", SEES_PROJECTS)])),
        // What speaks for an idea goes with it, and with the project that came of it, as long as these are there.
        A::ViewSelectionChecklist => (ProjectsRead, speaking(SEES_PROJECTS, <ProjectRole as Vocabulary>::ALL)),
        A::EditSelectionChecklist => (ProjectsWrite, speaking(&[ProjectsWrite], WORKERS)),

        // Whatever is in a project goes with it.
        A::ViewObstacle => (ProjectsRead, Sees("project_id", "Project")),
        // What people say of each other is between them, and opened at a moment: no role sees it, nor a machine.
        A::ViewPeerFeedback => {
            (ProjectsRead, Any(vec![Owner("from_id"), All(vec![Owner("to_id"), Reached("visible_at")])]))
        }
        A::SubmitPeerFeedback => (ProjectsWrite, Anyone),
        A::EditPeerFeedback => (ProjectsWrite, Owner("from_id")),

        // A portfolio is seen here by its owner and by whom they opened it to, all of it. Whom an entry is shown to besides,
        // without an account, is its owner's alone to say, and so is at which addresses.
        A::ViewPortfolioEntry => {
            (PortfolioRead, Any(vec![Machine, Owner("owner_id"), Granted("owner_id", SEES_PORTFOLIO)]))
        }
        A::CreatePortfolioEntry => (PortfolioWrite, Anyone),
        // Of the person named by the id.
        A::PortfolioFor => (PortfolioWrite, Any(vec![Machine, Owner("id"), Granted("id", &[PortfolioWrite])])),
        A::ViewPortfolio => (PortfolioRead, Any(vec![Machine, Owner("id"), Granted("id", SEES_PORTFOLIO)])),
        A::EditPortfolioEntry => {
            (PortfolioWrite, Any(vec![Machine, Owner("owner_id"), Granted("owner_id", &[PortfolioWrite])]))
        }
        A::PublishPortfolioEntry => (PortfolioWrite, Owner("owner_id")),
        // What an entry was worth goes with it.
        A::ViewPortfolioEvidence | A::ViewStakeholderConfirmation => {
            (PortfolioRead, Sees("entry_id", "PortfolioEntry"))
        }
        A::EditPortfolioEvidence | A::EditStakeholderConfirmation => (
            PortfolioWrite,
            All(vec![
                Sees("entry_id", "PortfolioEntry"),
                Any(vec![Machine, Owner("owner_id"), Granted("owner_id", &[PortfolioWrite])]),
            ]),
        ),
        A::ViewPortfolioShare => (PortfolioRead, Owner("owner_id")),
        A::SharePortfolio => (PortfolioWrite, Anyone),
        A::EditPortfolioShare => (PortfolioWrite, Owner("owner_id")),

        // Companies are the organization's; whoever adds one keeps it.
        A::ViewCompany => (CommunityRead, Anyone),
        A::CreateCompany => (CommunityWrite, Anyone),
        A::EditCompany => (CommunityWrite, Any(vec![Machine, Has(Admin), Owner("created_by")])),
        // Whom somebody knows is theirs: neither a role nor a machine of the organization sees it.
        A::ViewContact | A::ViewCommunity => (CommunityRead, personal("owner_id", SEES_NETWORK)),
        // What was with somebody goes with them.
        A::ViewInteraction => {
            (CommunityRead, All(vec![personal("owner_id", SEES_NETWORK), Lives("contact_id", "Contact")]))
        }
        A::CreateContact | A::CreateCommunity => (CommunityWrite, Anyone),
        // Of the person named by the id.
        A::NetworkFor => (CommunityWrite, personal("id", &[CommunityWrite])),
        // What is in an address book, or in a tracker, is told to whoever takes it in, and to no machine.
        A::ViewImportRows => (CommunityRead, Owner("user_id")),
        A::ViewTrackerRows => (JobsRead, Owner("user_id")),
        A::ViewNetwork => (CommunityRead, personal("id", SEES_NETWORK)),
        A::EditContact | A::EditCommunity => (CommunityWrite, personal("owner_id", &[CommunityWrite])),
        A::EditInteraction => {
            (CommunityWrite, All(vec![personal("owner_id", &[CommunityWrite]), Lives("contact_id", "Contact")]))
        }

        // Industries are known to everybody as roles are, and kept by the same people.
        A::ViewIndustry => (LearningRead, Anyone),
        A::ManageIndustry => (LearningWrite, Any(vec![Machine, Has(Admin), Has(Coach)])),
        // What is computed about where somebody could go: of the person named by the id.
        A::ViewTransition => (JobsRead, own_jobs("id", JobsRead)),
        A::ViewTransitionPlan => (JobsRead, own_jobs("owner_id", JobsRead)),
        A::CreateTransitionPlan => (JobsWrite, Anyone),
        A::EditTransitionPlan => (JobsWrite, own_jobs("owner_id", JobsWrite)),
        A::ViewTransitionLeg => (JobsRead, part_of_jobs("transition_plan_id", "TransitionPlan", JobsRead)),
        A::EditTransitionLeg => (JobsWrite, part_of_jobs("transition_plan_id", "TransitionPlan", JobsWrite)),

        // Small things to do, of everything that the caller may know of a person: the one named by the id.
        A::ViewNextStep => (LearningRead, Any(vec![Machine, Owner("id"), Granted("id", SEES_LEARNING)])),
        // What somebody put off concerns them alone.
        A::ViewStepDismissal => (LearningRead, Owner("user_id")),
        A::EditStepDismissal => (LearningWrite, Owner("user_id")),
        // A search for a job is its person's own.
        A::ViewJobSearch | A::ViewJobPosting | A::ViewInformationalInterview | A::ViewRoleObservation => {
            (JobsRead, own_jobs("owner_id", JobsRead))
        }
        A::CreateJobSearch | A::CreateJobPosting | A::CreateInformationalInterview | A::CreateRoleObservation => {
            (JobsWrite, Anyone)
        }
        // Of the person named by the id.
        A::ViewRoleReality => (JobsRead, own_jobs("id", JobsRead)),
        A::SearchFor => (JobsWrite, own_jobs("id", JobsWrite)),
        A::EditJobSearch | A::EditJobPosting | A::EditInformationalInterview | A::EditRoleObservation => {
            (JobsWrite, own_jobs("owner_id", JobsWrite))
        }
        // What is in a search goes with it, and what happened to an application with that.
        A::ViewStage | A::ViewApplication => (JobsRead, part_of_jobs("job_search_id", "JobSearch", JobsRead)),
        A::EditStage | A::EditApplication => (JobsWrite, part_of_jobs("job_search_id", "JobSearch", JobsWrite)),
        A::ViewApplicationEvent => (JobsRead, part_of_jobs("application_id", "Application", JobsRead)),
        // How far everybody's came is counted; of one person it is told to those whom they let look.
        A::ViewFunnel => (ReportsRead, Any(vec![Machine, Has(OrgAnalyst), Has(Admin)])),
        // Of the person named by the id.
        A::ViewJobsOf => (JobsRead, own_jobs("id", JobsRead)),
        A::ViewFunnelOfPerson => (ReportsRead, own_jobs("id", JobsRead)),
        A::CorrectApplicationEvent => (JobsWrite, part_of_jobs("application_id", "Application", JobsWrite)),
        // A referral goes with its posting. Whoever is asked for one and is a user here sees it, and speaks for themself.
        A::ViewReferral => {
            (JobsRead, Any(vec![Owner("referrer_user_id"), part_of_jobs("posting_id", "JobPosting", JobsRead)]))
        }
        A::RequestReferral => (JobsWrite, Anyone),
        A::EditReferral => (JobsWrite, part_of_jobs("posting_id", "JobPosting", JobsWrite)),
        A::AnswerReferral => {
            (JobsWrite, Any(vec![Owner("referrer_user_id"), part_of_jobs("posting_id", "JobPosting", JobsWrite)]))
        }
        A::ConsentToReferral => (JobsWrite, Owner("referrer_user_id")),
        A::ViewInterview | A::ViewOffer | A::ViewFeedbackRequest | A::ViewFeedback => {
            (JobsRead, part_of_jobs("application_id", "Application", JobsRead))
        }
        A::EditInterview | A::EditOffer | A::EditFeedbackRequest | A::EditFeedback => {
            (JobsWrite, part_of_jobs("application_id", "Application", JobsWrite))
        }
        A::ViewSelfScorecard => (JobsRead, part_of_jobs("interview_id", "Interview", JobsRead)),
        A::EditSelfScorecard => (JobsWrite, part_of_jobs("interview_id", "Interview", JobsWrite)),
        A::ViewOfferVersion => (JobsRead, part_of_jobs("offer_id", "Offer", JobsRead)),
        // Which offer somebody takes, they say themself.
        A::AnswerOffer => (JobsWrite, All(vec![Owner("owner_id"), Sees("application_id", "Application")])),
        A::ViewHelpRequest => (JobsRead, own_jobs("owner_id", JobsRead)),
        A::CreateHelpRequest => (JobsWrite, Anyone),
        A::EditHelpRequest => (JobsWrite, own_jobs("owner_id", JobsWrite)),
        // Of the person named by the id.
        A::ViewHelpBalance => (JobsRead, own_jobs("id", JobsRead)),
        A::ViewFinding => (JobsRead, part_of_jobs("interview_id", "InformationalInterview", JobsRead)),
        A::EditFinding => (JobsWrite, part_of_jobs("interview_id", "InformationalInterview", JobsWrite)),
    }
}

/// What is the person's in the column alone: neither a role nor a machine of the organization sees it, only whom they
/// opened it to by a scope of its own.
fn personal(person: &'static str, scopes: &'static [Scope]) -> Rule {
    Any(vec![Owner(person), Granted(person, scopes)])
}

/// What belongs to somebody's search for a job, for reading or for writing: theirs, and of whom they let by a grant that
/// names the scope itself. No role opens it, an administrator's neither, and no machine sees anybody's.
fn own_jobs(owner: &'static str, scope: Scope) -> Rule {
    personal(owner, if scope == JobsRead { SEES_JOBS } else { &[JobsWrite] })
}

/// What showed that somebody needs to learn something, and is no part of their search for a job: what is none by its kind, and what
/// another system told of, which sees nobody's search.
fn not_of_a_search() -> Rule {
    let kinds = <NeedSource as Vocabulary>::ALL.iter().filter(|kind| !kind.is_of_a_search());
    let kinds = kinds.map(|kind| kind.word().to_owned()).collect();
    Any(vec![Rule::Among("source", kinds), Rule::is("raised_by_kind", ActorKind::Client.word())])
}

/// The same of what goes with another thing of the same person: as long as that is there.
fn part_of_jobs(column: &'static str, whole: &'static str, scope: Scope) -> Rule {
    All(vec![own_jobs("owner_id", scope), Sees(column, whole)])
}

/// One's own imports; administrators see those of frameworks, which are the organization's. Machines see theirs, and of people's
/// those of everything but their search for a job.
fn imported() -> Rule {
    let frameworks = [ImportKind::Case, ImportKind::FrameworkCsv];
    let shared = [ImportKind::Case, ImportKind::FrameworkCsv, ImportKind::LearningPlan, ImportKind::Project];
    let words = |kinds: &[ImportKind]| Rule::Among("kind", kinds.iter().map(|kind| kind.word().to_owned()).collect());
    Any(vec![
        All(vec![Machine, Any(vec![Unowned("user_id"), words(&shared)])]),
        Owner("user_id"),
        All(vec![Has(Admin), words(&frameworks)]),
    ])
}

/// A coach, whose tokens alone have the scope, and whom the person in the column asked by a grant.
fn reviewing(person: &'static str) -> Rule {
    All(vec![Has(Coach), Holds(LearningReview), Granted(person, &[LearningReview])])
}

/// Whom the organization names to approve budgets: of a coach, what is left to ask is whose budget it is.
fn approving(who: &Caller) -> Rule {
    let coach = All(vec![Has(Coach), Granted("owner_id", SEES_PROJECTS)]);
    match who.settings.budget_approver {
        Approver::Nobody => Rule::Nobody,
        Approver::Coach => coach.settled(who),
        Approver::Administrator => Has(Admin).settled(who),
        Approver::Named if who.user().is_some_and(|id| who.settings.budget_approver_ids.contains(&id)) => Anyone,
        Approver::Named => Rule::Nobody,
    }
}

/// A budget whose approval was asked for, whatever came of it.
fn asked() -> Rule {
    let words = [BudgetApproval::Requested, BudgetApproval::Approved, BudgetApproval::Rejected];
    Rule::Among("approval", words.map(|word| word.word().to_owned()).into())
}

/// Of what speaks for an idea or for a project: who has the living idea, or is in the living project as one of these. Each
/// way leads to its rows by an index, where rows of ideas and projects that are seen would be looked up one by one.
fn speaking(scopes: &'static [Scope], roles: &'static [ProjectRole]) -> Rule {
    Any(vec![
        All(vec![Any(vec![Machine, Owner("owner_id"), Granted("owner_id", scopes)]), Lives("idea_id", "ProjectIdea")]),
        All(vec![Any(vec![Machine, Team("project_id", scopes, roles)]), Lives("project_id", "Project")]),
    ])
}

/// Who changes what is in a project.
const WORKERS: &[ProjectRole] = &[ProjectRole::Lead, ProjectRole::Contributor];

/// Of what is in a project: its owner changes it, whom they let, and who is in it as one of these.
fn within_project(roles: &'static [ProjectRole]) -> Rule {
    All(vec![Sees("project_id", "Project"), Any(vec![Machine, Team("project_id", &[ProjectsWrite], roles)])])
}
