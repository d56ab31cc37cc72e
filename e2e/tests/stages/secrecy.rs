//! What the commands print and log, after all that has happened.

use e2e::stages::{account, secrecy};

use super::{destroy, rotate};

#[test]
fn no_command_prints_or_logs_a_secret() {
    destroy::NOT_THERE.play();
    destroy::DELETED.play();
    rotate::AGAIN.play();
    let account = account();
    let mut paths = vec![account.stages.clone(), account.printed.clone()];
    paths.extend(account.logs.clone());
    let places = secrecy::places_in(&paths);
    assert!(
        places.is_empty(),
        "{} places, the first of them:\n{}",
        places.len(),
        places[..places.len().min(20)].join("\n")
    );
}
