"""The average cycle of injections as a drawing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace

from twitch_tracker.app.course.cycle_view import cycle_view
from twitch_tracker.app.templating import _environment
from twitch_tracker.history import TaskKind
from twitch_tracker.progression.results import Cycle, CyclePoint, Estimate, OneCycle
from twitch_tracker.regions import Side

ON = date(2026, 1, 1)


def about(value, by=0.1):
    return Estimate(value=value, low=value - by, high=value + by)


def found(injections=(), **changes):
    """100 % on the day, a fifth in week 3, all of it back in week 16."""
    curve = tuple(
        CyclePoint(day=day, over_untreated=about(value), recordings=3)
        for day, value in ((0, 1.0), (7, 0.6), (20, 0.2), (60, 0.4), (112, 1.0))
    )
    told = {
        "side": Side.LEFT, "kind": TaskKind.REST, "injections": 4, "is_clear": True,
        "half_way_day": about(80.0, 9), "onset_day": about(5.0, 2),
        "best_day": about(21.0, 6), "best": about(0.2), "curve": curve, "last_on": ON,
    }  # fmt: skip
    cycle = Cycle(**{**told, **changes})
    return SimpleNamespace(judged=(Side.LEFT,), cycles=(cycle,), injections=injections)


def test_the_curve_goes_down_and_up_again():
    view = cycle_view(found(), ON + timedelta(days=58))
    ys = [float(place.split(",")[1]) for place in view.line[1:].split("L")]
    assert ys[0] < ys[2] > ys[-1], "down on a screen is a larger number"
    assert view.key == "left"
    assert "4 of them laid over each other" in view.title


def test_where_this_cycle_stands_is_told():
    view = cycle_view(found(), ON + timedelta(days=58))
    assert view.stands == (
        "Now: week 9 since the injection of 1 Jan 2026; usually half of the effect is "
        "gone in week 12."
    )
    assert 0 < view.now_x < 100
    later = cycle_view(found(), ON + timedelta(days=400))
    assert (later.stands, later.now_x) == ("", None)


def test_what_is_not_told_is_said():
    view = cycle_view(found(onset_day=None, half_way_day=None), ON)
    told = {fact.label: fact.value for fact in view.facts}
    assert told["Half of the effect is gone"] == "not known yet"
    assert told["Day of the fewest bursts"] == "week 4"
    assert told["At their fewest, bursts are"].startswith("20")


def test_nothing_is_drawn_of_a_side_that_is_not_judged():
    given = found()
    given.judged = ()
    assert cycle_view(given, ON) is None


def test_injections_of_which_nothing_is_clear_are_not_passed_over_in_silence():
    """Who asks whether it helped reads that this is not clear yet, and where it stands."""
    given = found(
        (injected(0, None),), is_clear=False, curve=(), half_way_day=None, best=None
    )
    view = cycle_view(given, ON + timedelta(days=58))
    assert view.stands == "Now: week 9 since the injection of 1 Jan 2026."
    assert view.open.startswith("Bursts do not clearly follow the 4 injections")
    module = _environment().get_template("cycle.html.j2").module
    drawn = str(module.section(view))
    assert "<svg" not in drawn
    assert view.open in drawn
    assert "30 % (20 to 40 %)" in drawn, "each injection by itself"
    assert cycle_view(given, ON + timedelta(days=400)) is None, "long over"


def injected(days, wear_off_day):
    return SimpleNamespace(
        side=Side.LEFT,
        kind=TaskKind.REST,
        treatment=SimpleNamespace(on=ON - timedelta(days=days)),
        peak_over_before=about(0.3),
        wear_off_day=wear_off_day,
    )


def test_each_injection_is_a_line_and_a_row_beside_the_average():
    each = tuple(
        OneCycle(on=ON - timedelta(days=days), days=(8, 25), over_untreated=(0.5, 0.2))
        for days in (182, 91, 0)
    )
    alone = (injected(182, about(70.0)), injected(91, None))
    view = cycle_view(found(alone, each=each), ON)
    assert [line.name for line in view.ones] == [
        "3 Jul 2025",
        "2 Oct 2025",
        "1 Jan 2026",
    ]
    assert [line.is_latest for line in view.ones] == [False, False, True]
    assert view.ones[0].path.count("L") == 1
    newest, older = view.rows
    assert (newest.day, newest.half_gone) == ("2 Oct 2025", "not known")
    assert (older.day, older.half_gone) == ("3 Jul 2025", "week 11")
    assert older.at_best == "30 % (20 to 40 %)"


def test_the_weeks_below_the_curve_have_room_and_are_not_cut_off():
    """A label centred at an edge would be half outside the picture; long ones overlap."""
    view = cycle_view(found(), ON)
    assert [label for _, label in view.x_ticks][:2] == ["0", "4"]
    drawn = str(_environment().get_template("cycle.html.j2").module.plot(view))
    anchors = dict(
        re.findall(r'<text class="x" x="([\d.]+)%" .*?anchor="(\w+)"', drawn)
    )
    assert anchors.pop("0.0") == "start"
    assert {x for x, anchor in anchors.items() if anchor != "middle"} == {
        x for x in anchors if float(x) > 97
    }
