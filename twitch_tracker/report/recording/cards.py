"""One burst as a card of a report: its facts and its picture strip, as plain text."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitch_tracker import units
from twitch_tracker.language import capitalised, say, uncapitalised
from twitch_tracker.records import Episode, EpisodeKind, Origin, ReviewState
from twitch_tracker.regions import Region
from twitch_tracker.wording.partly_seen import (
    bilateral_in_words,
    cut_off_in_words,
    edges_not_seen,
    length_of_burst,
)
from twitch_tracker.wording.reasons import reason_text
from twitch_tracker.wording.terms import (
    confidence_in_words,
    kind_in_words,
    origin_in_words,
    region_name,
    review_in_words,
    short_kind,
    side_name,
)

if TYPE_CHECKING:
    from twitch_tracker.report.recording.pictures import EpisodePictures

__all__ = [
    "BurstCard",
    "Fact",
    "PictureView",
    "build_card",
    "measured_facts",
    "remarks",
]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One labelled number, with a remark that may be empty."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PictureView:
    """One picture of a strip."""

    label: str
    time: str
    alt: str
    source: str


@dataclass(frozen=True, kw_only=True)
class BurstCard:
    """One burst as it is shown; `side_key` is ``right`` or ``left``.

    `duration` says "at least" of a burst that was cut off; `edges` and `both` are marks
    for a table and empty of a usual burst; `remarks` are sentences.
    """

    number: int
    side_key: str
    side: str
    start_s: float
    end_s: float
    start: str
    end: str
    duration: str
    edges: str
    both: str
    regions: str
    short_kind: str
    excursion: str
    confidence: str
    facts: tuple[Fact, ...]
    remarks: tuple[str, ...]
    reasons: tuple[str, ...]
    pictures: tuple[PictureView, ...]


def build_card(
    number: int, episode: Episode, strip: EpisodePictures | None = None
) -> BurstCard:
    """Put one burst into words.

    Parameters
    ----------
    number : int
        Running number from 1, as shown.
    episode : Episode
        The burst.
    strip : EpisodePictures, optional
        Its pictures.

    Returns
    -------
    BurstCard
        Plain text, nothing escaped.
    """
    return BurstCard(
        number=number,
        side_key=episode.side.value,
        side=capitalised(side_name(episode.side)),
        start_s=round(episode.span.start_s, 3),
        end_s=round(episode.span.end_s, 3),
        start=units.clock(episode.span.start_s),
        end=units.clock(episode.span.end_s),
        duration=length_of_burst(episode),
        edges=edges_not_seen(episode),
        both=say("both sides at once") if episode.bilateral else "",
        regions=_regions_with_lead(episode),
        short_kind=short_kind(episode.kind, episode.contractions),
        excursion=units.millimetres(episode.excursion_mm),
        confidence=_confidence(episode.confidence),
        facts=_facts(episode),
        remarks=remarks(episode),
        reasons=tuple(map(reason_text, episode.reasons)),
        pictures=_pictures(number, episode, strip),
    )


def _facts(episode: Episode) -> tuple[Fact, ...]:
    kind = kind_in_words(episode.kind, episode.contractions)
    rows = [
        Fact(label=say("Where"), value=_regions_with_lead(episode)),
        Fact(label=say("Kind"), value=kind),
        *measured_facts(episode),
    ]
    if episode.origin is not Origin.DETECTED:
        rows.append(Fact(label=say("Origin"), value=origin_in_words(episode.origin)))
    if episode.review is not ReviewState.UNREVIEWED:
        rows.append(Fact(label=say("Review"), value=review_in_words(episode.review)))
    return tuple(rows)


def measured_facts(episode: Episode) -> tuple[Fact, ...]:
    """Return what the program measured of a burst, and how sure it is."""
    rows = [
        Fact(label=say("Contractions"), value=_contractions(episode)),
        Fact(
            label=say("Largest movement"),
            value=units.millimetres(episode.excursion_mm),
        ),
        Fact(
            label=say("One-sidedness"),
            value=units.decimal(episode.asymmetry, 2),
            note=say("1: only this side moved; 0: both sides alike"),
        ),
    ]
    if Region.EYELID in episode.regions and Region.MOUTH_CORNER in episode.regions:
        rows.append(Fact(label=say("Eye and mouth"), value=_lag(episode.lag_s)))
    rows.append(Fact(label=say("Confidence"), value=_confidence(episode.confidence)))
    return tuple(rows)


def _regions_with_lead(episode: Episode) -> str:
    names = [region_name(region) for region in episode.regions]
    if len(names) < 2:
        return ", ".join(names) or units.not_measured()
    lead = episode.regions.index(episode.lead_region)
    names[lead] = say("{region} (first)", region=names[lead])
    return ", ".join(names)


def _contractions(episode: Episode) -> str:
    if episode.contractions is None:
        return say("not counted: too few pictures a second")
    if episode.kind is EpisodeKind.TONIC and episode.contractions == 1:
        return say("1, held")
    if not math.isfinite(episode.rate_hz):
        return str(episode.contractions)
    return say(
        "{n}, at {rate} per second",
        n=episode.contractions,
        rate=units.decimal(episode.rate_hz),
    )


def _lag(lag_s: float) -> str:
    if not math.isfinite(lag_s):
        return units.not_measured()
    if round(abs(lag_s) * 1000) == 0:
        return say("moved together, within one picture")
    lag = units.milliseconds(lag_s)
    if lag_s > 0:
        return say("mouth corner {lag} after the eyelid", lag=lag)
    return say("mouth corner {lag} before the eyelid", lag=lag)


def _confidence(confidence: float) -> str:
    if not math.isfinite(confidence):
        return units.not_measured()
    value = units.decimal(min(confidence, 0.99), 2)
    word = confidence_in_words(confidence)
    if confidence > 0.99:
        return say("over {value} ({word})", value=value, word=word)
    return say("{value} ({word})", value=value, word=word)


def remarks(episode: Episode) -> tuple[str, ...]:
    """Say what is out of the usual about a burst."""
    said = (
        cut_off_in_words(episode),
        bilateral_in_words(episode),
        _brow_lift(episode),
    )
    return tuple(filter(None, said))


def _brow_lift(episode: Episode) -> str:
    if not episode.brow_lift:
        return ""
    return say(
        "The {side} eyebrow rose while the {side} eye closed "
        "(brow-lift sign, also called the other Babinski sign).",
        side=side_name(episode.side),
    )


def _pictures(
    number: int, episode: Episode, strip: EpisodePictures | None
) -> tuple[PictureView, ...]:
    if strip is None:
        return ()
    return tuple(
        PictureView(
            label=say(picture.label),
            time=units.clock(picture.time_s, 2),
            alt=say(
                "Face at {time}, {label} of burst {number} on the {side} side",
                time=units.clock(picture.time_s, 2),
                label=uncapitalised(say(picture.label)),
                number=number,
                side=side_name(episode.side),
            ),
            source="data:image/jpeg;base64,"
            + base64.b64encode(picture.jpeg).decode("ascii"),
        )
        for picture in strip.pictures
    )
