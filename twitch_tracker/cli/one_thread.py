"""One thread for numeric libraries: what a command sets before it loads them.

Fitting a course is thousands of operations on small matrices. Shared among cores most of
the processor time goes into threads that wait for each other (`threads`), and a sum that
is shared is added up in another order: the last digits of ``--json`` would hang on the
number of cores. Note: only libraries that are loaded later heed it, and processes that
are started.
"""

from __future__ import annotations

import os
from typing import Final

__all__ = ["one_thread"]

_THREADS: Final = "OPENBLAS_NUM_THREADS"


def one_thread() -> None:
    """Let BLAS use one thread in this process, unless somebody set how many."""
    os.environ.setdefault(_THREADS, "1")
