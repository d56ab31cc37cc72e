//! The access token as a request carries it: RFC 6750 §2.1, in the `Authorization` header and nowhere else.

/// Longest token that is looked at, in characters. Cognito's access tokens are about 1,100.
const MAX_LENGTH: usize = 8_192;

/// What the `Authorization` header holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Bearer<'a> {
    /// No header, or another scheme: the client made no attempt with a token (RFC 6750 §3.1).
    Absent,
    /// The bearer scheme, but what follows cannot be one token.
    Malformed,
    Token(&'a str),
}

impl<'a> Bearer<'a> {
    /// Reads the header. A token is taken as it is: one word of at most 8 KiB. Several `Authorization` headers reach a worker as one value joined by commas, which no token
    /// contains: they end as [`Bearer::Malformed`].
    pub(crate) fn parse(authorization: Option<&'a str>) -> Self {
        let Some(authorization) = authorization else {
            return Self::Absent;
        };
        let authorization = authorization.trim_matches(' ');
        let (scheme, rest) = authorization.split_once(' ').unwrap_or((authorization, ""));
        // RFC 9110 §11.1: the scheme's name is case-insensitive.
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Self::Absent;
        }
        let token = rest.trim_matches(' ');
        // Which characters it has is looked at when it is decoded, and a token that was verified before is not decoded.
        // One letter at a time: those searches go by words of memory, one for both would go by characters.
        if (1..=MAX_LENGTH).contains(&token.len()) && !token.contains(' ') && !token.contains(',') {
            Self::Token(token)
        } else {
            Self::Malformed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_is_read_in_any_case_and_the_token_after_any_spaces() {
        for header in ["Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c ", " Bearer a.b.c"] {
            assert_eq!(Bearer::parse(Some(header)), Bearer::Token("a.b.c"), "{header}");
        }
    }

    #[test]
    fn no_header_or_another_scheme_is_no_attempt() {
        for header in [
            None,
            Some(""),
            Some("Basic dXNlcjpwYXNz"),
            Some("a.b.c"),
            Some("Bearerx a.b.c"),
        ] {
            assert_eq!(Bearer::parse(header), Bearer::Absent, "{header:?}");
        }
    }

    #[test]
    fn anything_but_one_token_is_malformed() {
        let too_long = format!("Bearer {}", "a".repeat(MAX_LENGTH + 1));
        for header in [
            "Bearer",
            "Bearer ",
            "Bearer a.b.c, Bearer d.e.f",
            "Bearer a.b.c d.e.f",
            too_long.as_str(),
        ] {
            assert_eq!(Bearer::parse(Some(header)), Bearer::Malformed, "{header}");
        }
        let longest = format!("Bearer {}", "a".repeat(MAX_LENGTH));
        assert!(matches!(Bearer::parse(Some(&longest)), Bearer::Token(_)));
    }
}
