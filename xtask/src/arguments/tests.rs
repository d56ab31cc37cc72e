use challenge::PhoneNumber;

use super::*;

fn parse(arguments: &[&str]) -> Result<Task> {
    super::parse(lexopt::Parser::from_args(arguments))
}

#[test]
fn ports_have_the_defaults_of_the_contract() {
    let expected = DevOptions {
        port: 8787,
        aws_port: 4566,
        aws_only: false,
    };
    assert_eq!(parse(&["dev"]).unwrap(), Task::Dev(expected));
}

#[test]
fn options_take_their_value_after_a_space_or_an_equals_sign() {
    let expected = || {
        Task::Dev(DevOptions {
            port: 1,
            aws_port: 65535,
            aws_only: true,
        })
    };
    let spaced = ["dev", "--port", "1", "--aws-port", "65535", "--aws-only"];
    assert_eq!(parse(&spaced).unwrap(), expected());
    let joined = ["dev", "--aws-only", "--port=1", "--aws-port=65535"];
    assert_eq!(parse(&joined).unwrap(), expected());
}

#[test]
fn a_port_that_cannot_be_one_is_refused_by_name() {
    for wrong in ["0", "65536", "-1", "http", ""] {
        let message = format!("{:#}", parse(&["dev", &format!("--port={wrong}")]).unwrap_err());
        assert!(message.contains("--port"), "{wrong}: {message}");
    }
}

#[test]
fn the_worker_and_the_local_aws_cannot_share_a_port() {
    assert!(parse(&["dev", "--port", "4566"]).is_err());
}

#[test]
fn nothing_is_silently_ignored() {
    for wrong in [
        &["dev", "--verbose"][..],
        &["dev", "extra"],
        &["build"],
        &["build", "all"],
        &["build", "edge", "all"],
        &["clean", "everything"],
        &["serve"],
        &["bench", "challenge"],
        &["bench", "edge", "edge"],
        &["bench", "triggers", "--seconds", "2"],
        &["bench", "--only", "new", "triggers"],
        &["attack", "--seed=-1"],
        &["attack", "--seed", "first"],
        &["attack", "--output=x"],
        &["guard"],
        &["guard", "show"],
        &["guard", "forget", "+15005550006"],
        &["guard", "show", "+15005550006", "+15005550007"],
        &["guard", "show", "+15005550006", "--token=x"],
        &["--port", "1"],
    ] {
        assert!(parse(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn steps_can_be_named_several_times() {
    let options = TestOptions {
        only: vec!["format".into(), "bundle".into()],
        keep: true,
    };
    let arguments = ["test", "--only", "format", "--keep", "--only", "bundle"];
    assert_eq!(parse(&arguments).unwrap(), Task::Test(options));
}

#[test]
fn the_worker_is_what_is_measured_unless_something_else_is_named() {
    let expected = || {
        Task::Bench(BenchOptions {
            kind: Bench::Edge,
            rounds: 3,
            seconds: 0.5,
            only: vec!["new".into()],
        })
    };
    let options = ["--rounds", "3", "--seconds", "0.5", "--only", "new"];
    assert_eq!(parse(&[&["bench"][..], &options].concat()).unwrap(), expected());
    assert_eq!(parse(&[&["bench", "edge"][..], &options].concat()).unwrap(), expected());
}

#[test]
fn starts_of_triggers_are_measured_more_often_than_loads_of_the_worker() {
    let rounds = |arguments: &[&str]| match parse(arguments).unwrap() {
        Task::Bench(options) => (options.kind, options.rounds),
        other => panic!("{other:?}"),
    };
    assert_eq!(rounds(&["bench"]), (Bench::Edge, 5));
    assert_eq!(rounds(&["bench", "triggers"]), (Bench::Triggers, 15));
    assert_eq!(rounds(&["bench", "triggers", "--rounds", "3"]), (Bench::Triggers, 3));
}

#[test]
fn scenarios_can_be_named_and_so_can_the_seed() {
    let options = AttackOptions {
        scenarios: vec!["guess".into(), "number".into()],
        seed: Some(7),
    };
    let arguments = ["attack", "guess", "--seed", "7", "number"];
    assert_eq!(parse(&arguments).unwrap(), Task::Attack(options));
    assert_eq!(parse(&["attack"]).unwrap(), Task::Attack(AttackOptions::default()));
}

#[test]
fn each_order_can_be_given_for_a_number() {
    for order in GuardOrder::ALL {
        let options = |url: &str| {
            Task::Guard(GuardOptions {
                order,
                number: PhoneNumber::parse("+15005550006").unwrap(),
                url: url.to_owned(),
            })
        };
        let arguments = ["guard", order.name(), "+15005550006"];
        assert_eq!(parse(&arguments).unwrap(), options("http://127.0.0.1:8787"));
        let elsewhere = ["--url", "https://api.example.com"];
        assert_eq!(
            parse(&[&arguments[..], &elsewhere].concat()).unwrap(),
            options("https://api.example.com")
        );
    }
}

#[test]
fn what_is_no_number_is_refused_without_repeating_it() {
    for wrong in ["15005550007", "+1500555000x", "+999150055500", "+1 500 555 0006", "+"] {
        let message = format!("{:#}", parse(&["guard", "show", wrong]).unwrap_err());
        assert!(message.contains("E.164"), "{message}");
        assert!(wrong == "+" || !message.contains(wrong), "{message}");
    }
}

#[test]
fn a_number_out_of_range_is_refused_by_name() {
    for (option, wrong) in [
        ("--rounds", "0"),
        ("--rounds", "1.5"),
        ("--seconds", "0"),
        ("--seconds", "NaN"),
    ] {
        let message = format!("{:#}", parse(&["bench", option, wrong]).unwrap_err());
        assert!(message.contains(option), "{wrong}: {message}");
    }
}

#[test]
fn help_is_offered_everywhere() {
    for arguments in [
        &[][..],
        &["help"],
        &["--help"],
        &["dev", "-h"],
        &["bench", "-h"],
        &["build", "--help"],
        &["attack", "guess", "--help"],
        &["guard", "-h"],
    ] {
        assert_eq!(parse(arguments).unwrap(), Task::Help);
    }
}
