//! The report as a person reads it.

use std::fmt::{self, Write};

use crate::statistics::Spread;
use crate::triggers::Report;
use crate::triggers::function::Side;
use crate::triggers::summary::Comparison;

/// As much of a processor may other work take without a word.
const QUIET: f64 = 0.1;

const MIB: f64 = 1024.0 * 1024.0;

pub(crate) fn render(report: &Report) -> Result<String, fmt::Error> {
    let mut text = String::new();
    sides(&mut text, &report.triggers)?;
    comparisons(&mut text, &report.triggers)?;
    for remark in &report.remarks {
        writeln!(text, "\n{remark}")?;
    }
    other_work(&mut text, report)?;
    Ok(text)
}

fn sides(text: &mut String, triggers: &[Comparison]) -> fmt::Result {
    writeln!(
        text,
        "{:<9}{:<8}{:>24}{:>20}{:>22}{:>13}{:>10}{:>12}",
        "trigger", "", "start to answer ms", "CPU ms", "warm µs", "warm p99 µs", "peak MiB", "zipped MiB"
    )?;
    for comparison in triggers {
        for (side, series) in [(Side::Ours, &comparison.ours), (Side::Peer, &comparison.peer)] {
            let name = if side == Side::Ours {
                comparison.trigger.name()
            } else {
                ""
            };
            writeln!(
                text,
                "{name:<9}{:<8}{:>24}{:>20}{:>22}{:>13.0}{:>10.1}{:>12.3}",
                side.name(),
                with_range(series.cold_ms, 1),
                with_range(series.cold_cpu_ms, 1),
                with_range(series.warm_p50_us, 0),
                series.warm_p99_us.median,
                series.peak_kib.median / 1024.0,
                mib(series.zipped),
            )?;
        }
    }
    writeln!(
        text,
        "Python's zip is its handlers alone: Lambda's own image brings the runtime and boto3."
    )
}

/// Beside the targets.
fn comparisons(text: &mut String, triggers: &[Comparison]) -> fmt::Result {
    writeln!(
        text,
        "\n{:<9}{:>24}{:>9}{:>9}{:>24}{:>24}",
        "ours, ×", "faster cold", "target", "", "less CPU cold", "faster warm"
    )?;
    for comparison in triggers {
        writeln!(
            text,
            "{:<9}{:>24}{:>9}{:>9}{:>24}{:>24}",
            comparison.trigger.name(),
            with_range(comparison.faster_cold, 1),
            format!("≥ {}", comparison.target.faster_cold),
            verdict(comparison.is_fast_enough()),
            with_range(comparison.less_cpu_cold, 1),
            with_range(comparison.faster_warm, 1),
        )?;
    }
    writeln!(text)?;
    for comparison in triggers {
        let (ours, target) = (&comparison.ours, &comparison.target);
        writeln!(
            text,
            "{:<9}{:.2} MiB zipped of {:.0}, {}; at most {:.1} MiB resident of {:.0}, {}",
            comparison.trigger.name(),
            mib(ours.zipped),
            mib(target.zipped),
            verdict(comparison.is_small_enough()),
            ours.peak_kib.max / 1024.0,
            target.peak_kib / 1024.0,
            verdict(comparison.is_lean_enough()),
        )?;
    }
    Ok(())
}

/// Says so when the numbers are not to be trusted much.
fn other_work(text: &mut String, report: &Report) -> fmt::Result {
    let series = report.triggers.iter().flat_map(|one| [&one.ours, &one.peer]);
    let all = series.flat_map(|series| series.rounds.iter().map(|round| round.other_work));
    match Spread::of(all) {
        Some(spread) if spread.median > QUIET => writeln!(
            text,
            "\nother work on this machine took {} of its {} processors meanwhile: trust CPU times alone",
            with_range(spread, 2),
            report.machine.processors
        ),
        _ => Ok(()),
    }
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}

/// `1.52 (1.40..1.60)`: the median and the range.
fn with_range(spread: Spread, digits: usize) -> String {
    let Spread { median, min, max } = spread;
    format!("{median:.digits$} ({min:.digits$}..{max:.digits$})")
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files, far below 2^52")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / MIB
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::triggers::events::Trigger;
    use crate::triggers::summary::tests::comparison;

    fn report(remarks: Vec<String>, other_work: f64) -> Report {
        let mut create = comparison(Trigger::Create, &[10.0], &[40.0], 9_000.0, 4_000_000);
        create.ours.rounds[0].other_work = other_work;
        create.peer.rounds[0].other_work = other_work;
        Report {
            date: 0,
            machine: Machine {
                processor: String::new(),
                processors: 2,
                kernel: String::new(),
            },
            versions: serde_json::Value::Null,
            remarks,
            rounds: 1,
            warm: 1,
            triggers: vec![create],
        }
    }

    #[test]
    fn targets_are_judged_beside_what_was_reached() {
        let text = render(&report(Vec::new(), 0.0)).unwrap();
        let cold = text.lines().find(|line| line.contains("≥ 5")).unwrap();
        assert!(cold.contains("4.0 (4.0..4.0)") && cold.contains("MISSED"), "{text}");
        let size = text.lines().rfind(|line| line.starts_with("create")).unwrap();
        assert_eq!(
            size,
            "create   3.81 MiB zipped of 8, met; at most 8.8 MiB resident of 64, met"
        );
    }

    #[test]
    fn what_is_not_as_it_should_be_is_told() {
        let remark = "Python 3.12.1, not 3.11".to_owned();
        assert!(render(&report(vec![remark.clone()], 0.0)).unwrap().contains(&remark));
        assert!(!render(&report(Vec::new(), 0.05)).unwrap().contains("other work"));
        assert!(render(&report(Vec::new(), 0.5)).unwrap().contains("other work"));
    }
}
