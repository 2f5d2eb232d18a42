"""Late disease: contractions of half a minute and longer, an eye shut most of the time.

What a patient must never be told: more, short bursts, little time, and the other side.
The portraits take no part in training (`models/training/portraits.py`).
"""

from __future__ import annotations

import contextlib
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from twitch_tracker import AnalysisOptions, analyze
from twitch_tracker.errors import BadParameter
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Side
from twitch_tracker.simulate.picture.stills import read_still
from twitch_tracker.simulate.plan.events import BilateralBlink, Spasm
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.simulate.portrait import Portrait, crop_to_face
from twitch_tracker.simulate.render import film_portrait

SHARED = Path(__file__).parents[3] / "shared"
PORTRAITS = ("eb", "h6", "h7", "s_art_0", "s_sad")
EDGE_S = 0.3
WIDE_PX = 480
"""Portraits are made this wide: at their own sizes a film takes ten minutes."""

pytestmark = pytest.mark.slow


def portrait(name: str) -> Portrait:
    """A still portrait that no network has seen."""
    path = SHARED / "faces" / "still" / f"{name}.jpg"
    if not path.is_file():
        pytest.skip(f"the development faces are not here: {path}")
    with open_tracker("attention-mesh") as tracker:
        image = read_still(path)
        with contextlib.suppress(BadParameter):  # little but the face is in the picture
            image = crop_to_face(image, tracker)
        height_px, width_px, _ = image.shape
        if width_px > WIDE_PX:
            size = (WIDE_PX, 2 * round(height_px * WIDE_PX / width_px / 2))
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        return Portrait.from_still(image, tracker)


def logged(plan: Scenario, face: str, to: Path) -> tuple[Episode, ...]:
    """Film a plan and see what is logged."""
    film_portrait(plan, portrait(face), to)
    return analyze(to, AnalysisOptions()).episodes


@pytest.mark.parametrize("face", PORTRAITS)
@pytest.mark.parametrize("name", ["long", "duty"])
def test_every_long_contraction_is_logged_once_on_its_own_side(name, face, tmp_path):
    source = SHARED / "late" / f"{name}.json"
    if not source.is_file():
        pytest.skip(f"the scenarios of late disease are not here: {source}")
    plan = Scenario.load(source)
    true = [event for event in plan.events if isinstance(event, Spasm)]
    found = logged(plan, face, tmp_path / f"{name}.mp4")
    assert [b.side for b in found] == [Side.LEFT] * len(true)
    for burst, spasm in zip(found, sorted(true, key=lambda s: s.onset_s), strict=True):
        assert burst.span.start_s == pytest.approx(spasm.onset_s, abs=EDGE_S)
        assert burst.span.end_s == pytest.approx(spasm.offset_s, abs=EDGE_S)


@pytest.mark.parametrize("kind", [EpisodeKind.CLONIC, EpisodeKind.TONIC])
def test_what_lasts_from_the_first_moment_to_the_last_is_one_burst(kind, tmp_path):
    """A face that is always so and a spasm that never ends look alike: the burst stays."""
    spasm = Spasm(
        onset_s=0.0,
        offset_s=20.0,
        side=Side.LEFT,
        kind=kind,
        closure=0.95,
        excursion_mm=4.0,
    )
    blinks = [BilateralBlink(onset_s=at_s) for at_s in (5.0, 9.0, 15.0)]
    plan = Scenario(duration_s=20.0, fps=15.0, seed=1, events=(spasm, *blinks))
    (burst,) = logged(plan, "s_sad", tmp_path / "all.mp4")
    assert burst.side is Side.LEFT
    assert burst.span.start_s < EDGE_S
    assert burst.span.end_s > 20.0 - EDGE_S


def worse(step: int) -> Scenario:
    """One of ten patients: 0.5 s three times a minute, to 60 s once, 80 % of the time."""
    share = step / 9
    length_s = 0.5 * (60.0 / 0.5) ** share
    pause_s = 19.5 * (15.0 / 19.5) ** share
    rng = np.random.default_rng(step)
    lasts_s, at_s, events = max(60.0, 2.6 * (length_s + pause_s)), 2.0, []
    while at_s + length_s < lasts_s - 1.0:
        events.append(
            Spasm(
                onset_s=round(at_s, 3),
                offset_s=round(at_s + length_s, 3),
                side=Side.LEFT,
                kind=EpisodeKind.TONIC,
                closure=0.7,
                excursion_mm=3.5,
            )
        )
        blink_s = at_s + length_s + 0.4 * pause_s
        at_s += length_s + pause_s * float(rng.uniform(0.9, 1.1))
        if blink_s + 0.3 < min(at_s, lasts_s):
            events.append(BilateralBlink(onset_s=blink_s))
    return Scenario(duration_s=lasts_s, fps=15.0, seed=step, events=tuple(events))


def numbers(spans: list[tuple[float, float]], lasts_s: float) -> tuple[float, ...]:
    """Share of the time in spasm, median length, and median pause with its sign turned."""
    lengths_s = [end - start for start, end in spans]
    pauses_s = [later[0] - earlier[1] for earlier, later in pairwise(spans)]
    share = sum(lengths_s) / lasts_s
    return share, float(np.median(lengths_s)), -float(np.median(pauses_s))


def test_a_recording_that_got_worse_never_looks_better(tmp_path):
    """What is logged of ten patients stands in the order of what was put in."""
    true, said = [], []
    for step in range(10):
        plan = worse(step)
        found = logged(plan, "s_sad", tmp_path / "w.mp4")
        own = [b.span for b in found if b.side is Side.LEFT]
        assert len(own) == len(found), f"patient {step}: a burst on the other side"
        put_in = [e for e in plan.events if isinstance(e, Spasm)]
        spans = [(e.onset_s, e.offset_s) for e in put_in]
        true.append(numbers(spans, plan.duration_s))
        said.append(numbers([(s.start_s, s.end_s) for s in own], plan.duration_s))
    np.testing.assert_array_equal(np.argsort(said, axis=0), np.argsort(true, axis=0))
    # A command spans what is not seen of its rise and fall: 0.08 s of every burst.
    np.testing.assert_allclose(said, true, rtol=0.2)
