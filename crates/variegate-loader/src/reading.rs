//! From an opened file to the plans of its views, and to the part of its picture that they read.
//!
//! The loader's workers and the façade call it, so that a file gives the same pixels in both. It keeps nothing, and
//! runs no plan.

use variegate_io::{Colour, DecodeOptions, DecodeWish, Depth, Header, Limits, Opened};
use variegate_ops::{Pipeline, Recipe};
use variegate_picture::{Frame, Picture, Result, Size};
use variegate_plan::{Attached, Builder, Node, Part, Plan, Wish};

/// How much less than a whole picture may be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PartialDecode {
    /// Nothing less.
    Off,
    /// Only the part of a picture that the plan reads.
    Region,
    /// That part, shrunk by the decoder where the plan shrinks by more: equal within a tolerance (`docs/meaning.md`).
    #[default]
    Shrink,
}

impl PartialDecode {
    fn allows(self, wish: Wish, size: Size) -> Wish {
        match self {
            PartialDecode::Off => Wish::whole(size),
            PartialDecode::Region => wish.unscaled(),
            PartialDecode::Shrink => wish,
        }
    }
}

/// How files are read.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// What colours are decoded to.
    pub colour: Colour,
    /// Whether EXIF orientation is followed.
    pub upright: bool,
    /// How much less than a whole picture may be decoded.
    pub partial_decode: PartialDecode,
    /// Limits of a file.
    pub limits: Limits,
}

impl Default for Reading {
    fn default() -> Self {
        Self { colour: Colour::Rgb, upright: true, partial_decode: PartialDecode::default(), limits: Limits::default() }
    }
}

impl Reading {
    /// Channels of a decoded picture.
    pub fn channels(&self, header: &Header) -> usize {
        header.outcome(&self.decode_options()).0
    }

    /// The plan of a view: its upright turn first, then what is drawn for the upright frame, with nothing attached.
    pub fn plan(&self, view: &Pipeline, header: &Header, epoch: u64, sample: u64) -> Plan {
        self.plan_seeing(view, header, epoch, sample, Attached::default)
    }

    /// The same for a picture that something is attached to, which is asked for where an operation looks at it.
    pub fn plan_seeing(
        &self,
        view: &Pipeline,
        header: &Header,
        epoch: u64,
        sample: u64,
        attached: impl FnOnce() -> Attached,
    ) -> Plan {
        self.planned(view, header, attached, |frame| view.draw(frame, epoch, sample))
    }

    /// The plan of what another sample takes of this one where the view mixes.
    pub fn plan_before_mixing(
        &self,
        view: &Pipeline,
        header: &Header,
        epoch: u64,
        sample: u64,
        attached: impl FnOnce() -> Attached,
    ) -> Plan {
        self.planned(view, header, attached, |frame| view.draw_before_mixing(frame, epoch, sample))
    }

    fn planned(
        &self,
        view: &Pipeline,
        header: &Header,
        attached: impl FnOnce() -> Attached,
        draw: impl FnOnce(Frame) -> Recipe,
    ) -> Plan {
        let mut builder = Builder::new(Frame { size: header.size, channels: self.channels(header) });
        if self.upright {
            let (map, upright) = header.orientation.homography(header.size);
            builder.permute(map, upright);
        }
        let mut recipe = draw(builder.frame());
        if recipe.sees_attached() {
            recipe.attached = attached();
        }
        view.lower_from(builder, &recipe, view.options.meaning)
    }

    /// A plan of this reading after its upright turn: the size of the upright picture, and the nodes that annotations
    /// follow, which lie upright already.
    pub fn after_turn<'p>(&self, plan: &'p Plan) -> (Size, &'p [Node]) {
        match plan.written.split_first() {
            Some((Node::Warp(turn), nodes)) if self.upright => (turn.to, nodes),
            _ => (plan.input.size, &plan.written),
        }
    }

    /// What all plans of one picture wish of its decoder, as far as it is allowed.
    pub fn wish(&self, plans: &[Plan], size: Size) -> Wish {
        let all = plans.iter().map(Plan::wish).reduce(Wish::and);
        self.partial_decode.allows(all.unwrap_or(Wish::whole(size)), size)
    }

    /// Decodes what was wished for, and says which part of the picture that is; each plan then runs `on_part` of it.
    /// `spare` is memory for the pixels.
    pub fn decode(&self, opened: Opened<'_>, wish: Wish, spare: Vec<u8>) -> Result<(Picture, Part)> {
        let wish = DecodeWish { region: Some(wish.region), scale: wish.scale as u8 };
        let decoded = opened.decode(&self.decode_options(), &wish, spare)?;
        let size = decoded.picture.size();
        Ok((decoded.picture, Part { origin: decoded.origin, scale: usize::from(decoded.scale), size }))
    }

    fn decode_options(&self) -> DecodeOptions {
        DecodeOptions { colour: self.colour, depth: Depth::Eight, limits: self.limits }
    }
}
