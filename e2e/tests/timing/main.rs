//! How long answers take, compared. A program of its own: cargo runs one test program after the other, so nothing else is asked
//! of the system meanwhile, and within this one the tests take turns.

mod enumeration;
mod known;
mod statistics;
