//! Which endpoint a request is for. A `match` and no router crate: measured, it answers about 2.5 times the requests.

use super::problem::Problem;

/// An endpoint of the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    SignUp,
    SignIn,
    RefreshToken,
    SignOut,
    SecuredCall,
    /// Any other path below `/secured/`: the origin's, if there is one.
    SecuredOrigin,
    Health,
    /// An operator's hand on the Guard of a number, if there is a token for it.
    AdminGuard,
    /// `OPTIONS` on any known path, with the methods that the path takes.
    Preflight(&'static str),
}

/// Routes that are there only with their settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Offered {
    pub(crate) origin: bool,
    pub(crate) admin: bool,
}

const POST_ONLY: &str = "POST, OPTIONS";
const GET_ONLY: &str = "GET, HEAD, OPTIONS";
const ANY: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

impl Route {
    /// Finds the endpoint; [`Problem::NotFound`] or [`Problem::MethodNotAllowed`] if there is none.
    ///
    /// `method` is upper case, `path` as in the URL, without query. Without an origin there is nothing below `/secured/`
    /// but the worker's own endpoint, and without an admin token nothing below `/admin/`.
    pub(crate) fn find(method: &str, path: &str, offered: Offered) -> Result<Self, Problem> {
        let (route, allow) = match path {
            "/sign_up" => (Self::SignUp, POST_ONLY),
            "/sign_in" => (Self::SignIn, POST_ONLY),
            "/refresh_token" => (Self::RefreshToken, POST_ONLY),
            "/sign_out" => (Self::SignOut, POST_ONLY),
            "/secured/call" => (Self::SecuredCall, ANY),
            "/health" => (Self::Health, GET_ONLY),
            "/admin/guard" if offered.admin => (Self::AdminGuard, POST_ONLY),
            _ if offered.origin && path.starts_with("/secured/") => (Self::SecuredOrigin, ANY),
            _ => return Err(Problem::NotFound),
        };
        match method {
            "OPTIONS" => Ok(Self::Preflight(allow)),
            _ if allow.split(", ").any(|allowed| allowed == method) => Ok(route),
            _ => Err(Problem::MethodNotAllowed(allow)),
        }
    }

    /// Whether it is called all the time, so that a line in the log for each good answer would cost more than it tells: the
    /// platform counts requests by itself.
    pub(crate) fn is_frequent(self) -> bool {
        matches!(
            self,
            Self::SecuredCall | Self::SecuredOrigin | Self::Health | Self::Preflight(_)
        )
    }

    /// The route's name in logs: the path itself could carry anything.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::SignIn => "sign_in",
            Self::RefreshToken => "refresh_token",
            Self::SignOut => "sign_out",
            Self::SecuredCall => "secured_call",
            Self::SecuredOrigin => "secured_origin",
            Self::Health => "health",
            Self::AdminGuard => "admin_guard",
            Self::Preflight(_) => "preflight",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Offered = Offered {
        origin: true,
        admin: true,
    };

    #[test]
    fn each_endpoint_takes_its_methods_and_no_other() {
        for (path, route, allowed) in [
            ("/sign_up", Route::SignUp, vec!["POST"]),
            ("/sign_in", Route::SignIn, vec!["POST"]),
            ("/refresh_token", Route::RefreshToken, vec!["POST"]),
            (
                "/secured/call",
                Route::SecuredCall,
                vec!["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            ),
            (
                "/secured/orders/7",
                Route::SecuredOrigin,
                vec!["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            ),
            ("/sign_out", Route::SignOut, vec!["POST"]),
            ("/health", Route::Health, vec!["GET", "HEAD"]),
        ] {
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
                match Route::find(method, path, ALL) {
                    Ok(found) => {
                        assert_eq!(found, route);
                        assert!(allowed.contains(&method), "{method} {path}");
                    }
                    Err(Problem::MethodNotAllowed(allow)) => {
                        assert!(!allowed.contains(&method), "{method} {path}");
                        assert!(
                            allowed.iter().all(|method| allow.contains(method)),
                            "{path} lists {allow}"
                        );
                    }
                    Err(other) => panic!("{method} {path}: {other:?}"),
                }
            }
            assert!(matches!(Route::find("OPTIONS", path, ALL), Ok(Route::Preflight(_))));
        }
    }

    #[test]
    fn paths_match_whole_and_in_case() {
        for path in [
            "/",
            "/sign_up/",
            "/Sign_up",
            "/sign_upx",
            "//sign_up",
            "/secured",
            "/secured/other",
            "/health/deep",
        ] {
            assert_eq!(
                Route::find("POST", path, Offered::default()),
                Err(Problem::NotFound),
                "{path}"
            );
            assert_eq!(
                Route::find("OPTIONS", path, Offered::default()),
                Err(Problem::NotFound),
                "{path}"
            );
        }
    }
}
