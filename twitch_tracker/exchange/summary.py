"""The numbers of one recording as one JSON document.

Knows the layout of ``summary.json``. Valid JSON, so "not measured" (NaN) and
"no limit" (infinity) are both ``null``. Times are seconds from the first shown
frame, a span is ``[start_s, end_s)``, sides are the subject's own. A change
that would break a reader raises `SCHEMA_VERSION`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from twitch_tracker.border.documents import parsed
from twitch_tracker.border.files import read_text
from twitch_tracker.border.limits import MOST_TEXT_BYTES
from twitch_tracker.border.plain import plain
from twitch_tracker.encrypted.files import write_all
from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.open_eyes import (
    known_face_document,
    open_eyes_document,
)
from twitch_tracker.language import say
from twitch_tracker.records import (
    ExcludedSpan,
    HardlyOpen,
    NearMiss,
    Session,
)
from twitch_tracker.regions import SIDES
from twitch_tracker.timebase import Interval

__all__ = [
    "SCHEMA_VERSION",
    "provenance",
    "read_summary",
    "summary_document",
    "write_summary",
]

SCHEMA_VERSION: Final = 1
"""Version of the layout of ``summary.json``."""


def provenance(session: Session) -> dict[str, Any]:
    """Describe who made the numbers, from what and how.

    Returns
    -------
    dict
        JSON-ready: software, video (name and hash), tracker, parameters and
        their hash.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "software": {"name": "twitch_tracker", "version": session.software_version},
        "video": {"name": session.video.name, "sha256": session.video.sha256},
        "tracker": plain(session.tracker),
        "parameters": plain(session.parameters),
        "parameters_sha256": session.parameters_sha256,
    }


def _span(span: Interval) -> dict[str, float]:
    """Describe a span."""
    return {"start_s": span.start_s, "end_s": span.end_s}


def _near_miss(miss: NearMiss) -> dict[str, Any]:
    """Describe a refused candidate."""
    return {
        **_span(miss.span),
        "side": miss.side.value,
        "peak_score": plain(miss.peak_score),
        "reason": miss.reason,
    }


def _excluded(excluded: ExcludedSpan) -> dict[str, Any]:
    """Describe a stretch that was not measured."""
    return {**_span(excluded.span), "reasons": plain(excluded.reasons)}


def _hardly_open(state: HardlyOpen) -> dict[str, Any]:
    """Describe a stretch during which an eye was hardly ever open."""
    return {
        "side": state.side.value,
        "onset_s": state.span.start_s,
        "offset_s": state.span.end_s,
    }


def summary_document(session: Session) -> dict[str, Any]:
    """Build the document that ``summary.json`` holds.

    Returns
    -------
    dict
        JSON-ready. `docs/files.md` explains every key.
    """
    summary = session.summary
    return {
        **provenance(session),
        "video": plain(session.video),
        "damage": plain(session.damage),
        "recorded_s": plain(summary.recorded_s),
        "analysable_s": plain(summary.analysable_s),
        "sides": {side.value: plain(summary.sides[side]) for side in SIDES},
        "rest_asymmetry": plain(summary.rest_asymmetry),
        "mm_per_interocular": plain(session.motion.mm_per_interocular),
        "blinks": summary.blinks,
        "complete_blinks": summary.complete_blinks,
        "blinks_per_min": plain(summary.blinks_per_min),
        "excluded_s": plain(summary.excluded_s),
        "regions_unseen_s": plain(summary.regions_unseen_s),
        "pictures_hz": plain(summary.pictures_hz),
        "unchanged_share": plain(summary.unchanged_share),
        "quantiser": plain(summary.quantiser),
        "face": plain(summary.face),
        "excluded_spans": [_excluded(span) for span in session.excluded],
        "hardly_open": [_hardly_open(state) for state in session.hardly_open],
        "open_eyes": open_eyes_document(session.face_seen),
        "known_face": known_face_document(session.motion),
        "near_misses": [_near_miss(miss) for miss in session.near_misses],
        "subject_events": plain(session.subject_events),
    }


def write_summary(path: Path, session: Session) -> None:
    """Write the summary of a session.

    Parameters
    ----------
    path : Path
        File to write; replaced when it exists.
    session : Session
        The analysis.
    """
    text = json.dumps(
        summary_document(session), indent=2, ensure_ascii=False, allow_nan=False
    )
    write_all(path, f"{text}\n".encode())


def read_summary(path: Path) -> dict[str, Any]:
    """Read a summary back.

    Parameters
    ----------
    path : Path
        A ``summary.json``.

    Raises
    ------
    BadTruthFile
        The file cannot be read, is not JSON, or its layout is newer than this
        program knows.
    """
    text = read_text(path, MOST_TEXT_BYTES, BadTruthFile)
    document = parsed(text, str(path), BadTruthFile)
    version = document.get("schema_version") if isinstance(document, dict) else None
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        raise BadTruthFile(
            say(
                "{path}: expected a summary of layout {known} or older, got "
                "{version!r}. A newer version of this program may have written it.",
                path=path,
                known=SCHEMA_VERSION,
                version=version,
            )
        )
    found: dict[str, Any] = document
    return found
