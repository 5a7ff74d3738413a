"""``sarto explain``: why a feature is in or out, or why a selection is impossible and what mends it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .application import Application
from .completing import complete_feature
from .declaring import PATH, declare, json_option
from .output import print_json

if TYPE_CHECKING:
    from ..line import ProductLine
    from ..model.selection import Selection
    from ..solve.conflict import Conflict
    from ..solve.reasons import Resolution

__all__ = ["command"]


@declare("explain", "sarto explain selections/acme.toml", "sarto explain selections/acme.toml tokens")
@click.argument("selection", type=PATH)
@click.argument("feature", required=False, shell_complete=complete_feature)
@json_option
@click.pass_obj
def command(application: Application, selection: Path, feature: str | None, as_json: bool) -> None:
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
        _report_conflict(conflict, as_json)
        return
    if feature is None:
        _report_possible(wished, resolution, as_json)
    else:
        _report_feature(resolution, feature, as_json)


def _refuse_unknown(line: ProductLine, feature: str) -> None:
    from ..errors import SartoError, did_you_mean

    if feature not in line.model.features:
        hint = did_you_mean(feature, line.model.features)
        raise SartoError(f"unknown feature '{feature}'", where=line.description.file, hint=hint)


def _report_conflict(conflict: Conflict, as_json: bool) -> None:
    if as_json:
        repairs = [repair.sentence for repair in conflict.repairs]
        print_json({"possible": False, "reasons": list(conflict.reasons), "repairs": repairs})
    else:
        click.echo(str(conflict))


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
