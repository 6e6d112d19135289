//! Taking contacts in: what becomes of each is found first; then, unless it is a preview, all of it is written.

use std::collections::{HashMap, HashSet};

use entity::{
    community::contact,
    id::{CompanyId, ContactId, TypedId as _, UserId},
    learning::import_job::{ImportKind, ImportMatch, ImportRow, ImportRowOutcome},
    platform::external_ref,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Draft,
    known::{Found, Held, Known, fill},
};
use crate::{
    domain::{
        community::{
            companies::Companies,
            contact::{become_so, drafted, whose},
        },
        error::{Error, Result},
        external::{Book, ExternalRef},
        learning::exchange::{
            framework::Counts,
            notes::{Notes, Place},
        },
        spelling::folded,
        tx::Tx,
    },
    read::sql::Arg,
};

/// What is said of a contact that may be known already.
const ALIKE: &str = "Somebody is known who is called so, or has this e-mail address, and differs otherwise: this is taken in as \
                     somebody else. If they are one, give the row the id of that contact: it is filled in instead.";

/// What became of a document.
#[derive(Debug)]
pub struct Taken {
    /// Its rows.
    pub rows: Vec<ImportRow>,
    /// How many of them became what.
    pub counts: Counts,
}

/// Takes drafts in, or looks at what would become of them; what refuses them is noted.
///
/// # Errors
/// `UNAVAILABLE`, and whatever refuses whose contacts they are to be.
pub async fn take(
    tx: &mut Tx,
    drafts: &[Draft],
    (kind, preview): (ImportKind, bool),
    owner: Option<UserId>,
    notes: &mut Notes,
) -> Result<Option<Taken>> {
    let owner = whose(tx, owner).await?.id;
    // Two imports into one network come one after the other: else both would find nobody there.
    tx.lock(&format!("contacts {} {owner}", tx.who.organization)).await?;
    let mut hand = Hand::load(tx, owner, own_source(kind), drafts).await?;
    let mut rows = Vec::with_capacity(drafts.len());
    for draft in drafts {
        rows.extend(hand.put(tx, draft, notes)?);
    }
    if !notes.fine() {
        return Ok(None);
    }
    let counts = Counts::of(&rows);
    if preview {
        hand.hide_new(&mut rows);
    } else {
        hand.write(tx).await?;
    }
    Ok(Some(Taken { rows, counts }))
}

/// The system of the names in a file that names none.
fn own_source(kind: ImportKind) -> String {
    if kind == ImportKind::ContactsVcard { "vcard" } else { "csv" }.to_owned()
}

/// Everything that an import holds in hand.
struct Hand {
    owner: UserId,
    own_source: String,
    known: Known,
    companies: Companies,
    /// The folded names of companies, by their ids.
    called: HashMap<CompanyId, String>,
    /// The names elsewhere that name something else.
    taken: HashSet<(String, String)>,
}

#[derive(FromQueryResult)]
struct CompanyRow {
    id: CompanyId,
    name_folded: String,
}

#[derive(FromQueryResult)]
struct NameRow {
    source: String,
    external_id: String,
    target_id: Uuid,
}

impl Hand {
    /// Finds what is there in four statements.
    async fn load(tx: &Tx, owner: UserId, own_source: String, drafts: &[Draft]) -> Result<Self> {
        let contacts = contact::Entity::find()
            .filter(contact::Column::OrganizationId.eq(tx.who.organization))
            .filter(contact::Column::OwnerId.eq(owner))
            .filter(contact::Column::DeletedAt.is_null())
            .order_by_asc(contact::Column::CreatedAt)
            .order_by_asc(contact::Column::Id)
            .all(&tx.db)
            .await?;
        let at: Vec<Uuid> = contacts.iter().filter_map(|row| row.company_id).map(|id| id.0).collect();
        let mut hand = Self {
            owner,
            own_source,
            known: Known::default(),
            companies: Companies::find(tx, drafts.iter().filter_map(|draft| draft.company.as_deref())).await?,
            called: HashMap::new(),
            taken: HashSet::new(),
        };
        hand.called = companies(tx, at).await?.into_iter().map(|row| (row.id, row.name_folded)).collect();
        for row in contacts {
            let company = row.company_id.and_then(|id| hand.called.get(&id)).cloned();
            hand.known.hold(Held { was: Some(row.clone()), row, names: Vec::new() }, company.as_deref());
        }
        hand.names_elsewhere(tx, drafts).await?;
        Ok(hand)
    }

    async fn names_elsewhere(&mut self, tx: &Tx, drafts: &[Draft]) -> Result<()> {
        let wanted: Vec<ExternalRef> = drafts.iter().filter_map(|draft| draft.reference(&self.own_source)).collect();
        let own: HashSet<Uuid> = self.known.all.iter().map(|held| held.row.id.0).collect();
        let mut sql = tx.sql();
        sql.push("SELECT source, external_id, target_id FROM \"external_ref\" WHERE organization_id = ");
        sql.bind(Arg::Uuid(tx.who.organization.0)).push(" AND kind = ");
        sql.bind(Arg::Text(Book::of_person(ContactId::PREFIX, self.owner).word().to_owned())).push(" AND source");
        sql.among(Arg::Texts(wanted.iter().map(|one| one.source.clone()).collect())).push(" AND external_id");
        sql.among_many(wanted.into_iter().map(|one| one.external_id).collect());
        for row in tx.rows::<NameRow>(&sql).await? {
            if own.contains(&row.target_id) {
                let name = ExternalRef { source: row.source, external_id: row.external_id };
                self.known.is_called(ContactId(row.target_id), name);
            } else {
                self.taken.insert((row.source, row.external_id));
            }
        }
        Ok(())
    }

    /// Finds what becomes of a draft.
    fn put(&mut self, tx: &Tx, draft: &Draft, notes: &mut Notes) -> Result<Option<ImportRow>> {
        let at = Place::line(draft.line);
        let new = serde_json::from_value(Value::Object(draft.members.clone())).map_err(Error::internal)?;
        let contact = match drafted(tx, self.owner, new) {
            Ok(contact) => contact,
            Err(error) => {
                notes.refused(&at, &error);
                return Ok(None);
            }
        };
        let name = self.name_of(draft, &at, notes);
        Ok(Some(match self.known.find(draft, &self.own_source) {
            Found::New => self.create(tx, draft, contact, name, notes),
            Found::Like(place) => {
                notes.warn(at, "POSSIBLE_DUPLICATE", ALIKE);
                let like = self.known.all[place].row.id.to_string();
                ImportRow { possible_duplicate_id: Some(like), ..self.create(tx, draft, contact, name, notes) }
            }
            Found::There(place, by) => {
                // Whoever is somewhere stays there: a company that is not asked for is not added.
                let nowhere = self.known.all[place].row.company_id.is_none();
                let company = if nowhere { self.company(tx, draft, notes) } else { None };
                self.fill_in(draft, (place, by), &contact, company, name)
            }
        }))
    }

    /// Fills in what nobody said of a contact that is there.
    fn fill_in(
        &mut self,
        draft: &Draft,
        (place, by): (usize, ImportMatch),
        from: &contact::Model,
        company: Option<CompanyId>,
        name: Option<ExternalRef>,
    ) -> ImportRow {
        let mut fills = fill(&mut self.known.all[place].row, from, company);
        if let Some(name) = name {
            self.known.is_called(self.known.all[place].row.id, name.clone());
            self.known.all[place].names.push(name);
            fills.push("externalRefs".to_owned());
        }
        let held = &self.known.all[place];
        let called = held.row.company_id.and_then(|id| self.called.get(&id)).cloned();
        let outcome = match (&held.was, fills.is_empty()) {
            (None, _) => ImportRowOutcome::Duplicate,
            (Some(_), true) => ImportRowOutcome::Same,
            (Some(_), false) => ImportRowOutcome::Fill,
        };
        let (id, name) = (held.row.id, held.row.name.clone());
        self.known.find_again(place, called.as_deref());
        row(draft, name, outcome, Some(by), id, Some(fills).filter(|fills| !fills.is_empty()))
    }

    fn create(
        &mut self,
        tx: &Tx,
        draft: &Draft,
        mut contact: contact::Model,
        name: Option<ExternalRef>,
        notes: &mut Notes,
    ) -> ImportRow {
        contact.company_id = self.company(tx, draft, notes);
        let row = row(draft, contact.name.clone(), ImportRowOutcome::Create, None, contact.id, None);
        let called = draft.company.as_deref().map(folded);
        let names = name.into_iter().collect();
        self.known.hold(Held { row: contact, was: None, names }, called.as_deref());
        row
    }

    /// The company that a draft names: one that nobody named yet is added to the organization's.
    fn company(&mut self, tx: &Tx, draft: &Draft, notes: &mut Notes) -> Option<CompanyId> {
        let name = draft.company.as_deref()?;
        let (id, new) = self.companies.of(tx, name);
        if new {
            let message = "Nobody named this company yet: it is added for everybody.";
            notes.warn(Place::line(draft.line).member("company"), "COMPANY_ADDED", message);
        }
        self.called.entry(id).or_insert_with(|| folded(name));
        Some(id)
    }

    /// The name that a document has for a draft, when it is new and names nothing else.
    fn name_of(&self, draft: &Draft, at: &Place, notes: &mut Notes) -> Option<ExternalRef> {
        let name = draft.reference(&self.own_source)?;
        // What we wrote ourselves names one of ours by its id.
        if draft.id.as_deref() == Some(name.external_id.as_str()) && self.known.has(&name.external_id) {
            return None;
        }
        if self.taken.contains(&(name.source.clone(), name.external_id.clone())) {
            let message = "This external id names another object already: it is left out.";
            notes.warn(at.member("externalId"), "EXTERNAL_REF_TAKEN", message);
            return None;
        }
        (!self.known.is_named(&name)).then_some(name)
    }

    /// Of a preview, what is new has no id.
    fn hide_new(&self, rows: &mut [ImportRow]) {
        let new = self.known.all.iter().filter(|held| held.was.is_none()).map(|held| held.row.id.to_string());
        let new: HashSet<String> = new.collect();
        for row in rows {
            row.object_id = row.object_id.take().filter(|id| !new.contains(id));
            row.possible_duplicate_id = row.possible_duplicate_id.take().filter(|id| !new.contains(id));
        }
    }

    /// Writes everything down.
    async fn write(mut self, tx: &mut Tx) -> Result<()> {
        self.companies.write(tx).await?;
        let organization_id = tx.who.organization;
        let book = Book::of_person(ContactId::PREFIX, self.owner);
        let book = &book;
        let names = self.known.all.iter().flat_map(|held| {
            held.names.iter().map(move |name| external_ref::Model {
                organization_id,
                kind: book.word().to_owned(),
                source: name.source.clone(),
                external_id: name.external_id.clone(),
                target_id: held.row.id.0,
            })
        });
        let names: Vec<external_ref::Model> = names.collect();
        let (new, there): (Vec<Held>, Vec<Held>) = self.known.all.into_iter().partition(|held| held.was.is_none());
        let new: Vec<contact::Model> = new.into_iter().map(|held| searchable(held.row)).collect();
        tx.add_all::<contact::Entity>(new.clone()).await?;
        for contact in &new {
            tx.record("created", contact, json!({ "companyId": contact.company_id }))?;
        }
        for held in there {
            let Some(was) = held.was else { continue };
            let after = become_so(tx, was, held.row).await?;
            let after = tx.beside::<contact::Entity>(after, !held.names.is_empty()).await?;
            if after.changed {
                tx.record("updated", &after.row, json!({}))?;
            }
        }
        tx.add_all::<external_ref::Entity>(names).await
    }
}

/// A contact may have been filled in since it was drafted.
fn searchable(mut row: contact::Model) -> contact::Model {
    row.search_text = crate::domain::community::contact::searched(&row);
    row
}

fn row(
    draft: &Draft,
    name: String,
    outcome: ImportRowOutcome,
    matched_by: Option<ImportMatch>,
    id: ContactId,
    fills: Option<Vec<String>>,
) -> ImportRow {
    ImportRow {
        line: draft.line,
        pointer: None,
        name,
        outcome,
        matched_by,
        object_id: Some(id.to_string()),
        possible_duplicate_id: None,
        fills,
    }
}

/// The organization's companies of these ids.
async fn companies(tx: &Tx, ids: Vec<Uuid>) -> Result<Vec<CompanyRow>> {
    let mut sql = tx.sql();
    sql.push("SELECT id, name_folded FROM \"company\" WHERE deleted_at IS NULL AND organization_id = ");
    sql.bind(Arg::Uuid(tx.who.organization.0)).push(" AND id").among(Arg::Uuids(ids));
    tx.rows(&sql).await
}
