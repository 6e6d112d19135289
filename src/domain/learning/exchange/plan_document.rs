//! The document of a plan: what it is called and what is to be learnt, with everything named so that another
//! organization knows it too.

use chrono::NaiveDate;
use entity::{
    id::{CompetencyId, LearningResourceId},
    kind::{Declared as _, Kind, id, int, line, list, word},
    learning::{
        learning_resource::ResourceKind,
        plan_item::{Motivation, PlanItemStatus},
    },
    object,
};
use serde::Serialize;

use crate::domain::{
    external::{self, ExternalRef},
    learning::{competency, competency_framework, learning_plan, learning_resource, plan_item},
};

/// What the document says it is.
pub const FORMAT: &str = "cairn/learning-plan";
/// Which edition of that.
pub const VERSION: i64 = 1;
/// How many items a document holds at most.
const ITEMS_MAX: usize = 1000;

const PLAN: Kind = Kind::Object(PlanPart::object);
const ITEM: Kind = Kind::Object(PlanItemPart::object);
const COMPETENCY: Kind = Kind::Object(CompetencyName::object);
const RESOURCE: Kind = Kind::Object(ResourcePart::object);

object! {
    /// A plan with its items.
    #[derive(Serialize)]
    PlanDocument {
        /// What it is: `cairn/learning-plan`.
        required format: String = line(1, 100),
        /// Which edition of that: 1.
        required version: i64 = int(1, i64::MAX),
        /// The plan.
        required plan: PlanPart = PLAN,
        /// What is to be learnt, in order.
        required items: Vec<PlanItemPart> = list(&ITEM, ITEMS_MAX),
    }
}

object! {
    /// The plan itself.
    #[derive(Serialize)]
    PlanPart {
        /// What it is called.
        required title: String = learning_plan::TITLE,
        /// What it is for.
        optional description: String = learning_plan::DESCRIPTION,
        /// When it should be done.
        optional due_on: NaiveDate = Kind::Date,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// One thing to learn.
    #[derive(Serialize)]
    PlanItemPart {
        /// What is to be learnt.
        required competency: CompetencyName = COMPETENCY,
        /// How well; without it, the lowest proficient level.
        optional target_level: i64 = int(1, 100),
        /// Where it stood; an import starts afresh, and leaves out what was dropped.
        optional status: PlanItemStatus = word::<PlanItemStatus>(),
        /// Why.
        optional motivation: Motivation = word::<Motivation>(),
        /// How much it counts.
        optional weight: i64 = plan_item::WEIGHT,
        /// Its place in the plan.
        optional sort_order: i64 = plan_item::PLACE,
        /// A note.
        optional note: String = plan_item::NOTE,
        /// What it is learnt from.
        optional resources: Vec<ResourcePart> = list(&RESOURCE, 50),
    }
}

object! {
    /// A competency by its names: the id where it is known, else the framework's short name and the code.
    #[derive(Serialize)]
    CompetencyName {
        /// The id.
        optional id: CompetencyId = id::<CompetencyId>(),
        /// The framework's short name.
        optional framework: String = competency_framework::SHORT_NAME,
        /// The code.
        optional code: String = competency::CODE,
    }
}

object! {
    /// Something to learn from: known by the names of other systems, by its id or by its address, else made anew.
    #[derive(Serialize)]
    ResourcePart {
        /// The id.
        optional id: LearningResourceId = id::<LearningResourceId>(),
        /// What kind of thing.
        required kind: ResourceKind = word::<ResourceKind>(),
        /// What it is called.
        required title: String = learning_resource::TITLE,
        /// Where it is.
        optional url: String = learning_resource::URL,
        /// Who offers it.
        optional provider: String = learning_resource::PROVIDER,
        /// How long it takes, in minutes.
        optional estimated_minutes: i64 = learning_resource::MINUTES,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}
