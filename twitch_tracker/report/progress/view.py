"""A `Progression` turned into what the page shows, still without HTML.

Everything is text and positions; templates only place them. The right side comes first;
both sides are the person's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twitch_tracker import __version__, units
from twitch_tracker.history import TaskKind
from twitch_tracker.language import say, say_n, uncapitalised
from twitch_tracker.progression.results import Measure, Progression, Sureness
from twitch_tracker.report.progress.charts import build_groups, time_axis
from twitch_tracker.report.progress.clinic import ClinicView, clinic_view
from twitch_tracker.report.progress.diary import (
    DiaryRow,
    Noted,
    diary_rows,
    medications,
    notes,
)
from twitch_tracker.report.progress.latest import (
    LatestRow,
    LatestTable,
    latest_tables,
)
from twitch_tracker.report.progress.limits import limits_of_progress
from twitch_tracker.report.progress.opening import (
    MOST_READINGS,
    basis_text,
    counted_text,
    what_to_do_first,
)
from twitch_tracker.report.progress.svg import (
    ChartBackground,
    ChartDrawing,
    draw_chart,
    draw_ground,
)
from twitch_tracker.report.progress.tables import (
    AssociationRow,
    InjectionRow,
    OperationRow,
    RegionRow,
    TreatmentRow,
    association_rows,
    injection_rows,
    method_rows,
    operation_rows,
    region_rows,
    treatment_rows,
)
from twitch_tracker.report.recording.cards import Fact
from twitch_tracker.wording.progression import (
    by_chance_text,
    closest_level,
    closest_rule,
    closest_scale,
    left_out_text,
    reading_texts,
)
from twitch_tracker.wording.terms import (
    kind_about,
    kind_title,
    side_title,
)
from twitch_tracker.wording.trends import sureness_in_words, sureness_meaning

__all__ = ["ProgressView", "build_progress_view", "kind_view"]

_ON_CARDS = (
    Measure.SPASM_FRACTION,
    Measure.MEDIAN_DURATION_S,
    Measure.LONGEST_DURATION_S,
    Measure.MEDIAN_PAUSE_S,
)
_MOST_NAMES = 20
_ON_LATER_CARDS = (Measure.SPASM_FRACTION,)


@dataclass(frozen=True, kw_only=True)
class SideCard:
    """The latest numbers of one side; `lead` is the one that says most."""

    key: str
    title: str
    lead: Fact
    facts: tuple[Fact, ...]
    when: str
    not_judged: str


@dataclass(frozen=True, kw_only=True)
class KindView:
    """One kind of task: its charts and its latest numbers."""

    key: str
    title: str
    about: str
    period: str
    dense: bool
    charts: tuple[ChartDrawing, ...]
    cards: tuple[SideCard, ...]


@dataclass(frozen=True, kw_only=True)
class ClosestRow:
    """A level of a published scale, and the rule that led to it."""

    scale: str
    key: str
    side: str
    level: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class ProgressView:
    """Everything the page shows."""

    patient: str
    counted: str
    basis: str
    headline: str
    readings: tuple[str, ...]
    more_readings: tuple[str, ...]
    first_steps: str
    cautions: tuple[str, ...]
    kinds: tuple[KindView, ...]
    ground: ChartBackground | None
    treatments: tuple[TreatmentRow, ...]
    injections: tuple[InjectionRow, ...]
    operations: tuple[OperationRow, ...]
    regions: tuple[RegionRow, ...]
    diary: tuple[DiaryRow, ...]
    medications: tuple[Noted, ...]
    notes: tuple[Noted, ...]
    associations: tuple[AssociationRow, ...]
    closest: tuple[ClosestRow, ...]
    clinic: ClinicView
    left_out: tuple[Fact, ...]
    sure_words: tuple[Fact, ...]
    limits: tuple[str, ...]
    method: tuple[Fact, ...]
    version: str


def build_progress_view(progression: Progression) -> ProgressView:
    """Collect what the page shows.

    Parameters
    ----------
    progression : Progression
        What was found; may be of a person without recordings.

    Returns
    -------
    ProgressView
        Plain text, nothing escaped.
    """
    shown = progression.recordings > 0 and progression.first_on is not None
    axis = time_axis(progression) if shown else None
    readings = reading_texts(progression)
    return ProgressView(
        patient=progression.patient.patient_id,
        counted=counted_text(progression),
        basis=basis_text(progression) if shown else "",
        headline=readings[0],
        readings=readings[1:MOST_READINGS],
        more_readings=readings[MOST_READINGS:],
        first_steps="" if shown else what_to_do_first(progression),
        cautions=_cautions(progression),
        kinds=_kinds(progression) if shown else (),
        ground=draw_ground(progression, axis) if axis is not None else None,
        treatments=treatment_rows(progression),
        injections=injection_rows(progression),
        operations=operation_rows(progression),
        regions=region_rows(progression),
        diary=diary_rows(progression.diary, axis) if axis is not None else (),
        medications=medications(progression.diary),
        notes=notes(progression.diary),
        associations=association_rows(progression),
        closest=_closest(progression),
        clinic=clinic_view(progression),
        left_out=_left_out(progression),
        sure_words=tuple(
            Fact(label=sureness_in_words(sure), value=sureness_meaning(sure))
            for sure in Sureness
        ),
        limits=(*_by_chance(progression), *limits_of_progress()),
        method=method_rows(progression, __version__),
        version=__version__,
    )


def _by_chance(progression: Progression) -> tuple[str, ...]:
    """Say how many changes are only possible, where any is."""
    text = by_chance_text(progression)
    return (text,) if text else ()


def _cautions(progression: Progression) -> tuple[str, ...]:
    found = []
    left = sum(len(out.recordings) for out in progression.left_out)
    if left:
        found.append(
            say_n(
                "{n} recording is left out of all charts; the reason is below.",
                "{n} recordings are left out of all charts; the reasons are below.",
                left,
            )
        )
    return tuple(found)


def _kinds(progression: Progression) -> tuple[KindView, ...]:
    axis = time_axis(progression)
    tables = latest_tables(progression)
    found: list[KindView] = []
    for group in build_groups(progression):
        charts = tuple(draw_chart(chart, axis) for chart in group.charts)
        on_cards = _ON_CARDS if not found else _ON_LATER_CARDS
        cards = (_card(table, on_cards) for table in tables if table.kind is group.kind)
        shown = tuple(card for card in cards if card is not None)
        found.append(kind_view(group.kind, charts, shown))
    return tuple(found)


def kind_view(
    kind: TaskKind, charts: tuple[ChartDrawing, ...], cards: tuple[SideCard, ...]
) -> KindView:
    """Put the charts and cards of a kind of task under its name."""
    return KindView(
        key=kind.value,
        title=kind_title(kind),
        about=kind_about(kind),
        period=charts[0].period,
        dense=any(line.small for one in charts for line in one.lines),
        charts=charts,
        cards=cards,
    )


def _card(table: LatestTable, on_card: Sequence[Measure]) -> SideCard | None:
    """Return the card of a side; None for what belongs to both sides."""
    if table.side is None:
        return None
    by_measure = {row.measure: row for row in table.rows}
    first = Measure.SPASM_FRACTION if table.mostly else Measure.EPISODES_PER_MIN
    lead = by_measure.get(first)
    if lead is None:
        return None
    others = [m for m in (Measure.EPISODES_PER_MIN, *on_card) if m is not first]
    chosen = [by_measure[measure] for measure in others if measure in by_measure]
    return SideCard(
        key=table.side.value,
        title=say("{side} side", side=side_title(table.side)),
        lead=Fact(label=uncapitalised(lead.name), value=lead.value, note=lead.interval),
        facts=tuple(_fact(row) for row in chosen),
        when=say(
            "{when}: {bursts} in {minutes}, {recordings}",
            when=table.when,
            bursts=units.bursts(table.bursts),
            minutes=units.duration(60 * table.minutes),
            recordings=units.recordings(table.recordings),
        ),
        not_judged=table.not_judged,
    )


def _fact(row: LatestRow) -> Fact:
    """Return a number of a card."""
    note = "" if row.interval == "-" else row.interval
    return Fact(label=row.name, value=row.value, note=note)


def _closest(progression: Progression) -> tuple[ClosestRow, ...]:
    return tuple(
        ClosestRow(
            scale=closest_scale(closest),
            key=closest.side.value,
            side=side_title(closest.side),
            level=closest_level(closest),
            rule=closest_rule(closest),
        )
        for closest in progression.closest
    )


def _left_out(progression: Progression) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            label=left_out_text(out),
            value=units.recordings(len(out.recordings)),
            note=_some(out.recordings),
        )
        for out in progression.left_out
    )


def _some(names: tuple[str, ...]) -> str:
    """Return names, or the first of them and how many more there are."""
    text = ", ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return text if more <= 0 else say("{text} and {n} more", text=text, n=more)
