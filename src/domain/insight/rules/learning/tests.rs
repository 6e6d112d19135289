//! The rules about learning, each told facts without a database: when it finds something, when not, and the edge.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::{
    id::{CompetencyId, LearningResourceId, PlanItemId},
    learning::{
        learning_resource::ResourceKind,
        plan_item::{Motivation, PlanItemStatus},
    },
};

use super::{super::Found, *};
use crate::domain::{
    clock,
    insight::{
        facts::{
            ahead::Ahead,
            beginning::Beginning,
            hiring::Hiring,
            jobs::Jobs,
            learning::{Learning, Need, Requirement, Resource},
            measures::Measures,
            spending::Spending,
            switch::Switch,
            talks::Talks,
            team::Finished,
        },
        rules::spending::tests::overspent,
    },
    learning::coverage::standing::{Area, Framework, Leaf},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Somebody of whom nothing is known, on a Friday.
pub(in crate::domain::insight) fn nobody() -> Facts {
    let now: DateTime<Utc> = "2026-03-06T12:00:00Z".parse().unwrap();
    Facts {
        user: clock::new_id(),
        by_other: false,
        now,
        today: now.date_naive(),
        time_zone: "UTC".to_owned(),
        learning: Learning {
            later_phase_active: false,
            minutes: Vec::new(),
            target: None,
            week: day("2026-03-02"),
            profile: None,
            pauses: Vec::new(),
            items: Vec::new(),
            frameworks: Vec::new(),
            requirements: Vec::new(),
            needs: Vec::new(),
            plan: None,
        },
        unplanned: Vec::new(),
        measures: Measures::default(),
        spending: Spending::default(),
        ideas: Vec::new(),
        portfolio: Vec::new(),
        jobs: Jobs::default(),
        finished: Finished::default(),
        hiring: Hiring::default(),
        ahead: Ahead::default(),
        beginning: Beginning::default(),
        work: Vec::new(),
        switch: Switch::default(),
        talks: Talks::default(),
    }
}

/// Somebody of whom every rule finds something.
pub(in crate::domain::insight) fn everything() -> Facts {
    let mut facts = nobody();
    let now = facts.now;
    let learning = &mut facts.learning;
    learning.target = Some(300);
    learning.minutes = vec![(day("2026-03-02"), 70)];
    learning.items = vec![item(&[ResourceKind::Article]), done(item(&[ResourceKind::Course]))];
    learning.frameworks = vec![framework(7, 0)];
    learning.requirements = vec![Requirement {
        id: clock::new_id(),
        goal: clock::new_id(),
        name: "Python".into(),
        review_by: day("2026-03-05"),
    }];
    learning.needs =
        vec![Need { id: clock::new_id(), name: "Python".into(), opened_at: now - TimeDelta::days(20), strength: 50 }];
    facts.spending = overspent();
    facts
}

/// Something in a plan, learnt from these.
pub(in crate::domain::insight) fn item(kinds: &[ResourceKind]) -> Item {
    Item {
        id: clock::new_id::<PlanItemId>(),
        plan: clock::new_id(),
        competency: clock::new_id(),
        name: "Transformers".to_owned(),
        status: PlanItemStatus::Todo,
        motivation: Motivation::Goal,
        proficient: false,
        resources: kinds
            .iter()
            .map(|kind| Resource { id: clock::new_id::<LearningResourceId>(), kind: *kind, done: false })
            .collect(),
        bound: false,
        course: None,
    }
}

fn done(item: Item) -> Item {
    Item { status: PlanItemStatus::Done, ..item }
}

fn with_items(items: Vec<Item>) -> Facts {
    let mut facts = nobody();
    facts.learning.items = items;
    facts
}

/// A framework of which so many of ten are proficient in machine learning, and so many of two in mathematics.
fn framework(ml: usize, math: usize) -> Framework {
    let leaves = |codes: &[String], proficient: usize| {
        let leaf = |(place, code): (usize, &String)| Leaf {
            id: clock::new_id::<CompetencyId>(),
            code: code.clone(),
            name: code.clone(),
            level: None,
            proficient: place < proficient,
        };
        codes.iter().enumerate().map(leaf).collect::<Vec<_>>()
    };
    let ten: Vec<String> = (0..10).map(|n| format!("ml.{n}")).collect();
    let two = ["math.calculus".to_owned(), "math.exploratory-data-analysis".to_owned()];
    let area = |code: &str, name: &str, leaves| Area {
        id: clock::new_id(),
        code: code.to_owned(),
        name: name.to_owned(),
        leaves,
    };
    Framework {
        id: clock::new_id(),
        title: "AI foundations".to_owned(),
        areas: vec![area("ml", "Machine learning", leaves(&ten, ml)), area("math", "Mathematics", leaves(&two, math))],
    }
}

fn codes(find: fn(&Facts) -> Vec<Found>, facts: &Facts) -> usize {
    find(facts).len()
}

#[test]
fn learning_stopped_only_in_a_later_phase() {
    let mut facts = nobody();
    assert_eq!(codes(pace::learning_stopped, &facts), 0);
    facts.learning.later_phase_active = true;
    assert_eq!(codes(pace::learning_stopped, &facts), 1);
    facts.learning.minutes = vec![(day("2026-02-10"), 1)];
    assert_eq!(codes(pace::learning_stopped, &facts), 0);
}

#[test]
fn cramming_is_more_than_three_fifths_on_two_days() {
    let mut facts = nobody();
    let mut found = |minutes: &[i64]| {
        let first = day("2026-02-10");
        let days = minutes.iter().enumerate();
        facts.learning.minutes =
            days.map(|(place, minutes)| (first.checked_add_days(Days::new(place as u64)).unwrap(), *minutes)).collect();
        codes(pace::cramming, &facts)
    };
    assert_eq!(found(&[]), 0);
    assert_eq!(found(&[59]), 0, "too little to say");
    assert_eq!(found(&[60]), 1);
    assert_eq!(found(&[30, 20, 30, 20]), 0, "60 % is not more than 60 %");
    assert_eq!(found(&[30, 20, 31, 19]), 1);
    assert_eq!(found(&[20; 10]), 0);
}

#[test]
fn pace_is_at_risk_from_the_fifth_day_on() {
    let mut facts = nobody();
    assert_eq!(codes(pace::pace_at_risk, &facts), 0, "no target");
    facts.learning.target = Some(100);
    assert_eq!(codes(pace::pace_at_risk, &facts), 1);
    facts.learning.minutes = vec![(day("2026-03-01"), 500), (day("2026-03-02"), 49)];
    assert_eq!(codes(pace::pace_at_risk, &facts), 1, "the week before does not count");
    facts.learning.minutes = vec![(day("2026-03-02"), 50)];
    assert_eq!(codes(pace::pace_at_risk, &facts), 0, "half is enough");
    facts.learning.minutes = Vec::new();
    facts.today = day("2026-03-05");
    assert_eq!(codes(pace::pace_at_risk, &facts), 0, "the fourth day");
    facts.today = day("2026-03-08");
    assert_eq!(codes(pace::pace_at_risk, &facts), 1);
    facts.learning.pauses = vec![(day("2026-03-08"), day("2026-03-20"))];
    assert_eq!(codes(pace::pace_at_risk, &facts), 0, "a paused week");
    facts.learning.pauses = vec![(day("2026-02-01"), day("2026-03-01"))];
    assert_eq!(codes(pace::pace_at_risk, &facts), 1);
}

#[test]
fn an_area_is_behind_when_another_is_well_ahead() {
    let mut facts = nobody();
    let mut found = |ml, math| {
        facts.learning.frameworks = vec![framework(ml, math)];
        (codes(standing::area_imbalance, &facts), codes(standing::eda_missing, &facts))
    };
    assert_eq!(found(7, 0), (1, 1));
    assert_eq!(found(6, 0), (0, 0), "60 % is not above 60 %");
    assert_eq!(found(7, 1), (0, 1), "begun, but without exploratory data analysis");
    assert_eq!(found(7, 2), (0, 0));
    assert_eq!(found(0, 2), (1, 0));
}

#[test]
fn articles_alone_are_a_scattered_start() {
    use ResourceKind::{Article, Book, Course, Other};
    let found = |item: Item| codes(scattered_start, &with_items(vec![item]));
    assert_eq!(found(item(&[Article, Other])), 1);
    assert_eq!(found(item(&[])), 0, "nothing is named yet");
    assert_eq!(found(item(&[Article, Course])), 0);
    assert_eq!(found(item(&[Article, Book])), 0);
    assert_eq!(found(done(item(&[Article]))), 0);
    assert_eq!(found(Item { proficient: true, ..item(&[Article]) }), 0);
    assert_eq!(found(Item { motivation: Motivation::Curiosity, ..item(&[Article]) }), 0, "curiosity needs no order");
    let command = |item: Item| scattered_start(&with_items(vec![item]))[0].suggest.clone().unwrap();
    let new = command(item(&[Article]));
    assert_eq!((new.resource, &new.input["kind"]), ("LearningResource", &json!("COURSE")));
    let course: LearningResourceId = clock::new_id();
    let known = command(Item { course: Some(course), ..item(&[Article]) });
    assert_eq!((known.resource, known.verb), ("PlanItem", "update"));
    assert_eq!(known.input["resourceIds"][1], json!(course));
    let bound = Item { bound: true, course: Some(course), ..item(&[Article]) };
    assert!(scattered_start(&with_items(vec![bound]))[0].suggest.is_none(), "a template says what it is learnt from");
}

#[test]
fn papers_come_after_the_course() {
    use ResourceKind::{Article, Course, Paper};
    let found = |item: Item| codes(ready_for_papers, &with_items(vec![item]));
    assert_eq!(found(item(&[Course])), 0);
    assert_eq!(found(done(item(&[Course]))), 1);
    assert_eq!(found(done(item(&[Article]))), 0, "there was no course");
    assert_eq!(found(done(item(&[Course, Paper]))), 0);
    let mut completed = item(&[Course]);
    completed.resources[0].done = true;
    assert_eq!(found(completed), 1);
}

#[test]
fn a_requirement_is_stale_after_its_day() {
    let mut facts = everything();
    for (review_by, expected) in [("2026-03-05", 1), ("2026-03-06", 0), ("2026-03-07", 0)] {
        facts.learning.requirements[0].review_by = day(review_by);
        assert_eq!(codes(requirement_stale, &facts), expected, "{review_by}");
    }
    facts.learning.requirements[0].review_by = day("2026-03-05");
    let found = requirement_stale(&facts).remove(0);
    assert!(found.is_about(&facts.learning.requirements[0].goal.to_string()));
    assert_eq!(found.suggest.unwrap().input, json!({ "reviewBy": "2026-09-06" }));
}

#[test]
fn a_need_waits_for_two_weeks() {
    let mut facts = everything();
    for (waited, expected) in [(TimeDelta::days(14), 0), (TimeDelta::days(14) + TimeDelta::seconds(1), 1)] {
        facts.learning.needs[0].opened_at = facts.now - waited;
        assert_eq!(codes(need_unplanned, &facts), expected, "{waited}");
    }
    let verb = |facts: &Facts| need_unplanned(facts)[0].suggest.clone().unwrap().verb;
    assert_eq!(verb(&facts), "create");
    facts.learning.plan = Some(clock::new_id());
    assert_eq!(verb(&facts), "plan");
}
