//! Where tests get their folders, pictures and runs of the binary from. It asserts nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use variegate::io::{DecodeOptions, EncodeFormat, decode, encode};
use variegate::picture::Pixels;
use variegate::{Picture, Size};

/// A pipeline with a bit of everything.
pub const PIPELINE: &str = "\
variegate: 1
seed: 7
pipeline:
  - resized_crop: {size: [24, 32], area: [0.4, 1.0]}
  - flip: {p: 0.5}
  - rotate: {degrees: [-15, 15], border: reflect}
  - color_jitter: {brightness: 0.3, contrast: 0.3, saturation: 0.3}
";

/// A pipeline that changes nothing.
pub const NOTHING: &str = "variegate: 1\npipeline: []\n";

/// A folder of a test's own, gone when the test is over.
pub struct Shop(pub PathBuf);

impl Shop {
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Three classes of pictures of several formats and sizes, and a pipeline file `p.yaml`.
    pub fn stocked(name: &str) -> Self {
        let shop = Self::new(name);
        for k in 0..4 {
            shop.picture(&format!("src/cat/{k}.png"), &colourful(30 + k, 40, k));
            shop.picture(&format!("src/dog/{k}.jpg"), &colourful(33, 27 + k, 10 + k));
        }
        shop.picture("src/owl/wise.webp", &colourful(20, 20, 20));
        shop.write("p.yaml", PIPELINE.as_bytes());
        shop
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.0.join(relative)
    }

    pub fn write(&self, relative: &str, bytes: &[u8]) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Writes a picture in the format of its extension.
    pub fn picture(&self, relative: &str, picture: &Picture) {
        let format = match Path::new(relative).extension().unwrap().to_str().unwrap() {
            "jpg" => EncodeFormat::Jpeg { quality: 95 },
            "webp" => EncodeFormat::WebpLossless,
            _ => EncodeFormat::Png,
        };
        self.write(relative, &encode(picture, &format).unwrap());
    }

    pub fn read(&self, relative: &str) -> Vec<u8> {
        fs::read(self.path(relative)).unwrap()
    }

    pub fn text(&self, relative: &str) -> String {
        String::from_utf8(self.read(relative)).unwrap()
    }

    /// Decodes a file, channels as stored.
    pub fn decoded(&self, relative: &str) -> Picture {
        let options = DecodeOptions { colour: variegate::io::Colour::AsStored, ..DecodeOptions::default() };
        decode(&self.read(relative), &options).unwrap()
    }

    pub fn report(&self, out: &str) -> serde_json::Value {
        serde_json::from_slice(&self.read(&format!("{out}/variegate-report.json"))).unwrap()
    }

    /// Runs the binary in the folder.
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_variegate"));
        command.current_dir(&self.0).args(arguments);
        command
    }

    /// Every file below a folder, sorted, with its bytes.
    pub fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        fn walk(root: &Path, path: &Path, found: &mut Vec<(String, Vec<u8>)>) {
            for entry in fs::read_dir(path).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.is_dir() {
                    walk(root, &path, found);
                } else {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                    found.push((name, fs::read(&path).unwrap()));
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.path(folder), &self.path(folder), &mut found);
        found.sort();
        found
    }

    /// The pictures among them: everything but the report, whose seconds differ.
    pub fn outputs(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let mut files = self.files(folder);
        files.retain(|(name, _)| name != "variegate-report.json");
        files
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a run of the binary gave.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The run, if it ended well.
    #[track_caller]
    pub fn fine(self) -> Self {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self
    }
}

/// A smooth picture in which no two pixels of a row are alike; the seed tells pictures apart.
pub fn colourful(height: usize, width: usize, seed: usize) -> Picture {
    let pixel = |k: usize| {
        let (y, x) = (k / width, k % width);
        [x * 200 / width + 20, y * 200 / height + 20, (seed * 37 + x + y) % 256].map(|v| v as u8)
    };
    let pixels = (0..height * width).flat_map(pixel).collect();
    Picture::new(Size::new(height, width), 3, Pixels::U8(pixels)).unwrap()
}

/// The bytes of an 8-bit picture.
pub fn bytes(picture: &Picture) -> &[u8] {
    match picture.pixels() {
        Pixels::U8(pixels) => pixels,
        other => panic!("{other:?}"),
    }
}
