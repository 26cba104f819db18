//! What the page may ask, and the answers.
//!
//! One thread listens; drawing goes to threads beside it. Every request passes the guard first. It must never take a
//! path from a request, and writes one file alone: the one the user named.

use std::path::PathBuf;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use serde_json::{Value as Json, json};
use variegate::migrate::{Library, migrate};
use variegate::ops::emit::to_json;
use variegate::ops::registry;
use variegate::{Error, Kind, Pipeline, Result, presets};

use crate::gallery::Gallery;
use crate::guard::{Asked, Guard};
use crate::{attached, draw, page};

/// The longest body of a request: a document, never a picture.
const MOST: usize = 4 << 20;

/// The most tiles of one answer, and their longest side.
const TILES: (usize, usize) = (64, 1024);

/// The greatest whole number up to which every one is a float.
const EXACT: u64 = 1 << 53;

/// Everything of the page from here, nothing from elsewhere, and no other page around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What the studio works on.
pub struct Desk {
    pub guard: Guard,
    pub gallery: Gallery,
    pub pipeline: Pipeline,
    pub save: Option<PathBuf>,
}

/// What is sent back: a media type and the bytes.
type Answer = (&'static str, Vec<u8>);

/// Answers one request.
pub async fn answer(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let text = |name: header::HeaderName| text(&parts.headers, &name);
    let asked = Asked {
        path: parts.uri.path(),
        host: text(header::HOST),
        origin: text(header::ORIGIN),
        site: text(header::HeaderName::from_static("sec-fetch-site")),
    };
    let path = match desk.guard.admit(&asked) {
        Ok(path) => path.to_string(),
        Err(why) => return refused(StatusCode::FORBIDDEN, why),
    };
    if parts.method == Method::GET {
        return match page::find(&path) {
            Some(page::File(_, kind, text)) => sent(StatusCode::OK, kind, Body::from(*text)),
            None if path == "api/start" => finished(started(&desk)),
            None => refused(StatusCode::NOT_FOUND, "there is nothing of that name"),
        };
    }
    if parts.method != Method::POST {
        return refused(StatusCode::METHOD_NOT_ALLOWED, "expected GET or POST");
    }
    let Ok(body) = to_bytes(body, MOST).await else {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, "the request is longer than a document may be");
    };
    // A panic of the work ends its thread, and is told as an error.
    let work = tokio::task::spawn_blocking(move || {
        let given = serde_json::from_slice(&body).map_err(|error| Error::parameter(format!("not JSON: {error}")))?;
        worked(&desk, &path, &given)
    });
    let internal = |_| Err(Error::internal("a step panicked; please report the pipeline that did it"));
    finished(work.await.unwrap_or_else(internal))
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    // What is no text is no name of ours either, so it is refused as one.
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

fn worked(desk: &Desk, path: &str, given: &Json) -> Result<Answer> {
    let gallery = &desk.gallery;
    let number = |key: &str| given[key].as_u64().unwrap_or(0);
    let picture = number("picture") as usize;
    let pipeline = || draw::pipeline(&given["document"], gallery);
    match path {
        "api/draw" => {
            let numbers = given["pictures"].as_array().into_iter().flatten().filter_map(Json::as_u64);
            let numbers: Vec<usize> = numbers.take(TILES.0).map(|number| number as usize).collect();
            let side = (number("side") as usize).clamp(16, TILES.1);
            let (tiles, rate) = draw::tiles(gallery, &pipeline()?, &numbers, number("epoch"), side);
            Ok(framed(tiles, rate))
        }
        "api/large" => {
            let plain = given["document"].is_null();
            let pipeline = if plain { None } else { Some(pipeline()?) };
            Ok(framed(vec![draw::large(gallery, pipeline.as_ref(), picture, number("epoch"))?], None))
        }
        "api/describe" => json_answer(&draw::described(gallery, &pipeline()?, picture, number("epoch"))?),
        "api/import" => json_answer(&imported(given, gallery)?),
        "api/save" => {
            let path = desk.save.as_ref().ok_or_else(|| {
                Error::parameter("no file was named to save to; start the studio with --save FILE, or download it")
            })?;
            std::fs::write(path, pipeline()?.to_yaml())
                .map_err(|error| Error::io(format!("the pipeline cannot be saved: {error}")).at(path))?;
            json_answer(&json!({ "saved": path.to_string_lossy() }))
        }
        _ => Err(Error::parameter("there is nothing of that name")),
    }
}

/// What the page needs to begin with.
fn started(desk: &Desk) -> Result<Answer> {
    let operations: Vec<Json> = registry::all().iter().map(|spec| registry::described(spec)).collect();
    let ready = presets::names().map(|name| Ok(json!({ "name": name, "document": document(&presets::get(name)?)? })));
    json_answer(&json!({
        "operations": operations,
        "presets": ready.collect::<Result<Vec<_>>>()?,
        "pictures": desk.gallery.len(),
        "classes": desk.gallery.classes,
        "colours": attached::colours(),
        "document": document(&desk.pipeline)?,
        "save": desk.save.as_ref().map(|path| path.to_string_lossy()),
        "libraries": Library::NAMES.iter().map(|(word, library)| json!([word, library.title()])).collect::<Vec<_>>(),
    }))
}

/// The document as the page holds it. Its numbers are floats, so a seed they cannot hold goes as text.
fn document(pipeline: &Pipeline) -> Result<Json> {
    let mut document: Json = serde_json::from_str(&to_json(pipeline))
        .map_err(|error| Error::internal(format!("a pipeline is no JSON: {error}")))?;
    if pipeline.options.seed > EXACT {
        document["seed"] = json!(pipeline.options.seed.to_string());
    }
    Ok(document)
}

/// A pipeline file of ours, or the data of another library, as our document.
fn imported(given: &Json, gallery: &Gallery) -> Result<Json> {
    let text = given["text"].as_str().unwrap_or_default();
    let word = given["library"].as_str().unwrap_or("variegate");
    if word == "variegate" {
        let pipeline = Pipeline::from_yaml(text, Some("pipeline.yaml"))?;
        let document = document(&pipeline)?;
        draw::pipeline(&document, gallery)?;
        return Ok(json!({ "document": document, "remarked": null, "refused": null }));
    }
    let foreign = serde_json::from_str(text).map_err(|error| Error::parameter(format!("not JSON: {error}")))?;
    let migrated = migrate(Library::parse(word)?, &foreign, None)?;
    let document = document(&migrated.rest()?)?;
    Ok(json!({ "document": document, "remarked": migrated.remarked(), "refused": migrated.refused() }))
}

fn json_answer(json: &Json) -> Result<Answer> {
    Ok(("application/json", json.to_string().into_bytes()))
}

/// Tiles in one body: the length of the head in four bytes, the head, and the files one after another, a picture's mask behind it.
fn framed(tiles: Vec<draw::Tile>, rate: Option<f64>) -> Answer {
    let heads: Vec<&Json> = tiles.iter().map(|tile| &tile.head).collect();
    let head = json!({ "rate": rate, "tiles": heads }).to_string();
    let mut bytes = (head.len() as u32).to_le_bytes().to_vec();
    bytes.extend_from_slice(head.as_bytes());
    tiles.iter().flat_map(|tile| [&tile.bytes, &tile.mask]).for_each(|file| bytes.extend_from_slice(file));
    ("application/octet-stream", bytes)
}

fn finished(answer: Result<Answer>) -> Response {
    match answer {
        Ok((kind, bytes)) => sent(StatusCode::OK, kind, Body::from(bytes)),
        Err(error) => {
            let fault = matches!(error.kind(), Kind::Internal | Kind::Io);
            let status = if fault { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::BAD_REQUEST };
            refused(status, &error.to_string())
        }
    }
}

fn refused(status: StatusCode, why: &str) -> Response {
    sent(status, "application/json", Body::from(json!({ "error": why }).to_string()))
}

fn sent(status: StatusCode, kind: &str, body: Body) -> Response {
    let response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header("cross-origin-resource-policy", "same-origin")
        .body(body);
    response.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_that_floats_cannot_hold_comes_back_whole() {
        for seed in [7, EXACT + 1, (1 << 63) - 1, u64::MAX] {
            let pipeline = Pipeline::builder().seed(seed).build().expect("a pipeline");
            let document = document(&pipeline).expect("a document");
            assert_eq!(document["seed"].is_string(), seed != 7);
            let again = Pipeline::from_yaml(&document.to_string(), None).expect("a pipeline");
            assert_eq!(again.options.seed, seed);
        }
    }
}
