"""The terminal view: short, 80 columns, no colours."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import fields, replace

import pytest

from twitch_tracker.history import Basis
from twitch_tracker.progression.results import Progression, Sureness
from twitch_tracker.report.progress.document import progress_document
from twitch_tracker.report.progress.text import WIDTH, progress_text, sparkline
from twitch_tracker.wording.progression import reading_texts


@pytest.mark.parametrize("recordings", [1, 5, 40, 3650])
def test_it_fits_80_columns(
    make_progression: Callable[..., Progression], recordings: int
):
    found = make_progression(recordings=recordings, days=max(60, recordings))
    lines = progress_text(found, sparks=True).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert len(lines) < 100
    assert "\x1b" not in "".join(lines)


def test_the_readings_come_before_every_number(progression: Progression):
    text = progress_text(progression)
    assert text.index(reading_texts(progression)[0][:40]) < text.index("Right, at rest")


def test_rest_and_provoked_and_both_sides_have_tables_of_their_own(
    progression: Progression,
):
    text = progress_text(progression)
    titles = ["Right, at rest", "Left, at rest", "Both sides, at rest"]
    titles += ["Right, triggering tasks"]
    titles += ["Left, triggering tasks", "Both sides, triggering tasks"]
    places = [text.index(title) for title in titles]
    assert places == sorted(places)


def test_a_change_that_cannot_be_told_has_no_number(progression: Progression):
    text = progress_text(progression)
    left = text[text.index("Left, at rest") : text.index("Both sides, at rest")]
    assert "uncertain" in left
    assert "x in" not in left
    right = text[text.index("Right, at rest") : text.index("Left, at rest")]
    assert right.count("clear") == 9


def test_the_latest_numbers_say_their_days_and_minutes(progression: Progression):
    rate = progression.series[0].latest
    assert rate is not None
    text = progress_text(progression)
    head = next(line for line in text.splitlines() if "Right, at rest (" in line)
    assert f"{rate.end.day} " in head
    assert " min)" in head or " h)" in head


def test_a_length_without_a_burst_in_the_latest_days_has_no_number(
    progression: Progression,
):
    """An older length is not the latest: the row says that there was no burst."""
    series = tuple(
        replace(one, latest=None)
        if "duration" in one.measure
        else one
        if one.latest is None
        else replace(one, latest=replace(one.latest, bursts=0))
        for one in progression.series
    )
    text = progress_text(replace(progression, series=series))
    row = next(line for line in text.splitlines() if "typical length" in line)
    assert "no burst" in row


def test_without_recordings_it_says_what_to_do(nothing_yet: Progression):
    text = progress_text(nothing_yet)
    assert "No recording counts yet" in text
    said = " ".join(text.split())
    assert "twitch-tracker analyze FILM --patient Anna" in said
    reviewed = progress_text(replace(nothing_yet, basis=Basis.REVIEWED))
    assert "--basis detected" in reviewed


def test_sparklines_start_at_zero_and_share_a_top():
    assert sparkline([0, 1, 2, 4], top=4) == "▁▃▅█"
    assert sparkline([1, 1], top=8) == "▂▂"
    assert sparkline([], top=1) == ""
    assert len(sparkline(list(range(1000)), top=999)) == 56


def test_the_document_has_everything_and_no_nan(progression: Progression):
    found = progress_document(progression)
    text = json.dumps(found, allow_nan=False)
    again = json.loads(text)
    names = {one.name for one in fields(progression)}
    assert set(again) == names | {"schema_version", "software_version"}
    assert len(again["series"]) == len(progression.series)
    first = again["series"][0]
    point = progression.series[0].recordings[0]
    assert first["recordings"][0]["estimate"]["value"] == point.estimate.value
    assert first["trend"]["sureness"] == Sureness.CLEAR
    assert first["trend"]["per_year"]["low"] is None
    assert math.isnan(progression.series[0].trend.per_year.low)  # type: ignore[union-attr]
    assert again["treatments"][0]["muscles"] == {
        "orbicularis oculi": 15.0,
        "zygomaticus": None,
    }
