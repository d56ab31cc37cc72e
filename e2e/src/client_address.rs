//! Addresses that clients come from, none of which anybody has used in this system: limits outlive a test program.

use std::{
    process,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// How many this program has taken.
static TAKEN: AtomicU32 = AtomicU32::new(0);

/// Two programs, or two runs against one system, begin elsewhere: process number and time decide.
static BEGIN: LazyLock<u32> = LazyLock::new(|| {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    process::id().wrapping_mul(64).wrapping_add(since.subsec_micros())
});

fn next() -> u32 {
    BEGIN.wrapping_add(TAKEN.fetch_add(1, Ordering::Relaxed))
}

/// A /64 of the IPv6 addresses for documentation (RFC 3849), without what follows in an address.
pub fn fresh_network() -> String {
    let number = next();
    format!("2001:db8:{:x}:{:x}", number >> 16, number & 0xffff)
}

/// An IPv6 address in a network of its own.
pub fn fresh_address() -> String {
    format!("{}::1", fresh_network())
}

/// An IPv4 address, of those for benchmarks (RFC 2544).
pub fn fresh_ipv4() -> String {
    let [_, high, middle, low] = (next() % (1 << 17)).to_be_bytes();
    format!("198.{}.{middle}.{low}", 18 + u32::from(high))
}
