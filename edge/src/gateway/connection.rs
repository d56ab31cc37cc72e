//! Headers that are about one connection and not about the message: none of them goes any further (RFC 9110 §7.6.1).

use crate::http::headers::Headers;

/// Those that RFC 9110 §7.6.1 names beside `Connection` itself, and Netscape's `Proxy-Connection`.
const HOP_BY_HOP: [&str; 7] = [
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "trailers",
    "transfer-encoding",
    "upgrade",
];

/// Removes them, and those that `Connection` names. Everything of proxies' goes: `Proxy-Authorization` and its kind are
/// between a client and its proxy (RFC 9110 §11.7).
pub(super) fn remove_hop_by_hop(headers: &mut Headers) {
    let named: Vec<String> = headers.members("connection").map(str::to_ascii_lowercase).collect();
    headers.retain(|name| {
        !HOP_BY_HOP.contains(&name) && !name.starts_with("proxy-") && !named.iter().any(|named| named == name)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_the_connection_stays_behind() {
        let mut headers = Headers::with(&[
            ("accept", "*/*"),
            ("connection", "close, X-Private ,keep-alive"),
            ("keep-alive", "timeout=5"),
            ("proxy-authorization", "Basic x"),
            ("proxy-connection", "keep-alive"),
            ("te", "trailers"),
            ("trailer", "Expires"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("x-private", "1"),
            ("x-public", "2"),
        ]);
        remove_hop_by_hop(&mut headers);
        assert_eq!(headers, Headers::with(&[("accept", "*/*"), ("x-public", "2")]));
    }
}
