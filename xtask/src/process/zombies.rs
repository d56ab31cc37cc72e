//! Processes that have ended but are still listed, because nobody has asked for their status.

use std::fs;

use rustix::process::Pid;

/// Whether all that is left of a group are ended processes whose new parent, init, has not asked for their status yet.
/// In a container it may take its time. Always false on systems without `/proc`.
pub(crate) fn are_all_of(group: Pid) -> bool {
    let Ok(entries) = fs::read_dir("/proc") else {
        return false;
    };
    let states: Vec<String> = entries
        .flatten()
        .filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok())
        .filter_map(|stat| state_in_group(&stat, group))
        .collect();
    !states.is_empty() && states.iter().all(|state| state == "Z")
}

/// The state of a process if it belongs to the group. `/proc/…/stat` is `id (name) state parent group …`, and the name
/// may contain anything, parentheses too.
fn state_in_group(stat: &str, group: Pid) -> Option<String> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let state = fields.next()?;
    let member: i32 = fields.nth(1)?.parse().ok()?;
    (member == group.as_raw_nonzero().get()).then(|| state.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_of_a_process_is_read_whatever_its_name() {
        let group = Pid::from_raw(7).unwrap();
        let state = |stat: &str| state_in_group(stat, group);
        assert_eq!(state("9 (node) S 1 7 7 0"), Some("S".to_owned()));
        assert_eq!(state("9 (a) b) (c) Z 1 7 7 0"), Some("Z".to_owned()));
        assert_eq!(state("9 (node) S 7 8 8 0"), None);
        assert_eq!(state(""), None);
    }
}
