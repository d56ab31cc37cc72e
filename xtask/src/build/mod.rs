//! What is made from the project's sources and deployed, the worker's bundle, its static files and the triggers' packages; and
//! the workers that the worker is measured against.

pub(crate) mod arm64;
pub(crate) mod elf;
pub(crate) mod packages;
pub(crate) mod page;
pub(crate) mod peers;
pub(crate) mod worker;
