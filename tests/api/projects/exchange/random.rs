//! Whatever goes in comes out: documents made by chance, taken in and let out again.

use cairn::domain::projects::scope::machine::At;
use entity::vocabulary::Vocabulary as _;
use serde_json::{Map, Value, json};

use super::{document::alike, exported};
use crate::{
    harness::{Api, stories},
    learning::exchange::import,
    plans::dice::{Dice, seed},
};

stories!(whatever_goes_in_comes_out);

/// How many documents.
const TIMES: usize = 12;

async fn whatever_goes_in_comes_out(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.omnipotent().await);
    let begin = seed("CAIRN_EXCHANGE_SEED", 7);
    for number in 0..TIMES as u64 {
        let document = Author(Dice::new(begin + number)).document(number);
        let asks = json!({ "kind": "PROJECT", "document": document, "ownerId": ada.id });
        let job = import(&machine, asks).await;
        assert_eq!(
            (&job["state"], &job["errors"]),
            (&json!("SUCCEEDED"), &json!([])),
            "seed {begin}, document {number}"
        );
        let out = exported(&machine, job["projectId"].as_str().unwrap()).await;
        assert_eq!(bare(alike(&out)), bare(alike(&document)), "seed {begin}, document {number}");
    }
}

/// A document without what is not there, and without ids, which it need not have.
fn bare(value: Value) -> Value {
    match value {
        Value::Array(values) => Value::Array(values.into_iter().map(bare).collect()),
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(name, value)| {
                !value.is_null() && name != "id" && !(name == "externalRefs" && *value == json!([]))
            });
            Value::Object(kept.map(|(name, value)| (name, bare(value))).collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// Writes documents.
struct Author(Dice);

impl Author {
    fn document(&mut self, number: u64) -> Value {
        let at = self.stand();
        let over = ["COMPLETED", "CANCELLED", "CLOSED_NO_AI_SOLUTION"].contains(&at.status.word());
        let back = self.0.below(4);
        let mut project = json!({
            "title": self.text(), "summary": self.maybe(Self::text), "kind": self.of(&["CLASS", "WORK"]),
            "status": at.status.word(), "dueOn": self.maybe(|_| "2027-02-28".to_owned()),
            "startedAt": self.moment(), "endNote": self.maybe(Self::text),
        });
        if over {
            project["endedAt"] = json!(self.moment());
        }
        let names = ["BUSINESS_PROBLEM", "SOLUTION_BRAINSTORM", "ASSESSMENT", "MILESTONES", "BUDGET"];
        let steps: Vec<Value> = names
            .iter()
            .zip(at.steps)
            .map(|(name, state)| json!({ "step": name, "state": state.word(), "openedAt": self.maybe(Self::moment) }))
            .collect();
        json!({
            "format": "cairn/project", "version": 1, "project": project, "members": [], "obstacles": [],
            "scope": {
                "revision": back + 1, "steps": steps,
                "problem": { "statement": self.text(), "stakeholders": self.some(3, Self::text) },
                "consultations": self.some(3, Self::talk), "solutions": self.some(4, Self::solution),
                "transitions": (0..back).map(|place| self.went_back(place)).collect::<Vec<_>>(),
                "revisions": (0..back).map(|place| json!({
                    "revision": place + 1, "keptAt": self.moment(), "document": { "revision": place + 1, "title": self.text() },
                })).collect::<Vec<_>>(),
            },
            "milestones": self.milestones(number),
            "budget": self.budget(number),
        })
    }

    /// Anywhere where commands lead.
    fn stand(&mut self) -> At {
        use cairn::domain::projects::scope::machine::{Command, TABLE};
        let mut at = At::BEGIN;
        for _ in 0..self.0.below(30) {
            let (command, ..) = *self.0.pick(TABLE);
            let step = *self.0.pick(entity::projects::scope::Step::ALL);
            let named = matches!(command, Command::CompleteStep | Command::ReconfirmStep | Command::ReturnToStep);
            // Ends are left for the last.
            if !matches!(command, Command::Close | Command::Cancel | Command::Complete) || self.0.once_in(20) {
                at = at.after(command, named.then_some(step)).unwrap_or(at);
            }
        }
        at
    }

    fn text(&mut self) -> String {
        let words = ["Wind", "naïve", "Δt", "a|b", "\"x\"", "\\", "<b>", "日本", "0", "tab"];
        (0..=self.0.below(3)).map(|_| *self.0.pick(&words)).collect::<Vec<_>>().join(" ")
    }

    fn moment(&mut self) -> String {
        format!(
            "20{:02}-03-{:02}T10:{:02}:00.{:06}Z",
            10 + self.0.below(16),
            1 + self.0.below(28),
            self.0.below(60),
            self.0.below(999_999)
        )
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.0.once_in(2) { Some(make(self)) } else { None }
    }

    fn some<T>(&mut self, most: usize, make: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.0.below(most + 1)).map(|_| make(self)).collect()
    }

    fn of(&mut self, words: &[&str]) -> String {
        (*self.0.pick(words)).to_owned()
    }

    fn talk(&mut self) -> Value {
        json!({
            "expert": self.maybe(Self::text), "heldAt": self.moment(), "note": self.maybe(Self::text),
            "painPoints": [{ "rank": 1, "wish": self.text() }, { "rank": 7, "wish": self.text(), "whyNotWorkingYet": self.text() }],
        })
    }

    fn solution(&mut self) -> Value {
        let mut trials: Vec<Value> = self.some(3, Self::trial);
        // They stand in the order in which they were asked for.
        trials.sort_by_key(|one| one["requestedAt"].as_str().map(str::to_owned));
        json!({
            "title": self.text(), "approach": self.maybe(Self::text), "isAi": self.0.once_in(2),
            "status": self.of(&["PROPOSED", "SELECTED", "DISCARDED"]), "proofsOfConcept": trials,
            "feasibility": self.maybe(|author| json!({
                "verdict": author.of(&["FEASIBLE", "UNCERTAIN"]),
                "evidence": author.some(2, |author| json!({ "kind": "COMPETITOR", "finding": author.text() })),
            })),
            "value": self.maybe(|author| json!({ "verdict": author.of(&["HIGH", "NONE"]), "evidence": [] })),
        })
    }

    fn trial(&mut self) -> Value {
        let asked =
            json!({ "question": self.text(), "timeboxDays": 1 + self.0.below(30), "requestedAt": self.moment() });
        let mut trial = asked;
        trial["status"] = json!(self.of(&["REQUESTED", "REPORTED", "CANCELLED"]));
        if trial["status"] == "REPORTED" {
            trial["outcome"] = json!("UNCERTAIN");
            trial["finding"] = json!(self.text());
            trial["reportedAt"] = json!(self.moment());
        }
        trial
    }

    fn went_back(&mut self, place: usize) -> Value {
        json!({
            "revision": place + 2, "fromStatus": "SCOPING", "fromStep": self.maybe(|_| "BUDGET"), "toStep": "ASSESSMENT",
            "reason": self.of(&["OTHER", "LOW_VALUE"]), "learning": self.text(), "actorKind": "CLIENT",
            "occurredAt": self.moment(),
        })
    }

    fn milestones(&mut self, number: u64) -> Vec<Value> {
        (0..self.0.below(4))
            .map(|place| {
                json!({
                    "title": self.text(), "targetDate": "2027-03-01", "sortOrder": place, "description": self.maybe(Self::text),
                    "health": self.maybe(|_| "OFF_TRACK"), "completedAt": self.maybe(Self::moment),
                    "externalRefs": [{ "source": "jira", "externalId": format!("M-{number}-{place}") }],
                    "metrics": self.some(3, Self::metric),
                })
            })
            .collect()
    }

    fn metric(&mut self) -> Value {
        let count = self.0.below(40);
        let mut seen: Vec<Value> = (0..count)
            .map(|place| {
                let value = self.of(&["0.93", "-12.000001", "999999999999.999999", "0", "7"]);
                let at = self.moment();
                json!({ "value": value, "observedAt": at, "source": "mlflow", "externalRef": format!("run-{place}") })
            })
            .collect();
        seen.sort_by_key(|one| one["observedAt"].as_str().map(str::to_owned));
        json!({
            "kind": self.of(&["ML", "BUSINESS"]), "name": self.text(), "unit": self.maybe(|_| "%"), "direction": "DOWN",
            "baseline": self.maybe(|_| "12.5"), "target": "-0.000001", "observations": seen,
        })
    }

    fn budget(&mut self, number: u64) -> Value {
        json!({
            "approval": self.of(&["DRAFT", "APPROVED"]), "decidedAt": self.maybe(Self::moment),
            "notNeeded": [{ "category": "TIME", "reason": self.text() }],
            "lines": (0..self.0.below(5)).map(|place| self.line(number, place)).collect::<Vec<_>>(),
        })
    }

    fn line(&mut self, number: u64, place: usize) -> Value {
        let mut line = json!({
            "category": self.of(&["DATA", "PEOPLE", "INTEGRATIONS"]), "description": self.text(),
            "supportTeam": self.maybe(Self::text), "supportStatus": self.of(&["NOT_ASKED", "REFUSED"]),
            "externalRefs": [{ "source": "erp", "externalId": format!("L-{number}-{place}") }],
        });
        // As many digits as there are: what is exact goes out as it came in.
        let (currency, digits) = *self.0.pick(&[("JPY", 0), ("EUR", 2), ("KWD", 3), ("", 3)]);
        let amount = |author: &mut Self| {
            let whole = author.0.below(1_000_000_000_000_000);
            if digits == 0 { whole.to_string() } else { format!("{whole}.{:0digits$}", 1 + author.0.below(8)) }
        };
        let planned = amount(self);
        let mut entries: Vec<Value> = (0..self.0.below(3))
            .map(|turn| {
                // What was spent came back, so that it is still counted.
                let spent = format!("{}{}", if turn % 2 == 1 { "-" } else { "" }, amount(self));
                let mut entry = json!({ "incurredAt": self.moment(), "note": self.maybe(Self::text) });
                if currency.is_empty() {
                    entry["quantity"] = json!(spent);
                } else {
                    entry["amount"] = json!({ "amount": spent, "currency": currency });
                }
                entry
            })
            .collect();
        entries.sort_by_key(|one| one["incurredAt"].as_str().map(str::to_owned));
        line["entries"] = json!(entries);
        if currency.is_empty() {
            line["plannedQuantity"] = json!(planned);
            line["unit"] = json!("person-days");
        } else {
            line["plannedAmount"] = json!({ "amount": planned, "currency": currency });
        }
        line
    }
}
