//! Labels as lists and archives write them, and their numbers.
//!
//! Sources that read labels from data gather them here. Whole numbers mean themselves; other labels are names of
//! classes, and get their numbers in the order of their bytes or in the order given.

use std::collections::HashMap;

use variegate_picture::error::nearest;
use variegate_picture::{Error, Result};

/// Stands for no label.
pub(super) const NONE: u32 = u32::MAX;

/// The greatest label that is taken for the number of a class: lists as long as there are classes are made.
const GREATEST: u32 = 1 << 24;

/// Labels gathered, one for each sample.
#[derive(Debug)]
pub struct Labels {
    /// For each sample, the position of its label among those met.
    labels: Vec<u32>,
    met: HashMap<String, u32>,
    /// Names of the classes in the order of their labels, where they are given.
    classes: Option<Vec<String>>,
}

impl Labels {
    /// No labels yet; those to come are among `classes` where they are given.
    pub fn new(classes: Option<Vec<String>>) -> Result<Self> {
        let mut met = HashMap::new();
        for (k, class) in classes.iter().flatten().enumerate() {
            if met.insert(class.clone(), k as u32).is_some() {
                return Err(Error::parameter(format!("the class {class:?} is given twice")));
            }
        }
        Ok(Self { labels: Vec::new(), met, classes })
    }

    /// Appends the label of a sample, or that it has none.
    pub fn push(&mut self, label: Option<&str>) -> Result<()> {
        let number = label.map(|text| self.number(text)).transpose()?;
        self.labels.push(number.unwrap_or(NONE));
        Ok(())
    }

    fn number(&mut self, text: &str) -> Result<u32> {
        if let Some(number) = self.met.get(text) {
            return Ok(*number);
        }
        if let Some(classes) = &self.classes {
            let mend = match nearest(text, classes.iter().map(String::as_str)) {
                Some(near) => format!("did you mean {near:?}?"),
                None => "correct it, or add it to classes".to_string(),
            };
            return Err(Error::input(format!("the label {text:?} is none of the {} classes; {mend}", classes.len())));
        }
        let number = self.met.len() as u32;
        self.met.insert(text.to_string(), number);
        Ok(number)
    }

    /// The label of each sample, [`NONE`] where it has none, and names of the classes where labels are no numbers.
    ///
    /// # Errors
    ///
    /// When labels are whole numbers, and too great for numbers of classes.
    pub(super) fn finish(mut self) -> Result<(Vec<u32>, Vec<String>)> {
        let classes = match self.classes.take() {
            Some(classes) => classes,
            None => self.settle()?,
        };
        self.labels.shrink_to_fit();
        Ok((self.labels, classes))
    }

    /// Gives the labels met their final numbers; the names of the classes where they are no numbers.
    fn settle(&mut self) -> Result<Vec<String>> {
        let mut met: Vec<(String, u32)> = self.met.drain().collect();
        let whole = |text: &str| text.parse::<u64>().ok();
        let mut to = vec![NONE; met.len()];
        let numbers: Option<Vec<(u32, u64)>> = met.iter().map(|(text, k)| Some((*k, whole(text)?))).collect();
        let classes = match numbers {
            Some(numbers) => {
                for (k, number) in numbers {
                    to[k as usize] = u32::try_from(number).ok().filter(|number| *number <= GREATEST).ok_or_else(|| {
                        Error::input(format!(
                            "the label {number} is too great for the number of a class, at most {GREATEST}; name the classes to number them anew"
                        ))
                    })?;
                }
                Vec::new()
            }
            None => {
                met.sort_unstable();
                met.iter().enumerate().for_each(|(number, (_, k))| to[*k as usize] = number as u32);
                met.into_iter().map(|(text, _)| text).collect()
            }
        };
        for label in self.labels.iter_mut().filter(|label| **label != NONE) {
            *label = to[*label as usize];
        }
        Ok(classes)
    }
}
