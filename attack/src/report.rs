//! The result: rows of a table, and sentences for whoever wants to know where they come from.

use std::fmt::{self, Write};

use serde::Serialize;

/// What one text costs, in dollars.
const PRICE: f64 = 0.05;

/// What became of one attack on one system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Row {
    pub(crate) scenario: &'static str,
    /// Where the real user is.
    pub(crate) variant: &'static str,
    pub(crate) system: &'static str,
    /// That the attacker had sent.
    pub(crate) texts: u64,
    pub(crate) cost_usd: f64,
    /// Answers of the attacker that were compared with a code.
    pub(crate) answers: u64,
    /// Probability that the attacker signs in as somebody else.
    pub(crate) chance: f64,
    /// How real users fared during the attack.
    pub(crate) user: String,
    /// How the real user fared right afterwards, with patience for days.
    pub(crate) afterwards: String,
    /// How normal traffic fared, where there is some.
    pub(crate) traffic: Option<String>,
}

#[expect(clippy::cast_precision_loss, reason = "counts of texts, far below 2^52")]
pub(crate) fn cost(texts: u64) -> f64 {
    texts as f64 * PRICE
}

#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Report {
    pub(crate) seed: u64,
    /// What the attacker does in each scenario.
    pub(crate) scenarios: Vec<(&'static str, &'static str)>,
    pub(crate) rows: Vec<Row>,
    /// How the chance of guessing with our defaults is calculated, step by step.
    pub(crate) calculation: Vec<String>,
    /// What is not as it must be.
    pub(crate) faults: Vec<String>,
    pub(crate) models: Vec<&'static str>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (scenario, what) in &self.scenarios {
            writeln!(f, "{}\n", wrapped(&format!("{scenario}: {what}"), ""))?;
            let rows: Vec<&Row> = self.rows.iter().filter(|row| row.scenario == *scenario).collect();
            writeln!(
                f,
                "  {:<27}{:>9}{:>9}{:>11}{:>11}",
                "", "texts", "cost", "answers", "gets in"
            )?;
            let variants = rows.chunk_by(|one, other| one.variant == other.variant);
            for rows in variants {
                if let Some(Row { variant, .. }) = rows.first().filter(|row| !row.variant.is_empty()) {
                    writeln!(f, "  {variant}:")?;
                }
                for row in rows {
                    self::row(f, row)?;
                }
            }
            writeln!(f)?;
        }
        section(f, "How the chance of guessing is calculated", &self.calculation)?;
        section(f, "What is modelled", &self.models)?;
        section(f, "NOT AS IT MUST BE", &self.faults)
    }
}

fn row(f: &mut fmt::Formatter<'_>, row: &Row) -> fmt::Result {
    writeln!(
        f,
        "  {:<27}{:>9}{:>9}{:>11}{:>11}",
        row.system,
        grouped(row.texts),
        price(row.cost_usd),
        grouped(row.answers),
        chance(row.chance),
    )?;
    writeln!(f, "      user, meanwhile: {}", row.user)?;
    writeln!(f, "      afterwards: {}", row.afterwards)?;
    if let Some(traffic) = &row.traffic {
        writeln!(f, "      normal traffic: {traffic}")?;
    }
    Ok(())
}

fn section<T: fmt::Display>(f: &mut fmt::Formatter<'_>, title: &str, lines: &[T]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "{title}\n")?;
    for line in lines {
        writeln!(f, "  - {}", wrapped(&line.to_string(), "    "))?;
    }
    writeln!(f)
}

/// `0`, `2.1e-4`, `0.86`, `>0.99`.
pub(crate) fn chance(chance: f64) -> String {
    match chance {
        0.0 => "0".to_owned(),
        0.0..0.01 => format!("{chance:.1e}"),
        0.01..0.99 => format!("{chance:.2}"),
        _ => ">0.99".to_owned(),
    }
}

/// `864,000`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        // Writing to a string cannot fail.
        let _ = text.write_char(digit);
    }
    text
}

/// `$0.50`, `$43,200`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a price: not negative, far below 2^52"
)]
fn price(usd: f64) -> String {
    if usd < 100.0 {
        format!("${usd:.2}")
    } else {
        format!("${}", grouped(usd.round() as u64))
    }
}

/// The text in lines, each but the first one indented.
fn wrapped(text: &str, indent: &str) -> String {
    const WIDTH: usize = 116;
    let (mut lines, mut length) = (String::new(), 0);
    for word in text.split(' ') {
        if length + word.len() > WIDTH {
            lines.push('\n');
            lines.push_str(indent);
            length = 0;
        } else if length > 0 {
            lines.push(' ');
        }
        lines.push_str(word);
        length += word.len() + 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(864_000), "864,000");
        assert_eq!(grouped(5_040_000), "5,040,000");
        assert_eq!([0.5, 43_200.0].map(price), ["$0.50", "$43,200"]);
        assert_eq!(
            [0.0, 2.1e-4, 0.8643, 0.999_99].map(chance),
            ["0", "2.1e-4", "0.86", ">0.99"]
        );
    }

    #[test]
    fn long_lines_are_wrapped_between_words() {
        let text = "word ".repeat(50);
        let lines = wrapped(text.trim(), "    ");
        assert!(lines.lines().all(|line| line.len() <= 120), "{lines}");
        assert_eq!(lines.split_whitespace().count(), 50);
        assert!(lines.contains("word\n    word"), "{lines}");
    }

    #[test]
    fn each_row_is_a_line_with_what_happened_to_the_user_below() {
        let row = Row {
            scenario: "number",
            variant: "",
            system: "ours (default)",
            texts: 10,
            cost_usd: cost(10),
            answers: 0,
            chance: 0.0,
            user: "0 of 24 signed in".to_owned(),
            afterwards: "in after 15 s".to_owned(),
            traffic: None,
        };
        let report = Report {
            seed: 1,
            scenarios: vec![("number", "floods one number.")],
            rows: vec![row],
            calculation: Vec::new(),
            faults: vec!["the roof leaks".to_owned()],
            models: Vec::new(),
        };
        let text = report.to_string();
        assert!(
            text.contains("ours (default)                    10    $0.50          0          0\n"),
            "{text}"
        );
        assert!(text.contains("user, meanwhile: 0 of 24 signed in\n"), "{text}");
        assert!(text.contains("NOT AS IT MUST BE\n\n  - the roof leaks\n"), "{text}");
    }
}
