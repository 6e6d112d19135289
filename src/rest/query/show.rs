//! What an answer shows: which values of an object, which ways it follows to others, and how much of a list.
//!
//! `fields` names values, and the ways that lead to them; `expand` adds what it names, whole; `items.first` says how many
//! of an expanded list. All are read before any of them is carried out: their order means nothing.

use super::{Pair, bad};
use crate::{
    domain::error::Result,
    read::{
        plan::{PAGE_DEFAULT, PAGE_MAX},
        shape::{Edge, Join, Leaf, Shape, shape},
    },
};

/// How many paths one request expands at most.
pub const EXPANSIONS_MAX: usize = 10;
/// How many values it names at most.
pub const FIELDS_MAX: usize = 100;
/// How many levels deep.
pub const EXPANSION_DEPTH: usize = 2;
/// The longest path that `fields` takes.
pub const PATH_MAX: usize = 200;
/// What says where a list within an answer lies: no value and no way is called so.
pub const PLACE: &str = "page";
/// What ends the name of the parameter that says how many of a list are shown.
const SIZE: &str = ".first";

/// What an answer shows of an object: all its values and nothing else, unless somebody says more.
#[derive(Clone, Debug, Default)]
pub struct Show {
    /// The values that are named, besides the id; none for all.
    named: Option<Vec<&'static Leaf>>,
    /// The ways that it follows.
    pub ways: Vec<Way>,
}

/// A way to others, and what is shown of them.
#[derive(Clone, Debug)]
pub struct Way {
    /// The way.
    pub edge: &'static Edge,
    /// What is shown of each.
    pub show: Show,
    /// Of a list: how many are shown.
    pub first: usize,
    /// Of a list: whether it says where it lies.
    pub place: bool,
}

/// The parameters that say what to show, as they came.
#[derive(Debug, Default)]
pub struct Words {
    fields: Option<Vec<String>>,
    expand: Vec<String>,
    sizes: Vec<(String, usize)>,
}

impl Words {
    /// Takes a parameter, when it is one of these; whether it is.
    ///
    /// # Errors
    /// `BAD_INPUT`, naming the parameter.
    pub(super) fn take(&mut self, of: &'static Shape, pair: &Pair<'_>) -> Result<bool> {
        match pair.name.as_str() {
            "fields" => self.fields = Some(paths(pair, FIELDS_MAX)?),
            "expand" => self.expand = paths(pair, EXPANSIONS_MAX)?,
            name => match name.strip_suffix(SIZE).filter(|path| lists(of).any(|known| known == *path)) {
                Some(path) => self.sizes.push((path.to_owned(), size(pair)?)),
                None => return Ok(false),
            },
        }
        Ok(true)
    }

    /// What they ask for together.
    ///
    /// # Errors
    /// `BAD_INPUT`, naming the parameter.
    pub(super) fn show(self, of: &'static Shape) -> Result<Show> {
        let mut show = Show { named: self.fields.is_some().then(Vec::new), ways: Vec::new() };
        for path in self.fields.iter().flatten() {
            if !show.name(of, path, EXPANSION_DEPTH) {
                return Err(bad("fields", "names what is not shown here"));
            }
        }
        for path in &self.expand {
            if !show.expand(of, path, EXPANSION_DEPTH) {
                return Err(bad("expand", "names what is not to be expanded here"));
            }
        }
        for (path, first) in &self.sizes {
            show.cut(path, *first);
        }
        Ok(show)
    }
}

impl Show {
    /// Whether it shows only what somebody named.
    #[must_use]
    pub const fn is_sparse(&self) -> bool {
        self.named.is_some()
    }

    /// Whether it shows a value.
    #[must_use]
    pub fn shows(&self, leaf: &Leaf) -> bool {
        self.named.as_ref().is_none_or(|named| leaf.name == "id" || named.iter().any(|known| known.name == leaf.name))
    }

    /// The same with the version, which the tag of an object is made of.
    #[must_use]
    pub(super) fn with_version(mut self, of: &'static Shape) -> Self {
        if let (Some(named), Some(version)) = (&mut self.named, of.leaf("version")) {
            named.push(version);
        }
        self
    }

    /// Adds what a path of `fields` names; whether there is such a thing. A way alone is all that it leads to.
    fn name(&mut self, of: &'static Shape, path: &str, depth: usize) -> bool {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        if let (Some(leaf), None) = (of.leaf(name), rest) {
            if let Some(named) = &mut self.named {
                named.push(leaf);
            }
            return true;
        }
        let Some(edge) = of.edge_named(name).filter(|_| depth > 0) else { return false };
        let way = self.way(edge, false);
        match rest {
            None => (way.show.named, way.place) = (None, true),
            Some(PLACE) if is_list(edge) => way.place = true,
            Some(rest) => return way.show.name(shape(edge.target), rest, depth - 1),
        }
        true
    }

    /// Follows a path of `expand`; whether there is such a way. What `fields` names values of is not shown whole for it.
    fn expand(&mut self, of: &'static Shape, path: &str, depth: usize) -> bool {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let Some(edge) = of.edge_named(name).filter(|_| depth > 0) else { return false };
        let way = self.way(edge, true);
        rest.is_none_or(|rest| way.show.expand(shape(edge.target), rest, depth - 1))
    }

    /// The way along an edge: new, it shows all that it leads to or nothing but ids.
    fn way(&mut self, edge: &'static Edge, whole: bool) -> &mut Way {
        let known = self.ways.iter().position(|way| way.edge.name == edge.name);
        let place = known.unwrap_or_else(|| {
            let show = Show { named: (!whole).then(Vec::new), ways: Vec::new() };
            self.ways.push(Way { edge, show, first: PAGE_DEFAULT, place: whole });
            self.ways.len() - 1
        });
        &mut self.ways[place]
    }

    /// Says how many of a list are shown, when it is.
    fn cut(&mut self, path: &str, first: usize) {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        if let Some(way) = self.ways.iter_mut().find(|way| way.edge.name == name) {
            match rest {
                None => way.first = first,
                Some(rest) => way.show.cut(rest, first),
            }
        }
    }
}

/// Different paths, between commas.
fn paths(pair: &Pair<'_>, most: usize) -> Result<Vec<String>> {
    let paths = pair.words()?;
    if paths.len() > most {
        return Err(bad(&pair.name, &format!("names more than {most} paths")));
    }
    if paths.iter().enumerate().any(|(place, path)| paths[..place].contains(path)) {
        return Err(bad(&pair.name, "names a path twice"));
    }
    Ok(paths)
}

fn size(pair: &Pair<'_>) -> Result<usize> {
    let size = usize::try_from(pair.number()?).ok().filter(|size| *size <= PAGE_MAX);
    size.ok_or_else(|| bad(&pair.name, &format!("must be 0 to {PAGE_MAX}")))
}

/// Whether a way leads to many.
#[must_use]
pub const fn is_list(edge: &Edge) -> bool {
    !matches!(edge.join, Join::One(_))
}

/// Every path that `expand` takes of a shape, with the last of its ways.
fn followed(of: &'static Shape) -> impl Iterator<Item = (String, &'static Edge)> {
    of.edges.iter().flat_map(|edge| {
        let below = shape(edge.target).edges.iter().map(|below| (format!("{}.{}", edge.name, below.name), below));
        [(edge.name.to_owned(), edge)].into_iter().chain(below)
    })
}

/// Every path that `expand` takes of a shape.
#[must_use]
pub fn expansions(of: &'static Shape) -> Vec<String> {
    followed(of).map(|(path, _)| path).collect()
}

/// Those of them that lead to lists: each takes a number by `first`.
pub fn lists(of: &'static Shape) -> impl Iterator<Item = String> {
    followed(of).filter(|(_, edge)| is_list(edge)).map(|(path, _)| path)
}

/// The name of the parameter that says how many of a list are shown.
#[must_use]
pub fn size_name(list: &str) -> String {
    format!("{list}{SIZE}")
}

/// What the paths that `fields` takes look like, as an ECMA-262 regular expression that nothing else matches.
#[must_use]
pub fn fields_pattern(of: &'static Shape) -> String {
    format!("^({})$", below(of, EXPANSION_DEPTH))
}

fn below(of: &'static Shape, depth: usize) -> String {
    let leaves = of.leaves.iter().map(|leaf| leaf.name.clone());
    let ways = of.edges.iter().filter(|_| depth > 0).map(|edge| {
        let place = if is_list(edge) { format!("{PLACE}|") } else { String::new() };
        format!(r"{}(\.({place}{}))?", edge.name, below(shape(edge.target), depth - 1))
    });
    leaves.chain(ways).collect::<Vec<_>>().join("|")
}
