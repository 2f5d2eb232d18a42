"""What every journal promises of people and recordings."""

from __future__ import annotations

import inspect
import math
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest

from twitch_tracker.errors import (
    BadParameter,
    LoggedForAnother,
    UnknownEntry,
    UnknownPatient,
)
from twitch_tracker.history import Basis, Task
from twitch_tracker.journal.entries import LogOutcome, ReviewAction, TimeKnown
from twitch_tracker.journal.journal import Journal
from twitch_tracker.records import HardlyOpen
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval


def test_has_every_member_of_the_protocol(journal):
    for name, member in inspect.getmembers(Journal):
        if not name.startswith("_") and callable(member):
            wanted = inspect.signature(member)
            assert inspect.signature(getattr(type(journal), name)) == wanted, name
    assert isinstance(Journal.place, property)


# --- people -----------------------------------------------------------------


def test_people_are_listed_by_pseudonym(journal):
    journal.add_patient("zoe", "left handed")
    journal.add_patient("ben")
    assert [p.patient_id for p in journal.patients()] == ["anna", "ben", "zoe"]
    assert journal.patient("zoe").notes == "left handed"


@pytest.mark.parametrize("name", ["", " anna", "a/b", "a\\b", "a\nb", "x" * 81, "-x"])
def test_a_pseudonym_that_cannot_be_typed_or_listed_is_refused(journal, name):
    with pytest.raises(BadParameter, match="patient: expected a pseudonym"):
        journal.add_patient(name)


@pytest.mark.parametrize("name", ["anna", "Anna", "ANNA"])
def test_a_pseudonym_is_taken_also_in_other_capitals(journal, name):
    with pytest.raises(BadParameter, match="already has a patient 'anna'"):
        journal.add_patient(name)


def test_an_unknown_person_is_named_with_advice(journal):
    for ask in (journal.patient, journal.history, journal.diary, journal.recordings):
        with pytest.raises(UnknownPatient, match=r"'bob'.*patient add bob"):
            ask("bob")


def test_renaming_keeps_everything(journal, make_analysis):
    journal.log("anna", make_analysis())
    journal.rename_patient("anna", "a17")
    assert len(journal.recordings("a17")) == 1
    with pytest.raises(UnknownPatient):
        journal.patient("anna")


def test_capitals_of_the_own_pseudonym_can_be_changed(journal):
    journal.add_patient("ben")
    with pytest.raises(BadParameter):
        journal.rename_patient("ben", "Anna")
    assert journal.rename_patient("anna", "Anna").patient_id == "Anna"


# --- logging ----------------------------------------------------------------


def test_what_goes_in_comes_out(journal, make_analysis):
    given = make_analysis()
    logged = journal.log("anna", given)
    found = journal.analysis(logged.recording_id)
    assert [b.key for b in found.bursts] == ["d1", "d2", "d3", "d4"]
    for burst, episode in zip(found.bursts, given.episodes, strict=True):
        assert repr(burst.episode) == repr(episode)  # repr: NaN equals NaN
    assert repr(found.blinks) == repr(given.blinks)
    assert found.excluded == given.excluded
    assert found.parameters == given.parameters
    assert found.summary == given.summary
    assert found.method == given.method
    assert (found.recorded_s, found.analysable_s) == (600.0, 590.0)
    assert found.rest_asymmetry == -0.1


def test_the_same_file_twice_is_one_recording(journal, make_analysis):
    first = journal.log("anna", make_analysis())
    again = journal.log("anna", make_analysis())
    assert first.outcome is LogOutcome.NEW_RECORDING
    assert again.outcome is LogOutcome.NOTHING_NEW
    assert again.recording_id == first.recording_id
    assert len(journal.recordings("anna")) == 1


def test_newer_software_makes_a_revision_that_counts_and_the_old_one_is_kept(
    journal, make_analysis, other_method
):
    old = make_analysis()
    new = replace(old, method=other_method, episodes=old.episodes[:2])
    journal.log("anna", old)
    logged = journal.log("anna", new)
    assert (logged.outcome, logged.revision) == (LogOutcome.NEW_REVISION, 2)
    (entry,) = journal.recordings("anna")
    assert (entry.revision, entry.bursts_right, entry.bursts_left) == (2, 2, 0)
    assert len(journal.analysis(logged.recording_id, 1).bursts) == 4
    (counted,) = journal.history("anna").recordings
    assert counted.method == other_method
    assert counted.sides[Side.RIGHT].episodes == 2


def test_a_version_that_measures_the_same_is_nothing_new(journal, make_analysis):
    old = make_analysis()
    journal.log("anna", old)
    newer = replace(old, method=replace(old.method, software_version="9.9"))
    assert journal.log("anna", newer).outcome is LogOutcome.NOTHING_NEW


def test_one_changed_number_is_a_new_revision(journal, make_analysis, burst):
    old = make_analysis()
    journal.log("anna", old)
    changed = (replace(old.episodes[0], lag_s=0.01), *old.episodes[1:])
    new = replace(old, episodes=changed)
    assert journal.log("anna", new).outcome is LogOutcome.NEW_REVISION


def test_a_recording_of_somebody_else_is_refused_unless_told(journal, make_analysis):
    journal.add_patient("ben")
    journal.log("anna", make_analysis())
    with pytest.raises(LoggedForAnother) as refused:
        journal.log("ben", make_analysis())
    assert "anna" not in str(refused.value), "not everybody may know whose it is"
    (there,) = journal.recordings("anna")
    assert refused.value.recording_id == there.recording_id
    with pytest.raises(LoggedForAnother):
        journal.log_many("ben", [make_analysis(2), make_analysis(1)])
    assert journal.recordings("ben") == ()
    journal.log("ben", make_analysis(), allow_other_patient=True)
    assert journal.log("ben", make_analysis()).outcome is LogOutcome.NOTHING_NEW


def test_the_future_and_a_time_without_a_zone_are_refused(
    journal, make_analysis, clock
):
    soon = clock.now + timedelta(minutes=4)
    late = clock.now + timedelta(minutes=6)
    with pytest.raises(BadParameter, match=r"started_at.*not in the future"):
        journal.log("anna", make_analysis(started_at=late))
    with pytest.raises(BadParameter, match=r"started_at.*time zone"):
        journal.log("anna", make_analysis(started_at=datetime(2026, 1, 1)))  # noqa: DTZ001
    journal.log("anna", make_analysis(started_at=soon))  # clocks differ a little


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content_sha256", ""),
        ("content_sha256", "AB" * 32),
        ("recorded_s", math.nan),
        ("analysable_s", -1.0),
    ],
)
def test_nonsense_is_refused_by_name(journal, make_analysis, name, value):
    with pytest.raises(BadParameter, match=name):
        journal.log("anna", make_analysis(**{name: value}))
    assert journal.recordings("anna") == ()


def test_the_local_time_of_a_recording_is_kept(journal, make_analysis):
    """Half past eleven in the evening in Kathmandu stays that day."""
    zone = timezone(timedelta(hours=5, minutes=45))
    at = datetime(2026, 5, 1, 23, 30, tzinfo=zone)
    journal.log("anna", make_analysis(started_at=at))
    (entry,) = journal.recordings("anna")
    assert entry.started_at == at
    assert entry.started_at.date() == at.date()
    (counted,) = journal.history("anna").recordings
    assert counted.started_at.isoformat() == at.isoformat()


def test_recordings_come_in_order_of_time(journal, make_analysis):
    journal.log_many("anna", [make_analysis(n) for n in (5, 2, 9, 1)])
    names = [entry.file_name for entry in journal.recordings("anna")]
    assert names == ["film1.mp4", "film2.mp4", "film5.mp4", "film9.mp4"]
    listed = [entry.recording_id for entry in journal.recordings("anna")]
    counted = [r.recording_id for r in journal.history("anna").recordings]
    assert counted == listed


def test_many_are_logged_all_or_none(journal, make_analysis):
    bad = make_analysis(2, recorded_s=math.inf)
    with pytest.raises(BadParameter):
        journal.log_many("anna", [make_analysis(1), bad])
    assert journal.recordings("anna") == ()
    assert [change.kind for change in journal.changes()] == ["patient"]


def test_what_is_told_later_replaces_what_was_assumed(journal, make_analysis, clock):
    told = clock.now - timedelta(days=3)
    assumed = make_analysis(time_known=TimeKnown.FILE_DATE, task=Task.OTHER, device="")
    journal.log("anna", assumed)
    journal.log("anna", replace(assumed, started_at=told, time_known=TimeKnown.STATED))
    journal.log("anna", replace(assumed, task=Task.SMILING, device="camera"))
    (entry,) = journal.recordings("anna")
    assert (entry.started_at, entry.time_known) == (told, TimeKnown.STATED)
    assert (entry.task, entry.device) == (Task.SMILING, "camera")
    assert entry.revision == 1


def test_what_was_told_of_a_recording_can_be_corrected(journal, make_analysis, clock):
    logged = journal.log("anna", make_analysis())
    at = clock.now - timedelta(days=100)
    entry = journal.change_recording(
        logged.recording_id, started_at=at, task=Task.SPEECH, note="in the car"
    )
    assert (entry.started_at, entry.task, entry.note) == (at, Task.SPEECH, "in the car")
    assert entry.device == "phone"
    with pytest.raises(BadParameter, match="future"):
        journal.change_recording(
            logged.recording_id, started_at=clock.now + timedelta(days=1)
        )


@pytest.mark.parametrize("name", ["99", "", "x", "-1", "1.0", "9" * 30])
def test_an_unknown_recording_is_named(journal, name):
    with pytest.raises(UnknownEntry, match=name or "no recording ''"):
        journal.recording(name)
    with pytest.raises(UnknownEntry):
        journal.analysis(name)


def test_an_unknown_revision_is_named(journal, make_analysis):
    logged = journal.log("anna", make_analysis())
    with pytest.raises(UnknownEntry, match="no revision 7; it has 1 to 1"):
        journal.analysis(logged.recording_id, 7)


def test_a_number_is_never_given_twice(journal, make_analysis):
    first = journal.log("anna", make_analysis(1)).recording_id
    journal.remove_recording(first)
    assert journal.log("anna", make_analysis(2)).recording_id != first


# --- totals -----------------------------------------------------------------


def test_the_history_totals_what_was_detected(journal, make_analysis):
    """On the right: 0.5 s, then 2 s, then (unseen in between) 0.25 s."""
    journal.log("anna", make_analysis())
    (counted,) = journal.history("anna").recordings
    right, left = counted.sides[Side.RIGHT], counted.sides[Side.LEFT]
    assert right.durations_s.tolist() == [0.5, 2.0, 0.25]
    assert right.pauses_s.tolist() == [9.5], "98 s had 10 unmeasured ones in them"
    assert right.excursions_mm.tolist() == [2.0, 2.0, 2.0]
    assert right.with_region[Region.EYELID] == 3
    assert right.with_region[Region.MOUTH_CORNER] == 1
    assert right.with_region[Region.BROW] == 0
    assert (right.both_regions, right.brow_lifts, right.over_1s) == (1, 1, 1)
    assert left.durations_s.tolist() == [1.0]
    assert np.isnan(left.excursions_mm).tolist() == [True]
    assert right.durations_s.dtype == np.float32
    assert (counted.blinks, counted.rest_asymmetry) == (1, -0.1)
    assert (counted.recorded_s, counted.analysable_s) == (600.0, 590.0)
    assert counted.task is Task.REST
    assert counted.device == "phone"
    assert counted.basis is Basis.DETECTED


def test_a_recording_without_bursts_counts_with_none(journal, make_analysis):
    journal.log("anna", make_analysis(episodes=(), blinks=(), rest_asymmetry=math.nan))
    (counted,) = journal.history("anna").recordings
    assert all(counted.sides[side].episodes == 0 for side in Side)
    assert math.isnan(counted.rest_asymmetry)


def test_an_empty_history_is_empty(journal):
    history = journal.history("anna")
    assert (history.recordings, history.diary, history.treatments) == ((), (), ())
    assert history.patient.patient_id == "anna"


# --- signals ----------------------------------------------------------------


@pytest.fixture
def signals(tmp_path):
    path = tmp_path / "signals.parquet"
    path.write_bytes(b"PAR1 some signals PAR1")
    return path


def test_signals_are_copied_with_their_hash(journal, make_analysis, signals):
    logged = journal.log("anna", make_analysis(signals=signals))
    original = signals.read_bytes()
    signals.unlink()
    found = journal.analysis(logged.recording_id)
    assert found.signals is not None
    assert found.signals.read_bytes() == original
    assert len(found.signals_sha256) == 64
    assert found.signals.is_relative_to(journal.home)


def test_removing_a_recording_removes_its_signals(journal, make_analysis, signals):
    logged = journal.log("anna", make_analysis(signals=signals))
    path = journal.analysis(logged.recording_id).signals
    journal.remove_recording(logged.recording_id)
    assert not path.exists()
    assert not path.parent.exists()
    assert journal.recordings("anna") == ()
    assert journal.check() == ()


def test_signals_that_two_people_share_stay_for_the_other(
    journal, make_analysis, signals
):
    journal.add_patient("ben")
    journal.log("anna", make_analysis(signals=signals))
    kept = journal.log("ben", make_analysis(signals=signals), allow_other_patient=True)
    journal.forget_patient("anna")
    assert journal.analysis(kept.recording_id).signals.is_file()
    assert journal.check() == ()


# --- forgetting -------------------------------------------------------------


def test_forgetting_removes_everything_but_the_fact(
    journal, make_analysis, signals, clock
):
    journal.add_patient("ben", "a neighbour")
    logged = journal.log("ben", make_analysis(signals=signals))
    journal.log("anna", make_analysis(2))
    path = journal.analysis(logged.recording_id).signals
    assert journal.forget_patient("ben") == 1
    assert [p.patient_id for p in journal.patients()] == ["anna"]
    assert not path.exists()
    last = journal.changes()[-1]
    assert (last.action, last.kind, last.name) == ("forget", "patient", "")
    assert last.at == clock.now
    assert "ben" not in repr(journal.changes())
    assert "neighbour" not in repr(journal.changes())
    assert len(journal.recordings("anna")) == 1


# --- audit ------------------------------------------------------------------


def test_every_change_is_dated_and_attributable(opener, make_analysis, clock):
    first = opener(by="eva")
    first.add_patient("anna")
    clock.go(days=1)
    second = opener(by="dr. ito")
    logged = second.log("anna", make_analysis())
    second.change_recording(logged.recording_id, device="camera")
    changes = second.changes("anna")
    told = [(c.by, c.action, c.kind, c.name) for c in changes]
    assert told == [
        ("eva", "add", "patient", "anna"),
        ("dr. ito", "log", "recording", logged.recording_id),
        ("dr. ito", "change", "recording", logged.recording_id),
    ]
    assert changes[1].at == clock.now
    assert changes[1].at - changes[0].at == timedelta(days=1)
    assert changes[2].before == {"device": "phone"}
    assert changes[2].after == {"device": "camera"}


def test_what_changes_nothing_leaves_no_line(journal, make_analysis):
    logged = journal.log("anna", make_analysis())
    before = journal.changes()
    journal.log("anna", make_analysis())
    journal.change_recording(logged.recording_id, device="phone")
    journal.change_patient("anna", notes="")
    assert journal.changes() == before


# --- long lists -------------------------------------------------------------


@pytest.fixture
def five(journal, make_analysis):
    """Log five recordings of anna, not in order of time, and one of ben."""
    journal.add_patient("ben")
    for number in (3, 1, 5, 2, 4):
        journal.log("anna", make_analysis(number))
    journal.log("ben", make_analysis(9))
    return [entry.recording_id for entry in journal.recordings("anna")]


def test_an_overview_holds_every_recording_in_order_of_time(journal, five):
    entries = journal.recordings("anna")
    brief = journal.overview("anna")
    names = ("recording_id", "started_at", "task", "reviewed_by")
    for one, entry in zip(brief, entries, strict=True):
        told = [getattr(one, name) for name in names]
        assert told == [getattr(entry, name) for name in names]
    times = [one.started_at for one in brief]
    assert times == sorted(times)
    assert len(set(times)) == 5


def test_an_overview_says_whose_review_counts(journal, five):
    for rater in ("eva", "ben"):
        for key in ("d1", "d2", "d3", "d4"):
            journal.review(five[1], rater, ReviewAction.CONFIRM, key)
        journal.finish_review(five[1], rater)
    journal.review(five[2], "eva", ReviewAction.CONFIRM, "d1")
    assert [b.reviewed_by for b in journal.overview("anna")] == ["", "ben", "", "", ""]


def test_recordings_by_name_are_those_of_the_whole_list(journal, five):
    entries = journal.recordings("anna")
    wanted = [five[3], five[0], five[3]]
    assert journal.recordings("anna", wanted) == (entries[0], entries[3])
    assert journal.recordings("anna", []) == ()


def test_names_that_are_no_recording_of_the_person_are_passed_over(journal, five):
    (of_ben,) = journal.overview("ben")
    names = [of_ben.recording_id, "99999", "-1", "x", "1 or 1=1", "٣", "9" * 30]
    assert journal.recordings("anna", names) == ()
    assert journal.recordings("anna", [*names, five[4]])[0].recording_id == five[4]


def test_contents_are_those_of_everybody(journal, five):
    assert journal.contents() == {f"{n:064x}" for n in (1, 2, 3, 4, 5, 9)}
    journal.forget_patient("ben")
    assert f"{9:064x}" not in journal.contents()


# --- what was only partly seen ----------------------------------------------


def test_cut_off_bursts_and_eyes_hardly_open_are_kept(
    opener, journal, make_analysis, burst
):
    shut = (HardlyOpen(span=Interval(start_s=40.0, end_s=90.5), side=Side.LEFT),)
    bursts = (
        burst(0.0, 1.0, onset_cut=True),
        burst(20.0, 22.0, bilateral=True),
        burst(21.0, 23.0, Side.LEFT, bilateral=True),
        burst(99.0, 100.0, offset_cut=True),
    )
    given = make_analysis(episodes=bursts, hardly_open=shut)
    name = journal.log("anna", given).recording_id
    for opened in (journal, opener()):
        analysis = opened.analysis(name)
        assert repr([b.episode for b in analysis.bursts]) == repr(list(bursts))
        assert analysis.hardly_open == shut
        (counted,) = opened.history("anna").recordings
        right, left = counted.sides[Side.RIGHT], counted.sides[Side.LEFT]
        assert right.onset_cut.tolist() == [True, False, False]
        assert right.offset_cut.tolist() == [False, False, True]
        assert (right.bilateral, left.bilateral) == (1, 1)
        assert (right.hardly_open_s, left.hardly_open_s) == (0.0, 50.5)
        assert opened.check() == ()


def test_another_end_that_was_not_seen_is_another_analysis(journal, make_analysis):
    """Not looked for is as before; a burst that is cut off now is news."""
    given = make_analysis()
    journal.log("anna", given)
    again = journal.log("anna", replace(given, hardly_open=()))
    assert again.outcome is LogOutcome.NOTHING_NEW
    first, *others = given.episodes
    cut = (replace(first, onset_cut=True), *others)
    told = journal.log("anna", replace(given, episodes=cut))
    assert told.outcome is LogOutcome.NEW_REVISION


def test_a_review_keeps_what_was_cut_off(journal, make_analysis, burst):
    given = make_analysis(episodes=(burst(0.0, 1.0, onset_cut=True),))
    name = journal.log("anna", given).recording_id
    after = burst(0.0, 2.0, onset_cut=True, offset_cut=True)
    added = burst(1.5, 1.75, Side.LEFT)
    journal.review(name, "eva", ReviewAction.CHANGE, "d1", after=after)
    journal.review(name, "eva", ReviewAction.ADD, after=added)
    journal.finish_review(name, "eva")
    changed, new = (b.episode for b in journal.reviewed_bursts(name))
    assert (changed.onset_cut, changed.offset_cut) == (True, True)
    assert (changed.bilateral, new.bilateral) == (True, True)
    (counted,) = journal.history("anna", Basis.REVIEWED).recordings
    assert counted.sides[Side.RIGHT].cut_off == 1
    assert counted.sides[Side.LEFT].bilateral == 1
    assert journal.check() == ()


def test_what_a_face_did_apart_from_bursts_is_a_new_revision_of_the_same_film(
    journal, make_analysis
):
    """An older analysis does not know it; of the newer one it is in the history."""
    older = make_analysis()
    journal.log("anna", older)
    assert math.isnan(journal.history("anna").recordings[0].face.long_closures)
    face = {"long_closures": 2.0, "closure_reach_left": 0.5, "brow_reach_left_mm": None}
    newer = replace(older, summary={**older.summary, "face": face})
    assert journal.log("anna", newer).revision == 2
    assert journal.log("anna", newer).revision == 2, "the same again is nothing new"
    (found,) = journal.history("anna").recordings
    assert (found.face.long_closures, found.face.closure_reach_left) == (2.0, 0.5)
    assert math.isnan(found.face.brow_reach_left_mm)
