//! What the columns of somebody's table are: theirs are called as they like.

use entity::{
    jobs::{application::ApplicationOutcome, stage::StageKind},
    kind::{Declared as _, Kind, line, list, word},
    object, vocabulary,
};
use serde::Serialize;

use crate::domain::external::SOURCE;

const COLUMN: Kind = line(1, 200);
const DATED: Kind = Kind::Object(DatedColumn::object);
const MEANING: Kind = Kind::Object(StatusMeaning::object);
const NAME: Kind = super::super::stage::NAME;

vocabulary! {
    /// In which order days are written.
    DateOrder {
        /// The year first: 2026-01-31.
        Ymd = "YMD",
        /// The day first: 31.01.2026 and 31/01/2026.
        Dmy = "DMY",
        /// The month first: 01/31/2026.
        Mdy = "MDY",
    }
}

object! {
    /// A column that says when an application came to a stage.
    #[derive(Serialize)]
    DatedColumn {
        /// What it is called.
        required column: String = COLUMN,
        /// What the stage is.
        required kind: StageKind = word::<StageKind>(),
        /// What the stage is called; without it, the first of the kind.
        optional name: String = NAME,
    }
}

object! {
    /// What a word in the column of where applications stand says: a stage or an end.
    #[derive(Serialize)]
    StatusMeaning {
        /// The word, however it is written.
        required value: String = line(1, 200),
        /// What the stage is.
        optional kind: StageKind = word::<StageKind>(),
        /// What the stage is called; without it, the first of the kind.
        optional name: String = NAME,
        /// What came of the application.
        optional outcome: ApplicationOutcome = word::<ApplicationOutcome>(),
    }
}

object! {
    /// What the columns of a table of applications are. Without a name, a column is the one that is called as the member is.
    #[derive(Serialize, Default)]
    TrackerMapping {
        /// The system that it comes from: what its things are called is unique there. Without it, `tracker`.
        optional source: String = SOURCE,
        /// The column of its name for an application; without one, an application is known by company, title and address, and by the day on
        /// which one applied where several are alike in these.
        optional external_id: String = COLUMN,
        /// The column of the company.
        optional company: String = COLUMN,
        /// The column of what the role is called.
        optional title: String = COLUMN,
        /// The column of where the application stands, or what came of it.
        optional status: String = COLUMN,
        /// The column of when one applied.
        optional applied_at: String = COLUMN,
        /// The column of when one took note of it.
        optional saved_at: String = COLUMN,
        /// The column of when it ended.
        optional closed_at: String = COLUMN,
        /// The column of why it ended.
        optional outcome_reason: String = COLUMN,
        /// The column of where the opening stands.
        optional url: String = COLUMN,
        /// The column of where one works.
        optional location: String = COLUMN,
        /// The column of where it was found.
        optional found_at: String = COLUMN,
        /// The column of the way in which it came about.
        optional channel: String = COLUMN,
        /// The column of which résumé was sent.
        optional resume_version: String = COLUMN,
        /// The column of what to do next.
        optional next_action: String = COLUMN,
        /// The column of when to do it.
        optional next_action_at: String = COLUMN,
        /// Columns that say when an application came to a stage.
        optional stage_dates: Vec<DatedColumn> = list(&DATED, 30),
        /// What the words of where applications stand say; those that are commonly used are known.
        optional statuses: Vec<StatusMeaning> = list(&MEANING, 100),
        /// In which order days are written; without it, the year first.
        optional date_order: DateOrder = word::<DateOrder>(),
    }
}
