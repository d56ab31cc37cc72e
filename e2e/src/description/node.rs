//! A place in the description, and the way through its references.

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// How many references may lead from one to the next; more are a circle.
const MAX_REFERENCES: usize = 16;

/// A value of the document that knows where it is.
#[derive(Clone)]
pub(super) struct Node<'a> {
    root: &'a Value,
    /// RFC 6901, from the document's root.
    pub(super) pointer: String,
    pub(super) value: &'a Value,
}

impl<'a> Node<'a> {
    /// The whole document.
    pub(super) fn root(root: &'a Value) -> Self {
        Self {
            root,
            pointer: String::new(),
            value: root,
        }
    }

    /// The member of this name, wherever it is kept; none if there is none.
    pub(super) fn member(&self, name: &str) -> Result<Option<Self>> {
        let Some(value) = self.value.get(name) else {
            return Ok(None);
        };
        self.at(name, value).resolved().map(Some)
    }

    /// The member of this name, which has to be there.
    pub(super) fn expect(&self, name: &str) -> Result<Self> {
        let member = self.member(name)?;
        member.with_context(|| format!("there is no {}/{name}", self.pointer))
    }

    /// All members, or none if this is no object.
    pub(super) fn members(&self) -> Result<Vec<(&'a str, Self)>> {
        let members = self.value.as_object().into_iter().flatten();
        members
            .map(|(name, value)| Ok((name.as_str(), self.at(name, value).resolved()?)))
            .collect()
    }

    /// All items, or none if this is no array.
    pub(super) fn items(&self) -> Result<Vec<Self>> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items
            .map(|(index, value)| self.at(&index.to_string(), value).resolved())
            .collect()
    }

    /// The text of a member; none if there is none, or if it is something else.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.value.get(name)?.as_str()
    }

    fn at(&self, name: &str, value: &'a Value) -> Self {
        let name = name.replace('~', "~0").replace('/', "~1");
        Self {
            root: self.root,
            pointer: format!("{}/{name}", self.pointer),
            value,
        }
    }

    /// What a reference leads to; the place itself if it is none. Siblings of `$ref` say nothing here but in schemas, which
    /// the validator reads by itself.
    fn resolved(mut self) -> Result<Self> {
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = self.text("$ref") else {
                return Ok(self);
            };
            let Some(pointer) = reference.strip_prefix('#') else {
                bail!("{} leads out of the document", self.pointer);
            };
            let Some(value) = self.root.pointer(pointer) else {
                bail!("{} leads nowhere", self.pointer);
            };
            pointer.clone_into(&mut self.pointer);
            self.value = value;
        }
        bail!("{} leads in a circle", self.pointer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_is_followed_to_where_the_thing_is_kept() {
        let document = json!({
            "a/b": { "$ref": "#/kept/one" }, "kept": { "one": { "$ref": "#/kept/two" }, "two": { "x": "y" } },
        });
        let root = Node::root(&document);
        let found = root.member("a/b").unwrap().unwrap();
        assert_eq!((found.pointer.as_str(), found.text("x")), ("/kept/two", Some("y")));
        let kept = root.member("kept").unwrap().unwrap();
        assert_eq!(kept.members().unwrap()[1].1.pointer, "/kept/two");
        assert!(root.member("nothing").unwrap().is_none());
    }

    #[test]
    fn a_reference_to_nothing_or_to_itself_is_an_error() {
        let document = json!({
            "nothing": { "$ref": "#/x" }, "itself": { "$ref": "#/itself" }, "elsewhere": { "$ref": "other.yaml" },
        });
        for name in ["nothing", "itself", "elsewhere"] {
            assert!(Node::root(&document).member(name).is_err(), "{name}");
        }
    }
}
