//! The Python package, thin over the façade.
//!
//! `variegate/_variegate.pyi` describes what is here for users; the Python files beside it give it its shape. Nothing
//! here computes a pixel: it holds arrays, hands them to the engine with the interpreter released, and turns errors
//! into exceptions.

mod annotated;
mod arrays;
mod attached;
mod batch;
mod codec;
mod collected;
mod custom;
mod delivered;
mod errors;
mod folder;
mod labels;
mod lent;
mod lists;
mod loader;
mod masks;
mod migrate;
mod order;
mod packed;
mod packing;
mod pipeline;
mod presets;
mod profile;
mod reading;
mod recipe;
mod registry;
mod rows;
mod scratch;
mod source;
mod stack;
mod storage;
mod targets;
mod threads;
mod views;
mod warped;

use pyo3::prelude::*;

/// The compiled half of `variegate`.
#[pymodule]
mod _variegate {
    #[pymodule_export]
    use super::annotated::{coco, masks, voc, yolo};
    #[pymodule_export]
    use super::codec::{decode, encode};
    #[pymodule_export]
    use super::custom::register_function;
    #[pymodule_export]
    use super::lists::{csv, json, parquet};
    #[pymodule_export]
    use super::migrate::migrated_json;
    #[pymodule_export]
    use super::order::ordered;
    #[pymodule_export]
    use super::packed::{expand_braces, tar, tfrecord};
    #[pymodule_export]
    use super::packing::pack;
    #[pymodule_export]
    use super::pipeline::{Pipeline, Plan};
    #[pymodule_export]
    use super::presets::preset_yaml;
    #[pymodule_export]
    use super::recipe::Recipe;
    #[pymodule_export]
    use super::registry::registry_json;
    #[pymodule_export]
    use super::storage::stored;
    #[pymodule_export]
    use super::views::views;
    #[pymodule_export]
    use super::warped::warped;
    #[pymodule_export]
    use super::{delivered::Batch, folder::folder, loader::Loader, source::Source, stack::arrays};

    use super::*;

    /// The instruction set in use: "scalar", "avx2", "avx512", …
    #[pyfunction]
    fn simd_level() -> &'static str {
        variegate::level_name()
    }

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
