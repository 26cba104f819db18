//! The help of every verb: its examples run, completions and manual pages name it, and what ends how.

use crate::shop::{PIPELINE, Shop};

const VERBS: [&str; 12] = [
    "augment",
    "inspect",
    "preview",
    "studio",
    "explain",
    "ops",
    "migrate",
    "pack",
    "doctor",
    "bench",
    "completions",
    "man",
];

#[test]
fn completions_and_manuals_name_every_verb() {
    let shop = Shop::new("completions");
    let help = shop.run(&["--help"]).fine().out;
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = shop.run(&["completions", shell]).fine().out;
        for verb in VERBS {
            assert!(text.contains(verb) && help.contains(&format!("\n  {verb} ")), "{shell}: {verb}");
        }
    }
    let said = shop.run(&["man", "man1"]).fine().out;
    assert!(said.starts_with("man1: "), "{said}");
    let whole = shop.text("man1/variegate.1");
    for verb in VERBS {
        let page = shop.text(&format!("man1/variegate-{verb}.1"));
        assert!(page.contains(".TH") && page.contains(".SH SYNOPSIS"), "{page}");
        assert!(whole.contains(&format!("variegate\\-{verb}")), "{whole}");
    }
}

/// The lines of `Examples:` in a help.
fn examples(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    let lines = lines.take_while(|line| line.starts_with("  ")).map(|line| line.trim());
    lines.map(|line| line.split("   ").next().unwrap().trim().to_string()).collect()
}

#[test]
fn the_examples_of_every_help_run() {
    let mut run = 0;
    for verb in VERBS {
        let shop = Shop::stocked(&format!("examples-{verb}"));
        std::fs::rename(shop.path("src"), shop.path("photos")).unwrap();
        shop.write("p.yaml", PIPELINE.as_bytes());
        shop.write("augment.json", br#"{"transform": {"__class_fullname__": "HorizontalFlip", "p": 0.5}}"#);
        shop.write("layers.json", br#"[{"class_name": "RandomFlip", "config": {"mode": "horizontal"}}]"#);
        let all = examples(&shop.run(&[verb, "--help"]).fine().out);
        assert!(!all.is_empty(), "{verb} has no examples");
        for line in all {
            // Another program's line, a server, and a browser's.
            if !line.starts_with("variegate ") || verb == "studio" {
                continue;
            }
            let line = line.split(" > ").next().unwrap();
            let words: Vec<&str> = line.split_whitespace().skip(1).collect();
            let ended = shop.run(&words);
            assert_eq!(ended.code, 0, "{line}: {}", ended.err);
            // The next example may want the same folder for another job.
            for made in ["out", "shards"] {
                let _ = std::fs::remove_dir_all(shop.path(made));
            }
            run += 1;
        }
    }
    assert!(run > 20, "{run}");
}

#[test]
fn the_doctor_and_the_bench_answer_programs() {
    let shop = Shop::stocked("doctor");
    let text = shop.run(&["doctor"]).fine().out;
    let json: serde_json::Value = serde_json::from_str(&shop.run(&["doctor", "--json"]).fine().out).unwrap();
    for name in ["PNG", "JPEG", "WebP"] {
        let version = json["codecs"][name]["version"].as_str().unwrap();
        assert!(!version.is_empty() && text.contains(version), "{text}");
    }
    let scalar = shop.command(&["doctor", "--json"]).env("VARIEGATE_SIMD", "scalar").output().unwrap();
    let scalar: serde_json::Value = serde_json::from_slice(&scalar.stdout).unwrap();
    assert_eq!((&scalar["simd"]["used"], &scalar["simd"]["widest"]), (&"scalar".into(), &json["simd"]["widest"]));
    let bench = shop.run(&["bench", "src", "-p", "p.yaml", "--threads", "2", "--seconds", "0.05", "--json"]).fine().out;
    let bench: serde_json::Value = serde_json::from_str(&bench).unwrap();
    let rows = bench["rows"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| row["threads"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2]);
    for row in rows {
        assert!(["decode", "augment", "loader"].iter().all(|rate| row[*rate].as_f64().unwrap() > 0.0), "{bench}");
        let whole: f64 = row["shares"].as_object().unwrap().values().map(|share| share.as_f64().unwrap()).sum();
        assert!((whole - 1.0).abs() < 1e-9, "{bench}");
    }
}

#[test]
fn endings_are_0_1_and_2() {
    let shop = Shop::stocked("endings");
    assert_eq!(shop.run(&["--version"]).code, 0);
    assert_eq!(shop.run(&["inspect", "nowhere"]).code, 1);
    assert_eq!(shop.run(&["inspekt"]).code, 2);
    shop.write("bad.yaml", b"variegate: 1\npipeline:\n  - flip: {p: 0.5}\n  - rotat: {degrees: 5}\n");
    let unknown = shop.run(&["explain", "-p", "bad.yaml"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("bad.yaml:4:5: ") && unknown.err.contains("\"rotate\""), "{}", unknown.err);
    shop.write("bad.yaml", b"variegate: 1\npipeline:\n  - rotate: {degres: 5}\n");
    let misspelt = shop.run(&["explain", "-p", "bad.yaml"]);
    assert!(misspelt.code == 2 && misspelt.err.contains("bad.yaml:3:"), "{}", misspelt.err);
    assert!(misspelt.err.contains("\"degrees\""), "{}", misspelt.err);
    shop.write("bad.yaml", b"variegate: 1\npipeline:\n  - rotate: {degrees: [5}\n");
    let broken = shop.run(&["explain", "-p", "bad.yaml"]);
    assert!(broken.code == 2 && broken.err.contains("bad.yaml:"), "{}", broken.err);
}

#[test]
fn colour_is_asked_for_and_refused() {
    let shop = Shop::stocked("colour");
    let coloured = |arguments: &[&str]| {
        let output = shop.command(arguments).env("NO_COLOR", "1").output().unwrap();
        String::from_utf8(output.stdout).unwrap().contains('\u{1b}')
    };
    assert!(coloured(&["doctor", "--color", "always"]));
    assert!(!coloured(&["doctor", "--color", "never"]) && !coloured(&["doctor"]));
}
