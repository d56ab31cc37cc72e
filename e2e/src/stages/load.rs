//! People who sign in all the time, while something is done to the stage.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{stage::Stage, visitor::Visitor};
use crate::waiting;

/// For how long the first, second, third … of them has a code before using it. The last ones keep theirs until something has
/// changed, so that sign-ins are under way across every change. Nobody is so quick that the machine has time for nothing else.
const HOLDS: [Hold; 5] = [
    Hold::For(Duration::from_millis(200)),
    Hold::For(Duration::from_millis(300)),
    Hold::For(Duration::from_millis(800)),
    Hold::UntilChange,
    Hold::UntilChange,
];

/// As long as that a code is kept, and not longer: it has to be good for both sides of a change, not for ever.
const LONGEST_HOLD: Duration = Duration::from_secs(6);

#[derive(Clone, Copy)]
enum Hold {
    For(Duration),
    UntilChange,
}

/// What became of them.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    pub signed_in: u32,
    /// Of these: with a code from before the last change.
    pub across_changes: u32,
    /// When, counted from the beginning, and how.
    pub failures: Vec<String>,
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} sign-ins, {} of them across a change, {} failed",
            self.signed_in,
            self.across_changes,
            self.failures.len()
        )
    }
}

impl Tally {
    /// Fails if one could not sign in.
    #[track_caller]
    pub fn expect_no_failure(&self) {
        assert!(self.failures.is_empty(), "{self}:\n{}", self.failures.join("\n"));
    }
}

/// The people. They stop when this is dropped.
pub struct Load {
    stop: Arc<AtomicBool>,
    changes: Arc<AtomicU32>,
    tally: Arc<Mutex<Tally>>,
    people: Vec<JoinHandle<()>>,
}

impl Load {
    /// They begin.
    pub fn on(stage: Stage) -> Self {
        let (stop, changes) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let tally = Arc::new(Mutex::new(Tally::default()));
        let begun = Instant::now();
        let people = HOLDS
            .iter()
            .map(|hold| {
                let (stop, changes, tally) = (Arc::clone(&stop), Arc::clone(&changes), Arc::clone(&tally));
                thread::spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        let before = changes.load(Ordering::Relaxed);
                        let outcome = visit(stage, *hold, &stop, || changes.load(Ordering::Relaxed) != before);
                        let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                        match outcome {
                            Ok(()) => {
                                tally.signed_in += 1;
                                tally.across_changes += u32::from(changes.load(Ordering::Relaxed) != before);
                            }
                            Err(failure) => {
                                let at = begun.elapsed().as_secs_f64();
                                tally.failures.push(format!("at {at:.1} s: {failure}"));
                            }
                        }
                    }
                })
            })
            .collect();
        Self {
            stop,
            changes,
            tally,
            people,
        }
    }

    /// Something has changed: whoever has kept a code for that uses it.
    pub fn changed(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    /// How many have signed in so far.
    pub fn signed_in(&self) -> u32 {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).signed_in
    }

    /// Waits until that many more have signed in than have now; fails as soon as somebody cannot.
    #[track_caller]
    pub fn until_more(&self, count: u32) {
        let wanted = self.signed_in() + count;
        waiting::until("more sign-ins", Duration::from_mins(1), || {
            let tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner).clone();
            tally.expect_no_failure();
            (tally.signed_in >= wanted).then_some(())
        });
    }

    /// They end what they are at, and go.
    pub fn end(mut self) -> Tally {
        self.finish();
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn finish(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for person in self.people.drain(..) {
            drop(person.join());
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.finish();
    }
}

fn visit(stage: Stage, hold: Hold, stop: &AtomicBool, has_changed: impl Fn() -> bool) -> Result<(), String> {
    let visitor = Visitor::new(stage);
    let waiting = visitor.sign_up()?;
    match hold {
        Hold::For(time) => thread::sleep(time),
        Hold::UntilChange => {
            let over = || has_changed() || stop.load(Ordering::Relaxed);
            waiting::within(LONGEST_HOLD, || over().then_some(()));
        }
    }
    let token = visitor.sign_in(&waiting)?;
    visitor.call(&token)
}
