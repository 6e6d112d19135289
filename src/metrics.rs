//! What Prometheus asks for: how many requests, how long, how many at once, and whether the database is there.

use std::time::Duration;

use prometheus::{
    Encoder as _, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
    core::Collector,
};

/// The media type of the exposition.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
/// The upper bounds of the histogram, in seconds: from a read by id to a deadline.
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
const LABELS: &[&str] = &["method", "route", "status"];

/// The metrics of an instance.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    duration: HistogramVec,
    in_flight: IntGauge,
    database_up: IntGauge,
}

/// A request that is being answered: counted as long as this lives.
#[derive(Debug)]
pub struct InFlight(IntGauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// Metrics that start at zero.
    ///
    /// # Errors
    /// Never, for the names that stand here.
    pub fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let info = Opts::new("cairn_build_info", "The version that runs; always 1.");
        let info = registered(&registry, IntGaugeVec::new(info, &["version"])?)?;
        info.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        let requests = Opts::new("http_requests_total", "Requests that were answered, by method, route and status.");
        let duration = HistogramOpts::new("http_request_duration_seconds", "How long answers took to begin.");
        Ok(Self {
            requests: registered(&registry, IntCounterVec::new(requests, LABELS)?)?,
            duration: registered(&registry, HistogramVec::new(duration.buckets(BUCKETS.to_vec()), LABELS)?)?,
            in_flight: registered(
                &registry,
                IntGauge::new("http_requests_in_flight", "Requests being answered now.")?,
            )?,
            database_up: registered(&registry, IntGauge::new("cairn_database_up", "Whether the database answers.")?)?,
            registry,
        })
    }

    /// A request has come.
    #[must_use]
    pub fn begun(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// A request has been answered. `route` is the pattern that matched, never the path: its values are without end.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let status = status.to_string();
        let labels = &[method, route, &status];
        self.requests.with_label_values(labels).inc();
        self.duration.with_label_values(labels).observe(took.as_secs_f64());
    }

    /// The exposition.
    ///
    /// # Errors
    /// Never, for the metrics that stand here.
    pub fn text(&self, database_up: bool) -> prometheus::Result<Vec<u8>> {
        self.database_up.set(i64::from(database_up));
        let mut out = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut out)?;
        Ok(out)
    }
}

fn registered<C: Collector + Clone + 'static>(registry: &Registry, metric: C) -> prometheus::Result<C> {
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route() {
        let metrics = Metrics::new().unwrap();
        let one = metrics.begun();
        metrics.answered("GET", "/api/v1/users/{id}", 200, Duration::from_millis(3));
        let text = String::from_utf8(metrics.text(true).unwrap()).unwrap();
        for line in [
            "http_requests_total{method=\"GET\",route=\"/api/v1/users/{id}\",status=\"200\"} 1",
            "http_request_duration_seconds_bucket{method=\"GET\",route=\"/api/v1/users/{id}\",status=\"200\",le=\"0.005\"} 1",
            "http_requests_in_flight 1",
            "cairn_database_up 1",
        ] {
            assert!(text.contains(line), "{text}");
        }
        drop(one);
        assert!(String::from_utf8(metrics.text(false).unwrap()).unwrap().contains("http_requests_in_flight 0"));
    }
}
