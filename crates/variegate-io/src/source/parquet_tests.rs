//! Files written by the library's own writer, in the layouts that are met.

use std::path::PathBuf;

use parquet::basic::Compression;
use parquet::data_type::{ByteArrayType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::*;
use crate::Storage;

/// The bytes of row k: of many lengths, and none like another.
fn picture(k: usize) -> Vec<u8> {
    (0..2000 + 700 * (k % 5)).map(|i| (i * (k + 3) % 251) as u8).collect()
}

/// A file of `groups` groups of 40 rows: every 11th without a picture, labels from -1.
fn written(test: &str, groups: usize, compression: Compression, large: usize) -> PathBuf {
    let path = std::env::temp_dir().join(format!("variegate-parquet-{test}-{}.parquet", std::process::id()));
    let schema = "message schema { optional group image { optional binary bytes; optional binary path (UTF8); } \
                  required int64 label; required binary raw; required binary kind (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let told = r#"{"info": {"features": {"label": {"names": ["ant", "bee", "cat"], "_type": "ClassLabel"}}}}"#;
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_dictionary_enabled(false)
        .set_data_page_size_limit(8192)
        .set_write_batch_size(4)
        .set_key_value_metadata(Some(vec![KeyValue::new("huggingface".to_string(), told.to_string())]));
    let file = std::fs::File::create(&path).expect("creates");
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties.build())).expect("begins");
    for group in 0..groups {
        let rows: Vec<usize> = (group * 40..group * 40 + 40).collect();
        let mut out = writer.next_row_group().expect("a group");
        let there: Vec<i16> = rows.iter().map(|k| if k % 11 == 10 { 0 } else { 2 }).collect();
        let bytes = |k: &usize| ByteArray::from(picture(*k).repeat(large));
        let pictures: Vec<ByteArray> = rows.iter().filter(|k| **k % 11 != 10).map(bytes).collect();
        let mut column = out.next_column().expect("no error").expect("bytes");
        column.typed::<ByteArrayType>().write_batch(&pictures, Some(&there), None).expect("writes");
        column.close().expect("closes");
        let mut column = out.next_column().expect("no error").expect("path");
        column.typed::<ByteArrayType>().write_batch(&[], Some(&[1; 40].map(|level: i16| level)), None).expect("writes");
        column.close().expect("closes");
        let labels: Vec<i64> = rows.iter().map(|k| (*k % 4) as i64 - 1).collect();
        let mut column = out.next_column().expect("no error").expect("label");
        column.typed::<Int64Type>().write_batch(&labels, None, None).expect("writes");
        column.close().expect("closes");
        for text in [|k: usize| picture(k), |k: usize| format!("kind {}", k % 3).into_bytes()] {
            let values: Vec<ByteArray> = rows.iter().map(|k| ByteArray::from(text(*k))).collect();
            let mut column = out.next_column().expect("no error").expect("a column");
            column.typed::<ByteArrayType>().write_batch(&values, None, None).expect("writes");
            column.close().expect("closes");
        }
        out.close().expect("closes");
    }
    writer.close().expect("ends");
    path
}

fn open(path: &std::path::Path, image: &str, label: Option<&str>) -> Result<ParquetFile> {
    let fields = Fields { image: image.into(), label: label.map(Into::into) };
    ParquetFile::open(Blob::open(path, &Storage::default())?, &fields)
}

#[test]
fn rows_come_in_any_order() {
    // Small groups are kept; of large ones rows are found by stepping over pages, or kept when rows follow each other.
    for (test, compression, large) in [
        ("snappy", Compression::SNAPPY, 1),
        ("zstd", Compression::ZSTD(Default::default()), 20),
        ("none", Compression::UNCOMPRESSED, 20),
    ] {
        let path = written(test, 3, compression, large);
        let file = open(&path, "image", Some("label")).expect("opens");
        assert_eq!((file.rows(), file.classes()), (120, &["ant", "bee", "cat"].map(String::from)[..]));
        let scattered = (0..120).map(|k| k * 77 % 120);
        for row in scattered.chain(0..120) {
            let read = file.read(row, &Limits::default());
            match row % 11 {
                10 => assert!(read.expect_err("no picture").message().contains("holds no picture")),
                _ => assert!(read.expect("reads") == picture(row as usize).repeat(large), "{test}: row {row}"),
            }
            let label = [None, Some("0"), Some("1"), Some("2")][row as usize % 4];
            assert_eq!(file.label(row), label);
        }
        assert!(file.read(120, &Limits::default()).is_err());
        assert!(file.read(0, &Limits { max_bytes: 100, ..Limits::default() }).is_err());
        assert!(file.groups.lock().expect("whole").len() <= GROUPS);
        let plain = open(&path, "raw", Some("kind")).expect("opens");
        assert_eq!(
            (plain.read(50, &Limits::default()).expect("reads"), plain.label(50)),
            (picture(50), Some("kind 2"))
        );
        std::fs::remove_file(&path).expect("cleans up");
    }
}

#[test]
fn what_is_wrong_is_told() {
    let path = written("wrong", 1, Compression::SNAPPY, 1);
    let said = |image, label| open(&path, image, label).expect_err("wrong").message().to_string();
    assert!(said("imag", None).contains("no column \"imag\"; did you mean \"image\"?"));
    assert!(said("label", None).contains("expected encoded pictures"));
    assert!(said("image", Some("klass")).contains("no column \"klass\""));
    let whole = std::fs::read(&path).expect("reads");
    // Cut short at several places, and with bytes turned over: an error or other bytes, and never a breakdown.
    for cut in [0, 3, 100, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..cut]).expect("writes");
        assert!(open(&path, "image", Some("label")).is_err(), "{cut}");
    }
    for place in (0..whole.len()).step_by(whole.len() / 300) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x5A;
        std::fs::write(&path, bytes).expect("writes");
        if let Ok(file) = open(&path, "image", Some("label")) {
            (0..file.rows().min(50)).for_each(|row| drop(file.read(row, &Limits::default())));
        }
    }
    std::fs::remove_file(&path).expect("cleans up");
}
