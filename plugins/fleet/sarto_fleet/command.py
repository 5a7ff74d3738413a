"""``sarto fleet``: the group, and what concerns which of all customers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from sarto.commands import json_option
from sarto.errors import SartoError, did_you_mean

from .build_command import build
from .customers import Customer, read_customers
from .diff_command import diff
from .question import Question, question_options
from .rebuild_command import rebuild
from .status_command import status

__all__ = ["fleet"]

PATH = click.Path(path_type=Path)


@click.group("fleet")
def fleet() -> None:
    """Build for all customers, say how they stand, and whom a part, a feature or an advisory concerns."""


for command in (build, diff, rebuild, status):
    fleet.add_command(command)


@fleet.command("affected")
@click.option("-o", "--output", "builds", metavar="DIR", type=PATH, default="builds", show_default=True,
              help="Where the builds are.")  # fmt: skip
@question_options
@json_option
def affected(
    builds: Path, wanted: tuple[str, ...], features: tuple[str, ...], advisories: tuple[Path, ...], as_json: bool
) -> None:
    """The customers with a part, a feature or a vulnerability, and why.

    Each option can be given several times; a customer is listed for each that fits. A feature that no
    line of these builds has is an error.
    """
    question = Question.read(wanted, features, advisories)
    if not question:
        raise click.UsageError("name what to look for: --part, --feature or --advisories")
    found: list[dict[str, Any]] = []
    known: set[str] = set()
    for customer in read_customers(builds):
        known |= customer.known
        for reason in question.reasons(customer):
            if as_json:
                found.append({"customer": customer.name, **reason})
            else:
                click.echo(_sentence(customer, reason))
    if known and (unknown := [name for name in features if name not in known]):
        raise SartoError(f"no line of these builds has a feature '{unknown[0]}'", hint=did_you_mean(unknown[0], known))
    if as_json:
        click.echo(json.dumps({"affected": found}, indent=2, ensure_ascii=False))


def _sentence(customer: Customer, reason: dict[str, Any]) -> str:
    if "feature" in reason:
        return f"{customer.name}: feature {reason['feature']}"
    through = ", ".join(reason["features"]) or "the core"
    return f"{customer.name}: {reason['because']}: {reason['part']} {reason['version']}, through {through}"
