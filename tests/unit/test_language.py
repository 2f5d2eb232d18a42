"""Another language needs a catalogue and nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from source_files import tree_of

import twitch_tracker
from twitch_tracker import errors
from twitch_tracker.language import (
    LANGUAGE_VARIABLE,
    choose_language,
    current_language,
    say,
    say_n,
    speaking,
)
from twitch_tracker.units import day_text

ROOT = Path(twitch_tracker.__file__).parent
FIELD = re.compile(r"\{[^{}]*\}")

# --- choosing ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("xx", "xx"),
        ("xx-YY,en;q=0.5", "xx"),
        ("en-GB,xx;q=0.9", "en"),
        ("fr,xx;q=0.2,en;q=0.1", "xx"),
        ("fr", "en"),
        ("", "en"),
        ("../../etc;q=nonsense,,;", "en"),
        ("../xx", "en"),
        ("*", "en"),
    ],
)
def test_the_browser_chooses_among_what_is_there(speaks_pseudo, accepted, chosen):
    assert choose_language(accepted) == chosen


def test_the_variable_beats_the_browser(speaks_pseudo, monkeypatch):
    monkeypatch.setenv(LANGUAGE_VARIABLE, "xx")
    assert choose_language("en") == "xx"
    assert current_language() == "xx"
    assert say("left") == speaks_pseudo.spelled("left") != "left"


def test_a_language_is_spoken_within_its_block_alone(speaks_pseudo):
    with speaking("xx"):
        assert say("left") == speaks_pseudo.spelled("left") != "left"
        assert say_n("{n} burst", "{n} bursts", 2) == "2 бурстс"
        assert say("not in any catalogue") == "not in any catalogue"
        assert say("") == "", "gettext keeps its header under the empty key"
    assert say("left") == "left"


def test_days_have_the_months_of_the_language(speaks_pseudo):
    from datetime import date

    assert day_text(date(2025, 2, 3)) == "3 Feb 2025"
    with speaking("xx"):
        assert day_text(date(2025, 2, 3)) == "3 Феб 2025"


# --- one thing, two readers ---------------------------------------------------


@pytest.mark.parametrize(
    ("written", "at_home"),
    [
        ("Bursts per minute", "Twitches per minute"),
        ("No burst, and no burst-free minute", "No twitch, and no twitch-free minute"),
        ("The program's bursts", "The program's twitches"),
        ("More time is spent in bursts", "More time is spent twitching"),
        ("Time in bursts", "Time spent twitching"),
        ("{burst}: {what} of {bursts}", "{burst}: {what} of {bursts}"),
        ("Name it 'burst'", "Name it 'burst'"),
        ("A sunburst bursting", "A sunburst bursting"),
    ],
)
def test_people_at_home_read_of_twitches(written, at_home):
    assert say(written) == written
    with speaking("en", at_home=True):
        assert say(written) == at_home
    with speaking("en"):
        assert say(written) == written


def test_what_people_wrote_themselves_is_left_alone():
    with speaking("en", at_home=True):
        assert say("Burst: {note}", note="a burst pipe") == "Twitch: a burst pipe"
        assert say_n("{n} burst", "{n} bursts", 1) == "1 twitch"
        assert say_n("{n} burst", "{n} bursts", 3) == "3 twitches"


def test_a_catalogue_has_one_word_for_both(speaks_pseudo):
    with speaking("xx", at_home=True):
        assert say_n("{n} burst", "{n} bursts", 2) == "2 бурстс"


# --- errors -----------------------------------------------------------------


def test_errors_are_worded_in_the_language_of_the_one_who_asked(speaks_pseudo):
    from twitch_tracker.video.files import open_video

    with speaking("xx"), pytest.raises(errors.VideoUnreadable) as raised:
        open_video(Path("film.mp4"))
    assert speaks_pseudo.escaped(str(raised.value), {"film.mp4"}) == []
    with speaking("xx"):
        bad = str(errors.BadParameter("fps", say("a positive number"), 0))
    assert speaks_pseudo.escaped(bad, {"fps"}) == []


# --- what translators get -----------------------------------------------------


def test_fields_are_named_alike_in_singular_and_plural(pseudo):
    for message in pseudo.messages:
        if isinstance(message, tuple):
            one, many = message[:2]
            assert set(FIELD.findall(one)) <= set(FIELD.findall(many)), message


def test_no_sentence_begins_or_ends_with_a_space(pseudo):
    """Such a one would be a piece to be glued to another."""
    for message in pseudo.messages:
        for text in [message] if isinstance(message, str) else message:
            assert text == text.rstrip(), message
            assert text == text.lstrip() or text.startswith("  "), message


@pytest.mark.parametrize(
    "translated",
    ["{wrong} бурстс", "{} бурстс", "{n бурстс", "{n:zz} бурстс", "{n.x} бурстс"],
)
def test_a_translation_with_wrong_fields_is_not_used(tmp_path, monkeypatch, translated):
    from babel.messages import catalog, mofile

    from twitch_tracker.settings import HOME_VARIABLE

    made = catalog.Catalog(locale=None, domain="twitch_tracker")
    made.add("{n} faces", translated)
    folder = tmp_path / "locale" / "yy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "twitch_tracker.mo").open("wb") as file:
        mofile.write_mo(file, made)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    with speaking("yy"):
        assert say("{n} faces", n=3) == "3 faces"


def test_a_damaged_catalogue_is_english(tmp_path, monkeypatch, caplog):
    from twitch_tracker.settings import HOME_VARIABLE

    folder = tmp_path / "locale" / "zz" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "twitch_tracker.mo").write_bytes(b"\xde\x12\x04\x95 no catalogue")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    with speaking("zz"):
        assert say("left") == "left"
    assert "cannot be read" in caplog.text


# --- the sources --------------------------------------------------------------

FILES = sorted(ROOT.rglob("*.py"))
OF_DEVELOPERS = {"simulate"}
"""Rooms whose errors only those see who test the program."""
SPEAKERS = {"say", "say_n", "mark"}

NAMES_OF_PARTS = {"BadParameter": 1, "BadShape": 2, "Misfit": 1, "bad_cell": 1}
"""Whose first arguments are names, shapes and codes, never words; `bad_cell` builds
errors of tables."""

ERRORS = frozenset(errors.__all__)


def name_of(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def is_words(node: ast.expr) -> bool:
    """Whether an expression is a text with words that no catalogue knows."""
    if isinstance(node, ast.BinOp | ast.IfExp | ast.BoolOp):
        parts = list(ast.iter_child_nodes(node))
        return any(is_words(part) for part in parts if isinstance(part, ast.expr))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.search(r"[A-Za-z]{2,}", node.value) is not None
    if isinstance(node, ast.JoinedStr):
        return any(is_words(part) for part in node.values)
    return False


def unsaid(tree: ast.AST) -> list[int]:
    """Lines of our errors, and of typer's, with words that are not said."""
    names = ERRORS | {"bad_cell"}
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or name_of(node) not in names:
            continue
        of_typer = name_of(node) in ERRORS and isinstance(node.func, ast.Attribute)
        skipped = 0 if of_typer else NAMES_OF_PARTS.get(name_of(node), 0)
        found += [word.lineno for word in node.args[skipped:] if is_words(word)]
    return found


def said_on_import(tree: ast.Module) -> list[int]:
    """Lines where something is said outside of any function: in English for good."""
    found: list[int] = []

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
            for default in defaults:
                look(default)
            return
        if isinstance(node, ast.Call) and name_of(node) in {"say", "say_n"}:
            found.append(node.lineno)
        for child in ast.iter_child_nodes(node):
            look(child)

    look(tree)
    return found


def said_unfixed(tree: ast.AST) -> list[int]:
    """Lines of ``say(f"...")``: that looks for a sentence that is in no catalogue."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and name_of(node) in SPEAKERS
        and any(isinstance(word, ast.JoinedStr | ast.BinOp) for word in node.args[:2])
    ]


def said_within(tree: ast.AST) -> list[int]:
    """Lines where something is said within a formatted text; Babel looks not there."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if isinstance(part, ast.Call) and name_of(part) in SPEAKERS
    ]


def trees() -> dict[str, ast.Module]:
    """Every file of the package, parsed once, by its name."""
    made = {path.relative_to(ROOT).as_posix(): tree_of(path) for path in FILES}
    assert "units.py" in made, "the rules below would hold without files"
    return made


def for_people() -> Iterator[tuple[str, ast.Module]]:
    """Files whose errors are not for developers alone."""
    return (
        (name, tree)
        for name, tree in trees().items()
        if name.split("/")[0] not in OF_DEVELOPERS
    )


def test_every_error_is_said():
    wrong = [f"{name}:{line}" for name, tree in for_people() for line in unsaid(tree)]
    assert not wrong, f"words outside of say(): {wrong}"


def test_nothing_is_said_on_import():
    wrong = [
        f"{name}:{line}"
        for name, tree in trees().items()
        for line in said_on_import(tree)
    ]
    assert not wrong, f"use mark() there, and say() later: {wrong}"


def test_only_fixed_texts_are_said():
    wrong = [
        f"{name}:{line}"
        for name, tree in trees().items()
        for line in said_unfixed(tree)
    ]
    assert not wrong, f"give the fields to say() by their names: {wrong}"


def test_nothing_is_said_within_a_formatted_text():
    wrong = [
        f"{name}:{line}" for name, tree in trees().items() for line in said_within(tree)
    ]
    assert not wrong, f"say it first: {wrong}"


def test_the_tests_themselves_notice():
    bad = 'raise VideoUnreadable(f"{path}: no film.")\nraise BadTable("no " + table)'
    assert unsaid(ast.parse(bad)) == [1, 2]
    good = 'raise VideoUnreadable(say("{p}: no film.", p=path))\nraise BadTable(text)'
    assert unsaid(ast.parse(good)) == []
    assert unsaid(ast.parse('BadParameter("fps", "a positive number", 0)')) == [1]
    assert said_on_import(ast.parse('A = {1: say("one")}\ndef f(): say("two")')) == [1]
    unfixed = 'say(f"{n} faces")\nmark("a" + b)\nsay("{n} faces", n=f"{n}")'
    assert said_unfixed(ast.parse(unfixed)) == [1, 2]
    assert said_within(ast.parse("f\"{say('one')} two\"\nf'{one}'")) == [1]
