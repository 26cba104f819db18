//! The JSON document of COCO, read in one pass: what is not needed is stepped over and never held.
//!
//! [`super::read`] calls it. A value of a wrong kind is an error with line and column.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use variegate_picture::{Error, Result};

/// What is read of a document.
///
/// `S` is what is made of segmentations: [`super::segments::Segments`], or nothing.
#[derive(Debug, Default)]
pub struct Document<S> {
    pub pictures: Vec<Listed>,
    pub categories: Vec<Category>,
    pub annotations: Vec<Marked<S>>,
}

/// A picture.
#[derive(Debug, Default)]
pub struct Listed {
    pub id: i64,
    pub file_name: String,
    /// 0 where it is not told.
    pub width: usize,
    /// 0 where it is not told.
    pub height: usize,
}

/// A class of things.
#[derive(Debug, Default)]
pub struct Category {
    pub id: i64,
    pub name: String,
}

/// One thing in a picture.
#[derive(Debug, Default)]
pub struct Marked<S> {
    pub id: i64,
    pub image_id: i64,
    pub category_id: i64,
    /// Left, top, width, height.
    pub bbox: [f64; 4],
    pub crowd: bool,
    /// x, y and visibility of each.
    pub keypoints: Vec<f64>,
    /// Its outline.
    pub segments: S,
}

impl<S: DeserializeOwned + Default> Document<S> {
    /// Reads a document.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let parsed: std::result::Result<Self, _> = serde_json::from_slice(bytes);
        parsed.map_err(|error| {
            Error::input(format!("{error}; expected a COCO document of \"images\", \"annotations\" and \"categories\""))
        })
    }
}

/// A record that is read key by key.
trait Keyed: Default {
    /// What it is, for messages.
    const WHAT: &'static str;
    /// The keys it must have.
    const NEEDED: &'static [&'static str];

    /// Reads the value of a key; false where it is not one of its own.
    fn set<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> std::result::Result<bool, A::Error>;
}

struct KeyedVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Keyed> Visitor<'de> for KeyedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WHAT)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<T, A::Error> {
        let mut record = T::default();
        let mut met = 0usize;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if !record.set(&key, &mut map)? {
                map.next_value::<IgnoredAny>()?;
            }
            if let Some(k) = T::NEEDED.iter().position(|needed| *needed == key) {
                met |= 1 << k;
            }
        }
        match T::NEEDED.iter().enumerate().find(|(k, _)| met & (1 << k) == 0) {
            Some((_, missing)) => Err(A::Error::custom(format!("{} has no {missing:?}", T::WHAT))),
            None => Ok(record),
        }
    }
}

macro_rules! keyed {
    ($record:ty $(, $shape:ident)?) => {
        impl<'de $(, $shape: DeserializeOwned + Default)?> Deserialize<'de> for $record {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                deserializer.deserialize_map(KeyedVisitor(std::marker::PhantomData))
            }
        }
    };
}

keyed!(Document<S>, S);
keyed!(Listed);
keyed!(Category);
keyed!(Marked<S>, S);

impl<S: DeserializeOwned + Default> Keyed for Document<S> {
    const WHAT: &'static str = "a COCO document";
    const NEEDED: &'static [&'static str] = &["images", "annotations", "categories"];

    fn set<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> std::result::Result<bool, A::Error> {
        match key {
            "images" => self.pictures = map.next_value()?,
            "annotations" => self.annotations = map.next_value()?,
            "categories" => self.categories = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Keyed for Listed {
    const WHAT: &'static str = "an image";
    const NEEDED: &'static [&'static str] = &["id", "file_name"];

    fn set<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> std::result::Result<bool, A::Error> {
        match key {
            "id" => self.id = map.next_value()?,
            "file_name" => self.file_name = map.next_value()?,
            "width" => self.width = map.next_value()?,
            "height" => self.height = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Keyed for Category {
    const WHAT: &'static str = "a category";
    const NEEDED: &'static [&'static str] = &["id", "name"];

    fn set<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> std::result::Result<bool, A::Error> {
        match key {
            "id" => self.id = map.next_value()?,
            "name" => self.name = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<S: DeserializeOwned + Default> Keyed for Marked<S> {
    const WHAT: &'static str = "an annotation";
    const NEEDED: &'static [&'static str] = &["image_id", "category_id", "bbox"];

    fn set<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> std::result::Result<bool, A::Error> {
        match key {
            "id" => self.id = map.next_value()?,
            "image_id" => self.image_id = map.next_value()?,
            "category_id" => self.category_id = map.next_value()?,
            "bbox" => self.bbox = map.next_value()?,
            "iscrowd" => self.crowd = map.next_value::<Flag>()?.0,
            "keypoints" => self.keypoints = map.next_value()?,
            "segmentation" => self.segments = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// 0 or 1, false or true.
struct Flag(bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Flag;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("0 or 1")
            }

            fn visit_bool<E>(self, flag: bool) -> std::result::Result<Flag, E> {
                Ok(Flag(flag))
            }

            fn visit_u64<E>(self, number: u64) -> std::result::Result<Flag, E> {
                Ok(Flag(number != 0))
            }
        }
        deserializer.deserialize_any(Either)
    }
}
