//! Amplitude mix: the amplitudes of another picture, at every frequency.

use std::sync::Arc;

use crate::fourier::Spectrum;
use crate::prelude::*;

params! {
    /// Mixes the Fourier amplitudes with those of another picture, and keeps the phases.
    ///
    /// In each channel, at each frequency, the amplitude becomes (1 − alpha) · own + alpha · other. Phases carry what is to be seen, amplitudes
    /// its style. The other picture comes from a `bank` or, where none is given, from the data set (a `Loader` or
    /// `Pipeline.batch`), and shares nothing of the label. Source: Xu et al., "A Fourier-based Framework for Domain
    /// Generalization", CVPR 2021.
    pub struct AmplitudeMix("amplitude_mix", "texture", aliases: ["AmplitudeMixup", "FACT"]) {
        /// The other picture's share of the amplitudes.
        alpha: f64 = real(0.0, 1.0).usual(0.1, 0.6).neutral(0.0).unit("fraction");
        /// Where the other picture comes from; the data set, where it is left out.
        bank: Option<Arc<str>> = bank().optional();
        /// The other picture.
        partner: u64 = partner();
    }
}

impl Op for AmplitudeMix {
    fn lower(&self, plan: &mut Builder) {
        if self.alpha > 0.0 {
            paint_with(plan, Other::filling(&self.bank, self.partner), Amplitudes { alpha: self.alpha as f32 });
        }
    }
}

#[derive(Debug)]
struct Amplitudes {
    alpha: f32,
}

impl Amplitudes {
    /// The plane with mixed amplitudes.
    fn mixed(&self, size: Size, own: Vec<f32>, other: Vec<f32>) -> Vec<f32> {
        // Both planes are real, so one transform holds both: own in the even part, the other in the odd one.
        let Spectrum { re, im, .. } = &Spectrum::of(size, own, other);
        let mut made = Spectrum { size, re: vec![0.0; re.len()], im: vec![0.0; re.len()] };
        for k in 0..re.len() {
            let m = made.mirrored(k);
            let (a, b) = (0.5 * (re[k] + re[m]), 0.5 * (im[k] - im[m]));
            let (p, q) = (0.5 * (im[k] + im[m]), 0.5 * (re[m] - re[k]));
            let (amplitude, theirs) = ((a * a + b * b).sqrt(), (p * p + q * q).sqrt());
            let wanted = amplitude + self.alpha * (theirs - amplitude);
            // A frequency that is not there has no phase; it gets that of 0.
            (made.re[k], made.im[k]) =
                if amplitude > 1e-6 { (a * (wanted / amplitude), b * (wanted / amplitude)) } else { (wanted, 0.0) };
        }
        made.inverse().0
    }
}

impl Duet for Amplitudes {
    fn name(&self) -> &'static str {
        "amplitude mix"
    }

    fn paint(&self, canvas: &mut Canvas, other: &Canvas) {
        for c in 0..canvas.colours() {
            let plane = self.mixed(canvas.size, canvas.plane(c), other.plane(c));
            canvas.set_plane(c, &plane);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(height: f32, mean: f32, shift: f32) -> Canvas {
        let size = Size::new(9, 12);
        let at = |k: usize| (k % 12) as f32 / 12.0 + (k / 12) as f32 / 3.0 + shift;
        let value = |k: usize| mean + height * libm::cosf(2.0 * std::f32::consts::PI * at(k));
        Canvas { size, channels: 1, values: (0..size.pixels()).map(value).collect() }
    }

    #[test]
    fn a_wave_grows_half_way_and_stays_where_it_is() {
        let mut canvas = wave(0.1, 0.4, 0.0);
        Amplitudes { alpha: 0.5 }.paint(&mut canvas, &wave(0.3, 0.6, 0.4));
        for (got, want) in canvas.values.iter().zip(wave(0.2, 0.5, 0.0).values) {
            assert!((got - want).abs() < 1e-4, "{got} {want}");
        }
    }

    #[test]
    fn its_own_amplitudes_change_nothing() {
        let mut canvas = wave(0.2, 0.5, 0.3);
        Amplitudes { alpha: 1.0 }.paint(&mut canvas, &wave(0.2, 0.5, 0.3));
        assert!(canvas.values.iter().zip(wave(0.2, 0.5, 0.3).values).all(|(a, b)| (a - b).abs() < 1e-4));
    }
}
