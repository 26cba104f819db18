//! The page: what the browser loads, part of the binary.
//!
//! The server answers with it. The files are plain and are sent as they lie in `page/`; none of them may name another
//! host, and nothing outside this list is ever sent.

/// A file of the page: its name, its media type and its text.
pub struct File(pub &'static str, pub &'static str, pub &'static str);

const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! script {
    ($name:literal) => {
        File($name, SCRIPT, include_str!(concat!("page/", $name)))
    };
}

/// Every file of the page.
pub const FILES: &[File] = &[
    File("", "text/html; charset=utf-8", include_str!("page/index.html")),
    File("style.css", "text/css; charset=utf-8", include_str!("page/style.css")),
    script!("main.js"),
    script!("ask.js"),
    script!("document.js"),
    script!("history.js"),
    script!("element.js"),
    script!("control.js"),
    script!("chain.js"),
    script!("search.js"),
    script!("grid.js"),
    script!("details.js"),
    script!("exchange.js"),
    script!("overlay.js"),
    script!("warnings.js"),
];

/// The file of a path below the token.
pub fn find(path: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.0 == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_page_comes_from_elsewhere() {
        for File(name, _, text) in FILES {
            assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("//cdn"), "{name}");
        }
    }

    #[test]
    fn every_module_that_is_imported_is_sent() {
        for File(name, _, text) in FILES {
            for import in text.split("from \"./").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(find(import).is_some(), "{name} imports {import}");
            }
        }
    }
}
