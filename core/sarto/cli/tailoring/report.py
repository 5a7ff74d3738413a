"""How a proposal looks: its decisions with their evidence, what had to give way, and what changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..decisions import decision_cell
from ..output import counted, print_table
from ..selection_file import one_line
from .record import as_data, evidence

if TYPE_CHECKING:
    from ...line import ProductLine
    from ...model.line import Rule
    from ...model.quotes import Quote
    from ...model.selection import Wish
    from ...model.tailoring import Skipped
    from ...proposals import Change, Proposed
    from ...solve.proposing import LeftOut, Opening

__all__ = ["change_in_words", "print_proposed", "price_in_words", "prices", "proposed_as_data"]


def print_proposed(line: ProductLine, proposed: Proposed, ending: str) -> None:
    """One customer's proposal for people."""
    proposal = proposed.proposal
    print_table((each.feature, decision_cell(each.value), evidence(each)) for each in proposal.followed)
    for name, sentence in proposal.barred.items():
        click.echo(f"{name} is off: {sentence}")
    for left in proposal.left_out:
        click.echo(f"left out: {_of(left)}, because these cannot all hold:")
        for reason in left.reasons:
            click.echo(f"  - {one_line(reason)}")
    for skipped in proposed.tailoring.skipped:
        click.echo(f"not tried: {skipped.rule.where}, {_missing(skipped)}")
    if proposed.present:
        click.echo(f"changes {proposed.present.selection.file}: {_changed(line, proposed)}")
    rules = counted(len({id(each.rule) for each in proposal.followed}), "rule")
    decisions = counted(len({each.feature for each in proposal.followed}), "decision")
    click.echo(f"\n{decisions} from {rules}{ending}")


def _of(left: LeftOut) -> str:
    from ...model.line import Rule
    from ...model.selection import Wish
    from ...solve.words import wish_sentence

    of: Rule | Wish | Opening = left.of
    if isinstance(of, Rule):
        return f"{of.where} ({one_line(of.because)})" if of.because else str(of.where)
    said = wish_sentence(of) if isinstance(of, Wish) else f"'{of.feature}' is left to the end user"
    return f"{said} ({of.where})"


def _missing(skipped: Skipped) -> str:
    names = ", ".join(f"'{fact.name}'" + (f" ({fact.hint})" if fact.hint else "") for fact in skipped.missing)
    return f"nothing is known of {names}"


def _changed(line: ProductLine, proposed: Proposed) -> str:
    words = [change_in_words(change) for change in proposed.changes]
    if price := price_in_words(*prices(line, proposed)):
        words.append(f"price {price}")
    return ", ".join(words) if proposed.changes else ", ".join(["nothing", *words])


def change_in_words(change: Change) -> str:
    """``+ maps``, ``- maps`` or ``page_size 20 to 50``."""
    if change.before is False:
        return f"+ {change.feature}" + ("" if change.after is True else f" = {change.after}")
    if change.after is False:
        return f"- {change.feature}"
    return f"{change.feature} {change.before} to {change.after}"


def prices(line: ProductLine, proposed: Proposed) -> tuple[Quote | None, Quote | None]:
    """What the customer's product comes to, now and as it is proposed; None where there is none, or no price."""
    from ...proposals import price_of

    before = price_of(line, proposed.present.configuration) if proposed.present else None
    return before, price_of(line, proposed.proposal.resolution.configuration)


def price_in_words(before: Quote | None, after: Quote | None) -> str:
    """A price, or from which to which; an empty text where there is none."""
    if after is None:
        return ""
    if before is None or before.total == after.total:
        return _amount(after)
    return f"{before.total:,} to {_amount(after)}"


def _amount(quote: Quote) -> str:
    return f"{quote.total:,} {quote.currency}".rstrip()


def proposed_as_data(line: ProductLine, proposed: Proposed, output: Path | None) -> dict[str, Any]:
    """One customer's proposal as JSON."""
    proposal = proposed.proposal
    before, after = prices(line, proposed)
    return {
        "line": line.description.name,
        "customer": proposal.selection.customer,
        "select": {name: wish.value for name, wish in proposal.selection.wishes.items()},
        "decisions": [as_data(each) for each in proposal.followed],
        "left_out": [_left_as_data(each) for each in proposal.left_out],
        "barred": dict(proposal.barred),
        "skipped": [
            {"rule": str(each.rule.where), "missing": [fact.name for fact in each.missing]}
            for each in proposed.tailoring.skipped
        ],
        "changes": {change.feature: [change.before, change.after] for change in proposed.changes},
        "price": {
            "before": str(before.total) if before else None,
            "after": str(after.total) if after else None,
            "currency": after.currency if after else "",
        },
        "written": str(output) if output else None,
    }


def _left_as_data(left: LeftOut) -> dict[str, Any]:
    from ...model.line import Rule

    of: Rule | Wish | Opening = left.of
    kind = "rule" if isinstance(of, Rule) else "decision"
    return {kind: str(of.where), "reasons": list(left.reasons)}
