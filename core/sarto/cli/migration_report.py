"""What a migration came to, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .decisions import decision_cell
from .output import Cell, counted, print_json, print_table

if TYPE_CHECKING:
    from ..model.expression import Value
    from ..model.line import LineDescription
    from ..model.selection import Selection
    from ..solve.evolution.migration import Carried, Migration
    from ..solve.evolution.outcome import Shift

__all__ = ["Report", "was_in_words"]

COLOURS = {"kept": "", "renamed": "yellow", "changed": "yellow", "dropped": "red"}


@dataclass(frozen=True, slots=True)
class Report:
    """All that is said of one migration; ``shifts`` is None where it is not known how the configuration changes."""

    line: LineDescription
    wished: Selection
    migration: Migration
    shifts: tuple[Shift, ...] | None
    notes: tuple[str, ...]
    written: Path | None

    def print(self, *, as_json: bool) -> None:
        """Print it."""
        if as_json:
            print_json(self._as_data())
        else:
            self._print()

    def _print(self) -> None:
        from ..solve.evolution.words import against_in_words

        click.echo(f"{self.wished.file} → {self.line.name} {self.line.version}")
        for each in self.migration.decisions:
            fate = each.fate.value
            _print_fate(Cell(fate, COLOURS[fate], dim=fate == "kept"), _in_words(each), against_in_words(each))
        for value in self.migration.added:
            _print_fate(Cell("added", "yellow"), _in_toml(value.feature, value.value), against_in_words(value))
        if self.shifts:
            click.echo("\nthe configuration:")
            print_table((_row(shift) for shift in self.shifts), indent="  ")
        elif self.shifts is not None:
            click.echo("\nthe configuration stays as it is")
        if self.notes:
            click.echo()
        for note in self.notes:
            click.echo(f"note: {note}")
        click.echo(f"\n{self._summary()}")

    def _summary(self) -> str:
        fates = Counter(each.fate.value for each in self.migration.decisions)
        numbers = ", ".join(f"{fates[fate]} {fate}" for fate in COLOURS if fates[fate])
        total = counted(sum(fates.values()), "decision")
        written = f"wrote {self.written}" if self.written else "-o FILE writes the new selection"
        return f"{total}{': ' if numbers else ''}{numbers}; {written}"

    def _as_data(self) -> dict[str, Any]:
        from ..solve.evolution.words import against_in_words

        return {
            "line": self.line.name,
            "version": self.line.version,
            "customer": self.wished.customer,
            "decisions": [
                {
                    "key": each.key,
                    "before": each.before,
                    "fate": each.fate.value,
                    "now": each.now or None,
                    "after": each.after,
                    "reasons": list(against_in_words(each)),
                }
                for each in self.migration.decisions
            ],
            "added": [
                {"feature": each.feature, "value": each.value, "reasons": list(against_in_words(each))}
                for each in self.migration.added
            ],
            "configuration": None if self.shifts is None else [_shift_as_data(shift) for shift in self.shifts],
            "notes": list(self.notes),
            "select": {name: wish.value for name, wish in self.migration.selection.wishes.items()},
            "written": str(self.written) if self.written else None,
        }


def was_in_words(decision: Carried) -> str:
    """What the old selection said."""
    return _said(decision.key, decision.before)


def _in_words(decision: Carried) -> str:
    """What the old selection said and, where that differs, what the new one says."""
    was = _said(decision.key, decision.before)
    now = _said(decision.now, decision.after)
    if not decision.now or now == was:
        return was
    return f"{was} → {_shown(decision.after) if decision.now == decision.key else now}"


def _said(key: str, value: Value | None) -> str:
    from ..model.names import key_text

    topic, _, name = key.partition(".")
    match topic:
        case "open":
            return f"{key_text(name)} left open"
        case "prefer":
            return name.replace(".", " ", 1)
        case "select":
            return _in_toml(name, value)
        case _:
            return f"{key} = {_shown(value)}"


def _in_toml(name: str, value: Value | None) -> str:
    from ..model.names import key_text

    return f"{key_text(name)} = {_shown(value)}"


def _shown(value: Value | None) -> str:
    from ..model.values import shown

    return shown(value)


def _print_fate(fate: Cell, text: str, reasons: Iterable[str]) -> None:
    click.echo(f"  {fate.painted(f'{fate.text:<7}')}  {text}")
    for reason in reasons:
        click.echo(f"             - {reason}")


def _row(shift: Shift) -> tuple[Cell, Cell, Cell]:
    before = "new" if shift.before is None else decision_cell(shift.before, is_open=shift.was_open).text
    after = "gone" if shift.after is None else decision_cell(shift.after, is_open=shift.is_open).text
    return Cell(shift.feature, bold=True), Cell(f"{before} → {after}"), Cell(shift.reason)


def _shift_as_data(shift: Shift) -> dict[str, Any]:
    return {
        "feature": shift.feature,
        "before": shift.before,
        "after": shift.after,
        "was_open": shift.was_open,
        "is_open": shift.is_open,
        "reason": shift.reason,
    }
