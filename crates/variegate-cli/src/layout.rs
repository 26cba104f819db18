//! Names and formats of output files: `OUT/<class>/<stem>__<copy>.<extension>`.
//!
//! `augment` and the ledger call it. Names depend on the list of sources alone, never on what lies in OUT, and no two
//! outputs share one.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use variegate::io::{EncodeFormat, Folder};
use variegate::{Error, Result};

/// The format of the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Wanted {
    /// That of each source, by its extension; GIF becomes PNG.
    Keep,
    /// PNG, lossless.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP, lossless.
    Webp,
}

impl Wanted {
    /// Its name on the command line and in the report.
    pub fn name(self) -> &'static str {
        match self {
            Wanted::Keep => "keep",
            Wanted::Png => "png",
            Wanted::Jpeg => "jpeg",
            Wanted::Webp => "webp",
        }
    }

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Wanted::Keep, Wanted::Png, Wanted::Jpeg, Wanted::Webp].into_iter().find(|wanted| wanted.name() == name)
    }
}

/// The format an extension stands for.
pub fn format_of(extension: &str, quality: u8) -> Option<EncodeFormat> {
    Some(match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => EncodeFormat::Jpeg { quality },
        "png" => EncodeFormat::Png,
        "webp" => EncodeFormat::WebpLossless,
        "bmp" => EncodeFormat::Bmp,
        "tif" | "tiff" => EncodeFormat::Tiff,
        _ => return None,
    })
}

/// The format of a path, by its extension.
pub fn format_of_path(path: &Path, quality: u8) -> Result<EncodeFormat> {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.and_then(|extension| format_of(extension, quality)).ok_or_else(|| {
        Error::parameter("the name does not say a format; end it in .png, .jpg, .webp, .bmp or .tif").at(path)
    })
}

/// Where the outputs of one source go.
#[derive(Clone, Debug)]
struct Target {
    parent: PathBuf,
    stem: OsString,
    extension: String,
    format: EncodeFormat,
}

/// Where the outputs of every source go.
#[derive(Clone, Debug)]
pub struct Layout(Vec<Target>);

impl Layout {
    /// Names for all files of a folder. Where two sources would meet (`a.jpg` and `a.png`, both to PNG), the later one keeps
    /// its whole file name: `a.png__0.png`.
    pub fn new(folder: &Folder, wanted: Wanted, quality: u8) -> Self {
        let mut taken = HashSet::new();
        let targets = folder.files.iter().map(|entry| {
            let (extension, format) = kept(&entry.path, wanted, quality);
            let parent = entry.path.parent().unwrap_or(Path::new("")).to_path_buf();
            let stem = entry.path.file_stem().unwrap_or_default();
            let whole = entry.path.file_name().unwrap_or_default();
            let numbered = (2..).map(|n| {
                let mut name = whole.to_os_string();
                name.push(format!("~{n}"));
                name
            });
            let names = [stem.to_os_string(), whole.to_os_string()].into_iter().chain(numbered);
            // Some file systems do not tell A from a.
            let key = |name: &OsStr| (parent.clone(), name.to_string_lossy().to_lowercase(), extension.clone());
            let free = names.into_iter().find(|name| taken.insert(key(name)));
            Target { stem: free.unwrap_or_default(), parent, extension, format }
        });
        Self(targets.collect())
    }

    /// The output of a copy of a source, below OUT.
    pub fn path(&self, sample: usize, copy: u64) -> PathBuf {
        let target = &self.0[sample];
        let mut name = target.stem.clone();
        name.push(format!("__{copy}.{}", target.extension));
        target.parent.join(name)
    }

    /// The format of the outputs of a source.
    pub fn format(&self, sample: usize) -> EncodeFormat {
        self.0[sample].format
    }
}

fn kept(path: &Path, wanted: Wanted, quality: u8) -> (String, EncodeFormat) {
    let plain = |format: EncodeFormat| (format.extension().to_string(), format);
    match wanted {
        Wanted::Png => plain(EncodeFormat::Png),
        Wanted::Jpeg => plain(EncodeFormat::Jpeg { quality }),
        Wanted::Webp => plain(EncodeFormat::WebpLossless),
        Wanted::Keep => {
            let extension = path.extension().and_then(OsStr::to_str).unwrap_or("");
            match format_of(extension, quality) {
                Some(format) => (extension.to_string(), format),
                None => plain(EncodeFormat::Png),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use variegate::io::Entry;

    fn paths(files: &[&str], wanted: Wanted) -> Vec<String> {
        let files: Vec<Entry> = files.iter().map(|path| Entry { path: path.into(), class: None }).collect();
        let n = files.len();
        let folder = Folder { root: "".into(), classes: vec![], files, problems: vec![], skipped: 0, held: None };
        let layout = Layout::new(&folder, wanted, 90);
        (0..n).map(|k| layout.path(k, 3).to_string_lossy().replace('\\', "/")).collect()
    }

    #[test]
    fn kept_formats_keep_their_extension() {
        let kept = paths(&["cat/a.JPG", "cat/b.png", "c.gif", "d.tiff"], Wanted::Keep);
        assert_eq!(kept, ["cat/a__3.JPG", "cat/b__3.png", "c__3.png", "d__3.tiff"]);
    }

    #[test]
    fn names_never_meet() {
        let png = paths(&["a.jpg", "a.png", "b/a.png", "a.jpeg", "A.bmp"], Wanted::Png);
        assert_eq!(png, ["a__3.png", "a.png__3.png", "b/a__3.png", "a.jpeg__3.png", "A.bmp__3.png"]);
        assert_eq!(paths(&["a.gif", "a.png"], Wanted::Keep), ["a__3.png", "a.png__3.png"]);
        assert_eq!(paths(&["a.jpg", "a.png"], Wanted::Keep), ["a__3.jpg", "a__3.png"]);
    }
}
