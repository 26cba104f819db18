//! JPEG quality: the marks a JPEG file leaves.

use crate::prelude::*;

params! {
    /// Encodes the picture as a JPEG and decodes it again.
    ///
    /// A real encoder and decoder (libjpeg-turbo, baseline, chroma at half the resolution): blocks of 8 × 8, lost detail and
    /// bleeding colour as in a file of that quality. The codec sees 8 bits; three channels are one colour picture, the fourth of
    /// four is alpha and stays, any other channel goes through as a grey picture. Source: ITU-T T.81.
    pub struct JpegQuality("jpeg_quality", "compression", aliases: [
        "ImageCompression", "JpegCompression", "RandomJPEG", "JPEG", "RandomJpegQuality", "EncodingQuality", "JpegCompressionDistortion",
    ]) {
        /// Quality of the encoder: 1 smallest file, 100 best picture, not quite without loss.
        quality: i64 = integer(1, 100).usual(30.0, 90.0);
    }
}

impl Op for JpegQuality {
    fn lower(&self, plan: &mut Builder) {
        plan.push(Node::Codec(Codec { format: CodecFormat::Jpeg, quality: self.quality as u8 }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn the_quality_reaches_the_codec() {
        let list = nodes(JpegQuality::config().quality(41), (8, 8));
        let [Node::Codec(codec)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(*codec, Codec { format: CodecFormat::Jpeg, quality: 41 });
    }
}
