"""The pages hang together, and what the site adds to them comes from the program."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import tomllib
from pathlib import Path

import licences
import pytest
from command_pages import commands, commands_page
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pages import NAMES, PAGES, ROOT, without_blocks
from site_hooks import MODULES, python_page, relinked
from site_hooks import PAGES as MOVED

import twitch_tracker

MADE = {"commands.md", "python.md"}


def test_every_page_is_in_the_menu_of_the_site_and_no_other():
    menu = re.findall(
        r": (\S+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE
    )
    written = {
        page.relative_to(ROOT / "docs").as_posix()
        for page in (ROOT / "docs").rglob("*.md")
    }
    assert sorted(menu) == sorted(written | MADE | set(MOVED.values()))


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_to_a_file(page: Path):
    for target in re.findall(r"\]\(([^)\s#:]+)(?:#[^)]*)?\)", without_blocks(page)):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("name", ["patient.md", "clinician.md"])
def test_what_to_choose_is_what_the_app_says(name: str):
    page = (ROOT / "docs" / "start" / name).read_text(encoding="utf-8")
    labels = re.findall(r"(?:[Cc]hoose|under) \*([^*]+)\*", page)
    templates = (ROOT / "twitch_tracker" / "app" / "templates").glob("*.j2")
    said = "".join(template.read_text(encoding="utf-8") for template in templates)
    assert labels
    for label in labels:
        assert f'_("{label}")' in said, label


def test_every_picture_was_drawn_here_and_says_what_it_shows():
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    assert pictures
    for picture in pictures:
        text = picture.read_text(encoding="utf-8")
        assert picture.suffix == ".svg"
        assert "<title>" in text
        assert "<desc>" in text
        assert not re.search(r"(href|src)=", text)


def test_every_command_has_its_section_with_every_option():
    page = commands_page()
    for words, command, _ in commands():
        assert f"\n## {' '.join(words)}\n" in page
        for param in command.params:
            if not getattr(param, "hidden", False):
                name = param.opts[0] if param.opts[0].startswith("-") else None
                assert name is None or name in page


def test_every_public_name_is_on_the_page_for_python():
    page = python_page()
    for name in set(twitch_tracker.__all__) - {"__version__"}:
        assert f".{name}\n" in page
        assert inspect.getdoc(getattr(twitch_tracker, name))
    for _, modules in MODULES:
        for module in modules:
            assert importlib.import_module(f"twitch_tracker.{module}").__doc__


@pytest.mark.parametrize(
    ("place", "said", "turned"),
    [
        ("docs/a.md", "[x](../CONTRIBUTING.md)", "[x](contributing.md)"),
        ("docs/start/a.md", "[x](../../README.md#use)", "[x](../index.md#use)"),
        (
            "docs/start/a.md",
            "[x](../files.md#known-face)",
            "[x](../files.md#known-face)",
        ),
        ("models/README.md", "[x](../docs/files.md)", "[x](files.md)"),
        ("models/README.md", "[x](training/README.md)", "[x](training.md)"),
        ("docs/a.md", "[x](https://example.org/a.md)", "[x](https://example.org/a.md)"),
        ("docs/a.md", "[x](#here)", "[x](#here)"),
    ],
)
def test_links_to_files_become_links_to_pages(place: str, said: str, turned: str):
    assert relinked(said, place) == turned


# --- what comes along ----------------------------------------------------------------


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_every_extra_is_told():
    page = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    (_, table) = page.split("## Extras")
    told = re.findall(r"^\| `([a-z]+)` \|", table.split("\n## ")[0], re.MULTILINE)
    assert sorted(told) == sorted(project()["optional-dependencies"])


@pytest.fixture(scope="module")
def libraries():
    return licences.needed()


def test_every_library_that_is_asked_for_is_listed(libraries):
    asked = [Requirement(text) for text in project()["dependencies"]]
    names = {
        canonicalize_name(one.name)
        for one in asked
        if one.marker is None or one.marker.evaluate()
    }
    assert names <= {one.name for one in libraries}


def test_every_library_states_its_licence(libraries):
    assert not [one.name for one in libraries if one.licence == "not stated"]


def test_the_bill_of_materials_names_all_of_them(libraries, tmp_path):
    licences.main(["--sbom", str(tmp_path / "sbom.json")])
    bill = json.loads((tmp_path / "sbom.json").read_text("utf-8"))
    assert [one["name"] for one in bill["components"]] == [
        one.name for one in libraries
    ]
    assert {"pkg:pypi/" in one["purl"] for one in bill["components"]} == {True}
    own = bill["metadata"]["component"]
    assert own["version"] == twitch_tracker.__version__


def test_the_citation_names_the_version_of_the_program():
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {twitch_tracker.__version__}\n" in text
