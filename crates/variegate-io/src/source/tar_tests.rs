//! Archives made here, and what is told of broken ones.

use std::path::PathBuf;

use super::*;

/// A file that goes when the test does.
struct Packed(PathBuf);

impl Packed {
    fn new(test: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("variegate-tar-{test}-{}.tar", std::process::id()));
        std::fs::write(&path, bytes).expect("writes");
        Self(path)
    }

    fn read(&self, image: Option<&str>, label: Option<&str>) -> Result<Shard> {
        let fields = TarFields { image: image.map(Into::into), label: label.map(Into::into) };
        read_tar(&self.0, &Blob::open(&self.0, &Storage::default()).expect("opens"), &fields)
    }
}

impl Drop for Packed {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).expect("packs");
    }
    builder.into_inner().expect("ends")
}

/// What lies where each member says.
fn contents<'b>(bytes: &'b [u8], shard: &Shard) -> Vec<(String, &'b [u8], Option<String>)> {
    let of = |m: &Member| {
        let from = (m.offset + m.start) as usize;
        (m.name.clone(), &bytes[from..from + m.size as usize], m.label.clone())
    };
    shard.members.iter().map(of).collect()
}

#[test]
fn members_of_one_name_are_one_sample() {
    let long = format!("{}/picture.of.many.dots.png", "folder".repeat(40));
    let bytes = packed(&[
        ("a/0.jpg", b"zero"),
        ("a/0.cls", b"3\n"),
        ("a/1.cls", b"4"),
        ("a/1.JPG", b"one"),
        (".hidden.jpg", b"no"),
        ("notes.txt", b"no picture"),
        (&long, &[7; 1000]),
        ("b/1.jpg", b""),
    ]);
    let file = Packed::new("samples", &bytes);
    let shard = file.read(None, Some("cls")).expect("reads");
    let wanted = [
        ("a/0.jpg".to_string(), &b"zero"[..], Some("3".to_string())),
        ("a/1.JPG".to_string(), b"one", Some("4".to_string())),
        (long, &[7; 1000], None),
        ("b/1.jpg".to_string(), b"", None),
    ];
    assert_eq!(contents(&bytes, &shard), wanted);
    assert_eq!(shard.problems.len(), 1);
    assert!(shard.problems[0].starts_with("notes: a sample without a picture"));
    assert!(file.read(None, None).expect("reads").members.iter().all(|member| member.label.is_none()));
}

#[test]
fn pax_headers_name_members() {
    let mut builder = tar::Builder::new(Vec::new());
    let name = "é".repeat(120) + ".png";
    builder.append_pax_extensions([("path", name.as_bytes()), ("size", b"5".as_slice())]).expect("packs");
    let mut header = tar::Header::new_ustar();
    header.set_path("short.png").expect("a name");
    header.set_size(5);
    header.set_cksum();
    builder.append(&header, &b"12345"[..]).expect("packs");
    let bytes = builder.into_inner().expect("ends");
    let shard = Packed::new("pax", &bytes).read(None, None).expect("reads");
    assert_eq!(contents(&bytes, &shard), [(name, &b"12345"[..], None)]);
}

#[test]
fn labels_come_from_json_by_key() {
    let bytes = packed(&[("0.jpg", b"a"), ("0.json", br#"{"class": {"name": "bee", "id": 7}, "x": [1]}"#)]);
    let file = Packed::new("json", &bytes);
    let label = |label| file.read(None, Some(label)).map(|shard| shard.members[0].label.clone());
    assert_eq!(label("json.class.name").expect("reads"), Some("bee".to_string()));
    assert_eq!(label("json.class.id").expect("reads"), Some("7".to_string()));
    assert_eq!(label("cls").expect("reads"), None);
    let said = label("json.clas.name").expect_err("a typo");
    assert!(said.message().contains("member 0.json: no key \"clas\"; did you mean \"class\"?"), "{said}");
    assert!(label("json.x").expect_err("a list").message().contains("found [1]"));
}

#[test]
fn a_picture_among_several_is_chosen() {
    let bytes = packed(&[("0.left.png", b"l"), ("0.right.png", b"r"), ("1.left.png", b"l")]);
    let file = Packed::new("several", &bytes);
    let said = file.read(None, None).expect_err("two").to_string();
    assert!(
        said.contains("member 0.right.png") && said.contains("left.png, right.png; choose one by image="),
        "{said}"
    );
    let shard = file.read(Some("jpg;right.png"), None).expect("reads");
    assert_eq!(contents(&bytes, &shard), [("0.right.png".to_string(), &b"r"[..], None)]);
    assert!(file.read(Some("seg.png"), None).expect_err("none").message().contains("left.png, right.png; expected"));
}

#[test]
fn broken_archives_are_told() {
    let whole = packed(&[("0.jpg", &[1; 700]), ("1.jpg", &[2; 700])]);
    let said = |test: &str, bytes: &[u8]| Packed::new(test, bytes).read(None, None).expect_err(test).to_string();
    // Two headers, each with two blocks behind it.
    assert!(
        said("within", &whole[..4 * 512 + 100]).contains("ends within its member 1.jpg: 700 bytes from byte 2048 on")
    );
    assert!(said("header", &whole[..3 * 512 + 100]).contains("damaged or cut short behind byte 1212"));
    let mut damaged = whole.clone();
    damaged[3 * 512 + 3] ^= 1;
    assert!(said("checksum", &damaged).contains("behind byte 1212"));
    assert!(said("gzip", &[0x1F, 0x8B, 8, 0]).contains("compressed"));
    assert!(said("nothing", &[]).contains("0 bytes are no tar archive"));
    assert!(said("text", b"<html>not found</html>").contains("cut short"));
    assert!(said("empty", &[0; 1024]).contains("holds no members"));
    let unmarked = Packed::new("unmarked", &whole[..3 * 512]).read(None, None).expect("reads");
    assert_eq!((unmarked.members.len(), unmarked.problems.len()), (1, 1));
    assert!(unmarked.problems[0].contains("no end mark"));
    assert_eq!(Packed::new("marked", &whole).read(None, None).expect("reads").problems, Vec::<String>::new());
}

#[test]
fn what_is_no_plain_file_is_left_aside() {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(EntryType::Symlink);
    header.set_size(0);
    builder.append_link(&mut header, "0.jpg", "/etc/passwd").expect("packs");
    let mut header = tar::Header::new_gnu();
    header.set_size(3);
    builder.append_data(&mut header, "1.jpg", &b"abc"[..]).expect("packs");
    let shard = Packed::new("links", &builder.into_inner().expect("ends")).read(None, None).expect("reads");
    assert_eq!((shard.members.len(), shard.members[0].name.as_str()), (1, "1.jpg"));
    assert!(shard.problems[0].starts_with("0.jpg: a member of type Symlink"));
}
