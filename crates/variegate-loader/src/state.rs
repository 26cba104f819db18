//! Where a loader stands, as a small token: data that says where to go on, and refuses to lie.

use serde_json::json;
use variegate_picture::key::VALUE_VERSION;
use variegate_picture::{Error, Result};

/// Where a loader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The fingerprint of the pipeline.
    pub pipeline: u64,
    /// The fingerprint of the data set.
    pub source: u64,
    /// The seed of the order.
    pub seed: u64,
    /// Whether epochs are shuffled.
    pub shuffle: bool,
    /// The fingerprint of weights and repeats; 0 where each sample comes once.
    pub sampling: u64,
    /// The fingerprint of the samples that are excluded; 0 where none is.
    pub excluded: u64,
    /// The epoch.
    pub epoch: u64,
    /// Samples of the epoch already delivered, over all shards.
    pub samples: u64,
}

impl Token {
    /// Writes it as JSON, well under a kilobyte.
    pub fn to_json(&self) -> String {
        json!({
            "variegate_state": 1,
            "values": VALUE_VERSION,
            "pipeline": format!("{:016x}", self.pipeline),
            "source": format!("{:016x}", self.source),
            "seed": self.seed.to_string(),
            "shuffle": self.shuffle,
            "sampling": format!("{:016x}", self.sampling),
            "excluded": format!("{:016x}", self.excluded),
            "epoch": self.epoch,
            "samples": self.samples,
        })
        .to_string()
    }

    /// Reads JSON written by [`Token::to_json`].
    pub fn from_json(text: &str) -> Result<Self> {
        let broken =
            |what: &str| Error::parameter(format!("not a state token: {what}; give what loader.state() returned"));
        if text.len() > 4096 {
            return Err(broken("longer than 4096 bytes"));
        }
        let value: serde_json::Value = serde_json::from_str(text).map_err(|e| broken(&e.to_string()))?;
        let number = |name: &str| {
            value.get(name).and_then(serde_json::Value::as_u64).ok_or_else(|| broken(&format!("no number {name:?}")))
        };
        let text = |name: &str| {
            value.get(name).and_then(serde_json::Value::as_str).ok_or_else(|| broken(&format!("no text {name:?}")))
        };
        let hex = |name: &str| {
            u64::from_str_radix(text(name)?, 16).map_err(|_| broken(&format!("{name:?} is no fingerprint")))
        };
        if number("variegate_state")? != 1 {
            return Err(broken("an unknown version"));
        }
        if number("values")? != VALUE_VERSION {
            return Err(Error::parameter(format!(
                "the token was made with value version {}, this is version {VALUE_VERSION}: the bytes would differ; start the epoch anew",
                number("values")?
            )));
        }
        Ok(Self {
            pipeline: hex("pipeline")?,
            source: hex("source")?,
            seed: text("seed")?.parse().map_err(|_| broken("the seed is no number"))?,
            shuffle: value
                .get("shuffle")
                .and_then(serde_json::Value::as_bool)
                .ok_or_else(|| broken("no \"shuffle\""))?,
            sampling: hex("sampling")?,
            excluded: hex("excluded")?,
            epoch: number("epoch")?,
            samples: number("samples")?,
        })
    }

    /// Refuses a token that belongs to something else, and says what differs.
    pub fn check(&self, own: &Token) -> Result<()> {
        let mut differs = Vec::new();
        if self.pipeline != own.pipeline {
            differs.push("the pipeline");
        }
        if self.source != own.source {
            differs.push("the data set (its files, their order or labels)");
        }
        if self.seed != own.seed {
            differs.push("the seed");
        }
        if self.shuffle != own.shuffle {
            differs.push("shuffle");
        }
        if self.sampling != own.sampling {
            differs.push("how often samples come (weights, balanced, repeats)");
        }
        if self.excluded != own.excluded {
            differs.push("the samples that are excluded");
        }
        if differs.is_empty() {
            return Ok(());
        }
        Err(Error::parameter(format!(
            "the token belongs to another run: {} changed since; resume with what it was made with, or start anew",
            differs.join(", ")
        )))
    }
}
