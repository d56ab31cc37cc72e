//! How large a worker is: what is uploaded when it is deployed.

use std::fs;
use std::io::Write;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::plan::Bundle;

/// In bytes.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Size {
    pub(crate) raw: usize,
    pub(crate) gzipped: usize,
}

impl Size {
    /// Of all modules one after the other, as wrangler counts.
    pub(crate) fn of(bundle: &Bundle) -> Result<Self> {
        let mut raw = 0;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        for module in &bundle.modules {
            let path = bundle.folder.join(module);
            let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            raw += content.len();
            encoder.write_all(&content)?;
        }
        Ok(Self {
            raw,
            gzipped: encoder.finish()?.len(),
        })
    }
}
