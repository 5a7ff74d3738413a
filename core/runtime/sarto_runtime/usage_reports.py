"""What ``@usage`` says of a product: what is recorded of its use, and what becomes of that."""

from __future__ import annotations

from typing import Any

from .build import Build
from .state import State
from .usage import export_usage, forget_usage, read_usage, usage_file

__all__ = ["usage_answer", "usage_report", "usage_text"]

WORDS = {"calls": "how often each feature was called", "reached": "how often each was reached for while off"}


def usage_answer(build: Build, state: State, *, forget: bool, export: str) -> tuple[dict[str, Any], str]:
    """What is left after what is recorded was deleted or written to the file ``export``, and what to say of that."""
    if export:
        export_usage(build, export)
    if forget:
        forget_usage(build)
    report = usage_report(build, state)
    return report, f"wrote {export}" if export else "forgotten" if forget else usage_text(report)


def usage_report(build: Build, state: State) -> dict[str, Any]:
    """What is recorded, by feature: its ``calls`` and the ``days`` of them (None where these cannot be seen),
    and how often it was ``reached`` for."""
    path = usage_file(build)
    days = read_usage(path)
    found: dict[str, dict[str, Any]] = {}
    for features in days.values():
        for name, counts in features.items():
            sums = found.setdefault(name, {"calls": None, "days": None, "reached": 0})
            sums["reached"] += counts.get("reached", 0)
            if "calls" in counts:
                sums["calls"] = (sums["calls"] or 0) + counts["calls"]
                sums["days"] = (sums["days"] or 0) + (counts["calls"] > 0)
    usage = build.usage
    return {
        "recorded": list(usage.record) if usage else [],
        "kept": usage.days if usage else None,
        "file": path,
        "since": min(days, default=None),
        "days": len(days),
        "features": {name: {"on": state.is_on(name), **found[name]} for name in sorted(found)},
    }


def usage_text(report: dict[str, Any]) -> str:
    """The report for people."""
    lines = []
    if report["recorded"]:
        what = " and ".join(WORDS.get(word, word) for word in report["recorded"])
        lines.append(f"recorded on this machine: {what}, by day, kept for {report['kept']} days")
    else:
        lines.append("nothing is recorded in this product")
    if report["features"]:
        rows = [("feature", "calls", "on days", "reached", ""), *(_row(*each) for each in report["features"].items())]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines.append(f"since {report['since']}:")
        for row in rows:
            cells = [row[0].ljust(widths[0]), *(row[column].rjust(widths[column]) for column in range(1, 4)), row[4]]
            lines.append("  " + "  ".join(cells).rstrip())
        lines.append(f"file: {report['file']}; @usage --forget deletes it, @usage --export FILE hands it out")
    elif report["recorded"]:
        lines.append("nothing yet")
    return "\n".join(lines)


def _row(name: str, found: dict[str, Any]) -> tuple[str, ...]:
    calls, days = found["calls"], found["days"]
    note = "off" if not found["on"] else "never used" if calls == 0 else ""
    return name, "" if calls is None else str(calls), "" if days is None else str(days), str(found["reached"]), note
