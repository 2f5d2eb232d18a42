"""The house rules that a reader relies on, enforced.

Imports run one way only, importing starts nothing, and nothing grows too big
to read. Every file is parsed once; a rule is one test, which names all that break it.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import twitch_tracker

PACKAGE = "twitch_tracker"
ROOT = Path(twitch_tracker.__file__).parent
STUDIES = ROOT.parent / "studies"
"""Beside the package, for who measures the program; not in the wheel."""

ORDER = (
    "settings",
    "language",
    "errors",
    "encrypted",
    "border",
    "timebase",
    "regions",
    "records",
    "history",
    "networks",
    "threads",
    "video",
    "face",
    "motion",
    "episodes",
    "pipeline",
    "exchange",
    "evaluate",
    "journal",
    "review",
    "progression",
    "wording",
    "report",
    "notebook",
    "batch",
    "processes",
    "live",
    "app",
    "cli",
)
"""A room may import itself and what stands before it."""

ASIDE = {
    "simulate": ORDER[: ORDER.index("motion")],
    "demo": (*ORDER[: ORDER.index("cli")], "simulate"),
    "studies": (*ORDER[: ORDER.index("cli")], "simulate", "demo"),
}
"""Rooms beside the line, and what they may import: truth must not know detectors,
and a judge must not know where the truth came from. Only the studies bring the two
together."""

HEAVY = {
    *("numpy", "scipy", "pandas", "pyarrow", "cv2", "av", "mediapipe", "bokeh"),
    *("typer", "rich", "pooch", "platformdirs", "jinja2", "PIL"),
}
MOST_MODULES = 16
"""About fifteen, with ``__init__``: as many as fit in the head. A module is what one
sentence describes, however long."""

MOST_FUNCTION_LINES = 60

FILES = sorted((*ROOT.rglob("*.py"), *STUDIES.rglob("*.py")))


def name_of(path: Path) -> str:
    """Name a file as this project does: without the name of the package."""
    below = ROOT if path.is_relative_to(ROOT) else ROOT.parent
    return path.relative_to(below).as_posix()


@cache
def source_of(path: Path) -> str:
    """Read a file, once."""
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse a file, once."""
    return ast.parse(source_of(path))


def all_are_right(complaints: Iterable[str]) -> None:
    """Fail with every complaint, one a line."""
    found = list(complaints)
    assert not found, "\n".join(["", *found])


def room_of(path: Path) -> str:
    """Name the room a file belongs to; the package's own ``__init__`` is ''."""
    first = Path(name_of(path)).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imported_rooms(path: Path, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find the line and room of every import of this package, wherever it is."""
    parents = path.relative_to(ROOT.parent).with_suffix("").parts[:-1]
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = parents[: len(parents) - node.level + 1] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            names = [f"{base}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == STUDIES.name:
                yield node.lineno, STUDIES.name
            if parts[0] == PACKAGE and len(parts) > 1 and is_room(parts[1]):
                yield node.lineno, parts[1]


@cache
def is_room(name: str) -> bool:
    """Tell rooms from names like ``__version__``."""
    return (ROOT / name).is_dir() or (ROOT / f"{name}.py").is_file()


def wrong_imports(path: Path, tree: ast.AST) -> list[str]:
    """Describe every import that goes against the order."""
    room = room_of(path)
    allowed = ASIDE.get(room) or ORDER[: ORDER.index(room)]
    if room == "cli":
        allowed = (*allowed, *ASIDE)
    return [
        f"{path.relative_to(ROOT.parent).as_posix()}:{line}: {room} must not import "
        f"{other}; it may import {', '.join(allowed) or 'nothing'}"
        for line, other in imported_rooms(path, tree)
        if other != room and other not in allowed
    ]


def code_lines(function: ast.AST, source_lines: list[str]) -> int:
    """Count the lines of a function without its docstring, comments and blanks."""
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    skipped: set[int] = set()
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        skipped = set(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    numbers = range(function.lineno, (function.end_lineno or 0) + 1)
    texts = [source_lines[n - 1].strip() for n in numbers if n not in skipped]
    return sum(bool(text) and not text.startswith("#") for text in texts)


def test_every_room_has_its_place():
    rooms = {room_of(path) for path in FILES} - {""}
    unplaced = rooms - set(ORDER) - set(ASIDE)
    assert not unplaced, f"say in this test what {sorted(unplaced)} may import"


def test_there_are_files_to_look_at():
    """Else every rule below would hold."""
    assert {"cli/app.py", "video/files.py", "studies/truth/__init__.py"} <= {
        name_of(path) for path in FILES
    }


def test_imports_run_one_way():
    """The package itself re-exports lazily; tests below look at that."""
    files = [path for path in FILES if room_of(path)]
    all_are_right(
        wrong for path in files for wrong in wrong_imports(path, tree_of(path))
    )


def test_truth_of_studies_knows_no_detector():
    """As `simulate`: who makes what is true must not know who is tested against it."""
    files = [path for path in FILES if path.is_relative_to(STUDIES / "truth")]
    assert files
    allowed = {*ASIDE["simulate"], "simulate", STUDIES.name}
    all_are_right(
        f"{name_of(path)}:{line}: imports {room}"
        for path in files
        for line, room in imported_rooms(path, tree_of(path))
        if room not in allowed
    )
    other_study = re.compile(r"\bstudies\.(?!truth\b)\w+ import")
    all_are_right(
        f"{name_of(path)}: {found[0]}"
        for path in files
        if (found := other_study.search(source_of(path)))
    )


@pytest.mark.parametrize(
    ("room", "source", "line"),
    [
        ("video", "from twitch_tracker.motion.geometry import x", 1),
        ("video", "import twitch_tracker.cli.app", 1),
        ("video", "def f():\n    from twitch_tracker import face", 2),
        ("video", "from ..episodes import x", 1),
        ("video", "from .. import report", 1),
        ("simulate", "from twitch_tracker.motion import geometry", 1),
        ("report", "from studies.benchmark.building import faces", 1),
    ],
)
def test_the_test_itself_notices_a_wrong_import(room: str, source: str, line: int):
    (complaint,) = wrong_imports(ROOT / room / "made_up.py", ast.parse(source))
    assert f"twitch_tracker/{room}/made_up.py:{line}: {room} must not" in complaint


@pytest.mark.parametrize(
    "source",
    [
        "from twitch_tracker import __version__",
        "from . import source",
        "from twitch_tracker.records import Frame",
        "import numpy",
    ],
)
def test_the_test_itself_lets_right_imports_pass(source: str):
    assert wrong_imports(ROOT / "video" / "made_up.py", ast.parse(source)) == []


@pytest.mark.parametrize(
    "statement",
    ["import twitch_tracker", "twitch_tracker.Side", "import twitch_tracker.history"],
)
def test_importing_loads_nothing_heavy(statement: str):
    """A fresh interpreter: what other tests have loaded must not matter."""
    code = "import sys, twitch_tracker\nbefore = set(sys.modules)\n"
    code += f"{statement}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert loaded & HEAVY == set()


def test_every_module_says_what_it_knows():
    all_are_right(
        f"{name_of(path)} has no docstring"
        for path in FILES
        if not ast.get_docstring(tree_of(path))
    )


def test_a_room_fits_in_the_head():
    sizes = Counter(path.parent for path in FILES)
    all_are_right(
        f"{name_of(folder)}: {modules} modules; divide it by meaning"
        for folder, modules in sizes.items()
        if modules > MOST_MODULES
    )


def too_long(tree: ast.AST, source: str) -> list[str]:
    """Describe every function that is too big to read."""
    lines = source.splitlines()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    lengths = {
        node: code_lines(node, lines)
        for node in ast.walk(tree)
        if isinstance(node, functions)
        and (node.end_lineno or 0) - node.lineno >= MOST_FUNCTION_LINES
    }
    return [
        f"{node.lineno}: {node.name} has {length} code lines"
        for node, length in lengths.items()
        if length > MOST_FUNCTION_LINES
    ]


def test_nothing_is_too_big_to_read():
    all_are_right(
        f"{name_of(path)}:{complaint}"
        for path in FILES
        for complaint in too_long(tree_of(path), source_of(path))
    )


@pytest.mark.parametrize(("lines", "complaints"), [(59, 0), (60, 1)])
def test_the_test_itself_counts_lines_of_code(lines: int, complaints: int):
    body = (
        '    """Do.\n\n    More.\n    """\n\n    # a comment\n' + "    x = 1\n" * lines
    )
    source = f"async def f():\n{body}"
    assert len(too_long(ast.parse(source), source)) == complaints


def started(tree: ast.Module, *, registers: bool) -> list[int]:
    """Lines at module level with a loop, a ``with`` or a bare call."""
    kinds = (ast.For, ast.While, ast.With)
    return [
        node.lineno
        for node in tree.body
        if isinstance(node, kinds)
        or (
            not registers
            and isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
        )
    ]


def test_nothing_is_started_by_an_import():
    """Commands register themselves."""
    all_are_right(
        f"{name_of(path)}:{line}"
        for path in FILES
        for line in started(tree_of(path), registers=room_of(path) == "cli")
    )


def test_the_test_itself_notices_what_is_started():
    source = "x = f()\nf()\nfor a in b: pass\nwhile a: pass\nwith a: pass"
    assert started(ast.parse(source), registers=False) == [2, 3, 4, 5]
    assert started(ast.parse(source), registers=True) == [3, 4, 5]


# --- the tests themselves -------------------------------------------------------------


@pytest.mark.parametrize("mark", ["benchmark", "browser", "fuzz"])
def test_a_folder_that_can_be_left_out_has_no_test_without_its_mark(mark: str):
    """tests/conftest.py leaves it out as a whole: a test without would never run."""
    files = list((ROOT.parent / "tests" / mark).rglob("test_*.py"))
    assert files
    marked = re.compile(
        rf"^pytestmark = [^\n]*(\n    [^\n]*)*mark\.{mark}\b", re.MULTILINE
    )
    all_are_right(
        f"{path.name}: give pytestmark the mark {mark}"
        for path in files
        if not marked.search(path.read_text(encoding="utf-8"))
    )


# --- who writes ---------------------------------------------------------------------

WRITERS = ("video", "exchange", "journal", "review", "app", "cli")
"""Rooms that write into the user's folder, where everything may have to be encrypted."""

MAY_WRITE_PLAINLY = {
    # Locks, of which nothing is ever read.
    ("app/locking.py", "locked"),
    ("app/locking.py", "is_locked"),
    ("journal/encrypting/converting.py", "_only_one"),
    ("journal/upkeep/removals.py", "drop_half_notes"),
    ("journal/upkeep/removals.py", "working_on"),
    ("exchange/staging.py", "staged_folder"),
    ("exchange/disk/scratch.py", "is_stale"),
    ("exchange/disk/scratch.py", "scratch_folder"),
    # Marks without content, and the name of a database: they say nothing of anybody.
    ("app/keeping/owners.py", "mark_owner"),
    ("journal/store/signal_store.py", "_note_new"),
    # Needed before a passphrase is given, and only their own user may open them.
    ("app/entrance/opening.py", "redirect_file"),
    ("app/entrance/opening.py", "lead_to"),
    ("app/phone/certificate.py", "_write"),
    # What was written elsewhere is flushed or tried, as it is; a name is made sure of.
    ("exchange/staging.py", "_flush"),
    ("exchange/staging.py", "_check_free"),
    ("video/writer.py", "_make_part_file"),
    ("video/writer.py", "_open"),
    ("journal/encrypting/converting.py", "_export"),
    ("journal/upkeep/backup.py", "_move_signals"),
    # Databases and backups, whose content is encrypted already; a file without a name.
    ("journal/store/alone.py", "replace_database"),
    ("journal/upkeep/backup.py", "_write"),
    # In memory, or outside of the journal.
    ("app/exports/files.py", "_zipped"),
    ("cli/menu.py", "_write"),
    ("cli/checks.py", "_try_codec"),
    ("exchange/deidentified.py", "write_deidentified"),
}
"""Who writes by other means than `open_to_write`, `write_all` or `write_whole`."""

_COPYING = {"copy", "copy2", "copyfile", "copytree", "move"}
_OS_MODES = {"O_WRONLY", "O_RDWR", "O_CREAT", "O_APPEND"}


def writes_plainly(node: ast.AST) -> bool:
    """Whether this is a call that writes a file past `open_to_write`."""
    if not isinstance(node, ast.Call):
        return False
    named = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    named = node.func.id if isinstance(node.func, ast.Name) else named
    owner = names_in(node.func) - {named}
    if named in {"write_text", "write_bytes", "touch", "mkstemp", "NamedTemporaryFile"}:
        return True
    if named in _COPYING and "shutil" in owner:
        return True
    if named == "open" and "os" in owner:
        given = names_in(*node.args)
        return bool(given & _OS_MODES) and "devnull" not in given
    if named not in {"open", "fdopen", "ZipFile"}:
        return False
    texts = [
        one.value
        for one in (*node.args, *[k.value for k in node.keywords])
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    return any(
        re.fullmatch(r"[rwxa]b?t?\+?b?", text) and set(text) & set("wxa+")
        for text in texts
    )


def plain_writers(source: str) -> set[tuple[int, str]]:
    """Find lines that write past `open_to_write`, with the function that they are in."""
    found = set()
    tree = ast.parse(source)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if writes_plainly(node):
                    found.add((node.lineno, function.name))
    known = {line for line, _ in found}
    return found | {
        (node.lineno, "")
        for node in ast.walk(tree)
        if writes_plainly(node) and node.lineno not in known
    }


def test_what_is_written_into_the_journal_is_encrypted_where_it_must_be():
    """A writer that opens a file itself leaves it plain in an encrypted journal."""
    found = {
        (name_of(path), function, line)
        for path in FILES
        if room_of(path) in WRITERS
        for line, function in plain_writers(path.read_text(encoding="utf-8"))
    }
    wrong = sorted(
        f"{name}:{line}: {function or 'the module'} opens a file to write it; use "
        "encrypted.files.open_to_write or exchange.whole.write_whole"
        for name, function, line in found
        if (name, function) not in MAY_WRITE_PLAINLY
    )
    assert not wrong, "\n".join(wrong)
    gone = MAY_WRITE_PLAINLY - {(name, function) for name, function, _ in found}
    assert not gone, f"no such writers any more: {gone}"


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ('def f(p):\n    p.open("w")', True),
        ('def f(p):\n    open(p, mode="ab")', True),
        ('def f(p):\n    p.open("r+b")', True),
        ('def f(p):\n    p.write_text("")', True),
        ("def f(p):\n    os.open(p, os.O_RDWR)", True),
        ("def f(p):\n    shutil.copy2(p, p)", True),
        ('def f(p):\n    zipfile.ZipFile(p, "x")', True),
        ('p.write_bytes(b"")', True),
        ('def f(p):\n    p.open("rb")', False),
        ("def f(p):\n    os.open(os.devnull, os.O_WRONLY)", False),
        ('def f(p):\n    open_to_write(p, "wb")', False),
        ("def f(p):\n    zipfile.ZipFile(p)", False),
    ],
)
def test_the_test_itself_sees_who_writes(source: str, wrong: bool):
    assert bool(plain_writers(source)) == wrong


# --- who speaks ---------------------------------------------------------------------

SPEAKERS = ("say", "say_n", "mark")
SILENT = (*ORDER[: ORDER.index("wording")], *ASIDE)
"""Rooms whose results are codes and numbers. `errors` says what is wrong, and whoever
finds it may say so in the error; `language` gives the words."""


def errors_by_name() -> set[str]:
    """Every error of this package."""
    tree = tree_of(ROOT / "errors.py")
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def names_in(*nodes: ast.AST | None) -> set[str]:
    """All names and attributes that some code mentions."""
    inside = [one for node in nodes if node is not None for one in ast.walk(node)]
    return {one.id for one in inside if isinstance(one, ast.Name)} | {
        one.attr for one in inside if isinstance(one, ast.Attribute)
    }


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
    silent = set(SILENT) - {"language", "errors"}
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
        f"{name_of(path)}:{line}: imports language"
        for path in FILES
        if room_of(path) == room and path.name != "certainty.py"
        for line, other in imported_rooms(path, tree_of(path))
        if other == "language"
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


# --- one of each --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "place"),
    [
        (r"\.Process\(", "border/spawned.py"),
        (r"csv\.reader\(", "border/tables.py"),
        (r"csv\.(DictW|w)riter\(", "border/tables.py"),
        (r"def \w+_ticks\(", "report/ticks.py"),
    ],
)
def test_what_several_rooms_need_stands_once(call: str, place: str):
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if re.search(call, path.read_text(encoding="utf-8"))
    }
    assert found == {place}


STILL_TWICE = {"Course", "Logged"}
"""Names in `progression` that others have, too."""


def types_by_name(trees: Mapping[str, ast.AST]) -> dict[str, list[str]]:
    """List the files of every type that stands outside of others, by its name.

    A type whose base has its own name is the same thing with more to it. A name with
    an underscore is nobody's business but its module's.
    """
    places: dict[str, list[str]] = {}
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.ClassDef)
                and not node.name.startswith("_")
                and node.name not in names_in(*node.bases)
            ):
                places.setdefault(node.name, []).append(name)
    return places


def test_no_two_types_have_one_name():
    """Else who searches for one finds the other, and reads about the wrong thing."""
    places = types_by_name({name_of(path): tree_of(path) for path in FILES})
    all_are_right(
        f"{name} stands in {' and '.join(files)}; name each after what it is"
        for name, files in places.items()
        if len(files) > 1 and name not in STILL_TWICE
    )


def test_the_test_itself_notices_two_types_of_one_name():
    one = ast.parse("class Mark: pass\nclass _Row: pass")
    other = ast.parse("class Mark: pass\nclass _Row: pass\nclass A(records.A): pass")
    found = types_by_name(
        {"one": one, "other": other, "third": ast.parse("class A: pass")}
    )
    assert found == {"Mark": ["one", "other"], "A": ["third"]}


# --- the walk -----------------------------------------------------------------------

WALK = ROOT.parent / "docs" / "architecture.md"


def test_every_file_of_the_walk_is_there():
    """Also a folder; what is named without one is in the folder named before it."""
    before = ROOT
    named = re.findall(
        r"`([\w/]+(?:\.py|\.js|\.html\.j2|/))`", WALK.read_text(encoding="utf-8")
    )
    assert named
    for name in named:
        places = (ROOT / name, before / name, ROOT.parent / name)
        found = [place for place in places if place.exists()]
        assert found, name
        before = found[0].parent
