//! Limits in front of async-graphql, so that no document costs more than it is worth.
//!
//! The library's parser recurses without bound on nested lists, and its rules walk a fragment again at every
//! spread. So a document is first read as bytes ([`lexical`]), then parsed, then costed as if every fragment
//! were written out where it is spread ([`cost`]); each of the three takes time linear in the document.

mod cost;
mod lexical;

use async_graphql::parser::{self, parse_query, types::ExecutableDocument};
use serde_json::{Map, Value};
use std::fmt;

use crate::domain::error::Code;

/// Why a document is not executed. It names the rule and never quotes the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// More text than any client writes by hand or by machine.
    TooLong,
    /// A name or a number longer than any real one; error messages would repeat it.
    WordTooLong,
    /// Too many words and signs.
    TooManyTokens,
    /// Brackets inside brackets beyond what the parser's stack is for.
    NestedTooDeep,
    /// Too many directives.
    TooManyDirectives,
    /// Not GraphQL from here on.
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Two definitions of one name, or an operation without a name beside another.
    Ambiguous {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Fragments only, and nothing to execute.
    NoOperation,
    /// Too many operations in one document.
    TooManyOperations,
    /// Too many variables in one operation.
    TooManyVariables,
    /// Too many arguments on one field.
    TooManyArguments,
    /// Too many fields at the top of one operation.
    TooManyRootFields,
    /// Too many fields and fragments, once fragments are written out.
    TooManySelections,
    /// Fields inside fields, or fragments inside fragments, too deep.
    TooDeep,
    /// Argument values too large, once variables and fragments are written out.
    ValuesTooLarge,
    /// Introspection that would list the schema many times over.
    IntrospectionTooLarge,
    /// A fragment that contains itself.
    FragmentCycle,
    /// A spread of a fragment that the document does not define.
    UnknownFragment,
}

impl Refusal {
    /// What the client is told.
    #[must_use]
    pub fn message(&self) -> String {
        self.to_string()
    }

    /// The stable code in `extensions.code`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => Code::GraphqlParseFailed.as_str(),
            Self::Ambiguous { .. } | Self::NoOperation | Self::FragmentCycle | Self::UnknownFragment => {
                Code::GraphqlValidationFailed.as_str()
            }
            _ => Code::DocumentTooComplex.as_str(),
        }
    }

    /// Line and column, where there is one place to point at.
    #[must_use]
    pub fn location(&self) -> Option<(usize, usize)> {
        match *self {
            Self::Syntax { line, column } | Self::Ambiguous { line, column } => Some((line, column)),
            _ => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((most, what)) = self.limit() {
            return write!(f, "The document is too complex: at most {most} {what}");
        }
        f.write_str(match self {
            Self::Syntax { line, column } => {
                return write!(f, "Syntax error at line {line}, column {column}");
            }
            Self::Ambiguous { .. } => {
                "Operations and fragments need distinct names, and one without a name stands alone"
            }
            Self::NoOperation => "The document holds no operation",
            Self::FragmentCycle => "A fragment contains itself",
            Self::UnknownFragment => "A fragment is spread that the document does not define",
            _ => "This introspection lists the schema many times over; /schema.graphql has it all",
        })
    }
}

impl Refusal {
    /// How many of what, for the limits that are a number.
    fn limit(self) -> Option<(usize, &'static str)> {
        Some(match self {
            Self::TooLong => (lexical::BYTES, "bytes of text; send long values as variables"),
            Self::WordTooLong => (lexical::WORD, "characters in one name or number"),
            Self::TooManyTokens => (lexical::TOKENS, "tokens"),
            Self::NestedTooDeep => (lexical::NESTING, "levels of brackets"),
            Self::TooManyDirectives => (lexical::DIRECTIVES, "directives"),
            Self::TooManyOperations => (cost::OPERATIONS, "operations"),
            Self::TooManyVariables => (cost::VARIABLES, "variables in one operation"),
            Self::TooManyArguments => (cost::ARGUMENTS, "arguments on one field"),
            Self::TooManyRootFields => (cost::ROOT_FIELDS, "fields at the top of one operation"),
            Self::TooManySelections => (cost::SELECTIONS, "selections, counting fragments at every spread"),
            Self::TooDeep => (cost::DEPTH, "fields inside one another"),
            Self::ValuesTooLarge => (cost::VALUES, "bytes of values, counting variables at every use"),
            _ => return None,
        })
    }
}

/// Parses a document that is worth executing.
///
/// # Errors
///
/// The first rule that the document breaks.
pub fn admit(text: &str) -> Result<ExecutableDocument, Refusal> {
    lexical::scan(text)?;
    let document = parse_query(text).map_err(|error| refused(&error))?;
    cost::check(&document, &Map::new())?;
    Ok(document)
}

/// Refuses variables that the document would copy too often: the library copies a variable at every use.
///
/// # Errors
///
/// [`Refusal::ValuesTooLarge`].
pub fn admit_variables(document: &ExecutableDocument, variables: &Map<String, Value>) -> Result<(), Refusal> {
    cost::check(document, variables)
}

/// The parser's own messages quote the line at fault, so only the place is kept.
fn refused(error: &parser::Error) -> Refusal {
    let at = error.positions().next().unwrap_or_default();
    let (line, column) = (at.line, at.column);
    match error {
        parser::Error::MultipleOperations { .. }
        | parser::Error::OperationDuplicated { .. }
        | parser::Error::FragmentDuplicated { .. } => Refusal::Ambiguous { line, column },
        parser::Error::MissingOperation => Refusal::NoOperation,
        parser::Error::RecursionLimitExceeded => Refusal::NestedTooDeep,
        _ => Refusal::Syntax { line, column },
    }
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
