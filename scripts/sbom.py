"""Writes what each crate that ships is built from, as CycloneDX 1.6 in JSON: `python scripts/sbom.py FOLDER`.

`make sbom` calls it, in an environment that has cyclonedx-python-lib. One file for each package below crates/: the package,
every crate that is compiled into it, their licences, checksums and who needs whom. Build scripts, tests and macros ship nothing,
so what they need is not listed. A wheel holds a list of its own, which maturin writes.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import licences
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL


def checksums() -> dict[tuple[str, str], str]:
    """The SHA-256 of each crate of a registry, by name and version, as the lock file has it."""
    with open(licences.ROOT / "Cargo.lock", "rb") as file:
        packages = tomllib.load(file)["package"]
    return {(package["name"], package["version"]): package["checksum"] for package in packages if "checksum" in package}


def component(package: dict[str, Any], kind: ComponentType, sums: dict[tuple[str, str], str]) -> Component:
    """A package as a part."""
    name, version = package["name"], package["version"]
    made = Component(
        name=name,
        version=version,
        type=kind,
        description=package["description"],
        bom_ref=f"{name}@{version}",
        purl=PackageURL("cargo", None, name, version),
        licenses=[LicenseFactory().make_from_string(package["license"].replace("/", " OR "))],
    )
    if (name, version) in sums:
        made.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=sums[name, version]))
    return made


def of_package(root: dict[str, Any], known: dict[str, Any], sums: dict[tuple[str, str], str]) -> Bom:
    """The list of one package."""
    needs = licences.built_from(root["id"], known)
    program = any("bin" in target["kind"] for target in root["targets"])
    kinds = {root["id"]: ComponentType.APPLICATION if program else ComponentType.LIBRARY}
    packages = (package for package in known["packages"] if package["id"] in needs)
    parts = {p["id"]: component(p, kinds.get(p["id"], ComponentType.LIBRARY), sums) for p in packages}
    bom = Bom(components=[part for id, part in parts.items() if id != root["id"]])
    bom.metadata.component = parts[root["id"]]
    for id, needed in needs.items():
        bom.register_dependency(parts[id], [parts[other] for other in needed])
    return bom


def main(arguments: list[str]) -> int:
    """Writes one file for each package below crates/."""
    if len(arguments) != 1:
        print("usage: python scripts/sbom.py FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    known, sums = licences.metadata(), checksums()
    crates = licences.ROOT / "crates"
    for package in known["packages"]:
        if package["source"] is None and crates in Path(package["manifest_path"]).parents:
            bom = of_package(package, known, sums)
            (folder / f"{package['name']}.cdx.json").write_text(JsonV1Dot6(bom).output_as_string(indent=2), encoding="utf-8")
            print(f"{package['name']}: {len(bom.components)} crates")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
