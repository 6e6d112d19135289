//! Taking the competencies of a framework in.

use std::collections::{HashMap, HashSet};

use entity::{
    id::CompetencyId,
    learning::{
        competency::{Column, CompetencyRule, Entity, Model},
        competency_framework,
    },
    platform::external_ref,
    vocabulary::Json,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde_json::{Value, json};

use super::{
    Counts,
    matching::{self, Matched},
};
use crate::domain::{
    clock,
    error::{Code, Result},
    learning::{
        competency::{NewCompetency, fresh},
        competency_framework::search_text,
        exchange::{
            Draft, Item,
            case::SOURCE,
            notes::{Notes, Place},
            tree::{self, Tree},
        },
    },
    tx::Tx,
};

/// How many rows one statement writes.
const ROWS: usize = 500;

/// What will be in the framework: an item of the document, or a competency that is kept because it is used.
#[derive(Clone, Copy)]
enum Node {
    Item(usize),
    Kept(usize),
}

/// Everything that is known before anything is written.
struct Plan<'a> {
    draft: &'a Draft,
    matched: Matched,
    nodes: Vec<Node>,
    /// The id of each node.
    ids: Vec<CompetencyId>,
    /// The place of the node above each.
    parents: Vec<Option<usize>>,
    tree: Tree,
    /// The competencies that go.
    gone: Vec<usize>,
    /// The items of which the package says something else than before that Cairn has no place for.
    other: HashSet<usize>,
}

/// Takes them in: whether nothing refused it.
pub(super) async fn take(
    tx: &mut Tx,
    framework: &competency_framework::Model,
    draft: &Draft,
    package: Option<&Value>,
    was: Option<&Value>,
    notes: &mut Notes,
    counts: &mut Counts,
) -> Result<bool> {
    let matched = matching::find(tx, framework.id, draft, notes).await?;
    let used = matching::used(tx, framework.id).await?;
    let other = matching::others(draft, package, was);
    let plan = Plan::of(draft, matched, &used, other, notes);
    if !notes.fine() {
        return Ok(false);
    }
    plan.park(tx).await?;
    plan.remove(tx, counts).await?;
    // What moves may move below what is new.
    plan.add(tx, framework, counts).await?;
    plan.change(tx, counts).await?;
    plan.name(tx).await?;
    Ok(true)
}

impl<'a> Plan<'a> {
    fn of(
        draft: &'a Draft,
        matched: Matched,
        used: &HashSet<CompetencyId>,
        other: HashSet<usize>,
        notes: &mut Notes,
    ) -> Self {
        let taken: HashSet<usize> = matched.of_items.iter().flatten().copied().collect();
        let left = (0..matched.rows.len()).filter(|place| !taken.contains(place));
        let left: Vec<usize> = left.filter(|&place| matched.rows[place].deleted_at.is_none()).collect();
        let kept = matching::kept(&matched.rows, &left, used);
        for &place in &kept {
            let message = format!("{} is in the document no more, but it is used: it stays.", matched.rows[place].code);
            notes.warn(Place::default(), "COMPETENCY_KEPT", &message);
        }
        let gone = left.into_iter().filter(|place| !kept.contains(place)).collect();
        let nodes: Vec<Node> =
            (0..draft.items.len()).map(Node::Item).chain(kept.iter().copied().map(Node::Kept)).collect();
        let ids: Vec<CompetencyId> = nodes
            .iter()
            .map(|node| match *node {
                Node::Item(item) => matched.of_items[item].map_or_else(clock::new_id, |row| matched.rows[row].id),
                Node::Kept(row) => matched.rows[row].id,
            })
            .collect();
        let places: HashMap<CompetencyId, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let parents: Vec<Option<usize>> = nodes
            .iter()
            .map(|node| match *node {
                Node::Item(item) => draft.items[item].parent,
                Node::Kept(row) => matched.rows[row].parent_id.and_then(|parent| places.get(&parent).copied()),
            })
            .collect();
        let mut plan = Self { draft, matched, nodes, ids, parents, tree: Tree::default(), gone, other };
        plan.tree = plan.grow(notes);
        plan
    }

    /// The tree of the nodes; what breaks a rule of trees is noted.
    fn grow(&self, notes: &mut Notes) -> Tree {
        let node = |place: usize| tree::Node { code: self.code(place), parent: self.parents[place] };
        let tree = tree::grow(&(0..self.nodes.len()).map(node).collect::<Vec<_>>());
        let at = |place: usize| match self.nodes[place] {
            Node::Item(item) => self.draft.items[item].parent_at.clone(),
            Node::Kept(_) => Place::default(),
        };
        for &(place, code) in &tree.wrong {
            notes.error(at(place), code, &format!("{} ({})", code.title(), self.code(place)));
        }
        let mut codes = HashSet::new();
        // What is kept has its code first.
        for place in (0..self.nodes.len()).rev() {
            if !codes.insert(self.code(place)) {
                let at = match self.nodes[place] {
                    Node::Item(item) => self.draft.items[item].at.member(self.draft.names.code),
                    Node::Kept(_) => Place::default(),
                };
                notes.error(at, Code::AlreadyExists, "Another competency of the framework has this code.");
            }
        }
        tree
    }

    fn code(&self, place: usize) -> &str {
        match self.nodes[place] {
            Node::Item(item) => &self.draft.items[item].code,
            Node::Kept(row) => &self.matched.rows[row].code,
        }
    }

    /// The competency of a node, when it is there.
    fn row(&self, place: usize) -> Option<&Model> {
        match self.nodes[place] {
            Node::Item(item) => self.matched.of_items[item].map(|row| &self.matched.rows[row]),
            Node::Kept(row) => Some(&self.matched.rows[row]),
        }
    }

    /// Codes that others take over go out of their way first: no two competencies have one at any moment.
    async fn park(&self, tx: &Tx) -> Result<()> {
        let taken: HashSet<&str> = (0..self.nodes.len())
            .filter(|&place| self.row(place).is_none_or(|row| row.deleted_at.is_some() || row.code != self.code(place)))
            .map(|place| self.code(place))
            .collect();
        for place in 0..self.nodes.len() {
            let Some(row) = self.row(place).filter(|row| row.deleted_at.is_none()) else { continue };
            if row.code != self.code(place) && taken.contains(row.code.as_str()) {
                let aside = Expr::value(format!("~{}", row.id));
                Entity::update_many().col_expr(Column::Code, aside).filter(Column::Id.eq(row.id)).exec(&tx.db).await?;
            }
        }
        Ok(())
    }

    async fn remove(&self, tx: &mut Tx, counts: &mut Counts) -> Result<()> {
        for &place in &self.gone {
            let row = tx.delete::<Entity>(self.matched.rows[place].clone()).await?;
            tx.record("deleted", &row, json!({}))?;
            counts.removed += 1;
        }
        Ok(())
    }

    /// Changes what is there, in the order of the tree.
    async fn change(&self, tx: &mut Tx, counts: &mut Counts) -> Result<()> {
        for &place in &self.tree.order {
            let Some(row) = self.row(place).cloned() else { continue };
            let was_deleted = row.deleted_at.is_some();
            let (parent, path) = (self.parents[place].map(|parent| self.ids[parent]), self.tree.paths[place].clone());
            let item = match self.nodes[place] {
                Node::Item(item) => Some((&self.draft.items[item], self.other.contains(&item))),
                Node::Kept(_) => None,
            };
            let after = tx
                .change::<Entity>(row, |row| {
                    row.parent_id.set_if_not_equals(parent);
                    row.path.set_if_not_equals(path);
                    row.deleted_at.set_if_not_equals(None);
                    if let Some((item, _)) = item {
                        set(row, item);
                    }
                })
                .await?;
            let after = tx.beside::<Entity>(after, item.is_some_and(|(_, other)| other)).await?;
            if after.changed {
                tx.record(if was_deleted { "restored" } else { "updated" }, &after.row, json!({}))?;
            }
            *(if after.changed { &mut counts.changed } else { &mut counts.unchanged }) += 1;
        }
        Ok(())
    }

    /// Adds what is new, parents first.
    async fn add(&self, tx: &mut Tx, framework: &competency_framework::Model, counts: &mut Counts) -> Result<()> {
        let new: Vec<usize> = self.tree.order.iter().copied().filter(|&place| self.row(place).is_none()).collect();
        for some in new.chunks(ROWS) {
            let mut rows = Vec::with_capacity(some.len());
            for &place in some {
                let Node::Item(item) = self.nodes[place] else { continue };
                let parent = self.parents[place].map(|parent| self.ids[parent]);
                let new = new_competency(framework, parent, &self.draft.items[item]);
                rows.push(fresh(tx, self.ids[place], self.tree.paths[place].clone(), new));
            }
            counts.added += i64::try_from(rows.len()).unwrap_or_default();
            for row in &rows {
                let row: Model = sea_orm::TryIntoModel::try_into_model(row.clone())?;
                tx.record("created", &row, json!({}))?;
            }
            Entity::insert_many(rows).exec_without_returning(&tx.db).await?;
        }
        Ok(())
    }

    /// Gives every competency the name that CASE has for it.
    async fn name(&self, tx: &Tx) -> Result<()> {
        let mut rows = Vec::new();
        for (item, id) in self.draft.items.iter().zip(&self.ids) {
            let Some(case_id) = item.case_id.as_ref().filter(|case_id| !self.matched.named.contains(*case_id)) else {
                continue;
            };
            // What was made here is known by its own id.
            if *case_id == id.0.to_string() {
                continue;
            }
            rows.push(external_ref::ActiveModel {
                organization_id: Set(tx.who.organization),
                kind: Set("cmp".to_owned()),
                source: Set(SOURCE.to_owned()),
                external_id: Set(case_id.clone()),
                target_id: Set(id.0),
            });
        }
        for some in rows.chunks(ROWS) {
            external_ref::Entity::insert_many(some.to_vec()).exec_without_returning(&tx.db).await?;
        }
        Ok(())
    }
}

fn set(row: &mut entity::learning::competency::ActiveModel, item: &Item) {
    row.search_text.set_if_not_equals(search_text(&item.code, &item.name));
    row.code.set_if_not_equals(item.code.clone());
    row.name.set_if_not_equals(item.name.clone());
    row.description.set_if_not_equals(item.description.clone());
    row.sort_order.set_if_not_equals(item.sort_order);
    row.alignments.set_if_not_equals(Json(item.alignments.clone()));
    if let Some(rule) = item.rule {
        row.rule.set_if_not_equals(rule);
    }
}

fn new_competency(framework: &competency_framework::Model, parent: Option<CompetencyId>, item: &Item) -> NewCompetency {
    NewCompetency {
        framework_id: framework.id,
        parent_id: parent,
        code: item.code.clone(),
        name: item.name.clone(),
        description: item.description.clone(),
        sort_order: Some(item.sort_order),
        rule: Some(item.rule.unwrap_or(CompetencyRule::None)),
        alignments: Some(item.alignments.clone()),
        external_refs: None,
    }
}
