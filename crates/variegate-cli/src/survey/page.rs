//! Findings as one page of HTML that needs nothing else: plots as SVG, thumbnails within it.
//!
//! `inspect --html` writes it. It asks no network, runs no script, and reads again only the few pictures it shows.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use variegate::Scratch;
use variegate::io::{EncodeFormat, Limits, encode};
use variegate::loader::Source;

use super::findings::{Case, Findings};
use super::plot::{columns, escaped, rows};
use crate::original::Original;
use crate::sheet::fit;

/// Cases of a section with a thumbnail.
const SHOWN: usize = 24;

/// Lines of a list.
const LISTED: usize = 200;

/// Side of a thumbnail in pixels, twice what it takes on the page.
const THUMB: usize = 192;

const STYLE: &str = "\
:root{color-scheme:light dark;--ground:#fff;--text:#1b1f24;--quiet:#5b6570;--line:#d8dde3;--bar:#3568c9;--bad:#b3261e}\
@media(prefers-color-scheme:dark){:root{--ground:#14171b;--text:#e6e9ed;--quiet:#9aa5b1;--line:#333a42;--bar:#7ea6f5;--bad:#ff8f86}}\
*{box-sizing:border-box}body{margin:0 auto;max-width:1180px;padding:28px 24px 60px;background:var(--ground);color:var(--text);\
font:15px/1.5 system-ui,sans-serif}h1{font-size:24px;margin:0;overflow-wrap:anywhere}h2{font-size:18px;margin:34px 0 10px;padding-top:14px;\
border-top:1px solid var(--line)}.quiet,figcaption{color:var(--quiet)}.facts{display:flex;flex-wrap:wrap;gap:12px;margin-top:18px}\
.facts div{border:1px solid var(--line);border-radius:8px;padding:8px 14px;min-width:120px}.facts b{display:block;font-size:20px}\
.facts .bad b{color:var(--bad)}.plots{display:flex;flex-wrap:wrap;gap:20px 40px;align-items:flex-start}figure{margin:0;max-width:100%}\
figcaption{margin-bottom:6px}svg{max-width:100%;height:auto}svg rect{fill:var(--bar)}svg text{fill:var(--text);font:13px system-ui,sans-serif}\
svg text.quiet{fill:var(--quiet);font-size:12px}.cases{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:14px}\
.case{border:1px solid var(--line);border-radius:8px;padding:10px;min-width:0;overflow-wrap:anywhere;font-size:13px}\
.case img,.none{display:block;width:100%;height:110px;object-fit:contain;margin-bottom:6px}.none{display:grid;place-items:center;\
border:1px dashed var(--line);border-radius:4px;color:var(--quiet)}.group{display:flex;flex-wrap:wrap;gap:12px;border:1px solid var(--line);\
border-radius:8px;padding:10px;margin-bottom:12px}.group .case{border:0;padding:0;width:130px}table{border-collapse:collapse;width:100%}\
td,th{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}";

/// The page.
pub fn page(found: &Findings, source: &dyn Source) -> String {
    let mut shown = Thumbs { source, scratch: Scratch::default() };
    let title = escaped(&found.source);
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>{STYLE}</style></head><body>\n<h1>{title}</h1><div class=\"quiet\">layout: {}; variegate {}</div>\n",
        found.layout,
        env!("CARGO_PKG_VERSION")
    );
    facts(&mut html, found);
    html.push_str("<h2>Pictures</h2><div class=\"plots\">");
    html.push_str(&columns("Longer side, pixels", &found.sides));
    html.push_str(&columns("Width divided by height", &found.shapes));
    let small = [
        ("Formats", &found.formats),
        ("Channels", &found.channels),
        ("Bit depth", &found.depths),
        ("EXIF orientation (1 is upright)", &found.orientations),
    ];
    small.iter().for_each(|(title, counts)| html.push_str(&rows(title, counts, 12)));
    html.push_str("</div>\n");
    if !found.classes.is_empty() {
        let _ = writeln!(html, "<h2>Classes</h2>{}", rows(&format!("Number of {}", found.counted), &found.classes, 60));
    }
    labels(&mut html, found);
    cases(&mut html, "Broken files", &found.broken, None);
    cases(&mut html, "Odd files", &found.odd, Some(&mut shown));
    groups(&mut html, "Duplicates: the same bytes", &found.equal, &mut shown);
    groups(&mut html, "Near duplicates: they look alike", &found.near, &mut shown);
    html.push_str("</body></html>\n");
    html
}

fn facts(html: &mut String, found: &Findings) {
    let range = |s: super::findings::Spread| format!("{}–{}", s.least, s.most);
    let size = format!("{:.1} MiB", found.bytes as f64 / f64::from(1 << 20));
    let n = |n: usize| (n.to_string(), n > 0);
    let plain = |text: String| (text, false);
    let all = [
        ("files", plain(found.files.to_string())),
        ("on disk", plain(size)),
        ("height", plain(range(found.heights))),
        ("width", plain(range(found.widths))),
        ("missing", n(found.missing.len())),
        ("broken", n(found.broken.len())),
        ("odd", plain(found.odd.len().to_string())),
        ("duplicate groups", plain(found.equal.len().to_string())),
        ("near-duplicate groups", plain(found.near.len().to_string())),
        ("alike, of different classes", n(found.conflicts.len())),
        ("label problems", n(found.troubles.len())),
    ];
    html.push_str("<div class=\"facts\">");
    for (name, (value, bad)) in all {
        let class = if bad { " class=\"bad\"" } else { "" };
        let _ = write!(html, "<div{class}><b>{}</b><span class=\"quiet\">{name}</span></div>", escaped(&value));
    }
    html.push_str("</div>\n");
}

fn labels(html: &mut String, found: &Findings) {
    if found.troubles.is_empty() {
        return;
    }
    html.push_str("<h2>Label problems</h2>");
    let kinds = found.trouble_counts().map(|(kind, n)| (kind.name().to_string(), n)).collect();
    html.push_str(&rows("By kind", &kinds, 12));
    html.push_str("<table><tr><th>Where</th><th>What</th></tr>");
    for (_, path, message) in found.troubles.iter().take(LISTED) {
        let _ = write!(html, "<tr><td>{}</td><td>{}</td></tr>", escaped(path), escaped(message));
    }
    html.push_str("</table>");
    more(html, found.troubles.len(), LISTED);
}

fn cases(html: &mut String, title: &str, cases: &[Case], mut thumbs: Option<&mut Thumbs<'_>>) {
    if cases.is_empty() {
        return;
    }
    let _ = write!(html, "<h2>{title}: {}</h2><div class=\"cases\">", cases.len());
    // Without thumbnails there is room for more.
    let shown = if thumbs.is_some() { SHOWN } else { LISTED };
    for case in cases.iter().take(shown) {
        html.push_str("<div class=\"case\">");
        if let Some(thumbs) = &mut thumbs {
            html.push_str(&thumbs.image(case.id));
        }
        let _ = write!(html, "{}<div class=\"quiet\">{}</div></div>", escaped(&case.path), escaped(&case.reason));
    }
    html.push_str("</div>");
    more(html, cases.len(), shown);
}

fn groups(html: &mut String, title: &str, groups: &[Vec<(u64, String)>], thumbs: &mut Thumbs<'_>) {
    if groups.is_empty() {
        return;
    }
    let _ = write!(html, "<h2>{title}: {}</h2>", groups.len());
    for group in groups.iter().take(SHOWN) {
        html.push_str("<div class=\"group\">");
        for (id, path) in group.iter().take(8) {
            let _ = write!(html, "<div class=\"case\">{}{}</div>", thumbs.image(*id), escaped(path));
        }
        more(html, group.len(), 8);
        html.push_str("</div>");
    }
    more(html, groups.len(), SHOWN);
}

fn more(html: &mut String, all: usize, shown: usize) {
    if all > shown {
        let _ = write!(html, "<p class=\"quiet\">and {} more; --json lists all</p>", all - shown);
    }
    html.push('\n');
}

/// Thumbnails of samples.
struct Thumbs<'a> {
    source: &'a dyn Source,
    scratch: Scratch,
}

impl Thumbs<'_> {
    /// A sample's picture within the page; a frame with words where it cannot be shown.
    fn image(&mut self, id: u64) -> String {
        let bytes = self.source.read(id, &Limits::default()).and_then(|bytes| {
            let original = Original::decode(&bytes, &Limits::default())?;
            let upright = original.upright(&mut self.scratch)?;
            encode(&fit(&upright, THUMB, &mut self.scratch)?, &EncodeFormat::Jpeg { quality: 75 })
        });
        match bytes {
            Ok(bytes) => format!("<img alt=\"\" src=\"data:image/jpeg;base64,{}\">", BASE64.encode(bytes)),
            Err(_) => "<div class=\"none\">cannot be shown</div>".into(),
        }
    }
}
