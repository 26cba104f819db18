//! Every operation by name.

use variegate_picture::error::nearest;
use variegate_picture::{Error, Result};

use crate::index;
use crate::op::OpSpec;

/// Every operation, by family and name.
pub fn all() -> &'static [&'static OpSpec] {
    index::ALL
}

/// The operation of a name: its own, its class's, or (in the message) what others call it.
pub fn find(name: &str) -> Result<&'static OpSpec> {
    if let Some(spec) = all().iter().find(|spec| spec.name == name || spec.class == name) {
        return Ok(spec);
    }
    let alias = all().iter().find(|spec| spec.aliases.iter().any(|a| a.eq_ignore_ascii_case(name)));
    let mend = match alias {
        Some(spec) => format!("here it is called {:?}", spec.name),
        None => match nearest(name, all().iter().flat_map(|s| [s.name, s.class])) {
            Some(near) => format!("did you mean {near:?}?"),
            None => "`variegate ops` and `vg.operations()` list them".into(),
        },
    };
    Err(Error::parameter(format!("there is no operation {name:?}; {mend}")))
}
