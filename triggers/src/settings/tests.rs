use super::*;

const GOOD: &[(&str, &str)] = &[
    (
        "CHALLENGE_SECRET_ARN",
        "arn:aws:secretsmanager:us-east-1:000000000000:secret:name",
    ),
    ("CODE_TTL_SECONDS", "60"),
    ("MESSAGE_TEMPLATE", "{code} is your code for {app}."),
    ("APP_NAME", "Example"),
    ("ORIGIN_DOMAIN", "example.com"),
    ("SENDER_ID", "Example"),
    ("TEST_NUMBERS", "+15005550001,+15005550002"),
    ("STACK_NAME", "passwordless-edge-dev"),
];

fn phone(number: &str) -> PhoneNumber {
    PhoneNumber::parse(number).unwrap()
}

/// The good settings, but for one.
fn with(name: &str, value: Option<&str>) -> Result<CreateSettings, InvalidSetting> {
    CreateSettings::read(|asked| {
        let good = GOOD.iter().find(|(known, _)| *known == asked).map(|(_, value)| *value);
        if asked == name { value } else { good }.map(str::to_owned)
    })
}

#[test]
fn good_settings_are_taken() {
    let settings = with("", None).unwrap();
    assert_eq!(settings.code_ttl_seconds, 60);
    assert_eq!(settings.app_name, "Example");
    assert_eq!(settings.origin_domain.as_deref(), Some("example.com"));
    assert_eq!(settings.sender_id.as_deref(), Some("Example"));
    let numbers = vec![phone("+15005550001"), phone("+15005550002")];
    assert_eq!(settings.test_numbers, TestNumbers::Listed(numbers));
    assert_eq!(settings.stack_name.as_deref(), Some("passwordless-edge-dev"));
}

#[test]
fn a_required_setting_that_is_missing_or_empty_is_named() {
    for name in [
        "CHALLENGE_SECRET_ARN",
        "CODE_TTL_SECONDS",
        "MESSAGE_TEMPLATE",
        "APP_NAME",
    ] {
        for value in [None, Some("")] {
            assert_eq!(
                with(name, value).unwrap_err().to_string(),
                format!("setting {name} is missing")
            );
        }
    }
}

#[test]
fn an_optional_setting_may_be_missing_or_empty() {
    for value in [None, Some("")] {
        assert_eq!(with("ORIGIN_DOMAIN", value).unwrap().origin_domain, None);
        assert_eq!(with("SENDER_ID", value).unwrap().sender_id, None);
        assert_eq!(with("TEST_NUMBERS", value).unwrap().test_numbers, TestNumbers::None);
        assert_eq!(with("STACK_NAME", value).unwrap().stack_name, None);
    }
}

#[test]
fn a_malformed_setting_is_named_and_not_repeated() {
    for (name, values) in [
        (
            "CODE_TTL_SECONDS",
            &["0", "-1", "901", "60.5", "1e2", " 60", "sixty", "18446744073709551616"][..],
        ),
        ("MESSAGE_TEMPLATE", &["no code", "{code} {cdoe}"]),
        (
            "ORIGIN_DOMAIN",
            &[
                "https://example.com",
                "example.com/x",
                "a b",
                "-a.com",
                "a..b",
                "example.com.",
                "x\ny",
                "é.com",
            ],
        ),
        ("SENDER_ID", &["123", "TwelveLetter", "a b", "é"]),
        (
            "STACK_NAME",
            &["1st-stack-of-all", "a_stack_of_mine", "-", "stack.of.mine"],
        ),
        (
            "TEST_NUMBERS",
            &[
                " ",
                ",",
                "**",
                " *",
                "any",
                "*,+15005550001",
                "+15005550001,*",
                "+1500*",
                "15005550001",
                "+1 500 555 0001",
                "+15005550001,",
                "+15005550001,,+15005550002",
                "+15005550001, +15005550002",
                "+15005550001;+15005550002",
                "+15005550001,+150055500",
                "+15005550001=424242",
                "+0123456789",
            ],
        ),
    ] {
        for value in values {
            let error = with(name, Some(value)).unwrap_err();
            assert!(
                matches!(error, InvalidSetting::Malformed(named, _) if named == name),
                "{name}={value}: {error}"
            );
            assert!(error.to_string().starts_with(&format!("setting {name} must be ")) || name == "MESSAGE_TEMPLATE");
            // Shorter ones are in the rule by chance.
            assert!(value.len() < 12 || !error.to_string().contains(value), "{error}");
        }
    }
}

#[test]
fn the_lifetime_of_a_code_may_be_1_second_to_15_minutes() {
    assert_eq!(with("CODE_TTL_SECONDS", Some("1")).unwrap().code_ttl_seconds, 1);
    assert_eq!(with("CODE_TTL_SECONDS", Some("900")).unwrap().code_ttl_seconds, 900);
}

#[test]
fn test_numbers_are_the_listed_ones_or_any_or_none() {
    let contains = |setting, number| {
        let settings = with("TEST_NUMBERS", setting).unwrap();
        settings.test_numbers.contains(&phone(number))
    };
    for number in ["+15005550001", "+15005550002", "+442079460000"] {
        assert!(contains(Some("+15005550001,+442079460000,+15005550002"), number));
        assert!(contains(Some(number), number));
        assert!(contains(Some("*"), number));
        assert!(!contains(Some(""), number));
        assert!(!contains(None, number));
        assert!(!contains(Some("+15005550003"), number));
    }
    // A number that contains a listed one, or is in it, is another.
    assert!(contains(Some("+4915112345678"), "+4915112345678"));
    assert!(!contains(Some("+4915112345678"), "+491511234567"));
    assert!(!contains(Some("+491511234567"), "+4915112345678"));
}

#[test]
fn where_any_number_may_be_for_tests_none_is_named() {
    let names = |setting| {
        let settings = with("TEST_NUMBERS", setting).unwrap();
        settings.test_numbers.names(&phone("+15005550001"))
    };
    assert!(names(Some("+15005550002,+15005550001")));
    for setting in [Some("+15005550002"), Some("*"), Some(""), None] {
        assert!(!names(setting), "{setting:?}");
    }
}

#[test]
fn verify_needs_the_secret_and_the_lifetime_only() {
    let settings = VerifySettings::read(|name| match name {
        "CHALLENGE_SECRET_ARN" => Some("arn".to_owned()),
        "CODE_TTL_SECONDS" => Some("3".to_owned()),
        _ => None,
    });
    assert_eq!(
        settings,
        Ok(VerifySettings {
            secret_arn: "arn".to_owned(),
            code_ttl_seconds: 3,
            test_numbers: TestNumbers::None,
            stack_name: None,
        })
    );
    assert_eq!(
        VerifySettings::read(|_| None),
        Err(InvalidSetting::Missing("CHALLENGE_SECRET_ARN"))
    );
}

#[test]
fn verify_takes_the_test_numbers_of_create() {
    let read = |numbers: &'static str| {
        let settings = VerifySettings::read(|name| match name {
            "TEST_NUMBERS" => Some(numbers.to_owned()),
            _ => GOOD
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned()),
        });
        settings.map(|settings| settings.test_numbers)
    };
    assert_eq!(
        read("+15005550001"),
        Ok(TestNumbers::Listed(vec![phone("+15005550001")]))
    );
    assert_eq!(read("*"), Ok(TestNumbers::Any));
    assert!(matches!(
        read("15005550001"),
        Err(InvalidSetting::Malformed("TEST_NUMBERS", _))
    ));
}
