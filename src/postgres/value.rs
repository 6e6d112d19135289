//! Values of sea-orm as PostgreSQL takes and gives them, in binary.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::Value;

use super::{
    backend::Fault,
    frontend::{Argument, EPOCH_DAYS, EPOCH_MICROS, bytes, date, null, oid, time},
};

impl Argument for Value {
    /// As sqlx declares it: a value is of its own type, whatever it is compared with.
    fn oid(&self) -> u32 {
        match self {
            Self::Bool(_) => oid::BOOL,
            Self::TinyInt(_) | Self::SmallInt(_) | Self::TinyUnsigned(_) => oid::INT2,
            Self::Int(_) | Self::SmallUnsigned(_) => oid::INT4,
            Self::BigInt(_) | Self::Unsigned(_) | Self::BigUnsigned(_) => oid::INT8,
            Self::Float(_) | Self::Double(_) => oid::FLOAT8,
            Self::Bytes(_) => oid::BYTEA,
            Self::Json(_) => oid::JSON,
            Self::ChronoDate(_) => oid::DATE,
            Self::ChronoDateTimeUtc(_) | Self::ChronoDateTimeWithTimeZone(_) | Self::ChronoDateTimeLocal(_) => {
                oid::TIMESTAMPTZ
            }
            Self::Uuid(_) => oid::UUID,
            _ => oid::TEXT,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Bool(Some(value)) => bytes(&[u8::from(*value)], out),
            Self::TinyInt(Some(value)) => bytes(&i16::from(*value).to_be_bytes(), out),
            Self::SmallInt(Some(value)) => bytes(&value.to_be_bytes(), out),
            Self::TinyUnsigned(Some(value)) => bytes(&i16::from(*value).to_be_bytes(), out),
            Self::Int(Some(value)) => bytes(&value.to_be_bytes(), out),
            Self::SmallUnsigned(Some(value)) => bytes(&i32::from(*value).to_be_bytes(), out),
            Self::BigInt(Some(value)) => bytes(&value.to_be_bytes(), out),
            Self::Unsigned(Some(value)) => bytes(&i64::from(*value).to_be_bytes(), out),
            // Limits, and counts of rows.
            Self::BigUnsigned(Some(value)) => bytes(&i64::try_from(*value).unwrap_or(i64::MAX).to_be_bytes(), out),
            Self::Float(Some(value)) => bytes(&f64::from(*value).to_be_bytes(), out),
            Self::Double(Some(value)) => bytes(&value.to_be_bytes(), out),
            Self::Bytes(Some(value)) => bytes(value, out),
            Self::Json(Some(value)) => bytes(value.to_string().as_bytes(), out),
            Self::ChronoDate(Some(value)) => date(*value, out),
            Self::ChronoDateTimeUtc(Some(value)) => time(value, out),
            Self::ChronoDateTimeWithTimeZone(Some(value)) => time(&value.to_utc(), out),
            Self::ChronoDateTimeLocal(Some(value)) => time(&value.to_utc(), out),
            Self::Uuid(Some(value)) => bytes(value.as_bytes(), out),
            Self::String(Some(value)) => bytes(value.as_bytes(), out),
            Self::Char(Some(value)) => bytes(value.to_string().as_bytes(), out),
            _ => null(out),
        }
    }
}

/// What stands in a column of a type: what no row of ours holds is refused.
pub(super) fn value(oid: u32, bytes: Option<&[u8]>) -> Result<Value, Fault> {
    Ok(match oid {
        oid::BOOL => Value::Bool(bytes.map(|bytes| number(bytes).map(|[byte]| byte != 0)).transpose()?),
        oid::INT2 => Value::SmallInt(bytes.map(|bytes| number(bytes).map(i16::from_be_bytes)).transpose()?),
        oid::INT4 => Value::Int(bytes.map(|bytes| number(bytes).map(i32::from_be_bytes)).transpose()?),
        oid::INT8 => Value::BigInt(bytes.map(|bytes| number(bytes).map(i64::from_be_bytes)).transpose()?),
        oid::FLOAT8 => Value::Double(bytes.map(|bytes| number(bytes).map(f64::from_be_bytes)).transpose()?),
        oid::BYTEA => Value::Bytes(bytes.map(<[u8]>::to_vec)),
        oid::JSON => Value::Json(bytes.map(json).transpose()?.map(Box::new)),
        // A byte that names the version stands before it.
        oid::JSONB => {
            Value::Json(bytes.map(|bytes| json(bytes.get(1..).unwrap_or_default())).transpose()?.map(Box::new))
        }
        oid::DATE => Value::ChronoDate(bytes.map(day).transpose()?),
        oid::TIMESTAMPTZ => Value::ChronoDateTimeUtc(bytes.map(moment).transpose()?),
        oid::UUID => Value::Uuid(bytes.map(number).transpose()?.map(uuid::Uuid::from_bytes)),
        // Of functions that are called for what they do.
        oid::VOID => Value::Bool(None),
        text if oid::TEXT_LIKE.contains(&text) => {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| BAD);
            Value::String(bytes.map(text).transpose()?)
        }
        _ => return Err(Fault::Odd("a column of a type that we do not use")),
    })
}

const BAD: Fault = Fault::Odd("a value that is not of its type");

fn number<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Fault> {
    bytes.try_into().map_err(|_| BAD)
}

fn json(bytes: &[u8]) -> Result<serde_json::Value, Fault> {
    serde_json::from_slice(bytes).map_err(|_| BAD)
}

/// Infinity, which nothing of ours is, does not fit.
fn day(bytes: &[u8]) -> Result<NaiveDate, Fault> {
    let days = number(bytes).map(i32::from_be_bytes)?.checked_add(EPOCH_DAYS);
    days.and_then(NaiveDate::from_epoch_days).ok_or(BAD)
}

fn moment(bytes: &[u8]) -> Result<DateTime<Utc>, Fault> {
    let micros = number(bytes).map(i64::from_be_bytes)?.checked_add(EPOCH_MICROS);
    micros.and_then(DateTime::from_timestamp_micros).ok_or(BAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes back of a value that was sent.
    fn there_and_back(sent: &Value) -> Value {
        let mut out = Vec::new();
        sent.write(&mut out);
        let length = i32::from_be_bytes(out[..4].try_into().unwrap());
        value(sent.oid(), (length >= 0).then(|| &out[4..])).unwrap()
    }

    #[test]
    fn values_come_back_as_they_went() {
        let day = NaiveDate::from_ymd_opt(1999, 12, 31).unwrap();
        let moment = DateTime::from_timestamp_micros(946_684_799_999_999).unwrap();
        for sent in [
            Value::Bool(Some(true)),
            Value::SmallInt(Some(-2)),
            Value::Int(Some(i32::MIN)),
            Value::BigInt(Some(i64::MAX)),
            Value::Double(Some(-0.5)),
            Value::String(Some("h\u{e9}".to_owned())),
            Value::Bytes(Some(vec![0, 255])),
            Value::Json(Some(Box::new(serde_json::json!({ "a": [1, null] })))),
            Value::ChronoDate(Some(day)),
            Value::ChronoDateTimeUtc(Some(moment)),
            Value::Uuid(Some(uuid::Uuid::from_u128(7))),
        ] {
            assert_eq!(there_and_back(&sent), sent);
            let none = sent.as_null();
            assert_eq!(there_and_back(&none), none);
        }
        // Those without a type of their own take the next wider one.
        assert_eq!(there_and_back(&Value::BigUnsigned(Some(u64::MAX))), Value::BigInt(Some(i64::MAX)));
        assert_eq!(there_and_back(&Value::Unsigned(Some(u32::MAX))), Value::BigInt(Some(u32::MAX.into())));
        assert_eq!(there_and_back(&Value::Char(Some('x'))), Value::String(Some("x".to_owned())));
        assert_eq!(
            there_and_back(&Value::ChronoDateTimeWithTimeZone(Some(moment.fixed_offset()))),
            Value::ChronoDateTimeUtc(Some(moment))
        );
    }

    #[test]
    fn what_no_row_of_ours_holds_is_refused() {
        assert!(value(1700, Some(&[0; 8])).is_err(), "a numeric");
        assert!(value(oid::INT8, Some(&[0; 4])).is_err());
        assert!(value(oid::TEXT_LIKE[0], Some(&[0xff])).is_err());
        for infinite in [i64::MAX, i64::MIN] {
            assert!(value(oid::TIMESTAMPTZ, Some(&infinite.to_be_bytes())).is_err());
        }
        assert!(value(oid::DATE, Some(&i32::MAX.to_be_bytes())).is_err());
    }
}
