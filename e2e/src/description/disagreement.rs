//! What an answer can have that the description does not, and the other way round.

use std::fmt::{self, Display, Formatter};

/// In what the worker and its description differ. Names places in the description and never what was sent: test output is a
/// log too.
#[derive(Debug, PartialEq, Eq)]
pub enum Disagreement {
    /// The path is not described, and something is there.
    Path,
    /// The path is described without the method, and takes it.
    Method,
    /// The operation has no such status.
    Status,
    /// The status has no body of this media type, or none at all.
    ContentType(String),
    /// A body is described, or there is one, and there is no `Content-Type`.
    NoContentType,
    /// An answer to HEAD has a body.
    BodyOfHead,
    /// The body is no JSON.
    NotJson,
    /// The body does not fit the schema: the place of the rule that refuses it.
    Body(String),
    /// The status has no such code.
    Code,
    /// A header that is described as required is not there.
    MissingHeader(String),
    /// A header does not fit its schema.
    Header(String),
    /// A header that is neither described nor the platform's.
    UndescribedHeader(String),
    /// `Allow` lists other methods than the description.
    Allow,
}

impl Display for Disagreement {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path => formatter.write_str("no such path is described"),
            Self::Method => formatter.write_str("no such method of the path is described"),
            Self::Status => formatter.write_str("no such status is described"),
            Self::ContentType(media_type) => write!(formatter, "no body of type {media_type} is described"),
            Self::NoContentType => formatter.write_str("a body of no type"),
            Self::BodyOfHead => formatter.write_str("there is a body"),
            Self::NotJson => formatter.write_str("the body is no JSON"),
            Self::Body(rule) => write!(formatter, "the body does not fit {rule}"),
            Self::Code => formatter.write_str("no such code is described"),
            Self::MissingHeader(name) => write!(formatter, "the header {name} is required, and is not there"),
            Self::Header(name) => write!(formatter, "the header {name} does not fit its schema"),
            Self::UndescribedHeader(name) => write!(formatter, "the header {name} is not described"),
            Self::Allow => formatter.write_str("`Allow` lists other methods than are described"),
        }
    }
}
