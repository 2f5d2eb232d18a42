"""docs/exchange.md says what `export` and `import` really do."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

from twitch_tracker.cli.app import app
from twitch_tracker.exchange.coding.elan_write import TAB_COLUMNS
from twitch_tracker.exchange.fhir.codes import CODES_URI
from twitch_tracker.exchange.formats import FileFormat

PAGE = (Path(__file__).parents[3] / "docs" / "exchange.md").read_text(encoding="utf-8")


def test_every_format_has_its_row():
    rows = re.findall(r"^\| `([a-z-]+)` \| (?:writes|`)", PAGE, re.MULTILINE)
    assert rows == ["--format", *(kind.value for kind in FileFormat)]


def test_every_option_that_it_names_exists():
    lines = re.findall(r"^twitch-tracker (export|import) (.*)$", PAGE, re.MULTILINE)
    assert len(lines) >= 5
    for command in ("export", "import"):
        told = {o for c, line in lines if c == command for o in options(line)}
        run = CliRunner().invoke(app, [command, "--help"], terminal_width=200)
        assert told <= set(options(run.stdout))


def options(text: str) -> list[str]:
    return re.findall(r"--[a-z]+", text)


def test_names_that_it_tells():
    for name in (*TAB_COLUMNS, CODES_URI):
        assert f"`{name}`" in PAGE
