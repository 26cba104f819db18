//! Ranges in names of shards: `shards-{0000..0099}.tar` is a hundred names, `{train,valid}.tar` two.
//!
//! The package and the command line call it, before anything is looked for. It never looks at the file system.

use variegate_picture::{Error, Result};

/// The most names a pattern may stand for.
const MOST: usize = 1_000_000;

/// All names a pattern stands for, in order: the last braces run fastest. A pattern without braces is a name.
///
/// # Errors
///
/// When braces are not closed, hold no range or list, or stand for more than a million names.
pub fn expand(pattern: &str) -> Result<Vec<String>> {
    let Some(open) = pattern.find('{') else { return Ok(vec![pattern.to_string()]) };
    let rest = &pattern[open + 1..];
    let close = rest.find('}').ok_or_else(|| wrong(pattern, "a brace is not closed"))?;
    let (inner, behind) = (&rest[..close], expand(&rest[close + 1..])?);
    let words = match inner.split_once("..") {
        Some((first, last)) => range(first, last).ok_or_else(|| wrong(pattern, &format!("{{{inner}}} is no range")))?,
        None if inner.contains(',') => inner.split(',').map(ToString::to_string).collect(),
        None => return Err(wrong(pattern, &format!("{{{inner}}} is no range and no list"))),
    };
    if words.len().saturating_mul(behind.len()) > MOST {
        return Err(wrong(pattern, "it stands for more than a million names"));
    }
    let name = |word: &String| behind.iter().map(|end| format!("{}{word}{end}", &pattern[..open])).collect::<Vec<_>>();
    Ok(words.iter().flat_map(name).collect())
}

/// Numbers from the first to the last, with as many digits as the first has.
fn range(first: &str, last: &str) -> Option<Vec<String>> {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<usize>().ok()).flatten();
    let (from, to) = (number(first)?, number(last)?);
    let digits = if first.starts_with('0') { first.len() } else { 1 };
    (from <= to && to - from < MOST).then(|| (from..=to).map(|k| format!("{k:0digits$}")).collect())
}

fn wrong(pattern: &str, what: &str) -> Error {
    Error::parameter(format!("{pattern:?}: {what}; expected a pattern such as \"shards-{{0000..0099}}.tar\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_ranges_and_lists() {
        assert_eq!(expand("a.tar").expect("a name"), ["a.tar"]);
        assert_eq!(expand("a-{08..11}.tar").expect("a range"), ["a-08.tar", "a-09.tar", "a-10.tar", "a-11.tar"]);
        assert_eq!(expand("{9..11}").expect("a range"), ["9", "10", "11"]);
        assert_eq!(expand("{a,b}-{0..1}").expect("both"), ["a-0", "a-1", "b-0", "b-1"]);
        for wrong in ["{0..", "{}", "{a}", "{3..1}", "{-1..1}", "{a..c}", "{0..999999}{0..9}", "{0..99999999999}"] {
            assert!(expand(wrong).is_err(), "{wrong}");
        }
    }
}
