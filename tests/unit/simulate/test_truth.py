from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import SIDES, Region, Side
from twitch_tracker.simulate.activation import activate
from twitch_tracker.simulate.plan.events import BilateralBlink, HeadTurn, Smile, Spasm
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.simulate.truth import truth, truth_csv, write_truth

SPASM = Spasm(onset_s=2, offset_s=5, side=Side.LEFT, excursion_mm=4, lag_s=0.006)
PLAN = Scenario(
    duration_s=10,
    seed=5,
    events=(
        Smile(onset_s=6, offset_s=9, inequality=0.05),
        SPASM,
        BilateralBlink(onset_s=1),
        HeadTurn(onset_s=9.2, offset_s=9.9, yaw_deg=4),
    ),
)
CONTRACT = [
    *("onset_s", "offset_s", "duration_s", "side", "regions", "lead_region", "kind"),
    *("contractions", "rate_hz", "peak_score", "excursion_mm", "asymmetry", "lag_s"),
    *("confidence", "reasons"),
]


def only_spasm(spasm: Spasm):
    (row,) = truth(Scenario(duration_s=10, seed=5, events=(spasm,)))
    return row


def test_rows_come_in_order_of_onset():
    assert [row.event for row in truth(PLAN)] == [
        "blink",
        "spasm",
        "smile",
        "head_turn",
    ]


def test_edges_are_where_a_tenth_of_the_peak_is_passed():
    row = only_spasm(replace(SPASM, regions=(Region.MOUTH_CORNER,)))
    fine = np.arange(0, 10, 0.0005)
    scenario = Scenario(duration_s=10, seed=5, events=(SPASM,))
    shown = activate(scenario, fine).mouth_corner_mm[:, SIDES.index(Side.LEFT)]
    above = fine[shown > 0.1 * shown.max()]
    assert row.onset_s == pytest.approx(above[0] - SPASM.lag_s, abs=0.002)
    assert row.offset_s == pytest.approx(above[-1] - SPASM.lag_s, abs=0.002)
    assert row.duration_s == pytest.approx(row.offset_s - row.onset_s, abs=1e-6)


def test_contractions_and_rate_are_those_of_the_curve():
    row = only_spasm(SPASM)
    fine = np.arange(0, 10, 0.001)
    scenario = Scenario(duration_s=10, seed=5, events=(SPASM,))
    shown = activate(scenario, fine).closure[:, SIDES.index(Side.LEFT)]
    inner = shown[1:-1]
    top = (inner > shown[:-2]) & (inner >= shown[2:]) & (inner > 0.3 * shown.max())
    peaks = fine[1:-1][top]
    assert row.contractions == len(peaks)
    rate = (len(peaks) - 1) / (peaks[-1] - peaks[0])
    assert row.rate_hz == pytest.approx(rate, rel=0.01)


def test_a_held_contraction_is_one_without_a_rate():
    row = only_spasm(replace(SPASM, kind=EpisodeKind.TONIC))
    assert (row.kind, row.contractions) == ("tonic", 1)
    assert np.isnan(row.rate_hz)


def test_excursion_is_the_largest_of_the_regions_in_millimetres():
    mouth = replace(SPASM, regions=(Region.MOUTH_CORNER, Region.CHEEK))
    assert only_spasm(mouth).excursion_mm == pytest.approx(4, abs=0.01)
    lid = replace(SPASM, regions=(Region.EYELID,), closure=0.5)
    scenario = Scenario(duration_s=10, seed=5, events=(lid,))
    assert truth(scenario, aperture_mm=9)[0].excursion_mm == pytest.approx(
        4.5, abs=0.01
    )


def test_lag_is_mouth_minus_eyelid_and_missing_without_one_of_them():
    both = replace(SPASM, regions=(Region.EYELID, Region.MOUTH_CORNER))
    assert only_spasm(both).lag_s == pytest.approx(0.006)
    swapped = replace(SPASM, regions=(Region.MOUTH_CORNER, Region.EYELID))
    assert only_spasm(swapped).lag_s == pytest.approx(-0.006)
    assert np.isnan(only_spasm(replace(SPASM, regions=(Region.EYELID,))).lag_s)


def test_the_table_has_the_columns_of_the_log_and_empty_cells_for_missing():
    table = list(csv.DictReader(io.StringIO(truth_csv(truth(PLAN)))))
    assert list(table[0])[: len(CONTRACT)] == CONTRACT
    assert {row["origin"] for row in table} == {"simulated"}
    blink, spasm = table[0], table[1]
    assert (blink["side"], blink["rate_hz"], blink["contractions"]) == ("both", "", "")
    assert spasm["side"] == "left"
    assert spasm["regions"] == "eyelid;mouth_corner;cheek"
    assert float(spasm["onset_s"]) == pytest.approx(2, abs=0.05)
    assert "nan" not in truth_csv(truth(PLAN))


def test_the_file_holds_the_table(tmp_path: Path):
    write_truth(truth(PLAN), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == truth_csv(truth(PLAN))
