"""No reader meets a file with anything but an answer or a named error.

The inputs that once ended otherwise, and a few hundred mutations by hypothesis;
`tests/fuzz` reads as many as one likes.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import logging
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from odd_inputs import Reader, mutated, readers

from twitch_tracker.border import tables
from twitch_tracker.errors import BadFile, BadTable, BadTruthFile, TwitchTrackerError
from twitch_tracker.evaluate.reading import read_manifest
from twitch_tracker.exchange.tables import read_episodes
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.journal.files.tables import read_diary

OWN = "onset_s,offset_s,side,regions,lead_region,kind,contractions\n"
ROW = "1,2,left,eyelid,eyelid,clonic,{}\n"
BORIS = {
    "observations": {"a": {"events": [[1.0, "", "spasm", "left", ""]]}},
    "behaviors_conf": {"0": {"code": "spasm", "type": "State event"}},
}
EAF = (
    '<?xml version="1.0" encoding="{encoding}"?><ANNOTATION_DOCUMENT><HEADER/>'
    '<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="t1" TIME_VALUE="{time}"/></TIME_ORDER>'
    '<TIER TIER_ID="left bursts"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a"'
    ' TIME_SLOT_REF1="t1" TIME_SLOT_REF2="t1"/></ANNOTATION></TIER>'
    "</ANNOTATION_DOCUMENT>"
)


def boris(**changes: object) -> str:
    observation = {**BORIS["observations"]["a"], **changes}
    return json.dumps({**BORIS, "observations": {"a": observation}})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{" + "[" * 50_000, "expected JSON"),
        ('{"observations": ' + "1" * 5_000 + "}", "expected JSON"),
        ('{"observations": []}', "observations: expected an object"),
        (boris(events={}), "observation a, events: expected a list"),
        (boris(events=[5]), r"observation a, events\.0"),
        (boris(events=[[1.0]]), r"observation a, events\.0"),
        (boris(events=[["1", "", "spasm", ""]]), r"events\.0\.0: expected a number"),
        (boris(events=[[1.0, [], "spasm", ""]]), r"events\.0\.1: expected text"),
        (boris(events=[[1.0, "", "frown", ""]]), "event 1: expected one of the proj"),
        (boris(events=[[1.0, "", "spasm", ""]], file=5), "file: expected an object"),
        (boris(**{"time offset": "0:0"}), "time offset: expected a number"),
        (boris(media_info={"length": {"a": "long"}}), "length.a: expected a number"),
        (
            EAF.format(encoding="utf-16", time="1" * 5_000),
            "expected a begin and an end",
        ),
        (EAF.format(encoding="utf-7", time="-"), "expected a begin and an end"),
        (EAF.format(encoding="x", time="\u0661"), "expected a begin and an end"),
        ("Behavior,Start (s),Stop (s)\n" + "a" * 200_000 + ",1,2\n", "line 2: field"),
        (f"Behavior,Start (s),Stop (s)\nleft spasm,{'1' * 400},2\n", "expected a time"),
        (
            f"Behavior,Start (s),Stop (s)\nleft spasm,{':1' * 400},2\n",
            "expected a time",
        ),
        (OWN + ROW.format("9" * 5_000), "contractions: expected a whole number"),
        (OWN + ROW.format("\u0663"), "contractions: expected a whole number"),
        (OWN[:-1] + ",side\n1,2,left,eyelid,eyelid,clonic,1,right\n", "got side more"),
        ("onset_s,offset_s," * 2_000 + "\n", "at most 100000 rows of 1000 columns"),
    ],
)
def test_what_once_was_unforeseen_has_a_place(tmp_path: Path, text: str, place: str):
    path = tmp_path / "coded.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadTruthFile, match=place):
        read_truth(path)


@pytest.mark.parametrize("read", [read_truth, read_episodes, read_diary, read_manifest])
def test_more_than_the_limits_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path], object]
):
    path = tmp_path / "large.csv"
    path.write_bytes(b"onset_s,".ljust(17 * 2**20, b"a"))
    with pytest.raises(BadFile, match=r"large\.csv: expected at most 16 MB"):
        read(path)
    path.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(BadFile, match=r"large\.csv"):
        read(path)


def test_rows_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    path = tmp_path / "days.csv"
    path.write_text("date\n2026-05-01\n2026-05-02\n2026-05-03\n")
    assert len(read_diary(path)) == 3
    path.write_text(path.read_text() + "2026-05-04\n")
    with pytest.raises(BadTable, match=r"days\.csv, line 5: expected at most 3 rows"):
        read_diary(path)


def test_a_manifest_may_name_what_no_file_can_be_called(tmp_path: Path):
    for name in ("a" * 5_000, "a\x00b"):
        path = tmp_path / "set.csv"
        path.write_text(f"log,truth\n{name},t.csv\n")
        with pytest.raises(BadTruthFile, match="line 2, column log: expected a file"):
            read_manifest(path)


def test_references_are_followed_once(tmp_path: Path):
    """A chain of 20,000 annotations, and a ring; it took a minute and never ended."""
    chain = "".join(
        f'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="r{n}" ANNOTATION_REF="'
        f'{f"r{n - 1}" if n else "a"}"/></ANNOTATION>'
        for n in range(20_000)
    )
    ring = (
        '<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="x" ANNOTATION_REF="y"/></ANNOTATION>'
        '<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="y" ANNOTATION_REF="x"/></ANNOTATION>'
    )
    text = EAF.format(encoding="utf-8", time="1000").replace(
        "</ANNOTATION_DOCUMENT>",
        f'<TIER TIER_ID="words">{chain}{ring}</TIER></ANNOTATION_DOCUMENT>',
    )
    path = tmp_path / "chain.eaf"
    path.write_text(text)
    with pytest.raises(BadTruthFile, match="a point in time"):
        read_truth(path)


# --- mutations --------------------------------------------------------------


@pytest.fixture(scope="module")
def every(
    tmp_path_factory: pytest.TempPathFactory, made_session: Callable[..., object]
) -> list[Reader]:
    return readers(tmp_path_factory.mktemp("readers"), made_session())


def test_every_reader_understands_its_own_file(every: list[Reader]):
    for reader in every:
        reader.path.write_bytes(reader.content)
        reader.read(reader.path)


def test_only_named_errors(every: list[Reader]):
    """Hypothesis is loaded here: its import takes longer than most files of tests."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(place=st.integers(0, 10**6), seed=st.integers(0, 2**32))
    def named(place: int, seed: int) -> None:
        reader = every[place % len(every)]
        content = mutated(reader.content, random.Random(seed))  # noqa: S311
        reader.path.write_bytes(content)
        try:
            with contextlib.suppress(TwitchTrackerError):
                reader.read(reader.path)
        finally:
            reader.path.write_bytes(reader.content)

    logging.disable(logging.WARNING)
    try:
        named()
    finally:
        logging.disable(logging.NOTSET)
