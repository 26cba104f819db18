//! Compiles the C shim against the headers of the libjpeg-turbo that `turbojpeg-sys` has built.
//!
//! Says so when the library comes out without its assembler: Cargo hides the warnings of dependencies from
//! a registry, so `turbojpeg-sys`'s own would never be read.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=shim/shim.c");
    println!("cargo::rerun-if-env-changed=TURBOJPEG_SOURCE");
    let mut build = cc::Build::new();
    build.file("shim/shim.c").warnings(true).extra_warnings(true);
    // Published by turbojpeg-sys to its direct dependents, comma-separated.
    for path in env::var("DEP_TURBOJPEG_INCLUDE").unwrap_or_default().split(',').filter(|path| !path.is_empty()) {
        build.include(path);
    }
    build.compile("variegate_jpeg_shim");

    let x86 = env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "x86_64" || arch == "x86");
    let vendored = env::var("TURBOJPEG_SOURCE").map_or(true, |source| source.eq_ignore_ascii_case("vendor"));
    if x86 && vendored && !answers("nasm") && !answers("yasm") {
        println!(
            "cargo::warning=nasm is not installed: JPEG files will be decoded without SIMD, about 2.4 times \
             slower (the pixels are the same). Install nasm and build again; the feature `require-simd` makes \
             this an error."
        );
    }
}

fn answers(assembler: &str) -> bool {
    Command::new(assembler).arg("-v").output().is_ok_and(|output| output.status.success())
}
