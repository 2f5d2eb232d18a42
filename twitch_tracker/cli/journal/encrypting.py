"""The commands ``journal encrypt``, ``decrypt`` and ``change-passphrase``."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twitch_tracker.cli.journal.passphrases import ask_new, unlock_first
from twitch_tracker.cli.journal.place import Home, exit_codes
from twitch_tracker.cli.options import flag
from twitch_tracker.language import say, say_n

if TYPE_CHECKING:
    from twitch_tracker.journal.encrypting.converting import Report

__all__ = ["change_passphrase", "decrypt", "encrypt"]

Yes = Annotated[
    bool,
    flag("--yes", help="Really: without passphrase and recovery code all is lost."),
]
NewCode = Annotated[
    bool,
    flag(
        "--new-recovery-code",
        help="Make a new recovery code, too; the old one opens nothing then.",
    ),
]


def encrypt(yes: Yes = False, home: Home = None) -> None:
    """Encrypt the journal and all films, signals and reports of the app.

    From then on every command and the app ask for a passphrase. A recovery code is
    shown once.
    """
    from twitch_tracker.journal.encrypting import passphrases
    from twitch_tracker.journal.encrypting.converting import (
        encrypt_journal,
        encrypt_rest,
    )

    with exit_codes(), _alone(home) as folder:
        if passphrases.is_encrypted_home(folder):
            count = encrypt_rest(folder, _on_terminal())
            print(
                say_n(
                    "The journal is encrypted; {n} file was plain and is now "
                    "encrypted.",
                    "The journal is encrypted; {n} files were plain and are now "
                    "encrypted.",
                    count,
                )
            )
            return
        if not yes:
            raise typer.BadParameter(
                say(
                    "This encrypts the journal in {home}. Without the passphrase or "
                    "the recovery code nobody can open it again, and nothing can "
                    "restore it. Add --yes to confirm.",
                    home=folder,
                )
            )
        passphrase = ask_new()
        passphrases.refuse_short(passphrase)
        code = passphrases.new_recovery_code()
        print(_about(code), flush=True)
        encrypt_journal(folder, passphrase, code, _on_terminal())
        _mark_owners(folder)
        print(
            say(
                "Encrypted. Backups, reports and exports from before are not: remove "
                "them, or keep them where nobody finds them. For a while, an expert "
                "could still find on the disk what the files held before; disk "
                "encryption helps against that."
            )
        )


def _mark_owners(folder: Path) -> None:
    """Write the marks of owners of films again, with the key or without it."""
    from twitch_tracker.app.recording.store import Store

    if (folder / "app").is_dir():
        Store(folder / "app")


def _about(code: str) -> str:
    return say(
        "Recovery code, shown this once. Write it down and keep it away from this "
        "computer; it opens the journal when the passphrase is lost:\n\n  {code}",
        code=code,
    )


def decrypt(home: Home = None) -> None:
    """Make an encrypted journal one that opens without a passphrase again."""
    from twitch_tracker.journal.encrypting.converting import decrypt_journal

    with exit_codes(), _alone(home) as folder:
        decrypt_journal(folder, _on_terminal())
        _mark_owners(folder)
        print(say("Decrypted. Whoever has the disk can read it now."))


def change_passphrase(new_recovery_code: NewCode = False, home: Home = None) -> None:
    """Give an encrypted journal another passphrase; the recovery code opens it, too.

    Backups that were made before keep the passphrase that they had.
    """
    from twitch_tracker.encrypted.keys import key_of_home
    from twitch_tracker.errors import BadParameter
    from twitch_tracker.journal.encrypting import passphrases

    with exit_codes(), _alone(home) as folder:
        keys, key = passphrases.read_keys(folder), key_of_home(folder)
        if keys is None or key is None:
            raise BadParameter("home", say("an encrypted journal"), say("a plain one"))
        keys = passphrases.change_passphrase(keys, key, ask_new())
        if new_recovery_code:
            code = passphrases.new_recovery_code()
            keys = passphrases.change_recovery_code(keys, key, code)
            print(_about(code), flush=True)
        passphrases.write_keys(folder, keys)
        print(say("Changed. Backups from before keep the passphrase that they had."))


@contextlib.contextmanager
def _alone(home: Path | None) -> Iterator[Path]:
    """Hold the lock of the app, with the journal up to date and closed again."""
    from twitch_tracker.app.locking import locked
    from twitch_tracker.app.recording.store import LOCK
    from twitch_tracker.journal.open import journal_home, open_journal

    folder = journal_home(home)
    app = folder / "app"
    with locked(app / LOCK) if app.is_dir() else contextlib.nullcontext():
        unlock_first(folder)
        open_journal(home).close()
        yield folder


def _on_terminal() -> Report:
    """Show on the terminal how far it is."""

    def show(done: int, of: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == of else ""
            words = say("{done} of {of} files", done=done, of=of)
            print(f"\r{words}", end=end, file=sys.stderr, flush=True)

    return show
