"""A burst of the same real face is judged alike however much else happens.

The same three bursts are put into the same video, once alone and once among many
strong ones. A detector whose thresholds follow the recording's own spread would lose
them in the severe recording, and rates of mild and severe people would be alike.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from twitch_tracker import AnalysisOptions, analyze
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.simulate.plan.events import Spasm
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.simulate.render import film_into
from twitch_tracker.video.files import open_video

VIDEOS = Path(__file__).parents[3] / "shared" / "faces" / "video"
LASTS_S = 24.0
PROBES_S = (4.0, 11.0, 18.0)
CONTRACTION_S = 0.3
"""A train of four contractions a second may end one contraction sooner or later."""
STRONG_S = (1.0, 2.0, 6.3, 7.5, 8.8, 13.3, 14.5, 15.7, 20.4, 21.8)
"""At least 1.1 s from a probe: nearer ones may be joined with it to one burst, as some
of these are with each other."""


def probe(onset_s: float) -> Spasm:
    """A moderate burst of eyelid and lower face."""
    return Spasm(
        onset_s=onset_s,
        offset_s=onset_s + 1.2,
        side=Side.RIGHT,
        closure=0.5,
        excursion_mm=2.0,
    )


def strong(onset_s: float) -> Spasm:
    """A strong tonic burst."""
    return Spasm(
        onset_s=onset_s,
        offset_s=onset_s + 0.9,
        side=Side.RIGHT,
        regions=(Region.EYELID, Region.MOUTH_CORNER, Region.CHEEK),
        kind=EpisodeKind.TONIC,
        closure=0.95,
        excursion_mm=6.0,
    )


def bursts_of(video: Path, events: list[Spasm], to: Path) -> tuple[Episode, ...]:
    """Put bursts into a video and see what is logged."""
    plan = Scenario(duration_s=LASTS_S, events=tuple(events), seed=3)
    with open_tracker("auto") as tracker, open_video(video, end_s=LASTS_S) as source:
        film_into(source, tracker, plan, to)
    return analyze(to, AnalysisOptions()).episodes


def near(onset_s: float, bursts: tuple[Episode, ...]) -> Episode | None:
    """The burst logged where one was put in."""
    of_it = [
        b
        for b in bursts
        if b.side is Side.RIGHT
        and b.span.start_s < onset_s + 1.2
        and b.span.end_s > onset_s
    ]
    return of_it[0] if len(of_it) == 1 else None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rest_generated_1.mp4", "talk_webcam_1.mp4"])
def test_the_same_burst_is_judged_alike_in_a_mild_and_a_severe_recording(
    name, tmp_path
):
    video = VIDEOS / name
    if not video.is_file():
        pytest.skip(f"the development faces are not here: {video}")
    mild = bursts_of(video, [probe(t) for t in PROBES_S], tmp_path / "mild.mp4")
    severe = bursts_of(
        video,
        [*map(probe, PROBES_S), *map(strong, STRONG_S)],
        tmp_path / "severe.mp4",
    )
    for onset_s in PROBES_S:
        here, there = near(onset_s, mild), near(onset_s, severe)
        assert here is not None, f"{onset_s} s: not logged in the mild recording"
        assert there is not None, f"{onset_s} s: not logged in the severe recording"
        assert there.span.start_s == pytest.approx(here.span.start_s, abs=0.1)
        assert abs(there.span.end_s - here.span.end_s) < CONTRACTION_S
    in_spasm_s = sum(b.span.duration_s for b in severe if b.side is Side.RIGHT)
    put_in_s = 1.2 * len(PROBES_S) + 0.9 * len(STRONG_S)
    assert in_spasm_s == pytest.approx(put_in_s, rel=0.25)


@pytest.mark.slow
def test_a_weak_burst_soon_after_a_strong_one_does_not_vanish(tmp_path):
    """Half a second apart they may be told as one burst, which then lasts as long."""
    video = VIDEOS / "rest_generated_1.mp4"
    if not video.is_file():
        pytest.skip(f"the development faces are not here: {video}")
    close = [strong(2.5), probe(4.0), strong(8.0), strong(9.5), probe(11.0)]
    found = bursts_of(video, close, tmp_path / "close.mp4")
    for onset_s in (4.0, 11.0):
        covered = [b for b in found if b.span.start_s <= onset_s + 0.1]
        assert max(b.span.end_s for b in covered) == pytest.approx(
            onset_s + 1.2, abs=CONTRACTION_S
        )
