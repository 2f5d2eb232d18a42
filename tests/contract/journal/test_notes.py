"""What every journal promises of diary and treatments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from twitch_tracker.errors import BadParameter, UnknownEntry
from twitch_tracker.history import DiaryEntry, SideEffect, Treatment, TreatmentKind
from twitch_tracker.regions import Side

FULL = DiaryEntry(
    on=date(2026, 5, 1),
    stress=3.5,
    fatigue=0.0,
    sleep_hours=7.25,
    caffeine_cups=2.0,
    screen_hours=5.0,
    hfs7_total=11.0,
    hfs30_total=44.0,
    medication="carbamazepine 200 mg",
    notes="a long day; wind, and sun",
)
TOXIN = Treatment(
    kind=TreatmentKind.BOTULINUM_TOXIN,
    on=date(2026, 3, 2),
    side=Side.RIGHT,
    product="Botox",
    units=15.0,
    muscles={"orbicularis oculi": 12.5, "zygomaticus major": 2.5},
    notes="by Dr. Ito",
    side_effects=(SideEffect.PTOSIS, SideEffect.DRY_EYE),
)


def test_an_entry_comes_back_as_written(journal):
    sparse = DiaryEntry(on=date(2026, 4, 1), stress=10.0)
    assert journal.write_diary("anna", [FULL, sparse]) == 2
    assert repr(journal.diary("anna")) == repr((sparse, FULL)), "in order of day"
    assert repr(journal.history("anna").diary) == repr((sparse, FULL))


def test_a_day_has_one_entry_and_the_older_one_is_in_the_audit(journal):
    journal.write_diary("anna", [FULL])
    new = DiaryEntry(on=FULL.on, stress=9.0)
    assert journal.write_diary("anna", [new]) == 1
    assert repr(journal.diary("anna")) == repr((new,))
    last = journal.changes("anna")[-1]
    assert (last.action, last.kind, last.name) == ("change", "diary", "2026-05-01")
    assert last.before["notes"] == FULL.notes
    assert last.after["stress"] == 9.0


def test_merging_keeps_what_the_new_entry_does_not_say(journal):
    journal.write_diary("anna", [FULL])
    journal.write_diary("anna", [DiaryEntry(on=FULL.on, stress=9.0)], merge=True)
    assert repr(journal.diary("anna")) == repr((replace(FULL, stress=9.0),))


def test_the_same_entry_again_is_nothing_new(journal):
    journal.write_diary("anna", [FULL])
    before = journal.changes()
    assert journal.write_diary("anna", [FULL]) == 0
    assert journal.changes() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stress", -0.1),
        ("fatigue", 10.5),
        ("sleep_hours", 25.0),
        ("hfs7_total", 29.0),
        ("hfs30_total", 121.0),
        ("caffeine_cups", float("inf")),
    ],
)
def test_numbers_that_no_day_has_are_refused_and_nothing_is_written(
    journal, name, value
):
    bad = replace(FULL, on=date(2026, 5, 2), **{name: value})
    with pytest.raises(BadParameter, match=f"{name}: expected a number from 0 to"):
        journal.write_diary("anna", [FULL, bad])
    assert journal.diary("anna") == ()


def test_a_day_in_the_future_is_refused(journal):
    """It is noon of 1 June in UTC, so it is 2 June somewhere, but nowhere the 3rd."""
    journal.write_diary("anna", [replace(FULL, on=date(2026, 6, 2))])
    with pytest.raises(BadParameter, match="date: expected a day not in the future"):
        journal.write_diary("anna", [replace(FULL, on=date(2026, 6, 3))])
    with pytest.raises(BadParameter, match="date: expected a day not in the future"):
        journal.add_treatments("anna", [replace(TOXIN, on=date(2026, 6, 3))])


def test_side_effects_told_later_are_of_the_same_treatment(journal):
    """Told again without them it stays; told with others, it is corrected."""
    untold = replace(TOXIN, side_effects=None)
    journal.add_treatments("anna", [untold])
    journal.add_treatments("anna", [TOXIN])
    (found,) = journal.treatments("anna")
    assert found.side_effects == (SideEffect.PTOSIS, SideEffect.DRY_EYE)
    journal.add_treatments("anna", [untold])
    (found,) = journal.treatments("anna")
    assert found.side_effects == (SideEffect.PTOSIS, SideEffect.DRY_EYE)
    journal.add_treatments("anna", [replace(TOXIN, side_effects=())])
    (found,) = journal.treatments("anna")
    assert found.side_effects == ()
    last = journal.changes("anna")[-1]
    assert (last.action, last.before) == ("change", {"side_effects": "ptosis dry_eye"})


def test_an_entry_can_be_removed_and_stays_in_the_audit(journal):
    journal.write_diary("anna", [FULL])
    journal.remove_diary("anna", FULL.on)
    assert journal.diary("anna") == ()
    assert journal.changes("anna")[-1].before["stress"] == 3.5
    with pytest.raises(UnknownEntry, match="no entry for 2026-05-01"):
        journal.remove_diary("anna", FULL.on)


def test_a_treatment_comes_back_as_told(journal):
    vague = Treatment(
        kind=TreatmentKind.OTHER,
        on=date(2026, 1, 5),
        muscles={"risorius": float("nan")},
    )
    stored = journal.add_treatments("anna", [TOXIN, vague])
    found = journal.treatments("anna")
    assert repr(found) == repr((stored[1], stored[0])), "in order of day"
    assert replace(found[1], treatment_id="") == TOXIN
    assert repr(replace(found[0], treatment_id="")) == repr(vague)
    assert journal.history("anna").treatments[1] == found[1]


def test_a_treatment_is_not_entered_twice(journal):
    (first,) = journal.add_treatments("anna", [TOXIN])
    (again, other) = journal.add_treatments("anna", [TOXIN, replace(TOXIN, units=20)])
    assert again == first
    assert other.treatment_id != first.treatment_id
    assert len(journal.treatments("anna")) == 2


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"units": -1.0}, "units: expected"),
        ({"units": float("inf")}, "units: expected"),
        ({"muscles": {"risorius": -2.0}}, "units of risorius: expected"),
        ({"muscles": {" ": 2.0}}, "muscles: expected a name"),
    ],
)
def test_impossible_doses_are_refused_and_nothing_is_written(journal, changes, named):
    with pytest.raises(BadParameter, match=named):
        journal.add_treatments("anna", [TOXIN, replace(TOXIN, **changes)])
    assert journal.treatments("anna") == ()


def test_a_treatment_can_be_corrected_and_removed(journal):
    (stored,) = journal.add_treatments("anna", [TOXIN])
    journal.change_treatment(replace(stored, units=17.5))
    assert journal.treatments("anna")[0].units == 17.5
    changed = journal.changes("anna")[-1]
    assert (changed.before, changed.after) == ({"units": 15.0}, {"units": 17.5})
    journal.remove_treatment(stored.treatment_id)
    assert journal.treatments("anna") == ()
    assert journal.changes("anna")[-1].before["product"] == "Botox"
    with pytest.raises(UnknownEntry, match="no treatment"):
        journal.remove_treatment(stored.treatment_id)
    with pytest.raises(UnknownEntry, match="no treatment"):
        journal.change_treatment(stored)
