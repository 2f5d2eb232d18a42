"""What changes with the recordings and not with the face is told, and not as a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from twitch_tracker.history import Basis, LoggedRecording, Treatment, TreatmentKind
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.recordings.breaks import before_a_jump
from twitch_tracker.progression.recordings.broken import Break, Broken
from twitch_tracker.progression.recordings.columns import columns_of
from twitch_tracker.progression.results import Measure, Progression, Sureness
from twitch_tracker.progression.results.readings import NotJudged
from twitch_tracker.regions import Side
from twitch_tracker.wording.progression import reading_text, reading_texts

Make = Callable[..., Any]
FIRST = date(2024, 1, 1)


def drawn(
    recording: Make,
    left: Callable[[int], float],
    right: Callable[[int], float],
    **others: Any,
) -> list[LoggedRecording]:
    """Recordings of three minutes every other day for a year, bursts a minute."""
    rng = np.random.default_rng(0)
    return [
        recording(
            day,
            rng.lognormal(-0.5, 0.5, rng.poisson(3 * left(day) * rng.gamma(8, 1 / 8))),
            right=rng.lognormal(-0.5, 0.5, rng.poisson(3 * right(day))),
            **others,
        )
        for day in range(0, 365, 2)
    ]


def clear(found: Progression) -> list[Measure]:
    return [
        s.measure
        for s in found.series
        if s.trend is not None and s.trend.sureness is Sureness.CLEAR
    ]


def test_bursts_on_the_other_side_are_a_warning_and_no_change(
    history: Make, recording: Make
) -> None:
    rows = drawn(
        recording,
        lambda d: 2.0 if d < 180 else 0.05,
        lambda d: 0.05 if d < 180 else 2.0,
    )
    found = progress_of(history(*rows))
    (told,) = found.breaks
    assert told.what is Broken.SIDE
    assert told.on == FIRST + timedelta(days=180)
    assert clear(found) == []
    assert found.readings[0] is told
    assert "mirrored picture" in reading_texts(found)[0]
    starts = [s.trend.start for s in found.series if s.trend is not None]
    assert min(starts) == told.on
    # Of the side that had the bursts before, only what came since is called unsure.
    unsure = [r for r in found.readings if isinstance(r, NotJudged)]
    assert all(r.bursts < 60 for r in unsure)
    assert sum(dot.bursts for s in found.series for dot in s.periods) > 1000


def told_of(found: Progression) -> list[tuple[Broken, int]]:
    return [(each.what, (each.on - FIRST).days) for each in found.breaks]


@pytest.mark.parametrize(
    "turns", [(120, 240), (180, 240), (90, 180, 270), (60, 120, 180, 240, 300)]
)
def test_pictures_that_are_mirrored_for_a_while_are_told_each_time(
    history: Make, recording: Make, turns: tuple[int, ...]
) -> None:
    """Of an exchange and its end no single cut shows anything."""

    def mirrored(day: int) -> bool:
        return sum(day >= turn for turn in turns) % 2 == 1

    rows = drawn(
        recording,
        lambda d: 0.05 if mirrored(d) else 2.0,
        lambda d: 2.0 if mirrored(d) else 0.05,
    )
    found = progress_of(history(*rows))
    assert told_of(found) == [(Broken.SIDE, turn) for turn in turns]
    assert clear(found) == []
    days = [each.on for each in found.breaks]
    assert [each.until for each in found.breaks] == [*days[1:], None]
    starts = [s.trend.start for s in found.series if s.trend is not None]
    assert min(starts) == days[-1]
    # Only of one day can be said that changes are reported from it on.
    said = reading_texts(found)[: len(turns)]
    assert ["Changes are reported" in each for each in said] == [
        *[False] * (len(turns) - 1),
        True,
    ]


def test_a_lamp_that_comes_and_goes_is_told_twice(
    history: Make, recording: Make
) -> None:
    rows = drawn(
        recording,
        lambda d: 2.6 if 120 <= d < 240 else 1.0,
        lambda d: 1.7 if 120 <= d < 240 else 0.1,
    )
    found = progress_of(history(*rows))
    assert [what for what, _ in told_of(found)] == [Broken.BOTH_SIDES] * 2
    for (_, day), true in zip(told_of(found), (120, 240), strict=True):
        assert abs(day - true) <= 8
    assert clear(found) == []
    said = reading_texts(found)
    assert "another lamp" in said[0]
    assert "Changes are reported" not in said[0]
    assert "Changes are reported" in said[1]


def test_before_a_jump_is_where_least_was_found_by_mistake(recording: Make) -> None:
    """Many false alarms, then few, then many: only the few say which side has bursts."""
    rows = drawn(
        recording,
        lambda d: 1.0 if 120 <= d < 240 else 2.6,
        lambda d: 0.1 if 120 <= d < 240 else 1.7,
    )
    kinds = [columns_of(rows[0].task.kind, rows, FIRST)]
    breaks = [
        Break(on=FIRST + timedelta(days=day), what=Broken.BOTH_SIDES)
        for day in (120, 240)
    ]
    (before,) = before_a_jump(kinds, breaks)
    assert before.recordings[0].started_at.date() == breaks[0].on
    assert before.recordings[-1].started_at.date() < breaks[1].on


def checked(rows: list[LoggedRecording], since: int) -> list[LoggedRecording]:
    """Return the same, checked by a person from a day on."""
    return [
        replace(r, basis=Basis.REVIEWED)
        if (r.started_at.date() - FIRST).days >= since
        else r
        for r in rows
    ]


def test_a_person_who_begins_to_check_bursts_makes_no_change(
    history: Make, recording: Make
) -> None:
    """Four of ten found bursts are left from day 180 on."""
    rows = drawn(recording, lambda d: 2.0 if d < 180 else 0.8, lambda _: 0.05)
    assert Measure.EPISODES_PER_MIN in clear(progress_of(history(*rows)))
    found = progress_of(history(*checked(rows, 180)))
    assert clear(found) == []
    assert found.breaks == ()


def test_a_person_who_begins_to_check_bursts_is_no_other_lamp(
    history: Make, recording: Make
) -> None:
    """What is found by mistake goes on both sides on the day of the first review."""
    rows = drawn(
        recording,
        lambda d: 2.5 if d < 180 else 1.0,
        lambda d: 1.6 if d < 180 else 0.1,
    )
    assert [b.what for b in progress_of(history(*rows)).breaks] == [Broken.BOTH_SIDES]
    found = progress_of(history(*checked(rows, 180)))
    assert found.breaks == ()
    assert clear(found) == []


def test_another_lamp_before_anybody_checks_bursts_is_still_told(
    history: Make, recording: Make
) -> None:
    rows = drawn(
        recording,
        lambda d: 1.0 if d < 120 else 2.5,
        lambda d: 0.1 if d < 120 else 1.6,
    )
    (told,) = progress_of(history(*checked(rows, 260))).breaks
    assert told.what is Broken.BOTH_SIDES
    assert abs((told.on - FIRST).days - 120) <= 6


def test_a_change_stays_clear_where_every_other_recording_is_checked(
    history: Make, recording: Make
) -> None:
    rows = drawn(recording, lambda d: 0.5 if d < 180 else 2.5, lambda _: 0.05)
    mixed = [
        replace(r, basis=Basis.REVIEWED) if n % 2 else r for n, r in enumerate(rows)
    ]
    assert Measure.EPISODES_PER_MIN in clear(progress_of(history(*mixed)))


def test_false_alarms_on_both_sides_are_a_warning_and_no_change(
    history: Make, recording: Make
) -> None:
    rows = drawn(
        recording,
        lambda d: 1.0 if d < 180 else 2.5,
        lambda d: 0.1 if d < 180 else 1.6,
    )
    found = progress_of(history(*rows))
    (told,) = found.breaks
    assert told.what is Broken.BOTH_SIDES
    assert abs((told.on - FIRST).days - 180) <= 6
    assert clear(found) == []
    assert "both sides at once" in reading_texts(found)[0]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (lambda d: 2.0 if d < 180 else 0.0, lambda _: 0.2),
        (lambda _: 2.0, lambda d: 0.1 if d < 180 else 1.6),
        (lambda d: 1.0 * 4 ** (d / 365), lambda _: 0.1),
    ],
    ids=["bursts end", "the other side begins", "bursts grow"],
)
def test_what_the_face_does_is_no_break(
    history: Make,
    recording: Make,
    left: Callable[[int], float],
    right: Callable[[int], float],
) -> None:
    found = progress_of(history(*drawn(recording, left, right)))
    assert found.breaks == ()
    assert Measure.EPISODES_PER_MIN in clear(found)


@pytest.mark.parametrize("seed", range(12))
def test_bursts_that_end_amid_false_alarms_are_no_mirror(
    history: Make, recording: Make, seed: int
) -> None:
    """What is left is found by mistake, by chance for a while rather on the other side."""
    rng = np.random.default_rng(seed)
    rows = [
        recording(
            day,
            [0.5] * rng.poisson(0.45 + (2.6 if day < 90 else 0.0)),
            right=[0.5] * rng.poisson(0.55),
        )
        for day in range(0, 180, 2)
    ]
    assert [b.what for b in progress_of(history(*rows)).breaks] == []


def test_both_sides_may_follow_a_treatment(history: Make, recording: Make) -> None:
    rows = drawn(
        recording,
        lambda d: 3.0 if d < 180 else 0.4,
        lambda d: 1.5 if d < 180 else 0.2,
    )
    drug = Treatment(kind=TreatmentKind.OTHER, on=FIRST + timedelta(days=176))
    assert progress_of(history(*rows)).breaks != ()
    assert progress_of(history(*rows, treatments=(drug,))).breaks == ()


def test_a_better_camera_is_no_change(history: Make, recording: Make) -> None:
    """Three times as many are found from the day of the new camera on."""
    rows = drawn(recording, lambda d: 1.5 if d < 180 else 4.5, lambda _: 0.0)
    named = [
        replace(r, device="old" if (r.started_at.date() - FIRST).days < 180 else "new")
        for r in rows
    ]
    assert Measure.EPISODES_PER_MIN in clear(progress_of(history(*rows)))
    found = progress_of(history(*named))
    assert clear(found) == []
    (told,) = found.breaks
    assert (told.what, told.device) == (Broken.DEVICE, "new")
    assert any("another device since" in line for line in reading_texts(found))


def test_shorter_recordings_are_told(history: Make, recording: Make) -> None:
    rows = [
        recording(d, [0.5] * 3, minutes=6.0 if d < 100 else 1.0, blinks=20)
        for d in range(0, 200, 5)
    ]
    (told,) = progress_of(history(*rows)).breaks
    assert (told.what, told.before, told.after) == (Broken.LENGTH, 6.0, 1.0)
    assert any(
        "have become shorter: 6 min" in line
        for line in reading_texts(progress_of(history(*rows)))
    )


def test_less_that_can_be_measured_is_told(history: Make, recording: Make) -> None:
    rows = [
        replace(r, recorded_s=r.recorded_s * (1 if n < 20 else 2))
        for n, r in enumerate(recording(d, [0.5] * 3) for d in range(0, 200, 5))
    ]
    (told,) = progress_of(history(*rows)).breaks
    assert told.what is Broken.QUALITY
    assert told.after == pytest.approx(told.before / 2)


def test_false_alarms_are_no_second_side_where_the_first_one_varies(
    history: Make, recording: Make
) -> None:
    """Weeks of the bursting side hide what the lamp adds to it; on the other side all is from it."""
    told = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        rows, spell = [], 0.0
        for day in range(0, 365, 3):
            spell = 0.8 * spell + 0.6 * rng.normal()
            wrong = 3 * (0.05 if day < 180 else 0.75)
            own = 3 * 2.5 * np.exp(0.45 * spell - 0.1)
            rows.append(
                recording(
                    day,
                    [0.6] * rng.poisson(own + wrong),
                    right=[0.5] * rng.poisson(wrong),
                )
            )
        found = progress_of(history(*rows))
        told += any(each.what is Broken.BOTH_SIDES for each in found.breaks)
        assert Side.RIGHT not in {
            s.side
            for s in found.series
            if s.trend and s.trend.sureness is Sureness.CLEAR
        }
        unsure = [r for r in found.readings if isinstance(r, NotJudged)]
        assert all(r.after_jump for r in unsure)
        assert all("it is not known how many" in reading_text(r) for r in unsure)
    assert told == 8
