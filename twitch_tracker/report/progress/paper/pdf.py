"""Progression on at most two A4 pages, to be taken to a consultation.

Page 1: the readings, the charts of the first kind of task, the latest numbers. Page 2,
for clinicians: the average cycle and the last injections, other treatments, tasks over
rest, both sides between bursts, signs for the diagnosis, questionnaires, how it was
recorded and measured. No sentence is cut off: what does not fit is left out whole,
counted, and on the page ``progress.html``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Final

from twitch_tracker import __version__, units
from twitch_tracker.history import TaskKind, TreatmentKind
from twitch_tracker.language import language_tag, say, say_n, uncapitalised
from twitch_tracker.progression.results import Measure, Progression, Sureness
from twitch_tracker.report.progress.charts import Chart, Group, build_groups
from twitch_tracker.report.progress.clinic import (
    ClinicView,
    clinic_view,
    cycle_figure,
    leading_cycle,
    titles_of_peaks,
)
from twitch_tracker.report.progress.diary import medications
from twitch_tracker.report.progress.latest import LatestTable, latest_tables
from twitch_tracker.report.progress.limits import short_limit
from twitch_tracker.report.progress.opening import (
    basis_text,
    counted_text,
    what_to_do_first,
)
from twitch_tracker.report.progress.paper.faces import Faces, draw_faces
from twitch_tracker.report.progress.paper.figures import draw_charts
from twitch_tracker.report.progress.paper.sheet import Sheet, as_it_can_be_written
from twitch_tracker.report.progress.tables import (
    operation_rows,
    region_rows,
    treatment_rows,
)
from twitch_tracker.wording.associations import association_text
from twitch_tracker.wording.progression import (
    closest_text,
    left_out_text,
    reading_text,
)
from twitch_tracker.wording.terms import kind_title, side_title

__all__ = ["progress_pdf"]

_FIRST: Final = (
    Measure.EPISODES_PER_MIN,
    Measure.SPASM_FRACTION,
    Measure.MEDIAN_DURATION_S,
    Measure.MEDIAN_PAUSE_S,
)
_SECOND: Final = (
    Measure.EPISODES_PER_MIN,
    Measure.SPASM_FRACTION,
    Measure.MEDIAN_DURATION_S,
)
_IN_TABLE: Final = (*_FIRST, Measure.SHARE_OVER_1S, Measure.BOTH_REGIONS_SHARE)
_MOST_READINGS: Final = 7
_MOST_TREATMENTS: Final = 6
_MOST_OTHERS: Final = 2
_MOST_MARKS: Final = 6
_UNCERTAIN: Final = Sureness.UNCERTAIN

_CYCLE_MM: Final = 48.0
_FACES_MM: Final = 44.0
_BELOW_FIRST_MM: Final = 72.0
_BELOW_SECOND_MM: Final = 150.0
"""Room that the charts leave for what is written below them."""


def progress_pdf(progression: Progression, faces: Faces | None = None) -> bytes:
    """Make the paper of one person.

    Parameters
    ----------
    progression : Progression
        What was found; may be of a person without recordings.
    faces : Faces, optional
        Pictures for the second page; without, no face is on the paper.

    Returns
    -------
    bytes
        A PDF of one or two pages.
    """
    with as_it_can_be_written():
        return _written(progression, faces)


def _written(progression: Progression, faces: Faces | None) -> bytes:
    name = progression.patient.patient_id
    sheet = Sheet(
        language=language_tag(),
        title=say("Course over time: {name}", name=name),
        foot=say(
            "{name} · twitch_tracker {version} · {limit}",
            name=name if len(name) <= 40 else name[:39] + "…",
            version=__version__,
            limit=short_limit(),
        ),
    )
    groups = build_groups(progression) if progression.recordings else ()
    _first_page(sheet, progression, groups, with_faces=bool(groups and faces))
    if groups:
        sheet.new_page()
        if faces is not None:
            figure = draw_faces(faces, width_mm=sheet.width_mm, height_mm=_FACES_MM)
            sheet.picture(figure, faces.words)
        _second_page(sheet, progression, groups)
    return sheet.as_bytes(_what_is_missing(sheet.left_out))


def _what_is_missing(left_out: int) -> str:
    """Say how much had no room; nothing is cut off in the middle."""
    if not left_out:
        return ""
    return say_n(
        "{n} more line did not fit here; it is in progress.html and in the app.",
        "{n} more lines did not fit here; they are in progress.html and in the app.",
        left_out,
    )


# --- page 1 -----------------------------------------------------------------------


def _first_page(
    sheet: Sheet,
    progression: Progression,
    groups: tuple[Group, ...],
    *,
    with_faces: bool,
) -> None:
    sheet.text(progression.patient.patient_id, 16, bold=True)
    if with_faces:
        held = say("The second page holds pictures of the face.")
        sheet.text(held, 9, bold=True)
        sheet.text(
            say(
                "Treat this paper like a photograph: give it only to people who may "
                "see it."
            ),
            8,
        )
    sheet.text(counted_text(progression), 9.5, bold=True)
    if groups:
        sheet.text(basis_text(progression), 8)
    sheet.heading(say("What the recordings say"))
    for reading in progression.readings[:_MOST_READINGS]:
        sheet.text(f"• {reading_text(reading)}", 9)
        sheet.skip(0.5)
    if not groups:
        sheet.skip(3)
        sheet.text(what_to_do_first(progression), 9)
        return
    sheet.skip(1.5)
    _charts(sheet, progression, groups[0], _FIRST, columns=2, row_mm=58)
    sheet.text(_how_to_read(progression, groups[0]), 7)
    sheet.skip(0.8)
    _latest_of(sheet, progression, groups[0].kind)


def _charts(
    sheet: Sheet,
    progression: Progression,
    group: Group,
    measures: tuple[Measure, ...],
    *,
    columns: int,
    row_mm: float,
) -> None:
    """Place some charts of a kind of task; smaller when there is less room."""
    charts: list[Chart] = [c for c in group.charts if c.measure in measures]
    charts = charts or list(group.charts[:columns])
    rows = math.ceil(len(charts) / columns)
    room = sheet.left_mm - (_BELOW_FIRST_MM if columns == 2 else _BELOW_SECOND_MM)
    height = max(min(row_mm, (room - 8) / rows), 30.0)
    figure = draw_charts(
        progression, charts, columns=columns, width_mm=sheet.width_mm, row_mm=height
    )
    sheet.picture(figure, _alt(group))


def _alt(group: Group) -> str:
    return say(
        "Charts over time, {kind}. The numbers are in series.csv and progress.html.",
        kind=uncapitalised(kind_title(group.kind)),
    )


def _how_to_read(progression: Progression, group: Group) -> str:
    parts = [
        say(
            "Vertical bars: 95 % intervals. Thick line: trend, or two levels where a "
            "change came at once; the fan behind it: slopes that fit as well (95 %)."
        )
    ]
    parts += _lines_of_treatments({given.kind for given in progression.treatments})
    if group.kind is TaskKind.REST:
        parts.append(say("Rest and triggering tasks are never counted together."))
    return " ".join(parts)


def _lines_of_treatments(kinds: Collection[TreatmentKind]) -> Iterator[str]:
    """Say what stands in the charts for the treatments of this person."""
    injected = TreatmentKind.BOTULINUM_TOXIN in kinds
    if injected and TreatmentKind.OTHER in kinds:
        yield say("Dotted line: injection or another treatment.")
    elif injected:
        yield say("Dotted line: injection.")
    elif TreatmentKind.OTHER in kinds:
        yield say("Dotted line: treatment.")
    if injected:
        yield say(
            "Grey: when an injection is usually expected to work, darkest in days 14 to "
            "30, striped in weeks 12 to 15, when it usually wears off."
        )
    if TreatmentKind.MICROVASCULAR_DECOMPRESSION in kinds:
        yield say(
            "Solid line: operation, with ticks after 1 week, 1, 3, 6, 9 and 12 months."
        )


def _latest(sheet: Sheet, table: LatestTable, measures: tuple[Measure, ...]) -> None:
    """Write the latest numbers of one side."""
    title = say(
        "{side}, {kind}",
        side=side_title(table.side),
        kind=uncapitalised(kind_title(table.kind)),
    )
    head = (title, say("latest"), say("95 % interval"), say("change"), say("how sure"))
    rows = [
        (row.name, _short(row.value), row.interval, row.change, row.sure)
        for row in table.rows
        if row.measure in measures
    ]
    sheet.skip(1.2)
    if table.not_judged:
        sheet.text(f"{title}. {table.not_judged}", 7)
    sheet.table(head, rows, (0.27, 0.09, 0.15, 0.32, 0.17), size=7)


def _short(value: str) -> str:
    """Return a dash for what was not measured, which the column has no room to say."""
    return "-" if value == units.not_measured() else value


def _latest_of(
    sheet: Sheet,
    progression: Progression,
    kind: TaskKind,
    measures: tuple[Measure, ...] = _IN_TABLE,
) -> None:
    """Write the latest numbers of both sides, and of which days they are."""
    tables = [
        table
        for table in latest_tables(progression)
        if table.kind is kind and table.side is not None
    ]
    if not tables:
        return
    # First the side whose bursts stand clear of false alarms: both may not fit.
    tables.sort(key=lambda table: table.side not in progression.judged)
    text = say(
        "Latest: {when}, {recordings}, {minutes} measurable.",
        when=tables[0].when,
        recordings=units.recordings(tables[0].recordings),
        minutes=units.duration(60 * tables[0].minutes),
    )
    sheet.text(text, 8, bold=True)
    for table in tables:
        _latest(sheet, table, measures)


# --- page 2 -----------------------------------------------------------------------


def _second_page(
    sheet: Sheet, progression: Progression, groups: tuple[Group, ...]
) -> None:
    clinic = clinic_view(progression)
    cycle = leading_cycle(progression)
    if cycle is not None:
        figure = cycle_figure(
            progression, cycle, width_mm=sheet.width_mm, height_mm=_CYCLE_MM
        )
        sheet.picture(figure, clinic.cycle)
        sheet.text(clinic.cycle, 8)
    elif len(groups) > 1:
        _charts(sheet, progression, groups[1], _SECOND, columns=3, row_mm=46)
    if len(groups) > 1:
        _latest_of(sheet, progression, groups[1].kind, _SECOND)
    for text in clinic.provoked:
        sheet.text(text, 8)
    if len(groups) > 2:
        others = ", ".join(
            uncapitalised(kind_title(group.kind)) for group in groups[2:]
        )
        sheet.text(say("Also charted in progress.html: {others}.", others=others), 7.5)
    _treatments(sheet, progression, clinic)
    _between(sheet, clinic)
    _signs(sheet, clinic)
    _recorded(sheet, clinic)
    _regions(sheet, progression)
    _diary(sheet, progression)
    _scales(sheet, progression)
    _left_out(sheet, progression)
    _method(sheet, progression)


def _between(sheet: Sheet, clinic: ClinicView) -> None:
    """Write how both sides compare apart from bursts."""
    if not clinic.between and not clinic.shut:
        return
    sheet.heading(say("Between bursts (no face is perfectly even)"))
    head = (
        say("what"),
        say("right"),
        say("left"),
        say("against each other (95 % interval)"),
        say("recordings"),
    )
    cells = [
        (row.what, row.right, row.left, row.against, row.recordings)
        for row in clinic.between
    ]
    sheet.table(head, cells, (0.22, 0.09, 0.09, 0.47, 0.13), size=7)
    for text in clinic.shut:
        sheet.text(text, 7.5)


def _signs(sheet: Sheet, clinic: ClinicView) -> None:
    """Write what clinicians use to distinguish diagnoses."""
    if not clinic.signs:
        return
    sheet.heading(say("What helps to distinguish causes (measured; no diagnosis)"))
    for sign, meaning in clinic.signs:
        sheet.text(f"• {sign} {meaning}", 7)


def _recorded(sheet: Sheet, clinic: ClinicView) -> None:
    """Write the questionnaires, and where the recordings changed."""
    texts = [text for text in (*clinic.questionnaires, *clinic.quality) if text]
    if not texts:
        return
    sheet.heading(say("Questionnaire and recordings"))
    for text in texts[:4]:
        sheet.text(f"• {text}", 7.5)


def _treatments(sheet: Sheet, progression: Progression, clinic: ClinicView) -> None:
    rows = treatment_rows(progression)
    if not rows:
        return
    sheet.heading(say("Treatments"))
    _injections(sheet, clinic)
    _operations(sheet, progression)
    for text in clinic.others[:_MOST_OTHERS]:
        sheet.text(f"• {text}", 7.5)
    named = "; ".join(f"{row.day} {row.what}" for row in rows[:_MOST_TREATMENTS])
    if len(rows) > _MOST_TREATMENTS:
        earlier = len(rows) - _MOST_TREATMENTS
        named = say("{some}; and {n} earlier", some=named, n=earlier)
    sheet.text(say("All: {named}.", named=named), 7.5)


def _injections(sheet: Sheet, clinic: ClinicView) -> None:
    """Write what was measured around the last injections."""
    if not clinic.peaks:
        return
    sheet.table(
        titles_of_peaks(),
        clinic.peaks,
        (0.1, 0.27, 0.07, 0.12, 0.18, 0.12, 0.14),
        size=6.5,
    )
    sheet.skip(1)


def _operations(sheet: Sheet, progression: Progression) -> None:
    """Write what was measured after operations."""
    marks = [row for row in operation_rows(progression) if row.is_measured]
    if not marks:
        return
    shown = sorted(marks, key=lambda mark: mark.on)[-_MOST_MARKS:]
    head = (
        say("operation"),
        say("whose bursts"),
        say("after"),
        say("new bursts a minute"),
        say("over before"),
    )
    cells = [
        (mark.day, mark.whose, mark.mark, mark.rate, mark.ratio)
        for mark in marks
        if mark in shown
    ]
    sheet.table(head, cells, (0.14, 0.2, 0.14, 0.24, 0.28), size=7)
    more = len(marks) - len(cells)
    if more:
        left = say_n(
            "{n} earlier row is in progress.html and in the app.",
            "{n} earlier rows are in progress.html and in the app.",
            more,
        )
        sheet.text(left, 7)
    sheet.skip(1)


def _regions(sheet: Sheet, progression: Progression) -> None:
    rows = region_rows(progression)
    if not rows:
        return
    sheet.heading(say("Parts of the face"))
    sheet.table(
        (
            say("part"),
            say("whose bursts"),
            say("since"),
            say("share of the latest bursts"),
        ),
        [(row.region, row.whose, row.since, row.share) for row in rows[:8]],
        (0.2, 0.3, 0.2, 0.3),
        size=7,
    )


def _diary(sheet: Sheet, progression: Progression) -> None:
    taken = medications(progression.diary)
    if not (progression.associations or taken):
        return
    sheet.heading(say("Diary (associations with bursts, not causes)"))
    shown = [one for one in progression.associations if one.sureness is not _UNCERTAIN]
    for found in shown[:4]:
        sheet.text(f"• {association_text(found)}", 8)
    if not shown and progression.associations:
        text = say("No association between bursts and diary numbers can be seen.")
        sheet.text(text, 8)
    if taken:
        names = "; ".join(f"{item.text} ({item.when})" for item in taken[:4])
        sheet.text(say("Medication noted: {names}", names=names), 8)


def _scales(sheet: Sheet, progression: Progression) -> None:
    if not progression.closest:
        return
    sheet.heading(say("Closest to published scales (no grade)"))
    for closest in progression.closest[:4]:
        text = say(
            "{side}: {closest}",
            side=side_title(closest.side),
            closest=closest_text(closest),
        )
        sheet.text(text, 8)


def _left_out(sheet: Sheet, progression: Progression) -> None:
    if not progression.left_out:
        return
    sheet.heading(say("Left out"))
    for out in progression.left_out[:4]:
        count = units.recordings(len(out.recordings))
        sheet.text(f"{count}: {left_out_text(out)}", 8)


def _method(sheet: Sheet, progression: Progression) -> None:
    method = progression.method
    if method is None:
        return
    sheet.heading(say("How it was measured"))
    text = say(
        "Tracker {tracker} ({weights}), detector {detector} ({networks}), settings "
        "{settings}, analysed by twitch_tracker {version}; in brackets the first 12 "
        "characters of SHA-256. All counted recordings were measured in this way.",
        tracker=method.tracker,
        weights=method.tracker_weights_sha256[:12] or units.not_measured(),
        detector=method.detector,
        networks=method.networks_sha256[:12] or say("no networks"),
        settings=method.parameters_sha256[:12],
        version=method.software_version,
    )
    sheet.text(text, 7.5)
