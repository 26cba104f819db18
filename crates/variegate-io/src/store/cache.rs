//! Parts of objects kept on disk, up to a number of bytes.
//!
//! The store asks here before it asks the network. A part is a file of its own: the digest of its bytes, then the bytes.
//! It is written beside its place and moved there, checked whenever it is read, and the one unused for longest goes
//! first. A cache that cannot be written costs nothing but its use: no error leaves this file.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

/// Ending of parts; others' files in the folder are let be.
const ENDING: &str = ".part";
const DIGEST: usize = 32;

#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    most: u64,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Size and last use of each file.
    files: HashMap<String, (u64, u128)>,
    bytes: u64,
    /// For names of files in the making.
    made: u64,
}

impl Cache {
    /// A cache in a folder that holds what earlier runs left there.
    pub fn new(folder: PathBuf, most: u64) -> std::io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let mut kept = Kept::default();
        for entry in std::fs::read_dir(&folder)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if let (true, Ok(metadata)) = (name.ends_with(ENDING), entry.metadata()) {
                kept.bytes += metadata.len();
                kept.files.insert(name, (metadata.len(), metadata.modified().map_or(0, nanoseconds)));
            }
        }
        let cache = Self { folder, most, kept: Mutex::new(kept) };
        cache.shrink(&mut cache.lock(), 0);
        Ok(cache)
    }

    /// The bytes kept for a key, where there are as many as expected and they are whole.
    pub fn get(&self, key: &str, length: u64) -> Option<Vec<u8>> {
        let name = file_of(key);
        let path = self.folder.join(&name);
        let size = std::fs::metadata(&path).ok()?.len();
        if size == length + DIGEST as u64
            && let Ok(mut bytes) = std::fs::read(&path)
            && bytes.len() as u64 == size
            && bytes[..DIGEST] == *Sha256::digest(&bytes[DIGEST..])
        {
            let now = SystemTime::now();
            // Other processes see by it that the part is in use.
            let _ = std::fs::File::options().append(true).open(&path).and_then(|file| file.set_modified(now));
            if let Some(kept) = self.lock().files.get_mut(&name) {
                kept.1 = nanoseconds(now);
            }
            bytes.drain(..DIGEST);
            return Some(bytes);
        }
        self.forget(&mut self.lock(), &name);
        None
    }

    /// Keeps the bytes of a key.
    pub fn put(&self, key: &str, bytes: &[u8]) {
        let size = (bytes.len() + DIGEST) as u64;
        if size > self.most {
            return;
        }
        let name = file_of(key);
        let number = {
            let mut kept = self.lock();
            self.forget(&mut kept, &name);
            self.shrink(&mut kept, size);
            kept.made += 1;
            // Counted before it is there, so that many at once do not pass the bound together.
            kept.bytes += size;
            kept.files.insert(name.clone(), (size, nanoseconds(SystemTime::now())));
            kept.made
        };
        let beside = self.folder.join(format!("{name}.{}.{number}.new", std::process::id()));
        let write = || -> std::io::Result<()> {
            let mut file = std::fs::File::create(&beside)?;
            file.write_all(&Sha256::digest(bytes))?;
            file.write_all(bytes)?;
            std::fs::rename(&beside, self.folder.join(&name))
        };
        if write().is_err() {
            let _ = std::fs::remove_file(&beside);
            self.forget(&mut self.lock(), &name);
        }
    }

    fn shrink(&self, kept: &mut Kept, room: u64) {
        while kept.bytes + room > self.most {
            let Some(oldest) = kept.files.iter().min_by_key(|(_, (_, used))| *used).map(|(name, _)| name.clone())
            else {
                return;
            };
            self.forget(kept, &oldest);
        }
    }

    fn forget(&self, kept: &mut Kept, name: &str) {
        let _ = std::fs::remove_file(self.folder.join(name));
        if let Some((size, _)) = kept.files.remove(name) {
            kept.bytes -= size;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn nanoseconds(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}

fn file_of(key: &str) -> String {
    let digits: String = Sha256::digest(key.as_bytes())[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digits}{ENDING}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_goes_and_damage_is_seen() {
        let folder = std::env::temp_dir().join(format!("variegate-cache-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let cache = Cache::new(folder.clone(), 3 * (100 + 32)).expect("makes");
        for key in ["a", "b", "c"] {
            cache.put(key, &[key.as_bytes()[0]; 100]);
        }
        assert_eq!(cache.get("a", 100), Some(vec![b'a'; 100]));
        cache.put("d", &[4; 100]);
        assert_eq!((cache.get("b", 100), cache.get("a", 100).is_some()), (None, true));
        assert_eq!(std::fs::read_dir(&folder).expect("lists").count(), 3);
        cache.put("huge", &[0; 1000]);
        assert!(cache.get("huge", 1000).is_none() && cache.get("d", 100).is_some());
        // Of another length, and with one bit turned: read anew, and gone.
        assert_eq!(cache.get("d", 99), None);
        let damaged = folder.join(file_of("c"));
        let mut bytes = std::fs::read(&damaged).expect("kept");
        bytes[60] ^= 1;
        std::fs::write(&damaged, bytes).expect("writes");
        assert!(cache.get("c", 100).is_none() && !damaged.exists());
        let again = Cache::new(folder.clone(), 10).expect("makes");
        assert_eq!(again.get("a", 100), None, "a smaller bound holds for what was there");
        std::fs::remove_dir_all(&folder).expect("cleans up");
    }
}
