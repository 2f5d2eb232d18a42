"""Read ``summary.json`` as values; only this module knows its keys.

`summary` writes it, `summary_schema` says what it must be. Note: a key that is needed
and missing raises a named error with the file; a key that an older version did not
write gets the value that it implied.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from twitch_tracker.border.documents import checked
from twitch_tracker.border.files import real_path
from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.coding.films import CodedFilm
from twitch_tracker.exchange.summary import read_summary
from twitch_tracker.exchange.summary_schema import SUMMARY, SummaryDocument, SummarySide
from twitch_tracker.language import say
from twitch_tracker.records import (
    Damage,
    ExcludedSpan,
    HardlyOpen,
    KnownEye,
    ReadOptions,
    SessionSummary,
    SideSummary,
    SubjectEvent,
    face_numbers_from,
)
from twitch_tracker.records.reasons import Reason
from twitch_tracker.regions import SIDES, Side
from twitch_tracker.timebase import Interval

__all__ = ["SavedSummary", "film_beside", "open_summary"]


@dataclass(frozen=True)
class SavedSummary:
    """A summary that was read; every property raises `BadTruthFile` without its key.

    Attributes
    ----------
    document : Mapping
        As `summary.read_summary` gives it.
    path : Path
        For messages.
    """

    document: Mapping[str, Any]
    path: Path = Path("summary.json")

    @cached_property
    def parsed(self) -> SummaryDocument:
        """Every key, of the type that it must have.

        Raises
        ------
        BadTruthFile
            One is not; the message names the place.
        """
        return checked(SUMMARY, self.document, str(self.path), BadTruthFile)

    def _with(self, *keys: str) -> SummaryDocument:
        """Make sure that keys are there; those of the video with a point."""
        of_video = (f"video.{key}" for key in self.parsed.video.model_fields_set)
        there = {*self.parsed.model_fields_set, *of_video}
        for key in keys:
            if key not in there:
                raise self._without(key)
        return self.parsed

    def _without(self, key: str) -> BadTruthFile:
        return BadTruthFile(
            say(
                "{path}: not a summary that this program wrote: it lacks {key!r}. "
                "Analyse the recording again.",
                path=self.path,
                key=key,
            )
        )

    @property
    def video_name(self) -> str:
        """Name of the video file."""
        return self._with("video.name").video.name

    @property
    def content_sha256(self) -> str:
        """Hash of the video's content."""
        return self._with("video.sha256").video.sha256

    @property
    def mirrored(self) -> bool:
        """Whether the stored picture was a mirror image."""
        return self._with("video.mirrored").video.mirrored

    @property
    def reading(self) -> ReadOptions:
        """How to read the video again with the same pictures and times.

        Older versions gave all times as played.
        """
        video = self.parsed.video
        codes = {Reason.read(note).code for note in video.said or ()}
        several = "one_of_films" in codes
        stream = self._with("video.stream").video.stream if several else None
        return ReadOptions(stream=stream, slowed=video.slowed or 1.0)

    @property
    def said(self) -> tuple[str, ...]:
        """What was noted about the file; empty of older summaries."""
        return self.parsed.video.said or ()

    @property
    def nominal_fps(self) -> float:
        """Frames per second as the file says; NaN when it does not."""
        return self.parsed.video.nominal_fps

    @property
    def recorded_s(self) -> float:
        """Length of the recording."""
        return self._with("recorded_s").recorded_s

    @property
    def analysable_s(self) -> float:
        """Length of what could be measured."""
        return self._with("analysable_s").analysable_s

    @property
    def rest_asymmetry(self) -> float:
        """See `records.SessionSummary`."""
        return self._with("rest_asymmetry").rest_asymmetry

    @property
    def blinks(self) -> int:
        """How many blinks there were."""
        return self._with("blinks").blinks

    @property
    def bursts(self) -> int:
        """How many bursts there were, on both sides."""
        return sum(side.episodes for side in self._sides().values())

    @property
    def frames_read(self) -> int:
        """How many frames were read."""
        return self._with("damage").damage.frames_read

    @property
    def excluded(self) -> tuple[ExcludedSpan, ...]:
        """What could not be measured."""
        return tuple(
            ExcludedSpan(
                span=self._span(row.start_s, row.end_s, "excluded_spans"),
                reasons=row.reasons,
            )
            for row in self._with("excluded_spans").excluded_spans
        )

    @property
    def hardly_open(self) -> tuple[HardlyOpen, ...] | None:
        """When an eye was hardly ever open; None when nobody looked for that."""
        rows = self.parsed.hardly_open
        if rows is None:
            return None
        return tuple(
            HardlyOpen(
                span=self._span(row.onset_s, row.offset_s, "hardly_open"),
                side=row.side,
            )
            for row in rows
        )

    @property
    def known_face(self) -> dict[Side, KnownEye]:
        """What earlier recordings did for each eye; empty when nothing."""
        eyes = self.parsed.known_face or {}
        return {side: KnownEye(**dict(row)) for side, row in eyes.items()}

    @property
    def face(self) -> Mapping[str, Any]:
        """What the face did apart from bursts, by name; empty of older summaries."""
        return self.parsed.face or {}

    @property
    def damage(self) -> Damage:
        """What was wrong with the file; what an older version did not count is none."""
        parsed = self.parsed
        known = "damage" in parsed.model_fields_set
        return Damage(**dict(parsed.damage)) if known else Damage()

    @property
    def subject_events(self) -> tuple[SubjectEvent, ...]:
        """What happened to the subject's track, in order of time."""
        rows = self.parsed.subject_events or ()
        return tuple(SubjectEvent(**dict(row)) for row in rows)

    @property
    def chosen_at(self) -> tuple[float, float] | None:
        """Where the person was when chosen among several faces; None when alone.

        In shares of the width and height of the picture, turned back from a mirror.
        """
        for event in self.subject_events:
            reason = Reason.read(event.detail)
            if event.kind == "chosen" and reason.code == "followed_among":
                return _place(reason.values[1:])
        return None

    @property
    def parameters(self) -> dict[str, Any]:
        """Every parameter of the analysis."""
        return self._with("parameters").parameters

    @property
    def tracker(self) -> tuple[str, str]:
        """Name and weights' hash of the face tracker."""
        tracker = self._with("tracker").tracker
        return tracker.name, tracker.weights_sha256

    @property
    def software(self) -> tuple[str, str]:
        """Name and version of the program."""
        software = self._with("software").software
        return software.name, software.version

    @property
    def numbers(self) -> SessionSummary:
        """The numbers that the document was made from."""
        parsed = self._with("complete_blinks", "blinks_per_min", "excluded_s")
        return SessionSummary(
            recorded_s=self.recorded_s,
            analysable_s=self.analysable_s,
            sides={side: _side(numbers) for side, numbers in self._sides().items()},
            rest_asymmetry=self.rest_asymmetry,
            blinks=self.blinks,
            complete_blinks=parsed.complete_blinks,
            blinks_per_min=parsed.blinks_per_min,
            excluded_s=parsed.excluded_s,
            regions_unseen_s=parsed.regions_unseen_s,
            pictures_hz=parsed.pictures_hz,
            unchanged_share=parsed.unchanged_share,
            quantiser=parsed.quantiser,
            face=face_numbers_from(parsed.face),
        )

    def _sides(self) -> dict[Side, SummarySide]:
        sides = self._with("sides").sides
        for side in SIDES:
            if side not in sides:
                raise self._without(f"sides.{side}")
        return {side: sides[side] for side in SIDES}

    def _span(self, start_s: float, end_s: float, key: str) -> Interval:
        if end_s < start_s:
            raise BadTruthFile(
                say(
                    "{path}, {key}: expected an end not before {start_s:g} s, got "
                    "{end_s:g} s.",
                    path=self.path,
                    key=key,
                    start_s=start_s,
                    end_s=end_s,
                )
            )
        return Interval(start_s=start_s, end_s=end_s)


def open_summary(path: Path) -> SavedSummary:
    """Read a summary.

    Raises
    ------
    BadTruthFile
        As `summary.read_summary` does, and when something in it is of another type
        than it must be.
    """
    saved = SavedSummary(read_summary(path), path)
    _ = saved.parsed
    return saved


def _side(side: SummarySide) -> SideSummary:
    return SideSummary(
        **{one.name: getattr(side, one.name) for one in fields(SideSummary)}
    )


def _place(values: Sequence[str]) -> tuple[float, float] | None:
    """Read a place of a reason; None where there is none."""
    try:
        across, down = map(float, values)
    except ValueError:
        return None
    within = 0 <= across <= 1 and 0 <= down <= 1
    return (across, down) if within else None


def film_beside(table: Path) -> CodedFilm:
    """Return the film of a log, as far as the summary beside it names it.

    Parameters
    ----------
    table : Path
        An ``episodes.csv``; any other table belongs to no summary.

    Returns
    -------
    CodedFilm
        Named like the folder; without a summary nothing is known of it.

    Raises
    ------
    BadTruthFile
        As `open_summary` does.
    """
    summary = table.parent / "summary.json"
    if table.name != "episodes.csv" or not summary.is_file():
        return CodedFilm()
    parsed = open_summary(summary).parsed
    return CodedFilm(
        file_name=parsed.video.name or "",
        names=(real_path(table).parent.name,),
        length_s=parsed.recorded_s
        if "recorded_s" in parsed.model_fields_set
        else math.nan,
    )
