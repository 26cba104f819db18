//! Who may ask: the token in the address, the host that was meant, and the page the question comes from.
//!
//! The server asks before it looks at anything else of a request. Loopback alone keeps nobody out: every page in the
//! browser can send requests here, and a name of somebody else's can be made to lead here. It must never answer a
//! request that lacks the token, and never say which part of the token was wrong.

use std::fmt::Write;

use variegate::{Error, Result};

/// Bytes of randomness in a token: too many to try out.
const RANDOM: usize = 24;

/// What a request says of itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// The path, from its first slash on, as it was sent.
    pub path: &'a str,
    /// The header `Host`.
    pub host: Option<&'a str>,
    /// The header `Origin`, which browsers add where a page sends something.
    pub origin: Option<&'a str>,
    /// The header `Sec-Fetch-Site`, by which browsers tell whose page asks.
    pub site: Option<&'a str>,
}

/// Lets requests of the studio's own page in.
#[derive(Debug)]
pub struct Guard {
    token: String,
    hosts: [String; 2],
}

impl Guard {
    /// A guard with a fresh token for a port of this machine.
    pub fn new(port: u16) -> Result<Self> {
        let mut bytes = [0; RANDOM];
        getrandom::fill(&mut bytes).map_err(|error| {
            Error::io(format!("the system gives no random numbers for the studio's token: {error}"))
        })?;
        let token = bytes.iter().fold(String::new(), |mut text, byte| {
            // Writing into a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        Ok(Self { token, hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")] })
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        format!("http://{}/{}/", self.hosts[0], self.token)
    }

    /// The path below the token, or why the request is refused.
    pub fn admit<'a>(&self, asked: &Asked<'a>) -> std::result::Result<&'a str, &'static str> {
        if !asked.host.is_some_and(|host| self.hosts.iter().any(|own| own == host)) {
            return Err("the request names another host; open the address that the studio printed");
        }
        let own = |origin: &str| self.hosts.iter().any(|host| origin.strip_prefix("http://") == Some(host));
        if !asked.origin.is_none_or(own) {
            return Err("the request comes from another page; open the address that the studio printed");
        }
        if matches!(asked.site, Some("cross-site" | "same-site")) {
            return Err("the request comes from another site; open the address that the studio printed");
        }
        let path = asked.path.strip_prefix('/').unwrap_or(asked.path);
        match path.split_once('/') {
            Some((token, rest)) if same(token, &self.token) => Ok(rest),
            _ => Err("the address lacks the studio's token; open the address that the studio printed"),
        }
    }
}

/// Whether two texts are the same, in a time that does not tell where they part.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |parted, (a, b)| parted | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard::new(8123).expect("a guard")
    }

    fn asked<'a>(path: &'a str) -> Asked<'a> {
        Asked { path, host: Some("127.0.0.1:8123"), ..Asked::default() }
    }

    #[test]
    fn the_page_itself_is_let_in() {
        let guard = guard();
        let path = format!("/{}/api/draw", guard.token);
        assert_eq!(guard.admit(&asked(&path)), Ok("api/draw"));
        let own = Asked { origin: Some("http://localhost:8123"), site: Some("same-origin"), ..asked(&path) };
        assert_eq!(guard.admit(&Asked { host: Some("localhost:8123"), ..own }), Ok("api/draw"));
    }

    #[test]
    fn a_wrong_token_is_refused() {
        let guard = guard();
        let longer = format!("/{}0/", guard.token);
        let shorter = format!("/{}/", &guard.token[1..]);
        let other = format!("/{}/", self::guard().token);
        for path in ["", "/", "//", "/api/draw", "/style.css", &longer, &shorter, &other] {
            assert!(guard.admit(&asked(path)).is_err(), "{path}");
        }
    }

    #[test]
    fn other_hosts_and_origins_are_refused() {
        let guard = guard();
        let path = format!("/{}/", guard.token);
        for host in [None, Some("127.0.0.1"), Some("127.0.0.1:80"), Some("evil.example:8123"), Some("[::1]:8123")] {
            assert!(guard.admit(&Asked { host, ..asked(&path) }).is_err(), "{host:?}");
        }
        for origin in ["null", "http://evil.example", "https://127.0.0.1:8123", "http://127.0.0.1:81", ""] {
            assert!(guard.admit(&Asked { origin: Some(origin), ..asked(&path) }).is_err(), "{origin}");
        }
        for site in ["cross-site", "same-site"] {
            assert!(guard.admit(&Asked { site: Some(site), ..asked(&path) }).is_err(), "{site}");
        }
    }

    #[test]
    fn tokens_are_long_and_differ() {
        let (a, b) = (guard().token, guard().token);
        assert_eq!(a.len(), 2 * RANDOM);
        assert_ne!(a, b);
    }
}
