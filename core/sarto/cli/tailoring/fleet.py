"""``sarto tailor --fleet``: a proposal for every customer at once, and a table of them all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...errors import SartoError
from ..errors import error_as_data, show
from ..output import counted, print_json, print_table
from ..writing import refuse_overwriting, write_whole
from .customers import Belongings, slug_of
from .record import tailored_text, write_tailored
from .report import change_in_words, price_in_words, prices, proposed_as_data

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...line import ProductLine
    from ...model.facts import KnownCustomer
    from ...proposals import Proposed

__all__ = ["Fleet", "as_cell"]


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one customer."""

    customer: str
    decisions: int
    changes: str
    price: str
    left_out: int
    refusal: SartoError | None = None


HEADINGS = ("customer", "decisions", "left out", "price", "changes")


@dataclass(frozen=True, slots=True)
class Fleet:
    """A run for all customers: what they have, by the names of their builds, and where the selections go."""

    line: ProductLine
    belongings: Mapping[str, Belongings]
    source: str
    output: Path | None
    dry: bool
    force: bool

    def rows(self, customers: Iterable[KnownCustomer], data: list[dict[str, Any]] | None) -> Iterator[Row]:
        """What becomes of each customer, done as it is asked for; ``data`` gets what JSON says of each."""
        names: dict[str, str] = {}
        for known in customers:
            try:
                name = slug_of(known.name)
                if not name:
                    what = f"no file can be named after the customer '{known.name}'"
                    raise SartoError(
                        what, where=known.where, hint="write the name with a letter from a to z, or a digit"
                    )
                if (other := names.setdefault(name, known.name)) != known.name:
                    what = f"'{known.name}' would have the file of '{other}', {name}.toml"
                    raise SartoError(what, where=known.where, hint="give the two customers different names")
                proposed, file = self._propose(known, name)
            except SartoError as error:
                if data is not None:
                    data.append({"customer": known.name} | {"error": error_as_data(error)})
                yield Row(known.name, 0, "", "", 0, error)
                continue
            if data is not None:
                data.append(proposed_as_data(self.line, proposed, None if self.dry else file))
            yield _row(self.line, proposed)

    def _propose(self, known: KnownCustomer, name: str) -> tuple[Proposed, Path | None]:
        from ...proposals import proposed_for

        own = self.belongings.get(name, Belongings())
        file = self.output / (own.present.name if own.present else f"{name}.toml") if self.output else None
        if file and not self.dry:
            refuse_overwriting(file, force=self.force)
        present, licence = own.of(self.line, known.name)
        proposed = proposed_for(self.line, known, present, licence, file=str(file or f"{name}.toml"))
        if file and not self.dry:
            write_tailored(file, tailored_text(self.line, proposed, self.source, file), proposed)
        return proposed, file

    def run(self, customers: Iterable[KnownCustomer], summary: Path | None, *, as_json: bool) -> bool:
        """Tailor for all and say what came of it; whether all could be tailored for."""
        data: list[dict[str, Any]] | None = [] if as_json else None
        rows = list(self.rows(customers, data))
        refused = [row for row in rows if row.refusal]
        if summary is not None:
            write_whole(summary, summary_csv(rows))
        if data is not None:
            print_json({"line": self.line.description.name, "customers": data, "refused": len(refused)})
        else:
            self._print(rows, refused)
        return not refused

    def _print(self, rows: Sequence[Row], refused: Sequence[Row]) -> None:
        if rows:
            print_table([HEADINGS, *(_cells(row) for row in rows if not row.refusal)])
        for row in refused:
            if row.refusal:
                show(SartoError(f"{row.customer}: {row.refusal.what}", where=row.refusal.where, hint=row.refusal.hint))
        where = f" in {self.output}" if self.output and not self.dry else ""
        done = f"{counted(len(rows) - len(refused), 'selection')}{where}"
        more = f"; {len(refused)} refused" if refused else ""
        click.echo(f"\n{done}{more}" + ("" if where else "; nothing was written"))


def _row(line: ProductLine, proposed: Proposed) -> Row:
    price = price_in_words(*prices(line, proposed))
    changes = ", ".join(map(change_in_words, proposed.changes)) if proposed.present else "new"
    count = len({each.feature for each in proposed.proposal.followed})
    return Row(proposed.known.name, count, changes or "none", price, len(proposed.proposal.left_out))


def _cells(row: Row) -> tuple[str, ...]:
    return row.customer, str(row.decisions), str(row.left_out or ""), row.price, row.changes


def summary_csv(rows: Iterable[Row]) -> str:
    """The table as CSV for a spreadsheet, in which no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*HEADINGS, "refused"])
    for row in rows:
        refusal = row.refusal.what.splitlines()[0] if row.refusal else ""
        writer.writerow([as_cell(cell) for cell in (*_cells(row), refusal)])
    return text.getvalue()


def as_cell(text: str) -> str:
    """A text that no spreadsheet calculates: with an apostrophe in front where it begins like a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "|") else text
