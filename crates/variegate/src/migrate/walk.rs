//! Goes through a foreign pipeline, part by part, and puts ours together.
//!
//! [`super::migrate`] starts it; the libraries' lists and choices come back to it for their members. It knows no
//! parameter of any operation.

use serde_json::{Map, Value as Json, json};
use variegate_ops::{Pipeline, registry};
use variegate_picture::error::nearest;
use variegate_picture::{Error, Result};

use super::given::{Given, Notes};
use super::{Library, albumentations, keras, torchvision};

/// Deeper nesting than any pipeline has.
const DEEPEST: usize = 48;

/// What is done to a picture alike before and after its numbers are brought to another scale: places change, or values
/// are weighted means of others.
const PLACES: &[&str] = &[
    "flip",
    "transpose",
    "quarter_turn",
    "square_symmetry",
    "grid_shuffle",
    "resize",
    "resize_shortest",
    "resize_longest",
    "resized_crop",
];

/// What paints with a colour, which is read in the numbers of its place.
const PAINTED: &[&str] = &["erase", "coarse_dropout", "grid_dropout", "pixel_dropout"];

/// A pass through a foreign pipeline.
pub struct Walk {
    pub library: Library,
    pub notes: Notes,
    /// How many choices or chances lie around this place.
    depth: usize,
    /// Where final numbers were written, in order.
    finishes: Vec<(String, String)>,
}

impl Walk {
    pub fn new(library: Library, size: Option<(f64, f64)>) -> Self {
        let notes = Notes { size, untouched: true, ..Notes::default() };
        Self { library, notes, depth: 0, finishes: Vec::new() }
    }

    /// The whole pipeline, from a list or from one part.
    pub fn list(&mut self, given: &Json) -> Result<Vec<Json>> {
        match given {
            Json::Array(list) => Ok(self.row(list, "")),
            Json::Object(_) => Ok(self.part(given, "pipeline", false)),
            other => Err(Error::parameter(format!(
                "{}: expected a list of operations or one of them, found {other}",
                self.library.title()
            ))),
        }
    }

    /// Parts that follow each other. `path` is the place of their list.
    pub fn row(&mut self, list: &[Json], path: &str) -> Vec<Json> {
        list.iter().enumerate().flat_map(|(k, node)| self.part(node, &format!("{path}[{k}]"), false)).collect()
    }

    /// Parts of which each stands for itself in a choice; `forced` ones have no chance of their own. What one does to
    /// the size is forgotten for the next.
    pub fn members(&mut self, list: &[Json], path: &str, forced: bool) -> Vec<Option<Json>> {
        let before = (self.notes.size, self.notes.untouched);
        self.depth += 1;
        let mut after = Vec::new();
        let members = list
            .iter()
            .enumerate()
            .map(|(k, node)| {
                (self.notes.size, self.notes.untouched) = before;
                let refused = self.notes.refusals.len();
                let stages = self.part(node, &format!("{path}[{k}]"), forced);
                after.push((self.notes.size, self.notes.untouched));
                // What does nothing is a choice too, and what was refused is none.
                let nothing = stages.is_empty() && self.notes.refusals.len() == refused;
                if nothing { Some(nothing_at_all()) } else { together(stages) }
            })
            .collect();
        self.depth -= 1;
        let same = after.iter().all(|state| *state == after[0]);
        (self.notes.size, self.notes.untouched) = match after.first() {
            Some(state) if same => *state,
            Some(_) => (None, false),
            None => before,
        };
        members
    }

    /// Parts that happen together with a chance: one group, or the parts themselves where they always do.
    pub fn maybe(&mut self, chance: f64, parts: impl FnOnce(&mut Self) -> Vec<Json>) -> Vec<Json> {
        if chance >= 1.0 {
            return parts(self);
        }
        let before = (self.notes.size, self.notes.untouched);
        self.depth += 1;
        let stages = parts(self);
        self.depth -= 1;
        if (self.notes.size, self.notes.untouched) != before {
            (self.notes.size, self.notes.untouched) = (None, false);
        }
        with_chance(stages, chance)
    }

    /// One part: a list or choice of the library, or an operation.
    fn part(&mut self, node: &Json, place: &str, forced: bool) -> Vec<Json> {
        if place.matches('[').count() > DEEPEST {
            self.refuse(place, "…", format!("it is nested more than {DEEPEST} deep"), &[]);
            return Vec::new();
        }
        let Some((name, map)) = self.named(node) else {
            let shown: String = node.to_string().chars().take(60).collect();
            self.refuse(place, "?", format!("{shown} is no operation of {}", self.library.title()), &[]);
            return Vec::new();
        };
        if self.library.groups().iter().any(|(known, _)| *known == name) {
            return match self.library {
                Library::Albumentations => albumentations::group(self, &name, &map, place, forced),
                Library::Torchvision => torchvision::group(self, &name, &map, place),
                _ => keras::group(self, &name, &map, place),
            };
        }
        self.operation(&name, &map, place, forced)
    }

    /// The name of a part without its module, and its parameters.
    fn named(&self, node: &Json) -> Option<(String, Map<String, Json>)> {
        let body = node.as_object()?;
        let (name, map) = match self.library {
            Library::Albumentations => {
                let mut map = body.clone();
                let name = map.shift_remove("__class_fullname__")?;
                (name, map)
            }
            Library::Torchvision => (body.get("class")?.clone(), inner(body, "attributes")?),
            _ => (body.get("class_name")?.clone(), inner(body, "config")?),
        };
        let name = name.as_str()?.rsplit(['.', '>']).next()?.to_string();
        Some((name, map))
    }

    /// One operation by its line of the table.
    pub fn operation(&mut self, name: &str, map: &Map<String, Json>, place: &str, forced: bool) -> Vec<Json> {
        let Some(entry) = self.library.find(name) else {
            let title = self.library.title();
            let names = self.library.table().into_iter().flat_map(|(_, list)| list).map(|entry| entry.name);
            let mend = match nearest(name, names) {
                Some(near) => format!("; did you mean {near:?}?"),
                None => String::new(),
            };
            let ours: Vec<&str> = registry::all()
                .iter()
                .filter(|spec| spec.class == name || spec.aliases.contains(&name))
                .map(|spec| spec.class)
                .collect();
            self.refuse(place, name, format!("{title} has no {name:?} that is known here{mend}"), &ours);
            return Vec::new();
        };
        let Some(read) = entry.reader() else {
            self.refuse(place, name, entry.differs, &classes(entry.ours));
            return Vec::new();
        };
        let before = (self.notes.size, self.notes.untouched);
        let refused = self.notes.refusals.len();
        let mut given = Given::new(name, place, map, &mut self.notes);
        let mut stages = read(&mut given);
        let chance = given.chance(entry.chance);
        given.rest();
        if !entry.differs.is_empty() {
            given.remark(entry.differs);
        }
        let chance = if forced { 1.0 } else { chance };
        if stages.iter().any(is_finish) {
            if chance < 1.0 || self.depth > 0 {
                let why =
                    "final numbers are written once, at the end of the pipeline and for every picture; move it there";
                self.refuse(place, name, why, &["Normalize"]);
            }
            self.finishes.push((place.to_string(), name.to_string()));
        }
        if chance < 1.0 {
            if (self.notes.size, self.notes.untouched) != before {
                (self.notes.size, self.notes.untouched) = (None, false);
            }
            stages = with_chance(stages, chance);
        }
        // Our own checks of the values, under the foreign name.
        let document = json!({"variegate": 1, "pipeline": stages});
        if self.notes.refusals.len() == refused
            && let Err(error) = Pipeline::from_yaml(&document.to_string(), None)
        {
            self.refuse(place, name, error.message(), &[]);
        }
        if self.notes.refusals.len() > refused { Vec::new() } else { stages }
    }

    /// Brings the final numbers to the end, past what may as well come before them; refuses them elsewhere.
    pub fn finished(&mut self, mut stages: Vec<Json>) -> Vec<Json> {
        let places: Vec<usize> = (0..stages.len()).filter(|k| is_finish(&stages[*k])).collect();
        let mut kept = None;
        for (nth, k) in places.iter().enumerate().rev() {
            let stage = stages.remove(*k);
            // Numbers from 0 to 1 are what every operation works on anyway.
            let free = stage["normalize"]["mode"] == "unit";
            let why = match &kept {
                Some(_) if free => continue,
                Some(_) => "another one follows, and final numbers are written once; leave one of them out",
                None if free || stages[*k..].iter().all(commutes) => {
                    kept = Some(stage);
                    continue;
                }
                None => {
                    "final numbers are written at the end of the pipeline, and what follows here needs the \
                     picture before \
                     that; move it to the end"
                }
            };
            if let Some((place, name)) = self.finishes.get(nth).cloned() {
                self.refuse(&place, &name, why, &["Normalize"]);
            }
        }
        stages.extend(kept);
        stages
    }

    /// Says that a part has no counterpart.
    pub fn refuse(&mut self, place: &str, name: &str, why: impl Into<String>, nearest: &[&str]) {
        let nothing = Map::new();
        Given::new(name, place, &nothing, &mut self.notes).refuse(why, nearest);
    }

    /// Says what differs in a list or choice.
    pub fn remark(&mut self, place: &str, name: &str, text: impl Into<String>) {
        let nothing = Map::new();
        Given::new(name, place, &nothing, &mut self.notes).remark(text);
    }
}

fn inner(body: &Map<String, Json>, key: &str) -> Option<Map<String, Json>> {
    match body.get(key) {
        None => Some(Map::new()),
        Some(value) => value.as_object().cloned(),
    }
}

/// Our classes of the names of operations.
fn classes(names: &[&str]) -> Vec<&'static str> {
    names.iter().filter_map(|name| registry::find(name).ok()).map(|spec| spec.class).collect()
}

fn name_of(stage: &Json) -> Option<(&String, &Json)> {
    stage.as_object()?.iter().next()
}

fn is_finish(stage: &Json) -> bool {
    name_of(stage).is_some_and(|(name, _)| name == "normalize")
}

fn commutes(stage: &Json) -> bool {
    name_of(stage).is_some_and(|(name, body)| match body.get("of").and_then(Json::as_array) {
        Some(of) => of.iter().all(commutes),
        None => PLACES.contains(&name.as_str()) || PAINTED.contains(&name.as_str()),
    })
}

/// A member of a choice that leaves the picture as it is.
fn nothing_at_all() -> Json {
    json!({"gamma": {"gamma": 1.0}})
}

/// Several stages as one.
pub fn together(mut stages: Vec<Json>) -> Option<Json> {
    match stages.len() {
        0 => None,
        1 => stages.pop(),
        _ => Some(json!({"sequential": {"of": stages}})),
    }
}

/// The same stages, with a chance.
pub fn with_chance(stages: Vec<Json>, chance: f64) -> Vec<Json> {
    if chance >= 1.0 {
        return stages;
    }
    let several = stages.len() > 1;
    let Some(stage) = together(stages) else { return Vec::new() };
    let Some((name, body)) = name_of(&stage) else { return Vec::new() };
    let own = body.get("p").and_then(Json::as_f64);
    if own.is_some() && !several {
        return vec![json!({"sequential": {"p": chance, "of": [stage]}})];
    }
    let mut body = body.clone();
    body["p"] = json!(chance);
    vec![json!({ name: body })]
}
