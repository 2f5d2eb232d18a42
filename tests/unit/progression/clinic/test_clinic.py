"""What clinicians are shown: average cycle, between bursts, signs, tasks over rest, HFS-7, HFS-30."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from twitch_tracker.history import (
    DIARY_INFLUENCES,
    DiaryEntry,
    Task,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.progression.clinic.between import between_bursts
from twitch_tracker.progression.clinic.eyes import eyes_shut
from twitch_tracker.progression.clinic.questionnaire import questionnaire_change
from twitch_tracker.progression.clinic.signs import STANDS_OUT
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.recordings.phases import treatments_of
from twitch_tracker.progression.results import (
    Between,
    Estimate,
    Progression,
    Sign,
    SignSeen,
)
from twitch_tracker.records import FaceNumbers
from twitch_tracker.regions import Side
from twitch_tracker.report.progress.clinic import clinic_view
from twitch_tracker.wording.clinic.between import between_text, shut_text
from twitch_tracker.wording.clinic.signs import (
    provoked_text,
    questionnaire_text,
    sign_meaning,
    sign_text,
)

Make = Callable[..., Any]
FIRST = date(2024, 1, 1)
LEFT, RIGHT = Side.LEFT, Side.RIGHT


def treated(day: int, kind: TreatmentKind) -> Treatment:
    return Treatment(kind=kind, on=FIRST + timedelta(days=day), side=LEFT)


def seen(found: Progression, sign: Sign) -> SignSeen:
    (one,) = (one for one in found.signs if one.sign is sign and one.side is LEFT)
    return one


# --- the average cycle ----------------------------------------------------------------


def test_the_average_cycle_of_four_injections(history: Make, recording: Make) -> None:
    """Two thirds gone from day 3 on, back between days 60 and 90; every day recorded."""
    rng = np.random.default_rng(0)
    days = [100, 200, 300, 400]
    rows = []
    for day in range(0, 500, 2):
        after = min((day - on for on in days if on <= day), default=999)
        left = np.interp(after, [0, 2, 4, 60, 90], [1, 1, 0.33, 0.33, 1])
        n = rng.poisson(3 * 3.0 * left * rng.gamma(10, 0.1))
        rows.append(recording(day, [0.3] * n))
    given = tuple(treated(day, TreatmentKind.BOTULINUM_TOXIN) for day in days)
    found = progress_of(history(*rows, treatments=given))
    (cycle,) = (one for one in found.cycles if one.side is LEFT)
    assert cycle.is_clear
    by_day = {point.day: point.over_untreated for point in cycle.curve}
    for day in (15, 25, 40, 55):
        assert by_day[day].low < 0.36 < by_day[day].high + 0.05
    assert by_day[100].low < 1 < by_day[100].high
    assert cycle.onset_day is not None
    assert cycle.onset_day.low < 3.5 < cycle.onset_day.high
    assert cycle.best is not None
    assert cycle.best.low < 0.36
    assert cycle.last_on == given[-1].on
    assert treatments_of(given, TreatmentKind.BOTULINUM_TOXIN, LEFT)[-1] == given[-1]


def test_without_an_effect_there_is_no_cycle_to_draw(
    history: Make, recording: Make
) -> None:
    rng = np.random.default_rng(1)
    rows = [recording(d, [0.3] * rng.poisson(9)) for d in range(0, 400, 3)]
    given = tuple(
        treated(day, TreatmentKind.BOTULINUM_TOXIN) for day in (100, 200, 300)
    )
    for cycle in progress_of(history(*rows, treatments=given)).cycles:
        assert not cycle.is_clear
        assert cycle.curve == ()
        assert cycle.best is None


# --- between bursts -------------------------------------------------------------------


def closing(recording: Make, day: int, left: float, right: float) -> Any:
    face = FaceNumbers(closure_reach_left=left, closure_reach_right=right)
    return replace(recording(day, task=Task.FORCED_CLOSURE), face=face)


def test_a_weaker_closure_is_told_as_a_ratio_with_its_interval(recording: Make) -> None:
    rng = np.random.default_rng(0)
    rows = [
        closing(recording, day, 0.6 + rng.normal(0, 0.03), 0.95 + rng.normal(0, 0.03))
        for day in range(0, 60, 10)
    ]
    (found,) = between_bursts(rows, ())
    assert found.what is Between.CLOSURE
    assert found.recordings == 6
    assert found.right_to_left.low < 0.95 / 0.6 < found.right_to_left.high
    assert found.right_to_left.high - found.right_to_left.low < 0.4
    assert found.earlier is None
    assert "right over left" in between_text(found)


def test_before_and_after_an_operation_are_never_mixed(recording: Make) -> None:
    """Even before it; the left side closes by half after it."""
    rows = [
        closing(recording, day, 0.95, 0.95 + 0.01 * (day % 3)) for day in (0, 7, 14)
    ]
    rows += [closing(recording, day, 0.5, 0.95) for day in (30, 37)]
    given = (treated(20, TreatmentKind.MICROVASCULAR_DECOMPRESSION),)
    (found,) = between_bursts(rows, given)
    assert (found.recordings, found.earlier_recordings) == (2, 3)
    assert found.right_to_left.value == pytest.approx(1.9)
    assert np.isnan(found.right_to_left.low), "two recordings have no interval"
    assert found.earlier is not None
    assert found.earlier.value == pytest.approx(1.0, abs=0.03)


def test_what_was_not_measured_is_left_out(recording: Make) -> None:
    rows = [recording(day, asymmetry=0.02) for day in range(4)]
    rows += [recording(5, task=Task.SMILING)]
    (found,) = between_bursts(rows, ())
    assert found.what is Between.EYES_AT_REST
    assert found.right_to_left.value == pytest.approx(0.02)
    assert between_bursts((), ()) == ()


# --- what tells apart -----------------------------------------------------------------


def test_bursts_on_both_sides_at_once_stand_out(history: Make, recording: Make) -> None:
    def at_once(day: int, share: float) -> Any:
        made = recording(day, [0.5] * 10, right=[0.5] * 10)
        sides = {
            side: replace(totals, bilateral=round(10 * share))
            for side, totals in made.sides.items()
        }
        return replace(made, sides=sides)

    together = progress_of(history(*(at_once(d, 0.9) for d in range(0, 60, 6))))
    assert seen(together, Sign.BOTH_TOGETHER).stands_out
    assert seen(together, Sign.BOTH_TOGETHER).value.value == pytest.approx(0.9)
    apart = progress_of(history(*(at_once(d, 0.1) for d in range(0, 60, 6))))
    assert not seen(apart, Sign.BOTH_TOGETHER).stands_out
    assert "10 %" in sign_text(seen(apart, Sign.BOTH_TOGETHER))
    assert "blepharospasm" in sign_meaning(seen(apart, Sign.BOTH_TOGETHER))


@pytest.mark.parametrize(("brow", "out"), [(6, True), (2, False), (0, False)])
def test_the_eyebrow_that_rises_with_closure(
    history: Make, recording: Make, totals: Make, brow: int, out: bool
) -> None:
    rows = []
    for day in range(0, 60, 6):
        made = recording(day)
        sides = {LEFT: totals([0.5] * 10, brow=brow), RIGHT: totals()}
        rows.append(replace(made, sides=sides))
    found = seen(progress_of(history(*rows)), Sign.BROW_LIFT)
    assert (found.counted, found.of) == (10 * brow, 100)
    assert found.stands_out is out


@pytest.mark.parametrize(("length", "spread", "out"), [(0.15, 5, True), (0.15, 10, False), (0.6, 5, False)])  # fmt: skip
def test_quick_bursts_stand_out_only_when_they_change_place(
    history: Make, recording: Make, totals: Make, length: float, spread: int, out: bool
) -> None:
    """Half of them at the mouth, half at the eye; or all of them at the eye."""
    rows = []
    for day in range(0, 60, 6):
        own = totals([length] * 10, mouth=10 - spread)
        regions = {**own.with_region, "eyelid": spread}
        own = replace(own, with_region=regions)
        rows.append(replace(recording(day), sides={LEFT: own, RIGHT: totals()}))
    assert seen(progress_of(history(*rows)), Sign.QUICK).stands_out is out


@pytest.mark.parametrize(("length", "size", "out"), [(1.2, 0.5, True), (0.3, 0.5, False), (1.2, 3.0, False)])  # fmt: skip
def test_flicker_is_fine_and_goes_on(
    history: Make, recording: Make, totals: Make, length: float, size: float, out: bool
) -> None:
    rows = []
    for day in range(0, 60, 6):
        own = totals([length] * 100)
        own = replace(own, excursions_mm=np.full(100, size, np.float32))
        rows.append(replace(recording(day), sides={LEFT: own, RIGHT: totals()}))
    assert seen(progress_of(history(*rows)), Sign.FLICKER).stands_out is out


def test_weakness_and_movement_along_are_of_the_twitching_side(
    history: Make, recording: Make
) -> None:
    rows = [recording(day, [0.5] * 9) for day in range(0, 60, 6)]
    rows += [closing(recording, day + 1, 0.6, 0.9) for day in range(0, 60, 12)]
    for day in range(2, 60, 12):
        face = FaceNumbers(closure_reach_left=0.4, closure_reach_right=0.05)
        rows.append(replace(recording(day, task=Task.SMILING), face=face))
    found = progress_of(history(*sorted(rows, key=lambda row: row.started_at)))
    weaker, along = seen(found, Sign.WEAKER_CLOSURE), seen(found, Sign.MOVES_ALONG)
    assert weaker.value.value == pytest.approx(0.6 / 0.9)
    assert weaker.stands_out
    assert along.value.value == pytest.approx(0.35)
    assert along.stands_out


def test_of_a_side_that_is_not_judged_no_sign_is_told(
    history: Make, recording: Make
) -> None:
    rows = [
        recording(day, [0.5] * 9, right=[0.5] * (day % 12 == 0)) for day in range(60)
    ]
    assert {one.side for one in progress_of(history(*rows)).signs} == {LEFT}


@pytest.mark.parametrize("sign", list(Sign))
def test_every_sign_says_how_often_it_is_right(sign: Sign) -> None:
    """Of simulated people with it and without; a statement without that is not shown."""
    one = SignSeen(
        sign=sign,
        side=LEFT,
        value=Estimate(value=0.5, low=0.4, high=0.6),
        counted=5,
        of=10,
        stands_out=False,
    )
    (rightly, out), (wrongly, others) = STANDS_OUT[sign]
    assert f"{rightly} of {out} with it" in sign_meaning(one)
    assert f"{wrongly} of {others} without" in sign_meaning(one)


# --- how long an eye was closed -------------------------------------------------------


def shut(recording: Make, day: int, left_s: float, right_s: float = 0.0) -> Any:
    """Three minutes with an eye closed for some of them."""
    given = recording(day)
    seconds = {LEFT: left_s, RIGHT: right_s}
    sides = {
        side: replace(totals, hardly_open_s=seconds[side])
        for side, totals in given.sides.items()
    }
    return replace(given, sides=sides)


def test_the_time_with_an_eye_closed_is_told_for_each_side(recording: Make) -> None:
    """A tenth of the latest months and a thirtieth before; the other eye never."""
    rows = [shut(recording, day, 6.0) for day in range(0, 100, 10)]
    rows += [shut(recording, day, 12.0 + day % 4 * 4) for day in range(200, 290, 10)]
    rows.append(recording(295))  # nobody looked
    left, right = eyes_shut(rows, ())
    assert (left.side, left.recordings, left.earlier_recordings) == (LEFT, 9, 10)
    assert left.share.low < 0.0864 < left.share.high
    assert left.share.high - left.share.low < 0.05
    assert left.earlier is not None
    assert left.earlier.value == pytest.approx(6 / 180)
    assert shut_text(left).startswith("Left eye, at rest: hardly ever open for 8.6 % (")
    assert "before, 3.3 %" in shut_text(left)
    assert right.share.value == 0
    assert "Right eye, at rest: hardly ever open for 0 % of" in shut_text(right)


def test_an_operation_parts_the_time_with_an_eye_closed(recording: Make) -> None:
    rows = [shut(recording, day, 18.0 * (day < 50)) for day in range(0, 80, 10)]
    given = (treated(45, TreatmentKind.MICROVASCULAR_DECOMPRESSION),)
    left, _ = eyes_shut(rows, given)
    assert left.share.value == 0
    assert left.earlier is not None
    assert left.earlier.value == pytest.approx(0.1)
    assert eyes_shut([recording(0)], ()) == ()


def test_a_clinician_reads_it_and_how_much_could_be_measured(
    history: Make, recording: Make
) -> None:
    view = clinic_view(
        progress_of(history(*(shut(recording, d, 9.0) for d in range(9))))
    )
    assert any("Left eye" in text for text in view.shut)
    assert view.quality[0] == "9 recordings, 27 min 45 s: 97 % of it could be measured."


# --- tasks over rest, HFS-7, HFS-30 -----------------------------------------------------------


def test_tasks_are_compared_with_rest_of_the_same_day(
    history: Make, recording: Make
) -> None:
    """Twice as many in tasks on every day; bad days are the ones with the task."""
    rng = np.random.default_rng(0)
    rows = []
    for day in range(0, 120, 2):
        bad = 1 + 3 * (day % 10 == 0)
        rows.append(recording(day, [0.2] * rng.poisson(4 * bad)))
        if day % 10 == 0:
            many = rng.poisson(8 * bad)
            rows.append(recording(day, [0.2] * many, task=Task.PURSING))
    (found,) = progress_of(history(*rows)).provoked
    assert found.side is LEFT
    assert found.days == 12
    assert found.over_rest.low < 2.0 < found.over_rest.high
    assert found.over_rest.high < 3.0
    assert "on 12 days with both" in provoked_text(found)


def noted(day: int, total: float) -> DiaryEntry:
    return DiaryEntry(on=FIRST + timedelta(days=day), hfs7_total=total)


def test_the_questionnaire_is_told_against_the_change_that_matters() -> None:
    diary = [noted(0, 20), noted(90, 15), noted(120, 12)]
    given = (treated(95, TreatmentKind.BOTULINUM_TOXIN),)
    found = questionnaire_change("hfs7_total", diary, given)
    assert found is not None
    assert (found.before, found.last, found.change) == (15, 12, -3)
    assert found.treatment == given[0]
    assert found.matters
    assert "better, by at least the change that matters" in questionnaire_text(found)
    assert "2.63; 95 % interval 1.92 to 3.33" in questionnaire_text(found)
    first = questionnaire_change("hfs7_total", diary, ())
    assert first is not None
    assert (first.before, first.treatment) == (20, None)
    little = questionnaire_change("hfs7_total", [noted(0, 10), noted(9, 8)], ())
    assert little is not None
    assert not little.matters
    assert questionnaire_change("hfs7_total", [noted(0, 10)], ()) is None


def test_hfs_30_has_a_least_change_of_its_own(history: Make, recording: Make) -> None:
    """Four points of 120 are less than what matters to people, five are not."""
    diary = [
        DiaryEntry(on=FIRST + timedelta(days=day), hfs30_total=total, hfs7_total=9)
        for day, total in ((0, 50), (30, 45))
    ]
    found = progress_of(replace(history(recording(0, [0.2])), diary=tuple(diary)))
    assert found.hfs30 is not None
    assert found.hfs30.change == -5
    assert found.hfs30.matters
    said = questionnaire_text(found.hfs30)
    assert said.startswith("HFS-30: 50 on ")
    assert "4.46; 95 % interval 3.65 to 5.41" in said
    assert found.hfs7 is not None
    assert not found.hfs7.matters
    less = replace(diary[-1], hfs30_total=46)
    little = questionnaire_change("hfs30_total", [diary[0], less], ())
    assert little is not None
    assert not little.matters


def test_what_speaks_of_the_bursts_themselves_does_not_go_along_with_them() -> None:
    """A questionnaire asks how bad the bursts were; that it follows them says nothing."""
    assert not {"hfs7_total", "hfs8_total", "hfs30_total"} & set(DIARY_INFLUENCES)
