//! Recipes: drawn parameters as plain data that can be saved, shown, edited and replayed.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use variegate_picture::key::VALUE_VERSION;
use variegate_picture::{Error, FieldKey, Frame, Rect, Result};
use variegate_plan::Attached;

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
    /// The channels it is applied to; none for all of them, together.
    pub channels: Option<Arc<[usize]>>,
}

impl Drawn {
    /// An operation on the whole picture.
    pub fn new(spec: &'static OpSpec, values: Vec<Value>) -> Self {
        Self { spec, values, channels: None }
    }
}

/// The key of a step for the channels it is applied to; no parameter has a name with a blank.
const CHANNELS: &str = "on channels";

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
    /// What is attached to the picture, where an operation looks at it; empty where nothing is known.
    pub attached: Attached,
    /// The operations in order.
    pub steps: Vec<Drawn>,
}

impl Recipe {
    /// Whether an operation looks at what is attached to the picture.
    pub fn sees_attached(&self) -> bool {
        self.steps.iter().any(|step| step.spec.sees_attached)
    }

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
                if let Some(channels) = &step.channels {
                    map.insert(CHANNELS.into(), json!(**channels));
                }
                Json::Object(map)
            })
            .collect();
        let mut whole = json!({
            "variegate_recipe": 1,
            "values": VALUE_VERSION,
            "seed": self.seed.to_string(),
            "epoch": self.epoch,
            "sample": self.sample.to_string(),
            "height": self.frame.size.height,
            "width": self.frame.size.width,
            "channels": self.frame.channels,
            "steps": steps,
        });
        if !self.attached.is_empty() {
            let edges = |rect: &Rect| json!([rect.x0, rect.y0, rect.x1, rect.y1]);
            let boxes: Vec<Json> = self.attached.boxes.iter().map(edges).collect();
            whole["attached"] = json!({ "boxes": boxes, "marked": self.attached.marked.as_ref().map(edges) });
        }
        whole.to_string()
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
        let attached = get("attached").map(attached_from_raw).transpose()?.unwrap_or_default();
        Ok(Self { seed: whole("seed")?, epoch: whole("epoch")?, sample: whole("sample")?, frame, attached, steps })
    }
}

fn value_to_json(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Real(v) => json!(v),
        Value::Integer(v) => json!(v),
        Value::Flag(v) => json!(v),
        Value::Word(v) => json!(v),
        Value::Text(v) => json!(&**v),
        Value::Numbers(v) => json!(v),
        Value::Key(FieldKey(a, b)) => json!(format!("key:{a:016x}{b:016x}")),
    }
}

fn attached_from_raw(raw: &Raw) -> Result<Attached> {
    let fail = |raw: &Raw, expected: &str| {
        Error::parameter(format!("recipe attached: expected {expected}, found {}", raw.describe()))
    };
    let edges = |raw: &Raw| match raw.numbers().as_deref() {
        Some(&[x0, y0, x1, y1]) if [x0, y0, x1, y1].iter().all(|v| v.is_finite()) => Ok(Rect::new(x0, y0, x1, y1)),
        _ => Err(fail(raw, "[left, top, right, bottom]")),
    };
    let RawValue::Map(entries) = &raw.value else { return Err(fail(raw, "a mapping of `boxes` and `marked`")) };
    let mut attached = Attached::default();
    for (key, _, raw) in entries {
        match (key.as_str(), &raw.value) {
            ("boxes", RawValue::List(list)) => attached.boxes = list.iter().map(edges).collect::<Result<_>>()?,
            ("marked", RawValue::Null) => {}
            ("marked", _) => attached.marked = Some(edges(raw)?),
            _ => return Err(fail(raw, "`boxes`, a list, and `marked`")),
        }
    }
    Ok(attached)
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
        if key != "op" && key != CHANNELS && spec.position(key).is_none() {
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
    let channels = entries.iter().find(|(key, _, _)| key == CHANNELS).map(|(_, _, raw)| raw);
    let channels = channels.map(|raw| crate::select::channels_of(raw).map_err(|e| e.at(spec.name))).transpose()?;
    Ok(Drawn { spec, values, channels })
}
