"""The report says what the document says, and asks nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from twitch_tracker.benchmark.build import Built
from twitch_tracker.benchmark.document import build_document, figures_of
from twitch_tracker.benchmark.examples import Example
from twitch_tracker.benchmark.faces import FaceVideo, Tier
from twitch_tracker.benchmark.material import Playing
from twitch_tracker.benchmark.page import render_markdown, render_page
from twitch_tracker.benchmark.plan import VersionKind
from twitch_tracker.benchmark.run import BenchmarkOptions, Recording, Results
from twitch_tracker.regions import Side

BAD_NAME = "<script>alert(1)</script>.mp4"


@pytest.fixture
def document(made_up, burst, tmp_path: Path) -> dict:
    """One burst found at rest, one alarm in talk, one video left out."""
    found = (burst(5, 6, Side.LEFT, confidence=0.9, excursion_mm=3.0),)
    spasms = made_up.version()
    quiet = made_up.version(VersionKind.UNTOUCHED, tier=Tier.TALK, variant=0)
    playing = Playing(frames=360, source_frames=360, step_s=1 / 30)
    results = Results(
        options=BenchmarkOptions(faces=tmp_path, out=tmp_path, only=("rest_*",)),
        left_out=(FaceVideo(file=BAD_NAME, face="x", tier=Tier.REST, use=False),),
        recordings=tuple(
            Recording(
                version=version,
                built=Built(name=version.name, fingerprint="", playing=playing),
            )
            for version in (spasms, quiet)
        ),
        deliberate=(),
        scored=(
            made_up.scored(spasms, found, found, severities={5.0: "mild"}),
            made_up.scored(quiet, (), (burst(1, 2, Side.RIGHT, confidence=0.6),)),
        ),
        failures={"talk_z.mp4": "VideoUnreadable: cut off"},
    )
    return build_document(results, figures_of(results, draws=50))


def test_the_document_is_plain_json_without_nan(document: dict):
    text = json.dumps(document, allow_nan=False)
    assert json.loads(text)["targets"][0]["results"]["twitch_tracker"]["value"] == 1.0


def test_material_is_counted_by_tier(document: dict):
    rest, talk = document["material"]
    assert (rest["tier"], rest["bursts"], rest["spasms_min"]) == ("rest", 1, 0.2)
    assert (talk["tier"], talk["bursts"], talk["untouched_min"]) == ("talk", 0, 0.2)


def test_prices_fall_with_the_threshold(document: dict):
    rates = [row["false_alarms_per_min"]["value"] for row in document["prices"]["talk"]]
    assert rates[0] == 1.0
    assert rates[-1] == 0.0


def test_the_page_is_self_contained_and_escapes_names(document: dict):
    page = render_page(document)
    assert "http" not in page.replace("http-equiv", "")
    assert BAD_NAME not in page
    assert "&lt;script&gt;" in page
    assert "VideoUnreadable: cut off" in page
    assert "Only a part of the videos" in page


def test_the_page_shows_pictures_of_mistakes_and_the_markdown_none(document: dict):
    example = Example(
        sort="missed",
        recording="rest_a__spasms1",
        tier="rest",
        side="left",
        onset_s=5.0,
        offset_s=6.0,
        words="left side, mild",
        pictures=(("onset 5.00 s", "data:image/jpeg;base64,AAAA"),),
    )
    assert page_images(render_page(document, [example])) == 1
    assert page_images(render_page(document)) == 0
    assert "jpeg" not in render_markdown(document)


def page_images(page: str) -> int:
    return page.count("<img ")


def test_every_row_of_the_markdown_has_as_many_cells_as_its_head(document: dict):
    blocks = render_markdown(document).split("\n\n")
    tables = [block.splitlines() for block in blocks if block.startswith("|")]
    assert len(tables) == 6
    for table in tables:
        assert len({row.replace("\\|", "").count("|") for row in table}) == 1
    text = render_markdown(document)
    assert all(target["what"] in text for target in document["targets"])
