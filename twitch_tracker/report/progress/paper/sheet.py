"""An A4 sheet with a budget: what does not fit is shortened, never pushed to a page 3.

Knows fonts, lines, tables and pictures of a PDF, and how much room is left; knows
nothing of progression. Lengths are millimetres. The font is DejaVu Sans, which
matplotlib brings along and which has the letters of most European languages.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Sheet"]

_MARGIN_MM: Final = 14.0
_FOOT_MM: Final = 12.0
_FONT: Final = "DejaVu"
_DOTS_PER_INCH: Final = 220
_MM_PER_INCH: Final = 25.4
_MM_PER_POINT: Final = 25.4 / 72
_LEADING: Final = 1.32


class Sheet:
    """Pages that are filled from the top; `foot` is written on each of them.

    Parameters
    ----------
    title, language : str
        For the document's own description, read out by screen readers.
    foot : str
        One or two lines at the lower edge of every page.
    """

    def __init__(self, title: str, foot: str, language: str = "en") -> None:
        """Start the first page."""
        import matplotlib as mpl
        from fpdf import FPDF

        fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
        self._pdf: Any = FPDF(format="A4")
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_margins(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        self._pdf.add_font(_FONT, "", fonts / "DejaVuSans.ttf")
        self._pdf.add_font(_FONT, "B", fonts / "DejaVuSans-Bold.ttf")
        self._pdf.set_title(title)
        self._pdf.set_lang(language)
        self._foot = foot
        self.new_page()

    @property
    def width_mm(self) -> float:
        """Room from margin to margin."""
        return float(self._pdf.epw)

    @property
    def left_mm(self) -> float:
        """Room down to the foot of this page."""
        return float(self._pdf.h) - _MARGIN_MM - _FOOT_MM - float(self._pdf.get_y())

    def new_page(self) -> None:
        """Start a page."""
        self._pdf.add_page()
        self._pdf.set_y(self._pdf.h - _MARGIN_MM - _FOOT_MM + 3)
        foot = f"({self._pdf.page_no()}) {self._foot}"
        self._write(foot, 6.5, "", most_lines=3)
        self._pdf.set_y(_MARGIN_MM)

    def skip(self, height_mm: float) -> None:
        """Leave room."""
        self._pdf.set_y(self._pdf.get_y() + height_mm)

    def text(
        self, text: str, size: float = 9.0, *, bold: bool = False, most_lines: int = 99
    ) -> None:
        """Write a paragraph, shortened to what is allowed and to what is left."""
        fitting = int(self.left_mm / _line_mm(size))
        if fitting >= 1:
            self._write(text, size, "B" if bold else "", min(most_lines, fitting))

    def heading(self, text: str) -> None:
        """Write a heading if at least two lines would fit below it."""
        if self.left_mm > 14:
            self.skip(1.6)
            self.text(text, 10.5, bold=True, most_lines=1)
            self.skip(0.4)

    def _write(self, text: str, size: float, style: str, most_lines: int) -> None:
        self._pdf.set_font(_FONT, style, size)
        self._pdf.set_x(_MARGIN_MM)
        lines = self._lines(text)
        if len(lines) > most_lines:
            lines = [*lines[: most_lines - 1], self._cut(lines[most_lines - 1] + " …")]
        for line in lines:
            self._pdf.cell(w=self.width_mm, h=_line_mm(size), text=line)
            self._pdf.ln(_line_mm(size))

    def _lines(self, text: str) -> list[str]:
        plain = " ".join(text.split())
        if not plain:
            return []
        found: list[str] = self._pdf.multi_cell(
            w=self.width_mm, text=plain, dry_run=True, output="LINES", align="L"
        )
        return found

    def _cut(self, text: str, width_mm: float | None = None) -> str:
        """Shorten one line to a width, with three dots where something is missing."""
        width = self.width_mm if width_mm is None else width_mm
        room = width - 2 * self._pdf.c_margin
        if self._pdf.get_string_width(text) <= room:
            return text
        kept = text.removesuffix(" …")
        while kept and self._pdf.get_string_width(kept + " …") > room:
            kept = kept[:-1]
        return kept.rstrip() + " …"

    def table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        shares: Sequence[float],
        *,
        size: float = 7.5,
        more: str = "{n} more",
    ) -> None:
        """Write a table of one-line rows; rows without room are counted instead.

        Parameters
        ----------
        head : sequence of str
            Titles of the columns.
        rows : sequence of sequence of str
            Cells; too long ones are cut.
        shares : sequence of float
            Widths of the columns as shares of the whole.
        size : float
            Letters in points.
        more : str
            Says how many rows are missing; field ``n``.
        """
        height = _line_mm(size) + 0.5
        fitting = int(self.left_mm / height) - 1
        if fitting < 1 or not rows:
            return
        shown = rows if len(rows) <= fitting else rows[: fitting - 1]
        self._row(head, shares, size, "B", height)
        for row in shown:
            self._row(row, shares, size, "", height)
        if len(shown) < len(rows):
            self.text(more.format(n=len(rows) - len(shown)), size, most_lines=1)

    def _row(
        self,
        cells: Sequence[str],
        shares: Sequence[float],
        size: float,
        style: str,
        height: float,
    ) -> None:
        self._pdf.set_font(_FONT, style, size)
        self._pdf.set_x(_MARGIN_MM)
        self._pdf.set_draw_color(190)
        for cell, share in zip(cells, shares, strict=True):
            width = share * self.width_mm
            plain = self._cut(" ".join(cell.split()), width)
            self._pdf.cell(w=width, h=height, text=plain, border="B")
        self._pdf.ln(height)

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

    def as_bytes(self) -> bytes:
        """Return the finished document."""
        return bytes(self._pdf.output())


def _line_mm(size: float) -> float:
    """Return the height of a line of letters of `size` points."""
    return size * _MM_PER_POINT * _LEADING
