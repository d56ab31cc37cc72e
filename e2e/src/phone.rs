//! Phones: fresh numbers, and the texts that the local AWS took for them.

use std::{
    process,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::Value;

use crate::{ledger::Kind, system::system, waiting};

/// A text arrives before the answer to the request that caused it; this is for a machine under load.
const ARRIVES_WITHIN: Duration = Duration::from_secs(10);

/// Numbers of one area code and the exchange 555.
const LINES: u32 = 10_000;

/// A phone with a number of its own, which nobody has used in this system.
#[derive(Clone)]
pub struct Phone {
    number: String,
}

impl Phone {
    /// A phone whose number was not handed out before.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // Two test programs, or two runs against one system, begin elsewhere: process number and time decide.
        static BEGIN: LazyLock<u32> = LazyLock::new(|| {
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.subsec_micros())
        });
        let line = (*BEGIN + NEXT.fetch_add(1, Ordering::Relaxed)) % LINES;
        let number = format!("+1{}555{line:04}", area_code(process::id()));
        system().ledger.note(Kind::Phone, &number);
        Self { number }
    }

    /// Likewise, with a mobile number of another country: `AT`, `CH`, `DE`, `ES`, `FR`, `IT`, `PT` or `SE`.
    pub fn in_country(country: &str) -> Self {
        let line = Self::new().number.split_off("+1212555".len());
        let area = process::id() % 1_000;
        let number = match country {
            "AT" => format!("+43664{area:03}{line}"),
            "CH" => format!("+4176{area:03}{line}"),
            "DE" => format!("+49151{area:03}0{line}"),
            "ES" => format!("+3461{area:03}{line}"),
            "FR" => format!("+3361{area:03}{line}"),
            "IT" => format!("+39331{area:03}{line}"),
            "PT" => format!("+35191{area:03}{line}"),
            "SE" => format!("+4670{area:03}{line}"),
            other => panic!("no numbers of {other} are known here"),
        };
        system().ledger.note(Kind::Phone, &number);
        Self { number }
    }

    /// A phone with this number, which others may use as well.
    pub fn with_number(number: &str) -> Self {
        system().ledger.note(Kind::Phone, number);
        Self {
            number: number.to_owned(),
        }
    }

    /// The number in E.164 form.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// All texts so far, oldest first.
    pub fn texts(&self) -> Vec<String> {
        let system = system();
        let url = format!(
            "{}/_ministack/sns/sms-messages?phoneNumber=%2B{}",
            system.description.aws_endpoint,
            self.number.trim_start_matches('+')
        );
        let answer = ureq::get(&url).call().expect("the local AWS has an inbox");
        let inbox: Value = answer
            .into_body()
            .read_to_string()
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .expect("the inbox is JSON");
        let texts: Vec<String> = inbox["sms_messages"][&self.number]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|message| message["Message"].as_str())
            .map(str::to_owned)
            .collect();
        for code in texts.iter().filter_map(|text| code_in(text)) {
            system.ledger.note(Kind::Code, &code);
        }
        texts
    }

    /// Waits until there are `count` texts and returns the code of the last one.
    #[track_caller]
    pub fn code_of_text(&self, count: usize) -> String {
        let texts = waiting::until("a text message", ARRIVES_WITHIN, || {
            Some(self.texts()).filter(|texts| texts.len() >= count)
        });
        assert_eq!(texts.len(), count, "more texts than were asked for");
        let text = texts.last().expect("there is one");
        code_in(text).expect("the text has a code")
    }

    /// The code of the only text.
    #[track_caller]
    pub fn code(&self) -> String {
        self.code_of_text(1)
    }
}

impl Default for Phone {
    fn default() -> Self {
        Self::new()
    }
}

/// An area code of the North American plan for a process: two to nine, zero to eight, any digit, but not N11.
fn area_code(process: u32) -> u32 {
    let codes: Vec<u32> = (201..=989)
        .filter(|code| code / 10 % 10 != 9 && code % 100 != 11)
        .collect();
    codes[process as usize % codes.len()]
}

/// The first word of six digits.
pub(crate) fn code_in(text: &str) -> Option<String> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
        .find(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()))
        .map(str::to_owned)
}

/// A code that is not `code`; `step` gives another one each from 1 to 999,999.
pub fn other_than(code: &str, step: u32) -> String {
    let code: u32 = code.parse().expect("a code is a number");
    let other = format!("{:06}", (code + step) % 1_000_000);
    system().ledger.note(Kind::Code, &other);
    other
}
