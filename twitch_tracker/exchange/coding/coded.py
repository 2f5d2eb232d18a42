"""What hand coding says, in the words that people code with.

Knows words, not file formats: which of them name a burst, a side, a region or a kind.
Note: a side is never guessed. A code that names a burst without a side, or with both,
is an error, and so is a code with a side whose other words are not known. Single
letters (``L``, ``R``) count only where every other word of the same text is known too,
so that the initial of a name is no side. A code without a side and without a known word
is some other event.

>>> read_code(("Spasm", "right", "eye"), "row 2").side
<Side.RIGHT: 'right'>
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.coding.details import read_details
from twitch_tracker.exchange.coding.films import CodedRow, FilmNotes
from twitch_tracker.language import mark, say
from twitch_tracker.records import Episode, EpisodeKind, Origin
from twitch_tracker.regions import REGIONS, Region, Side
from twitch_tracker.timebase import Interval

__all__ = [
    "ALL_NOTED",
    "Code",
    "CodedBurst",
    "OtherEvent",
    "Truth",
    "coded",
    "noted",
    "read_code",
]

ALL_NOTED: Final = frozenset({"regions", "lead_region", "kind", "contractions"})
"""What truth can say of a burst beyond its time and side."""


@dataclass(frozen=True, kw_only=True)
class OtherEvent:
    """Something that happened and is no burst.

    Attributes
    ----------
    event : str
        What, e.g. ``blink``.
    span : Interval
        When.
    """

    event: str
    span: Interval


@dataclass(frozen=True, kw_only=True)
class CodedBurst(Episode):
    """A true burst of which not everything was noted.

    Attributes
    ----------
    noted : frozenset of str
        Which of `ALL_NOTED` the source has; the other attributes hold
        placeholders and must not be compared with anything.
    """

    noted: frozenset[str] = ALL_NOTED


def noted(burst: Episode, what: str) -> bool:
    """Return whether a burst's attribute (one of `ALL_NOTED`) is known."""
    return not isinstance(burst, CodedBurst) or what in burst.noted


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Everything that is known to have happened.

    Attributes
    ----------
    episodes : tuple of Episode
        Bursts, in the order of the rows.
    others : tuple of OtherEvent
        Everything else.
    notes : FilmNotes
        What the file says about its film.
    """

    episodes: tuple[Episode, ...]
    others: tuple[OtherEvent, ...]
    notes: FilmNotes = field(default_factory=FilmNotes)

    @property
    def recorded_s(self) -> float:
        """Length of the recording when the file states it, else NaN."""
        return self.notes.length_s


# --- words ------------------------------------------------------------------

_SIDE_WORDS: Final = {
    "left": Side.LEFT,
    "lt": Side.LEFT,
    "right": Side.RIGHT,
    "rt": Side.RIGHT,
}
_SIDE_LETTERS: Final = {"l": Side.LEFT, "r": Side.RIGHT}
_BOTH_WORDS: Final = frozenset({"both", "bilateral", "bilat"})
_BURST_NAMES: Final = (
    "spasm spasms burst bursts twitch twitches twitching tic tics hfs "
    "contraction contractions fasciculation myokymia"
)
_BURST_WORDS: Final = frozenset(_BURST_NAMES.split())
_KIND_WORDS: Final = {
    "clonic": EpisodeKind.CLONIC,
    "tonic": EpisodeKind.TONIC,
    "mixed": EpisodeKind.MIXED,
}
_REGION_WORDS: Final = {
    Region.EYELID: "eye eyes eyelid eyelids lid lids oculi periocular orbicularis",
    Region.MOUTH_CORNER: "mouth corner commissure lip lips oral oris perioral",
    Region.CHEEK: "cheek cheeks zygomatic zygomaticus malar",
    Region.BROW: "brow brows eyebrow eyebrows forehead frontalis",
}
_REGION_OF: Final = {
    word: region for region, words in _REGION_WORDS.items() for word in words.split()
}
_OTHER_WORDS: Final = {
    "blink": "blink blinks blinking",
    "wink": "wink winks winking",
    "smile": "smile smiles smiling laugh laughs laughing laughter",
    "speech": "speech speak speaks speaking talk talks talking",
    "head_turn": "turn turns turning nod nods nodding headturn rotation",
    "yawn": "yawn yawns yawning",
    "gaze": "gaze gazes look looks looking saccade",
    "hand": "hand hands touch touches touching scratch",
    "chewing": "chew chews chewing eat eating drink drinking swallow swallowing",
    "absent": "absent leaves away occluded",
}
_OTHER_OF: Final = {
    word: event for event, words in _OTHER_WORDS.items() for word in words.split()
}
_FILLER_NAMES: Final = "side face facial half hemi hemiface of the a and none first"
_FILLERS: Final = frozenset(_FILLER_NAMES.split())
_KNOWN: Final = frozenset(
    {*_SIDE_WORDS, *_SIDE_LETTERS, *_BOTH_WORDS, *_BURST_WORDS, *_KIND_WORDS}
    | {*_REGION_OF, *_OTHER_OF, *_FILLERS}
)

WORDS_ADVICE: Final = mark(
    "Name bursts 'spasm', 'burst' or 'twitch' and give the subject's own side as "
    "'left' or 'right', in the behaviour, a modifier, the subject or the tier."
)


def _words(text: str) -> list[str]:
    """Split a text, also ``RightEye`` and ``right_eye``; numbers are dropped."""
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    joined = re.sub(r"\beye[\s_-]*brow", "eyebrow", spread.lower())
    return re.findall(r"[^\W\d_]+", joined)


def _sides(texts: Iterable[str]) -> set[Side]:
    """Collect every side that the texts name."""
    found: set[Side] = set()
    for text in texts:
        words = _words(text)
        found |= {_SIDE_WORDS[word] for word in words if word in _SIDE_WORDS}
        if all(word in _KNOWN for word in words):
            found |= {_SIDE_LETTERS[word] for word in words if word in _SIDE_LETTERS}
        if _BOTH_WORDS & set(words):
            found |= set(Side)
    return found


@dataclass(frozen=True, kw_only=True)
class Code:
    """What one coded row says; `event` is empty for a burst.

    Attributes
    ----------
    event : str
        Name of an event that is no burst.
    known : bool
        Whether `event` is one of the events this program knows by name.
    side : Side or None
        Side of a burst.
    regions : tuple of Region
        Regions of a burst, perhaps none.
    kind : EpisodeKind or None
        Kind of a burst.
    first : Region or None
        Region that moved first, where one is called so: ``eyelid first``.
    """

    event: str = ""
    known: bool = True
    side: Side | None = None
    regions: tuple[Region, ...] = ()
    kind: EpisodeKind | None = None
    first: Region | None = None


def read_code(texts: Iterable[str], where: str) -> Code:
    """Parse the words of one coded row.

    Parameters
    ----------
    texts : iterable of str
        What was coded first (behaviour, or tier with annotation), then
        modifiers and subject.
    where : str
        The row, for messages.

    Raises
    ------
    BadTruthFile
        A burst without a side or with several, or a code with a side that
        may or may not be a burst.
    """
    given = [text for text in texts if text.strip()]
    words = [word for text in given for word in _words(text)]
    sides = _sides(given)
    others = [_OTHER_OF[word] for word in words if word in _OTHER_OF]
    is_burst = bool(_BURST_WORDS & set(words))
    if not is_burst and others:
        return Code(event=others[0])
    if not is_burst and not _is_place(words):
        return _unknown(given, sides, where)
    return Code(
        side=_one_side(sides, given, where),
        regions=_regions(words),
        kind=_kind(words),
        first=_first(given),
    )


def _is_place(words: list[str]) -> bool:
    """Return whether words name nothing but where or how: ``right eyelid``, ``clonic``."""
    named = any(word in _REGION_OF or word in _KIND_WORDS for word in words)
    return named and all(word in _KNOWN for word in words)


def _unknown(given: list[str], sides: set[Side], where: str) -> Code:
    """Take a code without any known word as another event, unless it has a side."""
    if sides:
        raise BadTruthFile(
            say(
                "{where}: {codes!r} names a side, but not whether it is a burst. "
                "{advice}",
                where=where,
                codes=" / ".join(given),
                advice=say(WORDS_ADVICE),
            )
        )
    return Code(event=(given[0].strip().lower() if given else "unnamed"), known=False)


def _one_side(sides: set[Side], given: list[str], where: str) -> Side:
    """Return the only side, or say what is wrong."""
    if len(sides) == 1:
        return next(iter(sides))
    if sides:
        raise BadTruthFile(
            say(
                "{where}: expected one side for this burst, left or right, got both sides "
                "in {codes!r}. {advice} Code a burst that really is on both sides twice.",
                where=where,
                codes=" / ".join(given),
                advice=say(WORDS_ADVICE),
            )
        )
    raise BadTruthFile(
        say(
            "{where}: expected one side for this burst, left or right, got no side in "
            "{codes!r}. {advice} Code a burst that really is on both sides twice.",
            where=where,
            codes=" / ".join(given),
            advice=say(WORDS_ADVICE),
        )
    )


def _regions(words: list[str]) -> tuple[Region, ...]:
    found = {_REGION_OF[word] for word in words if word in _REGION_OF}
    return tuple(region for region in REGIONS if region in found)


def _first(given: list[str]) -> Region | None:
    """Return the region that is called first, if one text names it alone so."""
    marked = [words for words in map(_words, given) if "first" in words]
    found = {region for words in marked for region in _regions(words)}
    return next(iter(found)) if len(found) == 1 else None


def _kind(words: list[str]) -> EpisodeKind | None:
    found = {_KIND_WORDS[word] for word in words if word in _KIND_WORDS}
    if not found:
        return None
    return next(iter(found)) if len(found) == 1 else EpisodeKind.MIXED


# --- rows -------------------------------------------------------------------


_NO_NOTES: Final = FilmNotes()


def coded(rows: Iterable[CodedRow], notes: FilmNotes = _NO_NOTES) -> Truth:
    """Turn coded rows into truth.

    Parameters
    ----------
    rows : iterable of CodedRow
        In any order.
    notes : FilmNotes
        What the file says about its film.

    Returns
    -------
    Truth
        In order of time.

    Raises
    ------
    BadTruthFile
        As for `read_code`; also for a burst without a length, and when codes
        exist but none of their words is known.
    """
    bursts: list[Episode] = []
    others: list[OtherEvent] = []
    strange: list[str] = []
    for row in sorted(rows, key=lambda row: (row.start_s, row.end_s)):
        code, span = read_code(row.texts, row.where), _span(row)
        if code.side is None:
            others.append(OtherEvent(event=code.event, span=span))
            strange += [] if code.known else [code.event]
        else:
            bursts.append(_burst(code, code.side, span, row))
    if strange and len(strange) == len(others) and not bursts:
        raise BadTruthFile(
            say(
                "No code could be understood: {codes}. {advice}",
                codes=", ".join(sorted(set(strange))),
                advice=say(WORDS_ADVICE),
            )
        )
    return Truth(episodes=tuple(bursts), others=tuple(others), notes=notes)


def _span(row: CodedRow) -> Interval:
    if not row.end_s >= row.start_s:
        raise BadTruthFile(
            say(
                "{where}: expected an end after the start ({start_s:g} s), got "
                "{end_s:g} s.",
                where=row.where,
                start_s=row.start_s,
                end_s=row.end_s,
            )
        )
    return Interval(start_s=row.start_s, end_s=row.end_s)


def _burst(code: Code, side: Side, span: Interval, row: CodedRow) -> Episode:
    if span.duration_s <= 0:
        raise BadTruthFile(
            say(
                "{where}: expected a burst with a start and an end, got a point in "
                "time. Code bursts as state events (START and STOP).",
                where=row.where,
            )
        )
    lead = code.first or (code.regions[0] if len(code.regions) == 1 else None)
    details = read_details(row.comment, row.where)
    known = ALL_NOTED & set(details)
    known |= {"regions"} if code.regions else set()
    known |= {"lead_region"} if lead else set()
    known |= {"kind"} if code.kind is not None else set()
    given: dict[str, Any] = {
        "span": span,
        "side": side,
        "regions": code.regions,
        "lead_region": lead or next(iter(code.regions), Region.EYELID),
        "kind": code.kind or EpisodeKind.MIXED,
        "origin": Origin.HUMAN,
        **details,
    }
    given["onset_cut"] = row.onset_cut or given.get("onset_cut", False)
    given["offset_cut"] = row.offset_cut or given.get("offset_cut", False)
    return Episode(**given) if known == ALL_NOTED else CodedBurst(**given, noted=known)
