"""``sarto optimise``: the command's options, and what is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click
from sarto.commands import json_option, seconds_option

if TYPE_CHECKING:
    from sarto.errors import SartoError
    from sarto.hooks import PluginManager
    from sarto.solve.goals import Goal

    from .subject import Subject

__all__ = ["optimise"]

_PATH = click.Path(path_type=Path)
_ORDER = "sarto_optimise.order"


class _Application(Protocol):
    """What the program hands to its commands."""

    @property
    def plugins(self) -> PluginManager: ...

    def warn(self, warning: SartoError) -> None: ...


class _InOrder(click.Command):
    """A command that remembers in which order its goals were given, which click keeps for each option alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take note of the order and parse as always."""
        words = [word.partition("=")[0] for word in args]
        ctx.meta[_ORDER] = [word for word in words if word in ("--minimise", "--maximise")]
        return super().parse_args(ctx, args)


@click.command(
    "optimise",
    cls=_InOrder,
    epilog="\b\nExamples:\n"
    '  sarto optimise model.uvl --minimise price --bound "sum(memory_mb) <= 512"\n'
    "  sarto optimise selections/acme.toml --maximise value --minimise price --pareto",
)
@click.argument("subject", metavar="MODEL|SELECTION", type=_PATH)
@click.option("--minimise", metavar="AMOUNT", multiple=True, help="Make this least, as in '2*price + memory_mb'.")
@click.option("--maximise", metavar="AMOUNT", multiple=True, help="Make this greatest.")
@click.option("--bound", metavar="RULE", multiple=True, help="What has to hold too, as in 'sum(price) <= 5000'.")
@click.option("--pareto", is_flag=True, help="All that no other configuration outdoes, instead of goals in order.")
@seconds_option(60, "How long to look.")
@click.option("--output", "-o", type=_PATH, help="Write the best configuration as a selection.")
@click.option("--force", is_flag=True, help="Replace the output where it is there already.")
@click.option("--proof", type=_PATH, metavar="DIR", help="Write proofs for an independent checker into a new folder.")
@json_option
@click.pass_context
def optimise(
    ctx: click.Context, subject: Path, minimise: tuple[str, ...], maximise: tuple[str, ...], bound: tuple[str, ...],
    pareto: bool, seconds: float, output: Path | None, force: bool, proof: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """The best configuration of a model, or for a selection.

    An AMOUNT is an attribute's name, which means its sum over the selected features; a typed feature's, which means
    its value; a calculation with such; or 'features', the number of them. Goals count in the order in which they
    are given: the second only among what is best by the first. A selection's wishes hold, and its [prefer] gives
    the goals where there are no others; else they are the fewest features. With --proof, that nothing is better is
    proved again, without the optimiser; this is for sums over features, not for the values of typed ones.
    """
    from sarto.errors import SartoError
    from sarto.solve import optimising
    from sarto.solve.optimality import provable

    from .answers import check_output, print_front, print_optimum, write_proof, write_selection
    from .subject import subject_of

    application: _Application = ctx.obj
    opened = subject_of(subject, application.plugins, application.warn)
    goals = _goals(opened, minimise, maximise, ctx.meta[_ORDER])
    model = optimising.with_bounds(opened.model, bound)
    solver = application.plugins.optimisers()[0].solve
    if output is not None:
        if pareto:
            raise SartoError("a front has many configurations, and a selection is of one", hint="leave out --pareto")
        check_output(opened, output, force=force)
    if proof is not None and pareto:
        raise SartoError("a front has no proof", hint="leave out --pareto, or --proof")
    question = provable(model, opened.wishes, goals) if proof is not None else None
    if pareto:
        print_front(opened, optimising.pareto(model, opened.wishes, goals, solver, seconds), seconds, as_json=as_json)
        return
    optimum = optimising.optimise(model, opened.wishes, goals, solver, seconds)
    if proof is not None and question is not None:
        write_proof(proof, question, optimum)
    if output is not None and optimum.configuration:
        write_selection(opened, optimum, output)
    print_optimum(opened, optimum, seconds, output, as_json=as_json)
    if not optimum.configuration:
        ctx.exit(1)


def _goals(
    subject: Subject, minimise: tuple[str, ...], maximise: tuple[str, ...], order: list[str]
) -> tuple[Goal, ...]:
    """The goals as they were given, or the subject's own."""
    from sarto.errors import Place
    from sarto.solve.goals import read_goal

    texts = {"--minimise": iter(minimise), "--maximise": iter(maximise)}
    given = [(option, next(texts[option])) for option in order]
    return (
        subject.goals
        if not given
        else tuple(
            read_goal(subject.model, text, Place(key=option), maximise=option == "--maximise") for option, text in given
        )
    )
