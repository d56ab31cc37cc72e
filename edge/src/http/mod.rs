//! HTTP as this worker speaks it: routes, request bodies and fields, answers, problems, CORS.

pub(crate) mod body;
pub(crate) mod cors;
pub(crate) mod fields;
pub(crate) mod header;
pub(crate) mod multipart;
pub(crate) mod parameters;
pub(crate) mod problem;
pub(crate) mod reply;
pub(crate) mod route;
