//! The network: three blocks of two convolutions of 3 × 3 and a pooling, as in VGG (Simonyan and Zisserman, 2014), made
//! small: a batch normalisation follows each convolution, and the mean of each channel stands in for the dense layers.
//!
//! `main` trains it. It knows nothing of files or augmentation.

use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{AdaptiveAvgPool2d, AdaptiveAvgPool2dConfig, MaxPool2d, MaxPool2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::prelude::*;
use burn::tensor::activation::relu;

/// Channels after each block.
const WIDTHS: [usize; 3] = [16, 32, 64];

/// Two convolutions and a pooling.
#[derive(Module, Debug)]
struct Block {
    first: Conv2d,
    first_norm: BatchNorm,
    second: Conv2d,
    second_norm: BatchNorm,
    pool: MaxPool2d,
}

impl Block {
    fn new(from: usize, to: usize, device: &Device) -> Self {
        let convolution = |from| Conv2dConfig::new([from, to], [3, 3]).with_padding(PaddingConfig2d::Same).init(device);
        Self {
            first: convolution(from),
            first_norm: BatchNormConfig::new(to).init(device),
            second: convolution(to),
            second_norm: BatchNormConfig::new(to).init(device),
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = relu(self.first_norm.forward(self.first.forward(x)));
        self.pool.forward(relu(self.second_norm.forward(self.second.forward(x))))
    }
}

/// A classifier of pictures in colour, of any size from 8 × 8 up.
#[derive(Module, Debug)]
pub struct Network {
    blocks: Vec<Block>,
    mean: AdaptiveAvgPool2d,
    head: Linear,
}

impl Network {
    /// A network that has learnt nothing yet.
    pub fn new(classes: usize, device: &Device) -> Self {
        let from = [3, WIDTHS[0], WIDTHS[1]];
        Self {
            blocks: from.into_iter().zip(WIDTHS).map(|(from, to)| Block::new(from, to, device)).collect(),
            mean: AdaptiveAvgPool2dConfig::new([1, 1]).init(),
            head: LinearConfig::new(WIDTHS[2], classes).init(device),
        }
    }

    /// Scores of the classes (count, classes) for pictures (count, 3, height, width), before the softmax.
    pub fn forward(&self, pictures: Tensor<4>) -> Tensor<2> {
        let x = self.blocks.iter().fold(pictures, |x, block| block.forward(x));
        self.head.forward(self.mean.forward(x).flatten(1, 3))
    }
}
