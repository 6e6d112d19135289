//! SQL text with its arguments, for one of the two databases; text is stable, values are always arguments, but for how long a page is.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    platform::client::Scope,
    projects::project_member::ProjectRole,
    vocabulary::{Set, Vocabulary as _},
};
use uuid::Uuid;

use super::shape::{Shape, Tenant, shape};
use crate::domain::{
    caller::Caller,
    policy::{Action, Rule, permission},
};

/// Which database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// An argument of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// An id.
    Uuid(Uuid),
    /// A text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// A moment.
    Time(DateTime<Utc>),
    /// A day.
    Date(NaiveDate),
    /// Ids to be among.
    Uuids(Vec<Uuid>),
    /// Texts to be among.
    Texts(Vec<String>),
    /// Numbers to be among.
    Ints(Vec<i64>),
    /// The ids of the level above, once it has been read.
    Parents,
}

/// A statement that is being written.
#[derive(Clone, Debug)]
pub struct Sql {
    /// The text.
    pub text: String,
    /// The arguments, in the order of their numbers.
    pub args: Vec<Arg>,
    /// For which database.
    pub dialect: Dialect,
}

impl Sql {
    /// Nothing yet.
    #[must_use]
    pub const fn new(dialect: Dialect) -> Self {
        Self { text: String::new(), args: Vec::new(), dialect }
    }

    /// Adds text.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds `alias."column"`.
    pub fn column(&mut self, alias: &str, column: &str) -> &mut Self {
        let _ = write!(self.text, "{alias}.\"{column}\"");
        self
    }

    /// Adds an argument.
    pub fn bind(&mut self, arg: Arg) -> &mut Self {
        self.args.push(arg);
        let _ = write!(self.text, "${}", self.args.len());
        self
    }

    /// Adds ` = ANY (list)`, with the list as one argument. Of one id ` = id`: an index that begins with it is walked in its order.
    pub fn among(&mut self, list: Arg) -> &mut Self {
        if let Arg::Uuids(ids) = &list
            && let [id] = ids[..]
        {
            return self.push(" = ").bind(Arg::Uuid(id));
        }
        if self.dialect == Dialect::Postgres {
            let of = match list {
                Arg::Texts(_) => "::text[])",
                Arg::Ints(_) => "::bigint[])",
                _ => "::uuid[])",
            };
            return self.push(" = ANY(").bind(list).push(of);
        }
        // JSON has no blobs: ids travel as hexadecimal text.
        let value = if matches!(list, Arg::Uuids(_) | Arg::Parents) { "unhex(value)" } else { "value" };
        self.push(" IN (SELECT ").push(value).push(" FROM json_each(").bind(list).push("))")
    }

    /// The same of thousands of texts. PostgreSQL prepares a statement that is asked often for any list, and would compare each row
    /// with each text; of what is selected it makes a table, or looks each up.
    pub fn among_many(&mut self, texts: Vec<String>) -> &mut Self {
        if self.dialect == Dialect::Postgres {
            return self.push(" IN (SELECT unnest(").bind(Arg::Texts(texts)).push("::text[]))");
        }
        self.among(Arg::Texts(texts))
    }

    /// Adds the ids of the level above as rows: `alias.id`.
    pub fn parents(&mut self, alias: &str) -> &mut Self {
        if self.dialect == Dialect::Postgres {
            return self.push("unnest(").bind(Arg::Parents).push("::uuid[]) ").push(alias).push("(id)");
        }
        self.push("(SELECT unhex(value) AS id FROM json_each(").bind(Arg::Parents).push(")) ").push(alias)
    }

    /// Adds the predicate that keeps every statement inside the caller's organization.
    pub fn tenant(&mut self, shape: &Shape, alias: &str, who: &Caller) -> &mut Self {
        self.tenant_by(Way::Led, shape, alias, who)
    }

    /// The same of rows that are met by their ids, as [`Sql::visible_by_id`].
    pub fn tenant_by_id(&mut self, shape: &Shape, alias: &str, who: &Caller) -> &mut Self {
        self.tenant_by(Way::Met, shape, alias, who)
    }

    fn tenant_by(&mut self, way: Way, shape: &Shape, alias: &str, who: &Caller) -> &mut Self {
        let own = Arg::Uuid(who.organization.0);
        let is = if way == Way::Met && self.dialect == Dialect::Postgres { " IS NOT DISTINCT FROM " } else { " = " };
        match shape.tenant {
            Tenant::Own => self.column(alias, "organization_id").push(is).bind(own),
            Tenant::OwnOrBuiltIn => self
                .push("(")
                .column(alias, "organization_id")
                .push(is)
                .bind(own)
                .push(" OR ")
                .column(alias, "organization_id")
                .push(" IS NULL)"),
            Tenant::Itself => self.column(alias, "id").push(" = ").bind(own),
            Tenant::Members => self
                .push("EXISTS (SELECT 1 FROM \"membership\" m WHERE m.user_id = ")
                .column(alias, "id")
                // Who was deleted left with the last membership, at the same moment.
                .push(" AND (m.deleted_at IS NULL OR m.deleted_at = ")
                .column(alias, "deleted_at")
                .push(") AND m.organization_id = ")
                .bind(own)
                .push(")"),
        }
    }

    /// Adds everything that decides whether the caller may know of a row: tenant, and the rule to view it.
    pub fn visible(&mut self, shape: &Shape, alias: &str, who: &Caller) -> &mut Self {
        self.visible_by((Way::Led, None), shape, alias, who)
    }

    /// The same of rows below one that the caller sees, which the column names: nothing is asked of it again.
    pub fn visible_below(
        &mut self,
        (column, above): (&str, &str),
        shape: &Shape,
        alias: &str,
        who: &Caller,
    ) -> &mut Self {
        self.visible_by((Way::Met, Some((column, above))), shape, alias, who)
    }

    /// The same of rows that are met by their ids, so that PostgreSQL meets them: given the choice, it may begin with all
    /// rows of the tenant, or with all that go with what the rule asks about.
    pub fn visible_by_id(&mut self, shape: &Shape, alias: &str, who: &Caller) -> &mut Self {
        self.visible_by((Way::Met, None), shape, alias, who)
    }

    fn visible_by(
        &mut self,
        (way, above): (Way, Option<(&str, &str)>),
        shape: &Shape,
        alias: &str,
        who: &Caller,
    ) -> &mut Self {
        self.tenant_by(way, shape, alias, who);
        let (scope, rule) = permission(shape.view);
        let rule = if who.scopes.has(scope) { rule.settled(who) } else { Rule::Nobody };
        let rule = if let Some((column, above)) = above { rule.below(column, above) } else { rule };
        if rule != Rule::Anyone {
            self.push(" AND ").rule_by(way, &rule, alias, who);
        }
        self
    }

    /// Adds that the caller may do something with the row: by what their token may, and by the rule.
    pub fn permitted(&mut self, action: Action, alias: &str, who: &Caller) -> &mut Self {
        let (scope, rule) = permission(action);
        let rule = if who.scopes.has(scope) { rule.settled(who) } else { Rule::Nobody };
        self.rule(&rule, alias, who)
    }

    /// Adds a settled rule as a predicate on the row.
    pub fn rule(&mut self, rule: &Rule, alias: &str, who: &Caller) -> &mut Self {
        self.rule_by(Way::Led, rule, alias, who)
    }

    fn rule_by(&mut self, way: Way, rule: &Rule, alias: &str, who: &Caller) -> &mut Self {
        match rule {
            Rule::Anyone => self.push("1 = 1"),
            Rule::Among(column, words) => self.column(alias, column).among(Arg::Texts(words.clone())),
            Rule::Nobody
            | Rule::Holds(_)
            | Rule::Machine
            | Rule::Has(_)
            | Rule::SelfApproval
            | Rule::SelfRating
            | Rule::BudgetApprover => self.push("1 = 0"),
            Rule::Owner(column) => {
                let me = who.user().map(|id| id.0).unwrap_or_default();
                self.column(alias, column).push(" = ").bind(Arg::Uuid(me))
            }
            Rule::Granted(column, scopes) => self.whose(column, (false, mask(scopes)), alias, who),
            Rule::Team("id", scopes, roles) if way == Way::Met && self.dialect == Dialect::Postgres => {
                self.in_team(scopes, roles, alias, who)
            }
            Rule::Team(column, scopes, roles) => self.team(column, scopes, roles, alias, who),
            Rule::Person(column, role) => self
                .push("EXISTS (SELECT 1 FROM \"membership\" m WHERE m.user_id = ")
                .column(alias, column)
                .push(" AND m.deleted_at IS NULL AND m.organization_id = ")
                .bind(Arg::Uuid(who.organization.0))
                .push(" AND (m.roles & ")
                .bind(Arg::Int(Set::EMPTY.with(*role).bits()))
                .push(") <> 0)"),
            Rule::Reached(column) => self.column(alias, column).push(" <= ").bind(Arg::Time(who.now)),
            Rule::Unowned(column) => self.column(alias, column).push(" IS NULL"),
            Rule::True(column) => self.column(alias, column).push(" = ").bind(Arg::Bool(true)),
            Rule::Lives(column, target) => {
                let (inner, target) = (format!("{alias}_l"), shape(target));
                self.push("EXISTS (SELECT 1 FROM \"").push(target.table).push("\" ").push(&inner).push(" WHERE ");
                self.column(&inner, "id").push(" = ").column(alias, column).push(" AND ");
                self.column(&inner, "deleted_at").push(" IS NULL AND ").tenant_by(way, target, &inner, who).push(")")
            }
            Rule::Sees(column, target) => self.sees(way, (column, shape(target)), alias, who),
            Rule::All(rules) => self.joined(way, rules, alias, who),
            Rule::Any(rules) => self.any(way, rules, alias, who),
        }
    }

    /// Adds that one of the rules is true. One's own and what others opened is asked for together: so an index finds both,
    /// where two predicates would make it read the whole organization.
    fn any(&mut self, way: Way, rules: &[Rule], alias: &str, who: &Caller) -> &mut Self {
        let mask = |column: &str| {
            let opened = rules.iter().filter_map(|rule| match rule {
                Rule::Granted(other, scopes) if *other == column => Some(mask(scopes)),
                _ => None,
            });
            opened.reduce(|all, one| all | one)
        };
        let opened = |own: &Rule| match own {
            Rule::Owner(column) => mask(column).map(|mask| (*column, mask)),
            _ => None,
        };
        let with_own: Vec<&str> = rules.iter().filter_map(opened).map(|(column, _)| column).collect();
        let left = rules.iter().filter(|rule| !matches!(rule, Rule::Granted(column, _) if with_own.contains(column)));
        self.push("(");
        for (place, rule) in left.enumerate() {
            if place > 0 {
                self.push(" OR ");
            }
            match opened(rule) {
                Some((column, mask)) => self.whose(column, (true, mask), alias, who),
                None => self.rule_by(way, rule, alias, who),
            };
        }
        self.push(")")
    }

    /// Adds that a column names somebody who opened one of the scopes in the mask to the caller, or the caller when it may be `own`.
    fn whose(&mut self, column: &str, (own, mask): (bool, i64), alias: &str, who: &Caller) -> &mut Self {
        let me = Arg::Uuid(who.user().map(|id| id.0).unwrap_or_default());
        let postgres = self.dialect == Dialect::Postgres;
        self.column(alias, column).push(if postgres { " = ANY(ARRAY(" } else { " IN (" });
        if own {
            self.push("SELECT ").bind(me.clone()).push(" UNION ALL ");
        }
        self.push("SELECT g.owner_id FROM \"grant\" g WHERE g.deleted_at IS NULL AND g.revoked_at IS NULL")
            .push(" AND g.organization_id = ")
            .bind(Arg::Uuid(who.organization.0))
            .push(" AND g.grantee_id = ")
            .bind(me)
            .push(" AND (g.expires_at IS NULL OR g.expires_at > ")
            .bind(Arg::Time(who.now))
            .push(") AND (g.scopes & ")
            .bind(Arg::Int(mask))
            .push(if postgres { ") <> 0))" } else { ") <> 0)" })
    }

    /// Adds that a column names one of the caller's projects, by whom or by what they are in it. All are asked for together, so
    /// that they lead to the rows.
    fn team(&mut self, column: &str, scopes: &[Scope], roles: &[ProjectRole], alias: &str, who: &Caller) -> &mut Self {
        let own = Arg::Uuid(who.organization.0);
        let postgres = self.dialect == Dialect::Postgres;
        self.column(alias, column).push(if postgres { " = ANY(ARRAY(" } else { " IN (" });
        self.push("SELECT pj.id FROM \"project\" pj WHERE pj.organization_id = ").bind(own.clone()).push(" AND ");
        self.whose("owner_id", (true, mask(scopes)), "pj", who);
        if !roles.is_empty() {
            let words = roles.iter().map(|role| role.word().to_owned()).collect();
            self.push(" UNION ALL SELECT pm.project_id FROM \"project_member\" pm WHERE pm.organization_id = ")
                .bind(own)
                .push(" AND pm.user_id = ")
                .bind(Arg::Uuid(who.user().map(|id| id.0).unwrap_or_default()))
                .push(" AND pm.deleted_at IS NULL AND pm.role")
                .among(Arg::Texts(words));
        }
        self.push(if postgres { "))" } else { ")" })
    }

    /// The same of a project that is met by its id: whoever has hundreds is asked about the one.
    fn in_team(&mut self, scopes: &[Scope], roles: &[ProjectRole], alias: &str, who: &Caller) -> &mut Self {
        let me = Arg::Uuid(who.user().map(|id| id.0).unwrap_or_default());
        self.push("(").whose("owner_id", (true, mask(scopes)), alias, who);
        if !roles.is_empty() {
            self.push(" OR EXISTS (SELECT 1 FROM \"project_member\" pm WHERE pm.project_id = ").column(alias, "id");
            self.push(" AND pm.organization_id = ").bind(Arg::Uuid(who.organization.0));
            self.push(" AND pm.user_id = ").bind(me).push(" AND pm.deleted_at IS NULL AND pm.role");
            self.among(Arg::Texts(roles.iter().map(|role| role.word().to_owned()).collect())).push(")");
        }
        self.push(")")
    }

    fn sees(&mut self, way: Way, (column, target): (&str, &Shape), alias: &str, who: &Caller) -> &mut Self {
        let inner = format!("{alias}_s");
        self.push("EXISTS (SELECT 1 FROM \"").push(target.table).push("\" ").push(&inner).push(" WHERE ");
        self.column(&inner, "id").push(" = ").column(alias, column).push(" AND ");
        self.column(&inner, "deleted_at").push(" IS NULL AND ").visible_by((way, None), target, &inner, who);
        // What has an offset is not made a join of.
        self.push(if way == Way::Met && self.dialect == Dialect::Postgres { " OFFSET 0)" } else { ")" })
    }

    fn joined(&mut self, way: Way, rules: &[Rule], alias: &str, who: &Caller) -> &mut Self {
        self.push("(");
        for (place, rule) in rules.iter().enumerate() {
            if place > 0 {
                self.push(" AND ");
            }
            self.rule_by(way, rule, alias, who);
        }
        self.push(")")
    }
}

/// How a statement comes to its rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By what makes them visible, or whatever narrows them most.
    Led,
    /// By their ids.
    Met,
}

/// Scopes as their bits in the database.
fn mask(scopes: &[Scope]) -> i64 {
    scopes.iter().copied().collect::<Set<_>>().bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_id_is_compared_with_itself() {
        let ids = |ids: &[u128]| Arg::Uuids(ids.iter().map(|&id| Uuid::from_u128(id)).collect());
        let words = Arg::Texts(vec!["A".to_owned()]);
        for (list, bound, postgres, sqlite) in [
            (ids(&[1]), Arg::Uuid(Uuid::from_u128(1)), "x = $1", "x = $1"),
            (ids(&[1, 2]), ids(&[1, 2]), "x = ANY($1::uuid[])", "x IN (SELECT unhex(value) FROM json_each($1))"),
            (ids(&[]), ids(&[]), "x = ANY($1::uuid[])", "x IN (SELECT unhex(value) FROM json_each($1))"),
            (Arg::Parents, Arg::Parents, "x = ANY($1::uuid[])", "x IN (SELECT unhex(value) FROM json_each($1))"),
            (words.clone(), words, "x = ANY($1::text[])", "x IN (SELECT value FROM json_each($1))"),
        ] {
            for (dialect, text) in [(Dialect::Postgres, postgres), (Dialect::Sqlite, sqlite)] {
                let mut sql = Sql::new(dialect);
                sql.push("x").among(list.clone());
                assert_eq!((sql.text.as_str(), &sql.args[..]), (text, &[bound.clone()][..]));
            }
        }
    }
}
