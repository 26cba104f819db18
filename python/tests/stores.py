"""An object store on loopback that tests fill: S3's listing and ranges, plain HTTP, and faults on demand."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

PAGE = 7
"""Keys on one page of a listing: few, so that every listing has several."""


class Store:
    """One bucket of objects. `fault(name, attempt)` says what goes wrong with an answer: nothing, or one of the words below."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.requests: Counter[str] = Counter()
        self.fault: Callable[[str, int], str | None] = lambda name, attempt: None
        self.latency = 0.0
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        store = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                store.answer(self, body=True)

            def do_HEAD(self) -> None:
                store.answer(self, body=False)

            def log_message(self, *_: object) -> None: ...

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: object) -> None: ...

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, root: Path, below: str) -> None:
        """All files of a folder."""
        for path in root.rglob("*"):
            if path.is_file():
                self.objects[f"{below}/{path.relative_to(root).as_posix()}"] = path.read_bytes()

    def answer(self, to: BaseHTTPRequestHandler, body: bool) -> None:
        url = urlsplit(to.path)
        bucket, _, name = unquote(url.path).lstrip("/").partition("/")
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            if body:
                self.requests[name] += 1
            attempt = self.requests[name]
        try:
            time.sleep(self.latency)
            if bucket != "bucket":
                self.send(to, 404, b"<Error><Code>NoSuchBucket</Code></Error>", body)
            elif "list-type" in url.query:
                self.send(to, 200, self.page(parse_qs(url.query)), body)
            elif name not in self.objects:
                self.send(to, 404, b"<Error><Code>NoSuchKey</Code></Error>", body)
            else:
                self.content(to, name, body, self.fault(name, attempt) if body else None)
        finally:
            with self.lock:
                self.at_once -= 1

    def content(self, to: BaseHTTPRequestHandler, name: str, body: bool, fault: str | None) -> None:
        whole = self.objects[name]
        if fault == "busy":
            return self.send(to, 503, b"<Error><Code>SlowDown</Code></Error>", body)
        if fault == "stall":
            time.sleep(2.0)
        headers = {"ETag": f'"{hashlib.md5(whole).hexdigest()}"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
        status, part = 200, whole
        if asked := to.headers.get("Range"):
            first, _, last = asked.removeprefix("bytes=").partition("-")
            part = whole[int(first) : int(last) + 1]
            headers["Content-Range"] = f"bytes {first}-{int(first) + len(part) - 1}/{len(whole)}"
            status = 206
        if fault == "wrong length":
            part = part[: len(part) // 2]
        self.send(to, status, part, body, headers, cut=fault == "short")

    def page(self, query: dict[str, list[str]]) -> bytes:
        prefix, start = query.get("prefix", [""])[0], query.get("continuation-token", [""])[0]
        names = sorted(name for name in self.objects if name.startswith(prefix) and name > start)
        shown = names[:PAGE]
        more = len(names) > len(shown)
        entry = "<Contents><Key>{}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;{}&quot;</ETag><Size>{}</Size></Contents>"
        entries = [
            entry.format(escape(name), hashlib.md5(self.objects[name]).hexdigest(), len(self.objects[name])) for name in shown
        ]
        token = f"<NextContinuationToken>{escape(shown[-1])}</NextContinuationToken>" if more else ""
        truncated = str(more).lower()
        return (
            f"<ListBucketResult><IsTruncated>{truncated}</IsTruncated>{token}{''.join(entries)}</ListBucketResult>".encode()
        )

    def send(
        self,
        to: BaseHTTPRequestHandler,
        status: int,
        content: bytes,
        body: bool,
        headers: dict[str, str] | None = None,
        cut: bool = False,
    ) -> None:
        to.send_response(status)
        for key, value in ({"Content-Length": str(len(content))} | (headers or {})).items():
            to.send_header(key, value)
        to.end_headers()
        if body:
            to.wfile.write(content[: len(content) // 2] if cut else content)
        if cut:
            to.close_connection = True

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
