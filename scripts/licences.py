"""Lists the crates that the wheel and the command line are built from, with their licences and texts.

    python scripts/licences.py            writes docs/licences-of-crates.md and python/LICENSES/rust-crates.txt
    python scripts/licences.py --check    says which of them is stale, and ends with 1 where one is

Both ask `cargo metadata` and fail where any crate, those of the tests too, is under a licence that deny.toml does not
allow. python/tests/test_licences.py calls it. It reads the crates that cargo has here and writes no versions, so that a
new patch of a crate with the same licence changes nothing.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# Each thing that is shipped, and the package that it is built from.
SHIPPED = {"wheel": "variegate-python", "command line": "variegate-cli"}
# The wheel's platform. Others have a few crates more or less, which cargo would have to fetch.
PLATFORM = "x86_64-unknown-linux-gnu"
PAGE = Path("docs/licences-of-crates.md")
TEXTS = Path("python/LICENSES/rust-crates.txt")
TOKEN = re.compile(r"\(|\)|[A-Za-z0-9.+-]+")
TEXT_FILE = re.compile(r"(licen[cs]e|copying|notice|unlicense|copyright)", re.IGNORECASE)


def permitted(expression: str, allowed: set[str]) -> bool:
    """Whether an SPDX expression can be satisfied with the allowed licences alone; AND binds tighter than OR."""
    tokens = TOKEN.findall(expression.replace("/", " OR "))
    place = 0

    def peek() -> str:
        return tokens[place] if place < len(tokens) else ""

    def take() -> str:
        nonlocal place
        place += 1
        return tokens[place - 1] if place <= len(tokens) else ""

    def one() -> bool:
        token = take()
        if token == "(":
            inner = either()
            if take() != ")":
                raise ValueError(f"{expression!r}: a bracket is not closed")
            return inner
        if not token or token in (")", "AND", "OR", "WITH"):
            raise ValueError(f"{expression!r}: expected a licence, found {token or 'the end'!r}")
        if peek() == "WITH":
            take()
            token = f"{token} WITH {take()}"
        return token in allowed

    def both() -> bool:
        holds = one()
        while peek() == "AND":
            take()
            holds &= one()
        return holds

    def either() -> bool:
        holds = both()
        while peek() == "OR":
            take()
            holds |= both()
        return holds

    holds = either()
    if place != len(tokens):
        raise ValueError(f"{expression!r}: expected AND or OR, found {peek()!r}")
    return holds


def metadata() -> dict[str, Any]:
    """What cargo knows of the workspace and of all it is built and tested with."""
    cargo = os.environ.get("CARGO", "cargo")
    asked = [cargo, "metadata", "--format-version=1", "--locked", f"--filter-platform={PLATFORM}"]
    return json.loads(subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def refused(packages: Iterable[dict[str, Any]], allowed: set[str]) -> list[str]:
    """A line for each package whose licence is missing or not allowed."""
    lines = []
    for package in packages:
        licence = package["license"]
        if not licence or not permitted(licence, allowed):
            lines.append(
                f"{package['name']} {package['version']} is under {licence or 'no licence that its manifest names'}, "
                "which deny.toml does not allow; take another crate, or allow the licence if it is a permissive one"
            )
    return lines


def built_from(root: str, known: dict[str, Any]) -> dict[str, list[str]]:
    """The ids of the packages that are compiled into one, itself among them, and whom each needs.

    Build scripts, tests and procedural macros ship nothing: they run while others are compiled.
    """
    nodes = {node["id"]: node for node in known["resolve"]["nodes"]}
    macros = {p["id"] for p in known["packages"] if any("proc-macro" in target["kind"] for target in p["targets"])}
    needs: dict[str, list[str]] = {}
    todo = [root]
    while todo:
        id = todo.pop()
        if id in needs:
            continue
        links = (link for link in nodes[id]["deps"] if any(kind["kind"] is None for kind in link["dep_kinds"]))
        needs[id] = [link["pkg"] for link in links if link["pkg"] not in macros]
        todo += needs[id]
    return needs


def shipped(known: dict[str, Any]) -> dict[str, set[str]]:
    """For each id of a crate of others, what it is shipped in."""
    ours = {package["name"]: package["id"] for package in known["packages"] if package["source"] is None}
    where: dict[str, set[str]] = {}
    for what, name in SHIPPED.items():
        if name not in ours:
            raise LookupError(f"there is no package {name!r} in the workspace; correct SHIPPED in scripts/licences.py")
        for id in built_from(ours[name], known).keys() - ours.values():
            where.setdefault(id, set()).add(what)
    return where


def page(rows: list[tuple[str, str, set[str]]]) -> str:
    """The page that lists them."""
    lines = [
        "<!-- Written by `python scripts/licences.py`; do not edit. -->",
        "# Licences of crates",
        "",
        f"The {len(rows)} crates of others that are compiled into the wheel or the command line, and the terms of each. "
        "Where several are",
        "offered, the choice is the user's. The texts are in [rust-crates.txt](../python/LICENSES/rust-crates.txt), "
        "which every wheel holds.",
        "",
        "| Crate | Licence | In |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {licence} | {', '.join(sorted(where))} |" for name, licence, where in rows]
    return "\n".join(lines) + "\n"


def notices(package: dict[str, Any]) -> list[str]:
    """The texts that a crate carries: of MIT alone where it offers that among others, since one is enough."""
    folder = Path(package["manifest_path"]).parent
    files = sorted(path for path in folder.iterdir() if path.is_file() and TEXT_FILE.match(path.name))
    mit = [path for path in files if "MIT" in path.name.upper()]
    choice = "MIT" in re.split(r"\s+OR\s+|/", package["license"])
    return [path.read_text(encoding="utf-8", errors="replace").strip() for path in (mit if choice and mit else files)]


def texts(packages: list[dict[str, Any]]) -> str:
    """The texts of all crates, each once, under the names of the crates that it belongs to."""
    owners: dict[str, list[str]] = {}
    for package in packages:
        found = notices(package) or [f"This crate carries no text. Its manifest says: {package['license']}."]
        for text in found:
            names = owners.setdefault("\n".join(line.rstrip() for line in text.splitlines()), [])
            if package["name"] not in names:
                names.append(package["name"])
    head = "Written by `python scripts/licences.py`; do not edit.\nLicences of the crates that are compiled into the wheel.\n"
    line = "=" * 80
    return head + "".join(f"\n{line}\n{', '.join(names)}\n{line}\n\n{text}\n" for text, names in owners.items())


def files() -> dict[Path, str]:
    """The two files as they should be.

    Raises:
        PermissionError: Where a licence is not allowed.
    """
    known = metadata()
    with open(ROOT / "deny.toml", "rb") as file:
        allowed = set(tomllib.load(file)["licenses"]["allow"])
    wrong = refused((package for package in known["packages"] if package["source"] is not None), allowed)
    if wrong:
        raise PermissionError("\n".join(wrong))
    where = shipped(known)
    packages = sorted((p for p in known["packages"] if p["id"] in where), key=lambda p: (p["name"], p["version"]))
    rows: list[tuple[str, str, set[str]]] = []
    for package in packages:
        row = (package["name"], package["license"].replace("/", " OR "), where[package["id"]])
        if row not in rows:
            rows.append(row)
    return {PAGE: page(rows), TEXTS: texts([p for p in packages if "wheel" in where[p["id"]]])}


def stale() -> list[Path]:
    """Which of the two files does not say what it should."""
    return [path for path, text in files().items() if not is_written(ROOT / path, text)]


def is_written(path: Path, text: str) -> bool:
    """Whether a file holds exactly this text."""
    return path.exists() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    """Writes or checks."""
    try:
        if arguments == ["--check"]:
            found = stale()
            for path in found:
                print(f"{path} is stale: run python scripts/licences.py", file=sys.stderr)
            return int(bool(found))
        if arguments:
            print("usage: python scripts/licences.py [--check]", file=sys.stderr)
            return 2
        for path, text in files().items():
            (ROOT / path).write_text(text, encoding="utf-8")
        return 0
    except PermissionError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
