//! Recipes: drawn parameters as plain data that can be saved, shown, edited and replayed.

use serde_json::{Map, Value as Json, json};
use variegate_picture::key::VALUE_VERSION;
use variegate_picture::{Error, FieldKey, Frame, Result};

use crate::op::OpSpec;
use crate::raw::{Raw, RawValue};
use crate::value::Value;

/// One operation with concrete parameters.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Which operation.
    pub spec: &'static OpSpec,
    /// Its values, one for each parameter.
    pub values: Vec<Value>,
}

/// What happens to one sample, as data.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The pipeline's seed.
    pub seed: u64,
    /// The epoch.
    pub epoch: u64,
    /// The sample's id.
    pub sample: u64,
    /// The frame it was drawn for.
    pub frame: Frame,
    /// The operations in order.
    pub steps: Vec<Drawn>,
}

impl Recipe {
    /// Writes it as JSON.
    pub fn to_json(&self) -> String {
        let steps: Vec<Json> = self
            .steps
            .iter()
            .map(|step| {
                let mut map = Map::new();
                map.insert("op".into(), step.spec.name.into());
                for (spec, value) in step.spec.params.iter().zip(&step.values) {
                    map.insert(spec.name.into(), value_to_json(value));
                }
                Json::Object(map)
            })
            .collect();
        json!({
            "variegate_recipe": 1,
            "values": VALUE_VERSION,
            "seed": self.seed.to_string(),
            "epoch": self.epoch,
            "sample": self.sample.to_string(),
            "height": self.frame.size.height,
            "width": self.frame.size.width,
            "channels": self.frame.channels,
            "steps": steps,
        })
        .to_string()
    }

    /// Reads JSON written by [`Recipe::to_json`], or edited since; every value is checked.
    pub fn from_json(text: &str) -> Result<Self> {
        let raw = Raw::parse(text)?;
        let RawValue::Map(entries) = &raw.value else {
            return Err(Error::parameter("a recipe is a mapping with `steps`; got something else"));
        };
        let get = |name: &str| entries.iter().find(|(key, _, _)| key == name).map(|(_, _, raw)| raw);
        let whole = |name: &str| -> Result<u64> {
            let raw = get(name).ok_or_else(|| Error::parameter(format!("the recipe has no {name:?}")))?;
            let parsed = match &raw.value {
                RawValue::Integer(v) => u64::try_from(*v).ok(),
                RawValue::Text(text) => text.parse().ok(),
                _ => None,
            };
            parsed.ok_or_else(|| {
                Error::parameter(format!("recipe {name}: expected a whole number, found {}", raw.describe()))
            })
        };
        let values = whole("values")?;
        if values != VALUE_VERSION {
            return Err(Error::parameter(format!(
                "the recipe was drawn with value version {values}, this is version {VALUE_VERSION}: draw it again"
            )));
        }
        let frame = Frame::new(whole("height")? as usize, whole("width")? as usize, whole("channels")? as usize);
        let Some(RawValue::List(list)) = get("steps").map(|raw| &raw.value) else {
            return Err(Error::parameter("the recipe has no list of steps"));
        };
        let steps = list.iter().map(step_from_raw).collect::<Result<_>>()?;
        Ok(Self { seed: whole("seed")?, epoch: whole("epoch")?, sample: whole("sample")?, frame, steps })
    }
}

fn value_to_json(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Real(v) => json!(v),
        Value::Integer(v) => json!(v),
        Value::Flag(v) => json!(v),
        Value::Word(v) => json!(v),
        Value::Numbers(v) => json!(v),
        Value::Key(FieldKey(a, b)) => json!(format!("key:{a:016x}{b:016x}")),
    }
}

fn step_from_raw(raw: &Raw) -> Result<Drawn> {
    let RawValue::Map(entries) = &raw.value else {
        return Err(Error::parameter(format!("a step is a mapping with `op`; found {}", raw.describe())));
    };
    let name = entries.iter().find(|(key, _, _)| key == "op").and_then(|(_, _, raw)| match &raw.value {
        RawValue::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let spec = crate::registry::find(name.unwrap_or(""))?;
    for (key, _, _) in entries {
        if key != "op" && spec.position(key).is_none() {
            return Err(crate::config::unknown_parameter(spec, key));
        }
    }
    let values = spec
        .params
        .iter()
        .map(|p| {
            let raw = entries
                .iter()
                .find(|(key, _, _)| key == p.name)
                .map(|(_, _, raw)| raw)
                .ok_or_else(|| Error::parameter(format!("recipe step {}: {} is missing", spec.name, p.name)))?;
            crate::config::value(spec, p, raw)
        })
        .collect::<Result<_>>()?;
    Ok(Drawn { spec, values })
}
