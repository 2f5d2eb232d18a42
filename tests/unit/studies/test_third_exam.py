"""The exam by the third injector counts right, and nothing else knows that injector."""

from __future__ import annotations

from pathlib import Path

import pytest
from source_files import PACKAGE, ROOT

from studies.third_exam import Judged, main, table, tier_of
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

PROJECT = ROOT.parent
SHARED = PROJECT.parent / "shared"
LOWER = (Region.MOUTH_CORNER, Region.CHEEK)


def burst(start_s: float, end_s: float, *words: str, **how) -> Episode:
    given = {"side": Side.LEFT, "regions": (Region.EYELID,), "kind": EpisodeKind.TONIC}
    given |= how
    return Episode(
        span=Interval(start_s=start_s, end_s=end_s),
        lead_region=given["regions"][0],
        reasons=words,
        **given,
    )


def rows(*films: Judged) -> dict[str, list[str]]:
    lines = table(films).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0] == ["", "rest", "talk", "expressive", "all"]
    return {name: values for name, *values in cells[2:]}


@pytest.mark.parametrize(
    ("name", "tier"),
    [
        ("rest_generated_1.mp4", "rest"),
        ("b_rest_outdoor_1.mp4", "rest"),
        ("b_talk_webcam_1.avi", "talk"),
        ("talk_hill.mp4", "talk"),
        ("lively_nice_clip1.mp4", "expressive"),
        ("smile_at_rest_1.mp4", "expressive"),
    ],
)
def test_the_name_says_what_the_person_does(name: str, tier: str):
    assert tier_of(Path("faces") / name) == tier


def test_bursts_are_counted_by_place_severity_and_tier():
    rest = Judged(
        tier="rest",
        minutes=0.5,
        truth=(
            burst(2, 3, "severe"),
            burst(5, 6, "severe"),
            burst(8, 9, "mild", regions=LOWER),
        ),
        logged=(burst(2.2, 3), burst(8.2, 9)),
    )
    talk = Judged(tier="talk", minutes=0.5, truth=(burst(4, 5, "moderate"),))
    found = rows(rest, talk)
    assert found["eyelid, severe"] == ["1 of 2", "0 of 0", "0 of 0", "1 of 2"]
    assert found["eyelid, moderate"] == ["0 of 0", "0 of 1", "0 of 0", "0 of 1"]
    lower = found["lower face alone, mild"]
    assert lower == ["1 of 1", "0 of 0", "0 of 0", "1 of 1"]
    time = found["logged over true time in bursts"]
    assert time == ["0.53", "0.00", "-", "0.40"]


def test_bursts_of_the_other_side_are_wrong_and_find_nothing():
    film = Judged(
        tier="rest",
        minutes=0.5,
        truth=(burst(2, 3, "severe"),),
        logged=(burst(2, 3, side=Side.RIGHT), burst(6, 7)),
    )
    found = rows(film)
    assert found["eyelid, severe"][0] == "0 of 1"
    assert found["logged on the wrong side"][0] == "1"
    assert found["logged between the bursts"][0] == "1"


def test_a_long_burst_in_pieces_is_not_logged_whole():
    whole = Judged(
        tier="talk",
        minutes=0.5,
        truth=(burst(2, 12, "severe"), burst(15, 16, "severe")),
        logged=(burst(2.5, 12),),
    )
    pieces = Judged(
        tier="talk",
        minutes=0.5,
        truth=(burst(2, 12, "severe", kind=EpisodeKind.MIXED),),
        logged=(burst(2, 7), burst(7.1, 12)),
    )
    train = Judged(
        tier="talk",
        minutes=0.5,
        truth=(burst(2, 12, "severe", kind=EpisodeKind.CLONIC),),
    )
    held = rows(whole, pieces, train)["held over 3 s, logged as one over 80 % of it"]
    assert held == ["0 of 0", "1 of 2", "0 of 0", "1 of 2"]


def test_what_is_logged_without_bursts_is_made_up():
    untouched = Judged(tier="rest", minutes=0.5, logged=(burst(2, 3),))
    quiet = Judged(tier="rest", minutes=1.5)
    closing = Judged(
        tier="rest",
        minutes=0.4,
        closures=(Interval(start_s=2, end_s=5), Interval(start_s=8, end_s=9)),
        logged=(burst(4.9, 5.2), burst(12, 13)),
    )
    found = rows(untouched, quiet, closing)
    made_up = found["logged a minute of the untouched film"]
    assert made_up == ["0.50 (1 in 2.0 min)", "-", "-", "0.50 (1 in 2.0 min)"]
    assert found["logged in closures of both eyes"][0] == "1 in 2"


def test_nothing_ever_learns_from_the_third_injector():
    """Only its exam uses it: what trains, calibrates and ships knows nothing of it."""
    exam = PROJECT / "studies" / "third_exam.py"
    third = PROJECT / "studies" / "truth" / "third"
    files = [
        path
        for folder in ("models", PACKAGE, "studies", "tools", "examples")
        for path in (PROJECT / folder).rglob("*.py")
        if path != exam and third not in path.parents
    ]
    assert any("training" in path.parts for path in files)
    for path in files:
        source = path.read_text(encoding="utf-8")
        for name in ("truth.third", "third_exam", "import third"):
            assert name not in source, path


@pytest.mark.slow
def test_a_real_video_is_examined(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    weights = SHARED / "models" / "face_landmarker.task"
    video = SHARED / "faces" / "video" / "rest_generated_1.mp4"
    if not (weights.is_file() and video.is_file()):
        pytest.skip("no face landmarker weights or videos of faces in ../shared")
    out = tmp_path / "out"
    main([str(video), "--landmarker", str(weights), "--out", str(out), "--seconds=12"])
    assert "| eyelid, severe |" in capsys.readouterr().out
    assert (out / "rest_generated_1_bursts_truth.csv").is_file()
