//! The name of a test in a document, `path/from/the/root.rs::name`, and whether there is such a test.
//!
//! Rust: a function under `#[test]` or `#[tokio::test]`. Python: `def test_…`. JavaScript and TypeScript: the title between
//! double quotes, of `test(…)` or `it(…)`: `page/tests/code.test.ts::"a code is six digits"`. One that is skipped proves nothing.

use std::fs;
use std::path::Path;

/// A test that a document names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Proof<'a> {
    file: &'a str,
    test: &'a str,
    language: Language,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Language {
    Rust,
    Python,
    Script,
}

impl<'a> Proof<'a> {
    /// None if the text is no name of a test: another piece of code, or a file alone.
    pub(super) fn parse(code: &'a str) -> Option<Self> {
        let (file, test) = code.split_once("::")?;
        let language = match Path::new(file).extension()?.to_str()? {
            "rs" => Language::Rust,
            "py" => Language::Python,
            "ts" | "mjs" | "js" => Language::Script,
            _ => return None,
        };
        Some(Self { file, test, language })
    }

    /// What is wrong with it, if anything.
    pub(super) fn fault(&self, root: &Path) -> Option<String> {
        let Ok(text) = fs::read_to_string(root.join(self.file)) else {
            return Some(format!("there is no file {}", self.file));
        };
        let is_there = match self.language {
            Language::Rust => is_rust_test(&text, self.test),
            Language::Python => is_python_test(&text, self.test),
            Language::Script => is_script_test(&text, self.test),
        };
        (!is_there).then(|| format!("{} has no test {}", self.file, self.test))
    }
}

fn is_rust_test(text: &str, name: &str) -> bool {
    let declared = format!("fn {name}");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(at, line)| {
        let is_it = line
            .split_once(&declared)
            .is_some_and(|(before, rest)| matches!(before, "" | "async ") && rest.starts_with(['(', '<']));
        // Other attributes and comments may stand between the function and the attribute that makes it a test.
        let above: Vec<&str> = lines[..at]
            .iter()
            .rev()
            .copied()
            .take_while(|line| line.starts_with("#[") || line.starts_with("//"))
            .collect();
        let has = |attribute: &str| above.iter().any(|line| line.starts_with(attribute));
        is_it && (has("#[test]") || has("#[tokio::test")) && !has("#[ignore")
    })
}

fn is_python_test(text: &str, name: &str) -> bool {
    let declared = format!("def {name}(");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    name.starts_with("test_")
        && lines.iter().enumerate().any(|(at, line)| {
            let is_it = matches!(line.split_once(&declared), Some(("" | "async ", _)));
            let mut decorators = lines[..at].iter().rev().take_while(|line| line.starts_with('@'));
            is_it && !decorators.any(|line| line.contains("skip"))
        })
}

fn is_script_test(text: &str, quoted_title: &str) -> bool {
    let is_quoted = quoted_title.len() > 2 && quoted_title.starts_with('"') && quoted_title.ends_with('"');
    is_quoted
        && text.match_indices(quoted_title).any(|(at, _)| {
            let before = text[..at].trim_end();
            let called = before.strip_suffix('(').unwrap_or_default();
            let begin = called
                .rfind(|sign: char| !sign.is_alphanumeric() && sign != '.')
                .map_or(0, |at| at + 1);
            matches!(&called[begin..], "test" | "it")
        })
}

#[test]
fn only_names_of_tests_are_taken_for_them() {
    assert_eq!(
        Proof::parse("a/b.rs::c"),
        Some(Proof {
            file: "a/b.rs",
            test: "c",
            language: Language::Rust
        })
    );
    for code in [
        "a/b.rs",
        "std::fs",
        "a/b.md::c",
        "AWS::Lambda::Function",
        "cargo xtask test",
    ] {
        assert_eq!(Proof::parse(code), None, "{code}");
    }
}

#[test]
fn a_rust_test_is_a_function_with_the_attribute() {
    let text = "#[test]\nfn proves() {}\n\n    #[tokio::test(start_paused = true)]\n    // why\n    async fn waits() {}\n\
        #[test]\n#[ignore]\nfn later() {}\nfn helps() {}\n#[test]\nfn generic<T>() {}\nlet x = \"fn quoted()\";\n";
    for name in ["proves", "waits", "generic"] {
        assert!(is_rust_test(text, name), "{name}");
    }
    for name in ["prove", "proves2", "later", "helps", "quoted", ""] {
        assert!(!is_rust_test(text, name), "{name}");
    }
}

#[test]
fn a_python_test_is_a_function_whose_name_says_so() {
    let text = "class A:\n    def test_one(self):\n        pass\n\n    def helps(self):\n        pass\n# def test_no(self):\n    @unittest.skip(\"off\")\n    def test_off(self):\n";
    assert!(is_python_test(text, "test_one"));
    for name in ["test_on", "helps", "test_no", "test_off", "test_two"] {
        assert!(!is_python_test(text, name), "{name}");
    }
}

#[test]
fn a_script_test_is_a_call_with_the_title() {
    let text = "test(\"a page\", async () => {});\n  it(\n  \"another\", f);\nattest(\"no\");\nlog(\"said\");\ntest.skip(\"off\");\n";
    for title in ["\"a page\"", "\"another\""] {
        assert!(is_script_test(text, title), "{title}");
    }
    for title in ["a page", "\"page\"", "\"no\"", "\"said\"", "\"off\"", "\"\""] {
        assert!(!is_script_test(text, title), "{title}");
    }
}

#[test]
fn a_file_or_test_that_is_missing_is_noticed() {
    let root = super::root();
    let fault = |code: &str| Proof::parse(code).and_then(|proof| proof.fault(root));
    let this = "xtask/src/conformance/proof.rs";
    assert_eq!(
        fault(&format!("{this}::a_file_or_test_that_is_missing_is_noticed")),
        None
    );
    assert_eq!(
        fault(&format!("{this}::fault")),
        Some(format!("{this} has no test fault"))
    );
    assert_eq!(
        fault("xtask/none.rs::x"),
        Some("there is no file xtask/none.rs".to_owned())
    );
}
