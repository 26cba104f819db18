//! What a plan may ask for where there are real codecs and no other samples.

use variegate_io::{EncodeFormat, recode};
use variegate_picture::{Picture, Result, Size};
use variegate_plan::{Codec, CodecFormat, NoServices, Services};

/// Real codecs, and no partners.
#[derive(Clone, Copy, Debug, Default)]
pub struct Codecs;

impl Services for Codecs {
    fn partner(&self, number: u64, size: Size, channels: usize) -> Result<Picture> {
        NoServices.partner(number, size, channels)
    }

    fn recode(&self, codec: &Codec, picture: &Picture, white: f32) -> Result<Picture> {
        let quality = codec.quality;
        let format = match codec.format {
            CodecFormat::Jpeg => EncodeFormat::Jpeg { quality },
            CodecFormat::Webp => EncodeFormat::Webp { quality },
        };
        recode(picture, &format, white)
    }
}
