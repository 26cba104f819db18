//! Tables that are a threshold and a few bits: posterised, solarised, inverted, constant.
//!
//! [`super::Tables8`] asks for the rule of a table and applies rules to rows. A rule was checked against every entry.

use crate::channel;

/// Codes below `from` stay; the others become `(code & keep) ^ flip`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rule {
    from: u8,
    keep: u8,
    flip: u8,
}

impl Rule {
    /// The rule that changes nothing.
    pub(super) const IDLE: Rule = Rule { from: 0, keep: 255, flip: 0 };

    /// The rule of a table, if it has one.
    pub(super) fn of(table: &[u8; 256]) -> Option<Self> {
        let flip = table[0];
        let keep = (0..8).map(|bit| 1u8 << bit).filter(|bit| table[usize::from(*bit)] ^ flip == *bit).sum();
        let bits = Rule { from: 0, keep, flip };
        let threshold = (0..=255u8).find(|code| table[usize::from(*code)] != *code);
        let turned = threshold.map(|from| Rule { from, keep: 255, flip: table[usize::from(from)] ^ from });
        [Some(bits), turned].into_iter().flatten().find(|rule| {
            (0..=255u8).all(|code| {
                let turned = (code & rule.keep) ^ rule.flip;
                table[usize::from(code)] == if code < rule.from { code } else { turned }
            })
        })
    }
}

/// Codes at once: whole pixels of 1, 2, 3 and 4 channels, and whole vectors.
const PERIOD: usize = 96;

/// Rules as rows are sent through them.
#[derive(Clone, Debug)]
pub(super) enum Rules {
    /// One for every code.
    One(Rule),
    /// One for each channel.
    Each(Box<Period>),
}

/// Rules repeated over a period of pixels.
#[derive(Clone, Debug)]
pub(super) struct Period {
    from: [u8; PERIOD],
    keep: [u8; PERIOD],
    flip: [u8; PERIOD],
}

impl Rules {
    /// One rule for all channels, or one for each of at most four (the last one serves the rest).
    pub(super) fn new(rules: &[Rule], channels: usize) -> Self {
        if let [one] = rules {
            return Rules::One(*one);
        }
        let of = |e: usize| channel(rules, e % channels);
        Rules::Each(Box::new(Period {
            from: std::array::from_fn(|e| of(e).from),
            keep: std::array::from_fn(|e| of(e).keep),
            flip: std::array::from_fn(|e| of(e).flip),
        }))
    }
}

levels! {
    /// Sends a row through the rules.
    pub(super) fn apply(row: &mut [u8], rules: &Rules) {
        match rules {
            Rules::One(Rule { from: 0, keep, flip }) => {
                for code in row {
                    *code = (*code & keep) ^ flip;
                }
            }
            Rules::One(Rule { from, keep, flip }) => {
                for code in row {
                    let turned = (*code & keep) ^ flip;
                    *code = if *code < *from { *code } else { turned };
                }
            }
            Rules::Each(period) => {
                for block in row.chunks_mut(PERIOD) {
                    let rules = period.from.iter().zip(&period.keep).zip(&period.flip);
                    for (code, ((from, keep), flip)) in block.iter_mut().zip(rules) {
                        let turned = (*code & keep) ^ flip;
                        *code = if *code < *from { *code } else { turned };
                    }
                }
            }
        }
    }
}
