//! Dates of HTTP in all three forms that a recipient must take (RFC 9110 §5.6.7).

use std::time::UNIX_EPOCH;

use challenge::UnixSeconds;

/// `None` for what is no date, and for dates before 1970.
pub(crate) fn parse(text: &str) -> Option<UnixSeconds> {
    let time = httpdate::parse_http_date(text).ok()?;
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    Some(UnixSeconds(since.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_forms_are_read() {
        for date in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(parse(date), Some(UnixSeconds(784_111_777)), "{date}");
        }
        for text in ["", "0", "-1", "784111777", "Sun, 06 Nov 1994 08:49:37 CET"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
