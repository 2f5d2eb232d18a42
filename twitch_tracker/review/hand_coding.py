"""Hand coding turned into the acts of a review.

Knows which coded burst is about which detected one: same side, largest overlap first,
one to one. Note: coded bursts of one side that overlap (often one for each region) are
one burst; a detected burst that nobody coded is rejected; what the coder did not say of
a burst (kind, regions) is taken from the detected burst, and a burst that was not
detected needs one; an onset or offset that the coder moved is cut off only where the
coding says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.coding.coded import CodedBurst, noted
from twitch_tracker.exchange.coding.recording import ms
from twitch_tracker.journal.entries import Act, Burst, ReviewAction
from twitch_tracker.language import say
from twitch_tracker.records import Episode, EpisodeKind, Origin, ReviewState
from twitch_tracker.regions import REGIONS, Region
from twitch_tracker.review.deciding import SAME_TIME_S
from twitch_tracker.timebase import Interval

__all__ = ["Defaults", "acts", "joined"]


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What to take for a burst that was not detected where its coder did not say."""

    region: Region | None = None
    kind: EpisodeKind | None = None


def acts(
    coded: Sequence[Episode],
    detected: Sequence[Burst],
    defaults: Defaults,
) -> tuple[Act, ...]:
    """Turn hand coding into a review of what was detected.

    Parameters
    ----------
    coded : sequence of Episode
        The bursts that a person coded.
    detected : sequence of Burst
        The bursts of the analysis, with their keys.
    defaults : Defaults
        For bursts that were not detected.

    Returns
    -------
    tuple of Act
        One for each detected burst (confirm, change or reject), and one for each that
        was added.

    Raises
    ------
    BadTruthFile
        A burst that was not detected has no region or no kind, and no default.
    """
    coded = joined(coded)
    owner = _pairs(coded, detected)
    found = {place: burst for burst, place in owner.items()}
    judged = (_judged(b, owner.get(b.key), coded) for b in detected)
    added = (
        Act(action=ReviewAction.ADD, after=_added(burst, defaults))
        for place, burst in enumerate(coded)
        if place not in found
    )
    return (*judged, *added)


def joined(coded: Sequence[Episode]) -> tuple[Episode, ...]:
    """Make one burst of coded bursts of one side that overlap: none counts twice.

    Parameters
    ----------
    coded : sequence of Episode
        In any order.

    Returns
    -------
    tuple of Episode
        In order of onset. One that was put together lasts from the first onset to the
        last offset, with the regions of all; different kinds are mixed, contractions are
        not noted, and the first region only where no other was.
    """
    found: list[Episode] = []
    for burst in sorted(coded, key=lambda b: (b.side.value, b.span)):
        last = found[-1] if found else None
        if (
            last is not None
            and last.side is burst.side
            and last.span.overlap_s(burst.span) > SAME_TIME_S
        ):
            found[-1] = _one_of(last, burst)
        else:
            found.append(burst)
    return tuple(sorted(found, key=lambda b: (b.span, b.side.value)))


def _one_of(first: Episode, second: Episode) -> Episode:
    """Join two overlapping bursts; the first one begins first."""
    later = second.span.end_s >= first.span.end_s
    regions = {
        region
        for burst in (first, second)
        if noted(burst, "regions")
        for region in burst.regions
    }
    given = _given(first) | {
        "span": Interval(
            start_s=first.span.start_s,
            end_s=max(first.span.end_s, second.span.end_s),
        ),
        "regions": tuple(region for region in REGIONS if region in regions),
        "contractions": 1,
        "offset_cut": (second if later else first).offset_cut,
        "confidence": float("nan"),
        "reasons": (),
    }
    known = {"regions"} if regions else set()
    for what in ("kind", "lead_region"):
        values = {
            getattr(burst, what) for burst in (first, second) if noted(burst, what)
        }
        if len(values) == 1:
            given[what] = values.pop()
            known.add(what)
        elif what == "kind" and values:
            given[what] = EpisodeKind.MIXED
            known.add(what)
    if given["lead_region"] not in regions:
        known.discard("lead_region")
    return CodedBurst(**given, noted=frozenset(known))  # type: ignore[arg-type]


def _pairs(coded: Sequence[Episode], detected: Sequence[Burst]) -> dict[str, int]:
    """Return the place of the coded burst by the key of the detected one."""
    candidates = sorted(
        (
            (-burst.episode.span.overlap_s(mine.span), burst.key, place)
            for burst in detected
            for place, mine in enumerate(coded)
            if burst.episode.side is mine.side
            and burst.episode.span.overlap_s(mine.span) > 0
        ),
    )
    owner: dict[str, int] = {}
    for _, key, place in candidates:
        if key not in owner and place not in owner.values():
            owner[key] = place
    return owner


def _judged(burst: Burst, place: int | None, coded: Sequence[Episode]) -> Act:
    if place is None:
        return Act(action=ReviewAction.REJECT, key=burst.key)
    after = _corrected(burst.episode, coded[place])
    if _same(burst.episode, after):
        return Act(action=ReviewAction.CONFIRM, key=burst.key)
    return Act(action=ReviewAction.CHANGE, key=burst.key, after=after)


def _given(burst: Episode) -> dict[str, object]:
    return {item.name: getattr(burst, item.name) for item in fields(Episode)}


def _corrected(detected: Episode, coded: Episode) -> Episode:
    """Return the detected burst with what its coder said of it."""
    said: dict[str, object] = {"review": ReviewState.CONFIRMED}
    if _span_ms(detected) != _span_ms(coded):
        said["span"] = coded.span
    moved = [a != b for a, b in zip(_span_ms(detected), _span_ms(coded), strict=True)]
    said["onset_cut"] = coded.onset_cut or (detected.onset_cut and not moved[0])
    said["offset_cut"] = coded.offset_cut or (detected.offset_cut and not moved[1])
    for what in ("kind", "regions", "lead_region", "contractions"):
        if noted(coded, what):
            said[what] = getattr(coded, what)
    if "regions" in said and detected.lead_region not in coded.regions:
        said["lead_region"] = coded.lead_region
    return Episode(**{**_given(detected), **said})  # type: ignore[arg-type]


def _span_ms(burst: Episode) -> tuple[int, int]:
    return ms(burst.span.start_s), ms(burst.span.end_s)


def _same(detected: Episode, after: Episode) -> bool:
    """Return whether a coder left a burst as it was."""
    names = (
        *("span", "side", "kind", "regions", "lead_region", "contractions"),
        *("onset_cut", "offset_cut"),
    )
    return all(getattr(detected, name) == getattr(after, name) for name in names)


def _added(burst: Episode, defaults: Defaults) -> Episode:
    """Return a burst that only its coder saw, with nothing left to guess."""
    regions = burst.regions if noted(burst, "regions") else ()
    if not regions and defaults.region is not None:
        regions = (defaults.region,)
    kind = burst.kind if noted(burst, "kind") else defaults.kind
    if not regions or kind is None:
        lacks = "region" if not regions else "kind"
        raise BadTruthFile(
            say(
                "The burst from {start_s:g} to {end_s:g} s of the {side} side was not "
                "detected, and its coding has no {lacks}. Code it, or choose a value "
                "for such bursts with --{lacks}.",
                start_s=burst.span.start_s,
                end_s=burst.span.end_s,
                side=burst.side,
                lacks=lacks,
            )
        )
    lead = burst.lead_region if noted(burst, "lead_region") else None
    given = {
        "regions": tuple(region for region in REGIONS if region in regions),
        "lead_region": lead or regions[0],
        "kind": kind,
        "origin": Origin.HUMAN,
        "review": ReviewState.CONFIRMED,
    }
    return Episode(**{**_given(burst), **given})  # type: ignore[arg-type]
