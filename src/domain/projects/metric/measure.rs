//! What observations tell of a metric: pure functions, in whole numbers, so that everybody computes the same (§11).
//!
//! The method is a stated, simple one. A trend is the straight line of least squares through the last
//! [`POINTS`] observations, by the minute; a projection is where that line is at a moment ahead. No season, no weights and no
//! confidence: whoever needs these has them where the metric comes from.

use chrono::{DateTime, Utc};
use entity::{
    decimal::Decimal,
    projects::metric::{MetricDirection, MetricTrend},
};

use crate::domain::error::{Code, Error, Result};

/// How many observations a trend looks at, the latest ones.
pub const POINTS: usize = 10;
/// How far an attainment is told, in percent, either way.
pub const FURTHEST: i64 = 1_000_000;

/// What a metric aims at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aim {
    /// Which way it is to go.
    pub direction: MetricDirection,
    /// Where it began.
    pub baseline: Option<Decimal>,
    /// Where it is to go.
    pub target: Decimal,
}

/// What a metric was at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub value: Decimal,
}

impl Aim {
    /// Refuses what cannot be aimed at: a target where it begins already, or on the other side.
    ///
    /// # Errors
    /// `METRIC_TARGET_EQUALS_BASELINE`, `METRIC_TARGET_AGAINST_DIRECTION`.
    pub fn check(self) -> Result<()> {
        let Some(baseline) = self.baseline else { return Ok(()) };
        if self.target == baseline {
            let why = "The target is where the metric begins: nothing is left to reach.";
            return Err(Error::field(Code::MetricTargetEqualsBaseline, "/target", why));
        }
        if (self.target > baseline) != (self.direction == MetricDirection::Up) {
            let why = format!("From {baseline} to {} is the other way than {}.", self.target, self.direction);
            return Err(Error::field(Code::MetricTargetAgainstDirection, "/target", why));
        }
        Ok(())
    }

    /// Whether a value reaches the target, or is beyond it.
    #[must_use]
    pub fn met(self, value: Decimal) -> bool {
        match self.direction {
            MetricDirection::Up => value >= self.target,
            MetricDirection::Down => value <= self.target,
        }
    }

    /// How much of the way from the baseline to the target has been gone, in whole percent, rounded down: below 0 when it
    /// went the other way, above 100 when it went beyond. Without a baseline there is no way to measure.
    #[must_use]
    pub fn attainment(self, value: Decimal) -> Option<i64> {
        let begin = i128::from(self.baseline?.millionths());
        let (way, gone) = (i128::from(self.target.millionths()) - begin, i128::from(value.millionths()) - begin);
        // Both are turned so that the way is positive: the quotient is rounded down then.
        let percent = (gone * 100 * way.signum()).checked_div_euclid(way.abs())?;
        i64::try_from(percent.clamp(-i128::from(FURTHEST), i128::from(FURTHEST))).ok()
    }

    /// Which way it has gone over its latest observations: it is steady when the line moved by no more than a hundredth of
    /// the way from the baseline to the target, or of the target where there is no baseline.
    #[must_use]
    pub fn trend(self, points: &[Point]) -> Option<MetricTrend> {
        let line = Line::through(points)?;
        let way = i128::from(self.target.millionths()) - self.baseline.map_or(0, |from| from.millionths().into());
        let towards = if self.direction == MetricDirection::Up { 1 } else { -1 };
        let moved = line.rise.checked_mul(line.length)?.checked_mul(100 * towards)?;
        let enough = line.run.checked_mul(way.abs())?;
        Some(match moved {
            moved if moved > enough => MetricTrend::Improving,
            moved if moved < -enough => MetricTrend::Worsening,
            _ => MetricTrend::Steady,
        })
    }
}

/// Where the line through the latest observations is at a moment; nothing when they tell no line, or when it leaves what can
/// be told.
#[must_use]
pub fn projected(points: &[Point], at: DateTime<Utc>) -> Option<Decimal> {
    Line::through(points)?.at(at)
}

/// The straight line of least squares: `rise / run` per minute, through the middle of all points.
struct Line {
    /// The moment that minutes are counted from.
    from: DateTime<Utc>,
    count: i128,
    /// The sums of the minutes and of the values.
    minutes: i128,
    values: i128,
    rise: i128,
    run: i128,
    /// How many minutes lie between the first and the last.
    length: i128,
}

impl Line {
    /// The line through the latest of the points; it takes observations at two moments at least.
    fn through(points: &[Point]) -> Option<Self> {
        let mut latest: Vec<Point> = points.to_vec();
        latest.sort_by_key(|point| point.at);
        let latest = &latest[latest.len().saturating_sub(POINTS)..];
        let from = latest.first()?.at;
        let (mut minutes, mut values, mut squares, mut products) = (0_i128, 0_i128, 0_i128, 0_i128);
        for point in latest {
            let (t, v) = (i128::from((point.at - from).num_minutes()), i128::from(point.value.millionths()));
            minutes += t;
            values += v;
            squares += t * t;
            products += t * v;
        }
        let count = i128::try_from(latest.len()).ok()?;
        let run = count * squares - minutes * minutes;
        let length = i128::from((latest.last()?.at - from).num_minutes());
        (run > 0).then_some(Self {
            from,
            count,
            minutes,
            values,
            rise: count * products - minutes * values,
            run,
            length,
        })
    }

    /// Where it is at a moment, rounded to the nearest millionth.
    fn at(&self, at: DateTime<Utc>) -> Option<Decimal> {
        let minute = i128::from((at - self.from).num_minutes());
        let from_middle = self.count.checked_mul(minute)?.checked_sub(self.minutes)?;
        let risen = self.rise.checked_mul(from_middle)?;
        let whole = self.values.checked_mul(self.run)?.checked_add(risen)?.checked_mul(2)?;
        let parts = self.count.checked_mul(self.run)?;
        Decimal::of_millionths(whole.checked_add(parts)?.div_euclid(parts.checked_mul(2)?))
    }
}

/// A value that was reckoned, as it is said to people: with one digit more than what it was reckoned from, and no finer.
#[must_use]
pub fn for_people(value: Decimal, known: impl IntoIterator<Item = Decimal>) -> Decimal {
    value.rounded(known.into_iter().map(Decimal::digits).max().unwrap_or(0) + 1)
}

#[cfg(test)]
mod tests {
    use chrono::{Days, TimeDelta};
    use entity::{
        projects::metric::MetricDirection::{Down, Up},
        vocabulary::Vocabulary as _,
    };

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn aim(direction: MetricDirection, baseline: &str, target: &str) -> Aim {
        Aim { direction, baseline: baseline.parse().ok(), target: decimal(target) }
    }

    /// Values a day apart.
    fn daily(values: &[&str]) -> Vec<Point> {
        let first: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
        let point = |(day, value): (usize, &&str)| Point { at: first + Days::new(day as u64), value: decimal(value) };
        values.iter().enumerate().map(point).collect()
    }

    fn on_day(day: u64) -> DateTime<Utc> {
        "2026-03-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + Days::new(day)
    }

    #[test]
    fn a_target_lies_ahead() {
        for (direction, baseline, target, said) in [
            (Up, "0.8", "0.9", None),
            (Down, "0.9", "0.8", None),
            (Up, "", "-5", None),
            (Up, "0.9", "0.90", Some("METRIC_TARGET_EQUALS_BASELINE")),
            (Down, "0", "-0", Some("METRIC_TARGET_EQUALS_BASELINE")),
            (Up, "0.9", "0.8", Some("METRIC_TARGET_AGAINST_DIRECTION")),
            (Down, "-2", "-1.999999", Some("METRIC_TARGET_AGAINST_DIRECTION")),
        ] {
            let told = aim(direction, baseline, target).check().err().map(|error| error.code().as_str());
            assert_eq!(told, said, "{direction} {baseline} {target}");
        }
    }

    #[test]
    fn attainment_is_of_the_way_from_the_baseline_to_the_target() {
        for (direction, baseline, target, value, percent, met) in [
            (Up, "0.8", "0.9", "0.8", Some(0), false),
            (Up, "0.8", "0.9", "0.85", Some(50), false),
            (Up, "0.8", "0.9", "0.899999", Some(99), false),
            (Up, "0.8", "0.9", "0.9", Some(100), true),
            (Up, "0.8", "0.9", "1", Some(200), true),
            (Up, "0.8", "0.9", "0.7999", Some(-1), false),
            (Up, "-10", "10", "0", Some(50), false),
            (Down, "200", "100", "200", Some(0), false),
            (Down, "200", "100", "150", Some(50), false),
            (Down, "200", "100", "100.000001", Some(99), false),
            (Down, "200", "100", "100", Some(100), true),
            (Down, "200", "100", "50", Some(150), true),
            (Down, "200", "100", "250.5", Some(-51), false),
            (Up, "", "0.9", "0.95", None, true),
            (Up, "", "0.9", "0.85", None, false),
            (Up, "0", "0.000001", "999999999999.999999", Some(FURTHEST), true),
            (Up, "0", "0.000001", "-999999999999.999999", Some(-FURTHEST), false),
        ] {
            let (aim, value) = (aim(direction, baseline, target), decimal(value));
            assert_eq!((aim.attainment(value), aim.met(value)), (percent, met), "{aim:?} {value}");
        }
        // A row of before the rule, whose target is its baseline, is measured by nobody.
        assert_eq!(aim(Up, "1", "1").attainment(decimal("2")), None);
    }

    #[test]
    fn a_trend_is_a_line() {
        let up = aim(Up, "0", "100");
        for (aim, values, told) in [
            (up, vec![], None),
            (up, vec!["5"], None),
            (up, vec!["5", "6.1"], Some("IMPROVING")),
            (up, vec!["5", "6"], Some("STEADY")),
            (up, vec!["5", "5"], Some("STEADY")),
            (up, vec!["6.1", "5"], Some("WORSENING")),
            (up, vec!["10", "30", "20", "40"], Some("IMPROVING")),
            (aim(Down, "100", "0"), vec!["10", "30", "20", "40"], Some("WORSENING")),
            (aim(Down, "100", "0"), vec!["40", "20", "30", "10"], Some("IMPROVING")),
            (aim(Up, "", "100"), vec!["5", "7"], Some("IMPROVING")),
            // What was long ago is not looked at.
            (up, vec!["900", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"], Some("IMPROVING")),
        ] {
            assert_eq!(aim.trend(&daily(&values)).map(MetricTrend::word), told, "{values:?}");
        }
        // Two observations of one minute tell no line.
        let twice = [Point { at: on_day(0), value: decimal("1") }, Point { at: on_day(0), value: decimal("2") }];
        assert_eq!(up.trend(&twice), None);
    }

    #[test]
    fn people_are_told_no_finer_than_was_measured() {
        for (value, known, told) in [
            ("5.144023", vec!["60", "12"], "5.1"),
            ("0.914285", vec!["0.9", "0.85"], "0.914"),
            ("7", vec!["60"], "7"),
            ("7.26", vec![], "7.3"),
        ] {
            assert_eq!(for_people(decimal(value), known.into_iter().map(decimal)), decimal(told));
        }
    }

    #[test]
    fn a_projection_goes_on_as_the_line_does() {
        for (values, day, told) in [
            (vec!["1", "2", "3"], 9, Some("10")),
            (vec!["3", "2", "1"], 9, Some("-6")),
            (vec!["1", "1"], 400, Some("1")),
            (vec!["0.1", "0.2"], 2, Some("0.3")),
            // The middle of 0, 1, 1 rises by a half a day: 0.666667 + 0.5 × 2.
            (vec!["0", "1", "1"], 3, Some("1.666667")),
            (vec!["1"], 9, None),
            (vec![], 9, None),
            (vec!["0", "999999999999"], 2, None),
        ] {
            let told = told.map(decimal);
            assert_eq!(projected(&daily(&values), on_day(day)), told, "{values:?} on day {day}");
        }
        let mut backwards = daily(&["1", "2", "3"]);
        backwards.reverse();
        assert_eq!(projected(&backwards, on_day(9)), Some(decimal("10")), "whatever their order");
        // Nothing overflows: what cannot be told is not told.
        let far = [("1900-01-01T00:00:00Z", "-999999999999"), ("2100-01-01T00:00:00Z", "999999999999")];
        let far = far.map(|(at, value)| Point { at: at.parse().unwrap(), value: decimal(value) });
        assert_eq!(projected(&far, "9999-12-31T00:00:00Z".parse().unwrap()), None);
        assert!(projected(&far, far[1].at + TimeDelta::minutes(-1)).is_some());
    }
}
