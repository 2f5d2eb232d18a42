"""Every code block of the documents is tried: Python runs, commands exist as written.

A command is read by the program's own reader of options, so that an option which was
renamed or forgotten is found here. What is run for real is in `test_examples.py`.
"""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pytest
from command_pages import program
from pages import NAMES, PAGES, ROOT, blocks, command_lines, without_blocks

from twitch_tracker import pipeline

every_page = pytest.mark.parametrize("page", PAGES, ids=NAMES)

SHELL = {"bash", ""}
OTHER = {"text", "toml", "yaml", "json"}
PROGRAMS = {
    *("pipx", "uv", "docker", "git", "cd", "apt-get"),
    *("python3", "python3.12", "python", "py", "pytest", "pybabel"),
}
"""Programs of others whose options are not checked here, only the files they name."""

MADE_LATER = {"twitch_tracker/locale"}
"""Places that are named and come into being when somebody needs them."""

KNOWN_FOLDERS = ("tests/", "tools/", "models/", "container/", "twitch_tracker/", ".ci/")


class Refused(Exception):
    """The program does not take a command as it is written."""


@pytest.fixture
def somewhere(tmp_path, monkeypatch):
    """A folder in which everything that a command names can be laid."""
    folder = tmp_path / "one" / "two"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def lay(words: list[str]) -> None:
    """Lay the files and folders that a command may read."""
    for word in words:
        path = Path(word)
        if path.is_absolute() or set(word) & set(":=*"):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch() if path.suffix else path.mkdir(exist_ok=True)


def read_by_the_program(words: list[str]) -> None:
    """Read a command as the program would, without running it.

    The classes behind it are typer's or click's, depending on typer's version.
    """
    words = [word.replace("*", "a") for word in words if not word.startswith(">")]
    lay([word for word in words if not word.startswith("-")])
    command = program()
    context = command.context_class(command, info_name=words.pop(0))
    try:
        while hasattr(command, "commands"):
            name, command, words = command.resolve_command(context, words)
            if hasattr(command, "commands"):
                context = command.context_class(command, parent=context)
        command.make_context(name, list(words), parent=context)
    except Exception as error:
        if hasattr(error, "format_message"):
            raise Refused(error.format_message()) from error
        if type(error).__name__ != "Exit":
            raise


def shell_blocks(page: Path):
    return [b for b in blocks(page) if b.language in SHELL and "─▶" not in b.text]


@every_page
def test_every_block_is_of_a_kind_that_is_tried(page: Path):
    for block in blocks(page):
        assert block.language in SHELL | OTHER | {"python"}, (
            f"{page.name}:{block.line}: nothing tries a block of {block.language!r}"
        )


@every_page
def test_every_command_is_one_of_the_program(page: Path, somewhere):
    for block in shell_blocks(page):
        for words in command_lines(block.text):
            program_name = words[0].rpartition("/")[2]
            where = f"{page.name}:{block.line}: {shlex.join(words)}"
            if program_name == "twitch-tracker":
                try:
                    read_by_the_program(["twitch-tracker", *words[1:]])
                except Refused as error:
                    pytest.fail(f"{where}: {error}")
            elif program_name == "make":
                targets = makefile_targets()
                assert set(words[1:]) <= targets, f"{where}: not in the Makefile"
            elif block.language == "bash":
                known = program_name in PROGRAMS or (ROOT / words[0]).exists()
                assert known, f"{where}: nothing tries {program_name}"


def makefile_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))


@every_page
def test_every_file_of_the_repository_that_is_named_is_there(page: Path):
    """In commands and in sentences alike: `pytest tests/unit/...`, `tools/...`."""
    text = page.read_text(encoding="utf-8")
    for word in re.findall(r"[`\s](\.?[a-z_]+/[\w./{},*-]+)", text):
        if not word.startswith(KNOWN_FOLDERS) or word.rstrip(".,") in MADE_LATER:
            continue
        name = word.rstrip(".,")
        for one in expanded(name):
            assert (ROOT / one).exists() or any(ROOT.glob(one)), f"{page.name}: {one}"


def expanded(name: str) -> list[str]:
    """`a/{b,c}/d` as a shell takes it."""
    match = re.search(r"\{([^}]*)\}", name)
    if match is None:
        return [name]
    parts = match[1].split(",")
    return [
        one
        for part in parts
        for one in expanded(name[: match.start()] + part + name[match.end() :])
    ]


@every_page
def test_every_command_in_a_sentence_exists(page: Path):
    """`twitch-tracker diary add --stress` in a sentence: the command and its options."""
    for said in re.findall(r"`twitch-tracker ([^`]+)`", without_blocks(page)):
        words = said.split()
        command = program()
        while words and hasattr(command, "commands"):
            name = words.pop(0)
            if name.startswith("-"):
                words.insert(0, name)
                break
            assert name in command.commands, f"{page.name}: {said}"
            command = command.commands[name]
        options = {name for param in command.params for name in param.opts} | {
            "--help",
            "-h",
        }
        told = {w.partition("=")[0] for w in words if re.match(r"--?[a-z]", w)}
        assert told <= options, f"{page.name}: {said}"


@every_page
def test_every_target_of_make_in_a_sentence_exists(page: Path):
    for said in re.findall(r"`make ([a-z -]+)`", without_blocks(page)):
        assert set(said.split()) <= makefile_targets(), f"{page.name}: make {said}"


PYTHON_PAGES = [
    page for page in PAGES if any(block.language == "python" for block in blocks(page))
]


@pytest.mark.parametrize("page", PYTHON_PAGES, ids=lambda page: page.name)
def test_python_runs_from_top_to_bottom(page, session, tmp_path, monkeypatch):
    """Analysis itself is replaced by a session made up; all else is the real thing."""
    real = pipeline.analyze
    monkeypatch.setattr(
        pipeline,
        "analyze",
        lambda path, *more, **named: (
            session if Path(path).exists() else real(path, *more, **named)
        ),
    )
    monkeypatch.chdir(tmp_path)
    for name in ("face.mp4", "examples/simulated_spasm.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    names: dict[str, object] = {}
    for block in blocks(page):
        if block.language == "python":
            tree = ast.parse(block.text)
            ast.increment_lineno(tree, block.line)
            exec(compile(tree, str(page), "exec"), names)  # noqa: S102
    assert names["session"].video == session.video


@pytest.mark.parametrize("said", ["analyze a.mp4 --gone", "gone", "diary gone"])
def test_the_reader_notices_what_is_gone(said: str, somewhere):
    with pytest.raises(Refused):
        read_by_the_program(["twitch-tracker", *said.split()])


@pytest.mark.parametrize("said", ["analyze a.mp4 --json", "diary add --patient anna"])
def test_the_reader_takes_what_is_there(said: str, somewhere):
    read_by_the_program(["twitch-tracker", *said.split()])
