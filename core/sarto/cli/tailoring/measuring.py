"""``sarto tailor --measure``: how good the rules are, by customers whose selections were not looked at before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...errors import SartoError
from ..errors import error_as_data, show
from ..output import counted, print_json, print_table
from .customers import slug_of

if TYPE_CHECKING:
    from ...hooks.manager import PluginManager
    from ...line import ProductLine
    from ...model.facts import KnownCustomer
    from ...model.precision import Case, Precision, Score
    from ...model.selection import Selection

__all__ = ["print_measured"]

MOST_RULES = 10


@dataclass(slots=True)
class Measured:
    """What was found: the cases, the customers without facts or selections, and proposals that are not valid."""

    cases: list[Case] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    refused: list[SartoError] = field(default_factory=list)
    left_out: int = 0
    violations: int = 0


def print_measured(
    line: ProductLine, customers: Iterable[KnownCustomer], against: Path, plugins: PluginManager, *, as_json: bool
) -> bool:
    """Measure and say what was found; whether every customer could be measured and no proposal broke a rule."""
    from ...model.precision import measure

    found = _measured(line, customers, _selections(against, plugins))
    if not found.cases and not found.refused:
        raise SartoError("none of the customers has a selection there", where=str(against))
    precision = measure(found.cases)
    if as_json:
        print_json(_as_data(found, precision))
    else:
        _print(found, precision)
    return not found.refused and not found.violations


def _selections(folder: Path, plugins: PluginManager) -> Mapping[str, Selection]:
    from ...orders import Refusal, read_orders

    found: dict[str, Selection] = {}
    for order in read_orders(folder, plugins):
        if isinstance(order, Refusal):
            raise order.error
        found[order.name] = order.selection
    return found


def _measured(line: ProductLine, customers: Iterable[KnownCustomer], real: Mapping[str, Selection]) -> Measured:
    """Propose to each customer as if nothing were known of what they have, and then look at that."""
    from ...model.evaluation import is_valid
    from ...model.precision import Case
    from ...proposals import proposed_for

    found = Measured()
    met = set[str]()
    for known in customers:
        name = slug_of(known.name)
        selection = real.get(name)
        if selection is None:
            found.unmatched.append(known.name)
            continue
        met.add(name)
        try:
            proposed = proposed_for(line, known)
            has = line.resolve(selection).configuration
        except SartoError as error:
            found.refused.append(error)
            continue
        proposal = proposed.proposal
        found.violations += not is_valid(line.of(proposal.selection).model, proposal.resolution.configuration)
        found.left_out += len(proposal.left_out)
        decided = {name: wish.value for name, wish in selection.wishes.items()}
        found.cases.append(Case(known.name, proposal.followed, has, decided))
    found.unmatched += [selection.customer for name, selection in real.items() if name not in met]
    return found


def _print(found: Measured, precision: Precision) -> None:
    rows = [_row(name, score) for name, score in precision.features.items()]
    print_table([("feature", "proposed", "precision", "decided", "recall"), *rows, _row("in all", precision.total)])
    wrong = _wrong(precision)
    if wrong:
        click.echo("\nwrong most often:")
        print_table(
            [(name, f"{score.proposed - score.right} of {score.proposed}") for name, score in wrong], indent="  "
        )
    for error in found.refused:
        show(error)
    customers = counted(len(found.cases), "customer")
    unmatched = f", {len(found.unmatched)} without facts or without a selection" if found.unmatched else ""
    violations = counted(found.violations, "violation")
    left = counted(found.left_out, "rule")
    click.echo(f"\n{customers}{unmatched}; {violations}, {left} left out")


def _row(name: str, score: Score) -> tuple[str, ...]:
    return name, str(score.proposed), _share(score.precision), str(score.decided), _share(score.recall)


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.3f}"


def _wrong(precision: Precision) -> list[tuple[str, Score]]:
    wrong = [(name, score) for name, score in precision.rules.items() if score.right < score.proposed]
    return sorted(wrong, key=lambda each: each[1].right - each[1].proposed)[:MOST_RULES]


def _as_data(found: Measured, precision: Precision) -> dict[str, Any]:
    return {
        "customers": len(found.cases),
        "unmatched": found.unmatched,
        "violations": found.violations,
        "left_out": found.left_out,
        "total": _score(precision.total),
        "features": {name: _score(score) for name, score in precision.features.items()},
        "wrong": [
            {"rule": name, "proposed": score.proposed, "wrong": score.proposed - score.right}
            for name, score in _wrong(precision)
        ],
        "errors": [error_as_data(error) for error in found.refused],
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "proposed": score.proposed, "right": score.right, "precision": score.precision,
        "decided": score.decided, "met": score.met, "recall": score.recall,
    }  # fmt: skip
