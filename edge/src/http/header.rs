//! Request headers.

use worker::Request;

/// The value of a header, several of one name joined by commas (Fetch standard, "get a header").
pub(crate) fn header(request: &Request, name: &str) -> Option<String> {
    // An error means that `name` cannot be a header's name.
    request.headers().get(name).ok().flatten()
}
