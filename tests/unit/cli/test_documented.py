"""README.md and docs/files.md say what the commands really do."""

from __future__ import annotations

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from twitch_tracker.batch import Status
from twitch_tracker.cli.app import app
from twitch_tracker.cli.outcome import ExitCode

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_exit_code_is_in_the_readme():
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert told == {int(code) for code in ExitCode}


def test_every_option_that_the_readme_shows_exists():
    shown = set(re.findall(r"^twitch-tracker analyze .*", README, re.MULTILINE))
    options = {word for line in shown for word in re.findall(r"--[a-z-]+", line)}
    assert len(options) >= 8
    text = CliRunner().invoke(app, ["analyze", "--help"], terminal_width=200).stdout
    for option in options:
        assert option in text


def test_json_keys_and_statuses_are_documented(fake_analysis, make_video, tmp_path):
    page = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    words = ["analyze", str(make_video("a.mp4")), "--json", "--out", str(tmp_path)]
    document = json.loads(CliRunner().invoke(app, words).stdout)
    for key in document:
        assert f"| `{key}` |" in page
    for key in document["recordings"][0]:
        assert f"| `recordings[].{key}` |" in page
    for status in Status:
        assert f"`{status}`" in page


def test_ci_runs_the_commands_of_the_readme():
    """`.ci/run` takes its test command from the README by this marker."""
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "<!-- command: $1 -->" in run
    for name in ("run", "test"):
        (block,) = re.findall(rf"<!-- command: {name} -->\n```bash\n(.+)\n```", README)
        assert block.startswith("python3 -m venv .venv && ")
