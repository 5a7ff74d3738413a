"""What was found, for people, as data, and as a selection file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
from sarto.commands import line_seen_from, refuse_overwriting, selection_text, write_proofs, write_whole
from sarto.errors import SartoError
from sarto.model.expression import Value
from sarto.model.instances import is_any
from sarto.model.selection import Selection, Wish
from sarto.solve.optimality import Provable
from sarto.solve.optimising import Front, Optimum, Reached
from sarto.solve.problem import Status

from .subject import Subject

__all__ = ["check_output", "print_front", "print_optimum", "write_proof", "write_selection"]

NOTHING = {
    Status.IMPOSSIBLE: "impossible: no configuration keeps the wishes and the bounds",
    Status.UNKNOWN: "unknown: no configuration was found in {seconds:g} s, and none was proved impossible",
}


def print_optimum(
    subject: Subject, optimum: Optimum, seconds: float, output: Path | None = None, *, as_json: bool
) -> None:
    """Print the best configuration, which stands in ``output``: what was decided beyond the wishes, or as JSON all."""
    if as_json:
        _print_json({"subject": subject.title, **_as_data(optimum)})
    elif not optimum.configuration:
        click.echo(f"{subject.title}: {NOTHING[optimum.status].format(seconds=seconds)}")
    else:
        decided = ", ".join(_shown(name, value) for name, value in _beyond(subject, optimum))
        click.echo(f"{subject.title}: {decided or 'nothing beyond the wishes'}")
        for each in optimum.reached:
            click.echo(f"  {_sentence(each)}")
        if output is not None:
            click.echo(f"wrote {output}; build it with: sarto build {output}")


def print_front(subject: Subject, front: Front, seconds: float, *, as_json: bool) -> None:
    """Print every optimum of a front, and whether there are more."""
    if as_json:
        optima = [_as_data(optimum) for optimum in front.optima]
        _print_json({"subject": subject.title, "complete": front.is_complete, "front": optima})
        return
    count = len(front.optima)
    state = "all of them" if front.is_complete else f"there may be more, not found in {seconds:g} s"
    if count == 0 and front.is_complete:
        click.echo(f"{subject.title}: {NOTHING[Status.IMPOSSIBLE]}")
        return
    click.echo(f"{subject.title}: {count} {'optimum' if count == 1 else 'optima'}; {state}")
    for optimum in front.optima:
        amounts = ", ".join(f"{each.goal.words} {_number(each.amount)}" for each in optimum.reached)
        decided = ", ".join(_shown(name, value) for name, value in _beyond(subject, optimum))
        click.echo(f"  {amounts}: {decided or 'nothing beyond the wishes'}")


def check_output(subject: Subject, output: Path, *, force: bool) -> None:
    """Raise SartoError where no selection can be written there."""
    if subject.line is None:
        hint = "name a features.toml that has this model, or leave out -o"
        raise SartoError("a selection is one of a product line, not of a bare model", where=subject.title, hint=hint)
    refuse_overwriting(output, force=force)


def write_selection(subject: Subject, optimum: Optimum, output: Path) -> None:
    """Write the configuration as a selection in which every feature is decided."""
    if subject.line is None:
        raise RuntimeError("only a line has selections")
    line = line_seen_from(output, subject.line.description.file)
    kept = subject.selection or Selection(line=line, customer=output.stem)
    wishes = {name: Wish(name, value) for name, value in optimum.configuration.items()}
    selection = replace(kept, line=line, file=str(output), extends=(), wishes=wishes, open={}, minimise=(), maximise=())
    heading = "; ".join(_sentence(each) for each in optimum.reached)
    write_whole(output, selection_text(selection, heading, {}))


def write_proof(folder: Path, question: Provable, optimum: Optimum) -> None:
    """Write the best configuration and the proofs that none is better."""
    claim = "; ".join(f"a configuration has {_number(each.amount)} of {each.goal.words}" for each in optimum.reached)
    certificates = list(question.certify(optimum))
    write_proofs(folder, certificates, optimum.configuration or None, claim)


def _beyond(subject: Subject, optimum: Optimum) -> Iterator[tuple[str, Value]]:
    """What is selected beyond the wishes, but for what only says whether any instance has a feature."""
    for name, value in optimum.configuration.items():
        if is_any(subject.model, name):
            continue
        if value is not False and (name not in subject.wishes or (subject.wishes[name] is True and value is not True)):
            yield name, value


def _shown(name: str, value: Value) -> str:
    return name if value is True else f"{name} = {json.dumps(value, ensure_ascii=False)}"


def _sentence(each: Reached) -> str:
    """``price: 5400, proved to be the least`` or how far it may be from that."""
    word, side = ("greatest", "above") if each.goal.maximise else ("least", "below")
    amount = f"{each.goal.words}: {_number(each.amount)}"
    if each.is_proved:
        return f"{amount}, proved to be the {word}"
    if each.best is None:
        return f"{amount}, not proved to be the {word}"
    gap = f", a gap of {_number(abs(each.amount - each.best))}"
    return f"{amount}, not proved to be the {word}: nothing {side} {_number(each.best)} is possible{gap}"


def _number(amount: Fraction) -> str:
    """A number in all its digits, or as a fraction where those have no end."""
    if amount.denominator == 1:
        return str(amount.numerator)
    decimal = float(amount)
    return repr(decimal) if Fraction(repr(decimal)) == amount else str(amount)


def _as_data(optimum: Optimum) -> dict[str, Any]:
    return {
        "status": optimum.status.value,
        "goals": [_goal_as_data(each) for each in optimum.reached],
        "configuration": dict(optimum.configuration) if optimum.configuration else None,
    }


def _goal_as_data(each: Reached) -> dict[str, Any]:
    return {
        "maximise" if each.goal.maximise else "minimise": each.goal.words,
        "amount": _as_number(each.amount),
        "bound": None if each.best is None else _as_number(each.best),
        "proved": each.is_proved,
    }


def _as_number(amount: Fraction) -> int | float:
    return amount.numerator if amount.denominator == 1 else float(amount)


def _print_json(data: Mapping[str, Any]) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
