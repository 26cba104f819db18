//! What Albumentations takes from other pictures.
//!
//! A part of the library's table. It reads parameters alone, and never takes a word it does not know for another.

use serde_json::json;

use crate::migrate::entry::Entry;
use crate::migrate::given::span;

const WHERE: &str = "the other picture is another sample of the loader's; name a `bank=` for a folder of them";

pub const TABLE: &[Entry] = &[
    Entry::new("FDA", 0.5, &["fourier_adapt"], WHERE, |g| {
        let beta = g.range("beta_limit", (0.0, 0.1));
        g.skip(&["reference_images", "read_fn", "metadata_key"]);
        vec![json!({"fourier_adapt": {"beta": span((beta.0.min(0.3), beta.1.min(0.3)))}})]
    }),
    Entry::new("HistogramMatching", 0.5, &["histogram_match"], WHERE, |g| {
        let alpha = g.range("blend_ratio", (0.5, 1.0));
        g.skip(&["reference_images", "read_fn", "metadata_key"]);
        vec![json!({"histogram_match": {"alpha": span(alpha)}})]
    }),
    Entry::new("PixelDistributionAdaptation", 0.5, &["pixel_distribution_match"], WHERE, |g| {
        let alpha = g.range("blend_ratio", (0.25, 1.0));
        let method = match g.word("transform_type", "pca") {
            "standard" => "standard",
            "minmax" => "min_max",
            _ => "pca",
        };
        g.skip(&["reference_images", "read_fn", "metadata_key"]);
        vec![json!({"pixel_distribution_match": {"alpha": span(alpha), "method": method}})]
    }),
    Entry::new(
        "Mosaic",
        0.5,
        &["mosaic", "resize"],
        "three other samples of the loader's stand around this one, \
         whose size the mosaic has before it is brought to the target",
        |g| {
            let centre = g.range("center_range", (0.3, 0.7));
            let grid = g.range("grid_yx", (2.0, 2.0));
            g.skip(&["cell_shape", "metadata_key", "fill", "fill_mask"]);
            if grid != (2.0, 2.0) {
                g.refuse("a mosaic is made of two by two pictures", &["Mosaic"]);
            }
            let fit = if g.word("fit_mode", "cover") == "cover" { "crop" } else { "stretch" };
            let size = match g.numbers("target_size").as_deref() {
                Some(&[height, width]) => g.becomes(height, width),
                _ => g.becomes(512.0, 512.0),
            };
            let body = json!({"x": span(centre), "y": span(centre), "fit": fit});
            vec![json!({"mosaic": body}), json!({"resize": g.resampled(json!({"size": size}))})]
        },
    ),
    Entry::missing(
        "OverlayElements",
        &["overlay"],
        "the elements come with each call there; Overlay takes them from a `bank=`",
    ),
    Entry::missing("TextImage", &["overlay"], "no text is drawn; Overlay lays pictures of a `bank=` on"),
];
