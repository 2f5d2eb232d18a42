"""The real BORIS opens what we write, and we read what it writes.

BORIS (``pip install boris-behav-obs``) is no requirement of this package. Put it into
an environment of its own and name that environment's Python:

    TWITCH_TRACKER_BORIS_PYTHON=/path/to/python pytest -m slow tests/unit/exchange

It needs the shared libraries of Qt and libmpv, but no screen. Its main window is
opened without one, loads our project, checks it, exports both tables and saves it.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from twitch_tracker.exchange.coding.boris_write import (
    AGGREGATED_COLUMNS,
    TABULAR_COLUMNS,
    aggregated_events,
    project,
    tabular_events,
)
from twitch_tracker.exchange.coding.coded import noted
from twitch_tracker.exchange.coding.recording import Coding
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.records import Episode
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval

PYTHON = os.environ.get("TWITCH_TRACKER_BORIS_PYTHON", "")

DRIVER = """
import json, sys
from decimal import Decimal
source, saved, coded, told = sys.argv[1:5]
tables = dict(zip(("aggregated", "tabular"), sys.argv[5:]))
sys.argv = sys.argv[:1]  # BORIS would take them for its own
from boris import config, core, export_events, export_observation, project_functions
from boris import version
try:
    from PySide6.QtWidgets import QApplication
except ImportError:
    from PyQt5.QtWidgets import QApplication
core.dialog.MessageDialog = lambda *_, **__: "No"  # nobody is there to answer
app = QApplication([])
window = core.MainWindow("ffmpeg")
path, changed, pj, message = project_functions.open_project_json(source)
trouble = project_functions.check_project_integrity(
    pj, config.S, source, media_file_available=False
)
window.load_project(path, changed, pj)
window.save_project_json(saved)
parameters = {
    config.SELECTED_SUBJECTS: [s["name"] for s in pj[config.SUBJECTS].values()]
    + [config.NO_FOCAL_SUBJECT],
    config.SELECTED_BEHAVIORS: [b["code"] for b in pj[config.ETHOGRAM].values()],
    "time": config.TIME_FULL_OBS,
}
(name,) = pj[config.OBSERVATIONS]
observation = pj[config.OBSERVATIONS][name]
data, count = export_observation.export_aggregated_events(pj, parameters, name)
rows = sorted(data, key=lambda row: float(row[17]))
names = None
def keep(dataset, file_name, *_, **__):
    global names
    names = dataset.headers
    return True, ""
export_observation.export_tabular_events(
    pj, parameters, name, observation, pj[config.ETHOGRAM], tables["tabular"], "csv"
)
class Window:
    pj = window.pj
write = export_observation.dataset_write
export_observation.dataset_write = keep
export_events.select_observations.select_observations2 = lambda *_, **__: ("", [name])
export_events.select_subj_behav.choose_obs_subj_behav_category = (
    lambda *_, **__: parameters
)
class Files:
    Option = type("Option", (), {"DontConfirmOverwrite": None})
    def __call__(self):
        return self
    @staticmethod
    def getSaveFileName(*_, **__):
        return tables["aggregated"], config.CSV
export_events.QFileDialog = Files()
export_observation.dataset_write = lambda d, f, o, dtype={}: write(d, f, o, dtype)
export_events.export_aggregated_events(window)
extra = [
    [Decimal("290.5"), "left side", "burst", "None|None|None", "", "NA"],
    [Decimal("291.25"), "left side", "burst", "None|None|None", "", "NA"],
]
observation[config.EVENTS].extend(extra)
window.save_project_json(coded)
with open(told, "w") as file:
    json.dump(
        {
            "version": version.__version__,
            "error": pj.get("error", ""),
            "message": message,
            "changed": changed,
            "trouble": trouble,
            "modifiers": count,
        },
        file,
    )
"""


def run_boris(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a Python with BORIS in it, without a screen and without a home."""
    given = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(folder)}
    given["XDG_RUNTIME_DIR"] = str(folder)
    return subprocess.run(
        [PYTHON, *arguments],
        cwd=folder,
        env=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.fixture(scope="session")
def boris(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], dict]:
    """Return what makes BORIS do its work in a folder that holds ``ours.boris``."""
    if not PYTHON:
        pytest.skip("TWITCH_TRACKER_BORIS_PYTHON names no Python with BORIS in it")
    tried = run_boris(tmp_path_factory.mktemp("try"), "-c", "from boris import core")
    if tried.returncode != 0:
        pytest.skip(f"{PYTHON} cannot import boris: {tried.stderr[-300:]}")

    def work(folder: Path) -> dict:
        names = ("ours.boris", "saved.boris", "coded.boris", "told.json")
        files = [str(folder / n) for n in (*names, "aggregated.csv", "tabular.csv")]
        (folder / "driver.py").write_text(DRIVER, encoding="utf-8")
        done = run_boris(folder, str(folder / "driver.py"), *files)
        told = folder / "told.json"
        assert told.is_file(), done.stderr[-3000:]
        return json.loads(told.read_text(encoding="utf-8"))

    return work


def in_order(bursts: Iterable[Episode]) -> list[str]:
    return [str(b) for b in sorted(bursts, key=lambda b: (b.span, b.side))]


def rows(text: str) -> list[dict[str, str]]:
    found = list(csv.DictReader(text.splitlines()))
    places = ("Start (s)", "Time", "Subject")
    return sorted(
        found, key=lambda r: [r.get(p, "") for p in places] + list(r.values())
    )


@pytest.mark.slow
def test_boris_opens_checks_exports_and_saves_ours(
    boris: Callable[[Path], dict],
    make_coding: Callable[..., Coding],
    tmp_path: Path,
):
    coding = make_coding()
    late = replace(coding.blinks[0], span=Interval(start_s=1.2, end_s=1.4))
    coding = replace(coding, blinks=(*coding.blinks, late))  # overlaps the first
    (tmp_path / "ours.boris").write_text(project("study", [coding]), encoding="utf-8")
    told = boris(tmp_path)
    print(f"BORIS {told['version']}")
    assert not told["error"]
    assert not told["message"]
    assert not told["trouble"]
    assert told["changed"] is False
    assert told["modifiers"] == 3

    saved = json.loads((tmp_path / "saved.boris").read_text(encoding="utf-8"))
    assert saved == json.loads((tmp_path / "ours.boris").read_text(encoding="utf-8"))

    theirs = (tmp_path / "aggregated.csv").read_text(encoding="utf-8")
    assert tuple(theirs.splitlines()[0].split(",")) == AGGREGATED_COLUMNS
    assert rows(theirs) == rows(aggregated_events([coding]))

    theirs = (tmp_path / "tabular.csv").read_text(encoding="utf-8")
    assert tuple(theirs.splitlines()[0].split(",")) == TABULAR_COLUMNS
    ours = rows(tabular_events([coding]))
    same = [{**r, "Observation duration": "300"} for r in ours]
    assert rows(theirs) == same

    for name in ("saved.boris", "aggregated.csv", "tabular.csv"):
        read = read_truth(tmp_path / name).episodes
        assert in_order(read) == in_order(coding.episodes)

    added = read_truth(tmp_path / "coded.boris").episodes
    assert len(added) == len(coding.episodes) + 1
    assert (added[-1].span.start_s, added[-1].span.end_s) == (290.5, 291.25)
    assert added[-1].side is Side.LEFT
    assert not any(noted(added[-1], what) for what in ("kind", "regions"))
