"""A review copy shows what was analysed: that film of the file, at that speed."""

from __future__ import annotations

import pytest

from twitch_tracker.app.review.copying import copy_name
from twitch_tracker.exchange.saved_summary import SavedSummary
from twitch_tracker.records import ReadOptions

ONE = {"said": ["one_of_films(1,0,1)"], "stream": 1, "slowed": 1.0}


@pytest.mark.parametrize(
    ("video", "reading", "name"),
    [
        ({}, ReadOptions(slowed=1.0), "copy.mp4"),
        ({"stream": 1, "slowed": 1.0, "said": []}, ReadOptions(slowed=1.0), "copy.mp4"),
        (ONE, ReadOptions(stream=1, slowed=1.0), "copy-film1.mp4"),
        (
            {"said": ["slow_motion(240,30)"], "stream": 0, "slowed": 8.0},
            ReadOptions(slowed=8.0),
            "copy-slowed8.mp4",
        ),
    ],
)
def test_a_copy_is_named_by_how_the_film_was_read(video, reading, name):
    found = SavedSummary({"video": video}).reading
    assert found == reading
    assert copy_name(mirrored=False, reading=found) == name
    turned = name.replace("copy", "copy-turned")
    assert copy_name(mirrored=True, reading=found) == turned
