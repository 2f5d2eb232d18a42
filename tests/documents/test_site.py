"""The site builds without a warning and asks nobody else for anything."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from pages import ROOT

pytestmark = pytest.mark.examples


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("mkdocs", reason="pip install --group docs")
    folder = tmp_path_factory.mktemp("site")
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder)]
    subprocess.run(words, cwd=ROOT, check=True)
    return folder


def test_nothing_is_loaded_from_elsewhere(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        text = page.read_text(encoding="utf-8")
        found = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=.?https?://", text)
        assert not found, page.name


def test_what_is_made_is_there(site):
    assert "twitch-tracker diary add" in (site / "commands.html").read_text("utf-8")
    assert "analysable_s" in (site / "python.html").read_text("utf-8")
    assert (site / "start" / "patient.html").exists()
