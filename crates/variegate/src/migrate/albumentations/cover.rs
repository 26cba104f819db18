//! What Albumentations paints over.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, count, span, times, whole};

pub const TABLE: &[Entry] = &[
    Entry::new("ChannelDropout", 0.5, &["channel_dropout"], "", |g| {
        let n = g.range("channel_drop_range", (1.0, 1.0));
        vec![json!({"channel_dropout": {"count": count(n), "fill": g.colour("fill", 0.0)}})]
    }),
    Entry::new("CoarseDropout", 0.5, &["coarse_dropout"], "boxes and points under a hole stay", coarse),
    Entry::new(
        "ConstrainedCoarseDropout",
        0.5,
        &["box_dropout"],
        "every chosen box loses one rectangle; boxes are chosen by share, not by label",
        constrained,
    ),
    Entry::new("Erasing", 0.5, &["erase"], "aspects are drawn by ratio", |g| {
        let (area, aspect) = (g.range("scale", (0.02, 0.33)), g.range("ratio", (0.3, 3.3)));
        vec![json!({"erase": {"area": span(area), "aspect": span(aspect), "fill": painted(g, true)}})]
    }),
    Entry::new(
        "GridDropout",
        0.5,
        &["grid_dropout"],
        "cells are square, and all holes lie at the same place in theirs",
        grid,
    ),
    Entry::missing("MaskDropout", &["BoxDropout"], "what a mask marks is not painted over; boxes can be"),
    Entry::new("PixelDropout", 0.5, &["pixel_dropout"], "", |g| {
        let fraction = g.number("dropout_prob", 0.01);
        if g.raw("mask_drop_value").is_some() {
            g.remark("masks stay as they are");
        }
        let fill = match g.raw("drop_value") {
            None => json!(0.0),
            Some(_) => g.colour("drop_value", 0.0),
        };
        let per_channel = g.flag("per_channel", false);
        vec![json!({"pixel_dropout": {"fraction": fraction, "per_channel": per_channel, "fill": fill}})]
    }),
    Entry::new("XYMasking", 0.5, &["band_mask"], "bands are of any thickness up to the greatest one", |g| {
        bands(g, false)
    }),
    Entry::new("TimeMasking", 0.5, &["band_mask"], "", |g| bands(g, true)),
    Entry::new("FrequencyMasking", 0.5, &["band_mask"], "", |g| bands(g, true)),
    Entry::new("TimeReverse", 0.5, &["flip"], "", |_| vec![json!({"flip": {"axis": "horizontal"}})]),
];

/// The colour of holes; none is noise, where the operation has it.
fn painted(given: &mut Given, noise: bool) -> Json {
    if given.raw("fill_mask").is_some() {
        given.remark("masks stay as they are");
    }
    let plain = match given.raw("fill") {
        Some(Json::String(word)) => word.as_str(),
        _ => return given.colour("fill", 0.0),
    };
    match plain {
        "random" if noise => return Json::Null,
        "random_uniform" if noise => {
            given.remark("holes are filled with noise, not with one random colour each");
            return Json::Null;
        }
        word => given.refuse(format!("fill={word:?} is not there; name a colour"), &["Erase"]),
    }
    json!(0.0)
}

fn coarse(given: &mut Given) -> Vec<Json> {
    let n = given.range("num_holes_range", (1.0, 2.0));
    let (down, across) = (given.range("hole_height_range", (0.1, 0.2)), given.range("hole_width_range", (0.1, 0.2)));
    let share = |given: &mut Given, range: (f64, f64), side: fn((f64, f64)) -> f64| {
        let in_pixels = range.1 >= 1.0;
        match (in_pixels, given.notes.size) {
            (true, _) => (given.of_side(range.0), given.of_side(range.1)),
            // A share of its own side, as one of the shorter one.
            (false, Some(size)) => times(range, side(size) / size.0.min(size.1)),
            (false, None) => range,
        }
    };
    let down = share(given, down, |size| size.0);
    let across = share(given, across, |size| size.1);
    if down != across {
        given.remark("sides of holes are drawn from one range, which holds both");
    }
    let (lo, hi) = (down.0.min(across.0), down.1.max(across.1).min(1.0));
    let middle = (lo + hi) / 2.0;
    let vary = if middle > 0.0 { (hi - lo) / (hi + lo) } else { 0.0 };
    let fill = painted(given, true);
    vec![json!({"coarse_dropout": {"count": count(n), "fraction": middle, "vary": vary, "fill": fill}})]
}

fn constrained(given: &mut Given) -> Vec<Json> {
    given.skip(&["num_holes_range"]);
    let (down, across) = (given.range("hole_height_range", (0.1, 0.1)), given.range("hole_width_range", (0.1, 0.1)));
    if given.raw("mask_indices").is_some() {
        given.refuse("what a mask marks is not painted over; boxes can be", &["BoxDropout"]);
    }
    if given.raw("bbox_labels").is_some() {
        given.remark("boxes of every label are among the chosen");
    }
    let side = (down.0.min(across.0), down.1.max(across.1));
    vec![json!({"box_dropout": {"fraction": 1.0, "side": span(side), "fill": painted(given, true)}})]
}

fn grid(given: &mut Given) -> Vec<Json> {
    let fraction = given.number("ratio", 0.5);
    let random = given.flag("random_offset", true);
    let shift = given.range("shift_xy", (0.0, 0.0));
    let holes = given.numbers("holes_number_xy");
    let unit = given.numbers("unit_size_range");
    let cells = match (unit.as_deref(), holes.as_deref()) {
        (Some(&[lo, hi]), _) => {
            let (few, many) = (1.0 / given.of_side(hi), 1.0 / given.of_side(lo));
            count((few.round().max(1.0), many.round().max(1.0)))
        }
        (_, Some(&[across, down])) => whole(across.min(down)),
        _ => whole(10.0),
    };
    let place = if random { json!([0.0, 1.0]) } else { json!(0.0) };
    if !random && shift != (0.0, 0.0) {
        given.remark("holes lie at the upper left of their cells");
    }
    let fill = painted(given, false);
    vec![json!({"grid_dropout": {"count": cells, "fraction": fraction, "x": place, "y": place, "fill": fill}})]
}

fn bands(given: &mut Given, spectrogram: bool) -> Vec<Json> {
    let least = |v: f64| (0.0, v);
    let columns = given.spread("num_masks_x", (0.0, 0.0), |v| (v, v));
    let rows = given.spread("num_masks_y", (0.0, 0.0), |v| (v, v));
    let across = given.spread("mask_x_length", (0.0, 0.0), least);
    let down = given.spread("mask_y_length", (0.0, 0.0), least);
    if spectrogram {
        given.skip(&["time_mask_param", "freq_mask_param"]);
    }
    let mut body = json!({"rows": count(rows), "columns": count(columns)});
    let Some((height, width)) = given.known_size() else { return Vec::new() };
    let (thick, wide) = (down.1 / height, across.1 / width);
    if rows.1 > 0.0 && columns.1 > 0.0 && thick != wide {
        given.remark("bands across and down are of one greatest thickness, as a fraction of their sides");
    }
    let greatest = if columns.1 == 0.0 {
        thick
    } else if rows.1 == 0.0 {
        wide
    } else {
        thick.max(wide)
    };
    body["fraction"] = json!(greatest.min(1.0));
    body["fill"] = painted(given, false);
    vec![json!({ "band_mask": body })]
}
