"""Warnings about a film: damage, joins, speed, unseen time.

Note: every kind of loss is reported where it happened at all, because a loss that is
only counted would change a log without notice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from twitch_tracker import units
from twitch_tracker.episodes.description.claims import (
    LEAST_FOR_CONTRACTIONS_HZ,
    LEAST_FOR_KIND_HZ,
)
from twitch_tracker.language import say, say_n
from twitch_tracker.motion.sameness import COMPRESSED_SHARE, is_compressed
from twitch_tracker.motion.timing import LEAST_PICTURES_HZ
from twitch_tracker.records import Damage, QualityReason, SubjectEvent
from twitch_tracker.records.reasons import Reason
from twitch_tracker.units import listed
from twitch_tracker.wording.reasons import reason_text

__all__ = [
    "damage_in_words",
    "few_pictures_in_words",
    "said_in_words",
    "subjects_in_words",
    "unseen_in_words",
]

_LEAST_OTHER_S: Final = 1.0
"""Somebody who walks past for less is not worth a line."""


def damage_in_words(damage: Damage) -> tuple[str, ...]:
    """Say what was lost of a file, every kind of it; empty for a sound one.

    Parameters
    ----------
    damage : Damage
        As counted while it was read.

    Returns
    -------
    tuple of str
        Whole sentences.
    """
    said = []
    if lost := _lost(damage):
        said.append(
            say(
                "The file is damaged or incomplete ({lost}). Missing parts are in no "
                "number here.",
                lost=listed(lost),
            )
        )
    if damage.unread_recordings:
        said.append(
            say_n(
                "The file holds {n} more recording after the first one, joined "
                "without a video program. It was not read and is in no number here: "
                "analyse the parts one by one.",
                "The file holds {n} more recordings after the first one, joined "
                "without a video program. They were not read and are in no number "
                "here: analyse the parts one by one.",
                damage.unread_recordings,
            )
        )
    if damage.joins:
        said.append(
            say_n(
                "Recordings were joined in this file: another one begins at {n} "
                "place. The times continue there; what happened in between is not "
                "known, and no burst extends over it.",
                "Recordings were joined in this file: another one begins at {n} "
                "places. The times continue there; what happened in between is not "
                "known, and no burst extends over it.",
                damage.joins,
            )
        )
    return tuple(said)


def _lost(damage: Damage) -> list[str]:
    """Name what was lost, one clause a kind."""
    kinds = (
        (damage.damaged_packets, _damaged),
        (damage.backward_stamps, _backward),
        (damage.duplicate_stamps, _duplicate),
        (damage.missing_stamps, _missing),
    )
    return [words(count) for count, words in kinds if count]


def _damaged(n: int) -> str:
    return say_n("{n} damaged packet", "{n} damaged packets", n)


def _backward(n: int) -> str:
    return say_n(
        "{n} picture with a time before the last one",
        "{n} pictures with a time before the last one",
        n,
    )


def _duplicate(n: int) -> str:
    return say_n(
        "{n} picture with the time of the last one",
        "{n} pictures with the time of the last one",
        n,
    )


def _missing(n: int) -> str:
    return say_n("{n} picture without a time", "{n} pictures without a time", n)


def unseen_in_words(
    excluded_s: Mapping[QualityReason, float],
    pictures_hz: float,
    unchanged_share: float = math.nan,
    quantiser: float = math.nan,
) -> tuple[str, ...]:
    """Say what time nobody saw, and what pictures were too slow to show.

    Parameters
    ----------
    excluded_s : Mapping of QualityReason to float
        `SessionSummary.excluded_s`.
    pictures_hz, unchanged_share, quantiser : float
        Of `SessionSummary`; NaN says nothing.

    Returns
    -------
    tuple of str
        Whole sentences; empty for ordinary recordings.
    """
    said = list(_hidden(excluded_s))
    if frozen_s := excluded_s.get(QualityReason.FROZEN, 0.0):
        said.append(
            say(
                "The picture stood still for {time}. The face could not be seen "
                "then: that time is not measured. A burst that was going on is cut "
                "off there, or says how much of it was not measured.",
                time=units.duration(frozen_s),
            )
        )
    if slow_s := excluded_s.get(QualityReason.TOO_FEW_PICTURES, 0.0):
        said.append(
            say(
                "For {time} there were fewer than {least} pictures a second. A "
                "contraction can be over between two of them: that time is not measured.",
                time=units.duration(slow_s),
                least=units.decimal(LEAST_PICTURES_HZ, 1),
            )
        )
    said += [*_too_slow(pictures_hz), *_pressed(unchanged_share, quantiser)]
    return tuple(said)


def _too_slow(pictures_hz: float) -> Iterable[str]:
    """Say what pictures come too slowly for."""
    if pictures_hz < LEAST_FOR_KIND_HZ:
        yield say(
            "About {n} pictures a second show something new. That is too slow to "
            "tell the kind of a burst (at least {kind}) and to count its "
            "contractions (at least {count}); both are left open.",
            n=units.decimal(pictures_hz, 0),
            kind=units.decimal(LEAST_FOR_KIND_HZ, 1),
            count=units.decimal(LEAST_FOR_CONTRACTIONS_HZ, 0),
        )
    elif pictures_hz < LEAST_FOR_CONTRACTIONS_HZ:
        yield say(
            "About {n} pictures a second show something new. That is too slow to "
            "count the contractions of a burst (at least {count}); they are left "
            "open.",
            n=units.decimal(pictures_hz, 0),
            count=units.decimal(LEAST_FOR_CONTRACTIONS_HZ, 0),
        )


def _pressed(unchanged_share: float, quantiser: float) -> Iterable[str]:
    """Say that a film is strongly compressed, and by what that shows."""
    if unchanged_share >= COMPRESSED_SHARE:
        yield say(
            "The film is strongly compressed: {share} of the face does not change "
            "from one picture to the next. Small movements are lost in that, and "
            "what is redrawn can look like one, so that a burst needs more "
            "confidence here. Send the original file, not one from a messenger.",
            share=units.percent(unchanged_share),
        )
    elif is_compressed(unchanged_share, quantiser):
        yield say(
            "The film is strongly compressed: its pictures are written coarsely "
            "({quantiser} of 51 steps). Small movements are lost in that, and redrawn "
            "blocks can look like one, so that a burst needs more "
            "confidence here. Send the original file, not one from a messenger.",
            quantiser=units.decimal(quantiser, 0),
        )


def _hidden(excluded_s: Mapping[QualityReason, float]) -> Iterable[str]:
    """Say that somebody else was seen, or that the eyes could not be."""
    if (other_s := excluded_s.get(QualityReason.OTHER_PERSON, 0.0)) >= _LEAST_OTHER_S:
        yield say(
            "For {time} only somebody else was seen, who is not measured: the person that "
            "is measured is the one seen first. If that is the wrong one, analyse the "
            "part that begins with the right one.",
            time=units.duration(other_s),
        )
    if covered_s := excluded_s.get(QualityReason.EYES_COVERED, 0.0):
        yield say(
            "For {time} dark glasses hid the eyes: that time is not measured.",
            time=units.duration(covered_s),
        )


def few_pictures_in_words(pictures: int, seconds: float) -> str:
    """Say while filming that too few pictures a second are on film.

    After an analysis `unseen_in_words` says what is left open for that reason.

    Parameters
    ----------
    pictures : int
        How many there are.
    seconds : float
        In how many seconds that are on film.

    Returns
    -------
    str
        Empty when they are enough to count contractions.
    """
    if not seconds > 0 or pictures >= LEAST_FOR_CONTRACTIONS_HZ * seconds:
        return ""
    n = round(pictures / seconds)
    if pictures < LEAST_FOR_KIND_HZ * seconds:
        return say(
            "Only about {n} pictures a second are on film instead of 30. Short "
            "bursts are missed, so the bursts per minute are too low and cannot be "
            "compared with other recordings. Use more light, close other programs, "
            "or film with a phone.",
            n=n,
        )
    return say(
        "Only about {n} pictures a second are on film, so very short bursts can be "
        "missed. More light and fewer other programs help.",
        n=n,
    )


def subjects_in_words(
    events: Iterable[SubjectEvent], *, on_page: bool = False
) -> tuple[str, ...]:
    """Say when the person was chosen among several faces; empty when alone.

    Parameters
    ----------
    events : iterable of SubjectEvent
        What happened to the subject's track.
    on_page : bool
        Whether it is read where a page offers to choose; else ``--subject`` is named.

    Returns
    -------
    tuple of str
        One sentence at most, of the first such choice.
    """
    for event in events:
        reason = Reason.read(event.detail)
        if event.kind != "chosen" or reason.code != "followed_among":
            continue
        if reason.values and reason.values[0].isdecimal() and int(reason.values[0]) > 1:
            which = reason_text(event.detail)
            if on_page:
                return (
                    say(
                        "Several faces are in the picture: {which}. If that is somebody "
                        "else, or a reflection in a mirror (whose sides are exchanged), "
                        "choose another one.",
                        which=which,
                    ),
                )
            return (
                say(
                    "Several faces are in the picture: {which}. If that is somebody "
                    "else, or a reflection in a mirror (whose sides are exchanged), "
                    "choose with --subject.",
                    which=which,
                ),
            )
    return ()


def said_in_words(notes: Iterable[str], *, on_page: bool = False) -> tuple[str, ...]:
    """Say what a reader must know of how a file was read.

    Parameters
    ----------
    notes : iterable of str
        `VideoInfo.said`; what is no known code is left out.
    on_page : bool
        Whether it is read on a page, where no option of a command can be given.

    Returns
    -------
    tuple of str
        Whole sentences.
    """
    said = []
    for note in notes:
        reason = Reason.read(note)
        words = (_SAID_ON_PAGE if on_page else _SAID).get(reason.code)
        if words is not None:
            said.append(words(*reason.values))
    return tuple(said)


def _slow_motion(capture: str, stored: str) -> str:
    return say(
        "This is slow motion: {capture} pictures a second were taken, and the file "
        "plays {stored}. All times here are real time, not playing time. If this is "
        "wrong, use --capture-fps {stored}.",
        capture=capture,
        stored=stored,
    )


def _time_lapse(capture: str, stored: str) -> str:
    return say(
        "This is time lapse: {capture} pictures a second were taken, and the file "
        "plays {stored}. All times here are real time, not playing time. If this is "
        "wrong, use --capture-fps {stored}.",
        capture=capture,
        stored=stored,
    )


def _unclear(capture: str, stored: str) -> str:
    return say(
        "The file says that {capture} pictures a second were taken, but it plays "
        "{stored} and has sound of the same length. It was read as playing in real "
        "time. If it is slow motion, all times here are too long: use --capture-fps "
        "{capture}.",
        capture=capture,
        stored=stored,
    )


def _one_of_films(read: str, *numbers: str) -> str:
    return say(
        "The file holds {n} videos ({numbers}). Number {read} was read, as a player "
        "shows it; --stream N takes another.",
        n=len(numbers),
        numbers=listed(numbers),
        read=read,
    )


def _front_camera() -> str:
    return say(
        "The front camera filmed this, and some of them store a mirror image. If writing "
        "in the picture is back to front, right and left are exchanged here: use "
        "--mirrored."
    )


def _shown_mirrored() -> str:
    return say(
        "The file asks to be shown as a mirror image, as selfies often are, and is "
        "measured as it is shown. If writing is back to front when it is played, right "
        "and left are exchanged here: use --mirrored."
    )


_SAID: Final[dict[str, Callable[..., str]]] = {
    "slow_motion": _slow_motion,
    "time_lapse": _time_lapse,
    "slow_motion_unclear": _unclear,
    "one_of_films": _one_of_films,
    "front_camera": _front_camera,
    "shown_mirrored": _shown_mirrored,
}


def _slow_motion_on_page(capture: str, stored: str) -> str:
    return say(
        "This is slow motion: {capture} pictures a second were taken, and the file "
        "plays {stored}. All times here are real time, not playing time. If this is "
        "wrong, all times and counts per minute here are wrong.",
        capture=capture,
        stored=stored,
    )


def _time_lapse_on_page(capture: str, stored: str) -> str:
    return say(
        "This is time lapse: {capture} pictures a second were taken, and the file "
        "plays {stored}. All times here are real time, not playing time. If this is "
        "wrong, all times and counts per minute here are wrong.",
        capture=capture,
        stored=stored,
    )


def _unclear_on_page(capture: str, stored: str) -> str:
    return say(
        "The file says that {capture} pictures a second were taken, but it plays "
        "{stored} and has sound of the same length. It was read as playing in real "
        "time. If it is slow motion, all times here are too long.",
        capture=capture,
        stored=stored,
    )


def _one_of_films_on_page(_read: str, *numbers: str) -> str:
    return say(
        "The file holds {n} videos; the one that a player shows was read. To have "
        "another one measured, save it as a file of its own and add that.",
        n=len(numbers),
    )


def _front_camera_on_page() -> str:
    return say(
        "The front camera filmed this, and some of them store a mirror image. If writing "
        "in the picture is back to front, right and left are exchanged here. In the app, "
        "Correct turns them round."
    )


def _shown_mirrored_on_page() -> str:
    return say(
        "The file asks to be shown as a mirror image, as selfies often are, and is "
        "measured as it is shown. If writing is back to front when it is played, right "
        "and left are exchanged here. In the app, Correct turns them round."
    )


_SAID_ON_PAGE: Final[dict[str, Callable[..., str]]] = {
    "slow_motion": _slow_motion_on_page,
    "time_lapse": _time_lapse_on_page,
    "slow_motion_unclear": _unclear_on_page,
    "one_of_films": _one_of_films_on_page,
    "front_camera": _front_camera_on_page,
    "shown_mirrored": _shown_mirrored_on_page,
}
