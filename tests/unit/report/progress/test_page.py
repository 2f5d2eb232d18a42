"""The progression page says what was found, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from twitch_tracker.history import TaskKind, TreatmentKind
from twitch_tracker.progression.results import Measure, Progression, Series
from twitch_tracker.regions import Side
from twitch_tracker.report.progress.page import render_progress
from twitch_tracker.report.progress.text import progress_text
from twitch_tracker.wording.measures import measure_name
from twitch_tracker.wording.progression import (
    closest_rule,
    not_judged_text,
    reading_texts,
)
from twitch_tracker.wording.terms import kind_title
from twitch_tracker.wording.treatments import injection_text, operation_text


class Reader(HTMLParser):
    """Collects text, ids, addresses, and what every drawing says it is."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.drawings: list[str] = []
        self.labelled_by: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._silent = tag in {"style", "script"}
        self.ids += [found["id"] or ""] if "id" in found else []
        self.labelled_by += (found.get("aria-labelledby") or "").split()
        self.addresses += [
            found[key] or "" for key in ("src", "href", "action") if key in found
        ]
        if tag == "svg" and found.get("role") == "img":
            self.drawings.append(found.get("aria-label") or "")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text.append(data)


def read(progression: Progression) -> tuple[str, Reader]:
    page = render_progress(progression)
    reader = Reader()
    reader.feed(page)
    return " ".join(" ".join(reader.text).split()), reader


@pytest.fixture(scope="module")
def shown(progression: Progression) -> tuple[str, Reader]:
    return read(progression)


def test_it_loads_nothing_from_anywhere(shown: tuple[str, Reader]):
    _, reader = shown
    assert all(address.startswith("#") for address in reader.addresses)


def test_every_reference_inside_the_page_leads_somewhere(shown: tuple[str, Reader]):
    _, reader = shown
    assert len(set(reader.ids)) == len(reader.ids)
    wanted = {address[1:] for address in reader.addresses} | set(reader.labelled_by)
    assert wanted - set(reader.ids) == set()


def test_the_readings_come_first_and_all_of_them(
    shown: tuple[str, Reader], progression: Progression
):
    text, _ = shown
    places = [text.index(reading) for reading in reading_texts(progression)]
    assert places == sorted(places)
    assert places[-1] < text.index("The latest numbers") < text.index("Over time")


def test_many_readings_do_not_bury_the_page(progression: Progression):
    found = replace(progression, readings=progression.series[:30])
    readings = reading_texts(found)
    text, _ = read(found)
    assert "24 more readings" in text
    assert all(reading in text for reading in readings)


def test_every_chart_has_words_and_a_table(shown: tuple[str, Reader]):
    text, reader = shown
    assert all(reader.drawings)
    for kind in (TaskKind.REST, TaskKind.PROVOKED):
        for measure in Measure:
            start = f"{measure_name(measure)}, {kind_title(kind).lower()}."
            (alt,) = [words for words in reader.drawings if words.startswith(start)]
            assert "All numbers are in the table below." in alt
    assert text.count("The numbers") == 2 * len(Measure)


def test_every_mark_is_a_row_of_a_table(progression: Progression):
    page = render_progress(progression)
    marks = len(re.findall(r'<use class="mark"', page))
    rows = sum(
        table.count("<tr><th scope=")
        for table in re.findall(
            r'<table class="series-table">.*?</table>', page, re.DOTALL
        )
    )
    drawn = sum(len(series.periods) for series in progression.series)
    assert marks == drawn
    assert rows == drawn + 2 * len(Measure), "and a head for each table"


def test_left_and_right_are_told_apart_without_colour(progression: Progression):
    page = render_progress(progression)
    assert 'href="#m-right"' in page
    assert 'href="#m-left"' in page
    assert ".left .trend { stroke: var(--left); stroke-dasharray" in page


@pytest.mark.parametrize("share", [0.2, 0.9])
def test_the_largest_number_is_the_time_where_bursts_take_most_of_it(
    progression: Progression, share: float
):
    """Of a side that is always in bursts "0.0 new bursts per minute" stood largest."""
    time = Measure.SPASM_FRACTION

    def busy(series: Series) -> Series:
        if series.measure is not time or series.latest is None:
            return series
        estimate = replace(series.latest.estimate, value=share)
        return replace(series, latest=replace(series.latest, estimate=estimate))

    found = replace(progression, series=tuple(map(busy, progression.series)))
    largest = re.findall(r'<p class="big">(.*?)</p>', render_progress(found), re.DOTALL)
    assert largest
    for shown in largest:
        assert ("90 %" in unescape(shown)) is (share > 0.5)


def test_the_numbers_of_a_side_that_is_not_judged_say_so(progression: Progression):
    """Their card was as large and as coloured as that of the side with the spasm."""
    judged = replace(progression, judged=(Side.RIGHT,))
    page = render_progress(judged)
    cards = re.findall(r'<section class="side (\w+)( not-judged)?"', page)
    assert {(side, bool(said)) for side, said in cards} == {
        ("right", False),
        ("left", True),
    }
    text, _ = read(judged)
    assert text.count(not_judged_text()) == sum(side == "left" for side, _ in cards)
    assert not_judged_text() in " ".join(progress_text(judged).split())


def test_text_of_people_is_escaped(progression: Progression):
    bad = "<script>alert(1)</script>"
    treatment = replace(progression.treatments[0], product=bad, notes=bad)
    entry = replace(progression.diary[0], notes=bad, medication=bad)
    found = replace(
        progression,
        patient=replace(progression.patient, patient_id=bad),
        treatments=(treatment, *progression.treatments[1:]),
        diary=(entry, *progression.diary[1:]),
    )
    page = render_progress(found)
    assert page.count("<script") == 1
    assert "alert(1)" in page


def test_only_its_own_script_may_run(progression: Progression):
    page = unescape(render_progress(progression))
    assert re.search(r"default-src 'none'; script-src 'sha256-[^' ]+'; style", page)


def test_treatments_and_what_followed_them(
    shown: tuple[str, Reader], progression: Progression
):
    text, _ = shown
    for injection in progression.injections:
        assert injection_text(injection) in text
    for operation in progression.operations:
        assert operation_text(operation) in text
    assert "Botulinum toxin, Botox, 22.5 units, right side" in text
    assert "orbicularis oculi 15, zygomaticus" in text
    assert "day 92 (84 to 101)" in text


def test_associations_name_their_days_and_no_cause(shown: tuple[str, Reader]):
    text, _ = shown
    assert "1.08 times (1.03 to 1.13)" in text
    assert "This does not mean that one causes the other." in text


def test_scales_are_only_closest_to_and_show_their_rule(
    shown: tuple[str, Reader], progression: Progression
):
    text, _ = shown
    (closest,) = progression.closest
    assert "closest to frequency 3" in text
    assert f"Rule: {closest_rule(closest)}" in text


def test_what_is_left_out_is_said_twice(shown: tuple[str, Reader]):
    text, _ = shown
    assert "12 recordings are left out of all charts" in text
    assert "Measured with another face tracker (holistic 0.9, learned" in text


def test_method_and_provenance(shown: tuple[str, Reader]):
    text, _ = shown
    for words in ("a" * 64, "b" * 64, "c" * 64, "twitch_tracker 9.9.9", "learned"):
        assert words in text


def test_no_disease_no_grade_no_cause(shown: tuple[str, Reader]):
    text, _ = shown
    forbidden = (
        r"hemifacial|blepharo|disease|disorder|symptom|because of stress|thanks to"
    )
    assert re.search(forbidden, text, re.IGNORECASE) is None


def test_a_part_is_sure_or_not_seen_by_the_rule_that_counts(
    progression: Progression,
):
    """More bursts than by mistake, not two on a day; what was seen is not "not seen"."""
    first, second, third = progression.regions
    seen = replace(second, first_on=None)
    text, _ = read(replace(progression, regions=(first, seen, third)))
    assert "two such bursts" not in text
    assert "in more bursts than the program names by mistake" in text
    table = text[text.index("Since when each part surely") :]
    assert "not sure yet 35 %" in table
    assert "not seen lately 0 %" in table


def test_pauses_are_not_said_to_lack_recordings_for_a_trend(progression: Progression):
    """However much is recorded, they have none: new bursts a minute have it."""
    series = tuple(
        replace(one, trend=None) if one.measure is Measure.MEDIAN_PAUSE_S else one
        for one in progression.series
    )
    text, _ = read(replace(progression, series=series))
    assert "too little to fit a trend to" not in text
    groups = {one.kind for one in series if one.measure is Measure.MEDIAN_PAUSE_S}
    assert text.count("No trend of its own") == len(groups)


@pytest.mark.parametrize("kind", TreatmentKind)
def test_the_legend_names_only_treatments_that_were_given(
    progression: Progression, kind: TreatmentKind
):
    names = {
        TreatmentKind.BOTULINUM_TOXIN: "Day of an injection",
        TreatmentKind.MICROVASCULAR_DECOMPRESSION: "Day of an operation;",
        TreatmentKind.OTHER: "Day of another treatment",
    }
    given = replace(progression.treatments[-1], kind=kind)
    text, _ = read(replace(progression, treatments=(given,)))
    assert [one for one, name in names.items() if name in text] == [kind]


def test_a_person_without_recordings_is_told_what_to_do(nothing_yet: Progression):
    text, _ = read(nothing_yet)
    assert "No recording counts yet" in text
    assert "twitch-tracker analyze FILM --patient Anna" in text
    assert "Over time" not in text


@pytest.mark.parametrize("recordings", [1, 2, 5])
def test_a_few_recordings_make_a_page(
    make_progression: Callable[..., Progression], recordings: int
):
    found = make_progression(recordings=recordings, days=30, course=False)
    text, _ = read(found)
    assert "Each mark is one recording." in text
    if recordings < 4:
        assert "too little to fit a trend to" in text


def test_ten_years_stay_readable(make_progression: Callable[..., Progression]):
    found = make_progression(recordings=3650, days=3650)
    page = render_progress(found)
    assert "Each mark is one month" in page
    assert len(page) < 3_000_000
    assert 'class="charts wide"' in page
