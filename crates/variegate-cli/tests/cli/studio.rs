//! `variegate studio`: the address that is printed lets in, and nothing else does.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::shop::Shop;

/// A studio that runs till the test is over.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The first line of the answer to a plain request.
fn get(host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().to_string()
}

#[test]
fn the_address_that_is_printed_lets_in() {
    let shop = Shop::stocked("studio");
    let mut command = shop.command(&["studio", "src", "--no-open"]);
    let mut running = Running(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut said = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let address = said.trim().split_once(": http://").expect(&said).1;
    let (host, path) = address.split_once('/').expect(address);
    assert!(host.starts_with("127.0.0.1:"), "{said}");
    assert!(get(host, &format!("/{path}")).contains("200"));
    assert!(get(host, "/").contains("403"));
    let port = host.split_once(':').expect(host).1;
    let second = shop.run(&["studio", "src", "--no-open", "--port", port]);
    assert!(second.code == 1 && second.err.contains("name another, or 0"), "{}", second.err);
}

#[test]
fn a_folder_that_is_not_there_and_a_wrong_file_are_errors() {
    let shop = Shop::stocked("studio-wrong");
    let ran = shop.run(&["studio", "nowhere", "--no-open"]);
    assert!(ran.code == 1 && ran.err.contains("name an existing folder"), "{}", ran.err);
    shop.write("p.yaml", b"variegate: 1\npipeline:\n  - rotat: {}\n");
    let ran = shop.run(&["studio", "src", "--no-open", "--pipeline", "p.yaml"]);
    assert!(ran.code == 2 && ran.err.contains("rotate"), "{}", ran.err);
}
