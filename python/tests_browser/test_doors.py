"""Who is let in, and what is never sent: asked without a browser, as a stranger would."""

from __future__ import annotations

import http.client
import json

import pytest


def ask(studio, path, method="GET", body=None, **headers):
    """Status, headers and body of a raw request; the path goes out as it is written."""
    connection = http.client.HTTPConnection("127.0.0.1", int(studio.host.split(":")[1]), timeout=20)
    connection.putrequest(method, path, skip_host=True)
    data = b"" if body is None else json.dumps(body).encode()
    for name, value in {"Host": studio.host, "Content-Length": str(len(data)), **headers}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(data)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def test_the_owner_is_let_in_under_a_strict_policy(studio):
    status, headers, body = ask(studio, f"/{studio.token}/")
    assert status == 200 and b"Variegate" in body
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer" and headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/style.css", "/api/start", "/0/", "/{token}x/", "/{short}/", "//{token}/"])
def test_a_wrong_token_is_refused(studio, path):
    path = path.format(token=studio.token, short=studio.token[:-1])
    status, _, body = ask(studio, path)
    assert status == 403 and b"token" in body and studio.token.encode() not in body


@pytest.mark.parametrize("headers", [
    {"Host": "evil.example"}, {"Host": "127.0.0.1:1"}, {"Origin": "http://evil.example"}, {"Origin": "null"},
    {"Sec_Fetch_Site": "cross-site"},
])  # fmt: skip
def test_foreign_hosts_and_origins_are_refused(studio, headers):
    for method, path in (("GET", "api/start"), ("POST", "api/save")):
        status, _, _ = ask(studio, f"/{studio.token}/{path}", method, {"document": {}}, **headers)
        assert status == 403
    assert not studio.saved.exists()


@pytest.mark.parametrize("path", [
    "../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "api/../../secret.txt", "/etc/passwd", "00.png", "main.rs",
    "....//secret.txt",
])  # fmt: skip
def test_no_path_leads_to_a_file(studio, path):
    status, _, body = ask(studio, f"/{studio.token}/{path}")
    assert status in (403, 404) and b"not for the page" not in body and b"root:" not in body


def test_a_bank_outside_the_folder_is_refused(studio):
    document = {"variegate": 1, "pipeline": [{"overlay": {"bank": str(studio.folder.parent)}}]}
    given = {"document": document, "pictures": [0], "side": 64}
    status, _, body = ask(studio, f"/{studio.token}/api/draw", "POST", given)
    assert status == 400 and "nothing outside the folder" in json.loads(body)["error"]


def test_pictures_that_are_not_there_and_canvases_out_of_proportion_are_errors(studio):
    wide = {"variegate": 1, "pipeline": [{"resize": {"size": 60000}}]}
    status, _, body = ask(studio, f"/{studio.token}/api/large", "POST", {"document": wide, "picture": 0})
    assert status == 400 and "canvas" in json.loads(body)["error"]
    status, _, body = ask(studio, f"/{studio.token}/api/large", "POST", {"picture": 99})
    assert status == 400 and "no picture 99" in json.loads(body)["error"]
    status, _, _ = ask(studio, f"/{studio.token}/api/draw", "POST")
    assert status == 400
