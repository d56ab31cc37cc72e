//! The story of a stage: what happens to it happens one after the other, and each chapter is a test.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::OnceLock,
};

/// A part of the story. It happens once, after those before it, whichever test asks for it first.
pub struct Chapter {
    name: &'static str,
    before: Option<&'static Chapter>,
    work: fn(),
    outcome: OnceLock<Result<(), String>>,
}

impl Chapter {
    /// The beginning.
    pub const fn first(name: &'static str, work: fn()) -> Self {
        Self::new(None, name, work)
    }

    /// What comes after `before`.
    pub const fn after(before: &'static Self, name: &'static str, work: fn()) -> Self {
        Self::new(Some(before), name, work)
    }

    const fn new(before: Option<&'static Self>, name: &'static str, work: fn()) -> Self {
        Self {
            name,
            before,
            work,
            outcome: OnceLock::new(),
        }
    }

    /// Lets it happen, or waits until it has; fails where it failed, in whatever test that was.
    pub fn play(&self) {
        if let Err(failure) = self.outcome() {
            panic!("{}: {failure}", self.name);
        }
    }

    fn outcome(&self) -> &Result<(), String> {
        self.outcome.get_or_init(|| {
            if let Some(before) = self.before
                && before.outcome().is_err()
            {
                return Err(format!("not tried, since `{}` failed", before.name));
            }
            catch_unwind(AssertUnwindSafe(self.work)).map_err(|panic| message(&*panic))
        })
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it panicked")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    static HAPPENED: AtomicU32 = AtomicU32::new(0);
    static FIRST: Chapter = Chapter::first("first", || {
        HAPPENED.fetch_add(1, Ordering::Relaxed);
    });
    static SECOND: Chapter = Chapter::after(&FIRST, "second", || panic!("no"));
    static THIRD: Chapter = Chapter::after(&SECOND, "third", || {});

    fn failure(chapter: &'static Chapter) -> String {
        let panic = catch_unwind(|| chapter.play()).expect_err("it fails");
        message(&*panic)
    }

    #[test]
    fn a_chapter_happens_once_and_none_after_one_that_failed() {
        assert_eq!(failure(&THIRD), "third: not tried, since `second` failed");
        assert_eq!(failure(&SECOND), "second: no");
        FIRST.play();
        assert_eq!(HAPPENED.load(Ordering::Relaxed), 1);
    }
}
