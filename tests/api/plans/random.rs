//! Random plans over every declared shape: what a client could ask for, and more.

use cairn::{
    domain,
    read::{
        cell::{Cell, Store},
        cursor::Mark,
        filter::{Comparison, Condition},
        plan::{
            ById, COUNT_MAX, Count, EdgePart, InfoPart, Member, Nodes, Object, PageRead, Part, Read, Root, Slice, Sort,
        },
        shape::{Edge, Join, Shape, shape},
        sql::Arg,
    },
};
use entity::kind::Kind;
use uuid::Uuid;

use super::{dice::Dice, reference::Tables};

/// Makes plans; `tables` lends it real values to ask for.
pub struct Planner<'a> {
    pub dice: Dice,
    pub tables: &'a Tables,
}

impl Planner<'_> {
    pub fn roots(&mut self) -> Vec<Root> {
        (0..=self.dice.below(3)).map(|place| Root { key: format!("root{place}"), read: self.read(2) }).collect()
    }

    fn read(&mut self, depth: usize) -> Read {
        let resources = domain::resources();
        let shape: &'static Shape = &resources[self.dice.below(resources.len())].shape;
        match self.dice.below(8) {
            0 => {
                Read::Group((0..2).map(|place| (format!("part{place}"), self.read(depth.saturating_sub(1)))).collect())
            }
            1 => Read::List((0..3).map(|_| self.one(shape, 1)).collect()),
            2 if self.dice.once_in(2) => {
                let ids: Vec<Uuid> = (0..4).map(|_| self.some_id(shape)).collect();
                Read::Nodes(Nodes::of(self.object(shape, depth), &ids, self.dice.once_in(3)))
            }
            2 => Read::Known("{\"known\":1}".to_owned()),
            3 | 4 => self.one(shape, depth),
            _ => Read::Page(Box::new(self.page(shape, depth))),
        }
    }

    fn one(&mut self, shape: &'static Shape, depth: usize) -> Read {
        let id = self.some_id(shape);
        Read::One(Box::new(ById { id, by: "id", deleted: self.dice.once_in(4), object: self.object(shape, depth) }))
    }

    fn some_id(&mut self, shape: &'static Shape) -> Uuid {
        let rows = self.tables.rows(shape.table);
        if rows.is_empty() || self.dice.once_in(10) {
            return Uuid::from_u128(u128::from(self.dice.next()));
        }
        rows[self.dice.below(rows.len())].get("id").and_then(Cell::uuid).unwrap_or_default()
    }

    fn object(&mut self, shape: &'static Shape, depth: usize) -> Object {
        let mut members = Vec::new();
        for place in 0..=self.dice.below(6) {
            let key = format!("m{place}");
            let member = match self.dice.below(8) {
                0 => Member::Typename,
                1..=2 if depth > 0 && !shape.edges.is_empty() => {
                    let edge = &shape.edges[self.dice.below(shape.edges.len())];
                    self.edge(edge, depth)
                }
                _ => Member::Leaf(&shape.leaves[self.dice.below(shape.leaves.len())]),
            };
            members.push((key, member));
        }
        Object { shape, members }
    }

    fn edge(&mut self, edge: &'static Edge, depth: usize) -> Member {
        let target = shape(edge.target);
        match edge.join {
            Join::One(_) => Member::One(edge, self.object(target, depth - 1)),
            Join::Many(_) | Join::Beside(..) | Join::Through(..) => Member::Many(edge, self.page(target, depth - 1)),
        }
    }

    fn page(&mut self, shape: &'static Shape, depth: usize) -> PageRead {
        let slice = self.slice(shape);
        let mut form = Vec::new();
        for place in 0..=self.dice.below(3) {
            let part = match self.dice.below(6) {
                0 => Part::Typename,
                1 => Part::Total(self.count()),
                2 => Part::Info(
                    [
                        InfoPart::Start,
                        InfoPart::End,
                        InfoPart::HasNext,
                        InfoPart::HasPrevious,
                        InfoPart::Total(self.count()),
                        InfoPart::Typename,
                    ]
                    .into_iter()
                    .enumerate()
                    .map(|(place, part)| (format!("i{place}"), part))
                    .collect(),
                ),
                3 => Part::Edges(vec![
                    ("cursor".to_owned(), EdgePart::Cursor),
                    ("type".to_owned(), EdgePart::Typename),
                    ("node".to_owned(), EdgePart::Node(self.object(shape, depth))),
                ]),
                _ => Part::Nodes(self.object(shape, depth)),
            };
            form.push((format!("p{place}"), part));
        }
        PageRead { shape, slice, form }
    }

    /// Mostly so near that there is more.
    fn count(&mut self) -> Count {
        match self.dice.below(4) {
            0 => Count::All,
            1 => Count::AtMost(COUNT_MAX),
            _ => Count::AtMost(1 + self.dice.below(8) as i64),
        }
    }

    fn slice(&mut self, shape: &'static Shape) -> Slice {
        let order = self.order(shape);
        let mark = |planner: &mut Self| planner.dice.once_in(4).then(|| planner.mark(shape, &order)).flatten();
        let (after, before) = (mark(self), mark(self));
        let conditions = self.conditions(shape);
        let backward = self.dice.once_in(3);
        Slice {
            limit: self.dice.below(7),
            backward,
            tail: (!backward && self.dice.once_in(5)).then(|| self.dice.below(5)),
            after,
            before,
            order,
            conditions,
            deleted: shape.deletable && self.dice.once_in(6),
        }
    }

    fn order(&mut self, shape: &'static Shape) -> Vec<Sort> {
        let sorted: Vec<_> = shape.leaves.iter().filter(|leaf| leaf.sort && leaf.column().is_some()).collect();
        let mut order: Vec<Sort> = Vec::new();
        for _ in 0..self.dice.below(3) {
            if sorted.is_empty() {
                break;
            }
            let leaf = sorted[self.dice.below(sorted.len())];
            let column = leaf.column().unwrap();
            if order.iter().all(|sort| sort.column != column) {
                order.push(Sort { column, leaf: &leaf.name, descending: self.dice.once_in(2) });
            }
        }
        order
    }

    /// Where some row of the table stands in an order.
    fn mark(&mut self, shape: &'static Shape, order: &[Sort]) -> Option<Mark> {
        let rows = self.tables.rows(shape.table);
        if rows.is_empty() {
            return None;
        }
        let row = &rows[self.dice.below(rows.len())];
        let keys = order.iter().map(|sort| sort.column).chain([shape.tie.0]);
        Some(Mark(keys.map(|column| row.get(column).cloned().unwrap_or(Cell::Null)).collect()))
    }

    fn conditions(&mut self, shape: &'static Shape) -> Vec<Condition> {
        let mut out = Vec::new();
        let filtered: Vec<_> = shape.leaves.iter().filter(|leaf| leaf.filter && leaf.column().is_some()).collect();
        for _ in 0..self.dice.below(3) {
            if filtered.is_empty() {
                break;
            }
            let leaf = filtered[self.dice.below(filtered.len())];
            let column = leaf.column().unwrap();
            let values: Vec<Cell> = (0..=self.dice.below(3)).filter_map(|_| self.some_value(shape, column)).collect();
            let Some(first) = values.first().cloned() else { continue };
            let among = |values: Arg| match leaf.veil {
                Some(veil) => Condition::Veiled(column, veil, values),
                None => Condition::Among(column, values),
            };
            let condition = match (leaf.kind, Store::of(leaf.kind)) {
                (Kind::Bool, _) => Condition::Among(column, arg(&first)),
                (_, Store::Time | Store::Date) | (Kind::Int { .. } | Kind::Decimal, _) => {
                    let (_, comparison) = Comparison::ALL[self.dice.below(4)];
                    Condition::Compare(column, comparison, arg(&first))
                }
                (_, Store::Uuid) => among(Arg::Uuids(values.iter().filter_map(Cell::uuid).collect())),
                (_, Store::Text) => {
                    among(Arg::Texts(values.iter().filter_map(|v| v.text().map(str::to_owned)).collect()))
                }
                _ => continue,
            };
            out.push(condition);
        }
        if let Some(column) = shape.leaves.iter().find_map(|leaf| leaf.without)
            && self.dice.once_in(3)
        {
            out.push(Condition::Without(column, self.dice.once_in(2)));
        }
        if !shape.lists.is_empty() && self.dice.once_in(3) {
            out.push(Condition::Listed(&shape.lists[self.dice.below(shape.lists.len())]));
        }
        if let Some(column) = shape.search.filter(|_| self.dice.once_in(6)) {
            let text = *self.dice.pick(&["a", "e", "ü", "%", "_", "plan", "\\", "zzz"]);
            out.push(Condition::Contains(column, text.to_owned()));
        }
        out
    }

    fn some_value(&mut self, shape: &'static Shape, column: &str) -> Option<Cell> {
        let rows = self.tables.rows(shape.table);
        if rows.is_empty() {
            return None;
        }
        let value = rows[self.dice.below(rows.len())].get(column).cloned();
        value.filter(|cell| *cell != Cell::Null)
    }
}

pub fn arg(cell: &Cell) -> Arg {
    match cell {
        Cell::Uuid(value) => Arg::Uuid(*value),
        Cell::Text(value) => Arg::Text(value.clone()),
        Cell::Int(value) => Arg::Int(*value),
        Cell::Bool(value) => Arg::Bool(*value),
        Cell::Time(value) => Arg::Time(*value),
        Cell::Date(value) => Arg::Date(*value),
        Cell::Null => unreachable!("no condition compares with null"),
    }
}
