from __future__ import annotations

import re
from pathlib import Path

import pytest

from twitch_tracker.errors import BadFile, BadParameter
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.simulate.plan.events import (
    BilateralBlink,
    HeadTurn,
    Smile,
    Spasm,
    SpeechLike,
)
from twitch_tracker.simulate.plan.scenario import Camera, HeadMotion, Scenario

EVERYTHING = Scenario(
    duration_s=20,
    fps=60,
    seed=4,
    head=HeadMotion(yaw_deg=2),
    camera=Camera(noise=3),
    events=(
        Spasm(
            onset_s=1,
            offset_s=2,
            side=Side.LEFT,
            regions=(Region.MOUTH_CORNER, Region.EYELID),
            kind=EpisodeKind.MIXED,
        ),
        BilateralBlink(onset_s=3, inequality=0.1),
        Smile(onset_s=4, offset_s=6),
        SpeechLike(onset_s=7, offset_s=9),
        HeadTurn(onset_s=10, offset_s=12, yaw_deg=5),
    ),
)


def test_a_saved_plan_comes_back_equal(tmp_path: Path):
    path = tmp_path / "plan.json"
    EVERYTHING.save(path)
    assert Scenario.load(path) == EVERYTHING


def test_words_from_a_file_become_enumerations():
    spasm = Spasm(
        onset_s=0, offset_s=1, side="right", regions=("eyelid",), kind="tonic"
    )
    assert spasm.side is Side.RIGHT
    assert spasm.regions == (Region.EYELID,)
    assert spasm.kind is EpisodeKind.TONIC


def test_the_first_region_leads_and_the_list_is_sorted():
    spasm = EVERYTHING.events[0]
    assert isinstance(spasm, Spasm)
    assert spasm.lead_region is Region.MOUTH_CORNER
    assert spasm.ordered_regions == (Region.EYELID, Region.MOUTH_CORNER)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"excursion_mm": 9.0}, "excursion_mm"),
        ({"closure": 0.0}, "closure"),
        ({"rate_hz": 11.0}, "rate_hz"),
        ({"contraction_s": 0.3}, "contraction_s"),
        ({"lag_s": 0.02}, "lag_s"),
        ({"offset_s": 1.0}, "offset_s"),
        ({"onset_s": -1.0}, "onset_s"),
        ({"onset_s": float("nan")}, "onset_s"),
        ({"side": "top"}, "side"),
        ({"kind": "odd"}, "kind"),
        ({"regions": ("ear",)}, "regions"),
        ({"regions": ()}, "regions"),
        ({"regions": ("eyelid", "eyelid")}, "regions"),
    ],
)
def test_a_spasm_outside_its_limits_is_refused_by_name(change: dict, name: str):
    values = {"onset_s": 1.0, "offset_s": 2.0, "side": Side.LEFT} | change
    with pytest.raises(BadParameter, match=f"^{name}: expected"):
        Spasm(**values)


def test_an_event_after_the_end_is_refused():
    with pytest.raises(BadParameter, match="end by duration_s = 3"):
        Scenario(duration_s=3, events=(BilateralBlink(onset_s=2.9),))


SPASM = '{"event": "spasm", "onset_s": 1, "offset_s": 2, "side": "left"}'


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("not json", "plan.json: expected JSON"),
        ("[" * 100_000, "recursion"),
        ("1" * 5_000, "number out of range"),
        ("[]", "plan.json: expected an object"),
        ("{}", "plan.json, duration_s: expected a value"),
        ('{"duration_s": 1e999}', "plan.json, duration_s"),
        ('{"duration_s": "3"}', "plan.json, duration_s: expected a number"),
        (f'{{"duration_s": 1{"0" * 400}}}', "plan.json, duration_s"),
        (
            f'{{"duration_s": 3, "events": [{{"event": "blink", "onset_s": 1{"0" * 400}}}]}}',
            "plan.json, events.0",
        ),
        (
            f'{{"duration_s": 3, "events": [{SPASM.replace("2", "1" + "0" * 400, 1)}]}}',
            "plan.json, events.0",
        ),
        ('{"duration_s": 3, "wrong": 1}', "plan.json, wrong"),
        ('{"duration_s": 3, "seed": [1]}', "plan.json, seed: expected a whole"),
        ('{"duration_s": 3, "camera": 1}', "plan.json, camera"),
        ('{"duration_s": 3, "camera": {"blur": 1}}', "plan.json, camera.blur"),
        ('{"duration_s": 3, "head": {"breath_s": 0}}', "plan.json, head, breath_s"),
        ('{"duration_s": 3, "events": 5}', "plan.json, events: expected a list"),
        ('{"duration_s": 3, "events": {}}', "plan.json, events: expected a list"),
        ('{"duration_s": 3, "events": [1]}', "plan.json, events, 0: expected an"),
        ('{"duration_s": 3, "events": [{"event": "sneeze"}]}', "events.0: expected"),
        ('{"duration_s": 3, "events": [{"event": [1]}]}', "events.0: expected"),
        ('{"duration_s": 3, "events": [{"event": "blink"}]}', "events.0, onset_s"),
        (
            f'{{"duration_s": 3, "events": [{SPASM}, {SPASM[:-1]}, "regions": [[]]}}]}}',
            "events.1, regions.0",
        ),
        (f'{{"duration_s": 1.5, "events": [{SPASM}]}}', "plan.json, events: expected"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(text: str, place: str):
    with pytest.raises(BadFile, match=re.escape(place)):
        Scenario.from_json(text, "plan.json")
