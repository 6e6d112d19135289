//! What the themes of rejections tell.

use entity::{
    id::{ApplicationId, CompetencyId, JobSearchId, LearningNeedId},
    jobs::stage::StageKind,
    kind::{Declared as _, Kind, id, int, line, list, word},
    learning::learning_need::NeedState,
    object,
};
use serde::Serialize;

const COUNT: Kind = int(0, i64::MAX);
pub(super) const COMPETENCY: Kind = id::<CompetencyId>();
const APPLICATION: Kind = id::<ApplicationId>();
const THEME: Kind = Kind::Object(RejectionTheme::object);
const STAGE: Kind = Kind::Object(ThemeStage::object);
/// How many themes are told at most: those that matter most.
pub(super) const MOST: usize = 200;

object! {
    /// Of which search.
    RejectionThemesQuestion {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
    }
}

object! {
    /// What feedback on a search is about.
    #[derive(Serialize)]
    RejectionThemes {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// How many applications there is feedback on.
        required applications: i64 = COUNT,
        /// How much feedback there is.
        required feedbacks: i64 = COUNT,
        /// The competencies that it is about: what is named as missing most often first, then what is so at the latest stage.
        required themes: Vec<RejectionTheme> = list(&THEME, MOST),
    }
}

object! {
    /// A competency that feedback is about.
    #[derive(Serialize)]
    RejectionTheme {
        /// The competency.
        required competency_id: CompetencyId = COMPETENCY,
        /// Its code.
        required code: String = line(1, 100),
        /// Its name.
        required name: String = line(1, 300),
        /// How often it is named as something to learn.
        required negative: i64 = COUNT,
        /// How often it is named as a strength.
        required positive: i64 = COUNT,
        /// The applications for which it is named as something to learn.
        required application_ids: Vec<ApplicationId> = list(&APPLICATION, 1000),
        /// In which stages these ended, or stand, with how often it is named there.
        required stages: Vec<ThemeStage> = list(&STAGE, 6),
        /// The latest of these stages; null when it is named as a strength alone.
        optional latest_stage: StageKind = word::<StageKind>(),
        /// The need to learn it, when there is one that the caller may see.
        optional need_id: LearningNeedId = id::<LearningNeedId>(),
        /// Where that stands.
        optional need_state: NeedState = word::<NeedState>(),
    }
}

object! {
    /// How often something is named at a stage.
    #[derive(Serialize)]
    ThemeStage {
        /// The stage.
        required kind: StageKind = word::<StageKind>(),
        /// How often.
        required negative: i64 = COUNT,
    }
}
