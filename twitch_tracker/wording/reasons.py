"""Why a burst was kept or refused, and what happened to a track, in words.

Note: what is no known code (a person wrote it, or another version of the program) is
shown as it came.

>>> reason_text("not_sure_enough(0.31,0.50)")
'not sure enough: confidence 0.31, a burst needs 0.50'
>>> reason_text("seen by Dr A")
'seen by Dr A'
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from twitch_tracker.language import mark, say, say_n
from twitch_tracker.records.reasons import Reason
from twitch_tracker.regions import Region, Side
from twitch_tracker.units import listed, percent
from twitch_tracker.wording.terms import region_name, side_name

__all__ = ["reason_text"]

_PLAIN: Final = {
    "brow_rose": mark("the eyebrow rose while the eye closed"),
    "slow": mark("it came on slowly, as a posture or an expression does"),
    "already_there": mark(
        "it was already there when measuring began, so nobody saw whether it came on "
        "abruptly"
    ),
    "unequal_blink": mark(
        "both eyes closed together, one a little more: an unequal blink"
    ),
    "mirrored": mark(
        "the other eye closed along with every contraction: blinks of which one eye "
        "shows less"
    ),
    "picture_changed": mark("the whole picture changed abruptly"),
    "another_recording": mark(
        "another recording begins: the file was joined from several"
    ),
    "seen_again": mark("the subject is seen again"),
    "no_face": mark("no face is seen"),
}


def reason_text(written: str) -> str:
    """Return a reason in the reader's language.

    Parameters
    ----------
    written : str
        One of `Episode.reasons`, `NearMiss.reason` or `SubjectEvent.detail`.

    Returns
    -------
    str
        A clause without a capital letter and a full stop.
    """
    reason = Reason.read(written)
    if reason.code in _PLAIN and not reason.values:
        return say(_PLAIN[reason.code])
    try:
        return _WITH_VALUES[reason.code](*reason.values)
    except (KeyError, TypeError, ValueError):
        return written


def _moved(side: str, *regions: str) -> str:
    return say(
        "{regions} of the {side} side moved beyond the other side and the head",
        regions=listed([region_name(Region(region)) for region in regions]),
        side=side_name(Side(side)),
    )


def _evidence(evidence: str) -> str:
    return say(
        "evidence {evidence} times the variability of the quiet face", evidence=evidence
    )


def _contractions(n: str) -> str:
    return say_n("{n} contraction", "{n} separate contractions", int(n))


def _unmeasured(share: str) -> str:
    return say("{share} of it could not be measured", share=percent(float(share)))


def _not_sure_enough(confidence: str, needed: str) -> str:
    return say(
        "not sure enough: confidence {confidence}, a burst needs {needed}",
        confidence=confidence,
        needed=needed,
    )


def _too_weak(evidence: str, needed: str) -> str:
    return say(
        "too weak: evidence {evidence}, a burst needs {needed}",
        evidence=evidence,
        needed=needed,
    )


def _too_slow_for_kind(pictures: str, needed: str) -> str:
    return say(
        "{pictures} pictures a second: too slow to tell its kind and to count its "
        "contractions, which needs {needed}",
        pictures=pictures,
        needed=needed,
    )


def _too_slow_for_contractions(pictures: str, needed: str) -> str:
    return say(
        "{pictures} pictures a second: too slow to count its contractions, which needs "
        "{needed}",
        pictures=pictures,
        needed=needed,
    )


def _followed_among(faces: str, across: str = "", down: str = "") -> str:
    if across and down:
        return say_n(
            "{n} face; the one at {across} of the picture's width and {down} of its "
            "height is followed",
            "{n} faces; the one at {across} of the picture's width and {down} of its "
            "height is followed",
            int(faces),
            across=percent(float(across)),
            down=percent(float(down)),
        )
    return say_n(
        "{n} face; it is followed",
        "{n} faces; the largest, most central one is followed",
        int(faces),
    )


def _only_others_seen(faces: str) -> str:
    return say_n(
        "{n} face is seen, which does not look like the subject",
        "{n} faces are seen, none looks like the subject",
        int(faces),
    )


_WITH_VALUES: Final[dict[str, Callable[..., str]]] = {
    "moved": _moved,
    "evidence": _evidence,
    "contractions": _contractions,
    "unmeasured": _unmeasured,
    "not_sure_enough": _not_sure_enough,
    "too_weak": _too_weak,
    "too_slow_for_kind": _too_slow_for_kind,
    "too_slow_for_contractions": _too_slow_for_contractions,
    "followed_among": _followed_among,
    "only_others_seen": _only_others_seen,
}
