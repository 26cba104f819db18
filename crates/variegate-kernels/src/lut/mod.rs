//! Tables: every code becomes the code the table holds for it.
//!
//! The engine calls it for fixed and for measured tables alike. Exact: what runs in place of the look-up was checked
//! against all 256 entries when the table was prepared.

mod rule;
mod shuffle;

use rule::{Rule, Rules};
use shuffle::Shuffle;

/// A table for all channels of 8-bit codes, or one for each, in the form it is fastest in.
#[derive(Clone, Debug)]
pub struct Tables8 {
    tables: Vec<[u8; 256]>,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// Every code stays.
    Idle,
    /// A threshold and a few bits for each channel.
    Rules(Rules),
    /// One table that no rule describes. With four channels, whether it leaves the last one alone.
    Shuffle(Box<Shuffle>),
    /// The tables themselves.
    Plain,
}

impl Tables8 {
    /// Prepares one table for all channels, or one for each (the last one serves the rest). No table changes nothing.
    pub fn new(mut tables: Vec<[u8; 256]>, channels: usize) -> Self {
        tables.truncate(channels.max(1));
        if tables.iter().all(|table| *table == tables[0]) {
            tables.truncate(1);
        }
        let form = Self::form(&tables, channels);
        Self { tables, form }
    }

    fn form(tables: &[[u8; 256]], channels: usize) -> Form {
        let rules: Option<Vec<Rule>> = tables.iter().map(Rule::of).collect();
        match (rules, tables) {
            (Some(rules), _) if rules.iter().all(|rule| *rule == Rule::IDLE) => Form::Idle,
            (Some(rules), [_]) => Form::Rules(Rules::new(&rules, 1)),
            (Some(rules), _) if channels <= 4 => Form::Rules(Rules::new(&rules, channels)),
            (None, [one]) => Form::Shuffle(Box::new(Shuffle::new(one, false))),
            (None, [a, b, c, alpha]) if a == b && b == c && Rule::of(alpha) == Some(Rule::IDLE) => {
                Form::Shuffle(Box::new(Shuffle::new(a, true)))
            }
            _ => Form::Plain,
        }
    }

    /// Whether every code stays.
    pub fn is_idle(&self) -> bool {
        matches!(self.form, Form::Idle)
    }

    /// Sends every code of a row through its table.
    pub fn apply(&self, row: &mut [u8], channels: usize) {
        match &self.form {
            Form::Idle => {}
            Form::Rules(rules) => rule::apply(row, rules),
            Form::Shuffle(shuffle) => {
                let done = shuffle.apply(row);
                lut8(&mut row[done..], channels, &self.tables);
            }
            Form::Plain => lut8(row, channels, &self.tables),
        }
    }
}

/// Sends every code through a table as it is: one table for all channels, or one for each (the last one serves the
/// rest).
pub fn lut8(row: &mut [u8], channels: usize, table: &[[u8; 256]]) {
    match table {
        [] => {}
        [one] => row.iter_mut().for_each(|v| *v = one[usize::from(*v)]),
        [r, g, b] if channels == 3 => {
            for pixel in row.as_chunks_mut::<3>().0 {
                *pixel = [r[usize::from(pixel[0])], g[usize::from(pixel[1])], b[usize::from(pixel[2])]];
            }
        }
        [.., last] => {
            for pixel in row.chunks_exact_mut(channels) {
                for (c, v) in pixel.iter_mut().enumerate() {
                    *v = table.get(c).unwrap_or(last)[usize::from(*v)];
                }
            }
        }
    }
}

/// The same for 16-bit codes. A table shorter than 65536 entries serves the codes beyond it with its last one; an
/// empty table leaves its channel alone.
pub fn lut16(row: &mut [u16], channels: usize, tables: &[Vec<u16>]) {
    let Some(last) = tables.last() else { return };
    for pixel in row.chunks_exact_mut(channels) {
        for (c, v) in pixel.iter_mut().enumerate() {
            let table = tables.get(c).unwrap_or(last);
            *v = table.get(usize::from(*v)).or(table.last()).copied().unwrap_or(*v);
        }
    }
}
