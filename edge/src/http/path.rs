//! Paths as different servers may read them.
//!
//! A rule about a path must hold however the path is written. Servers decode percent-encoding, merge slashes, cut path
//! parameters (`;v=1`) and ignore case, each in its own way; where they could end at different places, a path has no
//! comparable form.

use std::borrow::Cow;

/// The path's segments in one comparable form: decoded, in lower case, without empty ones and without parameters. `None`
/// if, decoded, a segment is a dot segment or holds a slash, a backslash, a control character, or bytes that are not UTF-8.
pub(crate) fn comparable_segments(path: &str) -> Option<Vec<String>> {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        let decoded = percent_decoded(segment)?;
        let name = decoded.split(';').next().unwrap_or_default();
        let ambiguous = name
            .chars()
            .any(|letter| matches!(letter, '/' | '\\' | '%') || letter.is_control());
        if ambiguous || matches!(name, "." | "..") {
            return None;
        }
        if !name.is_empty() {
            segments.push(name.to_lowercase());
        }
    }
    Some(segments)
}

/// `None` for what is not UTF-8 when decoded.
fn percent_decoded(segment: &str) -> Option<Cow<'_, str>> {
    percent_encoding::percent_decode_str(segment).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_path_compare_equal() {
        let plain = comparable_segments("/secured/orders/7").unwrap();
        assert_eq!(plain, ["secured", "orders", "7"]);
        for spelling in [
            "/secured/orders/7/",
            "//secured//orders/7",
            "/secured/%6frders/7",
            "/SECURED/Orders/7",
            "/secured/orders;a=b/7",
        ] {
            assert_eq!(comparable_segments(spelling).as_ref(), Some(&plain), "{spelling}");
        }
        assert_ne!(comparable_segments("/secured/orders/8"), Some(plain));
    }

    #[test]
    fn paths_that_could_be_read_in_two_ways_have_no_form() {
        for path in [
            "/secured/..",
            "/secured/%2e%2e/x",
            "/secured/a%2Fb",
            "/secured/a\\b",
            "/secured/a%5Cb",
            "/secured/a%0d",
            "/secured/%ff",
            // Decoded twice, as two servers in a row would, this is a slash.
            "/secured/a%252fb",
        ] {
            assert_eq!(comparable_segments(path), None, "{path}");
        }
    }
}
