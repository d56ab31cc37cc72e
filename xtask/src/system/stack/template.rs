//! What the template asks for.

/// The names of the template's parameters: the keys below `Parameters:`, two blanks deep. A reader of all of YAML would have to
/// know CloudFormation's tags; this holds for how the template is written, which a test of it would tell.
pub(crate) fn parameters(template: &str) -> Vec<&str> {
    template
        .lines()
        .skip_while(|line| !line.starts_with("Parameters:"))
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with([' ', '#']))
        .filter_map(|line| {
            let name = line.strip_prefix("  ")?.strip_suffix(':')?;
            name.chars().all(|c| c.is_ascii_alphanumeric()).then_some(name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_between_their_heading_and_the_next() {
        let template = "Description: x\nParameters:\n  One:\n    Type: String\n    Default:\n  # Two:\n\n  Three:\n    \
            Description: >-\n      text:\nResources:\n  Four:\n    Type: X\n";
        assert_eq!(parameters(template), ["One", "Three"]);
    }

    #[test]
    fn those_of_our_template_are_found() {
        let template = include_str!("../../../../infra/template.yaml");
        let found = parameters(template);
        for name in [
            "AppName",
            "CodeBucket",
            "DefineCodeKey",
            "DeletionProtection",
            "Architecture",
        ] {
            assert!(found.contains(&name), "{name} of {found:?}");
        }
        // As many as have a type.
        let section = template.split_once("\nParameters:\n").unwrap().1;
        let section = section.split_once("\nResources:\n").unwrap().0;
        assert_eq!(found.len(), section.matches("\n    Type: ").count());
    }
}
