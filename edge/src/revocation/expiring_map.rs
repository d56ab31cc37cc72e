//! A map that forgets: each value at its own time, and earlier when there are too many.

use std::{borrow::Borrow, collections::HashMap, hash::Hash};

use challenge::UnixSeconds;

pub(super) struct ExpiringMap<V> {
    entries: HashMap<String, (V, UnixSeconds)>,
    capacity: usize,
}

impl<V> ExpiringMap<V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            entries: HashMap::new(),
            capacity,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn get<K>(&self, key: &K, now: UnixSeconds) -> Option<&V>
    where
        K: Hash + Eq + ?Sized,
        String: Borrow<K>,
    {
        let (value, ends_at) = self.entries.get(key)?;
        (now < *ends_at).then_some(value)
    }

    /// Keeps `value` until `ends_at`, in place of what was there.
    pub(super) fn insert(&mut self, key: String, value: V, ends_at: UnixSeconds, now: UnixSeconds) {
        if self.entries.len() >= self.capacity && !self.entries.contains_key(&key) {
            self.make_room(now);
        }
        self.entries.insert(key, (value, ends_at));
    }

    /// Drops what has ended; if that is not enough, also the half that ends first. By halves, so that the work is spread over
    /// many insertions.
    fn make_room(&mut self, now: UnixSeconds) {
        self.entries.retain(|_, (_, ends_at)| now < *ends_at);
        if self.entries.len() < self.capacity {
            return;
        }
        let mut ends: Vec<_> = self.entries.values().map(|(_, ends_at)| *ends_at).collect();
        let middle = ends.len() / 2;
        let (_, median, _) = ends.select_nth_unstable(middle);
        let median = *median;
        self.entries.retain(|_, (_, ends_at)| median < *ends_at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(ends: impl IntoIterator<Item = u64>, capacity: usize) -> ExpiringMap<()> {
        let mut map = ExpiringMap::new(capacity);
        for end in ends {
            map.insert(end.to_string(), (), UnixSeconds(end), UnixSeconds(0));
        }
        map
    }

    #[test]
    fn a_value_ends_at_its_time() {
        let map = filled([10], 4);
        assert!(map.get("10", UnixSeconds(9)).is_some());
        assert!(map.get("10", UnixSeconds(10)).is_none());
    }

    #[test]
    fn what_has_ended_makes_room_first() {
        let mut map = filled([10, 20, 30, 40], 4);
        map.insert("50".to_owned(), (), UnixSeconds(50), UnixSeconds(20));
        assert!(map.get("30", UnixSeconds(20)).is_some());
        assert_eq!(map.entries.len(), 3);
    }

    #[test]
    fn when_all_are_good_those_that_end_first_make_room() {
        let mut map = filled([40, 10, 30, 20], 4);
        map.insert("5".to_owned(), (), UnixSeconds(5), UnixSeconds(0));
        assert!(map.get("40", UnixSeconds(0)).is_some() && map.get("5", UnixSeconds(0)).is_some());
        assert!(map.get("10", UnixSeconds(0)).is_none());
    }

    #[test]
    fn it_never_holds_more_than_its_capacity() {
        assert!(filled(1..1_000, 16).entries.len() <= 16);
        let mut same = ExpiringMap::new(16);
        for key in 0..100 {
            same.insert(key.to_string(), (), UnixSeconds(9), UnixSeconds(0));
        }
        assert!(same.entries.len() <= 16);
    }

    #[test]
    fn a_value_replaces_the_one_of_its_key_without_making_room() {
        let mut map = filled([10, 20], 2);
        map.insert("10".to_owned(), (), UnixSeconds(30), UnixSeconds(0));
        assert!(map.get("20", UnixSeconds(0)).is_some());
        assert!(map.get("10", UnixSeconds(29)).is_some());
    }
}
