//! Durations of ISO 8601, as whole minutes.

/// How many hundredths of a second a unit has. A month has 30 days here, and a year 365: nothing that is learnt takes
/// so long that it matters.
const DATE: [(char, u128); 4] = [('Y', 365 * DAY), ('M', 30 * DAY), ('W', 7 * DAY), ('D', DAY)];
const TIME: [(char, u128); 3] = [('H', 60 * MINUTE), ('M', MINUTE), ('S', 100)];
const DAY: u128 = 24 * 60 * MINUTE;
const MINUTE: u128 = 6000;

/// The minutes of a duration, begun ones counted; nothing for what is none.
pub(super) fn minutes(text: &str) -> Option<i64> {
    let text = text.strip_prefix('P')?;
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time).filter(|time| !time.is_empty())?),
        None => (text, ""),
    };
    // Weeks stand alone.
    if text.is_empty() || (date.contains('W') && (date.find('W') != Some(date.len() - 1) || !time.is_empty())) {
        return None;
    }
    let (days, fraction) = summed(date, &DATE)?;
    if fraction && !time.is_empty() {
        return None;
    }
    let (hours, _) = summed(time, &TIME)?;
    i64::try_from((days + hours).div_ceil(MINUTE)).ok()
}

/// The hundredths of numbers with their units, each unit at most once and in this order, and whether the last had a
/// fraction: only the last may.
fn summed(mut text: &str, units: &[(char, u128)]) -> Option<(u128, bool)> {
    let (mut sum, mut left, mut fraction) = (0_u128, units, false);
    while !text.is_empty() {
        let end = text.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, rest) = text.split_at(end);
        let unit = rest.chars().next()?;
        let place = left.iter().position(|(known, _)| *known == unit)?;
        if fraction {
            return None;
        }
        let (whole, part) = match number.split_once(['.', ',']) {
            Some((whole, part)) => (whole, Some(part)),
            None => (number, None),
        };
        fraction = part.is_some();
        sum += digits(whole)? * left[place].1;
        if let Some(part) = part {
            sum += fractional(part, left[place].1)?;
        }
        left = &left[place + 1..];
        text = &rest[1..];
    }
    Some((sum, fraction))
}

/// So many digits that nothing overflows.
fn digits(text: &str) -> Option<u128> {
    let fits = (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// A fraction of a unit, rounded up: what has begun counts.
fn fractional(part: &str, unit: u128) -> Option<u128> {
    if part.is_empty() || part.len() > 100 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let told = &part[..part.len().min(15)];
    let scale = 10_u128.pow(u32::try_from(told.len()).ok()?);
    let beyond = u128::from(part[told.len()..].bytes().any(|byte| byte != b'0'));
    Some((digits(told)? * unit + beyond).div_ceil(scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begun_minutes_count() {
        for (text, expected) in [
            ("PT0S", 0),
            ("PT1S", 1),
            ("PT0.001S", 1),
            ("PT60S", 1),
            ("PT60.01S", 2),
            ("PT1H30M", 90),
            ("PT5400S", 90),
            ("P1DT2H3M4.5S", 1564),
            ("P1D", 1440),
            ("P2W", 20_160),
            ("P1M", 43_200),
            ("P1Y", 525_600),
            ("PT1,5H", 90),
            ("P0.5D", 720),
            ("PT0.0000000000000000000000000000001S", 1),
        ] {
            assert_eq!(minutes(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_none() {
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "1D",
            "PT1",
            "P1S",
            "PT1D",
            "-PT1S",
            "P-1D",
            "PT1S1M",
            "PT1M1M",
            "P1DT",
            "P1W1D",
            "P1WT1H",
            "PT1.5M1S",
            "P0.5DT1H",
            "PT.5S",
            "PT1.S",
            "pt1s",
            "PT 1S",
            "PT1e3S",
            "PT9999999999999999S",
            "PT１S",
            "PTS",
            "PT1é",
        ] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }
}
