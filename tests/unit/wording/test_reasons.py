"""Every reason that the analysis writes down is told in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from twitch_tracker.episodes import reasons
from twitch_tracker.face.identity import subject_events
from twitch_tracker.language import speaking
from twitch_tracker.records.reasons import Reason
from twitch_tracker.regions import REGIONS, Region, Side
from twitch_tracker.wording.reasons import reason_text
from twitch_tracker.wording.terms import region_name

FILES = Path(__file__).parents[3] / "docs" / "files.md"


def written() -> Iterator[str]:
    """Everything that the analysis can write down, and a few with lists."""
    yield from (reasons.SLOW, reasons.ALREADY_THERE, reasons.MIRRORED)
    yield from (reasons.UNEQUAL_BLINK, reasons.BROW_ROSE)
    for n in range(1, len(REGIONS) + 1):
        yield reasons.moved(REGIONS[:n], Side.LEFT)
    yield reasons.evidence_found(12.34)
    yield reasons.contractions_counted(3)
    yield reasons.unmeasured(0.256)
    yield reasons.not_sure_enough(0.312, 0.5)
    yield reasons.too_weak(1.25, 3)
    yield from (reasons.too_slow(what, 12.3, 22) for what in ("kind", "contractions"))
    yield from (subject_events.CUT, subject_events.JOINED, subject_events.FOUND_AGAIN)
    yield from (subject_events.chosen_among(n, (0.25, 0.4)) for n in (1, 4))
    yield "followed_among(4)"  # as older versions wrote it
    yield from (subject_events.lost_among(n) for n in (0, 1, 2))


@pytest.mark.parametrize("code", list(written()))
def test_it_is_a_code_in_files_and_a_clause_for_people(speaks_pseudo, code):
    assert str(Reason.read(code)) == code
    assert " " not in code
    assert ";" not in code
    english = reason_text(code)
    assert english != code
    with speaking(speaks_pseudo.code):
        assert speaks_pseudo.escaped(reason_text(code)) == []


@pytest.mark.parametrize(
    "text",
    [
        *("", "seen by Dr A: evidence 3", "blink", "moved", "moved(left,nose)"),
        *("contractions(many)", "too_weak(1)", "slow(3)", "a(b)(c)", "unmeasured(x)"),
        "not sure enough: confidence 0.31, a burst needs 0.50",
    ],
)
def test_what_nobody_knows_is_told_as_it_came(speaks_pseudo, text):
    assert str(Reason.read(text)) == text
    with speaking(speaks_pseudo.code):
        assert reason_text(text) == text


def test_numbers_and_lists_are_told():
    told = reasons.moved((Region.EYELID, Region.CHEEK), Side.RIGHT)
    assert told == "moved(right,eyelid,cheek)"
    assert reason_text(told) == (
        "eyelid and cheek of the right side moved beyond the other side and the head"
    )
    unsure = reasons.not_sure_enough(0.57, 0.6)
    assert unsure == "not_sure_enough(0.57,0.60)"
    assert reason_text(unsure) == (
        "not sure enough: confidence 0.57, a burst needs 0.60"
    )
    assert reason_text(reasons.unmeasured(0.256)) == "26 % of it could not be measured"


def test_a_region_has_one_name():
    brow = region_name(Region.BROW)
    assert brow in reason_text(reasons.moved((Region.BROW,), Side.LEFT))
    assert f"the {brow} rose" in reason_text(reasons.BROW_ROSE)


def test_every_code_is_in_the_documentation():
    told = re.findall(
        r"^\| `([a-z_]+)", FILES.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {Reason.read(code).code for code in written()} <= set(told)
