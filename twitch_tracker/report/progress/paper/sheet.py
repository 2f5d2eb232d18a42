"""An A4 sheet with a budget: what does not fit is left out whole and counted.

No sentence is cut off and nothing is pushed to a page 3; the last line says how much is
missing.

Knows fonts, lines, tables and pictures of a PDF, and how much room is left; knows
nothing of progression. Lengths are millimetres. The font is DejaVu Sans, which
matplotlib brings along and which has the letters of most European languages; of a
language whose letters it lacks the paper is in English (`as_it_can_be_written`).
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from twitch_tracker.language import say, speaking

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Sheet", "as_it_can_be_written", "can_be_written"]

_MARGIN_MM: Final = 14.0
_FOOT_MM: Final = 12.0
_NOTE_MM: Final = 4.0
_LEAST_BELOW_MM: Final = 14.0
_FONT: Final = "DejaVu"
_DOTS_PER_INCH: Final = 220
_MM_PER_INCH: Final = 25.4
_MM_PER_POINT: Final = 25.4 / 72
_LEADING: Final = 1.32
_LAST_LATIN: Final = 0x024F


@contextlib.contextmanager
def as_it_can_be_written() -> Iterator[None]:
    """Speak English within a block when the font has no letters for the language."""
    with contextlib.nullcontext() if can_be_written() else speaking("en"):
        yield


def can_be_written() -> bool:
    """Return whether the font has the letters of the language that is spoken."""
    heading = say("What the recordings say")
    if all(ord(letter) <= _LAST_LATIN for letter in heading):
        return True  # without loading the font, which a page does not need
    from matplotlib.ft2font import FT2Font

    known = FT2Font(str(_fonts() / "DejaVuSans.ttf")).get_charmap()
    return all(ord(letter) in known for letter in heading)


def _fonts() -> Path:
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


class Sheet:
    """Pages that are filled from the top; `foot` is written on each of them.

    Parameters
    ----------
    title, language : str
        For the document's own description, read out by screen readers.
    foot : str
        One or two lines at the lower edge of every page.

    Attributes
    ----------
    left_out : int
        Paragraphs and rows for which there was no room.
    """

    def __init__(self, title: str, foot: str, language: str = "en") -> None:
        """Start the first page."""
        from fpdf import FPDF

        fonts = _fonts()
        self._pdf: Any = FPDF(format="A4")
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_margins(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        self._pdf.add_font(_FONT, "", fonts / "DejaVuSans.ttf")
        self._pdf.add_font(_FONT, "B", fonts / "DejaVuSans-Bold.ttf")
        self._pdf.set_title(title)
        self._pdf.set_lang(language)
        self._foot = foot
        self._is_full = False
        self.left_out = 0
        self.new_page()

    @property
    def width_mm(self) -> float:
        """Room from margin to margin."""
        return float(self._pdf.epw)

    @property
    def left_mm(self) -> float:
        """Room down to the foot of this page, and to the line that counts."""
        used = _MARGIN_MM + _FOOT_MM + _NOTE_MM
        return float(self._pdf.h) - used - float(self._pdf.get_y())

    def new_page(self) -> None:
        """Start a page."""
        self._pdf.add_page()
        self._is_full = False
        self._pdf.set_y(self._pdf.h - _MARGIN_MM - _FOOT_MM + 3)
        foot = f"({self._pdf.page_no()}) {self._foot}"
        self._write(self._lines(foot, 6.5, ""), 6.5)
        self._pdf.set_y(_MARGIN_MM)

    def skip(self, height_mm: float) -> None:
        """Leave room."""
        self._pdf.set_y(self._pdf.get_y() + height_mm)

    def text(self, text: str, size: float = 9.0, *, bold: bool = False) -> None:
        """Write a paragraph; one that does not fit whole is left out and counted."""
        lines = self._lines(text, size, "B" if bold else "")
        if not lines:
            return
        if self._is_full or len(lines) * _line_mm(size) > self.left_mm:
            self.left_out += 1
        else:
            self._write(lines, size)

    def heading(self, text: str) -> None:
        """Write a heading; where nothing would fit below it, the page is full."""
        if self.left_mm <= _LEAST_BELOW_MM:
            self._is_full = True
            return
        self.skip(1.6)
        self.text(text, 10.5, bold=True)
        self.skip(0.4)

    def _write(self, lines: Sequence[str], size: float) -> None:
        """Write lines in the font that they were broken for."""
        for line in lines:
            self._pdf.set_x(_MARGIN_MM)
            self._pdf.cell(w=self.width_mm, h=_line_mm(size), text=line)
            self._pdf.ln(_line_mm(size))

    def _lines(
        self, text: str, size: float, style: str, width_mm: float | None = None
    ) -> list[str]:
        self._pdf.set_font(_FONT, style, size)
        self._pdf.set_x(_MARGIN_MM)
        plain = " ".join(text.split())
        if not plain:
            return []
        found: list[str] = self._pdf.multi_cell(
            w=self.width_mm if width_mm is None else width_mm,
            text=plain,
            dry_run=True,
            output="LINES",
            align="L",
        )
        return found

    def table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        shares: Sequence[float],
        *,
        size: float = 7.5,
    ) -> None:
        """Write a table; a long cell takes several lines, rows without room are counted.

        Parameters
        ----------
        head : sequence of str
            Titles of the columns.
        rows : sequence of sequence of str
            Cells.
        shares : sequence of float
            Widths of the columns as shares of the whole.
        size : float
            Letters in points.
        """
        if not rows:
            return
        titles = self._cells(head, shares, size, "B")
        first = self._cells(rows[0], shares, size, "")
        least = _row_mm(titles, size) + _row_mm(first, size)
        if self._is_full or least > self.left_mm:
            self.left_out += len(rows)
            return
        self._row(titles, shares, size, "B")
        for number, row in enumerate(rows):
            cells = self._cells(row, shares, size, "")
            if _row_mm(cells, size) > self.left_mm:
                self.left_out += len(rows) - number
                return
            self._row(cells, shares, size)

    def _cells(
        self, row: Sequence[str], shares: Sequence[float], size: float, style: str
    ) -> list[list[str]]:
        """Break every cell into the lines that its column has room for."""
        return [
            self._lines(cell, size, style, share * self.width_mm)
            for cell, share in zip(row, shares, strict=True)
        ]

    def _row(
        self,
        cells: Sequence[Sequence[str]],
        shares: Sequence[float],
        size: float,
        style: str = "",
    ) -> None:
        self._pdf.set_font(_FONT, style, size)
        self._pdf.set_draw_color(190)
        x, y = _MARGIN_MM, self._pdf.get_y()
        height = _row_mm(cells, size)
        for lines, share in zip(cells, shares, strict=True):
            for number, line in enumerate(lines):
                self._pdf.set_xy(x, y + 0.25 + number * _line_mm(size))
                self._pdf.cell(w=share * self.width_mm, h=_line_mm(size), text=line)
            x += share * self.width_mm
        self._pdf.line(_MARGIN_MM + 1, y + height, x, y + height)
        self._pdf.set_xy(_MARGIN_MM, y + height)

    def picture(self, figure: Figure, alt: str) -> None:
        """Place a figure over the whole width."""
        wide, high = figure.get_size_inches()
        width = min(wide * _MM_PER_INCH, self.width_mm)
        height = high * width / wide
        data = io.BytesIO()
        figure.savefig(data, format="png", dpi=_DOTS_PER_INCH)
        self._pdf.image(
            data, x=_MARGIN_MM, y=self._pdf.get_y(), w=width, h=height, alt_text=alt
        )
        self.skip(height)

    def as_bytes(self, note: str = "") -> bytes:
        """Return the finished document; `note` says how much is left out, if anything is."""
        if note:
            self._pdf.set_y(self._pdf.h - _MARGIN_MM - _FOOT_MM - _NOTE_MM)
            self._write(self._lines(note, 7.5, "B"), 7.5)
        return bytes(self._pdf.output())


def _row_mm(cells: Sequence[Sequence[str]], size: float) -> float:
    """Return the height of a row, which is that of its longest cell."""
    return max(1, *map(len, cells)) * _line_mm(size) + 0.5


def _line_mm(size: float) -> float:
    """Return the height of a line of letters of `size` points."""
    return size * _MM_PER_POINT * _LEADING
