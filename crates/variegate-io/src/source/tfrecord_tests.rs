//! Records made here, byte by byte, and what is told of broken ones.

use super::*;

fn number(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

fn piece(field: u64, bytes: &[u8]) -> Vec<u8> {
    [number(field << 3 | 2), number(bytes.len() as u64), bytes.to_vec()].concat()
}

fn texts(values: &[&[u8]]) -> Vec<u8> {
    piece(1, &values.iter().flat_map(|value| piece(1, value)).collect::<Vec<_>>())
}

fn packed(values: &[i64]) -> Vec<u8> {
    piece(3, &piece(1, &values.iter().flat_map(|value| number(*value as u64)).collect::<Vec<_>>()))
}

fn entry(key: &str, feature: &[u8]) -> Vec<u8> {
    piece(1, &[piece(1, key.as_bytes()), piece(2, feature)].concat())
}

fn record(entries: &[Vec<u8>]) -> Vec<u8> {
    let message = piece(1, &entries.concat());
    let size = (message.len() as u64).to_le_bytes();
    [&size[..], &masked(&size).to_le_bytes(), &message, &masked(&message).to_le_bytes()].concat()
}

fn read(test: &str, bytes: &[u8], label: Option<&str>) -> Result<Shard> {
    let path = std::env::temp_dir().join(format!("variegate-records-{test}-{}.tfrecord", std::process::id()));
    std::fs::write(&path, bytes).expect("writes");
    let fields = Fields { image: "image".into(), label: label.map(Into::into) };
    let shard = read_tfrecord(&path, &Blob::open(&path, &crate::Storage::default()).expect("opens"), &fields);
    std::fs::remove_file(&path).expect("cleans up");
    shard
}

/// The picture of each member, its record checked, and its label.
fn contents(bytes: &[u8], shard: &Shard) -> Vec<(Vec<u8>, Option<String>)> {
    let of = |m: &Member| {
        let span = &bytes[m.offset as usize..][..m.length as usize];
        check_record(span).expect("a whole record");
        (span[m.start as usize..][..m.size as usize].to_vec(), m.label.clone())
    };
    shard.members.iter().map(of).collect()
}

#[test]
fn the_checksum_is_that_of_the_standard() {
    // RFC 3720, B.4: CRC-32C of 32 bytes of zero is 0x8A9136AA.
    assert_eq!(crc32c::crc32c(&[0; 32]), 0x8A91_36AA);
    assert_eq!(masked(&[0; 32]), 0x0FD7_FFFA);
}

#[test]
fn pictures_and_labels_are_found_in_any_order() {
    let large = vec![9; 100_000];
    let one_by_one = piece(3, &[number(1 << 3), number(300)].concat());
    let value_first = piece(1, &[piece(2, &texts(&[b"last"])), piece(1, b"image")].concat());
    let bytes = [
        record(&[entry("image", &texts(&[b"first"])), entry("label", &packed(&[3]))]),
        record(&[entry("label", &texts(&[b"bee"])), entry("image", &texts(&[&large])), entry("x", &packed(&[1, 2]))]),
        record(&[entry("image", &texts(&[b""])), entry("label", &packed(&[]))]),
        record(&[entry("label", &one_by_one), value_first]),
    ]
    .concat();
    let shard = read("order", &bytes, Some("label")).expect("reads");
    let label = |text: &str| Some(text.to_string());
    let wanted =
        [(b"first".to_vec(), label("3")), (large, label("bee")), (Vec::new(), None), (b"last".to_vec(), label("300"))];
    assert_eq!(contents(&bytes, &shard), wanted);
    assert_eq!(shard.members[3].name, "record 3");
    assert!(read("unlabelled", &bytes, None).expect("reads").members.iter().all(|member| member.label.is_none()));
}

#[test]
fn broken_files_are_told_by_record_and_byte() {
    let one = record(&[entry("image", &texts(&[b"picture"])), entry("label", &packed(&[3]))]);
    let two = [one.clone(), one.clone()].concat();
    let second = one.len();
    let said = |test: &str, bytes: &[u8]| read(test, bytes, Some("label")).expect_err(test).to_string();
    let begins = format!("record 1 from byte {second} on: ");
    assert!(said("cut", &two[..two.len() - 1]).contains("it was cut short"));
    assert!(said("head", &two[..second + 5]).contains(&format!("{begins}5 bytes are no record")));
    let mut damaged = two.clone();
    damaged[second + 1] ^= 1;
    assert!(said("length", &damaged).contains(&format!("{begins}the checksum does not fit the length")));
    assert!(said("gzip", &[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).contains("compressed by gzip"));
    assert!(said("empty", b"").contains("no records"));
    let with = |entries: &[Vec<u8>]| record(entries);
    let image = || entry("image", &texts(&[b"p"]));
    assert!(said("typo", &with(&[image(), entry("lable", &packed(&[3]))])).contains("did you mean \"lable\"?"));
    assert!(said("keys", &with(&[entry("x", &packed(&[3]))])).contains("no feature \"image\"; there are x"));
    assert!(said("many", &with(&[entry("image", &texts(&[b"p", b"q"]))])).contains("holds 2 values"));
    assert!(said("none", &with(&[entry("image", &packed(&[1]))])).contains("holds no bytes"));
    assert!(said("labels", &with(&[image(), entry("label", &packed(&[1, 2]))])).contains("2 values; expected one"));
    assert!(said("minus", &with(&[image(), entry("label", &packed(&[-1]))])).contains("the label -1"));
    let floats = piece(2, &piece(1, &1.5f32.to_le_bytes()));
    assert!(said("floats", &with(&[image(), entry("label", &floats)])).contains("floats; expected"));
}

#[test]
fn a_message_that_lies_about_its_lengths_is_refused() {
    let whole = record(&[entry("image", &texts(&[b"picture"])), entry("label", &packed(&[3]))]);
    for k in 12..whole.len() - 4 {
        for value in [0, 0x7F, 0x80, 0xFF] {
            let mut bytes = whole.clone();
            bytes[k] = value;
            // Whatever is found lies inside the message.
            if let Ok(shard) = read("lies", &bytes, Some("label")) {
                let member = &shard.members[0];
                assert!(member.start + member.size <= member.length, "byte {k} = {value}");
            }
        }
    }
    let mut bytes = whole.clone();
    bytes[14] ^= 1;
    assert!(check_record(&bytes[12..]).expect_err("damaged").message().contains("checksum"));
    assert!(check_record(&whole[12..]).is_ok() && check_record(&[1, 2]).is_err());
}
