"""What is written into the user's folder is encrypted where it must be."""

from __future__ import annotations

import ast
import re

import pytest
from source_files import FILES, name_of, names_in, room_of

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
    ("journal/store/exclusive.py", "replace_database"),
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
