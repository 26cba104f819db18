//! The studio: a page on this machine where people make pipelines by eye, on their own pictures.
//!
//! The command line calls it. The engine itself serves the page and draws what it shows, so that what is seen is what a
//! training gets. It listens on loopback alone, to those who hold the token of its address; it must never serve a file
//! outside the folder it was opened on, nor reach out to another machine.
#![forbid(unsafe_code)]

mod attached;
mod data_set;
mod draw;
mod gallery;
mod guard;
mod page;
mod python;
mod server;

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use variegate::{Error, Pipeline, Result};

/// Threads beside the listening one; a drawing of many pictures starts its own.
const WORKERS: usize = 4;

/// What a studio is opened with.
#[derive(Clone, Debug)]
pub struct Opening {
    /// A folder of pictures, or a data set: a COCO file, a Pascal VOC or YOLO folder, a YOLO `data.yaml`.
    pub source: PathBuf,
    /// Where the pictures of a COCO file lie; beside it, where it is none.
    pub images: Option<PathBuf>,
    /// A folder of masks that are named as the pictures are; none for none.
    pub masks: Option<PathBuf>,
    /// What the page begins with.
    pub pipeline: Pipeline,
    /// The file that the page may save to; none for none.
    pub save: Option<PathBuf>,
    /// The port of 127.0.0.1; 0 for any that is free.
    pub port: u16,
}

/// A studio that listens already.
pub struct Studio {
    listener: TcpListener,
    desk: server::Desk,
}

impl Studio {
    /// Lists the pictures and takes the port.
    ///
    /// # Errors
    ///
    /// When the folder holds no picture that can be listed, when the files of a data set cannot be read, and when the port is taken.
    pub fn open(opening: Opening) -> Result<Self> {
        let gallery = gallery::Gallery::open(&opening.source, opening.images.as_deref(), opening.masks.as_deref())?;
        let taken = |error: std::io::Error| {
            Error::io(format!(
                "port {} of 127.0.0.1 cannot be listened on: {error}; name another, or 0 for any that is free",
                opening.port
            ))
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, opening.port)).map_err(taken)?;
        listener.set_nonblocking(true).map_err(taken)?;
        let guard = guard::Guard::new(listener.local_addr().map_err(taken)?.port())?;
        let desk = server::Desk { guard, gallery, pipeline: opening.pipeline, save: opening.save };
        Ok(Self { listener, desk })
    }

    /// The address of the page, with the token that lets in.
    pub fn address(&self) -> String {
        self.desk.guard.address()
    }

    /// How many pictures there are.
    pub fn pictures(&self) -> usize {
        self.desk.gallery.len()
    }

    /// Answers until the process ends.
    pub fn serve(self) -> Result<()> {
        let failed = |error: std::io::Error| Error::io(format!("the studio cannot serve its page: {error}"));
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_io().max_blocking_threads(WORKERS).build().map_err(failed)?;
        let routes = axum::Router::new().fallback(server::answer).with_state(Arc::new(self.desk));
        runtime
            .block_on(async move {
                let listener = tokio::net::TcpListener::from_std(self.listener)?;
                axum::serve(listener, routes).await
            })
            .map_err(failed)
    }
}
