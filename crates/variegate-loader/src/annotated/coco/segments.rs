//! The outlines of COCO's annotations: rings of corners, run lengths, or run lengths packed into text.
//!
//! [`super::document`] reads them where masks are asked for, and steps over them otherwise.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::drawn::{Shape, unpacked};

/// An outline as it stands in a document.
#[derive(Debug, Default)]
pub struct Segments(pub Option<Outline>);

/// Rings of corners, or run lengths of a mask of (height, width).
#[derive(Debug)]
pub struct Outline {
    pub shape: Shape,
    /// Of run lengths.
    pub size: Option<[usize; 2]>,
}

impl<'de> Deserialize<'de> for Segments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Segments;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("rings of corners, or run lengths")
            }

            fn visit_unit<E>(self) -> std::result::Result<Segments, E> {
                Ok(Segments(None))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Segments, A::Error> {
                let mut rings = Vec::new();
                while let Some(numbers) = list.next_element::<Vec<f32>>()? {
                    rings.push(numbers.chunks_exact(2).map(|corner| [corner[0], corner[1]]).collect());
                }
                Ok(Segments(Some(Outline { shape: Shape::Rings(rings), size: None })))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Segments, A::Error> {
                let (mut size, mut runs) = (None, None);
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    match &*key {
                        "size" => size = Some(map.next_value()?),
                        "counts" => runs = Some(map.next_value::<Counts>()?.0),
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                let runs = runs.ok_or_else(|| A::Error::custom("run lengths have no \"counts\""))?;
                let size = Some(size.ok_or_else(|| A::Error::custom("run lengths have no \"size\""))?);
                Ok(Segments(Some(Outline { shape: Shape::Runs(runs), size })))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// Run lengths, as numbers or packed.
struct Counts(Vec<u32>);

impl<'de> Deserialize<'de> for Counts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Counts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of run lengths, or their packed text")
            }

            fn visit_str<E: serde_core::de::Error>(self, text: &str) -> std::result::Result<Counts, E> {
                unpacked(text).map(Counts).map_err(|error| E::custom(error.message()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Counts, A::Error> {
                let mut runs = Vec::new();
                while let Some(run) = list.next_element()? {
                    runs.push(run);
                }
                Ok(Counts(runs))
            }
        }
        deserializer.deserialize_any(Either)
    }
}
