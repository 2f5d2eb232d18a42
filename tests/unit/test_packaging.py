"""What the installed program holds, and what stays with the source code."""

from __future__ import annotations

import re
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twitch_tracker.cli import studies
from twitch_tracker.cli.app import app
from twitch_tracker.errors import StudiesMissing

ROOT = Path(__file__).parents[2]
WHEEL = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "hatch"
]["build"]["targets"]["wheel"]
FORCED = WHEEL["force-include"]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a wheel: nothing beside the package."""
    place = tmp_path / "site-packages" / "twitch_tracker" / "cli" / "studies.py"
    monkeypatch.setattr(studies, "__file__", str(place))


def test_the_wheel_holds_the_package_and_the_models_alone():
    assert WHEEL["packages"] == ["twitch_tracker"]
    assert "include" not in WHEEL
    for source, target in FORCED.items():
        assert (ROOT / source).is_file(), source
        assert target.startswith("twitch_tracker/_models/")


def test_every_model_that_ships_is_in_the_wheel():
    tracked = subprocess.run(
        ["git", "ls-files", "models"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.split()
    if not tracked:
        pytest.skip("no checkout")
    ships = {name for name in tracked if name.count("/") == 1}
    assert ships == set(FORCED)


def test_nothing_in_the_package_needs_a_study_but_the_commands_that_ask_for_it():
    asking = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "twitch_tracker").rglob("*.py")
        if re.search(
            r"^\s*(from|import) studies\b", path.read_text("utf-8"), re.MULTILINE
        )
    }
    assert asking == {
        "twitch_tracker/cli/benchmark.py",
        "twitch_tracker/cli/journal/demo.py",
    }


@pytest.mark.parametrize(
    "words",
    [
        ["benchmark", "."],
        ["demo-patient", "--coverage", "1"],
        ["demo-patient", "--coverage", "1", "--scenario", "all"],
        ["demo-patient", "--readings"],
    ],
)
@pytest.mark.usefixtures("installed")
def test_an_installed_program_says_where_studies_are(words: list[str]):
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 1
    told = f"{result.output} {result.exception}"
    assert "pip install -e ." in told
    assert "source code" in told
    assert isinstance(result.exception, StudiesMissing | SystemExit)


@pytest.mark.usefixtures("installed")
def test_a_simulated_patient_needs_no_study(tmp_path: Path):
    words = ["demo-patient", "--years", "0.1", "--home", str(tmp_path)]
    assert CliRunner().invoke(app, words).exit_code == 0
    words += ["--scenario", "sudden_end", "--patient", "other"]
    assert CliRunner().invoke(app, words).exit_code == 0


def test_what_hatch_puts_into_the_wheel(tmp_path: Path):
    wheel = pytest.importorskip("hatchling.builders.wheel")
    builder = wheel.WheelBuilder(str(ROOT))
    (path,) = builder.build(directory=str(tmp_path), versions=["standard"])
    names = zipfile.ZipFile(path).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"twitch_tracker"}
    assert set(FORCED.values()) <= set(names)
    assert "twitch_tracker/report/templates/report.css" in names
    assert not [name for name in names if "benchmark.html" in name]
