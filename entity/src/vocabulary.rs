//! Closed vocabularies (enums) and sets of their words, with their documentation and their wire form.

use std::{fmt, marker::PhantomData};

use sea_orm::{
    ColIdx, DbErr, QueryResult, TryGetError, TryGetable,
    sea_query::{ArrayType, ColumnType, Nullable, Value, ValueType, ValueTypeErr},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One word of a vocabulary.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// `UPPER_SNAKE`, the same in both faces and in the database.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
}

/// A vocabulary as data, for the schemas.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// The type's name in both faces.
    pub name: &'static str,
    /// What the vocabulary is for.
    pub doc: &'static str,
    /// The words, in their order.
    pub words: &'static [Word],
}

/// What every vocabulary can do.
pub trait Vocabulary: Copy + Eq + fmt::Debug + Send + Sync + 'static {
    /// The vocabulary as data.
    const WORDS: Words;
    /// Every value, in the order of the words.
    const ALL: &'static [Self];
    /// The place in that order, from 0.
    fn ordinal(self) -> usize;
    /// The word of this value.
    fn word(self) -> &'static str {
        Self::WORDS.words[self.ordinal()].name
    }
    /// The value of a word.
    #[must_use]
    fn of(word: &str) -> Option<Self> {
        Self::WORDS.words.iter().position(|w| w.name == word).map(|place| Self::ALL[place])
    }
}

/// Declares a vocabulary: an enum that is its words in the database and in both faces.
///
/// Words of a vocabulary that is used in a [`Set`] are only ever appended: a set stores their order.
#[macro_export]
macro_rules! vocabulary {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $wdoc:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::sea_orm::DeriveValueType)]
        #[sea_orm(value_type = "String")]
        pub enum $name { $($(#[doc = $wdoc])+ $variant,)+ }

        impl $crate::vocabulary::Vocabulary for $name {
            const WORDS: $crate::vocabulary::Words = $crate::vocabulary::Words {
                name: stringify!($name),
                doc: concat!($($doc),+),
                words: &[$($crate::vocabulary::Word { name: $word, doc: concat!($($wdoc),+) },)+],
            };
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
            fn ordinal(self) -> usize { self as usize }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad($crate::vocabulary::Vocabulary::word(*self))
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = ::sea_orm::sea_query::ValueTypeErr;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                $crate::vocabulary::Vocabulary::of(word).ok_or(::sea_orm::sea_query::ValueTypeErr)
            }
        }
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str($crate::vocabulary::Vocabulary::word(*self))
            }
        }
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let word = ::std::borrow::Cow::<'de, str>::deserialize(d)?;
                $crate::vocabulary::Vocabulary::of(&word)
                    .ok_or_else(|| ::serde::de::Error::custom(concat!("is not a ", stringify!($name))))
            }
        }
    };
}

/// A set of words of one vocabulary: a list on the wire, a bit per word in the database.
pub struct Set<E> {
    bits: i64,
    of: PhantomData<E>,
}

impl<E: Vocabulary> Set<E> {
    /// The set without words.
    pub const EMPTY: Self = Self { bits: 0, of: PhantomData };

    /// The set that the database holds as `bits`.
    #[must_use]
    pub const fn from_bits(bits: i64) -> Self {
        Self { bits, of: PhantomData }
    }

    /// What the database holds.
    #[must_use]
    pub const fn bits(self) -> i64 {
        self.bits
    }

    /// Whether `word` is in it.
    #[must_use]
    pub fn has(self, word: E) -> bool {
        self.bits & (1 << word.ordinal()) != 0
    }

    /// The set with `word` too.
    #[must_use]
    pub fn with(self, word: E) -> Self {
        Self::from_bits(self.bits | (1 << word.ordinal()))
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self::from_bits(self.bits & other.bits)
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// The words, in the vocabulary's order.
    pub fn iter(self) -> impl Iterator<Item = E> {
        E::ALL.iter().copied().filter(move |&word| self.has(word))
    }
}

// By hand: the derives would ask the same of `E`.
impl<E> Clone for Set<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Set<E> {}
impl<E> PartialEq for Set<E> {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}
impl<E> Eq for Set<E> {}
impl<E: Vocabulary> fmt::Debug for Set<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
impl<E: Vocabulary> FromIterator<E> for Set<E> {
    fn from_iter<I: IntoIterator<Item = E>>(words: I) -> Self {
        words.into_iter().fold(Self::EMPTY, Self::with)
    }
}
impl<E: Vocabulary + Serialize> Serialize for Set<E> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.iter())
    }
}
impl<'de, E: Vocabulary + Deserialize<'de>> Deserialize<'de> for Set<E> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Vec::<E>::deserialize(d)?.into_iter().collect())
    }
}
impl<E> From<Set<E>> for Value {
    fn from(set: Set<E>) -> Self {
        Self::BigInt(Some(set.bits))
    }
}
impl<E> TryGetable for Set<E> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        i64::try_get_by(row, index).map(|bits| Self { bits, of: PhantomData })
    }
}
impl<E> ValueType for Set<E> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <i64 as ValueType>::try_from(value).map(|bits| Self { bits, of: PhantomData })
    }
    fn type_name() -> String {
        "Set".to_owned()
    }
    fn array_type() -> ArrayType {
        ArrayType::BigInt
    }
    fn column_type() -> ColumnType {
        ColumnType::BigInteger
    }
}
impl<E> Nullable for Set<E> {
    fn null() -> Value {
        Value::BigInt(None)
    }
}

/// A value kept as JSON text, written in one way, so that both databases give the same bytes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: Serialize> From<Json<T>> for Value {
    fn from(json: Json<T>) -> Self {
        Self::String(serde_json::to_string(&json.0).ok())
    }
}
impl<T: for<'de> Deserialize<'de>> TryGetable for Json<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(row, index)?;
        serde_json::from_str(&text).map(Self).map_err(|e| TryGetError::DbErr(DbErr::Json(e.to_string())))
    }
}
impl<T: for<'de> Deserialize<'de>> ValueType for Json<T> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        let text = <String as ValueType>::try_from(value)?;
        serde_json::from_str(&text).map(Self).map_err(|_| ValueTypeErr)
    }
    fn type_name() -> String {
        "Json".to_owned()
    }
    fn array_type() -> ArrayType {
        ArrayType::String
    }
    fn column_type() -> ColumnType {
        ColumnType::Text
    }
}
impl<T> Nullable for Json<T> {
    fn null() -> Value {
        Value::String(None)
    }
}
