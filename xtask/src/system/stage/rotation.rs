//! How far an exchange of the keys has come. It is read from AWS alone, so whoever goes on with it need not be who began.

use super::access_key::Held;
use super::challenge_secret::Versions;

/// What is left to do begins here; all later ones follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// Nothing is under way: a new value for the secret comes first.
    Begin,
    /// There are two values: the triggers must know both, then the worker gets the new keys.
    Introduce,
    /// The worker has the new keys: the old ones are good until what was handed out under them is used up.
    Overlap,
    /// The old ones are gone: the triggers must forget them.
    Forget,
}

/// What the parameter `KeysVersion` says when the triggers have read both values of the secret.
pub(crate) fn both(current: &str) -> String {
    format!("{current}.both")
}

/// And when they have read the current one alone.
pub(crate) fn one(current: &str) -> String {
    format!("{current}.one")
}

/// Where to go on; none when the stage has no worker that anything could be exchanged for.
pub(crate) fn next(versions: &Versions, held: &Held, keys_version: Option<&str>) -> Option<Step> {
    let is_introduced = held.secret_version.as_ref() == Some(&versions.current);
    let has_key = held.key.is_some() && held.secret_version.is_some();
    match (&versions.previous, is_introduced) {
        _ if !has_key => None,
        (Some(_), true) => Some(Step::Overlap),
        (Some(_), false) => Some(Step::Introduce),
        (None, true) if keys_version == Some(&both(&versions.current)) => Some(Step::Forget),
        (None, true) => Some(Step::Begin),
        (None, false) => None,
    }
}

/// Whether one has begun and has not ended.
pub(crate) fn is_under_way(versions: &Versions, keys_version: Option<&str>) -> bool {
    versions.previous.is_some() || keys_version == Some(&both(&versions.current))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(current: &str, previous: Option<&str>) -> Versions {
        Versions {
            current: current.to_owned(),
            previous: previous.map(str::to_owned),
        }
    }

    fn held(version: &str) -> Held {
        Held {
            key: Some("KEY".to_owned()),
            secret_version: Some(version.to_owned()),
        }
    }

    #[test]
    fn each_interruption_is_gone_on_from_where_it_was() {
        // In the order in which things change.
        for (versions, held, keys_version, expected) in [
            (versions("1", None), held("1"), "initial", Step::Begin),
            (versions("2", Some("1")), held("1"), "initial", Step::Introduce),
            (versions("2", Some("1")), held("1"), "2.both", Step::Introduce),
            (versions("2", Some("1")), held("2"), "2.both", Step::Overlap),
            (versions("2", None), held("2"), "2.both", Step::Forget),
            (versions("2", None), held("2"), "2.one", Step::Begin),
        ] {
            let found = next(&versions, &held, Some(keys_version));
            assert_eq!(found, Some(expected), "{versions:?} {held:?} {keys_version}");
            let under_way = expected != Step::Begin;
            assert_eq!(is_under_way(&versions, Some(keys_version)), under_way, "{versions:?}");
        }
    }

    #[test]
    fn there_is_never_a_third_value_of_the_secret() {
        for tagged in ["1", "2", "0"] {
            let step = next(&versions("2", Some("1")), &held(tagged), None);
            assert!(step.is_some_and(|step| step > Step::Begin), "{tagged}: {step:?}");
        }
    }

    #[test]
    fn a_worker_that_was_never_given_keys_has_none_to_exchange() {
        assert_eq!(next(&versions("1", None), &Held::default(), None), None);
        assert_eq!(next(&versions("2", None), &held("1"), None), None);
    }

    #[test]
    fn what_the_triggers_are_told_is_a_value_that_the_template_takes() {
        let version = "0123abcd-0000-4000-8000-0123456789ab";
        for text in [both(version), one(version)] {
            assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)) && text.len() <= 128);
        }
    }
}
