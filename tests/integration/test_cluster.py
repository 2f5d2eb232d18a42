"""`batch --scheduler` on a real Dask cluster of three workers gives what this computer gives."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import av
import pytest
from typer.testing import CliRunner

from twitch_tracker.cli.app import app

pytestmark = pytest.mark.slow
EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
TAKEN = ("recording", "status", "recorded_s", "analysable_s", "right_bursts", "blinks")


def first_seconds(path: Path, seconds: float) -> Path:
    """Copy the beginning of the example without encoding it anew."""
    with av.open(str(EXAMPLE)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.pts is None or packet.pts * packet.time_base > seconds:
                continue
            packet.stream = stream
            target.mux(packet)
    return path


def rows(out: Path) -> list[tuple[str, ...]]:
    with (out / "all_recordings.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row[name] for name in TAKEN) for row in csv.DictReader(file)]


def test_three_workers_give_what_one_process_gives(tmp_path: Path):
    distributed = pytest.importorskip("distributed", reason="needs Dask")
    films = tmp_path / "films"
    films.mkdir()
    for number in range(1, 4):
        first_seconds(films / f"{number}.mp4", 2.0 * number)
    (films / "no.mp4").write_bytes(b"no video")
    words = ["batch", str(films), "--no-pictures", "-q"]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "one")])
    assert done.exit_code == 3, done.output
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        address = ["--scheduler", cluster.scheduler_address]
        for _ in range(2):  # the second time there is nothing left but the bad one
            done = CliRunner().invoke(
                app, [*words, "--out", str(tmp_path / "three"), *address]
            )
            assert done.exit_code == 3, done.output
        assert "3 of 4 recordings are done, 3 of them before" in done.stdout
        shutil.rmtree(tmp_path / "three" / "1")
        assert (
            CliRunner()
            .invoke(app, [*words, "--out", str(tmp_path / "three"), *address])
            .exit_code
            == 3
        ), "a job of the same name is done again"
    assert rows(tmp_path / "three") == rows(tmp_path / "one")
