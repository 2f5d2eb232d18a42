"""What happened in a live session, one JSON document a line, as it happens.

Every line is whole on the disk before the next frame is looked at; a killed program
leaves at most one broken last line, which readers skip. The first line says what is
recorded and how to finish a recording that was cut off; the last one says how it
ended. Times are seconds from the first frame, sides the subject's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from twitch_tracker.border.documents import parsed
from twitch_tracker.border.plain import plain
from twitch_tracker.encrypted.files import open_plain
from twitch_tracker.errors import BadFile, VideoUnreadable
from twitch_tracker.language import say
from twitch_tracker.live.complaints import not_writable
from twitch_tracker.live.state import News, NewsKind

__all__ = [
    "EVENTS",
    "SCHEMA_VERSION",
    "EventLog",
    "as_event",
    "is_finished",
    "read_events",
]

EVENTS: Final = "events.jsonl"
"""Name of the file in the folder of a recording."""

SCHEMA_VERSION: Final = 1
"""Version of the layout of ``events.jsonl``."""

_MOST_BYTES: Final = 64 * 2**20
"""A day of a burst a second is about 20 MB. What stands beyond is not read, as what a
killed program left half written is not."""

LiveEvent = dict[str, Any]


class EventLog:
    """Appends events to a file.

    Parameters
    ----------
    path : Path
        The file; appended to when it exists.
    on_event : callable, optional
        Called with every event after it is on disk.

    Raises
    ------
    OutputNotWritable
        If it cannot be written.
    """

    def __init__(
        self, path: Path, on_event: Callable[[LiveEvent], None] | None = None
    ) -> None:
        """Open the file."""
        self.path = path
        self._on_event = on_event
        try:
            self._file = path.open("a", encoding="utf-8", newline="\n")
        except OSError as error:
            raise not_writable(path, error) from error

    def write(self, event: str, **fields: object) -> None:
        """Append one event.

        Parameters
        ----------
        event : str
            Its kind.
        **fields : object
            What `border.plain` can turn into JSON.

        Raises
        ------
        OutputNotWritable
            If the disk refuses.
        """
        document: LiveEvent = {"event": event, **plain(fields)}
        line = json.dumps(document, ensure_ascii=False, allow_nan=False)
        try:
            self._file.write(line + "\n")
            self._file.flush()
        except OSError as error:
            raise not_writable(self.path, error) from error
        if self._on_event is not None:
            self._on_event(document)

    def write_news(self, news: News) -> None:
        """Append what became known with a frame."""
        self.write(news.kind.value, **as_event(news))

    def close(self) -> None:
        """Close the file; harmless when called twice."""
        self._file.close()


def as_event(news: News) -> LiveEvent:
    """Describe what became known, without its kind.

    Returns
    -------
    dict
        ``time_s``, when it became known, and what the kind calls for.
    """
    fields: LiveEvent = {"time_s": round(news.time_s, 3)}
    if news.kind is NewsKind.BURST and news.burst is not None:
        burst = news.burst
        fields |= {
            "side": burst.side,
            "onset_s": round(burst.span.start_s, 4),
            "offset_s": round(burst.span.end_s, 4),
            "onset_cut": burst.onset_cut,
            "offset_cut": burst.offset_cut,
            "bilateral": burst.bilateral,
            "regions": burst.regions,
            "kind": burst.kind,
            "contractions": burst.contractions,
            "confidence": round(burst.confidence, 3),
        }
    elif news.kind is NewsKind.BLINK and news.blink is not None:
        blink = news.blink
        fields |= {
            "onset_s": round(blink.span.start_s, 4),
            "offset_s": round(blink.span.end_s, 4),
            "complete": blink.complete,
        }
    elif news.kind is NewsKind.SUBJECT and news.subject is not None:
        fields |= {"happened": news.subject.kind, "detail": news.subject.detail}
    elif news.kind is NewsKind.QUALITY:
        fields |= {"reason": news.reason}
    return fields


def read_events(path: Path) -> list[LiveEvent]:
    """Read an event log, also one that was cut off.

    Parameters
    ----------
    path : Path
        An ``events.jsonl``.

    Returns
    -------
    list of dict
        Every whole line.

    Raises
    ------
    VideoUnreadable
        If there is no such file, or its first line is not that of a recording that
        this version knows.
    """
    try:
        with open_plain(path) as file:
            content = file.read(_MOST_BYTES)
    except OSError as error:
        raise VideoUnreadable(
            say(
                "{path}: no event log can be read there ({why}). Give the folder of a "
                "live recording.",
                path=path,
                why=error.strerror,
            )
        ) from error
    lines = content.decode("utf-8", "replace").splitlines()
    events = [event for line in lines if (event := _parsed(line)) is not None]
    version = events[0].get("schema_version") if events else None
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        raise VideoUnreadable(
            say(
                "{path}: expected an event log of layout {known} or older, got "
                "{version!r}. A newer version of this program may have written it.",
                path=path,
                known=SCHEMA_VERSION,
                version=version,
            )
        )
    return events


def is_finished(events: list[LiveEvent]) -> bool:
    """Return whether the results of a recording were written."""
    return any(event.get("event") == "finished" for event in events)


def _parsed(line: str) -> LiveEvent | None:
    try:
        event = parsed(line, "", BadFile)
    except BadFile:
        return None
    return event if isinstance(event, dict) else None
