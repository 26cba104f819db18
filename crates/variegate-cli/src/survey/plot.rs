//! Plots of counts as SVG, drawn in the colours of the page around them.
//!
//! The page calls it. Bars have room for their longest word, so that nothing lies over anything.

use super::findings::Counts;

/// The text of HTML, nothing of it markup.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Upright bars, one for each bin.
pub fn columns(title: &str, counts: &Counts) -> String {
    let most = counts.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let (step, height) = (78, 150);
    let width = 20 + step * counts.len().max(1);
    let mut svg = format!(
        "<figure><figcaption>{}</figcaption><svg viewBox=\"0 0 {width} {}\" width=\"{width}\" role=\"img\" aria-label=\"{}\">",
        escaped(title),
        height + 45,
        escaped(title)
    );
    for (k, (name, n)) in counts.iter().enumerate() {
        let tall = (n * height as u64).div_ceil(most);
        let (x, y) = (14 + k * step, 20 + height as u64 - tall);
        let middle = x + (step - 8) / 2;
        svg.push_str(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{tall}\" rx=\"2\"/><text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{n}</text>\
             <text class=\"quiet\" x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            step - 8,
            y - 5,
            height + 37,
            escaped(name)
        ));
    }
    svg.push_str("</svg></figure>");
    svg
}

/// Lying bars, one for each name; names are cut at 28 letters.
pub fn rows(title: &str, counts: &Counts, shown: usize) -> String {
    let most = counts.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let cut = |name: &str| match name.char_indices().nth(28) {
        Some((k, _)) => format!("{}…", &name[..k]),
        None => name.to_string(),
    };
    let names: Vec<String> = counts.iter().take(shown).map(|(name, _)| cut(name)).collect();
    // Eight and a half units hold the widest common letter at 13.
    let left = 12 + names.iter().map(|name| name.chars().count()).max().unwrap_or(0) * 17 / 2;
    let (step, bar) = (22, 320);
    let (width, height) = (left + bar + 90, step * names.len() + 6);
    let mut svg = format!(
        "<figure><figcaption>{}</figcaption><svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" role=\"img\" aria-label=\"{}\">",
        escaped(title),
        escaped(title)
    );
    for (k, (name, (_, n))) in names.iter().zip(counts).enumerate() {
        let long = (n * bar as u64).div_ceil(most);
        let y = k * step + 3;
        svg.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text><rect x=\"{left}\" y=\"{y}\" width=\"{long}\" height=\"{}\" rx=\"2\"/>\
             <text class=\"quiet\" x=\"{}\" y=\"{}\">{n}</text>",
            left - 8,
            y + 14,
            escaped(name),
            step - 5,
            left as u64 + long + 6,
            y + 14
        ));
    }
    svg.push_str("</svg>");
    if counts.len() > shown {
        svg.push_str(&format!("<p class=\"quiet\">and {} more</p>", counts.len() - shown));
    }
    svg.push_str("</figure>");
    svg
}
