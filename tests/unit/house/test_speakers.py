"""Below the room of words only errors speak."""

from __future__ import annotations

import ast
import re

import pytest
from source_files import (
    ASIDE,
    FILES,
    ORDER,
    ROOT,
    all_are_right,
    imported_rooms,
    name_of,
    names_in,
    room_of,
    source_of,
    tree_of,
)

SPEAKERS = ("say", "say_n", "mark")
SILENT = (*ORDER[: ORDER.index("wording")], *ASIDE)
"""Rooms whose results are codes and numbers. `errors` says what is wrong, and whoever
finds it may say so in the error; `language` gives the words, `unmeasured` is one
error with all its reasons, and `units` writes
quantities for errors and for `wording` alike."""


def errors_by_name() -> set[str]:
    """Every error of this package."""
    tree = tree_of(ROOT / "errors.py")
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def speaks(node: ast.AST) -> bool:
    """Whether this is a call of `say`, `say_n` or `mark`."""
    return isinstance(node, ast.Call) and bool(names_in(node.func) & set(SPEAKERS))


def makes_errors(function: ast.FunctionDef, errors: set[str]) -> bool:
    """Whether a function raises, or returns an error for others to raise."""
    raises = any(isinstance(node, ast.Raise) for node in ast.walk(function))
    return raises or bool(names_in(function.returns) & errors)


def words_outside_errors(tree: ast.Module, errors: set[str]) -> list[str]:
    """Find sentences that are not those of an error.

    What is said must stand in a `raise`, in a function that returns an error, or be
    given a name which a `raise` of the same function uses. A constant made by `mark`
    may be mentioned only in functions that raise or return errors.
    """
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    fine: set[ast.AST] = set()
    for function in functions:
        raised = [node for node in ast.walk(function) if isinstance(node, ast.Raise)]
        returns = names_in(function.returns) & errors
        for node in ast.walk(function):
            named = isinstance(node, ast.Assign) and names_in(*node.targets) & names_in(
                *raised
            )
            if isinstance(node, ast.Raise) or named or (node is function and returns):
                fine |= set(ast.walk(node))
    for statement in tree.body:
        if isinstance(statement, ast.AnnAssign) and any(
            map(speaks, ast.walk(statement))
        ):
            users = [f for f in functions if names_in(statement.target) & names_in(f)]
            if all(makes_errors(user, errors) for user in users):
                fine |= set(ast.walk(statement))
    return [
        f"line {node.lineno}: {ast.unparse(node)[:60]}"
        for node in ast.walk(tree)
        if speaks(node) and node not in fine and isinstance(node, ast.Call)
    ]


def test_only_errors_speak_below_the_room_of_words():
    silent = set(SILENT) - {"language", "units", "errors", "unmeasured"}
    errors = errors_by_name()
    all_are_right(
        f"{name_of(path)}: give a code with values, and tell it in `wording`: {found}"
        for path in FILES
        if room_of(path) in silent and any(word in source_of(path) for word in SPEAKERS)
        for found in words_outside_errors(tree_of(path), errors)
    )


@pytest.mark.parametrize("room", ["progression", "episodes"])
def test_rooms_of_results_know_no_language(room: str):
    all_are_right(
        f"{name_of(path)}:{line}: imports {other}"
        for path in FILES
        if room_of(path) == room and path.name != "certainty.py"
        for line, other in imported_rooms(path, tree_of(path))
        if other in {"language", "units"}
    )


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("def f():\n    return say('x')", True),
        ("def f():\n    raise BadTable(say('x'))", False),
        ("def f():\n    advice = say('x')\n    raise BadTable(advice)", False),
        ("def f() -> BadTable:\n    return BadTable(say('x'))", False),
        ("def f() -> str:\n    text = say('x')\n    return text", True),
        ("A: Final = mark('x')\ndef f():\n    raise BadTable(say(A))", False),
        ("A: Final = mark('x')\ndef f():\n    return A", True),
    ],
)
def test_the_test_itself_hears_who_speaks(source: str, wrong: bool):
    assert bool(words_outside_errors(ast.parse(source), {"BadTable"})) is wrong


OF_STUDIES = {"cli/benchmark.py", "cli/journal/demo.py"}
"""Commands of a checkout, whose tables are for who works on the program."""


def english_in_prints(tree: ast.Module) -> list[str]:
    """Find words that a command prints as they stand, in no reader's language."""
    found = []
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and names_in(call.func) & {"print", "echo"}:
            for argument in call.args:
                parts = getattr(argument, "values", [argument])
                words = [part.value for part in parts if isinstance(part, ast.Constant)]
                text = re.sub("twitch-tracker|SHA-256", "", "".join(map(str, words)))
                if re.search(r"[a-zA-Z]{2}", text):
                    found.append(f"line {call.lineno}: {ast.unparse(argument)[:60]}")
    return found


def test_commands_print_sentences_in_the_readers_language():
    all_are_right(
        f"{name_of(path)}: say it: {found}"
        for path in FILES
        if room_of(path) == "cli" and name_of(path) not in OF_STUDIES
        for found in english_in_prints(tree_of(path))
    )


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("print('It is done.')", True),
        ("print(f'page: {page}')", True),
        ("print(say('It is done.'))", False),
        ("print(f'{name:>5} {say(text)}')", False),
        ("print(f'  -> {advice}')", False),
    ],
)
def test_the_test_itself_notices_a_sentence_that_is_printed(source: str, wrong: bool):
    assert bool(english_in_prints(ast.parse(source))) is wrong
