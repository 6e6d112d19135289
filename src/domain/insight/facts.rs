//! What is known of a person, loaded once, in a bounded number of statements: a section for each chapter.

pub(super) mod ahead;
pub(super) mod beginning;
pub(super) mod hiring;
pub(super) mod ideas;
pub(super) mod jobs;
pub(super) mod learning;
pub(super) mod measures;
pub(super) mod portfolio;
pub(super) mod scoping;
pub(super) mod spending;
pub(super) mod switch;
pub(super) mod talks;
pub(super) mod team;
pub(super) mod work;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{id::UserId, platform::user};

use self::{
    ahead::Ahead, beginning::Beginning, hiring::Hiring, ideas::Idea, jobs::Jobs, learning::Learning,
    measures::Measures, portfolio::Entry, scoping::Unplanned, spending::Spending, switch::Switch, talks::Talks,
    team::Finished, work::Work,
};
use super::hand::Hand;
use crate::domain::{error::Result, learning::week::day_in, look::Look};

/// What the rules look at.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// Who.
    pub user: UserId,
    /// Whether somebody else looks, who cannot speak for them.
    pub by_other: bool,
    /// The moment of looking.
    pub now: DateTime<Utc>,
    /// The day that it is where the person lives.
    pub today: NaiveDate,
    /// Where that is.
    pub time_zone: String,
    /// Learning, chapters §1 to §7 and §29.
    pub learning: Learning,
    /// Projects that have come to their milestones and name none, §9.
    pub unplanned: Vec<Unplanned>,
    /// What is measured of projects, §11.
    pub measures: Measures,
    /// What their projects take, §12.
    pub spending: Spending,
    /// Ideas for projects that are still open, chapter §13.
    pub ideas: Vec<Idea>,
    /// The entries of their portfolio, in the order in which they were finished, §15.
    pub portfolio: Vec<Entry>,
    /// The projects that they finished, chapter §30.
    pub finished: Finished,
    /// Who speaks for their applications, what was offered to them, and what nobody was asked, §22, §24, §25.
    pub hiring: Hiring,
    /// Where they look for a job, §21.
    pub jobs: Jobs,
    /// What has a day of its own in their search, or waits for a word of theirs, §20 to §24.
    pub ahead: Ahead,
    /// What they have begun with, chapters §1, §27 and §31.
    pub beginning: Beginning,
    /// Their own projects, chapter §9.
    pub work: Vec<Work>,
    /// Where they want to go, chapters §16 to §18.
    pub switch: Switch,
    /// Their talks with people who do the work, and whom they meant to keep in touch with, §20 and §31.
    pub talks: Talks,
}

/// Loads what is known of a person, and what the caller may know by what they may do with their things.
pub(super) async fn load(look: &Look, person: &user::Model, hand: &Hand) -> Result<Facts> {
    about(look, person, hand, None).await
}

/// The same for one thing: of their applications, those that have to do with it, however many they have.
pub(super) async fn about(look: &Look, person: &user::Model, hand: &Hand, subject: Option<&str>) -> Result<Facts> {
    let about = subject.and_then(jobs::About::of);
    let today = day_in(&person.time_zone, look.now);
    let learning = learning::load(look, person, today).await?;
    let unplanned = scoping::load(look, person).await?;
    let measures = measures::load(look, person).await?;
    let spending = spending::load(look, person).await?;
    let ideas = ideas::load(look, person).await?;
    let portfolio = portfolio::load(look, person).await?;
    let finished = team::load(look, person).await?;
    let hiring = hiring::load(look, person).await?;
    let jobs = jobs::load(look, person, hand, !portfolio.is_empty(), about).await?;
    let switch = switch::load(look, person, about).await?;
    let talks = talks::load(look, person, hand, &switch).await?;
    Ok(Facts {
        learning,
        unplanned,
        measures,
        spending,
        ideas,
        portfolio,
        finished,
        hiring,
        jobs,
        switch,
        talks,
        ..nothing(look, person, today)
    })
}

/// The same for next steps, which look at more.
pub(super) async fn for_steps(look: &Look, person: &user::Model, hand: &Hand) -> Result<Facts> {
    let mut facts = load(look, person, hand).await?;
    facts.ahead = ahead::load(look, person).await?;
    facts.beginning = beginning::load(look, person, facts.learning.profile.take()).await?;
    facts.work = work::load(look, person).await?;
    facts.switch.searches = switch::searches(look, person).await?;
    Ok(facts)
}

/// What is known of a person's projects alone: whatever else is known of them says nothing of these.
pub(super) async fn of_projects(look: &Look, person: &user::Model) -> Result<Facts> {
    let unplanned = scoping::load(look, person).await?;
    let measures = measures::load(look, person).await?;
    let spending = spending::load(look, person).await?;
    Ok(Facts { unplanned, measures, spending, ..nothing(look, person, day_in(&person.time_zone, look.now)) })
}

/// Somebody of whom nothing is known.
fn nothing(look: &Look, person: &user::Model, today: NaiveDate) -> Facts {
    Facts {
        user: person.id,
        by_other: look.who.user().is_some_and(|caller| caller != person.id),
        now: look.now,
        today,
        time_zone: person.time_zone.clone(),
        learning: Learning::default(),
        unplanned: Vec::new(),
        measures: Measures::default(),
        spending: Spending::default(),
        ideas: Vec::new(),
        portfolio: Vec::new(),
        finished: Finished::default(),
        hiring: Hiring::default(),
        jobs: Jobs::default(),
        ahead: Ahead::default(),
        beginning: Beginning::default(),
        work: Vec::new(),
        switch: Switch::default(),
        talks: Talks::default(),
    }
}
