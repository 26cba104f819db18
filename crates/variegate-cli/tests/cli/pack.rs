//! `variegate pack`: what is in the shards, after an interruption too, and what is said.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::shop::{Shop, colourful};

const SHARDS: [&str; 5] = ["pack", "src", "out", "--shard-size", "4"];

fn facts(shop: &Shop, path: &str) -> Json {
    serde_json::from_slice(&shop.read(path)).unwrap()
}

/// The visible files of a folder of shards.
fn visible(shop: &Shop, out: &str) -> Vec<(String, Vec<u8>)> {
    shop.files(out).into_iter().filter(|(name, _)| !name.starts_with('.')).collect()
}

#[test]
fn a_folder_becomes_shards_that_tar_lists() {
    let shop = Shop::stocked("pack");
    let run = shop.run(&[&SHARDS[..], &["--short-side", "24"]].concat()).fine();
    assert!(run.out.starts_with("9 pictures in 3 shards in out, "), "{}", run.out);
    let listed = Command::new("tar").current_dir(shop.path("out")).args(["tf", "shard-00001.tar"]).output().unwrap();
    let names: Vec<String> = String::from_utf8(listed.stdout).unwrap().lines().map(String::from).collect();
    let expected = |id: usize| ["ppm", "cls", "json"].map(|ending| format!("{id:08}.{ending}"));
    assert_eq!(names, (4..8).flat_map(expected).collect::<Vec<_>>());
    assert!(listed.stderr.is_empty(), "{}", String::from_utf8_lossy(&listed.stderr));
    let list = facts(&shop, "out/index.json");
    let samples: Vec<u64> = list["shards"].as_array().unwrap().iter().map(|s| s["samples"].as_u64().unwrap()).collect();
    assert_eq!(samples, [4, 4, 1]);
    assert_eq!(facts(&shop, "out/plan.json")["classes"], serde_json::json!(["cat", "dog", "owl"]));
    // Sample 4 is the first dog: 33 × 27 pixels, of which the shorter side becomes 24.
    let unpack = Command::new("tar").current_dir(&shop.0).args(["xf", "out/shard-00001.tar", "00000004.json"]).status();
    assert!(unpack.unwrap().success());
    let about = facts(&shop, "00000004.json");
    assert_eq!((&about["class"], &about["label"], &about["file"]), (&"dog".into(), &1.into(), &"dog/0.jpg".into()));
    assert_eq!(about["size"], serde_json::json!([29, 24]));
}

#[test]
fn a_killed_run_resumes_to_the_same_bytes() {
    let shop = Shop::new("pack-killed");
    for k in 0..150 {
        shop.picture(&format!("src/{}/{k}.png", ["a", "b"][k % 2]), &colourful(160, 200, k));
    }
    let arguments = |out| ["pack", "src", out, "--format", "png", "--shard-size", "3", "--threads", "1"];
    let mut child = shop.command(&arguments("out")).spawn().unwrap();
    let started = Instant::now();
    let found = || shop.path("out").read_dir().map_or(0, Iterator::count);
    while found() < 12 && started.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(found() >= 12, "{} files after a minute", found());
    shop.run(&arguments("out")).fine();
    let whole = ["pack", "src", "whole", "--format", "png", "--shard-size", "3", "--threads", "3", "-q"];
    assert_eq!(shop.run(&whole).fine().out, "");
    assert!(visible(&shop, "out") == visible(&shop, "whole"));
    assert!(!shop.path("out/.variegate-part").exists());
    let run = shop.run(&arguments("out")).fine();
    assert_eq!(run.out, "nothing to do: all 150 pictures are in 50 shards in out\n");
}

#[test]
fn bad_files_are_told_and_listed_or_end_the_job() {
    let shop = Shop::stocked("pack-bad");
    shop.write("src/dog/0.jpg", b"no picture");
    let run = shop.run(&[&SHARDS[..], &["--json"]].concat()).fine();
    let said: Json = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&said["samples"], &said["shards"], &said["made"]), (&8.into(), &3.into(), &3.into()));
    assert_eq!(said["bad"][0]["file"], "dog/0.jpg");
    assert!(run.err.contains("warning: 1 of 9 files cannot be used"), "{}", run.err);
    assert_eq!(facts(&shop, "out/shard-00001.json")["bad"], facts(&shop, "out/index.json")["shards"][1]["bad"]);
    let strict = shop.run(&["pack", "src", "strict", "--strict"]);
    assert!(strict.code == 1 && strict.err.contains("dog/0.jpg"), "{} {}", strict.code, strict.err);
    assert!(!shop.path("strict/index.json").exists());
}

#[test]
fn wrong_arguments_are_two() {
    let shop = Shop::stocked("pack-wrong");
    shop.run(&SHARDS).fine();
    let other = shop.run(&["pack", "src", "out", "--shard-size", "5"]);
    assert_eq!(other.code, 2);
    assert!(other.err.contains("another plan: shard_samples was 4 and is 5"), "{}", other.err);
    for wrong in [
        &["pack", "src", "src/inner"][..],
        &["pack", "src", "new", "--shard-size", "many"],
        &["pack", "src", "new", "--format", "gif"],
        &["pack", "src", "new", "--quality", "90"],
        &["pack", "src", "new", "--short-side", "0"],
    ] {
        let run = shop.run(wrong);
        assert_eq!(run.code, 2, "{wrong:?}: {}", run.err);
        assert!(!shop.path("new").exists(), "{wrong:?}");
    }
}
