//! Which numbers codes are sent to, and which have one without.

use challenge::{Code, PhoneNumber};

/// Countries that codes are sent to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AllowedCountries {
    Every,
    /// ISO 3166-1 alpha-2.
    Listed(Vec<String>),
}

impl AllowedCountries {
    /// `*`, or countries separated by commas or blanks; nothing is no country at all. `None` if one is no country that has
    /// phone numbers: a mistake would otherwise refuse everyone there and never be noticed.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.trim() == "*" {
            return Some(Self::Every);
        }
        let words = text.split([',', ' ']).filter(|word| !word.is_empty());
        let listed: Vec<_> = words.map(str::to_ascii_uppercase).collect();
        let are_countries = listed.iter().all(|country| PhoneNumber::is_country(country));
        are_countries.then_some(Self::Listed(listed))
    }

    /// A number that belongs to no country, such as a satellite phone's, is only allowed with every country.
    pub(crate) fn allow(&self, country: Option<&str>) -> bool {
        match self {
            Self::Every => true,
            Self::Listed(listed) => country.is_some_and(|country| listed.iter().any(|allowed| allowed == country)),
        }
    }
}

/// Numbers with a code of their own, to which nothing is sent.
#[derive(Default)]
pub(crate) struct TestNumbers(Vec<(PhoneNumber, Code)>);

impl TestNumbers {
    /// `+15005550001=123456`, several separated by commas or blanks.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let words = text.split([',', ' ']).filter(|word| !word.is_empty());
        let numbers = words.map(|word| {
            let (number, code) = word.split_once('=')?;
            Some((PhoneNumber::parse(number).ok()?, Code::parse(code).ok()?))
        });
        numbers.collect::<Option<Vec<_>>>().map(Self)
    }

    /// The number's code, if it is a test number.
    pub(crate) fn code_of(&self, phone: &PhoneNumber) -> Option<&Code> {
        let found = self.0.iter().find(|(number, _)| number == phone);
        found.map(|(_, code)| code)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_listed_allows_no_country_and_only_a_star_allows_all() {
        let parse = |text: &str| AllowedCountries::parse(text).unwrap();
        assert!(!parse("").allow(Some("US")) && !parse("").allow(None));
        assert!(parse("*").allow(Some("US")) && parse("*").allow(None));
        let listed = parse("US, de AT");
        assert!(listed.allow(Some("US")) && listed.allow(Some("DE")) && listed.allow(Some("AT")));
        assert!(!listed.allow(Some("FR")) && !listed.allow(None));
        for mistake in ["UK", "USA", "US,XX", "US;DE", "* US", "001"] {
            assert_eq!(AllowedCountries::parse(mistake), None, "{mistake}");
        }
    }

    #[test]
    fn test_numbers_are_pairs_of_number_and_code() {
        let numbers = TestNumbers::parse("+15005550001=123456, +15005550002=000000").unwrap();
        let phone = |text| PhoneNumber::parse(text).unwrap();
        assert!(numbers.code_of(&phone("+15005550002")).is_some());
        assert!(numbers.code_of(&phone("+15005550003")).is_none());
        assert!(TestNumbers::parse("").unwrap().is_empty());
        for mistake in [
            "+15005550001",
            "+15005550001=12345",
            "15005550001=123456",
            "+15005550001:123456",
            "x",
        ] {
            assert!(TestNumbers::parse(mistake).is_none(), "{mistake}");
        }
    }
}
