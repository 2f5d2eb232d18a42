"""The files that docs/architecture.md walks through are there."""

from __future__ import annotations

import re

from source_files import ROOT

WALK = ROOT.parent / "docs" / "architecture.md"


def test_every_file_of_the_walk_is_there():
    """Also a folder; what is named without one is in the folder named before it."""
    before = ROOT
    named = re.findall(
        r"`([\w/]+(?:\.py|\.js|\.html\.j2|/))`", WALK.read_text(encoding="utf-8")
    )
    assert named
    for name in named:
        places = (ROOT / name, before / name, ROOT.parent / name)
        found = [place for place in places if place.exists()]
        assert found, name
        before = found[0].parent
