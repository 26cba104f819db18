//! How stores are spoken to, and the stores that are open.
//!
//! A source holds one [`Storage`] and opens its paths through it: each bucket is one [`Store`], with its connections,
//! its retries and its cache. What is asked of a store beyond that is the store's own options, handed on as they are.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use variegate_picture::{Error, Result};

use super::{SCHEMES, Store};

/// How stores are spoken to.
#[derive(Clone, Debug, PartialEq)]
pub struct StorageOptions {
    /// How often a request that failed is made again.
    pub retries: u32,
    /// How long one request may take.
    pub attempt_limit: Duration,
    /// How long a read may take with all its retries.
    pub time_limit: Duration,
    /// A folder for what was read; none to keep nothing.
    pub cache: Option<PathBuf>,
    /// The most bytes that folder may hold.
    pub cache_bytes: u64,
    /// Options of the store, by the names that `object_store` gives them; those of the environment unless given.
    pub store: BTreeMap<String, String>,
}

impl Default for StorageOptions {
    fn default() -> Self {
        Self {
            retries: 5,
            attempt_limit: Duration::from_secs(20),
            time_limit: Duration::from_secs(60),
            cache: None,
            cache_bytes: 10 << 30,
            store: BTreeMap::new(),
        }
    }
}

impl StorageOptions {
    /// Options by name, as configurations give them; times in seconds. What is none of ours is the store's.
    ///
    /// # Errors
    ///
    /// When a value is not what its option takes.
    pub fn from_named(named: BTreeMap<String, String>) -> Result<Self> {
        let mut options = Self::default();
        for (name, value) in named {
            let wrong = |expected: &str| Error::parameter(format!("storage: {name}={value:?}; expected {expected}"));
            let seconds = || {
                let seconds = value.parse::<f64>().ok().filter(|seconds| *seconds > 0.0 && *seconds <= 86_400.0);
                seconds.map(Duration::from_secs_f64).ok_or_else(|| wrong("seconds above 0"))
            };
            match name.as_str() {
                "retries" => options.retries = value.parse().map_err(|_| wrong("a whole number from 0"))?,
                "attempt_limit" => options.attempt_limit = seconds()?,
                "time_limit" => options.time_limit = seconds()?,
                "cache" => options.cache = Some(PathBuf::from(&value)),
                "cache_bytes" => options.cache_bytes = value.parse().map_err(|_| wrong("a whole number of bytes"))?,
                _ => drop(options.store.insert(name, value)),
            }
        }
        Ok(options)
    }
}

/// The stores of a source, opened when they are first asked for.
#[derive(Clone, Debug, Default)]
pub struct Storage {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    options: StorageOptions,
    open: Mutex<HashMap<String, Arc<dyn Store>>>,
}

impl Storage {
    /// Stores spoken to in one way.
    pub fn new(options: StorageOptions) -> Self {
        Self { inner: Arc::new(Inner { options, open: Mutex::default() }) }
    }

    /// The store of a path, and the object's name in it.
    ///
    /// # Errors
    ///
    /// When the path names no bucket or host, and when the store's options are wrong.
    pub fn open(&self, path: &Path) -> Result<(Arc<dyn Store>, String)> {
        let (root, name) = split(path)?;
        let mut open = self.inner.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = open.get(root) {
            return Ok((store.clone(), name.to_string()));
        }
        let store = made(root, &self.inner.options)?;
        open.insert(root.to_string(), store.clone());
        Ok((store, name.to_string()))
    }
}

/// A path as the root of its store, such as `s3://bucket`, and a name in it without slashes at its ends.
fn split(path: &Path) -> Result<(&str, &str)> {
    let wrong =
        || Error::parameter(format!("{} names no bucket; expected a path such as s3://bucket/folder", path.display()));
    let text = path.to_str().ok_or_else(wrong)?;
    let scheme = SCHEMES.iter().find(|scheme| text.starts_with(**scheme)).ok_or_else(wrong)?;
    let end = text[scheme.len()..].find('/').map_or(text.len(), |slash| scheme.len() + slash);
    if end == scheme.len() {
        return Err(wrong());
    }
    Ok((&text[..end], text[end..].trim_matches('/')))
}

#[cfg(feature = "remote")]
fn made(root: &str, options: &StorageOptions) -> Result<Arc<dyn Store>> {
    Ok(Arc::new(super::remote::Remote::new(root, options)?))
}

#[cfg(not(feature = "remote"))]
fn made(root: &str, _options: &StorageOptions) -> Result<Arc<dyn Store>> {
    Err(Error::unsupported(format!("{root}: this build reads no object stores; build it with the feature remote")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_root_and_a_name() {
        assert_eq!(split(Path::new("s3://bucket/a/b.jpg")).expect("splits"), ("s3://bucket", "a/b.jpg"));
        assert_eq!(split(Path::new("gs://bucket")).expect("splits"), ("gs://bucket", ""));
        assert_eq!(split(Path::new("https://host:99/a/")).expect("splits"), ("https://host:99", "a"));
        for wrong in ["s3://", "s3:///a", "a/b", "ftp://host/a"] {
            assert!(split(Path::new(wrong)).expect_err(wrong).message().contains("names no bucket"));
        }
    }
}
