//! The head of the origin's answer on its way to the client.

use super::connection::remove_hop_by_hop;
use crate::http::headers::Head;

/// What the worker says to clients itself: its own `X-Request-Id`, and what pages of other origins may do.
fn is_ours(name: &str) -> bool {
    // Which headers a page may read, the origin knows best; the worker adds its own to the list.
    name == "x-request-id" || name.starts_with("access-control-") && name != "access-control-expose-headers"
}

/// What of it is the origin's to say.
pub(super) fn from_origin(mut head: Head) -> Head {
    remove_hop_by_hop(&mut head.headers);
    head.headers.retain(|name| !is_ours(name));
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_does_not_speak_for_the_worker() {
        let head = Head::with(
            418,
            &[
                ("access-control-allow-credentials", "true"),
                ("access-control-allow-origin", "*"),
                ("access-control-expose-headers", "X-Total"),
                ("connection", "x-hop"),
                ("set-cookie", "a=1"),
                ("set-cookie", "b=2"),
                ("transfer-encoding", "chunked"),
                ("x-hop", "1"),
                ("x-request-id", "theirs"),
                ("x-total", "5"),
            ],
        );
        let expected = [
            ("access-control-expose-headers", "X-Total"),
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
            ("x-total", "5"),
        ];
        assert_eq!(from_origin(head), Head::with(418, &expected));
    }
}
