//! Other libraries' words for borders, filters and colours in ours.
//!
//! The tables' functions call it. An unknown word is refused, never guessed.

use serde_json::{Value as Json, json};

use super::given::Given;

impl Given<'_> {
    /// Puts filter, border and fill of an OpenCV-based library to a body: how a warped picture is read.
    pub(super) fn read_by(&mut self, body: Json) -> Json {
        let body = self.filtered(body);
        self.bordered(body)
    }

    /// Puts the filter to a body.
    pub(super) fn filtered(&mut self, mut body: Json) -> Json {
        let filter = self.filter("interpolation", 1.0).0;
        self.masks_nearest();
        if filter != "bilinear" {
            body["filter"] = json!(filter);
        }
        body
    }

    /// The same for what may shrink a picture: OpenCV's filters take the nearest pixels alone, but for the mean of
    /// areas.
    pub(super) fn resampled(&mut self, mut body: Json) -> Json {
        let (filter, average) = self.filter("interpolation", 1.0);
        self.masks_nearest();
        let averaged = self.raw("area_for_downscale").is_some();
        if averaged && !average {
            self.remark(
                "shrinking averages all pixels under the footprint of the filter, \
             where the other takes the mean of areas",
            );
        }
        if filter != "bilinear" {
            body["filter"] = json!(filter);
        }
        body["antialias"] = json!(average || averaged);
        body
    }

    fn masks_nearest(&mut self) {
        if !matches!(self.raw("mask_interpolation").and_then(Json::as_f64), None | Some(0.0 | 6.0)) {
            self.remark("masks are always read by the nearest pixel");
        }
    }

    /// The filter of one of OpenCV's numbers, and whether it averages where it shrinks.
    pub(super) fn filter(&mut self, key: &'static str, default: f64) -> (&'static str, bool) {
        let code = self.number(key, default);
        match code as i64 {
            0 | 6 => ("nearest", false),
            1 | 5 => ("bilinear", false),
            2 => {
                self.remark("bicubic weights are those of Catmull and Rom (−0.5), OpenCV's those of −0.75");
                ("bicubic", false)
            }
            3 => {
                self.remark("the mean of areas counts pixels at their rim whole or not at all");
                ("box", true)
            }
            4 => {
                self.remark("the Lanczos filter has three lobes, OpenCV's four");
                ("lanczos3", false)
            }
            _ => {
                self.refuse(format!("{key} {code} is no filter that is known here"), &[]);
                ("bilinear", false)
            }
        }
    }

    /// Puts border and fill to a body.
    pub(super) fn bordered(&mut self, mut body: Json) -> Json {
        let code = self.number("border_mode", 0.0);
        let border = match code as i64 {
            0 => "constant",
            1 => "edge",
            2 => "reflect",
            3 => "wrap",
            4 => "mirror",
            _ => {
                self.refuse(format!("border_mode {code} is no border that is known here"), &[]);
                "constant"
            }
        };
        if border != "constant" {
            body["border"] = json!(border);
        }
        let fill = self.colour("fill", 0.0);
        if border == "constant" && fill != json!(0.0) {
            body["fill"] = fill;
        }
        self.mask_fill();
        body
    }

    /// What masks hold where nothing is seen: one number for the whole pipeline here.
    pub(super) fn mask_fill(&mut self) {
        let fill = match self.numbers("fill_mask").as_deref() {
            None | Some([]) => return,
            Some([first, rest @ ..]) => {
                if rest.iter().any(|v| v != first) {
                    self.refuse("fill_mask has several numbers; masks are filled with one here", &[]);
                }
                *first
            }
        };
        let known = self.notes.options.get("mask_fill").and_then(Json::as_f64);
        match known {
            None if fill != 0.0 => {
                self.notes.options.insert("mask_fill".into(), json!(fill));
                self.remark(format!("masks of the whole pipeline are filled with {fill}, by its option mask_fill"));
            }
            Some(other) if other != fill => {
                self.remark(format!("masks are filled with {other}, as elsewhere in this pipeline, not with {fill}"));
            }
            _ => {}
        }
    }

    /// A colour of 8-bit levels, 0 to 255, as one of 0 black to 1 white. After the final numbers it is one of those.
    pub(super) fn colour(&mut self, key: &'static str, default: f64) -> Json {
        let levels = self.numbers(key).unwrap_or_else(|| vec![default]);
        self.coloured(&levels, 255.0)
    }

    /// Levels of which `white` is white as a colour.
    pub(super) fn coloured(&mut self, levels: &[f64], white: f64) -> Json {
        let colours = match self.notes.written.clone() {
            None => levels.iter().map(|v| v / white).collect(),
            Some((mean, std)) => {
                let n = levels.len().max(mean.len()).max(std.len());
                let at = |list: &[f64], k: usize| list.get(k).or(list.first()).copied().unwrap_or_default();
                let colours: Vec<f64> = (0..n).map(|k| at(levels, k) * at(&std, k) + at(&mean, k)).collect();
                if colours.iter().any(|v| !(0.0..=1.0).contains(v)) {
                    self.remark("its fill lies beyond black or white there, and at them here");
                }
                colours.into_iter().map(|v| v.clamp(0.0, 1.0)).collect::<Vec<_>>()
            }
        };
        match colours.as_slice() {
            [first, rest @ ..] if rest.iter().all(|v| v == first) => json!(first),
            list => json!(list),
        }
    }
}
