//! Functions from outside, by name: what `custom` calls.
//!
//! Whoever brings one registers it before a pipeline names it; Python's `vg.custom` and Rust programs do. A pipeline in a
//! file holds the name alone, so that reading one never runs code. The table only grows, or exchanges a function for
//! another of its name, so that a pipeline that was built stays runnable.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use variegate_picture::error::nearest;
use variegate_picture::{Error, FieldKey, Picture, Result};

/// A function on a stored picture: it may change pixels, but neither size, channels nor number format. The key is its
/// randomness: the same for the same seed, epoch, sample and place in the pipeline. It is told the stored value of white.
pub type Function = dyn Fn(&mut Picture, FieldKey, f32) -> Result<()> + Send + Sync;

/// The function that is always there; it changes nothing.
pub const IDENTITY: &str = "identity";

static TABLE: RwLock<BTreeMap<String, Arc<Function>>> = RwLock::new(BTreeMap::new());

/// Registers a function, in the place of an older one of that name.
///
/// # Errors
///
/// When the name is empty, or that of the function that changes nothing.
pub fn register(name: &str, function: Arc<Function>) -> Result<()> {
    if name.trim().is_empty() || name == IDENTITY {
        return Err(Error::parameter(format!(
            "a function cannot be called {name:?}; expected a name other than {IDENTITY:?} that is not empty"
        )));
    }
    TABLE.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_string(), function);
    Ok(())
}

/// The function of a name.
pub fn find(name: &str) -> Option<Arc<Function>> {
    if name == IDENTITY {
        return Some(Arc::new(|_: &mut Picture, _: FieldKey, _: f32| Ok(())));
    }
    TABLE.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
}

/// What is expected where a name is unknown, with the nearest one that is known.
pub fn expected(name: &str) -> String {
    let table = TABLE.read().unwrap_or_else(PoisonError::into_inner);
    let near = nearest(name, table.keys().map(String::as_str));
    let near = near.map_or_else(String::new, |near| format!(" (did you mean {near:?}?)"));
    format!("the name of a function that was registered before this is read{near}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_given_once_and_can_be_given_anew() {
        assert!(find("functions: ours").is_none() && find(IDENTITY).is_some());
        let fails = |_: &mut Picture, _: FieldKey, _: f32| Err(Error::input("once"));
        register("functions: ours", Arc::new(fails)).expect("a proper name");
        assert!(expected("functions: our").contains("did you mean \"functions: ours\"?"));
        register("functions: ours", Arc::new(|_: &mut Picture, _: FieldKey, _: f32| Ok(()))).expect("the same name");
        let mut picture =
            Picture::zeros(variegate_picture::Size::new(1, 1), 1, variegate_picture::Dtype::U8).expect("one");
        assert!(find("functions: ours").expect("there")(&mut picture, FieldKey(0, 0), 255.0).is_ok());
        assert!(register("", Arc::new(fails)).is_err() && register(IDENTITY, Arc::new(fails)).is_err());
    }
}
