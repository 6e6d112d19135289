//! What goes out: frameworks as CASE packages and as tables, plans as documents.

use entity::{
    id::{CompetencyFrameworkId, LearningPlanId},
    kind::{Declared as _, Kind, id},
    learning::{competency_framework, learning_plan},
    object,
};
use serde::Serialize;
use serde_json::Value;

use super::{
    case::{read, write},
    notes::Notes,
    plan, rows, table,
};
use crate::domain::{
    answer::{Answer, Form},
    error::{Code, Error, Result},
    look::Look,
    policy::Action,
};

object! {
    /// Which framework.
    FrameworkExportQuestion {
        /// The framework.
        required framework_id: CompetencyFrameworkId = id::<CompetencyFrameworkId>(),
    }
}

object! {
    /// A framework for other systems.
    #[derive(Serialize)]
    CompetencyFrameworkExport {
        /// The framework.
        required framework_id: CompetencyFrameworkId = id::<CompetencyFrameworkId>(),
        /// The framework as a `CFPackage` of 1EdTech CASE 1.0.
        required package: Value = Kind::Json,
    }
}

object! {
    /// Which plan.
    PlanExportQuestion {
        /// The plan.
        required plan_id: LearningPlanId = id::<LearningPlanId>(),
    }
}

object! {
    /// A plan for other installations.
    #[derive(Serialize)]
    LearningPlanExport {
        /// The plan.
        required plan_id: LearningPlanId = id::<LearningPlanId>(),
        /// The plan with its items, as an import takes it.
        required document: Value = Kind::Json,
    }
}

/// `competencyFrameworkExport`.
#[must_use]
pub fn framework() -> Answer {
    let csv = Form::csv::<CompetencyFrameworkExport>(
        "The competencies as a table, as an import takes it: a line for each, its parent by the code.",
        |told| {
            let mut notes = Notes::default();
            match read::read(&told.package, &mut notes).filter(|_| notes.fine()) {
                Some(draft) => table::write(&draft),
                None => Err(Error::new(Code::TooLarge, "The framework is larger than a table that can be taken in.")),
            }
        },
    );
    Answer::new(
        "competencyFrameworkExport",
        Action::ViewCompetencyFramework,
        "A framework with its competencies, as a CFPackage of 1EdTech CASE 1.0 or as a table. What was imported and not \
         changed is, member for member, what it was.",
        Kind::Object(CompetencyFrameworkExport::object),
        export_framework,
    )
    .alone("package")
    .form(csv)
    .points(100)
}

/// `learningPlanExport`.
#[must_use]
pub fn plan() -> Answer {
    Answer::new(
        "learningPlanExport",
        Action::ViewLearningPlan,
        "A plan with its items as one document, for this or another organization.",
        Kind::Object(LearningPlanExport::object),
        export_plan,
    )
    .alone("document")
    .points(50)
}

async fn export_framework(look: Look, asked: FrameworkExportQuestion) -> Result<CompetencyFrameworkExport> {
    let id = asked.framework_id;
    let row = look.find::<competency_framework::Entity>(id, Action::ViewCompetencyFramework).await?;
    let (framework, stored) = rows::load(&look, row).await?;
    Ok(CompetencyFrameworkExport { framework_id: id, package: write::write(&framework, stored.as_ref()) })
}

async fn export_plan(look: Look, asked: PlanExportQuestion) -> Result<LearningPlanExport> {
    let row = look.find::<learning_plan::Entity>(asked.plan_id, Action::ViewLearningPlan).await?;
    let document = serde_json::to_value(plan::write::write(&look, row).await?).map_err(Error::internal)?;
    Ok(LearningPlanExport { plan_id: asked.plan_id, document })
}
