//! The published sub-policies of AutoAugment: operation, chance, level.
//!
//! Data only; `policy/auto_augment.rs` reads it. Cubuk et al., "AutoAugment: Learning Augmentation Policies from Data"
//! (arXiv 1805.09501), and the table of the TPU code that timm and DALI call v0.

use crate::entry::Kind::{self, *};

/// Operation, chance, and level where it has one.
pub type Half = (Kind, f64, f64);

/// 25 pairs.
pub type Table = [[Half; 2]; 25];

/// The paper's table for ImageNet.
#[rustfmt::skip]
pub const IMAGENET: Table = [
    [(Posterize, 0.4, 8.0), (Rotate, 0.6, 9.0)],
    [(Solarize, 0.6, 5.0), (AutoContrast, 0.6, 0.0)],
    [(Equalize, 0.8, 0.0), (Equalize, 0.6, 0.0)],
    [(Posterize, 0.6, 7.0), (Posterize, 0.6, 6.0)],
    [(Equalize, 0.4, 0.0), (Solarize, 0.2, 4.0)],
    [(Equalize, 0.4, 0.0), (Rotate, 0.8, 8.0)],
    [(Solarize, 0.6, 3.0), (Equalize, 0.6, 0.0)],
    [(Posterize, 0.8, 5.0), (Equalize, 1.0, 0.0)],
    [(Rotate, 0.2, 3.0), (Solarize, 0.6, 8.0)],
    [(Equalize, 0.6, 0.0), (Posterize, 0.4, 6.0)],
    [(Rotate, 0.8, 8.0), (Color, 0.4, 0.0)],
    [(Rotate, 0.4, 9.0), (Equalize, 0.6, 0.0)],
    [(Equalize, 0.0, 0.0), (Equalize, 0.8, 0.0)],
    [(Invert, 0.6, 0.0), (Equalize, 1.0, 0.0)],
    [(Color, 0.6, 4.0), (Contrast, 1.0, 8.0)],
    [(Rotate, 0.8, 8.0), (Color, 1.0, 2.0)],
    [(Color, 0.8, 8.0), (Solarize, 0.8, 7.0)],
    [(Sharpness, 0.4, 7.0), (Invert, 0.6, 0.0)],
    [(ShearX, 0.6, 5.0), (Equalize, 1.0, 0.0)],
    [(Color, 0.4, 0.0), (Equalize, 0.6, 0.0)],
    [(Equalize, 0.4, 0.0), (Solarize, 0.2, 4.0)],
    [(Solarize, 0.6, 5.0), (AutoContrast, 0.6, 0.0)],
    [(Invert, 0.6, 0.0), (Equalize, 1.0, 0.0)],
    [(Color, 0.6, 4.0), (Contrast, 1.0, 8.0)],
    [(Equalize, 0.8, 0.0), (Equalize, 0.6, 0.0)],
];

/// The table for ImageNet of the TPU code.
#[rustfmt::skip]
pub const IMAGENET_V0: Table = [
    [(Equalize, 0.8, 1.0), (ShearY, 0.8, 4.0)],
    [(Color, 0.4, 9.0), (Equalize, 0.6, 3.0)],
    [(Color, 0.4, 1.0), (Rotate, 0.6, 8.0)],
    [(Solarize, 0.8, 3.0), (Equalize, 0.4, 7.0)],
    [(Solarize, 0.4, 2.0), (Solarize, 0.6, 2.0)],
    [(Color, 0.2, 0.0), (Equalize, 0.8, 8.0)],
    [(Equalize, 0.4, 8.0), (SolarizeAdd, 0.8, 3.0)],
    [(ShearX, 0.2, 9.0), (Rotate, 0.6, 8.0)],
    [(Color, 0.6, 1.0), (Equalize, 1.0, 2.0)],
    [(Invert, 0.4, 9.0), (Rotate, 0.6, 0.0)],
    [(Equalize, 1.0, 9.0), (ShearY, 0.6, 3.0)],
    [(Color, 0.4, 7.0), (Equalize, 0.6, 0.0)],
    [(Posterize, 0.4, 6.0), (AutoContrast, 0.4, 7.0)],
    [(Solarize, 0.6, 8.0), (Color, 0.6, 9.0)],
    [(Solarize, 0.2, 4.0), (Rotate, 0.8, 9.0)],
    [(Rotate, 1.0, 7.0), (TranslateY, 0.8, 9.0)],
    [(ShearX, 0.0, 0.0), (Solarize, 0.8, 4.0)],
    [(ShearY, 0.8, 0.0), (Color, 0.6, 4.0)],
    [(Color, 1.0, 0.0), (Rotate, 0.6, 2.0)],
    [(Equalize, 0.8, 4.0), (Equalize, 0.0, 8.0)],
    [(Equalize, 1.0, 4.0), (AutoContrast, 0.6, 2.0)],
    [(ShearY, 0.4, 7.0), (SolarizeAdd, 0.6, 7.0)],
    [(Posterize, 0.8, 2.0), (Solarize, 0.6, 10.0)],
    [(Solarize, 0.6, 8.0), (Equalize, 0.6, 1.0)],
    [(Color, 0.8, 6.0), (Rotate, 0.4, 5.0)],
];

/// The paper's table for CIFAR-10.
#[rustfmt::skip]
pub const CIFAR10: Table = [
    [(Invert, 0.1, 0.0), (Contrast, 0.2, 6.0)],
    [(Rotate, 0.7, 2.0), (TranslateX, 0.3, 9.0)],
    [(Sharpness, 0.8, 1.0), (Sharpness, 0.9, 3.0)],
    [(ShearY, 0.5, 8.0), (TranslateY, 0.7, 9.0)],
    [(AutoContrast, 0.5, 0.0), (Equalize, 0.9, 0.0)],
    [(ShearY, 0.2, 7.0), (Posterize, 0.3, 7.0)],
    [(Color, 0.4, 3.0), (Brightness, 0.6, 7.0)],
    [(Sharpness, 0.3, 9.0), (Brightness, 0.7, 9.0)],
    [(Equalize, 0.6, 0.0), (Equalize, 0.5, 0.0)],
    [(Contrast, 0.6, 7.0), (Sharpness, 0.6, 5.0)],
    [(Color, 0.7, 7.0), (TranslateX, 0.5, 8.0)],
    [(Equalize, 0.3, 0.0), (AutoContrast, 0.4, 0.0)],
    [(TranslateY, 0.4, 3.0), (Sharpness, 0.2, 6.0)],
    [(Brightness, 0.9, 6.0), (Color, 0.2, 8.0)],
    [(Solarize, 0.5, 2.0), (Invert, 0.0, 0.0)],
    [(Equalize, 0.2, 0.0), (AutoContrast, 0.6, 0.0)],
    [(Equalize, 0.2, 0.0), (Equalize, 0.6, 0.0)],
    [(Color, 0.9, 9.0), (Equalize, 0.6, 0.0)],
    [(AutoContrast, 0.8, 0.0), (Solarize, 0.2, 8.0)],
    [(Brightness, 0.1, 3.0), (Color, 0.7, 0.0)],
    [(Solarize, 0.4, 5.0), (AutoContrast, 0.9, 0.0)],
    [(TranslateY, 0.9, 9.0), (TranslateY, 0.7, 9.0)],
    [(AutoContrast, 0.9, 0.0), (Solarize, 0.8, 3.0)],
    [(Equalize, 0.8, 0.0), (Invert, 0.1, 0.0)],
    [(TranslateY, 0.7, 9.0), (AutoContrast, 0.9, 0.0)],
];

/// The paper's table for SVHN.
#[rustfmt::skip]
pub const SVHN: Table = [
    [(ShearX, 0.9, 4.0), (Invert, 0.2, 0.0)],
    [(ShearY, 0.9, 8.0), (Invert, 0.7, 0.0)],
    [(Equalize, 0.6, 0.0), (Solarize, 0.6, 6.0)],
    [(Invert, 0.9, 0.0), (Equalize, 0.6, 0.0)],
    [(Equalize, 0.6, 0.0), (Rotate, 0.9, 3.0)],
    [(ShearX, 0.9, 4.0), (AutoContrast, 0.8, 0.0)],
    [(ShearY, 0.9, 8.0), (Invert, 0.4, 0.0)],
    [(ShearY, 0.9, 5.0), (Solarize, 0.2, 6.0)],
    [(Invert, 0.9, 0.0), (AutoContrast, 0.8, 0.0)],
    [(Equalize, 0.6, 0.0), (Rotate, 0.9, 3.0)],
    [(ShearX, 0.9, 4.0), (Solarize, 0.3, 3.0)],
    [(ShearY, 0.8, 8.0), (Invert, 0.7, 0.0)],
    [(Equalize, 0.9, 0.0), (TranslateY, 0.6, 6.0)],
    [(Invert, 0.9, 0.0), (Equalize, 0.6, 0.0)],
    [(Contrast, 0.3, 3.0), (Rotate, 0.8, 4.0)],
    [(Invert, 0.8, 0.0), (TranslateY, 0.0, 2.0)],
    [(ShearY, 0.7, 6.0), (Solarize, 0.4, 8.0)],
    [(Invert, 0.6, 0.0), (Rotate, 0.8, 4.0)],
    [(ShearY, 0.3, 7.0), (TranslateX, 0.9, 3.0)],
    [(ShearX, 0.1, 6.0), (Invert, 0.6, 0.0)],
    [(Solarize, 0.7, 2.0), (TranslateY, 0.6, 7.0)],
    [(ShearY, 0.8, 4.0), (Invert, 0.8, 0.0)],
    [(ShearX, 0.7, 9.0), (TranslateY, 0.8, 3.0)],
    [(ShearY, 0.8, 5.0), (AutoContrast, 0.7, 0.0)],
    [(ShearX, 0.7, 2.0), (Invert, 0.1, 0.0)],
];
