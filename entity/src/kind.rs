//! What a value may be: kinds with their limits, from which both faces write their schemas and the core its checks.

use std::sync::LazyLock;

use crate::{
    id::TypedId,
    vocabulary::{Vocabulary, Words},
};

/// What a text has to look like, beyond its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One line, no control characters, not only blanks.
    Line,
    /// Several lines.
    Prose,
    /// A file as another program wrote it: whatever is in it, but a null character.
    File,
    /// An e-mail address.
    Email,
    /// An absolute `http` or `https` address.
    Url,
    /// An IANA time zone name.
    TimeZone,
    /// A decimal number in digits, exact however large: `1250.00`.
    Decimal,
    /// Letters, digits and `-._~`, as codes and names of sources are written.
    Slug,
    /// Never shown and never logged.
    Secret,
}

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A typed id; its prefix.
    Id(&'static str),
    /// A text of so many characters.
    Text {
        /// The fewest characters.
        min: usize,
        /// The most characters.
        max: usize,
        /// What it looks like.
        form: Form,
    },
    /// A whole number.
    Int {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// An exact decimal number.
    Decimal,
    /// Yes or no.
    Bool,
    /// A moment: RFC 3339, UTC, six digits.
    Time,
    /// A day: `YYYY-MM-DD`.
    Date,
    /// A word of a vocabulary.
    Word(&'static Words),
    /// An object with declared members.
    Object(fn() -> &'static Object),
    /// A list of at most so many values; a [`crate::vocabulary::Set`] too.
    List {
        /// What each is.
        of: &'static Kind,
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
    },
    /// JSON of any form (the data of events).
    Json,
    /// JSON of a declared form, which goes in and out as a whole: GraphQL has no selection in it.
    Document(fn() -> &'static Object),
}

/// A declared object: the input of a verb, or a value inside a resource.
#[derive(Debug)]
pub struct Object {
    /// Its name in both faces.
    pub name: &'static str,
    /// What it is.
    pub doc: String,
    /// Its members, in order.
    pub fields: Vec<Field>,
    /// Whether exactly one of them is given.
    pub oneof: bool,
}

/// How a member may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Must be there and not null.
    Required,
    /// May be absent or null, which is the same.
    Optional,
    /// Of a patch: absent keeps, null is refused.
    Change,
    /// Of a patch: absent keeps, null clears.
    Clear,
}

/// A member of a declared object.
#[derive(Debug)]
pub struct Field {
    /// camelCase.
    pub name: String,
    /// What it means.
    pub doc: String,
    /// What it may be.
    pub kind: Kind,
    /// How it may be left out.
    pub presence: Presence,
}

/// A Rust type that is declared as an object.
pub trait Declared {
    /// The declaration.
    fn object() -> &'static Object;
}

/// Of a patch: keep what is there, clear it, or set it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// Absent.
    #[default]
    Keep,
    /// Null.
    Clear,
    /// A value.
    Set(T),
}

// By hand: the derive would ask `T: Default`.

impl<T> Patch<T> {
    /// What is there after the patch, given what `was`.
    pub fn over(self, was: Option<T>) -> Option<T> {
        match self {
            Self::Keep => was,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Patch<T> {
    // A member that is absent never comes here; serde's default makes it `Keep`.
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(d).map(|value| value.map_or(Self::Clear, Self::Set))
    }
}

/// The kind of a typed id.
#[must_use]
pub const fn id<I: TypedId>() -> Kind {
    Kind::Id(I::PREFIX)
}

/// The kind of a word.
#[must_use]
pub const fn word<E: Vocabulary>() -> Kind {
    Kind::Word(&E::WORDS)
}

/// One line of text.
#[must_use]
pub const fn line(min: usize, max: usize) -> Kind {
    Kind::Text { min, max, form: Form::Line }
}

/// Text of several lines.
#[must_use]
pub const fn prose(max: usize) -> Kind {
    Kind::Text { min: 1, max, form: Form::Prose }
}

/// Text of a certain form.
#[must_use]
pub const fn text(form: Form, min: usize, max: usize) -> Kind {
    Kind::Text { min, max, form }
}

/// A whole number in a range.
#[must_use]
pub const fn int(min: i64, max: i64) -> Kind {
    Kind::Int { min, max }
}

/// At most `max` values of one kind.
#[must_use]
pub const fn list(of: &'static Kind, max: usize) -> Kind {
    Kind::List { of, min: 0, max }
}

/// `snake_case` as `camelCase`; a word of Rust that is a name here (`r#type`) as that name.
#[must_use]
pub fn camel(snake: &str) -> String {
    let snake = snake.strip_prefix("r#").unwrap_or(snake);
    let mut out = String::with_capacity(snake.len());
    let mut raise = false;
    for letter in snake.chars() {
        if letter == '_' {
            raise = true;
        } else if raise {
            out.extend(letter.to_uppercase());
            raise = false;
        } else {
            out.push(letter);
        }
    }
    out
}

/// A declaration that is made once.
pub type Once = LazyLock<Object>;

/// Declares objects: Rust structs whose members carry their kind, so that schemas, checks and types are one text.
///
/// Each member says how it may be left out: `required`, `optional`, or in patches `change` and `clear`
/// (see [`Presence`]). Values that are stored or shown add `#[derive(Serialize)]`; stored ones that will grow add
/// `#[serde(default)]`, so that rows of before are still read. `Name oneof { … }` takes exactly one of its members.
#[macro_export]
macro_rules! object {
    ($(#[doc = $doc:literal])+ $(#[derive($($derive:path),+)])? $(#[serde($serde:ident)])? $name:ident $($oneof:ident)? { $($fields:tt)* }) => {
        $crate::object!(@struct [$(#[doc = $doc])+ $(#[derive($($derive),+)])? $(#[serde($serde)])?] $name [] $($fields)*);
        impl $crate::kind::Declared for $name {
            fn object() -> &'static $crate::kind::Object {
                static OBJECT: $crate::kind::Once = ::std::sync::LazyLock::new(|| $crate::kind::Object {
                    name: stringify!($name),
                    doc: concat!($($doc),+).trim().to_owned(),
                    fields: $crate::object!(@fields $($fields)*),
                    oneof: false $(|| stringify!($oneof) == "oneof")?,
                });
                &OBJECT
            }
        }
    };

    (@fields $($(#[doc = $doc:literal])+ $presence:ident $field:ident : $ty:ty = $kind:expr,)*) => {
        vec![$($crate::kind::Field {
            name: $crate::kind::camel(stringify!($field)),
            doc: concat!($($doc),+).trim().to_owned(),
            kind: $kind,
            presence: $crate::object!(@presence $presence),
        },)*]
    };

    (@presence required) => { $crate::kind::Presence::Required };
    (@presence optional) => { $crate::kind::Presence::Optional };
    (@presence change) => { $crate::kind::Presence::Change };
    (@presence clear) => { $crate::kind::Presence::Clear };

    // The struct, a member at a time: only members that may be absent have a default.
    (@struct [$($head:tt)+] $name:ident [$($done:tt)*] $(#[doc = $doc:literal])+ required $field:ident : $ty:ty = $kind:expr, $($rest:tt)*) => {
        $crate::object!(@struct [$($head)+] $name [$($done)* $(#[doc = $doc])+ pub $field: $ty,] $($rest)*);
    };
    (@struct [$($head:tt)+] $name:ident [$($done:tt)*] $(#[doc = $doc:literal])+ clear $field:ident : $ty:ty = $kind:expr, $($rest:tt)*) => {
        $crate::object!(@struct [$($head)+] $name [$($done)* $(#[doc = $doc])+ #[serde(default)] pub $field: $crate::kind::Patch<$ty>,] $($rest)*);
    };
    (@struct [$($head:tt)+] $name:ident [$($done:tt)*] $(#[doc = $doc:literal])+ $presence:ident $field:ident : $ty:ty = $kind:expr, $($rest:tt)*) => {
        $crate::object!(@struct [$($head)+] $name [$($done)* $(#[doc = $doc])+ #[serde(default)] pub $field: Option<$ty>,] $($rest)*);
    };
    (@struct [$($head:tt)+] $name:ident [$($done:tt)*]) => {
        #[derive(Clone, Debug, ::serde::Deserialize)]
        $($head)+
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name { $($done)* }
    };
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "declared objects are public wherever they stand")]
mod tests {
    use super::*;

    object! {
        /// A thing to try.
        Trial {
            /// Its title.
            required title: String = line(1, 5),
            /// When.
            clear due_on: String = Kind::Date,
            /// Who.
            optional who: String = Kind::Bool,
        }
    }

    #[test]
    fn absent_null_and_value_are_three_things() {
        let read = |text: &str| {
            let trial = serde_json::from_str::<Trial>(text)?;
            assert_eq!((trial.title.as_str(), trial.who), ("a", None));
            serde_json::Result::Ok(trial.due_on)
        };
        assert_eq!(read(r#"{"title":"a"}"#).unwrap(), Patch::Keep);
        assert_eq!(read(r#"{"title":"a","dueOn":null,"who":null}"#).unwrap(), Patch::Clear);
        assert_eq!(read(r#"{"title":"a","dueOn":"x"}"#).unwrap(), Patch::Set("x".to_owned()));
        assert!(read(r#"{"title":"a","other":1}"#).is_err());
        assert_eq!(Trial::object().fields[1].name, "dueOn");
        assert_eq!(Trial::object().doc, "A thing to try.");
    }
}
