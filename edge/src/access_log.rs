//! Which answers have a line in the log.
//!
//! Every sign-up, sign-in, refresh, sign-out and everything that failed on our side has one. Good answers of the routes that
//! are called all the time have none unless the settings want them: the platform counts requests by itself, and a line costs
//! more than the answer (docs/performance.md). Of the same routes' refusals only so many a second have one: whoever floods
//! them shall not write the operator's bill.

use std::cell::RefCell;

use crate::{
    endpoints::Refused,
    http::{answer::Answer, route::Route},
    runtime::{clock, log},
};

/// Lines for refusals on frequent routes, a second and isolate.
const REFUSALS_A_SECOND: u32 = 10;

thread_local! {
    static REFUSALS: RefCell<Budget> = RefCell::default();
}

/// Lines that may be written, second by second.
#[derive(Debug, Default)]
struct Budget {
    second: u64,
    used: u32,
    left_out: u64,
}

impl Budget {
    /// Whether a line may be written now, and how many were left out since the last one.
    fn take(&mut self, second: u64) -> Option<u64> {
        if self.second != second {
            self.second = second;
            self.used = 0;
        }
        if self.used == REFUSALS_A_SECOND {
            self.left_out += 1;
            return None;
        }
        self.used += 1;
        Some(std::mem::take(&mut self.left_out))
    }
}

/// Writes the line of a request, if it has one, and makes an answer of its outcome. `route` is `None` for an unknown path or
/// method.
pub(crate) fn conclude(
    route: Option<Route>,
    outcome: Result<Answer, Refused>,
    request_id: &str,
    every_answer: bool,
) -> Answer {
    let name = route.map_or("none", Route::name);
    let is_frequent = !every_answer && route.is_none_or(Route::is_frequent);
    let (answer, code, reason) = match outcome {
        Ok(answer) if is_frequent && answer.status() < 500 => return answer,
        Ok(answer) => (answer, "OK", None),
        Err(Refused { problem, reason }) => {
            let code = problem.code();
            (Answer::from(problem.into_reply()), code, reason)
        }
    };
    let left_out = if is_frequent && answer.status() < 500 {
        REFUSALS.with_borrow_mut(|budget| budget.take(clock::now().0))
    } else {
        Some(0)
    };
    if let Some(left_out) = left_out {
        log::answered(request_id, name, answer.status(), code, reason, left_out);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_refusals_writes_ten_lines_a_second_and_says_how_many_it_left_out() {
        let mut budget = Budget::default();
        let first: Vec<_> = (0..100).filter_map(|_| budget.take(7)).collect();
        assert_eq!(first, [0; 10]);
        assert_eq!(budget.take(8), Some(90));
        assert_eq!(budget.take(8), Some(0));
    }
}
