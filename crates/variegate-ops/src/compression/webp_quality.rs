//! WebP quality: the marks a lossy WebP file leaves.

use crate::prelude::*;

params! {
    /// Encodes the picture as a lossy WebP and decodes it again.
    ///
    /// A real encoder and decoder (libwebp, whose prediction leaves softer blocks and smeared texture): what a file of that
    /// quality would have kept. The codec sees 8 bits; three channels are one colour picture, the fourth of four is alpha and
    /// stays, any other channel goes through as a grey picture. Pictures of up to 16383 pixels a side. Source: RFC 9649.
    pub struct WebpQuality("webp_quality", "compression", aliases: ["WebpCompression"]) {
        /// Quality of the encoder: 1 smallest file, 100 best picture, still not without loss.
        quality: i64 = integer(1, 100).usual(30.0, 90.0);
    }
}

impl Op for WebpQuality {
    fn lower(&self, plan: &mut Builder) {
        plan.push(Node::Codec(Codec { format: CodecFormat::Webp, quality: self.quality as u8 }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::nodes;

    #[test]
    fn the_quality_reaches_the_codec() {
        let list = nodes(WebpQuality::config().quality(41), (8, 8));
        let [Node::Codec(codec)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(*codec, Codec { format: CodecFormat::Webp, quality: 41 });
    }
}
