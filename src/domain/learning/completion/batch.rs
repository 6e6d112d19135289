//! Keeping what is told, one thing or many at once: what is known stays, and of what is new everything follows.
//!
//! Whatever a batch takes turns by it takes in one order, whatever the order of the batch: first the statements, then the
//! items, then the days. Two batches over the same people do not wait for each other for ever.

use entity::{id::UserId, learning::learning_resource};
use uuid::Uuid;

use super::{
    effect::Effects,
    named::{self, Name, Thing},
    report::{self, Report},
};
use crate::domain::{
    clock,
    error::{Code, Error, Result},
    tx::Tx,
};

/// Where a body says what.
#[derive(Debug)]
pub(in crate::domain::learning) struct Words {
    /// The statement's id.
    pub id: &'static str,
    /// When it happened.
    pub when: &'static str,
    /// Who did it.
    pub person: &'static str,
    /// With what.
    pub thing: &'static str,
}

/// A report with whom and what it names.
#[derive(Clone, Debug)]
pub(in crate::domain::learning) struct Told {
    /// What it says.
    pub report: Report,
    /// Where it stands in the body.
    pub at: String,
    /// Where its parts stand there.
    pub words: &'static Words,
    /// The names under which whoever did it may be known, the surest first.
    pub person: Vec<Name>,
    /// What is said when nobody is.
    pub stranger: &'static str,
    /// With what.
    pub thing: Thing,
}

impl Told {
    fn place(&self, of: &str) -> String {
        format!("{}/{of}", self.at)
    }

    /// Whom and what it names.
    async fn about(&self, tx: &Tx) -> Result<(UserId, learning_resource::Model)> {
        let person = named::person(tx, &self.person).await?;
        let person =
            person.ok_or_else(|| Error::field(Code::UserUnknown, &self.place(self.words.person), self.stranger))?;
        let resource = named::resource(tx, &self.thing).await?;
        let resource = resource.ok_or_else(|| {
            let why = match self.thing {
                Thing::Ref(_) => "There is no learning resource of this external id.",
                Thing::Iri(_) => "No learning resource has this address, or this external id of the source xapi.",
            };
            Error::field(Code::ResourceUnknown, &self.place(self.words.thing), why)
        })?;
        Ok((person, resource))
    }
}

/// Keeps what is told: the completions in the order in which they are told, and whether any is new.
pub(in crate::domain::learning) async fn keep(tx: &mut Tx, told: &[&Told]) -> Result<(Vec<Uuid>, bool)> {
    let reports: Vec<_> = told.iter().map(|one| &one.report).collect();
    report::line_up(tx, &reports).await?;
    let mut known = report::known(tx, &reports).await?;
    let mut new = Vec::new();
    for one in told {
        clock::past(tx.now, one.report.occurred_at, &one.place(one.words.when))?;
        match known.get(&one.report.key()) {
            Some(row) => one.report.is_as_before(row, &one.place(one.words.id))?,
            None => new.push((*one, one.about(tx).await?)),
        }
    }
    let mut effects = Effects::of(tx, new.iter().map(|(_, about)| about)).await?;
    for (one, (person, resource)) in &new {
        if let Some(row) = known.get(&one.report.key()) {
            one.report.is_as_before(row, &one.place(one.words.id))?;
            continue;
        }
        let row = effects.follow(tx, &one.report, *person, resource).await?;
        known.insert(one.report.key(), row);
    }
    effects.write(tx).await?;
    let ids = told.iter().filter_map(|one| known.get(&one.report.key())).map(|row| row.id.0);
    Ok((ids.collect(), !new.is_empty()))
}
