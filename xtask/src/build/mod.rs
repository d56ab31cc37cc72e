//! What is made from the project's sources and deployed: the worker's bundle and the triggers' packages.

pub(crate) mod packages;
pub(crate) mod worker;
