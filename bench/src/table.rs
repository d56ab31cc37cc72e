//! The report as a person reads it.

use std::fmt::{self, Write};

use crate::edge::Report;
use crate::measure::First;
use crate::statistics::Spread;
use crate::summary::{LoadResult, Start};

/// The most that our bundle should have, gzipped.
const BUNDLE_TARGET_KIB: f64 = 450.0;
/// As much of a processor may other work take without a word.
const QUIET: f64 = 0.1;
/// The most times a peer's cold start that ours should take.
const START_TARGET: f64 = 1.5;

pub(crate) fn render(report: &Report) -> Result<String, fmt::Error> {
    let mut text = String::new();
    loads(&mut text, &report.loads)?;
    starts(&mut text, &report.starts)?;
    comparisons(&mut text, &report.loads)?;
    start_targets(&mut text, &report.starts)?;
    other_work(&mut text, report)?;
    Ok(text)
}

fn loads(text: &mut String, loads: &[LoadResult]) -> fmt::Result {
    writeln!(
        text,
        "{:<9}{:<22}{:>22}{:>9}{:>9}{:>20}{:>9}{:>10}",
        "load", "server", "requests/s", "p50 ms", "p99 ms", "CPU µs/request", "RSS MiB", "peak MiB"
    )?;
    for load in loads {
        let names = [load.load].into_iter().chain(std::iter::repeat(""));
        for (name, series) in names.zip(&load.servers) {
            writeln!(
                text,
                "{name:<9}{:<22}{:>22}{:>9.2}{:>9.2}{:>20}{:>9.0}{:>10.0}",
                series.server,
                with_range(series.requests_per_second, 0),
                series.p50_us.median / 1e3,
                series.p99_us.median / 1e3,
                with_range(series.cpu_us_per_request, 0),
                series.resident_kib.median / 1024.0,
                series.peak_kib.median / 1024.0,
            )?;
        }
    }
    Ok(())
}

fn starts(text: &mut String, starts: &[Start]) -> fmt::Result {
    writeln!(
        text,
        "\n{:<22}{:>12}{:>14}{:>26}{:>26}",
        "server", "bundle KiB", "gzipped KiB", "start to health ms", "start to secured ms"
    )?;
    for start in starts {
        let shown = |spread: Option<Spread>| spread.map_or_else(|| "-".to_owned(), |spread| with_range(spread, 0));
        writeln!(
            text,
            "{:<22}{:>12.0}{:>14.0}{:>26}{:>26}",
            start.server,
            in_kib(start.size.raw),
            in_kib(start.size.gzipped),
            shown(start.health_ms),
            shown(start.secured_ms),
        )?;
    }
    Ok(())
}

/// Ours beside the better peer and beside the target, load by load.
fn comparisons(text: &mut String, loads: &[LoadResult]) -> fmt::Result {
    writeln!(
        text,
        "\nours, × the better peer (above 1 is better; medians of rounds with their range, and best round against best)"
    )?;
    writeln!(
        text,
        "{:<18}{:>22}{:>22}{:>11}{:>10}",
        "", "requests/s", "CPU/request", "CPU, best", "target"
    )?;
    for load in loads {
        let (Some(rate), Some(cpu)) = (&load.requests_per_second, &load.cpu_per_request) else {
            continue;
        };
        let target = load
            .target
            .map_or_else(|| "none".to_owned(), |target| format!("≥ {target:.1}"));
        let peers = if rate.peer == cpu.peer {
            rate.peer.clone()
        } else {
            format!("{} and {}", rate.peer, cpu.peer)
        };
        let verdict = load.target.map_or("", |target| {
            verdict(rate.ratio.median >= target, cpu.ratio.median >= target)
        });
        writeln!(
            text,
            "{:<18}{:>22}{:>22}{:>11.2}{target:>10}  {verdict}  (peer: {peers})",
            load.load,
            with_range(rate.ratio, 2),
            with_range(cpu.ratio, 2),
            cpu.of_best_rounds,
        )?;
    }
    Ok(())
}

/// Of size and start the least is best, so what the target names is a most.
fn start_targets(text: &mut String, starts: &[Start]) -> fmt::Result {
    let Some((ours, peers)) = starts.split_first() else {
        return Ok(());
    };
    let mut line = |name: &str, shown: String, target: String, met: bool| {
        let verdict = verdict(met, met);
        writeln!(text, "{name:<18}{shown:>55}{:>10}  {verdict}", format!("≤ {target}"))
    };
    for first in [First::Health, First::Secured] {
        let (name, value): (_, fn(&Start) -> Option<Spread>) = match first {
            First::Health => ("start to health", |start| start.health_ms),
            First::Secured => ("start to secured", |start| start.secured_ms),
        };
        let fastest = peers.iter().filter_map(value).map(|spread| spread.median);
        // Each load asks for one of the two first, so with few loads there is but one.
        let (Some(ours), Some(fastest)) = (value(ours), fastest.reduce(f64::min)) else {
            continue;
        };
        let times = ours.median / fastest;
        let shown = format!("{times:.2} × the time");
        line(name, shown, format!("{START_TARGET:.1}"), times <= START_TARGET)?;
    }
    let gzipped = in_kib(ours.size.gzipped);
    let shown = format!("{gzipped:.1} KiB gzipped");
    line(
        "bundle",
        shown,
        format!("{BUNDLE_TARGET_KIB:.0}"),
        gzipped <= BUNDLE_TARGET_KIB,
    )
}

/// Says so when the numbers are not to be trusted much.
fn other_work(text: &mut String, report: &Report) -> fmt::Result {
    let series = report.loads.iter().flat_map(|load| &load.servers);
    let all = series.flat_map(|series| series.rounds.iter().map(|round| round.other_work));
    match Spread::of(all) {
        Some(spread) if spread.max > QUIET => writeln!(
            text,
            "\nother work on this machine took {} of its {} processors meanwhile: numbers may be far off",
            with_range(spread, 2),
            report.machine.processors
        ),
        _ => Ok(()),
    }
}

/// Whether the target is met: processor time counts, as requests per second also hang on whatever else runs.
fn verdict(by_rate: bool, by_cpu: bool) -> &'static str {
    match (by_rate, by_cpu) {
        (true, true) => "met",
        (false, false) => "MISSED",
        (false, true) => "met (by CPU, which counts; missed by requests/s)",
        (true, false) => "MISSED (by CPU, which counts; met by requests/s)",
    }
}

/// `1.52 (1.40..1.60)`: the median and the range.
fn with_range(spread: Spread, digits: usize) -> String {
    let Spread { median, min, max } = spread;
    format!("{median:.digits$} ({min:.digits$}..{max:.digits$})")
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files, far below 2^52")]
fn in_kib(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Load;
    use crate::machine::Machine;
    use crate::size::Size;
    use crate::summary::tests::series;

    /// Ours does 1.5 times the requests per second of its peer, at half the processor time.
    fn report(disturbed: f64) -> Report {
        let mut ours = series("ours", &[(3_000.0, 200.0)]);
        ours.rounds[0].other_work = disturbed;
        let loads = vec![LoadResult::new(
            Load::Turn,
            vec![ours, series("peer", &[(2_000.0, 400.0)])],
        )];
        let size = |kib: usize| Size {
            raw: 2 * kib * 1024,
            gzipped: kib * 1024,
        };
        Report {
            date: 0,
            machine: Machine {
                processor: String::new(),
                processors: 2,
                kernel: String::new(),
            },
            versions: serde_json::Value::Null,
            rounds: 1,
            seconds: 1.0,
            connections: 8,
            starts: vec![
                Start::new("ours", size(500), &loads),
                Start::new("peer", size(15), &loads),
            ],
            loads,
        }
    }

    fn line<'t>(text: &'t str, start: &str) -> &'t str {
        text.lines().rfind(|line| line.starts_with(start)).unwrap()
    }

    #[test]
    fn targets_are_judged_beside_the_ratios() {
        let text = render(&report(0.0)).unwrap();
        let turn = line(&text, "turn");
        assert!(
            turn.contains("1.50 (1.50..1.50)") && turn.contains("2.00 (2.00..2.00)"),
            "{turn}"
        );
        assert!(turn.contains("≥ 1.5  met  (peer: peer)"), "{turn}");
        assert!(line(&text, "start to secured").ends_with("met"), "{text}");
        assert!(line(&text, "bundle").ends_with("MISSED"), "{text}");
        // No load here begins with /health.
        assert!(!text.contains("start to health  "), "{text}");
    }

    #[test]
    fn where_rate_and_processor_time_disagree_the_latter_counts() {
        assert!(verdict(false, true).starts_with("met"));
        assert!(verdict(true, false).starts_with("MISSED"));
    }

    #[test]
    fn other_work_is_told_only_where_there_was_some() {
        assert!(!render(&report(0.05)).unwrap().contains("other work"));
        assert!(render(&report(0.5)).unwrap().contains("other work"));
    }
}
