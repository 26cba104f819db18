//! Normalize: the numbers a network expects.

use crate::prelude::*;

/// Mean and standard deviation of ImageNet's training pictures, R, G, B in units of white (torchvision's figures).
const IMAGENET: ([f64; 3], [f64; 3]) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

/// ImageNet's mean B, G, R from 0 to 255 (Simonyan and Zisserman's VGG, Caffe's figures).
const CAFFE: [f64; 3] = [103.939, 116.779, 123.68];

params! {
    /// Turns values into the numbers a network expects, while the result is written.
    ///
    /// With v from 0 black to 1 white: `imagenet` and `torch` (v − mean) / std with ImageNet's figures, `tf` 2v − 1, `unit` v,
    /// `caffe` 255v in the order B, G, R, less (103.939, 116.779, 123.68): Keras's `preprocess_input` of these names.
    /// Where `mean` or `std` is given it is (v − mean) / std whatever the mode says, 0 and 1 for the one left out, as in
    /// torchvision and Albumentations. A grey picture takes the average of the three figures; alpha stays from 0 to 1.
    pub struct Normalize("normalize", "finish", aliases: [
        "Normalization", "Rescaling", "preprocess_input", "crop_mirror_normalize"
    ]) {
        /// Whose figures.
        mode: &'static str = word(&["imagenet", "torch", "tf", "caffe", "unit", "custom"], "imagenet");
        /// Mean, one number or one for each channel, from 0 black to 1 white.
        mean: Option<Vec<f64>> = numbers(0).optional().unit("of white");
        /// Standard deviation, one number or one for each channel, in the same unit.
        std: Option<Vec<f64>> = numbers(0).between(1e-6, f64::INFINITY).optional().unit("of white");
    }
}

impl Op for Normalize {
    fn lower(&self, plan: &mut Builder) {
        let frame = plan.frame();
        let given = |list: &Option<Vec<f64>>, plain: f64| {
            list.as_deref().filter(|l| !l.is_empty()).map_or(Channels::All(plain), Channels::from)
        };
        let custom = self.mean.is_some() || self.std.is_some();
        let finish = match self.mode {
            _ if custom => standard(given(&self.mean, 0.0), given(&self.std, 1.0)),
            "imagenet" | "torch" => standard(figures(IMAGENET.0, 0.0, frame), figures(IMAGENET.1, 1.0, frame)),
            "caffe" => Finish {
                gain: figures([255.0; 3], 1.0, frame),
                offset: figures(CAFFE, 0.0, frame).map(|v| -v),
                order: frame.has_colour().then_some([2, 1, 0]),
            },
            "tf" => Finish { gain: Channels::All(2.0), offset: Channels::All(-1.0), order: None },
            _ => standard(Channels::All(0.0), Channels::All(1.0)),
        };
        plan.finish(finish);
    }
}

/// (v − mean) / std.
fn standard(mean: Channels, std: Channels) -> Finish {
    Finish { gain: std.map(|s| 1.0 / s), offset: mean.zip(&std, |m, s| -m / s), order: None }
}

/// Figures of three colours for a frame: their average where there is no colour, and `alpha` for an alpha channel.
fn figures(three: [f64; 3], alpha: f64, frame: Frame) -> Channels {
    match frame.channels {
        4 => Channels::Each(vec![three[0], three[1], three[2], alpha]),
        3 => Channels::Each(three.to_vec()),
        _ => Channels::All((three[0] + three[1] + three[2]) / 3.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Config;
    use crate::testing::plan_of;

    /// What the four channels of a pixel become.
    fn written(config: Config<Normalize>, channels: usize, pixel: [f64; 4]) -> [f64; 4] {
        let finish = plan_of(config, Frame::new(4, 4, channels)).finish.expect("a finish");
        let order = finish.order.map_or([0, 1, 2, 3], |[a, b, c]| [a, b, c, 3]);
        std::array::from_fn(|c| pixel[order[c]] * finish.gain.get(c) + finish.offset.get(c))
    }

    fn close(a: [f64; 4], b: [f64; 4]) -> bool {
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9)
    }

    #[test]
    fn the_mean_becomes_nothing_and_one_deviation_one() {
        let out = written(Normalize::config(), 4, [0.485, 0.456 + 0.224, 0.406 - 0.225, 0.7]);
        assert!(close(out, [0.0, 1.0, -1.0, 0.7]), "{out:?}");
    }

    #[test]
    fn caffe_wants_blue_first_and_no_scaling() {
        let out = written(Normalize::config().mode("caffe"), 4, [1.0, 0.0, 0.0, 0.5]);
        assert!(close(out, [-103.939, -116.779, 255.0 - 123.68, 0.5]), "{out:?}");
    }

    #[test]
    fn tf_runs_from_minus_one_to_one() {
        assert_eq!(written(Normalize::config().mode("tf"), 3, [0.0, 0.5, 1.0, 0.0])[..3], [-1.0, 0.0, 1.0]);
    }

    #[test]
    fn given_figures_win_and_what_is_left_out_changes_nothing() {
        let both = written(Normalize::config().mean(vec![0.5]).std(vec![0.25]), 3, [0.5, 0.75, 0.0, 0.0]);
        assert_eq!(both[..3], [0.0, 1.0, -2.0]);
        let mean = written(Normalize::config().mean(vec![0.1, 0.2, 0.3]), 3, [0.1, 0.2, 1.3, 0.0]);
        assert!(close(mean, [0.0, 0.0, 1.0, mean[3]]));
    }

    #[test]
    fn a_grey_picture_takes_the_average_figure() {
        let plan = plan_of(Normalize::config().mode("caffe"), Frame::new(4, 4, 1));
        let finish = plan.finish.expect("a finish");
        assert_eq!((finish.order, finish.gain), (None, Channels::All(255.0)));
    }
}
