"""Raw motion as a file of plain arrays (NumPy's ``.npz``), out and in.

Such a file holds numbers and text only: reading one never runs code.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from twitch_tracker.border.documents import Document, Finite, Measured, checked, parsed
from twitch_tracker.border.plain import plain
from twitch_tracker.errors import BadFile
from twitch_tracker.language import say
from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.records import QualityReason

__all__ = ["About", "packed", "unpacked"]

_SEPARATOR: Final = ";"
_ABOUT: Final = "about"
_ARRAYS: Final = tuple(
    one.name
    for one in fields(RawMotion)
    if one.default is MISSING and one.name not in {"networks", "reasons"}
)
_OPTIONAL: Final = ("eye_pictures", "same", "lips_hidden", "eyes_hidden", "face_at")
"""Arrays that need not be there, and that older files do not have."""


class About(Document):
    """What is kept beside the arrays.

    Attributes
    ----------
    fingerprint : str
        Of the recording and the code.
    elapsed_s : float
        Wall-clock seconds that watching took.
    networks : str
        Folder of the networks.
    cuts_s, unchanged_share, quantiser : tuple of float, float, float
        See `RawMotion`.
    """

    fingerprint: str
    elapsed_s: Finite
    networks: str
    cuts_s: tuple[Finite, ...]
    unchanged_share: Measured = math.nan
    quantiser: Measured = math.nan


_SCHEMA: Final = TypeAdapter(About)


def packed(raw: RawMotion, fingerprint: str, elapsed_s: float) -> bytes:
    """Write raw motion, and how it was measured."""
    about = {
        "fingerprint": fingerprint,
        "elapsed_s": elapsed_s,
        "networks": str(raw.networks),
        "cuts_s": [float(cut_s) for cut_s in raw.cuts_s],
        "unchanged_share": plain(raw.unchanged_share),
        "quantiser": plain(raw.quantiser),
    }
    arrays: dict[str, NDArray[Any]] = {name: getattr(raw, name) for name in _ARRAYS}
    for name in _OPTIONAL:
        if (array := getattr(raw, name)) is not None:
            arrays[name] = array
    reasons = [_SEPARATOR.join(reasons) for reasons in raw.reasons]
    file = io.BytesIO()
    np.savez(
        file,
        **arrays,
        reasons=np.array(reasons, dtype=np.str_),
        **{_ABOUT: np.frombuffer(json.dumps(about).encode(), np.uint8)},
    )
    return file.getvalue()


def unpacked(path: Path) -> tuple[RawMotion, About]:
    """Read raw motion back.

    Raises
    ------
    BadFile
        There is no such file, or it is none of these.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
            kept = {name: found[name] for name in _ARRAYS}
            kept |= {name: found[name] for name in _OPTIONAL if name in found}
            text, reasons = found[_ABOUT].tobytes(), found["reasons"].tolist()
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise BadFile(
            say("{path}: no kept motion can be read ({error}).", path=path, error=error)
        ) from error
    about = checked(_SCHEMA, parsed(text, str(path), BadFile), str(path), BadFile)
    raw = RawMotion(
        **kept,
        networks=Path(about.networks),
        reasons=tuple(_reasons(words, path) for words in reasons),
        cuts_s=about.cuts_s,
        unchanged_share=about.unchanged_share,
        quantiser=about.quantiser,
    )
    return raw, about


def _reasons(words: str, path: Path) -> tuple[QualityReason, ...]:
    try:
        return tuple(map(QualityReason, filter(None, words.split(_SEPARATOR))))
    except ValueError as error:
        raise BadFile(
            say("{path}: no kept motion can be read ({error}).", path=path, error=error)
        ) from error
