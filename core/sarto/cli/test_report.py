"""What ``sarto test`` says: the failures by the interactions behind them, as text, as data, and as selections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .output import counted, print_table
from .selection_file import line_seen_from, selection_text
from .writing import write_whole

if TYPE_CHECKING:
    from ..line import ProductLine
    from ..testing.campaign import Campaign, Failure, Interaction

__all__ = ["Files", "as_data", "print_report", "write_selections"]

HEADING = "Found by sarto test:"
MOST_SHOWN = 5
LONGEST_NAME = 80
Files = Mapping[tuple[int, int], Path]
"""The selection of each interaction, by the places of its failure and of itself there."""


def write_selections(line: ProductLine, campaign: Campaign, folder: Path) -> Files:
    """Write a selection for each interaction; those of an earlier run are replaced, and no other file is."""
    from dataclasses import replace

    files: dict[tuple[int, int], Path] = {}
    taken: set[str] = set()
    for place, failure in enumerate(campaign.failures):
        for number, interaction in enumerate(failure.interactions):
            name = _file_name(interaction, folder, taken)
            path = folder / f"{name}.toml"
            selection = replace(
                interaction.selection, line=line_seen_from(path, line.description.file), customer=f"Failing {name}"
            )
            write_whole(path, selection_text(selection, f"{HEADING} {failure.tests[0]} fails.", {}))
            files[place, number] = path
    return files


def _file_name(interaction: Interaction, folder: Path, taken: set[str]) -> str:
    words = (name if is_in else f"not-{name}" for name, is_in in interaction.decisions)
    stem = re.sub(r"[^\w-]+", "_", "-".join(words))[:LONGEST_NAME] or "any"
    name, number = stem, 1
    while name.casefold() in taken or _is_a_strangers(folder / f"{name}.toml"):
        number += 1
        name = f"{stem}-{number}"
    taken.add(name.casefold())
    return name


def _is_a_strangers(path: Path) -> bool:
    """Whether there is something that no earlier run wrote."""
    try:
        return path.exists() and not path.read_text(encoding="utf-8").startswith(f"# {HEADING}")
    except (OSError, ValueError):
        return True


def print_report(line: ProductLine, campaign: Campaign, files: Files) -> None:
    """The failures, and one line that sums up."""
    for place, failure in enumerate(campaign.failures):
        _print_failure(campaign, failure, [files[place, n] for n in range(len(failure.interactions))])
    kinds = {1: "feature states", 2: "pairs", 3: "triples"}[campaign.strength]
    products, tests = counted(len(campaign.runs), "product"), counted(len(campaign.tests), "test")
    failing = sum(len(failure.tests) for failure in campaign.failures)
    covering = f"which cover all {kinds}" if campaign.is_complete else f"which do not cover all {kinds}"
    further = f", and {counted(campaign.further, 'more', 'more')} to shrink" if campaign.further else ""
    where = f"{tests} in {products}, {covering}"
    if failing:
        label = click.style("error", fg="red", bold=True)
        click.echo(f"{label}: {line.description.name}: {counted(failing, 'failure')} of {where}{further}")
    else:
        click.echo(f"{line.description.name}: {where}: all pass")


def _print_failure(campaign: Campaign, failure: Failure, files: list[Path]) -> None:
    label = click.style("failed", fg="red", bold=True)
    for test in failure.tests:
        click.echo(f"{label}: {test}")
    if failure.message:
        click.echo("\n".join(f"  {each}" for each in failure.message.splitlines()))
    click.echo(f"  in {len(failure.products)} of {counted(len(campaign.runs), 'product')}")
    for interaction, file in zip(failure.interactions, files, strict=True):
        at_most = "" if interaction.is_minimal else "; no smaller set was found in the products that were tried"
        click.echo(f"  {_because(interaction.decisions)}{at_most}")
        click.echo(f"  build it: sarto build {file}")
    if not failure.interactions:
        _print_candidates(failure, campaign.strength)
    click.echo()


def _because(decisions: Iterable[tuple[str, bool]]) -> str:
    words = _words(decisions)
    return f"whenever: {click.style(words, bold=True)}" if words else "in every product, whatever is chosen"


def _words(decisions: Iterable[tuple[str, bool]]) -> str:
    return " & ".join(name if is_in else f"!{name}" for name, is_in in decisions)


def _print_candidates(failure: Failure, strength: int) -> None:
    if not failure.candidates:
        click.echo(f"  no set of at most {counted(strength, 'decision')} explains it")
        return
    click.echo("  each of these would explain it:")
    print_table(([_words(sorted(each)) or "every product"] for each in failure.candidates[:MOST_SHOWN]), indent="    ")
    if len(failure.candidates) > MOST_SHOWN:
        click.echo(f"    and {len(failure.candidates) - MOST_SHOWN} more")


def as_data(line: ProductLine, campaign: Campaign, files: Files) -> dict[str, Any]:
    """The whole as data."""
    return {
        "line": line.description.name,
        "t": campaign.strength,
        "complete": campaign.is_complete,
        "tests": list(campaign.tests),
        "products": [
            {
                "configuration": dict(run.configuration),
                "verdicts": {name: verdict.value for name, verdict in run.verdicts.items()},
                "messages": dict(run.messages),
            }
            for run in campaign.runs
        ],
        "failures": [
            {
                "tests": list(failure.tests),
                "message": failure.message,
                "products": list(failure.products),
                "candidates": [dict(sorted(each)) for each in failure.candidates],
                "interactions": [
                    {
                        "decisions": dict(each.decisions),
                        "minimal": each.is_minimal,
                        "selection": str(files[place, number]),
                    }
                    for number, each in enumerate(failure.interactions)
                ],
            }
            for place, failure in enumerate(campaign.failures)
        ],
        "further_products": campaign.further,
    }
