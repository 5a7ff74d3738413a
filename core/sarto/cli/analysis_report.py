"""How the findings of ``sarto analyse`` look on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import click

from .output import counted, print_table

__all__ = ["print_report"]

LONG = 30
"""Digits from which on a number is rounded for the eye; JSON has all of them."""

BEYOND = "unknown, as the arithmetic takes an optimiser, which is not asked for this"

MANY = 40
"""Names from which on a list is cut short on a terminal; a pipe and JSON have all of them."""


def print_report(title: str, found: Mapping[str, Any], unknown: str) -> None:
    """Print what was found out; ``unknown`` says why a number is missing, where not the arithmetic is too hard."""
    if found["atomic_sets"] is None:
        unknown = BEYOND
    click.echo(f"{title}: {counted(found['features'], 'feature')}, {counted(found['constraints'], 'constraint')}")
    rows = [("void", "yes" if found["void"] else "no", "")]
    rows += [
        (key.replace("_", "-" if key == "false_optional" else " "), str(len(found[key])), _listed(found[key]))
        for key in ("core", "dead", "conditionally_dead", "false_optional")
        if key in found
    ]
    sets = found["atomic_sets"]
    rows.append(("atomic sets", "-", BEYOND) if sets is None else ("atomic sets", str(len(sets)), _sets(sets)))
    rows += [_constraints(key, found[key]) for key in ("tautologies", "redundant") if key in found]
    rows.append(("depth", str(found["metrics"]["depth"]), _shape(found["metrics"])))
    print_table(rows, indent="  ")
    for each in found.get("explanations") or ():
        click.echo("\n".join([each["what"], *(f"  because {reason}" for reason in each["because"])]))
    for key in ("commonality", "homogeneity", "variability"):
        if found.get(key) and key == "commonality":
            print_table(_by_part(found[key]), indent="  ")
        elif key in found and key != "commonality":
            click.echo(f"  {key:14}  {found[key] or 'unknown'}")
    if "configurations" in found:
        number = found["configurations"]
        if found.get("unbounded"):
            names = ", ".join(f"'{name}'" for name in found["unbounded"])
            unknown = f"without number: there may be any number of instances of {names}"
        click.echo(f"  configurations  {_readable(number) if number else unknown}")


def _constraints(key: str, found: Sequence[Mapping[str, str]] | None) -> tuple[str, str, str]:
    """The row of constraints of a kind, each with its place."""
    if found is None:
        return key, "-", BEYOND
    texts = [f"{each['rule']} ({each['where']})" if each["where"] else each["rule"] for each in found]
    return key, str(len(texts)), _listed(texts, "; ")


def _by_part(commonality: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """The features with the largest part first, those with equal parts by name; last those whose part is unknown."""
    known = sorted((-Decimal(part), name, part) for name, part in commonality.items() if part is not None)
    unknown = sorted(name for name, part in commonality.items() if part is None)
    return [*((name, part) for _, name, part in known), *((name, "unknown") for name in unknown)]


def _listed(names: Sequence[str], between: str = ", ") -> str:
    if sys.stdout.isatty() and len(names) > MANY:
        return between.join(names[:MANY]) + f" and {len(names) - MANY} more"
    return between.join(names)


def _sets(sets: Sequence[Sequence[str]]) -> str:
    return _listed([" = ".join(names) for names in sets], "; ")


def _shape(metrics: Mapping[str, Any]) -> str:
    return (
        f"{counted(metrics['leaves'], 'leaf', 'leaves')}, branching {metrics['mean_branching']:g} on average and "
        f"{metrics['max_branching']} at most, {counted(metrics['constrained'], 'feature')} in constraints"
    )


def _readable(number: str) -> str:
    if len(number) <= LONG:
        return number
    mantissa, exponent = f"{Decimal(number):.1e}".split("e+")
    return f"about {mantissa}·10^{exponent} ({len(number)} digits)"
