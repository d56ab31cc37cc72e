//! For tests: which fields an endpoint reads, so that the description can be held against it.

use std::{cell::RefCell, collections::BTreeMap};

/// How a field is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Kind {
    /// A string of so many characters at most.
    Required { max: usize },
    /// Likewise, and it may be left out or null.
    Optional { max: usize },
    /// True or false, and it may be left out or null.
    Switch,
}

thread_local! {
    static ASKED: RefCell<BTreeMap<&'static str, Kind>> = const { RefCell::new(BTreeMap::new()) };
}

pub(super) fn note(name: &'static str, kind: Kind) {
    ASKED.with_borrow_mut(|asked| asked.insert(name, kind));
}

/// The fields that `read` reads, by name.
pub(in crate::http) fn during(read: impl FnOnce()) -> BTreeMap<&'static str, Kind> {
    ASKED.take();
    read();
    ASKED.take()
}
