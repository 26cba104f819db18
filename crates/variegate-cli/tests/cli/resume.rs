//! `variegate augment` after an interruption, on any number of threads, and in a folder that is not empty.

use std::process::Child;
#[cfg(unix)]
use std::process::Command;
use std::time::{Duration, Instant};

use crate::shop::{PIPELINE, Shop, colourful};
use variegate::io::{DecodeOptions, decode};

const COPIES: [&str; 7] = ["augment", "src", "out", "--pipeline", "p.yaml", "--copies", "2"];

#[test]
fn a_rerun_writes_what_is_missing_and_nothing_else() {
    let shop = Shop::stocked("rerun");
    shop.run(&COPIES).fine();
    let before = shop.outputs("out");
    let kept = shop.path("out/cat/0__0.png");
    let stamp = std::fs::metadata(&kept).unwrap().modified().unwrap();
    std::fs::remove_file(shop.path("out/dog/2__1.jpg")).unwrap();
    // A machine that went down may leave an empty file.
    shop.write("out/dog/3__0.jpg", b"");
    let run = shop.run(&COPIES).fine();
    assert!(run.out.starts_with("2 pictures of 9 sources") && run.out.contains("16 were there already"), "{}", run.out);
    assert_eq!(shop.outputs("out"), before);
    assert_eq!(std::fs::metadata(&kept).unwrap().modified().unwrap(), stamp);
    assert_eq!((&shop.report("out")["written"], &shop.report("out")["skipped"]), (&2.into(), &16.into()));
    assert_eq!(shop.run(&COPIES).fine().out, "nothing to do: all 18 pictures are in out\n");
}

#[test]
fn more_copies_join_those_there_are() {
    let shop = Shop::stocked("more");
    shop.run(&COPIES).fine();
    let run = shop.run(&["augment", "src", "out", "-p", "p.yaml", "--copies", "3"]).fine();
    assert!(run.out.starts_with("9 pictures of"), "{}", run.out);
    shop.run(&["augment", "src", "whole", "-p", "p.yaml", "--copies", "3"]).fine();
    assert_eq!(shop.outputs("out"), shop.outputs("whole"));
    // Fewer copies take nothing away.
    shop.run(&COPIES).fine();
    assert_eq!(shop.outputs("out"), shop.outputs("whole"));
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let shop = Shop::stocked("threads");
    for threads in ["1", "3"] {
        let arguments = ["augment", "src", threads, "-p", "p.yaml", "--copies", "3", "--threads", threads];
        shop.run(&arguments).fine();
    }
    assert_eq!(shop.outputs("1"), shop.outputs("3"));
}

#[test]
fn a_killed_run_leaves_whole_files_and_resumes_to_the_same_bytes() {
    ended_in_the_middle("killed", |child| child.kill().unwrap());
}

/// Ctrl-C, as a terminal sends it.
#[cfg(unix)]
fn interrupt(child: &mut Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_whole_files_and_resumes_to_the_same_bytes() {
    ended_in_the_middle("interrupted", interrupt);
}

#[cfg(unix)]
#[test]
fn an_interrupted_pack_resumes_to_the_same_bytes() {
    let shop = Shop::new("interrupted-pack");
    for k in 0..400 {
        shop.picture(&format!("src/{}/{k}.png", ["a", "b"][k % 2]), &colourful(160, 200, k));
    }
    let arguments = ["pack", "src", "out", "--shard-size", "5", "--format", "png", "--threads", "2"];
    let mut child = shop.command(&arguments).spawn().unwrap();
    let started = Instant::now();
    while !shop.path("out/shard-00003.json").exists() && started.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    // On a busy machine it may have ended; then this is the test of a second run.
    let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    child.wait().unwrap();
    assert!(shop.path("out/shard-00003.tar").exists());
    shop.run(&arguments).fine();
    let whole = arguments.map(|word| if word == "out" { "whole" } else { word });
    shop.run(&whole).fine();
    // Hidden files are indexes of shards, which hold when a shard was written.
    let shown = |folder| {
        let mut files = shop.files(folder);
        files.retain(|(name, _)| !name.starts_with('.'));
        files
    };
    assert!(shown("out") == shown("whole"));
}

/// Ends a run of `augment` in the middle and runs it again.
fn ended_in_the_middle(name: &str, end: fn(&mut Child)) {
    let shop = Shop::new(name);
    for k in 0..12 {
        shop.picture(&format!("src/{}/{k}.png", ["a", "b"][k % 2]), &colourful(160, 200, k));
    }
    shop.write("p.yaml", PIPELINE.as_bytes());
    let arguments = ["augment", "src", "out", "-p", "p.yaml", "--copies", "100", "--format", "png"];
    let mut child = shop.command(&arguments).spawn().unwrap();
    let started = Instant::now();
    let found = || shop.path("out/a").read_dir().map_or(0, Iterator::count);
    while found() < 5 && started.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    end(&mut child);
    child.wait().unwrap();
    let left: Vec<_> = shop.files("out").into_iter().filter(|(name, _)| name.contains("__")).collect();
    assert!(left.len() >= 5, "{} files after a minute", left.len());
    for (name, bytes) in &left {
        assert!(decode(bytes, &DecodeOptions::default()).is_ok(), "{name} is half-written");
    }
    // On a busy machine the kill may come after the end; then this is the test of a second run.
    if left.len() < 1200 {
        assert_eq!(shop.report("out")["finished"], false);
    }
    let run = shop.run(&arguments).fine();
    assert!(run.out.contains(&format!("{} were there already", left.len())), "{}", run.out);
    assert!(!shop.path("out/.variegate-part").exists());
    let whole = ["augment", "src", "whole", "-p", "p.yaml", "--copies", "100", "--format", "png", "-q"];
    shop.run(&whole).fine();
    assert!(shop.outputs("out") == shop.outputs("whole"));
}

#[test]
fn outputs_of_another_job_are_never_mixed_in() {
    let shop = Shop::stocked("mixed");
    shop.run(&COPIES).fine();
    let before = shop.outputs("out");
    let other = ["augment", "src", "out", "-p", "p.yaml", "--seed", "8"];
    let run = shop.run(&other);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.err,
        "error: out: the folder holds the outputs of another job: the pipeline or its seed is another; give --overwrite to make them anew, or another folder\n"
    );
    let format = shop.run(&["augment", "src", "out", "-p", "p.yaml", "--format", "webp"]);
    assert!(format.code == 2 && format.err.contains("--format is another"), "{}", format.err);
    assert_eq!(shop.outputs("out"), before);

    shop.run(&[&other[..], &["--overwrite"]].concat()).fine();
    shop.run(&["augment", "src", "fresh", "-p", "p.yaml", "--seed", "8"]).fine();
    assert!(shop.outputs("out") == shop.outputs("fresh"), "old copies must be gone");

    std::fs::remove_file(shop.path("out/variegate-report.json")).unwrap();
    let unknown = shop.run(&other);
    assert!(unknown.code == 2 && unknown.err.contains("no variegate-report.json"), "{}", unknown.err);
}

#[test]
fn a_folder_that_cannot_be_written_is_one_clear_error() {
    let shop = Shop::stocked("full");
    shop.write("out", b"a file stands here");
    let run = shop.run(&COPIES);
    assert_eq!((run.code, run.err.lines().count()), (1, 1), "{}", run.err);
    assert!(run.err.starts_with("error: out: the output folder cannot be made"), "{}", run.err);
    // A folder where a file is to go.
    std::fs::create_dir_all(shop.path("other/cat/0__0.png")).unwrap();
    let run = shop.run(&["augment", "src", "other", "-p", "p.yaml"]);
    assert_eq!((run.code, run.err.lines().count()), (1, 1), "{}", run.err);
    assert!(run.err.contains("0__0.png: the file cannot be written"), "{}", run.err);
}
