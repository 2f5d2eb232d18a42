"""How it is now against a while ago; every truth is made by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from twitch_tracker.history import Basis, Task, TaskKind, Treatment, TreatmentKind
from twitch_tracker.language import speaking
from twitch_tracker.progression.glance import Against, Direction, glance_of
from twitch_tracker.regions import Side
from twitch_tracker.units import day_text
from twitch_tracker.wording.now.glance import glance_details, glance_sentence


def bursts(n):
    return [0.4] * n


def days(recording, counts, first=0):
    """A recording of three minutes a day."""
    return [recording(first + day, bursts(n)) for day, n in enumerate(counts)]


def treated(start, day, kind=TreatmentKind.BOTULINUM_TOXIN, side=Side.LEFT):
    return Treatment(
        treatment_id="1", on=start + timedelta(days=day), kind=kind, side=side
    )


@pytest.fixture
def start(recording):
    return recording(0).started_at.date()


def test_nothing_is_said_without_a_recording(history):
    assert glance_of(history()) is None
    assert glance_sentence(None) == "Nothing is recorded yet."


def test_a_steady_person_is_as_before(history, recording):
    found = glance_of(history(*days(recording, [9, 7, 8, 9, 8, 7, 9] * 2)))
    assert (found.against, found.direction) == (Against.WEEK, Direction.SAME)
    assert found.side is Side.LEFT
    assert found.ratio.low < 1 < found.ratio.high
    assert glance_sentence(found) == "About as many bursts as the week before."
    assert any("95 % interval" in words for words in glance_details(found))


def test_a_week_of_checked_bursts_is_not_compared_with_one_of_found_ones(
    history, recording
):
    """Nine are found, of which a person leaves two."""
    rows = days(recording, [9] * 14)
    rows += [recording(14 + day, bursts(2), basis=Basis.REVIEWED) for day in range(7)]
    assert glance_of(history(*rows)).direction is not Direction.FEWER
    later = [recording(21 + day, bursts(2), basis=Basis.REVIEWED) for day in range(7)]
    assert glance_of(history(*rows, *later)).direction is not Direction.FEWER


def test_what_was_recorded_long_ago_is_not_said_of_today(history, recording):
    found = glance_of(history(*days(recording, [8] * 14)))
    last = found.last_on
    soon, late = last + timedelta(days=14), last + timedelta(days=15)
    words = "bout as many bursts as the week before."
    assert glance_sentence(found, soon) == f"A{words}"
    assert glance_sentence(found, late) == f"As of {day_text(last)}: a{words}"
    with speaking("de"):
        assert glance_sentence(found, late).startswith("Stand ")


@pytest.mark.parametrize(
    ("early", "late", "direction"),
    [(20, 4, Direction.FEWER), (4, 20, Direction.MORE)],
)
def test_five_times_as_many_or_a_fifth_is_told(
    history, recording, early, late, direction
):
    found = glance_of(history(*days(recording, [early] * 7 + [late] * 7)))
    assert (found.against, found.direction) == (Against.WEEK, direction)


def test_few_minutes_say_nothing_and_how_many_more(history, recording):
    """Two months after a side stood clear, a quiet fortnight."""
    few = [2, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0]
    rows = days(recording, [12] * 7) + days(recording, few, first=60)
    found = glance_of(history(*rows))
    assert found.direction is Direction.UNSURE
    assert found.more_recordings > 0
    words = glance_sentence(found)
    assert words.startswith("Too few minutes to say yet. It needs at least")
    assert str(found.more_recordings) in words


def test_what_mistakes_make_is_not_judged(history, recording):
    found = glance_of(history(*days(recording, [1, 0, 0, 1, 0, 0, 0] * 2)))
    assert found.direction is Direction.MISTAKES
    assert "by mistake" in glance_sentence(found)


def test_days_before_an_injection_are_not_put_with_those_after_it(
    history, recording, start
):
    """Eight bursts a day until it, two from the fifth day on: never the mean of both."""
    rows = days(recording, [24] * 14 + [24] * 4 + [2] * 20)
    found = glance_of(history(*rows, treatments=(treated(start, 14),)))
    assert (found.against, found.direction) == (Against.INJECTION, Direction.FEWER)
    assert found.since == start + timedelta(days=14)
    assert found.before.value == pytest.approx(8.0, rel=0.15)
    assert found.now.value == pytest.approx(2 / 3, rel=0.3)
    assert glance_sentence(found) == "Fewer bursts since the injection of 15 Jan 2024."


def test_an_injection_of_yesterday_is_too_recent(history, recording, start):
    found = glance_of(
        history(*days(recording, [8] * 10), treatments=(treated(start, 8),))
    )
    assert found.direction is Direction.TOO_EARLY
    assert "too recent" in glance_sentence(found)


def test_an_injection_of_the_other_side_parts_nothing(history, recording, start):
    found = glance_of(
        history(
            *days(recording, [8] * 14),
            treatments=(treated(start, 8, side=Side.RIGHT),),
        )
    )
    assert found.against is Against.WEEK


def test_provoking_tasks_are_never_put_with_rest(history, recording):
    rows = [
        *days(recording, [3] * 14),
        *(recording(d + 0.1, bursts(40), task=Task.SMILING) for d in range(14)),
    ]
    found = glance_of(history(*rows))
    assert found.kind is TaskKind.REST
    assert found.now.value == pytest.approx(1.0, rel=0.1)


def test_minutes_without_any_burst_are_told(history, recording):
    found = glance_of(history(*days(recording, [0] * 10)))
    assert found.direction is Direction.NONE
    assert glance_sentence(found).startswith("No burst in the last")


def test_as_many_is_not_said_where_a_threefold_change_could_hide(history, recording):
    """An interval from a quarter to a little over one has both in it."""
    found = glance_of(history(*days(recording, [5, 6, 4, 5, 6, 4, 5, 3, 2, 3, 3, 2])))
    assert found.ratio.low < 1 / 3
    assert 1 < found.ratio.high < 3
    assert found.direction is Direction.UNSURE


def test_days_that_differ_ask_for_more_than_chance_does(history, recording):
    """Chance alone would leave little open with so many bursts; the days leave much."""
    varied = [30, 2, 14, 4, 25, 3, 9, 14, 2, 6, 12, 1, 9, 5]
    found = glance_of(history(*days(recording, varied)))
    assert found.direction is Direction.UNSURE
    assert found.more_recordings != 1


def test_years_after_an_operation_it_is_compared_with_the_time_before(
    history, recording, start
):
    """So little is left that no week says anything of another."""
    kind = TreatmentKind.MICROVASCULAR_DECOMPRESSION
    rows = [
        *days(recording, [6, 5, 7, 6] * 7),
        *days(recording, [0, 1, 0, 0] * 7, first=500),
    ]
    found = glance_of(history(*rows, treatments=(treated(start, 30, kind),)))
    assert (found.against, found.direction) == (Against.OPERATION, Direction.FEWER)
    assert found.since == start + timedelta(days=30)
    assert found.ratio.high < 1


def test_no_burst_in_seconds_is_not_said(history, recording):
    """A busy computer filmed hardly anything of the first session."""
    found = glance_of(history(recording(0, [], minutes=0.1)))
    assert found.direction is Direction.UNSURE
    words = glance_sentence(found)
    assert words == "Too few minutes to say yet. It needs at least 1 more recording."


def test_somebody_with_many_recordings_is_not_told_of_too_few(
    history, recording, start
):
    """Of the weeks before an injection there will be no more, whatever is recorded."""
    kind = TreatmentKind.BOTULINUM_TOXIN
    before, after = [12, 0, 3, 15, 1, 0, 2], [0, 30, 2, 0, 18, 1, 0] * 3
    rows = [*days(recording, before), *days(recording, after, first=95)]
    found = glance_of(history(*rows, treatments=(treated(start, 10, kind),)))
    assert (found.against, found.direction) == (Against.INJECTION, Direction.UNSURE)
    assert found.more_recordings == 0
    words = glance_sentence(found)
    assert "Too few" not in words
    day = day_text(start + timedelta(days=10))
    assert words.endswith(f"more or fewer bursts than before the injection of {day}.")


def test_one_recording_alone_is_too_few(history, recording):
    words = glance_sentence(glance_of(history(*days(recording, [40]))))
    assert words == "Too few recordings to say whether it is more or less often."


def test_bursts_that_hardly_end_are_said_by_their_time(history, recording):
    """As few begin as ever, and they take two thirds of every recording."""
    rows = [recording(day, [60.0, 60.0]) for day in range(14)]
    found = glance_of(history(*rows))
    assert found.direction is Direction.MOSTLY
    assert found.time_share == pytest.approx(2 / 3, abs=0.01)
    words = "Bursts took 67 % of the time in the latest recordings."
    assert glance_sentence(found) == words
    longer = [recording(day, [1.0] * 6) for day in range(7)]
    later = [recording(day, [150.0]) for day in range(7, 14)]
    assert glance_of(history(*longer, *later)).direction is Direction.MOSTLY


def test_more_bursts_are_said_to_be_more_whatever_they_take(history, recording):
    rows = [recording(day, [30.0]) for day in range(7)]
    rows += [recording(day, [10.0] * 12) for day in range(7, 14)]
    assert glance_of(history(*rows)).direction is Direction.MORE
