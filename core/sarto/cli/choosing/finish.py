"""The end of a choice: a look at the outcome, and the selection file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...errors import SartoError
from ...model.instance_listing import listed
from ..decisions import decision_cell, indented
from ..output import Cell, counted, print_table
from ..selection_file import line_seen_from, selection_text
from ..writing import write_whole
from .dialogue import Dialogue, Ending
from .screen import Screen
from .state import State

if TYPE_CHECKING:
    from ...line import ProductLine
    from ...model.selection import Selection
    from ...solve.reasons import Resolution

__all__ = ["Finish"]


class Finish:
    """Brings a choice to its end. ``output`` and ``customer`` are asked for where they are None."""

    def __init__(
        self, line: ProductLine, state: State, screen: Screen, output: Path | None, customer: str | None
    ) -> None:
        self.line = line
        self.state = state
        self.screen = screen
        self.output = output
        self.customer = customer

    def run(self) -> None:
        """Talk until a selection is written or given up. Raises EOFError where the input ends before."""
        dialogue = Dialogue(self.state, self.screen, self._show_outcome)
        while True:
            if dialogue.run() is Ending.WRITE:
                try:
                    self._write()
                    return
                except SartoError as error:
                    self.screen.show_error(error)
            elif not self.state.answers or self._agrees("quit without writing"):
                return

    def _show_outcome(self) -> None:
        """Show the configuration that the answers lead to."""
        from ...solve.words import sentence

        resolution = self._resolve(self.state.selection(self.customer or "this customer", ""))
        wishes = self.state.wishes
        print_table(
            (
                Cell(indented(self.line.model, name), bold=decision.is_selected),
                decision_cell(decision.value, is_open=name in resolution.open),
                Cell("your answer" if name in wishes else sentence(decision), dim=not decision.is_selected),
            )
            for name in listed(self.line.model, resolution.configuration)
            for decision in [resolution.decisions[name]]
        )

    def _resolve(self, selection: Selection) -> Resolution:
        from ...model.toml_selection import check_selection

        for name in self.state.without_value:
            raise SartoError(f"'{name}' has no value yet", hint=f"/{name} goes there")
        check_selection(selection, self.line.description)
        return self.line.resolve(selection)

    def _write(self) -> None:
        """Ask for what is missing and write the file. Raises SartoError where the selection cannot be resolved yet."""
        self._resolve(self.state.selection("this customer", ""))
        customer = self.customer or self._ask_customer()
        file = self._ask_file(customer)
        selection = self.state.selection(customer, line_seen_from(file, self.line.description.file), str(file))
        heading = f"Chosen from {self.line.description.name} {self.line.description.version}, question by question."
        write_whole(file, selection_text(selection, heading, {}))
        size = counted(len(selection.wishes) + len(selection.open), "decision")
        click.echo(f"wrote {file} with {size}; build it with: sarto build {file}")

    def _ask_customer(self) -> str:
        from ...derive.naming import build_name

        while True:
            customer = self.screen.read("customer's name? ")
            try:
                build_name(self.state.selection(customer, ""))
                return customer
            except SartoError as error:
                self.screen.show_error(error)

    def _ask_file(self, customer: str) -> Path:
        """The file to write; one that is there already only where the person agrees to lose it."""
        from ...derive.naming import build_name

        usual = self.line.folder / "selections" / f"{build_name(self.state.selection(customer, ''))}.toml"
        file = self.output or Path(self.screen.read(f"write it to [{usual}]? ") or usual)
        while file.exists() and not (file.is_file() and self._agrees(f"{file} is there already; replace it")):
            file = Path(self.screen.read("write it to? ") or file)
        return file

    def _agrees(self, question: str) -> bool:
        return self.screen.read(f"{question} [y/N]? ") in ("y", "yes")
