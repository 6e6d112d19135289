//! The part of a framework around a competency: what is above it, and what each of those follows from (§2).

use std::collections::HashMap;

use entity::{
    id::{CompetencyId, UserId},
    learning::{
        competency::{self, CompetencyRule},
        competency_framework::Scale,
    },
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, look::Look},
    read::sql::Arg,
};

/// A competency of the tree.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::learning) struct Node {
    /// The competency.
    pub id: CompetencyId,
    /// The one above it.
    pub parent_id: Option<CompetencyId>,
    /// How it follows from those below it.
    pub rule: CompetencyRule,
    /// Whether the person is proficient in it.
    pub proficient: Option<bool>,
}

/// Competencies with what is above and below them, and in which of them somebody is proficient.
#[derive(Debug)]
pub(in crate::domain::learning) struct Tree {
    nodes: HashMap<CompetencyId, Node>,
    below: HashMap<CompetencyId, Vec<CompetencyId>>,
}

const NODES: &str = "\
    SELECT c.id, c.parent_id, c.rule, u.proficient FROM \"competency\" c \
    LEFT JOIN \"user_competency\" u ON u.competency_id = c.id AND u.deleted_at IS NULL AND u.organization_id = ";

impl Tree {
    /// A tree of these.
    pub(in crate::domain::learning) fn of(nodes: Vec<Node>) -> Self {
        let mut below = HashMap::<CompetencyId, Vec<CompetencyId>>::new();
        for node in &nodes {
            if let Some(parent) = node.parent_id {
                below.entry(parent).or_default().push(node.id);
            }
        }
        Self { nodes: nodes.into_iter().map(|node| (node.id, node)).collect(), below }
    }

    /// What is above a competency, and what is below each of those: in one statement, however large the framework.
    pub(super) async fn around(look: &Look, user: UserId, competency: &competency::Model) -> Result<Self> {
        let paths = upwards(&competency.path);
        let (organization, framework) = (Arg::Uuid(look.who.organization.0), Arg::Uuid(competency.framework_id.0));
        let mut sql = look.sql();
        sql.push(NODES).bind(organization.clone()).push(" AND u.user_id = ").bind(Arg::Uuid(user.0));
        sql.push(" WHERE c.deleted_at IS NULL AND c.framework_id = ").bind(framework.clone());
        sql.push(" AND (c.organization_id = ").bind(organization).push(" OR c.organization_id IS NULL) AND (c.path");
        sql.among(Arg::Texts(paths.clone()));
        sql.push(
            " OR c.parent_id IN (SELECT p.id FROM \"competency\" p WHERE p.deleted_at IS NULL AND p.framework_id = ",
        );
        sql.bind(framework).push(" AND p.path").among(Arg::Texts(paths)).push("))");
        Ok(Self::of(look.rows(&sql).await?))
    }

    /// A competency, and those above it as far as each follows from the one below.
    pub(in crate::domain::learning) fn upwards(&self, from: CompetencyId) -> Vec<CompetencyId> {
        let mut all = vec![from];
        let above = |id: CompetencyId| {
            let parent = self.nodes.get(&id)?.parent_id.and_then(|parent| self.nodes.get(&parent))?;
            (parent.rule != CompetencyRule::None).then_some(parent.id)
        };
        let mut at = from;
        while let Some(parent) = above(at).filter(|parent| !all.contains(parent)) {
            all.push(parent);
            at = parent;
        }
        all
    }

    /// Whether somebody is proficient in a competency by those below it.
    pub(in crate::domain::learning) fn is_followed(&self, id: CompetencyId) -> bool {
        let Some(node) = self.nodes.get(&id) else { return false };
        let below = self.below.get(&id).map(Vec::as_slice).unwrap_or_default();
        let proficient = |id: &CompetencyId| self.nodes.get(id).is_some_and(|node| node.proficient == Some(true));
        match node.rule {
            CompetencyRule::None => false,
            CompetencyRule::All => !below.is_empty() && below.iter().all(proficient),
            CompetencyRule::Any => below.iter().any(proficient),
        }
    }

    /// Keeps whether somebody is proficient in a competency by now.
    pub(in crate::domain::learning) fn set(&mut self, id: CompetencyId, proficient: bool) {
        if let Some(node) = self.nodes.get_mut(&id) {
            node.proficient = Some(proficient);
        }
    }
}

/// A path and those above it: `a/b/c`, `a/b`, `a`.
fn upwards(path: &str) -> Vec<String> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.map(|end| path[..end].to_owned()).collect()
}

/// The level that somebody has who is proficient by what is below: the lowest that counts as that.
pub(in crate::domain::learning) fn lowest_proficient(scale: &Scale) -> Option<i64> {
    scale.levels.iter().filter(|level| level.proficient).map(|level| level.value).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;

    #[test]
    fn the_path_leads_up() {
        assert_eq!(upwards("a/b/c"), ["a", "a/b", "a/b/c"]);
        assert_eq!(upwards("a"), ["a"]);
    }

    /// A root with the rule, and two below it of which these are proficient.
    fn tree(rule: CompetencyRule, proficient: &[bool]) -> (Tree, CompetencyId, Vec<CompetencyId>) {
        let root = clock::new_id();
        let node = |id, parent_id, rule, proficient| Node { id, parent_id, rule, proficient };
        let leaves: Vec<CompetencyId> = proficient.iter().map(|_| clock::new_id()).collect();
        let mut nodes = vec![node(root, None, rule, None)];
        for (id, yes) in leaves.iter().zip(proficient) {
            nodes.push(node(*id, Some(root), CompetencyRule::None, yes.then_some(true)));
        }
        (Tree::of(nodes), root, leaves)
    }

    #[test]
    fn a_rule_says_what_follows() {
        use CompetencyRule::{All, Any, None};
        let table: &[(CompetencyRule, &[bool], bool)] = &[
            (None, &[true, true], false),
            (All, &[true, true], true),
            (All, &[true, false], false),
            (All, &[], false),
            (Any, &[true, false], true),
            (Any, &[false, false], false),
            (Any, &[], false),
        ];
        for (rule, proficient, expected) in table {
            let (tree, root, _) = tree(*rule, proficient);
            assert_eq!(tree.is_followed(root), *expected, "{rule} {proficient:?}");
        }
    }

    #[test]
    fn what_changes_below_is_carried_up_as_far_as_rules_go() {
        let (mut tree, root, leaves) = tree(CompetencyRule::Any, &[false, false]);
        assert_eq!(tree.upwards(leaves[0]), [leaves[0], root]);
        tree.set(leaves[1], true);
        assert!(tree.is_followed(root));
        let (tree, _, leaves) = self::tree(CompetencyRule::None, &[false]);
        assert_eq!(tree.upwards(leaves[0]), [leaves[0]]);
    }
}
