"""Every library that the program needs, with its licence; also as a bill of materials.

    python tools/licences.py                    a table
    python tools/licences.py --sbom sbom.json   CycloneDX 1.5
    python tools/licences.py --pinned           as requirements, with what is installed

Starts at the requirements in pyproject.toml and follows those of each library, as they
are installed in this environment. Nothing is fetched.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True, order=True)
class Library:
    """One installed library."""

    name: str
    version: str
    licence: str


def project() -> dict[str, object]:
    """Return what pyproject.toml says of the program."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]


def own_version() -> str:
    """Read the program's own version where releases set it."""
    text = (ROOT / "twitch_tracker" / "__init__.py").read_text(encoding="utf-8")
    return text.partition('__version__ = "')[2].partition('"')[0]


def needed() -> list[Library]:
    """Find what the program needs, directly or not, without extras, by name."""
    found: dict[str, Library] = {}
    waiting = [
        text for text in map(Requirement, project()["dependencies"]) if wanted(text)
    ]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found:
            continue
        try:
            installed = distribution(requirement.name)
        except PackageNotFoundError:
            sys.exit(f"{requirement.name} is not installed here: pip install -e .")
        found[name] = Library(
            name=name, version=installed.version, licence=licence_of(installed)
        )
        further = [Requirement(text) for text in installed.requires or ()]
        waiting += [requirement for requirement in further if wanted(requirement)]
    return sorted(found.values())


def wanted(requirement: Requirement) -> bool:
    """Return whether a requirement is one of this Python and system, without extras."""
    marker = requirement.marker
    return marker is None or marker.evaluate({"extra": ""})


def licence_of(installed: Distribution) -> str:
    """Read the licence a library states: expression, classifier, or first line."""
    said = installed.metadata
    if said.get("License-Expression"):
        return said["License-Expression"]
    classifiers = [
        text.rpartition(" :: ")[2]
        for text in said.get_all("Classifier") or ()
        if text.startswith("License :: ") and text != "License :: OSI Approved"
    ]
    if classifiers:
        return " or ".join(classifiers)
    lines = (said.get("License") or "").strip().splitlines()
    return lines[0] if lines else "not stated"


def bill_of_materials(libraries: list[Library]) -> dict[str, object]:
    """Return the same as CycloneDX 1.5."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": project()["name"],
                "version": own_version(),
            }
        },
        "components": [
            {
                "type": "library",
                "name": one.name,
                "version": one.version,
                "purl": f"pkg:pypi/{one.name}@{one.version}",
                "licenses": [{"license": {"name": one.licence}}],
            }
            for one in libraries
        ],
    }


def main(arguments: list[str] | None = None) -> None:
    """Print the table or the requirements, or write the bill of materials."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sbom", type=Path, metavar="FILE")
    parser.add_argument("--pinned", action="store_true")
    chosen = parser.parse_args(arguments)
    libraries = needed()
    if chosen.sbom is not None:
        text = json.dumps(bill_of_materials(libraries), indent=2) + "\n"
        chosen.sbom.write_text(text, encoding="utf-8")
        return
    for one in libraries:
        pinned = f"{one.name}=={one.version}"
        listed = f"{one.name:28} {one.version:16} {one.licence}"
        print(pinned if chosen.pinned else listed)


if __name__ == "__main__":
    main()
