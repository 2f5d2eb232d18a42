"""The report says what the document says, and asks nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studies.benchmark.building.build import Built
from studies.benchmark.building.faces import FaceVideo, Tier
from studies.benchmark.building.material import Playing
from studies.benchmark.building.plan import Family, VersionKind
from studies.benchmark.findings.document import build_document
from studies.benchmark.findings.examples import Example
from studies.benchmark.findings.page import render_markdown, render_page
from studies.benchmark.findings.views import FAMILIES_SEEN, figures_of
from studies.benchmark.judging.weights import EXAMS
from studies.benchmark.run import BenchmarkOptions, Recording, Results
from twitch_tracker.records import EpisodeKind
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
    assert len(tables) == 9
    for table in tables:
        assert len({row.replace("\\|", "").count("|") for row in table}) == 1
    text = render_markdown(document)
    assert all(target["what"] in text for target in document["targets"])


# --- families ---------------------------------------------------------------


@pytest.fixture
def judged_apart(made_up, burst, tmp_path: Path) -> dict:
    """Two faces in both views: what is held is found whole by networks that have
    seen its family, and in pieces by those that have not."""
    true = (burst(5, 15, Side.LEFT, kind=EpisodeKind.TONIC),)
    pieces = (burst(5, 9, Side.LEFT), burst(11, 15, Side.LEFT))
    scored = []
    for face, skin in (("a", "skin:dark"), ("b", "skin:light")):
        for kind in (VersionKind.SPASMS, VersionKind.SECOND, VersionKind.HELD):
            version = made_up.version(kind, face=face, traits=(skin,))
            scored.append(made_up.scored(version, true, true))
            exam = version.family.value
            scored.append(made_up.scored(version, true, pieces, exam=exam))
        quiet = made_up.version(VersionKind.UNTOUCHED, face=face, traits=(skin,))
        scored += [made_up.scored(quiet, (), (), exam=exam) for exam in EXAMS]
    results = Results(
        options=BenchmarkOptions(faces=tmp_path, out=tmp_path, folds=tmp_path),
        left_out=(),
        recordings=(),
        deliberate=(),
        scored=tuple(scored),
    )
    return build_document(results, figures_of(results, draws=50))


def test_ours_comes_first_with_families_unseen_then_with_families_seen(judged_apart):
    unseen, seen, *rules = judged_apart["detectors"]
    assert (unseen["name"], seen["name"]) == ("twitch_tracker", FAMILIES_SEEN)
    assert len(rules) == 3
    assert judged_apart["leave_one_family_out"]
    held = {row["key"]: row for row in judged_apart["targets"]}["held_3_20_s"]
    assert held["results"]["twitch_tracker"]["met"] is False
    assert held["results"][FAMILIES_SEEN]["met"] is True


def test_without_fold_models_there_is_one_view(document: dict):
    assert not document["leave_one_family_out"]
    assert [d["name"] for d in document["detectors"]].count("twitch_tracker") == 1
    assert FAMILIES_SEEN not in {d["name"] for d in document["detectors"]}


def test_a_recording_of_several_exams_is_material_once(judged_apart):
    (rest,) = judged_apart["material"]
    assert rest["bursts"] == 6
    assert rest["families"] == {"warp": 2, "second": 2, "real": 2}
    quiet = [r for r in judged_apart["recordings"] if r["kind"] == "untouched"]
    assert {row["exam"] for row in quiet} == set(Family)


@pytest.mark.parametrize("render", [render_page, render_markdown])
def test_families_and_groups_are_shown(judged_apart, render):
    text = render(judged_apart)
    for words in ("second injector", "real lids held", "dark", "families seen"):
        assert words.lower() in text.lower()
    assert text.lower().index("families unseen") < text.lower().index("families seen")


def test_a_broken_rule_names_the_group_and_what_is_wrong(judged_apart):
    skin = next(d for d in judged_apart["groups"] if d["name"] == "skin")
    dark = next(group for group in skin["groups"] if group["name"] == "dark")
    skin["met"] = dark["alarms_met"] = False
    for text in (render_page(judged_apart), render_markdown(judged_apart)):
        assert "dark: more false alarms" in text.lower()
