"""What really happens in a simulated recording, as rows of a table.

Onset and offset are where the underlying displacement first and last exceeds
`EDGE` (10 %) of its own peak, so that a perfect observer could find them. The
columns are those of ``episodes.csv`` with ``event`` and ``origin`` added; a
human or a detector never writes this file. Missing values are empty.

`rate_hz` is (contractions - 1) / time between the first and last peak.

>>> from twitch_tracker.simulate.plan.scenario import BilateralBlink, Scenario
>>> [
...     r.event
...     for r in truth(Scenario(duration_s=2, events=(BilateralBlink(onset_s=1),)))
... ]
['blink']
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.border.tables import table_text
from twitch_tracker.records import Origin
from twitch_tracker.regions import Region
from twitch_tracker.simulate.activation import Activation, activate, event_generator
from twitch_tracker.simulate.plan.events import Spasm, Wink
from twitch_tracker.simulate.plan.kinematics import RISE_SHARE, plan_burst
from twitch_tracker.simulate.plan.scenario import Scenario

__all__ = ["EDGE", "EYE_APERTURE_MM", "TruthRow", "truth", "truth_csv", "write_truth"]

EDGE: Final = 0.1
EYE_APERTURE_MM: Final = 10.0
"""Open palpebral aperture assumed when the face is not given (adults 8-11 mm)."""

_STEP_S: Final = 0.001
_MOVES: Final = {
    "spasm": "",
    "blink": "eyelid",
    "smile": "eyelid;mouth_corner;cheek",
    "speech": "mouth_corner",
    "head_turn": "",
    "wink": "eyelid;cheek",
    "gaze": "",
    "yawn": "eyelid;mouth_corner",
    "hand": "",
    "absence": "",
}
_NO_SIZE: Final = frozenset({"head_turn", "gaze", "hand", "absence"})


@dataclass(frozen=True, kw_only=True)
class TruthRow:
    """One event that really happened; see `records.Episode` for the meaning.

    `side` is ``both`` for movements of both sides and of the head. Winks have a
    side but are no bursts. `closure` is the deepest
    closure of an eye, 0 to 1.
    """

    onset_s: float
    offset_s: float
    duration_s: float
    side: str = "both"
    regions: str = ""
    lead_region: str = ""
    kind: str = ""
    contractions: int | None = None
    rate_hz: float = math.nan
    peak_score: float = math.nan
    excursion_mm: float = math.nan
    asymmetry: float = math.nan
    lag_s: float = math.nan
    confidence: float = math.nan
    reasons: str = ""
    event: str
    origin: str = Origin.SIMULATED.value
    closure: float = 0.0


def truth(
    scenario: Scenario, aperture_mm: float = EYE_APERTURE_MM
) -> tuple[TruthRow, ...]:
    """Return what happens in a scenario, in order of onset.

    Parameters
    ----------
    scenario : Scenario
        The plan.
    aperture_mm : float
        Open palpebral aperture of the face, which turns a closure into an
        excursion of the lid in millimetres.
    """
    rows = [_row(scenario, i, aperture_mm) for i in range(len(scenario.events))]
    return tuple(sorted(rows, key=lambda row: (row.onset_s, row.offset_s)))


def _row(scenario: Scenario, index: int, aperture_mm: float) -> TruthRow:
    """Measure one event on its own, on a grid of one millisecond."""
    event = scenario.events[index]
    alone = _alone(scenario, index)
    size = _size_mm(alone, aperture_mm)
    peak = float(size.max())
    above = np.flatnonzero(size > EDGE * peak)
    onset, offset = (float(alone.time_s[above[k]]) for k in (0, -1))
    row = TruthRow(
        onset_s=round(onset, 4),
        offset_s=round(offset, 4),
        duration_s=round(offset - onset, 4),
        regions=_MOVES[event.event],
        side=event.side.value if isinstance(event, Wink) else "both",
        excursion_mm=round(peak, 3) if event.event not in _NO_SIZE else math.nan,
        asymmetry=abs(getattr(event, "inequality", math.nan)),
        event=event.event,
        closure=round(float(alone.closure.max()), 3),
    )
    return _as_spasm(row, scenario, index, event) if isinstance(event, Spasm) else row


def _as_spasm(row: TruthRow, scenario: Scenario, index: int, spasm: Spasm) -> TruthRow:
    """Fill in the columns that only a burst has."""
    plan = plan_burst(spasm, event_generator(scenario, index))
    count = max(1, len(plan.starts_s))
    peaks = plan.starts_s + RISE_SHARE * plan.lengths_s
    rate = (count - 1) / (peaks[-1] - peaks[0]) if count > 1 else math.nan
    both = {Region.EYELID, Region.MOUTH_CORNER} <= set(spasm.regions)
    return replace(
        row,
        side=spasm.side.value,
        regions=";".join(spasm.ordered_regions),
        lead_region=spasm.lead_region.value,
        kind=spasm.kind.value,
        contractions=count,
        rate_hz=round(rate, 3),
        asymmetry=1.0,
        lag_s=_lag_s(spasm) if both else math.nan,
    )


def _lag_s(spasm: Spasm) -> float:
    """Return the onset of the mouth corner minus that of the eyelid."""
    if spasm.lead_region is Region.EYELID:
        return spasm.lag_s
    return -spasm.lag_s if spasm.lead_region is Region.MOUTH_CORNER else 0.0


def _alone(scenario: Scenario, index: int) -> Activation:
    """Return the movement of one event without the others."""
    event = scenario.events[index]
    time_s = np.arange(event.onset_s, event.offset_s + 0.02, _STEP_S)
    return activate(scenario, time_s, only=index)


def _size_mm(alone: Activation, aperture_mm: float) -> NDArray[np.float64]:
    """Return the largest displacement of any part at each time."""
    parts = [alone.closure * aperture_mm, alone.mouth_corner_mm, alone.cheek_mm]
    parts += [alone.brow_mm, alone.jaw_mm[:, None], alone.mouth_open_mm[:, None]]
    # Without a size in millimetres, only the shape over time counts.
    parts += [alone.turn_deg, alone.gaze_deg, alone.away[:, None]]
    parts += [curve[:, None] for _, curve in alone.hands]
    return np.asarray(np.abs(np.concatenate(parts, axis=1)).max(axis=1))


def truth_csv(rows: tuple[TruthRow, ...]) -> str:
    """Return the rows as CSV text, missing values empty."""
    names = [item.name for item in fields(TruthRow)]
    cells = ([_cell(getattr(row, name)) for name in names] for row in rows)
    return table_text(names, cells)


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def write_truth(rows: tuple[TruthRow, ...], path: Path) -> None:
    """Write the rows as a CSV file."""
    Path(path).write_text(truth_csv(rows), encoding="utf-8")
