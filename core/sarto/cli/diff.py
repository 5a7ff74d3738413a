"""``sarto diff``: what an edit of a feature model does to the products, and what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .application import Application
from .declaring import PATH, declare, json_option
from .output import Cell, print_json, print_table

if TYPE_CHECKING:
    from ..hooks import ModelReading
    from ..model.feature import Constraint
    from ..model.feature_model import FeatureModel
    from ..solve.evolution.comparison import Comparison
    from ..solve.evolution.moves import Spot
    from ..solve.evolution.price_changes import PriceChange
    from ..solve.evolution.products import Witness
    from ..solve.evolution.rewording import ConstraintChanges

__all__ = ["command"]

Row = tuple[Cell, str]
ADDED, REMOVED = Cell("added", "green"), Cell("removed", "red")
RENAMED, CHANGED, MOVED = Cell("renamed", "yellow"), Cell("changed", "yellow"), Cell("moved", "yellow")


@declare("diff", "sarto diff old/features.toml features.toml", "sarto diff 2026-10.uvl 2026-11.uvl --json")
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@json_option
@click.pass_obj
def command(application: Application, old: Path, new: Path, as_json: bool) -> None:
    """What an edit of a model does to the products, and what differs.

    OLD and NEW are files in any format that a plugin reads. A refactoring keeps all products, a specialisation takes
    some away, a generalisation adds some, an arbitrary edit does both; an example of each side shows it. A feature is
    the same under another name where 'was' in NEW says so. Of two lines, what differs in their prices is told, too.
    """
    from ..solve.evolution.comparison import compare
    from ..solve.evolution.price_changes import price_changes

    before, after = _read(application, old), _read(application, new)
    comparison = compare(before.model, after.model)
    prices = price_changes(before.prices, after.prices, comparison.differences.renamed)
    if as_json:
        print_json({**_as_data(comparison), "prices": [each.as_data() for each in prices]})
    else:
        _print(comparison, prices, str(old), str(new))


def _read(application: Application, path: Path) -> ModelReading:
    from ..line import read_model

    reading = read_model(path, application.plugins)
    for warning in reading.warnings:
        application.warn(warning)
    return reading


def _print(comparison: Comparison, prices: Sequence[PriceChange], old: str, new: str) -> None:
    from ..solve.evolution.words import edit_in_words

    click.echo(f"{old} → {new}: {edit_in_words(comparison.edit)}")
    _print_witness("gone", "red", comparison.lost, comparison.new, new)
    _print_witness("new", "green", comparison.gained, comparison.old, old)
    features, constraints = [*_feature_rows(comparison)], [*_constraint_rows(comparison.differences.constraints)]
    costs = [(_kind_of(each), each.in_words()) for each in prices]
    for title, rows in (("features", features), ("constraints", constraints), ("prices", costs)):
        if rows:
            click.echo(f"\n{title}")
            print_table(rows, indent="  ")


def _kind_of(change: PriceChange) -> Cell:
    return ADDED if change.before is None else REMOVED if change.after is None else CHANGED


def _print_witness(word: str, colour: str, witness: Witness | None, lacking: FeatureModel, file: str) -> None:
    from ..solve.evolution.words import decisions_in_words, why_lacking

    if witness is None:
        return
    click.echo(f"  {click.style(word, fg=colour)}: {decisions_in_words(witness.telling)}, which {file} rules out:")
    for sentence in why_lacking(witness, lacking):
        click.echo(f"    - {sentence}")


def _feature_rows(comparison: Comparison) -> Iterator[Row]:
    """What differs about features: which came, which went, and what else is true of the others."""
    from ..solve.evolution.moves import spot_of
    from ..solve.evolution.words import setting_in_words, spot_in_words

    found = comparison.differences
    for name in found.added:
        yield ADDED, f"{name}: {spot_in_words(spot_of(comparison.new, name))}"
    for name in found.removed:
        yield REMOVED, f"{name}: {_whereabouts(comparison, name)}"
    for former, name in found.renamed.items():
        yield RENAMED, f"{name}: was '{former}'"
    for move in found.moved:
        spots = [spot_in_words(move.before), spot_in_words(move.after)]
        way = f"{spots[0]} → {'another such group' if move.before == move.after else spots[1]}"
        yield MOVED, f"{', '.join(move.features)}: {way}"
    for change in found.changed:
        values = f"{setting_in_words(change.before, change.key)} → {setting_in_words(change.after, change.key)}"
        yield CHANGED, f"{change.feature}: {change.key} {values}"


def _whereabouts(comparison: Comparison, removed: str) -> str:
    """Where a removed feature stood, or what it is now."""
    from ..solve.evolution.moves import spot_of
    from ..solve.evolution.words import spot_in_words

    found = comparison.differences
    if removed in found.joined:
        return f"part of '{found.joined[removed]}' now"
    stood = spot_in_words(spot_of(comparison.old, removed))
    if removed in found.perhaps:
        was = json.dumps([removed], ensure_ascii=False)
        return f"{stood}; perhaps it is '{found.perhaps[removed]}' now, whose was = {was} would say so"
    return stood


def _constraint_rows(changes: ConstraintChanges) -> Iterator[Row]:
    from ..model.grammar import write

    for word, constraints in ((ADDED, changes.added), (REMOVED, changes.removed)):
        for each in constraints:
            yield word, _with_reason(write(each.expression), each)
    for pair in changes.reworded:
        before, after = write(pair.before.expression), write(pair.after.expression)
        if pair.before.because == pair.after.because:
            yield CHANGED, _with_reason(f"{before} → {after}", pair.after)
        else:
            yield CHANGED, f"{_with_reason(before, pair.before)} → {_with_reason(after, pair.after)}"


def _with_reason(rule: str, constraint: Constraint) -> str:
    return f"{rule} ({constraint.because.rstrip('.')})" if constraint.because else rule


def _as_data(comparison: Comparison) -> dict[str, Any]:
    found, constraints = comparison.differences, comparison.differences.constraints
    return {
        "edit": comparison.edit.value,
        "gone": _witness_as_data(comparison.lost, comparison.new),
        "new": _witness_as_data(comparison.gained, comparison.old),
        "features": {
            "added": list(found.added),
            "removed": list(found.removed),
            "renamed": dict(found.renamed),
            "joined": dict(found.joined),
            "perhaps_renamed": dict(found.perhaps),
            "moved": [
                {
                    "features": list(move.features),
                    "before": _spot_as_data(move.before),
                    "after": _spot_as_data(move.after),
                }
                for move in found.moved
            ],
            "changed": [
                {"feature": change.feature, "key": change.key, "before": change.before, "after": change.after}
                for change in found.changed
            ],
        },
        "constraints": {
            "added": [_constraint_as_data(constraint) for constraint in constraints.added],
            "removed": [_constraint_as_data(constraint) for constraint in constraints.removed],
            "changed": [
                {"before": _constraint_as_data(pair.before), "after": _constraint_as_data(pair.after)}
                for pair in constraints.reworded
            ],
        },
    }


def _witness_as_data(witness: Witness | None, lacking: FeatureModel) -> dict[str, Any] | None:
    from ..solve.evolution.words import why_lacking

    if witness is None:
        return None
    return {
        "telling": dict(witness.telling),
        "because": list(why_lacking(witness, lacking)),
        "configuration": dict(witness.configuration),
    }


def _spot_as_data(spot: Spot) -> dict[str, Any]:
    bounds = {} if spot.bounds is None else {"min": spot.bounds[0], "max": spot.bounds[1]}
    return {"parent": spot.parent, "group": spot.kind and spot.kind.value, **bounds}


def _constraint_as_data(constraint: Constraint) -> dict[str, str]:
    from ..model.grammar import write

    return {"rule": write(constraint.expression), "because": constraint.because}
