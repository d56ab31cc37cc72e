//! From rounds to what they say: medians with their spread, and ours beside the better peer.

use serde::Serialize;

use crate::load::Load;
use crate::measure::{First, Measurement};
use crate::size::Size;
use crate::statistics::{Spread, ratios};

/// All rounds of one server under one load.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Series {
    pub(crate) server: String,
    pub(crate) requests_per_second: Spread,
    pub(crate) p50_us: Spread,
    pub(crate) p99_us: Spread,
    pub(crate) cpu_us_per_request: Spread,
    pub(crate) resident_kib: Spread,
    pub(crate) peak_kib: Spread,
    pub(crate) rounds: Vec<Measurement>,
}

impl Series {
    /// Nothing if there were no rounds.
    pub(crate) fn new(server: &str, rounds: Vec<Measurement>) -> Option<Self> {
        let spread = |value: fn(&Measurement) -> f64| Spread::of(rounds.iter().map(value));
        Some(Self {
            server: server.to_owned(),
            requests_per_second: spread(|round| round.requests_per_second)?,
            p50_us: spread(|round| f64::from(round.p50_us))?,
            p99_us: spread(|round| f64::from(round.p99_us))?,
            cpu_us_per_request: spread(|round| round.cpu_us_per_request)?,
            resident_kib: spread(|round| round.resident_kib)?,
            peak_kib: spread(|round| round.peak_kib)?,
            rounds,
        })
    }
}

/// One load: every server's rounds, ours first.
#[derive(Debug, Serialize)]
pub(crate) struct LoadResult {
    pub(crate) load: &'static str,
    pub(crate) target: Option<f64>,
    pub(crate) servers: Vec<Series>,
    pub(crate) requests_per_second: Option<Comparison>,
    pub(crate) cpu_per_request: Option<Comparison>,
}

/// How many times as good ours is as the best peer; above 1 ours is better, whatever is compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Comparison {
    pub(crate) peer: String,
    pub(crate) ratio: Spread,
    /// Ours in its best round against the peer in its best round: what other work on the machine disturbs least.
    pub(crate) of_best_rounds: f64,
}

impl LoadResult {
    pub(crate) fn new(load: Load, servers: Vec<Series>) -> Self {
        Self {
            load: load.name(),
            target: load.target(),
            requests_per_second: compare(
                &servers,
                |series| series.requests_per_second,
                |round| round.requests_per_second,
                Better::More,
            ),
            cpu_per_request: compare(
                &servers,
                |series| series.cpu_us_per_request,
                |round| round.cpu_us_per_request,
                Better::Less,
            ),
            servers,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Better {
    More,
    Less,
}

/// The best peer is the one with the best median, for all rounds the same.
fn compare(
    servers: &[Series],
    spread: fn(&Series) -> Spread,
    value: fn(&Measurement) -> f64,
    better: Better,
) -> Option<Comparison> {
    let (ours, peers) = servers.split_first()?;
    let by_median = |left: &&Series, right: &&Series| spread(left).median.total_cmp(&spread(right).median);
    let values = |series: &Series| series.rounds.iter().map(value).collect::<Vec<_>>();
    let (peer, ratio, of_best_rounds) = match better {
        Better::More => {
            let peer = peers.iter().max_by(by_median)?;
            let best = spread(ours).max / spread(peer).max;
            (peer, ratios(&values(ours), &values(peer))?, best)
        }
        Better::Less => {
            let peer = peers.iter().min_by(by_median)?;
            let best = spread(peer).min / spread(ours).min;
            (peer, ratios(&values(peer), &values(ours))?, best)
        }
    };
    Some(Comparison {
        peer: peer.server.clone(),
        ratio,
        of_best_rounds,
    })
}

/// What a server is before it is asked anything: how large, and how quickly there. In bytes and milliseconds.
#[derive(Debug, Serialize)]
pub(crate) struct Start {
    pub(crate) server: String,
    pub(crate) size: Size,
    pub(crate) health_ms: Option<Spread>,
    pub(crate) secured_ms: Option<Spread>,
}

impl Start {
    /// Every measurement began with a start, so all of them are asked.
    pub(crate) fn new(server: &str, size: Size, loads: &[LoadResult]) -> Self {
        let spread = |first: First| {
            let series = loads.iter().flat_map(|load| &load.servers);
            let rounds = series
                .filter(|series| series.server == server)
                .flat_map(|series| &series.rounds);
            Spread::of(
                rounds
                    .filter(|round| round.first_asked == first)
                    .map(|round| round.first_answer_ms),
            )
        };
        Self {
            server: server.to_owned(),
            size,
            health_ms: spread(First::Health),
            secured_ms: spread(First::Secured),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn round(requests_per_second: f64, cpu_us_per_request: f64) -> Measurement {
        Measurement {
            requests: 1_000,
            seconds: 1.0,
            requests_per_second,
            p50_us: 1_500,
            p99_us: 4_000,
            cpu_us_per_request,
            generator_cpu_us_per_request: 20.0,
            other_work: 0.0,
            resident_kib: 70_000.0,
            peak_kib: 80_000.0,
            first_asked: First::Secured,
            first_answer_ms: 60.0,
        }
    }

    pub(crate) fn series(server: &str, rounds: &[(f64, f64)]) -> Series {
        let rounds = rounds.iter().map(|(rate, cpu)| round(*rate, *cpu)).collect();
        Series::new(server, rounds).unwrap()
    }

    #[test]
    fn ours_is_compared_with_the_better_peer_of_each_kind() {
        let servers = vec![
            series("ours", &[(3_000.0, 200.0), (3_300.0, 220.0)]),
            series("quick", &[(2_000.0, 450.0), (2_200.0, 450.0)]),
            series("thrifty", &[(1_000.0, 400.0), (1_100.0, 400.0)]),
        ];
        let result = LoadResult::new(Load::New, servers);
        let rate = result.requests_per_second.unwrap();
        assert_eq!((rate.peer.as_str(), rate.ratio.median), ("quick", 1.5));
        let cpu = result.cpu_per_request.unwrap();
        assert_eq!((cpu.peer.as_str(), cpu.ratio.max), ("thrifty", 2.0));
        assert_eq!((rate.of_best_rounds, cpu.of_best_rounds), (1.5, 2.0));
    }

    #[test]
    fn a_series_needs_a_round() {
        assert!(Series::new("ours", vec![]).is_none());
    }

    #[test]
    fn without_peers_there_is_nothing_to_compare() {
        let result = LoadResult::new(Load::New, vec![series("ours", &[(1.0, 1.0)])]);
        assert_eq!(result.requests_per_second, None);
    }

    #[test]
    fn starts_are_told_apart_by_what_was_asked_first() {
        let loads = [LoadResult::new(Load::New, vec![series("ours", &[(1.0, 1.0)])])];
        let start = Start::new("ours", Size { raw: 1, gzipped: 1 }, &loads);
        assert_eq!(start.secured_ms.map(|spread| spread.median), Some(60.0));
        assert_eq!(start.health_ms, None);
    }
}
