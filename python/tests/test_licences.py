"""What is shipped is under licences that are allowed, and listed with their texts."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "licences.py"

pytestmark = pytest.mark.skipif(
    not SCRIPT.exists() or shutil.which("cargo") is None, reason="the tests are not beside the sources, or cargo is missing"
)


@pytest.fixture(scope="module")
def licences():
    spec = importlib.util.spec_from_file_location("licences", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_crate_is_permitted_and_listed(licences):
    """Any crate of the build under a licence that deny.toml lacks raises; a new one makes the files stale."""
    assert licences.stale() == [], "run: python scripts/licences.py"


def test_expressions_are_read_as_spdx_means_them(licences):
    allowed = {"MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"}
    for good in ("MIT", "GPL-3.0 OR MIT", "MIT/GPL-3.0", "MIT AND Zlib", "GPL-2.0 AND Zlib OR MIT"):
        assert licences.permitted(good, allowed), good
    for bad in ("GPL-3.0", "MIT AND GPL-3.0", "Zlib AND (GPL-2.0 OR LGPL-2.1)", "Apache-2.0", "Apache-2.0 WITH Other"):
        assert not licences.permitted(bad, allowed), bad
    assert licences.permitted("Apache-2.0 WITH LLVM-exception", allowed)
    for broken in ("", "MIT AND", "(MIT", "MIT Zlib"):
        with pytest.raises(ValueError):
            licences.permitted(broken, allowed)


def test_a_crate_that_is_not_permitted_is_named(licences):
    packages = [
        {"name": "good", "version": "1.0.0", "license": "MIT"},
        {"name": "sticky", "version": "2.0.0", "license": "GPL-3.0-only"},
        {"name": "silent", "version": "3.0.0", "license": None},
    ]
    lines = licences.refused(packages, {"MIT"})
    assert [line.split()[0] for line in lines] == ["sticky", "silent"] and "deny.toml" in lines[0]


def test_a_new_crate_makes_the_list_stale(licences, monkeypatch):
    known = licences.metadata()
    added = {"id": "new 1.0.0", "name": "new", "version": "1.0.0", "license": "MIT", "source": "registry", "targets": []}
    added["manifest_path"] = str(ROOT / "Cargo.toml")
    known["packages"].append(added)
    node = next(node for node in known["resolve"]["nodes"] if "variegate-python" in node["id"] or "/python#" in node["id"])
    node["deps"].append({"pkg": "new 1.0.0", "dep_kinds": [{"kind": None}]})
    known["resolve"]["nodes"].append({"id": "new 1.0.0", "deps": []})
    monkeypatch.setattr(licences, "metadata", lambda: known)
    assert licences.stale() == [licences.PAGE, licences.TEXTS]


def test_bundled_c_libraries_have_their_texts():
    """Those that are compiled from the sources of a `-sys` crate stand on the page, with their texts beside the wheel's."""
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = (ROOT / "docs" / "licences-of-crates.md").read_text(encoding="utf-8")
    carried = {"turbojpeg-sys": "libjpeg-turbo", "libwebp-sys": "libwebp", "zstd-sys": "zstd"}
    assert {line.split()[1] for line in listed.splitlines() if "-sys |" in line} - {"linux-raw-sys"} == set(carried)
    for crate, library in carried.items():
        assert crate in page and f"| {library} |" in page
        assert list((ROOT / "python" / "LICENSES").glob(f"{library}*"))
    for name in (path.name for path in (ROOT / "python" / "LICENSES").iterdir() if path.name.startswith(("lib", "zstd"))):
        assert f"../python/LICENSES/{name}" in page, f"{name} is not on the page"
