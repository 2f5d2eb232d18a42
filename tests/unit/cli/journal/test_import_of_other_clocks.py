"""`import` and `evaluate` of coding that states no film: the bursts show what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from coded_films import BURSTS, FILM, CodedJournal, bare, moved, scaled
from commands import run

from twitch_tracker.evaluate.reading import read_recording
from twitch_tracker.exchange.tables import write_episodes
from twitch_tracker.records import Episode
from twitch_tracker.timebase import Interval


@pytest.mark.parametrize("by_s", [-3.0, 2.0, 5.4])
def test_times_that_agree_only_after_a_shift_are_refused(
    journal: CodedJournal, tmp_path: Path, by_s: float
):
    refused = journal.take(bare(tmp_path / "c.csv", moved(by_s)))
    assert refused.exit_code == 3
    assert f"when they are moved by {-by_s:+.1f} s" in " ".join(refused.stderr.split())
    assert journal.reviewed is None


@pytest.mark.parametrize(
    ("by", "factor"), [(1 / 60, "60"), (0.5, "2"), (0.8, "1.25"), (25 / 30, "1.2")]
)
def test_times_in_another_unit_or_at_another_speed_are_refused(
    journal: CodedJournal, tmp_path: Path, by: float, factor: str
):
    """Minutes for seconds; a film that was played faster, or counted at another rate."""
    refused = journal.take(bare(tmp_path / "c.csv", scaled(by)))
    assert refused.exit_code == 3
    said = " ".join(refused.stderr.split())
    assert f"when their times are multiplied by {factor}:" in said
    assert journal.reviewed is None


def own_table(path: Path, bursts: tuple[Episode, ...]) -> Path:
    """Our own table of bursts, with nothing beside it."""
    write_episodes(path, bursts)  # rounds to milliseconds
    return path


def elan_text(path: Path, bursts: tuple[Episode, ...]) -> Path:
    """What ELAN exports, of one tier for each side."""
    head = "Tier\tBegin Time - ss.msec\tEnd Time - ss.msec\tAnnotation\n"
    path.write_text(
        head
        + "".join(
            f"{b.side} bursts\t{b.span.start_s:.5f}\t{b.span.end_s:.5f}\ttonic\n"
            for b in bursts
        ),
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("write", "by", "why"),
    [
        (bare, 1 / 60, "multiplied by 60:"),
        (own_table, 1 / 60, "multiplied by 60:"),
        (elan_text, 1 / 60, "multiplied by 60:"),
        (bare, 1 / 3600, "multiplied by 3600:"),
        (bare, 0.5, "multiplied by 2:"),
        (elan_text, 0.5, "multiplied by 2:"),
    ],
)
def test_truth_in_another_unit_judges_no_log(
    log: Path, tmp_path: Path, write: Callable, by: float, why: str
):
    """Minutes, hours, a film played twice as fast; `evaluate` found nothing, in silence."""
    path = write(tmp_path / "c.csv", scaled(by))
    refused = run("evaluate", log, path)
    assert refused.exit_code == 3
    assert why in " ".join(refused.stderr.split())


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("write", [bare, own_table, elan_text])
def test_minutes_are_noticed_without_anything_to_compare_with(
    journal: CodedJournal, log: Path, tmp_path: Path, write: Callable, count: int
):
    path = write(tmp_path / "c.csv", scaled(1 / 60)[:count])
    for refused in (run("evaluate", log, path), journal.take(path)):
        assert refused.exit_code == 3
        said = " ".join(refused.stderr.split())
        assert f"{count} of {count} bursts last less than two pictures" in said
    assert journal.reviewed is None


@pytest.mark.parametrize("by_s", [-3.0, 2.5])
def test_truth_that_agrees_only_after_a_shift_judges_no_log(
    log: Path, tmp_path: Path, by_s: float
):
    path = bare(tmp_path / "c.csv", moved(by_s))
    refused = run("evaluate", log, path)
    assert refused.exit_code == 3
    assert f"when they are moved by {-by_s:+.1f} s" in " ".join(refused.stderr.split())
    assert read_recording(log, path, force=True).misfits[0].code == "shifted"


@pytest.mark.parametrize("wrong", ["side", "nothing", "elsewhere", "few"])
def test_a_detector_may_be_wrong_in_everything_but_the_clock(
    log: Path, tmp_path: Path, wrong: str
):
    """What it did not find, found where nothing was, or took for the other side counts."""
    gaps = [0.3, 9.0, 15.2, 18.1, 27.0, 36.9]
    logged = {
        "side": tuple(replace(b, side=b.side.other) for b in BURSTS),
        "nothing": (),
        "elsewhere": tuple(
            replace(b, span=Interval(start_s=at, end_s=at + 0.4))
            for b, at in zip(BURSTS, gaps, strict=True)
        ),
        "few": moved(3.0)[:2],
    }[wrong]
    write_episodes(log / "episodes.csv", logged)
    assert read_recording(log, bare(tmp_path / "c.csv", BURSTS)).misfits == ()


def test_long_lists_are_compared_at_once():
    """Ten hours of bursts, in minutes; pairs are not gone through one by one."""
    from twitch_tracker.exchange.coding.coded import Truth
    from twitch_tracker.exchange.coding.films import CodedFilm
    from twitch_tracker.exchange.coding.fitting import misfits

    starts = [12.0 * k + (k * k) % 7 for k in range(1500)]
    logged = [
        replace(BURSTS[0], span=Interval(start_s=at, end_s=at + 6.0)) for at in starts
    ]
    coded = tuple(
        replace(b, span=Interval(start_s=at / 60, end_s=(at + 6) / 60))
        for b, at in zip(logged, starts, strict=True)
    )
    film = CodedFilm(file_name=FILM, length_s=36_000.0)
    found, *_ = misfits(Truth(episodes=coded, others=()), film, judged=logged)
    assert (found.code, found.values[2]) == ("scaled", 60.0)


def test_coding_of_nothing_rejects_nothing_unasked(
    journal: CodedJournal, tmp_path: Path
):
    """A table without a row may be one that nobody has coded yet."""
    empty = bare(tmp_path / "c.csv", ())
    refused = journal.take(empty)
    assert refused.exit_code == 3
    assert "no burst was coded, and 6 were detected" in " ".join(refused.stderr.split())
    assert journal.reviewed is None
    assert journal.take(empty, "--force").exit_code == 0
    assert journal.reviewed == []


def test_sides_as_seen_by_the_viewer_are_refused(journal: CodedJournal, tmp_path: Path):
    refused = journal.take(bare(tmp_path / "c.csv", BURSTS, turned=True))
    assert refused.exit_code == 3
    assert "on the other side of the face" in " ".join(refused.stderr.split())
    assert journal.reviewed is None


def test_times_that_have_nothing_to_do_with_the_film_are_refused(
    journal: CodedJournal, tmp_path: Path
):
    gaps = [(0.1, 0.5), (9.0, 9.4), (18.0, 18.3)]
    others = tuple(
        replace(BURSTS[0], span=Interval(start_s=a, end_s=b)) for a, b in gaps
    )
    refused = journal.take(bare(tmp_path / "c.csv", others))
    assert refused.exit_code == 3
    assert "none of 3 coded bursts overlaps one of 6" in " ".join(
        refused.stderr.split()
    )


def test_a_coder_may_disagree_with_the_program(journal: CodedJournal, tmp_path: Path):
    """Two of six rejected, one added, edges moved by tenths: nothing to refuse."""
    kept = [
        replace(b, span=Interval(start_s=b.span.start_s + 0.2, end_s=b.span.end_s))
        for b in BURSTS[:4]
    ]
    new = replace(BURSTS[0], span=Interval(start_s=1.0, end_s=1.5))
    done = journal.take(bare(tmp_path / "c.csv", (*kept, new)))
    assert done.exit_code == 0, done.output
