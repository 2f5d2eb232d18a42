"""Why a burst was kept or refused, and what happened to a track: a code with values.

Note: in tables, summaries and the journal a reason is its text,
``not_sure_enough(0.57,0.60)``, in no language; `wording.reasons` writes it in the
reader's. What a person wrote stays as it was written.

>>> str(Reason("not_sure_enough", ("0.57", "0.60")))
'not_sure_enough(0.57,0.60)'
>>> Reason.read("not_sure_enough(0.57,0.60)").values
('0.57', '0.60')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Reason"]

_WRITTEN: Final = re.compile(r"([a-z_]+)(?:\(([^()]*)\))?")


@dataclass(frozen=True)
class Reason:
    """A reason.

    Attributes
    ----------
    code : str
        Small letters and ``_``; empty for a sentence of a person.
    values : tuple of str
        As they are written; of a sentence, the sentence.
    """

    code: str
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return what is written into files."""
        values = ",".join(self.values)
        if not (self.code and self.values):
            return self.code or values
        return f"{self.code}({values})"

    @classmethod
    def read(cls, text: str) -> Reason:
        """Read what was written; never fails."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            return cls("", (text,))
        code, values = found.groups()
        return cls(code, () if values is None else tuple(values.split(",")))
