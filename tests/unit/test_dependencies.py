"""What is installed with the program: without known holes, and with its licences told."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import licences
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
REQUIRED = [Requirement(text) for text in PROJECT["dependencies"]]
OPTIONAL = [
    Requirement(text)
    for group in PROJECT["optional-dependencies"].values()
    for text in group
]
LICENCES = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")

FIRST_SOUND = {
    "cryptography": ("46.0.5", "CVE-2026-26007: keys of small groups are taken"),
    "h11": ("0.16.0", "CVE-2025-43859: two readings of one request"),
    "jinja2": ("3.1.6", "CVE-2025-27516: a way out of the sandbox"),
    "pillow": ("11.3.0", "CVE-2025-48379: writing past a buffer"),
    "pyarrow": ("14.0.1", "CVE-2023-47248: code in a file that is read"),
    "python-multipart": (
        "0.0.22",
        "CVE-2024-53981: work without bounds; CVE-2026-24486",
    ),
    "starlette": (
        "0.49.1",
        "CVE-2025-62727: Range; CVE-2024-47874, -2025-54121: forms",
    ),
}
"""The first release without holes that this program could meet."""


@pytest.mark.parametrize("name", FIRST_SOUND)
def test_no_release_with_a_known_hole_satisfies_us(name: str):
    version, why = FIRST_SOUND[name]
    found = [one for one in REQUIRED if one.name == name]
    assert found, f"{name} is not listed"
    for one in found:
        bounds = [
            Version(s.version) for s in one.specifier if s.operator in (">=", "==")
        ]
        assert bounds, f"{one} has no lower bound"
        assert max(bounds) >= Version(version), why


def test_every_dependency_has_a_lower_bound():
    for one in REQUIRED + OPTIONAL:
        operators = {spec.operator for spec in one.specifier}
        assert operators & {">=", "=="} or one.name == "numpy", str(one)


def rows() -> dict[str, str]:
    """The licence of each dependency, as the document says."""
    table = re.findall(r"^\| `([\w.-]+)` \| ([^|]+) \|", LICENCES, re.MULTILINE)
    return {name: licence.strip() for name, licence in table}


def test_the_licence_of_every_dependency_is_listed():
    assert set(rows()) == {one.name for one in REQUIRED + OPTIONAL}


UNNAMED = {"sqlcipher3": ("licenses/LICENSE", "This software is provided 'as-is'")}
"""Packages that name no licence, but bring its text; these words are the zlib licence's."""


@pytest.mark.parametrize("name", sorted({one.name for one in REQUIRED + OPTIONAL}))
def test_the_licence_is_the_one_that_the_package_names(name: str):
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed here")
    told = " ".join(
        (
            about["License-Expression"] or "",
            (about["License"] or "")[:60],
            *(about.get_all("Classifier") or []),
        )
    )
    if name in UNNAMED:
        file, words = UNNAMED[name]
        told = metadata.distribution(name).read_text(file) or ""
        assert words in told
        return
    family = rows()[name].split("-")[0].split(" ")[0]
    assert family in told.replace("Python Software Foundation", "PSF"), told


def test_what_is_needed_is_listed_as_requirements(
    capsys: pytest.CaptureFixture[str],
):
    """`.ci/run` asks about these; the groups for tests and style are none of them."""
    licences.main(["--pinned"])
    pinned = [Requirement(line) for line in capsys.readouterr().out.splitlines()]
    names = {one.name for one in pinned}
    assert {one.name for one in REQUIRED if one.marker is None} <= names
    assert "pytest" not in names
    assert all(one.specifier.contains(metadata.version(one.name)) for one in pinned)


COPYLEFT = re.compile(
    r"\b[AL]?GPL|\bMPL|Mozilla Public|EUPL|CDDL|General Public", re.IGNORECASE
)


def brought() -> dict[str, str]:
    """The licences of all that is installed for it, by name: what packages bring, too."""
    found: dict[str, str] = {}
    waiting = [one.name for one in REQUIRED + OPTIONAL]
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in found:
            continue
        try:
            about = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # of another system or Python
        stated = [about.metadata.get(key) or "" for key in LICENCE_FIELDS]
        stated += about.metadata.get_all("Classifier", [])
        found[name] = "\n".join(text for text in stated if len(text) < 200)
        needed = map(Requirement, about.requires or ())
        waiting += [
            one.name
            for one in needed
            if not one.marker or one.marker.evaluate({"extra": ""})
        ]
    return found


LICENCE_FIELDS = ("License-Expression", "License")


def test_nothing_that_is_brought_along_asks_for_more_than_the_document_says():
    asking = {name for name, stated in brought().items() if COPYLEFT.search(stated)}
    assert {"fpdf2", "certifi"} <= asking
    assert not {name for name in asking if f"`{name}`" not in LICENCES}
