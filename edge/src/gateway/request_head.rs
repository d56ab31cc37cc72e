//! The headers of a request on its way to the origin.

use super::connection::remove_hop_by_hop;
use crate::http::headers::Headers;

/// What the worker alone may say to the origin. Whatever a client sends under such a name does not reach it.
const OURS: [&str; 10] = [
    // The token has rights at Cognito that the origin does not need, and whoever has it is the caller.
    "authorization",
    // The platform's, after the address that the request is sent to.
    "host",
    // Between two neighbours (RFC 9110 §10.1.1). The client's neighbour has answered it already; the origin's answer to it
    // would be taken for the final one by workerd.
    "expect",
    "forwarded",
    "true-client-ip",
    "x-real-ip",
    "x-request-id",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-original-forwarded-for",
];

/// Beginnings of such names. `cf-` is Cloudflare's, which writes its own when the request leaves.
const OUR_PREFIXES: [&str; 3] = ["x-caller-", "x-forwarded-", "cf-"];

/// How the origin is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// As the client asks.
    AsSent,
    /// For the whole answer, plain: it may be kept, and then serves others than this client. Whether the client has it
    /// already is decided afterwards.
    Whole,
}

/// What the worker knows of the request beside its headers.
pub(super) struct Facts<'a> {
    pub(super) ask: Ask,
    /// The platform's word for who is at the other end.
    pub(super) client_ip: Option<String>,
    pub(super) host: Option<String>,
    pub(super) scheme: &'a str,
    pub(super) request_id: &'a str,
    /// What the client itself accepts, where the platform changed `Accept-Encoding`.
    pub(super) client_accept_encoding: Option<String>,
    pub(super) identity: [(&'static str, String); 4],
}

/// What the origin gets in place of what the client sent.
pub(super) fn for_origin(sent: &Headers, facts: Facts<'_>) -> Headers {
    let mut headers = sent.clone();
    let is_websocket = is_websocket(sent);
    remove_hop_by_hop(&mut headers);
    if is_websocket {
        headers.set("upgrade", "websocket");
    }
    headers.retain(|name| !is_ours(name));
    if facts.ask == Ask::Whole {
        headers.remove("if-none-match");
        headers.remove("if-modified-since");
    }
    let codings = facts.client_accept_encoding.as_deref().or(sent.get("accept-encoding"));
    headers.set("accept-encoding", accept_encoding(facts.ask, codings));
    if let Some(client_ip) = facts.client_ip {
        headers.set("x-forwarded-for", client_ip);
    }
    if let Some(host) = facts.host {
        headers.set("x-forwarded-host", host);
    }
    headers.set("x-forwarded-proto", facts.scheme);
    headers.set("x-request-id", facts.request_id);
    for (name, value) in facts.identity {
        headers.set(name, value);
    }
    headers
}

/// Whether a client wants to go on as a WebSocket (RFC 6455 §4.1).
pub(super) fn is_websocket(sent: &Headers) -> bool {
    sent.members("upgrade")
        .any(|protocol| protocol.eq_ignore_ascii_case("websocket"))
}

/// Servers read a header's name in their own ways: CGI and its successors turn whatever is no letter or digit into `_`
/// (RFC 3875 §4.1.18), so `X_Caller.Sub` would be as good as `X-Caller-Sub`.
fn is_ours(name: &str) -> bool {
    let plain: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    OURS.contains(&plain.as_str()) || OUR_PREFIXES.iter().any(|prefix| plain.starts_with(prefix))
}

/// The content codings that the origin may use (RFC 9110 §12.5.3): those that both the client and the platform know. What is
/// kept is plain: not every client knows a coding.
fn accept_encoding(ask: Ask, of_client: Option<&str>) -> String {
    let accepted = |coding: &str| {
        of_client.unwrap_or_default().split(',').any(|member| {
            let (name, weight) = member.split_once(';').unwrap_or((member, ""));
            let weight = weight.trim().to_ascii_lowercase();
            let is_refused = weight
                .strip_prefix("q=")
                .is_some_and(|weight| weight.trim_matches(['0', '.']).is_empty());
            name.trim().eq_ignore_ascii_case(coding) && !is_refused
        })
    };
    let codings: Vec<&str> = ["br", "gzip"].into_iter().filter(|coding| accepted(coding)).collect();
    if ask == Ask::Whole || codings.is_empty() {
        "identity".to_owned()
    } else {
        codings.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn for_origin(pairs: &[(&str, &str)], ask: Ask) -> Headers {
        let facts = Facts {
            ask,
            client_ip: Some("192.0.2.1".to_owned()),
            host: Some("h".to_owned()),
            scheme: "https",
            request_id: "id",
            client_accept_encoding: None,
            identity: [
                ("x-caller-sub", "s".to_owned()),
                ("x-caller-username", "u".to_owned()),
                ("x-caller-scope", String::new()),
                ("x-caller-signature", "t=1,v1=00".to_owned()),
            ],
        };
        super::for_origin(&Headers::with(pairs), facts)
    }

    /// What the origin gets however little the client sends.
    const ALWAYS: [(&str, &str); 9] = [
        ("accept-encoding", "identity"),
        ("x-forwarded-for", "192.0.2.1"),
        ("x-forwarded-host", "h"),
        ("x-forwarded-proto", "https"),
        ("x-request-id", "id"),
        ("x-caller-sub", "s"),
        ("x-caller-username", "u"),
        ("x-caller-scope", ""),
        ("x-caller-signature", "t=1,v1=00"),
    ];

    #[test]
    fn nobody_but_the_worker_says_who_calls() {
        let forged = [
            ("authorization", "Bearer x"),
            ("host", "h"),
            ("expect", "100-continue"),
            ("x-caller-sub", "admin"),
            ("x-caller-groups", "admin"),
            ("x_caller_sub", "admin"),
            ("x-caller_sub", "admin"),
            ("x.caller.sub", "admin"),
            ("X-CALLER-SUB", "admin"),
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-user", "admin"),
            ("x_forwarded_host", "evil"),
            ("forwarded", "for=203.0.113.9"),
            ("x-real-ip", "203.0.113.9"),
            ("x-request-id", "mine"),
            ("cf-connecting-ip", "203.0.113.9"),
            ("cf-access-jwt-assertion", "x"),
            ("true-client-ip", "203.0.113.9"),
            ("connection", "x-caller-sub"),
        ];
        assert_eq!(for_origin(&forged, Ask::AsSent), Headers::with(&ALWAYS));
    }

    #[test]
    fn all_else_goes_through() {
        let sent = [
            ("accept", "text/plain"),
            ("cookie", "a=b"),
            ("content-length", "3"),
            ("if-none-match", "\"x\""),
            ("if-modified-since", "y"),
            ("x-called", "1"),
            ("x-request-id-of-mine", "2"),
        ];
        let mut expected = sent.to_vec();
        expected.extend(ALWAYS);
        assert_eq!(for_origin(&sent, Ask::AsSent), Headers::with(&expected));
        expected.retain(|(name, _)| !name.starts_with("if-"));
        assert_eq!(for_origin(&sent, Ask::Whole), Headers::with(&expected));
    }

    #[test]
    fn only_a_websocket_may_change_the_protocol() {
        let upgraded = |upgrade| {
            let sent = for_origin(&[("upgrade", upgrade), ("connection", "upgrade")], Ask::AsSent);
            sent.get("upgrade").map(str::to_owned)
        };
        assert_eq!(upgraded("WebSocket").as_deref(), Some("websocket"));
        assert_eq!(upgraded("h2c"), None);
    }

    #[test]
    fn the_origin_may_use_a_coding_that_the_client_knows() {
        for (client, origin) in [
            (Some("gzip, deflate, br, zstd"), "br, gzip"),
            (Some("GZIP;q=0.5"), "gzip"),
            (Some("gzip;q=0, br;q=0.0"), "identity"),
            (Some("gzip ; Q=0.001"), "gzip"),
            (Some("deflate"), "identity"),
            (Some(""), "identity"),
            (None, "identity"),
        ] {
            assert_eq!(accept_encoding(Ask::AsSent, client), origin, "{client:?}");
            assert_eq!(accept_encoding(Ask::Whole, client), "identity", "{client:?}");
        }
    }

    proptest! {
        #[test]
        fn no_spelling_of_our_names_reaches_the_origin(
            name in "[xX][-_.!~][cC][aA][lL][lL][eE][rR][-_.!~][a-z_-]{0,9}", value in "[a-z]{3,9}",
        ) {
            prop_assert_eq!(for_origin(&[(&name, &value)], Ask::AsSent), Headers::with(&ALWAYS));
        }
    }
}
