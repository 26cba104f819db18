//! Bends and meshes of Albumentations.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use std::f64::consts::PI;

use serde_json::{Value as Json, json};

use crate::migrate::entry::Entry;
use crate::migrate::given::{Given, count, span, times, whole};

/// The greatest of some ten thousand standard normal numbers, which the other library divides its noise by.
const GREATEST: f64 = 4.4;

pub const TABLE: &[Entry] = &[
    Entry::new(
        "ElasticTransform",
        0.5,
        &["elastic"],
        "shifts have the same deviation and reach, of other noise",
        elastic,
    ),
    Entry::new(
        "GridDistortion",
        0.5,
        &["grid_distort"],
        "cells are made of unequal width alone, by the greater of both limits either way",
        grid_distortion,
    ),
    Entry::new(
        "OpticalDistortion",
        0.5,
        &["lens"],
        "the terms of the second and fourth order are one of the second that agrees in the corners",
        optical_distortion,
    ),
    Entry::new(
        "PiecewiseAffine",
        0.5,
        &["piecewise_affine"],
        "the mesh is square and made of triangles, where there all nodes pull at a place by their distance",
        piecewise_affine,
    ),
    Entry::new(
        "ThinPlateSpline",
        0.5,
        &["thin_plate_spline"],
        "control points move evenly up to a distance, with the deviation of the other's normal shifts",
        thin_plate_spline,
    ),
    Entry::new(
        "GridElasticDeform",
        1.0,
        &["piecewise_affine"],
        "nodes move by normal numbers of the same deviation, in a mesh of as many cells on both sides",
        grid_elastic_deform,
    ),
    Entry::new("RandomGridShuffle", 0.5, &["grid_shuffle"], "", grid_shuffle),
    Entry::new("Morphological", 0.5, &["morphology"], "the neighbourhood is a square, not an ellipse", morphological),
];

/// How a bent picture is read; points follow the map itself here.
fn bent(given: &mut Given, body: Json) -> Json {
    given.skip(&["keypoint_remapping_method"]);
    given.read_by(body)
}

fn elastic(given: &mut Given) -> Vec<Json> {
    let (alpha, sigma) = (given.number("alpha", 1.0), given.number("sigma", 50.0));
    given.skip(&["approximate"]);
    if given.flag("same_dxdy", false) {
        given.remark("shifts across and down are drawn apart");
    }
    // Smoothed noise of deviation s deviates by s / (2 √π σ).
    let noise = match given.word("noise_distribution", "gaussian") {
        "uniform" => 1.0 / 3f64.sqrt(),
        _ => 1.0 / GREATEST,
    };
    let strength = alpha * noise / (2.0 * PI.sqrt() * sigma.max(1e-6));
    let body = json!({"strength": given.of_side(strength).min(1.0), "sigma": given.of_side(sigma).clamp(0.01, 1.0)});
    vec![json!({"elastic": bent(given, body)})]
}

fn grid_distortion(given: &mut Given) -> Vec<Json> {
    let (lo, hi) = given.around("distort_limit", (-0.3, 0.3));
    let cells = given.number("num_steps", 5.0);
    if !given.flag("normalized", true) {
        given.remark("cells always sum to the side, so that no border shows");
    }
    if cells > 16.0 {
        given.remark("a side has sixteen cells at most");
    }
    let body = json!({"strength": lo.abs().max(hi.abs()).min(0.95), "cells": whole(cells.min(16.0))});
    vec![json!({"grid_distort": bent(given, body)})]
}

fn optical_distortion(given: &mut Given) -> Vec<Json> {
    let limit = given.around("distort_limit", (-0.05, 0.05));
    // A camera's radius counts sides, so k r² + k r⁴ is k/2 + k/4 in a corner, whose radius is 1 here.
    let factor = if given.word("mode", "camera") == "camera" { 0.75 } else { 1.0 };
    let body = json!({"k1": span(times(limit, factor)), "k2": 0.0, "k3": 0.0, "p1": 0.0, "p2": 0.0});
    vec![json!({"lens": bent(given, body)})]
}

fn piecewise_affine(given: &mut Given) -> Vec<Json> {
    let scale = times(given.range("scale", (0.03, 0.05)), 1.0 / 3.0);
    let (rows, columns) = (given.range("nb_rows", (4.0, 4.0)), given.range("nb_cols", (4.0, 4.0)));
    let strength = if given.flag("absolute_scale", false) { given.of_side_span(scale) } else { span(scale) };
    let cells = |v: f64| (v - 1.0).clamp(1.0, 64.0);
    let body = json!({
        "strength": strength,
        "cells": count((cells(rows.0.min(columns.0)), cells(rows.1.max(columns.1)))),
    });
    vec![json!({"piecewise_affine": bent(given, body)})]
}

fn thin_plate_spline(given: &mut Given) -> Vec<Json> {
    // A tenth of the scale is the deviation; even numbers up to d deviate by d / √3.
    let strength = times(given.range("scale_range", (0.2, 0.4)), 0.1 * 3f64.sqrt());
    let points = given.number("num_control_points", 4.0);
    if points > 6.0 {
        given.remark("a side has six control points at most");
    }
    let body = json!({"strength": span(strength), "points": whole(points.clamp(2.0, 6.0))});
    vec![json!({"thin_plate_spline": bent(given, body)})]
}

fn grid_elastic_deform(given: &mut Given) -> Vec<Json> {
    let grid = given.numbers("num_grid_xy").unwrap_or_default();
    let magnitude = given.number("magnitude", 0.0);
    if grid.len() != 2 {
        given.refuse("it says no num_grid_xy, cells across and down", &[]);
        return Vec::new();
    }
    // Even numbers up to the magnitude deviate by it over √3.
    let strength = given.of_side(magnitude / 3f64.sqrt());
    let cells = grid[0].max(grid[1]).clamp(1.0, 64.0);
    vec![json!({"piecewise_affine": given.filtered(json!({"strength": strength, "cells": whole(cells)}))})]
}

fn grid_shuffle(given: &mut Given) -> Vec<Json> {
    let (rows, columns) = given.range("grid", (3.0, 3.0));
    vec![json!({"grid_shuffle": {"rows": whole(rows), "columns": whole(columns)}})]
}

fn morphological(given: &mut Given) -> Vec<Json> {
    let (a, b) = given.range("scale", (2.0, 3.0));
    let kind = match given.word("operation", "dilation") {
        "erosion" => "erode",
        _ => "dilate",
    };
    // A neighbourhood of n pixels reaches (n − 1) / 2 far.
    let radius = ((a.max(b) - 1.0) / 2.0).round().max(0.0);
    vec![json!({"morphology": {"radius_px": whole(radius), "kind": kind}})]
}
