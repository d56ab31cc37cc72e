//! What can be done with a stack as it is. The states are those of CloudFormation ("Stack status codes" in its user guide).

/// How a stack stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Absent,
    /// There is a change set for its creation, and nothing else.
    InReview,
    /// Something goes on in it: wait.
    Settling,
    /// It can be changed.
    Ready,
    /// Its creation failed. It can only be deleted, and nobody can have used what was in it.
    NeverCreated,
    /// Nobody but the user can say what should become of it.
    Stuck(Stuck),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stuck {
    Deletion,
    Rollback,
    Update,
    Unknown,
}

/// How a stack of this status stands.
pub(crate) fn standing(status: &str) -> Standing {
    match status {
        "DELETE_COMPLETE" => Standing::Absent,
        "REVIEW_IN_PROGRESS" => Standing::InReview,
        "CREATE_COMPLETE"
        | "UPDATE_COMPLETE"
        | "UPDATE_ROLLBACK_COMPLETE"
        | "IMPORT_COMPLETE"
        | "IMPORT_ROLLBACK_COMPLETE" => Standing::Ready,
        "CREATE_FAILED" | "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" => Standing::NeverCreated,
        "DELETE_FAILED" => Standing::Stuck(Stuck::Deletion),
        "UPDATE_ROLLBACK_FAILED" => Standing::Stuck(Stuck::Rollback),
        "UPDATE_FAILED" => Standing::Stuck(Stuck::Update),
        going_on if going_on.ends_with("_IN_PROGRESS") => Standing::Settling,
        _ => Standing::Stuck(Stuck::Unknown),
    }
}

impl Stuck {
    /// What the user can do about the stack.
    pub(crate) fn way_out(self, stack: &str) -> String {
        match self {
            Self::Deletion => format!(
                "the stack {stack} was being deleted, and something in it could not be: `cargo xtask destroy` tries again"
            ),
            Self::Rollback => format!(
                "the stack {stack} could neither be changed nor be taken back to what it was. Repair what its events name, \
                 then `aws cloudformation continue-update-rollback --stack-name {stack}`"
            ),
            Self::Update => format!(
                "a change of the stack {stack} failed half-way: `aws cloudformation rollback-stack --stack-name {stack}` \
                 takes it back to what it was"
            ),
            Self::Unknown => format!("the stack {stack} is in a state that cannot be changed"),
        }
    }
}

/// Whether a change ended in what was wanted, and not in what had been before.
pub(crate) fn is_success(status: &str) -> bool {
    matches!(status, "CREATE_COMPLETE" | "UPDATE_COMPLETE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_created_is_made_anew_and_what_works_is_changed() {
        for status in ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"] {
            assert_eq!(standing(status), Standing::NeverCreated, "{status}");
        }
        // A failed update has left what was there before, with its users: never to be deleted.
        for status in ["UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE", "CREATE_COMPLETE"] {
            assert_eq!(standing(status), Standing::Ready, "{status}");
        }
    }

    #[test]
    fn what_goes_on_is_waited_for_but_a_review_is_not() {
        for status in [
            "CREATE_IN_PROGRESS",
            "ROLLBACK_IN_PROGRESS",
            "UPDATE_IN_PROGRESS",
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            "UPDATE_ROLLBACK_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
            "DELETE_IN_PROGRESS",
        ] {
            assert_eq!(standing(status), Standing::Settling, "{status}");
        }
        assert_eq!(standing("REVIEW_IN_PROGRESS"), Standing::InReview);
    }

    #[test]
    fn who_is_stuck_is_told_the_way_out() {
        for (status, command) in [
            ("DELETE_FAILED", "cargo xtask destroy"),
            ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name pe"),
            ("UPDATE_FAILED", "rollback-stack --stack-name pe"),
        ] {
            let Standing::Stuck(stuck) = standing(status) else {
                panic!("{status} is not for us to decide");
            };
            assert!(stuck.way_out("pe").contains(command), "{status}");
        }
        assert_eq!(standing("SOMETHING_NEW"), Standing::Stuck(Stuck::Unknown));
    }

    #[test]
    fn a_rolled_back_change_is_no_success() {
        assert!(is_success("UPDATE_COMPLETE") && is_success("CREATE_COMPLETE"));
        assert!(!is_success("UPDATE_ROLLBACK_COMPLETE") && !is_success("ROLLBACK_COMPLETE"));
    }
}
