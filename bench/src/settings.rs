//! The settings that all servers get. One list: the peers take from it what they need, so a setting is added here alone.

use anyhow::{Context, Result};
use serde::Deserialize;

/// The user pool in the tokens; `tokens.mjs` reads the same file.
const POOL: &str = include_str!("../pool.json");

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pool {
    region: String,
    user_pool_id: String,
    client_id: String,
}

/// Names and values, the same for every server. Bindings that are no text (`DENY_LIST` is a KV namespace) would be added
/// to the configuration in [`crate::server`]; without that one ours looks nowhere for sign-outs, as its peers do not.
pub(crate) fn settings(keys_port: u16) -> Result<Vec<(&'static str, String)>> {
    let pool: Pool = serde_json::from_str(POOL).context("pool.json")?;
    let jwks = format!(
        "http://127.0.0.1:{keys_port}/{}/.well-known/jwks.json",
        pool.user_pool_id
    );
    Ok(vec![
        ("AWS_REGION", pool.region),
        ("USER_POOL_ID", pool.user_pool_id),
        ("CLIENT_ID", pool.client_id),
        ("JWKS_URL", jwks),
        // Cognito is never called here, and could not be: nothing listens there.
        ("COGNITO_ENDPOINT", "http://127.0.0.1:1/".to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIDBENCH".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secretbench".to_owned()),
        ("CLIENT_SECRET", "clientsecretbench".to_owned()),
        ("PERMIT_KEY", "A".repeat(43)),
        // The peers make every answer anew, so ours must, too.
        ("SECURED_CACHE_SECONDS", "0".to_owned()),
    ])
}
