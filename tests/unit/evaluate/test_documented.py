"""docs/evaluation.md says what is really computed and written."""

from __future__ import annotations

import re
from pathlib import Path

from twitch_tracker.evaluate.document import evaluation_json
from twitch_tracker.evaluate.figures.measures import measures

PAGE = (Path(__file__).parents[3] / "docs" / "evaluation.md").read_text("utf-8")


def test_every_figure_is_explained():
    table = set(re.findall(r"`([a-z0-9_]+)`", PAGE))
    for name in measures():
        stem = re.sub(r"_frames$|^offset_.*", "", name)
        assert not stem or stem in table or f"{stem}_s" in table, name


def test_every_key_of_the_document_is_explained(evaluation):
    obvious = {"schema_version", "rules", "recordings", "faces", "minutes", "figures"}
    for key in set(evaluation_json(evaluation)) - obvious - {"faces_told"}:
        assert f"`{key}`" in PAGE, key
