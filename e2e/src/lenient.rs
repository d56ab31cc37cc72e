//! The worker `lenient`, which a test may load anew: a new isolate that knows nothing, in a location that may know something.
//!
//! `wrangler dev` starts a new isolate when its configuration changes. What the Cache API keeps is on disk and outlives the
//! isolate, as on Cloudflare the cache of a data centre outlives all isolates there (seen with wrangler 4.86.0).

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use crate::{key_server::KeyServer, keys::of_this_run, system::system, waiting::until, worker::Worker};

/// It takes less than a second, on a busy machine several.
const LOADED_WITHIN: Duration = Duration::from_secs(30);

/// Stands where what the tests add begins; what is before it is xtask's.
const MARK: &str = "\n# Added by the tests.\n";

/// The scopes that every secured path of `lenient` needs, and `/secured/call` in addition.
pub const SCOPES: [&str; 2] = ["orders/read", "calls/make"];

/// The worker with a new isolate, which takes the keys of `issuer` from the server ([`KeyServer::for_lenient`]; whoever holds
/// it has the worker for itself). For the location each issuer is another one: under a name that was not used before it knows
/// no keys.
#[track_caller]
pub fn load_anew(server: &KeyServer, issuer: &str) -> Worker {
    load_anew_with(server, issuer, &[])
}

/// The same with further settings, names and values, until it is loaded anew again. Wrangler writes them to its log.
#[track_caller]
pub fn load_anew_with(server: &KeyServer, issuer: &str, settings: &[(&str, &str)]) -> Worker {
    static LOADS: AtomicUsize = AtomicUsize::new(0);
    let load = LOADS.fetch_add(1, Ordering::SeqCst);
    // A setting that shows in answers without a token: by it the new isolate is told from the old one.
    let origin = format!("https://{}.example", of_this_run(&format!("load-{load}")));
    let path = &system().description.lenient_config;
    let mut added = format!(
        "{MARK}[vars]\nJWKS_URL = \"{}\"\nALLOWED_ORIGINS = \"{origin}\"\n",
        server.address(issuer)
    );
    added.extend(settings.iter().map(|(name, value)| format!("{name} = \"{value}\"\n")));
    change(path, &added).unwrap_or_else(|error| panic!("{}: {error}", path.display()));

    let worker = system().lenient();
    until("the worker to be loaded anew", LOADED_WITHIN, || {
        let request = worker.request("GET", "/health").header("origin", &origin);
        let answer = worker.send(&request.body(()).expect("a request"));
        (answer.header("access-control-allow-origin") == Some(&origin)).then_some(())
    });
    worker
}

/// Replaces what the tests added. In one write over what is there, and never shorter: a wrangler that finds an empty or half
/// a configuration ends, and one whose configuration is replaced by another file no longer watches it.
fn change(path: &Path, added: &str) -> io::Result<()> {
    let mut text = fs::read_to_string(path)?;
    let before = text.len();
    text.truncate(text.find(MARK).unwrap_or(before));
    text.push_str(added);
    text.extend(std::iter::repeat_n('\n', before.saturating_sub(text.len())));
    OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes())
}
