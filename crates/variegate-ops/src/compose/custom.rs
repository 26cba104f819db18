//! A function of the user's, as an operation.

use std::sync::Arc;

use variegate_picture::{Error, Picture};

use crate::functions;
use crate::prelude::*;

params! {
    /// Applies a function of your own to the pixels.
    ///
    /// The function may change values, but neither size, channels nor number format; it gets random numbers that depend on seed,
    /// epoch, sample and place alone, so what it does is as reproducible as any other operation. Nothing fuses across it. Masks,
    /// boxes and points stay. Files hold its name, and reading one never runs code: in Python, `vg.custom(function)` registers a
    /// function and makes the operation; in Rust, `functions::register` does.
    pub struct Custom("custom", "compose", aliases: ["Lambda", "RandomApplyFunction", "UserLambda"]) {
        /// Its name.
        function: Arc<str> = function();
        /// The key of its random numbers.
        key: FieldKey = key();
    }
}

impl Op for Custom {
    fn lower(&self, plan: &mut Builder) {
        // Checked when the pipeline was built, and never taken away since.
        let Some(function) = functions::find(&self.function) else { return };
        let key = self.key;
        let call = Arc::new(move |picture: &mut Picture, _: Option<&Picture>, white: f32| {
            let frame = (picture.frame(), picture.dtype());
            function(picture, key, white)?;
            if (picture.frame(), picture.dtype()) == frame {
                return Ok(());
            }
            Err(Error::parameter(
                "a function of your own changed size, channels or number format; it may change values alone",
            ))
        });
        plan.push(Node::Opaque(Opaque { name: self.function.to_string(), spread: f64::INFINITY, second: None, call }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate_picture::Dtype;

    use crate::testing::nodes;

    #[test]
    fn it_is_called_with_a_key_of_its_own_and_may_not_resize() {
        let shifts = |picture: &mut Picture, key: FieldKey, _: f32| {
            *picture = Picture::zeros(Size::new(1, 1 + (key == FieldKey(0, 0)) as usize), 3, picture.dtype())?;
            Ok(())
        };
        functions::register("custom: shifts", Arc::new(shifts)).expect("a proper name");
        let list = nodes(Custom::config().function("custom: shifts"), (4, 6));
        let [Node::Opaque(opaque)] = list.as_slice() else { panic!("{list:?}") };
        let mut picture = Picture::zeros(Size::new(4, 6), 3, Dtype::U8).expect("a picture");
        let error = (opaque.call)(&mut picture, None, 255.0).expect_err("another size");
        assert!(error.message().contains("changed size"), "{error}");
        assert_eq!((picture.size().width, opaque.name.as_str()), (1, "custom: shifts"));
    }
}
