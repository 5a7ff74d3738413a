"""``sarto check``: is a product line sound?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .application import Application
from .declaring import declare, json_option, line_argument
from .findings import COUNTED, finding_as_data, numbers_of, print_findings
from .output import counted, print_json
from .progress import reporting
from .proving import proof_option, prove_model

if TYPE_CHECKING:
    from ..line import ProductLine
    from ..solve.soundness import Finding

__all__ = ["command"]


@declare("check", "sarto check", "sarto check examples/datasette --json", "sarto check --no-parts")
@line_argument
@click.option("--no-parts", is_flag=True, help="Look at the feature model alone, which needs no network.")
@click.option("--interactions", "all_of_them", is_flag=True, help="List also those that are settled or cannot occur.")
@proof_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, line: Path | None, no_parts: bool, all_of_them: bool, proof: Path | None, as_json: bool
) -> None:
    """Is a product line sound?

    LINE is a features.toml or its folder; by default the one in this folder. Checked are the feature model, the files,
    templates and texts of the cosmetics, whether each part has a wheel for the line's targets, and, where this machine
    is one of them, whether all builds that the model allows can be made (no two parts in one build write the same
    file), each plugin can be imported and fits the core's hooks, no part relies on a feature that need not be there,
    and the line settles every interaction: features that change one hook in an undefined order. Errors make the exit
    code 1, warnings do not.
    """
    from ..line import ProductLine

    application = ctx.find_object(Application) or Application()
    opened = ProductLine.open(line, plugins=application.plugins)
    with reporting() as reporter, reporter(opened.description.name) as progress:
        findings = opened.check(parts=not no_parts, progress=progress)
    if proof is not None:
        prove_model(proof, opened.written.model)
    if as_json:
        print_json({"line": opened.description.name, "findings": [finding_as_data(finding) for finding in findings]})
    else:
        _print(opened, [each for each in findings if all_of_them or each.severity in COUNTED])
    if any(finding.severity == "error" for finding in findings):
        ctx.exit(1)


def _print(line: ProductLine, findings: Sequence[Finding]) -> None:
    """The findings, and one line that sums them up."""
    print_findings(findings)
    model = line.written.model
    size = f"{counted(len(model.features), 'feature')}, {counted(len(model.constraints), 'constraint')}"
    click.echo(f"{line.description.name} {line.description.version}: {size}; {numbers_of(findings)}")
