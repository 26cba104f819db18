//! An object store over the network, behind calls that block.
//!
//! [`Storage`](super::Storage) makes one for each bucket. It owns a thread that keeps the connections, makes requests
//! again with growing pauses, counts the bytes of every answer, and reads ahead what it is told to expect, within a
//! number of bytes. An answer that is short, long or late is a failed attempt; it is never handed on.

use std::collections::HashMap;
use std::ops::Range;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::path::Path;
use object_store::{ClientConfigKey, ClientOptions, GetOptions, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use variegate_picture::{Error, Result};

use super::cache::Cache;
use crate::Limits;

use super::told::{bare, is_bare, late, passes, told};
use super::{Object, StorageOptions, Store};

/// What may be under way or ready before it is asked for: parts, and their bytes.
const EXPECTED: usize = 64;
const EXPECTED_BYTES: u64 = 64 << 20;
/// What nobody asked for in this time (the loader went on elsewhere) makes room for others.
const STALE: Duration = Duration::from_secs(30);
/// The first pause between attempts, and the longest.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A bucket or host.
#[derive(Debug)]
pub(super) struct Remote {
    asker: Arc<Asker>,
    expected: Mutex<HashMap<String, Expected>>,
    runtime: Option<Runtime>,
}

/// What requests are made with; shared with those that are under way.
#[derive(Debug)]
struct Asker {
    root: String,
    store: Box<dyn ObjectStore>,
    options: StorageOptions,
    cache: Option<Cache>,
    /// Whether there are no credentials to be seen; a machine of a cloud may still have some.
    bare: bool,
}

#[derive(Debug)]
struct Expected {
    under_way: JoinHandle<Result<Vec<u8>>>,
    bytes: u64,
    since: Instant,
}

impl Remote {
    pub fn new(root: &str, options: &StorageOptions) -> Result<Self> {
        static CRYPTO: Once = Once::new();
        // Another library of the process may have chosen before; then its choice serves.
        CRYPTO.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("variegate-store")
            .enable_all()
            .build()
            .map_err(|error| Error::io(format!("no thread for {root}: {error}")))?;
        let store = {
            let _entered = runtime.enter();
            store_of(root, options)?
        };
        let cache = match &options.cache {
            None => None,
            Some(folder) => Some(Cache::new(folder.clone(), options.cache_bytes).map_err(|error| {
                Error::io(format!("the folder of the cache cannot be made or listed: {error}")).at(folder)
            })?),
        };
        let asker = Arc::new(Asker {
            root: root.into(),
            store,
            options: options.clone(),
            cache,
            bare: is_bare(root, &options.store),
        });
        Ok(Self { asker, expected: Mutex::default(), runtime: Some(runtime) })
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        match &self.runtime {
            Some(runtime) => runtime.block_on(work),
            None => Err(Error::internal("a store was asked after its end")),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Expected>> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        // What is under way is let go; nobody waits for it.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Store for Remote {
    fn list(&self, folder: &str) -> Result<Vec<Object>> {
        let asker = &self.asker;
        let prefix = if folder.is_empty() { None } else { Some(asker.path(folder)?) };
        self.wait(asker.attempts(|| async {
            let listed: Vec<ObjectMeta> = asker.store.list(prefix.as_ref()).try_collect().await?;
            Ok(Ok(listed.into_iter().map(object).collect()))
        }))
    }

    fn find(&self, name: &str) -> Result<Object> {
        let path = self.asker.path(name)?;
        let asker = &self.asker;
        self.wait(asker.attempts(|| async { Ok(Ok(object(asker.store.head(&path).await?))) }))
    }

    fn read(&self, object: &Object, range: Range<u64>) -> Result<Vec<u8>> {
        let key = key(object, &range);
        let expected = self.lock().remove(&key);
        match expected {
            Some(expected) => self.wait(async {
                let ended = expected.under_way.await;
                ended.unwrap_or_else(|error| Err(Error::internal(format!("a read broke down: {error}"))))
            }),
            None => self.wait(self.asker.read(object, range, &key)),
        }
    }

    fn expect(&self, object: &Object, range: Range<u64>) {
        // Of a size that is not known, what a photo has.
        let bytes = if object.size == Object::UNKNOWN { 1 << 20 } else { range.end.saturating_sub(range.start) };
        let key = key(object, &range);
        let Some(runtime) = &self.runtime else { return };
        let mut expected = self.lock();
        let full = |expected: &HashMap<String, Expected>| {
            expected.len() >= EXPECTED || expected.values().map(|one| one.bytes).sum::<u64>() + bytes > EXPECTED_BYTES
        };
        if full(&expected) {
            expected.retain(|_, one| {
                let fresh = one.since.elapsed() < STALE;
                if !fresh {
                    one.under_way.abort();
                }
                fresh
            });
        }
        if expected.contains_key(&key) || full(&expected) {
            return;
        }
        let (asker, object, again) = (self.asker.clone(), object.clone(), key.clone());
        let under_way = runtime.spawn(async move { asker.read(&object, range, &again).await });
        expected.insert(key, Expected { under_way, bytes, since: Instant::now() });
    }
}

impl Asker {
    fn path(&self, name: &str) -> Result<Path> {
        let web = self.root.starts_with("http");
        let path = if web { Path::from_url_path(name) } else { Path::parse(name) };
        path.map_err(|error| Error::parameter(format!("{}: {name:?} is no name of an object: {error}", self.root)))
    }

    async fn read(&self, object: &Object, range: Range<u64>, key: &str) -> Result<Vec<u8>> {
        let length = range.end.saturating_sub(range.start);
        if length == 0 {
            return Ok(Vec::new());
        }
        let path = self.path(&object.name)?;
        let found;
        let (object, range, key) = if object.size != Object::UNKNOWN {
            (object, range, key.to_string())
        } else if self.cache.is_some() {
            // What is kept is kept for one writing of an object: which one, must be known first.
            found = self.attempts(|| async { Ok(Ok(self::object(self.store.head(&path).await?))) }).await?;
            Limits { max_bytes: range.end, ..Limits::default() }.check_bytes(found.size)?;
            (&found, 0..found.size, self::key(&found, &(0..found.size)))
        } else {
            return self.attempts(|| self.once(&path, object, range.clone())).await;
        };
        let length = range.end - range.start;
        let key = format!("{}\n{key}", self.root);
        if let Some(bytes) = self.cache.as_ref().and_then(|cache| cache.get(&key, length)) {
            return Ok(bytes);
        }
        let bytes = self.attempts(|| self.once(&path, object, range.clone())).await?;
        if let Some(cache) = &self.cache {
            cache.put(&key, &bytes);
        }
        Ok(bytes)
    }

    /// One request for a part; inside, what is wrong with an answer that came.
    async fn once(
        &self,
        path: &Path,
        object: &Object,
        range: Range<u64>,
    ) -> object_store::Result<std::result::Result<Vec<u8>, String>> {
        let unknown = object.size == Object::UNKNOWN;
        let whole = unknown || range == (0..object.size);
        let (most, mut length) = (range.end, range.end - range.start);
        // Plain servers serve whole files, and know no ranges.
        let asked = GetOptions { range: (!whole).then(|| range.into()), ..GetOptions::default() };
        let answer = self.store.get_opts(path, asked).await?;
        let size = answer.meta.size;
        if unknown {
            if size > most {
                let found = format!("the object has {size} bytes, more than the {most} that the limits allow");
                return Ok(Err(found));
            }
            length = size;
        } else if size != object.size {
            let found = format!("the object has {size} bytes, and had {} when it was listed", object.size);
            return Ok(Err(found));
        }
        // Counted as it comes: an answer without end is left when it is too long.
        let mut bytes = Vec::with_capacity(length as usize);
        let mut stream = answer.into_stream();
        while let Some(piece) = stream.try_next().await? {
            bytes.extend_from_slice(&piece);
            if bytes.len() as u64 > length {
                break;
            }
        }
        let count = bytes.len() as u64;
        Ok(if count == length { Ok(bytes) } else { Err(format!("{count} bytes came, not {length}")) })
    }

    /// Makes a request again until it is answered as it should be, as often and as long as is allowed.
    async fn attempts<T, F>(&self, ask: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = object_store::Result<std::result::Result<T, String>>>,
    {
        let begun = Instant::now();
        let mut pause = PAUSE;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let left = self.options.time_limit.saturating_sub(begun.elapsed());
            let answer = tokio::time::timeout(self.options.attempt_limit.min(left), ask()).await;
            let failure = match answer {
                Ok(Ok(Ok(found))) => return Ok(found),
                Ok(Ok(Err(wrong))) => Error::io(format!(
                    "{}: {wrong}, in each of {attempt} attempts; it is changed or cut off on its way: fetch it again, or make the source anew",
                    self.root
                )),
                Ok(Err(error)) if !passes(&error) => return Err(told(&self.root, attempt, &error)),
                Ok(Err(error)) => told(&self.root, attempt, &error),
                Err(_) => late(&self.root, attempt, begun.elapsed().as_secs_f64()),
            };
            let given_up = attempt > self.options.retries || begun.elapsed() + pause >= self.options.time_limit;
            if given_up {
                return Err(if self.bare { bare(&self.root, &failure) } else { failure });
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

fn key(object: &Object, range: &Range<u64>) -> String {
    format!("{}\n{}\n{}\n{range:?}", object.name, object.size, object.tag)
}

fn object(meta: ObjectMeta) -> Object {
    let tag = meta.e_tag.unwrap_or_else(|| meta.last_modified.to_rfc3339());
    Object { name: meta.location.to_string(), size: meta.size, tag }
}

/// The library's store of a root, from the environment and the options given. Its own retries are off: ours see more.
fn store_of(root: &str, options: &StorageOptions) -> Result<Box<dyn ObjectStore>> {
    let wrong = |error: object_store::Error| {
        let said = format!("{root}: the store cannot be set up: {error}; check the options and variables it names");
        Error::parameter(said)
    };
    let retry = || RetryConfig { max_retries: 0, ..RetryConfig::default() };
    let (scheme, bucket) = root.split_once("://").unwrap_or((root, ""));
    let given = |names: &[&str]| names.iter().find_map(|name| options.store.get(*name).cloned());
    macro_rules! with_options {
        ($builder:expr, $key:ty) => {{
            let mut builder = $builder.with_retry(retry());
            for (name, value) in &options.store {
                builder = builder.with_config(option::<$key>(root, name)?, value);
            }
            builder
        }};
    }
    match scheme {
        "s3" => {
            let mut builder = with_options!(AmazonS3Builder::from_env().with_bucket_name(bucket), AmazonS3ConfigKey);
            let endpoint = given(&["endpoint", "endpoint_url", "aws_endpoint", "aws_endpoint_url"])
                .or_else(|| std::env::var("AWS_ENDPOINT_URL").ok());
            // Who names an address without encryption means it.
            if endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")) {
                builder = builder.with_config(AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp), "true");
            }
            Ok(Box::new(builder.build().map_err(wrong)?))
        }
        "gs" => {
            let builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(bucket);
            Ok(Box::new(with_options!(builder, GoogleConfigKey).build().map_err(wrong)?))
        }
        "az" => {
            let builder = MicrosoftAzureBuilder::from_env().with_container_name(bucket);
            Ok(Box::new(with_options!(builder, AzureConfigKey).build().map_err(wrong)?))
        }
        _ => {
            let mut client = ClientOptions::new().with_allow_http(scheme == "http");
            for (name, value) in &options.store {
                client = client.with_config(option::<ClientConfigKey>(root, name)?, value);
            }
            let builder = HttpBuilder::new().with_url(root).with_client_options(client).with_retry(retry());
            Ok(Box::new(builder.build().map_err(wrong)?))
        }
    }
}

fn option<K: FromStr>(root: &str, name: &str) -> Result<K> {
    K::from_str(name).map_err(|_| {
        Error::parameter(format!(
            "storage: {root} has no option {name:?}; there are retries, attempt_limit, time_limit, cache, cache_bytes, and those of the store, such as region and endpoint"
        ))
    })
}
