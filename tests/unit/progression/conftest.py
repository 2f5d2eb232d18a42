"""Histories made by hand."""

from __future__ import annotations

from made_histories import history, method, recording, totals

__all__ = ["history", "method", "recording", "totals"]  # fixtures of another file
