//! What a plan may ask for on one machine, where there are no other samples: banks of pictures, and real codecs.

use variegate_io::{EncodeFormat, recode};
use variegate_picture::{Picture, Result, Size};
use variegate_plan::{Codec, CodecFormat, NoServices, Second, Services};

use crate::bank::banked;

/// Local and codecs, and no partners.
#[derive(Clone, Copy, Debug, Default)]
pub struct Local;

impl Services for Local {
    fn partner(&self, number: u64, size: Size, channels: usize) -> Result<Picture> {
        NoServices.partner(number, size, channels)
    }

    fn banked(&self, second: &Second) -> Result<Picture> {
        banked(second)
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
