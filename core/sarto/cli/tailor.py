"""``sarto tailor``: a selection from what is known of a customer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .application import Application
from .decisions import decision_cell
from .declaring import PATH, declare, json_option
from .output import counted, print_json, print_table
from .selection_file import line_seen_from, selection_text
from .writing import refuse_overwriting, write_whole

if TYPE_CHECKING:
    from ..line import ProductLine
    from ..model.selection import Selection
    from ..model.tailoring import Skipped, Tailored, Tailoring

__all__ = ["command"]


@declare(
    "tailor",
    "sarto tailor facts/library.toml",
    "sarto tailor facts/library.toml -o selections/library.toml --customer 'City Library'",
)
@click.argument("facts", type=PATH)
@click.option("-o", "--output", metavar="SELECTION", type=PATH, help="The selection file to write.")
@click.option("--line", type=PATH, help="A features.toml or its folder; by default the one in this folder.")
@click.option("--customer", help="The customer's name; by default the fact 'customer', else the name of FACTS.")
@click.option("--force", is_flag=True, help="Replace SELECTION where it is there already.")
@json_option
@click.pass_obj
def command(
    application: Application, facts: Path, output: Path | None, line: Path | None, customer: str | None, force: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """A selection from what is known of a customer, with the evidence.

    FACTS is a TOML file with what is known. The line's [[rules]] make decisions of it; their outcome is resolved
    before anything is written, so the selection is possible.
    """
    from ..line import ProductLine, read_text
    from ..model.facts import read_facts
    from ..model.tailoring import tailor

    if output is not None:
        refuse_overwriting(output, force=force)
    known = read_facts(read_text(facts), str(facts))
    opened = ProductLine.open(line, plugins=application.plugins)
    tailoring = tailor(opened.description.rules, known)
    name = customer or str(known.get("customer") or facts.stem)
    selection = _selection(opened, tailoring, name, facts, output or Path("selection.toml"))
    opened.resolve(selection)
    if output is not None:
        heading = f"Tailored from {facts.name} by the rules of {selection.line}."
        write_whole(output, selection_text(selection, heading, _comments(tailoring)))
    if as_json:
        print_json(_as_data(opened, selection, tailoring, output))
    else:
        _print(tailoring, output)


def _selection(line: ProductLine, tailoring: Tailoring, customer: str, facts: Path, output: Path) -> Selection:
    """What the rules select as a selection, placed where it comes from: at the facts, each wish at its rule."""
    from ..model.names import key_text
    from ..model.selection import Selection, Wish

    wishes: dict[str, Wish] = {}
    for each in tailoring.decisions:
        wishes.setdefault(
            each.feature, Wish(each.feature, each.value, each.rule.where.at(f"select.{key_text(each.feature)}"))
        )
    seen = line_seen_from(output, line.description.file)
    return Selection(line=seen, customer=customer, file=str(facts), wishes=wishes)


def _comments(tailoring: Tailoring) -> dict[str, str]:
    return {decision.feature: _evidence(decision) for decision in reversed(tailoring.decisions)}


def _evidence(decision: Tailored) -> str:
    """The facts behind a decision, and the vendor's reason."""
    from ..model.values import shown

    facts = ", ".join(f"{name} = {shown(value)}" for name, value in decision.evidence) or "for everybody"
    return f"{facts}: {decision.rule.because}" if decision.rule.because else facts


def _as_data(line: ProductLine, selection: Selection, tailoring: Tailoring, output: Path | None) -> dict[str, Any]:
    return {
        "line": line.description.name,
        "customer": selection.customer,
        "select": {name: wish.value for name, wish in selection.wishes.items()},
        "decisions": [
            {
                "feature": each.feature,
                "value": each.value,
                "rule": str(each.rule.where),
                "because": each.rule.because,
                "evidence": dict(each.evidence),
            }
            for each in tailoring.decisions
        ],
        "skipped": [
            {"rule": str(each.rule.where), "missing": [fact.name for fact in each.missing]}
            for each in tailoring.skipped
        ],
        "written": str(output) if output else None,
    }


def _print(tailoring: Tailoring, output: Path | None) -> None:
    print_table((each.feature, decision_cell(each.value), _evidence(each)) for each in tailoring.decisions)
    for skipped in tailoring.skipped:
        click.echo(f"not tried: {skipped.rule.where}, {_missing(skipped)}")
    rules = counted(len({str(each.rule.where) for each in tailoring.decisions}), "rule")
    decisions = counted(len(tailoring.select), "decision")
    written = f"; wrote {output}" if output else "; -o SELECTION writes them down"
    click.echo(f"\n{decisions} from {rules}{written}")


def _missing(skipped: Skipped) -> str:
    names = ", ".join(f"'{fact.name}'" + (f" ({fact.hint})" if fact.hint else "") for fact in skipped.missing)
    return f"nothing is known of {names}"
