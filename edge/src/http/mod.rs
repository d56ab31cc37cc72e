//! HTTP as this worker speaks it: requests, routes, paths, bodies and fields, answers, problems, CORS.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod cors;
pub(crate) mod date;
#[cfg(test)]
mod description;
pub(crate) mod fields;
pub(crate) mod headers;
pub(crate) mod multipart;
pub(crate) mod parameters;
pub(crate) mod path;
pub(crate) mod problem;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod route;
