"""Why nothing of a recording could be measured: a code with its values, and its sentence.

Note: what is kept of such an error is its `reason`, ``nothing_measured(too_dark=45)``, in
no language and without the recording's name; from it `nothing_measured_of` makes the same
error again, in the language spoken then.

>>> error = nothing_measured("a.mp4", {"too_dark": 45.0})
>>> error.reason
'nothing_measured(too_dark=45)'
>>> nothing_measured_of("", ["too_dark=45"]).reason == error.reason
True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from twitch_tracker.errors import NoAnalysableFace
from twitch_tracker.language import mark, say
from twitch_tracker.units import duration

__all__ = ["nothing_measured", "nothing_measured_of"]

_WHY_NOT_MEASURED: Final = {
    "no_face": mark("no face for {time}"),
    "other_person": mark("another person for {time}"),
    "too_small": mark("too small for {time}"),
    "turned_away": mark("turned away for {time}"),
    "blurred": mark("blurred for {time}"),
    "too_dark": mark("too dark for {time}"),
    "too_bright": mark("too bright for {time}"),
    "covered": mark("covered for {time}"),
    "out_of_frame": mark("out of the picture for {time}"),
    "fast_turn": mark("turning fast for {time}"),
    "no_baseline": mark("no baseline for {time}"),
    "missing_frames": mark("pictures missing for {time}"),
    "frozen": mark("the picture stood still for {time}"),
    "too_few_pictures": mark("too few pictures a second for {time}"),
    "eyes_covered": mark("eyes behind dark glasses for {time}"),
}
"""By the values of `records.QualityReason`."""


def nothing_measured(
    name: str,
    seconds: Mapping[str, float],
    films: Sequence[str] = (),
    *,
    on_page: bool = False,
) -> NoAnalysableFace:
    """Build the error of a recording of which no part could be measured.

    Parameters
    ----------
    name : str
        The recording as its reader knows it; empty where the reader knows of no name.
    seconds : mapping of str to float
        For how long by reason (values of `records.QualityReason`); those that lasted
        longest are said first.
    films : sequence of str
        Numbers of the videos in the file, the one that was read before all of them;
        empty where there is one.
    on_page : bool
        Whether it is read where a video is added, and no command is given.

    Returns
    -------
    NoAnalysableFace
        To be raised.
    """
    fault = _why_nothing(seconds) + _other_films(films, on_page=on_page)
    error = NoAnalysableFace(
        say("{name}: {fault}", name=name, fault=fault) if name else fault
    )
    values = [f"{reason}={lasted_s:.6g}" for reason, lasted_s in seconds.items()]
    values += [f"film={number}" for number in films]
    error.reason = f"nothing_measured({','.join(values)})"
    return error


def nothing_measured_of(
    name: str, values: Sequence[str], *, on_page: bool = False
) -> NoAnalysableFace:
    """Build the same error of what was kept of it.

    Parameters
    ----------
    name : str
        The recording as its reader knows it; may be empty.
    values : sequence of str
        Those of its `reason`.
    on_page : bool
        As for `nothing_measured`.

    Returns
    -------
    NoAnalysableFace
        To be raised, or read.

    Raises
    ------
    ValueError
        They are no values of such an error.
    """
    seconds, films = {}, []
    for value in filter(None, values):
        what, _, said = value.partition("=")
        if what == "film":
            films.append(said)
        elif what in _WHY_NOT_MEASURED:
            seconds[what] = float(said)
        else:
            raise ValueError(f"no reason not to measure: {value!r}")
    return nothing_measured(name, seconds, films, on_page=on_page)


def _why_nothing(seconds: Mapping[str, float]) -> str:
    """Say what was in the way, and what to do."""
    why = [
        say(_WHY_NOT_MEASURED[reason], time=duration(seconds[reason]))
        for reason in sorted(seconds, key=lambda reason: -seconds[reason])
        if seconds[reason] > 0
    ]
    longest_s = max(seconds.values(), default=0.0)
    if seconds.get("too_few_pictures", 0.0) > 0.5 * longest_s:
        return say(
            "no part of it can be measured ({why}). A contraction can be over between "
            "two of its pictures. Film with 25 pictures a second or more, and send the "
            "original file.",
            why=", ".join(why),
        )
    if seconds.get("eyes_covered", 0.0) > 0.5 * longest_s:
        return say(
            "no part of it can be measured ({why}). Nothing is measured where the eyes "
            "cannot be seen. Film without dark glasses.",
            why=", ".join(why),
        )
    return say(
        "no part of it shows a face that can be measured ({why}). Film the face from "
        "the front, large and evenly lit.",
        why=", ".join(why) or say("no more than one picture"),
    )


def _other_films(films: Sequence[str], *, on_page: bool) -> str:
    """Say that a file holds other videos than the one that was read."""
    if not films:
        return ""
    read, *numbers = films
    if on_page:
        return " " + say(
            "The file holds {n} videos; the one that a player shows was read. To have "
            "another one measured, save it as a file of its own and add that.",
            n=len(numbers),
        )
    return " " + say(
        "The file holds {n} videos ({numbers}), and number {read} was read: --stream N "
        "takes another.",
        n=len(numbers),
        numbers=", ".join(numbers),
        read=read,
    )
