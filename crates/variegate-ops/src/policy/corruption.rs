//! Corruption: the test corruptions of ImageNet-C.

use super::blur_zoom_blur::Zooming;
use super::resolution_downscale::pass_through;
use super::weather_frost::Ice;
use crate::corruptions::{Blurred, Frosted, Mud, Plasma, Snowfall, disc, ray};
use crate::index::blur::{GaussianBlur, GlassBlur};
use crate::index::colour::{Contrast, HueSaturationValue};
use crate::index::noise::{PoissonNoise, SaltPepper, SpeckleNoise};
use crate::index::shape::Elastic;
use crate::index::weather::Spatter;
use crate::prelude::*;

params! {
    /// Corrupts the picture in one of the nineteen ways of ImageNet-C, at one of five severities.
    ///
    /// Formulae and constants are the published ones, for pictures of 224 × 224, and lengths count pixels. Frost is procedural
    /// instead of photographs of it, drops of water (spatter 1 to 3) are those of `spatter`, motion blurs mirror the edge, and
    /// Gaussians end at three σ. `speckle_noise`, `gaussian_blur`, `spatter` and `saturate` are the four for validation. Masks,
    /// boxes and points move under `elastic_transform` alone. Source: Hendrycks and Dietterich, "Benchmarking Neural Network
    /// Robustness to Common Corruptions and Perturbations", ICLR 2019.
    pub struct Corruption("corruption", "policy", aliases: ["corrupt", "imagecorruptions", "imgcorruptlike", "ImageNet-C"]) {
        /// Which corruption.
        kind: &'static str = word(&[
            "gaussian_noise", "shot_noise", "impulse_noise", "defocus_blur", "glass_blur", "motion_blur", "zoom_blur", "snow",
            "frost", "fog", "brightness", "contrast", "elastic_transform", "pixelate", "jpeg_compression", "speckle_noise",
            "gaussian_blur", "spatter", "saturate",
        ], "gaussian_noise");
        /// How strong it is, from 1 to 5; 0 is nothing.
        severity: i64 = integer(0, 5).usual(1.0, 5.0).neutral(0.0);
        /// The noise, flakes, ice, fog or drops.
        field: FieldKey = key();
        /// An angle, and where three points of the picture move.
        choices: Vec<f64> = spread(7);
    }
}

const GAUSSIAN_NOISE: [f64; 5] = [0.08, 0.12, 0.18, 0.26, 0.38];
const SHOT_NOISE: [f64; 5] = [60.0, 25.0, 12.0, 5.0, 3.0];
const IMPULSE_NOISE: [f64; 5] = [0.03, 0.06, 0.09, 0.17, 0.27];
const SPECKLE_NOISE: [f64; 5] = [0.15, 0.2, 0.35, 0.45, 0.6];
const GAUSSIAN_BLUR: [f64; 5] = [1.0, 2.0, 3.0, 4.0, 6.0];
/// Radius, and σ of its smoothing.
const DEFOCUS_BLUR: [(f64, f64); 5] = [(3.0, 0.1), (4.0, 0.5), (6.0, 0.5), (8.0, 0.5), (10.0, 0.5)];
/// σ, how far, how often.
const GLASS_BLUR: [(f64, i64, i64); 5] = [(0.7, 1, 2), (0.9, 2, 1), (1.0, 2, 3), (1.1, 3, 2), (1.5, 4, 2)];
/// Radius and σ.
const MOTION_BLUR: [(usize, f64); 5] = [(10, 3.0), (15, 5.0), (15, 8.0), (15, 12.0), (20, 15.0)];
/// How many magnifications from 1 on, and the step between them. The end of a range of steps of 0.01 is in it at 1.11 alone.
const ZOOM_BLUR: [(usize, f64); 5] = [(12, 0.01), (16, 0.01), (11, 0.02), (13, 0.02), (11, 0.03)];
/// Mean, deviation, magnification and threshold of flakes; radius and σ of their fall; what is kept of the picture.
const SNOW: [([f32; 4], (usize, f64), f32); 5] = [
    ([0.1, 0.3, 3.0, 0.5], (10, 4.0), 0.8),
    ([0.2, 0.3, 2.0, 0.5], (12, 4.0), 0.7),
    ([0.55, 0.3, 4.0, 0.9], (12, 8.0), 0.7),
    ([0.55, 0.3, 4.5, 0.85], (12, 8.0), 0.65),
    ([0.55, 0.3, 2.5, 0.85], (12, 12.0), 0.55),
];
/// Shares of the picture and of the ice.
const FROST: [(f32, f32); 5] = [(1.0, 0.4), (0.8, 0.6), (0.7, 0.7), (0.65, 0.7), (0.6, 0.75)];
/// How much, and how fast its detail fades.
const FOG: [(f32, f32); 5] = [(1.5, 2.0), (2.0, 2.0), (2.5, 1.7), (2.5, 1.5), (3.0, 1.4)];
const BRIGHTNESS: [f64; 5] = [0.1, 0.2, 0.3, 0.4, 0.5];
const CONTRAST: [f64; 5] = [0.4, 0.3, 0.2, 0.1, 0.05];
/// Factor of the shifts, σ, and how far three points move, for a side of 224: the published code multiplies 244.
const ELASTIC: [(f64, f64, f64); 5] =
    [(488.0, 170.8, 24.4), (488.0, 19.52, 48.8), (12.2, 2.44, 4.88), (17.08, 2.44, 4.88), (29.28, 2.44, 4.88)];
const PIXELATE: [f64; 5] = [0.6, 0.5, 0.4, 0.3, 0.25];
const JPEG: [u8; 5] = [25, 18, 15, 10, 7];
/// Factor and addend of the saturation.
const SATURATE: [(f64, f64); 5] = [(0.3, 0.0), (0.1, 0.0), (2.0, 0.0), (5.0, 0.1), (20.0, 0.2)];
/// Share under drops of water and drops along the shorter side, from the law of the published noise: its share above the threshold, and
/// four of its σ.
const WATER: [(f64, f64); 3] = [(0.03, 14.0), (0.14, 19.0), (0.24, 28.0)];
/// Mean, deviation, σ, threshold and σ of the splashes.
const MUD: [[f64; 5]; 2] = [[0.65, 0.3, 1.0, 0.65, 1.5], [0.67, 0.4, 1.0, 0.65, 1.5]];

impl Op for Corruption {
    fn lower(&self, plan: &mut Builder) {
        let Some(k) = usize::try_from(self.severity - 1).ok().filter(|k| *k < 5) else { return };
        let (field, noise, per_channel) = (self.field, self.field, true);
        let turn = self.choices.first().copied().unwrap_or(0.0);
        let saturated = |plan: &mut Builder, saturation: f64, value: f64| {
            HueSaturationValue { hue: 0.0, saturation, value }.lower(plan);
        };
        match self.kind {
            "shot_noise" => PoissonNoise { photons: SHOT_NOISE[k], per_channel, noise }.lower(plan),
            "impulse_noise" => SaltPepper { fraction: IMPULSE_NOISE[k], salt: 0.5, per_channel, noise }.lower(plan),
            "speckle_noise" => SpeckleNoise { sigma: SPECKLE_NOISE[k], per_channel, noise }.lower(plan),
            "gaussian_blur" => GaussianBlur { sigma: GAUSSIAN_BLUR[k], border: Border::Edge }.lower(plan),
            "defocus_blur" => paint(plan, Blurred(disc(DEFOCUS_BLUR[k].0, DEFOCUS_BLUR[k].1))),
            "glass_blur" => {
                let (sigma, reach_px, rounds) = GLASS_BLUR[k];
                GlassBlur { sigma, reach_px, rounds, field }.lower(plan);
            }
            "motion_blur" => paint(plan, Blurred(ray(MOTION_BLUR[k].0, MOTION_BLUR[k].1, 45.0 * turn))),
            "zoom_blur" => {
                let (count, step) = ZOOM_BLUR[k];
                paint(plan, Zooming { factors: (0..count).map(|j| 1.0 + j as f64 * step).collect() });
            }
            "snow" => {
                let (flakes, (radius, sigma), kept) = SNOW[k];
                paint(plan, Snowfall { flakes, fall: ray(radius, sigma, -90.0 + 45.0 * turn), kept, field });
            }
            "frost" => {
                let ice = Ice { strength: 1.0, cells: 8.0, field };
                paint(plan, Frosted { kept: FROST[k].0, added: FROST[k].1, ice });
            }
            "fog" => paint(plan, Plasma { amount: FOG[k].0, decay: FOG[k].1, field }),
            "brightness" if plan.frame().has_colour() => saturated(plan, 0.0, BRIGHTNESS[k]),
            "brightness" => plan.scale(1.0, BRIGHTNESS[k]),
            "contrast" => Contrast { factor: CONTRAST[k], around: "channel_mean" }.lower(plan),
            "elastic_transform" => self.elastic(ELASTIC[k], plan),
            "pixelate" => {
                let size = plan.size();
                let cells = |n: usize| ((n as f64 * PIXELATE[k]) as usize).max(1);
                let small = Size::new(cells(size.height), cells(size.width));
                pass_through(plan, small, Filter::Box, Filter::Nearest);
            }
            "jpeg_compression" => plan.push(Node::Codec(Codec { format: CodecFormat::Jpeg, quality: JPEG[k] })),
            "spatter" if k < 3 => Spatter { cover: WATER[k].0, of: "water", cells: WATER[k].1, field }.lower(plan),
            "spatter" => paint(plan, Mud { noise: MUD[k - 3], field }),
            "saturate" => {
                plan.push(Node::Hsv(Hsv { hue: 0.0, saturation: SATURATE[k].0, value: 1.0 }));
                if SATURATE[k].1 > 0.0 {
                    saturated(plan, SATURATE[k].1, 0.0);
                }
            }
            _ => {
                let (kind, sigma) = (NoiseKind::Gaussian, GAUSSIAN_NOISE[k]);
                plan.push(Node::Noise(Noise { kind, sigma, mean: 0.0, per_channel, key: field }));
            }
        }
    }
}

impl Corruption {
    /// Three points move, and then everything by smooth shifts: uniform noise of deviation 1 / √3 smoothed and multiplied.
    fn elastic(&self, (alpha, sigma, reach): (f64, f64, f64), plan: &mut Builder) {
        let size = plan.size();
        let short = size.shorter() as f64;
        let (x, y, s) = (size.width as f64 / 2.0, size.height as f64 / 2.0, short / 3.0);
        let points = [(x + s, y + s), (x + s, y - s), (x - s, y - s)];
        let shift = |k: usize| self.choices.get(1 + k).copied().unwrap_or(0.0) * reach / 224.0 * short;
        let moved: [(f64, f64); 3] =
            std::array::from_fn(|k| (points[k].0 + shift(2 * k), points[k].1 + shift(2 * k + 1)));
        let frame = |p: [(f64, f64); 3]| {
            Homography::affine(p[1].0 - p[0].0, p[2].0 - p[0].0, p[0].0, p[1].1 - p[0].1, p[2].1 - p[0].1, p[0].1)
        };
        if let Some(back) = frame(moved).inverse() {
            let map = frame(points).then_inside(back);
            plan.warp(Warp::new(map, size, size).border(Border::Mirror, Channels::All(0.0)));
        }
        let deviation = alpha / (2.0 * (3.0 * std::f64::consts::PI).sqrt() * sigma);
        let (filter, border, fill) = (Filter::Bilinear, Border::Reflect, Channels::All(0.0));
        Elastic { strength: deviation / 224.0, sigma: sigma / 224.0, filter, border, fill, noise: self.field }
            .lower(plan);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::param;
    use crate::testing::{nodes, nodes_of};

    fn kinds() -> &'static [&'static str] {
        let param::Kind::Word(words) = Corruption::SPEC.params[0].kind else { panic!("a word") };
        words
    }

    #[test]
    fn the_constants_are_as_published() {
        let of =
            |kind: &'static str, severity: i64| nodes(Corruption::config().kind(kind).severity(severity), (224, 224));
        assert!(matches!(of("gaussian_noise", 3)[..], [Node::Noise(Noise { sigma: 0.18, .. })]));
        assert!(matches!(of("jpeg_compression", 5)[..], [Node::Codec(Codec { quality: 7, .. })]));
        let [Node::Warp(down), Node::Warp(_)] = &of("pixelate", 1)[..] else { panic!("two resamplings") };
        assert_eq!(down.to, Size::new(134, 134));
        let [Node::ColorMatrix(m)] = &of("contrast", 5)[..] else { panic!("a matrix") };
        assert_eq!(m.mean, Some((Measured::EachChannel, 0.95)));
        // Greatest magnifications of numpy's ranges of steps.
        let ends: Vec<f64> = ZOOM_BLUR.iter().map(|(n, step)| 1.0 + (n - 1) as f64 * step).collect();
        for (end, published) in ends.iter().zip([1.11, 1.15, 1.2, 1.24, 1.3]) {
            assert!((end - published).abs() < 1e-12);
        }
    }

    #[test]
    fn every_kind_writes_something_for_every_frame_but_for_greys_without_saturation() {
        assert_eq!(kinds().len(), 19);
        for kind in kinds() {
            for severity in 1..=5 {
                for (height, width, channels) in [(1, 1, 3), (5, 1, 1), (9, 14, 4), (12, 7, 7)] {
                    let list = nodes_of(
                        Corruption::config().kind(*kind).severity(severity),
                        Frame::new(height, width, channels),
                    );
                    let tiny = *kind == "pixelate" && height * width == 1;
                    assert!(!list.is_empty() || tiny, "{kind} {severity}");
                }
            }
        }
        assert!(nodes(Corruption::config().severity(0), (4, 4)).is_empty());
    }

    #[test]
    fn effects_work_at_every_size() {
        for kind in kinds() {
            for severity in [1, 5] {
                for (height, width, channels) in [(1, 1, 3), (5, 1, 1), (9, 14, 4), (12, 7, 7)] {
                    let frame = Frame::new(height, width, channels);
                    for node in nodes_of(Corruption::config().kind(*kind).severity(severity), frame) {
                        let Node::Opaque(opaque) = node else { continue };
                        let values = vec![0.5; frame.size.pixels() * channels];
                        let mut picture = variegate_picture::Picture::new(
                            frame.size,
                            channels,
                            variegate_picture::Pixels::F32(values),
                        )
                        .expect("a picture");
                        (opaque.call)(&mut picture, None, 1.0).expect("an effect");
                        let variegate_picture::Pixels::F32(out) = picture.pixels() else { panic!("reals") };
                        assert!(out.iter().all(|v| (0.0..=1.0).contains(v)), "{kind}");
                        assert!(channels != 4 || out.iter().skip(3).step_by(4).all(|v| *v == 0.5), "{kind}");
                    }
                }
            }
        }
    }
}
