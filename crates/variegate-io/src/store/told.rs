//! What is wrong with a store, and how to mend it.
//!
//! The store's library says what a server answered; whose fault that is, and what to do, is said here. Whether a request
//! is worth another attempt is decided here too.

use std::collections::BTreeMap;
use std::error::Error as _;

use object_store::Error as Found;
use variegate_picture::Error;

/// Whether the same request may succeed later.
pub(super) fn passes(error: &Found) -> bool {
    match error {
        Found::Generic { .. } => {
            let said = chain(error);
            !uncredited(&said) && !refused_scheme(&said) && !final_status(&said)
        }
        Found::JoinError { .. } => true,
        _ => false,
    }
}

/// The error of a request that was given up.
pub(super) fn told(root: &str, attempts: u32, error: &Found) -> Error {
    let said = chain(error);
    let times = if attempts > 1 { format!(" after {attempts} attempts") } else { String::new() };
    let (what, mend) = match error {
        _ if no_bucket(&said) => {
            ("there is no such bucket", "check its name and the region, or the endpoint (AWS_ENDPOINT_URL)")
        }
        Found::NotFound { .. } => ("there is no such object", "check its name"),
        Found::PermissionDenied { .. } | Found::Unauthenticated { .. } => {
            ("access was refused", "check the credentials and what they may read")
        }
        _ if uncredited(&said) => ("no credentials were found", credentials(root)),
        _ if refused_scheme(&said) => ("the endpoint is not encrypted", "use https, or storage={\"allow_http\": True}"),
        _ if said.contains("list request") && final_status(&said) => {
            ("the server does not list its objects", "name them in a table or as tar or Parquet files")
        }
        _ if final_status(&said) => ("the server refused the request", "check the path, the region and the endpoint"),
        Found::NotSupported { .. } => {
            ("the server cannot do what is asked", "tar and Parquet files need a server that serves ranges")
        }
        _ if ["dns", "resolve", "onnect"].iter().any(|sign| said.contains(sign)) => {
            ("the host cannot be reached", "check the address or endpoint, and the network")
        }
        _ => ("the store did not answer as it should", "try again, or raise retries or time_limit in storage"),
    };
    Error::io(format!("{root}: {what}{times}; {mend} ({said})"))
}

/// The error of a time that ran out.
pub(super) fn late(root: &str, attempts: u32, seconds: f64) -> Error {
    Error::io(format!(
        "{root}: no answer within {seconds:.0} seconds, {attempts} attempts; the host is slow or cannot be reached: check \
         the network, or raise time_limit in storage"
    ))
}

/// The error of a store that was asked with no credentials at hand, and did not answer well.
pub(super) fn bare(root: &str, error: &Error) -> Error {
    let said = error.message();
    let said = said.strip_prefix(&format!("{root}: ")).unwrap_or(said);
    Error::io(format!("{root}: no credentials were found; {} ({said})", credentials(root)))
}

/// Whether neither the environment nor the options hold credentials for a store that wants some.
pub(super) fn is_bare(root: &str, options: &BTreeMap<String, String>) -> bool {
    let (variables, words): (&[&str], &[&str]) = match root.split(':').next() {
        Some("s3") => (
            &["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS", "AWS_SKIP_SIGNATURE"],
            &["access_key", "skip_signature", "token", "credentials"],
        ),
        Some("gs") => (&["GOOGLE_"], &["service_account", "skip_signature", "credentials", "bearer"]),
        Some("az") => (&["AZURE_"], &["key", "skip_signature", "token", "client", "sas"]),
        _ => return false,
    };
    let known = |name: &str| variables.iter().any(|variable| name.starts_with(variable));
    !std::env::vars_os().any(|(name, _)| known(&name.to_string_lossy()))
        && !options.keys().any(|name| words.iter().any(|word| name.contains(word)))
}

fn credentials(root: &str) -> &'static str {
    match root.split(':').next() {
        Some("s3") => {
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; for a public bucket storage={\"skip_signature\": True}"
        }
        Some("gs") => {
            "set GOOGLE_APPLICATION_CREDENTIALS to a key file; for a public bucket storage={\"skip_signature\": True}"
        }
        _ => {
            "set AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY; for a public container \
             storage={\"skip_signature\": True}"
        }
    }
}

/// Without credentials the library asks the machine's own metadata service, which only clouds have.
fn uncredited(said: &str) -> bool {
    ["169.254.169.254", "metadata.google.internal", "metadata/identity", "InstanceCredentials"]
        .iter()
        .any(|sign| said.contains(sign))
}

fn no_bucket(said: &str) -> bool {
    ["NoSuchBucket", "ContainerNotFound", "bucket does not exist"].iter().any(|sign| said.contains(sign))
}

/// An answer that stays what it is: what was asked for is wrong, not the moment.
fn final_status(said: &str) -> bool {
    let status = said.split("status code: ").nth(1).and_then(|rest| rest.get(..3)?.parse::<u16>().ok());
    status.is_some_and(|status| matches!(status, 301..=307 | 400..=407 | 409..=428 | 501))
}

fn refused_scheme(said: &str) -> bool {
    said.contains("URL scheme is not allowed")
}

/// All that an error says, down to its cause.
fn chain(error: &Found) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !said.contains(&text) {
            said.push_str(": ");
            said.push_str(&text);
        }
        cause = inner.source();
    }
    said.truncate(said.char_indices().nth(600).map_or(said.len(), |(end, _)| end));
    said
}
