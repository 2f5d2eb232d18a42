"""Forms whose answers do not fit, and what was changed, in plain words."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime

import pytest

from twitch_tracker.app.notes.changes_words import change_row, change_rows, is_shown
from twitch_tracker.app.notes.diary_form import TypedDay, typed_day
from twitch_tracker.app.notes.treatment_form import TreatmentForm
from twitch_tracker.history import Treatment, TreatmentKind
from twitch_tracker.journal.entries import Change

TODAY = date(2026, 6, 1)


# --- the diary's form -------------------------------------------------------------


def test_a_day_is_understood_and_can_be_shown_again():
    sent = TypedDay(
        on="2026-05-31", numbers={"stress": "7", "sleep_hours": "6,5"}, notes=" tired "
    )
    entry, problems = sent.read(TODAY)
    assert problems == {}
    assert (entry.stress, entry.sleep_hours, entry.notes) == (7.0, 6.5, "tired")
    assert math.isnan(entry.fatigue), "an open answer stays open"
    shown = typed_day(entry)
    assert shown.numbers == {"stress": "7", "sleep_hours": "6.5"}
    assert shown.on == "2026-05-31"


def test_what_does_not_fit_is_told_by_field_in_the_order_of_the_form():
    sent = TypedDay(
        on="2026-06-02",
        numbers={"hfs7_total": "29", "stress": "eleven", "caffeine_cups": "-1"},
    )
    entry, problems = sent.read(TODAY)
    assert entry is None
    assert list(problems) == ["on", "stress", "caffeine_cups", "hfs7_total"]
    assert problems["on"] == "This day is in the future."
    assert (
        problems["stress"] == "Enter a number from 0 to 10, or leave the field empty."
    )
    assert (
        problems["hfs7_total"]
        == "Enter a number from 0 to 28, or leave the field empty."
    )


@pytest.mark.parametrize("number", ["nan", "inf", "1e999", "1;2", "²"])
def test_odd_numbers_are_no_answers(number):
    _, problems = TypedDay(on="2026-05-31", numbers={"stress": number}).read(TODAY)
    assert list(problems) == ["stress"]


def fields_of(page):
    """Attributes of the fields of a page by their names."""
    found = re.findall(r'<(?:input|select|textarea) ([^>]*name="(\w+)"[^>]*)', page)
    return {name: attributes for attributes, name in found}


def test_errors_of_the_diary_stand_beside_their_fields(served, anna):
    """Everything that was typed is kept, and the page begins at the first error."""
    sent = {
        "on": "2026-05-31",
        "stress": "3",
        "fatigue": "12",
        "sleep_hours": "many",
        "notes": "a <b>",
    }
    answer = anna.post("/people/~anna/diary", data=sent)
    assert answer.status_code == 400
    fields = fields_of(answer.text)
    for name in ("fatigue", "sleep_hours"):
        assert 'aria-invalid="true"' in fields[name]
        assert f'aria-describedby="p-{name}"' in fields[name]
        assert f'id="p-{name}"' in answer.text
    assert "aria-invalid" not in fields["stress"]
    assert [n for n, a in fields.items() if "autofocus" in a] == ["fatigue"]
    assert 'value="12"' in fields["fatigue"]
    assert 'value="many"' in fields["sleep_hours"]
    assert 'value="3"' in fields["stress"]
    assert "a &lt;b&gt;" in answer.text
    with served.parts.journal() as journal:
        assert all(e.on != date(2026, 5, 31) for e in journal.diary("anna"))


def test_a_wrong_day_is_kept_as_it_was_typed(anna):
    answer = anna.post("/people/~anna/diary", data={"on": "31.5.2026", "stress": "1"})
    fields = fields_of(answer.text)
    assert 'value="31.5.2026"' in fields["on"]
    assert "autofocus" in fields["on"]
    assert "Enter days like 2026-05-31." in answer.text


# --- the treatment's form ---------------------------------------------------------


def test_the_treatment_form_begins_at_its_first_error(anna):
    sent = {"on": "2026-05-31", "kind": "magic", "units": "-2", "product": "brand"}
    answer = anna.post("/people/~anna/treatments", data=sent)
    assert answer.status_code == 400
    fields = fields_of(answer.text)
    assert [n for n, a in fields.items() if "autofocus" in a] == ["kind"]
    assert 'aria-describedby="units-help p-units"' in fields["units"]
    assert 'value="brand"' in fields["product"]
    _, problems = TreatmentForm(**sent).read(TODAY)
    assert list(problems) == ["kind", "units"], "in the order of the form"


# --- what was changed -------------------------------------------------------------


def change(kind, action, before, after):
    at = datetime(2026, 5, 1, 8, tzinfo=UTC)
    return Change(
        at=at, by="me", action=action, kind=kind, name="1", before=before, after=after
    )


TREATMENT = {
    "kind": "botulinum_toxin",
    "day": "2026-04-30",
    "side": "left",
    "product": "brand",
    "units": 25.0,
    "muscles": '{"orbicularis oculi": 12.5, "zygomaticus": null}',
    "notes": "",
}


def test_a_new_treatment_is_told_in_words_and_units():
    row = change_row(change("treatment", "add", None, TREATMENT))
    assert row.what == "Treatment entered: 30 Apr 2026"
    assert row.before == ()
    assert row.after == (
        ("What was done", "Injection of botulinum toxin"),
        ("Treated side", "left"),
        ("Product", "brand"),
        ("Total units", "25 units"),
        ("Muscles", "orbicularis oculi 12.5 units; zygomaticus"),
    )


def test_of_a_change_only_what_differs_is_told():
    after = {**TREATMENT, "units": 30.0, "side": None, "day": "2026-05-01"}
    row = change_row(change("treatment", "change", TREATMENT, after))
    assert row.before == (
        ("Day", "30 Apr 2026"),
        ("Treated side", "left"),
        ("Total units", "25 units"),
    )
    assert row.after == (
        ("Day", "1 May 2026"),
        ("Treated side", "not stated"),
        ("Total units", "30 units"),
    )


def test_a_line_without_a_day_has_that_of_the_older_lines():
    first = change("treatment", "add", None, TREATMENT)
    second = change("treatment", "change", {"units": 25.0}, {"units": 30.0})
    newest, oldest = change_rows([first, second])
    assert newest.what == "Treatment changed: 30 Apr 2026"
    assert newest.after == (("Total units", "30 units"),)
    assert oldest.what == "Treatment entered: 30 Apr 2026"
    now = Treatment(
        treatment_id="1", kind=TreatmentKind.BOTULINUM_TOXIN, on=date(2026, 4, 30)
    )
    (alone,) = change_rows([second], [now])
    assert alone.what == "Treatment changed: 30 Apr 2026"


def test_what_was_removed_shows_no_inner_numbers():
    row = change_row(
        change("treatment", "remove", {**TREATMENT, "patient_id": 7}, None)
    )
    assert row.after == ()
    assert "7" not in [value for _, value in row.before]
    assert ("Product", "brand") in row.before


def test_diary_numbers_have_their_units():
    before = {"day": "2026-05-01", "stress": 3.0, "sleep_hours": None, "notes": ""}
    after = {**before, "sleep_hours": 7.5}
    row = change_row(change("diary", "change", before, after))
    assert row.what == "Diary day changed: 1 May 2026"
    assert row.before == (("Sleep (hours)", "not stated"),)
    assert row.after == (("Sleep (hours)", "7.5"),)
    assert not is_shown(change("review", "confirm", None, {}))


def test_the_list_of_changes_has_no_column_names(served, anna):
    anna.post("/people/~anna/diary", data={"on": "2026-05-30", "sleep_hours": "7"})
    anna.post("/people/~anna/diary", data={"on": "2026-05-30", "sleep_hours": "8"})
    page = anna.get("/people/~anna/changes").text
    assert "<li>Sleep (hours): 7</li>" in page
    assert "<li>Sleep (hours): 8</li>" in page
    for column in ("sleep_hours", "hfs7_total", "None", "botulinum_toxin"):
        assert column not in page


def test_a_day_that_the_form_did_not_show_is_not_emptied(served, anna):
    """The form came with the 30th; its day was changed to one that has an entry."""
    address = "/people/~anna/diary"
    anna.post(address, data={"on": "2026-05-11", "sleep_hours": "7", "notes": "calm"})
    form = anna.get(f"{address}?on=2026-05-30").text
    assert 'name="shown" value="2026-05-30"' in form
    other = {"on": "2026-05-11", "shown": "2026-05-30", "stress": "4"}
    assert anna.post(address, data=other).status_code == 303

    def told():
        with served.parts.journal() as journal:
            (day,) = (e for e in journal.diary("anna") if e.on == date(2026, 5, 11))
        return day.stress, day.sleep_hours, day.notes

    assert told() == (4.0, 7.0, "calm")
    anna.post(address, data={**other, "shown": "2026-05-11", "sleep_hours": "8"})
    assert told() == (4.0, 8.0, ""), "what was seen can be emptied"
