//! What Guards are called. Names are all that the platform shows of them, so they hold neither numbers nor addresses.

use std::net::IpAddr;

use challenge::{PermitKey, PhoneNumber};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// HKDF label: shares nothing with what else follows from the same key.
const KEY_LABEL: &[u8] = b"passwordless-edge/guard/v1";

/// Bytes of a hash that are kept: enough that no two identifiers ever meet.
const HASH_LENGTH: usize = 16;

/// Names Guards under a key.
pub(crate) struct GuardNames(Hmac<Sha256>);

/// Where a request comes from, as far as limits care.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Client {
    /// This machine. Only in development: on Cloudflare no client has such an address.
    Local,
    /// An IPv4 address, or the /64 of an IPv6 address, which is what one household or server is given.
    Network(String),
    /// The platform did not say. All of those together are one client.
    Unknown,
}

impl Client {
    /// Reads `CF-Connecting-IP`, which Cloudflare sets and no client can.
    pub(crate) fn read(address: Option<&str>) -> Self {
        let Some(address) = address.and_then(|text| text.trim().parse::<IpAddr>().ok()) else {
            return Self::Unknown;
        };
        match address.to_canonical() {
            local if local.is_loopback() => Self::Local,
            IpAddr::V4(address) => Self::Network(address.to_string()),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self::Network(format!("{a:x}:{b:x}:{c:x}:{d:x}::/64"))
            }
        }
    }
}

impl GuardNames {
    /// `key` is `GUARD_KEY`; without one the names follow from the permit key. `None` only if HKDF or HMAC refused their fixed
    /// lengths.
    pub(crate) fn new(key: Option<&str>, permit_key: &PermitKey) -> Option<Self> {
        let permit_key = permit_key.to_base64url();
        let mut derived = [0; 32];
        Hkdf::<Sha256>::new(None, key.unwrap_or(&permit_key).as_bytes())
            .expand(KEY_LABEL, &mut derived)
            .ok()?;
        Some(Self(Hmac::new_from_slice(&derived).ok()?))
    }

    /// Tells one number from another in sessions and logs.
    pub(crate) fn number(&self, phone: &PhoneNumber) -> String {
        self.hash("number", phone.as_str())
    }

    /// By what the Guard of a number tells the client's network from others; none if it is not one network.
    pub(crate) fn network(&self, client: &Client) -> Option<String> {
        match client {
            Client::Network(network) => Some(self.hash("address", network)),
            Client::Local | Client::Unknown => None,
        }
    }

    /// The Guard of a client address; none for this machine.
    pub(crate) fn of_client(&self, client: &Client) -> Option<String> {
        match client {
            Client::Local => None,
            Client::Unknown => Some("address/unknown".to_owned()),
            Client::Network(_) => self.network(client).map(|network| format!("address/{network}")),
        }
    }

    fn hash(&self, kind: &str, identifier: &str) -> String {
        let mut mac = self.0.clone();
        // The kind has no blank in it, so no two pairs give the same bytes.
        for part in [kind, " ", identifier] {
            mac.update(part.as_bytes());
        }
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        let kept = bytes.first_chunk::<HASH_LENGTH>().copied().unwrap_or_default();
        format!("{:032x}", u128::from_be_bytes(kept))
    }
}

/// The Guard of a number, by what [`GuardNames::number`] calls it.
pub(super) fn of_number(number: &str) -> String {
    format!("number/{number}")
}

/// The Guard of a country, ISO 3166-1 alpha-2.
pub(super) fn of_country(country: &str) -> String {
    format!("country/{country}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(key: Option<&str>) -> GuardNames {
        GuardNames::new(key, &PermitKey::from_base64url(&"A".repeat(43)).unwrap()).unwrap()
    }

    #[test]
    fn an_ipv6_client_is_its_64_and_an_ipv4_client_its_address() {
        let network = |text| match Client::read(Some(text)) {
            Client::Network(network) => network,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(network("203.0.113.9"), "203.0.113.9");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64");
        assert_ne!(network("2001:db8:1:3::1"), network("2001:db8:1:2::1"));
        // One client, however its address is written.
        assert_eq!(network("::ffff:203.0.113.9"), "203.0.113.9");
    }

    #[test]
    fn only_this_machine_is_local_and_what_is_no_address_is_not() {
        for local in ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", " ::1 "] {
            assert_eq!(Client::read(Some(local)), Client::Local, "{local}");
        }
        for unknown in [
            None,
            Some(""),
            Some("localhost"),
            Some("127.0.0.1, 203.0.113.9"),
            Some("1.2.3"),
        ] {
            assert_eq!(Client::read(unknown), Client::Unknown, "{unknown:?}");
        }
        assert_eq!(names(None).network(&Client::Unknown), None);
        assert_eq!(names(None).of_client(&Client::Local), None);
        assert_eq!(
            names(None).of_client(&Client::Unknown).as_deref(),
            Some("address/unknown")
        );
    }

    #[test]
    fn names_hide_what_they_name_and_differ_by_key_and_kind() {
        let phone = PhoneNumber::parse("+15005550006").unwrap();
        let name = names(None).number(&phone);
        assert_eq!(name.len(), 2 * HASH_LENGTH);
        assert!(name.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(name, names(None).number(&phone));
        assert_ne!(name, names(Some("another key of thirty-two letters")).number(&phone));
        assert_ne!(name, names(None).number(&PhoneNumber::parse("+15005550007").unwrap()));
        assert_ne!(name, names(None).hash("address", phone.as_str()));
    }
}
