use super::*;
use crate::{
    Limits, Memory, Policy,
    testing::{after, stranger},
    time::{DAY, MINUTE, SECOND},
};

/// Milliseconds that another code has to wait, and for what.
fn wait(sending: &Sending, policy: &SendPolicy, milliseconds: u64) -> Option<(u64, Cause)> {
    let now = after(milliseconds);
    let mut waiting = Waiting::default();
    sending.wait(policy, 0, now, &mut waiting);
    match waiting.end() {
        Err(Refusal::Wait { until, cause }) => Some((until.since(now), cause)),
        _ => None,
    }
}

fn sent(policy: &SendPolicy, times: &[u64]) -> Sending {
    let mut sending = Sending::default();
    for at in times {
        assert_eq!(wait(&sending, policy, *at), None, "{at}");
        sending.record(after(*at));
    }
    sending
}

#[test]
fn pauses_grow_and_the_sixth_code_waits_for_the_hour() {
    let policy = SendPolicy::default();
    let mut sending = Sending::default();
    let mut now = 0;
    for pause in [60, 120, 300, 300] {
        assert_eq!(wait(&sending, &policy, now), None);
        sending.record(after(now));
        assert_eq!(wait(&sending, &policy, now), Some((pause * SECOND, Cause::Pause)));
        assert_eq!(
            wait(&sending, &policy, now + pause * SECOND - 1),
            Some((1, Cause::Pause))
        );
        now += pause * SECOND;
    }
    assert_eq!(wait(&sending, &policy, now), None);
    sending.record(after(now));
    assert_eq!(wait(&sending, &policy, now), Some((HOUR - now, Cause::NumberSends)));
    assert_eq!(wait(&sending, &policy, HOUR - 1), Some((1, Cause::NumberSends)));
    assert_eq!(wait(&sending, &policy, HOUR), None);
}

#[test]
fn a_run_ends_after_an_hour_without_a_code() {
    let policy = SendPolicy::default();
    let goes_on = sent(&policy, &[0, MINUTE, MINUTE + HOUR - 1]);
    assert_eq!(
        wait(&goes_on, &policy, MINUTE + HOUR - 1),
        Some((5 * MINUTE, Cause::Pause))
    );
    let ended = sent(&policy, &[0, MINUTE, MINUTE + HOUR]);
    assert_eq!(wait(&ended, &policy, MINUTE + HOUR), Some((MINUTE, Cause::Pause)));
}

#[test]
fn a_run_ends_with_a_right_answer_but_the_first_pause_still_holds() {
    let policy = SendPolicy::default();
    let mut sending = sent(&policy, &[0, MINUTE]);
    sending.verified();
    assert_eq!(wait(&sending, &policy, MINUTE), Some((MINUTE, Cause::Pause)));
    for (at, pause) in [(2, 1), (3, 2)] {
        sending.record(after(at * MINUTE));
        assert_eq!(
            wait(&sending, &policy, at * MINUTE),
            Some((pause * MINUTE, Cause::Pause))
        );
    }
}

#[test]
fn a_code_taken_back_after_a_right_answer_is_not_missing_from_the_new_run() {
    let policy = SendPolicy::default();
    let mut sending = sent(&policy, &[0]);
    let failed = sending.record(after(MINUTE));
    sending.verified();
    let mut without = sent(&policy, &[0]);
    without.verified();
    for sending in [&mut sending, &mut without] {
        sending.record(after(2 * MINUTE));
    }
    sending.take_back(failed);
    assert_eq!(sending.run(), 1);
    for now in [2 * MINUTE, 3 * MINUTE - 1, 3 * MINUTE] {
        assert_eq!(wait(&sending, &policy, now), wait(&without, &policy, now));
    }
}

#[test]
fn a_day_has_ten_codes() {
    let policy = SendPolicy::default();
    let times: Vec<u64> = (0..10).map(|code| code * 2 * HOUR).collect();
    let sending = sent(&policy, &times);
    assert_eq!(wait(&sending, &policy, 19 * HOUR), Some((5 * HOUR, Cause::NumberSends)));
    assert_eq!(wait(&sending, &policy, DAY - 1), Some((1, Cause::NumberSends)));
    assert_eq!(wait(&sending, &policy, DAY), None);
}

#[test]
fn above_soft_limits_only_humans_are_sent_a_code() {
    let mut policy = Policy::default();
    policy.sending.soft_limits = Some(Limits::new([(2, 2 * DAY)]));
    let mut number = crate::Number::default();
    for at in [0, HOUR] {
        assert!(number.begin_send(&policy, after(at), stranger(false)).is_ok());
    }
    number.forget(&policy, after(2 * DAY - 1));
    assert_eq!(
        number.begin_send(&policy, after(2 * DAY - 1), stranger(false)),
        Err(Refusal::HumanCheck)
    );
    assert!(
        number
            .clone()
            .begin_send(&policy, after(2 * DAY - 1), stranger(true))
            .is_ok()
    );
    assert!(number.begin_send(&policy, after(2 * DAY), stranger(false)).is_ok());
}

#[test]
fn a_pause_that_outlasts_the_limits_is_not_forgotten() {
    let policy = SendPolicy {
        limits: Limits::new([(9, MINUTE)]),
        ..SendPolicy::default()
    };
    let mut sending = sent(&policy, &[0, MINUTE, 3 * MINUTE]);
    sending.forget(&policy, after(5 * MINUTE));
    assert_eq!(wait(&sending, &policy, 5 * MINUTE), Some((3 * MINUTE, Cause::Pause)));
    sending.record(after(8 * MINUTE));
    assert_eq!(wait(&sending, &policy, 8 * MINUTE), Some((5 * MINUTE, Cause::Pause)));
}
