"""The examples, the notebook and the start pages run as they stand.

Running them takes minutes, so it is opt-in (``pytest -m examples``, and ``.ci/run``).
"""

from __future__ import annotations

import ast
import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pages import ROOT, blocks, command_lines

EXAMPLES = ROOT / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))
MAKER = "render_example.py"
LONGEST = 59
"""Lines, all of them: what `wc -l` says."""

SHORT = [script for script in SCRIPTS if script.name != MAKER]


def run(words: list[str], folder: Path) -> str:
    """Run a command in a folder, with a home of its own; give what it printed."""
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TWITCH_TRACKER_HOME": str(folder / "home"),
    }
    done = subprocess.run(
        words, cwd=folder, env=env, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def example(name: str, folder: Path, *words: str) -> list[str]:
    """Run an example and give its lines."""
    return run([sys.executable, str(EXAMPLES / name), *words], folder).splitlines()


@pytest.mark.parametrize("script", SHORT, ids=lambda script: script.name)
def test_an_example_is_short_and_says_how_to_run_it(script: Path):
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST
    said = ast.get_docstring(ast.parse(text)) or ""
    assert f"python examples/{script.name}" in said


def test_every_example_is_in_the_list_and_is_run_here():
    listed = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    tested = Path(__file__).read_text(encoding="utf-8")
    for file in [*SHORT, *EXAMPLES.glob("*.ipynb")]:
        assert f"| `{file.name}` |" in listed
        assert tested.count(f'"{file.name}"') >= 1


def test_a_notebook_is_committed_without_results():
    for path in EXAMPLES.glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not [cell for cell in cells if cell.get("outputs")]


# --- for real ------------------------------------------------------------------------


@pytest.mark.examples
def test_one_video(tmp_path: Path):
    lines = example("one_video.py", tmp_path)
    assert sum("confidence" in line for line in lines) == 4
    assert all(" right " in line for line in lines if "confidence" in line)


@pytest.mark.examples
def test_a_folder_and_one_table(tmp_path: Path):
    folder = tmp_path / "recordings"
    folder.mkdir()
    shutil.copy(EXAMPLES / "simulated_spasm.mp4", folder / "a.mp4")
    (folder / "broken.mp4").write_bytes(b"no video")
    example("folder_to_table.py", tmp_path, str(folder), str(tmp_path / "out"))
    with (tmp_path / "out" / "all.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["recording"], row["side"]) for row in rows] == [
        ("a.mp4", "left"),
        ("a.mp4", "right"),
    ]
    assert int(rows[1]["episodes"]) >= 5


@pytest.mark.examples
def test_live_from_a_file(tmp_path: Path):
    lines = example("live_from_file.py", tmp_path, str(tmp_path))
    assert lines[-1].startswith("end_of_file: 3 bursts")
    assert "so far" in lines[0]


@pytest.mark.examples
def test_the_course_of_somebody_with_injections(tmp_path: Path):
    lines = example("course_with_injections.py", tmp_path, str(tmp_path / "journal"))
    assert sum("rate at the peak" in line for line in lines) >= 4
    assert lines[0].startswith("- ")


@pytest.mark.examples
def test_against_hand_coding(tmp_path: Path):
    lines = example("against_boris.py", tmp_path)
    assert "sensitivity         1.000   of 5" in lines
    assert lines[-1].startswith("nobody coded the burst at 29.3")


@pytest.mark.examples
def test_bursts_in_a_video_of_ones_own(tmp_path: Path):
    lines = example("into_your_video.py", tmp_path)
    assert sum(line.startswith("put in") for line in lines) == 2
    assert sum(line.startswith("found") and "left" in line for line in lines) == 2


@pytest.mark.examples
def test_a_detector_of_ones_own(tmp_path: Path):
    lines = example("own_detector.py", tmp_path, str(EXAMPLES / "simulated_spasm.mp4"))
    assert lines
    assert all(line.startswith("right ") for line in lines)


EXECUTE = """
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read("plots.ipynb", as_version=4)
NotebookClient(notebook, kernel_name="python3").execute()
nbformat.write(notebook, "plots.ipynb")
"""


@pytest.mark.examples
def test_the_notebook(tmp_path: Path):
    pytest.importorskip("ipykernel", reason="pip install --group examples")
    shutil.copy(EXAMPLES / "simulated_spasm.mp4", tmp_path)
    shutil.copy(EXAMPLES / "plots.ipynb", tmp_path)
    run([sys.executable, "-c", EXECUTE], tmp_path)
    cells = json.loads((tmp_path / "plots.ipynb").read_text("utf-8"))["cells"]
    outputs = [out for cell in cells for out in cell.get("outputs", ())]
    assert any("image/png" in out.get("data", ()) for out in outputs)
    assert any("right: " in "".join(out.get("text", ())) for out in outputs)


NOT_RUN = ("serve", "models")
"""Of the start pages: what runs until it is stopped, and what fetches something."""


@pytest.mark.examples
@pytest.mark.parametrize("name", ["clinician.md", "command_line.md"])
def test_the_start_pages(name: str, tmp_path: Path):
    lay_recordings(tmp_path)
    for block in blocks(ROOT / "docs" / "start" / name):
        for words in command_lines(block.text):
            if words[0] == "twitch-tracker" and words[1] not in NOT_RUN:
                into_a_file = words.index(">") if ">" in words else len(words)
                program = [sys.executable, "-m", "twitch_tracker.cli.app"]
                run([*program, *words[1:into_a_file]], tmp_path)
    made = "course/progress.pdf" if name == "clinician.md" else "sim/truth.csv"
    assert (tmp_path / made).stat().st_size > 0


def lay_recordings(folder: Path) -> None:
    """Lay what the start pages speak of: the example, ten seconds of it, a portrait."""
    import cv2

    from twitch_tracker.video.files import open_video
    from twitch_tracker.video.writer import VideoWriter

    shutil.copytree(EXAMPLES, folder / "examples")
    (folder / "recordings").mkdir()
    places = [folder / "visit.mp4", folder / "recordings" / "morning.mp4"]
    with open_video(EXAMPLES / "simulated_spasm.mp4", end_s=10) as video:
        frames = list(video)
    for place in places:
        with VideoWriter(place, width_px=640, height_px=640) as writer:
            for frame in frames:
                writer.write(frame.image, frame.time_s)
    cv2.imwrite(str(folder / "portrait.jpg"), frames[0].image[..., ::-1])
