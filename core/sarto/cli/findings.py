"""How findings are shown: of a line, or of a plugin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from .output import counted

if TYPE_CHECKING:
    from ..solve.soundness import Finding

__all__ = ["COUNTED", "finding_as_data", "numbers_of", "print_findings"]

COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
COUNTED = ("error", "warning")


def print_findings(findings: Sequence[Finding]) -> None:
    """Print the findings, the most severe first."""
    for severity in COLOURS:
        for finding in findings:
            if finding.severity == severity:
                _print_finding(finding)


def numbers_of(findings: Sequence[Finding]) -> str:
    """``1 error, 2 warnings``."""
    return ", ".join(counted(sum(f.severity == severity for f in findings), severity) for severity in COUNTED)


def _print_finding(finding: Finding) -> None:
    head, *more = finding.what.splitlines()
    click.echo(f"{click.style(finding.severity, fg=COLOURS[finding.severity], bold=True)}: {head}")
    if str(finding.where):
        click.echo(f"  {click.style('-->', fg='blue', bold=True)} {finding.where}")
    for line in (*more, *(f"  because {reason}" for reason in finding.because)):
        click.echo(line)
    if finding.hint:
        click.echo(f"  {click.style('hint', fg='cyan', bold=True)}: {finding.hint}")


def finding_as_data(finding: Finding) -> dict[str, Any]:
    """A finding as ``--json`` has it."""
    return {
        "severity": finding.severity.value,
        "kind": finding.kind,
        "what": finding.what,
        "where": str(finding.where),
        "because": list(finding.because),
        "hint": finding.hint,
    }
