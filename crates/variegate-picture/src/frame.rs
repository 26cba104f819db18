//! What is known of a picture before its pixels are.

/// Height and width in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl Size {
    /// Height first, as in an array's shape.
    pub const fn new(height: usize, width: usize) -> Self {
        Self { height, width }
    }

    /// The shorter side, the unit of lengths given as fractions.
    pub fn shorter(self) -> usize {
        self.height.min(self.width)
    }

    /// Height × width.
    pub fn pixels(self) -> usize {
        self.height * self.width
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} × {}", self.height, self.width)
    }
}

/// What an operation may know: size and channels, never pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Frame {
    /// The size at this place in the pipeline.
    pub size: Size,
    /// Channels of a pixel: 1 grey, 3 RGB, 4 RGB and alpha, any other count is left uninterpreted.
    pub channels: usize,
}

impl Frame {
    /// A frame of the given height, width and channels.
    pub const fn new(height: usize, width: usize, channels: usize) -> Self {
        Self { size: Size::new(height, width), channels }
    }

    /// How many leading channels are colour: three of three or four, otherwise none.
    pub fn has_colour(&self) -> bool {
        self.channels == 3 || self.channels == 4
    }
}
