"""``sarto explain``: why a feature is in or out, or why a selection is impossible and what mends it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .application import Application
from .completing import complete_feature
from .conflict_report import report_conflict
from .declaring import PATH, declare, json_option
from .output import print_json
from .proving import POSSIBLE, proof_option, prove_decision, write_proofs

if TYPE_CHECKING:
    from ..line import ProductLine
    from ..model.selection import Selection
    from ..solve.reasons import Resolution

__all__ = ["command"]


@declare(
    "explain", "sarto explain selections/acme.toml", "sarto explain selections/acme.toml tokens",
    "sarto explain selections/impossible/archive.toml --all --vendor",
)  # fmt: skip
@click.argument("selection", type=PATH)
@click.argument("feature", required=False, shell_complete=complete_feature)
@click.option("--all", "is_all", is_flag=True, help="List every minimal conflict and repair, up to 20 of each.")
@click.option("--vendor", is_flag=True, help="Also say which constraints the line would have to do without.")
@proof_option
@json_option
@click.pass_obj
def command(
    application: Application, selection: Path, feature: str | None, is_all: bool, vendor: bool, proof: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Why a feature is in or out, or a selection impossible.

    Without FEATURE: whether the selection is possible, and where it is not, the reasons that cannot all hold and the
    smallest changes that mend it. With FEATURE: the chain of reasons behind the decision on it.
    """
    from ..line import ProductLine
    from ..solve.conflict import Conflict

    line, wished = ProductLine.for_selection(selection, plugins=application.plugins)
    if feature is not None:
        _refuse_unknown(line, feature)
    try:
        resolution = line.resolve(wished)
    except Conflict as conflict:
        report_conflict(line.model, wished, conflict, is_all=is_all, vendor=vendor, proof=proof, as_json=as_json)
        return
    if feature is None:
        if proof is not None:
            write_proofs(proof, (), resolution.configuration, POSSIBLE)
        _report_possible(wished, resolution, as_json)
    else:
        if proof is not None:
            prove_decision(proof, line.model, wished, resolution.decisions[feature])
        _report_feature(resolution, feature, as_json)


def _refuse_unknown(line: ProductLine, feature: str) -> None:
    from ..errors import SartoError, did_you_mean

    if feature not in line.model.features:
        hint = did_you_mean(feature, line.model.features)
        raise SartoError(f"unknown feature '{feature}'", where=line.description.file, hint=hint)


def _report_possible(wished: Selection, resolution: Resolution, as_json: bool) -> None:
    if as_json:
        print_json({"possible": True, "reasons": [], "repairs": []})
    else:
        selected = len(resolution.selected)
        click.echo(
            f"{wished.file}: this selection is possible; it selects {selected} of {len(resolution.decisions)} features"
        )


def _report_feature(resolution: Resolution, feature: str, as_json: bool) -> None:
    links = _chain(resolution, feature)
    if as_json:
        print_json({"possible": True, "feature": feature, "chain": [link for _, link in links]})
        return
    for depth, link in links:
        value = link["value"]
        state = {True: "in", False: "out"}[value] if isinstance(value, bool) else f"in, with the value {value}"
        open = ", left open" if link["feature"] in resolution.open else ""
        name = click.style(link["feature"], bold=True)
        click.echo(f"{'  ' * depth}{name} is {state}{open}: {link['reason']}")


def _chain(resolution: Resolution, feature: str) -> list[tuple[int, dict[str, Any]]]:
    """The decision and those from which it follows, each once and below the first that needs it, with its depth."""
    from ..solve.words import sentence

    links: list[tuple[int, dict[str, Any]]] = []
    seen: set[str] = set()
    work = [(0, feature)]
    while work:
        depth, name = work.pop()
        if name in seen:
            continue
        seen.add(name)
        decision = resolution.decisions[name]
        because = [fact.feature for fact in decision.reason.premises]
        reason = sentence(decision)
        links.append((depth, {"feature": name, "value": decision.value, "reason": reason, "because": because}))
        work.extend((depth + 1, premise) for premise in reversed(because))
    return links
