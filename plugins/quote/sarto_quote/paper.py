"""An offer as a PDF on A4: text that can be searched and read out, in typefaces that the file brings with it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from sarto.model.offer_text import Row, RowKind, heading, product_name, rows
from sarto.model.prices import Offer

from .brand import colour_of
from .typeface import BOLD, REGULAR, printable, runs, width, wrapped

__all__ = ["render"]

WIDTH, HEIGHT = A4
MARGIN = 57.0
RIGHT = WIDTH - MARGIN
GAP = 16.0
INK, QUIET, HAIR = HexColor("#111111"), HexColor("#555555"), HexColor("#bbbbbb")


def render(offer: Offer) -> bytes:
    """The PDF. The same offer gives the same bytes: there is no time in it but that of the offer.

    Texts are drawn as they are, never read as markup. Raises SartoError where one has a sign that no typeface here has.
    """
    content = BytesIO()
    canvas = Canvas(content, pagesize=A4, invariant=1, lang=offer.language.tag)
    product = printable(product_name(offer))
    canvas.setTitle(product)
    canvas.setAuthor(printable(offer.brand.get("name") or offer.line.name))
    canvas.setCreator("Sarto")
    table = rows(offer)
    amounts = max(width(printable(row.amount), *_font(row)) for row in table)
    sheet = _Sheet(canvas, colour_of(offer), product, RIGHT - MARGIN - amounts - 2 * GAP)
    sheet.begin()
    sheet.head([(printable(name), printable(fact)) for name, fact in heading(offer)[1:]])
    for row in table:
        sheet.row(row)
    sheet.end()
    canvas.save()
    return content.getvalue()


@dataclass(slots=True)
class _Sheet:
    """Pages that are filled from the top; ``y`` is the baseline of what was written last, ``room`` labels' width."""

    canvas: Canvas
    colour: str
    product: str
    room: float
    page: int = 0
    y: float = 0.0

    def begin(self) -> None:
        """A new page, with the colour of the brand at its top."""
        self.page += 1
        self.canvas.setFillColor(HexColor(self.colour))
        self.canvas.rect(MARGIN, HEIGHT - MARGIN, RIGHT - MARGIN, 5, stroke=0, fill=1)
        self.y = HEIGHT - MARGIN - 12

    def end(self) -> None:
        """The foot of the page, which is full."""
        self._write(MARGIN, 34, self.product, REGULAR, 8, QUIET)
        self._write_right(RIGHT, 34, str(self.page), REGULAR, 8, QUIET)
        self.canvas.showPage()

    def head(self, facts: list[tuple[str, str]]) -> None:
        """The product's name, and what is known of the offer."""
        for line in wrapped(self.product, BOLD, 20, RIGHT - MARGIN):
            self._down(26)
            self._write(MARGIN, self.y, line, BOLD, 20)
        self.y -= 8
        room = max((width(name, REGULAR, 10) for name, _ in facts), default=0) + GAP
        for name, fact in facts:
            lines = wrapped(fact, REGULAR, 10, RIGHT - MARGIN - room)
            for index, line in enumerate(lines):
                self._down(15)
                if index == 0:
                    self._write(MARGIN, self.y, name, REGULAR, 10, QUIET)
                self._write(MARGIN + room, self.y, line, REGULAR, 10)
        self.y -= 24

    def row(self, row: Row) -> None:
        """One row, all of it on one page."""
        is_total = row.kind is RowKind.TOTAL
        font, size = _font(row)
        labels = wrapped(printable(row.label), font, size, self.room)
        reasons = wrapped(printable(row.because), REGULAR, 8.5, self.room) if row.because else []
        needed = 22 + 14 * (len(labels) - 1) + 12 * len(reasons)
        if self.y - needed < MARGIN:
            self.end()
            self.begin()
        self._rule(HexColor(self.colour) if is_total else HAIR, 1.2 if is_total else 0.5)
        self._down(16)
        first = self.y
        for index, label in enumerate(labels):
            self._down(14 if index else 0)
            self._write(MARGIN, self.y, label, font, size)
        self._write_right(RIGHT, first, printable(row.amount), font, size)
        for reason in reasons:
            self._down(12)
            self._write(MARGIN, self.y, reason, REGULAR, 8.5, QUIET)
        self.y -= 6

    def _rule(self, colour: Color, thickness: float) -> None:
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(thickness)
        self.canvas.line(MARGIN, self.y, RIGHT, self.y)

    def _down(self, points: float) -> None:
        """The next line, on the next page where this one is full."""
        if self.y - points < MARGIN:
            self.end()
            self.begin()
        self.y -= points

    def _write(self, x: float, y: float, text: str, font: str, size: float, colour: Color = INK) -> None:
        line = self.canvas.beginText(x, y)
        line.setFillColor(colour)
        for typeface, piece in runs(text, font):
            line.setFont(typeface, size)
            line.textOut(piece)
        self.canvas.drawText(line)

    def _write_right(self, x: float, y: float, text: str, font: str, size: float, colour: Color = INK) -> None:
        self._write(x - width(text, font, size), y, text, font, size, colour)


def _font(row: Row) -> tuple[str, float]:
    """The typeface and the size of a row."""
    return {RowKind.TOTAL: (BOLD, 12.0), RowKind.NET: (BOLD, 10.0)}.get(row.kind, (REGULAR, 10.0))
