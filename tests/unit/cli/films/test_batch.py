"""`batch` and `overview`: many recordings, resumed, retried, and one table of all."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from twitch_tracker import batch
from twitch_tracker.cli.app import app
from twitch_tracker.journal.open import open_journal
from twitch_tracker.pipeline import planned_parameters
from twitch_tracker.report.overview_tables import BURST_COLUMNS, RECORDING_COLUMNS

MakeVideo = Callable[..., Path]


@pytest.fixture
def analysed(fake_analysis, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of what was really analysed; sessions tell with which parameters."""
    names: list[str] = []

    def fully(path, options, **more) -> SimpleNamespace:
        names.append(Path(path).name)
        found = fake_analysis.analyze_fully(path, options, **more)
        parameters = {**planned_parameters(options), "known_face": None}
        session = replace(
            found.session, parameters=parameters, software_version="0.1.0"
        )
        return SimpleNamespace(**{**vars(found), "session": session})

    monkeypatch.setattr(batch, "analyze_fully", fully)
    monkeypatch.setattr("twitch_tracker.__version__", "0.1.0")
    return names


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    """Run ``twitch-tracker batch`` with results going to ``tmp_path/out``."""

    def run(*given: object) -> Result:
        words = ["batch", *map(str, given), "--out", str(tmp_path / "out"), "-q"]
        return CliRunner().invoke(app, words, catch_exceptions=False)

    return run


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def videos(make_video: MakeVideo) -> list[Path]:
    return [make_video(f"{name}.mp4", name.encode()) for name in "abcd"]


def test_all_are_done_and_stand_in_one_table(
    analysed, run, videos, make_video, tmp_path
):
    """One bad recording stops nothing, and has its row and its reason."""
    bad = make_video("broken <b>.mp4")
    done = run(*videos, bad)
    assert done.exit_code == 3
    assert "4 of 5 recordings are done, 0 of them before" in done.stdout
    out = tmp_path / "out"
    rows = table(out / "all_recordings.csv")
    assert tuple(rows[0]) == RECORDING_COLUMNS
    assert [row["recording"] for row in rows] == ["a", "b", "c", "d", ""]
    assert (rows[0]["status"], rows[0]["right_bursts"]) == ("done", "2")
    assert rows[0]["right_per_min"] == "13.3333"
    assert (rows[4]["status"], rows[4]["right_bursts"]) == ("unreadable", "")
    assert "not a video" in rows[4]["error"]
    bursts = table(out / "all_bursts.csv")
    assert tuple(bursts[0]) == BURST_COLUMNS
    assert [row["recording"] for row in bursts] == ["a", "a", "b", "b", *"ccdd"]
    page = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="a/report.html"' in page
    assert "broken &lt;b&gt;.mp4" in page
    assert "<b>.mp4" not in page.replace("&lt;b&gt;", "")


def test_tables_of_both_kinds_say_the_same(analysed, run, videos, tmp_path):
    run(*videos[:2])
    for name in ("all_recordings", "all_bursts"):
        text = pd.read_csv(tmp_path / "out" / f"{name}.csv")
        binary = pd.read_parquet(tmp_path / "out" / f"{name}.parquet")
        assert list(text) == list(binary)
        assert len(text) == len(binary)
    assert list(binary["onset_s"]) == pytest.approx(list(text["onset_s"]), abs=1e-3)


def test_what_was_stopped_goes_on_where_it_was(
    analysed, run, videos, make_video, tmp_path
):
    """Ctrl-C at the third of five: the first two are in the table, and stay done."""
    stop = make_video("c-stop.mp4")
    work = [*videos[:2], stop, *videos[2:]]
    stopped = run(*work)
    assert stopped.exit_code == 130
    assert "2 of 5 recordings are finished" in stopped.stderr
    assert len(table(tmp_path / "out" / "all_recordings.csv")) == 2
    analysed.clear()
    done = run(*videos)
    assert "4 of 4 recordings are done, 2 of them before" in done.stdout
    assert analysed == ["c.mp4", "d.mp4"]


@pytest.mark.parametrize(
    "change",
    ["content", "option", "missing file", "version", "again"],
)
def test_what_is_not_the_same_is_done_again(
    analysed, run, videos, tmp_path, change, monkeypatch
):
    run(*videos[:2])
    analysed.clear()
    words: list[object] = []
    if change == "content":
        videos[0].write_bytes(b"another film")
    elif change == "missing file":
        (tmp_path / "out" / "a" / "signals.parquet").unlink()
    elif change == "version":
        monkeypatch.setattr("twitch_tracker.__version__", "0.2.0")
    else:
        words = ["--mirrored"] if change == "option" else ["--again"]
    assert run(*videos[:2], *words).exit_code == 0
    both = {"option", "version", "again"}
    assert analysed == (["a.mp4", "b.mp4"] if change in both else ["a.mp4"])


@pytest.mark.parametrize(("retries", "passes"), [(0, False), (1, False), (2, True)])
def test_what_failed_for_no_foreseen_reason_is_tried_again(
    analysed, run, videos, monkeypatch, retries, passes
):
    """A worker that is killed twice; what is no video is tried once."""
    really, tried = batch.analyze_fully, []

    def shaky(path, *more, **options):
        tried.append(Path(path).name)
        if tried.count("a.mp4") <= 2 and Path(path).name == "a.mp4":
            raise MemoryError("killed")
        return really(path, *more, **options)

    monkeypatch.setattr(batch, "analyze_fully", shaky)
    bad = videos[0].with_name("broken.mp4")
    bad.write_bytes(b"")
    done = run(*videos[:2], bad, "--retries", retries)
    assert done.exit_code == (3 if passes else 1)
    assert tried.count("a.mp4") == retries + 1
    assert (tried.count("b.mp4"), tried.count("broken.mp4")) == (1, 1)


def test_a_list_names_recordings_from_its_own_folder(analysed, run, videos, tmp_path):
    listed = tmp_path / "lists"
    listed.mkdir()
    names = [f"../{v.relative_to(tmp_path).as_posix()}" for v in videos[:2]]
    text = "\ufeff# clinic\n\n" + "\n".join(names) + "\n"
    (listed / "today.txt").write_text(text, encoding="utf-8")
    assert run(listed / "today.txt").exit_code == 0
    assert analysed == ["a.mp4", "b.mp4"]
    (listed / "none.txt").write_text("# nothing\n")
    assert run(listed / "none.txt").exit_code == 2
    (listed / "film.txt").write_bytes(b"a.mp4\n" * 3 * 2**20)
    large = run(listed / "film.txt")
    assert large.exit_code == 2
    assert "16 MB" in large.output


def test_each_is_logged_once_also_what_was_done_but_not_logged(
    analysed, run, videos, tmp_path
):
    """Killed between writing and logging: the next run logs without doing it again."""
    home = tmp_path / "home"
    with open_journal(home) as journal:
        journal.add_patient("anna")
    run(*videos[:2])
    analysed.clear()
    words = ("--patient", "anna", "--no-known-face", "--home", home)
    for _ in range(2):
        assert run(*videos, *words).exit_code == 0
    assert analysed == ["c.mp4", "d.mp4"]
    with open_journal(home) as journal:
        found = journal.recordings("anna")
    assert sorted(entry.file_name for entry in found) == [v.name for v in videos]
    assert {entry.revision for entry in found} == {1}


def test_overview_of_a_folder_that_analyze_left(analysed, videos, tmp_path):
    out = tmp_path / "o"
    words = ["analyze", *map(str, videos[:2]), "--out", str(out), "-q"]
    CliRunner().invoke(app, words, catch_exceptions=False)
    (out / "b" / "summary.json").write_text("{}")
    done = CliRunner().invoke(app, ["overview", str(out)])
    assert done.exit_code == 0, done.output
    rows = table(out / "all_recordings.csv")
    assert [(r["recording"], r["status"]) for r in rows] == [
        ("a", "done"),
        ("b", "unreadable"),
    ]
    gone = CliRunner().invoke(app, ["overview", str(tmp_path / "nothing")])
    assert gone.exit_code == 3


def test_a_scheduler_that_is_not_there(analysed, run, videos):
    """With Dask it says that nobody answers, without that Dask is needed."""
    with pytest.raises(Exception, match="Dask"):
        run(videos[0], "--scheduler", "tcp://127.0.0.1:9")
