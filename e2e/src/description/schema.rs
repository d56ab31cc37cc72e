//! The schemas of the description, compiled (JSON Schema 2020-12, the dialect of OpenAPI 3.1).

use std::{cell::RefCell, collections::HashMap, sync::Arc};

use anyhow::{Context, Result, anyhow};
use jsonschema::{Draft, Registry, Validator};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use super::{disagreement::Disagreement, node::Node};

/// What the document is called inside the validator. Nothing is fetched from there.
const NAME: &str = "json-schema:///openapi";

/// What a JSON Pointer in a URI's fragment is encoded for (RFC 6901 §6): path templates have braces.
const NOT_IN_A_FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'{')
    .add(b'}');

/// Compiles schemas where they stand, so that their references lead to the document.
pub(super) struct Compiler<'a> {
    registry: Registry<'a>,
    /// By where it stands: most answers share theirs with others.
    compiled: RefCell<HashMap<String, Schema>>,
}

/// A compiled schema.
#[derive(Clone)]
pub(super) struct Schema(Arc<Compiled>);

struct Compiled {
    /// Where it stands in the document.
    pointer: String,
    validator: Validator,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(document: &'a Value) -> Result<Self> {
        let registry = Registry::new().draft(Draft::Draft202012).add(NAME, document)?;
        Ok(Self {
            registry: registry.prepare()?,
            compiled: RefCell::default(),
        })
    }

    pub(super) fn schema(&self, schema: &Node<'_>) -> Result<Schema> {
        if let Some(compiled) = self.compiled.borrow().get(&schema.pointer) {
            return Ok(compiled.clone());
        }
        let compiled = self.compile(schema)?;
        let pointer = schema.pointer.clone();
        self.compiled.borrow_mut().insert(pointer, compiled.clone());
        Ok(compiled)
    }

    fn compile(&self, schema: &Node<'_>) -> Result<Schema> {
        let pointer = utf8_percent_encode(&schema.pointer, NOT_IN_A_FRAGMENT);
        let reference = json!({ "$ref": format!("{NAME}#{pointer}") });
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .build(&reference)
            .map(|validator| {
                let pointer = schema.pointer.clone();
                Schema(Arc::new(Compiled { pointer, validator }))
            })
            // It shows the schema, which is no secret.
            .map_err(|error| anyhow!("{error}"))
            .with_context(|| format!("the schema at {} is none", schema.pointer))
    }
}

impl Schema {
    pub(super) fn allows(&self, value: &Value) -> bool {
        self.0.validator.is_valid(value)
    }

    /// Checks a body; the error says which rule refuses it, and not what it refuses.
    pub(super) fn check(&self, body: &Value) -> Result<(), Disagreement> {
        let Compiled { pointer, validator } = &*self.0;
        validator.validate(body).map_err(|error| {
            // From the reference that was compiled, which is ours.
            let way = error.evaluation_path().to_string();
            let way = way.strip_prefix("/$ref").unwrap_or(&way);
            Disagreement::Body(format!("{pointer}{way}"))
        })
    }
}
